//! The fields of one entry.

use std::borrow::Cow;
use std::collections::HashMap;

use super::splitter::Chunk;

/// Macros: names in lower case, values as LaTeX source.
pub(super) type Macros = HashMap<String, String>;

/// Longer values made of macros are an attack.
const LONGEST_VALUE: usize = 16 << 20;

/// A field as LaTeX source, macros resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field<'a> {
    /// In lower case.
    pub(super) name: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
}

/// An entry taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parsed<'a> {
    pub(super) key: &'a str,
    pub(super) fields: Vec<Field<'a>>,
    /// Offset in the body, what is wrong, what to do.
    pub(super) faults: Vec<(usize, String, &'static str)>,
}

/// Names of months stay as they are and are understood where dates are.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The key of an entry and what follows it.
pub(super) fn key<'a>(chunk: &Chunk<'a>) -> (&'a str, usize) {
    let body = chunk.body;
    let end = body
        .bytes()
        .position(|byte| matches!(byte, b',' | b'=' | b'{' | b'"' | b'}'))
        .unwrap_or(body.len());
    match body.as_bytes().get(end) {
        Some(b',') => (body.get(..end).unwrap_or_default().trim(), end + 1),
        // `@article{title = {…}}`: there is no key.
        Some(_) => ("", 0),
        None => (body.trim(), body.len()),
    }
}

/// Reads the entry of a chunk.
pub(super) fn entry<'a>(chunk: &Chunk<'a>, macros: &Macros) -> Parsed<'a> {
    let (key, start) = key(chunk);
    let mut parser = Parser {
        body: chunk.body,
        at: start,
        macros,
        parsed: Parsed {
            key,
            ..Parsed::default()
        },
        broken: !chunk.closed,
    };
    parser.fields();
    parser.parsed
}

/// The definitions of a `@string{name = value}`.
pub(super) fn strings(chunk: &Chunk<'_>, macros: &mut Macros) {
    let mut parser = Parser {
        body: chunk.body,
        at: 0,
        macros,
        parsed: Parsed::default(),
        broken: !chunk.closed,
    };
    parser.fields();
    let found: Vec<(String, String)> = parser
        .parsed
        .fields
        .into_iter()
        .map(|field| (field.name.into_owned(), field.value.into_owned()))
        .collect();
    macros.extend(found);
}

struct Parser<'a, 'm> {
    body: &'a str,
    at: usize,
    macros: &'m Macros,
    parsed: Parsed<'a>,
    /// Some brace or quote does not close: line ends are the better guide.
    broken: bool,
}

