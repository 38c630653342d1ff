//! Lists of papers that are alike: those for the reader, and those like a text that was searched for in vain.

use super::{App, Effect, Pane};
use crate::core::query::{Condition, Query};

/// The query behind "For you".
pub const FOR_YOU: &str = "is:suggested";
/// A text with a word of at least so many letters is enough to go by.
const SHORTEST_WORD: usize = 3;

impl App {
    /// Lists unread papers like those that the reader starred and read.
    pub(super) fn show_for_you(&mut self, effects: &mut Vec<Effect>) {
        self.leave();
        self.focus = Pane::List;
        self.zen = false;
        self.search(FOR_YOU.to_owned(), None, effects);
    }

    /// Whether the list is "For you".
    pub fn shows_for_you(&self) -> bool {
        self.query.trim() == FOR_YOU
    }

    /// The query for papers like the text that was searched for, where that found nothing.
    pub fn likeness_instead(&self) -> Option<String> {
        let in_page = self.query_box.as_ref().is_some_and(|query| query.in_page);
        if in_page || self.awaited_search.is_some() || self.index.is_none() || self.rows() > 0 {
            return None;
        }
        let query = self.parsed_query();
        let is_enough = |query: &Query| {
            query.parts().iter().any(|part| match &part.condition {
                Condition::Word(word) => word.text.chars().count() >= SHORTEST_WORD,
                _ => false,
            })
        };
        (query.is_plain() && is_enough(&query))
            .then(|| format!("like:\"{}\"", self.query.trim().replace('"', "")))
    }

    /// Lists papers like the text that was searched for in vain; whether there was one.
    pub(super) fn show_alike_instead(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(query) = self.likeness_instead() else {
            return false;
        };
        self.query_box = None;
        self.focus = Pane::List;
        self.search(query, None, effects);
        self.remember_search(effects);
        true
    }
}
