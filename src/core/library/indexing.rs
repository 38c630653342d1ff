//! Indexing a library: piece by piece, so that what was done is not lost when it is broken off; and, where the library is
//! known as it was some papers ago, the papers that are new alone.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::documents::{Documents, Progress};
use super::{ItemSource, Library, SourceError};
use crate::core::cache::{MemoryShelf, Shelf};
use crate::core::index::{GONE, Index, Part};
use crate::core::paper::PaperNo;

/// Papers of a piece.
pub const PIECE: usize = 128 * super::SEGMENT;
/// A library is indexed anew when more than one in so many papers is new.
const MOST_NEW: usize = 3;

/// Where the pieces of an index that is being made are kept, for the next time in case that it is broken off.
pub trait Pieces {
    /// Papers of a piece; a library of no more is indexed at once.
    fn papers(&self) -> usize {
        PIECE
    }

    /// The piece of a number, if it was kept and is sound.
    fn find(&mut self, number: usize) -> Option<Part>;

    /// Has a piece made, and keeps it. What `make` puts on the shelf is all of it, unless it gives nothing.
    fn keep(
        &mut self,
        number: usize,
        make: &mut dyn FnMut(&mut dyn Shelf) -> Option<Part>,
    ) -> Option<Part>;
}

/// Pieces in memory, or on one shelf, that are never kept.
struct Passing(Option<Box<dyn Shelf>>);

impl Pieces for Passing {
    fn find(&mut self, _: usize) -> Option<Part> {
        None
    }

    fn keep(
        &mut self,
        _: usize,
        make: &mut dyn FnMut(&mut dyn Shelf) -> Option<Part>,
    ) -> Option<Part> {
        match &mut self.0 {
            Some(shelf) => make(shelf.as_mut()).filter(|_| shelf.is_whole()),
            None => make(&mut MemoryShelf::default()),
        }
    }
}

/// How the papers of a library as it was are found again.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    /// For each paper its new number, or [`GONE`]; the numbers rise.
    pub places: Vec<u32>,
    /// The papers that are new or were changed or moved, in order.
    pub new: Vec<u32>,
}

impl Kept {
    /// Nothing was changed.
    pub fn is_all(&self) -> bool {
        self.new.is_empty() && !self.places.contains(&GONE)
    }

    /// So much was changed that all is indexed anew.
    pub fn is_little(&self) -> bool {
        let papers = self.new.len() + self.places.iter().filter(|place| **place != GONE).count();
        self.new.len() * MOST_NEW > papers
    }
}

impl Library {
    fn content(&self, no: usize) -> Option<u64> {
        let (segment, at) = self.at(PaperNo(no as u32));
        segment.content(at)
    }

    /// Which papers of the library as it was are the same, and in the same order.
    pub fn kept_of(&self, old: &Library) -> Kept {
        let (before, now) = (old.len(), self.len());
        let same = |a: usize, b: usize| {
            let content = old.content(a);
            content.is_some() && content == self.content(b)
        };
        let shorter = before.min(now);
        let head = (0..shorter).take_while(|at| same(*at, *at)).count();
        let tail = (0..shorter - head)
            .take_while(|at| same(before - 1 - at, now - 1 - at))
            .count();
        let mut places = vec![GONE; before];
        for (at, place) in places.iter_mut().enumerate() {
            if at < head {
                *place = at as u32;
            } else if at >= before - tail {
                *place = (at + now - before) as u32;
            }
        }
        // Between them papers are known by their content; of equal ones the first stands for the first.
        let mut in_new: HashMap<u64, Vec<u32>, FixedState> = HashMap::default();
        for at in (head..now - tail).rev() {
            if let Some(content) = self.content(at) {
                in_new.entry(content).or_default().push(at as u32);
            }
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for at in head..before - tail {
            let content = old.content(at);
            let found = content.and_then(|content| in_new.get_mut(&content)?.pop());
            if let Some(place) = found {
                pairs.push((at as u32, place));
            }
        }
        for (at, place) in rising(&pairs) {
            if let Some(to) = places.get_mut(at as usize) {
                *to = place;
            }
        }
        let mut is_kept = vec![false; now];
        for place in &places {
            if let Some(kept) = is_kept.get_mut(*place as usize) {
                *kept = true;
            }
        }
        let new = (0..).zip(is_kept).filter(|(_, kept)| !kept);
        Kept {
            places,
            new: new.map(|(at, _)| at).collect(),
        }
    }
}

/// The longest choice of pairs whose second numbers rise with the first, which do (the longest increasing subsequence,
/// by patience sorting).
fn rising(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    // The place of the pair that ends the best choice of each length, and the pair before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |at: usize| pairs.get(at).map_or(0, |pair| pair.1);
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| second(*end) < pair.1);
        before.push(
            length
                .checked_sub(1)
                .and_then(|last| ends.get(last).copied()),
        );
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut chosen = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        chosen.extend(pairs.get(at).copied());
        next = before.get(at).copied().flatten();
    }
    chosen.reverse();
    chosen
}

