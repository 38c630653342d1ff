//! Loading a library: all at once for the command line, or on a thread that reports while the screen is up.

use std::fmt;
use std::fs::Metadata;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::converted::{Converted, Piece};
use super::place::Place;
use super::source::{FileSource, LARGEST_FILE, reason};
use crate::core::import::Format;
use crate::core::index::Index;
use crate::core::library::{
    Builder, FileError, ItemSource, Library, MemorySource, Problems, Segment, SourceError,
    build_index,
};

/// Bytes read at once: few enough to stay in the processor's cache while they are scanned.
const CHUNK: usize = 256 << 10;

/// The example library.
static EXAMPLE: &[u8] = include_bytes!("../../assets/example.json");

/// Why a library cannot be used, with its name: `PLACE[:LINE:COLUMN]: what; what to do`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LoadError {
    /// The library.
    pub place: String,
    /// What is wrong with it.
    pub error: FileError,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.one_line(&self.place))
    }
}

/// An open library.
#[derive(Clone)]
pub struct Opened {
    /// Which one.
    pub place: Place,
    bytes: Bytes,
}

#[derive(Clone)]
enum Bytes {
    File(Arc<FileSource>),
    Memory(&'static [u8], Arc<MemorySource>),
    Converted(Arc<Converted>),
}

impl Opened {
    /// Where the bytes of its items come from.
    pub fn source(&self) -> Arc<dyn ItemSource> {
        match &self.bytes {
            Bytes::File(file) => Arc::clone(file) as Arc<dyn ItemSource>,
            Bytes::Memory(_, memory) => Arc::clone(memory) as Arc<dyn ItemSource>,
            Bytes::Converted(converted) => converted.source(),
        }
    }

    /// The format of the file when it is none of JSON: then the library cannot be written.
    pub fn format(&self) -> Option<Format> {
        match &self.bytes {
            Bytes::Converted(converted) => Some(converted.format()),
            Bytes::File(_) | Bytes::Memory(..) => None,
        }
    }

    /// Size of the file in bytes when it was opened.
    pub fn len(&self) -> u64 {
        match &self.bytes {
            Bytes::File(file) => file.len(),
            Bytes::Memory(bytes, _) => bytes.len() as u64,
            Bytes::Converted(converted) => converted.file().len(),
        }
    }

    /// What the system said of the file when it was opened; `None` for the example.
    pub fn metadata(&self) -> Option<&Metadata> {
        match &self.bytes {
            Bytes::File(file) => Some(file.metadata()),
            Bytes::Memory(..) => None,
            Bytes::Converted(converted) => Some(converted.file().metadata()),
        }
    }

