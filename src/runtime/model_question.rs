//! What of a paper is sent to a model: its abstract, or the text of its attached PDF.

use super::attachment;
use super::place::Place;
use crate::core::findings::{AbstractText, Question, Scope};
use crate::core::item::Item;
use crate::core::page::first_pdf;

/// A question, and the file that it is about, as journals hold its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posed {
    /// The question.
    pub question: Question,
    /// The PDF, unless it is about the abstract.
    pub file: Option<String>,
}

/// The question about a paper with these attached files. Where its PDF is wanted and none is attached, it is about the
/// abstract.
///
/// # Errors
/// In a sentence: when there is nothing to ask about, or the PDF cannot be read.
pub fn pose(
    item: &Item,
    files: &[String],
    library: &Place,
    wanted: Scope,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Posed, String> {
    if let (Scope::Pdf, Some(file)) = (wanted, first_pdf(files)) {
        let path = attachment::found(file, library);
        return Ok(Posed {
            question: about_file(&path, is_cancelled)?,
            file: Some(file.clone()),
        });
    }
    let read = AbstractText::of(&item.text("abstract").unwrap_or_default());
    let question = Question::about(&read).ok_or_else(|| {
        let instead = match (wanted, first_pdf(files)) {
            (Scope::Abstract, Some(_)) => {
                "scope = \"pdf\" under [model], or --scope pdf, sends the text of the PDF"
            }
            _ => "e adds one to the fields, and the text of a PDF is sent where one is attached",
        };
        format!("there is no abstract to ask about; {instead}")
    })?;
    Ok(Posed {
        question,
        file: None,
    })
}

#[cfg(feature = "pdf")]
fn about_file(path: &std::path::Path, is_cancelled: &dyn Fn() -> bool) -> Result<Question, String> {
    let name = || crate::core::text::scrub(&path.to_string_lossy(), false);
    let passages = super::pdf::passages(&super::pdf::Program::default(), path, is_cancelled)
        .map_err(|error| format!("{}: {error}", name()))?;
    Question::about_pdf(&passages).ok_or_else(|| {
        format!(
            "{}: no text in this PDF (scanned); --scope abstract sends the abstract",
            name()
        )
    })
}

#[cfg(not(feature = "pdf"))]
fn about_file(_: &std::path::Path, _: &dyn Fn() -> bool) -> Result<Question, String> {
    Err("this build of offprint reads no PDFs; --scope abstract sends the abstract".to_owned())
}
