//! Whether a text has words in their order.

use super::words::{is_cjk, tokens};
use crate::core::query::Phrase;

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
        if before.chars().next_back().is_some_and(|c| c.is_alphanumeric() && !is_cjk(c)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::query::{Condition, Query};

    fn phrase(query: &str) -> Phrase {
        match Query::parse(query).parts().first().map(|part| part.condition.clone()) {
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
