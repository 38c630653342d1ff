//! What all journals together say.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::change::Change;
use super::comment::Comment;
use super::entries::{Entries, Entry, Keys};
use super::line::Operation;
use super::place::Place;
use super::placement::{Home, Placement};
use super::record::{PaperState, Record, Summary};
use super::time::Stamp;

/// The merged state. Operations may come in any order and any number of times.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub(super) keys: Keys,
    pub(super) entries: Entries,
    pub(super) placement: Placement,
    searches: BTreeMap<Box<str>, (Stamp, Option<Box<str>>)>,
}

/// A paper in the reading queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueEntry {
    /// Id of the paper in the library.
    pub paper: String,
    /// Its place; two machines may have given the same to two papers.
    pub place: Place,
}

impl State {
    /// The state of no journals.
    pub fn new() -> State {
        State::default()
    }

    /// Merges one operation. Returns whether anything changed.
    pub fn apply(&mut self, operation: &Operation) -> bool {
        let changed = self.merge(operation);
        self.refresh_merged();
        changed
    }

    /// Merges many operations, in less time than one by one. Returns whether anything changed.
    pub fn apply_all<'a>(&mut self, operations: impl IntoIterator<Item = &'a Operation>) -> bool {
        let mut changed = false;
        for operation in operations {
            changed |= self.merge(operation);
        }
        self.refresh_merged();
        changed
    }

    /// Merges an operation; papers of several keys stay as they are until [`State::refresh_merged`].
    pub(super) fn merge(&mut self, operation: &Operation) -> bool {
        match &operation.change {
            Change::Search { name, query } => {
                let new = (&operation.stamp, query);
                match self.searches.get_mut(name) {
                    Some(known) if (&known.0, &known.1) >= new => return false,
                    Some(known) => *known = (new.0.clone(), new.1.clone()),
                    None => {
                        let value = (new.0.clone(), new.1.clone());
                        self.searches.insert(name.clone(), value);
                    }
                }
                true
            }
            Change::Item(_) | Change::Other { .. } => false,
            change => {
                let number = self.entry_number(&operation.paper);
                let Some(entry) = self.entries.get_mut(number) else {
                    return false;
                };
                let changed = entry.record.apply(operation);
                if changed {
                    if matches!(change, Change::Identifiers(_)) {
                        self.placement.note_new(number);
                    }
                    self.placement.note_changed(number);
                }
                changed
            }
        }
    }

    /// Number of the entry of a key, made if there is none.
    fn entry_number(&mut self, key: &str) -> u32 {
        if let Some(number) = self.keys.get(key) {
            return number;
        }
        let number = self.entries.len() as u32;
        let key: Arc<str> = Arc::from(key);
        self.keys.insert(Arc::clone(&key), number);
        self.entries.push(Entry {
            key,
            record: Record::default(),
            home: Home::Own,
        });
        self.placement.note_new(number);
        number
    }

    pub(super) fn entry_of_key(&self, key: &str) -> Option<&Entry> {
        self.entries.get(self.keys.get(key)?)
    }

    /// The record of a paper of the library.
    fn record(&self, paper: &str) -> Option<&Record> {
        match self.placement.exception(paper) {
            Some(exception) => exception.record.as_ref(),
            None => self.entry_of_key(paper).map(|entry| &entry.record),
        }
    }

    /// What lists show of a paper, by its id in the library.
    pub fn summary(&self, paper: &str) -> Summary {
        self.record(paper).map(Record::summary).unwrap_or_default()
    }

    /// Everything the reader added to a paper, by its id in the library.
    pub fn paper(&self, paper: &str) -> PaperState {
        self.record(paper).map(Record::state).unwrap_or_default()
    }

    /// The tags of a paper in order, without the rest of its state.
    pub fn tags_of(&self, paper: &str) -> impl Iterator<Item = &str> {
        self.record(paper).into_iter().flat_map(Record::tags)
    }

    /// One comment of a paper.
    pub fn comment(&self, paper: &str, comment: &str) -> Option<Comment> {
        self.record(paper)?.comment(comment)
    }

    /// The value now of the field (the tag, the comment, …) of which `change` is another value. For
    /// [`Change::Item`], which the state does not keep, the empty value.
    pub fn current(&self, paper: &str, change: &Change) -> Change {
        match change {
            Change::Search { name, .. } => Change::Search {
                name: name.clone(),
                query: self.searches.get(name).and_then(|(_, query)| query.clone()),
            },
            _ => self
                .record(paper)
                .map_or_else(|| change.emptied(), |record| record.current(change)),
        }
    }

    /// The same by the journal key: of the paper that the key means.
    pub(super) fn current_of_key(&self, key: &str, change: &Change) -> Change {
        match self
            .entry_of_key(key)
            .map(|entry| (&entry.home, &entry.record))
        {
            // Whether a copy was deleted is not said of the paper that it went into.
            Some((Home::Paper(_), record)) if matches!(change, Change::Deleted(_)) => {
                record.current(change)
            }
            Some((Home::Paper(paper), _)) => self.current(paper, change),
            _ => self.current(key, change),
        }
    }

    /// Papers that have a record, with the id they have in the library; orphans and deleted papers not among them.
    fn papers(&self) -> impl Iterator<Item = (&str, &Record)> {
        let own = self.entries.iter().filter(|entry| {
            matches!(entry.home, Home::Own)
                && !entry.key.is_empty()
                && self.placement.exception(&entry.key).is_none()
        });
        let own = own.map(|entry| (&*entry.key, &entry.record));
        own.chain(self.placement.papers())
            .filter(|(_, record)| !record.summary().deleted)
    }

    /// Every paper that has some state, and its summary, in no order; orphans and deleted papers not among them.
    pub fn summaries(&self) -> impl Iterator<Item = (&str, Summary)> {
        self.papers()
            .map(|(paper, record)| (paper, record.summary()))
    }

    /// All tags with the number of papers that have them, in order.
    pub fn tags(&self) -> BTreeMap<&str, usize> {
        let mut tags = BTreeMap::new();
        for (_, record) in self.papers() {
            for tag in record.tags() {
                *tags.entry(tag).or_insert(0) += 1;
            }
        }
        tags
    }

    /// The reading queue, first paper first.
    pub fn queue(&self) -> Vec<QueueEntry> {
        let mut queue: Vec<QueueEntry> = self
            .papers()
            .filter_map(|(paper, record)| {
                Some(QueueEntry {
                    paper: paper.to_owned(),
                    place: record.queue()?.clone(),
                })
            })
            .collect();
        queue.sort_by(|a, b| (&a.place, &a.paper).cmp(&(&b.place, &b.paper)));
        queue
    }

    /// The changes that put a paper at `index` of the queue (counted without the paper itself; beyond the end: last):
    /// one, or a few more where two machines gave the same place to two papers.
    pub fn queue_at(&self, paper: &str, index: usize) -> Vec<(String, Change)> {
        let mut queue = self.queue();
        queue.retain(|entry| entry.paper != paper);
        let index = index.min(queue.len());
        let mut before = index
            .checked_sub(1)
            .and_then(|before| queue.get(before))
            .map(|entry| entry.place.clone());
        let mut rest = queue.into_iter().skip(index);
        let mut changes = Vec::new();
        let mut moving = paper.to_owned();
        loop {
            let after = rest.next();
            let after_place = after.as_ref().map(|entry| &entry.place);
            if let Some(place) = Place::between(before.as_ref(), after_place) {
                changes.push((moving, Change::Queue(Some(place))));
                return changes;
            }
            // No room: this one goes behind the next, and the next moves on.
            let place = Place::between(before.as_ref(), None);
            let Some(next) = after else { return changes };
            changes.push((moving, Change::Queue(place.clone())));
            moving = next.paper;
            before = place;
        }
    }

    /// This program may write the library: it made it, or the reader has said so.
    pub fn owns_library(&self) -> bool {
        self.current("", &Change::Owned(false)) == Change::Owned(true)
    }

    /// Saved searches by name.
    pub fn searches(&self) -> impl Iterator<Item = (&str, &str)> {
        self.searches
            .iter()
            .filter_map(|(name, (_, query))| Some((&**name, query.as_deref()?)))
    }

    /// State whose paper is not in the library, by the key it had, in order; see [`State::place`]. Papers that were
    /// deleted on purpose are left out, and those of which only dates are known: nobody wrote those.
    pub fn orphans(&self) -> Vec<(&str, PaperState)> {
        let orphans = self.entries.iter().filter(|entry| {
            let is_deleted = entry.record.summary().deleted;
            matches!(entry.home, Home::Orphan) && !entry.key.is_empty() && !is_deleted
        });
        let mut orphans: Vec<_> = orphans
            .map(|entry| (&*entry.key, entry.record.state()))
            .filter(|(_, state)| {
                *state
                    != PaperState {
                        added: state.added,
                        opened: state.opened,
                        finished: state.finished,
                        deleted: state.deleted,
                        ..PaperState::default()
                    }
            })
            .collect();
        orphans.sort_by(|a, b| a.0.cmp(b.0));
        orphans
    }

    /// Number of journal keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// No journal says anything about any paper.
    pub fn is_empty(&self) -> bool {
        self.entries.len() == 0
    }
}

/// Equal states answer every question alike; in which order the operations came does not show.
impl PartialEq for State {
    fn eq(&self, other: &State) -> bool {
        self.searches == other.searches
            && self.entries.len() == other.entries.len()
            && self.entries.iter().all(|entry| {
                other
                    .entry_of_key(&entry.key)
                    .is_some_and(|theirs| theirs.record == entry.record)
            })
    }
}
