//! The journals and the library file while the app runs: opened, written and looked after on threads of their own.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::loader::{self, Loaded};
use super::place::Place;
use super::store::{Access, Directories, LibraryChange, Location, SaveEvent, Store, Writer};
use crate::core::journal::{Ledger, Operation};

/// How often others' changes are looked for.
const ROUND: Duration = Duration::from_secs(1);
/// A library that could not be read is read again after so many rounds, twice as many each time, also when nothing
/// about the file has changed: a disk or a network may be back.
const FIRST_RETRY: u32 = 2;
const LAST_RETRY: u32 = 64;

/// What becomes known of the journals and the library.
pub enum NotesMessage {
    /// The journals were read; what is wrong with them.
    Opened(Box<Ledger>, Writer, Vec<String>),
    /// There is no place for them, for this reason.
    Unavailable(String),
    /// Operations were found that may be new.
    Found(Vec<Operation>),
    /// What became of a change.
    Save(SaveEvent),
    /// The library was written by another program, and this is it now.
    LibraryRead(Box<Reread>),
    /// The library cannot be read as it is now: in short, and in full.
    LibraryTrouble(String, String),
    /// Something else to tell.
    Warning(String),
}

/// A library read again.
pub struct Reread {
    /// The file.
    pub opened: loader::Opened,
    /// What is in it.
    pub loaded: Loaded,
}

#[derive(Debug, Default)]
struct Wish {
    paused: bool,
    /// Something has just been written: it is looked for at once.
    now: bool,
    stop: bool,
}

type Shared = Arc<(Mutex<Wish>, Condvar)>;

/// The watching thread; dropping it ends the thread after its round.
#[derive(Debug)]
pub struct Watch(Shared);

impl Watch {
    /// Stands still while the terminal is not looked at; looks at once when it is again.
    pub fn pause(&self, paused: bool) {
        self.change(|wish| wish.paused = paused);
    }

    /// What makes the thread look at once, from any thread.
    pub fn looker(&self) -> impl Fn() + Send + use<> {
        let shared = Arc::clone(&self.0);
        move || change(&shared, |wish| wish.now = true)
    }

    fn change(&self, wish: impl FnOnce(&mut Wish)) {
        change(&self.0, wish);
    }
}

fn change(shared: &Shared, change: impl FnOnce(&mut Wish)) {
    let (wish, changed) = &**shared;
    change(&mut wish.lock().unwrap_or_else(PoisonError::into_inner));
    changed.notify_all();
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.change(|wish| wish.stop = true);
    }
}

/// Opens the journals of a library, and watches them and the file; `deliver` is called on other threads.
///
/// # Errors
/// When the system gives no thread.
pub fn watch(
    opened: loader::Opened,
    deliver: impl Fn(NotesMessage) + Send + Sync + 'static,
) -> std::io::Result<Watch> {
    let shared = Shared::default();
    let wishes = Arc::clone(&shared);
    let deliver = Arc::new(deliver);
    thread::Builder::new()
        .name("notes".to_owned())
        .spawn(move || run(&opened, &wishes, &deliver))?;
    Ok(Watch(shared))
}

fn location(place: &Place) -> Result<(Location, Directories), String> {
    let directories = Directories::from_process();
    let location = match place {
        Place::File(path) => Location::of_library(Path::new(path), &directories)
            .map_err(|error| format!("{}: {error}", place.name()))?,
        Place::Example => {
            Location::of_example(&directories).ok_or("there is no data folder; set HOME")?
        }
    };
    Ok((location, directories))
}

