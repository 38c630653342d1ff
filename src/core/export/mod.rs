//! Papers on their way out: whole libraries, lists and selections as files that other programs read.
//!
//! A [`Document`] is written piece by piece (head, one piece a paper, foot), so that a large library never stands in
//! memory as one text. [`note`] and [`comments`] write one file a paper instead; [`file_name`] names such files,
//! [`seal`] tells whether one was changed since. [`cited`] reads which papers a manuscript cites, [`limits`] knows what
//! each format cannot hold.

pub mod bundle;
pub mod cited;
mod collect;
pub mod comments;
pub mod csl;
pub mod csv;
pub mod file_name;
pub mod html;
pub mod limits;
pub mod list;
pub mod markdown;
pub mod note;
pub mod seal;
#[cfg(test)]
mod tests;
pub mod zotero;

use std::fmt;
use std::str::FromStr;

pub use collect::{Collected, Queue};

use super::cite::{biblatex, bibtex, ris};
use super::csl::Rich;
use super::item::Item;
use super::journal::PaperState;

/// What papers are exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// BibTeX entries.
    BibTex,
    /// BibLaTeX entries.
    BibLaTex,
    /// RIS records.
    Ris,
    /// A CSL-JSON array, items byte for byte.
    Csl,
    /// A table for spreadsheets (RFC 4180).
    Csv,
    /// One Markdown list of citations.
    Markdown,
    /// One self-contained page.
    Html,
    /// A folder of Markdown notes, one a paper.
    Obsidian,
}

impl Target {
    /// All of them, in the order of the documentation.
    pub const ALL: [Target; 8] = [
        Target::Csl,
        Target::BibTex,
        Target::BibLaTex,
        Target::Ris,
        Target::Csv,
        Target::Markdown,
        Target::Html,
        Target::Obsidian,
    ];

    /// The name on the command line and in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Target::BibTex => "bibtex",
            Target::BibLaTex => "biblatex",
            Target::Ris => "ris",
            Target::Csl => "csl",
            Target::Csv => "csv",
            Target::Markdown => "markdown",
            Target::Html => "html",
            Target::Obsidian => "obsidian",
        }
    }

    /// The end of a file's name, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Target::BibTex | Target::BibLaTex => "bib",
            Target::Ris => "ris",
            Target::Csl => "json",
            Target::Csv => "csv",
            Target::Markdown | Target::Obsidian => "md",
            Target::Html => "html",
        }
    }

    /// What a file of that name most likely is to be.
    pub fn of_extension(extension: &str) -> Option<Target> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "bib" | "bibtex" => Target::BibTex,
            "ris" => Target::Ris,
            "json" => Target::Csl,
            "csv" => Target::Csv,
            "md" | "markdown" => Target::Markdown,
            "html" | "htm" => Target::Html,
            _ => return None,
        })
    }

    /// Papers are written as citations in a style.
    pub const fn needs_citations(self) -> bool {
        matches!(self, Target::Markdown | Target::Html | Target::Obsidian)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no [`Target::name`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is bibtex, biblatex, ris, csl, csv, markdown, html and obsidian")]
pub struct UnknownTarget;

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Target, UnknownTarget> {
        let name = text.trim();
        let mut all = Target::ALL.into_iter();
        all.find(|target| target.name().eq_ignore_ascii_case(name))
            .ok_or(UnknownTarget)
    }
}

/// A paper that is exported.
#[derive(Debug, Clone, Copy)]
pub struct Paper<'a> {
    /// The item.
    pub item: &'a Item,
    /// The key to cite it by.
    pub key: &'a str,
    /// The item as it stands in a library of CSL items; `None` when it was made from something else.
    pub raw: Option<&'a str>,
    /// What the reader noted about it.
    pub state: &'a PaperState,
    /// Its place in the reading queue, from 1.
    pub queue: Option<usize>,
    /// Its citation, for what [`Target::needs_citations`].
    pub citation: Option<&'a Rich>,
}

/// How a document is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// CSL: the reader's notes go into `custom.offprint`.
    pub bundle: bool,
    /// CSL: types that Zotero refuses are replaced.
    pub zotero: bool,
    /// CSL: characters that a terminal could obey are written as escapes of JSON, which mean the same.
    pub escape: bool,
    /// CSL: the id of an item is the key by which a manuscript cites it.
    pub cited: bool,
    /// What the list is called.
    pub heading: String,
}

/// A document that is written piece by piece.
#[derive(Debug)]
pub struct Document {
    target: Target,
    options: Options,
    any: bool,
}

impl Document {
    /// One of this kind. For [`Target::Obsidian`] the notes one after another.
    pub fn new(target: Target, options: Options) -> Document {
        Document {
            target,
            options,
            any: false,
        }
    }

    /// What stands before the papers, of which there are `count`.
    pub fn head(&self, count: usize) -> String {
        match self.target {
            Target::Csl => "[".to_owned(),
            Target::Csv => csv::head(),
            Target::Html => html::head(&self.options.heading, count),
            Target::BibTex
            | Target::BibLaTex
            | Target::Ris
            | Target::Markdown
            | Target::Obsidian => String::new(),
        }
    }

    /// The next paper.
    pub fn paper(&mut self, paper: &Paper<'_>) -> String {
        let mut out = String::new();
        if self.any {
            out.push_str(match self.target {
                Target::Csl => ",",
                Target::BibTex | Target::BibLaTex | Target::Ris | Target::Obsidian => "\n",
                Target::Csv | Target::Markdown | Target::Html => "",
            });
        }
        self.any = true;
        match self.target {
            Target::BibTex => out.push_str(&bibtex::entry(paper.item, paper.key)),
            Target::BibLaTex => out.push_str(&biblatex::entry(paper.item, paper.key)),
            Target::Ris => out.push_str(&ris::record(paper.item, paper.key)),
            Target::Csl => {
                out.push('\n');
                out.push_str(&csl::item(paper, &self.options));
            }
            Target::Csv => out.push_str(&csv::row(paper)),
            Target::Markdown => out.push_str(&list::entry(paper)),
            Target::Html => out.push_str(&html::entry(paper)),
            Target::Obsidian => out.push_str(&note::note(paper, &[])),
        }
        if matches!(self.target, Target::BibTex | Target::BibLaTex | Target::Ris) {
            out.push('\n');
        }
        out
    }

    /// What stands behind the papers.
    pub fn foot(&self) -> String {
        match self.target {
            Target::Csl if self.any => "\n]\n".to_owned(),
            Target::Csl => "]\n".to_owned(),
            Target::Html => html::foot(),
            _ => String::new(),
        }
    }
}
