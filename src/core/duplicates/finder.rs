//! Looking for the same work in a library.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::compare::{Certainty, Reason, Relation, compare};
use super::signature::Signature;
use crate::core::item::Item;
use crate::core::library::{ItemSource, Library, SourceError};
use crate::core::paper::PaperNo;

/// So many papers of one title are compared each with each; of more, only neighbours in the order of author and year.
const EACH_WITH_EACH: usize = 40;

/// A paper of the library that is the same work as an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The paper.
    pub paper: PaperNo,
    /// Why.
    pub reason: Reason,
    /// How sure that is.
    pub certainty: Certainty,
    /// The same publication, or another version of the work.
    pub relation: Relation,
}

/// Two papers of a group and what they have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The one that comes first in the library.
    pub first: PaperNo,
    /// The other.
    pub second: PaperNo,
    /// Why.
    pub reason: Reason,
    /// How sure that is.
    pub certainty: Certainty,
}

/// Papers that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Two or more, in the order of the library.
    pub papers: Vec<PaperNo>,
    /// The same publication several times, or versions of one work.
    pub relation: Relation,
    /// What holds them together; every paper is in at least one.
    pub links: Vec<Link>,
}

impl Group {
    /// As sure as its least sure link.
    pub fn certainty(&self) -> Certainty {
        let all = self.links.iter().map(|link| link.certainty);
        all.min().unwrap_or(Certainty::Possible)
    }
}

/// The works of a library by everything that tells them.
#[derive(Debug, Default)]
pub struct Finder {
    papers: Vec<Signature>,
    by: HashMap<Key, Vec<u32>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Doi(Box<str>),
    Pmid(Box<str>),
    Arxiv(Box<str>),
    Isbn(u64),
    Title(Box<str>),
}

fn keys(signature: &Signature) -> impl Iterator<Item = Key> + '_ {
    let title = (!signature.title.is_empty()).then(|| Key::Title(signature.title.clone()));
    let isbns: &[u64] = if signature.book {
        &signature.isbns
    } else {
        &[]
    };
    [
        signature.doi.clone().map(Key::Doi),
        signature.pmid.clone().map(Key::Pmid),
        signature.arxiv.clone().map(Key::Arxiv),
        title,
    ]
    .into_iter()
    .flatten()
    .chain(isbns.iter().copied().map(Key::Isbn))
}

impl Finder {
    /// Reads the items of a library once.
    ///
    /// # Errors
    /// When the library cannot be read or has changed.
    pub fn new(library: &Library, source: &dyn ItemSource) -> Result<Finder, SourceError> {
        let mut finder = Finder::default();
        for no in library.numbers() {
            finder.add(Signature::of(&library.item(no, source)?));
        }
        Ok(finder)
    }

    /// Adds the next paper: its number is the count of those before it.
    pub fn add(&mut self, signature: Signature) {
        let number = self.papers.len() as u32;
        for key in keys(&signature) {
            self.by.entry(key).or_default().push(number);
        }
        self.papers.push(signature);
    }

    /// Number of papers.
    pub fn len(&self) -> usize {
        self.papers.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.papers.is_empty()
    }

    /// The papers that are the same work as an item which is not in the library, the surest first.
    pub fn matches(&self, item: &Item) -> Vec<Match> {
        self.matches_of(&Signature::of(item))
    }

    /// [`Finder::matches`] by signature.
    pub fn matches_of(&self, signature: &Signature) -> Vec<Match> {
        let mut numbers: Vec<u32> = keys(signature)
            .filter_map(|key| self.by.get(&key))
            .flatten()
            .copied()
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut found: Vec<Match> = numbers
            .into_iter()
            .filter_map(|number| {
                let (reason, certainty, relation) =
                    compare(signature, self.papers.get(number as usize)?)?;
                Some(Match {
                    paper: PaperNo(number),
                    reason,
                    certainty,
                    relation,
                })
            })
            .collect();
        found.sort_by_key(|one| (one.relation, std::cmp::Reverse(one.certainty), one.reason));
        found
    }

