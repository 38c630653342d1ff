//! The attached files on the page.

use super::{Block, Link, Piece, Section, SectionKind};
use crate::core::journal::PaperState;
use crate::core::text::scrub;

/// The attached files, and how to attach one.
pub(super) fn section(notes: Option<&PaperState>) -> Section {
    let files = notes.map_or(&[][..], |notes| &notes.files);
    let mut blocks: Vec<Block> = files
        .iter()
        .map(|path| Block::Field {
            label: "File",
            value: vec![Piece::linked(scrub(path, false), Link::File(path.clone()))],
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
            "No PDF attached; offprint attach ID FILE.pdf attaches one"
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
