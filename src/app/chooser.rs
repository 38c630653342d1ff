//! A small menu over the list: rows with a letter each, which runs the row at once; or rows that are found by typing;
//! or a box for a name.

use super::command::Command;
use super::incoming::{Asked, Attaching, Named};
use super::libraries::Shelf;
use super::line_edit::LineEdit;
use super::list::ListCursor;
use super::overlay::Overlay;
use super::reviewing::ReviewPick;
use super::writing::Wanted;
use super::{App, Effect, Level};
use crate::config::keys::Key;
use crate::config::theme::Theme;
use crate::core::cite::Way;
use crate::core::findings::Scope;
use crate::core::identify::Identifier;
use crate::core::index::fuzzy_score;
use crate::core::journal::Status;
use crate::core::order::SortKey;

/// What a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Sorts the list.
    Sort(SortKey),
    /// Sets the status of the chosen papers.
    Status(Status),
    /// Puts words into the query, or takes them out.
    Toggle(String),
    /// Takes every filter out of the query.
    ClearFilters,
    /// Lists the tags.
    Tags,
    /// Puts a search of before into the box.
    Searched(String),
    /// Shows the papers of a saved search.
    Saved(String),
    /// Asks for a name for the search.
    SaveSearch,
    /// Lists the saved searches to rename one.
    RenameSearch,
    /// Asks for a new name for one.
    RenameThis(String),
    /// Lists the saved searches to delete one.
    DeleteSearch,
    /// Deletes one.
    DeleteThis(String),
    /// Says that the library may be written, and writes it.
    Own(Box<Wanted>),
    /// Writes the library.
    Write(Box<Wanted>),
    /// Attaches files to papers that are here.
    Attach(Box<Attaching>),
    /// Does something with what a service says otherwise.
    Review(ReviewPick),
    /// Asks the services for a paper.
    Ask(Identifier),
    /// Goes on with the fields of the paper.
    Fields,
    /// Runs a command of the table.
    Run(Command),
    /// Asks the model about this of the paper; whether the reader has agreed to it.
    AskModel(Scope, bool),
    /// Copies the chosen papers.
    Copy(Way),
    /// Opens a web address.
    Address(String),
    /// Runs a program of the reader's: its name in the menu, and its words.
    Program(String, Vec<String>),
    /// Shows another library.
    Library(Shelf),
    /// Takes this look.
    Theme(Box<Theme>),
    /// Exports into this file, which is there already.
    Replace(String),
    /// Nothing: the menu closes.
    Nothing,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The letter that runs it.
    pub letter: Option<char>,
    /// What it is called.
    pub label: String,
    /// What there is to say about it.
    pub detail: String,
    /// It is in force now.
    pub ticked: bool,
    /// Why it cannot be chosen now.
    pub refused: Option<&'static str>,
    /// What it does.
    pub pick: Pick,
}

impl Choice {
    /// A row that can be chosen.
    pub fn new(letter: Option<char>, label: impl Into<String>, pick: Pick) -> Choice {
        Choice {
            letter,
            label: label.into(),
            detail: String::new(),
            ticked: false,
            refused: None,
            pick,
        }
    }

    /// With something to say about it.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Choice {
        let detail = detail.into();
        Choice { detail, ..self }
    }

    /// In force or not.
    #[must_use]
    pub fn ticked(self, ticked: bool) -> Choice {
        Choice { ticked, ..self }
    }

    /// Not to be chosen while the condition does not hold.
    #[must_use]
    pub fn unless(self, condition: bool, reason: &'static str) -> Choice {
        let refused = self.refused.or((!condition).then_some(reason));
        Choice { refused, ..self }
    }
}

/// What is typed into a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// The rows are found by it.
    Find(LineEdit),
    /// The name for a search; of one that is saved already, its name so far.
    Name(LineEdit, Option<String>),
    /// The path of a file.
    Path(LineEdit),
    /// The path of a file to export to.
    Export(LineEdit),
}

/// The menu.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chooser {
    /// What it is about.
    pub title: String,
    /// All rows.
    pub choices: Vec<Choice>,
    /// The marked row of those shown.
    pub cursor: ListCursor,
    /// What is typed, where rows have no letters.
    pub typed: Option<Typed>,
}

impl Chooser {
    /// A menu of letters with the marked row on the first that is in force.
    pub fn new(title: &str, choices: Vec<Choice>) -> Chooser {
        let mut cursor = ListCursor::default();
        let row = choices.iter().position(|choice| choice.ticked);
        cursor.go(row.unwrap_or(0), choices.len());
        Chooser {
            title: title.to_owned(),
            choices,
            cursor,
            typed: None,
        }
    }

