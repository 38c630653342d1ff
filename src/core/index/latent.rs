//! What papers are about, as further evidence of likeness: half of it for papers, a third for typed texts.

use super::Index;
use super::postings::number;
use super::ranking::{self, inverse_frequency};
use super::reasons::Profile;
use super::stems::{COUNT_BITS, COUNTS, NO_STEM, Stems, dampened};
use crate::core::semantic::{Latent, Rows, TermPapers, Vector, Vectors};

/// How far the postings of a stem were read: the byte, and the paper before it.
#[derive(Debug, Clone, Copy, Default)]
struct Cursor {
    at: u32,
    paper: u32,
}

impl Stems {
    /// Calls `found` with the papers below `end` that a cursor has not passed, and the place of the count in [`COUNTS`].
    fn read_on(&self, stem: u32, cursor: &mut Cursor, end: u32, mut found: impl FnMut(u32, usize)) {
        let list = self.postings.list(stem);
        let mut bytes = list.get(cursor.at as usize..).unwrap_or_default().iter();
        while let Some(value) = number(&mut bytes) {
            let paper = cursor.paper + (value >> COUNT_BITS);
            if paper >= end {
                return;
            }
            *cursor = Cursor {
                at: (list.len() - bytes.len()) as u32,
                paper,
            };
            found(paper, (value & 7) as usize);
        }
    }
}

impl TermPapers for Index {
    fn papers(&self) -> usize {
        self.len()
    }

    fn terms(&self) -> usize {
        self.stems.len()
    }

    fn word(&self, term: u32) -> &str {
        let word = self.stems.words(term).first();
        word.map_or("", |word| self.store.words.word(*word))
    }

    fn term(&self, word: &str) -> Option<u32> {
        let stem = self
            .stems
            .of_word
            .get(self.store.words.find(word)? as usize);
        stem.copied().filter(|stem| *stem != NO_STEM)
    }

    fn rows(&self, at_once: usize, each: usize, take: &mut dyn FnMut(usize, Rows) -> bool) {
        let stems = self.terms() as u32;
        let mut cursors = vec![Cursor::default(); self.terms()];
        let each = each.max(1);
        let span = at_once.saturating_mul(each);
        let mut first = 0;
        while first < self.len() {
            let end = first.saturating_add(span).min(self.len());
            let row = |paper: u32| {
                let from_first = paper as usize - first;
                from_first.is_multiple_of(each).then_some(from_first / each)
            };
            let mut lengths = vec![0_u32; (end - first).div_ceil(each)];
            for (stem, cursor) in (0..stems).zip(&cursors) {
                self.stems
                    .read_on(stem, &mut cursor.clone(), end as u32, |paper, _| {
                        if let Some(length) = row(paper).and_then(|row| lengths.get_mut(row)) {
                            *length += 1;
                        }
                    });
            }
            let mut rows = Rows::with_lengths(&lengths);
            for (stem, cursor) in (0..stems).zip(&mut cursors) {
                let having = self.stems.papers.get(stem as usize).copied();
                let idf = inverse_frequency(having.unwrap_or_default() as usize, self.len());
                let weights = COUNTS.map(|count| idf * dampened(count));
                self.stems
                    .read_on(stem, cursor, end as u32, |paper, count| {
                        let norm = self.stems.inverse_norms.get(paper as usize);
                        if let (Some(row), Some(weight), Some(norm)) =
                            (row(paper), weights.get(count), norm)
                        {
                            rows.set(row, &mut lengths, stem, weight * norm);
                        }
                    });
            }
            if !take(first / each, rows) {
                return;
            }
            first = end;
        }
    }
}

/// Sums in as many lanes as a processor adds at once.
const LANES: usize = 8;

/// Mean and deviation of numbers.
fn moments(values: &[f32]) -> (f32, f32) {
    let (mut sums, mut squares) = ([0.0_f64; LANES], [0.0_f64; LANES]);
    for chunk in values.chunks(LANES) {
        for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(chunk) {
            let value = f64::from(*value);
            *sum += value;
            *square += value * value;
        }
    }
    let count = values.len().max(1) as f64;
    let mean = sums.iter().sum::<f64>() / count;
    let square = squares.iter().sum::<f64>() / count;
    let deviation = (square - mean * mean).max(0.0).sqrt();
    (mean as f32, deviation as f32)
}

/// How likeness by words and by what papers are about are mixed in a large library, where the likeness of some papers
/// stands for that of all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixture {
    of_words: f32,
    of_about: f32,
    rest: f32,
}