impl<'a> Parser<'a, '_> {
    fn rest(&self) -> &'a str {
        self.body.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.body.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn fault(&mut self, at: usize, what: impl Into<String>, hint: &'static str) {
        if self.parsed.faults.len() < 20 {
            self.parsed.faults.push((at, what.into(), hint));
        }
    }

    fn fields(&mut self) {
        loop {
            while self
                .byte()
                .is_some_and(|byte| byte.is_ascii_whitespace() || byte == b',')
            {
                self.at += 1;
            }
            let start = self.at;
            if self.byte().is_none() {
                return;
            }
            let name = self.name();
            self.blanks();
            if name.is_empty() || self.byte() != Some(b'=') {
                if name.is_empty() && matches!(self.byte(), Some(b'%')) {
                    // LaTeX's comment to the end of the line.
                    self.skip_line();
                    continue;
                }
                self.fault(
                    start,
                    match name {
                        "" => "expected the name of a field".to_owned(),
                        name => format!("the field \"{name}\" has no value"),
                    },
                    "write name = {value}, with a comma after each",
                );
                self.skip_to_field(start);
                continue;
            }
            self.at += 1;
            let value = self.value(name, start);
            let lower: Cow<'a, str> = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
                Cow::Owned(name.to_ascii_lowercase())
            } else {
                Cow::Borrowed(name)
            };
            if let Some(value) = value {
                self.parsed.fields.push(Field { name: lower, value });
            }
            self.blanks();
            match self.byte() {
                None | Some(b',') => {}
                // The brace that closes the entry closed a value instead.
                Some(b'}') if self.broken => self.at += 1,
                Some(_) if begins_field(self.rest()) => {
                    // A comma is missing; nothing else is.
                }
                Some(_) => {
                    let at = self.at;
                    self.fault(
                        at,
                        format!("something is left over after the field \"{name}\""),
                        "check its braces and quotes",
                    );
                    self.skip_to_field(at);
                }
            }
        }
    }

    fn name(&mut self) -> &'a str {
        let len = self
            .rest()
            .bytes()
            .take_while(|byte| {
                !byte.is_ascii_whitespace()
                    && !matches!(
                        byte,
                        b'=' | b',' | b'{' | b'}' | b'"' | b'#' | b'%' | b'(' | b')'
                    )
            })
            .count();
        let name = self.rest().get(..len).unwrap_or_default();
        self.at += len;
        name
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
    }

    /// Goes on at the next line, or after the next comma, that begins with a field.
    fn skip_to_field(&mut self, from: usize) {
        self.at = self.at.max(from + 1);
        while self.at < self.body.len() && !self.body.is_char_boundary(self.at) {
            self.at += 1;
        }
        loop {
            let rest = self.rest();
            let Some(stop) = memchr::memchr2(b'\n', b',', rest.as_bytes()) else {
                self.at = self.body.len();
                return;
            };
            self.at += stop + 1;
            if begins_field(self.rest()) {
                return;
            }
        }
    }

    /// The pieces of a value, joined.
    fn value(&mut self, name: &str, field: usize) -> Option<Cow<'a, str>> {
        let mut whole: Option<Cow<'a, str>> = None;
        loop {
            self.blanks();
            let piece = match self.byte() {
                Some(b'{') => self.braced(name, field),
                Some(b'"') => self.quoted(name, field),
                Some(b',') | None => {
                    if whole.is_none() {
                        self.fault(
                            field,
                            format!("the field \"{name}\" has no value"),
                            "write name = {value}",
                        );
                    }
                    return whole;
                }
                Some(_) => self.bare(),
            };
            whole = Some(match whole {
                None => piece,
                Some(before) if before.len() + piece.len() < LONGEST_VALUE => {
                    Cow::Owned(before.into_owned() + &piece)
                }
                Some(before) => before,
            });
            self.blanks();
            if self.byte() != Some(b'#') {
                return whole;
            }
            self.at += 1;
        }
    }

    fn braced(&mut self, name: &str, field: usize) -> Cow<'a, str> {
        let start = self.at + 1;
        let limit = self.limit(start);
        for escapes in [false, true] {
            let bytes = self.body.as_bytes().get(..limit).unwrap_or_default();
            let mut depth = 0_usize;
            let mut at = start;
            while let Some(next) = memchr::memchr2(b'{', b'}', bytes.get(at..).unwrap_or_default())
            {
                let here = at + next;
                at = here + 1;
                if escapes && bytes.get(here.wrapping_sub(1)) == Some(&b'\\') {
                    continue;
                }
                match (bytes.get(here), depth) {
                    (Some(b'{'), _) => depth += 1,
                    (_, 0) => {
                        self.at = here + 1;
                        return Cow::Borrowed(self.body.get(start..here).unwrap_or_default());
                    }
                    _ => depth -= 1,
                }
            }
        }
        self.unclosed(start, name, field, "brace")
    }

    fn quoted(&mut self, name: &str, field: usize) -> Cow<'a, str> {
        let start = self.at + 1;
        let limit = self.limit(start);
        let bytes = self.body.as_bytes().get(..limit).unwrap_or_default();
        let mut depth = 0_usize;
        let mut at = start;
        while let Some(next) =
            memchr::memchr3(b'{', b'}', b'"', bytes.get(at..).unwrap_or_default())
        {
            let here = at + next;
            at = here + 1;
            match bytes.get(here) {
                Some(b'{') => depth += 1,
                Some(b'}') => depth = depth.saturating_sub(1),
                _ if depth == 0 => {
                    self.at = here + 1;
                    return Cow::Borrowed(self.body.get(start..here).unwrap_or_default());
                }
                _ => {}
            }
        }
        self.unclosed(start, name, field, "quote")
    }

    /// How far a value may go: in an entry whose braces do not close, not beyond the line where the next field begins.
    fn limit(&self, start: usize) -> usize {
        if self.broken {
            next_field_line(self.body, start)
        } else {
            self.body.len()
        }
    }

    /// A value without its end goes to the line where the next field begins.
    fn unclosed(&mut self, start: usize, name: &str, field: usize, what: &str) -> Cow<'a, str> {
        self.fault(
            field,
            format!("the {what} of the field \"{name}\" is not closed"),
            "close it",
        );
        self.broken = true;
        self.at = next_field_line(self.body, start);
        let text = self.body.get(start..self.at).unwrap_or_default().trim();
        Cow::Borrowed(text.trim_end_matches([',', '}', '"']))
    }

    /// A number or a macro.
    fn bare(&mut self) -> Cow<'a, str> {
        let len = self
            .rest()
            .bytes()
            .take_while(|byte| {
                !byte.is_ascii_whitespace() && !matches!(byte, b',' | b'#' | b'}' | b'{' | b'"')
            })
            .count()
            .max(1);
        let mut end = (self.at + len).min(self.body.len());
        while !self.body.is_char_boundary(end) {
            end += 1;
        }
        let at = self.at;
        let word = self.body.get(at..end).unwrap_or_default();
        self.at = end;
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return Cow::Borrowed(word);
        }
        let lower = word.to_ascii_lowercase();
        if let Some(value) = self.macros.get(&lower) {
            return Cow::Owned(value.clone());
        }
        if !MONTHS.contains(&lower.as_str()) && word.starts_with(|c: char| c.is_alphabetic()) {
            self.fault(
                at,
                format!("the macro \"{word}\" is not defined; its name stands in its place"),
                "define it with @string, or put the value in braces",
            );
        }
        Cow::Borrowed(word)
    }
}

