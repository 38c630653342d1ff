//! The level at which each paper has a typed word, and what becomes of them.

#![allow(
    clippy::indexing_slicing,
    reason = "hot loops over columns of the same length, one entry a paper"
)]

use super::ranking::level;
use super::{Hits, PaperNo};

/// A level for every paper, 0 where the word is not found.
pub(super) type Levels = Vec<u8>;

/// Keeps the better level.
#[inline]
pub(super) fn raise(levels: &mut [u8], paper: usize, to: u8) {
    if let Some(level) = levels.get_mut(paper)
        && *level < to
    {
        *level = to;
    }
}

pub(super) fn count(levels: &[u8]) -> usize {
    levels.iter().filter(|level| **level != 0).count()
}

/// The papers that fulfil all conditions so far.
#[derive(Debug)]
pub(super) struct Candidates {
    /// Sum of levels plus one; 0 where a condition failed.
    sums: Vec<u16>,
    mistyped: Vec<u64>,
}

impl Candidates {
    pub(super) fn all(papers: usize) -> Candidates {
        Candidates {
            sums: vec![1; papers],
            mistyped: vec![0; papers.div_ceil(64)],
        }
    }

    /// Keeps the papers that have a level and adds it.
    pub(super) fn require(&mut self, levels: &[u8]) {
        for (sum, &level) in self.sums.iter_mut().zip(levels) {
            *sum = if *sum == 0 || level == 0 {
                0
            } else {
                *sum + u16::from(level)
            };
        }
        for (chunk, bits) in levels.chunks(64).zip(&mut self.mistyped) {
            for (at, &level) in chunk.iter().enumerate() {
                *bits |= u64::from(level != 0 && level <= level::TYPO) << at;
            }
        }
    }

    /// Drops the papers that have a level.
    pub(super) fn exclude(&mut self, levels: &[u8]) {
        for (sum, &level) in self.sums.iter_mut().zip(levels) {
            if level != 0 {
                *sum = 0;
            }
        }
    }

    /// Keeps the papers for which `holds`; asks only for those that are left.
    pub(super) fn retain(&mut self, mut holds: impl FnMut(usize) -> bool) {
        for (paper, sum) in self.sums.iter_mut().enumerate() {
            if *sum != 0 && !holds(paper) {
                *sum = 0;
            }
        }
    }

    /// The papers that are left.
    pub(super) fn papers(&self) -> impl Iterator<Item = usize> {
        let sums = self.sums.iter().enumerate();
        sums.filter(|(_, sum)| **sum != 0).map(|(paper, _)| paper)
    }

    /// Orders the papers by sum, then by `tie_break` (0 to 15, more is better), then by number.
    pub(super) fn into_hits(self, tie_break: impl Fn(usize) -> u16) -> Hits {
        let mut keyed: Vec<(u16, u32)> = Vec::new();
        let mut most = 0;
        for (paper, &sum) in self.sums.iter().enumerate() {
            if sum != 0 {
                let key = sum.min(4094) << 4 | tie_break(paper).min(15);
                most = most.max(key);
                keyed.push((key, paper as u32));
            }
        }
        let mut starts = vec![0_u32; usize::from(most) + 1];
        for &(key, _) in &keyed {
            starts[usize::from(key)] += 1;
        }
        let mut sum = 0;
        for start in starts.iter_mut().rev() {
            sum += std::mem::replace(start, sum);
        }
        let mut papers = vec![PaperNo(0); keyed.len()];
        for &(key, paper) in &keyed {
            let at = &mut starts[usize::from(key)];
            papers[*at as usize] = PaperNo(paper);
            *at += 1;
        }
        Hits {
            papers,
            mistyped: self.mistyped,
            sums: self.sums,
            ..Hits::default()
        }
    }
}
