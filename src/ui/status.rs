//! The status line: where one is, what the keys do or what has just happened, and the place in the list.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::query_line;
use super::style::{Draw, Pencil};
use crate::app::chooser::Typed;
use crate::app::command::{COMMANDS, Command, Context};
use crate::app::mouse::Target;
use crate::app::note_commands::Saving;
use crate::app::overlay::Overlay;
use crate::app::width::ellipsis;
use crate::app::{App, Pane, role_of};
use crate::config::keys::Chord;
use crate::config::theme::Role;
use crate::core::page::thousands;

/// Cells for the word that says where one is.
const MODE_CELLS: usize = 12;

/// Draws the status line.
pub(super) fn draw(app: &App, rect: Rect, pencil: &mut Pencil<'_>) {
    let mut words = match (&app.saving, &app.library_trouble) {
        (Saving::Failed(..), _) | (_, None) => app.saving_words(),
        (_, Some(trouble)) => trouble.clone(),
    };
    if let (Some(fetching), Saving::Nothing | Saving::Saved, None) =
        (&app.fetching, &app.saving, &app.library_trouble)
    {
        words = fetching.words();
    }
    let mut place = place(app);
    // What is told about a key press is worth more than the place, for the moment that it stands.
    if let Some(toast) = &app.toast {
        let first = toast.message.text.lines().next().unwrap_or_default();
        let room = usize::from(rect.width).saturating_sub(mode(app).width() + first.width() + 5);
        if words.width() + 3 + place.width() > room {
            place.clear();
        }
        if words.width() > room && app.saving == Saving::Saved {
            words.clear();
        }
    }
    // A reason may be long; the place in the list goes before it does.
    let right = match (words.as_str(), place.as_str()) {
        ("", place) => place.to_owned(),
        (words, "") => words.to_owned(),
        (words, place) => format!("{words} · {place}"),
    };
    let right = ellipsis(&right, usize::from(rect.width) * 3 / 5);
    let role = match (&app.saving, &app.library_trouble) {
        (Saving::Failed(..), _) | (_, Some(_)) => Role::Error,
        _ => Role::Dim,
    };
    let right_width = right.width();
    let right_x = rect.right().saturating_sub(right_width as u16 + 1);
    pencil.text(right_x, rect.y, &right, role, right_width);
    let mut x = rect.x + 1;
    if rect.width >= 60 {
        x = pencil.text(x, rect.y, mode(app), Role::Focus, MODE_CELLS) + 2;
    }
    let room = usize::from(right_x.saturating_sub(x + 1));
    if let Some(toast) = &app.toast {
        let first = toast.message.text.lines().next().unwrap_or_default();
        pencil.text(
            x,
            rect.y,
            &ellipsis(whole_parts(first, room), room),
            role_of(toast.message.level),
            room,
        );
        if toast.is_undoable {
            undo_hint(app, (x, rect.y), first.width(), room, pencil);
        }
        return;
    }
    if let Some((said, role)) = query_line::in_status(app, &app.panes()) {
        let said = whole_parts(&said, room);
        pencil.text(x, rect.y, &ellipsis(said, room), role, room);
        return;
    }
    if !app.pending.is_empty() || app.count.is_some() {
        let typed = format!(
            "{}{}… ",
            app.count.map(|count| count.to_string()).unwrap_or_default(),
            if app.pending.is_empty() {
                String::new()
            } else {
                Chord(app.pending.clone()).to_string()
            }
        );
        x = pencil.text(x, rect.y, &typed, Role::Key, room);
    }
    if !app.pending.is_empty() {
        // What may follow stands in its box.
        if usize::from(right_x.saturating_sub(x + 1)) < "Esc cancel".len() {
            return;
        }
        let x = pencil.text(x, rect.y, "Esc", Role::Key, 3) + 1;
        pencil.text(x, rect.y, "cancel", Role::Dim, 6);
        return;
    }
    let room = usize::from(right_x.saturating_sub(x + 1));
    hints(app, x, rect.y, room, pencil);
}

/// The key that takes back what a message tells of, after it, where there is room for all of that.
fn undo_hint(app: &App, (x, y): (u16, u16), message: usize, room: usize, pencil: &mut Pencil<'_>) {
    let keys = app.settings.keymap.keys_of(Command::Undo, app.context());
    let Some(key) = keys.first().map(ToString::to_string) else {
        return;
    };
    if message + key.width() + " ·  undo".width() > room {
        return;
    }
    let at = pencil.text(x + message as u16, y, " · ", Role::Dim, 3);
    let end = pencil.text(at, y, &key, Role::Key, key.width());
    let end = pencil.text(end + 1, y, "undo", Role::Dim, 4);
    let area = Rect::new(at, y, end.saturating_sub(at), 1);
    pencil.spot(area, Target::Run(Command::Undo));
}

/// A message without its last parts where it is too long for the line; the parts are set off by dots.
pub(super) fn whole_parts(message: &str, room: usize) -> &str {
    let mut shown = message;
    while shown.width() > room {
        match shown.rsplit_once(" · ") {
            Some((before, _)) => shown = before,
            None => return message,
        }
    }
    shown
}

