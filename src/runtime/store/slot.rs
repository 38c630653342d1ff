//! The slot of a running instance: each appends to a journal of its own.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::disk;

/// More instances than this at once share the last journal.
const SLOTS: u32 = 64;

/// A journal that this process may append to, for as long as this value lives. The lock is the kernel's and goes with
/// the process, however it ends.
#[derive(Debug)]
pub(super) struct Slot {
    /// Folder of the journal.
    pub(super) folder: PathBuf,
    /// `machine-slot`.
    pub(super) writer: String,
    /// `None` where the file system has no locks; appending is then left to the kernel.
    lock: Option<File>,
}

impl Slot {
    /// Takes the first free slot of this machine in a folder, which is made if need be.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub(super) fn take(folder: &Path, machine: &str) -> io::Result<Slot> {
        disk::create_folder(folder)?;
        for number in 1..=SLOTS {
            let writer = format!("{machine}-{number}");
            let mut options = OpenOptions::new();
            let lock = options
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(folder.join(format!("{writer}.lock")))?;
            let lock = match lock.try_lock() {
                Ok(()) => Some(lock),
                Err(TryLockError::WouldBlock) if number < SLOTS => continue,
                // No lock to be had (NFS, for one, may have none): correctness does not rest on it.
                Err(_) => None,
            };
            return Ok(Slot {
                folder: folder.to_owned(),
                writer,
                lock,
            });
        }
        Err(io::Error::other("too many instances"))
    }

    /// Nobody else appends to the journal.
    pub(super) fn is_exclusive(&self) -> bool {
        self.lock.is_some()
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.folder.join(format!("{}.jsonl", self.writer))
    }
}
