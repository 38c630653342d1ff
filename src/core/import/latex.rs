//! LaTeX as BibTeX fields hold it, as text with CSL's tags.
//!
//! Accents, letters and signs become Unicode, font commands the tags of CSL, formulas Unicode where it has all their
//! signs. In titles braces protect the case of what they hold. A command that is not known vanishes, what its braces
//! hold stays. The commands are those of LaTeX2e, textcomp, amssymb and inputenc's tables.

mod commands;
pub mod math;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::markup;

/// What a field is, which decides what its braces and quotes mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Braces protect case.
    Title,
    /// Braces only group.
    Text,
    /// A part of a name, an institution, a number: no tags, ties are spaces, straight quotes stay.
    Plain,
}

/// Bytes looked at for the argument of an accent.
const ACCENT_WINDOW: usize = 64;
/// Bytes looked at for an address or a formula.
const ARGUMENT_WINDOW: usize = 2000;
/// Accents upon accents, and fonts in fonts.
const DEEPEST: usize = 24;

const NO_CASE: &str = "<span class=\"nocase\">";
const SMALL_CAPS: &str = "<span style=\"font-variant:small-caps;\">";

/// The text of LaTeX source.
pub fn text(source: &str, field: Field) -> String {
    let mut source = source.trim();
    if field != Field::Text {
        while let Some(inner) = whole_group(source) {
            source = inner.trim();
        }
    }
    if is_plain(source) {
        return source.to_owned();
    }
    let mut reader = Reader {
        out: String::with_capacity(source.len() + 16),
        groups: Vec::new(),
        field,
        pending: None,
        protecting: 0,
        depth: 0,
    };
    reader.run(source);
    let out = reader.finish();
    let out = match is_nfc_quick(out.chars()) {
        IsNormalized::Yes => out,
        _ => out.nfc().collect(),
    };
    if memchr::memchr2(b'<', b'&', source.as_bytes()).is_some() || source.contains("\\textless") {
        return markup::clean(&out);
    }
    out
}

/// What is inside a brace that closes at the very end.
pub fn whole_group(source: &str) -> Option<&str> {
    let inner = source.strip_prefix('{')?;
    let end = closing_brace(inner, inner.len())?;
    let (inner, after) = inner.split_at_checked(end)?;
    (after == "}").then_some(inner)
}

/// Offset of the brace that closes a group whose inside begins `inner`, within so many bytes. A backslash takes the
/// meaning from a brace.
pub(super) fn closing_brace(inner: &str, window: usize) -> Option<usize> {
    let bytes = inner.as_bytes();
    let bytes = bytes.get(..window.min(bytes.len()))?;
    let mut depth = 0_usize;
    let mut from = 0;
    while let Some(at) = memchr::memchr3(b'{', b'}', b'\\', bytes.get(from..)?) {
        let at = from + at;
        from = at + 1;
        match bytes.get(at)? {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => from += 1,
        }
    }
    None
}

/// Nothing in it means anything to LaTeX, and its spaces are single.
fn is_plain(source: &str) -> bool {
    let mut last = b' ';
    source.bytes().all(|byte| {
        let plain = match byte {
            b'\\' | b'{' | b'}' | b'$' | b'~' | b'`' | b'\'' | b'<' | b'&' => false,
            b' ' => last != b' ',
            b'-' => last != b'-',
            byte => (0x20..0x7F).contains(&byte),
        };
        last = byte;
        plain
    })
}

#[derive(Debug, Default)]
struct Group {
    /// Closing tags, the innermost last.
    close: Vec<&'static str>,
    /// Where the text begins whose case it protects.
    protects: Option<usize>,
}

struct Reader {
    out: String,
    groups: Vec<Group>,
    field: Field,
    /// Start of a word or a group whose case is protected; it ends with the word.
    pending: Option<usize>,
    /// Open groups that protect.
    protecting: usize,
    depth: usize,
}

impl Reader {
    fn finish(mut self) -> String {
        while !self.groups.is_empty() {
            self.close_group();
        }
        self.settle();
        let end = self.out.trim_end_matches([' ', '\n']).len();
        self.out.truncate(end);
        self.out
    }

