//! Filling a segment's columns.

use super::{KINDS, NO_YEAR, Segment, content, hash};
use crate::core::item::Name;
use crate::core::library::record::Record;
use crate::core::library::scanner::Found;
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
        found: &Found<'_>,
        scratch: &mut Scratch,
    ) {
        let at = self.marks.len();
        let in_display = self.display.len() as u32;
        self.ids.push(hash(id) << 16 | at as u64);
        self.show(id, LONGEST_TEXT);
        let title = self.display.len() as u32;
        match record.title() {
            Some(title) => self.show(&title, LONGEST_TEXT),
            None => self.show(UNTITLED, LONGEST_TEXT),
        }
        if self.display.len() as u32 == title {
            // Nothing but control characters or tags.
            self.show(UNTITLED, LONGEST_TEXT);
        }
        let venue = self.display.len() as u32;
        if let Some(venue) = record.venue() {
            self.show(&venue, LONGEST_TEXT);
        }
        let (authors, first_author) = (self.display.len() as u32, self.authors.len());
        record.for_each_name(&mut |name| self.push_author(name, scratch));

        let folded_title = self.folded.len() as u32;
        self.fold_display(title, venue);
        let folded_authors = self.folded.len() as u32;
        for at in first_author..self.authors.len() {
            if at > first_author {
                self.folded.owned().push_str("; ");
            }
            if let Some([start, place, _]) = self.authors.get(at).copied() {
                self.fold_display(start, start + (place & 0xFFFF));
            }
        }
        let folded_venue = self.folded.len() as u32;
        self.fold_display(venue, authors);
        let folded_keywords = self.folded.len() as u32;
        if let Some(keywords) = record.keywords() {
            scratch.text.clear();
            clean_into(cut(&keywords, LONGEST_TEXT), &mut scratch.text);
            if self.folded.len() + scratch.text.len() < LARGEST_ARENA {
                fold_into(&scratch.text, self.folded.owned());
            }
        }

        self.marks.push([
            in_display,
            title,
            venue,
            authors,
            first_author as u32,
            folded_title,
            folded_authors,
            folded_venue,
            folded_keywords,
        ]);
        self.offsets.push(found.span.offset);
        self.lengths.push(found.span.len);
        self.lines.push(found.line);
        self.contents.push(content(found.text, id));
        let year = record.year().and_then(|year| i16::try_from(year).ok());
        self.years.push(year.unwrap_or(NO_YEAR));
        let kind = record.kind();
        let kind = KINDS.iter().position(|known| *known == kind);
        self.kinds.push(kind.unwrap_or_default() as u8);
        if at.is_multiple_of(64) {
            self.truncated.push(0);
        }
        if record.authors_truncated()
            && let Some(bits) = self.truncated.owned().last_mut()
        {
            *bits |= 1 << (at % 64);
        }
    }

    /// Appends display text.
    fn show(&mut self, raw: &str, longest: usize) {
        let raw = cut(raw, longest);
        if self.display.len() + raw.len() < LARGEST_ARENA {
            clean_into(raw, self.display.owned());
        }
    }

    fn fold_display(&mut self, from: u32, to: u32) {
        if self.folded.len() < LARGEST_ARENA
            && let Some(text) = self.display.get(from as usize..to as usize)
        {
            fold_into(text, self.folded.owned());
        }
    }

    fn push_author(&mut self, name: &Name, scratch: &mut Scratch) {
        let start = self.display.len();
        self.show(&name.full(), LONGEST_NAME);
        let full = self
            .display
            .get(start..self.display.len())
            .unwrap_or_default();
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
            self.display.owned().push_str(short);
        }
        // Names are far shorter than 64 KiB.
        let place = len as u32 & 0xFFFF | (short_at as u32) << 16;
        self.authors.push([start as u32, place, short.len() as u32]);
    }

    /// The segment is complete.
    pub(in crate::core::library) fn seal(&mut self) {
        self.ids.owned().sort_unstable();
        self.display.owned().shrink_to_fit();
        self.folded.owned().shrink_to_fit();
        self.marks.owned().shrink_to_fit();
        self.authors.owned().shrink_to_fit();
        self.offsets.owned().shrink_to_fit();
        self.lengths.owned().shrink_to_fit();
        self.lines.owned().shrink_to_fit();
        self.years.owned().shrink_to_fit();
        self.kinds.owned().shrink_to_fit();
        self.truncated.owned().shrink_to_fit();
        self.ids.owned().shrink_to_fit();
        self.contents.owned().shrink_to_fit();
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
