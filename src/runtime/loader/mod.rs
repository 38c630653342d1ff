//! Loading a library: all at once for the command line, or on a thread that reports while the screen is up.
//!
//! Where a library has a sound cache, everything comes from there and its file is read for the papers shown alone.
//! Otherwise the file is read twice, for its columns and for its index; both go into a new cache as they are made, and
//! are used from there, so that memory is needed for little more than the lists of the index under construction.

mod background;
mod latent;
mod opened;

use std::fmt;
use std::sync::Arc;

use super::cache::{FileShelf, Folder, KeptPieces};
use crate::core::cache::{MemoryShelf, Shelf};
use crate::core::index::Index;
use crate::core::library::{
    Builder, FileError, Library, Pieces, Problems, SourceError, Spared, build_index_sparing,
    keep_segments,
};

pub use background::{LoadMessage, Loading, start, start_index};
pub use latent::{find_latent, take_kept};
use opened::Go;
pub use opened::{Cached, Opened, open};

/// Bytes read at once: few enough to stay in the processor's cache while they are scanned.
const CHUNK: usize = 256 << 10;
/// The columns of larger files are not held in memory twice.
const LARGE: u64 = 16 << 20;

/// The example library.
static EXAMPLE: &[u8] = include_bytes!("../../../assets/example.json");

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
    load_into(Builder::new(), opened, &mut None)
}

/// [`load_all`] while the library as it was is still in use: the columns of a large one go into a file without a name,
/// so that memory does not hold both.
///
/// # Errors
/// What makes the whole file unusable.
pub fn load_beside(opened: &Opened) -> Result<Loaded, LoadError> {
    let folder = opened.cache_folder().filter(|_| opened.len() > LARGE);
    load_into(
        Builder::new(),
        opened,
        &mut folder.and_then(Folder::scratch),
    )
}

/// Reads a library to its end, but keeps only the papers with these ids (and a few that mention them). `None` when one
/// of them was not found in that way, though it may be there, written with escapes.
///
/// # Errors
/// What makes the whole file unusable.
pub fn load_some(opened: &Opened, ids: &[String]) -> Result<Option<Loaded>, LoadError> {
    let loaded = load_into(Builder::keeping(ids), opened, &mut None)?;
    let complete = ids.iter().all(|id| loaded.library.find_id(id).is_some());
    Ok(complete.then_some(loaded))
}

/// Reads a library to its end and indexes it, by way of a new cache where one can be made. Without an index when the
/// file changed meanwhile.
///
/// # Errors
/// What makes the whole file unusable.
pub fn load_indexed(
    opened: &Opened,
) -> Result<(Loaded, Result<Arc<Index>, SourceError>), LoadError> {
    let mut shelf = opened.shelf();
    let loaded = load_into(Builder::new(), opened, &mut shelf)?;
    let made = index(opened, &loaded, shelf, &mut |_| true);
    Ok((loaded, of_made(made)))
}

/// Indexes a library that was read already, by way of a new cache where one can be made.
///
/// # Errors
/// When the file changed or cannot be read any more.
pub fn index_loaded(opened: &Opened, loaded: &Loaded) -> Result<Arc<Index>, SourceError> {
    let shelf = shelf_with(opened, &loaded.library);
    of_made(index(opened, loaded, shelf, &mut |_| true))
}

fn of_made(made: Result<Option<Made>, SourceError>) -> Result<Arc<Index>, SourceError> {
    made?.map(|made| made.index).ok_or(SourceError::Changed)
}

/// A new cache that has the papers of a library already.
fn shelf_with(opened: &Opened, library: &Library) -> Option<FileShelf> {
    let mut shelf = opened.shelf()?;
    keep_segments(library.segments(), &mut shelf);
    Some(shelf)
}

/// An index that was made.
struct Made {
    index: Arc<Index>,
    /// That of the library as it was, where it was made from it.
    before: Option<Arc<Index>>,
}

impl Made {
    fn anew(index: Index) -> Made {
        Made {
            index: Arc::new(index),
            before: None,
        }
    }
}

/// Indexes a library whose segments are on the shelf, and completes the cache; `None` when told to stop. What is known of
/// the library as it was, and what was done when this was broken off, is made use of.
fn index(
    opened: &Opened,
    loaded: &Loaded,
    shelf: Option<FileShelf>,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Result<Option<Made>, SourceError> {
    let source = opened.source();
    let library = &loaded.library;
    let mut build = |shelf: &mut dyn Shelf, spared: Spared<'_>| {
        build_index_sparing(library, source.as_ref(), go_on, shelf, spared)
    };
    let Some(mut shelf) = shelf else {
        let made = build(&mut MemoryShelf::default(), Spared::default())?;
        return Ok(made.map(Made::anew));
    };
    let before = opened.before();
    let kept = before
        .as_ref()
        .map(|before| library.kept_of(&before.library));
    let known = before.as_ref().zip(kept.as_ref());
    if let Some((before, kept)) = known
        && kept.is_all()
        && Library::copy_others(&before.cache, &mut shelf)
    {
        library.keep_rest(&loaded.problems, &mut shelf);
        if opened.commit(shelf) {
            latent::keep_on(opened, before);
        }
        return Ok(Some(Made {
            index: Arc::clone(&before.index),
            before: None,
        }));
    }
    let mut pieces = opened.cache().map(KeptPieces::of);
    let spared = Spared {
        known: known.map(|(before, kept)| (before.index.as_ref(), kept)),
        pieces: pieces.as_mut().map(|pieces| pieces as &mut dyn Pieces),
    };
    let Some(index) = build(&mut shelf, spared)? else {
        return Ok(None);
    };
    if !shelf.is_whole() {
        let made = build(&mut MemoryShelf::default(), Spared::default())?;
        return Ok(made.map(Made::anew));
    }
    library.keep_rest(&loaded.problems, &mut shelf);
    opened.commit(shelf);
    let before = before.filter(|before| latent::take_before(opened, before));
    Ok(Some(Made {
        index: Arc::new(index),
        before: before.map(|before| before.index),
    }))
}

fn load_into(
    mut builder: Builder,
    opened: &Opened,
    shelf: &mut Option<FileShelf>,
) -> Result<Loaded, LoadError> {
    let read = opened.read(&mut builder, &mut |builder, segments| {
        if let Some(shelf) = shelf {
            builder.keep(segments.len(), shelf);
        }
        Go::On
    });
    match read {
        Ok(()) => Ok(Loaded {
            problems: builder.take_problems(),
            library: builder.into_library(),
        }),
        Err(error) => Err(LoadError {
            place: opened.place.name(),
            error,
        }),
    }
}

#[cfg(test)]
mod tests;
