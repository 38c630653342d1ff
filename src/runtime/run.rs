//! The loop: one thread owns the app and the terminal; input, signals and workers feed one channel.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::attachment;
use super::clipboard::{Clipboard, Outcome, Request};
use super::comment_editor;
use super::drafts::{DraftMessage, Drafts};
use super::environment::Environment;
use super::exporting::{self, Export};
use super::fetching::{Fetcher, Services};
use super::incoming::Gatherer;
use super::input::{self, Input};
use super::jobs::{Finished, Jobs};
use super::keep::Keeper;
use super::key::key_of;
use super::loader::{self, LoadMessage, Loaded, Loading, Opened};
use super::model_asking::Asker;
use super::model_kept::FindingsFolder;
use super::notes::{self, NotesMessage, Reread, file_name};
use super::open::{Opener, Target as OpenTarget};
use super::place::Place;
#[cfg(feature = "preview")]
use super::preview::{self, Drawn, Pictures};
use super::program::{self, Launched};
use super::reading;
use super::searches::Searches;
use super::signals::{self, Signal};
use super::source;
use super::store::{SaveEvent, Writer, wall_clock_ms};
use super::terminal::{self, AppTerminal, Options, TerminalGuard};
use super::writing;
use crate::app::comment_box::{Draft, Edited};
use crate::app::fetching::{FetchNews, FetchStep};
use crate::app::reading::ReadingNews;
use crate::app::{
    self, App, Copied, CopyRoute, Effect, Level, Msg, Reloaded, Settings, Source, update,
};
use crate::config::Keep;
use crate::config::services::ServiceSettings;
use crate::core::catalogue::{Catalogue, SIMILAR_SHOWN, SentenceCase, Written};
use crate::core::cite::StyleSource;
use crate::core::library::SourceError;
use crate::core::notes::{moved_papers, settle};
use crate::core::page::Related;
use crate::core::paper::PaperNo;

/// No more than a frame in this time: a held key or a pasted text must not be drawn letter by letter.
const FRAME: Duration = Duration::from_millis(10);
/// How long a frame waits for answers that are nearly always faster, so that a key press gives one frame, not two.
const SETTLE: Duration = Duration::from_millis(6);
/// At most so many events are taken before a frame is drawn.
const MOST_AT_ONCE: usize = 10_000;

/// At the end the disk gets this long to take the last changes.
const FLUSH: Duration = Duration::from_secs(5);

/// What the app is started with.
pub struct Launch {
    /// The library to open.
    pub opened: Opened,
    /// The settings.
    pub settings: Settings,
    /// How to copy.
    pub clipboard: super::clipboard::Setting,
    /// Where citation styles come from.
    pub styles: Arc<dyn StyleSource>,
    /// Whether titles are cited in sentence case.
    pub sentence_case: bool,
    /// Whom to ask about papers.
    pub services: ServiceSettings,
    /// What to search for at the start; empty for nothing.
    pub query: String,
    /// Problems of the configuration, to be told at the start.
    pub warnings: Vec<String>,
    /// A file to keep in step with the library.
    pub keep: Option<Keep>,
}

/// The kinds of background work: of each only the newest request counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    Search,
    Page,
    Related,
    Copy,
    Preview,
    Open,
    Export,
    Settle,
    Identify,
    Write,
    Reload,
    Fetch,
    Retracted,
    Pdf,
    #[cfg(feature = "preview")]
    Pictures,
    Keep,
}

/// What comes through the channel.
enum Event {
    Input(Input),
    Signal(Signal),
    /// With the number of the library that it is about: another may have taken its place.
    Loader(u64, LoadMessage),
    Done(Finished<Work, Done>),
    Notes(NotesMessage),
    Drafts(DraftMessage),
    Searches(Vec<String>),
    Fetching(FetchNews),
    Reading(ReadingNews),
    #[cfg(feature = "preview")]
    Drawn(Box<Drawn>),
}

/// A worker's result.
struct Done {
    msg: Msg,
    /// Bytes for the terminal, to be written between frames.
    escape: Option<Vec<u8>>,
    /// What was chosen for the program that asked.
    picked: Option<String>,
    /// The file of the library that the message brings.
    opened: Option<Opened>,
}

impl From<Msg> for Done {
    fn from(msg: Msg) -> Done {
        Done {
            msg,
            escape: None,
            picked: None,
            opened: None,
        }
    }
}

