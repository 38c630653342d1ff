//! The state as one writer sees and changes it.

use std::sync::Arc;

use foldhash::HashSet;

use super::change::{Change, Status};
use super::compaction::RECENT_OPERATIONS;
use super::identity::key_of;
use super::line::{ChangeId, Operation};
use super::record::Summary;
use super::state::State;
use super::time::{Clock, Stamp};
use super::undo::Actions;

/// A change that someone wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Id of the paper in the library; empty for the whole library.
    pub paper: String,
    /// Identifiers of the paper, so that its state is found when its id changes.
    pub identifiers: Vec<Box<str>>,
    /// The new value.
    pub change: Change,
    /// The value before, for [`Change::Item`] alone: the state knows the others.
    pub item_before: Option<Box<str>>,
}

impl Edit {
    /// A change of a field that the state keeps.
    pub fn new(paper: impl Into<String>, identifiers: Vec<Box<str>>, change: Change) -> Edit {
        Edit {
            paper: paper.into(),
            identifiers,
            change,
            item_before: None,
        }
    }

    /// An edit of the library: the item before and after, as JSON, `None` where there is none.
    pub fn item(
        paper: impl Into<String>,
        identifiers: Vec<Box<str>>,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Edit {
        Edit {
            item_before: before.map(Into::into),
            ..Edit::new(paper, identifiers, Change::Item(after.map(Into::into)))
        }
    }

    /// A change of status with the date it brings along: read to the end now, if it was not before.
    pub fn status(
        paper: &str,
        identifiers: &[Box<str>],
        status: Status,
        summary: Summary,
        now_ms: u64,
    ) -> Vec<Edit> {
        let edit = |change| Edit::new(paper, identifiers.to_vec(), change);
        let mut edits = vec![edit(Change::Status(status))];
        if status == Status::Read && summary.status != Status::Read {
            edits.push(edit(Change::Finished(Some(now_ms))));
        }
        edits
    }
}

/// What undo or redo did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The action that was taken back.
    pub action: ChangeId,
    /// Its operations: what to call it by.
    pub taken_back: Vec<Operation>,
    /// The new operations, to be written. Those of [`Change::Item`] also have to be done to the library.
    pub operations: Vec<Operation>,
    /// Operations that stay, since their field was changed elsewhere in the meantime.
    pub left_alone: Vec<Operation>,
}

/// The merged state, with the clock, the numbering and the undo stacks of one writer.
#[derive(Debug, Clone)]
pub struct Ledger {
    state: State,
    writer: Arc<str>,
    next_number: u64,
    clock: Clock,
    actions: Actions,
}

impl Default for Ledger {
    /// The ledger of nobody: it can be read, and nothing is written by it.
    fn default() -> Ledger {
        Ledger::new("")
    }
}

impl Ledger {
    /// The ledger of a writer (`machine-slot`) of whom nothing is known yet.
    pub fn new(writer: &str) -> Ledger {
        Ledger {
            state: State::new(),
            writer: Arc::from(writer),
            next_number: 1,
            clock: Clock::default(),
            actions: Actions::default(),
        }
    }

    /// The writer.
    pub fn writer(&self) -> &str {
        &self.writer
    }

    /// The merged state.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The merged state, for [`State::place`].
    pub fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// Takes in what a journal held before this session. What any writer of this machine did can be undone: an action
    /// of the command line while the app was open, too.
    pub fn load(&mut self, operations: Vec<Operation>) {
        self.state.apply_all(&operations);
        let is_within_reach = self.within_reach(&operations);
        for (operation, is_within_reach) in operations.into_iter().zip(is_within_reach) {
            self.see(&operation);
            if is_within_reach {
                self.actions.note(operation);
            }
        }
        self.actions.settle();
    }

    /// Which operations undo can reach: those of this machine that belong to an action with one of the newest of them.
    fn within_reach(&self, operations: &[Operation]) -> Vec<bool> {
        let machine_here = machine(&self.writer);
        let is_here = |one: &&Operation| machine(&one.stamp.writer) == machine_here;
        let mut here: Vec<&Operation> = operations.iter().filter(is_here).collect();
        let older = here.len().saturating_sub(RECENT_OPERATIONS);
        if older > 0 {
            here.select_nth_unstable_by(older, |a, b| a.stamp.cmp(&b.stamp));
        }
        let newest = here.get(older..).unwrap_or_default();
        let actions: HashSet<(&str, u64)> = newest
            .iter()
            .map(|one| (&*one.stamp.writer, one.group))
            .collect();
        operations
            .iter()
            .map(|one| is_here(&one) && actions.contains(&(&*one.stamp.writer, one.group)))
            .collect()
    }

