//! The entries of the state and the way to them by key, in pieces that clones share.
//!
//! A worker that searches holds the state as it was when it began; a change made meanwhile must not copy all of it on
//! the thread that draws. So a clone copies pointers, one for each [`CHUNK`] entries and each of [`SHARDS`] parts of
//! the keys, and a change copies the one piece it touches.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::fast::FixedState;

use super::placement::Home;
use super::record::Record;

/// Entries in a piece.
const CHUNK: usize = 64;
/// Pieces of the keys.
const SHARDS: usize = 256;

/// One journal key.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: Arc<str>,
    pub(super) record: Record,
    pub(super) home: Home,
}

/// The entries in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Entries {
    chunks: Vec<Arc<Vec<Entry>>>,
    len: usize,
}

impl Entries {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, number: u32) -> Option<&Entry> {
        let number = number as usize;
        self.chunks.get(number / CHUNK)?.get(number % CHUNK)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Entry> {
        let number = number as usize;
        let chunk = self.chunks.get_mut(number / CHUNK)?;
        Arc::make_mut(chunk).get_mut(number % CHUNK)
    }

    pub(super) fn push(&mut self, entry: Entry) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::new(Vec::with_capacity(CHUNK)));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            Arc::make_mut(chunk).push(entry);
            self.len += 1;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

/// The number of the entry of each key.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    shards: Vec<Arc<HashMap<Arc<str>, u32>>>,
}

impl Keys {
    fn shard(key: &str) -> usize {
        FixedState::with_seed(1).hash_one(key) as usize % SHARDS
    }

    pub(super) fn get(&self, key: &str) -> Option<u32> {
        self.shards.get(Keys::shard(key))?.get(key).copied()
    }

    pub(super) fn insert(&mut self, key: Arc<str>, number: u32) {
        if self.shards.is_empty() {
            self.shards.resize_with(SHARDS, Arc::default);
        }
        if let Some(shard) = self.shards.get_mut(Keys::shard(&key)) {
            Arc::make_mut(shard).insert(key, number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str) -> Entry {
        Entry {
            key: Arc::from(key),
            record: Record::default(),
            home: Home::Own,
        }
    }

    #[test]
    fn a_clone_shares_all_pieces_but_those_that_were_changed() {
        let mut entries = Entries::default();
        let mut keys = Keys::default();
        for at in 0..1000_u32 {
            entries.push(entry(&at.to_string()));
            keys.insert(Arc::from(at.to_string()), at);
        }
        let snapshot = entries.clone();
        entries.get_mut(70).unwrap().home = Home::Orphan;
        let shared = entries.chunks.iter().zip(&snapshot.chunks);
        assert_eq!(shared.filter(|(a, b)| Arc::ptr_eq(a, b)).count(), 15);
        assert_eq!(snapshot.get(70).unwrap().home, Home::Own);
        assert_eq!(entries.iter().count(), entries.len());
        assert!((0..1000_u32).all(|at| keys.get(&at.to_string()) == Some(at)));
        assert!(entries.get(1000).is_none() && keys.get("1000").is_none());
    }
}
