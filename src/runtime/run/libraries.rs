//! The library that is shown: read anew when it was replaced or its index is damaged, and kept in step with a file.

use std::sync::Arc;

use super::{Done, Event, Session, Work};
use crate::app::{self, Level, Msg, Reloaded};
use crate::core::catalogue::Catalogue;
use crate::core::library::SourceError;
use crate::core::notes::{moved_papers, settle};
use crate::runtime::embeddings::KeptVectors;
use crate::runtime::loader::{self, Loaded, Opened};
use crate::runtime::notes::{self, NotesMessage, Reread, file_name};
use crate::runtime::source;
use crate::runtime::store::wall_clock_ms;
use crate::runtime::terminal::AppTerminal;

impl Session {
    /// Has the kept file brought up to date in a moment.
    pub(super) fn keep_later(&mut self) {
        let catalogue = self.catalogue();
        let is_known = self.writer.is_some();
        if let Some(keeper) = &self.keeper
            && let Some(work) = keeper.later(catalogue, is_known)
        {
            self.jobs.request(Work::Keep, 0, move |cancelled| {
                let told = work(cancelled).map(|line| Msg::Tell(Level::Warning, line));
                // Nothing to tell: a message that changes nothing.
                told.unwrap_or_else(|| Msg::Clock(wall_clock_ms())).into()
            });
        }
    }

    /// Has the vectors taken that the reader's model made of the papers, where it did.
    pub(super) fn take_embedded(&mut self) {
        let model = self.app.settings.model.as_ref();
        let (Some(kept), Some(index)) = (model.and_then(KeptVectors::of), &self.app.index) else {
            return;
        };
        let (index, library) = (Arc::clone(index), self.app.library.clone());
        self.jobs.request(Work::Embedded, 0, move |_| {
            let taken = kept
                .load(&library)
                .is_some_and(|vectors| index.take_embedded(vectors));
            if taken {
                Msg::Embedded.into()
            } else {
                Msg::Clock(wall_clock_ms()).into()
            }
        });
    }

    /// The library as another program left it: what refers to its papers is brought up to date by a worker.
    pub(super) fn reread(&mut self, reread: Box<Reread>, terminal: &mut AppTerminal) {
        if self.app.loading == app::Loading::Reading {
            self.reread = Some(reread);
            return;
        }
        let Reread { opened, loaded } = *reread;
        if loaded.library.is_empty() && !self.app.library.is_empty() {
            let text =
                |name: &str| format!("{name}: no paper is in it any more; the list is as it was");
            let full = opened.place.name();
            let msg = Msg::LibraryTrouble(text(file_name(&full)), text(&full));
            return self.apply(msg, terminal);
        }
        let old = self.catalogue();
        let (query, order) = (self.app.query.clone(), self.app.order());
        self.jobs.request(Work::Reload, 0, move |cancelled| {
            let source = opened.source();
            let new = (&loaded.library, source.as_ref());
            let moved = moved_papers((&old.library, old.source.as_ref()), new);
            let settled = settle(&old.notes, Vec::new(), new.0, new.1);
            let catalogue = Catalogue {
                library: loaded.library.clone(),
                index: None,
                source: Arc::clone(&source),
                notes: Arc::clone(&settled.notes),
                ..old
            };
            let is_asked = !query.trim().is_empty() || !order.is_given();
            let hits = is_asked.then(|| {
                let query = catalogue.parse(&query);
                catalogue.search(&query, order, &|| cancelled.is_cancelled())
            });
            let reloaded = Reloaded {
                library: loaded.library,
                problems: loaded.problems,
                moved,
                query,
                order,
                hits,
                settled,
            };
            Done {
                opened: Some(opened),
                ..Msg::Reloaded(Box::new(reloaded)).into()
            }
        });
    }

    /// The cache is damaged: the library is read from its own file.
    pub(super) fn heal(&mut self, terminal: &mut AppTerminal) {
        self.is_healing = true;
        if let Some(cache) = self.opened.cache() {
            cache.discard();
        }
        self.app.index = None;
        let text = "The index on the disk is damaged; the library is read anew";
        self.apply(Msg::Tell(Level::Warning, text.to_owned()), terminal);
        let (first, sender) = (self.opened.clone(), self.sender.clone());
        let started = std::thread::Builder::new()
            .name("library".to_owned())
            .spawn(move || {
                let message = notes::read_again(&first).unwrap_or_else(|error| {
                    let short = error.error.one_line(file_name(&error.place));
                    NotesMessage::LibraryTrouble(short, error.to_string())
                });
                let _ = sender.send(Event::Notes(message));
            });
        if let Err(error) = started {
            let text = format!("The library cannot be read: {}", source::reason(&error));
            self.apply(Msg::Tell(Level::Error, text), terminal);
        }
    }

    /// Shows a library read anew, and has it indexed.
    pub(super) fn take_library(&mut self, opened: &Opened, msg: Msg, terminal: &mut AppTerminal) {
        self.opened = opened.clone();
        self.is_healing = false;
        self.source = opened.source();
        self.library_number += 1;
        let before = self.app.index.clone();
        self.apply(msg, terminal);
        let (sender, number) = (self.sender.clone(), self.library_number);
        let loaded = Loaded {
            library: self.app.library.clone(),
            problems: self.app.problems.clone(),
        };
        let loading = loader::start_index(opened, loaded, before, move |message| {
            let _ = sender.send(Event::Loader(number, message));
        });
        match loading {
            Ok(loading) => self.loading = Some(loading),
            Err(error) => {
                let reason = SourceError::Unreadable(source::reason(&error));
                self.apply(Msg::NotIndexed(reason), terminal);
            }
        }
    }

    pub(super) fn catalogue(&self) -> Catalogue {
        Catalogue {
            library: self.app.library.clone(),
            index: self.app.index.clone(),
            source: Arc::clone(&self.source),
            styles: Arc::clone(&self.styles),
            notes: Arc::clone(&self.app.notes),
            sentence_case: self.sentence_case.clone(),
            metrics: crate::runtime::metrics::source(),
        }
    }
}
