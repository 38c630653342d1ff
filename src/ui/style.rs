//! Roles on the buffer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color as Ink, Modifier, Style as Look};
use unicode_width::UnicodeWidthStr;

use crate::app::mouse::Target;
use crate::config::theme::{Color, Role, Theme};

/// A buffer and the theme to draw on it with.
pub(super) struct Pencil<'a> {
    /// The cells.
    pub(super) buffer: &'a mut Buffer,
    /// The look of the roles.
    pub(super) theme: &'a Theme,
    /// What can be clicked, the uppermost last, where it is wanted.
    pub(super) spots: Option<Vec<(Rect, Target)>>,
}

impl Pencil<'_> {
    /// Notes that an area can be clicked.
    pub(super) fn spot(&mut self, area: Rect, target: Target) {
        if let Some(spots) = &mut self.spots {
            spots.push((area, target));
        }
    }
}

/// Drawing by role.
pub(super) trait Draw {
    /// Draws at most `cells` of a text and returns the column after it.
    fn text(&mut self, x: u16, y: u16, text: &str, role: Role, cells: usize) -> u16;
    /// Gives the cells of an area the look of a role, keeping their text.
    fn paint(&mut self, area: Rect, role: Role);
    /// Empties an area.
    fn clear(&mut self, area: Rect);
    /// Gives an area the background of the theme.
    fn ground(&mut self, area: Rect);
}

impl Draw for Pencil<'_> {
    fn text(&mut self, x: u16, y: u16, text: &str, role: Role, cells: usize) -> u16 {
        let area = self.buffer.area;
        if y >= area.bottom() || x >= area.right() {
            return x;
        }
        self.buffer
            .set_stringn(x, y, text, cells, look(self.theme, role))
            .0
    }

    fn paint(&mut self, area: Rect, role: Role) {
        let mut style = look(self.theme, role);
        if matches!(role, Role::Selection | Role::SelectionElsewhere) {
            // Dim text in reverse video would leave holes in the bar.
            style = style.remove_modifier(Modifier::DIM);
        }
        self.buffer
            .set_style(area.intersection(self.buffer.area), style);
    }

    fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            // A wide character that reaches in from the left would hide the first cell.
            if let Some(before) = area.left().checked_sub(1)
                && let Some(cell) = self.buffer.cell_mut((before, y))
                && cell.symbol().width() > 1
            {
                cell.set_symbol(" ");
            }
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
        self.ground(area);
    }

    fn ground(&mut self, area: Rect) {
        if let Some(ground) = ink(self.theme.background) {
            let text = look(self.theme, Role::Text).bg(ground);
            self.buffer
                .set_style(area.intersection(self.buffer.area), text);
        }
    }
}

/// The terminal library's style of a role.
pub(super) fn look(theme: &Theme, role: Role) -> Look {
    let style = theme.style(role);
    let mut look = Look::default();
    if let Some(ink) = ink(style.foreground) {
        look = look.fg(ink);
    }
    if let Some(ink) = ink(style.background) {
        look = look.bg(ink);
    }
    for (set, modifier) in [
        (style.bold, Modifier::BOLD),
        (style.dim, Modifier::DIM),
        (style.italic, Modifier::ITALIC),
        (style.underlined, Modifier::UNDERLINED),
        (style.reversed, Modifier::REVERSED),
    ] {
        if set {
            look = look.add_modifier(modifier);
        }
    }
    look
}

fn ink(color: Color) -> Option<Ink> {
    match color {
        Color::Unset => None,
        Color::Rgb(red, green, blue) => Some(Ink::Rgb(red, green, blue)),
        Color::Ansi(number) => Some(match number {
            0 => Ink::Black,
            1 => Ink::Red,
            2 => Ink::Green,
            3 => Ink::Yellow,
            4 => Ink::Blue,
            5 => Ink::Magenta,
            6 => Ink::Cyan,
            7 => Ink::Gray,
            8 => Ink::DarkGray,
            other => Ink::Indexed(other),
        }),
    }
}
