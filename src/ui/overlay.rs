//! The boxes over the panes.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::boxes;
use super::style::{Draw, Pencil};
use crate::app::App;
use crate::app::doc::wrap;
use crate::app::layout::Panes;
use crate::app::mouse::Target;
use crate::app::overlay::{CopyMenu, LinkLabel, Overlay, Palette, READER_WIDTH, Reader};
use crate::app::width::ellipsis;
use crate::config::theme::Role;
use crate::core::cite::Way;

/// Draws the overlay, if there is one; the place of the cursor where text is typed.
pub(super) fn draw(
    app: &App,
    screen: Rect,
    panes: &Panes,
    pencil: &mut Pencil<'_>,
) -> Option<(u16, u16)> {
    let overlay = app.overlay.as_ref()?;
    if !matches!(overlay, Overlay::Links(_)) {
        let above = Rect {
            height: panes.status.y,
            ..screen
        };
        pencil.spot(above, Target::Outside);
    }
    match overlay {
        Overlay::Palette(palette) => Some(draw_palette(app, palette, screen, pencil)),
        Overlay::CopyMenu(menu) => draw_copy_menu(app, menu, screen, pencil),
        Overlay::Reader(reader) => {
            draw_reader(reader, screen, pencil);
            None
        }
        Overlay::Chooser(chooser) => super::chooser::draw(chooser, screen, pencil),
        Overlay::Links(labels) => {
            draw_labels(app, labels, panes, pencil);
            None
        }
        Overlay::Tags(tags) => Some(boxes::tags(app, tags, screen, pencil)),
        Overlay::Comment(comment) => Some(boxes::comment(app, comment, panes, pencil)),
    }
}

/// A rounded box of at most that size in the middle of the screen, and the area inside.
pub(super) fn boxed(
    screen: Rect,
    width: u16,
    height: u16,
    title: &str,
    pencil: &mut Pencil<'_>,
) -> Rect {
    let width = width.min(
        screen
            .width
            .saturating_sub(if screen.width > 44 { 4 } else { 0 }),
    );
    let height = height.min(
        screen
            .height
            .saturating_sub(if screen.height > 16 { 4 } else { 0 }),
    );
    let area = Rect::new(
        (screen.width - width) / 2,
        (screen.height - height) / 3,
        width,
        height,
    );
    framed(area, title, pencil)
}

/// A rounded box in that area, and the area inside.
pub(super) fn framed(area: Rect, title: &str, pencil: &mut Pencil<'_>) -> Rect {
    let Rect { width, height, .. } = area;
    pencil.clear(area);
    pencil.spot(area, Target::Overlay);
    if width < 4 || height < 3 {
        return area;
    }
    let inner = usize::from(width - 2);
    let title = ellipsis(title, inner.saturating_sub(4));
    let rule = "─".repeat(inner.saturating_sub(title.width() + 3));
    let x = pencil.text(area.x, area.y, "╭─ ", Role::Rule, 3);
    let x = pencil.text(x, area.y, &title, Role::Focus, inner);
    pencil.text(
        x,
        area.y,
        &format!(" {rule}╮"),
        Role::Rule,
        usize::from(width),
    );
    for y in area.y + 1..area.bottom() - 1 {
        pencil.text(area.x, y, "│", Role::Rule, 1);
        pencil.text(area.right() - 1, y, "│", Role::Rule, 1);
    }
    pencil.text(
        area.x,
        area.bottom() - 1,
        &format!("╰{}╯", "─".repeat(inner)),
        Role::Rule,
        usize::from(width),
    );
    Rect::new(area.x + 2, area.y + 1, width.saturating_sub(4), height - 2)
}

/// A row of a menu can be clicked.
pub(super) fn row_spot(list: Rect, y: u16, row: usize, pencil: &mut Pencil<'_>) {
    let area = Rect {
        y,
        height: 1,
        ..list
    };
    pencil.spot(area, Target::Choice(row));
}

/// Marks at the edge of a list that is longer than its box.
pub(super) fn more(list: Rect, offset: usize, rows: usize, pencil: &mut Pencil<'_>) {
    let edge = list.right();
    if offset > 0 {
        pencil.text(edge, list.y, "▴", Role::Dim, 1);
    }
    if offset + usize::from(list.height) < rows {
        pencil.text(edge, list.bottom().saturating_sub(1), "▾", Role::Dim, 1);
    }
}

