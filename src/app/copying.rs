//! Selecting papers and copying them.

use super::overlay::Overlay;
use super::{App, Copied, CopyRoute, Effect, Level};
use crate::core::cite::Way;
use crate::core::page::thousands;

/// At most so many papers are written down for the copy menu to show.
const PREVIEWED: usize = 5;

impl App {
    pub(super) fn copy(&mut self, way: Way, effects: &mut Vec<Effect>) {
        let papers = self.chosen_papers();
        if papers.is_empty() {
            return;
        }
        self.copying_marked = papers != self.selected().into_iter().collect::<Vec<_>>();
        effects.push(if self.settings.picking {
            Effect::Pick { way, papers }
        } else {
            Effect::Copy { way, papers }
        });
    }

    pub(super) fn choose_from_menu(&mut self, effects: &mut Vec<Effect>) {
        let Some(Overlay::CopyMenu(menu)) = &self.overlay else {
            return;
        };
        if let Some(row) = menu
            .rows(&self.settings)
            .into_iter()
            .nth(menu.cursor.selected)
        {
            self.overlay = None;
            self.copy(row.way, effects);
        }
    }

    /// Asks for the papers as the marked row of the menu writes them.
    pub(super) fn preview(&mut self, effects: &mut Vec<Effect>) {
        let mut papers = self.chosen_papers();
        papers.truncate(PREVIEWED);
        let signature = self.next_signature();
        let Some(Overlay::CopyMenu(menu)) = &mut self.overlay else {
            return;
        };
        menu.preview = None;
        menu.awaited = None;
        if let Some(row) = menu
            .rows(&self.settings)
            .into_iter()
            .nth(menu.cursor.selected)
        {
            menu.awaited = Some(signature);
            effects.push(Effect::Preview {
                signature,
                way: row.way,
                papers,
            });
        }
    }

    pub(super) fn copied(&mut self, copied: Copied) {
        let Copied {
            what,
            of,
            text,
            route,
        } = copied;
        let length = thousands(text.chars().count());
        // What is copied may not be what is under the cursor: say so.
        let of = if self.copying_marked {
            match of.strip_suffix(" papers") {
                Some(count) => format!("{count} selected papers"),
                None => format!("{of} (selected)"),
            }
        } else {
            of
        };
        match route {
            CopyRoute::Confirmed => self.tell(
                Level::Info,
                format!("Copied {what} · {of} · {length} characters"),
            ),
            CopyRoute::Sent => {
                self.tell(
                    Level::Info,
                    format!("Sent to the terminal's clipboard: {what} · {of} · ! helps"),
                );
                let help = "If nothing can be pasted: in tmux, `set -g set-clipboard on`; in xterm, allow window operations \
                            (disallowedWindowOps without SetSelection). The text itself:";
                if let Some(message) = self.messages.last_mut() {
                    message.text = format!("{}\n{help}\n{text}", message.text);
                }
            }
            CopyRoute::Saved(path) => {
                self.tell(
                    Level::Warning,
                    format!("No clipboard here: saved {what} · {of} to {path} · ! shows it"),
                );
                if let Some(message) = self.messages.last_mut() {
                    message.text = format!("{}\n{text}", message.text);
                }
            }
            CopyRoute::Failed(reason) => self.tell(Level::Error, format!("Not copied: {reason}")),
        }
        if self.range_from.take().is_some() {
            self.dirty = true;
        }
    }

    pub(super) fn select(&mut self, count: Option<usize>) {
        for _ in 0..count.unwrap_or(1).min(self.rows()) {
            let Some(paper) = self.selected() else { return };
            if !self.marked.remove(&paper) {
                self.marked.insert(paper);
            }
            self.cursor.move_by(1, self.rows());
        }
    }

    pub(super) fn select_range(&mut self) {
        if self.range_from.is_some() {
            self.marked.extend(self.range_papers());
            self.range_from = None;
        } else {
            self.range_from = Some(self.cursor.selected);
        }
    }
}