    fn run(&mut self, source: &str) {
        let mut rest = source;
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or_default();
            rest = match c {
                '\\' => self.command(after),
                '{' => {
                    self.open_group(after);
                    after
                }
                '}' => {
                    self.close_group();
                    after
                }
                '$' => self.formula(after),
                '~' => {
                    self.push(if self.field == Field::Plain {
                        ' '
                    } else {
                        '\u{A0}'
                    });
                    after
                }
                '-' if after.starts_with("--") => {
                    self.push('—');
                    after.get(2..).unwrap_or_default()
                }
                '-' if after.starts_with('-') => {
                    self.push('–');
                    after.get(1..).unwrap_or_default()
                }
                '`' if self.field != Field::Plain => self.quote(after, '`', '“', '‘'),
                '\'' if self.field != Field::Plain => self.quote(after, '\'', '”', '’'),
                ' ' | '\t' | '\n' | '\r' => self.blanks(rest),
                c if c.is_ascii() => {
                    // Runs of letters and digits are copied whole.
                    let run = rest
                        .bytes()
                        .position(|byte| !byte.is_ascii_alphanumeric())
                        .unwrap_or(rest.len());
                    if run > 0 {
                        let (word, after) = rest.split_at_checked(run).unwrap_or((rest, ""));
                        self.out.push_str(word);
                        after
                    } else {
                        self.push(c);
                        after
                    }
                }
                c => {
                    self.push(c);
                    after
                }
            };
        }
    }

    fn push(&mut self, c: char) {
        if !c.is_alphanumeric() {
            self.settle();
        }
        if c == ' ' && (self.out.is_empty() || self.out.ends_with([' ', '\n'])) {
            return;
        }
        self.out.push(c);
    }

    fn quote<'a>(&mut self, after: &'a str, again: char, double: char, single: char) -> &'a str {
        if let Some(after) = after.strip_prefix(again) {
            self.push(double);
            return after;
        }
        self.push(single);
        after
    }

    /// White space is one space; an empty line ends the paragraph.
    fn blanks<'a>(&mut self, rest: &'a str) -> &'a str {
        let after = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let passed = rest.len() - after.len();
        let blanks = rest.as_bytes().get(..passed).unwrap_or_default();
        if self.field == Field::Text && memchr::memchr_iter(b'\n', blanks).count() > 1 {
            self.settle();
            if !(self.out.is_empty() || self.out.ends_with('\n')) {
                self.out.push('\n');
            }
        } else {
            self.push(' ');
        }
        after
    }

    fn open_group(&mut self, after: &str) {
        let mut group = Group::default();
        // BibTeX changes the case of `{\"o}` and `{\ss}`, so that nothing is protected by such braces.
        let protects =
            self.field == Field::Title && self.protecting == 0 && !after.starts_with('\\');
        if protects {
            let start = match self.pending.take() {
                Some(start) => start,
                None => self.word_start(),
            };
            group.protects = Some(start);
            self.protecting += 1;
        }
        if self.groups.len() < 1000 {
            self.groups.push(group);
        }
    }

    /// Where the word begins that the text ends in.
    fn word_start(&self) -> usize {
        self.out
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_alphanumeric())
            .last()
            .map_or(self.out.len(), |(at, _)| at)
    }

    fn close_group(&mut self) {
        let Some(group) = self.groups.pop() else {
            return;
        };
        for close in group.close.iter().rev() {
            self.settle();
            self.out.push_str(close);
        }
        if let Some(start) = group.protects {
            self.protecting -= 1;
            if self.out.get(start..).is_some_and(has_letter) {
                self.pending = Some(start);
            }
        }
    }

    /// The protected word has ended.
    fn settle(&mut self) {
        if self.protecting > 0 {
            return;
        }
        if let Some(start) = self.pending.take()
            && self.out.is_char_boundary(start)
        {
            self.out.insert_str(start, NO_CASE);
            self.out.push_str("</span>");
        }
    }

    /// A font begins: with the group that follows, or until the open one ends.
    fn font<'a>(
        &mut self,
        after: &'a str,
        open: &'static str,
        close: &'static str,
        switch: bool,
    ) -> &'a str {
        let tags = self.field != Field::Plain && self.groups.len() < DEEPEST;
        if switch {
            if tags && let Some(group) = self.groups.last_mut() {
                group.close.push(close);
                self.settle();
                self.out.push_str(open);
            }
            return after;
        }
        let Some(inner) = after.strip_prefix('{') else {
            return after;
        };
        let mut group = Group::default();
        if tags {
            self.settle();
            self.out.push_str(open);
            group.close.push(close);
        }
        self.groups.push(group);
        inner
    }

    fn formula<'a>(&mut self, after: &'a str) -> &'a str {
        let (double, inner) = after
            .strip_prefix('$')
            .map_or((false, after), |inner| (true, inner));
        let Some(end) = unescaped_dollar(inner) else {
            self.push('$');
            return after;
        };
        let (formula, rest) = inner.split_at_checked(end).unwrap_or((inner, ""));
        let rest = rest.strip_prefix('$').unwrap_or(rest);
        let rest = if double {
            rest.strip_prefix('$').unwrap_or(rest)
        } else {
            rest
        };
        self.math(formula);
        rest
    }

    fn math(&mut self, formula: &str) {
        match math::to_text(formula) {
            Some(text) if self.field == Field::Plain => self.out.push_str(&without_tags(&text)),
            Some(text) => {
                if !text.starts_with(char::is_alphanumeric) {
                    self.settle();
                }
                self.out.push_str(&text);
            }
            None => {
                self.settle();
                self.out.push('$');
                self.out.push_str(formula);
                self.out.push('$');
            }
        }
    }

    /// What follows a backslash.
    fn command<'a>(&mut self, after: &'a str) -> &'a str {
        let letters = after
            .bytes()
            .position(|byte| !byte.is_ascii_alphabetic())
            .unwrap_or(after.len());
        if letters == 0 {
            return self.sign(after);
        }
        let (name, after) = after.split_at_checked(letters).unwrap_or((after, ""));
        let next = after.trim_start_matches([' ', '\t', '\n', '\r']);
        if let Some(mark) = commands::letter_accent(name) {
            return self.accent(next, mark);
        }
        if let Some(text) = commands::symbol(name) {
            for c in text.chars() {
                self.push(c);
            }
            return next.strip_prefix("{}").unwrap_or(next);
        }
        match name {
            "emph" | "textit" | "textsl" | "mkbibemph" => self.font(next, "<i>", "</i>", false),
            "em" | "it" | "itshape" | "sl" | "slshape" => self.font(next, "<i>", "</i>", true),
            "textbf" | "mkbibbold" => self.font(next, "<b>", "</b>", false),
            "bf" | "bfseries" => self.font(next, "<b>", "</b>", true),
            "textsuperscript" | "mkbibsuperscript" | "sp" => {
                self.font(next, "<sup>", "</sup>", false)
            }
            "textsubscript" | "mkbibsubscript" | "sb" => self.font(next, "<sub>", "</sub>", false),
            "textsc" => self.font(next, SMALL_CAPS, "</span>", false),
            "sc" | "scshape" => self.font(next, SMALL_CAPS, "</span>", true),
            "enquote" | "mkbibquote" => self.font(next, "“", "”", false),
            "ensuremath" => match argument(next, ARGUMENT_WINDOW) {
                Some((formula, after)) => {
                    self.math(formula);
                    after
                }
                None => next,
            },
            "url" | "nolinkurl" | "path" => match argument(next, ARGUMENT_WINDOW) {
                Some((address, after)) => {
                    self.settle();
                    self.out.push_str(address);
                    after
                }
                None => next,
            },
            // The text, not the address or the name of the field.
            "href" | "bibinfo" | "bibfield" | "textcolor" | "foreignlanguage"
            | "selectlanguage" => argument(next, ARGUMENT_WINDOW).map_or(next, |(_, after)| after),
            // Only there to sort by.
            "noopsort" | "noop" | "SortNoop" | "swap" | "switchargs" | "label" | "cite"
            | "citep" | "citet" | "footnotemark" | "hspace" | "vspace" | "fontsize" | "color"
            | "bibcyr" => argument(next, ARGUMENT_WINDOW).map_or(next, |(_, after)| after),
            "char" | "symbol" => character(next).map_or(next, |(c, after)| {
                self.push(c);
                after
            }),
            _ => next.strip_prefix("{}").unwrap_or(next),
        }
    }

    /// A command of one sign.
    fn sign<'a>(&mut self, after: &'a str) -> &'a str {
        let Some(c) = after.chars().next() else {
            return after;
        };
        let rest = after.get(c.len_utf8()..).unwrap_or_default();
        if let Some(mark) = commands::sign_accent(c) {
            return self.accent(rest.trim_start_matches(' '), mark);
        }
        match c {
            '(' | '[' => {
                let close = if c == '(' { "\\)" } else { "\\]" };
                if let Some(end) = memchr::memmem::find(
                    rest.as_bytes()
                        .get(..ARGUMENT_WINDOW.min(rest.len()))
                        .unwrap_or_default(),
                    close.as_bytes(),
                ) && let (Some(formula), Some(after)) = (rest.get(..end), rest.get(end + 2..))
                {
                    self.math(formula);
                    return after;
                }
            }
            ',' => self.push('\u{2009}'),
            ' ' | '\\' | '\n' | '\t' | '\r' | ';' | ':' => self.push(' '),
            '-' | '/' | '!' | '@' | '>' | '<' | ')' | ']' => {}
            c => {
                self.settle();
                self.out.push(c);
            }
        }
        rest
    }

    fn accent<'a>(&mut self, next: &'a str, mark: char) -> &'a str {
        let Some((base, after)) = argument(next, ACCENT_WINDOW) else {
            return next;
        };
        if self.depth >= DEEPEST {
            return after;
        }
        let inner = match base {
            "\\i" | "i" | "{\\i}" => "i".to_owned(),
            "\\j" | "j" | "{\\j}" => "j".to_owned(),
            base if base.len() == 1 => base.to_owned(),
            base => {
                let mut reader = Reader {
                    out: String::new(),
                    groups: Vec::new(),
                    field: Field::Plain,
                    pending: None,
                    protecting: 0,
                    depth: self.depth + 1,
                };
                reader.run(base);
                reader.finish()
            }
        };
        let mut letters = inner.chars();
        match letters.next() {
            Some(first) => {
                let first = if first == 'ı' { 'i' } else { first };
                self.out.push(first);
                // Marks that the letter has already come first.
                let rest = letters.as_str();
                let own: usize = rest
                    .chars()
                    .take_while(|c| unicode_normalization::char::is_combining_mark(*c))
                    .map(char::len_utf8)
                    .sum();
                let (marks, rest) = rest.split_at_checked(own).unwrap_or((rest, ""));
                self.out.push_str(marks);
                self.out.push(mark);
                self.out.push_str(rest);
            }
            None => {
                if let Some(alone) = commands::spacing(mark) {
                    self.push(alone);
                }
            }
        }
        after
    }
}

