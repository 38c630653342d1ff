//! A text of several lines being typed: edited by grapheme, wrapped softly, kept exactly as it is.

use std::borrow::Cow;
use std::ops::Range;

use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::config::keys::{Code, Key};
use crate::core::text::is_dangerous;

/// Pasted text beyond this many bytes is for an editor, not for a box of a few lines.
pub const LONGEST_PASTE: usize = 256 * 1024;

/// A tab is shown as so many blanks.
const TAB: &str = "    ";

/// The text, the place of the cursor, and the column that up and down keep to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextArea {
    text: String,
    cursor: usize,
    column: Option<usize>,
}

/// What a grapheme looks like: what could harm a terminal is shown as a mark that can be seen and deleted.
pub fn shown(grapheme: &str) -> Cow<'_, str> {
    if grapheme == "\t" {
        return Cow::Borrowed(TAB);
    }
    if grapheme.chars().any(is_dangerous) {
        return Cow::Owned(
            grapheme
                .chars()
                .map(|c| if is_dangerous(c) { '\u{FFFD}' } else { c })
                .collect(),
        );
    }
    Cow::Borrowed(grapheme)
}

fn cells(grapheme: &str) -> usize {
    shown(grapheme).width()
}

impl TextArea {
    /// A text with the cursor at its end.
    pub fn new(text: impl Into<String>) -> TextArea {
        let text = text.into();
        TextArea {
            cursor: text.len(),
            text,
            column: None,
        }
    }

    /// With the cursor at the beginning.
    #[must_use]
    pub fn at_start(self) -> TextArea {
        TextArea { cursor: 0, ..self }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The rows of the text at a width in cells, as byte ranges; line ends belong to no row. There is always one.
    pub fn rows(&self, width: usize) -> Vec<Range<usize>> {
        let width = width.max(2);
        let mut rows = Vec::new();
        let mut start = 0;
        for line in self.text.split('\n') {
            wrap_line(line, start, width, &mut rows);
            start += line.len() + 1;
        }
        rows
    }

    /// The row and the column of the cursor, in cells.
    pub fn place(&self, rows: &[Range<usize>]) -> (usize, usize) {
        // At a soft break the cursor stands at the beginning of the next row.
        let row = rows
            .iter()
            .rposition(|row| row.start <= self.cursor)
            .unwrap_or(0);
        let start = rows.get(row).map_or(0, |row| row.start);
        let before = self.text.get(start..self.cursor).unwrap_or_default();
        (row, before.graphemes(true).map(cells).sum())
    }

    /// Puts in pasted text as it is. Returns `false`, and puts in nothing, where it is too long.
    pub fn paste(&mut self, text: &str) -> bool {
        if text.len() > LONGEST_PASTE {
            return false;
        }
        self.insert(text);
        true
    }

    fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    fn after(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    fn insert(&mut self, text: &str) {
        if self.text.is_char_boundary(self.cursor) {
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
            self.column = None;
        }
    }

    fn remove(&mut self, range: Range<usize>) {
        if self.text.get(range.clone()).is_some() {
            self.cursor = range.start;
            self.text.replace_range(range, "");
        }
    }

    fn left(&self) -> usize {
        let last = self.before().grapheme_indices(true).next_back();
        last.map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        self.cursor + self.after().graphemes(true).next().map_or(0, str::len)
    }

    fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.cursor + self.after().find('\n').unwrap_or(self.after().len())
    }

    /// The beginning of the word before the cursor.
    fn word_left(&self) -> usize {
        let words = self.before().split_word_bound_indices().rev();
        let mut words = words.skip_while(|(_, word)| !is_word(word));
        words.next().map_or(0, |(at, _)| at)
    }

    /// The end of the word after the cursor.
    fn word_right(&self) -> usize {
        let words = self.after().split_word_bound_indices();
        let mut words = words.skip_while(|(_, word)| !is_word(word));
        let end = words.next().map(|(at, word)| at + word.len());
        self.cursor + end.unwrap_or(self.after().len())
    }

    /// The beginning of what `^W` deletes: blanks, then everything up to a blank. A line end alone goes alone.
    fn blank_left(&self) -> usize {
        let before = self.before();
        let trimmed = before.trim_end_matches([' ', '\t']);
        if let Some(rest) = trimmed.strip_suffix('\n') {
            return if trimmed.len() < before.len() {
                trimmed.len()
            } else {
                rest.len()
            };
        }
        let last = trimmed
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace());
        last.map_or(0, |(at, c)| at + c.len_utf8())
    }

