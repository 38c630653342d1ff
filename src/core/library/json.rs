//! Walking over JSON that is known to be valid, without building a tree.
//!
//! The scanner has checked the text; should it be anything else all the same, the walk ends early and never fails.

use std::borrow::Cow;

use super::text_run::plain_run;

/// The members of an object: key as written between its quotes, value as written.
pub(super) fn members(object: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut walk = Walk::into(object, '{');
    std::iter::from_fn(move || {
        let key = walk.value()?;
        walk.pass(b':');
        let value = walk.value()?;
        walk.pass(b',');
        Some((unquoted(key)?, value))
    })
}

/// The elements of an array, as written.
pub(super) fn elements(array: &str) -> impl Iterator<Item = &str> {
    let mut walk = Walk::into(array, '[');
    std::iter::from_fn(move || {
        let element = walk.value()?;
        walk.pass(b',');
        Some(element)
    })
}

/// The text of a string value, its escapes resolved; `None` for any other value.
pub(super) fn text(value: &str) -> Option<Cow<'_, str>> {
    let inner = unquoted(value)?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(value).ok().map(Cow::Owned)
}

/// The text of a string, a number as written, or the first text of an array; trimmed, `None` when blank. As
/// [`crate::core::item::Item::text`] reads it.
pub(super) fn lenient_text(value: &str) -> Option<Cow<'_, str>> {
    text_within(value, 4)
}

/// `levels` bounds the arrays looked into: no real title is deeper, and bytes that changed underfoot may nest at will.
fn text_within(value: &str, levels: u8) -> Option<Cow<'_, str>> {
    match value.as_bytes().first()? {
        b'"' => {
            let text = match text(value)? {
                Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
                Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
            };
            (!text.is_empty()).then_some(text)
        }
        b'-' | b'0'..=b'9' => Some(Cow::Borrowed(value)),
        b'[' if levels > 0 => elements(value).find_map(|element| text_within(element, levels - 1)),
        _ => None,
    }
}

fn unquoted(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.strip_suffix('"')
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    fn into(text: &'a str, open: char) -> Walk<'a> {
        let at = if text.starts_with(open) {
            1
        } else {
            text.len()
        };
        Walk { text, at }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn pass(&mut self, byte: u8) {
        self.blanks();
        if self.byte() == Some(byte) {
            self.at += 1;
        }
    }

    /// The next value; `None` at the closing bracket or the end.
    fn value(&mut self) -> Option<&'a str> {
        self.blanks();
        let start = self.at;
        match self.byte()? {
            b'"' => self.string()?,
            b'{' | b'[' => self.nested()?,
            b'}' | b']' => return None,
            _ => {
                while self.byte().is_some_and(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-')
                }) {
                    self.at += 1;
                }
                if self.at == start {
                    return None;
                }
            }
        }
        self.text.get(start..self.at)
    }

    /// From an opening quote past the closing one.
    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let stop = plain_run(rest);
            self.at += stop + 1;
            match rest.get(stop)? {
                b'"' => return Some(()),
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }

    /// From an opening bracket past the closing one.
    fn nested(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.byte()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_as_they_are_written() {
        let object = r#"{"a": "x\"}", "b" :[1, {"c":"]"}], "d":{ } , "e":-1e400, "f":null}"#;
        let all: Vec<_> = members(object).collect();
        assert_eq!(
            all,
            [
                ("a", r#""x\"}""#),
                ("b", r#"[1, {"c":"]"}]"#),
                ("d", "{ }"),
                ("e", "-1e400"),
                ("f", "null")
            ]
        );
    }

    #[test]
    fn texts_of_any_shape_are_read() {
        assert_eq!(lenient_text(r#""a\u00e9\n ""#).as_deref(), Some("aé"));
        assert_eq!(lenient_text("1e400").as_deref(), Some("1e400"));
        assert_eq!(lenient_text(r#"[null, " ", "b"]"#).as_deref(), Some("b"));
        for nothing in ["null", "true", r#"" ""#, "{}", "[]", ""] {
            assert_eq!(lenient_text(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn broken_text_ends_the_walk() {
        for broken in [
            "{\"a\"",
            "{\"a\":[",
            "{\"a\":\"\\",
            "}",
            "",
            "{\"a\":[}}",
            "{:::,",
        ] {
            assert!(members(broken).count() <= 1, "{broken}");
        }
    }
}
