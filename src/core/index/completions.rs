//! How words that are begun may go on, from the vocabulary.

use std::collections::BTreeSet;

use super::postings::fields;
use super::{Index, PaperNo};
use crate::core::query::Field;

/// At most so many words of the vocabulary are looked at: a single letter begins more than anyone chooses from.
const MOST_LOOKED_AT: usize = 4096;

/// At most so many papers are looked at for whole values.
const MOST_PAPERS: usize = 20_000;

/// The bits of a field in the postings; none for the abstract, whose words are too many to choose from.
fn bits(field: Field) -> Option<u8> {
    Some(match field {
        Field::Title => fields::TITLE | fields::TITLE_START,
        Field::Authors => fields::SURNAME,
        Field::Venue => fields::VENUE,
        Field::Keywords => fields::KEYWORD,
        Field::Id => fields::ID,
        Field::Doi => fields::DOI,
        Field::Abstract => return None,
    })
}

impl Index {
    /// Papers with a word in a field that begins with a folded text, in their order; of authors any part of a name.
    /// Not all of them where they are very many.
    pub fn papers_with(&self, beginning: &str, field: Field) -> Vec<PaperNo> {
        let Some(mut wanted) = bits(field) else {
            return Vec::new();
        };
        if field == Field::Authors {
            wanted |= fields::GIVEN;
        }
        let mut papers = BTreeSet::new();
        for word in self
            .store
            .words
            .with_beginning(beginning)
            .take(MOST_LOOKED_AT)
        {
            if papers.len() >= MOST_PAPERS {
                break;
            }
            self.store.head(word, |paper, in_fields| {
                if in_fields & wanted != 0 {
                    papers.insert(PaperNo(paper as u32));
                }
            });
        }
        papers.into_iter().collect()
    }

    /// The words of a field that begin with a folded text, with the number of papers that have them there, the most
    /// frequent first. Of authors the last words of their names. Nothing for abstracts.
    pub fn completions(&self, beginning: &str, field: Field) -> Vec<(&str, usize)> {
        let Some(wanted) = bits(field) else {
            return Vec::new();
        };
        let words = self.store.words.with_beginning(beginning);
        let mut found: Vec<(&str, usize)> = words
            .take(MOST_LOOKED_AT)
            .filter_map(|word| {
                let mut papers = 0;
                self.store.head(word, |_, in_fields| {
                    papers += usize::from(in_fields & wanted != 0);
                });
                (papers > 0).then(|| (self.store.words.word(word), papers))
            })
            .collect();
        found.sort_by_key(|(_, papers)| std::cmp::Reverse(*papers));
        found
    }
}
