//! The screen as a function of the app. Drawing changes nothing and touches only what can be seen.

mod boxes;
mod chooser;
mod glyphs;
mod list;
mod overlay;
mod page;
mod query_line;
mod reading;
mod status;
mod style;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use crate::app::arrangement::Divider;
use crate::app::command::Command;
use crate::app::layout::{Panes, Tier};
use crate::app::mouse::Target;
use crate::app::width::{ellipsis, ellipsis_middle};
use crate::app::{App, Loading, Pane};
use crate::config::theme::Role;
use crate::core::page::thousands;
use style::{Draw, Pencil};

/// Draws the whole app.
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut pencil = Pencil {
        buffer: frame.buffer_mut(),
        theme: app.theme(),
        spots: None,
    };
    let cursor = draw_with(app, area, &mut pencil);
    let cursor = glyphs::adapt(pencil.buffer, app.settings.glyphs, cursor);
    if let Some((x, y)) = cursor {
        frame.set_cursor_position((x, y));
    }
}

/// What can be clicked at a cell.
pub fn target_at(app: &App, x: u16, y: u16) -> Option<Target> {
    let area = Rect::new(0, 0, app.size.0, app.size.1);
    let mut buffer = Buffer::empty(area);
    let mut pencil = Pencil {
        buffer: &mut buffer,
        theme: app.theme(),
        spots: Some(Vec::new()),
    };
    draw_with(app, area, &mut pencil);
    let spots = pencil.spots.unwrap_or_default();
    let at = Position { x, y };
    let hit = spots.iter().rev().find(|(spot, _)| spot.contains(at));
    hit.map(|(_, target)| *target)
}

/// Draws the app with a pencil; the place of the cursor.
fn draw_with(app: &App, area: Rect, pencil: &mut Pencil<'_>) -> Option<(u16, u16)> {
    let panes = app.panes();
    if panes.tier == Tier::TooSmall {
        too_small(area, pencil.buffer);
        return None;
    }
    pencil.ground(area);
    let mut cursor = search_line(app, panes.search, pencil);
    pencil.spot(panes.search, Target::Run(Command::Search));
    rules(&panes, pencil);
    query_line::explain(app, &panes, pencil);
    tour(app, &panes, pencil);
    if let Some(rect) = panes.list {
        pencil.spot(rect, Target::Pane(Pane::List));
        list::draw(app, rect, panes.row_height, pencil);
    }
    if let Some(rect) = panes.tabs {
        page::tabs(app, rect, pencil);
    }
    for pane in [Pane::Main, Pane::Details, Pane::Similar] {
        if let Some(rect) = panes.rect(pane) {
            pencil.spot(rect, Target::Pane(pane));
            page::draw(app, pane, rect, pencil);
        }
    }
    if let (Some(one), Some(rect)) = (&app.reading, panes.reading()) {
        pencil.spot(rect, Target::Pdf);
        cursor = reading::draw(one, rect, pencil).or(cursor);
        if let Some(rect) = panes.picture {
            reading::picture(one, rect, pencil);
        }
    }
    dividers(&panes, pencil);
    status::draw(app, panes.status, pencil);
    if let Some(place) = overlay::draw(app, area, &panes, pencil) {
        cursor = Some(place);
    }
    chooser::draw_continuations(app, area, panes.status, pencil);
    cursor
}

/// The lines between panes can be dragged, also by the free cells beside them.
fn dividers(panes: &Panes, pencil: &mut Pencil<'_>) {
    let column = |left: Rect| Rect {
        x: left.right().saturating_sub(1),
        width: 3,
        ..left
    };
    if let (Some(list), Some(main), None) = (panes.list, panes.main, panes.picture) {
        pencil.spot(column(list), Target::Divider(Divider::List));
        if panes.details.is_some_and(|details| details.x > main.x) {
            pencil.spot(column(main), Target::Divider(Divider::Page));
        }
    }
}

fn too_small(area: Rect, buffer: &mut Buffer) {
    let (width, height) = crate::app::layout::SMALLEST;
    let text = format!("offprint needs {width}x{height}");
    buffer.set_stringn(
        area.x,
        area.y + area.height / 2,
        text,
        usize::from(area.width),
        ratatui::style::Style::default(),
    );
}

/// The search line; the place of the cursor while typing.
fn search_line(app: &App, rect: Rect, pencil: &mut Pencil<'_>) -> Option<(u16, u16)> {
    let width = usize::from(rect.width);
    let right = right_of_search(app, width);
    let right_width = right.width();
    pencil.text(
        rect.right().saturating_sub(right_width as u16 + 1),
        rect.y,
        &right,
        Role::Dim,
        right_width,
    );
    let room = room_of_query(app, rect);
    if let Some(query) = &app.query_box {
        return Some(query_line::draw(&query.line, rect, room, pencil));
    }
    if app.query.is_empty() {
        let x = pencil.text(rect.x + 1, rect.y, "offprint  ", Role::Dim, room);
        if room > 24 {
            let x = pencil.text(x, rect.y, "/", Role::Key, 1);
            pencil.text(x, rect.y, " to search", Role::Dim, 10);
        }
    } else {
        let x = pencil.text(rect.x + 1, rect.y, "/ ", Role::Accent, 2);
        pencil.text(
            x,
            rect.y,
            &ellipsis(&app.query, room.saturating_sub(2)),
            Role::Text,
            room,
        );
    }
    None
}

