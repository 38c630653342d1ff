//! How words that are begun may go on, from the vocabulary.

use super::Index;
use super::postings::fields;
use crate::core::query::Field;

/// At most so many words of the vocabulary are looked at: a single letter begins more than anyone chooses from.
const MOST_LOOKED_AT: usize = 4096;

impl Index {
    /// The words of a field that begin with a folded text, with the number of papers that have them there, the most
    /// frequent first. Of authors the last words of their names. Nothing for abstracts.
    pub fn completions(&self, beginning: &str, field: Field) -> Vec<(&str, usize)> {
        let wanted = match field {
            Field::Title => fields::TITLE | fields::TITLE_START,
            Field::Authors => fields::SURNAME,
            Field::Venue => fields::VENUE,
            Field::Keywords => fields::KEYWORD,
            Field::Id => fields::ID,
            Field::Doi => fields::DOI,
            Field::Abstract => return Vec::new(),
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
