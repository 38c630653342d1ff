//! Finding papers: an index of words with their papers, built in one pass and held in memory.
//!
//! Typed words are compared with the distinct words of the library, never with the papers; the papers of the words
//! that fit are marked with the level at which they fit, and the marks of all typed words are summed. The same
//! postings tell which papers are alike.
//!
//! * [`IndexBuilder`] takes [`Document`]s, in order, and makes an [`Index`].
//! * [`Index::search`] answers a [`Query`](crate::core::query::Query); [`scan()`] does so before there is an index.
//! * [`Index::similar`] and [`Index::similar_to_text`] find papers that are alike.
//! * [`highlight()`] and [`fuzzy_score`] serve what is on screen.

mod builder;
mod citations;
mod columns;
mod completions;
mod forgive;
mod highlight;
mod latent;
mod links;
mod lists;
mod marks;
mod merge;
mod names;
mod phrase;
mod postings;
mod ranking;
mod reasons;
mod recent;
mod refine;
mod scan;
mod scope;
mod search;
mod similar;
mod slips;
mod stems;
mod stop_words;
mod suggested;
pub(crate) mod typo;
mod vocabulary;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::OnceLock;

pub use builder::{Document, IndexBuilder};
pub use highlight::{fuzzy_score, highlight};
pub use merge::{GONE, Part};
pub use scan::scan;
pub use similar::Similar;
pub use suggested::Suggested;

use crate::core::cache::{CacheError, Sections};
use crate::core::paper::PaperNo;
use crate::core::query::{Field, Filter};
use crate::core::semantic::Latent;

/// The texts of a library, on demand, and what only the caller knows.
pub trait SearchTexts {
    /// The folded text of a field (see [`fold`](crate::core::text::fold)); empty where there is none.
    /// [`Field::Authors`] has full names separated by "; ".
    fn folded(&self, no: PaperNo, field: Field) -> Cow<'_, str>;

    /// The folded texts of all fields but the abstract, in any order, separated by line ends, where they are at hand
    /// in one piece: [`scan()`] rules out most papers by it with one look.
    fn head(&self, no: PaperNo) -> Option<Cow<'_, str>> {
        let _ = no;
        None
    }

    /// The year of publication.
    fn year(&self, no: PaperNo) -> Option<i32>;

    /// Whether a condition on the reader's own notes holds. Without such notes none does.
    fn holds(&self, no: PaperNo, filter: &Filter) -> bool {
        let _ = (no, filter);
        false
    }
}

/// What a query found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The best, in order; all where there are few.
    first: Box<[PaperNo]>,
    /// All of many, once they were asked for.
    rest: OnceLock<Box<[PaperNo]>>,
    total: usize,
    /// One bit a paper of the library.
    mistyped: Box<[u64]>,
    /// By what every paper of the library is ordered, 0 for those that are no hits.
    keys: Box<[u16]>,
    /// Scores of the first hits, whose order is refined, in hundredths of a level.
    refined: Box<[u32]>,
    cancelled: bool,
}

impl Hits {
    /// All hits, the best first. Of many hits those after the first thousand are put in order when this is first asked
    /// for.
    pub fn papers(&self) -> &[PaperNo] {
        if self.first.len() == self.total {
            return &self.first;
        }
        self.rest.get_or_init(|| {
            let mut all = marks::all(&self.keys, self.total);
            if let Some(first) = all.get_mut(..self.first.len()) {
                first.copy_from_slice(&self.first);
            }
            all
        })
    }

    /// The hit of a rank, counted from 0.
    pub fn paper(&self, rank: usize) -> Option<PaperNo> {
        let first = self.first.get(rank).copied();
        first.or_else(|| self.papers().get(rank).copied())
    }

