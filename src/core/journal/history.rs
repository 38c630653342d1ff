//! What happened to one paper.

use super::change::Change;
use super::line::Operation;
use super::time::Stamp;

/// One change of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Order.
    pub stamp: Stamp,
    /// Time of the clock of the machine that made the change, ms since 1970.
    pub at: u64,
    /// The new value.
    pub change: Change,
    /// The value before, where it is known.
    pub previous: Option<Change>,
    /// It was made by undo or redo.
    pub is_reversal: bool,
}

/// The changes made under the keys of a paper ([`super::State::keys_of`]), oldest first, each once.
///
/// Superseded changes older than the last [`super::RECENT_OPERATIONS`] of their writer may be gone by compaction;
/// versions of comments never are.
pub fn history(
    operations: impl IntoIterator<Item = Operation>,
    keys: &[&str],
) -> Vec<HistoryEntry> {
    let mut entries: Vec<HistoryEntry> = operations
        .into_iter()
        .filter(|operation| keys.contains(&&*operation.paper))
        .filter(|operation| !matches!(operation.change, Change::Identifiers(_)))
        .map(|operation| HistoryEntry {
            stamp: operation.stamp,
            at: operation.at,
            change: operation.change,
            previous: operation.previous,
            is_reversal: operation.undoes.is_some(),
        })
        .collect();
    entries.sort_by(|a, b| (&a.stamp, &a.change).cmp(&(&b.stamp, &b.change)));
    entries.dedup();
    entries
}