impl Mixture {
    /// For words with this mean and deviation; `None` where one of the two tells nothing.
    pub(super) fn of(
        (mean, deviation): (f32, f32),
        latent: &Latent,
        place: &Vector<'_>,
        share: f32,
    ) -> Option<Mixture> {
        let each = (latent.papers() / ranking::MOMENTS_OF).max(1);
        let some = (0..latent.papers()).step_by(each);
        let cosines: Vec<f32> = some.map(|at| latent.cosine(at, place)).collect();
        let (about_mean, about_deviation) = moments(&cosines);
        if deviation == 0.0 || about_deviation == 0.0 {
            return None;
        }
        let scale = share * deviation / about_deviation;
        Some(Mixture {
            of_words: 1.0 - share,
            of_about: scale,
            rest: share * mean - scale * about_mean,
        })
    }

    #[inline]
    pub(super) fn mix(&self, words: f32, about: f32) -> f32 {
        self.of_words * words + self.of_about * about + self.rest
    }
}

/// [`Index::mix_latent`] in a large library: papers with hardly a word in common are not worth the time.
fn mix_few(sums: &mut [f32], latent: &Latent, place: &Vector<'_>, share: f32) {
    let (mean, deviation) = moments(sums);
    let Some(mixture) = Mixture::of((mean, deviation), latent, place, share) else {
        return;
    };
    let least = mean + ranking::LEAST_WORDS * deviation;
    for (paper, sum) in sums.iter_mut().enumerate() {
        *sum = if *sum >= least {
            mixture.mix(*sum, latent.cosine(paper, place))
        } else {
            (1.0 - share) * *sum + share * mean
        };
    }
}

impl Index {
    /// Where the papers lie by what they are about, once that is known; `None` as well when what was kept of it turned
    /// out to be damaged.
    pub fn latent(&self) -> Option<&Latent> {
        self.latent.get().filter(|latent| !latent.is_damaged())
    }

    /// Takes what the papers are about, from [`Latent::fit`] or as it was kept; refused where it is of other papers or
    /// known already.
    pub fn take_latent(&self, latent: Latent) -> bool {
        latent.papers() == self.len() && self.latent.set(latent).is_ok()
    }

    /// Finds out what the papers are about, which takes some seconds for a large library; whether it came to an end.
    /// Where it is `known` for the library as it was a few papers ago, that is taken over; of a few papers there is
    /// nothing to find.
    pub fn find_latent(&self, known: Option<&Latent>, cancel: &dyn Fn() -> bool) -> bool {
        if self.latent().is_some() || self.len() < ranking::FEWEST_LATENT {
            return true;
        }
        let found = match known.filter(|known| !known.is_stale(self.len())) {
            Some(known) => known.fold_in(self, cancel),
            None => Latent::fit(self, cancel),
        };
        found.is_some_and(|latent| self.take_latent(latent))
    }

    /// Mixes likeness of what papers are about into sums that say how alike their words are: `share` of standard
    /// deviations, on the scale of the sums. `place` has the place of what is asked about at `at`.
    pub(super) fn mix_latent(&self, sums: &mut [f32], places: &Vectors, at: usize, share: f32) {
        let (Some(latent), Some(place)) = (self.latent(), places.vector(at)) else {
            return;
        };
        if sums.len() > ranking::LARGE_LATENT {
            return mix_few(sums, latent, &place, share);
        }
        let cosines = latent.cosines(&place);
        let (mean, deviation) = moments(sums);
        let (latent_mean, latent_deviation) = moments(&cosines);
        if deviation == 0.0 || latent_deviation == 0.0 {
            return;
        }
        let scale = share * deviation / latent_deviation;
        let rest = share * mean - scale * latent_mean;
        for (sum, cosine) in sums.iter_mut().zip(cosines) {
            *sum = (1.0 - share) * *sum + scale * cosine + rest;
        }
    }

    /// Where a text lies by what it is about.
    pub(super) fn place_of(&self, profile: &Profile<'_>) -> Option<Vectors> {
        let latent = self.latent()?;
        latent.place(profile.terms().iter().flat_map(|term| {
            let weight = dampened(term.count) * term.inverse_frequency;
            // The directions know a stem by one of its words.
            let words = self.stems.words(term.stem).iter();
            words.map(move |word| (self.store.words.word(*word), weight))
        }))
    }
}
