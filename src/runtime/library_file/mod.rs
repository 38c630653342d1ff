//! Writing a library file.
//!
//! # What is promised
//! * The file is the old one or the new one, never half of either: the new one is written beside it, made durable, read
//!   again, and takes the name of the old one; then the folder is made durable.
//! * Where that cannot be (the file has hard links, its folder cannot be written, its owner cannot be kept) a copy is
//!   made beside it or in the folder of the notes, made durable, and the file is written in place; the copy stays if
//!   that fails.
//! * Links lead to the new file, mode, owner and extended attributes are kept; a read-only file is refused.
//! * Nothing that another program wrote meanwhile is written over: the file is compared before it is replaced.
//! * Two offprints take turns: a lock beside the notes, the kernel's, goes with its process.

mod error;
mod replace;

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::source::FileSource;
use super::store::Location;
use super::store::disk::{self, Facts};
use crate::core::library::rewrite::{ItemChange, Piece, Plan, Survey, Surveyor};

pub use error::{WriteError, WriteFault};

/// How long another offprint is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const CHUNK: usize = 1 << 20;

/// A library file that may be written.
#[derive(Debug, Clone)]
pub struct LibraryFile {
    path: PathBuf,
    /// Folder of the notes: the lock is there.
    folder: PathBuf,
}

/// What was done to a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Numbers of the changes that were not made: the item is no longer as it was, or its new id is taken.
    pub refused: Vec<usize>,
    /// Number of papers now.
    pub papers: usize,
    /// The changes, those that were not made too.
    pub changes: Vec<ItemChange>,
}

/// A file that was looked through.
struct Looked {
    source: FileSource,
    facts: Facts,
    survey: Survey,
}

impl LibraryFile {
    /// The file of a library; `None` for one that is part of the program.
    pub fn of(location: &Location) -> Option<LibraryFile> {
        Some(LibraryFile {
            path: location.library.clone()?,
            folder: location.folder.clone(),
        })
    }

    /// The file, links followed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a library without papers, unless there is a file already.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self) -> Result<(), WriteError> {
        let create = || -> io::Result<()> {
            let folder = self.path.parent().unwrap_or(Path::new("/"));
            disk::create_folder(folder)?;
            replace::new_file(&self.path, b"[]\n")
        };
        match create() {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other.map_err(|error| WriteFault::from(error).at(&self.path)),
        }
    }

    /// Makes changes; `changes` is told what is in the file now, with the others locked out. When it asks for nothing,
    /// or `all_or_none` and one of the changes cannot be made, nothing is written.
    ///
    /// # Errors
    /// The file is then as it was.
    pub fn change(
        &self,
        all_or_none: bool,
        changes: impl FnOnce(&Survey) -> Vec<ItemChange>,
    ) -> Result<Written, WriteError> {
        self.change_inner(all_or_none, changes)
            .map_err(|fault| fault.at(&self.path))
    }

    fn change_inner(
        &self,
        all_or_none: bool,
        changes: impl FnOnce(&Survey) -> Vec<ItemChange>,
    ) -> Result<Written, WriteFault> {
        let _lock = self.lock()?;
        let looked = self.look()?;
        self.check_writable(&looked)?;
        let changes = changes(&looked.survey);
        let plan = looked.survey.plan(&looked.source, &changes)?;
        let made = changes.len() - plan.refused.len();
        if made > 0 && (plan.refused.is_empty() || !all_or_none) {
            self.replace(&looked, &plan)?;
        }
        Ok(Written {
            papers: plan.items,
            refused: plan.refused,
            changes,
        })
    }

    fn look(&self) -> Result<Looked, WriteFault> {
        let source = FileSource::open(&self.path).map_err(WriteFault::Broken)?;
        let facts = Facts::of(source.metadata());
        Ok(Looked {
            survey: survey(&source)?,
            source,
            facts,
        })
    }

    fn check_writable(&self, looked: &Looked) -> Result<(), WriteFault> {
        let mode = looked.source.metadata().permissions().mode();
        // The system lets some users write whatever the mode says; whoever took the permission away meant it.
        let is_refused = || {
            let opened = OpenOptions::new().write(true).open(&self.path);
            opened.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
        };
        if mode & 0o222 == 0 || is_refused() {
            return Err(WriteFault::ReadOnly);
        }
        Ok(())
    }

    fn replace(&self, looked: &Looked, plan: &Plan) -> Result<(), WriteFault> {
        let write = |file: &File| write_pieces(file, &looked.source, &plan.pieces);
        let check = |written: &FileSource| match survey(written) {
            Ok(survey) if survey.len() == plan.items => Ok(()),
            _ => Err(WriteFault::Unsound),
        };
        let target = replace::Target {
            path: &self.path,
            spare: &self.folder,
            source: &looked.source,
            facts: &looked.facts,
        };
        replace::replace(&target, &write, &check)
    }

    /// Waits for other offprints that write the library. `None` where there is no lock to be had: the comparison
    /// before the file is replaced does not rest on it.
    fn lock(&self) -> Result<Option<File>, WriteFault> {
        let made = disk::create_folder(&self.folder).and_then(|()| {
            let mut options = OpenOptions::new();
            let options = options.write(true).create(true).truncate(false).mode(0o600);
            options.open(self.folder.join("library.lock"))
        });
        let Ok(lock) = made else { return Ok(None) };
        disk::write_git_files(&self.folder);
        let until = Instant::now() + PATIENCE;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Some(lock)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    thread::sleep(Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => return Err(WriteFault::Busy),
                Err(TryLockError::Error(_)) => return Ok(None),
            }
        }
    }
}

fn survey(source: &FileSource) -> Result<Survey, WriteFault> {
    let mut surveyor = Surveyor::new();
    let mut buffer = vec![0; CHUNK];
    let mut offset = 0;
    loop {
        let count = source.read_at(&mut buffer, offset)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            return Ok(surveyor.finish()?);
        };
        surveyor.feed(read)?;
        offset += count as u64;
    }
}

fn write_pieces(file: &File, source: &FileSource, pieces: &[Piece]) -> io::Result<()> {
    use std::os::unix::fs::FileExt as _;
    let mut at = 0;
    let mut buffer = Vec::new();
    for piece in pieces {
        match piece {
            Piece::New(text) => {
                file.write_all_at(text.as_bytes(), at)?;
                at += text.len() as u64;
            }
            Piece::Kept(range) => {
                let mut from = range.start;
                while from < range.end {
                    let wanted = usize::try_from(range.end - from)
                        .unwrap_or(CHUNK)
                        .min(CHUNK);
                    buffer.resize(wanted, 0);
                    if source.read_at(&mut buffer, from)? < wanted {
                        return Err(io::Error::other("the file became shorter meanwhile"));
                    }
                    file.write_all_at(&buffer, at)?;
                    at += wanted as u64;
                    from += wanted as u64;
                }
            }
        }
    }
    Ok(())
}
