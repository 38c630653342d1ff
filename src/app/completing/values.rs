//! What can follow the name of a field.

use std::collections::BTreeMap;

use super::super::App;
use crate::core::journal::Status;
use crate::core::library::FoldedField;
use crate::core::query::{Field, Has, Is};
use crate::core::text::{fold, scrub};

/// Of the values that are found at most so many are offered.
const MOST: usize = 60;

/// Texts with how often each was found, by what they fold to.
#[derive(Default)]
struct Counted(BTreeMap<String, (usize, String)>);

impl Counted {
    fn add(&mut self, folded: &str, text: &str) {
        match self.0.get_mut(folded) {
            Some((count, _)) => *count += 1,
            None => drop(self.0.insert(folded.to_owned(), (1, scrub(text, false)))),
        }
    }

    /// The most frequent first.
    fn into_texts(self) -> impl Iterator<Item = String> {
        let mut all: Vec<(usize, String)> = self.0.into_values().collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        all.into_iter().map(|(_, text)| text)
    }
}

impl App {
    pub(super) fn saved_names(&self, begun: &str) -> Vec<String> {
        let names = self
            .notes
            .state()
            .searches()
            .map(|(name, _)| scrub(name, false));
        names.filter(|name| fold(name).starts_with(begun)).collect()
    }

    /// The values of a field that begin so, the likeliest first.
    pub(super) fn values(&self, name: &str, begun: &str) -> Vec<String> {
        let fixed = |values: Vec<&'static str>| {
            let fitting = values.into_iter().filter(|value| value.starts_with(begun));
            fitting.map(str::to_owned).collect()
        };
        match name {
            "is" => return fixed(Is::ALL.iter().map(|is| is.name()).collect()),
            "has" => return fixed(Has::ALL.iter().map(|has| has.name()).collect()),
            "status" => {
                let mut all = vec![Status::default()];
                while let Some(next) = all
                    .last()
                    .map(|last| last.next())
                    .filter(|next| *next != Status::default())
                {
                    all.push(next);
                }
                return fixed(all.into_iter().map(Status::name).collect());
            }
            "like" => return self.keys(begun),
            _ => {}
        }
        let Some(field) = Field::ALL.into_iter().find(|field| field.name() == name) else {
            return Vec::new();
        };
        let mut values = Vec::new();
        if field == Field::Keywords {
            let tags = self.notes.state().tags();
            let fitting = (tags.into_iter())
                .filter(|(tag, count)| *count > 0 && fold(tag).starts_with(begun));
            values.extend(fitting.map(|(tag, _)| scrub(tag, false)));
        }
        // A word of the index may be any: at least its first letter is the reader's.
        let Some(index) = self.index.as_ref().filter(|_| !begun.is_empty()) else {
            return values;
        };
        let mut words: Vec<String> = Vec::new();
        if !begun.contains(char::is_whitespace) {
            let found = index.completions(begun, field).into_iter();
            words.extend(found.map(|(word, _)| word.to_owned()));
        }
        // A name that is begun with the given one, or goes on after a blank, is offered whole.
        let wholes = match field {
            Field::Authors if !words.is_empty() => Vec::new(),
            Field::Authors | Field::Venue | Field::Keywords => self.wholes(field, begun),
            _ => Vec::new(),
        };
        // A word with which one of them begins leads nowhere else.
        let leads = |word: &String| {
            let goes_on = |whole: &String| {
                let rest = fold(whole).strip_prefix(word.as_str()).map(str::to_owned);
                rest.is_some_and(|rest| rest.starts_with(char::is_whitespace))
            };
            wholes.iter().any(goes_on)
        };
        words.retain(|word| !leads(word));
        for value in wholes.into_iter().chain(words) {
            if !values.iter().any(|known| fold(known) == fold(&value)) {
                values.push(value);
            }
        }
        values.truncate(MOST);
        values
    }

    /// The keys of papers that begin so.
    fn keys(&self, begun: &str) -> Vec<String> {
        let first = begun.split(|c: char| !c.is_alphanumeric()).next();
        let (Some(index), Some(first)) = (&self.index, first.filter(|first| !first.is_empty()))
        else {
            return Vec::new();
        };
        let papers = index.papers_with(first, Field::Id).into_iter();
        let keys = papers.map(|no| scrub(self.library.id(no), false));
        keys.filter(|key| fold(key).starts_with(begun))
            .take(MOST)
            .collect()
    }

    /// Venues, names or keywords that begin so, from the papers that have a word that does; the most frequent first.
    fn wholes(&self, field: Field, begun: &str) -> Vec<String> {
        let Some(index) = &self.index else {
            return Vec::new();
        };
        let first = begun.split(|c: char| !c.is_alphanumeric()).next();
        let Some(first) = first.filter(|first| !first.is_empty()) else {
            return Vec::new();
        };
        let mut counted = Counted::default();
        for no in index.papers_with(first, field) {
            match field {
                Field::Venue => {
                    let venue = self.library.folded(no, FoldedField::Venue);
                    if venue.starts_with(begun) {
                        counted.add(venue, self.library.venue(no));
                    }
                }
                Field::Authors => {
                    for author in self.library.authors(no) {
                        let folded = fold(author.full);
                        if folded.starts_with(begun) {
                            counted.add(&folded, author.full);
                        }
                    }
                }
                _ => {
                    let keywords = self.library.folded(no, FoldedField::Keywords);
                    for keyword in keywords.split([',', ';']).map(str::trim) {
                        if keyword.starts_with(begun) {
                            counted.add(keyword, keyword);
                        }
                    }
                }
            }
        }
        counted.into_texts().take(MOST).collect()
    }
}
