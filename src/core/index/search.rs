//! Answering a query from the postings.

use super::marks::{self, Candidates, raise};
use super::names::spellings;
use super::postings::fields;
use super::ranking::{self, Levels, level};
use super::refine;
use super::scope::{Scope, scope, year_fits};
use super::words::Piece;
use super::{Hits, Index, PaperNo, SearchTexts};
use crate::core::query::{Condition, Field, Filter, Match, Query, Word};

/// Gives up when asked to; looked at between words, never inside the loop over the papers of one.
pub(super) struct Cancelled;

/// Words that were looked up, one a condition.
struct Looked<'a> {
    word: &'a Word,
    levels: marks::Levels,
    /// Typos were looked for, or are not forgiven.
    forgiving: bool,
}

/// Whether few papers are left and none has all words in more than its abstract.
fn weak(candidates: &Candidates, looked: &[Looked<'_>]) -> bool {
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

/// How well the words were typed, as the papers found tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Typed {
    /// No paper has all of them in more than its abstract.
    Otherwise,
    /// One has, some of them as beginnings.
    Begun,
    /// One has them all as whole words of its title or authors: none was mistyped.
    Whole,
}

fn typed_well(hits: &Hits, looked: &[Looked<'_>]) -> Typed {
    let mut best = Typed::Otherwise;
    for no in hits.papers.iter().take(ranking::REFINED) {
        if hits.is_typo(*no) {
            continue;
        }
        let of_paper =
            looked.iter().map(
                |looked| match looked.levels.get(no.index()).copied().unwrap_or(0) {
                    level::TITLE_WHOLE | level::SURNAME_WHOLE | level::GIVEN_WHOLE => Typed::Whole,
                    level if level > level::ABSTRACT_WHOLE => Typed::Begun,
                    _ => Typed::Otherwise,
                },
            );
        best = best.max(of_paper.min().unwrap_or(Typed::Otherwise));
        if best == Typed::Whole {
            break;
        }
    }
    best
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
                let mut levels = self.word(word, false, cancel)?;
                if word.field == Some(Field::Keywords) {
                    self.own_tags(&word.text, texts, &mut levels);
                }
                // Who asks for a whole word means it as it is written.
                let exact = word.matching == Match::Whole;
                let few = marks::count(&levels) < ranking::FEW;
                if few && !exact {
                    self.forgive(word, &mut levels, cancel)?;
                }
                looked.push(Looked {
                    word,
                    levels,
                    forgiving: few || exact,
                });
            }
        }
        let mut candidates = self.conditions(query, &looked, texts, cancel)?;
        if looked.iter().any(|looked| !looked.forgiving) && weak(&candidates, &looked) {
            // Each word is known, but no paper has them all where it counts: one may be another word mistyped.
            for looked in &mut looked {
                if !looked.forgiving {
                    self.forgive(looked.word, &mut looked.levels, cancel)?;
                }
            }
            candidates = self.conditions(query, &looked, texts, cancel)?;
        }
        if looked.is_empty() {
            return Ok(candidates.into_hits(|_| 0));
        }
        let mut hits = candidates.into_hits(|paper| self.tie_break(paper));
        hits.refined = refine::refine(&mut hits.papers, &hits.sums, query, texts);
        match typed_well(&hits, &looked) {
            Typed::Whole => hits.leave_out_typos(0),
            Typed::Begun => hits.leave_out_typos(ranking::WITH_TYPOS),
            Typed::Otherwise => {}
        }
        Ok(hits)
    }

    /// Papers with short titles and few authors first: a word makes out more of them.
    fn tie_break(&self, paper: usize) -> u16 {
        let title = self.columns.title_words.get(paper).copied().unwrap_or(0);
        let authors = self.columns.authors.get(paper).copied().unwrap_or(0);
        let bits = |count: u8| 8 - (count.leading_zeros() as u16).min(8);
        // Two steps for each doubling of the title, one for each of the authors.
        let half = u16::from(title.rotate_left(title.leading_zeros() + 2) & 1);
        15_u16.saturating_sub(2 * bits(title) + half + bits(authors) / 2)
    }

    fn conditions(
        &self,
        query: &Query,
        looked: &[Looked<'_>],
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Candidates, Cancelled> {
        let mut candidates = Candidates::all(self.len());
        for looked in looked {
            candidates.require(&looked.levels);
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
                    let mut levels = self.word(word, true, cancel)?;
                    if word.field == Some(Field::Keywords) {
                        self.own_tags(&word.text, texts, &mut levels);
                    }
                    candidates.exclude(&levels);
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
        let at = Levels::new(scope.head, scope.body).lowered(cost);
        let range = if whole {
            match self.store.words.find(text) {
                Some(word) => word..word + 1,
                None => return Ok(()),
            }
        } else {
            self.store.words.with_beginning(text)
        };
        for (done, word) in range.enumerate() {
            if done % 512 == 0 && cancel() {
                return Err(Cancelled);
            }
            let is_whole = self.store.words.word(word).len() == text.len();
            self.mark(word, is_whole, &at, levels);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn mark(&self, word: u32, whole: bool, at: &Levels, levels: &mut [u8]) {
        let (table, body) = if whole {
            (&at.whole, at.body_whole)
        } else {
            (&at.beginning, at.body_beginning)
        };
        self.store.head(word, |paper, in_fields| {
            let level = table.get(usize::from(in_fields)).copied().unwrap_or(0);
            raise(levels, paper, level);
        });
        if body != 0 {
            self.store.body(word, |paper, _| raise(levels, paper, body));
        }
    }
}
