//! Words that mean the same ("tumor", "tumors"), and how much each tells: the ground of likeness between papers.

use rust_stemmers::{Algorithm, Stemmer};

use super::postings::{Store, fields};
use super::ranking;
use super::stop_words::is_stop_word;
use super::vocabulary::Interner;

/// A word that does not count.
pub(super) const NO_STEM: u32 = u32::MAX;

/// Stems and their weights.
#[derive(Debug, Default)]
pub(super) struct Stems {
    /// The stem of each word, or [`NO_STEM`].
    pub(super) of_word: Vec<u32>,
    /// The words of each stem, one after the other, and where they start.
    words: Vec<u32>,
    starts: Vec<u32>,
    /// Papers that have the stem in title or abstract.
    pub(super) papers: Vec<u32>,
    /// Length of each paper's vector of weights.
    pub(super) norms: Vec<f32>,
}

/// `1 + ln(count)`, which keeps a word that is repeated from drowning the others.
pub(super) fn dampened(count: u8) -> f32 {
    if count == 0 {
        return 0.0;
    }
    1.0 + f32::from(count).ln()
}

/// [`dampened`] for every count.
pub(super) fn dampened_table() -> [f32; 256] {
    let mut table = [0.0; 256];
    for (count, value) in table.iter_mut().enumerate() {
        *value = dampened(count as u8);
    }
    table
}

/// Counts of one stem in all papers.
#[derive(Debug)]
pub(super) struct Counter {
    counts: Vec<u8>,
    touched: Vec<u32>,
}

impl Counter {
    pub(super) fn new(papers: usize) -> Counter {
        Counter {
            counts: vec![0; papers],
            touched: Vec::new(),
        }
    }

    #[inline]
    fn add(&mut self, paper: usize, count: u8) {
        if let Some(sum) = self.counts.get_mut(paper) {
            if *sum == 0 {
                self.touched.push(paper as u32);
            }
            *sum = sum.saturating_add(count);
        }
    }

    /// Calls `found` with each paper that has the stem and how often, the title counted twice.
    #[inline]
    pub(super) fn each(&mut self, store: &Store, words: &[u32], mut found: impl FnMut(usize, u8)) {
        for &word in words {
            store.head(word, |paper, in_fields| {
                if in_fields & fields::TITLE != 0 {
                    self.add(paper, ranking::TITLE_COUNTS);
                }
            });
            store.body(word, |paper, count| self.add(paper, count));
        }
        for &paper in &self.touched {
            if let Some(count) = self.counts.get_mut(paper as usize) {
                found(paper as usize, *count);
                *count = 0;
            }
        }
        self.touched.clear();
    }
}

impl Stems {
    pub(super) fn new(store: &Store, papers: usize) -> Stems {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut interner = Interner::default();
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
            of_word,
            words,
            starts,
            papers: Vec::with_capacity(stems),
            norms: Vec::new(),
        };
        made.weigh(store, papers);
        made
    }

    fn weigh(&mut self, store: &Store, papers: usize) {
        let table = dampened_table();
        let mut counter = Counter::new(papers);
        let mut norms = vec![0.0_f32; papers];
        let mut of_stem: Vec<(u32, f32)> = Vec::new();
        for stem in 0..self.len() as u32 {
            of_stem.clear();
            counter.each(store, self.words(stem), |paper, count| {
                of_stem.push((
                    paper as u32,
                    table.get(usize::from(count)).copied().unwrap_or_default(),
                ));
            });
            let idf = ranking::inverse_frequency(of_stem.len(), papers);
            for &(paper, weight) in &of_stem {
                if let Some(norm) = norms.get_mut(paper as usize) {
                    *norm += (weight * idf) * (weight * idf);
                }
            }
            self.papers.push(of_stem.len() as u32);
        }
        for norm in &mut norms {
            *norm = norm.sqrt();
        }
        self.norms = norms;
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
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    pub(super) fn size(&self) -> usize {
        4 * (self.of_word.len()
            + self.words.len()
            + self.starts.len()
            + self.papers.len()
            + self.norms.len())
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
            in_title |= in_fields & fields::TITLE != 0
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
