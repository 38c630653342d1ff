//! Changing the library for the app, on a worker.

use std::cell::RefCell;

use super::incoming::target;
use super::library_file::LibraryFile;
use super::loader;
use super::place::Place;
use super::source::reason;
use super::store::{Access, Directories, Location, Store, wall_clock_ms};
use crate::app::writing::{Arriving, LibraryWritten, Wanted};
use crate::core::catalogue::Catalogue;
use crate::core::editing::edits_of;
use crate::core::incoming::{Intake, notes, receive};
use crate::core::journal::{Change, Edit};
use crate::core::library::rewrite::{ItemChange, Survey};

/// The changes that were made and the numbers of those that were not; for papers that came in, where they are now.
type Done = ((Vec<ItemChange>, Vec<usize>), Option<Box<Intake>>);

/// Does to the library what is wanted.
pub(super) fn write(catalogue: &Catalogue, place: &Place, wanted: Wanted) -> LibraryWritten {
    let is_begun = *place == Place::Example;
    let done = match &wanted {
        Wanted::Add(arriving) if is_begun => begin(arriving),
        wanted => change(catalogue, place, wanted),
    };
    let (result, intake) = match done {
        Ok((done, intake)) => (Ok(done), intake),
        Err(reason) => (Err(reason), None),
    };
    LibraryWritten {
        wanted,
        result,
        intake,
        is_begun,
    }
}

fn location(place: &Place) -> Result<Location, String> {
    let path = target(place)?;
    Location::of_library(&path, &Directories::from_process())
        .map_err(|error| format!("{}: {}", place.name(), reason(&error)))
}

fn file_of(location: &Location) -> Result<LibraryFile, String> {
    LibraryFile::of(location).ok_or_else(|| "the library is no file".to_owned())
}

fn change(catalogue: &Catalogue, place: &Place, wanted: &Wanted) -> Result<Done, String> {
    if *place == Place::Example {
        return Err("the example library is part of the program and is not changed".to_owned());
    }
    let file = file_of(&location(place)?)?;
    if let Wanted::Add(arriving) = wanted {
        return add(&file, place, arriving);
    }
    let mut items = Vec::new();
    if let Wanted::Delete(papers) = wanted {
        for paper in papers {
            let item = catalogue.item(*paper).map_err(|error| error.to_string())?;
            items.push(item.fields().clone());
        }
    }
    let changes = wanted.changes(items);
    let written = file
        .change(wanted.is_all_or_none(), |_| changes.clone())
        .map_err(|error| error.to_string())?;
    Ok(((changes, written.refused), None))
}

/// Brings papers into a file, as it is when nobody else writes it.
fn add(file: &LibraryFile, place: &Place, arriving: &Arriving) -> Result<Done, String> {
    let (intake, failed) = (RefCell::new(Intake::default()), RefCell::new(None));
    let changes = |survey: &Survey| {
        let received = loader::open(place)
            .map_err(|error| error.to_string())
            .and_then(|opened| {
                let loaded = loader::load_all(&opened).map_err(|error| error.to_string())?;
                let into = (&loaded.library, opened.source());
                let into = (into.0, into.1.as_ref());
                let taken = |id: &str| survey.has_id(id);
                let received = receive(&arriving.works, arriving.policy, into, &taken);
                received.map_err(|error| error.to_string())
            });
        match received {
            Ok(outcome) => {
                let changes = outcome.intake.changes.clone();
                intake.replace(outcome.intake);
                changes
            }
            Err(reason) => {
                failed.replace(Some(reason));
                Vec::new()
            }
        }
    };
    let written = file
        .change(true, changes)
        .map_err(|error| error.to_string())?;
    if let Some(reason) = failed.into_inner() {
        return Err(reason);
    }
    let intake = intake.into_inner();
    let changes = intake.changes.clone();
    Ok(((changes, written.refused), Some(Box::new(intake))))
}

/// Begins the reader's own library with papers, and writes its journal as well: the app does not have it open yet.
fn begin(arriving: &Arriving) -> Result<Done, String> {
    let path = target(&Place::Example)?;
    let place = Place::File(path);
    let location = location(&place)?;
    let file = file_of(&location)?;
    let not_saved = |error: super::store::SaveError| error.one_line();
    let opened = Store::open(location, &Directories::from_process(), Access::Change);
    let mut opened = opened.map_err(not_saved)?;
    // First, so that nobody finds a file of unknown origin.
    let now = wall_clock_ms();
    let own = Edit::new("", Vec::new(), Change::Owned(true));
    let operations = opened.ledger.edit(now, vec![own]);
    opened.store.commit(&operations).map_err(not_saved)?;
    file.create().map_err(|error| error.to_string())?;
    let (done, intake) = add(&file, &place, arriving)?;
    if let Some(intake) = &intake {
        let mut edits: Vec<Edit> = done.0.iter().flat_map(|one| edits_of(one, now)).collect();
        edits.extend(notes(&opened.ledger, &arriving.works, intake, now));
        let operations = opened.ledger.edit(now, edits);
        opened.store.commit(&operations).map_err(not_saved)?;
    }
    Ok((done, intake))
}
