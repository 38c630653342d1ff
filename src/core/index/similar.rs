//! Papers that are alike: the cosine of their weighted words (Salton's vector space model with dampened counts), with
//! shared authors, references and citations as further evidence; and papers like a typed text, by Okapi BM25.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::latent::Mixture;
use super::names;
use super::ranking::{self, okapi};
use super::reasons::Profile;
use super::stems::{COUNTS, dampened};
use super::{Index, PaperNo, SearchTexts};
use crate::core::query::Field;
use crate::core::semantic::Latent;
use crate::core::text::fold;

/// A paper that is like another, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    /// The paper.
    pub no: PaperNo,
    /// How alike, from 0 to 1.
    pub score: f32,
    /// Words that both have and that tell the most, in lower case as they are written; the weightiest first.
    pub shared_terms: Vec<String>,
    /// Full names (folded) of authors that both have, in the order of the paper that was asked about.
    pub shared_authors: Vec<String>,
    /// Number of works that both cite.
    pub shared_references: u32,
    /// The paper that was asked about cites this one.
    pub cited: bool,
    /// This one cites the paper that was asked about.
    pub cites: bool,
}

/// What papers share besides words.
#[derive(Debug, Clone, Default)]
struct Evidence {
    authors: f32,
    author_places: Vec<usize>,
    references: u32,
    cited: bool,
    cites: bool,
}

/// Sums of products of weights, one a paper.
pub(super) struct Scores {
    pub(super) sums: Vec<f32>,
}

/// Sums of so many papers stay near the processor while all words are added to them.
const TOGETHER: usize = 32_768;

/// Sums in as many lanes as a processor adds at once.
const LANES: usize = 8;

/// A deviation that the papers of a small library may have as well.
fn bounded(deviation: f32) -> f32 {
    deviation.clamp(*ranking::DEVIATION.start(), *ranking::DEVIATION.end())
}

impl Scores {
    fn deviation(&self) -> f32 {
        bounded(self.moments().1)
    }

    /// Mean and deviation.
    fn moments(&self) -> (f32, f32) {
        let (mut sums, mut squares) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        for chunk in self.sums.chunks(LANES) {
            for ((sum, square), score) in sums.iter_mut().zip(&mut squares).zip(chunk) {
                *sum += score;
                *square += score * score;
            }
        }
        let count = self.sums.len().max(1) as f32;
        let mean = sums.iter().sum::<f32>() / count;
        let square = squares.iter().sum::<f32>() / count;
        (mean, (square - mean * mean).max(0.0).sqrt())
    }

    /// Adds the papers with a sum above `least`, in their order.
    fn above(&self, least: f32, found: &mut Vec<u32>) {
        for (chunk, sums) in self.sums.chunks(4 * LANES).enumerate() {
            if sums
                .iter()
                .fold(0_u32, |any, sum| any | u32::from(*sum > least))
                == 0
            {
                continue;
            }
            for (at, sum) in sums.iter().enumerate() {
                if *sum > least {
                    found.push((chunk * 4 * LANES + at) as u32);
                }
            }
        }
    }

    fn add(&mut self, paper: usize, amount: f32) {
        if let Some(score) = self.sums.get_mut(paper) {
            *score += amount;
        }
    }

    /// The best papers first, equal ones in the order of the library.
    pub(super) fn best(&self, most: usize) -> Vec<(f32, u32)> {
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        let room = most.saturating_mul(2).max(64).min(self.sums.len().max(1));
        let mut best: Vec<(f32, u32)> = Vec::with_capacity(room);
        let mut least = 0.0;
        for (paper, &score) in self.sums.iter().enumerate() {
            // A later paper with the least score of the best comes after them.
            if score <= least {
                continue;
            }
            if best.len() == room && most < room {
                best.select_nth_unstable_by(most.saturating_sub(1), order);
                best.truncate(most);
                least = best.last().map_or(0.0, |(score, _)| *score);
                if score <= least {
                    continue;
                }
            }
            best.push((score, paper as u32));
        }
        best.sort_unstable_by(order);
        best.truncate(most);
        best
    }
}

