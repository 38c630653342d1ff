//! What a query found in a text on screen, and scores for short lists such as the palette.

use std::ops::Range;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::phrase::is_one_cjk;
use super::scope::most_typos;
use super::typo::Pattern;
use super::words::{Token, is_joiner, tokens};
use crate::core::query::{Condition, Match, Query, Word};
use crate::core::text::fold_into;

/// Texts on screen are short; of longer ones only so many characters are compared letter by letter.
const LONGEST_FUZZY: usize = 512;
/// Longer typed texts are not compared letter by letter.
const LONGEST_TYPED: usize = 64;

/// A folded text that knows where each byte came from.
struct Folded {
    text: String,
    /// For every byte of `text`: the byte range of the original character.
    origin: Vec<(u32, u32)>,
}

impl Folded {
    fn new(original: &str) -> Folded {
        let mut text = String::with_capacity(original.len());
        let mut origin = Vec::with_capacity(original.len());
        let mut buffer = [0; 4];
        for (at, c) in original.char_indices() {
            let end = at + c.len_utf8();
            fold_into(c.encode_utf8(&mut buffer), &mut text);
            origin.resize(text.len(), (at as u32, end as u32));
        }
        Folded { text, origin }
    }

    /// The original bytes of a folded range that is not empty.
    fn original(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let (start, _) = *self.origin.get(range.start)?;
        let (_, end) = *self.origin.get(range.end.checked_sub(1)?)?;
        (start < end).then_some(start as usize..end as usize)
    }
}

/// The byte ranges of `text` (display text) that `query` found, in order and apart. All lie on character boundaries.
///
/// Where a word of the query stands nowhere in the text as it was typed, a word that it may have been meant for or
/// initials that it may be are shown.
pub fn highlight(query: &Query, text: &str) -> Vec<Range<usize>> {
    if query.is_empty() || text.is_empty() {
        return Vec::new();
    }
    let folded = Folded::new(text);
    let words: Vec<Token<'_>> = tokens(&folded.text).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    for condition in query.wanted() {
        match condition {
            Condition::Word(word) => {
                let before = found.len();
                beginnings(word, &folded.text, &words, &mut found);
                if found.len() == before {
                    near(word, &folded.text, &words, &mut found);
                }
            }
            Condition::Phrase(phrase) => {
                for at in 0..words.len() {
                    let here = words.get(at..).unwrap_or_default();
                    let fits =
                        here.len() >= phrase.words.len()
                            && here.iter().zip(&phrase.words).enumerate().all(
                                |(at, (token, word))| {
                                    let last = at + 1 == phrase.words.len();
                                    if last && (!phrase.closed || is_one_cjk(word)) {
                                        token.text.starts_with(word.as_str())
                                    } else {
                                        token.text == word
                                    }
                                },
                            );
                    if fits {
                        let found_words = here.iter().zip(&phrase.words);
                        found.extend(
                            found_words.map(|(token, word)| token.start..token.start + word.len()),
                        );
                    }
                }
            }
            _ => {}
        }
    }
    merge(
        found
            .iter()
            .filter_map(|range| folded.original(range))
            .collect(),
    )
}

/// Words that are or begin with the typed one, also across a hyphen.
fn beginnings(word: &Word, text: &str, words: &[Token<'_>], found: &mut Vec<Range<usize>>) {
    let whole_only = word.matching == Match::Whole;
    for piece in &word.compound.parts {
        for (at, token) in words.iter().enumerate() {
            if word.matching == Match::TitleStart && at > 0 {
                break;
            }
            let fits = if whole_only || piece.complete {
                token.text == piece.text
            } else {
                token.text.starts_with(&piece.text)
            };
            if fits {
                found.push(token.start..token.start + piece.text.len());
            }
        }
    }
    let joined = match (&word.compound.whole, word.compound.parts.as_slice()) {
        (Some(joined), _) => joined,
        (None, [one]) if !one.cjk => &one.text,
        _ => return,
    };
    for pair in words.windows(2) {
        if let [first, second] = pair
            && second.joined
            && !first.joined
            && let Some(range) = across_joiners(text, first.start, joined)
        {
            found.push(range);
        }
    }
}

/// The range of `joined` at `start`, hyphens and apostrophes passed over.
fn across_joiners(text: &str, start: usize, joined: &str) -> Option<Range<usize>> {
    let mut wanted = joined.bytes();
    let mut next = wanted.next()?;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        if byte == next {
            match wanted.next() {
                Some(byte) => next = byte,
                None => return text.is_char_boundary(at + 1).then_some(start..at + 1),
            }
        } else if !is_joiner(byte) {
            return None;
        }
    }
    None
}

