//! What a PDF says on its first pages about which paper it is.

use std::path::Path;

use super::{Answer, Ask, PdfError, Program, Waiting};
use crate::core::identify::Identifier;
use crate::core::pdf_text::{PageText, named_by, title};

/// The pages on which a paper names itself.
const FIRST_PAGES: u32 = 2;

/// The identifier and the title that are printed on the first pages; nothing of a PDF that cannot be read.
pub fn names(
    program: &Program,
    path: &Path,
    is_cancelled: &dyn Fn() -> bool,
) -> (Option<Identifier>, Option<String>) {
    let pages = first_pages(program, path, is_cancelled).unwrap_or_default();
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
    let mut pages: Vec<PageText> = Vec::new();
    let asked = Ask::Text {
        first: 1,
        last: FIRST_PAGES,
    };
    let read = program.ask(path, &asked, &Waiting::until(is_cancelled), &mut |answer| {
        if let Answer::Text(text) = answer {
            pages.push(text);
        }
    });
    match read {
        Err(error) if pages.is_empty() => Err(error),
        _ => Ok(pages),
    }
}
