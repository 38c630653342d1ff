//! Which papers share authors or references, or cite each other.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

use bytemuck::Pod;
use foldhash::fast::FixedState;

use super::lists::make_room;
use super::names::Author;
use crate::core::cache::{CacheError, Numbers, Sections, Shelf, numbers_of};

/// Papers under one key, as ranges of a shared column.
#[derive(Debug, Default)]
pub(super) struct Groups<K> {
    /// Sorted, each key once.
    keys: Numbers<K>,
    /// Where the range of each key starts, and one more.
    starts: Numbers<u32>,
}

impl<K: Ord + Copy + Pod> Groups<K> {
    /// Of sorted keys, one a paper.
    fn new(sorted: impl Iterator<Item = K>, names: Names, shelf: &mut dyn Shelf) -> Groups<K> {
        let (mut keys, mut starts) = (Vec::new(), Vec::new());
        let mut at = 0;
        for key in sorted {
            if keys.last() != Some(&key) {
                make_room(&mut keys, 1);
                make_room(&mut starts, 1);
                keys.push(key);
                starts.push(at);
            }
            at += 1;
        }
        starts.push(at);
        Groups {
            keys: shelf.numbers(names.0, &keys),
            starts: shelf.numbers(names.1, &starts),
        }
    }

    fn open(sections: &Sections<'_>, names: Names) -> Result<Groups<K>, CacheError> {
        let groups = Groups {
            keys: numbers_of(sections, names.0)?,
            starts: numbers_of(sections, names.1)?,
        };
        if groups.starts.len() == groups.keys.len() + 1 {
            Ok(groups)
        } else {
            Err(CacheError::Damaged)
        }
    }

    fn range(&self, key: K) -> std::ops::Range<usize> {
        let at = self.keys.partition_point(|other| *other < key);
        if self.keys.get(at) != Some(&key) {
            return 0..0;
        }
        let start = self.starts.get(at).copied().unwrap_or_default();
        let end = self.starts.get(at + 1).copied().unwrap_or_default();
        start as usize..end as usize
    }

    /// The key of each place of the shared column.
    fn each(&self) -> impl Iterator<Item = K> {
        let ends = self.starts.iter().skip(1);
        let ranges = self.starts.iter().zip(ends);
        (self.keys.iter().zip(ranges)).flat_map(|(key, (start, end))| (*start..*end).map(|_| *key))
    }

    fn size(&self) -> usize {
        self.keys.size() + self.starts.size()
    }
}

/// The names of the columns of a group in the cache.
type Names = (&'static str, &'static str);

const AUTHORS: Names = ("authors", "author starts");
const AUTHOR_PAPERS: &str = "author papers";
const AUTHOR_GIVEN: &str = "author given";
const CITED: Names = ("cited works", "cited work starts");
const CITING: &str = "citing papers";
const REFERRING: Names = ("referring papers", "reference starts");
const REFERENCES: &str = "references";
const OWN_WORKS: &str = "own works";
const OWN_PAPERS: &str = "own papers";
const LONE_WORKS: &str = "lone works";
const LONE_PAPERS: &str = "lone papers";

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

    /// Adds the links of papers that get other numbers; those that have none are left out.
    pub(super) fn take(&mut self, links: &Links, place: impl Fn(u32) -> Option<u32>) {
        let authors = links.author_papers.iter().zip(&links.author_given);
        self.authors.reserve(links.author_papers.len());
        for (key, (paper, given)) in links.author_keys.each().zip(authors) {
            if let Some(paper) = place(*paper) {
                self.authors.push((key, paper, *given));
            }
        }
        let cited = links.cited_works.each().zip(links.citing.iter().copied());
        let lone = links.lone_works.iter().zip(&links.lone_papers);
        let lone = lone.map(|(work, paper)| (*work, *paper));
        for (work, paper) in cited.chain(lone) {
            if let Some(paper) = place(paper) {
                make_room(&mut self.cited, 1);
                self.cited.push((work, paper));
            }
        }
        for (work, paper) in links.own_works.iter().zip(&links.own_papers) {
            if let Some(paper) = place(*paper) {
                self.own.push((*work, paper));
            }
        }
    }

    #[allow(
        clippy::stable_sort_primitive,
        reason = "where links are brought together they come in sorted runs, which a merge sort recognises"
    )]
    pub(super) fn finish(mut self, shelf: &mut dyn Shelf) -> Links {
        self.authors.sort();
        // An author named twice is one author.
        self.authors.dedup();
        self.own.sort();
        self.cited.sort();
        self.cited.dedup();
        // A work that one paper alone cites and that is not in the library links nothing.
        let mut count: HashMap<u64, u32, FixedState> = HashMap::default();
        for (work, _) in &self.cited {
            *count.entry(*work).or_default() += 1;
        }
        for (work, _) in &self.own {
            *count.entry(*work).or_default() += 1;
        }
        let mut lone = (Vec::new(), Vec::new());
        self.cited.retain(|(work, paper)| {
            let is_shared = count.get(work).is_some_and(|count| *count > 1);
            if !is_shared {
                lone.0.push(*work);
                lone.1.push(*paper);
            }
            is_shared
        });
        drop(count);
        self.cited.shrink_to_fit();
        let mut references: Vec<(u32, u64)> = self
            .cited
            .iter()
            .map(|(work, paper)| (*paper, *work))
            .collect();
        references.sort_unstable();
        let papers: Vec<u32> = self.authors.iter().map(|(_, paper, _)| *paper).collect();
        let given: Vec<u16> = self.authors.iter().map(|(_, _, given)| *given).collect();
        let citing: Vec<u32> = self.cited.iter().map(|(_, paper)| *paper).collect();
        let works: Vec<u64> = references.iter().map(|(_, work)| *work).collect();
        let own: (Vec<u64>, Vec<u32>) = self.own.iter().copied().unzip();
        Links {
            author_keys: Groups::new(self.authors.iter().map(|(key, ..)| *key), AUTHORS, shelf),
            author_papers: shelf.numbers(AUTHOR_PAPERS, &papers),
            author_given: shelf.numbers(AUTHOR_GIVEN, &given),
            cited_works: Groups::new(self.cited.iter().map(|(work, _)| *work), CITED, shelf),
            citing: shelf.numbers(CITING, &citing),
            papers: Groups::new(references.iter().map(|(paper, _)| *paper), REFERRING, shelf),
            references: shelf.numbers(REFERENCES, &works),
            own_works: shelf.numbers(OWN_WORKS, &own.0),
            own_papers: shelf.numbers(OWN_PAPERS, &own.1),
            lone_works: shelf.numbers(LONE_WORKS, &lone.0),
            lone_papers: shelf.numbers(LONE_PAPERS, &lone.1),
        }
    }
}

