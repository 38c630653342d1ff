//! The words of a text as stems, and the words that it shares with a paper, as a reader would name them.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::ranking;
use super::stems::{NO_STEM, dampened};
use super::words::{Token, tokens};
use super::{Index, PaperNo, SearchTexts};
use crate::core::query::Field;

/// A second word must weigh at least this share of the first to be named with it.
const SECOND_WORD: f32 = 0.25;
/// Typed texts of more words are cut; a paper of hundreds of pages is not more like its neighbours.
const MOST_WORDS: usize = 100_000;

/// A stem of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) stem: u32,
    pub(super) count: u8,
    pub(super) inverse_frequency: f32,
}

/// Two neighbouring words: the place of the first in the terms, and of the second or, for words of one letter, that
/// letter.
type Pair = (usize, Result<usize, char>);

/// How two neighbours are written.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    joined: bool,
}

/// The stems of a text.
#[derive(Debug)]
pub(super) struct Profile<'a> {
    terms: Vec<Term>,
    /// Every word of the library with one of the stems, and the place of the stem.
    places: HashMap<&'a str, usize, FixedState>,
    /// A word of the text for each stem.
    written: Vec<String>,
    pairs: HashMap<Pair, Written, FixedState>,
}

impl<'a> Profile<'a> {
    /// Of folded texts, each with the weight of one occurrence of a word.
    pub(super) fn new(index: &'a Index, texts: &[(&str, u8)]) -> Profile<'a> {
        let mut profile = Profile {
            terms: Vec::new(),
            places: HashMap::default(),
            written: Vec::new(),
            pairs: HashMap::default(),
        };
        let mut of_stem: HashMap<u32, usize, FixedState> = HashMap::default();
        for &(text, weight) in texts {
            for token in tokens(text).take(MOST_WORDS) {
                if !profile.places.contains_key(token.text) {
                    let Some(word) = index.store.words.find(token.text) else {
                        continue;
                    };
                    let stem = index.stems.of_word.get(word as usize).copied();
                    let Some(stem) = stem.filter(|stem| *stem != NO_STEM) else {
                        continue;
                    };
                    let place = profile.terms.len();
                    if of_stem.insert(stem, place).is_none() {
                        let having = index.stems.papers.get(stem as usize).copied();
                        profile.terms.push(Term {
                            stem,
                            count: 0,
                            inverse_frequency: ranking::inverse_frequency(
                                having.unwrap_or_default() as usize,
                                index.len(),
                            ),
                        });
                        profile.written.push(token.text.to_owned());
                        for &word in index.stems.words(stem) {
                            profile.places.insert(index.store.words.word(word), place);
                        }
                    }
                }
                if let Some(term) = profile
                    .places
                    .get(token.text)
                    .and_then(|place| profile.terms.get_mut(*place))
                {
                    term.count = term.count.saturating_add(weight);
                }
            }
            let mut pairs = std::mem::take(&mut profile.pairs);
            profile.each_pair(text, |pair, text, joined| {
                keep_shorter(&mut pairs, pair, text, joined);
            });
            profile.pairs = pairs;
        }
        profile
    }

    pub(super) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Calls `found` with every two neighbours, how they are written, and whether a hyphen joins them.
    fn each_pair<'t>(&self, text: &'t str, mut found: impl FnMut(Pair, &'t str, bool)) {
        let mut before: Option<(usize, Token<'t>)> = None;
        for token in tokens(text).take(MOST_WORDS) {
            let place = self.places.get(token.text).copied();
            if let Some((first, word)) = before.take() {
                let second = match (place, token.text.chars().next()) {
                    (Some(place), _) => Some(Ok(place)),
                    (None, Some(letter)) if token.joined && token.text.len() == 1 => {
                        Some(Err(letter))
                    }
                    _ => None,
                };
                let between = word.start + word.text.len();
                // Anything else between them does not make one term of two words.
                let near = !token.cjk
                    && token.start == between + 1
                    && (token.joined || text.get(between..token.start) == Some(" "));
                if let (Some(second), true) = (second, near)
                    && let Some(written) = text.get(word.start..token.start + token.text.len())
                {
                    found((first, second), written, token.joined);
                }
            }
            before = place.map(|place| (place, token));
        }
    }

    /// What a paper shares with the text, the weightiest first.
    pub(super) fn reasons(&self, no: PaperNo, texts: &dyn SearchTexts) -> Vec<String> {
        let title = texts.folded(no, Field::Title);
        let body = texts.folded(no, Field::Abstract);
        let mut counts = vec![0_u8; self.terms.len()];
        let mut written: Vec<Option<&str>> = vec![None; self.terms.len()];
        let mut pairs: HashMap<Pair, Written, FixedState> = HashMap::default();
        for (text, weight) in [(title.as_ref(), ranking::TITLE_COUNTS), (body.as_ref(), 1)] {
            for token in tokens(text) {
                let Some(&place) = self.places.get(token.text) else {
                    continue;
                };
                if let (Some(count), Some(written)) =
                    (counts.get_mut(place), written.get_mut(place))
                {
                    *count = count.saturating_add(weight);
                    if written.is_none_or(|shorter| token.text.len() < shorter.len()) {
                        *written = Some(token.text);
                    }
                }
            }
            self.each_pair(text, |pair, text, joined| {
                if self.pairs.contains_key(&pair) {
                    keep_shorter(&mut pairs, pair, text, joined);
                }
            });
        }
        let mut shared: Vec<(f32, usize)> = self
            .terms
            .iter()
            .zip(&counts)
            .enumerate()
            .map(|(place, (term, count))| {
                let idf = term.inverse_frequency;
                (dampened(term.count) * dampened(*count) * idf * idf, place)
            })
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        shared.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let weights: HashMap<usize, f32, FixedState> = shared
            .iter()
            .map(|(weight, place)| (*place, *weight))
            .collect();
        let mut used = vec![false; self.terms.len()];
        let mut reasons = Vec::new();
        for &(weight, place) in &shared {
            if reasons.len() == ranking::REASONS {
                break;
            }
            if used.get(place).copied().unwrap_or(true) {
                continue;
            }
            let best = pairs
                .iter()
                .filter_map(|(pair, written)| {
                    let (first, second) = *pair;
                    let other = match second {
                        Err(_) if first == place => return Some((f32::MAX, *pair, written)),
                        Ok(second) if first == place => second,
                        Ok(second) if second == place => first,
                        _ => return None,
                    };
                    let other_weight = weights.get(&other).copied().unwrap_or_default();
                    let free = other != place && !used.get(other).copied().unwrap_or(true);
                    (free && other_weight >= SECOND_WORD * weight).then_some((
                        other_weight,
                        *pair,
                        written,
                    ))
                })
                .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
            let named = if let Some((_, pair, written)) = best {
                let own = self.pairs.get(&pair).unwrap_or(written);
                for place in [Some(pair.0), pair.1.ok()].into_iter().flatten() {
                    if let Some(used) = used.get_mut(place) {
                        *used = true;
                    }
                }
                shorter(own, written).text.clone()
            } else {
                let own = self.written.get(place).map_or("", String::as_str);
                let other = written.get(place).copied().flatten().unwrap_or(own);
                if other.len() < own.len() { other } else { own }.to_owned()
            };
            if let Some(used) = used.get_mut(place) {
                *used = true;
            }
            reasons.push(named);
        }
        reasons
    }
}

/// "tumor" rather than "tumors", and "car-t" rather than "car t".
fn shorter<'w>(a: &'w Written, b: &'w Written) -> &'w Written {
    if (b.text.len(), !b.joined) < (a.text.len(), !a.joined) {
        b
    } else {
        a
    }
}

fn keep_shorter(
    pairs: &mut HashMap<Pair, Written, FixedState>,
    pair: Pair,
    text: &str,
    joined: bool,
) {
    match pairs.get_mut(&pair) {
        Some(known) if (text.len(), !joined) < (known.text.len(), !known.joined) => {
            text.clone_into(&mut known.text);
            known.joined = joined;
        }
        Some(_) => {}
        None => {
            let text = text.to_owned();
            pairs.insert(pair, Written { text, joined });
        }
    }
}
