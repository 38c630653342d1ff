//! The attached files on the page.

use super::thousands;
use super::{Block, Link, Piece, Section, SectionKind};
use crate::core::journal::PaperState;
use crate::core::text::scrub;

/// What is known of the file that is read, once somebody looked at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PdfLook {
    /// It has so many pages.
    Pages(u32),
    /// It cannot be read, for this reason.
    Unreadable(String),
}

impl PdfLook {
    fn words(&self) -> String {
        match self {
            PdfLook::Pages(1) => "1 page".to_owned(),
            PdfLook::Pages(pages) => format!("{} pages", thousands(*pages as usize)),
            PdfLook::Unreadable(reason) => scrub(reason, false),
        }
    }
}

/// The attached files, and how to attach one.
pub(super) fn section(notes: Option<&PaperState>, look: Option<&PdfLook>) -> Section {
    let files = notes.map_or(&[][..], |notes| &notes.files);
    let read = first_pdf(files);
    let mut blocks: Vec<Block> = files
        .iter()
        .map(|path| {
            let mut value = vec![Piece::linked(scrub(path, false), Link::File(path.clone()))];
            if let Some(look) = look.filter(|_| Some(path) == read) {
                value.push(Piece::plain(format!(" · {}", look.words())));
            }
            Block::Field {
                label: "File",
                value,
            }
        })
        .collect();
    if let Some(progress) = notes.and_then(|notes| notes.progress)
        && !blocks.is_empty()
    {
        let read = match progress.of {
            0 => format!("page {}", progress.page),
            of => format!("page {} of {of}", progress.page),
        };
        blocks.push(Block::Field {
            label: "Read to",
            value: vec![Piece::plain(read)],
        });
    }
    blocks.push(Block::Note(
        if files.is_empty() {
            "No PDF attached; .f finds a free one, offprint attach ID FILE.pdf attaches yours"
        } else {
            "Enter or P reads it here, o opens it in the system's viewer"
        }
        .to_owned(),
    ));
    Section {
        kind: SectionKind::Pdf,
        count: None,
        origin: None,
        blocks,
    }
}

/// The file that is read and opened: the first PDF, else the first of all.
pub fn first_pdf(files: &[String]) -> Option<&String> {
    let is_pdf = |path: &&String| {
        path.rsplit_once('.')
            .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("pdf"))
    };
    files.iter().find(is_pdf).or_else(|| files.first())
}
