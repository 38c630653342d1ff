//! The list of papers: only the rows in the window are looked at.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::style::{Draw, Pencil};
use crate::app::command::{Command, Context};
use crate::app::mouse::Target;
use crate::app::width::ellipsis;
use crate::app::{App, Loading, Pane};
use crate::config::theme::Role;
use crate::core::index::highlight;
use crate::core::journal::Status;
use crate::core::page::short_authors;
use crate::core::paper::PaperNo;
use crate::core::query::Query;
use crate::core::text::scrub;

/// What stands before the title of a retracted paper.
const RETRACTED: &str = "RETRACTED";
/// Cells before the title: the bar, the mark and a blank.
const MARGIN: u16 = 3;
/// A title keeps at least this many cells; the year goes first.
const TITLE_CELLS: usize = 20;

/// Draws the list into its rectangle.
pub(super) fn draw(app: &App, rect: Rect, row_height: u16, pencil: &mut Pencil<'_>) {
    let rows = app.rows();
    if rows == 0 {
        empty(app, rect, pencil);
        return;
    }
    let query = (!app.query.is_empty()).then(|| app.parsed_query());
    let shown = usize::from(rect.height / row_height.max(1));
    for at in 0..shown {
        let row = app.cursor.offset + at;
        let Some(paper) = app.paper_at(row) else {
            break;
        };
        let y = rect.y + at as u16 * row_height;
        let area = Rect {
            y,
            height: row_height.min(rect.bottom() - y),
            ..rect
        };
        pencil.spot(area, Target::Row(row));
        draw_row(app, row, paper, area, query.as_ref(), pencil);
    }
}

fn draw_row(
    app: &App,
    row: usize,
    paper: PaperNo,
    area: Rect,
    query: Option<&Query>,
    pencil: &mut Pencil<'_>,
) {
    let library = &app.library;
    let selected = row == app.cursor.selected;
    let focused = app.focus == Pane::List;
    let marked = app.is_marked(row, paper);
    let text_x = area.x + MARGIN;
    let width = usize::from(area.width.saturating_sub(MARGIN + 1));
    let year = library
        .year(paper)
        .map(|year| year.to_string())
        .unwrap_or_default();
    let show_year = width >= TITLE_CELLS + 6;
    let title = library.title(paper);
    let title = if title.is_empty() { "Untitled" } else { title };
    let is_retracted = app.retracted.contains(&paper);
    let title = if is_retracted {
        format!("{RETRACTED} {title}")
    } else {
        title.to_owned()
    };
    let two_lines = area.height >= 2;
    let title_width = if two_lines || !show_year {
        width
    } else {
        width.saturating_sub(5)
    };
    let shown = ellipsis(&title, title_width);
    let role = if selected && !focused {
        Role::SelectionElsewhere
    } else {
        Role::Text
    };
    pencil.text(text_x, area.y, &shown, role, title_width);
    if is_retracted {
        let word = shown.width().min(RETRACTED.len()) as u16;
        pencil.paint(Rect::new(text_x, area.y, word, 1), Role::Error);
    }
    if let Some(query) = query {
        highlight_in(query, &shown, text_x, area.y, pencil);
    }
    let right = area.right().saturating_sub(1 + year.width() as u16);
    if two_lines {
        let authors = short_authors(
            library.authors(paper).map(|author| author.short),
            library.authors_truncated(paper),
        );
        let venue = library.venue(paper);
        let below = [authors.as_str(), venue]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        let room = if show_year {
            width.saturating_sub(5)
        } else {
            width
        };
        let below = ellipsis(&below, room);
        let end = pencil.text(text_x, area.y + 1, &below, Role::Dim, room);
        let left = room.saturating_sub(below.width());
        tags(app, paper, (end, area.y + 1), left, pencil);
        if let Some(query) = query {
            highlight_in(query, &below, text_x, area.y + 1, pencil);
        }
        if show_year {
            pencil.text(right, area.y + 1, &year, Role::Dim, 5);
        }
    } else if show_year {
        pencil.text(right, area.y, &year, Role::Dim, 5);
    }
    if app.is_gone(paper) {
        let words = Rect {
            x: text_x,
            width: area.width.saturating_sub(MARGIN),
            ..area
        };
        pencil.paint(words, Role::Dim);
    }
    if selected && focused {
        pencil.paint(
            Rect {
                x: area.x + 1,
                width: area.width.saturating_sub(1),
                ..area
            },
            Role::Selection,
        );
    }
    if selected {
        for y in area.top()..area.bottom() {
            pencil.text(
                area.x,
                y,
                "▌",
                if focused { Role::Focus } else { Role::Dim },
                1,
            );
        }
    }
    let noted = app.notes.state().summary(library.id(paper));
    let mark = match noted.status {
        _ if noted.starred => "★",
        Status::Unread => "●",
        Status::Reading => "◐",
        _ => "",
    };
    if app.notes_missing.is_none() {
        pencil.text(area.x + 1, area.y, mark, Role::Accent, 1);
    }
    if marked {
        pencil.text(area.x + 1, area.y, "+", Role::Marked, 1);
    } else if app.hits.as_ref().is_some_and(|hits| hits.is_typo(paper)) {
        pencil.text(area.x + 1, area.y, "~", Role::Dim, 1);
    }
}

