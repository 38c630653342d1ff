//! Text as LaTeX source.
//!
//! Two dialects: [`Dialect::Ascii`] for BibTeX, where every letter and sign that LaTeX has a command for is written
//! with it, and [`Dialect::Unicode`] for BibLaTeX with biber, where only what LaTeX would obey is escaped. Braces in
//! the output are always balanced: BibTeX counts them even after a backslash, so a literal brace is written as a
//! command.

pub mod math;
mod symbols;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::markup::{self, Piece, Style};
use crate::core::text::scrub;

/// Which characters may stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// ASCII wherever LaTeX has a command.
    Ascii,
    /// UTF-8; only special characters are escaped.
    Unicode,
}

/// A field with markup.
pub fn rich(raw: &str, dialect: Dialect) -> String {
    pieces(&markup::parse(raw), dialect)
}

/// A field without markup: tags and dollar signs are text.
pub fn plain(text: &str, dialect: Dialect) -> String {
    pieces(&markup::plain(&scrub(text, false)), dialect)
}

/// Writes pieces out.
pub fn pieces(pieces: &[Piece], dialect: Dialect) -> String {
    let mut out = String::with_capacity(pieces.len() + 16);
    let mut closers: Vec<&str> = Vec::new();
    let mut rest = pieces;
    let mut greek = 0_usize;
    while let Some((piece, after)) = rest.split_first() {
        rest = after;
        match piece {
            Piece::Math(formula) => {
                // The braces keep BibTeX from lowering `\Delta`.
                out.push_str("{$");
                out.push_str(formula);
                out.push_str("$}");
            }
            Piece::Open(style) => {
                let (open, close) = match style {
                    Style::Italic => ("\\emph{", "}"),
                    Style::Bold => ("\\textbf{", "}"),
                    Style::Superscript => ("\\textsuperscript{", "}"),
                    Style::Subscript => ("\\textsubscript{", "}"),
                    Style::SmallCaps => ("\\textsc{", "}"),
                    Style::NoCase => ("{{", "}}"),
                };
                out.push_str(open);
                closers.push(close);
            }
            Piece::Close => out.push_str(closers.pop().unwrap_or_default()),
            Piece::Char(c) => {
                let marks = leading_marks(rest);
                rest = rest.get(marks.len()..).unwrap_or_default();
                greek = if is_greek(*c) { greek + 1 } else { 0 };
                // Three Greek letters in a row are a Greek word, not symbols.
                let is_word = greek > 0 && greek + run_of_greek(rest) >= 3;
                cluster(*c, &marks, dialect, is_word, &mut out);
            }
        }
    }
    for close in closers.into_iter().rev() {
        out.push_str(close);
    }
    out
}

/// The combining marks at the start of `rest`.
fn leading_marks(rest: &[Piece]) -> Vec<char> {
    rest.iter()
        .map_while(|piece| match piece {
            Piece::Char(c) if is_combining_mark(*c) => Some(*c),
            _ => None,
        })
        .collect()
}

fn is_greek(c: char) -> bool {
    matches!(u32::from(c), 0x0370..=0x03FF | 0x1F00..=0x1FFF)
}

fn run_of_greek(rest: &[Piece]) -> usize {
    rest.iter()
        .take(8)
        .take_while(|piece| matches!(piece, Piece::Char(c) if is_greek(*c)))
        .count()
}

/// A character with its combining marks.
fn cluster(c: char, marks: &[char], dialect: Dialect, keep: bool, out: &mut String) {
    if let Some(escaped) = special(c) {
        out.push_str(escaped);
        out.extend(marks);
        return;
    }
    if c.is_ascii() && marks.is_empty() {
        out.push(c);
        return;
    }
    if c == '\u{A0}' {
        out.push('~');
        return;
    }
    if dialect == Dialect::Ascii && !keep {
        if marks.is_empty()
            && let Some(command) = symbols::command(c)
        {
            out.push_str(command);
            return;
        }
        if let Some(accented) = accented(c, marks) {
            out.push_str(&accented);
            return;
        }
    }
    out.push(c);
    out.extend(marks);
}

/// What LaTeX or BibTeX would obey. Commands end in `{}` so that nothing after them is swallowed.
fn special(c: char) -> Option<&'static str> {
    Some(match c {
        '\\' => "\\textbackslash{}",
        '{' => "\\textbraceleft{}",
        '}' => "\\textbraceright{}",
        '$' => "\\$",
        '&' => "\\&",
        '#' => "\\#",
        '%' => "\\%",
        '_' => "\\_",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '|' => "\\textbar{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        _ => return None,
    })
}

/// `{\"a}`, `{\v s}`, `{\'{\^e}}`: a Latin letter with marks that LaTeX can all set.
fn accented(c: char, marks: &[char]) -> Option<String> {
    let mut decomposed = std::iter::once(c).chain(marks.iter().copied()).nfd();
    let base = decomposed.next()?;
    let marks: Vec<char> = decomposed.collect();
    if marks.is_empty() || !(base.is_ascii_alphabetic() || base == 'ı') {
        return None;
    }
    let first_above = marks.first().is_some_and(|mark| is_above(*mark));
    let mut inner = match base {
        'i' | 'ı' if first_above => "\\i".to_owned(),
        'j' if first_above => "\\j".to_owned(),
        'ı' => "{\\i}".to_owned(),
        base => base.to_string(),
    };
    for mark in marks {
        let accent = symbols::accent(mark)?;
        let letter_accent = accent.ends_with(|c: char| c.is_ascii_alphabetic());
        inner = if inner.starts_with('{') {
            format!("{{{accent}{inner}}}")
        } else if letter_accent {
            format!("{{{accent} {inner}}}")
        } else {
            format!("{{{accent}{inner}}}")
        };
    }
    Some(inner)
}

fn is_above(mark: char) -> bool {
    !matches!(
        mark,
        '\u{0323}' | '\u{0326}' | '\u{0327}' | '\u{0328}' | '\u{0331}'
    )
}

/// A DOI, address or identifier for a field that LaTeX reads verbatim: nothing is escaped, what would break the entry
/// is percent-encoded, and with [`Dialect::Ascii`] also what is not ASCII.
pub fn verbatim(raw: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in scrub(raw, false).trim().chars() {
        let encode = matches!(c, '{' | '}' | '\\' | '"') || c.is_whitespace();
        if encode || (dialect == Dialect::Ascii && !c.is_ascii()) {
            percent_encode(c, &mut out);
        } else {
            out.push(c);
        }
    }
    out
}

/// Appends the UTF-8 bytes of `c` as `%XX`.
pub fn percent_encode(c: char, out: &mut String) {
    let mut buffer = [0; 4];
    for byte in c.encode_utf8(&mut buffer).bytes() {
        out.push('%');
        for nibble in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(nibble), 16).map(|c| c.to_ascii_uppercase()));
        }
    }
}

#[cfg(test)]
mod tests;
