//! The page of a paper: every section that a good paper page on the web has, as data.
//!
//! The screens and `offprint show` render the same [`Page`]. A section that has nothing to show says so in one honest
//! line instead of going away, so that the reader learns what there could be.

mod build;
mod details;
mod findings;
mod metrics;
mod noted;
mod pdf;
mod write;

pub use build::{Facts, Related, RelatedPaper, build, byline, thousands};
pub use details::date_text;
pub use noted::summed_up;
pub use pdf::{PdfLook, first_pdf};
pub use write::{findings_to_json, to_json, to_markdown, to_text};

use std::fmt::Write as _;
use std::ops::Range;

use super::findings::Part;
use super::paper::PaperNo;

/// The sections of a page, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionKind {
    /// The abstract.
    Abstract,
    /// Methodology, results, significance.
    KeyFindings,
    /// Authors, publication, identifiers, keywords.
    Details,
    /// Numbers about the paper.
    Metrics,
    /// Where else the paper stands, and what can be done with it.
    Actions,
    /// Ready citations.
    Cite,
    /// The attached PDF.
    Pdf,
    /// Papers of the library like this one.
    Similar,
    /// The reader's own comments.
    Comments,
}

impl SectionKind {
    /// All of them in order.
    pub const ALL: [SectionKind; 9] = [
        SectionKind::Abstract,
        SectionKind::KeyFindings,
        SectionKind::Details,
        SectionKind::Metrics,
        SectionKind::Actions,
        SectionKind::Cite,
        SectionKind::Pdf,
        SectionKind::Similar,
        SectionKind::Comments,
    ];

    /// The head as it is printed.
    pub fn head(self) -> &'static str {
        match self {
            SectionKind::Abstract => "Abstract",
            SectionKind::KeyFindings => "Key findings",
            SectionKind::Details => "Details",
            SectionKind::Metrics => "Metrics",
            SectionKind::Actions => "Actions",
            SectionKind::Cite => "Cite",
            SectionKind::Pdf => "PDF",
            SectionKind::Similar => "Similar",
            SectionKind::Comments => "Comments",
        }
    }
}

/// Where Enter on a piece of text leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The papers of an author, as a query.
    Author(String),
    /// A paper of the library.
    Paper(PaperNo),
    /// A web address.
    Url(String),
    /// One of the reader's comments, by its id.
    Comment(String),
    /// An attached file, as the journals hold its path.
    File(String),
    /// A sentence of the abstract, by its bytes in the abstract's text.
    Sentence(Range<usize>),
    /// A sentence of the attached PDF.
    Quotation(String),
}

/// A run of text, perhaps with a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Display text.
    pub text: String,
    /// Where it leads.
    pub link: Option<Link>,
}

impl Piece {
    /// Text alone.
    pub fn plain(text: impl Into<String>) -> Piece {
        Piece {
            text: text.into(),
            link: None,
        }
    }

    /// Text that leads somewhere.
    pub fn linked(text: impl Into<String>, link: Link) -> Piece {
        Piece {
            text: text.into(),
            link: Some(link),
        }
    }
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(String),
    /// What is missing or how to read the section.
    Note(String),
    /// A labelled value; the pieces are separated by commas or dots of their own.
    Field {
        /// What it is.
        label: &'static str,
        /// The value.
        value: Vec<Piece>,
    },
    /// Another paper.
    Entry(RelatedPaper),
    /// Text to be copied as it stands.
    Code {
        /// The name of the format.
        label: String,
        /// The text, with line ends.
        text: String,
    },
    /// A key finding.
    Finding(Finding),
    /// A comment of the reader's, in Markdown.
    Comment {
        /// Its id within the paper.
        id: String,
        /// When it was written and changed, and on which machine where there are several.
        head: String,
        /// The text, with line ends.
        text: String,
    },
}

/// A key finding with the sentence that states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The part of the findings.
    pub part: Part,
    /// What it is called: "Methodology", "Likely result".
    pub label: &'static str,
    /// The sentence, as it stands in the abstract or the PDF.
    pub sentence: String,
    /// The bytes of the sentence in the abstract's text; empty for one of the PDF.
    pub place: Range<usize>,
    /// The page of the PDF on which the sentence begins; `None` for one of the abstract.
    pub page: Option<u32>,
    /// What a model claims of the sentence, where one was asked.
    pub claim: Option<String>,
    /// Why the claim is not to be trusted: "unsupported".
    pub doubt: Option<&'static str>,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Which one.
    pub kind: SectionKind,
    /// How many things are in it, where that is worth saying ("Similar 4").
    pub count: Option<usize>,
    /// Where its content comes from, where that is worth saying ("from the abstract").
    pub origin: Option<String>,
    /// Its content, never empty.
    pub blocks: Vec<Block>,
}

impl Finding {
    /// The sentence in quotation marks, with its page where it is one of the PDF.
    pub fn quoted(&self) -> String {
        let page = self.page.map(|page| format!(" page {page}"));
        format!("“{}”{}", self.sentence, page.unwrap_or_default())
    }
}

impl Section {
    /// The head with its count.
    pub fn head(&self) -> String {
        match self.count {
            Some(count) => format!("{} {count}", self.kind.head()),
            None => self.kind.head().to_owned(),
        }
    }
}

/// The page of one paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What has to be known before anything else: that the paper was retracted.
    pub banner: Option<String>,
    /// The item's id.
    pub id: String,
    /// The citation key.
    pub key: String,
    /// Display title.
    pub title: String,
    /// Display names of all authors.
    pub authors: Vec<String>,
    /// "Vaswani, Shazeer +6 · NeurIPS 2017".
    pub byline: String,
    /// The bare DOI.
    pub doi: Option<String>,
    /// The best web address.
    pub url: Option<String>,
    /// All sections in order.
    pub sections: Vec<Section>,
}

impl Page {
    /// The section of a kind.
    pub fn section(&self, kind: SectionKind) -> Option<&Section> {
        self.sections.iter().find(|section| section.kind == kind)
    }
}

/// Names for a list row: `First`, `First, Second`, `First, Second +6`, or with "et al." when the list is incomplete.
pub fn short_authors<'a>(names: impl IntoIterator<Item = &'a str>, truncated: bool) -> String {
    let mut names = names.into_iter();
    let mut out = String::new();
    for name in names.by_ref().take(2) {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(name);
    }
    let more = names.count();
    if truncated && !out.is_empty() {
        out.push_str(" et al.");
    } else if more > 0 {
        let _ = write!(out, " +{more}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn author_lists_are_shortened_after_two() {
        assert_eq!(short_authors([], false), "");
        assert_eq!(short_authors(["A"], false), "A");
        assert_eq!(short_authors(["A", "B"], false), "A, B");
        assert_eq!(short_authors(["A", "B", "C", "D"], false), "A, B +2");
        assert_eq!(short_authors(["A", "B", "C"], true), "A, B et al.");
    }
}
