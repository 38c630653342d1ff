//! PDFs: their text, and pictures of their pages.
//!
//! Documents come from anywhere, and no reader of such a format is safe from one that was made to break it. So the
//! program starts itself again under a hidden name ([`SUBCOMMAND`]): the child gets the open document as its standard
//! input and what is asked as its arguments, may use a gibibyte of memory, and answers on standard output. Where it does
//! not answer for ten seconds, or nobody waits any more, it is killed. Whatever becomes of it, the terminal is not its.
//!
//! An answer is a line of JSON; the pixels of a picture follow theirs.

mod child;
mod fonts;
mod glyphs;
mod look;
mod naming;
mod process;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use child::{SUBCOMMAND, main as child_main};
pub use look::look;
pub use naming::{first_pages, names, passages};
pub use process::{Program, Waiting};

use crate::core::pdf_text::PageText;

/// The largest side of a picture, in pixels.
pub const LARGEST_SIDE: u32 = 4000;
/// Larger documents are not read, in bytes.
pub const LARGEST_FILE: u64 = 256 << 20;

/// What is asked of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// The text of the pages from the first to the second number, counted from 1.
    Text {
        /// The first page.
        first: u32,
        /// The last page; `u32::MAX` for all.
        last: u32,
    },
    /// Pictures of pages, in this order, as large as they fit into a box of pixels.
    Pictures {
        /// The width of the box.
        width: u32,
        /// Its height.
        height: u32,
        /// Numbers of pages, counted from 1.
        pages: Vec<u32>,
    },
}

/// What a document answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It was opened and has so many pages.
    Opened {
        /// The number of pages.
        pages: u32,
    },
    /// The text of a page.
    Text(PageText),
    /// The picture of a page.
    Picture(Picture),
    /// A font of the document is neither in it nor on this machine: some characters could not be drawn.
    FontMissing,
    /// The document does not say which characters much of its text is.
    CharactersLost,
}

/// A picture of a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The page, from 1.
    pub page: u32,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue, opacity of each pixel, row by row; all are opaque.
    pub rgba: Vec<u8>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page {} in {}x{}", self.page, self.width, self.height)
    }
}

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PdfError {
    /// The file cannot be opened.
    #[error("{0}; check the path")]
    Unreadable(String),
    /// It is larger than [`LARGEST_FILE`].
    #[error("the PDF is larger than 256 MB; o opens it in the system's viewer")]
    TooLarge,
    /// It asks for a password.
    #[error("the PDF is encrypted and asks for a password; o opens it in the system's viewer")]
    Encrypted,
    /// Its encryption is of a kind that is not known.
    #[error(
        "the PDF is encrypted in a way that offprint does not know; o opens it in the system's viewer"
    )]
    UnknownEncryption,
    /// It is none, or damaged beyond reading.
    #[error("this is no PDF, or it is damaged; o opens it in the system's viewer")]
    Broken,
    /// It has no page of that number.
    #[error("the PDF has no page {0}")]
    NoPage(u32),
    /// It took more than ten seconds.
    #[error("the PDF took more than 10 seconds; o opens it in the system's viewer")]
    TimedOut,
    /// The child ended without an answer: it crashed, or ran out of memory.
    #[error(
        "the PDF could not be read: it is damaged, or needs more than 1 GiB of memory; o opens it in the system's viewer"
    )]
    Crashed,
    /// The child could not be started.
    #[error("the reader of PDFs cannot be started: {0}")]
    NotStarted(String),
    /// Nobody waits for the answer any more.
    #[error("stopped")]
    Cancelled,
}

/// The line that the child writes.
#[derive(Debug, Serialize, Deserialize)]
enum Head {
    Opened {
        pages: u32,
    },
    Text(PageText),
    /// As many bytes as the picture has follow.
    Picture {
        page: u32,
        width: u32,
        height: u32,
    },
    FontMissing,
    CharactersLost,
    Failed(PdfError),
    Done,
}
