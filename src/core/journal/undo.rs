//! The actions that undo and redo can take back: a function of the operations of this machine, in whatever order they
//! were found.

use std::sync::Arc;

use foldhash::HashMap;

use super::change::Change;
use super::compaction::RECENT_OPERATIONS;
use super::line::{ChangeId, Operation};
use super::time::Stamp;

/// Actions of this machine, the oldest forgotten beyond [`RECENT_OPERATIONS`].
#[derive(Debug, Clone, Default)]
pub(super) struct Actions {
    /// Shared with clones: see [`super::entries`].
    operations: HashMap<ChangeId, Arc<Vec<Operation>>>,
    /// Actions that can be undone, the last one last.
    undo: Vec<ChangeId>,
    /// Actions that were undone and can be done again (the undoing ones), the last one last.
    redo: Vec<ChangeId>,
}

impl Actions {
    /// Takes in operations that may belong anywhere; [`Actions::settle`] finds out where.
    pub(super) fn note(&mut self, operation: Operation) {
        let action = self.operations.entry(operation.change_id()).or_default();
        Arc::make_mut(action).push(operation);
    }

    /// Puts all actions in order and builds the stacks anew.
    pub(super) fn settle(&mut self) {
        let mut order: Vec<(Stamp, ChangeId)> = Vec::with_capacity(self.operations.len());
        for (id, operations) in &mut self.operations {
            let operations = Arc::make_mut(operations);
            operations.sort_by(|a, b| a.stamp.cmp(&b.stamp));
            operations.dedup();
            if let Some(first) = operations.first() {
                order.push((first.stamp.clone(), id.clone()));
            }
        }
        order.sort();
        let mut count = 0;
        let forgotten = order.iter().rev().position(|(_, id)| {
            // The newest action stays, however large it is.
            let is_over = count >= RECENT_OPERATIONS;
            count += self.operations.get(id).map_or(0, |all| all.len());
            is_over
        });
        let kept = forgotten.unwrap_or(order.len());
        for (_, id) in order.drain(..order.len() - kept) {
            self.operations.remove(&id);
        }
        self.undo.clear();
        self.redo.clear();
        for (_, id) in order {
            self.stack(id);
        }
    }

    /// Takes in an action that is newer than all others.
    pub(super) fn push(&mut self, operations: &[Operation]) {
        let Some(first) = operations.first() else {
            return;
        };
        let id = first.change_id();
        self.operations
            .insert(id.clone(), Arc::new(operations.to_vec()));
        self.stack(id);
    }

    fn stack(&mut self, id: ChangeId) {
        let operations = self.operations.get(&id);
        let is_quiet = |one: &Operation| one.undoes.is_none() && is_record(one);
        if operations.is_some_and(|all| all.iter().all(is_quiet)) {
            return;
        }
        let undoes = operations.and_then(|operations| operations.first()?.undoes.clone());
        match undoes {
            None => {
                self.undo.push(id);
                self.redo.clear();
            }
            Some(undone) => {
                let is_it = |other: &ChangeId| *other == undone;
                if let Some(at) = self.undo.iter().rposition(is_it) {
                    self.undo.remove(at);
                    self.redo.push(id);
                } else if let Some(at) = self.redo.iter().rposition(is_it) {
                    self.redo.remove(at);
                    self.undo.push(id);
                }
            }
        }
    }

    /// The operations of the action to be undone next, oldest first.
    pub(super) fn undoable(&self) -> Option<&[Operation]> {
        Some(self.operations.get(self.undo.last()?)?.as_slice())
    }

    /// The operations of the undoing action to be taken back next, oldest first.
    pub(super) fn redoable(&self) -> Option<&[Operation]> {
        Some(self.operations.get(self.redo.last()?)?.as_slice())
    }
}

/// What is only written down about the reader's doings, and which paper a key means: nobody did it on purpose, so
/// that undo passes it by.
fn is_record(operation: &Operation) -> bool {
    matches!(
        operation.change,
        Change::Added(_) | Change::Opened(_) | Change::Identifiers(_) | Change::Owned(_)
    )
}
