//! The items made of a file, as JSON, one after another.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::sync::{PoisonError, RwLock};

use crate::core::library::{ItemSource, SourceError, Span};
use crate::runtime::cache::Folder;
use crate::runtime::source::reason;

/// Bytes of a block: so many are asked for at once, and never copied to make room for more.
const BLOCK: usize = 1 << 20;
/// So many blocks are kept in memory before they go into a file.
const KEPT: usize = 16;

/// The items.
#[derive(Debug, Default)]
pub(super) struct Items(RwLock<Blocks>);

#[derive(Debug, Default)]
struct Blocks {
    /// Has the first bytes, where there is one.
    file: Option<File>,
    /// How many it has: a multiple of the size of a block.
    in_file: u64,
    /// No more goes into it.
    is_full: bool,
    /// What comes after them.
    in_memory: Vec<Vec<u8>>,
    len: u64,
}

impl Items {
    /// Forgets all, and uses a file in this folder from now on.
    pub(super) fn clear(&self, folder: Option<&Folder>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Blocks {
            file: folder.and_then(Folder::nameless),
            ..Blocks::default()
        };
    }

    pub(super) fn push(&self, mut bytes: &[u8]) -> Span {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let span = Span {
            offset: all.len,
            len: bytes.len() as u32,
        };
        all.len += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = match all.in_memory.last() {
                Some(block) => BLOCK - block.len(),
                None => 0,
            };
            if room == 0 {
                if all.in_memory.len() == KEPT {
                    all.put_away();
                }
                all.in_memory.push(Vec::with_capacity(BLOCK));
                continue;
            }
            let (head, rest) = bytes.split_at(room.min(bytes.len()));
            if let Some(block) = all.in_memory.last_mut() {
                block.extend_from_slice(head);
            }
            bytes = rest;
        }
        span
    }
}

impl Blocks {
    /// Moves full blocks into the file. What finds no room there stays in memory, with all that follows.
    fn put_away(&mut self) {
        let Some(file) = self.file.as_mut().filter(|_| !self.is_full) else {
            return;
        };
        let all: usize = self.in_memory.iter().map(Vec::len).sum();
        let end = self.in_file + all as u64;
        let fits = crate::runtime::store::disk::check_size_limit(end);
        let mut write = || {
            self.in_memory
                .iter()
                .try_for_each(|block| file.write_all(block))
        };
        if fits.and_then(|()| write()).is_ok() {
            self.in_file = end;
            self.in_memory.clear();
        } else {
            self.is_full = true;
        }
    }

    /// Appends bytes of the file and of memory to `bytes`.
    fn read(&self, mut at: u64, end: u64, bytes: &mut Vec<u8>) -> Result<(), SourceError> {
        if let Some(file) = self.file.as_ref().filter(|_| at < self.in_file) {
            let until = end.min(self.in_file);
            bytes.resize((until - at) as usize, 0);
            file.read_exact_at(bytes, at)
                .map_err(|error| SourceError::Unreadable(reason(&error)))?;
            at = until;
        }
        while at < end {
            let place = (at - self.in_file) as usize;
            let block = self
                .in_memory
                .get(place / BLOCK)
                .ok_or(SourceError::Changed)?;
            let from = place % BLOCK;
            let to = block.len().min(from + (end - at) as usize);
            let part = block
                .get(from..to)
                .filter(|part| !part.is_empty())
                .ok_or(SourceError::Changed)?;
            bytes.extend_from_slice(part);
            at += part.len() as u64;
        }
        Ok(())
    }
}

impl ItemSource for Items {
    fn read(&self, span: Span) -> Result<Vec<u8>, SourceError> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let end = span.offset.saturating_add(u64::from(span.len));
        if end > all.len {
            return Err(SourceError::Changed);
        }
        let mut bytes = Vec::with_capacity(span.len as usize);
        all.read(span.offset, end, &mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_back_across_blocks() {
        let items = Items::default();
        let big = vec![b'x'; BLOCK - 3];
        let first = items.push(&big);
        let second = items.push(b"across the blocks");
        assert_eq!(items.read(second).unwrap(), b"across the blocks");
        let both = Span {
            offset: 0,
            len: first.len + second.len,
        };
        assert_eq!(items.read(both).unwrap().len(), BLOCK - 3 + 17);
        let beyond = Span {
            offset: second.offset,
            len: 18,
        };
        assert_eq!(items.read(beyond), Err(SourceError::Changed));
    }

    #[test]
    fn items_are_read_back_from_the_file_and_from_memory() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Folder::at(folder.path().join("cache"));
        for folder in [Some(&folder), None] {
            let items = Items::default();
            items.clear(folder);
            let spans: Vec<Span> = (0..60)
                .map(|at| items.push(&vec![at as u8; 700_001]))
                .collect();
            for (at, span) in spans.iter().enumerate() {
                assert!(
                    items.read(*span).unwrap() == vec![at as u8; 700_001],
                    "{at}"
                );
            }
            let all = items.read(Span {
                offset: 0,
                len: 60 * 700_001,
            });
            assert_eq!(all.unwrap().len(), 60 * 700_001);
            assert!(
                items.0.read().unwrap().in_memory.len() <= if folder.is_some() { KEPT } else { 99 }
            );
        }
    }
}
