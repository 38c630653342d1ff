//! Changes of the library: papers deleted, fields edited, and both taken back.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::chooser::{Choice, Chooser, Pick};
use super::comment_box::CommentBox;
use super::drafts::DraftKey;
use super::incoming::arrived;
use super::{App, Effect, Level};
use crate::core::editing::{MayWrite, edits_of, may_write, reversing};
use crate::core::form;
use crate::core::incoming::{Intake, Policy, Work, notes};
use crate::core::item::Item;
use crate::core::journal::{Change, ChangeId, Edit, Operation};
use crate::core::library::rewrite::ItemChange;
use crate::core::page::thousands;
use crate::core::paper::PaperNo;
use crate::core::text::scrub;

/// What is wanted of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Papers go.
    Delete(Vec<PaperNo>),
    /// A paper has other fields.
    Edit(Box<FieldsEdit>),
    /// The last action is taken back, or done again.
    Reverse(Box<Reverse>),
    /// Papers come in.
    Add(Box<Arriving>),
}

/// Papers that come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arriving {
    /// The papers.
    pub works: Vec<Work>,
    /// What becomes of those that are here already.
    pub policy: Policy,
}

/// Another version of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldsEdit {
    /// The id of the paper.
    pub id: String,
    /// The draft of it, where it was written by hand.
    pub draft: Option<DraftKey>,
    /// As it was.
    pub before: Map<String, Value>,
    /// As it is to be.
    pub after: Map<String, Value>,
}

/// An action that is taken back, or done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reverse {
    /// It was undone and is done again.
    pub redo: bool,
    /// Its operations.
    pub action: Vec<Operation>,
}

impl Wanted {
    /// The changes of the library, once the items of `items` were read: those of [`Wanted::Delete`], in order.
    pub fn changes(&self, items: Vec<Map<String, Value>>) -> Vec<ItemChange> {
        match self {
            Wanted::Delete(_) => items.into_iter().map(ItemChange::Remove).collect(),
            Wanted::Edit(edit) => vec![ItemChange::Replace {
                before: edit.before.clone(),
                after: edit.after.clone(),
            }],
            Wanted::Reverse(reverse) => {
                let changes = reversing(&reverse.action).into_iter();
                changes.map(|(_, change)| change).collect()
            }
            // They are known once the file is looked through.
            Wanted::Add(_) => Vec::new(),
        }
    }

    /// Nothing is done unless all of it can be.
    pub fn is_all_or_none(&self) -> bool {
        !matches!(self, Wanted::Reverse(_))
    }
}

/// What became of a change of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct LibraryWritten {
    /// What was wanted.
    pub wanted: Wanted,
    /// The changes, and the numbers of those that were not made; or why nothing was written.
    pub result: Result<(Vec<ItemChange>, Vec<usize>), String>,
    /// Where the papers of [`Wanted::Add`] are now.
    pub intake: Option<Box<Intake>>,
    /// It is another library: the reader's own, which was begun.
    pub is_begun: bool,
}

impl App {
    /// Changes the library, once the reader has said that it may be written.
    fn want(&mut self, wanted: Wanted, effects: &mut Vec<Effect>) {
        if self.tell_read_only() || self.tell_notes_missing() {
            return;
        }
        if self.is_writing {
            return self.tell(
                Level::Info,
                "The library is still being written; try again in a moment",
            );
        }
        if self.source.example && matches!(wanted, Wanted::Add(_)) {
            self.is_writing = true;
            effects.push(Effect::WriteLibrary(wanted));
            return;
        }
        if self.source.example {
            let text = "The example library is part of the program and is not changed";
            return self.tell(Level::Info, text);
        }
        match may_write(self.notes.state(), self.settings.owner) {
            MayWrite::Yes => {
                self.is_writing = true;
                effects.push(Effect::WriteLibrary(wanted));
            }
            MayWrite::No => self.tell(
                Level::Info,
                "Another program writes this library (owner = \"foreign\" in the configuration)",
            ),
            MayWrite::Unconfirmed => {
                let name = scrub(&self.source.name, false);
                let rows = vec![
                    Choice::new(Some('y'), "yes", Pick::Own(Box::new(wanted)))
                        .detail("what it does not change stays byte for byte"),
                    Choice::new(Some('n'), "no", Pick::Nothing)
                        .detail("another program made the file"),
                ];
                self.open_chooser(Chooser::new(&format!("May offprint write {name}?"), rows));
            }
        }
    }

