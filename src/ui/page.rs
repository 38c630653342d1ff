//! The panes of a paper's page.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use super::list::highlight_in;
use super::style::{Draw, Pencil};
use crate::app::doc::{Doc, Line, wrap};
use crate::app::mouse::Target;
use crate::app::{App, Loading, Pane};
use crate::config::theme::Role;
use crate::core::page::SectionKind;
use crate::core::query::Query;

/// The names of the sections, with the one in view marked.
pub(super) fn tabs(app: &App, rect: Rect, pencil: &mut Pencil<'_>) {
    let Some(page) = &app.page.page else { return };
    let view = app.page.pane(Pane::Main);
    let current = view.doc.section_at(view.scroll + 3);
    let labels: Vec<(SectionKind, String)> = page
        .sections
        .iter()
        .map(|section| (section.kind, section.head()))
        .collect();
    let room = usize::from(rect.width.saturating_sub(2));
    let at = labels
        .iter()
        .position(|(kind, _)| Some(*kind) == current)
        .unwrap_or(0);
    // Whole labels only, and always the current one.
    let mut first = 0;
    let width = |from: usize, to: usize| {
        labels.get(from..to).map_or(0, |part| {
            part.iter()
                .map(|(_, label)| label.width() + 2)
                .sum::<usize>()
        })
    };
    while first < at && width(first, at + 1) > room + 2 {
        first += 1;
    }
    let mut x = rect.x + 1;
    for (kind, label) in labels.iter().skip(first) {
        if usize::from(x - rect.x) + label.width() > room + 1 {
            break;
        }
        let role = if Some(*kind) == current {
            Role::Focus
        } else {
            Role::Dim
        };
        let end = pencil.text(x, rect.y, label, role, label.width());
        let area = Rect::new(x, rect.y, end - x, 1);
        pencil.spot(area, Target::Section(*kind));
        if Some(*kind) == current {
            pencil.buffer.set_style(
                area,
                ratatui::style::Style::default().add_modifier(Modifier::UNDERLINED),
            );
        }
        x = end + 2;
    }
}

/// Draws one pane of the page.
pub(super) fn draw(app: &App, pane: Pane, rect: Rect, pencil: &mut Pencil<'_>) {
    let view = app.page.pane(pane);
    let width = usize::from(rect.width.saturating_sub(2));
    if view.doc.lines.is_empty() {
        if pane == Pane::Main {
            absent(app, rect, pencil);
        }
        return;
    }
    let focused = app.focus == pane;
    let query = if app.find.is_empty() {
        (!app.query.is_empty()).then(|| app.parsed_query())
    } else {
        Some(Query::parse(&app.find))
    };
    for (at, line) in view
        .doc
        .lines
        .iter()
        .enumerate()
        .skip(view.scroll)
        .take(usize::from(rect.height))
    {
        let y = rect.y + (at - view.scroll) as u16;
        draw_line(line, rect.x + 1, y, width, focused, view.link, pencil);
        let mut x = rect.x + 1;
        for span in &line.spans {
            let cells = span.text.width() as u16;
            if let Some(link) = span.link {
                let area = Rect::new(x, y, cells, 1).intersection(rect);
                pencil.spot(area, Target::Link(pane, link));
            }
            x = x.saturating_add(cells);
        }
        if let (Some(query), true) = (&query, line.searchable) {
            let mut x = rect.x + 1;
            for span in &line.spans {
                if matches!(span.role, Role::Text | Role::Title) {
                    highlight_in(query, &span.text, x, y, pencil);
                }
                x += span.text.width() as u16;
            }
        }
    }
    if let Some(place) = &app.page.sentence {
        mark_sentence(&view.doc, place, view.scroll, rect, pencil);
    }
    let edge = rect.right().saturating_sub(1);
    if view.scroll > 0 {
        pencil.text(edge, rect.y, "▴", Role::Dim, 1);
    }
    if view.scroll + usize::from(rect.height) < view.doc.lines.len() {
        pencil.text(edge, rect.bottom().saturating_sub(1), "▾", Role::Dim, 1);
    }
}

/// Marks the bytes of the abstract that a finding led to.
fn mark_sentence(
    doc: &Doc,
    place: &Range<usize>,
    scroll: usize,
    rect: Rect,
    pencil: &mut Pencil<'_>,
) {
    let shown = scroll..scroll + usize::from(rect.height);
    for (at, bytes) in &doc.abstract_lines {
        let (from, to) = (place.start.max(bytes.start), place.end.min(bytes.end));
        if from >= to || !shown.contains(at) {
            continue;
        }
        let text: String = doc
            .lines
            .get(*at)
            .map(|line| line.spans.iter().map(|span| span.text.as_str()).collect())
            .unwrap_or_default();
        let before = text.get(..from - bytes.start).unwrap_or_default();
        let marked = text.get(from - bytes.start..to - bytes.start);
        let x = rect.x + 1 + before.width() as u16;
        let width = marked.unwrap_or_default().width() as u16;
        let area = Rect::new(x, rect.y + (at - scroll) as u16, width, 1).intersection(rect);
        pencil.paint(area, Role::Selection);
    }
}

fn draw_line(
    line: &Line,
    x: u16,
    y: u16,
    width: usize,
    focused: bool,
    marked: Option<usize>,
    pencil: &mut Pencil<'_>,
) {
    let end = x + width as u16;
    let mut at = x;
    for span in &line.spans {
        let role = match span.role {
            Role::Head if focused => Role::Focus,
            role => role,
        };
        let room = usize::from(end.saturating_sub(at));
        let from = at;
        at = pencil.text(at, y, &span.text, role, room);
        if span.link.is_some() && span.link == marked {
            let role = if focused {
                Role::Selection
            } else {
                Role::SelectionElsewhere
            };
            pencil.paint(Rect::new(from, y, at - from, 1), role);
        }
    }
}

/// What stands in place of a page that is not there.
fn absent(app: &App, rect: Rect, pencil: &mut Pencil<'_>) {
    let text = match (&app.page.item, &app.loading) {
        (Some(Err(reason)), _) => reason.as_str(),
        (_, Loading::Failed(_)) => "",
        _ if app.selected().is_some() => "Reading…",
        _ => "No paper is selected",
    };
    let width = usize::from(rect.width.saturating_sub(2));
    for (at, range) in wrap(text, width)
        .into_iter()
        .enumerate()
        .take(usize::from(rect.height))
    {
        pencil.text(
            rect.x + 1,
            rect.y + at as u16,
            text.get(range).unwrap_or_default(),
            Role::Dim,
            width,
        );
    }
}
