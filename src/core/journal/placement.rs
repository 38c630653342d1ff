//! Which paper of the library a journal key means.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::identity::key_of;
use super::record::Record;
use super::state::State;

/// What the state has to know of a library to find the papers in it.
pub trait Identities {
    /// A paper has this id.
    fn contains(&self, id: &str) -> bool;
    /// The paper of this id has this identifier (in the form of [`super::normal_identifier`]).
    fn holds(&self, id: &str, identifier: &str) -> bool;
    /// Id of the first paper that has this identifier.
    fn find(&self, identifier: &str) -> Option<&str>;
}

/// Ids and identifiers of a library, for those who have no index of them.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    papers: HashMap<Arc<str>, Vec<Box<str>>>,
    by_identifier: HashMap<Box<str>, Arc<str>>,
}

impl Catalog {
    /// Takes every paper's id and its identifiers, as [`super::identifiers`] gives them.
    pub fn new<'a>(papers: impl IntoIterator<Item = (&'a str, Vec<Box<str>>)>) -> Catalog {
        let mut catalog = Catalog {
            papers: HashMap::new(),
            by_identifier: HashMap::new(),
        };
        for (id, identifiers) in papers {
            let id: Arc<str> = Arc::from(id);
            for identifier in &identifiers {
                let first = catalog.by_identifier.entry(identifier.clone());
                first.or_insert_with(|| Arc::clone(&id));
            }
            catalog.papers.entry(id).or_default().extend(identifiers);
        }
        catalog
    }
}

impl Identities for Catalog {
    fn contains(&self, id: &str) -> bool {
        self.papers.contains_key(id)
    }

    fn holds(&self, id: &str, identifier: &str) -> bool {
        let identifiers = self.papers.get(id);
        identifiers.is_some_and(|all| all.iter().any(|one| **one == *identifier))
    }

    fn find(&self, identifier: &str) -> Option<&str> {
        self.by_identifier.get(identifier).map(|id| &**id)
    }
}

/// Where the state of a key belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Home {
    /// To the paper whose id is the key (or no library was asked yet).
    #[default]
    Own,
    /// To the paper of this id.
    Paper(Arc<str>),
    /// To none that is in the library.
    Orphan,
}

/// A paper whose state is not simply that of the key equal to its id.
#[derive(Debug, Clone)]
pub(super) struct Exception {
    /// Entries that belong to it, in the order of their keys.
    entries: Vec<u32>,
    /// All of them merged; `None` when there are none.
    pub(super) record: Option<Record>,
}

/// The papers whose id is not (or not the only one) their journal key: few, most often none.
#[derive(Debug, Clone, Default)]
pub(super) struct Placement {
    exceptions: HashMap<Arc<str>, Arc<Exception>>,
    /// Entries that came, or whose identifiers changed, since the library was last asked.
    new: Vec<u32>,
    /// Entries whose change is not yet in the record of their exception.
    changed: BTreeSet<u32>,
}

impl Placement {
    pub(super) fn exception(&self, paper: &str) -> Option<&Exception> {
        if self.exceptions.is_empty() {
            return None;
        }
        self.exceptions.get(paper).map(Arc::as_ref)
    }

    pub(super) fn papers(&self) -> impl Iterator<Item = (&str, &Record)> {
        self.exceptions
            .iter()
            .filter_map(|(paper, exception)| Some((&**paper, exception.record.as_ref()?)))
    }

    pub(super) fn note_changed(&mut self, number: u32) {
        if !self.exceptions.is_empty() {
            self.changed.insert(number);
        }
    }

    pub(super) fn note_new(&mut self, number: u32) {
        if self.new.last() != Some(&number) {
            self.new.push(number);
        }
    }
}

/// The citekey that a paper has now, as far as the journals tell.
fn renamed<'a>(
    key: &str,
    identifiers: &'a [Box<str>],
    library: &impl Identities,
) -> Option<&'a str> {
    let keys = identifiers.iter().filter_map(|one| key_of(one));
    let mut others = keys.filter(|other| *other != key && library.contains(other));
    others.next()
}

impl State {
    /// Finds the papers of a library that the journal keys mean; to be called when the library was loaded anew.
    ///
    /// A key means
    /// 1. the paper of that id, if it shares an identifier with what the journals know of it;
    /// 2. else the first paper that has one of these identifiers: its citekey was changed;
    /// 3. else the paper of the citekey that this one was changed to;
    /// 4. else the paper of that id: its identifiers were added, corrected or are not known;
    /// 5. else none: the state is kept and shown among [`State::orphans`].
    pub fn place(&mut self, library: &impl Identities) {
        self.placement.exceptions.clear();
        self.placement.new.clear();
        for number in 0..self.entries.len() {
            self.find_home(number as u32, library);
        }
        self.gather_exceptions();
    }

    /// Places what came since the last [`State::place`] of the same library. Free when nothing did.
    pub fn place_new(&mut self, library: &impl Identities) {
        let new = std::mem::take(&mut self.placement.new);
        let mut moved = false;
        for number in new {
            moved |= self.find_home(number, library);
        }
        if moved {
            self.placement.exceptions.clear();
            self.gather_exceptions();
        }
    }

