//! Papers that come into a library: which of them are there already, under which ids the others come in, and what is
//! noted of them.
//!
//! [`Shelf`] knows the works of the library and takes in those that come, one after another, so that a work that comes
//! twice comes in once. [`intake`] makes the changes of the library of what it said, and [`noted_edits`] the
//! changes of the journals.

mod noted;
mod placing;
mod receiving;
#[cfg(test)]
mod tests;

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;
use foldhash::{HashMap, HashMapExt as _};
use serde_json::{Map, Value};

pub use noted::{noted_edits, queue_edits};
pub use placing::{Intake, Placed, intake};
pub use receiving::{Outcome, Work, notes, placed, receive};

use super::duplicates::{Certainty, Finder, Reason, Relation, Signature};
use super::item::Item;
use super::library::{ItemSource, Library, SourceError};
use super::paper::PaperNo;

/// What becomes of a work that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// It stays out.
    #[default]
    Skip,
    /// It is merged into the paper that is there, field by field.
    Merge,
    /// It comes in as a paper of its own.
    KeepBoth,
}

/// A paper that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    /// In the library.
    Paper(PaperNo),
    /// Among those that came before it, by its number.
    Arrival(usize),
}

/// Why a work is taken for one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Both say the same in every field.
    Same,
    /// By an identifier, or by title, author and year.
    Work(Reason),
}

impl Likeness {
    /// The stable name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Likeness::Same => "same",
            Likeness::Work(reason) => reason.name(),
        }
    }
}

impl std::fmt::Display for Likeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Likeness::Same => f.write_str("same in every field"),
            Likeness::Work(reason) => reason.fmt(f),
        }
    }
}

/// What was found of a work that came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrival {
    /// The paper that it is, if it is there already.
    pub duplicate: Option<(Known, Likeness)>,
    /// Papers that are other versions of the work: a preprint, or what was published of it.
    pub versions: Vec<(Known, Reason)>,
    /// Papers that are perhaps the same: too little is known to say.
    pub perhaps: Vec<(Known, Reason)>,
}

/// The works of a library, and those that came.
pub struct Shelf<'a> {
    library: &'a Library,
    source: &'a dyn ItemSource,
    finder: Finder,
    /// Numbers of the arrivals that are papers of their own, in the order of the finder.
    arrivals: Vec<usize>,
    by_content: HashMap<u64, Vec<Known>>,
    count: usize,
}

impl<'a> Shelf<'a> {
    /// Reads the items of a library once.
    ///
    /// # Errors
    /// When the library cannot be read or has changed.
    pub fn new(library: &'a Library, source: &'a dyn ItemSource) -> Result<Shelf<'a>, SourceError> {
        let mut finder = Finder::default();
        let mut by_content: HashMap<u64, Vec<Known>> = HashMap::new();
        for no in library.numbers() {
            let item = library.item(no, source)?;
            finder.add(Signature::of(&item));
            let known = by_content.entry(rough(item.fields())).or_default();
            known.push(Known::Paper(no));
        }
        Ok(Shelf {
            library,
            source,
            finder,
            arrivals: Vec::new(),
            by_content,
            count: 0,
        })
    }

    /// The paper of the library that has an identifier of this item for certain.
    pub fn holding(&self, item: &Item) -> Option<(PaperNo, Reason)> {
        let found = self.finder.matches(item);
        let sure = found.into_iter().find(|one| {
            one.relation == Relation::Same
                && one.certainty == Certainty::Certain
                && (one.paper.0 as usize) < self.library.len()
        })?;
        Some((sure.paper, sure.reason))
    }

    /// Takes in the next work. `earlier` gives the items of those that came before, by their numbers.
    ///
    /// # Errors
    /// When the library cannot be read or has changed.
    pub fn take<'i>(
        &mut self,
        item: &'i Item,
        policy: Policy,
        earlier: &dyn Fn(usize) -> Option<&'i Item>,
    ) -> Result<Arrival, SourceError> {
        let signature = Signature::of(item);
        let mut arrival = Arrival::default();
        for found in self.finder.matches_of(&signature) {
            let known = self.known(found.paper);
            match (found.relation, found.certainty) {
                (Relation::Same, Certainty::Possible) => {
                    arrival.perhaps.push((known, found.reason));
                }
                (Relation::Same, _) if arrival.duplicate.is_none() => {
                    arrival.duplicate = Some((known, Likeness::Work(found.reason)));
                }
                (Relation::Same, _) => {}
                (Relation::Versions, _) => arrival.versions.push((known, found.reason)),
            }
        }
        let content = rough(item.fields());
        if arrival.duplicate.is_none() {
            let same = self.same(item, content, earlier)?;
            arrival.duplicate = same.map(|known| (known, Likeness::Same));
        }
        let number = self.count;
        self.count += 1;
        if arrival.duplicate.is_none() || policy == Policy::KeepBoth {
            self.finder.add(signature);
            self.arrivals.push(number);
            let known = self.by_content.entry(content).or_default();
            known.push(Known::Arrival(number));
        }
        Ok(arrival)
    }

    fn known(&self, no: PaperNo) -> Known {
        let arrival = (no.0 as usize).checked_sub(self.library.len());
        match arrival.and_then(|at| self.arrivals.get(at)) {
            Some(number) => Known::Arrival(*number),
            None => Known::Paper(no),
        }
    }

    /// A paper that says the same: works whose titles tell nothing are known by this alone.
    fn same<'i>(
        &self,
        item: &'i Item,
        content: u64,
        earlier: &dyn Fn(usize) -> Option<&'i Item>,
    ) -> Result<Option<Known>, SourceError> {
        for known in self.by_content.get(&content).into_iter().flatten() {
            let is_same = match known {
                Known::Paper(no) => {
                    let theirs = self.library.item(*no, self.source)?;
                    says_the_same(item, &theirs)
                }
                Known::Arrival(number) => {
                    earlier(*number).is_some_and(|theirs| says_the_same(item, theirs))
                }
            };
            if is_same {
                return Ok(Some(*known));
            }
        }
        Ok(None)
    }
}

/// A hash that two items with the same title and authors share.
fn rough(fields: &Map<String, Value>) -> u64 {
    let text = |field: &str| fields.get(field).map(Value::to_string);
    FixedState::default().hash_one((text("title"), text("author"), text("type")))
}

/// All fields but the id are alike. Without a title the id has to be the same as well: little else tells such items
/// apart.
fn says_the_same(one: &Item, other: &Item) -> bool {
    let (ours, theirs) = (one.fields(), other.fields());
    let count = |fields: &Map<String, Value>| fields.keys().filter(|key| *key != "id").count();
    let is_told = one.text("title").is_some() || one.id() == other.id();
    is_told
        && count(ours) == count(theirs)
        && ours
            .iter()
            .all(|(key, value)| key == "id" || theirs.get(key) == Some(value))
}
