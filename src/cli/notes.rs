//! The journals of the library that a command works with.

use std::path::Path;

use super::failure::{Failure, say};
use super::library::Session;
use crate::core::catalogue::Catalogue;
use crate::core::journal::{Edit, Ledger, Operation, identifiers};
use crate::core::notes::LibraryIdentities;
use crate::core::paper::PaperNo;
use crate::runtime::place::Place;
use crate::runtime::store::{Access, Directories, Location, Opened, SaveError, Store};

/// Opens the journals of a library.
pub(super) fn open(place: &Place, access: Access) -> Result<Opened, Failure> {
    let directories = Directories::from_process();
    let location = match place {
        Place::File(path) => Location::of_library(path, &directories)
            .map_err(|error| Failure::Failed(format!("{}: {error}", place.name())))?,
        Place::Example => Location::of_example(&directories)
            .or_else(|| Location::of_library(Path::new("example.json"), &directories).ok())
            .ok_or_else(|| Failure::Failed("there is no data folder; set HOME".to_owned()))?,
    };
    Store::open(location, &directories, access).map_err(|error| not_saved(&error))
}

/// What is wrong with journals, in a line each, on standard error.
pub(super) fn warn(opened: &Opened) {
    for reason in &opened.unreadable {
        say(&format!("warning: {reason}"));
    }
    if let Some(first) = opened.problems.list.first() {
        say(&format!(
            "warning: {first} ({} lines of journals were skipped)",
            opened.problems.total
        ));
    }
}

/// The ledger with its papers found in the library.
pub(super) fn placed(catalogue: &Catalogue, mut ledger: Ledger) -> Ledger {
    if !ledger.state().is_empty() {
        ledger.state_mut().place(&LibraryIdentities::new(catalogue));
    }
    ledger
}

fn not_saved(error: &SaveError) -> Failure {
    Failure::Failed(format!("NOT SAVED: {error}"))
}

/// Makes a change: `change` gets the ledger as it is on the disk now, and its operations are durable on return.
pub(super) fn change<T>(
    session: &Session,
    change: impl FnOnce(&mut Ledger) -> (Vec<Operation>, T),
) -> Result<T, Failure> {
    let opened = open(&session.library, Access::Change)?;
    let mut ledger = placed(&session.catalogue, opened.ledger);
    let (operations, answer) = change(&mut ledger);
    opened
        .store
        .commit(&operations)
        .map_err(|error| not_saved(&error))?;
    Ok(answer)
}

/// The identifiers by which the state of a paper is found again.
pub(super) fn identifiers_of(session: &Session, no: PaperNo) -> Vec<Box<str>> {
    let item = session.catalogue.item(no);
    item.map(|item| identifiers(&item)).unwrap_or_default()
}

/// One edit of a paper.
pub(super) fn edit(session: &Session, no: PaperNo, change: crate::core::journal::Change) -> Edit {
    let id = session.catalogue.library.id(no);
    Edit::new(id, identifiers_of(session, no), change)
}