/// What can spare work.
#[derive(Default)]
pub struct Spared<'a> {
    /// The index of the library as it was, and what of it is still there.
    pub known: Option<(&'a Index, &'a Kept)>,
    /// Where pieces are kept.
    pub pieces: Option<&'a mut dyn Pieces>,
}

/// The search index of a library, its columns on a shelf. Its items are read a second time; those that are `spared` are
/// not. `Ok(None)` when told to stop.
///
/// # Errors
/// When the file cannot be read any more or no longer holds the items.
pub fn build_index_sparing(
    library: &Library,
    source: &dyn ItemSource,
    go_on: &mut Progress<'_>,
    shelf: &mut dyn Shelf,
    spared: Spared<'_>,
) -> Result<Option<Index>, SourceError> {
    let mut documents = Documents::new(library, source);
    if let Some((index, kept)) = spared.known
        && index.len() == kept.places.len()
        && !kept.is_little()
    {
        let done = library.len() - kept.new.len();
        let new = kept.new.iter().map(|no| PaperNo(*no));
        let builder = documents.read(new, &mut |papers| go_on(done + papers))?;
        let part = builder.map(|builder| builder.finish_part(&mut MemoryShelf::default()));
        return Ok(part.map(|part| index.updated(&kept.places, &part, &kept.new, shelf)));
    }
    let size = (spared.pieces.as_ref()).map_or(PIECE, |pieces| pieces.papers().max(1));
    if library.len() <= size {
        let builder = documents.read(library.numbers(), go_on)?;
        return Ok(builder.map(|builder| builder.finish_on(shelf)));
    }
    let mut passing = Passing(None);
    let pieces = if let Some(pieces) = spared.pieces {
        pieces
    } else {
        passing.0 = shelf.scratch();
        &mut passing
    };
    let mut parts: Vec<Part> = Vec::new();
    for (number, first) in (0..library.len()).step_by(size).enumerate() {
        let last = library.len().min(first + size);
        if !go_on(first) {
            return Ok(None);
        }
        if let Some(part) = pieces
            .find(number)
            .filter(|part| part.len() == last - first)
        {
            parts.push(part);
            continue;
        }
        let papers = (first..last).map(|no| PaperNo(no as u32));
        let read = documents.read(papers, &mut |papers| go_on(first + papers))?;
        let Some(mut builder) = read.map(Some) else {
            return Ok(None);
        };
        let part = pieces.keep(number, &mut |shelf| {
            Some(builder.take()?.finish_part(shelf))
        });
        let lost = || SourceError::Unreadable("a piece of the index is lost".to_owned());
        parts.push(part.ok_or_else(lost)?);
    }
    if !go_on(library.len()) {
        return Ok(None);
    }
    Ok(Some(Index::of_parts(&parts, shelf)))
}

#[cfg(test)]
mod tests;