fn has_letter(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

fn unescaped_dollar(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let bytes = bytes.get(..ARGUMENT_WINDOW.min(bytes.len()))?;
    let mut from = 0;
    while let Some(at) = memchr::memchr2(b'$', b'\\', bytes.get(from..)?) {
        let at = from + at;
        if bytes.get(at) == Some(&b'$') {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// The argument of a command: a group without its braces, a command, or one character.
pub(super) fn argument(next: &str, window: usize) -> Option<(&str, &str)> {
    let c = next.chars().next()?;
    match c {
        '{' => {
            let inner = next.get(1..)?;
            let end = closing_brace(inner, window)?;
            Some((inner.get(..end)?, inner.get(end + 1..)?))
        }
        '}' => None,
        '\\' => {
            let name = next.get(1..)?;
            let letters = name
                .bytes()
                .position(|byte| !byte.is_ascii_alphabetic())
                .unwrap_or(name.len());
            let len = match letters {
                0 => 1 + name.chars().next().map_or(0, char::len_utf8),
                letters => 1 + letters,
            };
            let after = next.get(len..)?;
            // A command of letters takes the space after it.
            let after = if letters > 0 {
                after.trim_start_matches(' ')
            } else {
                after
            };
            Some((next.get(..len)?, after))
        }
        c => next.split_at_checked(c.len_utf8()),
    }
}

/// `\char"00E9`, `\symbol{233}`.
fn character(next: &str) -> Option<(char, &str)> {
    let (number, after) = if let Some(inner) = next.strip_prefix('{') {
        inner.split_once('}')?
    } else {
        let end = next
            .bytes()
            .take(8)
            .position(|byte| !(byte.is_ascii_hexdigit() || byte == b'"' || byte == b'\''))
            .unwrap_or(next.len().min(8));
        next.split_at_checked(end)?
    };
    let code = match number.strip_prefix('"') {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((char::from_u32(code)?, after))
}

/// CSL's tags taken out.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        rest = match tail.split_once('>') {
            Some((tag, after)) if tag.len() < 60 => after,
            _ => {
                out.push('<');
                tail.get(1..).unwrap_or_default()
            }
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests;
