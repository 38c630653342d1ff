//! What the app wants done: workers are asked, the journal is written, the terminal is lent.

use std::sync::Arc;

use super::copying::{copy, name_of};
use super::opening::{open_address, open_file, run_program};
use super::{Done, End, Event, FLUSH, Session, Work};
use crate::app::drafts::{Draft, Edited};
use crate::app::fetching::{FetchNews, FetchStep};
use crate::app::{Copied, CopyRoute, Effect, Level, Msg};
use crate::core::catalogue::SIMILAR_SHOWN;
use crate::core::notes::settle;
use crate::runtime::exporting::{self, Export};
use crate::runtime::fetching::Fetcher;
use crate::runtime::finding_pdf::PdfFinder;
use crate::runtime::incoming::Gatherer;
use crate::runtime::model_asking::Asker;
use crate::runtime::model_kept::FindingsFolder;
use crate::runtime::terminal::AppTerminal;
use crate::runtime::{attachment, comment_editor, reading, writing};

impl Session {
    pub(super) fn perform(&mut self, effect: Effect, terminal: &mut AppTerminal) {
        match effect {
            Effect::Search {
                signature,
                query,
                order,
            } => {
                let catalogue = self.catalogue();
                self.jobs
                    .request(Work::Search, signature, move |cancelled| {
                        let query = catalogue.parse(&query);
                        let hits = catalogue.search(&query, order, &|| cancelled.is_cancelled());
                        Msg::Found { signature, hits }.into()
                    });
            }
            Effect::ReadPage { signature, paper } => {
                let catalogue = self.catalogue();
                let ways = self.app.settings.shown_ways.clone();
                let place = self.place.clone();
                self.jobs.request(Work::Page, signature, move |_| {
                    let result = catalogue
                        .page_item(paper, &ways)
                        .map(|mut read| {
                            let kept = FindingsFolder::of(&place);
                            read.by_model = kept.and_then(|kept| kept.find(&read.item.id()));
                            read
                        })
                        .map(Arc::new)
                        .map_err(|error| error.to_string());
                    Msg::PageRead { signature, result }.into()
                });
            }
            Effect::FindRelated { signature, paper } => {
                let catalogue = self.catalogue();
                self.jobs.request(Work::Related, signature, move |_| {
                    Msg::RelatedFound {
                        signature,
                        related: catalogue.related(paper, SIMILAR_SHOWN),
                    }
                    .into()
                });
            }
            Effect::Copy { way, papers } => {
                let catalogue = self.catalogue();
                let clipboard = Arc::clone(&self.clipboard);
                self.jobs.request(Work::Copy, 0, move |_| {
                    let of = name_of(&catalogue, &papers);
                    match catalogue.cite(&way, &papers) {
                        Ok(written) => copy(&clipboard, way.label(), of, written),
                        Err(error) => {
                            let route = CopyRoute::Failed(error.to_string());
                            let what = way.label();
                            Msg::Copied(Copied {
                                what,
                                of,
                                text: String::new(),
                                route,
                            })
                            .into()
                        }
                    }
                });
            }
            Effect::Preview {
                signature,
                way,
                papers,
            } => {
                let catalogue = self.catalogue();
                self.jobs.request(Work::Preview, signature, move |_| {
                    let written = catalogue.cite(&way, &papers);
                    let text = written
                        .map(|written| written.text)
                        .map_err(|error| error.to_string());
                    Msg::Previewed { signature, text }.into()
                });
            }
            Effect::Pick { way, papers } => {
                let catalogue = self.catalogue();
                self.jobs.request(Work::Copy, 0, move |_| {
                    match catalogue.cite(&way, &papers) {
                        Ok(written) => {
                            let msg = Msg::Tell(Level::Info, "Taken".to_owned());
                            Done {
                                msg,
                                escape: None,
                                picked: Some(written.text),
                                opened: None,
                            }
                        }
                        Err(error) => Msg::Tell(Level::Error, format!("Not taken: {error}")).into(),
                    }
                });
            }
            Effect::Change(operations) => match &self.writer {
                Some(writer) => drop(writer.submit(&operations)),
                None => self.apply(Msg::NotSaved("there is no journal".to_owned()), terminal),
            },
            Effect::KeepDraft(draft) => self.drafts.keep(draft),
            Effect::RememberSearch(search) => self.searches.add(search),
            Effect::EditText(draft) => self.edit_text(draft, terminal),
            Effect::Settle(operations) => {
                let catalogue = self.catalogue();
                self.jobs.request(Work::Settle, 0, move |_| {
                    let source = catalogue.source.as_ref();
                    let settled = settle(&catalogue.notes, operations, &catalogue.library, source);
                    Msg::NotesSettled(Box::new(settled)).into()
                });
            }
            Effect::WriteLibrary(wanted) => {
                let (catalogue, place) = (self.catalogue(), self.place.clone());
                let look = self.watch.looker();
                self.jobs.request(Work::Write, 0, move |_| {
                    let written = writing::write(&catalogue, &place, wanted);
                    look();
                    Msg::LibraryWritten(Box::new(written)).into()
                });
            }
            Effect::Identify(ids) => {
                let catalogue = self.catalogue();
                self.jobs.request(Work::Identify, 0, move |_| {
                    Msg::Identified(catalogue.identify(ids)).into()
                });
            }
            Effect::FetchMetrics { signature, papers } => {
                let fetcher = Fetcher {
                    catalogue: self.catalogue(),
                    services: self.services.clone(),
                };
                let sender = self.sender.clone();
                let tell = move |news| drop(sender.send(Event::Fetching(news)));
                self.jobs.request(Work::Fetch, signature, move |cancelled| {
                    let ended = fetcher.fetch(signature, &papers, cancelled, &tell);
                    Msg::Fetching(ended).into()
                });
            }
            Effect::AskModel {
                signature,
                paper,
                scope,
                agreed,
            } => {
                let asker = Asker {
                    catalogue: self.catalogue(),
                    place: self.place.clone(),
                    model: self.app.settings.model.clone(),
                    scope,
                };
                let sender = self.sender.clone();
                let tell = move |who: &str| {
                    let what = FetchStep::Asking(who.to_owned());
                    let _ = sender.send(Event::Fetching(FetchNews { signature, what }));
                };
                self.jobs.request(Work::Fetch, signature, move |cancelled| {
                    let answer = asker.ask(paper, agreed, cancelled, &tell);
                    Msg::ModelAnswered {
                        signature,
                        paper,
                        answer,
                    }
                    .into()
                });
            }
            Effect::FindPdf { signature, paper } => {
                let finder = PdfFinder {
                    catalogue: self.catalogue(),
                    services: self.services.clone(),
                    place: self.place.clone(),
                    folder: self.pdf_folder.clone(),
                };
                let sender = self.sender.clone();
                let tell = move |who: &str| {
                    let what = FetchStep::Asking(who.to_owned());
                    let _ = sender.send(Event::Fetching(FetchNews { signature, what }));
                };
                self.jobs.request(Work::Fetch, signature, move |cancelled| {
                    let found = finder.find(paper, cancelled, &tell);
                    Msg::PdfFound { signature, found }.into()
                });
            }
            Effect::LookAtPdf(file) => {
                let path = attachment::found(&file, &self.place);
                self.jobs.request(Work::PdfLook, 0, move |cancelled| {
                    let look = reading::look(&path, cancelled);
                    Msg::PdfLooked(file, look).into()
                });
            }
            Effect::Gather { signature, asked } => {
                let gatherer = Gatherer {
                    catalogue: self.catalogue(),
                    place: self.place.clone(),
                    services: self.services.clone(),
                };
                let sender = self.sender.clone();
                let tell = move |what| {
                    let _ = sender.send(Event::Fetching(FetchNews { signature, what }));
                };
                self.jobs.request(Work::Fetch, signature, move |cancelled| {
                    let result = gatherer.gather(&asked, cancelled, &tell).map(Box::new);
                    Msg::Gathered { signature, result }.into()
                });
            }
            Effect::OpenLibrary(shelf) => self.end = Some(End::Library(shelf.number)),
            Effect::OpenOwnLibrary => self.end = Some(End::OwnLibrary),
            Effect::StopFetching => self.jobs.cancel(Work::Fetch),
            Effect::FindRetracted => {
                let catalogue = self.catalogue();
                self.jobs.request(Work::Retracted, 0, move |cancelled| {
                    let found = catalogue.retracted(&|| cancelled.is_cancelled());
                    Msg::RetractedFound(found).into()
                });
            }
            Effect::ReadPdf { signature, file } => {
                let path = attachment::found(&file, &self.place);
                let sender = self.sender.clone();
                let tell = move |news| drop(sender.send(Event::Reading(news)));
                self.jobs.request(Work::Pdf, signature, move |cancelled| {
                    Msg::Reading(reading::read(signature, &path, cancelled, &tell)).into()
                });
            }
            Effect::AskPictures => self.is_asking_due = true,
            Effect::StopReading => self.stop_reading(),
            Effect::OpenFile(stored) => {
                let path = attachment::found(&stored, &self.place);
                self.jobs
                    .request(Work::Open, 0, move |_| open_file(&path).into());
            }
            Effect::RunProgram { label, words } => {
                self.jobs
                    .request(Work::Open, 0, move |_| run_program(&label, &words).into());
            }
            Effect::Export {
                papers,
                target,
                style,
                path,
                replace,
            } => {
                let (catalogue, place) = (self.catalogue(), self.place.clone());
                let export = Export {
                    papers,
                    target,
                    style,
                    path,
                    replace,
                };
                self.jobs.request(Work::Export, 0, move |_| {
                    exporting::export(&catalogue, &place, &export).into()
                });
            }
            Effect::OpenUrl(url) => self
                .jobs
                .request(Work::Open, 0, move |_| open_address(&url).into()),
            Effect::Mouse(on) => {
                if let Err(error) = self.guard.set_mouse(on) {
                    let text = format!("the terminal accepts no output: {error}");
                    self.end = Some(End::Failed(text));
                }
            }
            Effect::Redraw => {
                let resized = terminal.size().and_then(|size| {
                    terminal.resize(ratatui::layout::Rect::new(0, 0, size.width, size.height))
                });
                if let Err(error) = resized {
                    self.end = Some(End::Failed(format!(
                        "the terminal accepts no output: {error}"
                    )));
                }
            }
            Effect::Suspend => self.suspend(terminal),
            Effect::Quit => self.end = Some(End::Quit),
        }
    }

