//! A library in the cache: its segments, and what was remarked while it was read.

use std::sync::Arc;

use super::segment::{SEGMENTS, SIZES, Segment};
use super::{Builder, Library, Problems};
use crate::core::cache::{Cache, CacheError, Numbers, Shelf};

/// The name of the section with the problems, as JSON; it is not there where there are none.
const PROBLEMS: &str = "problems";

/// Puts segments on a shelf, and gives them as they are read from there.
pub fn keep_segments(segments: &[Arc<Segment>], shelf: &mut dyn Shelf) -> Vec<Arc<Segment>> {
    let kept = segments.iter().map(|segment| {
        // What does not come back from the shelf stays in memory.
        let kept = segment.keep(shelf).map(Arc::new);
        kept.unwrap_or_else(|_| Arc::clone(segment))
    });
    kept.collect()
}

impl Library {
    /// Puts what a library has beside its segments on a shelf, after all of them.
    pub fn keep_rest(&self, problems: &Problems, shelf: &mut dyn Shelf) {
        let sizes: Vec<[u32; 4]> = self.segments.iter().map(|one| one.sizes()).collect();
        shelf.numbers(SIZES, &sizes);
        if problems.total() > 0
            && let Ok(json) = serde_json::to_vec(problems)
        {
            shelf.bytes(PROBLEMS, &json);
        }
    }

    /// Puts on a shelf what a cache has beside the library.
    pub fn copy_others(cache: &Cache, shelf: &mut dyn Shelf) -> bool {
        cache.copy_to(shelf, &[SEGMENTS, SIZES, PROBLEMS])
    }

    /// The library of a cache, and the problems of its items.
    ///
    /// # Errors
    /// When parts are missing or do not fit each other.
    pub fn open(cache: &Cache) -> Result<(Library, Problems), CacheError> {
        let sizes: Numbers<[u32; 4]> =
            Numbers::kept(cache.section(SIZES).ok_or(CacheError::Damaged)?)?;
        let mut library = Library::default();
        let mut pieces = cache.all(SEGMENTS);
        for sizes in &sizes {
            let piece = pieces.next().ok_or(CacheError::Damaged)?;
            library.push(Arc::new(Segment::open(&piece, *sizes)?));
        }
        let papers: usize = sizes.iter().map(|[papers, ..]| *papers as usize).sum();
        if cache.whole().is_damaged() || pieces.next().is_some() || library.len() != papers {
            return Err(CacheError::Damaged);
        }
        let problems = match cache.section(PROBLEMS) {
            Some(json) => serde_json::from_slice(json.all()).map_err(|_| CacheError::Damaged)?,
            None => Problems::default(),
        };
        Ok((library, problems))
    }

    /// A part of its cache was found damaged: answers may lack something, and have to be asked for again without the
    /// cache.
    pub fn is_damaged(&self) -> bool {
        self.segments
            .first()
            .is_some_and(|segment| segment.is_damaged())
    }
}

impl Builder {
    /// Puts the segments that were read last on a shelf, so that memory is needed for none but the open one.
    pub fn keep(&mut self, last: usize, shelf: &mut dyn Shelf) -> Vec<Arc<Segment>> {
        let segments = self.segments_mut();
        let from = segments.len().saturating_sub(last);
        let kept = keep_segments(segments.get(from..).unwrap_or_default(), shelf);
        segments.truncate(from);
        segments.extend(kept.iter().cloned());
        kept
    }
}