/// Why the loop ended.
enum End {
    Quit,
    /// The reader's own library is shown from now on.
    OwnLibrary,
    /// The library cannot be read: place, what, what to do.
    Unreadable(String),
    Picked(String),
    Signal(i32),
    Closed,
    Failed(String),
}

/// How the app was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// With this exit status.
    Status(u8),
    /// With papers written down for the program that asked for them.
    Picked(String),
    /// The library could not be read to its end: place, what, what to do.
    Unreadable(String),
    /// The last changes could not be written: place, what, what to do.
    NotSaved(String),
    /// To go on with the reader's own library, which was begun.
    OwnLibrary,
}

/// Runs the app until the reader leaves. When papers are picked for another program, the app is drawn on the
/// controlling terminal, because standard output belongs to that program.
///
/// # Errors
/// One line that says why the app could not be shown.
pub fn run(launch: Launch) -> Result<Left, String> {
    let target = if launch.settings.picking {
        terminal::Target::ControllingTerminal
    } else {
        terminal::Target::Stdout
    };
    terminal::terminal_available(target).map_err(|error| error.to_string())?;
    let (sender, receiver) = channel();
    let started = Instant::now();
    let source = Source {
        name: launch.opened.place.name(),
        example: launch.opened.place == Place::Example,
        read_only: launch.opened.read_only(),
    };
    // Reading begins before the terminal is taken, so that the first frame has papers.
    let loading = start_loading(&launch.opened, &sender)?;
    let (guard, mut terminal) = TerminalGuard::enter(Options {
        target,
        ..Options::default()
    })
    .map_err(|error| format!("the terminal cannot be used: {error}"))?;
    let size = terminal
        .size()
        .map_or((80, 24), |size| (size.width, size.height));
    let mut app = App::new(launch.settings, source, size);
    app.query = launch.query;
    for warning in launch.warnings {
        app.tell(Level::Warning, warning);
    }
    let input_sender = sender.clone();
    let reader = input::spawn(move |input| {
        let _ = input_sender.send(Event::Input(input));
    })
    .map_err(|error| format!("keys cannot be read: {error}"))?;
    let signal_sender = sender.clone();
    signals::spawn(move |signal| {
        let _ = signal_sender.send(Event::Signal(signal));
    })
    .map_err(|error| format!("signals cannot be caught: {error}"))?;
    let done_sender = sender.clone();
    let jobs = Jobs::new(move |finished| {
        let _ = done_sender.send(Event::Done(finished));
    });
    let notes_sender = sender.clone();
    let watch = notes::watch(launch.opened.clone(), move |message| {
        let _ = notes_sender.send(Event::Notes(message));
    })
    .map_err(|error| format!("the notes cannot be read: {error}"))?;
    let drafts_sender = sender.clone();
    let drafts = Drafts::start(&launch.opened.place, move |message| {
        let _ = drafts_sender.send(Event::Drafts(message));
    })
    .map_err(|error| format!("drafts cannot be kept: {error}"))?;
    let searches_sender = sender.clone();
    let searches = Searches::start(move |found| {
        let _ = searches_sender.send(Event::Searches(found));
    })
    .map_err(|error| format!("searches cannot be kept: {error}"))?;
    let mut session = Session {
        watch,
        place: launch.opened.place.clone(),
        opened: launch.opened.clone(),
        is_healing: false,
        drafts,
        searches,
        reader,
        writer: None,
        loading: Some(loading),
        library_number: 0,
        reread: None,
        sender: sender.clone(),
        app,
        jobs,
        receiver,
        started,
        source: launch.opened.source(),
        keeper: launch
            .keep
            .map(|keep| Keeper::new(keep, launch.opened.place.clone())),
        styles: launch.styles,
        sentence_case: launch.sentence_case.then(Arc::default),
        services: Services::new(launch.services),
        clipboard: Arc::new(Clipboard::from_process(launch.clipboard)),
        #[cfg(feature = "preview")]
        pictures: Pictures::default(),
        guard,
        end: None,
    };
    let end = session.attend(&mut terminal);
    session.loading = None;
    for effect in session.app.leave_reading() {
        if let (Effect::Change(operations), Some(writer)) = (effect, &session.writer) {
            writer.submit(&operations);
        }
    }
    let catalogue = session.catalogue();
    drop(session.reader);
    session.guard.leave();
    if let Some(keeper) = &session.keeper {
        keeper.finish(&catalogue);
    }
    if let Some(draft) = session.app.open_draft() {
        session.drafts.keep(draft);
    }
    session.drafts.flush(FLUSH);
    session.searches.finish();
    finish_identifying(&mut session.app, &catalogue, session.writer.as_ref());
    let flushed = session.writer.as_ref().map(|writer| writer.flush(FLUSH));
    if let Some(Err(error)) = flushed {
        return Ok(Left::NotSaved(error.one_line()));
    }
    match end {
        End::Unreadable(reason) => Ok(Left::Unreadable(reason)),
        End::Quit if session.app.settings.picking => Ok(Left::Status(1)),
        End::Quit => Ok(match session.app.loading {
            app::Loading::Failed(reason) => Left::Unreadable(reason),
            _ => Left::Status(0),
        }),
        End::OwnLibrary => Ok(Left::OwnLibrary),
        End::Picked(text) => Ok(Left::Picked(text)),
        End::Signal(number) => Ok(Left::Status(signals::exit_status(number))),
        End::Closed => Ok(Left::Status(signals::exit_status(1))),
        End::Failed(reason) => Err(reason),
    }
}

