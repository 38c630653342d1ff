//! The box of tags and the box of a comment.

use std::borrow::Cow;

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::overlay::{boxed, framed, row_spot};
use super::status::whole_parts;
use super::style::{Draw, Pencil};
use crate::app::App;
use crate::app::comment_box::{CommentBox, rect, text_width};
use crate::app::layout::Panes;
use crate::app::list::ListCursor;
use crate::app::tag_box::{Held, TagBox, TagRow};
use crate::app::text_area::shown;
use crate::app::width::ellipsis;
use crate::config::theme::Role;
use crate::core::moment::to_the_minute;
use crate::core::page::thousands;
use crate::core::text::scrub;

/// Draws the box of tags; the place of the cursor.
pub(super) fn tags(app: &App, tags: &TagBox, screen: Rect, pencil: &mut Pencil<'_>) -> (u16, u16) {
    let rows = tags.rows();
    let title = match tags.papers.len() {
        1 => {
            let paper = tags.papers.first();
            let id = paper.map_or("", |paper| app.library.id(*paper));
            format!("Tags of {}", scrub(id, false))
        }
        count => format!("Tags of {} papers", thousands(count)),
    };
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX).clamp(4, 14) + 3;
    let inner = boxed(screen, 56, height, &title, pencil);
    let room = usize::from(inner.width.saturating_sub(3));
    let x = pencil.text(inner.x, inner.y, "+ ", Role::Focus, 2);
    let (before, after) = tags.line.split();
    // What is typed last is seen: a long tag loses its beginning.
    let before = last_fitting(before, room);
    let x = pencil.text(x, inner.y, before, Role::Text, room);
    if tags.line.text().is_empty() {
        pencil.text(x, inner.y, "type a tag; a/b nests", Role::Dim, room);
    } else {
        let room = usize::from(inner.right().saturating_sub(x));
        pencil.text(x, inner.y, after, Role::Text, room);
    }
    let list = Rect {
        y: inner.y + 1,
        height: inner.height.saturating_sub(1),
        ..inner
    };
    if rows.is_empty() {
        let width = usize::from(list.width);
        pencil.text(list.x, list.y, "No tags yet", Role::Dim, width);
    }
    let chosen = tags.chosen();
    let mut cursor = ListCursor {
        selected: chosen.unwrap_or(0),
        offset: 0,
    };
    cursor.fit(rows.len(), usize::from(list.height));
    let window = rows
        .iter()
        .enumerate()
        .skip(cursor.offset)
        .take(usize::from(list.height));
    for (at, row) in window {
        let y = list.y + (at - cursor.offset) as u16;
        row_spot(list, y, at, pencil);
        tag_row(
            row,
            Rect {
                y,
                height: 1,
                ..list
            },
            tags.papers.len(),
            pencil,
        );
        if chosen == Some(at) {
            pencil.paint(
                Rect {
                    y,
                    height: 1,
                    ..list
                },
                Role::Selection,
            );
        }
    }
    (x.min(inner.right()), inner.y)
}

fn tag_row(row: &TagRow, area: Rect, papers: usize, pencil: &mut Pencil<'_>) {
    let (mark, role) = match row.held {
        Held::All => ("✓", Role::Accent),
        Held::Some(_) => ("–", Role::Accent),
        Held::None => (" ", Role::Dim),
    };
    pencil.text(area.x, area.y, mark, role, 1);
    let right = match (row.is_new, row.held) {
        (true, _) => "new".to_owned(),
        (_, Held::Some(here)) => format!("{here} of {papers} · {}", thousands(row.papers)),
        _ => thousands(row.papers),
    };
    let width = usize::from(area.width);
    let right = ellipsis(&right, width / 2);
    let room = width.saturating_sub(right.width() + 4);
    pencil.text(
        area.x + 2,
        area.y,
        &ellipsis(&row.shown(), room),
        Role::Text,
        room,
    );
    let x = area.right().saturating_sub(right.width() as u16);
    pencil.text(x, area.y, &right, Role::Dim, right.width());
}

/// The end of a text that fits.
fn last_fitting(text: &str, cells: usize) -> &str {
    let mut used = 0;
    let mut start = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > cells {
            break;
        }
        start = at;
    }
    text.get(start..).unwrap_or_default()
}

/// Draws the box of a comment; the place of the cursor.
pub(super) fn comment(
    app: &App,
    comment: &CommentBox,
    panes: &Panes,
    pencil: &mut Pencil<'_>,
) -> (u16, u16) {
    let width = text_width(rect(panes, app.size, 0));
    let rows = comment.area.rows(width);
    let area = rect(panes, app.size, rows.len());
    let paper = scrub(&comment.key.paper, false);
    let written = comment.key.comment.as_ref().and_then(|id| {
        let noted = app.notes.state().comment(&comment.key.paper, id)?;
        Some(to_the_minute(noted.created))
    });
    let title = match written {
        None if comment.key.is_names() => "Add papers".to_owned(),
        None if comment.key.is_fields() => format!("Fields of {paper}"),
        None => format!("Comment on {paper}"),
        Some(written) => format!("Comment of {written}"),
    };
    let inner = framed(area, &title, pencil);
    let (row, column) = comment.area.place(&rows);
    let mut window = ListCursor {
        selected: row,
        offset: 0,
    };
    window.fit(rows.len(), usize::from(inner.height));
    if comment.area.text().is_empty() {
        let words: &[&str] = if comment.key.is_names() {
            &[
                "DOI, PMID, arXiv id, ISBN, title or PDF",
                "one a line · ^S asks · Esc closes",
            ]
        } else {
            &["Markdown · ^S saves · Esc keeps a draft"]
        };
        let room = usize::from(inner.width);
        for (y, line) in (inner.y..inner.bottom()).zip(words) {
            let line = ellipsis(whole_parts(line, room), room);
            pencil.text(inner.x, y, &line, Role::Dim, room);
        }
    }
    let drawn = rows
        .iter()
        .skip(window.offset)
        .take(usize::from(inner.height));
    for (at, range) in drawn.enumerate() {
        let text = comment.area.text().get(range.clone()).unwrap_or_default();
        let text: String = text
            .graphemes(true)
            .map(shown)
            .collect::<Vec<Cow<'_, str>>>()
            .concat();
        let y = inner.y + at as u16;
        pencil.text(inner.x, y, &text, Role::Text, usize::from(inner.width));
    }
    if window.offset > 0 {
        pencil.text(area.right().saturating_sub(2), inner.y, "▴", Role::Dim, 1);
    }
    if window.offset + usize::from(inner.height) < rows.len() {
        let y = inner.bottom().saturating_sub(1);
        pencil.text(area.right().saturating_sub(2), y, "▾", Role::Dim, 1);
    }
    let x = inner.x + column.min(width) as u16;
    let y = inner.y + (row - window.offset) as u16;
    (x.min(inner.right()), y)
}
