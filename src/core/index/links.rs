//! Which papers share authors or references, or cite each other.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use super::lists::make_room;
use super::names::Author;

/// Papers under one key, as ranges of a shared column.
#[derive(Debug, Default)]
pub(super) struct Groups<K> {
    /// Sorted, each key once.
    keys: Vec<K>,
    starts: Vec<u32>,
}

impl<K: Ord + Copy> Groups<K> {
    /// Of sorted keys, one a paper.
    fn new(sorted: impl Iterator<Item = K>) -> Groups<K> {
        let mut groups = Groups {
            keys: Vec::new(),
            starts: Vec::new(),
        };
        let mut at = 0;
        for key in sorted {
            if groups.keys.last() != Some(&key) {
                groups.keys.push(key);
                groups.starts.push(at);
            }
            at += 1;
        }
        groups.starts.push(at);
        groups
    }

    fn range(&self, key: K) -> std::ops::Range<usize> {
        match self.keys.binary_search(&key) {
            Ok(at) => {
                let start = self.starts.get(at).copied().unwrap_or_default();
                let end = self.starts.get(at + 1).copied().unwrap_or_default();
                start as usize..end as usize
            }
            Err(_) => 0..0,
        }
    }
}

/// A work by its DOI.
pub(super) fn work(doi: &str) -> u64 {
    let mut hasher = FixedState::with_seed(3).build_hasher();
    hasher.write(doi.as_bytes());
    hasher.finish()
}

/// Collects links.
#[derive(Debug, Default)]
pub(super) struct LinkBuilder {
    authors: Vec<(u64, u32, u16)>,
    /// Work, paper that cites it.
    cited: Vec<(u64, u32)>,
    /// Work, paper that it is.
    own: Vec<(u64, u32)>,
}

impl LinkBuilder {
    pub(super) fn add_author(&mut self, paper: u32, author: Author) {
        make_room(&mut self.authors, 1);
        self.authors.push((author.key, paper, author.given));
    }

    /// Adds the works that a paper cites, and the one it is.
    pub(super) fn add(&mut self, paper: u32, folded_doi: &str, references: &[&str]) {
        if !folded_doi.is_empty() {
            self.own.push((work(folded_doi), paper));
        }
        make_room(&mut self.cited, references.len());
        self.cited
            .extend(references.iter().map(|doi| (work(doi), paper)));
    }

    pub(super) fn finish(mut self) -> Links {
        self.authors.sort_unstable();
        // An author named twice is one author.
        self.authors.dedup();
        self.own.sort_unstable();
        self.cited.sort_unstable();
        self.cited.dedup();
        // A work that one paper alone cites and that is not in the library links nothing.
        let mut count: HashMap<u64, u32, FixedState> = HashMap::default();
        for (work, _) in &self.cited {
            *count.entry(*work).or_default() += 1;
        }
        for (work, _) in &self.own {
            *count.entry(*work).or_default() += 1;
        }
        self.cited
            .retain(|(work, _)| count.get(work).is_some_and(|count| *count > 1));
        drop(count);
        self.cited.shrink_to_fit();
        let mut references: Vec<(u32, u64)> = self
            .cited
            .iter()
            .map(|(work, paper)| (*paper, *work))
            .collect();
        references.sort_unstable();
        Links {
            author_keys: Groups::new(self.authors.iter().map(|(key, ..)| *key)),
            author_papers: self.authors.iter().map(|(_, paper, _)| *paper).collect(),
            author_given: self.authors.iter().map(|(_, _, given)| *given).collect(),
            cited_works: Groups::new(self.cited.iter().map(|(work, _)| *work)),
            citing: self.cited.iter().map(|(_, paper)| *paper).collect(),
            papers: Groups::new(references.iter().map(|(paper, _)| *paper)),
            references: references.iter().map(|(_, work)| *work).collect(),
            own: self.own,
        }
    }
}

/// Links between papers.
#[derive(Debug, Default)]
pub(super) struct Links {
    author_keys: Groups<u64>,
    author_papers: Vec<u32>,
    author_given: Vec<u16>,
    /// Works that several papers cite or that are in the library.
    cited_works: Groups<u64>,
    citing: Vec<u32>,
    papers: Groups<u32>,
    references: Vec<u64>,
    /// Sorted by work.
    own: Vec<(u64, u32)>,
}

impl Links {
    /// Papers of an author, in order; a paper may stand twice where names are ambiguous.
    pub(super) fn papers_of(&self, author: Author) -> impl Iterator<Item = u32> {
        let range = self.author_keys.range(author.key);
        let papers = self.author_papers.get(range.clone()).unwrap_or_default();
        let given = self.author_given.get(range).unwrap_or_default();
        papers
            .iter()
            .zip(given)
            .filter(move |(_, given)| author.may_be(**given))
            .map(|(paper, _)| *paper)
    }

    /// The works that a paper cites, as far as they link it with others.
    pub(super) fn references(&self, paper: u32) -> &[u64] {
        self.references
            .get(self.papers.range(paper))
            .unwrap_or_default()
    }

    /// The papers that cite a work.
    pub(super) fn citing(&self, work: u64) -> &[u32] {
        self.citing
            .get(self.cited_works.range(work))
            .unwrap_or_default()
    }

    /// The papers that are a work.
    pub(super) fn papers_that_are(&self, work: u64) -> impl Iterator<Item = u32> {
        let start = self.own.partition_point(|(other, _)| *other < work);
        self.own
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(other, _)| *other == work)
            .map(|(_, paper)| *paper)
    }

    pub(super) fn size(&self) -> usize {
        8 * (self.author_keys.keys.len() + self.cited_works.keys.len() + self.references.len())
            + 4 * (self.author_keys.starts.len()
                + self.author_papers.len()
                + self.cited_works.starts.len()
                + self.citing.len()
                + 2 * self.papers.keys.len())
            + 2 * self.author_given.len()
            + 16 * self.own.len()
    }
}
