//! `offprint backup [DIR]`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::Global;
use super::failure::Failure;
use super::library::{choose, config};
use super::notes;
use super::output::Out;
use crate::runtime::archive::{self, Archived};
use crate::runtime::place::{self, Place};
use crate::runtime::store::{Access, wall_clock_ms};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to write it in; left out, the current one
    folder: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    file: Option<PathBuf>,
    out: &mut Out,
) -> Result<(), Failure> {
    let choice = choose(global, file, &config(global));
    let store = notes::open(&choice.place, Access::Read)?.store;
    let failed = |path: &Path, reason: &str, advice: &str| {
        Failure::Failed(format!("{}: {reason}; {advice}", path.display()))
    };
    let mut files = Vec::new();
    if let Some(library) = &store.location().library {
        if !library.is_file() {
            let advice = "name the library with --library";
            return Err(failed(library, "there is no such file", advice));
        }
        let name = library.file_name().unwrap_or_default();
        files.push(Archived::new(library, Path::new("library").join(name)));
    }
    for folder in store.location().folders() {
        let name = folder.file_name().unwrap_or_default();
        files.extend(archive::files_in(folder, &Path::new("library").join(name)).map_err(failure)?);
    }
    let config = global.config.clone().or_else(place::own_config);
    if let Some(config) = config.filter(|config| config.is_file()) {
        let name = config.file_name().unwrap_or_default();
        files.push(Archived::new(&config, Path::new("config").join(name)));
        for name in ["styles", "themes"] {
            let folder = config.with_file_name(name);
            files.extend(
                archive::files_in(&folder, &Path::new("config").join(name)).map_err(failure)?,
            );
        }
    }
    let folder = arguments.folder.clone().unwrap_or_else(|| ".".into());
    let name = match &choice.place {
        Place::File(path) => path.file_stem().map(|stem| stem.to_string_lossy().into()),
        Place::Example => None,
    };
    let name = name.unwrap_or_else(|| "example".to_owned());
    let written = archive::write(&folder, &name, wall_clock_ms(), &files).map_err(failure)?;
    if out.is_json() {
        return out.json(&json!({
            "path": written.path.to_string_lossy(),
            "bytes": written.bytes,
            "files": files.len(),
        }));
    }
    out.line(&format!(
        "{} · {} files · {} bytes",
        crate::core::text::scrub(&written.path.to_string_lossy(), false),
        files.len(),
        written.bytes
    ))
}

#[allow(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn failure(error: archive::ArchiveError) -> Failure {
    Failure::Failed(error.to_string())
}
