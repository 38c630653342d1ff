//! The last resort: a private file in the cache directory, named to the user.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::Outcome;

/// `last-copy.txt` in the program's cache directory.
pub(super) fn default_path() -> Option<PathBuf> {
    let directories = directories::ProjectDirs::from("", "", "offprint")?;
    Some(directories.cache_dir().join("last-copy.txt"))
}

/// Saves the text that no clipboard took, for the reason given.
pub(super) fn save(path: Option<&Path>, text: &str, reason: String) -> Outcome {
    let Some(path) = path else {
        return Outcome::Failed {
            reason: format!("{reason}; there is no cache directory to save the text in"),
        };
    };
    match write(path, text) {
        Ok(()) => Outcome::SavedToFile {
            path: path.to_owned(),
            reason,
        },
        Err(error) => Outcome::Failed {
            reason: format!("{reason}; {}: {error}", path.display()),
        },
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    // Made anew each time: neither a link nor the wider mode of an older file is followed.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}
