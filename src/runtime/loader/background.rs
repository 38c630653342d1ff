//! Loading on a thread that reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::latent::{AT_ONCE, find_latent};
use super::opened::Go;
use super::{Cached, LoadError, Loaded, Made, Opened, index, shelf_with};
use crate::core::index::Index;
use crate::core::library::{Builder, Problems, Segment, SourceError};
use crate::runtime::cache::FileShelf;

/// How often papers are handed on that were read.
const SHOWN_EVERY: Duration = Duration::from_millis(50);
/// How often it is told how many papers are indexed.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// What a loading library reports, in this order: `Loaded` and `Problems` any number of times, then `Done` and one of
/// `Indexed` and `NotIndexed`; or `Failed`, after which nothing follows.
#[derive(Debug, Clone)]
pub enum LoadMessage {
    /// The next papers.
    Loaded(Vec<Arc<Segment>>),
    /// More items with something wrong.
    Problems(Problems),
    /// All papers have been reported; the index is being built.
    Done,
    /// So many papers are indexed.
    Progress(usize),
    /// The file is no library, or not a whole one. The papers reported so far are those before that place.
    Failed(LoadError),
    /// The search index of all papers.
    Indexed(Arc<Index>),
    /// There is no index, because the file changed or cannot be read any more.
    NotIndexed(SourceError),
}

/// A library on its way. Dropping it stops the work.
#[derive(Debug)]
pub struct Loading {
    cancelled: Arc<AtomicBool>,
}

impl Loading {
    /// Stops the work soon; nothing is reported afterwards but what is being delivered.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Loads and indexes a library on a thread of its own; `deliver` is called there.
///
/// # Errors
/// When the system gives no thread.
pub fn start(
    opened: &Opened,
    deliver: impl FnMut(LoadMessage) + Send + 'static,
) -> std::io::Result<Loading> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    let opened = opened.clone();
    let mut deliver = deliver;
    thread::Builder::new()
        .name("library".to_owned())
        .spawn(move || load(&opened, &mut deliver, &|| flag.load(Ordering::Relaxed)))?;
    Ok(Loading { cancelled })
}

/// Indexes a library that was read already, on a thread of its own; [`LoadMessage::Progress`] any number of times, then
/// [`LoadMessage::Indexed`] or [`LoadMessage::NotIndexed`] is reported. `before` is the index of the library as it was.
///
/// # Errors
/// When the system gives no thread.
pub fn start_index(
    opened: &Opened,
    loaded: Loaded,
    before: Option<Arc<Index>>,
    mut deliver: impl FnMut(LoadMessage) + Send + 'static,
) -> std::io::Result<Loading> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    let opened = opened.clone();
    thread::Builder::new()
        .name("library".to_owned())
        .spawn(move || {
            let cancelled = || flag.load(Ordering::Relaxed);
            // Another program may have made it meanwhile.
            let cached = opened.cached();
            let same = cached.filter(|cached| cached.library.len() == loaded.library.len());
            if let Some(cached) = same {
                deliver(LoadMessage::Indexed(Arc::clone(&cached.index)));
                find_latent(&opened, &cached.index, before.as_deref(), &cancelled);
                return;
            }
            let shelf = shelf_with(&opened, &loaded.library);
            let made = report_index(&opened, &loaded, shelf, &mut deliver, &cancelled);
            if let Some(made) = made {
                let before = before.filter(|before| before.latent().is_some());
                let before = before.or(made.before);
                find_latent(&opened, &made.index, before.as_deref(), &cancelled);
            }
        })?;
    Ok(Loading { cancelled })
}

fn report_index(
    opened: &Opened,
    loaded: &Loaded,
    shelf: Option<FileShelf>,
    deliver: &mut dyn FnMut(LoadMessage),
    cancelled: &dyn Fn() -> bool,
) -> Option<Made> {
    let mut told = Instant::now();
    let made = index(opened, loaded, shelf, &mut |papers| {
        if told.elapsed() >= TOLD_EVERY {
            told = Instant::now();
            deliver(LoadMessage::Progress(papers));
        }
        !cancelled()
    });
    match made {
        Ok(Some(made)) => {
            if made.index.len() <= AT_ONCE {
                made.index.find_latent(None, cancelled);
            }
            deliver(LoadMessage::Indexed(Arc::clone(&made.index)));
            Some(made)
        }
        Ok(None) => None,
        Err(error) => {
            deliver(LoadMessage::NotIndexed(error));
            None
        }
    }
}

pub(super) fn load(
    opened: &Opened,
    deliver: &mut dyn FnMut(LoadMessage),
    cancelled: &dyn Fn() -> bool,
) {
    if cancelled() {
        return;
    }
    if let Some(cached) = opened.cached() {
        let index = Arc::clone(&cached.index);
        report_cached(cached, deliver);
        return find_latent(opened, &index, None, cancelled);
    }
    let mut shelf = opened.shelf();
    let mut builder = Builder::new();
    let mut all_problems = Problems::default();
    let (mut waiting, mut told) = (Vec::new(), None::<Instant>);
    let read = opened.read(&mut builder, &mut |builder, mut segments| {
        if cancelled() {
            return Go::Stop;
        }
        if let Some(shelf) = &mut shelf {
            segments = builder.keep(segments.len(), shelf);
        }
        waiting.extend(segments);
        // The first screenful at once; then as often as a reader can see it.
        let is_due = told.is_none_or(|told| told.elapsed() >= SHOWN_EVERY);
        if is_due && !waiting.is_empty() {
            told = Some(Instant::now());
            report(
                builder,
                std::mem::take(&mut waiting),
                &mut all_problems,
                deliver,
            );
        }
        Go::On
    });
    if cancelled() {
        return;
    }
    report(&mut builder, waiting, &mut all_problems, deliver);
    if let Err(error) = read {
        deliver(LoadMessage::Failed(LoadError {
            place: opened.place.name(),
            error,
        }));
        return;
    }
    deliver(LoadMessage::Done);
    let loaded = Loaded {
        library: builder.into_library(),
        problems: all_problems,
    };
    let made = report_index(opened, &loaded, shelf, deliver, cancelled);
    drop(loaded);
    // Similar papers are shown by their words until this is done.
    if let Some(made) = made {
        find_latent(opened, &made.index, made.before.as_deref(), cancelled);
    }
}

fn report_cached(cached: Cached, deliver: &mut dyn FnMut(LoadMessage)) {
    deliver(LoadMessage::Loaded(cached.library.segments().to_vec()));
    if cached.problems.total() > 0 {
        deliver(LoadMessage::Problems(cached.problems));
    }
    deliver(LoadMessage::Done);
    deliver(LoadMessage::Indexed(cached.index));
}

fn report(
    builder: &mut Builder,
    segments: Vec<Arc<Segment>>,
    all_problems: &mut Problems,
    deliver: &mut dyn FnMut(LoadMessage),
) {
    if !segments.is_empty() {
        deliver(LoadMessage::Loaded(segments));
    }
    let problems = builder.take_problems();
    if problems.total() > 0 {
        problems.clone().append_to(all_problems);
        deliver(LoadMessage::Problems(problems));
    }
}
