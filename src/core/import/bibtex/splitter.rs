//! Finding the entries of a BibTeX file, so that a broken one never costs another.
//!
//! An entry begins with `@`, a word and `{` or `(`, and ends where its braces close. Where they do not close before
//! something at the beginning of a line that looks like the next entry, the entry ends there. Every byte is looked at
//! a bounded number of times.

use std::ops::Range;

/// One `@word{…}` of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk<'a> {
    /// The word, as written.
    pub(super) kind: &'a str,
    /// What stands between the delimiters.
    pub(super) body: &'a str,
    /// Offset of the body in the text.
    pub(super) body_start: usize,
    /// From the `@` to the end.
    pub(super) span: Range<usize>,
    /// The delimiter that closes it is there.
    pub(super) closed: bool,
    /// What stands between the entry before and this one.
    pub(super) before: &'a str,
}

/// The entries in the order of the text.
#[derive(Debug, Clone)]
pub(super) struct Splitter<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(text: &'a str) -> Splitter<'a> {
        Splitter { text, at: 0 }
    }
}

impl<'a> Iterator for Splitter<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let from = self.at;
        loop {
            let rest = self.text.get(self.at..)?;
            let at = self.at + memchr::memchr(b'@', rest.as_bytes())?;
            let Some(opening) = opening(self.text, at) else {
                self.at = at + 1;
                continue;
            };
            if is_commented_out(self.text, at) {
                self.at = at + 1;
                continue;
            }
            let is_comment = opening.kind.eq_ignore_ascii_case("comment");
            let (end, closed) = end_of(self.text, opening.body, opening.paren, is_comment);
            self.at = if closed { end + 1 } else { end };
            return Some(Chunk {
                kind: opening.kind,
                body: self.text.get(opening.body..end)?,
                body_start: opening.body,
                span: at..self.at,
                closed,
                before: self.text.get(from..at)?,
            });
        }
    }
}

struct Opening<'a> {
    kind: &'a str,
    /// Offset after the delimiter.
    body: usize,
    paren: bool,
}

/// Longest word after an `@`, and most blanks before its brace.
const LONGEST: usize = 64;

fn opening(text: &str, at: usize) -> Option<Opening<'_>> {
    let rest = text.get(at + 1..)?;
    let word = rest.trim_start_matches([' ', '\t']);
    let blanks = rest.len() - word.len();
    let letters = word
        .bytes()
        .take(LONGEST)
        .take_while(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/')
        })
        .count();
    let (kind, after) = word.split_at_checked(letters)?;
    if !kind.starts_with(|c: char| c.is_ascii_alphabetic()) || blanks > LONGEST {
        return None;
    }
    let gap = after
        .bytes()
        .take(LONGEST)
        .take_while(u8::is_ascii_whitespace)
        .count();
    let paren = match after.as_bytes().get(gap)? {
        b'{' => false,
        b'(' => true,
        _ => return None,
    };
    Some(Opening {
        kind,
        body: at + 1 + blanks + letters + gap + 1,
        paren,
    })
}

/// A `%` leads the line: LaTeX's comment, which BibTeX does not know, but writers do.
fn is_commented_out(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let line = match memchr::memrchr2(
        b'\n',
        b'\r',
        before
            .get(before.len().saturating_sub(200)..)
            .unwrap_or_default(),
    ) {
        Some(end) => before.get(before.len().saturating_sub(200) + end + 1..),
        None if before.len() <= 200 => Some(before),
        None => None,
    };
    line.is_some_and(|line| line.trim_ascii_start().starts_with(b"%"))
}

/// Where a body ends, and whether its delimiter is there.
fn end_of(text: &str, body: usize, paren: bool, is_comment: bool) -> (usize, bool) {
    // BibTeX counts braces also after a backslash. Where that leads nowhere, the other way may.
    match scan(text, body, paren, is_comment, false) {
        (end, true) => (end, true),
        (stop, false) => match scan(text, body, paren, is_comment, true) {
            (end, true) if end < stop => (end, true),
            _ => (stop, false),
        },
    }
}

