//! The thread that makes changes durable, so that nobody waits for the disk.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::core::journal::Operation;

use super::error::SaveError;
use super::own_journal::OwnJournal;

/// After a failure, how long until the next attempt; doubled each time.
const FIRST_RETRY: Duration = Duration::from_millis(250);
const LAST_RETRY: Duration = Duration::from_secs(10);

/// Names what was handed in together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveEvent {
    /// It is on the disk.
    Saved(Ticket),
    /// It is in memory only. It is tried again; the event comes again if the reason becomes another.
    NotSaved(Ticket, SaveError),
}

/// Writes on a thread of its own. Dropping it lets the thread finish what it has; [`Writer::flush`] waits for that.
#[derive(Debug)]
pub struct Writer {
    sender: Sender<Message>,
    next: AtomicU64,
}

enum Message {
    Change(Ticket, Vec<u8>),
    Flush(Sender<Result<(), SaveError>>),
    Compact,
}

impl Writer {
    pub(super) fn start(
        journal: Arc<Mutex<OwnJournal>>,
        on_event: impl Fn(SaveEvent) + Send + 'static,
    ) -> std::io::Result<Writer> {
        let (sender, receiver) = channel();
        thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || run(&journal, &receiver, &on_event))?;
        Ok(Writer {
            sender,
            next: AtomicU64::new(1),
        })
    }

    /// Hands in the operations of one action. Returns at once; an event tells when they are durable.
    pub fn submit(&self, operations: &[Operation]) -> Ticket {
        let ticket = Ticket(self.next.fetch_add(1, Ordering::Relaxed));
        let mut lines = Vec::new();
        for operation in operations {
            operation.write_line(&mut lines);
        }
        // The thread lives as long as this sender.
        let _ = self.sender.send(Message::Change(ticket, lines));
        ticket
    }

    /// Shortens the journal if that is worthwhile, when nothing is waiting to be written.
    pub fn compact(&self) {
        let _ = self.sender.send(Message::Compact);
    }

    /// Tries once more to save everything handed in so far, and waits for that until the deadline.
    ///
    /// # Errors
    /// Why something is still not saved; of kind [`std::io::ErrorKind::TimedOut`] when the disk has not answered.
    pub fn flush(&self, deadline: Duration) -> Result<(), SaveError> {
        let (sender, receiver) = channel();
        let _ = self.sender.send(Message::Flush(sender));
        receiver.recv_timeout(deadline).unwrap_or_else(|_| {
            Err(SaveError {
                path: std::path::PathBuf::new(),
                kind: std::io::ErrorKind::TimedOut,
                reason: "the disk does not answer".to_owned(),
            })
        })
    }
}

fn run(journal: &Mutex<OwnJournal>, receiver: &Receiver<Message>, on_event: &dyn Fn(SaveEvent)) {
    let mut waiting: Vec<(Ticket, Vec<u8>)> = Vec::new();
    let mut told: Option<(Ticket, SaveError)> = None;
    let mut delay = FIRST_RETRY;
    let mut is_closed = false;
    // Whoever waited for the last attempt knows that it failed.
    let mut is_reported = false;
    while !is_closed {
        let first = if waiting.is_empty() {
            receiver.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            receiver.recv_timeout(delay)
        };
        let mut flushing = Vec::new();
        let mut is_compacting = false;
        let mut take = |message| match message {
            Message::Change(ticket, lines) => waiting.push((ticket, lines)),
            Message::Flush(sender) => flushing.push(sender),
            Message::Compact => is_compacting = true,
        };
        match first {
            Ok(message) => take(message),
            Err(RecvTimeoutError::Timeout) => {}
            // The process is about to end, and might do so in the middle of another attempt.
            Err(RecvTimeoutError::Disconnected) if is_reported => return,
            Err(RecvTimeoutError::Disconnected) => is_closed = true,
        }
        // What has come in meanwhile goes to the disk together.
        receiver.try_iter().for_each(&mut take);
        let mut result = Ok(());
        if !waiting.is_empty() {
            let lines: Vec<u8> = waiting
                .iter()
                .flat_map(|(_, lines)| lines)
                .copied()
                .collect();
            result = lock(journal).append(&lines);
            match &result {
                Ok(()) => {
                    for (ticket, _) in waiting.drain(..) {
                        on_event(SaveEvent::Saved(ticket));
                    }
                    (told, delay) = (None, FIRST_RETRY);
                }
                Err(error) => {
                    // Each ticket once for each reason.
                    let known = told
                        .take()
                        .filter(|(_, before)| before == error)
                        .map(|(ticket, _)| ticket);
                    for (ticket, _) in &waiting {
                        if known.is_none_or(|known| *ticket > known) {
                            on_event(SaveEvent::NotSaved(*ticket, error.clone()));
                        }
                    }
                    told = waiting.last().map(|(last, _)| (*last, error.clone()));
                    delay = (delay * 2).min(LAST_RETRY);
                }
            }
        }
        is_reported = result.is_err() && !flushing.is_empty();
        for sender in flushing {
            let _ = sender.send(result.clone());
        }
        if is_compacting && waiting.is_empty() {
            // A journal that stays long does no harm.
            let _ = lock(journal).compact(false);
        }
    }
}

/// A thread that panicked while it held the journal left it in a state that the next check puts right.
pub(super) fn lock(journal: &Mutex<OwnJournal>) -> std::sync::MutexGuard<'_, OwnJournal> {
    journal.lock().unwrap_or_else(PoisonError::into_inner)
}
