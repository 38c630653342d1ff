//! The level at which each paper has a typed word, and what becomes of them.

#![allow(
    clippy::indexing_slicing,
    reason = "hot loops over columns of the same length, one entry a paper"
)]

use std::sync::OnceLock;

use super::ranking::level;
use super::{Hits, PaperNo};

/// So many papers are put in order at once, the rest when they are asked for.
const AT_ONCE: usize = 1024;
/// Bits of a key that decide between papers with the same sum.
const TIE_BITS: u32 = 4;
/// Papers looked at together.
const RUN: usize = 32;

/// A level for every paper, 0 where the word is not found.
pub(super) type Levels = Vec<u8>;

/// Keeps the better level.
#[inline]
pub(super) fn raise(levels: &mut [u8], paper: usize, to: u8) {
    if let Some(level) = levels.get_mut(paper) {
        // Written in any case: whether it is higher cannot be foreseen.
        *level = (*level).max(to);
    }
}

pub(super) fn count(levels: &[u8]) -> usize {
    // Counted in bytes first, of which a processor adds many at once.
    let ones = |chunk: &[u8]| chunk.iter().map(|level| u8::from(*level != 0)).sum::<u8>();
    levels
        .chunks(255)
        .map(|chunk| usize::from(ones(chunk)))
        .sum()
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
    }

    /// Notes which papers have a level that rests on a typo.
    pub(super) fn note_typos(&mut self, levels: &[u8]) {
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
        let chunks = self.sums.chunks(RUN).enumerate();
        let some = chunks.filter(|(_, sums)| sums.iter().fold(0, |all, sum| all | sum) != 0);
        some.flat_map(|(chunk, sums)| {
            let sums = sums.iter().enumerate();
            let left = sums.filter(|(_, sum)| **sum != 0);
            left.map(move |(at, _)| chunk * RUN + at)
        })
    }

    /// Orders the papers by sum, then by what they have in `ties` (0 to 15, more is better), then by number. Without an
    /// entry there a paper has 0.
    pub(super) fn into_hits(self, ties: &[u8]) -> Hits {
        let mut keys = self.sums;
        let tied = keys.len().min(ties.len());
        let (with_ties, without) = keys.split_at_mut(tied);
        for (key, tie) in with_ties.iter_mut().zip(ties) {
            *key = key_of(*key, *tie);
        }
        for key in without {
            *key = key_of(*key, 0);
        }
        let counts = counts(&keys);
        let total = counts.iter().map(|count| *count as usize).sum();
        Hits {
            first: first(&keys, &counts, total),
            rest: OnceLock::new(),
            total,
            keys: keys.into(),
            mistyped: self.mistyped.into(),
            refined: Box::default(),
            cancelled: false,
        }
    }
}

/// What papers are ordered by: the sum of levels, and in the last bits what decides between equal ones.
#[inline]
fn key_of(sum: u16, tie: u8) -> u16 {
    let key = sum.min(4094) << TIE_BITS | u16::from(tie & 15);
    if sum == 0 { 0 } else { key }
}

/// The sum of levels, plus one, of a key.
pub(super) fn sum_of(key: u16) -> u16 {
    key >> TIE_BITS
}

/// How many papers have each key; those without one are not counted.
fn counts(keys: &[u16]) -> Vec<u32> {
    let mut counts = vec![0_u32; usize::from(u16::MAX) + 1];
    for keys in keys.chunks(RUN) {
        // Which papers have a key cannot be foreseen: where many have one, all are counted.
        let some: u16 = keys.iter().map(|key| u16::from(*key != 0)).sum();
        if usize::from(some) * 4 > RUN {
            for &key in keys {
                counts[usize::from(key)] += 1;
            }
        } else if some > 0 {
            for &key in keys.iter().filter(|key| **key != 0) {
                counts[usize::from(key)] += 1;
            }
        }
    }
    counts[0] = 0;
    counts
}

/// The first [`AT_ONCE`] of so many papers that have a key, in order.
fn first(keys: &[u16], counts: &[u32], total: usize) -> Box<[PaperNo]> {
    // The least key among them.
    let mut least = 1;
    if total > AT_ONCE {
        let mut found = 0;
        let enough = |(_, count): &(usize, &u32)| {
            found += **count as usize;
            found >= AT_ONCE
        };
        let at = counts.iter().enumerate().rev().find(enough);
        least = at.map_or(1, |(key, _)| key as u16).max(1);
    }
    let mut found: Vec<u64> = Vec::with_capacity(total.min(2 * AT_ONCE));
    let mut of_least = 0;
    let mut wanted = least;
    for (chunk, keys) in keys.chunks(RUN).enumerate() {
        if keys.iter().fold(0, |most, key| most.max(*key)) < wanted {
            continue;
        }
        for (at, &key) in keys.iter().enumerate() {
            if key >= wanted {
                found.push(u64::from(!key) << 32 | (chunk * RUN + at) as u64);
                of_least += usize::from(key == least);
                // Of those with the least key the first ones are enough.
                if of_least == AT_ONCE {
                    wanted = least.saturating_add(1);
                }
            }
        }
    }
    found.sort_unstable();
    let papers = found.into_iter().take(AT_ONCE);
    papers.map(|keyed| PaperNo(keyed as u32)).collect()
}

/// All papers that have a key, in order.
pub(super) fn all(keys: &[u16], total: usize) -> Box<[PaperNo]> {
    let mut starts = vec![0_u32; usize::from(u16::MAX) + 1];
    each(keys, 1, |_, key| starts[usize::from(key)] += 1);
    let mut sum = 0;
    for start in starts.iter_mut().rev() {
        sum += std::mem::replace(start, sum);
    }
    let mut papers = vec![PaperNo(0); total].into_boxed_slice();
    each(keys, 1, |paper, key| {
        let at = &mut starts[usize::from(key)];
        papers[*at as usize] = PaperNo(paper);
        *at += 1;
    });
    papers
}

/// Calls `with` for every paper whose key is not less.
#[inline]
fn each(keys: &[u16], least: u16, mut with: impl FnMut(u32, u16)) {
    for (chunk, keys) in keys.chunks(RUN).enumerate() {
        // Most queries leave few papers, and of many few are among the first.
        if keys.iter().fold(0, |most, key| most.max(*key)) < least {
            continue;
        }
        for (at, &key) in keys.iter().enumerate() {
            if key >= least {
                with((chunk * RUN + at) as u32, key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn the_first_hits_are_those_of_all(
            sums in prop::collection::vec(prop_oneof![Just(0_u16), 0_u16..4, 4090_u16..5000], 0..9000),
            seed in any::<u64>(),
        ) {
            let ties: Vec<u8> = (0..sums.len() as u64).map(|at| (at.wrapping_mul(seed) >> 60) as u8).collect();
            let mut wanted: Vec<usize> = (0..sums.len()).filter(|at| sums[*at] != 0).collect();
            wanted.sort_by_key(|at| (std::cmp::Reverse((sums[*at].min(4094), ties[*at])), *at));
            let candidates = Candidates { sums, mistyped: Vec::new() };
            let hits = candidates.into_hits(&ties);
            prop_assert_eq!(hits.total(), wanted.len());
            let wanted: Vec<PaperNo> = wanted.into_iter().map(|at| PaperNo(at as u32)).collect();
            prop_assert_eq!(&hits.first[..], &wanted[..wanted.len().min(AT_ONCE)]);
            prop_assert_eq!(hits.papers(), &wanted[..]);
        }
    }
}