/// What the word may have been meant for: a word with a typo less, else initials.
fn near(word: &Word, text: &str, words: &[Token<'_>], found: &mut Vec<Range<usize>>) {
    let [piece] = word.compound.parts.as_slice() else {
        return;
    };
    let most = most_typos(&piece.text);
    if let Some(pattern) = Pattern::new(&piece.text).filter(|_| most > 0) {
        let likely = words
            .iter()
            .filter_map(|token| Some((pattern.compare(token.text, most)?, token)))
            .min_by_key(|(likeness, _)| (likeness.typos, !likeness.whole));
        if let Some((_, token)) = likely {
            found.push(token.start..token.start + token.text.len());
            return;
        }
    }
    // Letters anywhere in a text are no find; they must be the beginnings of words.
    let Some((_, letters)) = fuzzy(text, &piece.text) else {
        return;
    };
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let ranges: Option<Vec<Range<usize>>> = letters
        .iter()
        .map(|letter| {
            let at = *starts.get(*letter)?;
            words.binary_search_by_key(&at, |token| token.start).ok()?;
            let end = starts.get(letter + 1).copied().unwrap_or(text.len());
            Some(at..end)
        })
        .collect();
    found.extend(ranges.filter(|ranges| ranges.len() > 1).unwrap_or_default());
}

fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Letters of `typed` in their order in `text`, as character positions.
fn fuzzy(text: &str, typed: &str) -> Option<(i64, Vec<usize>)> {
    if typed.chars().count() > LONGEST_TYPED {
        return None;
    }
    let end = text
        .char_indices()
        .nth(LONGEST_FUZZY)
        .map_or(text.len(), |(at, _)| at);
    SkimMatcherV2::default()
        .ignore_case()
        .fuzzy_indices(text.get(..end)?, typed)
}

/// How well the letters of `query` fit `candidate` in their order, higher being better, and the positions, in
/// characters, where they stand. Case and accents do not matter. `None` when they do not fit.
pub fn fuzzy_score(query: &str, candidate: &str) -> Option<(i64, Vec<usize>)> {
    let mut typed = String::with_capacity(query.len());
    fold_into(query.trim(), &mut typed);
    let mut text = String::with_capacity(candidate.len());
    let mut origin = Vec::with_capacity(candidate.len());
    let mut buffer = [0; 4];
    for (at, c) in candidate.chars().enumerate() {
        let before = text.len();
        fold_into(c.encode_utf8(&mut buffer), &mut text);
        let added = text.get(before..).map_or(0, |new| new.chars().count());
        origin.resize(origin.len() + added, at);
    }
    let (score, letters) = fuzzy(&text, &typed)?;
    let mut places: Vec<usize> = letters
        .iter()
        .filter_map(|at| origin.get(*at).copied())
        .collect();
    places.dedup();
    Some((score, places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown<'a>(query: &str, text: &'a str) -> Vec<&'a str> {
        let ranges = highlight(&Query::parse(query), text);
        ranges
            .into_iter()
            .filter_map(|range| text.get(range))
            .collect()
    }

    #[test]
    fn beginnings_of_words_are_shown() {
        assert_eq!(
            shown("graph net", "Graph Neural Networks, a graph"),
            ["Graph", "Net", "graph"]
        );
        assert_eq!(shown("rap", "Graph"), Vec::<&str>::new());
        assert_eq!(shown("'graph", "Graphs of a graph"), ["graph"]);
        assert_eq!(shown("-graph net", "Graph nets"), ["net"]);
    }

    #[test]
    fn ranges_fit_the_text_as_written() {
        assert_eq!(shown("muller", "Müller"), ["Müller"]);
        assert_eq!(shown("strass", "Die Straße"), ["Straß"]);
        assert_eq!(shown("field", "ﬁelds"), ["ﬁeld"]);
        assert_eq!(shown("multihead", "A Multi-Head model"), ["Multi-Head"]);
        assert_eq!(shown("学习", "基于深度学习"), ["学习"]);
        assert_eq!(
            shown("\"graph neural", "graph theory, Graph Neuralgia"),
            ["Graph", "Neural"]
        );
    }

    #[test]
    fn typos_and_initials_show_what_was_meant() {
        assert_eq!(shown("nueral", "Graph Neural Networks"), ["Neural"]);
        assert_eq!(shown("gnn", "Graph Neural Networks"), ["G", "N", "N"]);
        assert_eq!(shown("xyz", "Graph Neural Networks"), Vec::<&str>::new());
    }

    #[test]
    fn palette_scores_ignore_case_and_accents() {
        let (_, places) = fuzzy_score("cmu", "Copy Müller").expect("fits");
        assert_eq!(places, [0, 5, 6]);
        assert!(fuzzy_score("zz", "Copy").is_none());
        let good = fuzzy_score("copy", "copy").map(|(score, _)| score);
        assert!(good > fuzzy_score("copy", "cut or paste y").map(|(score, _)| score));
    }

    proptest! {
        #[test]
        fn ranges_are_in_order_and_on_characters(query in "\\PC{0,12}|[a-zéß '\"^-]{0,12}", text in "\\PC{0,40}|[a-zéßﬁ学 -]{0,30}") {
            let ranges = highlight(&Query::parse(&query), &text);
            let mut end = 0;
            for range in ranges {
                prop_assert!(range.start < range.end && range.start >= end);
                prop_assert!(text.get(range.clone()).is_some());
                end = range.end;
            }
            if let Some((_, places)) = fuzzy_score(&query, &text) {
                prop_assert!(places.is_sorted() && places.iter().all(|at| *at < text.chars().count()));
            }
        }

        #[test]
        fn folding_knows_its_origins(text in "\\PC{0,40}") {
            let folded = Folded::new(&text);
            let whole = crate::core::text::fold(&text);
            prop_assert_eq!(folded.text.as_str(), whole.as_ref());
            prop_assert_eq!(folded.origin.len(), folded.text.len());
        }
    }
}
