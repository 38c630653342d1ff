//! Which papers a manuscript cites.
//!
//! Read are LaTeX (`.tex`, and the `.aux` that it writes), Markdown as pandoc reads it, and Typst. What cannot be a
//! citation there (comments, code, e-mail addresses, labels of the document itself) is passed over; nothing is run and
//! nothing expanded, so a key made by a macro is not found in a `.tex`: the `.aux` has it.

mod aux;
mod latex;
mod pandoc;
#[cfg(test)]
mod tests;
mod typst;

use foldhash::{HashSet, HashSetExt as _};

/// What a manuscript is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manuscript {
    /// The notes that LaTeX writes for BibTeX and biber.
    Aux,
    /// LaTeX.
    Latex,
    /// Markdown as pandoc, Quarto and R Markdown read it.
    Markdown,
    /// Typst.
    Typst,
}

impl Manuscript {
    /// By the end of a file's name, without the dot.
    pub fn of_extension(extension: &str) -> Option<Manuscript> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "aux" => Manuscript::Aux,
            "tex" | "ltx" | "latex" | "rnw" => Manuscript::Latex,
            "md" | "markdown" | "qmd" | "rmd" | "txt" => Manuscript::Markdown,
            "typ" => Manuscript::Typst,
            _ => return None,
        })
    }
}

/// One key that is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The key as written.
    pub key: String,
    /// Line of the file, from 1.
    pub line: usize,
    /// It may as well refer to a figure, a table or a section: not missed when no paper has it.
    pub doubtful: bool,
}

/// What one file cites.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Citations {
    /// Every key once, in the order in which they come up.
    pub keys: Vec<Cited>,
    /// Everything is cited: `\nocite{*}`, `@*`.
    pub everything: bool,
    /// Other files of the same manuscript, as written, an extension perhaps left out.
    pub includes: Vec<String>,
    /// Labels that the file itself defines.
    pub labels: Vec<String>,
}

impl Citations {
    /// Reads a file.
    pub fn read(manuscript: Manuscript, text: &str) -> Citations {
        let mut found = match manuscript {
            Manuscript::Aux => aux::read(text),
            Manuscript::Latex => latex::read(text),
            Manuscript::Markdown => pandoc::read(text),
            Manuscript::Typst => typst::read(text),
        };
        found.forget_labels(&[]);
        found
    }

    /// Adds what another file of the manuscript cites.
    pub fn extend(&mut self, other: Citations) {
        self.keys.extend(other.keys);
        self.labels.extend(other.labels);
        self.everything |= other.everything;
        self.includes.extend(other.includes);
        self.forget_labels(&[]);
    }

    /// Takes out what refers to a label of the document, and whatever comes up a second time.
    fn forget_labels(&mut self, more: &[String]) {
        let labels: HashSet<String> = self.labels.iter().chain(more).cloned().collect();
        let mut seen = HashSet::new();
        self.keys
            .retain(|cited| !labels.contains(&cited.key) && seen.insert(cited.key.clone()));
    }

    fn cite(&mut self, key: &str, line: usize) {
        self.note(key, line, false);
    }

    fn note(&mut self, key: &str, line: usize, doubtful: bool) {
        let key = key.trim();
        if key == "*" {
            self.everything = true;
        } else if !key.is_empty() {
            self.keys.push(Cited {
                key: key.to_owned(),
                line,
                doubtful,
            });
        }
    }
}

/// Longer groups are taken for ones without an end, in bytes: so many keys nobody cites at once.
const LONGEST_GROUP: usize = 16 << 10;

/// The characters of a text, with a place to read at and the line it is on.
struct Reader<'a> {
    rest: &'a str,
    before: Option<char>,
    line: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Reader<'a> {
        Reader {
            rest: text,
            before: None,
            line: 1,
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        self.before = Some(c);
        self.line += usize::from(c == '\n');
        Some(c)
    }

    /// Passes a text that stands here.
    fn eat(&mut self, text: &str) -> bool {
        let here = self.rest.starts_with(text);
        if here {
            self.skip(text.len());
        }
        here
    }

    /// Passes so many bytes, up to the end of the character they end in.
    fn skip(&mut self, bytes: usize) {
        let end = self.rest.len().saturating_sub(bytes);
        while self.rest.len() > end && self.next().is_some() {}
    }

    /// Passes and returns the characters for which `is` holds.
    fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !is(c)).unwrap_or(self.rest.len());
        let (taken, _) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.skip(end);
        taken
    }

    /// Passes everything up to and with `end`; what stood before it. To the end of the text where there is none.
    fn take_through(&mut self, end: &str) -> &'a str {
        let at = self.rest.find(end);
        let (taken, _) = at
            .and_then(|at| self.rest.split_at_checked(at))
            .unwrap_or((self.rest, ""));
        self.skip(taken.len() + at.map_or(0, |_| end.len()));
        taken
    }

    /// Passes a group that opens here, with what it nests; what stood inside. `None` when there is none, or no end.
    fn take_group(&mut self, open: char, close: char) -> Option<&'a str> {
        if self.peek() != Some(open) {
            return None;
        }
        let mut depth = 0_usize;
        let mut escaped = false;
        for (at, c) in self.rest.char_indices() {
            if at > LONGEST_GROUP {
                return None;
            }
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
                if depth == 0 {
                    let inside = self.rest.get(open.len_utf8()..at);
                    self.skip(at + c.len_utf8());
                    return inside;
                }
            }
        }
        None
    }
}
