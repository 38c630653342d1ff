//! What was searched for before: kept with Enter, found again with a key in the search box, also in later sessions.

use super::chooser::{Choice, Chooser, Pick};
use super::line_edit::LineEdit;
use super::{App, Effect, Level};
use crate::core::text::scrub;

/// So many searches are kept, the newest first.
pub const MOST_SEARCHES: usize = 500;

impl App {
    /// Takes what earlier sessions searched for, the newest first.
    pub(super) fn searches_found(&mut self, searches: Vec<String>) {
        for search in searches {
            if !self.searches.contains(&search) {
                self.searches.push(search);
            }
        }
        self.searches.truncate(MOST_SEARCHES);
    }

    /// Keeps what is searched for, now that the reader has kept its results.
    pub(super) fn remember_search(&mut self, effects: &mut Vec<Effect>) {
        let search = self.query.trim().to_owned();
        if search.is_empty() || self.searches.first() == Some(&search) {
            return;
        }
        self.searches.retain(|known| *known != search);
        self.searches.insert(0, search.clone());
        self.searches.truncate(MOST_SEARCHES);
        effects.push(Effect::RememberSearch(search));
    }

    /// The searches of before; what was typed since the box opened narrows them down.
    pub(super) fn open_searches(&mut self) {
        let Some(query) = self.query_box.as_ref().filter(|query| !query.in_page) else {
            return self.tell(Level::Info, "What is found in a page is not kept");
        };
        let typed = if query.line.text() == query.before {
            ""
        } else {
            query.line.text()
        };
        let rows = (self.searches.iter())
            .map(|search| Choice::new(None, scrub(search, false), Pick::Searched(search.clone())));
        let mut chooser = Chooser::finder("Searched before", rows.collect());
        chooser.type_in(LineEdit::new(typed.trim()));
        if chooser.rows().is_empty() {
            chooser.type_in(LineEdit::default());
        }
        self.open_chooser(chooser);
    }

    /// Puts a search of before into the box.
    pub(super) fn search_as_before(&mut self, search: String, effects: &mut Vec<Effect>) {
        let Some(query) = &mut self.query_box else {
            return;
        };
        query.line = LineEdit::new(search);
        query.chosen = false;
        self.query_changed(effects);
    }
}