    /// Takes in what another writer did meanwhile. Returns whether the state changed.
    pub fn absorb(&mut self, operations: Vec<Operation>) -> bool {
        let changed = self.state.apply_all(&operations);
        let mut noted = false;
        for operation in operations {
            self.see(&operation);
            // What a second instance does is its own to undo; but what it has undone is not ours to undo again.
            let undoes_here = operation
                .undoes
                .as_ref()
                .is_some_and(|ChangeId(writer, _)| machine(writer) == machine(&self.writer));
            if undoes_here && operation.stamp.writer != self.writer {
                self.actions.note(operation);
                noted = true;
            }
        }
        if noted {
            self.actions.settle();
        }
        changed
    }

    fn see(&mut self, operation: &Operation) {
        self.clock.see(operation.stamp.time);
        if operation.stamp.writer == self.writer {
            let after = operation.stamp.number.saturating_add(1);
            self.next_number = self.next_number.max(after);
        }
    }

    /// Makes changes that are undone together. They are in the state at once; the operations returned are to be
    /// written. What would change nothing is left out.
    ///
    /// `now_ms`: ms since 1970.
    pub fn edit(&mut self, now_ms: u64, edits: Vec<Edit>) -> Vec<Operation> {
        let group = self.next_number;
        let mut operations = Vec::with_capacity(edits.len());
        for edit in edits {
            let previous = match &edit.change {
                Change::Item(_) => Change::Item(edit.item_before),
                change => self.state.current(&edit.paper, change),
            };
            if previous == edit.change {
                continue;
            }
            let key = match &edit.change {
                Change::Search { .. } | Change::Owned(_) => Arc::from(""),
                _ => self.state.key_for(&edit.paper),
            };
            let known = self.state.entry_of_key(&key);
            let known = known.map_or(&[][..], |entry| entry.record.identifiers());
            let is_known = edit.identifiers.iter().all(|one| known.contains(one));
            if !key.is_empty() && !is_known {
                let old = Change::Identifiers(known.to_vec());
                let mut all = known.to_vec();
                all.extend(edit.identifiers);
                all.sort();
                all.dedup();
                let change = Change::Identifiers(all);
                operations.push(self.write(now_ms, group, &key, change, old, None));
            }
            operations.push(self.write(now_ms, group, &key, edit.change, previous, None));
        }
        self.state.refresh_merged();
        self.actions.push(&operations);
        operations
    }

    /// A new comment: its edit, with an id of its own. `now_ms`: ms since 1970.
    pub fn new_comment(
        &self,
        now_ms: u64,
        paper: &str,
        identifiers: Vec<Box<str>>,
        text: &str,
    ) -> Edit {
        // No writer uses a number twice; the time tells apart two machines that were made one by copying.
        let id = format!("{}.{}.{now_ms:x}", self.writer, self.next_number);
        let change = Change::Comment {
            id: id.into(),
            text: Some(text.into()),
        };
        Edit::new(paper, identifiers, change)
    }