impl Index {
    /// Papers like paper `no`, the most alike first; never the paper itself or another record of it (same DOI, or
    /// same title and year).
    pub fn similar(&self, no: PaperNo, limit: usize, texts: &dyn SearchTexts) -> Vec<Similar> {
        if no.index() >= self.len() || limit == 0 {
            return Vec::new();
        }
        let title = texts.folded(no, Field::Title);
        let body = texts.folded(no, Field::Abstract);
        let profile = Profile::new(self, &[(&title, ranking::TITLE_COUNTS), (&body, 1)]);
        let mut scores = self.cosines(&profile);
        if let Some(own) = scores.sums.get_mut(no.index()) {
            *own = 0.0;
        }
        let authors = texts.folded(no, Field::Authors);
        let evidence = self.evidence(no, &authors, texts);
        let most = limit.saturating_add(32);
        let about = self.latent();
        let best = if self.len() > ranking::LARGE_LATENT {
            self.best_of_few(no, &scores, about, &evidence, most)
        } else {
            self.best_of_all(no, scores, &evidence, most)
        };
        if about.is_some() && self.latent().is_none() {
            // What the papers are about turned out to be damaged.
            return self.similar(no, limit, texts);
        }
        let same = Same::new(no, texts);
        let mut found: Vec<Similar> = Vec::new();
        for (score, paper) in best {
            let other = PaperNo(paper);
            if found.len() == limit || other == no || same.is(other, texts) {
                continue;
            }
            let evidence = evidence.get(&paper).cloned().unwrap_or_default();
            let names: Vec<&str> = authors.split(names::SEPARATOR).collect();
            found.push(Similar {
                no: other,
                score: score.clamp(0.0, 1.0),
                shared_terms: profile.reasons(other, texts),
                shared_authors: evidence
                    .author_places
                    .iter()
                    .filter_map(|at| names.get(*at).map(|name| (*name).to_owned()))
                    .collect(),
                shared_references: evidence.references,
                cited: evidence.cited,
                cites: evidence.cites,
            });
        }
        found
    }

    fn best_of_all(
        &self,
        no: PaperNo,
        mut scores: Scores,
        evidence: &HashMap<u32, Evidence, FixedState>,
        most: usize,
    ) -> Vec<(f32, u32)> {
        let deviation = scores.deviation();
        if let Some(latent) = self.latent() {
            self.mix_latent(
                &mut scores.sums,
                latent.places(),
                no.index(),
                ranking::ABOUT,
            );
            if let Some(own) = scores.sums.get_mut(no.index()) {
                *own = 0.0;
            }
        }
        if let Some(year) = self.columns.year(no.index()) {
            let each = deviation * ranking::YEARS_APART;
            for (score, apart) in scores.sums.iter_mut().zip(self.columns.years_apart(year)) {
                *score -= each * apart;
            }
        }
        for (&paper, evidence) in evidence {
            scores.add(paper as usize, deviation * self.weight(no, paper, evidence));
        }
        scores.best(most)
    }

