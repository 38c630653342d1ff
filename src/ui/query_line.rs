//! The search box, and under it what was understood of its words or what is wrong with them; once papers that are alike
//! are listed, why the one under the cursor is.
//!
//! The explanation stands in the hairline below the box, so that nothing moves when it comes and goes. Words alone need
//! none.

use std::ops::Range;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::style::{Draw, Pencil};
use crate::app::App;
use crate::app::layout::Panes;
use crate::app::line_edit::LineEdit;
use crate::app::width::whole_pieces;
use crate::config::theme::Role;
use crate::core::query::Problem;
use crate::core::text::scrub;

/// Cells before the query: a blank, the slash and a blank.
const MARGIN: u16 = 3;
/// Marks what could not be understood.
const CARET: &str = "^";

/// Where the part of a line begins that is seen: what is typed last is, a long query loses its beginning.
fn first_seen(line: &LineEdit, room: usize) -> usize {
    let before = line.split().0;
    let mut from = before;
    while from.width() > room.saturating_sub(1) && !from.is_empty() {
        from = from
            .char_indices()
            .nth(1)
            .map_or("", |(at, _)| from.get(at..).unwrap_or_default());
    }
    before.len() - from.len()
}

fn cells_for_words(room: usize) -> usize {
    room.saturating_sub(usize::from(MARGIN))
}

/// Draws the box with `room` cells; the place of the cursor.
pub(super) fn draw(
    line: &LineEdit,
    rect: Rect,
    room: usize,
    pencil: &mut Pencil<'_>,
) -> (u16, u16) {
    let x = pencil.text(rect.x + 1, rect.y, "/ ", Role::Focus, 2);
    let room = cells_for_words(room);
    let (before, after) = line.split();
    let seen = before.get(first_seen(line, room)..).unwrap_or_default();
    let x = pencil.text(x, rect.y, seen, Role::Text, room);
    let left = room.saturating_sub(seen.width());
    pencil.text(x, rect.y, after, Role::Text, left);
    (x.min(rect.right().saturating_sub(1)), rect.y)
}

/// What stands under the box.
#[derive(Debug, PartialEq, Eq)]
enum Under {
    /// What was understood.
    Understood(String),
    /// What is wrong, and the cells of the screen above which it stands.
    Wrong {
        carets: Range<u16>,
        message: String,
        role: Role,
    },
}

/// The row under the box where it is free, which it is in all but the lowest terminals.
fn row(panes: &Panes) -> Option<u16> {
    let below = panes.list.or(panes.tabs).or(panes.main)?;
    (below.y > panes.search.bottom()).then_some(panes.search.bottom())
}

/// How a problem is shown: one with the word that is being typed is no mistake yet.
fn role_of(problem: &Problem, line: &LineEdit) -> Role {
    let (before, after) = line.split();
    let is_begun = after.is_empty() && problem.range.end == before.len();
    if is_begun { Role::Dim } else { Role::Warning }
}

fn under(app: &App, panes: &Panes) -> Option<Under> {
    let Some(typed) = app.query_box.as_ref() else {
        let reason = app.hits.as_ref()?.reason(app.selected()?)?;
        return Some(Under::Understood(scrub(reason, false)));
    };
    if typed.in_page {
        return None;
    }
    let query = app.parsed_query();
    if query.is_plain() {
        return None;
    }
    let Some(problem) = query.problems().first() else {
        let said = scrub(&query.explanation(), false);
        return (!said.is_empty()).then_some(Under::Understood(said));
    };
    let line = &typed.line;
    let room = cells_for_words(super::room_of_query(app, panes.search));
    let first = first_seen(line, room);
    let end = panes.search.x + MARGIN + room as u16;
    let place = |byte: usize| {
        let cells = line
            .text()
            .get(first..byte)
            .map_or(0, UnicodeWidthStr::width);
        (panes.search.x + MARGIN)
            .saturating_add(cells as u16)
            .min(end)
    };
    let range = &problem.range;
    let from = place(range.start);
    Some(Under::Wrong {
        carets: from..place(range.end).max(from + 1),
        message: scrub(&problem.message, false),
        role: role_of(problem, line),
    })
}

/// Draws what stands under the box.
pub(super) fn explain(app: &App, panes: &Panes, pencil: &mut Pencil<'_>) {
    let (Some(y), Some(under)) = (row(panes), under(app, panes)) else {
        return;
    };
    let width = panes.search.width;
    let room = usize::from(width.saturating_sub(4));
    match under {
        Under::Understood(said) => {
            let said = format!(" {} ", whole_pieces(&said, room));
            pencil.text(1, y, &said, Role::Dim, room + 2);
        }
        Under::Wrong {
            carets,
            message,
            role,
        } => {
            let marks = CARET.repeat(usize::from(carets.end - carets.start));
            pencil.text(carets.start, y, &marks, role, marks.len());
            if let Some((x, room)) = side(&carets, message.width(), width) {
                let message = format!(" {} ", whole_pieces(&message, room));
                pencil.text(x, y, &message, role, room + 2);
            }
        }
    }
}

/// A message that has to be cut has at least so many cells.
const LEAST_OF_MESSAGE: usize = 40;

/// The column of a message with a blank on either side, and the cells for it: after the carets, or before them where
/// there is room only there. A long one loses its end where much of it can be said.
fn side(carets: &Range<u16>, cells: usize, width: u16) -> Option<(u16, usize)> {
    let after = usize::from(width.saturating_sub(carets.end + 1)).saturating_sub(2);
    let before = usize::from(carets.start.saturating_sub(1)).saturating_sub(2);
    if cells <= after {
        return Some((carets.end, cells));
    }
    if cells <= before {
        return Some((carets.start - cells as u16 - 2, cells));
    }
    (after.max(before) >= LEAST_OF_MESSAGE).then_some(if after >= before {
        (carets.end, after)
    } else {
        (1, before)
    })
}

/// What the status line says about the query, because there is no room for it under the box.
pub(super) fn in_status(app: &App, panes: &Panes) -> Option<(String, Role)> {
    match under(app, panes)? {
        Under::Understood(said) if row(panes).is_none() => Some((said, Role::Dim)),
        Under::Understood(_) => None,
        Under::Wrong {
            carets,
            message,
            role,
        } => {
            let shown = row(panes)
                .and_then(|_| side(&carets, message.width(), panes.search.width))
                .is_some();
            (!shown).then_some((message, role))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stands_beside_the_carets_or_nowhere() {
        assert_eq!(side(&(3..10), 20, 80), Some((10, 20)));
        assert_eq!(side(&(60..70), 20, 80), Some((38, 20)));
        assert_eq!(side(&(11..15), 90, 80), Some((15, 62)));
        assert_eq!(side(&(10..15), 30, 40), None);
    }
}
