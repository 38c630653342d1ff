//! What the search reads of a library: a document for each paper while the index is built, and texts on demand.

use std::borrow::Cow;

use super::Library;
use super::record::Record;
use super::segment::{FoldedField, Segment, Span};
use super::source::{ItemSource, SourceError};
use crate::core::index::{Document, Index, IndexBuilder, SearchTexts};
use crate::core::paper::PaperNo;
use crate::core::query::Field;
use crate::core::text::{clean, clean_into, fold};

/// Bytes read at once while the index is built.
const RUN: u64 = 1 << 20;

/// Builds the search index by reading the items a second time.
///
/// `cancelled` is asked about once a megabyte; `Ok(None)` when it said yes.
///
/// # Errors
/// When the file cannot be read any more or no longer holds the items.
pub fn build_index(
    library: &Library,
    source: &dyn ItemSource,
    cancelled: &dyn Fn() -> bool,
) -> Result<Option<Index>, SourceError> {
    let mut documents = Documents::new(library, source);
    let builder = documents.read(library.numbers(), &mut |_| !cancelled())?;
    Ok(builder.map(IndexBuilder::finish))
}

/// Told how many papers have been indexed, about once a megabyte; says whether to go on.
pub type Progress<'a> = dyn FnMut(usize) -> bool + 'a;

/// Reads the documents of a library.
pub(super) struct Documents<'a> {
    library: &'a Library,
    source: &'a dyn ItemSource,
    buffers: Buffers,
}

impl<'a> Documents<'a> {
    pub(super) fn new(library: &'a Library, source: &'a dyn ItemSource) -> Documents<'a> {
        Documents {
            library,
            source,
            buffers: Buffers::default(),
        }
    }

    /// Puts papers, whose numbers rise, into a new index; `None` when told to stop.
    pub(super) fn read(
        &mut self,
        papers: impl Iterator<Item = PaperNo>,
        go_on: &mut Progress<'_>,
    ) -> Result<Option<IndexBuilder>, SourceError> {
        let mut builder = IndexBuilder::new();
        let mut papers = papers.peekable();
        let mut run: Vec<PaperNo> = Vec::new();
        while papers.peek().is_some() {
            if !go_on(builder.len()) {
                return Ok(None);
            }
            run.clear();
            let mut all: Option<Span> = None;
            while let Some(&no) = papers.peek() {
                let span = self.library.span(no).ok_or(SourceError::Changed)?;
                let follows = run.last().is_none_or(|last| last.0 + 1 == no.0);
                let Some(longer) = together(all, span).filter(|_| follows) else {
                    break;
                };
                all = Some(longer);
                run.push(no);
                papers.next();
            }
            self.read_run(&run, all.ok_or(SourceError::Changed)?, &mut builder)?;
        }
        Ok(Some(builder))
    }

    fn read_run(
        &mut self,
        papers: &[PaperNo],
        all: Span,
        builder: &mut IndexBuilder,
    ) -> Result<(), SourceError> {
        let bytes = self.source.read(all)?;
        for &no in papers {
            let (segment, at) = self.library.at(no);
            let span = segment.span(at).ok_or(SourceError::Changed)?;
            let start = span.offset.saturating_sub(all.offset) as usize;
            let text = bytes
                .get(start..start.saturating_add(span.len as usize))
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .ok_or(SourceError::Changed)?;
            let record = Record::read(text);
            if !still_there(&record, segment.id(at)) {
                return Err(SourceError::Changed);
            }
            self.buffers.add(segment, at, &record, builder);
        }
        Ok(())
    }
}

/// The bytes up to the end of an item that is read together with those before it; `None` when it is not.
fn together(all: Option<Span>, next: Span) -> Option<Span> {
    let Some(all) = all else {
        return Some(next);
    };
    let end = all.offset.saturating_add(u64::from(all.len));
    let next_end = next.offset.saturating_add(u64::from(next.len));
    let len = next_end.saturating_sub(all.offset);
    (next.offset >= end && len <= RUN).then_some(Span {
        offset: all.offset,
        len: len as u32,
    })
}

/// Whether the bytes read again are those of the item known by this id.
pub(super) fn still_there(record: &Record<'_>, id: &str) -> bool {
    match record.id() {
        Some(found) if *found == *id => true,
        Some(found) => {
            let found = clean(&found);
            found.is_empty() || super::segment::cut_id(&found) == id
        }
        None => record.is_item(),
    }
}

/// Texts of the paper at hand.
#[derive(Default)]
struct Buffers {
    authors: String,
    keywords: String,
    abstract_text: String,
}

impl Buffers {
    fn add(
        &mut self,
        segment: &Segment,
        at: usize,
        record: &Record<'_>,
        builder: &mut IndexBuilder,
    ) {
        self.authors.clear();
        for author in segment.authors(at) {
            if !self.authors.is_empty() {
                self.authors.push_str("; ");
            }
            self.authors.push_str(author.full);
        }
        self.keywords.clear();
        if let Some(keywords) = record.keywords() {
            clean_into(&keywords, &mut self.keywords);
        }
        self.abstract_text.clear();
        if let Some(text) = record.abstract_text() {
            clean_into(&text, &mut self.abstract_text);
        }
        let doi = record.doi().unwrap_or_default();
        let references: Vec<String> = record
            .references()
            .into_iter()
            .map(|reference| reference.to_ascii_lowercase())
            .collect();
        let references: Vec<&str> = references.iter().map(String::as_str).collect();
        builder.add(&Document {
            title: segment.title(at),
            authors: &self.authors,
            venue: segment.venue(at),
            year: segment.year(at),
            keywords: &self.keywords,
            id: segment.id(at),
            doi: &doi,
            abstract_text: &self.abstract_text,
            references: &references,
        });
    }
}

/// A library with its file, as the search asks it for texts. Titles, authors, venues and keywords come from the
/// columns; DOIs and abstracts are read from the file, and are empty when it cannot be read.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    /// The papers.
    pub library: &'a Library,
    /// Their file.
    pub source: &'a dyn ItemSource,
}

impl Texts<'_> {
    fn read_again(&self, no: PaperNo, text: fn(&Record<'_>) -> String) -> String {
        let read = || {
            let bytes = self.source.read(self.library.span(no)?).ok()?;
            let record = Record::read(std::str::from_utf8(&bytes).ok()?);
            still_there(&record, self.library.id(no)).then(|| text(&record))
        };
        read().unwrap_or_default()
    }
}

impl SearchTexts for Texts<'_> {
    fn folded(&self, no: PaperNo, field: Field) -> Cow<'_, str> {
        let column = |field| Cow::Borrowed(self.library.folded(no, field));
        match field {
            Field::Title => column(FoldedField::Title),
            Field::Authors => column(FoldedField::Authors),
            Field::Venue => column(FoldedField::Venue),
            Field::Keywords => column(FoldedField::Keywords),
            Field::Id => fold(self.library.id(no)),
            Field::Doi => Cow::Owned(self.read_again(no, |record| {
                fold(&record.doi().unwrap_or_default()).into_owned()
            })),
            Field::Abstract => Cow::Owned(self.read_again(no, |record| {
                let raw = record.abstract_text().unwrap_or_default();
                fold(&clean(&raw)).into_owned()
            })),
        }
    }

    fn year(&self, no: PaperNo) -> Option<i32> {
        self.library.year(no)
    }
}