fn scan(text: &str, body: usize, paren: bool, is_comment: bool, escapes: bool) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut depth = usize::from(!paren);
    let mut at = body;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(next) = next_sign(rest, paren && depth == 0) else {
            return (bytes.len(), false);
        };
        let here = at + next;
        at = here + 1;
        match rest.get(next) {
            Some(b'{') if !(escapes && after_backslash(bytes, here)) => depth += 1,
            Some(b'}') if !(escapes && after_backslash(bytes, here)) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !paren {
                    return (here, true);
                }
            }
            Some(b')') if paren && depth == 0 => return (here, true),
            Some(b'@') if !is_comment && begins_entry(text, here) => return (here, false),
            _ => {}
        }
    }
}

fn next_sign(bytes: &[u8], with_paren: bool) -> Option<usize> {
    let braces = memchr::memchr3(b'{', b'}', b'@', bytes);
    if !with_paren {
        return braces;
    }
    let end = braces.unwrap_or(bytes.len());
    memchr::memchr(b')', bytes.get(..end)?).or(braces)
}

fn after_backslash(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\\')
}

/// Longest citation key looked at.
const KEY: usize = 300;

/// Whether the `@` leads its line and begins an entry: `@word{key,`, `@string{`, `@comment{`, `@preamble{`.
fn begins_entry(text: &str, at: usize) -> bool {
    let before = text
        .as_bytes()
        .get(at.saturating_sub(40)..at)
        .unwrap_or_default();
    let blanks = before
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let leads = match before
        .len()
        .checked_sub(blanks + 1)
        .and_then(|last| before.get(last))
    {
        Some(byte) => matches!(byte, b'\n' | b'\r'),
        None => at <= 40,
    };
    if !leads {
        return false;
    }
    let Some(opening) = opening(text, at) else {
        return false;
    };
    if ["string", "comment", "preamble"]
        .iter()
        .any(|kind| opening.kind.eq_ignore_ascii_case(kind))
    {
        return true;
    }
    let body = text.as_bytes().get(opening.body..).unwrap_or_default();
    body.iter().take(KEY).find(|byte| {
        matches!(
            byte,
            b',' | b'{' | b'}' | b'=' | b'"' | b'#' | b'\n' | b'\r'
        )
    }) == Some(&b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(String, bool)> {
        Splitter::new(text)
            .map(|chunk| {
                (
                    format!(
                        "{}:{}",
                        chunk.kind,
                        chunk.body.trim().chars().take(6).collect::<String>()
                    ),
                    chunk.closed,
                )
            })
            .collect()
    }

    #[test]
    fn entries_are_found_between_anything() {
        let text = "junk me@home.org\n@article{a, t={x@y{z}}}\n% @book{no, x=1}\n@Comment junk\n@book(b, t={)})@misc{c,}";
        assert_eq!(
            kinds(text),
            [
                ("article:a, t={".to_owned(), true),
                ("book:b, t={".to_owned(), true),
                ("misc:c,".to_owned(), true)
            ]
        );
    }

    #[test]
    fn an_entry_that_does_not_close_ends_where_the_next_begins() {
        let text = "@article{a, title={open,\n year=2000}\n\n  @book{b, title={x}}\n@misc{c, t={y}";
        assert_eq!(
            kinds(text),
            [
                ("article:a, tit".to_owned(), false),
                ("book:b, tit".to_owned(), true),
                ("misc:c, t={".to_owned(), false)
            ]
        );
    }

    #[test]
    fn a_brace_after_a_backslash_counts_unless_that_leads_nowhere() {
        assert_eq!(
            kinds("@a{k, t={\\{x\\}}}\n@b{l,}"),
            [("a:k, t={".to_owned(), true), ("b:l,".to_owned(), true)]
        );
        assert_eq!(
            kinds("@a{k, t={\\{x}}\n@b{l,}"),
            [("a:k, t={".to_owned(), true), ("b:l,".to_owned(), true)]
        );
    }

    #[test]
    fn hostile_files_have_no_more_entries_than_beginnings() {
        for unit in [
            "@a{",
            "@",
            "@a{b,\n",
            "@a(",
            "@comment{",
            "\n@a{b,{",
            "@a{\\{",
        ] {
            let text = unit.repeat(1000);
            assert!(Splitter::new(&text).count() <= 1001, "{unit}");
        }
    }
}
