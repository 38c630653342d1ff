//! The journals of the library that a command works with.

use std::path::Path;

use super::failure::{Failure, say};
use super::library::Session;
use crate::core::catalogue::Catalogue;
use crate::core::journal::{Edit, Ledger, Operation, identifiers};
use crate::core::notes::LibraryIdentities;
use crate::core::paper::PaperNo;
use crate::runtime::place::Place;
use crate::runtime::source::reason;
use crate::runtime::store::{Access, Directories, Location, Opened, SaveError, Store};

/// Where the journals of a library are.
pub(super) fn location(place: &Place, directories: &Directories) -> Result<Location, Failure> {
    Ok(match place {
        Place::File(path) => Location::of_library(path, directories).map_err(|error| {
            let (name, reason) = (place.name(), reason(&error));
            Failure::Failed(format!("{name}: {reason}; check the path and the disk"))
        })?,
        Place::Example => Location::of_example(directories)
            .or_else(|| Location::of_library(Path::new("example.json"), directories).ok())
            .ok_or_else(|| Failure::Failed("there is no data folder; set HOME".to_owned()))?,
    })
}

/// Opens the journals of a library.
pub(super) fn open(place: &Place, access: Access) -> Result<Opened, Failure> {
    let directories = Directories::from_process();
    let location = location(place, &directories)?;
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
        let library = LibraryIdentities::new(&catalogue.library, catalogue.source.as_ref());
        ledger.state_mut().place(&library);
    }
    ledger
}

/// Whether the notes of these papers can be found without the rest of the library: not where a paper shares no
/// identifier with what the journals know of its id, which then means another paper, nor where another id shares one,
/// which may be that of a copy.
pub(super) fn are_sure(catalogue: &Catalogue, ids: &[String], ledger: &Ledger) -> bool {
    let state = ledger.state();
    ids.iter().all(|id| {
        let no = catalogue.library.find_id(id);
        let own = no.map(|no| catalogue.library.identifiers(no, catalogue.source.as_ref()));
        let own = own.unwrap_or_default();
        let known = state.identifiers_of(id);
        let is_same = known.is_empty() || own.iter().any(|one| known.contains(one));
        is_same && !state.is_known_elsewhere(id, &own)
    })
}

fn not_saved(error: &SaveError) -> Failure {
    Failure::Failed(error.one_line())
}

/// Makes a change: `change` gets the ledger as it is on the disk now, and its operations are durable on return.
pub(super) fn change<T>(
    session: &Session,
    change: impl FnOnce(&mut Ledger) -> (Vec<Operation>, T),
) -> Result<T, Failure> {
    let (store, mut ledger) = if let Some(store) = &session.store {
        (store.clone(), Ledger::clone(&session.catalogue.notes))
    } else {
        let opened = open(&session.library, Access::Change)?;
        (opened.store, placed(&session.catalogue, opened.ledger))
    };
    let (operations, answer) = change(&mut ledger);
    store
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
