//! How the reader has arranged the screen: the mouse, the widths of the panes, the lines of a row.

use serde::{Deserialize, Serialize};

use super::layout::{self, Density, Tier, Wanted};
use super::{App, Effect, Level};

/// What is kept of the screen from one session to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrangement {
    /// The mouse is the program's, not the terminal's.
    pub mouse: bool,
    /// How wide the list is, in thousandths of the screen.
    pub list: Option<u16>,
    /// How wide the page is beside a third column, in thousandths of the screen.
    pub page: Option<u16>,
    /// Lines of a row.
    pub density: Density,
}

/// A line between panes that can be dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divider {
    /// Right of the list.
    List,
    /// Right of the page, where there is a third column.
    Page,
}

/// So many cells are added to the list, or taken off, at once.
const STEP: isize = 2;

impl App {
    /// What is asked of the layout.
    pub(super) fn wanted_layout(&self) -> Wanted {
        Wanted {
            zen: self.zen,
            focus: self.focus,
            list: self.arrangement.list,
            page: self.arrangement.page,
            density: self.arrangement.density,
        }
    }

    /// Whether a list stands beside a page.
    pub(super) fn has_divider(&self) -> bool {
        let panes = self.panes();
        panes.list.is_some() && panes.main.is_some() && panes.picture.is_none()
    }

    /// Makes the list wider by steps, or narrower.
    pub(super) fn widen_list(&mut self, steps: isize) {
        let Some(list) = self.panes().list else {
            return;
        };
        let right = list.right().saturating_add_signed(
            i16::try_from(steps.saturating_mul(STEP)).unwrap_or(if steps < 0 {
                i16::MIN
            } else {
                i16::MAX
            }),
        );
        self.drag(Divider::List, right);
        if self.panes().list == Some(list) {
            let end = if steps < 0 { "narrower" } else { "wider" };
            self.tell(Level::Info, format!("The list goes no {end}"));
        }
    }

    /// Moves a divider to a column.
    pub(super) fn drag(&mut self, divider: Divider, column: u16) {
        let width = self.size.0;
        let column = column.min(width);
        let panes = self.panes();
        if panes.tier < Tier::Tabs {
            return;
        }
        match divider {
            Divider::List => self.arrangement.list = Some(layout::share(column, width)),
            Divider::Page => {
                let left = panes.main.map_or(0, |main| main.x);
                let cells = column.saturating_sub(left);
                self.arrangement.page = Some(layout::share(cells, width));
            }
        }
        // What is remembered is what is seen: a pane that goes no wider does not have to be pulled back as far.
        let panes = self.panes();
        let seen = match divider {
            Divider::List => (&mut self.arrangement.list, panes.list),
            Divider::Page => (&mut self.arrangement.page, panes.main),
        };
        if let (share, Some(rect)) = seen {
            *share = Some(layout::share(rect.width, width));
        }
    }

    pub(super) fn set_density(&mut self, density: Density) {
        self.arrangement.density = density;
        let text = match density {
            Density::Comfortable if self.panes().row_height < 2 => {
                "Two lines a paper, where there is room"
            }
            Density::Comfortable => "Two lines a paper",
            _ => "One line a paper",
        };
        self.tell(Level::Info, text);
    }

    /// Takes the mouse, or gives it back to the terminal.
    pub(super) fn toggle_mouse(&mut self, effects: &mut Vec<Effect>) {
        self.arrangement.mouse = !self.arrangement.mouse;
        self.dragged = None;
        effects.push(Effect::Mouse(self.arrangement.mouse));
        let text = if self.arrangement.mouse {
            "Mouse on: click, scroll, drag the line · Shift selects text"
        } else {
            "Mouse off: the terminal selects text again"
        };
        self.tell(Level::Info, text);
    }
}
