//! What comes through the channel, as messages for the app.

use super::{End, Event, Session, Work};
use crate::app::{Level, Msg};
use crate::core::page::Related;
use crate::runtime::drafts::DraftMessage;
use crate::runtime::input::Input;
use crate::runtime::key::key_of;
use crate::runtime::loader::LoadMessage;
use crate::runtime::mouse;
use crate::runtime::notes::NotesMessage;
use crate::runtime::signals::Signal;
use crate::runtime::store::SaveEvent;
use crate::runtime::terminal::{self, AppTerminal};

impl Session {
    pub(super) fn event(&mut self, event: Event, terminal: &mut AppTerminal) {
        match event {
            Event::Input(input) => self.input(input, terminal),
            Event::Signal(Signal::Terminate(number)) => self.end = Some(End::Signal(number)),
            Event::Signal(Signal::Suspend) => self.suspend(terminal),
            Event::Signal(Signal::Continue) => self.resume(terminal),
            Event::Loader(number, message) if number == self.library_number => {
                self.loader(message, terminal);
            }
            Event::Loader(..) => {}
            Event::Notes(message) => self.notes(message, terminal),
            Event::Drafts(DraftMessage::Found(drafts)) => {
                // Nothing was left: nothing is drawn for it.
                if !drafts.is_empty() {
                    self.apply(Msg::DraftsFound(drafts), terminal);
                }
            }
            Event::Searches(found) => self.apply(Msg::SearchesFound(found), terminal),
            Event::Fetching(news) => self.apply(Msg::Fetching(news), terminal),
            #[cfg(feature = "preview")]
            Event::Drawn(drawn) => self.drawn(*drawn),
            Event::Reading(news) => self.apply(Msg::Reading(news), terminal),
            Event::Drafts(DraftMessage::NotKept(reason)) => {
                let text = format!("The draft is in memory only: {reason}");
                self.apply(Msg::Tell(Level::Warning, text), terminal);
            }
            Event::Done(finished) => match finished.result {
                Ok(done) => {
                    if let Some(escape) = done.escape
                        && let Err(error) = terminal::write_escape(terminal, &escape)
                    {
                        self.end = Some(End::Failed(format!(
                            "the terminal accepts no output: {error}"
                        )));
                    }
                    if let Some(text) = done.picked {
                        self.end = Some(End::Picked(text));
                    }
                    let settled = finished.kind == Work::Settle;
                    if matches!(finished.kind, Work::Search | Work::Related)
                        && self.app.library.is_damaged()
                    {
                        // It may lack something; what is still awaited is asked for again.
                        return;
                    }
                    match done.opened {
                        Some(opened) => self.take_library(&opened, done.msg, terminal),
                        None => self.apply(done.msg, terminal),
                    }
                    if settled {
                        self.keep_later();
                    }
                }
                Err(reason) => {
                    if finished.kind == Work::Related {
                        // The page waits for this answer.
                        let msg = Msg::RelatedFound {
                            signature: finished.signature,
                            related: Related::default(),
                        };
                        self.apply(msg, terminal);
                    }
                    self.apply(
                        Msg::Tell(
                            Level::Error,
                            format!("This failed inside offprint: {reason}"),
                        ),
                        terminal,
                    );
                }
            },
        }
    }

    pub(super) fn input(&mut self, input: Input, terminal: &mut AppTerminal) {
        let msg = match input {
            Input::Key(event) => key_of(event).map(Msg::Key),
            Input::Paste(text) => Some(Msg::Paste(text)),
            Input::Resize { width, height } => Some(Msg::Resize(width, height)),
            Input::Focus(focused) => {
                self.watch.pause(!focused);
                None
            }
            Input::Mouse(event) => mouse::pointer(&self.app, event).map(Msg::Mouse),
            Input::Closed => {
                self.end = Some(End::Closed);
                None
            }
            Input::Failed(reason) => {
                self.end = Some(End::Failed(format!("keys cannot be read: {reason}")));
                None
            }
        };
        if let Some(msg) = msg {
            self.apply(msg, terminal);
        }
    }

    pub(super) fn notes(&mut self, message: NotesMessage, terminal: &mut AppTerminal) {
        // Where there are notes, their papers have to be found before they have a say in what is kept.
        let nothing_noted =
            matches!(&message, NotesMessage::Opened(ledger, ..) if ledger.state().is_empty());
        let msg = match message {
            NotesMessage::Opened(ledger, writer, warnings) => {
                self.writer = Some(writer);
                for warning in warnings {
                    self.apply(Msg::Tell(Level::Warning, warning), terminal);
                }
                Msg::NotesOpened(ledger)
            }
            NotesMessage::Unavailable(reason) => Msg::NotesUnavailable(reason),
            NotesMessage::Found(operations) => Msg::NotesFound(operations),
            NotesMessage::Save(SaveEvent::Saved(_)) => {
                self.keep_later();
                Msg::Saved
            }
            NotesMessage::Save(SaveEvent::NotSaved(_, error)) => {
                self.app.log(Level::Error, error.one_line());
                Msg::NotSaved(error.reason)
            }
            NotesMessage::LibraryRead(reread) => return self.reread(reread, terminal),
            NotesMessage::LibraryTrouble(short, full) => Msg::LibraryTrouble(short, full),
            NotesMessage::Warning(text) => Msg::Tell(Level::Warning, text),
        };
        self.apply(msg, terminal);
        if nothing_noted {
            self.keep_later();
        }
    }

    pub(super) fn loader(&mut self, message: LoadMessage, terminal: &mut AppTerminal) {
        let msg = match message {
            LoadMessage::Loaded(segments) => Msg::Loaded(segments),
            LoadMessage::Problems(problems) => Msg::Problems(problems),
            LoadMessage::Done => Msg::LoadDone,
            LoadMessage::Progress(papers) => Msg::IndexProgress(papers),
            LoadMessage::Failed(error) => {
                // With no paper to show there is nothing to stay for.
                if self.app.library.is_empty() && self.reread.is_none() {
                    self.end = Some(End::Unreadable(error.to_string()));
                    return;
                }
                Msg::LoadFailed(error.to_string())
            }
            LoadMessage::Indexed(index) => Msg::Indexed(index),
            LoadMessage::NotIndexed(error) => Msg::NotIndexed(error),
        };
        let has_ended = matches!(msg, Msg::LoadDone | Msg::LoadFailed(_));
        let is_whole = matches!(msg, Msg::Indexed(_));
        self.apply(msg, terminal);
        if is_whole {
            self.keep_later();
            self.take_embedded();
        }
        if has_ended && let Some(reread) = self.reread.take() {
            self.reread(reread, terminal);
        }
    }
}
