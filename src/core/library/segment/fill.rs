//! Filling a segment's columns.

use super::{AuthorAt, KINDS, Marks, NO_YEAR, Segment, Span, hash};
use crate::core::item::Name;
use crate::core::library::record::Record;
use crate::core::text::{clean_into, fold_into};

/// Bytes of a title, venue or keyword list kept in the columns; the item keeps all of it.
const LONGEST_TEXT: usize = 8 << 10;
/// Bytes of a name kept in the columns.
const LONGEST_NAME: usize = 1 << 10;
/// Bytes of all texts of a segment; a file that goes beyond it is an attack, its further texts are left empty.
const LARGEST_ARENA: usize = 1 << 30;
/// What an item without a title is called.
const UNTITLED: &str = "Untitled";

/// Buffers used for one paper after another.
#[derive(Debug, Default)]
pub(in crate::core::library) struct Scratch {
    text: String,
}

impl Segment {
    /// Adds a paper under `id`.
    pub(in crate::core::library) fn push(
        &mut self,
        record: &Record<'_>,
        id: &str,
        span: Span,
        line: u32,
        scratch: &mut Scratch,
    ) {
        let at = self.marks.len();
        let mut marks = Marks {
            id: self.display.len() as u32,
            title: 0,
            venue: 0,
            authors: 0,
            first_author: self.authors.len() as u32,
            folded: [0; 4],
        };
        self.ids.push((hash(id), at as u16));
        self.show(id, LONGEST_TEXT);
        marks.title = self.display.len() as u32;
        match record.title() {
            Some(title) => self.show(&title, LONGEST_TEXT),
            None => self.show(UNTITLED, LONGEST_TEXT),
        }
        if self.display.len() as u32 == marks.title {
            // Nothing but control characters or tags.
            self.show(UNTITLED, LONGEST_TEXT);
        }
        marks.venue = self.display.len() as u32;
        if let Some(venue) = record.venue() {
            self.show(&venue, LONGEST_TEXT);
        }
        marks.authors = self.display.len() as u32;
        record.for_each_name(&mut |name| self.push_author(name, scratch));

        marks.folded[0] = self.folded.len() as u32;
        self.fold_display(marks.title, marks.venue);
        marks.folded[1] = self.folded.len() as u32;
        for at in marks.first_author as usize..self.authors.len() {
            if at > marks.first_author as usize {
                self.folded.push_str("; ");
            }
            if let Some(author) = self.authors.get(at) {
                let (from, to) = (author.start, author.start + u32::from(author.len));
                self.fold_display(from, to);
            }
        }
        marks.folded[2] = self.folded.len() as u32;
        self.fold_display(marks.venue, marks.authors);
        marks.folded[3] = self.folded.len() as u32;
        if let Some(keywords) = record.keywords() {
            scratch.text.clear();
            clean_into(cut(&keywords, LONGEST_TEXT), &mut scratch.text);
            if self.folded.len() + scratch.text.len() < LARGEST_ARENA {
                fold_into(&scratch.text, &mut self.folded);
            }
        }

        self.marks.push(marks);
        self.offsets.push(span.offset);
        self.lengths.push(span.len);
        self.lines.push(line);
        let year = record.year().and_then(|year| i16::try_from(year).ok());
        self.years.push(year.unwrap_or(NO_YEAR));
        let kind = record.kind();
        let kind = KINDS.iter().position(|known| *known == kind);
        self.kinds.push(kind.unwrap_or_default() as u8);
        if at.is_multiple_of(64) {
            self.truncated.push(0);
        }
        if record.authors_truncated()
            && let Some(bits) = self.truncated.last_mut()
        {
            *bits |= 1 << (at % 64);
        }
    }

    /// Appends display text.
    fn show(&mut self, raw: &str, longest: usize) {
        let raw = cut(raw, longest);
        if self.display.len() + raw.len() < LARGEST_ARENA {
            clean_into(raw, &mut self.display);
        }
    }

    fn fold_display(&mut self, from: u32, to: u32) {
        if self.folded.len() < LARGEST_ARENA
            && let Some(text) = self.display.get(from as usize..to as usize)
        {
            fold_into(text, &mut self.folded);
        }
    }

    fn push_author(&mut self, name: &Name, scratch: &mut Scratch) {
        let start = self.display.len();
        self.show(&name.full(), LONGEST_NAME);
        let full = self.display.get(start..).unwrap_or_default();
        let len = full.len();
        if len == 0 {
            return;
        }
        scratch.text.clear();
        clean_into(cut(&name.short(), LONGEST_NAME), &mut scratch.text);
        let short = scratch.text.as_str();
        let short_at = if full.ends_with(short) {
            len - short.len()
        } else {
            full.rfind(short).unwrap_or(len)
        };
        if short_at == len {
            self.display.push_str(short);
        }
        self.authors.push(AuthorAt {
            start: start as u32,
            len: len as u16,
            short_at: short_at as u16,
            short_len: short.len() as u16,
        });
    }

    /// The segment is complete.
    pub(in crate::core::library) fn seal(&mut self) {
        self.ids.sort_unstable();
        self.display.shrink_to_fit();
        self.folded.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.authors.shrink_to_fit();
        self.offsets.shrink_to_fit();
        self.lengths.shrink_to_fit();
        self.lines.shrink_to_fit();
        self.years.shrink_to_fit();
        self.kinds.shrink_to_fit();
        self.truncated.shrink_to_fit();
        self.ids.shrink_to_fit();
    }
}

/// An id as the columns keep it.
pub(in crate::core::library) fn cut_id(id: &str) -> &str {
    cut(id, LONGEST_TEXT)
}

fn cut(text: &str, longest: usize) -> &str {
    if text.len() <= longest {
        return text;
    }
    text.get(..text.floor_char_boundary(longest))
        .unwrap_or_default()
}
