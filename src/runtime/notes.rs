//! The journals while the app runs: opened, written and looked after on threads of their own.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::place::Place;
use super::store::{Access, Directories, LibraryChange, Location, SaveEvent, Store, Writer};
use crate::core::journal::{Ledger, Operation};

/// How often others' changes are looked for.
const ROUND: Duration = Duration::from_secs(1);

/// What becomes known of the journals.
#[derive(Debug)]
pub enum NotesMessage {
    /// They were read; what is wrong with them.
    Opened(Box<Ledger>, Writer, Vec<String>),
    /// There is no place for them, for this reason.
    Unavailable(String),
    /// Operations were found that may be new.
    Found(Vec<Operation>),
    /// What became of a change.
    Save(SaveEvent),
    /// Something else to tell.
    Warning(String),
}

#[derive(Debug, Default)]
struct Wish {
    paused: bool,
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

    fn change(&self, change: impl FnOnce(&mut Wish)) {
        let (wish, changed) = &*self.0;
        change(&mut wish.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_all();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.change(|wish| wish.stop = true);
    }
}

/// Opens the journals of a library and watches them; `deliver` is called on other threads.
///
/// # Errors
/// When the system gives no thread.
pub fn watch(
    place: Place,
    deliver: impl Fn(NotesMessage) + Send + Sync + 'static,
) -> std::io::Result<Watch> {
    let shared = Shared::default();
    let wishes = Arc::clone(&shared);
    let deliver = Arc::new(deliver);
    thread::Builder::new()
        .name("notes".to_owned())
        .spawn(move || run(&place, &wishes, &deliver))?;
    Ok(Watch(shared))
}

fn open(place: &Place) -> Result<super::store::Opened, String> {
    let directories = Directories::from_process();
    let location = match place {
        Place::File(path) => Location::of_library(Path::new(path), &directories)
            .map_err(|error| format!("{}: {error}", place.name()))?,
        Place::Example => {
            Location::of_example(&directories).ok_or("there is no data folder; set HOME")?
        }
    };
    Store::open(location, &directories, Access::Browse).map_err(|error| error.to_string())
}

fn run(
    place: &Place,
    wishes: &(Mutex<Wish>, Condvar),
    deliver: &Arc<impl Fn(NotesMessage) + Send + Sync + 'static>,
) {
    let opened = match open(place) {
        Ok(opened) => opened,
        Err(reason) => return deliver(NotesMessage::Unavailable(reason)),
    };
    let saves = Arc::clone(deliver);
    let writer = match opened
        .store
        .writer(move |event| saves(NotesMessage::Save(event)))
    {
        Ok(writer) => writer,
        Err(error) => return deliver(NotesMessage::Unavailable(error.to_string())),
    };
    let mut warnings = opened.unreadable;
    if let Some(first) = opened.problems.list.first() {
        let total = opened.problems.total;
        warnings.push(format!("{first} ({total} lines of journals were skipped)"));
    }
    deliver(NotesMessage::Opened(
        Box::new(opened.ledger),
        writer,
        warnings,
    ));
    let (wish, changed) = wishes;
    loop {
        let guard = wish.lock().unwrap_or_else(PoisonError::into_inner);
        let (guard, _) = changed
            .wait_timeout_while(guard, ROUND, |wish| !wish.stop)
            .unwrap_or_else(PoisonError::into_inner);
        let guard = changed
            .wait_while(guard, |wish| wish.paused && !wish.stop)
            .unwrap_or_else(PoisonError::into_inner);
        if guard.stop {
            return;
        }
        drop(guard);
        let found = opened.store.poll();
        if !found.operations.is_empty() {
            deliver(NotesMessage::Found(found.operations));
        }
        for reason in found.unreadable {
            deliver(NotesMessage::Warning(reason));
        }
        match found.library {
            LibraryChange::None => {}
            LibraryChange::Changed => deliver(NotesMessage::Warning(format!(
                "{} was changed by another program; start offprint again to read it",
                place.name()
            ))),
            LibraryChange::Missing => deliver(NotesMessage::Warning(format!(
                "{} is gone; the list is as it was",
                place.name()
            ))),
        }
    }
}
