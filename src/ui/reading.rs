//! The text of an attached PDF, in the place of the paper's page.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::style::{Draw, Pencil};
use crate::app::doc::wrap;
use crate::app::reading::{Reading, Stage};
use crate::app::width::ellipsis;
use crate::config::theme::Role;

/// Draws the text; the place of the cursor while words are typed that are looked for.
pub(super) fn draw(reading: &Reading, rect: Rect, pencil: &mut Pencil<'_>) -> Option<(u16, u16)> {
    pencil.clear(rect);
    let width = usize::from(rect.width.saturating_sub(2));
    let cursor = head(reading, rect, width, pencil);
    let text = Rect {
        y: rect.y + 1,
        height: rect.height.saturating_sub(1),
        ..rect
    };
    if reading.passages.is_empty() {
        let (words, role) = match &reading.stage {
            Stage::Failed(reason) => (reason.as_str(), Role::Error),
            _ => ("Reading the PDF…", Role::Dim),
        };
        paragraph(words, role, text, width, pencil);
        return cursor;
    }
    let lines = reading.doc.lines.iter().skip(reading.scroll);
    for (line, y) in lines.zip(text.y..text.bottom()) {
        if let Some(page) = line.page {
            page_rule(page, rect.x + 1, y, width, pencil);
            continue;
        }
        let words = reading.doc.text(line, &reading.passages);
        pencil.text(rect.x + 1, y, words, line.role, width);
        for part in reading.found_in(line) {
            let before = words.get(..part.start).map_or(0, UnicodeWidthStr::width);
            let cells = words.get(part).map_or(0, UnicodeWidthStr::width);
            let at = Rect::new(rect.x + 1 + before as u16, y, cells as u16, 1);
            pencil.paint(at, Role::Match);
        }
    }
    let edge = rect.right().saturating_sub(1);
    if reading.scroll > 0 {
        pencil.text(edge, text.y, "▴", Role::Dim, 1);
    }
    if reading.scroll + usize::from(text.height) < reading.doc.lines.len() {
        pencil.text(edge, text.bottom().saturating_sub(1), "▾", Role::Dim, 1);
    }
    cursor
}

/// What stands where the page is shown as a picture until it is there; the picture is laid over it.
pub(super) fn picture(reading: &Reading, rect: Rect, pencil: &mut Pencil<'_>) {
    pencil.clear(rect);
    let width = usize::from(rect.width.saturating_sub(2));
    let page = reading.page();
    let label = match reading.pages {
        0 => format!("page {page}"),
        pages => format!("page {page} of {pages}"),
    };
    let label = if reading.is_font_missing {
        format!("{label} · characters are missing (!)")
    } else {
        label
    };
    pencil.text(
        rect.x + 1,
        rect.y,
        &ellipsis(&label, width),
        Role::Dim,
        width,
    );
    let below = Rect {
        y: rect.y + 1,
        height: rect.height.saturating_sub(1),
        ..rect
    };
    match &reading.picture_trouble {
        Some(reason) => paragraph(reason, Role::Error, below, width, pencil),
        None => paragraph(
            &format!("Drawing page {page}…"),
            Role::Dim,
            below,
            width,
            pencil,
        ),
    }
}

/// Where one is: the section, and the page; or what is looked for.
fn head(
    reading: &Reading,
    rect: Rect,
    width: usize,
    pencil: &mut Pencil<'_>,
) -> Option<(u16, u16)> {
    let right = if reading.finder.is_some() {
        let place = reading.found_at.map_or(0, |at| at + 1);
        format!("{place} of {} places", reading.found.len())
    } else {
        match (&reading.stage, reading.pages) {
            (_, 0) => String::new(),
            (Stage::Pages(done), pages) if *done < pages => {
                format!("page {} of {pages} · reading {done}…", reading.page())
            }
            (_, pages) => format!("page {} of {pages}", reading.page()),
        }
    };
    let right_width = right.width().min(width);
    let right_x = (rect.x + 1 + width as u16).saturating_sub(right_width as u16);
    pencil.text(right_x, rect.y, &right, Role::Dim, right_width);
    let room = width.saturating_sub(right_width + 2);
    if let Some(finder) = &reading.finder {
        let x = pencil.text(rect.x + 1, rect.y, "/ ", Role::Focus, 2);
        let (before, after) = finder.split();
        let x = pencil.text(x, rect.y, before, Role::Text, room.saturating_sub(2));
        let left = room.saturating_sub(2 + before.width());
        pencil.text(x, rect.y, after, Role::Text, left);
        return Some((x, rect.y));
    }
    let words = reading.section().unwrap_or("PDF");
    pencil.text(
        rect.x + 1,
        rect.y,
        &ellipsis(words, room),
        Role::Focus,
        room,
    );
    None
}

/// The line at which a page begins.
fn page_rule(page: u32, x: u16, y: u16, width: usize, pencil: &mut Pencil<'_>) {
    let label = format!(" page {page} ");
    let rest = width.saturating_sub(label.width() + 2);
    let rule = format!("{}{label}──", "─".repeat(rest));
    pencil.text(x, y, &rule, Role::Rule, width);
}

fn paragraph(words: &str, role: Role, rect: Rect, width: usize, pencil: &mut Pencil<'_>) {
    for (range, y) in wrap(words, width).into_iter().zip(rect.y..rect.bottom()) {
        let line = words.get(range).unwrap_or_default();
        pencil.text(rect.x + 1, y, line, role, width);
    }
}