    /// The rank of a paper, counted from 0.
    pub fn rank(&self, no: PaperNo) -> Option<usize> {
        let among = |papers: &[PaperNo]| papers.iter().position(|hit| *hit == no);
        let first = among(&self.first);
        if first.is_some() || self.keys.get(no.index()) == Some(&0) {
            return first;
        }
        among(self.papers())
    }

    /// Lets the hits be put in another order; each keeps its score.
    pub(crate) fn reorder(&mut self, order: impl FnOnce(&mut [PaperNo])) {
        let mut papers: Box<[PaperNo]> = self.papers().into();
        // Scores of the first hits are kept by rank: they follow their papers.
        let mut of_paper: Vec<(PaperNo, u32)> = (papers.iter().copied())
            .zip(self.refined.iter().copied())
            .collect();
        order(&mut papers);
        of_paper.sort_unstable();
        let score = |no: &PaperNo| {
            let at = of_paper
                .binary_search_by_key(no, |(paper, _)| *paper)
                .ok()?;
            of_paper.get(at).map(|(_, score)| *score)
        };
        let sum = |no: &PaperNo| {
            let key = self.keys.get(no.index()).copied();
            key.map_or(0, |key| u32::from(marks::sum_of(key)) * 100)
        };
        if !self.keys.is_empty() {
            self.refined = (papers.iter())
                .map(|no| score(no).unwrap_or_else(|| sum(no)))
                .collect();
        }
        self.first = papers;
        self.rest = OnceLock::new();
    }

    /// Number of hits.
    pub fn total(&self) -> usize {
        self.total
    }

    /// How well the hit of a rank, counted from 0, fits: no better than those before it. Comparable within one query
    /// only; a whole word of the title is worth 100.
    pub fn score(&self, rank: usize) -> Option<f32> {
        if let Some(hundredths) = self.refined.get(rank) {
            return Some(*hundredths as f32 / 100.0);
        }
        let key = self.keys.get(self.paper(rank)?.index())?;
        Some(f32::from(marks::sum_of(*key)))
    }

    /// Whether a hit rests on the assumption that a word was mistyped.
    pub fn is_typo(&self, no: PaperNo) -> bool {
        self.mistyped
            .get(no.index() / 64)
            .is_some_and(|bits| bits >> (no.index() % 64) & 1 == 1)
    }

    /// The search was given up; there are no hits.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    fn cancelled() -> Hits {
        Hits {
            cancelled: true,
            ..Hits::default()
        }
    }
}

/// The words of a library with their papers.
#[derive(Debug, Default)]
pub struct Index {
    store: postings::Store,
    columns: columns::Columns,
    stems: stems::Stems,
    links: links::Links,
    /// What the papers are about, once that is found out.
    latent: OnceLock<Latent>,
    /// The words that were looked up last.
    recent: recent::Recent,
}

impl Index {
    /// The index whose columns were put on a shelf by [`IndexBuilder::finish_on`]. Nothing of them is read but their
    /// lengths.
    ///
    /// # Errors
    /// When columns are missing or do not fit each other.
    pub fn open(sections: &Sections<'_>) -> Result<Index, CacheError> {
        let store = postings::Store::open(sections)?;
        let columns = columns::Columns::open(sections)?;
        Ok(Index {
            stems: stems::Stems::open(sections, store.words.len(), columns.len())?,
            links: links::Links::open(sections)?,
            store,
            columns,
            latent: OnceLock::new(),
            recent: recent::Recent::default(),
        })
    }

    /// A part of its cache was found damaged: answers may lack something, and have to be asked for again without the
    /// cache.
    pub fn is_damaged(&self) -> bool {
        self.store.words.is_damaged()
    }

    /// Number of papers.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// There are no papers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of distinct words.
    pub fn words(&self) -> usize {
        self.store.words.len()
    }

    /// Bytes in memory, to about a percent.
    pub fn size(&self) -> usize {
        self.store.size()
            + self.columns.size()
            + self.stems.size()
            + self.links.size()
            + self.latent().map_or(0, Latent::size)
    }
}
