//! A library file that was opened: its bytes, and where its index is kept.

use std::fs::Metadata;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{CHUNK, EXAMPLE, LoadError};
use crate::core::cache::{Cache, Whole};
use crate::core::import::{self, Format};
use crate::core::index::Index;
use crate::core::library::{
    Builder, FileError, ItemSource, Library, MemorySource, Problems, Segment,
};
use crate::runtime::cache::{CachePlace, FileShelf, Folder};
use crate::runtime::converted::{Converted, Piece};
use crate::runtime::place::Place;
use crate::runtime::source::{FileSource, LARGEST_FILE, reason};

/// An open library.
#[derive(Clone)]
pub struct Opened {
    /// Which one.
    pub place: Place,
    bytes: Bytes,
    folder: Option<Folder>,
    cache: Option<Arc<CachePlace>>,
}

#[derive(Clone)]
enum Bytes {
    File(Arc<FileSource>),
    Memory(&'static [u8], Arc<MemorySource>),
    Converted(Arc<Converted>),
}

impl Opened {
    /// Lets its index be kept in a folder, if there is one.
    #[must_use]
    pub fn cached_in(mut self, folder: Option<&Folder>) -> Opened {
        self.folder = folder.cloned();
        if let (Bytes::Converted(converted), Some(folder)) = (&self.bytes, folder) {
            converted.use_folder(folder);
        }
        self.cache = match (&self.place, &self.bytes, folder) {
            (Place::File(path), Bytes::File(file), Some(folder)) => {
                CachePlace::of(folder, path, file).map(Arc::new)
            }
            _ => None,
        };
        self
    }

    /// The folder where its index may be kept.
    pub fn cache_folder(&self) -> Option<&Folder> {
        self.folder.as_ref()
    }

    /// Where its index is kept; `None` when it is not.
    pub fn cache(&self) -> Option<&CachePlace> {
        self.cache.as_deref()
    }

    /// What the cache has of it, if that can be used.
    pub fn cached(&self) -> Option<Cached> {
        let cache = self.cache.as_ref()?.open().ok()?;
        let (library, problems) = Library::open(&cache).ok()?;
        let index = Index::open(&|name| cache.section(name)).ok()?;
        (index.len() == library.len()).then(|| Cached {
            library,
            problems,
            index: Arc::new(index),
            whole: Arc::clone(cache.whole()),
        })
    }

    /// What the cache has of the library as it was, where nothing fits what it is now.
    pub(super) fn before(&self) -> Option<Before> {
        let cache = self.cache.as_ref()?.open_before()?;
        let (library, _) = Library::open(&cache).ok()?;
        let index = Index::open(&|name| cache.section(name)).ok()?;
        (index.len() == library.len()).then(|| Before {
            library,
            index: Arc::new(index),
            cache,
        })
    }

    /// Begins a cache, where one is wanted and can be written.
    pub(super) fn shelf(&self) -> Option<FileShelf> {
        self.cache.as_ref()?.begin()
    }

    /// Completes a cache.
    pub(super) fn commit(&self, shelf: FileShelf) -> bool {
        match (&self.cache, &self.bytes) {
            (Some(place), Bytes::File(file)) => place.commit(shelf, file),
            _ => false,
        }
    }

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

    /// The format of a file that is shown as it is and never written.
    pub fn read_only(&self) -> Option<&'static str> {
        let Bytes::File(file) = &self.bytes else {
            return self.format().map(Format::name);
        };
        let mut head = vec![0; import::HEAD];
        let count = file.read_at(&mut head, 0).ok()?;
        let format = import::detect(head.get(..count)?, "").ok()?;
        (format == Format::JsonLines).then_some(format.name())
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
    pub(super) fn read(
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
                            "the file grew beyond 16 GB while it was read",
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

pub(super) enum Go {
    On,
    Stop,
}

/// Opens a library: a regular, readable file of at most 16 GB, or the example.
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
        folder: None,
        cache: None,
    })
}

/// A library as its cache has it.
#[derive(Debug, Clone)]
pub struct Cached {
    /// The papers.
    pub library: Library,
    /// What was wrong with single items.
    pub problems: Problems,
    /// The index.
    pub index: Arc<Index>,
    /// The file, to ask whether it is damaged.
    pub whole: Arc<Whole>,
}

/// A library as it was when its cache was made.
pub(super) struct Before {
    pub(super) library: Library,
    pub(super) index: Arc<Index>,
    pub(super) cache: Cache,
}