    fn up_down(&mut self, by: isize, width: usize) {
        let rows = self.rows(width);
        let (row, column) = self.place(&rows);
        let column = *self.column.get_or_insert(column);
        let Some(target) = row
            .checked_add_signed(by)
            .map(|row| row.min(rows.len() - 1))
        else {
            self.cursor = 0;
            return;
        };
        if target == row {
            self.cursor = self.text.len();
            return;
        }
        let Some(range) = rows.get(target) else {
            return;
        };
        // A row that goes on softly ends before its last grapheme: behind it the next row begins.
        let soft = rows
            .get(target + 1)
            .is_some_and(|next| next.start == range.end);
        let text = self.text.get(range.clone()).unwrap_or_default();
        let mut at = 0;
        self.cursor = range.end;
        for (offset, grapheme) in text.grapheme_indices(true) {
            let is_last = offset + grapheme.len() == text.len();
            if at + cells(grapheme) > column || (soft && is_last) {
                self.cursor = range.start + offset;
                break;
            }
            at += cells(grapheme);
        }
    }

    /// Applies an editing key; `width` is that of the rows in cells. Returns whether the text changed, or `None` when
    /// the key is not for editing.
    pub fn key(&mut self, key: Key, width: usize) -> Option<bool> {
        let before = self.text.len();
        let vertical = match (key.code, key.ctrl) {
            (Code::Up, _) | (Code::Char('p'), true) => Some(-1),
            (Code::Down, _) | (Code::Char('n'), true) => Some(1),
            (Code::PageUp, _) => Some(-8),
            (Code::PageDown, _) => Some(8),
            _ => None,
        };
        if let Some(by) = vertical {
            self.up_down(by, width);
            return Some(false);
        }
        self.column = None;
        let word = key.ctrl || key.alt;
        match (key.code, key.ctrl, key.alt) {
            (Code::Char(c), false, false) if !is_dangerous(c) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            (Code::Enter, ..) => self.insert("\n"),
            (Code::Tab, false, false) => self.insert("\t"),
            (Code::Left, ..) if word => self.cursor = self.word_left(),
            (Code::Right, ..) if word => self.cursor = self.word_right(),
            (Code::Char('b'), false, true) => self.cursor = self.word_left(),
            (Code::Char('f'), false, true) => self.cursor = self.word_right(),
            (Code::Home, true, _) => self.cursor = 0,
            (Code::End, true, _) => self.cursor = self.text.len(),
            (Code::Left, ..) | (Code::Char('b'), true, _) => self.cursor = self.left(),
            (Code::Right, ..) | (Code::Char('f'), true, _) => self.cursor = self.right(),
            (Code::Home, ..) | (Code::Char('a'), true, _) => self.cursor = self.line_start(),
            (Code::End, ..) | (Code::Char('e'), true, _) => self.cursor = self.line_end(),
            (Code::Backspace, false, false) | (Code::Char('h'), true, _) => {
                self.remove(self.left()..self.cursor);
            }
            (Code::Delete, false, false) | (Code::Char('d'), true, _) => {
                self.remove(self.cursor..self.right());
            }
            (Code::Delete, ..) | (Code::Char('d'), false, true) => {
                self.remove(self.cursor..self.word_right());
            }
            (Code::Char('w'), true, _) => self.remove(self.blank_left()..self.cursor),
            (Code::Backspace, ..) => self.remove(self.word_left()..self.cursor),
            (Code::Char('u'), true, _) => self.remove(self.line_start()..self.cursor),
            (Code::Char('k'), true, _) => {
                // At the end of a line its end goes, as in every editor with this key.
                let end = self.line_end();
                let end = if end == self.cursor {
                    self.right()
                } else {
                    end
                };
                self.remove(self.cursor..end);
            }
            _ => return None,
        }
        Some(self.text.len() != before)
    }
}

fn is_word(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
}

