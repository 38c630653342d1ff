//! Works on their way in: what is known of each, and what is to be done for all of them.

use super::{Arrival, Intake, Placed, Policy, Shelf, intake, noted_edits, queue_edits};
use crate::core::import::Noted;
use crate::core::item::Item;
use crate::core::journal::{Edit, Ledger, identifiers};
use crate::core::library::{ItemSource, Library, SourceError};

/// A work that comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The item.
    pub item: Item,
    /// What was noted of it elsewhere.
    pub noted: Noted,
    /// Where it comes from: a file with the line, or what was asked for.
    pub origin: String,
    /// What was noted is for the paper that is here already, too.
    pub is_for_known: bool,
}

/// What was done with works, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What was found of each work.
    pub arrivals: Vec<Arrival>,
    /// What is to be done to the library.
    pub intake: Intake,
    /// Something was written: into the library, or into the journals alone.
    pub is_written: bool,
}

/// What a library has of works, and under which ids the others would come in. `taken` says of an id whether the file has
/// a paper of it.
///
/// # Errors
/// When the library cannot be read or has changed.
pub fn receive(
    works: &[Work],
    policy: Policy,
    (library, source): (&Library, &dyn ItemSource),
    taken: &dyn Fn(&str) -> bool,
) -> Result<Outcome, SourceError> {
    let mut shelf = Shelf::new(library, source)?;
    let earlier = |number: usize| works.get(number).map(|work| &work.item);
    let arrivals = works
        .iter()
        .map(|work| shelf.take(&work.item, policy, &earlier))
        .collect::<Result<Vec<_>, _>>()?;
    let intake = placed(works, &arrivals, policy, (library, source), taken)?;
    Ok(Outcome {
        arrivals,
        intake,
        is_written: false,
    })
}

/// The changes of the library for works of which it is known what it has of them.
///
/// # Errors
/// When the library cannot be read or has changed.
pub fn placed(
    works: &[Work],
    arrivals: &[Arrival],
    policy: Policy,
    (library, source): (&Library, &dyn ItemSource),
    taken: &dyn Fn(&str) -> bool,
) -> Result<Intake, SourceError> {
    let items: Vec<&Item> = works.iter().map(|work| &work.item).collect();
    let taken = |id: &str| taken(id) || library.find_id(id).is_some();
    intake(&items, arrivals, policy, (library, source), &taken)
}

/// What came along with works, for the papers that they are now.
///
/// `now_ms`: ms since 1970.
pub fn notes(ledger: &Ledger, works: &[Work], intake: &Intake, now_ms: u64) -> Vec<Edit> {
    let mut comments = 0;
    let mut edits = Vec::new();
    let mut queued = Vec::new();
    for (work, placed) in works.iter().zip(&intake.placed) {
        if matches!(placed, Placed::Left(_)) && !work.is_for_known {
            continue;
        }
        let item = intake.items.get(placed.id()).unwrap_or(&work.item);
        if let Some(place) = work.noted.queue {
            queued.push((place, placed.id(), identifiers(item)));
        }
        edits.extend(noted_edits(
            ledger,
            placed.id(),
            &identifiers(item),
            &work.noted,
            &mut comments,
            now_ms,
        ));
    }
    edits.extend(queue_edits(ledger, queued));
    edits
}
