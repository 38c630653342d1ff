//! Words that mean the same ("tumor", "tumors"), and how much each tells: the ground of likeness between papers.

use rust_stemmers::{Algorithm, Stemmer};

use super::postings::{Postings, Store, fields, number, push_number};
use super::ranking;
use super::stop_words::is_stop_word;
use super::vocabulary::Interner;
use crate::core::cache::{CacheError, Numbers, Sections, Shelf, numbers_of};

/// A word that does not count.
pub(super) const NO_STEM: u32 = u32::MAX;

/// Stems and their weights.
#[derive(Debug, Default)]
pub(super) struct Stems {
    /// The stem of each word, or [`NO_STEM`].
    pub(super) of_word: Numbers<u32>,
    /// The words of each stem, one after the other, and where they start.
    words: Numbers<u32>,
    starts: Numbers<u32>,
    /// Papers of each stem, as differences, with three bits that tell how often. Nothing for stems that tell nothing.
    pub(super) postings: Postings,
    /// Papers that have the stem in title or abstract.
    pub(super) papers: Numbers<u32>,
    /// One by the length of each paper's vector of weights; 0 for papers without words.
    pub(super) inverse_norms: Numbers<f32>,
}

/// `1 + ln(count)`, which keeps a word that is repeated from drowning the others.
pub(super) fn dampened(count: u8) -> f32 {
    if count == 0 {
        return 0.0;
    }
    1.0 + f32::from(count).ln()
}

/// How often a stem may stand in a paper, the title counted twice; what the three bits of a posting stand for.
pub(super) const COUNTS: [u8; 8] = [1, 2, 3, 4, 5, 6, 8, 12];
pub(super) const COUNT_BITS: u32 = 3;

fn count_class(count: u8) -> u32 {
    match count {
        0..=6 => u32::from(count.max(1)) - 1,
        7..=9 => 6,
        _ => 7,
    }
}

/// The names of the columns in the cache.
const COLUMNS: (&str, &str, &str, (&str, &str), &str, &str) = (
    "stem of word",
    "stem words",
    "stem word starts",
    ("stems", "stem starts"),
    "stem papers",
    "stem norms",
);

impl Stems {
    /// The stems that were put on a shelf, of so many words and papers.
    pub(super) fn open(
        sections: &Sections<'_>,
        words: usize,
        papers: usize,
    ) -> Result<Stems, CacheError> {
        let having: Numbers<u32> = numbers_of(sections, COLUMNS.4)?;
        let stems = Stems {
            of_word: numbers_of(sections, COLUMNS.0)?,
            words: numbers_of(sections, COLUMNS.1)?,
            starts: numbers_of(sections, COLUMNS.2)?,
            postings: Postings::open(sections, COLUMNS.3, having.len())?,
            papers: having,
            inverse_norms: numbers_of(sections, COLUMNS.5)?,
        };
        let is_whole = stems.of_word.len() == words
            && stems.starts.len() == stems.papers.len() + 1
            && stems.inverse_norms.len() == papers;
        if is_whole {
            Ok(stems)
        } else {
            Err(CacheError::Damaged)
        }
    }

