//! The order of the first hits, seen in their titles and authors: how much of them was typed, and in which order.

use super::names;
use super::ranking::{self, bonus};
use super::scope::most_typos;
use super::stop_words::is_stop_word;
use super::typo::Pattern;
use super::words::tokens;
use super::{PaperNo, SearchTexts};
use crate::core::query::{Condition, Field, Query};

/// A typed word as it is looked for in a title.
struct Typed<'a> {
    text: &'a str,
    pattern: Option<(Pattern, u32)>,
}

/// Orders the first [`ranking::REFINED`] hits; their scores in hundredths of a level. `sums` has the sum of levels of
/// every paper.
pub(super) fn refine(
    hits: &mut [PaperNo],
    sums: &[u16],
    query: &Query,
    texts: &dyn SearchTexts,
) -> Vec<u32> {
    let mut typed: Vec<Typed<'_>> = Vec::new();
    for condition in query.wanted() {
        match condition {
            Condition::Word(word) => {
                for piece in &word.compound.parts {
                    typed.push(Typed::new(&piece.text));
                }
            }
            Condition::Phrase(phrase) => {
                typed.extend(phrase.words.iter().map(|word| Typed::new(word)));
            }
            _ => {}
        }
    }
    let count = hits.len().min(ranking::REFINED);
    let Some(first) = hits.get_mut(..count) else {
        return Vec::new();
    };
    let mut scored: Vec<(f32, i32, PaperNo)> = first
        .iter()
        .map(|&no| {
            let title = texts.folded(no, Field::Title);
            let authors = texts.folded(no, Field::Authors);
            let sum = sums.get(no.index()).copied().unwrap_or_default();
            let score = f32::from(sum) + of_title(&title, &typed) + of_authors(&authors, &typed);
            (score, texts.year(no).unwrap_or(i32::MIN), no)
        })
        .collect();
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| b.1.cmp(&a.1))
            .then_with(|| a.2.cmp(&b.2))
    });
    for (hit, (_, _, no)) in first.iter_mut().zip(&scored) {
        *hit = *no;
    }
    scored
        .iter()
        .map(|(score, ..)| (score * 100.0).round() as u32)
        .collect()
}

impl<'a> Typed<'a> {
    fn new(text: &'a str) -> Typed<'a> {
        let most = most_typos(text);
        Typed {
            text,
            pattern: (most > 0)
                .then(|| Pattern::new(text))
                .flatten()
                .map(|pattern| (pattern, most)),
        }
    }

    /// How well a word of a paper fits, from 0 to 1.
    fn fits(&self, word: &str) -> f32 {
        if word.starts_with(self.text) {
            return if word.len() == self.text.len() {
                1.0
            } else {
                0.5 + 0.5 * self.text.len() as f32 / word.len() as f32
            };
        }
        match &self.pattern {
            // A mistyped word is judged only where it may be one: its length is near.
            Some((pattern, most)) if word.len() + 2 >= self.text.len() => pattern
                .compare(word, *most)
                .map_or(0.0, |likeness| if likeness.whole { 0.6 } else { 0.3 }),
            _ => 0.0,
        }
    }
}

fn of_title(title: &str, typed: &[Typed<'_>]) -> f32 {
    // The best place of each typed word, and how well it fits there.
    let mut places: Vec<Option<(usize, f32)>> = vec![None; typed.len()];
    let mut length = 0.0;
    for (at, token) in tokens(title).enumerate() {
        let small = token.text.len() < 4 && !token.cjk || is_stop_word(token.text);
        length += if small { bonus::SMALL_WORD } else { 1.0 };
        for (place, typed) in places.iter_mut().zip(typed) {
            let fit = typed.fits(token.text);
            if fit > place.map_or(0.0, |(_, fit)| fit) {
                *place = Some((at, fit));
            }
        }
    }
    let typed_in_title = places.iter().flatten().count() as f32;
    let likely = typed_in_title * (bonus::LONG_TITLE / f32::max(length, 1.0)).ln();
    let mut score = bonus::TITLE_LENGTH * likely.max(0.0);
    if let Some(Some((0, _))) = places.first() {
        score += bonus::AT_START;
    }
    for pair in places.windows(2) {
        if let [Some((a, _)), Some((b, _))] = pair {
            if a + 1 == *b {
                score += bonus::ADJACENT;
            } else if a < b {
                score += bonus::IN_ORDER;
            }
        }
    }
    score
}

fn of_authors(authors: &str, typed: &[Typed<'_>]) -> f32 {
    let mut count = 0_usize;
    let mut fitting = vec![0_u16; typed.len()];
    let mut first = false;
    for (at, name) in authors.split(names::SEPARATOR).enumerate() {
        count = at + 1;
        for (fitting, typed) in fitting.iter_mut().zip(typed) {
            if tokens(name).any(|token| token.text.starts_with(typed.text)) {
                *fitting += 1;
                first |= at == 0;
            }
        }
    }
    let likely: f32 = fitting
        .iter()
        .filter(|fitting| **fitting > 0)
        .map(|fitting| {
            (bonus::MANY_AUTHORS * f32::from(*fitting) / count as f32)
                .ln()
                .max(0.0)
        })
        .sum();
    bonus::AUTHORS_LENGTH * likely + if first { bonus::FIRST_AUTHOR } else { 0.0 }
}
