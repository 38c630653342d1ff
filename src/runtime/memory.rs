//! What sessions remember, on the disk: small files under the state directory, which can be deleted at any time.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf, absolute};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::drafts::replace;
use super::place::Place;
use super::store::{Directories, Location, fingerprint};
use crate::app::memory::{Habits, Whereabouts};

/// A file that is longer, in bytes, was not written by this program.
const LONGEST: u64 = 1 << 20;

/// What holds for every library.
const HABITS: &str = "habits.json";

/// The libraries that were opened last and are still there, the last one first.
pub fn recent_libraries() -> Vec<PathBuf> {
    let habits = Memory::of(&Place::Example).habits();
    let paths = habits.libraries.into_iter().map(PathBuf::from);
    paths
        .filter(|path| path.is_absolute() && path.is_file())
        .collect()
}

/// The files of a library and of all libraries.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    /// Nowhere on a machine without a state directory.
    folder: Option<PathBuf>,
    name: Option<String>,
}

impl Memory {
    /// The files for a library.
    pub(super) fn of(place: &Place) -> Memory {
        let directories = Directories::from_process();
        let location = match place {
            Place::File(path) => Location::of_library(path, &directories).ok(),
            Place::Example => Location::of_example(&directories),
        };
        let name = location.map(|location| {
            let name = fingerprint(&[location.folder.as_os_str().as_encoded_bytes()]);
            format!("{name:016x}.json")
        });
        let folder = directories.state.map(|state| state.join("layout"));
        Memory { folder, name }
    }

    /// What holds for every library. A file that is not there or is broken says nothing.
    pub(super) fn habits(&self) -> Habits {
        self.read(HABITS)
    }

    /// Where the reader was in this library.
    pub(super) fn whereabouts(&self) -> Whereabouts {
        let name = self.name.as_deref();
        name.map_or_else(Whereabouts::default, |name| self.read(name))
    }

    /// Keeps the habits. What cannot be kept is no loss that is worth a word at the end of a session.
    pub(super) fn keep_habits(&self, habits: &Habits, place: &Place) {
        let path = match place {
            Place::File(path) => absolute(path).ok(),
            Place::Example => None,
        };
        match path.as_deref().and_then(Path::to_str) {
            Some(path) => self.write(HABITS, &habits.clone().opened(path)),
            None => self.write(HABITS, habits),
        }
    }

    /// Keeps where the reader was.
    pub(super) fn keep_whereabouts(&self, whereabouts: &Whereabouts) {
        if let Some(name) = &self.name {
            self.write(name, whereabouts);
        }
    }

    fn read<T: DeserializeOwned + Default>(&self, name: &str) -> T {
        let path = self.folder.as_deref().map(|folder| folder.join(name));
        path.and_then(|path| text_of(&path))
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }

    fn write(&self, name: &str, value: &impl Serialize) {
        let (Some(folder), Ok(bytes)) = (&self.folder, serde_json::to_vec(value)) else {
            return;
        };
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|before| before == bytes) {
            return;
        }
        let _ = fs::create_dir_all(folder).and_then(|()| replace(folder, &path, &bytes));
    }
}

fn text_of(path: &Path) -> Option<String> {
    let file = fs::File::open(path).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}
