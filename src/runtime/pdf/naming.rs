//! What a PDF says: on its first pages about which paper it is, and its whole text.

use std::path::Path;

use super::{Answer, Ask, PdfError, Program, Waiting};
use crate::core::identify::Identifier;
use crate::core::pdf_text::{PageText, Passage, compose, named_by, title};

/// The pages on which a paper names itself.
const FIRST_PAGES: u32 = 2;

/// The identifier and the title that are printed on the first pages; nothing of a PDF that cannot be read.
pub fn names(
    program: &Program,
    path: &Path,
    is_cancelled: &dyn Fn() -> bool,
) -> (Option<Identifier>, Option<String>) {
    // What was read before it broke may be enough; why it broke matters to nobody here.
    let (pages, _) = texts(program, path, FIRST_PAGES, is_cancelled);
    (named_by(&pages), title(&pages))
}

/// The text of the first pages, on which a paper names itself and says what it is about.
///
/// # Errors
/// When nothing of the file could be read; what was read before it broke may be enough.
pub fn first_pages(
    program: &Program,
    path: &Path,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Vec<PageText>, PdfError> {
    match texts(program, path, FIRST_PAGES, is_cancelled) {
        (pages, Err(error)) if pages.is_empty() => Err(error),
        (pages, _) => Ok(pages),
    }
}

/// The running text of a whole PDF.
///
/// # Errors
/// Why there is none, or not all of it.
pub fn passages(
    program: &Program,
    path: &Path,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Vec<Passage>, PdfError> {
    let (pages, result) = texts(program, path, u32::MAX, is_cancelled);
    result.map(|()| compose(&pages))
}

/// The text of the pages up to the last, as far as it can be read.
fn texts(
    program: &Program,
    path: &Path,
    last: u32,
    is_cancelled: &dyn Fn() -> bool,
) -> (Vec<PageText>, Result<(), PdfError>) {
    let mut pages: Vec<PageText> = Vec::new();
    let asked = Ask::Text { first: 1, last };
    let result = program.ask(path, &asked, &Waiting::until(is_cancelled), &mut |answer| {
        if let Answer::Text(text) = answer {
            pages.push(text);
        }
    });
    (pages, result)
}
