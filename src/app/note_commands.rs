//! The commands that note something about papers: status, star, rating, priority, queue, undo.

use std::sync::Arc;

use super::{App, Effect, Level};
use crate::core::journal::{Change, Edit, Operation, Status, identifiers};
use crate::core::paper::PaperNo;

/// How far changes are on their way to the disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Saving {
    /// Nothing was changed yet.
    #[default]
    Nothing,
    /// So many changes are being written.
    Running(usize),
    /// So many changes are in memory only, for this reason; they are tried again.
    Failed(usize, String),
    /// Everything is on the disk.
    Saved,
}

impl Saving {
    /// Whether a change is not on the disk yet.
    pub fn is_waiting(&self) -> bool {
        self.waiting() > 0
    }

    fn waiting(&self) -> usize {
        match self {
            Saving::Running(count) | Saving::Failed(count, _) => *count,
            Saving::Nothing | Saving::Saved => 0,
        }
    }

    /// The words for the status line.
    pub fn words(&self) -> String {
        match self {
            Saving::Nothing => String::new(),
            Saving::Running(_) => "saving…".to_owned(),
            Saving::Failed(_, reason) => format!("NOT SAVED: {reason}"),
            Saving::Saved => "saved".to_owned(),
        }
    }
}

impl App {
    /// Makes the page anew with what is noted now.
    pub(super) fn compose_page(&mut self) {
        let panes = self.panes();
        self.page.indexed = self.index.is_some();
        self.page
            .compose(&panes, self.notes.state(), &self.pdf_looks);
    }