    /// Keys came since the library was last asked that may mean another paper than they say, or none.
    pub fn has_unplaced(&self) -> bool {
        !self.placement.new.is_empty()
    }

    /// Returns whether the home is another one than before.
    fn find_home(&mut self, number: u32, library: &impl Identities) -> bool {
        let Some(entry) = self.entries.get(number) else {
            return false;
        };
        let (key, identifiers) = (&*entry.key, entry.record.identifiers());
        let home = if identifiers.iter().any(|one| library.holds(key, one)) {
            Home::Own
        } else if let Some(paper) = identifiers.iter().find_map(|one| library.find(one)) {
            Home::Paper(Arc::from(paper))
        } else if let Some(paper) = renamed(key, identifiers, library) {
            Home::Paper(Arc::from(paper))
        } else if library.contains(key) {
            Home::Own
        } else {
            Home::Orphan
        };
        let moved = home != entry.home;
        // What stays where it is stays shared with whoever looks at the state meanwhile.
        if moved && let Some(entry) = self.entries.get_mut(number) {
            entry.home = home;
        }
        moved
    }

    fn gather_exceptions(&mut self) {
        let mut of_paper: HashMap<Arc<str>, Vec<u32>> = HashMap::new();
        for (number, entry) in self.entries.iter().enumerate() {
            if let Home::Paper(paper) = &entry.home {
                of_paper
                    .entry(Arc::clone(paper))
                    .or_default()
                    .push(number as u32);
                // The paper that has this key as its id now is another one.
                of_paper.entry(Arc::clone(&entry.key)).or_default();
            }
        }
        for (paper, mut entries) in of_paper {
            let own = self.keys.get(&paper);
            let own = own.filter(|number| {
                let entry = self.entries.get(*number);
                entry.is_some_and(|entry| matches!(entry.home, Home::Own))
            });
            entries.extend(own);
            entries.sort_by_key(|number| self.entries.get(*number).map(|e| &e.key));
            let record = self.merged(&paper, &entries);
            let exception = Arc::new(Exception { entries, record });
            self.placement.exceptions.insert(paper, exception);
        }
    }

    fn merged(&self, paper: &str, entries: &[u32]) -> Option<Record> {
        let mut merged: Option<Record> = None;
        for number in entries {
            if let Some(entry) = self.entries.get(*number) {
                let into = merged.get_or_insert_default();
                if *entry.key == *paper {
                    into.join(&entry.record);
                } else {
                    // A copy of it was deleted, not this paper.
                    into.join_but_deleted(&entry.record);
                }
            }
        }
        merged
    }

    /// Brings the merged records up to date of which changed entries are part.
    pub(super) fn refresh_merged(&mut self) {
        let mut papers: BTreeSet<Arc<str>> = BTreeSet::new();
        for number in std::mem::take(&mut self.placement.changed) {
            let Some(entry) = self.entries.get(number) else {
                continue;
            };
            match &entry.home {
                Home::Paper(paper) => papers.insert(Arc::clone(paper)),
                Home::Own => papers.insert(Arc::clone(&entry.key)),
                Home::Orphan => continue,
            };
        }
        for paper in papers {
            let exception = self.placement.exceptions.get(&paper);
            let Some(entries) = exception.map(|exception| exception.entries.clone()) else {
                continue;
            };
            let record = self.merged(&paper, &entries);
            let exception = Arc::new(Exception { entries, record });
            self.placement.exceptions.insert(paper, exception);
        }
    }

    /// The journal keys of a paper of the library.
    pub fn keys_of(&self, paper: &str) -> Vec<&str> {
        let Some(exception) = self.placement.exception(paper) else {
            let entry = self.entry_of_key(paper);
            return entry.map(|entry| &*entry.key).into_iter().collect();
        };
        let entries = exception.entries.iter();
        entries
            .filter_map(|number| Some(&*self.entries.get(*number)?.key))
            .collect()
    }

    /// The identifiers that the journals know of a paper.
    pub fn identifiers_of(&self, paper: &str) -> Vec<Box<str>> {
        let keys = self.keys_of(paper);
        let entries = keys.into_iter().filter_map(|key| self.entry_of_key(key));
        entries
            .flat_map(|entry| entry.record.identifiers())
            .cloned()
            .collect()
    }

    /// Another key than this one is known by one of these identifiers: it may mean the same paper, or a copy of it.
    pub fn is_known_elsewhere(&self, key: &str, identifiers: &[Box<str>]) -> bool {
        self.entries.iter().any(|entry| {
            let known = entry.record.identifiers();
            *entry.key != *key && known.iter().any(|one| identifiers.contains(one))
        })
    }

