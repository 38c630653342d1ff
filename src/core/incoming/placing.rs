//! The changes of a library that bring works into it.

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use serde_json::{Map, Value};

use super::{Arrival, Known, Policy};
use crate::core::cite::key;
use crate::core::duplicates::merge::{Merge, merge};
use crate::core::item::Item;
use crate::core::library::rewrite::{ItemChange, known_id};
use crate::core::library::{ItemSource, Library, SourceError};

/// Longer ids are no keys that anybody wrote, in bytes.
const LONGEST_ID: usize = 500;

/// Where a work that came is in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// It is a new paper of this id.
    New(String),
    /// It stays out: the paper of this id is the same.
    Left(String),
    /// It went into the paper of this id.
    Merged(String, Box<Merge>),
}

impl Placed {
    /// The id of the paper.
    pub fn id(&self) -> &str {
        match self {
            Placed::New(id) | Placed::Left(id) | Placed::Merged(id, _) => id,
        }
    }
}

/// What is to be done to a library.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intake {
    /// The changes of the file.
    pub changes: Vec<ItemChange>,
    /// Where each of the works is then.
    pub placed: Vec<Placed>,
    /// The items of the papers that something came into, by their ids, as they are then.
    pub items: HashMap<String, Item>,
}

/// The changes that bring works into a library, one [`Arrival`] for each. `taken` says of an id whether the file has
/// a paper of it.
///
/// An id of the work's own is kept where it is free; else it gets a letter. Where there is none, one is made of its
/// facts.
///
/// # Errors
/// When the library cannot be read or has changed.
pub fn intake(
    works: &[&Item],
    arrivals: &[Arrival],
    policy: Policy,
    (library, source): (&Library, &dyn ItemSource),
    taken: &dyn Fn(&str) -> bool,
) -> Result<Intake, SourceError> {
    let mut out = Intake::default();
    let mut given: HashSet<String> = HashSet::new();
    // The change that each paper has, so that several works go into one of them.
    let mut at: HashMap<Known, usize> = HashMap::new();
    for (number, (work, arrival)) in works.iter().zip(arrivals).enumerate() {
        let duplicate = arrival.duplicate.filter(|_| policy != Policy::KeepBoth);
        let Some((known, _)) = duplicate else {
            let id = free_id(work, &given, taken);
            given.insert(id.clone());
            let fields = with_id(work, &id);
            out.items
                .insert(id.clone(), Item::from_fields(fields.clone()));
            at.insert(Known::Arrival(number), out.changes.len());
            out.changes.push(ItemChange::Add(fields));
            out.placed.push(Placed::New(id));
            continue;
        };
        let at_known = at.get(&known).copied();
        let added_id = || {
            let change = out.changes.get(at_known?)?.after()?;
            Some(Item::from_fields(change.clone()).id().into_owned())
        };
        let id = match known {
            Known::Paper(no) => library.id(no).to_owned(),
            Known::Arrival(_) => added_id().unwrap_or_default(),
        };
        if policy == Policy::Skip {
            out.placed.push(Placed::Left(id));
            continue;
        }
        let before = match (known, at_known) {
            (_, Some(change)) => {
                let change = out.changes.get(change).and_then(ItemChange::after);
                Item::from_fields(change.cloned().unwrap_or_default())
            }
            (Known::Paper(no), None) => library.item(no, source)?,
            (Known::Arrival(_), None) => Item::default(),
        };
        let merge = merge(&before, work);
        if merge.item != before {
            let after = merge.item.fields().clone();
            let position = *at.entry(known).or_insert(out.changes.len());
            match out.changes.get_mut(position) {
                Some(ItemChange::Add(fields) | ItemChange::Replace { after: fields, .. }) => {
                    *fields = after;
                }
                _ => out.changes.push(ItemChange::Replace {
                    before: before.fields().clone(),
                    after,
                }),
            }
        }
        out.items.insert(id.clone(), merge.item.clone());
        out.placed.push(Placed::Merged(id, Box::new(merge)));
    }
    Ok(out)
}

/// The id under which a work comes in.
fn free_id(work: &Item, given: &HashSet<String>, taken: &dyn Fn(&str) -> bool) -> String {
    let own = known_id(work.fields());
    let wanted = if (1..=LONGEST_ID).contains(&own.len()) {
        own
    } else {
        key::KeySource::of(work).key()
    };
    key::unique(wanted, |id| given.contains(id) || taken(id))
}

/// The fields with this id, which stands first where the work had none.
fn with_id(work: &Item, id: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    if !work.fields().contains_key("id") {
        fields.insert("id".to_owned(), id.into());
    }
    for (field, value) in work.fields() {
        let value = if field == "id" {
            id.into()
        } else {
            value.clone()
        };
        fields.insert(field.clone(), value);
    }
    fields
}