fn mode(app: &App) -> &'static str {
    match app.context() {
        Context::List if app.range_from.is_some() => "range",
        Context::List if app.settings.picking => "pick",
        Context::List if app.shows_for_you() => "for you",
        Context::List => "list",
        Context::Page => match app.focus {
            Pane::Details => "details",
            Pane::Similar => "similar",
            _ => "page",
        },
        Context::Query => "search",
        Context::Reader => "reading",
        Context::Reading => "PDF",
        Context::Palette if app.overlay.is_none() => "search",
        Context::Palette if matches!(app.overlay, Some(Overlay::CopyMenu(_))) => "any style",
        Context::Palette if matches!(app.overlay, Some(Overlay::Chooser(_))) => "choose",
        Context::Chooser => "choose",
        Context::Palette => "commands",
        Context::CopyMenu => "copy as",
        Context::Links => "follow",
        Context::Tags => "tags",
        Context::Comment => match &app.overlay {
            Some(Overlay::Comment(written)) if written.key.is_fields() => "fields",
            Some(Overlay::Comment(written)) if written.key.is_names() => "add",
            _ => "comment",
        },
    }
}

fn place(app: &App) -> String {
    let rows = app.rows();
    if rows == 0 {
        return String::new();
    }
    let chosen = if app.range_from.is_some() {
        app.chosen_papers().len()
    } else {
        app.marked.len()
    };
    let selected = if chosen > 0 {
        format!("{} selected · ", thousands(chosen))
    } else {
        String::new()
    };
    format!(
        "{selected}{}/{}",
        thousands(app.cursor.selected + 1),
        thousands(rows)
    )
}

/// What the next key may be: whole hints only, the most useful first.
fn hints(app: &App, x: u16, y: u16, room: usize, pencil: &mut Pencil<'_>) {
    let context = app.context();
    let keymap = &app.settings.keymap;
    let mut ranked: Vec<_> = COMMANDS
        .iter()
        .filter(|spec| spec.contexts.contains(context))
        .filter(|spec| spec.command != Command::Close || context != Context::List || can_close(app))
        .filter(|spec| {
            let is_of_comments = matches!(spec.command, Command::Edit | Command::Delete);
            !is_of_comments || app.comment_at_cursor().is_some()
        })
        .filter(|spec| (spec.enabled)(app).is_ok())
        .filter_map(|spec| Some((spec.hint?, spec.command)))
        .collect();
    ranked.sort_by_key(|((_, rank), _)| *rank);
    let mut rows: Vec<(String, String, Command)> = ranked
        .into_iter()
        .filter(|(_, command)| *command != Command::NextResult || !is_naming(app))
        .filter_map(|((label, _), command)| {
            let label = if let Some(label) = label_in_box(app, command) {
                label
            } else if matches!(command, Command::Accept | Command::Open)
                && app.overlay.is_none()
                && app.likeness_instead().is_some()
            {
                "papers like it"
            } else if app.settings.picking {
                picking_label(command, label)
            } else {
                label
            };
            Some((
                keymap.keys_of(command, context).first()?.to_string(),
                label.to_owned(),
                command,
            ))
        })
        .collect();
    if context == Context::List && app.shows_queue() {
        let keys = [Command::ScrollDown, Command::ScrollUp]
            .iter()
            .filter_map(|command| Some(keymap.keys_of(*command, context).first()?.to_string()));
        let keys = keys.collect::<Vec<_>>().join(" ");
        rows.insert(0, (keys, "move".to_owned(), Command::ScrollDown));
    }
    let mut at = x;
    let end = usize::from(x) + room;
    for (number, (key, label, command)) in rows.iter().enumerate() {
        let gap = if number == 0 { 0 } else { 3 };
        if usize::from(at) + gap + key.width() + 1 + label.width() > end {
            // A later, shorter hint must not stand in the place of a more useful one, but help always fits in.
            continue;
        }
        if number > 0 {
            at = pencil.text(at, y, " · ", Role::Dim, 3);
        }
        let from = at;
        at = pencil.text(at, y, key, Role::Key, key.width());
        at = pencil.text(at + 1, y, label, Role::Dim, label.width());
        pencil.spot(
            Rect::new(from, y, at.saturating_sub(from), 1),
            Target::Run(*command),
        );
    }
}

fn is_naming(app: &App) -> bool {
    matches!(&app.overlay, Some(Overlay::Chooser(chooser)) if matches!(chooser.typed, Some(Typed::Name(..) | Typed::Path(_) | Typed::Export(_))))
}

/// The word for Enter, or for the key that saves, in what stands over the panes.
fn label_in_box(app: &App, command: Command) -> Option<&'static str> {
    let overlay = app.overlay.as_ref()?;
    if let (Command::CommentSave, Overlay::Comment(written)) = (command, overlay) {
        return written.key.is_names().then_some("ask");
    }
    if command != Command::Accept {
        return None;
    }
    Some(match overlay {
        Overlay::Palette(_) => "run",
        Overlay::CopyMenu(_) => "copy",
        Overlay::Chooser(chooser) => match chooser.typed {
            Some(Typed::Name(..)) => "save",
            Some(Typed::Path(_)) => "read",
            Some(Typed::Export(_)) => "export",
            _ => "choose",
        },
        _ => return None,
    })
}

/// The word for a command while papers are chosen for another program.
fn picking_label(command: Command, label: &'static str) -> &'static str {
    match command {
        Command::Open => "print and quit",
        Command::Copy => "print",
        Command::CopyAs => "print as",
        Command::Quit => "cancel",
        _ => label,
    }
}

fn can_close(app: &App) -> bool {
    !app.query.is_empty() || !app.marked.is_empty() || app.range_from.is_some() || app.zen
}
