//! Bringing indexes together: those of the parts of a library that is indexed piece by piece, and the index of a library
//! as it was with that of the papers that are new.
//!
//! What comes out is, byte for byte, what [`IndexBuilder`](super::IndexBuilder) makes of all papers at once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::columns::Columns;
use super::links::{LinkBuilder, Links};
use super::postings::{
    BODY_COLUMNS, COUNT_BITS, HEAD_COLUMNS, Postings, Store, number, push_number,
};
use super::vocabulary::{Vocabulary, VocabularyBuilder};
use super::{Index, stems::Stems};
use crate::core::cache::{CacheError, Sections, Shelf};

/// The number of a paper that is no longer there.
pub const GONE: u32 = u32::MAX;

/// The index of some papers, without what can be told of all papers of a library alone.
#[derive(Debug, Default)]
pub struct Part {
    pub(super) store: Store,
    pub(super) columns: Columns,
    pub(super) links: Links,
}

impl Part {
    /// The part whose columns were put on a shelf.
    ///
    /// # Errors
    /// When columns are missing or do not fit each other.
    pub fn open(sections: &Sections<'_>) -> Result<Part, CacheError> {
        Ok(Part {
            store: Store::open(sections)?,
            columns: Columns::open(sections)?,
            links: Links::open(sections)?,
        })
    }

    /// Number of papers.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// There are no papers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes an index of the only part.
    pub(super) fn into_index(self, shelf: &mut dyn Shelf) -> Index {
        let stems = Stems::new(&self.store, self.columns.len(), shelf);
        Index {
            store: self.store,
            columns: self.columns,
            links: self.links,
            stems,
            ..Index::default()
        }
    }
}

/// Where the papers of an index come to stand.
#[derive(Debug, Clone, Copy)]
enum Places<'a> {
    /// One after the other, from here on.
    From(u32),
    /// Each at its new number, [`GONE`] for those that are left out; in the same order.
    At(&'a [u32]),
}

impl Places<'_> {
    #[inline]
    fn of(self, paper: u32) -> u32 {
        match self {
            Places::From(first) => first + paper,
            Places::At(places) => places.get(paper as usize).copied().unwrap_or(GONE),
        }
    }
}

/// An index that is brought into another one.
#[derive(Debug, Clone, Copy)]
struct Source<'a> {
    store: &'a Store,
    columns: &'a Columns,
    links: &'a Links,
    places: Places<'a>,
}

impl Index {
    /// The index of all papers of the parts, one part after the other, with its columns on a shelf.
    pub fn of_parts(parts: &[Part], shelf: &mut dyn Shelf) -> Index {
        let mut first = 0;
        let sources: Vec<Source<'_>> = parts
            .iter()
            .map(|part| {
                let places = Places::From(first);
                first += part.len() as u32;
                Source {
                    store: &part.store,
                    columns: &part.columns,
                    links: &part.links,
                    places,
                }
            })
            .collect();
        merged(&sources, first as usize, shelf).into_index(shelf)
    }

    /// The index of a library after some of its papers were changed, with its columns on a shelf. `kept` has for each
    /// paper of this index its new number or [`GONE`], `new` for each paper of `part` its number; both rise, and
    /// together they are all numbers below that of the papers.
    #[must_use]
    pub fn updated(&self, kept: &[u32], part: &Part, new: &[u32], shelf: &mut dyn Shelf) -> Index {
        let papers = kept.iter().filter(|paper| **paper != GONE).count() + new.len();
        let sources = [
            Source {
                store: &self.store,
                columns: &self.columns,
                links: &self.links,
                places: Places::At(kept),
            },
            Source {
                store: &part.store,
                columns: &part.columns,
                links: &part.links,
                places: Places::At(new),
            },
        ];
        merged(&sources, papers, shelf).into_index(shelf)
    }
}

