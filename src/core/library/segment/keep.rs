//! A segment in the cache: its columns one after the other, those of the widest numbers first, so that each is aligned.

use bytemuck::Pod;

use super::Segment;
use crate::core::cache::{CacheError, Numbers, Piece, Shelf, Text, append_numbers};

/// The name of the sections of the cache that hold a segment each, in their order.
pub(in crate::core::library) const SEGMENTS: &str = "segment";
/// The name of the column of [`Segment::sizes`].
pub(in crate::core::library) const SIZES: &str = "segment sizes";

/// Takes columns from the front of a piece.
struct Columns<'a> {
    piece: &'a Piece,
    at: usize,
}

impl Columns<'_> {
    fn piece(&mut self, len: usize) -> Result<Piece, CacheError> {
        let start = self.at;
        self.at = start.checked_add(len).ok_or(CacheError::Damaged)?;
        self.piece.part(start..self.at).ok_or(CacheError::Damaged)
    }

    fn numbers<T: Pod>(&mut self, count: usize) -> Result<Numbers<T>, CacheError> {
        let len = count.checked_mul(size_of::<T>());
        Numbers::kept(self.piece(len.ok_or(CacheError::Damaged)?)?)
    }
}

impl Segment {
    /// What tells how long each column is: papers, authors, bytes of text to show, bytes of folded text.
    pub(in crate::core::library) fn sizes(&self) -> [u32; 4] {
        [
            self.len() as u32,
            self.authors.len() as u32,
            self.display.len() as u32,
            self.folded.len() as u32,
        ]
    }

    /// Puts the columns on a shelf, as one section.
    pub(in crate::core::library) fn keep(
        &self,
        shelf: &mut dyn Shelf,
    ) -> Result<Segment, CacheError> {
        append_numbers(shelf, &self.offsets);
        append_numbers(shelf, &self.ids);
        append_numbers(shelf, &self.contents);
        append_numbers(shelf, &self.truncated);
        append_numbers(shelf, &self.marks);
        append_numbers(shelf, &self.authors);
        append_numbers(shelf, &self.lengths);
        append_numbers(shelf, &self.lines);
        append_numbers(shelf, &self.years);
        append_numbers(shelf, &self.kinds);
        shelf.append(self.display.as_bytes());
        shelf.append(self.folded.as_bytes());
        Segment::open(&shelf.end(SEGMENTS), self.sizes())
    }

    /// The segment that was put on a shelf. Nothing of it is read.
    pub(in crate::core::library) fn open(
        piece: &Piece,
        [papers, authors, display, folded]: [u32; 4],
    ) -> Result<Segment, CacheError> {
        let (papers, authors) = (papers as usize, authors as usize);
        let mut columns = Columns { piece, at: 0 };
        let segment = Segment {
            offsets: columns.numbers(papers)?,
            ids: columns.numbers(papers)?,
            contents: columns.numbers(papers)?,
            truncated: columns.numbers(papers.div_ceil(64))?,
            marks: columns.numbers(papers)?,
            authors: columns.numbers(authors)?,
            lengths: columns.numbers(papers)?,
            lines: columns.numbers(papers)?,
            years: columns.numbers(papers)?,
            kinds: columns.numbers(papers)?,
            display: Text::kept(columns.piece(display as usize)?),
            folded: Text::kept(columns.piece(folded as usize)?),
        };
        if columns.at == piece.len() {
            Ok(segment)
        } else {
            Err(CacheError::Damaged)
        }
    }
}
