//! The libraries that there are: those of the configuration, the reader's own, and the example.

use std::path::{Path, PathBuf};

use super::Global;
use super::library::config_of;
use crate::config::NamedLibrary;
use crate::runtime::place::{Place, expand, own_library};

/// A library that can be opened by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) place: Place,
}

/// Those of the configuration in their order, then the reader's own, unless it is one of them.
pub(super) fn configured(global: &Global, named: &[NamedLibrary]) -> Vec<Known> {
    let folder = config_of(global).unwrap_or_default();
    let folder = folder.parent().unwrap_or(Path::new(""));
    let mut known: Vec<Known> = named
        .iter()
        .map(|named| Known {
            name: named.name().to_owned(),
            place: Place::File(expand(&named.path, folder)),
        })
        .collect();
    if let Some(own) = own_library().filter(|own| own.exists()) {
        add(&mut known, file_name(&own), own);
    }
    known
}

/// Adds a library, unless it is there already.
pub(super) fn add(known: &mut Vec<Known>, name: String, path: PathBuf) {
    let place = Place::File(path);
    if !known.iter().any(|one| is_same(&one.place, &place)) {
        known.push(Known { name, place });
    }
}

/// Whether two places are one library, whatever path leads there.
pub(super) fn is_same(one: &Place, other: &Place) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match (one, other) {
        (Place::File(one), Place::File(other)) => real(one) == real(other),
        (one, other) => one == other,
    }
}

/// The last part of a path.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy())
        .into_owned()
}