fn merged(sources: &[Source<'_>], papers: usize, shelf: &mut dyn Shelf) -> Part {
    let words = Words::of(sources);
    let vocabulary = words.vocabulary(sources).keep(shelf);
    let head = words.lists(sources, &HEAD, shelf);
    let body = words.lists(sources, &BODY, shelf);
    drop(words);
    let mut origins = vec![(0_u32, GONE); papers];
    for (source, number) in sources.iter().zip(0..) {
        for paper in 0..source.columns.len() as u32 {
            if let Some(origin) = origins.get_mut(source.places.of(paper) as usize) {
                *origin = (number, paper);
            }
        }
    }
    let mut columns = Columns::default();
    for (source, paper) in origins {
        if let Some(source) = sources.get(source as usize) {
            columns.push_from(source.columns, paper as usize);
        }
    }
    let columns = columns.keep(shelf);
    let mut links = LinkBuilder::default();
    for source in sources {
        links.take(source.links, |paper| {
            Some(source.places.of(paper)).filter(|paper| *paper != GONE)
        });
    }
    Part {
        store: Store {
            words: vocabulary,
            head,
            body,
        },
        columns,
        links: links.finish(shelf),
    }
}

/// A kind of postings: where they are, how a posting is split into step and rest, and how it is put together.
struct Kind {
    names: (&'static str, &'static str),
    of: fn(&Store) -> &Postings,
    /// What tells something about a paper is a byte after the step, else it is in the lowest bits of it.
    has_byte: bool,
}

const HEAD: Kind = Kind {
    names: HEAD_COLUMNS,
    of: |store| &store.head,
    has_byte: true,
};
const BODY: Kind = Kind {
    names: BODY_COLUMNS,
    of: |store| &store.body,
    has_byte: false,
};

impl Kind {
    /// Reads one posting: the step from the paper before, and what is told about it.
    #[inline]
    fn read(&self, bytes: &mut std::slice::Iter<'_, u8>) -> Option<(u32, u8)> {
        let value = number(bytes)?;
        if self.has_byte {
            Some((value, *bytes.next()?))
        } else {
            Some((value >> COUNT_BITS, (value & ((1 << COUNT_BITS) - 1)) as u8))
        }
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>, step: u32, told: u8) {
        if self.has_byte {
            push_number(out, step);
            out.push(told);
        } else {
            push_number(out, step << COUNT_BITS | u32::from(told));
        }
    }

    fn list<'a>(&self, source: &Source<'a>, word: u32) -> &'a [u8] {
        (self.of)(source.store).list(word)
    }

    /// Appends a list whose papers come after all those before; gives the last paper.
    fn append_after(&self, out: &mut Vec<u8>, list: &[u8], first: u32, last: u32) -> u32 {
        let mut bytes = list.iter();
        let Some((step, told)) = self.read(&mut bytes) else {
            return last;
        };
        let mut paper = first + step;
        self.write(out, paper - last, told);
        out.extend_from_slice(bytes.as_slice());
        while let Some((step, _)) = self.read(&mut bytes) {
            paper += step;
        }
        paper
    }

    /// Whether any paper of a list is still there.
    fn has_any(&self, source: &Source<'_>, word: u32) -> bool {
        let mut bytes = self.list(source, word).iter();
        let mut paper = 0;
        while let Some((step, _)) = self.read(&mut bytes) {
            paper += step;
            if source.places.of(paper) != GONE {
                return true;
            }
        }
        false
    }

    /// Adds the papers of a list that are still there.
    fn collect(&self, source: &Source<'_>, word: u32, found: &mut Vec<(u32, u8)>) {
        let mut bytes = self.list(source, word).iter();
        let mut paper = 0;
        while let Some((step, told)) = self.read(&mut bytes) {
            paper += step;
            let place = source.places.of(paper);
            if place != GONE {
                found.push((place, told));
            }
        }
    }
}

/// The words of all sources in their order, each with the words of the sources that it is.
struct Words {
    /// Source and number there.
    members: Vec<(u32, u32)>,
    /// Where the members of each word start, and one more.
    starts: Vec<u32>,
}

impl Words {
    fn of(sources: &[Source<'_>]) -> Words {
        let word = |source: u32, number: u32| {
            let words = &sources.get(source as usize)?.store.words;
            ((number as usize) < words.len()).then(|| words.word(number))
        };
        let mut next = BinaryHeap::new();
        for source in 0..sources.len() as u32 {
            if let Some(text) = word(source, 0) {
                next.push(Reverse((text, source, 0)));
            }
        }
        let mut words = Words {
            members: Vec::new(),
            starts: vec![0],
        };
        let mut last = None;
        while let Some(mut first) = next.peek_mut() {
            let Reverse((text, source, number)) = *first;
            if last != Some(text) {
                words.end();
                last = Some(text);
            }
            if is_left(sources, source, number) {
                words.members.push((source, number));
            }
            match word(source, number + 1) {
                Some(text) => *first = Reverse((text, source, number + 1)),
                None => {
                    std::collections::binary_heap::PeekMut::pop(first);
                }
            }
        }
        words.end();
        words
    }

    /// The word at hand is complete; one without members is none.
    fn end(&mut self) {
        let end = self.members.len() as u32;
        if self.starts.last() != Some(&end) {
            self.starts.push(end);
        }
    }

    fn each(&self) -> impl Iterator<Item = &[(u32, u32)]> {
        self.starts.windows(2).map(|range| match range {
            [start, end] => self
                .members
                .get(*start as usize..*end as usize)
                .unwrap_or_default(),
            _ => &[],
        })
    }

    fn vocabulary(&self, sources: &[Source<'_>]) -> Vocabulary {
        let mut builder = VocabularyBuilder::with_room(self.starts.len());
        for members in self.each() {
            if let Some((source, number)) = members.first()
                && let Some(source) = sources.get(*source as usize)
            {
                builder.push(source.store.words.word(*number));
            }
        }
        builder.finish()
    }

    fn lists(&self, sources: &[Source<'_>], kind: &Kind, shelf: &mut dyn Shelf) -> Postings {
        let mut starts = Vec::with_capacity(self.starts.len());
        let mut end = 0_u32;
        starts.push(end);
        let (mut out, mut found) = (Vec::new(), Vec::new());
        for members in self.each() {
            out.clear();
            found.clear();
            let (mut last, mut lists) = (0, 0);
            for &(source, number) in members {
                let Some(source) = sources.get(source as usize) else {
                    continue;
                };
                match source.places {
                    Places::From(first) => {
                        let list = kind.list(source, number);
                        last = kind.append_after(&mut out, list, first, last);
                    }
                    Places::At(_) => {
                        let before = found.len();
                        kind.collect(source, number, &mut found);
                        lists += usize::from(found.len() > before);
                    }
                }
            }
            if lists > 1 {
                // Two sorted runs, which a merge sort recognises.
                found.sort_by_key(|(paper, _)| *paper);
            }
            for &(paper, told) in &found {
                kind.write(&mut out, paper - last, told);
                last = paper;
            }
            shelf.append(&out);
            end += out.len() as u32;
            starts.push(end);
        }
        Postings {
            bytes: shelf.end(kind.names.0),
            starts: shelf.numbers(kind.names.1, &starts),
        }
    }
}

/// Whether a paper that has a word is still there.
fn is_left(sources: &[Source<'_>], source: u32, number: u32) -> bool {
    sources
        .get(source as usize)
        .is_some_and(|source| match source.places {
            Places::From(_) => true,
            Places::At(_) => HEAD.has_any(source, number) || BODY.has_any(source, number),
        })
}