    fn write(
        &mut self,
        now_ms: u64,
        group: u64,
        key: &str,
        change: Change,
        previous: Change,
        undoes: Option<&ChangeId>,
    ) -> Operation {
        let replaces = match &change {
            Change::Comment { id, .. } => self
                .state
                .entry_of_key(key)
                .map(|entry| entry.record.comment_heads(id))
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        let operation = Operation {
            stamp: Stamp {
                time: self.clock.tick(now_ms),
                writer: Arc::clone(&self.writer),
                number: self.next_number,
            },
            at: now_ms.min(super::time::MAX_MS),
            paper: Box::from(key),
            change,
            previous: Some(previous),
            replaces,
            group,
            undoes: undoes.cloned(),
        };
        self.next_number = self.next_number.saturating_add(1);
        self.state.merge(&operation);
        operation
    }

    /// The action that [`Ledger::undo`] would take back.
    pub fn undoable(&self) -> Option<&[Operation]> {
        self.actions.undoable()
    }

    /// The action that [`Ledger::redo`] would do again.
    pub fn redoable(&self) -> Option<&[Operation]> {
        self.actions.redoable()
    }

    /// Takes back the last action, the library having been brought back wherever it was changed. `None` when there is
    /// none. `now_ms`: ms since 1970.
    pub fn undo(&mut self, now_ms: u64) -> Option<Reversal> {
        self.undo_with(now_ms, &|_| true)
    }

    /// [`Ledger::undo`]; `can` says of an operation of [`Change::Item`] whether the library was brought back.
    pub fn undo_with(&mut self, now_ms: u64, can: &dyn Fn(&Operation) -> bool) -> Option<Reversal> {
        let taken_back = self.undoable()?.to_vec();
        Some(self.reverse(now_ms, taken_back, can))
    }

    /// Does again what was undone last. `None` when nothing was, or something else was done since.
    pub fn redo(&mut self, now_ms: u64) -> Option<Reversal> {
        self.redo_with(now_ms, &|_| true)
    }

    /// [`Ledger::redo`]; `can` as in [`Ledger::undo_with`].
    pub fn redo_with(&mut self, now_ms: u64, can: &dyn Fn(&Operation) -> bool) -> Option<Reversal> {
        let taken_back = self.redoable()?.to_vec();
        Some(self.reverse(now_ms, taken_back, can))
    }

    /// Identifiers stay known, but for a citekey that the paper has no more.
    fn forget_key(
        &mut self,
        now_ms: u64,
        group: u64,
        operation: &Operation,
        then: &[Box<str>],
        action: &ChangeId,
        operations: &mut Vec<Operation>,
    ) {
        let Some(Change::Identifiers(before)) = &operation.previous else {
            return;
        };
        let keys = |all: &[Box<str>]| -> Vec<Box<str>> {
            let keys = all.iter().filter(|one| key_of(one).is_some());
            keys.cloned().collect()
        };
        let (keys_then, keys_before) = (keys(then), keys(before));
        let old = self
            .state
            .current_of_key(&operation.paper, &operation.change);
        let Change::Identifiers(now) = &old else {
            return;
        };
        if keys_then == keys_before {
            return;
        }
        let mut all: Vec<Box<str>> = now.clone();
        all.retain(|one| !keys_then.contains(one));
        all.extend(keys_before);
        all.sort();
        all.dedup();
        let (key, change) = (&operation.paper, Change::Identifiers(all));
        operations.push(self.write(now_ms, group, key, change, old, Some(action)));
    }

    fn reverse(
        &mut self,
        now_ms: u64,
        taken_back: Vec<Operation>,
        can: &dyn Fn(&Operation) -> bool,
    ) -> Reversal {
        let group = self.next_number;
        let action = taken_back
            .first()
            .map_or_else(|| ChangeId(Arc::from(""), 0), Operation::change_id);
        let mut operations = Vec::new();
        let mut left_alone = Vec::new();
        for operation in taken_back.iter().rev() {
            let Some(previous) = operation.previous.clone() else {
                continue;
            };
            let (current, is_as_it_was) = match &operation.change {
                Change::Other { .. } | Change::Owned(_) => continue,
                Change::Identifiers(now) => {
                    self.forget_key(now_ms, group, operation, now, &action, &mut operations);
                    continue;
                }
                Change::Item(_) => (operation.change.clone(), can(operation)),
                change => {
                    let current = self.state.current_of_key(&operation.paper, change);
                    let is_as_it_was = current == *change;
                    (current, is_as_it_was)
                }
            };
            if is_as_it_was {
                let key = &operation.paper;
                let new = self.write(now_ms, group, key, previous, current, Some(&action));
                operations.push(new);
            } else {
                left_alone.push(operation.clone());
            }
        }
        if operations.is_empty() {
            // Nothing could be taken back: this alone says that it was tried, so that the next undo goes on.
            let nothing = Change::Other {
                field: "undone".into(),
                key: "".into(),
                value: "null".into(),
            };
            let new = self.write(now_ms, group, "", nothing.clone(), nothing, Some(&action));
            operations.push(new);
        }
        self.state.refresh_merged();
        self.actions.push(&operations);
        Reversal {
            action,
            taken_back,
            operations,
            left_alone,
        }
    }
}

/// The machine's part of a writer's name.
fn machine(writer: &str) -> &str {
    writer
        .rsplit_once('-')
        .map_or(writer, |(machine, _)| machine)
}