    pub(super) fn edit_text(&mut self, draft: Draft, terminal: &mut AppTerminal) {
        let lend = |command: &mut _| self.guard.lend(terminal, &self.reader, command);
        let (edited, file) = comment_editor::edit(&draft, &self.drafts, lend);
        let has_text = matches!(edited, Edited::Text(_));
        let key = draft.key;
        // Hours may have gone by.
        self.tell_time(terminal);
        self.apply(Msg::Edited { key, edited }, terminal);
        // A new text is in a draft now; only when that is on the disk is the file too much.
        let is_safe = !has_text || self.drafts.flush(FLUSH);
        if let Some(file) = file.filter(|_| is_safe) {
            file.discard();
        }
    }

    pub(super) fn suspend(&mut self, terminal: &mut AppTerminal) {
        match self.guard.stop() {
            Ok(true) => {}
            Ok(false) => {
                self.apply(
                    Msg::Tell(Level::Info, "There is no shell to suspend to".to_owned()),
                    terminal,
                );
            }
            Err(error) => self.apply(
                Msg::Tell(Level::Error, format!("Not suspended: {error}")),
                terminal,
            ),
        }
    }

    pub(super) fn resume(&mut self, terminal: &mut AppTerminal) {
        // The terminal may have forgotten its pictures meanwhile.
        #[cfg(feature = "preview")]
        self.pictures.clear();
        if let Err(error) = self.guard.resume(terminal) {
            self.end = Some(End::Failed(format!("the terminal cannot be used: {error}")));
            return;
        }
        if let Ok(size) = terminal.size() {
            self.apply(Msg::Resize(size.width, size.height), terminal);
        }
    }
}