    /// The file was empty when it was opened.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads everything into a builder; `with` gets the builder after each piece of the file, with the segments that
    /// became full, until it says to stop.
    fn read(
        &self,
        builder: &mut Builder,
        with: &mut dyn FnMut(&mut Builder, Vec<Arc<Segment>>) -> Go,
    ) -> Result<(), FileError> {
        let Bytes::Converted(converted) = &self.bytes else {
            let mut stopped = false;
            self.each_chunk(&mut |chunk| {
                let segments = builder.feed(chunk)?;
                let go = with(builder, segments);
                stopped |= matches!(go, Go::Stop);
                Ok(go)
            })?;
            if !stopped {
                let segments = builder.finish()?;
                with(builder, segments);
            }
            return Ok(());
        };
        let mut stopped = false;
        converted.each(&mut |piece| {
            let segments = match piece {
                Piece::Item(text, span, line) => builder.item(text, span, line),
                Piece::Problem(problem) => {
                    builder.problem(problem);
                    return ControlFlow::Continue(());
                }
            };
            // Asked once for a segment: items are small.
            if !segments.is_empty()
                && let Go::Stop = with(builder, segments)
            {
                stopped = true;
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        if !stopped {
            let segments = builder.finish_items()?;
            with(builder, segments);
        }
        Ok(())
    }

    /// Hands the bytes on in pieces, until it is told to stop.
    fn each_chunk(
        &self,
        with: &mut dyn FnMut(&[u8]) -> Result<Go, FileError>,
    ) -> Result<(), FileError> {
        match &self.bytes {
            Bytes::Converted(_) => Ok(()),
            Bytes::Memory(bytes, _) => {
                for chunk in bytes.chunks(CHUNK) {
                    if let Go::Stop = with(chunk)? {
                        return Ok(());
                    }
                }
                Ok(())
            }
            Bytes::File(file) => {
                let mut buffer = vec![0; CHUNK];
                let mut offset = 0;
                loop {
                    let count = file
                        .read_at(&mut buffer, offset)
                        .map_err(|error| FileError::whole(reason(&error), "check the disk"))?;
                    offset += count as u64;
                    if offset > LARGEST_FILE {
                        return Err(FileError::whole(
                            "the file grew beyond 2 GB while it was read",
                            "split it into several libraries",
                        ));
                    }
                    let chunk = buffer.get(..count).unwrap_or_default();
                    if count == 0 {
                        return Ok(());
                    }
                    if let Go::Stop = with(chunk)? {
                        return Ok(());
                    }
                }
            }
        }
    }
}

enum Go {
    On,
    Stop,
}

/// Opens a library: a regular, readable file of at most 2 GB, or the example.
///
/// # Errors
/// What is there instead.
pub fn open(place: &Place) -> Result<Opened, LoadError> {
    let bytes = match place {
        Place::Example => Bytes::Memory(EXAMPLE, Arc::new(MemorySource::new(EXAMPLE))),
        Place::File(path) => {
            let file = FileSource::open(path).map_err(|error| LoadError {
                place: place.name(),
                error,
            })?;
            let file = Arc::new(file);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match Converted::open(&file, &name) {
                Some(converted) => Bytes::Converted(Arc::new(converted)),
                None => Bytes::File(file),
            }
        }
    };
    Ok(Opened {
        place: place.clone(),
        bytes,
    })
}

/// A library read to its end.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The papers.
    pub library: Library,
    /// What was wrong with single items.
    pub problems: Problems,
}

/// Reads a library to its end.
///
/// # Errors
/// What makes the whole file unusable.
pub fn load_all(opened: &Opened) -> Result<Loaded, LoadError> {
    load_into(Builder::new(), opened)
}

/// Reads a library to its end, but keeps only the papers with these ids (and a few that mention them). `None` when one
/// of them was not found in that way, though it may be there, written with escapes.
///
/// # Errors
/// What makes the whole file unusable.
pub fn load_some(opened: &Opened, ids: &[String]) -> Result<Option<Loaded>, LoadError> {
    let loaded = load_into(Builder::keeping(ids), opened)?;
    let complete = ids.iter().all(|id| loaded.library.find_id(id).is_some());
    Ok(complete.then_some(loaded))
}

fn load_into(mut builder: Builder, opened: &Opened) -> Result<Loaded, LoadError> {
    match opened.read(&mut builder, &mut |_, _| Go::On) {
        Ok(()) => Ok(Loaded {
            library: builder.library().clone(),
            problems: builder.take_problems(),
        }),
        Err(error) => Err(LoadError {
            place: opened.place.name(),
            error,
        }),
    }
}

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

/// Indexes a library that was read already, on a thread of its own; [`LoadMessage::Indexed`] or
/// [`LoadMessage::NotIndexed`] is reported. What the papers are about is taken over from the index `before`, if the
/// library is nearly the same.
///
/// # Errors
/// When the system gives no thread.
pub fn start_index(
    opened: &Opened,
    library: Library,
    before: Option<Arc<Index>>,
    deliver: impl FnMut(LoadMessage) + Send + 'static,
) -> std::io::Result<Loading> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    let opened = opened.clone();
    let mut deliver = deliver;
    thread::Builder::new()
        .name("library".to_owned())
        .spawn(move || {
            let cancelled = || flag.load(Ordering::Relaxed);
            index(
                &opened,
                &library,
                before.as_deref(),
                &mut deliver,
                &cancelled,
            );
        })?;
    Ok(Loading { cancelled })
}

fn index(
    opened: &Opened,
    library: &Library,
    before: Option<&Index>,
    deliver: &mut dyn FnMut(LoadMessage),
    cancelled: &dyn Fn() -> bool,
) {
    match build_index(library, opened.source().as_ref(), cancelled) {
        Ok(Some(index)) => {
            let index = Arc::new(index);
            deliver(LoadMessage::Indexed(Arc::clone(&index)));
            // Similar papers are shown by their words until this is done.
            let known = before.and_then(Index::latent);
            index.find_latent(known, cancelled);
        }
        Ok(None) => {}
        Err(error) => deliver(LoadMessage::NotIndexed(error)),
    }
}

fn load(opened: &Opened, deliver: &mut dyn FnMut(LoadMessage), cancelled: &dyn Fn() -> bool) {
    let mut builder = Builder::new();
    let read = opened.read(&mut builder, &mut |builder, segments| {
        if cancelled() {
            return Go::Stop;
        }
        report(builder, segments, deliver);
        Go::On
    });
    if cancelled() {
        return;
    }
    if let Err(error) = read {
        report(&mut builder, Vec::new(), deliver);
        deliver(LoadMessage::Failed(LoadError {
            place: opened.place.name(),
            error,
        }));
        return;
    }
    deliver(LoadMessage::Done);
    index(opened, builder.library(), None, deliver, cancelled);
}

fn report(
    builder: &mut Builder,
    segments: Vec<Arc<Segment>>,
    deliver: &mut dyn FnMut(LoadMessage),
) {
    if !segments.is_empty() {
        deliver(LoadMessage::Loaded(segments));
    }
    let problems = builder.take_problems();
    if problems.total() > 0 {
        deliver(LoadMessage::Problems(problems));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// All messages until the last one, by name.
    fn messages(place: &Place) -> Vec<LoadMessage> {
        let (sender, receiver) = mpsc::channel();
        let opened = open(place).unwrap();
        let _loading = start(&opened, move |message| drop(sender.send(message))).unwrap();
        let mut all = Vec::new();
        while let Ok(message) = receiver.recv_timeout(Duration::from_secs(50)) {
            all.push(message);
        }
        all
    }

    fn file(content: &str) -> (tempfile::NamedTempFile, Place) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        let place = Place::File(file.path().to_owned());
        (file, place)
    }

    fn names(messages: &[LoadMessage]) -> Vec<&'static str> {
        let name = |message: &LoadMessage| match message {
            LoadMessage::Loaded(_) => "loaded",
            LoadMessage::Problems(_) => "problems",
            LoadMessage::Done => "done",
            LoadMessage::Failed(_) => "failed",
            LoadMessage::Indexed(_) => "indexed",
            LoadMessage::NotIndexed(_) => "not indexed",
        };
        messages.iter().map(name).collect()
    }

