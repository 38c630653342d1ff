//! Going through LaTeX source, sign by sign and command by command.

use super::argument::{WINDOW, argument, character, unescaped_dollar};
use super::{Field, commands, math, without_tags};

/// Bytes looked at for the argument of an accent.
const ACCENT_WINDOW: usize = 64;
/// Accents upon accents, and fonts in fonts.
const DEEPEST: usize = 24;

const NO_CASE: &str = "<span class=\"nocase\">";
const SMALL_CAPS: &str = "<span style=\"font-variant:small-caps;\">";

#[derive(Debug, Default)]
struct Group {
    /// Closing tags, the innermost last.
    close: Vec<&'static str>,
    /// Where the text begins whose case it protects.
    protects: Option<usize>,
}

pub(super) struct Reader {
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
    pub(super) fn new(field: Field, bytes: usize) -> Reader {
        Reader {
            out: String::with_capacity(bytes),
            groups: Vec::new(),
            field,
            pending: None,
            protecting: 0,
            depth: 0,
        }
    }

    pub(super) fn finish(mut self) -> String {
        while !self.groups.is_empty() {
            self.close_group();
        }
        self.settle();
        let end = self.out.trim_end_matches([' ', '\n']).len();
        self.out.truncate(end);
        self.out
    }

    pub(super) fn run(&mut self, source: &str) {
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
            "ensuremath" => match argument(next, WINDOW) {
                Some((formula, after)) => {
                    self.math(formula);
                    after
                }
                None => next,
            },
            "url" | "nolinkurl" | "path" => match argument(next, WINDOW) {
                Some((address, after)) => {
                    self.settle();
                    self.out.push_str(address);
                    after
                }
                None => next,
            },
            // The text, not the address or the name of the field.
            "href" | "bibinfo" | "bibfield" | "textcolor" | "foreignlanguage"
            | "selectlanguage" => argument(next, WINDOW).map_or(next, |(_, after)| after),
            // Only there to sort by.
            "noopsort" | "noop" | "SortNoop" | "swap" | "switchargs" | "label" | "cite"
            | "citep" | "citet" | "footnotemark" | "hspace" | "vspace" | "fontsize" | "color"
            | "bibcyr" => argument(next, WINDOW).map_or(next, |(_, after)| after),
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
                        .get(..WINDOW.min(rest.len()))
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
                let mut reader = Reader::new(Field::Plain, base.len());
                reader.depth = self.depth + 1;
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