fn draw_palette(app: &App, palette: &Palette, screen: Rect, pencil: &mut Pencil<'_>) -> (u16, u16) {
    let rows = palette.rows(&app.recent);
    let inner = boxed(screen, 78, screen.height.min(22), "Commands", pencil);
    let x = pencil.text(inner.x, inner.y, ": ", Role::Focus, 2);
    let x = pencil.text(
        x,
        inner.y,
        palette.line.split().0,
        Role::Text,
        usize::from(inner.width.saturating_sub(3)),
    );
    pencil.text(
        x,
        inner.y,
        palette.line.split().1,
        Role::Text,
        usize::from(inner.right().saturating_sub(x)),
    );
    let list = Rect {
        y: inner.y + 1,
        height: inner.height.saturating_sub(1),
        ..inner
    };
    let mut cursor = palette.cursor;
    cursor.fit(rows.len(), usize::from(list.height));
    if rows.is_empty() {
        pencil.text(
            list.x,
            list.y,
            "No command fits",
            Role::Dim,
            usize::from(list.width),
        );
    }
    for (at, command) in rows
        .iter()
        .enumerate()
        .skip(cursor.offset)
        .take(usize::from(list.height))
    {
        let y = list.y + (at - cursor.offset) as u16;
        row_spot(list, y, at, pencil);
        let spec = command.spec();
        let reason = (spec.enabled)(app).err();
        let keys: Vec<String> = app
            .settings
            .keymap
            .keys(*command)
            .iter()
            .map(ToString::to_string)
            .collect();
        let keys = keys.join(" ");
        let key_width = 12.min(usize::from(list.width) / 3);
        pencil.text(list.x, y, &ellipsis(&keys, key_width), Role::Key, key_width);
        let room = usize::from(list.width).saturating_sub(key_width + 1);
        let text = reason.map_or_else(
            || spec.help.to_owned(),
            |reason| format!("{} · {reason}", spec.help),
        );
        let role = if reason.is_some() {
            Role::Dim
        } else {
            Role::Text
        };
        pencil.text(
            list.x + key_width as u16 + 1,
            y,
            &ellipsis(&text, room),
            role,
            room,
        );
        if at == cursor.selected {
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
    more(list, cursor.offset, rows.len(), pencil);
    (x.min(inner.right()), inner.y)
}

/// Cells of the menu beside its preview.
const MENU_CELLS: u16 = 26;

fn draw_copy_menu(
    app: &App,
    menu: &CopyMenu,
    screen: Rect,
    pencil: &mut Pencil<'_>,
) -> Option<(u16, u16)> {
    let rows = menu.rows(&app.settings);
    let count = app.chosen_papers().len();
    let verb = if app.settings.picking { "Take" } else { "Copy" };
    let title = if count > 1 {
        format!("{verb} {count} papers as")
    } else {
        format!("{verb} as")
    };
    let wide = screen.width >= 80;
    let width = if wide { 104 } else { 44 };
    let inner = boxed(
        screen,
        width,
        Way::menu("").len() as u16 + 3,
        &title,
        pencil,
    );
    let mut list = Rect {
        width: if wide && menu.finder.is_none() {
            MENU_CELLS.min(inner.width)
        } else if wide {
            inner.width / 2
        } else {
            inner.width
        },
        ..inner
    };
    let mut place = None;
    if let Some(finder) = &menu.finder {
        let room = usize::from(list.width.saturating_sub(3));
        let x = pencil.text(list.x, list.y, "/ ", Role::Focus, 2);
        let x = pencil.text(x, list.y, finder.split().0, Role::Text, room);
        pencil.text(
            x,
            list.y,
            finder.split().1,
            Role::Text,
            usize::from(list.right().saturating_sub(x)),
        );
        place = Some((x.min(list.right()), list.y));
        list.y += 1;
        list.height = list.height.saturating_sub(1);
    }
    let mut cursor = menu.cursor;
    cursor.fit(rows.len(), usize::from(list.height));
    if rows.is_empty() {
        pencil.text(
            list.x,
            list.y,
            "No style fits",
            Role::Dim,
            usize::from(list.width),
        );
    }
    for (at, row) in rows
        .iter()
        .enumerate()
        .skip(cursor.offset)
        .take(usize::from(list.height))
    {
        let y = list.y + (at - cursor.offset) as u16;
        row_spot(list, y, at, pencil);
        let indent = if menu.finder.is_some() { 0 } else { 3 };
        let room = usize::from(list.width.saturating_sub(indent + 2));
        if indent > 0 {
            pencil.text(list.x, y, &row.letter.to_string(), Role::Key, 1);
        }
        pencil.text(
            list.x + indent,
            y,
            &ellipsis(&row.label, room),
            Role::Text,
            room,
        );
        if row.way == app.settings.default_way {
            pencil.text(list.right().saturating_sub(2), y, "y", Role::Dim, 1);
        }
        if at == cursor.selected {
            let bar = Rect {
                y,
                height: 1,
                width: list.width.saturating_sub(1),
                ..list
            };
            pencil.paint(bar, Role::Selection);
        }
    }
    if !wide {
        more(list, cursor.offset, rows.len(), pencil);
    }
    if wide {
        let preview = Rect {
            x: list.right() + 2,
            width: inner.right().saturating_sub(list.right() + 2),
            ..inner
        };
        for y in inner.top()..inner.bottom() {
            pencil.text(list.right(), y, "│", Role::Rule, 1);
        }
        draw_preview(menu, preview, pencil);
    }
    place
}

fn draw_preview(menu: &CopyMenu, area: Rect, pencil: &mut Pencil<'_>) {
    let (text, role) = match &menu.preview {
        Some(Ok(text)) => (text.as_str(), Role::Text),
        Some(Err(reason)) => (reason.as_str(), Role::Warning),
        None => return,
    };
    let width = usize::from(area.width);
    let mut y = area.y;
    for line in text.lines() {
        for range in wrap(line, width) {
            if y >= area.bottom() {
                return;
            }
            pencil.text(area.x, y, line.get(range).unwrap_or_default(), role, width);
            y += 1;
        }
    }
}

fn draw_reader(reader: &Reader, screen: Rect, pencil: &mut Pencil<'_>) {
    let lines = reader.wrapped(screen.width);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let inner = boxed(screen, READER_WIDTH, height, &reader.title, pencil);
    let width = usize::from(inner.width);
    let last = lines.len().saturating_sub(usize::from(inner.height));
    let scroll = reader.scroll.min(last);
    for (at, line) in lines
        .iter()
        .skip(scroll)
        .take(usize::from(inner.height))
        .enumerate()
    {
        let y = inner.y + at as u16;
        let mut x = inner.x;
        for (text, role) in line {
            let room = width.saturating_sub(usize::from(x - inner.x));
            x = pencil.text(x, y, &ellipsis(text, room), *role, room);
        }
    }
    if scroll < last {
        pencil.text(
            inner.right(),
            inner.bottom().saturating_sub(1),
            "▾",
            Role::Dim,
            1,
        );
    }
    if scroll > 0 {
        pencil.text(inner.right(), inner.y, "▴", Role::Dim, 1);
    }
}

fn draw_labels(app: &App, labels: &[LinkLabel], panes: &Panes, pencil: &mut Pencil<'_>) {
    for label in labels {
        let Some(rect) = panes.rect(label.pane) else {
            continue;
        };
        let view = app.page.pane(label.pane);
        let Some(link) = view.doc.links.get(label.link) else {
            continue;
        };
        let Some(line) = view.doc.lines.get(link.lines.start) else {
            continue;
        };
        let Some(y) = link.lines.start.checked_sub(view.scroll) else {
            continue;
        };
        let before: usize = line
            .spans
            .iter()
            .take_while(|span| span.link != Some(label.link))
            .map(|span| span.text.width())
            .sum();
        let (x, y) = (rect.x + 1 + before as u16, rect.y + y as u16);
        if x < rect.right() && y < rect.bottom() {
            pencil.text(x, y, &label.letter.to_string(), Role::Selection, 1);
        }
    }
}
