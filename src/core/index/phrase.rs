//! Words in their order: the postings tell which papers have them, the texts whether in this order.

use std::borrow::Cow;

use super::marks::{self, Candidates, raise};
use super::postings::fields;
use super::ranking::level;
use super::search::Cancelled;
use super::words::{is_cjk, tokens};
use super::{Index, PaperNo, SearchTexts};
use crate::core::query::{Field, Phrase};

/// Whether the words of a phrase follow each other in a folded text. Punctuation between them does not matter.
pub(super) fn contains(folded: &str, phrase: &Phrase) -> bool {
    let Some((last, firsts)) = phrase.words.split_last() else {
        return false;
    };
    let first = firsts.first().unwrap_or(last);
    let last_is_beginning = !phrase.closed || is_one_cjk(last);
    let is_last = |text: &str| {
        if last_is_beginning {
            text.starts_with(last.as_str())
        } else {
            text == last
        }
    };
    memchr::memmem::find_iter(folded.as_bytes(), first.as_bytes()).any(|at| {
        let (Some(before), Some(here)) = (folded.get(..at), folded.get(at..)) else {
            return false;
        };
        if before
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() && !is_cjk(c))
        {
            return false;
        }
        let mut here = tokens(here);
        firsts
            .iter()
            .all(|word| here.next().is_some_and(|token| token.text == word))
            && here.next().is_some_and(|token| is_last(token.text))
    })
}

/// One Chinese or Japanese character is the beginning of a pair.
pub(super) fn is_one_cjk(word: &str) -> bool {
    tokens(word).next().is_some_and(|token| token.cjk) && word.chars().nth(1).is_none()
}

/// In phrases the first word of a title is no field, and the bit stands for the abstract.
const BODY: u8 = fields::TITLE_START;

impl Index {
    /// Papers among the candidates that have a phrase. The postings tell which have its words; the order is seen in
    /// the texts.
    pub(super) fn phrase(
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
            let whole = !(last && (!phrase.closed || is_one_cjk(text)));
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

    /// For every paper the fields that have a word, or a word that begins so.
    fn fields_of(&self, text: &str, whole: bool) -> Vec<u8> {
        let mut found = vec![0; self.len()];
        let range = if whole {
            self.store
                .words
                .find(text)
                .map_or(0..0, |word| word..word + 1)
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

/// The fields that a phrase is looked for in, and what a hit there is worth; best first.
const PHRASE_FIELDS: [(Field, u8, u8); 7] = [
    (Field::Title, fields::TITLE, level::TITLE_WHOLE),
    (
        Field::Authors,
        fields::SURNAME | fields::GIVEN,
        level::SURNAME_WHOLE,
    ),
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
    let may_be = |field: Field, bits: u8| {
        in_fields & bits != 0
            && match phrase.field {
                Some(only) => only == field,
                None => !matches!(field, Field::Id | Field::Doi),
            }
    };
    PHRASE_FIELDS
        .iter()
        .filter(|(field, bits, _)| may_be(*field, *bits))
        .find(|(field, ..)| contains(&text(*field), phrase))
        .map(|(.., level)| *level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::query::{Condition, Query};

    fn phrase(query: &str) -> Phrase {
        match Query::parse(query)
            .parts()
            .first()
            .map(|part| part.condition.clone())
        {
            Some(Condition::Phrase(phrase)) => phrase,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_must_follow_each_other() {
        let closed = phrase("\"graph neural\"");
        assert!(contains("deep graph neural networks", &closed));
        assert!(contains("graph-neural", &closed));
        assert!(!contains("graph of neural", &closed));
        assert!(!contains("graph neuralgia", &closed));
        assert!(contains("graph graph neural", &closed));
        assert!(contains("graph neuralgia", &phrase("\"graph neural")));
        assert!(contains("基于深度学习的方法", &phrase("\"深度学习\"")));
        assert!(!contains("深度的学习", &phrase("\"深度学习\"")));
    }
}
