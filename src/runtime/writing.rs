//! Changing the library for the app, on a worker.

use std::path::Path;

use super::library_file::LibraryFile;
use super::place::Place;
use super::store::{Directories, Location};
use crate::app::writing::{LibraryWritten, Wanted};
use crate::core::catalogue::Catalogue;

/// Does to the library what is wanted.
pub(super) fn write(catalogue: &Catalogue, place: &Place, wanted: Wanted) -> LibraryWritten {
    let result = (|| {
        let Place::File(path) = place else {
            return Err("the example library is part of the program and is not changed".to_owned());
        };
        let mut items = Vec::new();
        if let Wanted::Delete(papers) = &wanted {
            for paper in papers {
                let item = catalogue.item(*paper).map_err(|error| error.to_string())?;
                items.push(item.fields().clone());
            }
        }
        let changes = wanted.changes(items);
        let location = Location::of_library(Path::new(path), &Directories::from_process())
            .map_err(|error| format!("{}: {}", place.name(), super::source::reason(&error)))?;
        let file =
            LibraryFile::of(&location).ok_or_else(|| format!("{}: no file", place.name()))?;
        let written = file.change(wanted.is_all_or_none(), |_| changes.clone());
        let written = written.map_err(|error| error.to_string())?;
        Ok((changes, written.refused))
    })();
    LibraryWritten { wanted, result }
}
