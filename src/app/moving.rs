//! Moving about: rows, pages, panes, sections.

use super::layout::Tier;
use super::overlay::Overlay;
use super::{App, Effect, Level, Pane};
use crate::core::page::SectionKind;

impl App {
    pub(super) fn pane_height(&self, pane: Pane) -> usize {
        let panes = self.panes();
        usize::from(
            panes
                .rect(pane)
                .or(panes.main)
                .map_or(0, |rect| rect.height),
        )
    }

    pub(super) fn menu_move(&mut self, rows: isize, effects: &mut Vec<Effect>) {
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => {
                let len = palette.rows(&self.recent).len();
                palette.cursor.move_by(rows, len);
            }
            Some(Overlay::CopyMenu(menu)) => {
                let len = menu.rows(&self.settings).len();
                menu.cursor.move_by(rows, len);
                self.preview(effects);
            }
            Some(Overlay::Chooser(chooser)) => chooser.move_by(rows),
            None if self.reading.is_some() => self.reading_find_next(rows > 0, 1),
            _ if self.query_box.as_ref().is_some_and(|query| query.in_page) => {
                self.find_next(rows > 0, 1);
            }
            _ => {
                self.cursor.move_by(rows, self.rows());
                if let Some(query) = &mut self.query_box {
                    query.chosen = true;
                }
            }
        }
    }

    pub(super) fn move_rows(&mut self, rows: isize) {
        if let Some(Overlay::Reader(reader)) = &mut self.overlay {
            let last = reader.last_scroll(self.size);
            reader.scroll = reader.scroll.saturating_add_signed(rows).min(last);
        } else if let Some(Overlay::Chooser(chooser)) = &mut self.overlay {
            chooser.move_by(rows);
        } else if self.is_reading() {
            self.scroll_reading(rows);
        } else if self.focus == Pane::List {
            self.cursor.move_by(rows, self.rows());
        } else {
            let height = self.pane_height(self.focus);
            let view = self.page.pane_mut(self.focus);
            for _ in 0..rows
                .unsigned_abs()
                .min(view.doc.lines.len() + view.doc.links.len())
            {
                view.step(rows > 0, height);
            }
        }
    }

    pub(super) fn go_row(&mut self, row: usize) {
        if let Some(Overlay::Reader(reader)) = &mut self.overlay {
            reader.scroll = row.min(reader.last_scroll(self.size));
        } else if self.is_reading() {
            self.go_reading(row);
        } else if self.focus == Pane::List {
            self.cursor.go(row, self.rows());
        } else {
            let height = self.pane_height(self.focus);
            self.page.pane_mut(self.focus).go(row, height);
        }
    }

    pub(super) fn move_pages(&mut self, count: Option<usize>, direction: isize, part: usize) {
        let pages = count.unwrap_or(1).min(1000);
        let lines = |height: usize| ((height / part).max(1) * pages) as isize * direction;
        if self.overlay.is_some() {
            self.move_rows(lines(usize::from(self.size.1.saturating_sub(6))));
        } else if self.is_reading() {
            self.page_reading(pages as isize * direction, part);
        } else if self.focus == Pane::List {
            let rows = self.panes().list_rows();
            self.cursor.move_by(lines(rows), self.rows());
        } else {
            let height = self.pane_height(self.focus);
            self.page
                .pane_mut(self.focus)
                .scroll_by(lines(height), height);
        }
    }

    pub(super) fn scroll_page(&mut self, lines: isize) {
        let pane = if self.focus == Pane::List {
            Pane::Main
        } else {
            self.focus
        };
        let height = self.pane_height(pane);
        self.page.pane_mut(pane).scroll_by(lines, height);
    }

    pub(super) fn go_section(&mut self, kind: SectionKind) {
        match self.page.find(kind) {
            Some(place) => self.go_line(place),
            None => self.tell(Level::Info, "The page is still being read"),
        }
    }

    pub(super) fn go_authors(&mut self) {
        match self.page.find_authors() {
            Some(place) => self.go_line(place),
            None => self.tell(Level::Info, "The page is still being read"),
        }
    }

    pub(super) fn go_line(&mut self, (pane, line): (Pane, usize)) {
        self.focus = pane;
        let height = self.pane_height(pane);
        self.page.pane_mut(pane).go(line, height);
    }

    pub(super) fn pane_left(&mut self) {
        if !self.zen {
            self.focus = Pane::List;
        }
    }

    pub(super) fn pane_right(&mut self) {
        let panes = self.panes();
        self.focus = match self.focus {
            Pane::List => Pane::Main,
            Pane::Main if panes.tier == Tier::Three && panes.details.is_some() => Pane::Details,
            other => other,
        };
    }

    pub(super) fn next_pane(&mut self, by: isize) {
        let order: Vec<Pane> = self.panes().order().collect();
        let at = order
            .iter()
            .position(|pane| *pane == self.focus)
            .unwrap_or(0);
        let next = (at as isize + by).rem_euclid(order.len().max(1) as isize) as usize;
        if let Some(pane) = order.get(next) {
            self.focus = *pane;
        }
    }
}
