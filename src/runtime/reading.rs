//! Reading an attached PDF for the app: its pages as they come from the child.

use std::path::Path;
use std::sync::Arc;

use super::jobs::Cancelled;
#[cfg(feature = "pdf")]
use super::pdf::{Answer, Ask, PdfError, Program, Waiting};
use crate::app::reading::{ReadingNews, Stage};
use crate::core::page::PdfLook;
#[cfg(feature = "pdf")]
use crate::core::pdf_text::{PageText, compose, is_scanned};
use crate::core::text::scrub;

/// Reads a PDF, and tells of its pages: of the first, then whenever twice as many are there. Returns the last news.
#[cfg(feature = "pdf")]
pub(super) fn read(
    signature: u64,
    path: &Path,
    cancelled: &Cancelled,
    tell: &dyn Fn(ReadingNews),
) -> ReadingNews {
    let mut texts: Vec<PageText> = Vec::new();
    let mut count = 0;
    let mut next = 1;
    let mut remark = None;
    let asked = Ask::Text {
        first: 1,
        last: u32::MAX,
    };
    let is_cancelled = || cancelled.is_cancelled();
    let result = Program::default().ask(
        path,
        &asked,
        &Waiting::until(&is_cancelled),
        &mut |answer| match answer {
            Answer::Opened { pages } => count = pages,
            Answer::Text(text) => {
                texts.push(text);
                if texts.len() == next && texts.len() < count as usize {
                    next *= 2;
                    tell(ReadingNews {
                        signature,
                        stage: Stage::Pages(u32::try_from(texts.len()).unwrap_or(count)),
                        pages: count,
                        passages: Some(compose(&texts).into()),
                        remark: None,
                    });
                }
            }
            Answer::CharactersLost => {
                let text = "Part of the text is missing: this PDF does not say which characters it is made of; o opens it";
                remark = Some(text.to_owned());
            }
            Answer::Picture(_) | Answer::FontMissing => {}
        },
    );
    let name = scrub(&path.to_string_lossy(), false);
    let stage = match result {
        Ok(()) if is_scanned(&texts) => Stage::Failed(
            "no text in this PDF (scanned); o opens it in the system's viewer".to_owned(),
        ),
        Ok(()) => Stage::Whole,
        Err(error @ (PdfError::Unreadable(_) | PdfError::NotStarted(_))) => {
            Stage::Failed(format!("{name}: {error}"))
        }
        // What was read before it broke can be read.
        Err(error) if !texts.is_empty() && !is_scanned(&texts) => {
            remark = Some(format!("After page {}: {error}", texts.len()));
            Stage::Whole
        }
        Err(error) => Stage::Failed(format!("{name}: {error}")),
    };
    let passages = match &stage {
        Stage::Failed(_) => Arc::from([]),
        _ => compose(&texts).into(),
    };
    ReadingNews {
        signature,
        stage,
        pages: count,
        passages: Some(passages),
        remark,
    }
}

/// Says that this build cannot.
#[cfg(not(feature = "pdf"))]
pub(super) fn read(
    signature: u64,
    path: &Path,
    _: &Cancelled,
    _: &dyn Fn(ReadingNews),
) -> ReadingNews {
    let name = scrub(&path.to_string_lossy(), false);
    ReadingNews {
        signature,
        stage: Stage::Failed(format!(
            "{name}: this build of offprint reads no PDFs; o opens it in the system's viewer"
        )),
        pages: 0,
        passages: Some(Arc::from([])),
        remark: None,
    }
}

/// Looks at a PDF without reading it.
#[cfg(feature = "pdf")]
pub(super) fn look(path: &Path, cancelled: &Cancelled) -> PdfLook {
    super::pdf::look(&Program::default(), path, &|| cancelled.is_cancelled())
}

#[cfg(not(feature = "pdf"))]
pub(super) fn look(_: &Path, _: &Cancelled) -> PdfLook {
    PdfLook::Unreadable("this build of offprint reads no PDFs".to_owned())
}
