//! A library in memory: columns of its papers, and the way from a file's bytes to them.
//!
//! Bytes go into a [`Builder`] in pieces of any size; out come [`Segment`]s of 1024 papers, each as soon as it is full,
//! and [`Problems`]. A [`Library`] is a list of segments, cheap to clone, so that the papers read so far can be shown
//! while the rest of the file is still on its way. Items themselves stay in the file: [`Library::item`] reads one back
//! by its place, from an [`ItemSource`].

mod arxiv;
mod builder;
mod documents;
mod grammar;
mod identity;
mod indexing;
mod item_start;
mod json;
mod kept;
mod place;
mod problem;
mod record;
pub mod rewrite;
mod scanner;
mod segment;
mod sniff;
mod source;
#[cfg(test)]
mod tests;
mod text_run;

use std::sync::Arc;

use super::item::Item;
use super::paper::PaperNo;
use super::text::clean;

pub(in crate::core) use arxiv::{is_record as is_arxiv_record, to_csl as arxiv_to_csl};
pub use builder::Builder;
pub use documents::{Progress, Texts, build_index};
pub use indexing::{Kept, PIECE, Pieces, Spared, build_index_sparing};
pub use kept::keep_segments;
pub use problem::{FileError, Problem, Problems};
pub use record::Record;
pub use scanner::{Found, Scanner};
pub use segment::{Author, FoldedField, SEGMENT, Segment, Span};
pub use source::{ItemSource, MemorySource, SourceError};

/// The papers of a library. Cloning it copies a list of pointers, one for 1024 papers.
///
/// Every accessor answers with nothing (`""`, `None`, no authors) for a number that is not in the library.
#[derive(Debug, Clone, Default)]
pub struct Library {
    segments: Vec<Arc<Segment>>,
    len: usize,
}

impl Library {
    /// Adds the next segment. Only the last one may have fewer than [`SEGMENT`] papers: after such a one nothing is
    /// added.
    pub fn push(&mut self, segment: Arc<Segment>) {
        if self.len.is_multiple_of(SEGMENT) && !segment.is_empty() {
            self.len += segment.len();
            self.segments.push(segment);
        }
    }

    /// Number of papers.
    pub fn len(&self) -> usize {
        self.len
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All papers in the order of the file.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = PaperNo> + ExactSizeIterator {
        (0..self.len as u32).map(PaperNo)
    }

    /// The segments in order.
    pub fn segments(&self) -> &[Arc<Segment>] {
        &self.segments
    }

    /// The segment of a paper and its place there; beyond the end an empty one.
    fn at(&self, no: PaperNo) -> (&Segment, usize) {
        static NONE: std::sync::LazyLock<Segment> = std::sync::LazyLock::new(Segment::default);
        let number = no.0 as usize;
        match self.segments.get(number / SEGMENT) {
            Some(segment) => (segment, number % SEGMENT),
            None => (&NONE, 0),
        }
    }

    /// The id, as it can be shown.
    pub fn id(&self, no: PaperNo) -> &str {
        let (segment, at) = self.at(no);
        segment.id(at)
    }

    /// Display title; "Untitled" when the item has none.
    pub fn title(&self, no: PaperNo) -> &str {
        let (segment, at) = self.at(no);
        segment.title(at)
    }

    /// Display venue: container title, else publisher, else genre.
    pub fn venue(&self, no: PaperNo) -> &str {
        let (segment, at) = self.at(no);
        segment.venue(at)
    }

    /// The authors in order, short and in full.
    pub fn authors(&self, no: PaperNo) -> impl ExactSizeIterator<Item = Author<'_>> + Clone {
        let (segment, at) = self.at(no);
        segment.authors(at)
    }

    /// The list of authors is known to be incomplete: show "et al.".
    pub fn authors_truncated(&self, no: PaperNo) -> bool {
        let (segment, at) = self.at(no);
        segment.authors_truncated(at)
    }

    /// Year of publication.
    pub fn year(&self, no: PaperNo) -> Option<i32> {
        let (segment, at) = self.at(no);
        segment.year(at)
    }

    /// CSL type; `document` for types that CSL does not have.
    pub fn kind(&self, no: PaperNo) -> &'static str {
        let (segment, at) = self.at(no);
        segment.kind(at)
    }

    /// Text for the search.
    pub fn folded(&self, no: PaperNo, field: FoldedField) -> &str {
        let (segment, at) = self.at(no);
        segment.folded(at, field)
    }

    /// Where the item is in the file.
    pub fn span(&self, no: PaperNo) -> Option<Span> {
        let (segment, at) = self.at(no);
        segment.span(at)
    }

    /// Line of the item in the file, from 1; 0 when there is no such paper.
    pub fn line(&self, no: PaperNo) -> u32 {
        let (segment, at) = self.at(no);
        segment.line(at)
    }

    /// The first paper with this id. The id of an arXiv record is also found with `arXiv:` before it.
    pub fn find_id(&self, id: &str) -> Option<PaperNo> {
        let exact = |id: &str| {
            self.segments
                .iter()
                .enumerate()
                .find_map(|(number, segment)| {
                    let at = segment.find_id(id)?;
                    Some(PaperNo((number * SEGMENT + at) as u32))
                })
        };
        exact(id).or_else(|| exact(id.strip_prefix("arXiv:")?))
    }

    /// Bytes in memory, what is shared with clones included.
    pub fn size(&self) -> usize {
        self.segments.iter().map(|segment| segment.size()).sum()
    }

    /// The whole item: read back, arXiv records as CSL, with the id under which the library knows it.
    ///
    /// # Errors
    /// [`SourceError::Changed`] when the file no longer holds this item at its place.
    pub fn item(&self, no: PaperNo, source: &dyn ItemSource) -> Result<Item, SourceError> {
        let span = self.span(no).ok_or(SourceError::Changed)?;
        let bytes = source.read(span)?;
        let item = Item::parse(&bytes).map_err(|_| SourceError::Changed)?;
        let mut fields = if arxiv::is_record(item.fields()) {
            arxiv::to_csl(item.fields())
        } else {
            item.fields().clone()
        };
        let known = self.id(no);
        match clean(&item.id()).as_str() {
            "" => {
                fields.insert("id".to_owned(), known.into());
            }
            id if segment::cut_id(id) == known => {}
            _ => return Err(SourceError::Changed),
        }
        Ok(Item::from_fields(fields))
    }
}
