//! A glance at a PDF: how many pages it has, or why it cannot be read.

use std::path::Path;

use super::{Answer, Ask, Program, Waiting};
use crate::core::page::PdfLook;

/// Looks at a PDF without reading any of its pages.
pub fn look(program: &Program, path: &Path, is_cancelled: &dyn Fn() -> bool) -> PdfLook {
    let mut count = 0;
    // No page lies between these two.
    let asked = Ask::Text { first: 1, last: 0 };
    let result = program.ask(path, &asked, &Waiting::until(is_cancelled), &mut |answer| {
        if let Answer::Opened { pages } = answer {
            count = pages;
        }
    });
    match result {
        Ok(()) => PdfLook::Pages(count),
        Err(error) => PdfLook::Unreadable(error.to_string()),
    }
}