fn start_loading(opened: &Opened, sender: &Sender<Event>) -> Result<Loading, String> {
    let sender = sender.clone();
    loader::start(opened, move |message| {
        let _ = sender.send(Event::Loader(0, message));
    })
    .map_err(|error| format!("the library cannot be read: {error}"))
}

struct Session {
    watch: notes::Watch,
    place: Place,
    /// The file of the library that is shown.
    opened: Opened,
    /// Its cache is damaged, and it is being read anew.
    is_healing: bool,
    drafts: Drafts,
    searches: Searches,
    reader: input::Reader,
    writer: Option<Writer>,
    /// The loading of the library, or the indexing of one read anew.
    loading: Option<Loading>,
    /// How often the library was read anew.
    library_number: u64,
    /// A library read anew that waits until the first one has been read.
    reread: Option<Box<Reread>>,
    sender: Sender<Event>,
    app: App,
    jobs: Jobs<Work, Done>,
    receiver: Receiver<Event>,
    started: Instant,
    source: Arc<dyn crate::core::library::ItemSource>,
    /// Keeps a file in step with the library, where the reader wants that.
    keeper: Option<Keeper>,
    styles: Arc<dyn StyleSource>,
    sentence_case: Option<Arc<SentenceCase>>,
    services: Services,
    clipboard: Arc<Clipboard>,
    #[cfg(feature = "preview")]
    pictures: Pictures,
    guard: TerminalGuard,
    end: Option<End>,
}

impl Session {
    fn attend(&mut self, terminal: &mut AppTerminal) -> End {
        let mut last_frame: Option<Instant> = None;
        // The first segment is a few milliseconds away: a first frame without papers would only flicker.
        let mut wait = Some(SETTLE);
        loop {
            self.take_events(wait, terminal);
            self.settle(terminal);
            if self.app.library.is_damaged() && !self.is_healing {
                self.heal(terminal);
            }
            if let Some(end) = self.end.take() {
                return end;
            }
            #[cfg(feature = "preview")]
            self.want_pictures();
            wait = self.until_deadline();
            if self.app.dirty {
                let rest =
                    last_frame.map_or(Duration::ZERO, |at| FRAME.saturating_sub(at.elapsed()));
                if !rest.is_zero() {
                    wait = Some(rest);
                    continue;
                }
                if let Err(error) = terminal::draw(terminal, |frame| self.draw(frame)) {
                    return End::Failed(format!("the terminal accepts no output: {error}"));
                }
                self.app.dirty = false;
                last_frame = Some(Instant::now());
            }
        }
    }