/// Start of the first line after `from` that begins with a field, else the end.
fn next_field_line(body: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(rest) = body.get(at..)
        && let Some(stop) = memchr::memchr(b'\n', rest.as_bytes())
    {
        at += stop + 1;
        if body.get(at..).is_some_and(begins_field) {
            return at;
        }
    }
    body.len()
}

/// `name =` and the beginning of a value.
fn begins_field(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '\t']);
    let len = text
        .bytes()
        .take(60)
        .take_while(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'+')
        })
        .count();
    if len == 0 || !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let after = text.get(len..).unwrap_or_default();
    let after = after.trim_start_matches([' ', '\t']);
    let Some(value) = after.strip_prefix('=') else {
        return false;
    };
    let value = value.trim_start_matches([' ', '\t']);
    value.starts_with(|c: char| matches!(c, '{' | '"') || c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::super::splitter::Splitter;
    use super::*;

    fn parse(text: &str) -> Parsed<'_> {
        let mut macros = Macros::new();
        macros.insert("acm".to_owned(), "ACM Press".to_owned());
        let chunk = Splitter::new(text).next().unwrap();
        entry(&chunk, &macros)
    }

    fn fields<'p>(parsed: &'p Parsed<'_>) -> Vec<(&'p str, &'p str)> {
        parsed
            .fields
            .iter()
            .map(|field| (&*field.name, &*field.value))
            .collect()
    }

    #[test]
    fn values_of_every_kind_are_read() {
        let parsed = parse(
            "@Article{k:1, Title = {A {B} c}, year=2020,\n month = mar # \"--\" # may, publisher = acm # { NY} , note=\"a {\"}b\",}",
        );
        assert_eq!(parsed.key, "k:1");
        assert_eq!(
            fields(&parsed),
            [
                ("title", "A {B} c"),
                ("year", "2020"),
                ("month", "mar--may"),
                ("publisher", "ACM Press NY"),
                ("note", "a {\"}b")
            ]
        );
        assert_eq!(parsed.faults, []);
    }

    #[test]
    fn a_broken_field_costs_no_other() {
        for (text, kept) in [
            (
                "@a{k,\n title = {open,\n year = 2020}\n",
                vec![("title", "open"), ("year", "2020")],
            ),
            ("@a{k,\n title {x},\n year = 2020}", vec![("year", "2020")]),
            ("@a{k,\n title = ,\n year = 2020}", vec![("year", "2020")]),
            (
                "@a{k,\n title = {x} junk,\n year = 2020}",
                vec![("title", "x"), ("year", "2020")],
            ),
            (
                "@a{k,\n journal = unknown,\n year = 2020}",
                vec![("journal", "unknown"), ("year", "2020")],
            ),
        ] {
            let parsed = parse(text);
            assert_eq!(fields(&parsed), kept, "{text}");
            assert_eq!(parsed.faults.len(), 1, "{text}");
        }
    }

    #[test]
    fn a_missing_comma_or_key_is_no_fault() {
        let parsed = parse("@a{k, title = {x} year = 2020}");
        assert_eq!(fields(&parsed), [("title", "x"), ("year", "2020")]);
        assert_eq!(parsed.faults, []);
        let parsed = parse("@a{title = {x}}");
        assert_eq!((parsed.key, fields(&parsed)), ("", vec![("title", "x")]));
    }
}