    /// Says that the file is shown as it is and never written, and what to do; whether it is so.
    pub(super) fn tell_read_only(&mut self) -> bool {
        let Some(format) = self.source.read_only else {
            return false;
        };
        let name = scrub(&self.source.name, false);
        let text = format!("{format} is read only here: offprint import {name}");
        self.tell(Level::Info, text);
        true
    }

    /// The reader has said that the library may be written.
    pub(super) fn own(&mut self, wanted: Wanted, effects: &mut Vec<Effect>) {
        let edit = Edit::new("", Vec::new(), Change::Owned(true));
        let operations = Arc::make_mut(&mut self.notes).edit(self.wall, vec![edit]);
        self.write(operations, effects);
        self.want(wanted, effects);
    }

    /// Deletes the chosen papers from the library.
    pub(super) fn delete_papers(&mut self, effects: &mut Vec<Effect>) {
        let papers = self.chosen_papers();
        if !papers.is_empty() {
            self.want(Wanted::Delete(papers), effects);
        }
    }

    /// Opens the fields of the paper under the cursor as lines of text.
    pub(super) fn open_fields(&mut self) {
        if self.tell_read_only() {
            return;
        }
        let Some(paper) = self.selected() else { return };
        let Some(item) = self.page.item_of(paper) else {
            return self.tell(
                Level::Info,
                "The paper is still being read; try again in a moment",
            );
        };
        let (id, before) = (self.library.id(paper).to_owned(), item.fields().clone());
        let text = form::to_text(&before);
        self.open_text(
            DraftKey::fields(id),
            Vec::new(),
            text,
            Some(Box::new(before)),
        );
    }

    /// Shows what would change, and asks.
    pub(super) fn review_fields(&mut self, edited: &CommentBox, effects: &mut Vec<Effect>) {
        let Some(before) = &edited.before else { return };
        let after = match form::from_text(edited.area.text(), before) {
            Ok(after) => after,
            Err(problems) => {
                let first = problems
                    .first()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let others = match problems.len() {
                    0 | 1 => String::new(),
                    many => format!(" ({} more)", many - 1),
                };
                return self.tell(Level::Warning, format!("Not saved: {first}{others}"));
            }
        };
        let differences = form::differences(before, &after);
        self.overlay = None;
        self.leave_comment(edited, effects);
        if differences.is_empty() {
            return self.tell(Level::Info, "Nothing was changed");
        }
        let edit = FieldsEdit {
            id: edited.key.paper.clone(),
            draft: Some(edited.key.clone()),
            before: (**before).clone(),
            after,
        };
        let wanted = Box::new(Wanted::Edit(Box::new(edit)));
        let mut rows = vec![
            Choice::new(Some('y'), "write it", Pick::Write(wanted)),
            Choice::new(Some('n'), "go on editing", Pick::Fields),
        ];
        rows.extend(differences.iter().map(|one| {
            Choice::new(None, scrub(&one.field, false), Pick::Nothing)
                .detail(in_short(one.before.as_deref(), one.after.as_deref()))
        }));
        let title = format!("Change {}", scrub(&edited.key.paper, false));
        self.toast = None;
        self.open_chooser(Chooser::new(&title, rows));
    }

    pub(super) fn want_written(&mut self, wanted: Wanted, effects: &mut Vec<Effect>) {
        self.want(wanted, effects);
    }

    /// Takes back the last action where it changed the library; whether it did.
    pub(super) fn reverse_library(&mut self, redo: bool, effects: &mut Vec<Effect>) -> bool {
        let action = if redo {
            self.notes.redoable()
        } else {
            self.notes.undoable()
        };
        let action = action.unwrap_or_default().to_vec();
        if reversing(&action).is_empty() {
            return false;
        }
        self.want(Wanted::Reverse(Box::new(Reverse { redo, action })), effects);
        true
    }

