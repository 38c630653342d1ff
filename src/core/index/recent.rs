//! The words that were looked up last, with the papers that have them: while a query is typed, all its words but one
//! are those of the key before.

use std::sync::{Arc, Mutex, PoisonError};

use super::marks;
use crate::core::query::{Field, Match, Word};

/// So many words are remembered.
const MOST: usize = 8;
/// So many bytes are remembered in a very large library; the two words used last are remembered in any.
const MOST_BYTES: usize = 16 << 20;

/// How a word was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As it was typed.
    Typed,
    /// As it was typed, without other spellings of names.
    Exact,
    /// Also as what it may have been meant for.
    Forgiving,
}

/// The papers that have a word.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    /// At which level each paper has it.
    pub(super) levels: Arc<marks::Levels>,
    /// How many have it.
    pub(super) papers: usize,
}

impl Looked {
    pub(super) fn new(levels: marks::Levels) -> Looked {
        Looked {
            papers: marks::count(&levels),
            levels: Arc::new(levels),
        }
    }
}

#[derive(Debug)]
struct Entry {
    text: String,
    matching: Match,
    field: Option<Field>,
    manner: Manner,
    looked: Looked,
}

impl Entry {
    fn is(&self, word: &Word, manner: Manner) -> bool {
        // What a word falls into follows from its text.
        self.manner == manner
            && self.matching == word.matching
            && self.field == word.field
            && self.text == word.text
    }
}

/// Remembers words; the one used last stands last.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<Vec<Entry>>);

impl Recent {
    /// What was found for a word, if it is remembered.
    pub(super) fn find(&self, word: &Word, manner: Manner) -> Option<Looked> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = entries.iter().position(|entry| entry.is(word, manner))?;
        entries.get_mut(at..)?.rotate_left(1);
        entries.last().map(|entry| entry.looked.clone())
    }

    /// Remembers what was found for a word.
    pub(super) fn note(&self, word: &Word, manner: Manner, looked: &Looked) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| !entry.is(word, manner));
        let fit = (MOST_BYTES / looked.levels.len().max(1)).clamp(2, MOST);
        let surplus = (entries.len() + 1).saturating_sub(fit);
        entries.drain(..surplus);
        entries.push(Entry {
            text: word.text.clone(),
            matching: word.matching,
            field: word.field,
            manner,
            looked: looked.clone(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::query::{Condition, Query};

    fn word(query: &str) -> Word {
        match Query::parse(query).parts().first() {
            Some(part) => match &part.condition {
                Condition::Word(word) => word.clone(),
                other => panic!("{other:?}"),
            },
            None => panic!("no word"),
        }
    }

    #[test]
    fn words_are_remembered_as_they_were_asked_for() {
        let recent = Recent::default();
        let looked = |levels: &[u8]| Looked::new(levels.to_vec());
        recent.note(&word("graph"), Manner::Typed, &looked(&[1, 0, 2]));
        recent.note(&word("title:graph"), Manner::Typed, &looked(&[1, 0, 0]));
        let found =
            |query: &str, manner| recent.find(&word(query), manner).map(|found| found.papers);
        assert_eq!(found("graph", Manner::Typed), Some(2));
        assert_eq!(found("title:graph", Manner::Typed), Some(1));
        assert_eq!(found("graph", Manner::Forgiving), None);
        assert_eq!(found("'graph", Manner::Typed), None);
        assert_eq!(found("grap", Manner::Typed), None);
    }

    #[test]
    fn the_words_used_last_stay() {
        let recent = Recent::default();
        for at in 0..MOST + 3 {
            recent.note(
                &word(&format!("word{at}")),
                Manner::Typed,
                &Looked::new(vec![1]),
            );
            assert!(recent.find(&word("word0"), Manner::Typed).is_some(), "{at}");
        }
        assert!(recent.find(&word("word1"), Manner::Typed).is_none());
        assert_eq!(recent.0.lock().expect("not poisoned").len(), MOST);
    }
}
