//! The columns of up to 1024 papers: what lists, filters and the search read, without the file.

mod fill;
mod keep;

use foldhash::fast::FixedState;
use std::hash::{BuildHasher, Hasher};

pub(super) use fill::{Scratch, cut_id};
pub(super) use keep::{SEGMENTS, SIZES};

use crate::core::cache::{Numbers, Text};

/// Papers in a full segment.
pub const SEGMENT: usize = 1024;
/// Stands for an unknown year.
const NO_YEAR: i16 = i16::MIN;

/// A range of bytes in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub offset: u64,
    /// Number of bytes.
    pub len: u32,
}

/// An author as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author<'a> {
    /// Family name with particles, or the institution: "de la Mare".
    pub short: &'a str,
    /// The whole name in display order: "Walter de la Mare".
    pub full: &'a str,
}

/// A text held folded for the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FoldedField {
    /// The title.
    Title,
    /// Full names, separated by "; ".
    Authors,
    /// The venue.
    Venue,
    /// Keywords, separated as in the file, by commas as a rule.
    Keywords,
}

/// CSL 1.0.2 item types, and what stands for any other.
const KINDS: [&str; 46] = [
    "document",
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "bill",
    "book",
    "broadcast",
    "chapter",
    "classic",
    "collection",
    "dataset",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "event",
    "figure",
    "graphic",
    "hearing",
    "interview",
    "legal_case",
    "legislation",
    "manuscript",
    "map",
    "motion_picture",
    "musical_score",
    "pamphlet",
    "paper-conference",
    "patent",
    "performance",
    "periodical",
    "personal_communication",
    "post",
    "post-weblog",
    "regulation",
    "report",
    "review",
    "review-book",
    "software",
    "song",
    "speech",
    "standard",
    "thesis",
    "treaty",
    "webpage",
    "preprint",
];

/// An author: where the whole name is, its length with the place of the short name (from the start of the whole one,
/// usually inside it) in the upper half, and the length of the short name.
type AuthorAt = [u32; 3];

/// Where the texts of a paper are in the two arenas: id, title, venue, the end of the venue, after which the authors
/// follow; the number of the first author; title, authors, venue and keywords as they are folded.
type Marks = [u32; 9];
const ID: usize = 0;
const TITLE: usize = 1;
const VENUE: usize = 2;
const FIRST_AUTHOR: usize = 4;
const FOLDED: usize = 5;

/// Columns of consecutive papers. It never changes once it is made.
#[derive(Debug, Default)]
pub struct Segment {
    display: Text,
    folded: Text,
    marks: Numbers<Marks>,
    authors: Numbers<AuthorAt>,
    offsets: Numbers<u64>,
    lengths: Numbers<u32>,
    lines: Numbers<u32>,
    years: Numbers<i16>,
    kinds: Numbers<u8>,
    /// One bit a paper.
    truncated: Numbers<u64>,
    /// Hash of the id, and in the lower 16 bits the place; sorted.
    ids: Numbers<u64>,
    /// Of everything that is known of the paper: its text in the file, and the id that it got.
    contents: Numbers<u64>,
}

impl Segment {
    /// Number of papers, at most [`SEGMENT`].
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    fn slice(&self, from: u32, to: u32) -> &str {
        self.display
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    /// The mark of a paper; `None` beyond the end.
    fn mark(&self, at: usize, which: usize) -> Option<u32> {
        self.marks.get(at)?.get(which).copied()
    }

    /// The text from one mark of a paper to the next one.
    fn between(&self, at: usize, which: usize) -> &str {
        match self
            .marks
            .get(at)
            .and_then(|marks| marks.get(which..which + 2))
        {
            Some([from, to]) => self.slice(*from, *to),
            _ => "",
        }
    }

    /// The id of the paper at a place in this segment; empty beyond its end, as all texts here.
    pub fn id(&self, at: usize) -> &str {
        self.between(at, ID)
    }

    /// Display title.
    pub fn title(&self, at: usize) -> &str {
        self.between(at, TITLE)
    }

    /// Display venue.
    pub fn venue(&self, at: usize) -> &str {
        self.between(at, VENUE)
    }

    /// The authors in order.
    pub fn authors(&self, at: usize) -> impl ExactSizeIterator<Item = Author<'_>> + Clone {
        let first = |at: usize| self.mark(at, FIRST_AUTHOR).map(|first| first as usize);
        let from = first(at).unwrap_or(self.authors.len());
        let to = first(at.saturating_add(1)).unwrap_or(self.authors.len());
        let list = self.authors.slice(from..to).unwrap_or_default();
        list.iter().map(|[start, place, short_len]| {
            let short = start.saturating_add(place >> 16);
            Author {
                full: self.slice(*start, start.saturating_add(place & 0xFFFF)),
                short: self.slice(short, short.saturating_add(*short_len)),
            }
        })
    }