/// The cells of the search line that a query has.
fn room_of_query(app: &App, rect: Rect) -> usize {
    let width = usize::from(rect.width);
    width.saturating_sub(right_of_search(app, width).width() + 3)
}

fn right_of_search(app: &App, width: usize) -> String {
    if app.query_box.as_ref().is_some_and(|query| query.in_page) {
        let lines = app.found_lines();
        let place = lines
            .iter()
            .position(|line| Some(*line) == app.found_at)
            .map_or(0, |at| at + 1);
        return format!("{place} of {} lines of the page", lines.len());
    }
    let all = thousands(app.library.len());
    let noun = if app.library.len() == 1 {
        "paper"
    } else {
        "papers"
    };
    if !app.query.is_empty() {
        let found = thousands(app.rows());
        let order = match app.order_words() {
            words if words.is_empty() || (width < 60 && app.order().is_given()) => String::new(),
            words => format!(" · {words}"),
        };
        return format!("{found} of {all}{order}{}", partly(app, width));
    }
    let progress = match &app.loading {
        Loading::Reading => format!("reading… {all}"),
        Loading::Failed(_) => return String::new(),
        Loading::Indexing if width >= 60 && app.indexed_papers > 0 => {
            format!("indexed {} of {all}", thousands(app.indexed_papers))
        }
        Loading::Indexing if width >= 60 => format!("{all} {noun} · indexing"),
        _ => match app.order_words() {
            words if words.is_empty() => format!("{all} {noun}"),
            words => format!("{all} {noun} · {words}"),
        },
    };
    let progress = match app.source.read_only {
        Some(_) if width >= 60 => format!("read only · {progress}"),
        _ => progress,
    };
    let name = ellipsis_middle(
        &app.source.name,
        width.saturating_sub(progress.width() + 30),
    );
    if width < 60 || name.width() < 4 {
        progress
    } else {
        format!("{name} · {progress}")
    }
}

/// What is not searched yet.
fn partly(app: &App, width: usize) -> String {
    if app.index.is_some() {
        return String::new();
    }
    match &app.loading {
        Loading::Reading => " read so far".to_owned(),
        Loading::Indexing if width >= 60 && app.indexed_papers > 0 => {
            let indexed = thousands(app.indexed_papers);
            format!(" · indexed {indexed} · no abstracts yet")
        }
        _ => " · indexing".to_owned(),
    }
}

/// The hint for the first time, in the hairline above the status line.
fn tour(app: &App, panes: &Panes, pencil: &mut Pencil<'_>) {
    let Some((key, what, which)) = app.hint_of_tour() else {
        return;
    };
    let body = panes.list.or(panes.tabs).or(panes.main);
    if body.is_none_or(|rect| rect.y <= panes.search.bottom()) {
        return;
    }
    let y = panes.status.y.saturating_sub(1);
    let right = usize::from(panes.status.right());
    let room = |x: u16| right.saturating_sub(usize::from(x) + 1);
    let pieces = [
        (" Welcome · ", Role::Focus),
        (key.as_str(), Role::Key),
        (" ", Role::Text),
        (what, Role::Text),
        (" · ", Role::Dim),
        (which.as_str(), Role::Dim),
        (" ", Role::Text),
    ];
    // The greeting goes first where there is no room for all, then how many hints there are; never a part of a hint.
    let shown = [&pieces[..], &pieces[1..], &pieces[1..4]]
        .into_iter()
        .find(|pieces| pieces.iter().map(|(text, _)| text.width()).sum::<usize>() <= room(1));
    let mut x = 1;
    for (text, role) in shown.unwrap_or_default() {
        x = pencil.text(x, y, text, *role, room(x));
    }
}

/// Hairlines between the parts.
fn rules(panes: &Panes, pencil: &mut Pencil<'_>) {
    let screen = Rect::new(0, 0, panes.search.width, panes.status.bottom());
    let Some(top) = panes.list.or(panes.tabs).or(panes.main).map(|rect| rect.y) else {
        return;
    };
    let framed = top > panes.search.bottom();
    if framed {
        for y in [top - 1, panes.status.y - 1] {
            pencil.text(
                0,
                y,
                &"─".repeat(usize::from(screen.width)),
                Role::Rule,
                usize::from(screen.width),
            );
        }
    }
    let mut columns = Vec::new();
    if let (Some(list), true) = (panes.list, panes.main.is_some()) {
        columns.push(list.right());
    }
    if let (Some(main), Some(details)) = (panes.main, panes.details)
        && details.x > main.x
    {
        columns.push(main.right());
    }
    if let (Some(main), Some(_)) = (panes.main, panes.picture) {
        columns.push(main.right());
    }
    for x in columns {
        for y in top..panes.status.y.saturating_sub(u16::from(framed)) {
            pencil.text(x, y, "│", Role::Rule, 1);
        }
        if framed {
            pencil.text(x, top - 1, "┬", Role::Rule, 1);
            pencil.text(x, panes.status.y - 1, "┴", Role::Rule, 1);
        }
    }
}
