//! Reading bibliographies in other formats than the library's own.
//!
//! One file per format. What a file holds becomes CSL items ([`Entry::item`]); what its owner noted of a paper in
//! another program (tags, groups, reading status, rating, comments, attached files) comes beside it ([`Noted`]), since
//! it belongs into journals and not into items. A field that CSL has no place for is kept under
//! `custom.FORMAT.FIELD` as the file has it, so that nothing is lost and an export can give it back.
//!
//! [`each`] hands over one entry after another and holds none of them; [`read`] collects them. A broken entry never
//! costs another: it is read as far as it goes, and what is wrong with it is reported with its line.

mod better_bibtex;
mod bibtex;
mod csl_json;
mod date;
mod encoding;
mod endnote_xml;
mod entry;
mod format;
pub mod latex;
pub mod markup;
mod name;
mod nbib;
mod pubmed_xml;
mod ris;
mod xml;

use std::ops::{ControlFlow, Range};

pub use entry::Noted;
pub use format::{Format, HEAD, detect};

use super::item::Item;
use super::library::Problem;

/// One work of a bibliography.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// The work. Its `id` is the key of the file, or absent where the file has none.
    pub item: Item,
    /// What was noted of it.
    pub noted: Noted,
    /// Its bytes in the text, which is the file in UTF-8 without its byte order mark.
    pub span: Range<usize>,
    /// Line of its beginning, from 1.
    pub line: u32,
}

/// What [`each`] finds.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// An entry.
    Entry(Box<Entry>),
    /// Something wrong at one place. Entries are lost only where it says so.
    Problem(Problem),
}

/// A whole bibliography.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// What the file is.
    pub format: Format,
    /// Its works, in the order of the file.
    pub entries: Vec<Entry>,
    /// What was wrong with it.
    pub problems: Vec<Problem>,
}

/// Why a file cannot be read as a bibliography.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is in no format that is read.
    #[error("{0}")]
    UnknownFormat(String),
    /// Its bytes are in an encoding that is not read.
    #[error("the file is written in {0}; save it as UTF-8")]
    Encoding(&'static str),
}

/// Reads a bibliography; `name` is the file's name, which settles the format where the content does not.
///
/// # Errors
/// When the format is not known or the encoding not read.
pub fn read(bytes: &[u8], name: &str) -> Result<Import, ImportError> {
    let mut entries = Vec::new();
    let mut problems = Vec::new();
    let format = each(bytes, name, &mut |found| {
        match found {
            Found::Entry(entry) => entries.push(*entry),
            Found::Problem(problem) => problems.push(problem),
        }
        ControlFlow::Continue(())
    })?;
    Ok(Import {
        format,
        entries,
        problems,
    })
}

/// Reads a bibliography and hands over what it finds, one after another, until it is told to stop. How far it has come
/// is the end of an entry's span of the number of bytes.
///
/// # Errors
/// When the format is not known or the encoding not read; then nothing has been handed over.
pub fn each(
    bytes: &[u8],
    name: &str,
    with: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> Result<Format, ImportError> {
    let format = detect(bytes, name)?;
    let decoded = encoding::decode(bytes)?;
    if let Some(problem) = decoded.problem
        && with(Found::Problem(problem)).is_break()
    {
        return Ok(format);
    }
    let text = &*decoded.text;
    // Whoever wants no more has been told enough.
    let _ = match format {
        Format::BibTex => bibtex::each(text, with),
        Format::Ris => ris::each(text, with),
        Format::Nbib => nbib::each(text, with),
        Format::PubMedXml => pubmed_xml::each(text, with),
        Format::EndNoteXml => endnote_xml::each(text, with),
        Format::CslJson | Format::JsonLines => csl_json::each(text, with),
        Format::BetterBibTexJson => better_bibtex::each(text, with),
    };
    Ok(format)
}

/// The folders from which the relative paths of files count, as a bibliography declares them itself, the likelier first.
pub fn file_folders(bytes: &[u8]) -> Vec<String> {
    bibtex::file_folders(bytes)
}

/// A problem with an entry or a place that was read all the same.
fn remark(line: u32, column: u32, what: impl Into<String>, hint: &'static str) -> Found {
    Found::Problem(Problem {
        line,
        column,
        what: what.into(),
        hint: hint.into(),
        lost: false,
    })
}

/// A problem that cost an entry.
fn loss(line: u32, what: impl Into<String>, hint: &'static str) -> Found {
    Found::Problem(Problem {
        line,
        column: 1,
        what: what.into(),
        hint: hint.into(),
        lost: true,
    })
}

/// The CSL type of a work of PubMed by its publication types.
fn pubmed_type(types: &[String], has_journal: bool) -> &'static str {
    let is = |kind: &str| types.iter().any(|known| known.eq_ignore_ascii_case(kind));
    if is("Preprint") {
        "article"
    } else if is("Dataset") {
        "dataset"
    } else if is("Academic Dissertation") {
        "thesis"
    } else if is("Book") || is("Monograph") || (!has_journal && is("Technical Report")) {
        "book"
    } else {
        "article-journal"
    }
}

/// Lines of a text, counted forwards.
#[derive(Debug)]
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// Lines end in `\r` alone, as on old Macs.
    ends_in: u8,
}

impl<'a> LineCounter<'a> {
    fn new(text: &'a str) -> LineCounter<'a> {
        let ends_in = match memchr::memchr2(b'\n', b'\r', text.as_bytes()) {
            Some(at)
                if text.as_bytes().get(at) == Some(&b'\r')
                    && text.as_bytes().get(at + 1) != Some(&b'\n') =>
            {
                b'\r'
            }
            _ => b'\n',
        };
        LineCounter {
            text,
            at: 0,
            line: 1,
            ends_in,
        }
    }

    /// Line of an offset, from 1. An offset before the last one asked about has the line of that one.
    fn line(&mut self, offset: usize) -> u32 {
        if let Some(passed) = self.text.as_bytes().get(self.at..offset) {
            self.line += memchr::memchr_iter(self.ends_in, passed).count() as u32;
            self.at = offset;
        }
        self.line
    }
}