    /// The papers that are there twice, then the versions of one work; each kind in the order of the library.
    pub fn groups(&self) -> Vec<Group> {
        let mut links: BTreeMap<(u32, u32), (Reason, Certainty, Relation)> = BTreeMap::new();
        for (key, numbers) in &self.by {
            for (first, second) in self.pairs(key, numbers) {
                let pair = (first.min(second), first.max(second));
                let signatures = (
                    self.papers.get(first as usize),
                    self.papers.get(second as usize),
                );
                if let (Some(a), Some(b)) = signatures
                    && let Some(found) = compare(a, b)
                {
                    links.insert(pair, found);
                }
            }
        }
        let mut groups = self.grouped(&links, Relation::Same);
        groups.extend(self.grouped(&links, Relation::Versions));
        groups
    }

    /// The pairs that are worth a comparison among the papers of one key: for an identifier each with the first, since
    /// it makes all of them one work.
    fn pairs(&self, key: &Key, numbers: &[u32]) -> Vec<(u32, u32)> {
        if numbers.len() <= EACH_WITH_EACH && numbers.len() > 1 {
            let rest = |at: usize| numbers.iter().skip(at + 1).copied();
            return numbers
                .iter()
                .enumerate()
                .flat_map(|(at, first)| rest(at).map(|second| (*first, second)))
                .collect();
        }
        let mut sorted = numbers.to_vec();
        if let Key::Title(_) = key {
            sorted.sort_by_key(|number| {
                let paper = self.papers.get(*number as usize);
                paper.map(|paper| (paper.family.clone(), paper.year))
            });
        }
        let next = sorted.iter().skip(1).copied();
        sorted.iter().copied().zip(next).collect()
    }

    fn grouped(
        &self,
        links: &BTreeMap<(u32, u32), (Reason, Certainty, Relation)>,
        relation: Relation,
    ) -> Vec<Group> {
        let mut sets = Sets::new(self.papers.len());
        // Versions of one work go over copies of it.
        let counts = |of: Relation| of == relation || relation == Relation::Versions;
        for ((first, second), (_, _, of)) in links {
            if counts(*of) {
                sets.join(*first, *second);
            }
        }
        let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
        for ((first, second), (reason, certainty, of)) in links {
            if !counts(*of) {
                continue;
            }
            let group = groups.entry(sets.root(*first)).or_insert_with(|| Group {
                papers: Vec::new(),
                relation: Relation::Same,
                links: Vec::new(),
            });
            if *of == relation {
                group.relation = relation;
            }
            group.papers.extend([PaperNo(*first), PaperNo(*second)]);
            group.links.push(Link {
                first: PaperNo(*first),
                second: PaperNo(*second),
                reason: *reason,
                certainty: *certainty,
            });
        }
        let mut groups: Vec<Group> = groups
            .into_values()
            .filter(|group| group.relation == relation)
            .collect();
        for group in &mut groups {
            group.papers.sort_unstable();
            group.papers.dedup();
        }
        groups.sort_by_key(|group| group.papers.first().copied());
        groups
    }
}

/// Sets that are joined two by two. Source of the algorithm: disjoint-set forest with path halving.
struct Sets(Vec<u32>);

impl Sets {
    fn new(count: usize) -> Sets {
        Sets((0..count as u32).collect())
    }

    fn parent(&self, number: u32) -> u32 {
        self.0.get(number as usize).copied().unwrap_or(number)
    }

    fn root(&mut self, mut number: u32) -> u32 {
        while self.parent(number) != number {
            let above = self.parent(self.parent(number));
            if let Some(parent) = self.0.get_mut(number as usize) {
                *parent = above;
            }
            number = above;
        }
        number
    }

    fn join(&mut self, first: u32, second: u32) {
        let (first, second) = (self.root(first), self.root(second));
        if let Some(parent) = self.0.get_mut(first.max(second) as usize) {
            *parent = first.min(second);
        }
    }
}