    /// The key under which a change of a paper is written: one that means this paper and no other.
    pub(super) fn key_for(&self, paper: &str) -> Arc<str> {
        let keys = self.keys_of(paper);
        if let Some(key) = keys.iter().find(|key| **key == paper).or(keys.first()) {
            return Arc::from(*key);
        }
        if self.entry_of_key(paper).is_none() {
            return Arc::from(paper);
        }
        // The citekey now names another paper than it did: the number keeps the two apart, the identifiers lead here.
        let mut number = 2_u64;
        loop {
            let key = format!("{paper}#{number}");
            if self.entry_of_key(&key).is_none() {
                return Arc::from(key);
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Change, Edit, Ledger, Status};
    use super::*;

    fn ids(list: &[&str]) -> Vec<Box<str>> {
        list.iter().map(|id| Box::from(*id)).collect()
    }

    fn starred(paper: &str, identifiers: &[&str]) -> Edit {
        Edit::new(paper, ids(identifiers), Change::Starred(true))
    }

    #[test]
    fn state_follows_a_paper_whose_citekey_changed() {
        let mut ledger = Ledger::new("m-1");
        ledger.edit(1, vec![starred("feng2026", &["doi:10.1/a"])]);
        let renamed = Catalog::new([("feng2026tcell", ids(&["doi:10.1/a"]))]);
        ledger.state_mut().place(&renamed);
        assert!(ledger.state().summary("feng2026tcell").starred);
        assert!(ledger.state().orphans().is_empty());
        // What is changed from now on joins it.
        let edit = Edit::new("feng2026tcell", Vec::new(), Change::Rating(4));
        ledger.edit(2, vec![edit]);
        let state = ledger.state().paper("feng2026tcell");
        assert_eq!((state.starred, state.rating), (true, 4));
        assert_eq!(ledger.state().keys_of("feng2026tcell"), ["feng2026"]);
    }

    #[test]
    fn a_citekey_given_to_another_paper_takes_no_state_along() {
        let mut ledger = Ledger::new("m-1");
        ledger.edit(1, vec![starred("smith2020", &["doi:10.1/a"])]);
        let library = Catalog::new([
            ("smith2020", ids(&["doi:10.1/b"])),
            ("smith2020a", ids(&["doi:10.1/a"])),
        ]);
        ledger.state_mut().place(&library);
        assert!(!ledger.state().summary("smith2020").starred);
        assert!(ledger.state().summary("smith2020a").starred);
        let edit = Edit::new("smith2020", ids(&["doi:10.1/b"]), Change::Rating(2));
        ledger.edit(2, vec![edit]);
        ledger.state_mut().place_new(&library);
        assert_eq!(ledger.state().summary("smith2020").rating, 2);
        let other = ledger.state().summary("smith2020a");
        assert_eq!((other.starred, other.rating), (true, 0));
    }

    #[test]
    fn a_corrected_identifier_keeps_the_state() {
        let mut ledger = Ledger::new("m-1");
        ledger.edit(1, vec![starred("a", &["arxiv:2101.00001"])]);
        let library = Catalog::new([("a", ids(&["doi:10.1/published"]))]);
        ledger.state_mut().place(&library);
        assert!(ledger.state().summary("a").starred);
    }

    #[test]
    fn two_papers_of_one_doi_keep_their_own_state() {
        let mut ledger = Ledger::new("m-1");
        ledger.edit(1, vec![starred("copy", &["doi:10.1/a"])]);
        let library = Catalog::new([
            ("first", ids(&["doi:10.1/a"])),
            ("copy", ids(&["doi:10.1/a"])),
        ]);
        ledger.state_mut().place(&library);
        assert!(ledger.state().summary("copy").starred);
        assert!(!ledger.state().summary("first").starred);
    }

    #[test]
    fn two_keys_of_one_paper_are_merged_by_time() {
        let mut one = Ledger::new("m-1");
        let mut two = Ledger::new("n-1");
        let doi = ids(&["doi:10.1/a"]);
        let old = one.edit(
            5,
            vec![Edit::new(
                "old",
                doi.clone(),
                Change::Status(Status::Reading),
            )],
        );
        let new = two.edit(
            9,
            vec![Edit::new("new", doi.clone(), Change::Status(Status::Read))],
        );
        let mut state = State::new();
        for operation in new.iter().chain(&old) {
            state.apply(operation);
        }
        state.place(&Catalog::new([("new", doi)]));
        assert_eq!(state.summary("new").status, Status::Read);
        assert_eq!(state.keys_of("new"), ["new", "old"]);
    }

    #[test]
    fn state_without_a_paper_is_kept_as_an_orphan() {
        let mut ledger = Ledger::new("m-1");
        ledger.edit(1, vec![starred("gone", &[])]);
        ledger.edit(
            1,
            vec![Edit::new("dated", Vec::new(), Change::Added(Some(3)))],
        );
        ledger
            .state_mut()
            .place(&Catalog::new([("here", Vec::new())]));
        let orphans = ledger.state().orphans();
        assert_eq!(orphans.len(), 1);
        assert_eq!(orphans[0].0, "gone");
        ledger
            .state_mut()
            .place(&Catalog::new([("gone", Vec::new())]));
        assert!(ledger.state().orphans().is_empty());
    }
}
