//! The .bib that `[keep]` of the configuration asks for, after a command that changed something.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Global;
use super::failure::say;
use super::library::{choose, read_config, styles};
use super::notes;
use crate::config::{Config, Keep};
use crate::core::catalogue::Catalogue;
use crate::core::library::build_index;
use crate::core::services::NoMetrics;
use crate::runtime::keep::{self, Kept};
use crate::runtime::loader;
use crate::runtime::place::Place;
use crate::runtime::store::Access;

/// Brings the file up to date. What the command did is done: what goes wrong here is a warning.
pub(super) fn refresh(global: &Global, file: Option<PathBuf>) {
    let config = read_config(global);
    let Some(wanted) = &config.settings.keep else {
        return;
    };
    let place = choose(global, file, &config).place;
    match written(global, &config, wanted, &place) {
        Ok(Kept::Written(_) | Kept::Same) => {}
        Ok(Kept::LeftAlone(line)) | Err(line) => say(&format!("warning: {line}")),
    }
}

fn written(global: &Global, config: &Config, wanted: &Keep, place: &Place) -> Result<Kept, String> {
    let Some(path) = keep::path(wanted, place) else {
        return Ok(Kept::Same);
    };
    if !keep::depends_on_notes(wanted) && is_newer(&path, place) {
        return Ok(Kept::Same);
    }
    let opened = loader::open(place).map_err(|error| error.to_string())?;
    let library = loader::load_all(&opened)
        .map_err(|error| error.to_string())?
        .library;
    let mut catalogue = Catalogue {
        library,
        index: None,
        source: opened.source(),
        styles: Arc::new(styles(config, global, None)),
        notes: Arc::default(),
        sentence_case: None,
        metrics: Arc::new(NoMetrics),
    };
    if keep::depends_on_notes(wanted) {
        let index = build_index(&catalogue.library, catalogue.source.as_ref(), &|| false);
        catalogue.index = index.map_err(|error| error.to_string())?.map(Arc::new);
        let Ok(journals) = notes::open(place, Access::Read) else {
            // The command has said so already.
            return Ok(Kept::Same);
        };
        catalogue.notes = Arc::new(notes::placed(&catalogue, journals.ledger));
    }
    keep::keep(&catalogue, wanted, place)
}

/// The file was written after the library was: nothing can have changed.
fn is_newer(path: &Path, place: &Place) -> bool {
    let Place::File(library) = place else {
        return false;
    };
    let modified = |path: &Path| {
        fs::metadata(path)
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    modified(path)
        .zip(modified(library))
        .is_some_and(|(own, of_library)| own > of_library)
}
