//! The text of a PDF, from glyphs that stand somewhere on a page to passages that can be read.
//!
//! A PDF has no words, lines or paragraphs: it places glyphs. [`lines`] makes lines of them in the order in which they
//! are read, columns one after the other; [`compose`] makes passages of the lines of all pages: headings, and paragraphs
//! without the hyphens at line ends and without the heads and numbers that stand on every page. [`title()`] and
//! [`named_by`] find out which paper it is, [`gist()`] what it is about.
//!
//! Lengths are points (1/72 inch); `x` grows to the right, `y` downwards, from the upper left corner of the page.

mod columns;
mod gist;
mod named;
mod passages;
mod running;
mod runs;
mod title;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use columns::lines;
pub use gist::{Gist, gist};
pub use named::named_by;
pub use passages::{Kind, Passage, compose};
pub use title::title;

/// A character that stands upright on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Left end of its part of the baseline.
    pub x: f32,
    /// The baseline.
    pub y: f32,
    /// How far it takes the baseline.
    pub advance: f32,
    /// The size of its font.
    pub size: f32,
    /// The character.
    pub character: char,
    /// Its font is a bold one.
    pub is_bold: bool,
}

/// A line of text, within its column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Its left end.
    pub left: f32,
    /// Its right end.
    pub right: f32,
    /// The baseline.
    pub y: f32,
    /// The size of its font; of several, that of the most characters.
    pub size: f32,
    /// Most of it is bold.
    pub is_bold: bool,
    /// Which part of the page it belongs to; counted in reading order.
    pub part: u32,
    /// Left edge of that part.
    pub part_left: f32,
    /// Right edge of that part.
    pub part_right: f32,
}

/// What is written on a page.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PageText {
    /// Its number, from 1.
    pub number: u32,
    /// Its height.
    pub height: f32,
    /// Its lines in reading order.
    pub lines: Vec<Line>,
    /// What is written in other directions: the stamp of arXiv.
    pub aside: String,
}

impl PageText {
    /// Whether nothing is written on it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Fewer letters on a page than this are a stamp or a page number, not its text.
const LETTERS_OF_A_PAGE: usize = 16;

/// Whether the pages have no text worth the name, as scans do.
pub fn is_scanned(pages: &[PageText]) -> bool {
    let letters: usize = pages
        .iter()
        .flat_map(|page| &page.lines)
        .map(|line| line.text.chars().filter(|c| c.is_alphabetic()).count())
        .sum();
    letters < LETTERS_OF_A_PAGE.saturating_mul(pages.len().clamp(1, 8))
}
