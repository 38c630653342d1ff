//! Answering a query from the postings.

use std::ops::Range;
use std::sync::Arc;

use super::marks::{self, Candidates, raise};
use super::names::spellings;
use super::postings::fields;
use super::ranking::{self, Levels, level};
use super::recent::{Looked, Manner};
use super::refine;
use super::scope::{Scope, scope, year_fits};
use super::words::Piece;
use super::{Hits, Index, PaperNo, SearchTexts};
use crate::core::query::{Condition, Field, Filter, Match, Query, Word};

/// So many words are looked up between two looks at whether to go on.
const TOGETHER: u32 = 4096;

/// Gives up when asked to; looked at between words, never inside the loop over the papers of one.
pub(super) struct Cancelled;

/// A word of the query, and what was found for it.
struct Wanted<'a> {
    word: &'a Word,
    levels: Arc<marks::Levels>,
    /// Typos were looked for, or are not forgiven.
    forgiving: bool,
}

/// Whether few papers are left and none has all words in more than its abstract.
fn weak(candidates: &Candidates, looked: &[Wanted<'_>]) -> bool {
    candidates
        .papers()
        .take(ranking::FEW + 1)
        .enumerate()
        .all(|(count, paper)| {
            count < ranking::FEW
                && looked.iter().any(|looked| {
                    looked
                        .levels
                        .get(paper)
                        .is_some_and(|level| *level <= level::ABSTRACT_WHOLE)
                })
        })
}

impl Index {
    /// Papers for which all conditions of `query` hold, the best first. `cancel` is asked now and then; once it says
    /// yes the search ends without hits.
    pub fn search(
        &self,
        query: &Query,
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Hits {
        self.answer(query, texts, cancel)
            .unwrap_or_else(|Cancelled| Hits::cancelled())
    }

    fn answer(
        &self,
        query: &Query,
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Hits, Cancelled> {
        let mut looked = Vec::new();
        for condition in query.wanted() {
            if let Condition::Word(word) = condition {
                looked.push(self.wanted(word, texts, cancel)?);
            }
        }
        let mut candidates = self.conditions(query, &looked, texts, cancel)?;
        if looked.iter().any(|looked| !looked.forgiving) && weak(&candidates, &looked) {
            // Each word is known, but no paper has them all where it counts: one may be another word mistyped.
            for looked in &mut looked {
                if !looked.forgiving {
                    looked.levels = self.forgiven(looked.word, texts, cancel)?;
                    looked.forgiving = true;
                }
            }
            candidates = self.conditions(query, &looked, texts, cancel)?;
        }
        if looked.is_empty() {
            return Ok(candidates.into_hits(&[]));
        }
        let mut hits = candidates.into_hits(&self.columns.ties);
        hits.refined = refine::refine(&mut hits.first, &hits.keys, query, texts).into();
        Ok(hits)
    }

    /// What is found for a word of a query: typos are looked for where few papers have it.
    fn wanted<'a>(
        &self,
        word: &'a Word,
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Wanted<'a>, Cancelled> {
        let typed = self.looked(word, Manner::Typed, cancel)?;
        let levels = self.with_own_tags(word, &typed, texts);
        let papers = if Arc::ptr_eq(&levels, &typed.levels) {
            typed.papers
        } else {
            marks::count(&levels)
        };
        // Who asks for a whole word means it as it is written.
        let exact = word.matching == Match::Whole;
        let few = papers < ranking::FEW;
        Ok(Wanted {
            word,
            levels: if few && !exact {
                self.forgiven(word, texts, cancel)?
            } else {
                levels
            },
            forgiving: few || exact,
        })
    }

    fn forgiven(
        &self,
        word: &Word,
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Arc<marks::Levels>, Cancelled> {
        let forgiven = self.looked(word, Manner::Forgiving, cancel)?;
        Ok(self.with_own_tags(word, &forgiven, texts))
    }

    /// What the library has for a word, remembered from the key before where it can be.
    fn looked(
        &self,
        word: &Word,
        manner: Manner,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Looked, Cancelled> {
        if let Some(known) = self.recent.find(word, manner) {
            return Ok(known);
        }
        let levels = match manner {
            Manner::Typed => self.word(word, false, cancel)?,
            Manner::Exact => self.word(word, true, cancel)?,
            Manner::Forgiving => {
                let typed = self.looked(word, Manner::Typed, cancel)?;
                let mut levels = typed.levels.as_ref().clone();
                self.forgive(word, &mut levels, cancel)?;
                levels
            }
        };
        let looked = Looked::new(levels);
        self.recent.note(word, manner, &looked);
        Ok(looked)
    }

    /// Where tags are asked for, those that the reader gave count as well.
    fn with_own_tags(
        &self,
        word: &Word,
        looked: &Looked,
        texts: &dyn SearchTexts,
    ) -> Arc<marks::Levels> {
        let mut levels = Arc::clone(&looked.levels);
        if word.field == Some(Field::Keywords) {
            let levels: &mut marks::Levels = Arc::make_mut(&mut levels);
            self.own_tags(&word.text, texts, levels);
        }
        levels
    }

    fn conditions(
        &self,
        query: &Query,
        looked: &[Wanted<'_>],
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Candidates, Cancelled> {
        let mut candidates = Candidates::all(self.len());
        for looked in looked {
            candidates.require(&looked.levels);
            if looked.forgiving {
                candidates.note_typos(&looked.levels);
            }
        }
        // The cheap ones first: the dear ones are asked only for what is left.
        for part in query.parts() {
            if let Condition::Years(years) = &part.condition {
                candidates.retain(|paper| years.contains(self.columns.year(paper)) != part.negated);
            }
        }
        for part in query.parts() {
            match &part.condition {
                Condition::Word(word) if part.negated => {
                    let looked = self.looked(word, Manner::Exact, cancel)?;
                    candidates.exclude(&self.with_own_tags(word, &looked, texts));
                }
                Condition::Filter(filter) => candidates
                    .retain(|paper| texts.holds(PaperNo(paper as u32), filter) != part.negated),
                _ => {}
            }
        }
        for part in query.parts() {
            if let Condition::Phrase(phrase) = &part.condition {
                let mut levels = self.phrase(phrase, &candidates, texts, cancel)?;
                if phrase.field == Some(Field::Keywords) {
                    self.own_tags(&phrase.words.join(" "), texts, &mut levels);
                }
                if part.negated {
                    candidates.exclude(&levels);
                } else {
                    candidates.require(&levels);
                }
            }
        }
        Ok(candidates)
    }

    fn own_tags(&self, tag: &str, texts: &dyn SearchTexts, levels: &mut [u8]) {
        let filter = Filter::Tag(tag.to_owned());
        for paper in 0..self.len() {
            if texts.holds(PaperNo(paper as u32), &filter) {
                raise(levels, paper, level::KEYWORD_WHOLE);
            }
        }
    }

    /// Papers that have a word as it was typed.
    fn word(
        &self,
        word: &Word,
        exact: bool,
        cancel: &dyn Fn() -> bool,
    ) -> Result<marks::Levels, Cancelled> {
        let only_whole = word.matching == Match::Whole;
        let mut levels = Vec::new();
        for (at, piece) in word.compound.parts.iter().enumerate() {
            let whole = only_whole || piece.complete;
            let scope = scope(word, piece, whole, at == 0);
            let mut of_piece = vec![0; self.len()];
            self.look_up(&piece.text, whole, scope, 0, &mut of_piece, cancel)?;
            if at == 0 {
                levels = of_piece;
            } else {
                for (level, other) in levels.iter_mut().zip(of_piece) {
                    *level = (*level).min(other);
                }
            }
        }
        if let Some(joined) = &word.compound.whole {
            let joined = Piece::joined(joined);
            let scope = scope(word, &joined, only_whole, true);
            self.look_up(&joined.text, only_whole, scope, 0, &mut levels, cancel)?;
        }
        if let [piece] = word.compound.parts.as_slice() {
            let scope = scope(word, piece, only_whole, true);
            let names = Scope {
                head: scope.head & (fields::SURNAME | fields::GIVEN),
                body: false,
                ..scope
            };
            if names.head != 0 && !exact {
                for spelling in spellings(&piece.text) {
                    let cost = level::OTHER_SPELLING;
                    self.look_up(&spelling, only_whole, names, cost, &mut levels, cancel)?;
                }
            }
            if scope.year {
                for (paper, level) in levels.iter_mut().enumerate() {
                    if *level < level::YEAR && year_fits(self.columns.year(paper), word) {
                        *level = level::YEAR;
                    }
                }
            }
        }
        Ok(levels)
    }

    /// Marks the papers of all words that are or begin with `text`.
    pub(super) fn look_up(
        &self,
        text: &str,
        whole: bool,
        scope: Scope,
        cost: u8,
        levels: &mut [u8],
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), Cancelled> {
        if cancel() {
            return Err(Cancelled);
        }
        let at = Levels::new(scope.head, scope.body).lowered(cost);
        let range = if whole {
            match self.store.words.find(text) {
                Some(word) => word..word + 1,
                None => return Ok(()),
            }
        } else {
            self.store.words.with_beginning(text)
        };
        let first = range.start;
        let is_whole = !range.is_empty() && self.store.words.word(first).len() == text.len();
        let (one, others) = range_split(range, u32::from(is_whole));
        self.mark(one, true, &at, levels);
        let mut from = others.start;
        while from < others.end {
            if cancel() {
                return Err(Cancelled);
            }
            let to = others.end.min(from + TOGETHER);
            self.mark(from..to, false, &at, levels);
            from = to;
        }
        Ok(())
    }

    /// Marks the papers of words that follow each other, which are wholes or beginnings.
    #[inline]
    pub(super) fn mark(&self, words: Range<u32>, whole: bool, at: &Levels, levels: &mut [u8]) {
        let (table, body) = if whole {
            (&at.whole, at.body_whole)
        } else {
            (&at.beginning, at.body_beginning)
        };
        self.store.heads(words.clone(), |paper, in_fields| {
            let level = table.get(usize::from(in_fields)).copied().unwrap_or(0);
            raise(levels, paper, level);
        });
        if body != 0 {
            self.store
                .bodies(words, |paper, _| raise(levels, paper, body));
        }
    }
}

/// The first so many of a range, and the others.
fn range_split(range: Range<u32>, first: u32) -> (Range<u32>, Range<u32>) {
    let middle = range.start + first;
    (range.start..middle, middle..range.end)
}