    /// A menu whose rows are found by typing.
    pub fn finder(title: &str, choices: Vec<Choice>) -> Chooser {
        Chooser {
            typed: Some(Typed::Find(LineEdit::default())),
            ..Chooser::new(title, choices)
        }
    }

    /// A box for a name.
    pub fn name(title: &str, before: &str, renamed: Option<String>) -> Chooser {
        Chooser {
            typed: Some(Typed::Name(LineEdit::new(before), renamed)),
            ..Chooser::new(title, Vec::new())
        }
    }

    /// Finds rows by this line.
    pub(super) fn type_in(&mut self, line: LineEdit) {
        self.typed = Some(Typed::Find(line));
        self.cursor = ListCursor::default();
    }

    /// The line that is typed, if any.
    pub fn line(&self) -> Option<&LineEdit> {
        match &self.typed {
            Some(
                Typed::Find(line) | Typed::Name(line, _) | Typed::Path(line) | Typed::Export(line),
            ) => Some(line),
            None => None,
        }
    }

    fn line_mut(&mut self) -> Option<&mut LineEdit> {
        match &mut self.typed {
            Some(
                Typed::Find(line) | Typed::Name(line, _) | Typed::Path(line) | Typed::Export(line),
            ) => Some(line),
            None => None,
        }
    }

    /// The rows shown: all of them, or those that fit what is typed, the best first.
    pub fn rows(&self) -> Vec<&Choice> {
        let Some(Typed::Find(line)) = &self.typed else {
            return self.choices.iter().collect();
        };
        let wanted = line.text().trim();
        if wanted.is_empty() {
            return self.choices.iter().collect();
        }
        let mut scored: Vec<(i64, &Choice)> = (self.choices.iter())
            .filter_map(|choice| Some((fuzzy_score(wanted, &choice.label)?.0, choice)))
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, choice)| choice).collect()
    }

    /// The theme of the marked row.
    pub fn marked_theme(&self) -> Option<&Theme> {
        match &self.rows().get(self.cursor.selected)?.pick {
            Pick::Theme(theme) => Some(theme),
            _ => None,
        }
    }

    /// Moves the marked row.
    pub fn move_by(&mut self, rows: isize) {
        let len = self.rows().len();
        self.cursor.move_by(rows, len);
    }

    /// Takes pasted text, where there is a box for it.
    pub fn paste(&mut self, text: &str) {
        if let Some(line) = self.line_mut() {
            line.paste(text);
            self.cursor = ListCursor::default();
        }
    }
}

impl App {
    pub(super) fn open_chooser(&mut self, chooser: Chooser) {
        self.overlay = Some(Overlay::Chooser(chooser));
    }