    /// Whether the notes will be there in a moment, if they are not yet: a box for text may open before.
    pub(super) fn notes_expected(&self) -> Result<(), &'static str> {
        match self.notes_missing {
            Some(reason) if reason != super::NOTES_AWAITED => Err(reason),
            _ => Ok(()),
        }
    }

    /// Says why nothing can be noted, if so; what is typed in a box stays there.
    pub(super) fn tell_notes_missing(&mut self) -> bool {
        let missing = self.notes_missing;
        if let Some(reason) = missing {
            self.tell(Level::Warning, format!("Not saved: {reason}"));
        }
        missing.is_some()
    }

    /// A change is on the disk.
    pub(super) fn saved(&mut self) {
        let left = self.saving.waiting().saturating_sub(1);
        self.saving = match (left, &self.saving) {
            (0, _) => Saving::Saved,
            (left, Saving::Failed(_, reason)) => Saving::Failed(left, reason.clone()),
            (left, _) => Saving::Running(left),
        };
    }

    /// A change could not be written.
    pub(super) fn not_saved(&mut self, reason: String) {
        self.saving = Saving::Failed(self.saving.waiting().max(1), reason);
    }

    /// The words of the status line about it; none while nothing but dates was written down.
    pub fn saving_words(&self) -> String {
        match self.saving {
            Saving::Running(_) | Saving::Saved if !self.noted => String::new(),
            _ => self.saving.words(),
        }
    }

    /// Hands in what the reader noted.
    pub(super) fn write(&mut self, operations: Vec<Operation>, effects: &mut Vec<Effect>) {
        self.noted |= !operations.is_empty();
        self.write_down(operations, effects);
    }

    /// Hands in what is only written down.
    pub(super) fn write_down(&mut self, operations: Vec<Operation>, effects: &mut Vec<Effect>) {
        if operations.is_empty() {
            return;
        }
        self.compose_page();
        self.notes_changed(App::moves_in_queue(&operations), effects);
        let waiting = self.saving.waiting() + 1;
        self.saving = match &self.saving {
            Saving::Failed(_, reason) => Saving::Failed(waiting, reason.clone()),
            _ => Saving::Running(waiting),
        };
        effects.push(Effect::Change(operations));
    }

    /// The identifiers of a paper where its item is at hand: update reads nothing.
    pub(super) fn known_identifiers(&self, paper: PaperNo) -> Vec<Box<str>> {
        match &self.page.item {
            Some(Ok(item)) if item.item.id() == self.library.id(paper) => identifiers(&item.item),
            _ => Vec::new(),
        }
    }

    /// Notes the same about all chosen papers, as one action.
    fn note(
        &mut self,
        what: &str,
        make: impl Fn(&App, &str, Vec<Box<str>>) -> Vec<Edit>,
        effects: &mut Vec<Effect>,
    ) {
        let papers = self.chosen_papers();
        let edits: Vec<Edit> = papers
            .iter()
            .flat_map(|paper| {
                let id = self.library.id(*paper).to_owned();
                make(self, &id, self.known_identifiers(*paper))
            })
            .collect();
        let now = self.wall;
        let operations = Arc::make_mut(&mut self.notes).edit(now, edits);
        self.write(operations, effects);
        self.identify(&papers, effects);
        let of = match papers.as_slice() {
            [one] => self.library.id(*one).to_owned(),
            many => format!("{} papers", many.len()),
        };
        self.tell_undoable(format!("{what} · {of}"));
    }

    pub(super) fn next_status(&mut self, effects: &mut Vec<Effect>) {
        let Some(first) = self.chosen_papers().first().copied() else {
            return;
        };
        let first = self.notes.state().summary(self.library.id(first));
        self.set_status(first.status.next(), effects);
    }

    pub(super) fn set_status(&mut self, status: Status, effects: &mut Vec<Effect>) {
        let now = self.wall;
        self.note(
            &capitalised(status),
            |app, id, known| {
                let summary = app.notes.state().summary(id);
                Edit::status(id, &known, status, summary, now)
            },
            effects,
        );
    }

    pub(super) fn star(&mut self, effects: &mut Vec<Effect>) {
        let state = self.notes.state();
        let all = (self.chosen_papers().iter())
            .all(|paper| state.summary(self.library.id(*paper)).starred);
        let what = if all { "Star taken off" } else { "Starred" };
        let edit = |_: &App, id: &str, known| vec![Edit::new(id, known, Change::Starred(!all))];
        self.note(what, edit, effects);
    }

    pub(super) fn rate(&mut self, rating: u8, effects: &mut Vec<Effect>) {
        let edit = |_: &App, id: &str, known| vec![Edit::new(id, known, Change::Rating(rating))];
        self.note(&format!("Rated {rating}"), edit, effects);
    }

    pub(super) fn prioritise(&mut self, priority: u8, effects: &mut Vec<Effect>) {
        let edit =
            |_: &App, id: &str, known| vec![Edit::new(id, known, Change::Priority(priority))];
        self.note(&format!("Priority {priority}"), edit, effects);
    }

    /// Puts the chosen papers in the queue; takes them out when all are in it. One action.
    pub(super) fn queue(&mut self, effects: &mut Vec<Effect>) {
        let papers = self.chosen_papers();
        let state = self.notes.state();
        let all = (papers.iter()).all(|paper| state.summary(self.library.id(*paper)).queued);
        if all {
            let edit = |_: &App, id: &str, known| vec![Edit::new(id, known, Change::Queue(None))];
            return self.note("Out of the queue", edit, effects);
        }
        let mut last = state.queue().pop().map(|entry| entry.place);
        let mut places = std::collections::BTreeMap::new();
        for paper in papers {
            let id = self.library.id(paper);
            if !state.summary(id).queued {
                last = crate::core::journal::Place::between(last.as_ref(), None);
                places.insert(id.to_owned(), last.clone());
            }
        }
        let edit = |_: &App, id: &str, known: Vec<Box<str>>| {
            let place = places.get(id).cloned();
            let edit = place.map(|place| Edit::new(id, known, Change::Queue(place)));
            edit.into_iter().collect()
        };
        self.note("In the queue", edit, effects);
    }

    pub(super) fn undo(&mut self, redo: bool, effects: &mut Vec<Effect>) {
        if !self.reverse_library(redo, effects) {
            self.undo_noted(redo, &|_| true, effects);
        }
    }

    /// Takes back what was noted; `can` says of an operation whether the library was brought back.
    pub(super) fn undo_noted(
        &mut self,
        redo: bool,
        can: &dyn Fn(&Operation) -> bool,
        effects: &mut Vec<Effect>,
    ) {
        let now = self.wall;
        let ledger = Arc::make_mut(&mut self.notes);
        let reversal = if redo {
            ledger.redo_with(now, can)
        } else {
            ledger.undo_with(now, can)
        };
        let Some(reversal) = reversal else {
            return self.tell(
                Level::Info,
                if redo {
                    "Nothing to redo"
                } else {
                    "Nothing to undo"
                },
            );
        };
        self.write(reversal.operations, effects);
        let mut what: Vec<&str> = (reversal.taken_back.iter())
            .filter(|one| !matches!(one.change, Change::Identifiers(_)))
            .map(|one| one.change.field())
            .collect();
        what.dedup();
        let verb = if redo { "Done again" } else { "Undone" };
        let mut told = format!("{verb}: {}", what.join(", "));
        if !reversal.left_alone.is_empty() {
            told.push_str(" · what was changed elsewhere meanwhile stays");
        }
        self.tell(Level::Info, told);
    }
}

fn capitalised(status: Status) -> String {
    let mut letters = status.name().chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
