//! Whether a text has words in their order.

use super::words::tokens;
use crate::core::query::Phrase;

/// Whether the words of a phrase follow each other in a folded text. Punctuation between them does not matter.
pub(super) fn contains(folded: &str, phrase: &Phrase) -> bool {
    let Some((last, firsts)) = phrase.words.split_last() else {
        return false;
    };
    // The longest word is the rarest, and most texts do not have it.
    let longest = phrase.words.iter().max_by_key(|word| word.len());
    if longest
        .is_some_and(|word| memchr::memmem::find(folded.as_bytes(), word.as_bytes()).is_none())
    {
        return false;
    }
    let last_is_beginning = !phrase.closed || is_one_cjk(last);
    let mut from = tokens(folded);
    loop {
        let mut here = from_here(&from);
        let fits = firsts
            .iter()
            .all(|word| here.next().is_some_and(|token| token.text == word))
            && here.next().is_some_and(|token| {
                if last_is_beginning {
                    token.text.starts_with(last.as_str())
                } else {
                    token.text == last
                }
            });
        if fits {
            return true;
        }
        if from.next().is_none() {
            return false;
        }
    }
}

fn from_here<'a>(tokens: &super::words::Tokens<'a>) -> super::words::Tokens<'a> {
    tokens.clone()
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
