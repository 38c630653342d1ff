//! What a PDF says on its first pages about which paper it is.

use std::path::Path;

use super::{Answer, Ask, Program, Waiting};
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
    let mut pages: Vec<PageText> = Vec::new();
    let asked = Ask::Text {
        first: 1,
        last: FIRST_PAGES,
    };
    // What was read before it broke may be enough; why it broke matters to nobody here.
    let _ = program.ask(path, &asked, &Waiting::until(is_cancelled), &mut |answer| {
        if let Answer::Text(text) = answer {
            pages.push(text);
        }
    });
    (named_by(&pages), title(&pages))
}
