//! The order of the first hits, seen in their titles and authors: how much of them was typed, and in which order.
//!
//! The likelihood of a query is estimated for each paper as though its reader had picked words of its title and names
//! of its authors at random: a word counts for more where it stands among fewer (the query likelihood model of Ponte
//! and Croft 1998, *A language modeling approach to information retrieval*).

use memchr::memmem::Finder;

use super::marks::sum_of;
use super::names;
use super::ranking::{self, bonus, level};
use super::scope::most_typos;
use super::slips::{Slip, slip};
use super::stop_words::is_stop_word;
use super::typo::Pattern;
use super::vocabulary::letters;
use super::words::tokens;
use super::{PaperNo, SearchTexts};
use crate::core::query::{Condition, Field, Query};

/// A typed word as it is looked for in titles and names.
struct Typed<'a> {
    text: &'a str,
    first: Option<u8>,
    finder: Finder<'a>,
    letters: u32,
    /// The typos forgiven.
    most: u32,
    pattern: Option<Pattern>,
}

/// How a typed word is found, the best last.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Fit {
    /// Mistyped; with what that costs, negated.
    Typo(f32),
    Beginning,
    Whole,
}

/// Orders the first [`ranking::REFINED`] hits; their scores in hundredths of a level. `keys` has by what every paper is
/// ordered.
pub(super) fn refine(
    hits: &mut [PaperNo],
    keys: &[u16],
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
    let found: Vec<Found> = first
        .iter()
        .map(|&no| {
            let title = texts.folded(no, Field::Title);
            let authors = texts.folded(no, Field::Authors);
            Found::new(&title, &authors, &typed)
        })
        .collect();
    let abbreviating = is_abbreviating(&found, typed.len());
    let mut scored: Vec<(f32, i32, PaperNo)> = (first.iter().zip(&found))
        .map(|(&no, found)| {
            let key = keys.get(no.index()).copied().unwrap_or_default();
            let score = f32::from(sum_of(key)) + found.score(abbreviating);
            (score.max(0.0), texts.year(no).unwrap_or(i32::MIN), no)
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

/// Whether a typed word, not counting the last, which may be still being typed, is nowhere a whole word but the
/// beginning of some: who shortens one word shortens all, and that another is a whole word says little.
fn is_abbreviating(found: &[Found], typed: usize) -> bool {
    (0..typed.saturating_sub(1)).any(|at| {
        let fits = || found.iter().filter_map(|found| found.best(at));
        fits().any(|fit| fit == Fit::Beginning) && !fits().any(|fit| fit == Fit::Whole)
    })
}

impl<'a> Typed<'a> {
    fn new(text: &'a str) -> Typed<'a> {
        let most = most_typos(text);
        Typed {
            text,
            first: text.bytes().next(),
            finder: Finder::new(text),
            letters: letters(text.as_bytes()),
            most,
            pattern: (most > 0).then(|| Pattern::new(text)).flatten(),
        }
    }

    /// Whether a word is or begins with the typed one.
    #[inline]
    fn begins(&self, word: &str) -> bool {
        word.bytes().next() == self.first && word.starts_with(self.text)
    }

    /// Whether it stands anywhere in a text.
    fn is_in(&self, text: &str) -> bool {
        self.finder.find(text.as_bytes()).is_some()
    }

    /// Whether a word is so unlike that no typo need be looked for: after one, the first or the second letter is right,
    /// or stands where the other should.
    fn is_far(&self, word: &str) -> bool {
        match (self.most, self.text.as_bytes(), word.as_bytes()) {
            (1, [a, b, ..], [c, d, ..]) if a.is_ascii() && c.is_ascii() => {
                a != c && b != d && a != d && b != c
            }
            _ => (self.letters & !letters(word.as_bytes())).count_ones() > self.most,
        }
    }

    /// How a word of a paper fits.
    fn fits(&self, word: &str, with_typos: bool) -> Option<Fit> {
        if self.begins(word) {
            return Some(if word.len() == self.text.len() {
                Fit::Whole
            } else {
                Fit::Beginning
            });
        }
        // A mistyped word is judged only where it may be one: its length is near.
        let pattern = self.pattern.as_ref()?;
        if !with_typos || word.len() + 2 < self.text.len() || self.is_far(word) {
            return None;
        }
        let (cost, whole) = if let Some((slip, whole)) = slip(self.text, word) {
            let cost = match slip {
                Slip::Swap => bonus::SWAP_COSTS,
                Slip::Omission | Slip::Repetition => bonus::OMISSION_COSTS,
                Slip::Substitution | Slip::Insertion => bonus::WRONG_LETTER_COSTS,
            };
            (cost, whole)
        } else {
            let likeness = pattern.compare(word, self.most)?;
            (bonus::TWO_TYPOS_COST, likeness.whole)
        };
        // The first letter is hardly ever wrong.
        let first = if word.chars().next() == self.text.chars().next() {
            0.0
        } else {
            bonus::FIRST_LETTER_COSTS
        };
        let rest = if whole {
            0.0
        } else {
            bonus::MISTYPED_BEGINNING_COSTS
        };
        Some(Fit::Typo(-(cost + first + rest)))
    }
}

/// How a typed word fits names.
#[derive(Debug, Clone, Copy)]
struct Named {
    fit: Fit,
    is_surname: bool,
    /// How many names fit so, short ones counting little.
    count: f32,
}

/// Where the typed words are found in a paper.
struct Found {
    /// For each typed word the best of the words of the title that are left for it: its place among them, its place
    /// counted without small words, and how it fits.
    in_title: Vec<Option<(usize, Fit)>>,
    /// For each typed word how the names fit.
    in_authors: Vec<Option<Named>>,
    /// Where each word of the title starts and ends, small words counting little.
    spans: Vec<(f32, f32)>,
    authors: f32,
    by_first_author: bool,
}

impl Found {
    fn new(title: &str, authors: &str, typed: &[Typed<'_>]) -> Found {
        let mut found = Found {
            in_title: Vec::with_capacity(typed.len()),
            in_authors: vec![None; typed.len()],
            spans: Vec::new(),
            authors: 0.0,
            by_first_author: false,
        };
        let words: Vec<&str> = tokens(title).map(|token| token.text).collect();
        let mut end = 0.0;
        for word in &words {
            let small = word.len() < 4 && word.is_ascii() || is_stop_word(word);
            let size = if small {
                bonus::SMALL_WORD
            } else if word.len() == 4 {
                bonus::FOUR_LETTERS
            } else {
                1.0
            };
            found.spans.push((end, end + size));
            end += size;
        }
        // Most words stand in no name; then names need not be looked at.
        let in_names: Vec<bool> = typed.iter().map(|typed| typed.is_in(authors)).collect();
        if in_names.contains(&true) {
            found.authors(authors, typed, &in_names, false);
        }
        // Comparing with typos takes long: only words that are found in no other way may be mistyped.
        let mistyped: Vec<bool> = (typed.iter().zip(&found.in_authors))
            .map(|(typed, named)| {
                let is_in_title = || words.iter().any(|word| typed.begins(word));
                named.is_none() && typed.pattern.is_some() && !is_in_title()
            })
            .collect();
        if mistyped.contains(&true) {
            found.authors(authors, typed, &mistyped, true);
        }
        for (typed, with_typos) in typed.iter().zip(mistyped) {
            found.title_word(&words, typed, with_typos);
        }
        found
    }

    /// Looks for the `wanted` of the typed words in the names.
    fn authors(&mut self, authors: &str, typed: &[Typed<'_>], wanted: &[bool], with_typos: bool) {
        self.authors = 0.0;
        let mut tokens_of = Vec::new();
        for (at, name) in names::split(authors).enumerate() {
            tokens_of.clear();
            tokens_of.extend(tokens(name));
            let surname = names::surname_among(tokens_of.iter().copied());
            let size = match name.get(surname..).map_or(0, str::len) {
                0..=3 => bonus::SHORT_NAME,
                _ => 1.0,
            };
            self.authors += size;
            for ((in_authors, typed), wanted) in self.in_authors.iter_mut().zip(typed).zip(wanted) {
                if !wanted {
                    continue;
                }
                let best = (tokens_of.iter())
                    .filter_map(|token| {
                        let fit = typed.fits(token.text, with_typos)?;
                        Some((fit, token.start >= surname))
                    })
                    // Given names are hardly ever mistyped, as they are hardly ever typed.
                    .filter(|(fit, is_surname)| *is_surname || !matches!(fit, Fit::Typo(_)))
                    .fold(
                        None,
                        |best, fit| if Some(fit) > best { Some(fit) } else { best },
                    );
                let Some((fit, is_surname)) = best else {
                    continue;
                };
                match in_authors {
                    Some(known) if (known.fit, known.is_surname) > (fit, is_surname) => continue,
                    Some(known) if (known.fit, known.is_surname) == (fit, is_surname) => {
                        known.count += size;
                    }
                    _ => {
                        *in_authors = Some(Named {
                            fit,
                            is_surname,
                            count: size,
                        });
                    }
                }
                self.by_first_author |= at == 0 && !matches!(fit, Fit::Typo(_));
            }
        }
    }

    /// Finds the best word of the title for the next typed one: not one that stands for another typed word already,
    /// and of equals the one that follows it.
    fn title_word(&mut self, words: &[&str], typed: &Typed<'_>, with_typos: bool) {
        let before = self.in_title.last().copied().flatten().map(|(at, _)| at);
        let mut best: Option<(usize, Fit, u8)> = None;
        for (at, word) in words.iter().enumerate() {
            let Some(fit) = typed.fits(word, with_typos) else {
                continue;
            };
            if (self.in_title.iter().flatten()).any(|(taken, _)| *taken == at) {
                continue;
            }
            let follows = match before {
                Some(before) if self.is_next(before, at) => 2,
                Some(before) if before < at => 1,
                _ => 0,
            };
            if best.is_none_or(|(_, known, place)| (fit, follows) > (known, place)) {
                best = Some((at, fit, follows));
            }
        }
        self.in_title.push(best.map(|(at, fit, _)| (at, fit)));
    }

    /// Whether at most small words stand between two words of the title.
    fn is_next(&self, before: usize, after: usize) -> bool {
        let (Some((_, end)), Some((start, _))) = (self.spans.get(before), self.spans.get(after))
        else {
            return false;
        };
        before < after && start - end < 1.0
    }

    /// How a typed word fits best.
    fn best(&self, at: usize) -> Option<Fit> {
        let title = self.in_title.get(at).copied().flatten().map(|(_, fit)| fit);
        let authors = self
            .in_authors
            .get(at)
            .copied()
            .flatten()
            .map(|named| named.fit);
        match (title, authors) {
            (Some(title), Some(authors)) if authors > title => Some(authors),
            (None, authors) => authors,
            (title, _) => title,
        }
    }

    fn score(&self, abbreviating: bool) -> f32 {
        let length = self.spans.last().map_or(1.0, |(_, end)| end.max(1.0));
        let mut score = 0.0;
        for (in_title, in_authors) in self.in_title.iter().zip(&self.in_authors) {
            let title = in_title.map(|(_, fit)| {
                let likely = (bonus::LONG_TITLE / length).ln().max(0.0);
                (
                    fit,
                    bonus::TITLE_LENGTH * likely,
                    level::TITLE_WHOLE - level::TITLE_BEGINNING,
                )
            });
            let authors = in_authors.map(|named| {
                let likely = (bonus::MANY_AUTHORS * named.count / self.authors.max(1.0))
                    .ln()
                    .max(0.0);
                let gap = level::SURNAME_WHOLE - level::SURNAME_BEGINNING;
                (named.fit, bonus::AUTHORS_LENGTH * likely, gap)
            });
            let better = match (title, authors) {
                (Some(title), Some(authors)) if authors.0 > title.0 => Some(authors),
                (None, authors) => authors,
                (title, _) => title,
            };
            let Some((fit, likely, gap)) = better else {
                continue;
            };
            score += likely;
            match fit {
                Fit::Typo(costs) => score += costs,
                Fit::Whole if abbreviating => score -= f32::from(gap) * bonus::ABBREVIATING,
                _ => {}
            }
        }
        score
            + self.order()
            + if self.by_first_author {
                bonus::FIRST_AUTHOR
            } else {
                0.0
            }
    }

    /// What the order of the typed words in the title tells.
    fn order(&self) -> f32 {
        let mut score = 0.0;
        if let Some(Some((at, _))) = self.in_title.first()
            && self.spans.get(*at).is_some_and(|(start, _)| *start < 1.0)
        {
            score += bonus::AT_START;
        }
        for pair in self.in_title.windows(2) {
            if let [Some((a, _)), Some((b, _))] = pair {
                if self.is_next(*a, *b) {
                    score += bonus::ADJACENT;
                } else if a < b {
                    score += bonus::IN_ORDER;
                }
            }
        }
        score
    }
}