/// Adds the rows of one line, which begins at byte `start` of the text. Blanks hang at the end of a row.
fn wrap_line(line: &str, start: usize, width: usize, rows: &mut Vec<Range<usize>>) {
    let mut row = start;
    let mut used = 0;
    let mut at = start;
    for word in WordSeparator::UnicodeBreakProperties.find_words(line) {
        let size: usize = word.word.graphemes(true).map(cells).sum();
        if used > 0 && used + size > width {
            rows.push(row..at);
            (row, used) = (at, 0);
        }
        if size > width {
            for grapheme in word.word.graphemes(true) {
                if used > 0 && used + cells(grapheme) > width {
                    rows.push(row..at);
                    (row, used) = (at, 0);
                }
                used += cells(grapheme);
                at += grapheme.len();
            }
        } else {
            used += size;
            at += word.word.len();
        }
        used += word.whitespace.len();
        at += word.whitespace.len();
    }
    rows.push(row..start + line.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WIDTH: usize = 10;

    fn typed(area: &mut TextArea, keys: &str) {
        for key in keys.split_whitespace() {
            area.key(key.parse().unwrap(), WIDTH);
        }
    }

    fn after(text: &str, keys: &str) -> String {
        let mut area = TextArea::new(text);
        typed(&mut area, keys);
        area.insert("|");
        area.text().to_owned()
    }

    fn rows(text: &str, width: usize) -> Vec<String> {
        let area = TextArea::new(text);
        let rows = area.rows(width).into_iter();
        rows.map(|row| area.text().get(row).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn words_wrap_and_every_byte_but_line_ends_stands_on_a_row() {
        assert_eq!(rows("one two three", 8), ["one two ", "three"]);
        assert_eq!(rows("a\n\nb\n", 8), ["a", "", "b", ""]);
        assert_eq!(rows("深層学習", 5), ["深層", "学習"]);
        assert_eq!(rows("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(rows("", 4), [""]);
    }

    #[test]
    fn readline_keys_edit_the_line_and_words() {
        assert_eq!(after("one\ntwo three", "^A"), "one\n|two three");
        assert_eq!(after("one\ntwo three", "^W"), "one\ntwo |");
        assert_eq!(after("one\ntwo three", "^U"), "one\n|");
        assert_eq!(after("one\ntwo", "^A ^K"), "one\n|");
        assert_eq!(after("one\ntwo", "↑ End ^K"), "one|two");
        assert_eq!(after("one\n", "^W"), "one|");
        assert_eq!(after("one, two", "A-b A-b"), "|one, two");
        assert_eq!(after("one, two", "Home A-f"), "one|, two");
        assert_eq!(after("ab", "← Enter"), "a\n|b");
    }

    #[test]
    fn graphemes_are_removed_whole() {
        assert_eq!(after("e\u{301}👩\u{200d}🔬", "Backspace"), "e\u{301}|");
        assert_eq!(after("e\u{301}x", "Home Del"), "|x");
    }

    #[test]
    fn up_and_down_go_by_rows_and_keep_the_column() {
        assert_eq!(after("abcdef\nab\nabcdef", "↑ ↑"), "abcdef|\nab\nabcdef");
        // Soft rows count.
        assert_eq!(after("one two three four", "↑"), "one two| three four");
        // At the top the beginning, at the bottom the end.
        assert_eq!(after("abc", "↑"), "|abc");
        assert_eq!(after("abc", "Home ↓"), "abc|");
        assert_eq!(after("深層\nab", "↑"), "深|層\nab");
    }

    #[test]
    fn what_could_harm_a_terminal_is_kept_and_shown_as_a_mark() {
        let mut area = TextArea::default();
        assert!(area.paste("a\u{1b}[2J\tb\nc"));
        assert_eq!(area.text(), "a\u{1b}[2J\tb\nc");
        assert_eq!(shown("\u{1b}"), "\u{FFFD}");
        assert_eq!(shown("\t"), "    ");
        assert!(!area.paste(&"x".repeat(LONGEST_PASTE + 1)));
    }

    proptest! {
        #[test]
        fn rows_cover_the_text_and_fit(text in "[a-z \u{3042}\u{1F600}é\t\n-]{0,80}", width in 4usize..20) {
            let area = TextArea::new(text.clone());
            let rows = area.rows(width);
            let joined: String = rows.iter().filter_map(|row| text.get(row.clone())).collect();
            prop_assert_eq!(joined, text.replace('\n', ""));
            for row in rows {
                let size: usize = text.get(row).unwrap().trim_end_matches(' ').graphemes(true).map(cells).sum();
                prop_assert!(size <= width);
            }
        }

        #[test]
        fn the_cursor_stays_between_graphemes(text in ".{0,12}\n.{0,12}", keys in proptest::collection::vec(0usize..14, 0..24)) {
            let all = ["←", "→", "↑", "↓", "Backspace", "Del", "^W", "x", "Home", "End", "^U", "^K", "A-b", "A-f"];
            let mut area = TextArea::new(text);
            for key in keys {
                typed(&mut area, all[key]);
                prop_assert!(area.text.is_char_boundary(area.cursor));
                let rows = area.rows(WIDTH);
                let (row, _) = area.place(&rows);
                prop_assert!(rows[row].start <= area.cursor && area.cursor <= rows[row].end);
            }
        }
    }
}