    #[test]
    fn papers_come_before_the_end_and_the_index_after_it() {
        let item = |n: usize| format!("{{\"id\":\"p{n}\",\"abstract\":\"{}\"}}", "x ".repeat(200));
        let many: Vec<String> = (0..3000).map(item).collect();
        let (_file, place) = file(&many.join("\n"));
        let all = messages(&place);
        let names = names(&all);
        assert!(names.len() >= 5, "{names:?}");
        assert!(names.ends_with(&["loaded", "done", "indexed"]), "{names:?}");
        let Some(LoadMessage::Loaded(first)) = all.first() else {
            panic!("{names:?}");
        };
        assert_eq!(
            first.iter().map(|segment| segment.len()).sum::<usize>(),
            1024
        );
        let Some(LoadMessage::Indexed(index)) = all.last() else {
            panic!("{names:?}");
        };
        assert_eq!(index.len(), 3000);
    }

    #[test]
    fn a_truncated_file_fails_after_what_it_holds() {
        let (_file, place) = file("[{\"id\":\"a\"},\n{\"id\":");
        let all = messages(&place);
        assert_eq!(names(&all), ["failed"]);
        let Some(LoadMessage::Failed(error)) = all.last() else {
            panic!();
        };
        assert!(
            error.to_string().contains(":2:7: the file ends inside"),
            "{error}"
        );
    }

    #[test]
    fn a_cancelled_load_says_nothing_more() {
        let (_file, place) = file("[{\"id\":\"a\"}]");
        let opened = open(&place).unwrap();
        let mut said = 0;
        load(&opened, &mut |_| said += 1, &|| true);
        assert_eq!(said, 0);
    }

    #[test]
    fn a_file_cut_while_it_is_open_is_noticed() {
        let (file, place) = file("[{\"id\":\"a\"},{\"id\":\"b\"}]");
        let opened = open(&place).unwrap();
        let loaded = load_all(&opened).unwrap();
        file.as_file().set_len(14).unwrap();
        let source = opened.source();
        let numbers: Vec<_> = loaded.library.numbers().collect();
        assert!(loaded.library.item(numbers[0], source.as_ref()).is_ok());
        assert_eq!(
            loaded.library.item(numbers[1], source.as_ref()),
            Err(SourceError::Changed)
        );
    }

    #[test]
    fn a_file_replaced_by_another_is_read_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("library.json");
        std::fs::write(&path, "[{\"id\":\"a\"}]").unwrap();
        let opened = open(&Place::File(path.clone())).unwrap();
        let loaded = load_all(&opened).unwrap();
        let other = folder.path().join("other.json");
        std::fs::write(&other, "[{\"id\":\"z\"}]").unwrap();
        std::fs::rename(&other, &path).unwrap();
        let no = loaded.library.numbers().next().unwrap();
        let item = loaded.library.item(no, opened.source().as_ref()).unwrap();
        assert_eq!(item.id(), "a");
    }

    #[test]
    fn the_example_is_a_library_without_any_problem() {
        let loaded = load_all(&open(&Place::Example).unwrap()).unwrap();
        assert!(loaded.library.len() >= 40);
        assert_eq!(loaded.problems.list(), []);
    }
}
