//! What stands over the panes: palette, copy menu, help, messages, link labels.

use super::chooser::Chooser;
use super::command::{COMMANDS, Command, Context, Group};
use super::comment_box::CommentBox;
use super::doc::wrap;
use super::line_edit::LineEdit;
use super::list::ListCursor;
use super::tag_box::TagBox;
use super::{App, Pane, Settings};
use crate::config::theme::Role;
use crate::core::cite::{MenuRow, StyleName, Way};
use crate::core::index::fuzzy_score;
use crate::core::page::{summed_up, thousands};
use crate::core::text::scrub;
use unicode_width::UnicodeWidthStr;

/// The thing that stands over the panes and gets the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    /// Commands by name.
    Palette(Palette),
    /// What can be copied.
    CopyMenu(CopyMenu),
    /// Text to read: help, messages.
    Reader(Reader),
    /// Letters on links.
    Links(Vec<LinkLabel>),
    /// Tags to put on and take off.
    Tags(TagBox),
    /// A comment being written.
    Comment(CommentBox),
    /// A small menu.
    Chooser(Chooser),
}

impl Overlay {
    /// The context in which its keys are looked up.
    pub fn context(&self) -> Context {
        match self {
            Overlay::Palette(_) => Context::Palette,
            Overlay::CopyMenu(menu) if menu.finder.is_some() => Context::Palette,
            Overlay::CopyMenu(_) => Context::CopyMenu,
            Overlay::Reader(_) => Context::Reader,
            Overlay::Links(_) => Context::Links,
            Overlay::Tags(_) => Context::Tags,
            Overlay::Comment(_) => Context::Comment,
            Overlay::Chooser(chooser) if chooser.typed.is_some() => Context::Palette,
            Overlay::Chooser(_) => Context::Chooser,
        }
    }
}

/// A letter on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkLabel {
    /// The letter to press.
    pub letter: char,
    /// The pane of the link.
    pub pane: Pane,
    /// Its number in the pane's doc.
    pub link: usize,
}

/// Letters for links, easiest first.
pub const LINK_LETTERS: &str = "asdfghjklqwertyuiopzxcvbnmASDFGHJKLQWERTYUIOPZXCVBNM";

/// The palette: typed text and the commands that fit it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Palette {
    /// What is typed.
    pub line: LineEdit,
    /// The marked row.
    pub cursor: ListCursor,
}

impl Palette {
    /// The commands that fit, best first; when nothing is typed all of them: those run last, then the others in the
    /// order of help.
    pub fn rows(&self, recent: &[Command]) -> Vec<Command> {
        let listed = COMMANDS.iter().filter(|spec| {
            // What only moves in an overlay has no meaning when run from the palette.
            spec.contexts.contains(Context::List) || spec.contexts.contains(Context::Page)
        });
        let wanted = self.line.text().trim();
        if wanted.is_empty() {
            let others = listed
                .map(|spec| spec.command)
                .filter(|command| !recent.contains(command));
            return recent.iter().copied().chain(others).collect();
        }
        let mut scored: Vec<(i64, Command)> = listed
            .filter_map(|spec| {
                let name = fuzzy_score(wanted, spec.name).map(|(score, _)| score * 2);
                let help = fuzzy_score(wanted, spec.help).map(|(score, _)| score);
                Some((name.max(help)?, spec.command))
            })
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, command)| command).collect()
    }
}

/// The menu of what can be copied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopyMenu {
    /// The marked row.
    pub cursor: ListCursor,
    /// What is typed to find a style; the menu has letters while there is none.
    pub finder: Option<LineEdit>,
    /// The papers as the marked row writes them, or why it cannot.
    pub preview: Option<Result<String, String>>,
    /// The preview that is awaited.
    pub awaited: Option<u64>,
}

/// At most so many styles are listed; more are found by typing more.
const STYLES_LISTED: usize = 50;

impl CopyMenu {
    /// The rows: the menu, or the styles that fit what is typed.
    pub fn rows(&self, settings: &Settings) -> Vec<MenuRow> {
        let Some(finder) = &self.finder else {
            return Way::menu(&settings.default_style());
        };
        let wanted = finder.text().trim();
        let mut found: Vec<(i64, &StyleName)> = settings
            .styles
            .iter()
            .filter_map(|style| {
                if wanted.is_empty() {
                    return Some((0, style));
                }
                let id = fuzzy_score(wanted, &style.id);
                let title = fuzzy_score(wanted, &style.title);
                id.max(title).map(|(score, _)| (score, style))
            })
            .collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found
            .into_iter()
            .take(STYLES_LISTED)
            .map(|(_, style)| MenuRow {
                letter: ' ',
                label: style.title.clone().into(),
                way: Way::Style(style.id.clone().into()),
            })
            .collect()
    }
}

/// Lines to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reader {
    /// What it is.
    pub title: String,
    /// The lines: text by role.
    pub lines: Vec<Vec<(String, Role)>>,
    /// The first line drawn.
    pub scroll: usize,
}

/// Columns of the box of help and messages, where the terminal has as many.
pub const READER_WIDTH: u16 = 96;