    /// The list of authors is known to be incomplete.
    pub fn authors_truncated(&self, at: usize) -> bool {
        self.truncated
            .get(at / 64)
            .is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    /// Year of publication.
    pub fn year(&self, at: usize) -> Option<i32> {
        self.years
            .get(at)
            .filter(|year| **year != NO_YEAR)
            .map(|year| i32::from(*year))
    }

    /// CSL type; `document` for types that CSL does not have.
    pub fn kind(&self, at: usize) -> &'static str {
        self.kinds
            .get(at)
            .and_then(|kind| KINDS.get(usize::from(*kind)))
            .copied()
            .unwrap_or("document")
    }

    /// A folded text.
    pub fn folded(&self, at: usize, field: FoldedField) -> &str {
        let next = self.mark(at.saturating_add(1), FOLDED);
        let end_of_paper = next.unwrap_or(self.folded.len() as u32);
        let folded = self.marks.get(at).and_then(|marks| marks.get(FOLDED..));
        let Some([title, authors, venue, keywords]) = folded else {
            return "";
        };
        let (from, to) = match field {
            FoldedField::Title => (*title, *authors),
            FoldedField::Authors => (*authors, *venue),
            FoldedField::Venue => (*venue, *keywords),
            FoldedField::Keywords => (*keywords, end_of_paper),
        };
        self.folded
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    /// Where the item is in the file.
    pub fn span(&self, at: usize) -> Option<Span> {
        Some(Span {
            offset: *self.offsets.get(at)?,
            len: *self.lengths.get(at)?,
        })
    }

    /// A hash of all that is known of a paper: where it is equal, so is everything else but the place in the file.
    pub fn content(&self, at: usize) -> Option<u64> {
        self.contents.get(at).copied()
    }

    /// Line of the item, from 1.
    pub fn line(&self, at: usize) -> u32 {
        self.lines.get(at).copied().unwrap_or_default()
    }

    /// The first place with this id.
    pub fn find_id(&self, id: &str) -> Option<usize> {
        let hash = hash(id);
        let from = self.ids.partition_point(|other| other >> 16 < hash);
        (from..self.ids.len())
            .map_while(|at| self.ids.get(at).copied())
            .take_while(|other| other >> 16 == hash)
            .map(|other| (other & 0xFFFF) as usize)
            .find(|at| self.id(*at) == id)
    }

    /// Bytes, in memory or in the cache.
    pub fn size(&self) -> usize {
        self.display.len()
            + self.folded.len()
            + self.marks.size()
            + self.authors.size()
            + self.offsets.size()
            + self.lengths.size()
            + self.lines.size()
            + self.years.size()
            + self.kinds.size()
            + self.truncated.size()
            + self.ids.size()
            + self.contents.size()
    }

    /// A part of its cache was found damaged.
    pub fn is_damaged(&self) -> bool {
        self.marks.is_damaged()
    }
}

/// A hash of an item as it is written, and of the id under which it is known.
fn content(text: &str, id: &str) -> u64 {
    let mut hasher = FixedState::with_seed(9).build_hasher();
    hasher.write(text.as_bytes());
    hasher.write(id.as_bytes());
    hasher.finish()
}

/// 48 bits of a hash.
fn hash(id: &str) -> u64 {
    FixedState::with_seed(0).hash_one(id) >> 16
}
