//! A line of text being typed, edited by grapheme.

use unicode_segmentation::UnicodeSegmentation;

use crate::config::keys::{Code, Key};
use crate::core::text::scrub;

/// Pasted text beyond this many bytes is cut: a line is for typing.
const LONGEST: usize = 4096;

/// The text and the place of the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineEdit {
    text: String,
    cursor: usize,
}

impl LineEdit {
    /// A line with the cursor at its end.
    pub fn new(text: impl Into<String>) -> LineEdit {
        let text = text.into();
        LineEdit {
            cursor: text.len(),
            text,
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before the cursor and after it.
    pub fn split(&self) -> (&str, &str) {
        self.text
            .split_at_checked(self.cursor)
            .unwrap_or((&self.text, ""))
    }

    /// Puts in pasted text, as one line without control characters.
    pub fn paste(&mut self, text: &str) {
        let line = scrub(&text.replace(['\r', '\n'], " "), false);
        for part in line.graphemes(true) {
            if self.text.len() + part.len() > LONGEST {
                break;
            }
            self.insert(part);
        }
    }

    /// Replaces what stands between a byte and the cursor.
    pub fn replace_from(&mut self, start: usize, with: &str) {
        let (Some(before), after) = (self.text.get(..start), self.split().1) else {
            return;
        };
        let text = format!("{before}{with}{after}");
        self.cursor = start + with.len();
        self.text = text;
    }

    fn insert(&mut self, text: &str) {
        if self.text.is_char_boundary(self.cursor) {
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
        }
    }

    fn remove(&mut self, from: usize, to: usize) {
        if let (Some(before), Some(after)) = (self.text.get(..from), self.text.get(to..)) {
            self.text = format!("{before}{after}");
            self.cursor = from;
        }
    }

    fn left(&self) -> usize {
        self.split()
            .0
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        self.cursor + self.split().1.graphemes(true).next().map_or(0, str::len)
    }

    /// Applies an editing key. Returns whether the text changed, or `None` when the key is not for editing.
    pub fn key(&mut self, key: Key) -> Option<bool> {
        let before = self.text.len();
        match (key.code, key.ctrl, key.alt) {
            (Code::Char(c), false, false) => {
                if !crate::core::text::is_dangerous(c) && self.text.len() < LONGEST {
                    self.insert(c.encode_utf8(&mut [0; 4]));
                }
            }
            (Code::Left, ..) | (Code::Char('b'), true, _) => self.cursor = self.left(),
            (Code::Right, ..) | (Code::Char('f'), true, _) => self.cursor = self.right(),
            (Code::Home, ..) | (Code::Char('a'), true, _) => self.cursor = 0,
            (Code::End, ..) | (Code::Char('e'), true, _) => self.cursor = self.text.len(),
            (Code::Backspace, false, false) | (Code::Char('h'), true, _) => {
                self.remove(self.left(), self.cursor);
            }
            (Code::Delete, ..) | (Code::Char('d'), true, _) => {
                let (from, to) = (self.cursor, self.right());
                self.remove(from, to);
            }
            (Code::Char('w'), true, _) | (Code::Backspace, ..) => {
                let trimmed = self.split().0.trim_end();
                let start = trimmed.rfind(char::is_whitespace).map_or(0, |at| {
                    at + trimmed
                        .get(at..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(1, char::len_utf8)
                });
                self.remove(start, self.cursor);
            }
            (Code::Char('u'), true, _) => self.remove(0, self.cursor),
            _ => return None,
        }
        Some(self.text.len() != before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(keys: &str) -> LineEdit {
        let mut line = LineEdit::default();
        for key in keys.split_whitespace() {
            line.key(key.parse().unwrap());
        }
        line
    }

    #[test]
    fn graphemes_are_removed_whole() {
        let mut line = LineEdit::new("e\u{301}👩\u{200d}🔬");
        line.key("Backspace".parse().unwrap());
        assert_eq!(line.text(), "e\u{301}");
        line.key("Backspace".parse().unwrap());
        assert_eq!(line.text(), "");
    }

    #[test]
    fn readline_keys_work() {
        assert_eq!(typed("a b Space c ^W").text(), "ab ");
        assert_eq!(typed("a b ^A x").text(), "xab");
        assert_eq!(typed("a b c ← ← Del").text(), "ac");
        assert_eq!(typed("a b ^U c").text(), "c");
    }

    #[test]
    fn pasted_lines_become_one_without_escapes() {
        let mut line = LineEdit::default();
        line.paste("a\r\nq\u{1b}[2J\nb");
        assert_eq!(line.text(), "a q[2J b");
    }

    #[test]
    fn a_word_is_replaced_where_the_cursor_stands() {
        let mut line = typed("d e Space a u ^A → → →");
        line.replace_from(3, "author:");
        assert_eq!(line.split(), ("de author:", "au"));
    }

    proptest! {
        #[test]
        fn the_cursor_stays_on_a_boundary(text in ".{0,20}", keys in proptest::collection::vec(0usize..9, 0..20)) {
            let all = ["←", "→", "Backspace", "Del", "^W", "x", "Home", "End", "^U"];
            let mut line = LineEdit::new(text);
            for key in keys {
                line.key(all[key].parse().unwrap());
                prop_assert!(line.text().is_char_boundary(line.cursor));
            }
        }
    }
}
