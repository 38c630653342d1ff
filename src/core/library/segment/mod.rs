//! The columns of up to 1024 papers: what lists, filters and the search read, without the file.

mod fill;

use foldhash::fast::FixedState;
use std::hash::BuildHasher;

pub(super) use fill::{Scratch, cut_id};

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

#[derive(Debug, Clone, Copy)]
struct AuthorAt {
    start: u32,
    len: u16,
    /// Place of the short name, from `start`; usually inside the full name.
    short_at: u16,
    short_len: u16,
}

/// Where the texts of a paper are in the two arenas.
#[derive(Debug, Clone, Copy)]
struct Marks {
    id: u32,
    title: u32,
    venue: u32,
    /// End of the venue; the authors follow.
    authors: u32,
    first_author: u32,
    folded: [u32; 4],
}

/// Columns of consecutive papers. It never changes once it is made.
#[derive(Debug, Default)]
pub struct Segment {
    display: String,
    folded: String,
    marks: Vec<Marks>,
    authors: Vec<AuthorAt>,
    offsets: Vec<u64>,
    lengths: Vec<u32>,
    lines: Vec<u32>,
    years: Vec<i16>,
    kinds: Vec<u8>,
    /// One bit a paper.
    truncated: Vec<u64>,
    /// Hash of the id and place, sorted.
    ids: Vec<(u32, u16)>,
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

    /// The id of the paper at a place in this segment; empty beyond its end, as all texts here.
    pub fn id(&self, at: usize) -> &str {
        self.marks
            .get(at)
            .map_or("", |marks| self.slice(marks.id, marks.title))
    }

    /// Display title.
    pub fn title(&self, at: usize) -> &str {
        self.marks
            .get(at)
            .map_or("", |marks| self.slice(marks.title, marks.venue))
    }

    /// Display venue.
    pub fn venue(&self, at: usize) -> &str {
        self.marks
            .get(at)
            .map_or("", |marks| self.slice(marks.venue, marks.authors))
    }

    /// The authors in order.
    pub fn authors(&self, at: usize) -> impl ExactSizeIterator<Item = Author<'_>> + Clone {
        let from = self
            .marks
            .get(at)
            .map_or(self.authors.len(), |marks| marks.first_author as usize);
        let to = self
            .marks
            .get(at.saturating_add(1))
            .map_or(self.authors.len(), |marks| marks.first_author as usize);
        let list = self.authors.get(from..to).unwrap_or_default();
        list.iter().map(|author| {
            let short = author.start + u32::from(author.short_at);
            Author {
                full: self.slice(author.start, author.start + u32::from(author.len)),
                short: self.slice(short, short + u32::from(author.short_len)),
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
        let end_of_paper = self
            .marks
            .get(at.saturating_add(1))
            .map_or(self.folded.len() as u32, |marks| marks.folded[0]);
        let Some(Marks {
            folded: [title, authors, venue, keywords],
            ..
        }) = self.marks.get(at)
        else {
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

    /// Line of the item, from 1.
    pub fn line(&self, at: usize) -> u32 {
        self.lines.get(at).copied().unwrap_or_default()
    }

    /// The first place with this id.
    pub fn find_id(&self, id: &str) -> Option<usize> {
        let hash = hash(id);
        let from = self.ids.partition_point(|(other, _)| *other < hash);
        self.ids
            .get(from..)?
            .iter()
            .take_while(|(other, _)| *other == hash)
            .map(|(_, at)| usize::from(*at))
            .find(|at| self.id(*at) == id)
    }

    /// Bytes in memory.
    pub fn size(&self) -> usize {
        self.display.capacity()
            + self.folded.capacity()
            + self.marks.capacity() * size_of::<Marks>()
            + self.authors.capacity() * size_of::<AuthorAt>()
            + self.offsets.capacity() * 8
            + self.lengths.capacity() * 4
            + self.lines.capacity() * 4
            + self.years.capacity() * 2
            + self.kinds.capacity()
            + self.truncated.capacity() * 8
            + self.ids.capacity() * size_of::<(u32, u16)>()
    }
}

fn hash(id: &str) -> u32 {
    (FixedState::with_seed(0).hash_one(id) >> 32) as u32
}
