//! THE TABLE: every command with its keys, contexts, hint and help.
//!
//! Keymap, footer, help, palette, `offprint keys` and the README's key table are all made from it.

mod table;

pub use table::{COMMANDS, Command};

use super::{App, Pane};
use crate::config::keys::Chord;

/// A set of places where keys mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contexts(u16);

/// One place where keys mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
pub enum Context {
    /// The list of papers.
    List = 1,
    /// A pane of the paper's page.
    Page = 2,
    /// The search box.
    Query = 4,
    /// Help and messages.
    Reader = 8,
    /// The palette: a box and a list.
    Palette = 16,
    /// The menu of citation formats.
    CopyMenu = 32,
    /// Letters on the links of the screen.
    Links = 64,
    /// The box of tags.
    Tags = 1024,
    /// The box in which a comment is written.
    Comment = 2048,
    /// A small menu: orders, filters, statuses.
    Chooser = 256,
    /// The text of an attached PDF.
    Reading = 512,
}

impl Context {
    /// All contexts.
    pub const ALL: [Context; 11] = [
        Context::List,
        Context::Page,
        Context::Query,
        Context::Reader,
        Context::Palette,
        Context::CopyMenu,
        Context::Links,
        Context::Tags,
        Context::Comment,
        Context::Chooser,
        Context::Reading,
    ];

    /// The word for it in help and in `offprint keys`.
    pub fn name(self) -> &'static str {
        match self {
            Context::List => "list",
            Context::Page => "page",
            Context::Query => "search box",
            Context::Reader => "help, messages",
            Context::Palette => "palette",
            Context::CopyMenu => "copy menu",
            Context::Links => "link labels",
            Context::Tags => "tags",
            Context::Comment => "comment",
            Context::Chooser => "menu",
            Context::Reading => "PDF",
        }
    }
}

impl Contexts {
    /// Whether the context is one of them.
    pub fn contains(self, context: Context) -> bool {
        self.0 & context as u16 != 0
    }

    /// The contexts in order.
    pub fn iter(self) -> impl Iterator<Item = Context> {
        Context::ALL
            .into_iter()
            .filter(move |context| self.contains(*context))
    }
}

/// The part of help under which a command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Moving about.
    Move,
    /// Finding papers.
    Find,
    /// Reading a page.
    Read,
    /// Noting: status, stars, ratings, the queue.
    Note,
    /// Copying and citing.
    Copy,
    /// The program itself.
    Program,
}

impl Group {
    /// All groups in the order of help.
    pub const ALL: [Group; 6] = [
        Group::Find,
        Group::Copy,
        Group::Note,
        Group::Read,
        Group::Move,
        Group::Program,
    ];

    /// The heading.
    pub fn name(self) -> &'static str {
        match self {
            Group::Move => "Move",
            Group::Find => "Find",
            Group::Read => "Read",
            Group::Note => "Note",
            Group::Copy => "Copy and cite",
            Group::Program => "Program",
        }
    }
}

/// Everything that is known of a command.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The command.
    pub command: Command,
    /// Its name in the configuration and the palette.
    pub name: &'static str,
    /// Default keys.
    pub keys: &'static [&'static str],
    /// Where they work.
    pub contexts: Contexts,
    /// The part of help.
    pub group: Group,
    /// A word for the footer and its rank; 1 is shown first.
    pub hint: Option<(&'static str, u8)>,
    /// One sentence.
    pub help: &'static str,
    /// Whether it can run now, or why not.
    pub enabled: fn(&App) -> Result<(), &'static str>,
}

impl Spec {
    /// The default keys, parsed.
    pub fn chords(&self) -> Vec<Chord> {
        self.keys
            .iter()
            .filter_map(|keys| keys.parse().ok())
            .collect()
    }
}

impl Command {
    /// The command of that name.
    pub fn named(name: &str) -> Option<Command> {
        COMMANDS
            .iter()
            .find(|spec| spec.name == name)
            .map(|spec| spec.command)
    }
}

/// The context in which the keys of a pane are looked up.
pub fn context_of(pane: Pane) -> Context {
    if pane == Pane::List {
        Context::List
    } else {
        Context::Page
    }
}

#[cfg(test)]
mod tests;
