//! Small menus, and the box of what may follow a key that begins a sequence.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::overlay::{boxed, more, row_spot};
use super::style::{Draw, Pencil};
use crate::app::App;
use crate::app::chooser::{Chooser, Typed};
use crate::app::command::Command;
use crate::app::mouse::Target;
use crate::app::width::ellipsis;
use crate::config::keys::Chord;
use crate::config::theme::Role;

/// Cells of a menu, its frame included, where the screen has room for it.
const NARROWEST: usize = 58;
const WIDEST: usize = 110;

/// Draws a menu; the place of the cursor where text is typed.
pub(super) fn draw(chooser: &Chooser, screen: Rect, pencil: &mut Pencil<'_>) -> Option<(u16, u16)> {
    let rows = chooser.rows();
    let label_width = (chooser.choices.iter())
        .map(|choice| choice.label.width())
        .max()
        .unwrap_or(0)
        .min(30);
    let line_height = u16::from(chooser.typed.is_some());
    let height = chooser.choices.len().min(40) as u16 + line_height + 2;
    // What there is to say decides the width, as far as a line is still read at a glance.
    let details = chooser.choices.iter().map(|choice| choice.detail.width());
    let wanted = label_width + details.max().unwrap_or(0) + 11;
    let width = wanted.clamp(NARROWEST, WIDEST) as u16;
    let inner = boxed(screen, width, height, &chooser.title, pencil);
    let mut list = inner;
    let mut place = None;
    if let (Some(line), Some(typed)) = (chooser.line(), &chooser.typed) {
        let mark = if matches!(typed, Typed::Name(..) | Typed::Path(_) | Typed::Export(_)) {
            "@ "
        } else {
            "/ "
        };
        let room = usize::from(inner.width.saturating_sub(2));
        let x = pencil.text(inner.x, inner.y, mark, Role::Focus, 2);
        let x = pencil.text(x, inner.y, line.split().0, Role::Text, room);
        let rest = usize::from(inner.right().saturating_sub(x));
        pencil.text(x, inner.y, line.split().1, Role::Text, rest);
        place = Some((x.min(inner.right()), inner.y));
        list.y += 1;
        list.height = list.height.saturating_sub(1);
        if rows.is_empty() && !chooser.choices.is_empty() {
            let width = usize::from(list.width);
            pencil.text(list.x, list.y, "Nothing fits", Role::Dim, width);
        }
    }
    let mut cursor = chooser.cursor;
    cursor.fit(rows.len(), usize::from(list.height));
    let shown = rows.iter().enumerate().skip(cursor.offset);
    for (at, choice) in shown.take(usize::from(list.height)) {
        let y = list.y + (at - cursor.offset) as u16;
        row_spot(list, y, at, pencil);
        if choice.ticked {
            pencil.text(list.x, y, "✓", Role::Accent, 1);
        }
        let mut x = list.x + 2;
        let role = if choice.refused.is_some() {
            Role::Dim
        } else {
            Role::Text
        };
        if let Some(letter) = choice.letter {
            let key = if choice.refused.is_some() {
                Role::Dim
            } else {
                Role::Key
            };
            pencil.text(x, y, &letter.to_string(), key, 1);
        }
        if chooser.typed.is_none() {
            x += 3;
        }
        let mut room = usize::from(list.right().saturating_sub(x));
        let detail = choice.refused.unwrap_or(&choice.detail);
        if !detail.is_empty() {
            room = room.min(label_width);
        }
        pencil.text(x, y, &ellipsis(&choice.label, room), role, room);
        x += label_width as u16 + 2;
        let room = usize::from(list.right().saturating_sub(x));
        pencil.text(x, y, &ellipsis(detail, room), Role::Dim, room);
        if at == cursor.selected {
            let bar = Rect {
                y,
                height: 1,
                ..list
            };
            pencil.paint(bar, Role::Selection);
        }
    }
    more(list, cursor.offset, rows.len(), pencil);
    place
}

/// Cells between a key and what it does, and between columns.
const GAP: usize = 2;

/// Draws what may follow the keys pressed so far: at the bottom, above the status line, for as long as it is awaited.
pub(super) fn draw_continuations(app: &App, screen: Rect, status: Rect, pencil: &mut Pencil<'_>) {
    if app.pending.is_empty() {
        return;
    }
    let keymap = &app.settings.keymap;
    let rows: Vec<(String, &str, String, Command)> = keymap
        .continuations(app.context(), &app.pending)
        .into_iter()
        .map(|(rest, command)| {
            let spec = command.spec();
            let sentence = spec.help.split([';', ',', ':']).next().unwrap_or_default();
            let name = spec.name.trim_start_matches("go-").replace('-', " ");
            (rest.to_string(), sentence, name, command)
        })
        .collect();
    let width = usize::from(screen.width.saturating_sub(4));
    let most = usize::from(status.y.saturating_sub(3));
    let key_width = rows.iter().map(|row| row.0.width()).max().unwrap_or(0);
    // Sentences where they fit, else names.
    let layout = |text_width: usize| {
        let column = (key_width + GAP + text_width).min(width);
        let columns = ((width + GAP) / (column + GAP).max(1)).clamp(1, rows.len().max(1));
        (column, columns, rows.len().div_ceil(columns))
    };
    let sentences = layout(rows.iter().map(|row| row.1.width()).max().unwrap_or(0));
    let names = layout(rows.iter().map(|row| row.2.width()).max().unwrap_or(0));
    let with_sentences = sentences.2 <= most.min(usize::from(screen.height) / 3);
    let (column, _, lines) = if with_sentences { sentences } else { names };
    let height = lines.min(most) as u16 + 2;
    if rows.is_empty() || most == 0 || status.y < height {
        return;
    }
    let area = Rect::new(0, status.y - height, screen.width, height);
    let title = Chord(app.pending.clone()).to_string();
    let inner = super::overlay::framed(area, &title, pencil);
    for (at, (key, sentence, name, command)) in rows.iter().enumerate() {
        let x = inner.x + ((at / lines.max(1)) * (column + GAP)) as u16;
        let y = inner.y + (at % lines.max(1)) as u16;
        if y >= inner.bottom() || x >= inner.right() {
            continue;
        }
        let cells = column.min(usize::from(inner.right() - x)) as u16;
        pencil.spot(Rect::new(x, y, cells, 1), Target::Run(*command));
        pencil.text(x, y, key, Role::Key, key_width);
        let x = x + (key_width + GAP) as u16;
        let room = usize::from(inner.right().saturating_sub(x))
            .min(column - key_width - GAP.min(column - key_width));
        let text = if with_sentences {
            sentence
        } else {
            name.as_str()
        };
        pencil.text(x, y, &ellipsis(text, room), Role::Text, room);
    }
}
