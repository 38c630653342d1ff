//! The journals on the disk: reading them, and making changes durable.
//!
//! ```text
//! library.json               the library, whoever it belongs to
//! library.offprint/          its state, beside the file that links lead to
//!   q0v7k2m4-1.jsonl         appended to by one writer: machine and slot
//!   q0v7k2m4-1.lock          held while that writer runs
//!   .gitattributes           lets git merge journals line by line
//!   .gitignore               keeps locks and temporary files out
//! ```
//!
//! # What is promised
//! * A change is saved when its lines were written whole and `fdatasync` has returned; nothing else is called saved.
//! * A journal is never rewritten but by its own writer, and then by writing another file, `fdatasync`, `rename`.
//! * The first line goes into a journal after its name and that of its folder are durable.
//! * A failed write is cut off again; the change stays in memory and is tried again. A failed `fdatasync` is never
//!   simply repeated: the last page is written anew through a file opened anew.
//! * 256 KiB are reserved beyond the end of the journal, so that a full disk still takes a thousand changes.
//! * A journal deleted, replaced, emptied or cut short while open is made whole from memory.
//! * A second instance on the same machine takes the next slot. Locks are the kernel's: none outlives its process.
//!   Where there are none (NFS may have none) the journal is opened for appending and never cut or compacted.
//!
//! # Use
//! The app: [`Store::open`], keep the [`Ledger`]; hand what [`Ledger::edit`] returns to [`Writer::submit`]; call
//! [`Store::poll`] once a second on a worker thread and [`Ledger::absorb`] what it found; [`Writer::flush`] at the end.
//! A command: [`Store::open`] with [`Access::Change`], [`Ledger::edit`], [`Store::commit`], exit 0 if that was `Ok`.

mod checkup;
pub(super) mod disk;
mod error;
mod location;
mod machine;
mod own_journal;
mod slot;
mod watch;
mod writer;

use std::fs::Metadata;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::core::journal::{Ledger, Operation, Problems};

pub use checkup::{FolderReport, JournalReport, examine, repair};
pub(super) use disk::names_in;
pub use error::SaveError;
pub(super) use location::fingerprint;
pub use location::{Directories, Location};
pub use watch::{Changes, LibraryChange};
pub use writer::{SaveEvent, Ticket, Writer};

use own_journal::OwnJournal;
use watch::Watcher;
use writer::lock;

/// What a store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Looking only: nothing is created or locked.
    Read,
    /// The app: a folder is made with the first change.
    Browse,
    /// A command that makes a change: its slot is taken at once.
    Change,
}

/// The journals of one library. Cheap to clone; may be used from any thread.
#[derive(Debug, Clone)]
pub struct Store {
    journal: Arc<Mutex<OwnJournal>>,
    watcher: Arc<Mutex<Watcher>>,
    location: Arc<Location>,
}

/// A store and what its journals say.
#[derive(Debug)]
pub struct Opened {
    /// For reading and writing journals.
    pub store: Store,
    /// The state, and the clock, numbering and undo of this writer.
    pub ledger: Ledger,
    /// Lines that were skipped.
    pub problems: Problems,
    /// Journals that could not be read, with the reason.
    pub unreadable: Vec<String>,
}

impl Store {
    /// Reads all journals of a library.
    ///
    /// Journals that are damaged or cannot be read keep nobody from the others; they are reported.
    ///
    /// # Errors
    /// With [`Access::Change`], when no journal can be written.
    pub fn open(
        location: Location,
        directories: &Directories,
        access: Access,
    ) -> Result<Opened, SaveError> {
        let mut watcher = Watcher::new(&location);
        let mut journal = OwnJournal::new(location.clone(), machine::machine_id(directories));
        // Before reading: what the last holder of the slot wrote has to be seen.
        match access {
            Access::Read => {}
            Access::Browse => journal.take_slot_if_begun(),
            Access::Change => journal.take_slot()?,
        }
        let mut ledger = Ledger::new(&journal.writer());
        let found = watcher.look();
        ledger.load(found.operations);
        Ok(Opened {
            store: Store {
                journal: Arc::new(Mutex::new(journal)),
                watcher: Arc::new(Mutex::new(watcher)),
                location: Arc::new(location),
            },
            ledger,
            problems: found.problems,
            unreadable: found.unreadable,
        })
    }

    /// The places of the library and its state.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The folder that changes go to.
    pub fn folder(&self) -> PathBuf {
        lock(&self.journal).folder().to_owned()
    }

    /// Makes operations durable, and returns when they are.
    ///
    /// # Errors
    /// Nothing of it is saved then.
    pub fn commit(&self, operations: &[Operation]) -> Result<(), SaveError> {
        if operations.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for operation in operations {
            operation.write_line(&mut lines);
        }
        lock(&self.journal).append(&lines)
    }

    /// Starts the thread that makes changes durable and tells of each what became of it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn writer(&self, on_event: impl Fn(SaveEvent) + Send + 'static) -> io::Result<Writer> {
        Writer::start(Arc::clone(&self.journal), on_event)
    }

    /// Looks for changes by others: to journals and to the library file. Meant to be called once a second, not on a
    /// thread that must not wait. One's own journal is made whole if somebody else changed it.
    pub fn poll(&self) -> Changes {
        let mut restored = Ok(());
        // While a change is being written, the journal is looked after anyway.
        if let Ok(mut journal) = self.journal.try_lock() {
            restored = journal.restore();
        }
        let mut changes = self.watcher().look();
        if let Err(error) = restored {
            changes.unreadable.push(error.to_string());
        }
        changes
    }

    /// Takes the library file as it is now for known: to be called after reading or writing it.
    pub fn note_library(&self) {
        self.watcher().note_library();
    }

    /// Takes the library file as it was when its metadata were read for known: what was written since is a change.
    pub fn note_library_as(&self, metadata: &Metadata) {
        self.watcher().note_library_as(metadata);
    }

    fn watcher(&self) -> std::sync::MutexGuard<'_, Watcher> {
        self.watcher.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads all operations anew, for [`crate::core::journal::history()`].
    pub fn operations(&self) -> (Vec<Operation>, Problems) {
        let found = Watcher::new(&self.location).look();
        (found.operations, found.problems)
    }

    /// Shortens one's own journal as much as [`crate::core::journal::compact`] can. Returns how many lines went.
    ///
    /// # Errors
    /// The journal is then as it was.
    pub fn compact(&self) -> Result<usize, SaveError> {
        let mut journal = lock(&self.journal);
        journal.take_slot()?;
        journal.compact(true)
    }
}

/// The time of the system's clock, in ms since 1970; 0 where it stands before that.
pub fn wall_clock_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}