impl Reader {
    /// The furthest that one may scroll in a terminal of this size: the last line is then the last in the box.
    pub fn last_scroll(&self, (columns, rows): (u16, u16)) -> usize {
        let frame = if rows > 16 { 6 } else { 2 };
        let shown = usize::from(rows.saturating_sub(frame));
        self.wrapped(columns).len().saturating_sub(shown)
    }

    /// The lines as they are drawn in a terminal of so many columns: a long one goes on below, under the text that
    /// follows its first part.
    pub fn wrapped(&self, columns: u16) -> Vec<Vec<(String, Role)>> {
        let frame = if columns > 44 { 8 } else { 4 };
        let width = usize::from(
            READER_WIDTH
                .saturating_sub(4)
                .min(columns.saturating_sub(frame)),
        );
        let mut out = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let fits = line.iter().map(|(text, _)| text.width()).sum::<usize>() <= width;
            let (Some((last, role)), false) = (line.last(), fits) else {
                out.push(line.clone());
                continue;
            };
            let before = line.get(..line.len() - 1).unwrap_or_default();
            let indent = before.iter().map(|(text, _)| text.width()).sum::<usize>();
            // Where little room is left beside the first part, the rest begins a line of its own.
            let beside = indent == 0 || indent * 2 <= width;
            if !beside {
                out.push(before.to_vec());
            }
            let indent = if beside { indent } else { 2.min(width / 2) };
            for (at, range) in wrap(last, width.saturating_sub(indent).max(1))
                .into_iter()
                .enumerate()
            {
                let text = last.get(range).unwrap_or_default().to_owned();
                let mut pieces = if at == 0 && beside {
                    before.to_vec()
                } else {
                    vec![(" ".repeat(indent), Role::Text)]
                };
                pieces.push((text, *role));
                out.push(pieces);
            }
        }
        out
    }
}

/// Help: every command with the keys it has now, by group; those without a key as well.
pub fn help(settings: &Settings) -> Reader {
    let keymap = &settings.keymap;
    let mut lines = Vec::new();
    for group in Group::ALL {
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        lines.push(vec![(group.name().to_owned(), Role::Focus)]);
        for spec in COMMANDS.iter().filter(|spec| spec.group == group) {
            let keys: Vec<String> = keymap
                .keys(spec.command)
                .iter()
                .map(ToString::to_string)
                .collect();
            let keys = if keys.is_empty() {
                "unbound".to_owned()
            } else {
                keys.join(" ")
            };
            lines.push(vec![
                (format!("{keys:<14} "), Role::Key),
                (spec.help.to_owned(), Role::Text),
            ]);
        }
    }
    lines.push(Vec::new());
    lines.push(vec![("In the copy menu".to_owned(), Role::Focus)]);
    for row in Way::menu(&settings.default_style()) {
        lines.push(vec![
            (format!("{:<14} ", row.letter), Role::Key),
            (row.label.into_owned(), Role::Text),
        ]);
    }
    Reader {
        title: "Help".to_owned(),
        lines,
        scroll: 0,
    }
}

/// Notes whose paper is not in the library, by the id it had.
pub fn orphans(app: &App) -> Reader {
    let mut lines: Vec<Vec<(String, Role)>> = Vec::new();
    let state = app.notes.state();
    for (id, noted) in state.orphans() {
        lines.push(vec![(scrub(id, false), Role::Title)]);
        let identifiers = state.identifiers_of(id).join(", ");
        if !identifiers.is_empty() {
            lines.push(vec![(
                format!("  {}", scrub(&identifiers, false)),
                Role::Dim,
            )]);
        }
        lines.push(vec![(format!("  {}", summed_up(&noted)), Role::Text)]);
        for comment in &noted.comments {
            for line in scrub(&comment.text, true).lines() {
                lines.push(vec![(format!("  │ {line}"), Role::Text)]);
            }
        }
    }
    if lines.is_empty() {
        let text = "All notes belong to papers of this library".to_owned();
        lines.push(vec![(text, Role::Dim)]);
    }
    Reader {
        title: "Notes without a paper".to_owned(),
        lines,
        scroll: 0,
    }
}

/// The messages so far, newest first, with the problems of the library.
pub fn messages(app: &App) -> Reader {
    let mut lines: Vec<Vec<(String, Role)>> = Vec::new();
    for message in app.messages.iter().rev() {
        for (at, line) in message.text.lines().enumerate() {
            let mark = if at == 0 { "· " } else { "  " };
            lines.push(vec![
                (mark.to_owned(), Role::Dim),
                (line.to_owned(), super::role_of(message.level)),
            ]);
        }
    }
    if app.problems.total() > 0 {
        lines.push(vec![(
            format!("Problems in {}", app.source.name),
            Role::Focus,
        )]);
        for problem in app.problems.list() {
            lines.push(vec![
                (
                    format!("{}:{}:{} ", app.source.name, problem.line, problem.column),
                    Role::Dim,
                ),
                (format!("{}; {}", problem.what, problem.hint), Role::Text),
            ]);
        }
        if app.problems.total() > app.problems.list().len() {
            let more = app.problems.total() - app.problems.list().len();
            lines.push(vec![(format!("and {} more", thousands(more)), Role::Dim)]);
        }
    }
    if lines.is_empty() {
        lines.push(vec![("Nothing has happened yet".to_owned(), Role::Dim)]);
    }
    Reader {
        title: "Messages".to_owned(),
        lines,
        scroll: 0,
    }
}
