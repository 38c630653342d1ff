//! Answering a query from the postings.

use std::borrow::Cow;

use super::marks::{self, Candidates, raise};
use super::names::spellings;
use super::phrase;
use super::postings::fields;
use super::ranking::{self, Levels, level};
use super::refine;
use super::typo::{Pattern, forgiven};
use super::vocabulary::letters;
use super::words::Piece;
use super::{Hits, Index, PaperNo, SearchTexts};
use crate::core::query::{Condition, Field, Filter, Match, Phrase, Query, Word};

/// Where a word of a query is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// Bits of [`fields`].
    pub(super) head: u8,
    /// Also in abstracts.
    pub(super) body: bool,
    /// Also in the year.
    pub(super) year: bool,
    /// Also in the initials of titles.
    pub(super) initials: bool,
}

/// Where a part of a word is looked for; `whole` tells that only whole words fit, `first` that it is the first part.
pub(super) fn scope(word: &Word, piece: &Piece, whole: bool, first: bool) -> Scope {
    let title = fields::TITLE | fields::TITLE_START;
    let authors = fields::SURNAME | fields::GIVEN;
    let only = |head| Scope {
        head,
        body: false,
        year: false,
        initials: false,
    };
    if word.matching == Match::TitleStart {
        return only(if first { fields::TITLE_START } else { title });
    }
    match word.field {
        Some(Field::Title) => Scope {
            initials: word.matching == Match::Beginning,
            ..only(title)
        },
        Some(Field::Authors) => only(authors),
        Some(Field::Venue) => only(fields::VENUE),
        Some(Field::Keywords) => only(fields::KEYWORD),
        Some(Field::Id) => only(fields::ID),
        Some(Field::Doi) => only(fields::DOI),
        Some(Field::Abstract) => Scope {
            body: true,
            ..only(0)
        },
        None => {
            let digits = word.text.bytes().all(|byte| byte.is_ascii_digit());
            // "20" begins too many ids, and means a year.
            let id = if digits && word.text.len() < 5 {
                0
            } else {
                fields::ID
            };
            let characters = piece.text.chars().count();
            Scope {
                head: title | authors | fields::VENUE | fields::KEYWORD | id,
                body: whole || piece.cjk || characters >= ranking::SHORTEST_IN_ABSTRACT,
                year: digits && word.text.len() <= 4,
                initials: word.matching == Match::Beginning,
            }
        }
    }
}

/// Whether a year fits a typed number.
pub(super) fn year_fits(year: Option<i32>, word: &Word) -> bool {
    year.is_some_and(|year| {
        let year = year.to_string();
        match word.matching {
            Match::Whole => year == word.text,
            _ => year.starts_with(&word.text),
        }
    })
}

/// Gives up when asked to; looked at between words, never inside the loop over the papers of one.
struct Cancelled;