    /// A key that no command has: it types, or is the letter of a row.
    pub(super) fn chooser_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let Some(Overlay::Chooser(chooser)) = &mut self.overlay else {
            return;
        };
        if let Some(line) = chooser.line_mut() {
            if line.key(key) == Some(true) {
                chooser.cursor = ListCursor::default();
            }
            return;
        }
        let row = (chooser.choices.iter())
            .position(|choice| choice.letter.is_some() && choice.letter == key.typed());
        match row {
            Some(row) => {
                chooser.cursor.selected = row;
                self.choose(effects);
            }
            None => self.tell(Level::Info, format!("{key} is nothing in this menu")),
        }
    }

    /// Does what the marked row does.
    pub(super) fn choose(&mut self, effects: &mut Vec<Effect>) {
        let Some(Overlay::Chooser(chooser)) = &self.overlay else {
            return;
        };
        if let Some(Typed::Path(line)) = &chooser.typed {
            let path = line.text().trim().to_owned();
            if path.is_empty() {
                return self.tell(Level::Info, "Write the path of a file · Esc closes");
            }
            self.overlay = None;
            return self.gather(Asked::File(path), effects);
        }
        if let Some(Typed::Export(line)) = &chooser.typed {
            let path = line.text().trim().to_owned();
            return self.export_to(&path, false, effects);
        }
        if let Some(Typed::Name(line, renamed)) = &chooser.typed {
            let (name, renamed) = (line.text().to_owned(), renamed.clone());
            return self.name_search(&name, renamed, effects);
        }
        let Some(choice) = chooser
            .rows()
            .get(chooser.cursor.selected)
            .copied()
            .cloned()
        else {
            return;
        };
        if let Some(reason) = choice.refused {
            return self.tell(Level::Info, format!("{}: {reason}", choice.label));
        }
        self.overlay = None;
        match choice.pick {
            Pick::Sort(key) => self.sort_by(key, effects),
            Pick::Status(status) => self.set_status(status, effects),
            Pick::Toggle(word) => self.toggle_filter(&word, effects),
            Pick::ClearFilters => self.clear_filters(effects),
            Pick::Tags => self.open_tag_filter(),
            Pick::Searched(search) => self.search_as_before(search, effects),
            Pick::Saved(name) => self.show_saved(&name, effects),
            Pick::SaveSearch => self.ask_name(),
            Pick::RenameSearch => self.open_saved("Rename which search?", Pick::RenameThis),
            Pick::RenameThis(name) => {
                self.open_chooser(Chooser::name("New name", &name, Some(name.clone())));
            }
            Pick::DeleteSearch => self.open_saved("Delete which search?", Pick::DeleteThis),
            Pick::DeleteThis(name) => self.delete_search(&name, effects),
            Pick::Own(wanted) => self.own(*wanted, effects),
            Pick::Write(wanted) => self.want_written(*wanted, effects),
            Pick::Ask(name) => self.gather(Asked::Names(vec![Named::By(name)]), effects),
            Pick::Attach(attaching) => self.attach(&attaching, effects),
            Pick::Review(pick) => self.review(pick, effects),
            Pick::Fields => self.open_fields(),
            Pick::Library(shelf) => self.show_library(shelf, effects),
            Pick::Theme(theme) => self.take_theme(*theme),
            Pick::Run(command) => self.run(command, None, false, effects),
            Pick::AskModel(scope, agreed) => self.ask_model(Some(scope), agreed, effects),
            Pick::Copy(way) => self.copy(way, effects),
            Pick::Address(address) => effects.push(Effect::OpenUrl(address)),
            Pick::Program(label, words) => effects.push(Effect::RunProgram { label, words }),
            Pick::Replace(path) => self.export_to(&path, true, effects),
            Pick::Nothing => {}
        }
    }

    /// The menu of orders.
    pub(super) fn open_sort(&mut self) {
        let query = self.parsed_query();
        let order = self.order();
        let shown = if order.is_given() && query.is_of_queue() {
            order.choose(SortKey::Queue)
        } else {
            order
        };
        let has_queue = self
            .notes
            .state()
            .summaries()
            .any(|(_, noted)| noted.queued);
        let rows = SortKey::ALL.map(|key| {
            let (letter, detail) = match key {
                SortKey::Relevance => ('/', "best match first"),
                SortKey::Added => ('a', "newest first"),
                SortKey::Year => ('y', "newest first"),
                SortKey::Title => ('t', "A to Z"),
                SortKey::Author => ('u', "A to Z"),
                SortKey::Status => ('r', "unread first"),
                SortKey::Rating => ('R', "best first"),
                SortKey::Priority => ('p', "highest first"),
                SortKey::Queue => ('w', "next to read first"),
            };
            let (label, detail) = match key {
                SortKey::Relevance if query.asks_likeness() => ("likeness", "most alike first"),
                SortKey::Relevance if !query.has_words() => ("none", "as in the file"),
                _ => (key.name(), detail),
            };
            let ticked = shown.key == key;
            let detail = if !ticked || key == SortKey::Relevance {
                detail.to_owned()
            } else {
                let arrow = if shown.is_descending() { '↓' } else { '↑' };
                format!("{arrow} again turns it round")
            };
            Choice::new(Some(letter), label, Pick::Sort(key))
                .detail(detail)
                .ticked(ticked)
                .unless(key != SortKey::Queue || has_queue, "the queue is empty")
                .unless(
                    key != SortKey::Relevance || !query.is_of_queue(),
                    "the queue has its order",
                )
        });
        self.open_chooser(Chooser::new("Sort by", rows.into()));
    }

    /// The menu of statuses.
    pub(super) fn open_status(&mut self) {
        let now = (self.chosen_papers().first())
            .map(|first| self.notes.state().summary(self.library.id(*first)).status);
        let rows = [
            ('u', Status::Unread, "not begun"),
            ('g', Status::Reading, "begun"),
            ('r', Status::Read, "to the end"),
            ('s', Status::Skimmed, "looked through"),
            ('a', Status::Abandoned, "given up"),
        ]
        .map(|(letter, status, detail)| {
            Choice::new(Some(letter), status.name(), Pick::Status(status))
                .detail(detail)
                .ticked(now == Some(status))
        });
        let title = match self.chosen_papers().len() {
            0 | 1 => "Status".to_owned(),
            many => format!("Status of {many} papers"),
        };
        self.open_chooser(Chooser::new(&title, rows.into()));
    }
}