/// The tags of a paper at the end of its row: all of them, or none where they do not fit.
fn tags(app: &App, paper: PaperNo, (x, y): (u16, u16), room: usize, pencil: &mut Pencil<'_>) {
    let state = app.notes.state();
    let id = app.library.id(paper);
    if state.summary(id).tags == 0 || app.notes_missing.is_some() {
        return;
    }
    let mut shown = String::new();
    for tag in state.tags_of(id) {
        shown.push_str(" #");
        shown.push_str(&scrub(tag, false));
        if shown.width() + 1 > room {
            return;
        }
    }
    let x = pencil.text(x, y, " ", Role::Dim, 1);
    pencil.text(x, y, &shown, Role::Tag, room);
}

/// Gives the letters of a drawn text that match the query their look.
pub(super) fn highlight_in(query: &Query, text: &str, x: u16, y: u16, pencil: &mut Pencil<'_>) {
    for range in highlight(query, text) {
        let before = text.get(..range.start).map_or(0, UnicodeWidthStr::width);
        let width = text.get(range).map_or(0, UnicodeWidthStr::width);
        pencil.paint(
            Rect::new(x + before as u16, y, width as u16, 1),
            Role::Match,
        );
    }
}

/// The key of a command in the list.
fn key(app: &App, command: Command) -> String {
    let keys = app.settings.keymap.keys_of(command, Context::List);
    keys.first()
        .map_or_else(|| command.spec().name.to_owned(), ToString::to_string)
}

/// Why nothing is listed, and what to do.
fn why_nothing(app: &App) -> Option<(String, Vec<String>)> {
    let reason = app.hits.as_ref()?.why_nothing()?;
    let (head, rest) = reason.split_once([':', ';']).unwrap_or((reason, ""));
    let mut notes = vec![rest.trim().to_owned()];
    if app.shows_for_you() && !rest.is_empty() {
        notes = vec![format!(
            "Star papers with {}, or say with {} that you are reading them: {} then lists unread ones like them",
            key(app, Command::Star),
            key(app, Command::Status),
            key(app, Command::ForYou)
        )];
    }
    notes.push(format!("{} shows all papers", key(app, Command::Close)));
    notes.retain(|note| !note.is_empty());
    Some((head.to_owned(), notes))
}

fn empty(app: &App, rect: Rect, pencil: &mut Pencil<'_>) {
    let width = usize::from(rect.width.saturating_sub(MARGIN + 1));
    let (head, notes): (String, Vec<String>) = match &app.loading {
        Loading::Failed(reason) => (
            "The library could not be read".to_owned(),
            vec![reason.clone()],
        ),
        Loading::Reading => (format!("Reading {}…", app.source.name), Vec::new()),
        _ if why_nothing(app).is_some() => why_nothing(app).unwrap_or_default(),
        _ if app.likeness_instead().is_some() => (
            format!("No paper matches “{}”", app.query),
            vec![
                format!("{} shows papers like this text", key(app, Command::Open)),
                format!("{} shows all papers", key(app, Command::Close)),
            ],
        ),
        _ if app.parsed_query().asks_likeness() => (
            format!("No paper fits {}", app.parsed_query().explanation()),
            vec!["Esc shows all papers".to_owned()],
        ),
        _ if !app.query.is_empty() => (
            format!("No paper matches “{}”", app.query),
            vec!["Esc shows all papers".to_owned()],
        ),
        _ => (
            "No papers yet".to_owned(),
            vec![
                "This library is empty. Open another with".to_owned(),
                "offprint FILE".to_owned(),
            ],
        ),
    };
    let mut y = rect.y + (rect.height / 4).min(rect.height.saturating_sub(1));
    let line = |text: &str, role: Role, y: &mut u16, pencil: &mut Pencil<'_>| {
        for range in crate::app::doc::wrap(text, width) {
            if *y >= rect.bottom() {
                return;
            }
            pencil.text(
                rect.x + MARGIN,
                *y,
                text.get(range).unwrap_or_default(),
                role,
                width,
            );
            *y += 1;
        }
    };
    line(&head, Role::Title, &mut y, pencil);
    for note in &notes {
        line(note, Role::Dim, &mut y, pencil);
    }
}
