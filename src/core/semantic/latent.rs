//! The directions of a library, and where its papers lie along them.

use super::factor::{self, Block};
use super::sparse::Rows;
use super::vectors::{Vector, Vectors, unit};
use super::words::Words;

/// Most directions: about a hundred, and as many as fill the registers of a processor.
const MOST: usize = 96;
/// In a small library there is one direction for so many papers.
const PAPERS_A_DIRECTION: usize = 5;
/// The directions of larger libraries are those of so many of their papers, evenly chosen.
const SAMPLE: usize = 100_000;
/// Papers whose weights are held at once.
const AT_ONCE: usize = 32_768;
/// A term in fewer of the papers looked at links too little to shape a direction.
const FEWEST_PAPERS: u32 = 2;

/// The weighted terms of a library, as an index knows them.
pub trait TermPapers {
    /// Number of papers.
    fn papers(&self) -> usize;

    /// Number of terms; they are numbered from 0.
    fn terms(&self) -> usize;

    /// A word that has the term, by which it is known again in another index of the library.
    fn word(&self, term: u32) -> &str;

    /// The term of a word.
    fn term(&self, word: &str) -> Option<u32>;

    /// Hands over the rows of papers, each of length one, in order and so many at a time, with the number of the
    /// first; of every `each`-th paper alone. `false` from `take` ends it.
    fn rows(&self, at_once: usize, each: usize, take: &mut dyn FnMut(usize, Rows) -> bool);
}

/// What the papers of a library are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Latent {
    /// Words by which terms are known, sorted.
    pub(super) words: Words,
    /// For each of the words the share of its term in each direction.
    pub(super) shares: Vectors,
    /// Number of papers that the directions were found from.
    pub(super) fitted: u32,
    /// For each paper where it lies.
    pub(super) papers: Vectors,
}

impl Latent {
    /// Finds the directions of a library and where its papers lie. `None` when `cancel` said yes, which is asked every
    /// few thousand papers.
    pub fn fit(library: &dyn TermPapers, cancel: &dyn Fn() -> bool) -> Option<Latent> {
        let papers = library.papers();
        let each = papers.div_ceil(SAMPLE).max(1);
        let mut all = None;
        library.rows(usize::MAX, each, &mut |_, rows| {
            all = Some(rows);
            false
        });
        let rows = all.unwrap_or_default();
        let most = MOST.min(rows.len() / PAPERS_A_DIRECTION);
        // Terms are numbered anew, so that those of a single paper take no room.
        let mut having = vec![0_u32; library.terms()];
        for row in 0..rows.len() {
            for (term, _) in rows.row(row) {
                if let Some(count) = having.get_mut(term as usize) {
                    *count += 1;
                }
            }
        }
        let mut kept: Vec<u32> = Vec::new();
        let mut place = vec![u32::MAX; having.len()];
        for (term, (count, place)) in having.iter().zip(&mut place).enumerate() {
            if *count >= FEWEST_PAPERS {
                *place = kept.len() as u32;
                kept.push(term as u32);
            }
        }
        let rows = rows.renumbered(&place);
        let directions = factor::directions(&rows, kept.len(), most, cancel)?;
        drop(rows);
        let mut words: Vec<(&str, usize)> = kept
            .iter()
            .enumerate()
            .map(|(at, term)| (library.word(*term), at))
            .collect();
        words.sort_unstable();
        let mut latent = Latent {
            words: words.iter().map(|(word, _)| *word).collect(),
            shares: Vectors::new(directions.width),
            fitted: papers as u32,
            papers: Vectors::new(directions.width),
        };
        for (_, at) in &words {
            latent.shares.push(directions.row(*at));
        }
        latent.place_papers(library, cancel).then_some(latent)
    }

    /// The same directions for a library that has changed, and where its papers lie. `None` when `cancel` said yes.
    pub fn fold_in(&self, library: &dyn TermPapers, cancel: &dyn Fn() -> bool) -> Option<Latent> {
        let mut latent = Latent {
            words: self.words.clone(),
            shares: self.shares.clone(),
            fitted: self.fitted,
            papers: Vectors::new(self.shares.width()),
        };
        latent.place_papers(library, cancel).then_some(latent)
    }

    /// Whether the library has grown or shrunk by a tenth since its directions were found.
    pub fn is_stale(&self, papers: usize) -> bool {
        let fitted = self.fitted as usize;
        papers.abs_diff(fitted) * 10 > fitted
    }

    /// Number of papers that have a place.
    pub fn papers(&self) -> usize {
        self.papers.len()
    }

    /// Number of directions.
    pub fn directions(&self) -> usize {
        self.shares.width()
    }

    /// Bytes in memory, to about a percent.
    pub fn size(&self) -> usize {
        let words = self.words.text.len() + 4 * self.words.len();
        words + self.shares.size() + self.papers.size()
    }

    /// A part of what is kept of it was found damaged.
    pub fn is_damaged(&self) -> bool {
        self.papers.is_damaged()
    }

    /// Where the papers lie, in their order.
    pub fn places(&self) -> &Vectors {
        &self.papers
    }

    /// Where a paper lies.
    pub fn paper(&self, no: usize) -> Option<Vector<'_>> {
        self.papers.vector(no)
    }

    /// Cosines of all papers with a vector.
    pub fn cosines(&self, with: &Vector<'_>) -> Vec<f32> {
        self.papers.products(with)
    }

    /// The cosine of one paper with a vector.
    pub fn cosine(&self, no: usize, with: &Vector<'_>) -> f32 {
        self.papers.product(no, with)
    }

    /// Where a text of weighted words lies; `None` when it has none of the words known here.
    pub fn place<'w>(&self, words: impl Iterator<Item = (&'w str, f32)>) -> Option<Vectors> {
        let mut along = vec![0.0_f32; self.directions()];
        for (word, weight) in words {
            let at = self.words.find(word);
            let shares = at.and_then(|at| self.shares.get(at));
            if let Some((shares, factor)) = shares {
                for (sum, share) in along.iter_mut().zip(shares) {
                    *sum += weight * factor * f32::from(*share);
                }
            }
        }
        if along.iter().all(|sum| *sum == 0.0) {
            return None;
        }
        let mut vectors = Vectors::new(along.len());
        vectors.push_unit(&mut along);
        Some(vectors)
    }

    /// Finds where all papers lie; whether it came to an end.
    fn place_papers(&mut self, library: &dyn TermPapers, cancel: &dyn Fn() -> bool) -> bool {
        let width = self.shares.width();
        // Most terms of a large library have no share: they are given none of the memory.
        let mut block = Block {
            width,
            values: Vec::with_capacity(self.words.len() * width),
        };
        let mut place = vec![u32::MAX; library.terms()];
        for (at, word) in self.words.iter().enumerate() {
            let (Some(term), Some((shares, factor))) = (library.term(word), self.shares.get(at))
            else {
                continue;
            };
            if let Some(place) = place.get_mut(term as usize) {
                *place = (block.values.len() / width.max(1)) as u32;
                let shares = shares.iter().map(|share| factor * f32::from(*share));
                block.values.extend(shares);
            }
        }
        let mut along = vec![0.0_f32; width];
        let mut ended = true;
        library.rows(AT_ONCE, 1, &mut |_, rows| {
            let rows = rows.renumbered(&place);
            for row in 0..rows.len() {
                factor::project(&rows, row, &block, &mut along);
                unit(&mut along);
                self.papers.push(&along);
            }
            ended = !cancel();
            ended
        });
        ended && self.papers.len() == library.papers()
    }
}