    /// The library was written, or not.
    pub(super) fn library_written(&mut self, news: LibraryWritten, effects: &mut Vec<Effect>) {
        self.is_writing = false;
        let (made, refused) = match news.result {
            Ok(done) => done,
            Err(reason) => return self.tell(Level::Error, reason),
        };
        if news.wanted.is_all_or_none() && !refused.is_empty() {
            let text = "Not written: the paper was changed meanwhile, or its new id is taken";
            return self.tell(Level::Warning, text);
        }
        self.was_written = made.len() > refused.len();
        match news.wanted {
            Wanted::Delete(papers) => {
                self.marked.retain(|paper| !papers.contains(paper));
                let what = match made.as_slice() {
                    [one] => id_of(one),
                    many => format!("{} papers", thousands(many.len())),
                };
                self.note_written(&made, effects);
                self.tell(Level::Info, format!("Deleted {what} · u brings it back"));
            }
            Wanted::Edit(edit) => {
                self.note_written(&made, effects);
                if let Some(draft) = &edit.draft {
                    self.drop_draft(draft, effects);
                }
                let fields = form::differences(&edit.before, &edit.after);
                let fields: Vec<String> =
                    fields.iter().map(|one| scrub(&one.field, false)).collect();
                let id = scrub(&edit.id, false);
                let text = format!("Changed {id}: {} · u takes it back", fields.join(", "));
                self.tell(Level::Info, text);
            }
            Wanted::Reverse(reverse) => self.reversed(&reverse, &refused, effects),
            Wanted::Add(_) if news.is_begun => effects.push(Effect::OpenOwnLibrary),
            Wanted::Add(arriving) => {
                let intake = news.intake.unwrap_or_default();
                let now = self.wall;
                let ledger = Arc::make_mut(&mut self.notes);
                let mut edits: Vec<Edit> = made.iter().flat_map(|one| edits_of(one, now)).collect();
                edits.extend(notes(ledger, &arriving.works, &intake, now));
                let operations = ledger.edit(now, edits);
                self.write(operations, effects);
                let told = arrived(&intake.placed);
                self.tell(Level::Info, told);
            }
        }
    }

    fn note_written(&mut self, made: &[ItemChange], effects: &mut Vec<Effect>) {
        let now = self.wall;
        let edits = made.iter().flat_map(|one| edits_of(one, now)).collect();
        let operations = Arc::make_mut(&mut self.notes).edit(now, edits);
        self.write(operations, effects);
    }

    fn reversed(&mut self, reverse: &Reverse, refused: &[usize], effects: &mut Vec<Effect>) {
        let now = self.notes.as_ref();
        let now = if reverse.redo {
            now.redoable()
        } else {
            now.undoable()
        };
        let first =
            |all: &[Operation]| -> Option<ChangeId> { all.first().map(Operation::change_id) };
        if first(now.unwrap_or_default()) != first(&reverse.action) {
            let text = "The library was brought back, and something else was done meanwhile";
            return self.tell(Level::Warning, text);
        }
        let left: Vec<&Operation> = reversing(&reverse.action)
            .iter()
            .enumerate()
            .filter(|(number, _)| refused.contains(number))
            .filter_map(|(_, (at, _))| reverse.action.get(*at))
            .collect();
        self.undo_noted(reverse.redo, &|one| !left.contains(&one), effects);
    }
}

/// The id of the paper that a change is about, as it can be shown.
fn id_of(change: &ItemChange) -> String {
    let fields = change.before().or(change.after());
    let id = fields.map(|fields| Item::from_fields(fields.clone()).id().into_owned());
    scrub(&id.unwrap_or_default(), false)
}

/// What was and what is, as far as a row of a menu has room.
pub(super) fn in_short(before: Option<&str>, after: Option<&str>) -> String {
    const CHARACTERS: usize = 60;
    let short = |text: Option<&str>| match text {
        None => "—".to_owned(),
        Some(text) => {
            let text = scrub(text, false);
            let cut: String = text.chars().take(CHARACTERS).collect();
            if cut.len() < text.len() {
                format!("{cut}…")
            } else {
                cut
            }
        }
    };
    format!("{} → {}", short(before), short(after))
}
