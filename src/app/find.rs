//! Finding words in the page that is being read.

use super::{App, Level, Pane};
use crate::core::index::highlight;
use crate::core::query::Query;

impl App {
    /// The pane whose text is searched: the one with the focus.
    fn searched_pane(&self) -> Pane {
        if self.focus == Pane::List {
            Pane::Main
        } else {
            self.focus
        }
    }

    /// The lines of the page with a word that is looked for.
    pub fn found_lines(&self) -> Vec<usize> {
        if self.find.trim().is_empty() {
            return Vec::new();
        }
        let query = Query::parse(&self.find);
        let doc = &self.page.pane(self.searched_pane()).doc;
        doc.lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.searchable)
            .filter(|(_, line)| {
                line.spans
                    .iter()
                    .any(|span| !highlight(&query, &span.text).is_empty())
            })
            .map(|(at, _)| at)
            .collect()
    }

    /// While typing: goes to the first line that matches from the top of the window on, else to the first of all.
    pub(super) fn find_while_typing(&mut self) {
        let lines = self.found_lines();
        let top = self.page.pane(self.searched_pane()).scroll;
        if let Some(line) = lines.iter().find(|line| **line >= top).or(lines.first()) {
            self.show_line(*line);
        }
    }

    /// Goes to the next line that matches, or the one before; around the end.
    pub(super) fn find_next(&mut self, forward: bool, count: usize) {
        let lines = self.found_lines();
        if lines.is_empty() {
            self.tell(Level::Info, format!("“{}” is not in this pane", self.find));
            return;
        }
        let here = self
            .found_at
            .unwrap_or_else(|| self.page.pane(self.searched_pane()).scroll);
        let at = if forward {
            lines.iter().position(|line| *line > here).unwrap_or(0)
        } else {
            lines
                .iter()
                .rposition(|line| *line < here)
                .unwrap_or(lines.len() - 1)
        };
        let steps = (count.max(1) - 1) % lines.len();
        let at = if forward {
            at + steps
        } else {
            at + lines.len() - steps
        };
        if let Some(line) = lines.get(at % lines.len()) {
            self.show_line(*line);
        }
    }

    fn show_line(&mut self, line: usize) {
        let pane = self.searched_pane();
        let height = self.pane_height(pane);
        let view = self.page.pane_mut(pane);
        self.found_at = Some(line);
        if line < view.scroll || line >= view.scroll + height {
            view.go(line.saturating_sub(height / 3), height);
        }
    }
}