/// Links between papers.
#[derive(Debug, Default)]
pub(super) struct Links {
    author_keys: Groups<u64>,
    author_papers: Numbers<u32>,
    author_given: Numbers<u16>,
    /// Works that several papers cite or that are in the library.
    cited_works: Groups<u64>,
    citing: Numbers<u32>,
    papers: Groups<u32>,
    references: Numbers<u64>,
    /// Sorted, and the paper that is each.
    own_works: Numbers<u64>,
    own_papers: Numbers<u32>,
    /// Works that link nothing yet, and the paper that cites each: another paper may come to cite it.
    lone_works: Numbers<u64>,
    lone_papers: Numbers<u32>,
}

impl Links {
    /// The links that were put on a shelf.
    pub(super) fn open(sections: &Sections<'_>) -> Result<Links, CacheError> {
        let links = Links {
            author_keys: Groups::open(sections, AUTHORS)?,
            author_papers: numbers_of(sections, AUTHOR_PAPERS)?,
            author_given: numbers_of(sections, AUTHOR_GIVEN)?,
            cited_works: Groups::open(sections, CITED)?,
            citing: numbers_of(sections, CITING)?,
            papers: Groups::open(sections, REFERRING)?,
            references: numbers_of(sections, REFERENCES)?,
            own_works: numbers_of(sections, OWN_WORKS)?,
            own_papers: numbers_of(sections, OWN_PAPERS)?,
            lone_works: numbers_of(sections, LONE_WORKS)?,
            lone_papers: numbers_of(sections, LONE_PAPERS)?,
        };
        let is_whole = links.author_papers.len() == links.author_given.len()
            && links.own_works.len() == links.own_papers.len()
            && links.lone_works.len() == links.lone_papers.len();
        if is_whole {
            Ok(links)
        } else {
            Err(CacheError::Damaged)
        }
    }

    /// Papers of an author, in order; a paper may stand twice where names are ambiguous.
    pub(super) fn papers_of(&self, author: Author) -> impl Iterator<Item = u32> {
        let range = self.author_keys.range(author.key);
        let papers = self.author_papers.slice(range.clone()).unwrap_or_default();
        let given = self.author_given.slice(range).unwrap_or_default();
        papers
            .iter()
            .zip(given)
            .filter(move |(_, given)| author.may_be(**given))
            .map(|(paper, _)| *paper)
    }

    /// The works that a paper cites, as far as they link it with others.
    pub(super) fn references(&self, paper: u32) -> &[u64] {
        self.references
            .slice(self.papers.range(paper))
            .unwrap_or_default()
    }

    /// The papers that cite a work.
    pub(super) fn citing(&self, work: u64) -> &[u32] {
        self.citing
            .slice(self.cited_works.range(work))
            .unwrap_or_default()
    }

    /// The papers that are a work.
    pub(super) fn papers_that_are(&self, work: u64) -> impl Iterator<Item = u32> {
        let start = self.own_works.partition_point(|other| *other < work);
        (start..self.own_works.len())
            .take_while(move |at| self.own_works.get(*at) == Some(&work))
            .filter_map(|at| self.own_papers.get(at).copied())
    }

    pub(super) fn size(&self) -> usize {
        self.author_keys.size()
            + self.author_papers.size()
            + self.author_given.size()
            + self.cited_works.size()
            + self.citing.size()
            + self.papers.size()
            + self.references.size()
            + self.own_works.size()
            + self.own_papers.size()
            + self.lone_works.size()
            + self.lone_papers.size()
    }
}