    /// [`Index::best_of_all`] in a large library: only papers that have many words in common, or anything else, are
    /// worth a closer look.
    fn best_of_few(
        &self,
        no: PaperNo,
        scores: &Scores,
        about: Option<&Latent>,
        evidence: &HashMap<u32, Evidence, FixedState>,
        most: usize,
    ) -> Vec<(f32, u32)> {
        let (mean, spread) = scores.moments();
        let deviation = bounded(spread);
        let mut few = Vec::new();
        for deviations in ranking::FEW_BY_WORDS {
            few.clear();
            scores.above(mean + deviations * spread, &mut few);
            if few.len() >= most.max(ranking::FEWEST_BY_WORDS) {
                break;
            }
        }
        let known = few.len();
        for &paper in evidence.keys() {
            if few
                .get(..known)
                .is_some_and(|few| few.binary_search(&paper).is_err())
            {
                few.push(paper);
            }
        }
        let about = about.and_then(|latent| {
            let place = latent.paper(no.index())?;
            let of_words = (mean, spread);
            Some((
                latent,
                place,
                Mixture::of(of_words, latent, &place, ranking::ABOUT)?,
            ))
        });
        let year = self.columns.year(no.index());
        let year = year.map(|year| self.columns.years_apart_of(year));
        let each = deviation * ranking::YEARS_APART;
        let best = few.into_iter().filter(|paper| *paper != no.0).map(|paper| {
            let at = paper as usize;
            let mut score = scores.sums.get(at).copied().unwrap_or_default();
            if let Some((latent, place, mixture)) = &about {
                score = mixture.mix(score, latent.cosine(at, place));
            }
            score -= year.as_ref().map_or(0.0, |apart| each * apart(at));
            if let Some(evidence) = evidence.get(&paper) {
                score += deviation * self.weight(no, paper, evidence);
            }
            (score, paper)
        });
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        let mut best: Vec<(f32, u32)> = best.filter(|(score, _)| *score > 0.0).collect();
        if best.len() > most {
            best.select_nth_unstable_by(most, order);
            best.truncate(most);
        }
        best.sort_unstable_by(order);
        best
    }

    /// Papers like a text, the most alike first.
    pub fn similar_to_text(
        &self,
        text: &str,
        limit: usize,
        texts: &dyn SearchTexts,
    ) -> Vec<Similar> {
        let folded = fold(text);
        let profile = Profile::new(self, &[(&folded, 1)]);
        let (mut scores, most) = self.okapi(&profile);
        if let Some(place) = self.place_of(&profile) {
            self.mix_latent(&mut scores.sums, &place, 0, ranking::TEXT_ABOUT);
        }
        scores
            .best(limit)
            .into_iter()
            .map(|(score, paper)| Similar {
                no: PaperNo(paper),
                score: (score / most).clamp(0.0, 1.0),
                shared_terms: profile.reasons(PaperNo(paper), texts),
                shared_authors: Vec::new(),
                shared_references: 0,
                cited: false,
                cites: false,
            })
            .collect()
    }

    pub(super) fn cosines(&self, profile: &Profile<'_>) -> Scores {
        let mut sums = vec![0.0_f32; self.len()];
        let mut norm = 0.0;
        let mut lists = Vec::new();
        for term in profile.terms() {
            let weight = dampened(term.count) * term.inverse_frequency;
            norm += weight * weight;
            let scale = weight * term.inverse_frequency;
            if scale != 0.0 {
                let weights = COUNTS.map(|count| scale * dampened(count));
                lists.push((self.stems.reading(term.stem), weights));
            }
        }
        let inverse = 1.0 / f32::sqrt(norm).max(f32::MIN_POSITIVE);
        let norms = self.stems.inverse_norms.chunks(TOGETHER);
        for ((at, sums), norms) in sums.chunks_mut(TOGETHER).enumerate().zip(norms) {
            let first = at * TOGETHER;
            for (reading, weights) in &mut lists {
                reading.up_to(first + sums.len(), |paper, count| {
                    if let (Some(sum), Some(weight)) =
                        (sums.get_mut(paper - first), weights.get(count))
                    {
                        *sum += weight;
                    }
                });
            }
            for (sum, other) in sums.iter_mut().zip(norms) {
                *sum *= inverse * other;
            }
        }
        Scores { sums }
    }

