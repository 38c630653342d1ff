//! Pieces of an index that is being made: what is done is kept, so that a program that is ended at work leaves it to the
//! next one.

use super::CachePlace;
use super::shelf::FileShelf;
use crate::core::cache::{MemoryShelf, Shelf};
use crate::core::index::Part;
use crate::core::library::{PIECE, Pieces};
use crate::runtime::metrics::make_folder;

/// The pieces of the index of a library, a file each beside its cache.
#[derive(Debug)]
pub(in crate::runtime) struct KeptPieces<'a> {
    place: &'a CachePlace,
    papers: usize,
}

impl<'a> KeptPieces<'a> {
    pub(in crate::runtime) fn of(place: &'a CachePlace) -> KeptPieces<'a> {
        KeptPieces {
            place,
            papers: PIECE,
        }
    }

    /// With so many papers in a piece.
    #[cfg(test)]
    pub(in crate::runtime) fn with(self, papers: usize) -> KeptPieces<'a> {
        KeptPieces { papers, ..self }
    }
}

impl Pieces for KeptPieces<'_> {
    fn papers(&self) -> usize {
        self.papers
    }

    fn find(&mut self, number: usize) -> Option<Part> {
        let cache = self.place.open_at(&self.place.piece(number)).ok()?;
        // It is read to its end soon, and nobody looks for damage in what was made of it.
        let is_sound = cache.whole().check_all();
        Part::open(&|name| cache.section(name))
            .ok()
            .filter(|_| is_sound)
    }

    fn keep(
        &mut self,
        number: usize,
        make: &mut dyn FnMut(&mut dyn Shelf) -> Option<Part>,
    ) -> Option<Part> {
        let shelf = make_folder(&self.place.folder.0).and_then(|()| {
            let path = self.place.piece(number);
            FileShelf::begin(path)
        });
        let Ok(mut shelf) = shelf else {
            return make(&mut MemoryShelf::default());
        };
        let part = make(&mut shelf).filter(|_| shelf.is_whole())?;
        // That it cannot be kept costs time, nothing else.
        let _ = shelf.commit(&self.place.key);
        Some(part)
    }
}