    pub(super) fn new(store: &Store, papers: usize, shelf: &mut dyn Shelf) -> Stems {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut interner: Interner<()> = Interner::default();
        let mut of_word = Vec::with_capacity(store.words.len());
        for word in 0..store.words.len() as u32 {
            of_word.push(match stem_of(store, word, &stemmer) {
                Some(stem) => interner.intern(&stem),
                None => NO_STEM,
            });
        }
        let stems = interner.len();
        drop(interner);
        let mut starts = vec![0_u32; stems + 1];
        for &stem in &of_word {
            if let Some(count) = starts.get_mut(stem as usize) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        let mut next = starts.clone();
        let mut words = vec![0_u32; sum as usize];
        for (word, &stem) in of_word.iter().enumerate() {
            if let Some(at) = next.get_mut(stem as usize) {
                if let Some(place) = words.get_mut(*at as usize) {
                    *place = word as u32;
                }
                *at += 1;
            }
        }
        let mut made = Stems {
            of_word: shelf.numbers(COLUMNS.0, &of_word),
            words: shelf.numbers(COLUMNS.1, &words),
            starts: shelf.numbers(COLUMNS.2, &starts),
            postings: Postings::default(),
            papers: Numbers::default(),
            inverse_norms: Numbers::default(),
        };
        drop((of_word, words, starts));
        made.weigh(store, papers, shelf);
        made
    }

    fn weigh(&mut self, store: &Store, papers: usize, shelf: &mut dyn Shelf) {
        let table = COUNTS.map(dampened);
        let mut norms = vec![0.0_f32; papers];
        let mut of_stem: Vec<(u32, u8)> = Vec::new();
        let mut bytes = Vec::new();
        let mut starts = vec![0_u32];
        let mut end = 0_u32;
        let mut having = Vec::with_capacity(self.len());
        for stem in 0..self.len() as u32 {
            of_stem.clear();
            for &word in self.words(stem) {
                store.head(word, |paper, in_fields| {
                    if in_fields & fields::TITLE != 0 {
                        of_stem.push((paper as u32, ranking::TITLE_COUNTS));
                    }
                });
                store.body(word, |paper, count| of_stem.push((paper as u32, count)));
            }
            // A few sorted runs, which a merge sort recognises.
            of_stem.sort_by_key(|(paper, _)| *paper);
            of_stem.dedup_by(|next, first| {
                let same = next.0 == first.0;
                if same {
                    first.1 = first.1.saturating_add(next.1);
                }
                same
            });
            let idf = ranking::inverse_frequency(of_stem.len(), papers);
            let mut last = 0;
            for &(paper, count) in &of_stem {
                let class = count_class(count);
                let weight = idf * table.get(class as usize).copied().unwrap_or_default();
                if let Some(norm) = norms.get_mut(paper as usize) {
                    *norm += weight * weight;
                }
                // A stem of very many papers tells nothing. One of a single paper links no two, but may be typed.
                if idf > 0.0 {
                    push_number(&mut bytes, (paper - last) << COUNT_BITS | class);
                    last = paper;
                }
            }
            end += bytes.len() as u32;
            shelf.append(&bytes);
            bytes.clear();
            starts.push(end);
            having.push(of_stem.len() as u32);
        }
        for norm in &mut norms {
            *norm = if *norm > 0.0 { 1.0 / norm.sqrt() } else { 0.0 };
        }
        self.postings = Postings {
            bytes: shelf.end(COLUMNS.3.0),
            starts: shelf.numbers(COLUMNS.3.1, &starts),
        };
        self.papers = shelf.numbers(COLUMNS.4, &having);
        self.inverse_norms = shelf.numbers(COLUMNS.5, &norms);
    }

    /// Calls `found` with every paper that has the stem, and the place of its count in [`COUNTS`].
    #[inline]
    pub(super) fn each(&self, stem: u32, found: impl FnMut(usize, usize)) {
        self.reading(stem).up_to(usize::MAX, found);
    }

    /// The papers of a stem, to be read bit by bit.
    pub(super) fn reading(&self, stem: u32) -> Reading<'_> {
        Reading {
            rest: self.postings.list(stem),
            paper: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The words with a stem.
    pub(super) fn words(&self, stem: u32) -> &[u32] {
        let start = self.starts.get(stem as usize).copied().unwrap_or_default();
        let end = self
            .starts
            .get(stem as usize + 1)
            .copied()
            .unwrap_or_default();
        self.words
            .slice(start as usize..end as usize)
            .unwrap_or_default()
    }

    pub(super) fn size(&self) -> usize {
        self.of_word.size()
            + self.words.size()
            + self.starts.size()
            + self.papers.size()
            + self.inverse_norms.size()
            + self.postings.size()
    }
}

/// The papers of a stem that are still to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    rest: &'a [u8],
    /// The paper before.
    paper: usize,
}

impl Reading<'_> {
    /// Calls `found` with the papers below `end`, and the places of their counts in [`COUNTS`].
    #[inline]
    pub(super) fn up_to(&mut self, end: usize, mut found: impl FnMut(usize, usize)) {
        let Reading {
            mut rest,
            mut paper,
        } = *self;
        loop {
            let (value, after) = match rest {
                // Nearly all steps are short.
                [value, after @ ..] if *value < 0x80 => (u32::from(*value), after),
                [first, second, after @ ..] if *second < 0x80 => {
                    let value = u32::from(*first & 0x7F) | u32::from(*second) << 7;
                    (value, after)
                }
                _ => {
                    let mut bytes = rest.iter();
                    let Some(value) = number(&mut bytes) else {
                        break;
                    };
                    (value, bytes.as_slice())
                }
            };
            let next = paper + (value >> COUNT_BITS) as usize;
            if next >= end {
                break;
            }
            found(next, (value & 7) as usize);
            (rest, paper) = (after, next);
        }
        *self = Reading { rest, paper };
    }
}

/// The stem of a word that says something about a paper.
fn stem_of<'a>(
    store: &'a Store,
    word: u32,
    stemmer: &Stemmer,
) -> Option<std::borrow::Cow<'a, str>> {
    let text = store.words.word(word);
    if text.chars().nth(1).is_none() || is_stop_word(text) {
        return None;
    }
    if store.body.is_empty(word) {
        let mut in_title = false;
        store.head(word, |_, in_fields| {
            in_title |= in_fields & fields::TITLE != 0;
        });
        if !in_title {
            return None;
        }
    }
    if text.len() > 3 && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(stemmer.stem(text));
    }
    Some(text.into())
}