    /// Scores and what a paper could reach that has all words without end.
    fn okapi(&self, profile: &Profile<'_>) -> (Scores, f32) {
        let mut sums = vec![0.0_f32; self.len()];
        let length = |paper: usize| {
            let title = self.columns.title_words.get(paper).copied().unwrap_or(0);
            let body = self.columns.abstract_words.get(paper).copied().unwrap_or(0);
            f32::from(title) * f32::from(ranking::TITLE_COUNTS) + f32::from(body)
        };
        let total: f64 = (0..self.len()).map(|paper| f64::from(length(paper))).sum();
        let mean = (total / self.len().max(1) as f64).max(1.0) as f32;
        let saturation: Vec<f32> = (0..self.len())
            .map(|paper| okapi::K1 * (1.0 - okapi::B + okapi::B * length(paper) / mean))
            .collect();
        let mut most = f32::MIN_POSITIVE;
        for term in profile.terms() {
            let typed = f32::from(term.count);
            let weight = term.inverse_frequency * (okapi::K3 + 1.0) * typed / (okapi::K3 + typed);
            most += weight * (okapi::K1 + 1.0);
            if weight == 0.0 {
                continue;
            }
            self.stems.each(term.stem, |paper, count| {
                let count = COUNTS.get(count).map_or(1.0, |count| f32::from(*count));
                let damp = saturation.get(paper).copied().unwrap_or(okapi::K1);
                if let Some(sum) = sums.get_mut(paper) {
                    *sum += weight * (okapi::K1 + 1.0) * count / (count + damp);
                }
            });
        }
        (Scores { sums }, most)
    }

    fn evidence(
        &self,
        no: PaperNo,
        authors: &str,
        texts: &dyn SearchTexts,
    ) -> HashMap<u32, Evidence, FixedState> {
        let mut found: HashMap<u32, Evidence, FixedState> = HashMap::default();
        for (at, name) in authors.split(names::SEPARATOR).enumerate() {
            let Some(author) = names::author(name) else {
                continue;
            };
            let mut papers: Vec<u32> = self.links.papers_of(author).collect();
            papers.dedup();
            let weight = 1.0 / (1.0 + papers.len() as f32).log2();
            for paper in papers {
                let evidence = found.entry(paper).or_default();
                evidence.authors += weight;
                evidence.author_places.push(at);
            }
        }
        for &work in self.links.references(no.0) {
            for paper in self.links.papers_that_are(work) {
                found.entry(paper).or_default().cited = true;
            }
            for &paper in self.links.citing(work) {
                found.entry(paper).or_default().references += 1;
            }
        }
        let doi = texts.folded(no, Field::Doi);
        if !doi.is_empty() {
            for &paper in self.links.citing(super::links::work(&doi)) {
                found.entry(paper).or_default().cites = true;
            }
        }
        found.remove(&no.0);
        found
    }

    /// What evidence weighs, in standard deviations.
    fn weight(&self, no: PaperNo, paper: u32, evidence: &Evidence) -> f32 {
        let authors = evidence.authors.min(ranking::SHARED_AUTHORS_MOST);
        let references = if evidence.references == 0 {
            0.0
        } else {
            let lengths = self.links.references(no.0).len() * self.links.references(paper).len();
            evidence.references as f32 / (lengths.max(1) as f32).sqrt()
        };
        ranking::SHARED_AUTHORS * authors
            + ranking::SHARED_REFERENCES * references
            + if evidence.cites || evidence.cited {
                ranking::CITES
            } else {
                0.0
            }
    }
}

/// Recognises other records of one paper.
struct Same {
    doi: String,
    title: Vec<String>,
    year: Option<i32>,
}

fn title_words(no: PaperNo, texts: &dyn SearchTexts) -> Vec<String> {
    let title = texts.folded(no, Field::Title);
    super::words::tokens(&title)
        .map(|token| token.text.to_owned())
        .collect()
}

impl Same {
    fn new(no: PaperNo, texts: &dyn SearchTexts) -> Same {
        Same {
            doi: texts.folded(no, Field::Doi).into_owned(),
            title: title_words(no, texts),
            year: texts.year(no),
        }
    }

    fn is(&self, other: PaperNo, texts: &dyn SearchTexts) -> bool {
        (!self.doi.is_empty() && texts.folded(other, Field::Doi) == self.doi)
            || (!self.title.is_empty()
                && texts.year(other) == self.year
                && title_words(other, texts) == self.title)
    }
}
