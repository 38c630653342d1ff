//! The search box: asking, typing, completing, and what came back.

use super::line_edit::LineEdit;
use super::{App, Effect, Pane, QueryBox};
use crate::core::index::Hits;
use crate::core::paper::PaperNo;

impl App {
    /// Asks the current query again, after the library or its index changed.
    pub(super) fn search_again(&mut self, effects: &mut Vec<Effect>) {
        if !self.query.is_empty() || !self.order().is_given() {
            self.wanted = self.wanted.or(self.selected());
            self.ask(effects);
        }
    }

    /// Shows the results of a query, with the cursor on `wanted` if it is among them.
    pub(super) fn search(
        &mut self,
        query: String,
        wanted: Option<PaperNo>,
        effects: &mut Vec<Effect>,
    ) {
        self.begin_listing(&query, false);
        self.show(query, wanted, effects);
    }

    /// The same, of a query that was made of the one before: an order that was chosen stays.
    pub(super) fn search_keeping(
        &mut self,
        query: String,
        wanted: Option<PaperNo>,
        effects: &mut Vec<Effect>,
    ) {
        self.begin_listing(&query, true);
        self.show(query, wanted, effects);
    }

    fn show(&mut self, query: String, wanted: Option<PaperNo>, effects: &mut Vec<Effect>) {
        self.query = query;
        self.wanted = wanted;
        if self.query.trim().is_empty() {
            self.query.clear();
        }
        if self.query.is_empty() && self.order().is_given() {
            self.show_all();
        } else {
            self.ask(effects);
        }
    }

    /// Shows the library as it is in the file.
    pub(super) fn show_all(&mut self) {
        self.awaited_search = None;
        self.hits = None;
        self.listed();
        self.put_cursor_on_wanted();
    }

    pub(super) fn ask(&mut self, effects: &mut Vec<Effect>) {
        let signature = self.next_signature();
        self.awaited_search = Some(signature);
        self.listing.ask();
        effects.push(Effect::Search {
            signature,
            query: self.query.clone(),
            order: self.order(),
        });
    }

    pub(super) fn found(&mut self, hits: Hits) {
        self.hits = Some(hits);
        self.listed();
        self.range_from = None;
        self.put_cursor_on_wanted();
    }

    pub(super) fn put_cursor_on_wanted(&mut self) {
        let wanted = self.wanted.take();
        let row = self.row_for_cursor(wanted);
        self.cursor.go(row, self.rows());
    }

    pub(super) fn query_changed(&mut self, effects: &mut Vec<Effect>) {
        let Some(query) = &self.query_box else { return };
        let text = query.line.text().to_owned();
        if query.in_page {
            self.find = text;
            self.find_while_typing();
            return;
        }
        let keep = if query.chosen || text.trim().is_empty() {
            self.selected()
        } else {
            None
        };
        self.search_keeping(text, keep, effects);
    }

    pub(super) fn open_query_box(&mut self, text: String) {
        self.range_from = None;
        if !self.zen {
            self.focus = Pane::List;
        }
        self.query_box = Some(QueryBox {
            line: LineEdit::new(text),
            before: self.query.clone(),
            chosen: false,
            in_page: false,
            completion: None,
        });
    }
}
