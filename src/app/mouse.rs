//! What the mouse does. What stands under it is found by drawing the screen, so that nothing can be clicked that is not
//! seen, and everything that is seen is where it seems to be.

use super::arrangement::Divider;
use super::command::Command;
use super::overlay::Overlay;
use super::{App, Effect, Pane};
use crate::core::page::SectionKind;

/// What the reader did with the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Pressed the left button.
    Press,
    /// Moved with the button held.
    Drag,
    /// Let the button go.
    Release,
    /// Turned the wheel, away from the reader.
    WheelUp,
    /// Turned the wheel, towards the reader.
    WheelDown,
}

/// A deed and where it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    /// What was done.
    pub deed: Deed,
    /// The column, from 0.
    pub column: u16,
    /// What stands there, for a press and for the wheel.
    pub target: Option<Target>,
}

/// What can stand under the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A row of the list.
    Row(usize),
    /// A pane, where nothing in it can be clicked.
    Pane(Pane),
    /// A link of the page.
    Link(Pane, usize),
    /// The name of a section above the page.
    Section(SectionKind),
    /// The text of an attached PDF.
    Pdf,
    /// A line between panes.
    Divider(Divider),
    /// A hint that names a key.
    Run(Command),
    /// A row of the menu over the panes.
    Choice(usize),
    /// What stands over the panes.
    Overlay,
    /// The screen beside what stands over the panes.
    Outside,
}

/// Lines that one notch of the wheel scrolls.
const NOTCH: isize = 3;

impl App {
    pub(super) fn pointed(&mut self, pointer: Pointer, effects: &mut Vec<Effect>) {
        self.awaited_paper = None;
        match pointer.deed {
            Deed::Press => {
                self.cancelled = false;
                self.toast = None;
                self.pending.clear();
                self.count = None;
                self.dragged = None;
                if matches!(self.overlay, Some(Overlay::Links(_))) {
                    self.overlay = None;
                }
                if let Some(target) = pointer.target {
                    self.pressed(target, effects);
                }
            }
            Deed::Drag => {
                if let Some(divider) = self.dragged {
                    self.drag(divider, pointer.column);
                }
            }
            Deed::Release => self.dragged = None,
            Deed::WheelUp => self.wheel(pointer.target, -1, effects),
            Deed::WheelDown => self.wheel(pointer.target, 1, effects),
        }
    }

    fn pressed(&mut self, target: Target, effects: &mut Vec<Effect>) {
        match target {
            Target::Row(row) => {
                let is_typing = self.query_box.take().is_some();
                let is_again = self.focus == Pane::List && row == self.cursor.selected;
                self.focus = Pane::List;
                if is_again && !is_typing {
                    self.run(Command::Open, None, false, effects);
                } else {
                    self.cursor.go(row, self.rows());
                }
            }
            Target::Pane(pane) => {
                self.query_box = None;
                self.focus = pane;
            }
            Target::Link(pane, link) => {
                self.query_box = None;
                self.focus = pane;
                self.page.pane_mut(pane).link = Some(link);
                self.follow(pane, link, effects);
            }
            Target::Section(kind) => {
                self.query_box = None;
                self.go_section(kind);
            }
            Target::Divider(divider) => self.dragged = Some(divider),
            Target::Run(command) => self.run(command, None, false, effects),
            Target::Choice(row) => self.take_row(row, effects),
            // Text that is being written is not closed by a slip of the hand.
            Target::Outside if matches!(self.overlay, Some(Overlay::Comment(_))) => {}
            Target::Outside => self.close(effects),
            Target::Pdf | Target::Overlay => {}
        }
    }

    /// Takes a row of the menu that stands over the panes.
    fn take_row(&mut self, row: usize, effects: &mut Vec<Effect>) {
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => palette.cursor.selected = row,
            Some(Overlay::CopyMenu(menu)) => menu.cursor.selected = row,
            Some(Overlay::Chooser(chooser)) => chooser.cursor.selected = row,
            Some(Overlay::Tags(tags)) => {
                tags.marked = Some(row);
                return self.tag_choose(effects);
            }
            _ => return,
        }
        self.accept(effects);
    }

    fn wheel(&mut self, target: Option<Target>, notches: isize, effects: &mut Vec<Effect>) {
        let lines = notches * NOTCH;
        match (&self.overlay, target) {
            (Some(Overlay::Reader(_)), _) => self.move_rows(lines),
            (Some(Overlay::Tags(_)), _) => self.tag_move(notches),
            (Some(Overlay::Comment(_) | Overlay::Links(_)), _) => {}
            (Some(_), _) => self.menu_move(notches, effects),
            (None, Some(Target::Pdf)) => self.scroll_reading(lines),
            (None, Some(Target::Row(_) | Target::Pane(Pane::List))) => {
                let (rows, shown) = (self.rows(), self.panes().list_rows());
                self.cursor.scroll_by(lines, rows, shown);
                if let Some(query) = &mut self.query_box {
                    query.chosen = true;
                }
            }
            (None, Some(Target::Pane(pane) | Target::Link(pane, _))) => {
                let height = self.pane_height(pane);
                self.page.pane_mut(pane).scroll_by(lines, height);
            }
            (None, Some(Target::Section(_))) => {
                let height = self.pane_height(Pane::Main);
                self.page.pane_mut(Pane::Main).scroll_by(lines, height);
            }
            (None, _) => {}
        }
    }
}