    fn draw(&self, frame: &mut ratatui::Frame<'_>) {
        crate::ui::draw(&self.app, frame);
        #[cfg(feature = "preview")]
        if let (Some(reading), Some(place)) = (&self.app.reading, self.app.picture_place()) {
            self.pictures.draw(reading.page(), place, frame);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn until_deadline(&self) -> Option<Duration> {
        self.app
            .deadline()
            .map(|deadline| Duration::from_millis(deadline.saturating_sub(self.now())))
    }

    /// Waits for an event, or until the time is over, and takes all that are there.
    fn take_events(&mut self, wait: Option<Duration>, terminal: &mut AppTerminal) {
        let first = match wait {
            None => self
                .receiver
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
            Some(time) => self.receiver.recv_timeout(time),
        };
        self.tell_time(terminal);
        match first {
            Ok(event) => self.event(event, terminal),
            Err(RecvTimeoutError::Timeout) => return,
            Err(RecvTimeoutError::Disconnected) => {
                self.end = Some(End::Closed);
                return;
            }
        }
        for _ in 0..MOST_AT_ONCE {
            match self.receiver.try_recv() {
                Ok(event) => self.event(event, terminal),
                Err(_) => break,
            }
        }
    }

    fn tell_time(&mut self, terminal: &mut AppTerminal) {
        let now = self.now();
        self.apply(Msg::Now(now), terminal);
        self.apply(Msg::Clock(wall_clock_ms()), terminal);
    }

    /// Gives the workers a moment to answer, so that what a key asked for is in its frame.
    fn settle(&mut self, terminal: &mut AppTerminal) {
        let begun = Instant::now();
        while self.app.awaits_answer() && self.end.is_none() {
            let rest = SETTLE.saturating_sub(begun.elapsed());
            match self.receiver.recv_timeout(rest) {
                Ok(event) => self.event(event, terminal),
                Err(_) => break,
            }
        }
    }

    fn event(&mut self, event: Event, terminal: &mut AppTerminal) {
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

    fn input(&mut self, input: Input, terminal: &mut AppTerminal) {
        let msg = match input {
            Input::Key(event) => key_of(event).map(Msg::Key),
            Input::Paste(text) => Some(Msg::Paste(text)),
            Input::Resize { width, height } => Some(Msg::Resize(width, height)),
            Input::Focus(focused) => {
                self.watch.pause(!focused);
                None
            }
            Input::Mouse(_) => None,
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

    fn notes(&mut self, message: NotesMessage, terminal: &mut AppTerminal) {
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

    fn loader(&mut self, message: LoadMessage, terminal: &mut AppTerminal) {
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
        }
        if has_ended && let Some(reread) = self.reread.take() {
            self.reread(reread, terminal);
        }
    }

    /// Has the kept file brought up to date in a moment.
    fn keep_later(&mut self) {
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

    fn apply(&mut self, msg: Msg, terminal: &mut AppTerminal) {
        for effect in update(&mut self.app, msg) {
            self.perform(effect, terminal);
        }
    }

    /// The library as another program left it: what refers to its papers is brought up to date by a worker.
    fn reread(&mut self, reread: Box<Reread>, terminal: &mut AppTerminal) {
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
    fn heal(&mut self, terminal: &mut AppTerminal) {
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
    fn take_library(&mut self, opened: &Opened, msg: Msg, terminal: &mut AppTerminal) {
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

    fn catalogue(&self) -> Catalogue {
        Catalogue {
            library: self.app.library.clone(),
            index: self.app.index.clone(),
            source: Arc::clone(&self.source),
            styles: Arc::clone(&self.styles),
            notes: Arc::clone(&self.app.notes),
            sentence_case: self.sentence_case.clone(),
            metrics: super::metrics::source(),
        }
    }

    fn perform(&mut self, effect: Effect, terminal: &mut AppTerminal) {
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
                agreed,
            } => {
                let asker = Asker {
                    catalogue: self.catalogue(),
                    place: self.place.clone(),
                    model: self.app.settings.model.clone(),
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
            Effect::AskPictures => self.ask_pictures(terminal),
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
            Effect::OpenUrl(url) => self.jobs.request(Work::Open, 0, move |_| open(&url).into()),
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

    fn stop_reading(&mut self) {
        self.jobs.cancel(Work::Pdf);
        #[cfg(feature = "preview")]
        {
            self.jobs.cancel(Work::Pictures);
            self.pictures.clear();
        }
    }

    #[cfg(not(feature = "preview"))]
    fn ask_pictures(&mut self, terminal: &mut AppTerminal) {
        let known = Err("this build of offprint shows no pictures".to_owned());
        self.apply(Msg::PicturesKnown(known), terminal);
    }

    /// Asks the terminal how it shows pictures; what was typed meanwhile is a key like any other.
    #[cfg(feature = "preview")]
    fn ask_pictures(&mut self, terminal: &mut AppTerminal) {
        let asked = preview::ask(self.app.settings.preview, terminal, &self.reader);
        let known = asked.showing.map(|showing| {
            self.pictures.showing = Some(showing);
        });
        self.apply(Msg::PicturesKnown(known), terminal);
        for key in preview::keys(&asked.typed) {
            self.input(Input::Key(key), terminal);
        }
    }

    /// Has the page in view drawn, and those around it, unless they are there.
    #[cfg(feature = "preview")]
    fn want_pictures(&mut self) {
        let (Some(reading), Some(place)) = (&self.app.reading, self.app.picture_place()) else {
            return;
        };
        let key = preview::Key {
            signature: reading.signature,
            size: (place.width, place.height),
        };
        let Some(wanted) = self.pictures.want(key, reading.page(), reading.pages) else {
            return;
        };
        let path = attachment::found(&reading.file, &self.place);
        let sender = self.sender.clone();
        self.jobs
            .request(Work::Pictures, key.signature, move |cancelled| {
                let keep = |drawn| drop(sender.send(Event::Drawn(Box::new(drawn))));
                let drawn = preview::draw_pages(&wanted, &path, cancelled, &keep);
                let trouble = drawn.err().map(|error| error.to_string());
                Msg::PictureTrouble(key.signature, trouble).into()
            });
    }

    #[cfg(feature = "preview")]
    fn drawn(&mut self, drawn: Drawn) {
        let page = self.app.reading.as_ref().map(app::reading::Reading::page);
        let is_in_view = page == Some(drawn.page);
        if self.pictures.keep(drawn) && is_in_view {
            self.app.dirty = true;
        }
    }

    fn edit_text(&mut self, draft: Draft, terminal: &mut AppTerminal) {
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

    fn suspend(&mut self, terminal: &mut AppTerminal) {
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

    fn resume(&mut self, terminal: &mut AppTerminal) {
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

/// At the end: what identifies papers that were just noted must not be lost with the worker that looks it up.
fn finish_identifying(app: &mut App, catalogue: &Catalogue, writer: Option<&Writer>) {
    let ids = app.take_unidentified();
    if ids.is_empty() {
        return;
    }
    for effect in update(app, Msg::Identified(catalogue.identify(ids))) {
        if let (Effect::Change(operations), Some(writer)) = (effect, writer) {
            writer.submit(&operations);
        }
    }
}

/// The key of one paper, or how many there are; and how many of them are retracted.
fn name_of(catalogue: &Catalogue, papers: &[PaperNo]) -> String {
    let name = match papers {
        [one] => catalogue.key(*one).unwrap_or_default(),
        many => format!("{} papers", many.len()),
    };
    let retracted = catalogue.retracted_among(papers.iter().copied(), &|| false);
    match (retracted.len(), papers.len()) {
        (0, _) => name,
        (1, 1) => format!("{name} · RETRACTED"),
        (count, _) => format!("{name} · {count} RETRACTED"),
    }
}

fn copy(clipboard: &Clipboard, what: String, of: String, written: Written) -> Done {
    let delivery = clipboard.copy(&Request {
        text: written.text,
        html: written.html,
    });
    let route = match delivery.outcome {
        Outcome::Copied => CopyRoute::Confirmed,
        Outcome::Sent { .. } => CopyRoute::Sent,
        Outcome::SavedToFile { path, .. } => CopyRoute::Saved(path.display().to_string()),
        Outcome::Failed { reason } => CopyRoute::Failed(reason),
    };
    let copied = Copied {
        what,
        of,
        text: delivery.text,
        route,
    };
    Done {
        msg: Msg::Copied(copied),
        escape: delivery.escape,
        picked: None,
        opened: None,
    }
}

fn open_file(path: &Path) -> Msg {
    let name = crate::core::text::scrub(&path.to_string_lossy(), false);
    let opened = OpenTarget::file(path)
        .and_then(|target| Opener::default().open(&target, &Environment::from_process()));
    match opened {
        Ok(()) => Msg::Tell(Level::Info, format!("Opening {name}")),
        Err(error) => Msg::Tell(Level::Error, format!("Not opened: {error}")),
    }
}

fn run_program(label: &str, words: &[String]) -> Msg {
    match program::launch(words) {
        Ok(Launched::Ended) => Msg::Tell(Level::Info, format!("{label}: done")),
        Ok(Launched::Running) => Msg::Tell(Level::Info, format!("{label}: started")),
        Err(reason) => Msg::Tell(Level::Error, format!("{label}: {reason}")),
    }
}

fn open(url: &str) -> Msg {
    let opened = OpenTarget::parse(url)
        .and_then(|target| Opener::default().open(&target, &Environment::from_process()));
    match opened {
        Ok(()) => Msg::Tell(
            Level::Info,
            format!("Opening {}", crate::core::text::clean(url)),
        ),
        Err(error) => Msg::Tell(Level::Error, format!("Not opened: {error}")),
    }
}
