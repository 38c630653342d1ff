//! Postings: for every word the papers it stands in, as differences of paper numbers in seven-bit groups.
//!
//! Two lists a word. *Head* postings (title, authors, venue, keywords, id, DOI) carry one byte that names the fields.
//! *Body* postings (abstract) carry two bits that tell how often.

use std::ops::Range;

use super::vocabulary::Vocabulary;
use crate::core::cache::{CacheError, Numbers, Piece, Sections, numbers_of};

/// The fields in which a word stands, one bit each.
pub(super) mod fields {
    pub(in crate::core::index) const TITLE: u8 = 1;
    /// The first word of the title.
    pub(in crate::core::index) const TITLE_START: u8 = 1 << 1;
    /// The last word of an author's name.
    pub(in crate::core::index) const SURNAME: u8 = 1 << 2;
    /// Any other word of an author's name.
    pub(in crate::core::index) const GIVEN: u8 = 1 << 3;
    pub(in crate::core::index) const VENUE: u8 = 1 << 4;
    pub(in crate::core::index) const KEYWORD: u8 = 1 << 5;
    pub(in crate::core::index) const ID: u8 = 1 << 6;
    pub(in crate::core::index) const DOI: u8 = 1 << 7;
}

/// How often a word stands in an abstract, in two bits: once, twice, three times, more.
pub(super) const COUNT_BITS: u32 = 2;
/// What the two bits stand for.
pub(super) const COUNTS: [u8; 4] = [1, 2, 3, 5];

#[inline]
pub(super) fn count_class(count: u8) -> u32 {
    u32::from(count.clamp(1, 4)) - 1
}

/// The names of the columns in the cache.
pub(super) const HEAD_COLUMNS: (&str, &str) = ("head", "head starts");
pub(super) const BODY_COLUMNS: (&str, &str) = ("body", "body starts");

/// The lists of all words, one after the other in the order of the vocabulary.
#[derive(Debug, Default)]
pub(super) struct Postings {
    pub(super) bytes: Piece,
    /// Where the list of each word starts, and one more.
    pub(super) starts: Numbers<u32>,
}

impl Postings {
    pub(super) fn list(&self, word: u32) -> &[u8] {
        let word = word as usize;
        let start = self.starts.get(word).copied().unwrap_or_default() as usize;
        let end = self.starts.get(word + 1).copied().unwrap_or_default() as usize;
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The lists of words that follow each other.
    #[inline]
    fn lists(&self, words: Range<u32>) -> impl Iterator<Item = &[u8]> {
        let starts = self
            .starts
            .slice(words.start as usize..words.end as usize + 1);
        let starts = starts.unwrap_or_default();
        let first = starts.first().copied().unwrap_or_default() as usize;
        let last = starts.last().copied().unwrap_or_default() as usize;
        let bytes = self.bytes.get(first..last).unwrap_or_default();
        starts.windows(2).map(move |range| match range {
            [start, end] => bytes
                .get(*start as usize - first..*end as usize - first)
                .unwrap_or_default(),
            _ => &[],
        })
    }

    pub(super) fn is_empty(&self, word: u32) -> bool {
        let at = |word: usize| self.starts.get(word).copied().unwrap_or_default();
        at(word as usize) == at(word as usize + 1)
    }

    /// The lists of so many words, kept under these names.
    pub(super) fn open(
        sections: &Sections<'_>,
        (bytes, starts): (&str, &str),
        words: usize,
    ) -> Result<Postings, CacheError> {
        let postings = Postings {
            bytes: sections(bytes).ok_or(CacheError::Damaged)?,
            starts: numbers_of(sections, starts)?,
        };
        if postings.starts.len() == words + 1 {
            Ok(postings)
        } else {
            Err(CacheError::Damaged)
        }
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.len() + self.starts.size()
    }
}

/// Reads one number, `None` at the end of the bytes.
#[inline]
pub(super) fn number(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u32> {
    let first = *bytes.next()?;
    let mut value = u32::from(first & 0x7F);
    if first >= 0x80 {
        let mut shift = 7;
        for &byte in bytes {
            value |= u32::from(byte & 0x7F) << (shift & 31);
            if byte < 0x80 {
                break;
            }
            shift += 7;
        }
    }
    Some(value)
}

/// Appends one number.
#[inline]
pub(super) fn push_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push((number as u8) | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Both kinds of postings and the words they belong to.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) words: Vocabulary,
    pub(super) head: Postings,
    pub(super) body: Postings,
}

impl Store {
    /// Calls `found` with every paper that has the word in its head, and the fields.
    #[inline]
    pub(super) fn head(&self, word: u32, found: impl FnMut(usize, u8)) {
        self.heads(word..word + 1, found);
    }

    /// Calls `found` with every paper that has the word in its abstract, and how often.
    #[inline]
    pub(super) fn body(&self, word: u32, mut found: impl FnMut(usize, u8)) {
        self.bodies(word..word + 1, |paper, count| {
            found(paper, COUNTS.get(count).copied().unwrap_or(1));
        });
    }

    /// [`Store::head`] of words that follow each other, one after the other.
    #[inline]
    pub(super) fn heads(&self, words: Range<u32>, mut found: impl FnMut(usize, u8)) {
        for list in self.head.lists(words) {
            let mut paper = 0;
            let mut rest = list;
            loop {
                // Nearly all steps are short.
                let (step, fields, after) = match rest {
                    [step, fields, after @ ..] if *step < 0x80 => {
                        (usize::from(*step), *fields, after)
                    }
                    _ => {
                        let mut bytes = rest.iter();
                        let Some(step) = number(&mut bytes) else {
                            break;
                        };
                        let Some(fields) = bytes.next() else {
                            break;
                        };
                        (step as usize, *fields, bytes.as_slice())
                    }
                };
                paper += step;
                found(paper, fields);
                rest = after;
            }
        }
    }

    /// Calls `found` with every paper that has one of the words in its abstract, and the place of the count in
    /// [`COUNTS`].
    #[inline]
    pub(super) fn bodies(&self, words: Range<u32>, mut found: impl FnMut(usize, usize)) {
        for list in self.body.lists(words) {
            let mut paper = 0;
            let mut rest = list;
            loop {
                let (value, after) = match rest {
                    [value, after @ ..] if *value < 0x80 => (u32::from(*value), after),
                    _ => {
                        let mut bytes = rest.iter();
                        let Some(value) = number(&mut bytes) else {
                            break;
                        };
                        (value, bytes.as_slice())
                    }
                };
                paper += (value >> COUNT_BITS) as usize;
                found(paper, (value & 3) as usize);
                rest = after;
            }
        }
    }

    /// The words and lists that were put on a shelf.
    pub(super) fn open(sections: &Sections<'_>) -> Result<Store, CacheError> {
        let words = Vocabulary::open(sections)?;
        Ok(Store {
            head: Postings::open(sections, HEAD_COLUMNS, words.len())?,
            body: Postings::open(sections, BODY_COLUMNS, words.len())?,
            words,
        })
    }

    pub(super) fn size(&self) -> usize {
        self.words.size() + self.head.size() + self.body.size()
    }
}
