//! The loop: one thread owns the app and the terminal; input, signals and workers feed one channel.

mod copying;
mod effects;
mod events;
mod libraries;
mod opening;
mod pictures;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::clipboard::Clipboard;
use super::drafts::{DraftMessage, Drafts};
use super::fetching::Services;
use super::input::{self, Input};
use super::jobs::{Finished, Jobs};
use super::keep::Keeper;
use super::loader::{self, LoadMessage, Loading, Opened};
use super::memory::Memory;
use super::notes::{self, NotesMessage, Reread};
use super::place::Place;
#[cfg(feature = "preview")]
use super::preview::{Drawn, Pictures};
use super::searches::Searches;
use super::signals::{self, Signal};
use super::store::{Writer, wall_clock_ms};
use super::terminal::{self, AppTerminal, Options, TerminalGuard};
use crate::app::fetching::FetchNews;
use crate::app::reading::ReadingNews;
use crate::app::{self, App, Effect, Level, Msg, Settings, Source, update};
use crate::config::Keep;
use crate::config::services::ServiceSettings;
use crate::core::catalogue::{Catalogue, SentenceCase};
use crate::core::cite::StyleSource;

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
    /// The folder for PDFs that is set.
    pub pdf_folder: Option<PathBuf>,
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
    PdfLook,
    #[cfg(feature = "preview")]
    Pictures,
    Keep,
    Embedded,
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
    /// Another library is, by its number among those of the start.
    Library(usize),
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
    /// To go on with another library, by its number in [`Settings::libraries`].
    Library(usize),
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
    let memory = Memory::of(&launch.opened.place);
    let habits = memory.habits();
    let (guard, mut terminal) = TerminalGuard::enter(Options {
        target,
        mouse: habits.arrangement.mouse,
    })
    .map_err(|error| format!("the terminal cannot be used: {error}"))?;
    let size = terminal
        .size()
        .map_or((80, 24), |size| (size.width, size.height));
    let mut app = App::new(launch.settings, source, size);
    app.take_up(&habits);
    if !app.settings.picking {
        app.go_back_to(memory.whereabouts());
    }
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
        pdf_folder: launch.pdf_folder,
        clipboard: Arc::new(Clipboard::from_process(launch.clipboard)),
        #[cfg(feature = "preview")]
        pictures: Pictures::default(),
        is_asking_due: false,
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
    finish_identifying(&mut session.app, &catalogue, session.writer.as_ref());
    let flushed = session.writer.as_ref().map(|writer| writer.flush(FLUSH));
    // What is merely convenient comes after what must not be lost.
    session.searches.finish();
    memory.keep_habits(&session.app.habits(habits), &session.place);
    if !session.app.settings.picking && !session.app.library.is_empty() {
        memory.keep_whereabouts(&session.app.whereabouts());
    }
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
        End::Library(number) => Ok(Left::Library(number)),
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
    pdf_folder: Option<PathBuf>,
    clipboard: Arc<Clipboard>,
    #[cfg(feature = "preview")]
    pictures: Pictures,
    /// The terminal is to be asked how it shows pictures.
    is_asking_due: bool,
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
                // A terminal that does not answer is waited for with the text on its screen.
                if std::mem::take(&mut self.is_asking_due) {
                    self.ask_pictures(terminal);
                    wait = Some(Duration::ZERO);
                }
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

    fn apply(&mut self, msg: Msg, terminal: &mut AppTerminal) {
        for effect in update(&mut self.app, msg) {
            self.perform(effect, terminal);
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
