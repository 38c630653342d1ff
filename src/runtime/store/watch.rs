//! Reading the journals of a library, and what was added to them since.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use crate::core::journal::{Operation, Problems, read_lines};

use super::disk::{self, Facts};
use super::location::Location;

/// So many bytes before the place where reading goes on must be the same for what follows to be an addition.
const OVERLAP: usize = 64;

/// What a look at the journals and the library found.
#[derive(Debug, Default)]
pub struct Changes {
    /// New operations, those of this process among them.
    pub operations: Vec<Operation>,
    /// Lines that were skipped.
    pub problems: Problems,
    /// Journals that could not be read, with the reason.
    pub unreadable: Vec<String>,
    /// What happened to the library file.
    pub library: LibraryChange,
}

/// What happened to the library file since the last look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LibraryChange {
    /// Nothing.
    #[default]
    None,
    /// It was written or replaced.
    Changed,
    /// It is gone.
    Missing,
}

/// How far a journal was read.
#[derive(Debug)]
struct Seen {
    facts: Facts,
    consumed: u64,
    lines: usize,
    /// The bytes before `consumed`.
    overlap: Vec<u8>,
}

/// Remembers what was read.
#[derive(Debug)]
pub(super) struct Watcher {
    folders: Vec<PathBuf>,
    library: Option<PathBuf>,
    library_seen: Option<Facts>,
    files: BTreeMap<PathBuf, Seen>,
    /// Files that could not be read and were told of, with their state then.
    refused: BTreeMap<PathBuf, String>,
}

impl Watcher {
    pub(super) fn new(location: &Location) -> Watcher {
        let mut watcher = Watcher {
            folders: location.folders().map(Path::to_owned).collect(),
            library: location.library.clone(),
            library_seen: None,
            files: BTreeMap::new(),
            refused: BTreeMap::new(),
        };
        watcher.note_library();
        watcher
    }

    /// Takes the library as it is now for known.
    pub(super) fn note_library(&mut self) {
        let library = self.library.as_deref();
        self.library_seen = library.and_then(|path| Facts::at(path).ok().flatten());
    }

    /// Takes the library as it was when its metadata were read for known.
    pub(super) fn note_library_as(&mut self, metadata: &Metadata) {
        self.library_seen = Some(Facts::of(metadata));
    }

    /// Reads what is new in all journals. `stat` for each of them, and no more where nothing changed.
    pub(super) fn look(&mut self) -> Changes {
        let mut changes = Changes {
            library: self.look_at_library(),
            ..Changes::default()
        };
        let mut paths = Vec::new();
        for folder in &self.folders {
            match journals_in(folder) {
                Ok(found) => paths.extend(found),
                Err(error) if is_absent(&error) => {}
                Err(error) => changes
                    .unreadable
                    .push(format!("{}: {error}", folder.display())),
            }
        }
        for path in paths {
            match self.look_at(&path, &mut changes) {
                Ok(()) => {
                    self.refused.remove(&path);
                }
                // It went away in between.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let told = format!("{}: {error}", path.display());
                    if self.refused.insert(path, told.clone()).as_ref() != Some(&told) {
                        changes.unreadable.push(told);
                    }
                }
            }
        }
        changes
    }

    fn look_at_library(&mut self) -> LibraryChange {
        let Some(path) = &self.library else {
            return LibraryChange::None;
        };
        let now = Facts::at(path).ok().flatten();
        let change = match (&now, &self.library_seen) {
            (Some(now), Some(seen)) if now.is_unchanged(seen) => LibraryChange::None,
            (None, None) => LibraryChange::None,
            (None, Some(_)) => LibraryChange::Missing,
            _ => LibraryChange::Changed,
        };
        self.library_seen = now;
        change
    }

    fn look_at(&mut self, path: &Path, changes: &mut Changes) -> io::Result<()> {
        let Some(now) = Facts::at(path)? else {
            return Ok(());
        };
        let seen = self.files.get(path);
        if seen.is_some_and(|seen| seen.facts.is_unchanged(&now)) {
            return Ok(());
        }
        let grown =
            seen.filter(|seen| seen.facts.is_same_file(&now) && now.length > seen.facts.length);
        if let Some(seen) = grown {
            let from = seen.consumed - seen.overlap.len() as u64;
            let (bytes, facts) = disk::read_from(path, from)?;
            if let Some(added) = bytes.strip_prefix(&seen.overlap[..]) {
                let (consumed, lines) = (seen.consumed, seen.lines);
                self.take(path, added, facts, consumed, lines, changes);
                return Ok(());
            }
        }
        let (bytes, facts) = disk::read_from(path, 0)?;
        self.take(path, &bytes, facts, 0, 0, changes);
        Ok(())
    }

    fn take(
        &mut self,
        path: &Path,
        bytes: &[u8],
        facts: Facts,
        consumed: u64,
        lines: usize,
        changes: &mut Changes,
    ) {
        let name = path.display().to_string();
        let reading = read_lines(bytes, &name, lines, |operation| {
            changes.operations.push(operation);
        });
        changes.problems.extend(reading.problems);
        let (read, _) = bytes
            .split_at_checked(reading.consumed)
            .unwrap_or((bytes, &[]));
        let mut overlap = match self.files.remove(path) {
            Some(seen) if consumed > 0 => seen.overlap,
            _ => Vec::new(),
        };
        overlap.extend_from_slice(
            read.get(read.len().saturating_sub(OVERLAP)..)
                .unwrap_or(read),
        );
        overlap.drain(..overlap.len().saturating_sub(OVERLAP));
        let seen = Seen {
            facts,
            consumed: consumed + reading.consumed as u64,
            lines: lines + reading.lines,
            overlap,
        };
        self.files.insert(path.to_owned(), seen);
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The journals in a folder in the order of their names, conflict copies among them: Syncthing's
/// `a-1.sync-conflict-20260101-….jsonl`, Dropbox's `a-1 (conflicted copy).jsonl`, git's `a-1.jsonl.orig`.
pub(super) fn journals_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for name in disk::names_in(folder)? {
        if is_journal(&name) {
            paths.push(folder.join(name));
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_journal(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    // A name that begins so is a sync program's half-copied file; it will have its own name when it is whole.
    let is_partial = name.starts_with(['.', '~']) || name.ends_with(".tmp");
    name.contains(".jsonl") && !is_partial
}
