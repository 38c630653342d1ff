//! How a library is written: indentation, line ends, spaces.

use serde_json::{Map, Value};

/// The manner of a file, taken from its first items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manner {
    /// Line end and indentation of a field, where an item is spread over lines.
    spread: Option<Spread>,
    /// Between a key and its value.
    colon: String,
    /// After a comma, where values stand in one line.
    comma: String,
    /// Between two items, the comma included.
    pub(super) separator: String,
    /// After the opening bracket of a list that had no item, and before its closing one.
    pub(super) opening: String,
    pub(super) closing: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Spread {
    line_end: &'static str,
    /// Before the braces of an item.
    outer: String,
    /// One level more.
    step: String,
}

impl Manner {
    /// From the text of the first item, what stands before it in the list, and what stands between it and the next.
    pub(super) fn of(first: &str, opening: &str, gap: Option<&str>, has_crlf: bool) -> Manner {
        let line_end = if has_crlf { "\r\n" } else { "\n" };
        if first.is_empty() {
            return Manner {
                spread: Some(Spread {
                    line_end,
                    outer: "  ".to_owned(),
                    step: "  ".to_owned(),
                }),
                colon: ": ".to_owned(),
                comma: " ".to_owned(),
                separator: format!(",{line_end}  "),
                opening: format!("{line_end}  "),
                closing: line_end.to_owned(),
            };
        }
        let inside = first.strip_prefix('{').unwrap_or_default();
        let lead: String = inside.chars().take_while(|c| c.is_whitespace()).collect();
        let last_line = |text: &str| {
            let tail = text.rsplit(['\n', '\r']).next().unwrap_or_default();
            let blanks = tail.chars().take_while(|c| matches!(c, ' ' | '\t'));
            blanks.collect::<String>()
        };
        let spread = lead.contains('\n').then(|| {
            let closing = first.strip_suffix('}').unwrap_or_default();
            let outer = last_line(closing);
            let field = last_line(&lead);
            let step = field.strip_prefix(outer.as_str()).unwrap_or(&field);
            Spread {
                line_end,
                step: step.to_owned(),
                outer,
            }
        });
        let (colon, comma) = spaces(first);
        let separator = match gap {
            Some(gap) => gap.to_owned(),
            None if opening.contains('\n') => format!(",{opening}"),
            None => format!(",{comma}"),
        };
        Manner {
            spread,
            colon,
            comma,
            separator,
            opening: opening.to_owned(),
            closing: String::new(),
        }
    }

    /// A new item.
    pub(super) fn item(&self, fields: &Map<String, Value>) -> String {
        let mut out = String::new();
        self.object(&mut out, fields, 0);
        out
    }

    /// A new value of a field.
    pub(super) fn value(&self, value: &Value) -> String {
        let mut out = String::new();
        self.write(&mut out, value, 1);
        out
    }

    /// A new field with what stands before it, in an item that has others in this manner.
    pub(super) fn key(&self, key: &str) -> String {
        format!("{}{}", Value::from(key), self.colon)
    }

    /// What stands before a field that has no neighbour to take it from, after the comma.
    pub(super) fn lead(&self) -> String {
        let mut out = String::new();
        self.next_line(&mut out, 1, &self.comma);
        out
    }

    fn next_line(&self, out: &mut String, depth: usize, otherwise: &str) {
        match &self.spread {
            Some(spread) => {
                out.push_str(spread.line_end);
                out.push_str(&spread.outer);
                out.push_str(&spread.step.repeat(depth));
            }
            None => out.push_str(otherwise),
        }
    }

    fn object(&self, out: &mut String, fields: &Map<String, Value>, depth: usize) {
        if fields.is_empty() {
            return out.push_str("{}");
        }
        out.push('{');
        for (number, (key, value)) in fields.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            let space = if number > 0 { self.comma.as_str() } else { "" };
            self.next_line(out, depth + 1, space);
            out.push_str(&self.key(key));
            self.write(out, value, depth + 1);
        }
        self.next_line(out, depth, "");
        out.push('}');
    }

    fn write(&self, out: &mut String, value: &Value, depth: usize) {
        match value {
            Value::Object(fields) => self.object(out, fields, depth),
            Value::Array(list) if !list.is_empty() => {
                out.push('[');
                for (number, one) in list.iter().enumerate() {
                    if number > 0 {
                        out.push(',');
                    }
                    let space = if number > 0 { self.comma.as_str() } else { "" };
                    self.next_line(out, depth + 1, space);
                    self.write(out, one, depth + 1);
                }
                self.next_line(out, depth, "");
                out.push(']');
            }
            simple => out.push_str(&simple.to_string()),
        }
    }
}

/// What follows the first colon and the first comma outside of strings, where they do not end a line.
fn spaces(item: &str) -> (String, String) {
    let (mut colon, mut comma) = (None, None);
    let (mut in_string, mut escaped) = (false, false);
    for (at, c) in item.char_indices() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        let blanks = || {
            let rest = item.get(at + 1..).unwrap_or_default();
            let blanks: String = rest.chars().take_while(|c| c.is_whitespace()).collect();
            (!blanks.contains('\n')).then_some(blanks)
        };
        match c {
            '"' => in_string = true,
            ':' if colon.is_none() => colon = blanks().map(|blanks| format!(":{blanks}")),
            ',' if comma.is_none() => comma = blanks(),
            _ => {}
        }
        if colon.is_some() && comma.is_some() {
            break;
        }
    }
    (
        colon.unwrap_or_else(|| ":".to_owned()),
        comma.unwrap_or_default(),
    )
}