/// Words that were looked up, one a condition.
struct Looked<'a> {
    word: &'a Word,
    levels: marks::Levels,
    /// Typos were looked for.
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
                let few = marks::count(&levels) < ranking::FEW;
                if few {
                    self.forgive(word, &mut levels, cancel)?;
                }
                looked.push(Looked {
                    word,
                    levels,
                    forgiving: few,
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
        let (mut hits, sums) = candidates.into_hits(|paper| self.tie_break(paper));
        if !looked.is_empty() {
            refine::refine(&mut hits.papers, &sums, query, texts);
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
                let levels = self.phrase(phrase, &candidates, texts, cancel)?;
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
    fn look_up(
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
    fn mark(&self, word: u32, whole: bool, at: &Levels, levels: &mut [u8]) {
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

    /// Adds papers that have the initials of the word, or a word that it may have been meant for.
    fn forgive(
        &self,
        word: &Word,
        levels: &mut marks::Levels,
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), Cancelled> {
        if let [piece] = word.compound.parts.as_slice() {
            let whole = word.matching == Match::Whole || piece.complete;
            let scope = scope(word, piece, whole, true);
            if scope.initials {
                self.initials(&piece.text, levels);
            }
            self.mistyped(&piece.text, whole, scope, levels, cancel)
        } else {
            let mut all: Option<marks::Levels> = None;
            for (at, piece) in word.compound.parts.iter().enumerate() {
                let whole = word.matching == Match::Whole || piece.complete;
                let scope = scope(word, piece, whole, at == 0);
                let mut of_piece = vec![0; self.len()];
                self.look_up(&piece.text, whole, scope, 0, &mut of_piece, cancel)?;
                if marks::count(&of_piece) < ranking::FEW {
                    self.mistyped(&piece.text, whole, scope, &mut of_piece, cancel)?;
                }
                all = Some(match all {
                    None => of_piece,
                    Some(all) => all
                        .into_iter()
                        .zip(of_piece)
                        .map(|(a, b)| a.min(b))
                        .collect(),
                });
            }
            for (level, other) in levels.iter_mut().zip(all.unwrap_or_default()) {
                *level = (*level).max(other);
            }
            Ok(())
        }
    }

    fn initials(&self, text: &str, levels: &mut [u8]) {
        let letters = text.bytes().all(|byte| byte.is_ascii_lowercase());
        if !letters || !ranking::INITIALS.contains(&text.len()) {
            return;
        }
        for at in memchr::memmem::find_iter(self.columns.initials.as_bytes(), text.as_bytes()) {
            if let Some((paper, at_start)) = self.columns.paper_of_initial(at) {
                let level = if at_start {
                    level::INITIALS_START
                } else {
                    level::INITIALS_INSIDE
                };
                raise(levels, paper, level);
            }
        }
    }

    fn mistyped(
        &self,
        text: &str,
        whole: bool,
        scope: Scope,
        levels: &mut [u8],
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), Cancelled> {
        let most = most_typos(text);
        let Some(pattern) = Pattern::new(text).filter(|_| most > 0) else {
            return Ok(());
        };
        let wanted = letters(text.as_bytes());
        let mut likely = Vec::new();
        for (word, &has) in self.store.words.letters.iter().enumerate() {
            if word % 65_536 == 0 && cancel() {
                return Err(Cancelled);
            }
            if (wanted & !has).count_ones() > most {
                continue;
            }
            let word = word as u32;
            match pattern.compare(self.store.words.word(word), most) {
                Some(likeness) if likeness.typos > 0 && (likeness.whole || !whole) => {
                    likely.push((word, likeness));
                }
                _ => {}
            }
        }
        // The likelier first; the less likely only while few papers are found.
        let mut found = 0;
        for typos in 1..=most {
            for (head, body) in [(scope.head, false), (0, scope.body)] {
                if found >= ranking::FEW || (head == 0 && !body) {
                    continue;
                }
                let at = Levels::mistyped(head, body, typos);
                for &(word, likeness) in &likely {
                    if likeness.typos == typos {
                        self.mark(word, likeness.whole, &at, levels);
                    }
                }
                found = marks::count(levels);
            }
        }
        Ok(())
    }

    /// Papers among the candidates that have a phrase. The postings tell which have its words; the order is seen in
    /// the texts.
    fn phrase(
        &self,
        phrase: &Phrase,
        candidates: &Candidates,
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Result<marks::Levels, Cancelled> {
        // For every paper the fields that have all words.
        let mut all = vec![!0_u8; self.len()];
        for (at, text) in phrase.words.iter().enumerate() {
            let last = at + 1 == phrase.words.len();
            let whole = !(last && (!phrase.closed || phrase::is_one_cjk(text)));
            if cancel() {
                return Err(Cancelled);
            }
            let of_word = self.fields_of(text, whole);
            for (all, fields) in all.iter_mut().zip(of_word) {
                *all &= fields;
            }
        }
        let mut levels = vec![0; self.len()];
        let with_words = candidates
            .papers()
            .filter_map(|paper| Some((paper, all.get(paper).copied().filter(|all| *all != 0)?)));
        for (done, (paper, fields)) in with_words.enumerate() {
            if done % 256 == 0 && cancel() {
                return Err(Cancelled);
            }
            let no = PaperNo(paper as u32);
            if let Some(level) = phrase_level(phrase, fields, |field| texts.folded(no, field)) {
                raise(&mut levels, paper, level);
            }
        }
        Ok(levels)
    }
}

/// In phrases the first word of a title is no field, and the bit stands for the abstract.
const BODY: u8 = fields::TITLE_START;

impl Index {
    /// For every paper the fields that have a word, or a word that begins so.
    fn fields_of(&self, text: &str, whole: bool) -> Vec<u8> {
        let mut found = vec![0; self.len()];
        let range = if whole {
            self.store.words.find(text).map_or(0..0, |word| word..word + 1)
        } else {
            self.store.words.with_beginning(text)
        };
        let mut add = |paper: usize, fields: u8| {
            if let Some(found) = found.get_mut(paper) {
                *found |= fields;
            }
        };
        for word in range {
            self.store.head(word, |paper, in_fields| {
                // The words of a name are in either field of names.
                let names = fields::SURNAME | fields::GIVEN;
                let all_names = if in_fields & names == 0 { 0 } else { names };
                add(paper, in_fields & !BODY | all_names);
            });
            self.store.body(word, |paper, _| add(paper, BODY));
        }
        found
    }
}

/// Typos forgiven in a typed word: none where a digit stands, as 2017 is not 2016 mistyped.
pub(super) fn most_typos(text: &str) -> u32 {
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    forgiven(text.chars().count())
}

/// The fields that a phrase is looked for in, and what a hit there is worth; best first.
const PHRASE_FIELDS: [(Field, u8, u8); 7] = [
    (Field::Title, fields::TITLE, level::TITLE_WHOLE),
    (Field::Authors, fields::SURNAME | fields::GIVEN, level::SURNAME_WHOLE),
    (Field::Keywords, fields::KEYWORD, level::KEYWORD_WHOLE),
    (Field::Venue, fields::VENUE, level::VENUE_WHOLE),
    (Field::Id, fields::ID, level::ID),
    (Field::Doi, fields::DOI, level::ID),
    (Field::Abstract, BODY, level::ABSTRACT_WHOLE),
];

/// The level of a phrase, looked for in the fields that may have it.
pub(super) fn phrase_level<'a>(
    phrase: &Phrase,
    in_fields: u8,
    text: impl Fn(Field) -> Cow<'a, str>,
) -> Option<u8> {
    PHRASE_FIELDS
        .iter()
        .filter(|(_, bits, _)| in_fields & bits != 0)
        .filter(|(field, ..)| match phrase.field {
            Some(only) => only == *field,
            None => !matches!(field, Field::Id | Field::Doi),
        })
        .find(|(field, ..)| phrase::contains(&text(*field), phrase))
        .map(|(.., level)| *level)
}
