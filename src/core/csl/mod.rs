//! Citations: a processor for the Citation Style Language (CSL) 1.0.2.

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
