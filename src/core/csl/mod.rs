//! Citations: a processor for the Citation Style Language (CSL) 1.0.2.
//!
//! A [`Style`] and a [`Locale`] (from the [`archive`] that comes with the program, or from a file) make a
//! [`Processor`]. It renders one entry, a bibliography, a citation, or a whole [`Document`] with positions and
//! disambiguation, each as [`Rich`] text that is written as plain text, Markdown, HTML or spans for a terminal.
//!
//! Source: the CSL 1.0.2 specification (docs.citationstyles.org) and its test suite, which decides where the
//! specification is silent: what punctuation merges, that a term which begins a note is capitalised, that cites are
//! compared in the form of later cites when they are told apart.
//!
//! # On the way
//! XML ([`xml`]) → typed style ([`style`], [`parse`], [`attributes`]) → nodes ([`render`] and the modules of its
//! elements) → finished text ([`finish`]: quotation marks, flip-flop, punctuation where parts meet).
//!
//! # Where it departs from citeproc-js
//! On purpose, because the specification or plain sense says otherwise:
//! * A single lower-case letter before a hyphen keeps its word as it is in title case: "p-type", not "P-Type"; what
//!   follows a bracket inside a word is no new word: "Ru(bpy)".
//! * `text-case="sentence"` lowers nothing but titles wholly in capitals, as the specification says; citeproc-js lowers
//!   every word.
//! * A DOI is printed once, whether the item has the bare DOI or its address.
//! * Superscript letters of Unicode ("ª", "ʳᵉ") stay text; they do not become markup.
//! * An en dash in a page field that is no range stays an en dash.
//! * Names that must stay whole (institutions) follow `delimiter-precedes-last="never"` like all names.
//! * The full stop that ends a bibliography entry goes inside a quotation mark before it, as every other one does, also
//!   where the style aligns the second field.
//! * The second year of a range does not repeat the bracket around the date.
//! * Entities (`&amp;`) in fields are resolved; `em`, `strong` and `scp` count as markup.
//! * "others" or "et al." as the last of several names is "et al.", not a name; so is a list of authors that is known
//!   to be incomplete.
//! * An entry on its own has no number (`[1]`): it means something in a list only.
//!
//! Left out, being extensions of citeproc-js: variables read out of the `note` field, labels read out of a locator's
//! text, the dialect CSL-M, abbreviation lists, Turkish capitals, initials of names with markup in them. As in
//! citeproc-js, and unlike the schema's wording, `event` in an old style is not filled from `event-title`; and text of
//! Chinese and Japanese items is never italic.

pub mod archive;
mod attributes;
mod case;
mod cluster;
mod conditions;
mod dates;
mod disambiguate;
pub mod document;
mod finish;
pub mod locale;
mod macros;
mod markup;
mod name;
mod names;
mod numbers;
mod parse;
mod processor;
mod render;
pub mod rich;
pub mod sentence_case;
mod sort;
pub mod style;
mod variables;
mod xml;

use std::fmt;

pub use document::{Citation, Cite, Document};
pub use locale::Locale;
pub use processor::Processor;
pub use rich::{Mark, Rich, Span, Token};
pub use style::{Display, Position, SecondFieldAlign, Style, StyleInfo};

/// What is wrong with a style or a locale, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CslError {
    /// Line, from 1; 0 when it is not known.
    pub line: u32,
    /// Column, from 1; 0 when it is not known.
    pub column: u32,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
}

impl CslError {
    fn from_xml(error: &roxmltree::Error) -> CslError {
        let at = error.pos();
        let message = error.to_string();
        // The position has fields of its own.
        let message = message
            .rsplit_once(" at ")
            .filter(|(_, tail)| tail.contains(':'))
            .map_or(message.as_str(), |(head, _)| head);
        CslError {
            line: at.row,
            column: at.col,
            message: format!("not well-formed XML: {message}"),
        }
    }
}

impl fmt::Display for CslError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for CslError {}

/// A mark that changes the letter before it.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