fn run(
    opened: &loader::Opened,
    wishes: &(Mutex<Wish>, Condvar),
    deliver: &Arc<impl Fn(NotesMessage) + Send + Sync + 'static>,
) {
    let place = &opened.place;
    let (location, directories) = match location(place) {
        Ok(found) => found,
        Err(reason) => return deliver(NotesMessage::Unavailable(reason)),
    };
    let Some(store) = open(location, &directories, deliver) else {
        return;
    };
    if let Some(metadata) = opened.metadata() {
        store.note_library_as(metadata);
    }
    let mut library = LibraryWatch::default();
    let (wish, changed) = wishes;
    loop {
        let guard = wish.lock().unwrap_or_else(PoisonError::into_inner);
        let (guard, _) = changed
            .wait_timeout_while(guard, ROUND, |wish| !wish.stop && !wish.now)
            .unwrap_or_else(PoisonError::into_inner);
        let mut guard = changed
            .wait_while(guard, |wish| wish.paused && !wish.stop && !wish.now)
            .unwrap_or_else(PoisonError::into_inner);
        if guard.stop {
            return;
        }
        guard.now = false;
        drop(guard);
        let found = store.poll();
        if !found.operations.is_empty() {
            deliver(NotesMessage::Found(found.operations));
        }
        for reason in found.unreadable {
            deliver(NotesMessage::Warning(reason));
        }
        if let Some(message) = library.round(found.library, opened) {
            deliver(message);
        }
    }
}

fn open(
    location: Location,
    directories: &Directories,
    deliver: &Arc<impl Fn(NotesMessage) + Send + Sync + 'static>,
) -> Option<Store> {
    let opened = match Store::open(location, directories, Access::Browse) {
        Ok(opened) => opened,
        Err(error) => {
            deliver(NotesMessage::Unavailable(error.to_string()));
            return None;
        }
    };
    let saves = Arc::clone(deliver);
    let writer = match opened
        .store
        .writer(move |event| saves(NotesMessage::Save(event)))
    {
        Ok(writer) => writer,
        Err(error) => {
            deliver(NotesMessage::Unavailable(error.to_string()));
            return None;
        }
    };
    let mut warnings = opened.unreadable;
    if let Some(first) = opened.problems.list.first() {
        let total = opened.problems.total;
        warnings.push(format!("{first} ({total} lines of journals were skipped)"));
    }
    let ledger = Box::new(opened.ledger);
    deliver(NotesMessage::Opened(ledger, writer, warnings));
    Some(opened.store)
}

/// Whether the library file has to be read again.
#[derive(Debug, Default)]
struct LibraryWatch {
    /// Rounds until it is read again all the same, and until the time after that.
    retry: Option<(u32, u32)>,
}

impl LibraryWatch {
    fn round(&mut self, change: LibraryChange, first: &loader::Opened) -> Option<NotesMessage> {
        let place = &first.place;
        match (change, &mut self.retry) {
            (LibraryChange::Missing, _) => {
                self.retry = None;
                let text = |name: &str| format!("{name}: the file is gone; the list is as it was");
                let full = place.name();
                return Some(NotesMessage::LibraryTrouble(
                    text(file_name(&full)),
                    text(&full),
                ));
            }
            (LibraryChange::Changed, _) => self.retry = None,
            (LibraryChange::None, None) => return None,
            (LibraryChange::None, Some((rounds, _))) => {
                *rounds = rounds.saturating_sub(1);
                if *rounds > 0 {
                    return None;
                }
            }
        }
        match read_again(first) {
            Ok(message) => {
                self.retry = None;
                Some(message)
            }
            Err(error) => {
                let next = self.retry.map_or(FIRST_RETRY, |(_, next)| next);
                self.retry = Some((next, (next * 2).min(LAST_RETRY)));
                let short = error.error.one_line(file_name(&error.place));
                Some(NotesMessage::LibraryTrouble(short, error.to_string()))
            }
        }
    }
}

/// Reads a library from its file, as that is now.
pub(super) fn read_again(first: &loader::Opened) -> Result<NotesMessage, loader::LoadError> {
    let opened = loader::open(&first.place)?.cached_in(first.cache_folder());
    let loaded = loader::load_beside(&opened)?;
    Ok(NotesMessage::LibraryRead(Box::new(Reread {
        opened,
        loaded,
    })))
}

/// The last part of a path, for where there is no room for all of it.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
