//! Papers like several others at once: what a reader who liked those may want to read next.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::ranking;
use super::reasons::Profile;
use super::similar::Scores;
use super::{Index, PaperNo, SearchTexts};
use crate::core::query::Field;

/// A paper that is like papers that were liked.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested {
    /// The paper.
    pub no: PaperNo,
    /// How alike it is to the one that it is most like, from 0 to 1.
    pub score: f32,
    /// The liked paper that speaks most for it.
    pub like: PaperNo,
    /// Words that both have and that tell the most; the weightiest first.
    pub shared_terms: Vec<String>,
}

impl Index {
    /// Papers like those `liked`, each of which counts by its weight, the most alike first. `open` tells which papers
    /// may be suggested; those liked never are. `cancel` is asked between the liked papers; once it says yes nothing
    /// is suggested.
    ///
    /// The likenesses to the liked papers are squared and summed: one that is very like counts for more than several
    /// that are a little so.
    pub fn suggested(
        &self,
        liked: &[(PaperNo, f32)],
        limit: usize,
        open: &dyn Fn(PaperNo) -> bool,
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Vec<Suggested> {
        let mut total = vec![0.0_f32; self.len()];
        // For each paper the greatest term of its sum, and the place of the liked paper that it is of.
        let mut most: Vec<(f32, u16)> = vec![(0.0, 0); self.len()];
        let mut profiles = Vec::new();
        for (at, &(no, weight)) in liked.iter().enumerate().take(usize::from(u16::MAX)) {
            if cancel() {
                return Vec::new();
            }
            let title = texts.folded(no, Field::Title);
            let body = texts.folded(no, Field::Abstract);
            let profile = Profile::new(self, &[(&title, ranking::TITLE_COUNTS), (&body, 1)]);
            let mut sums = self.cosines(&profile).sums;
            if let Some(latent) = self.latent() {
                self.mix_latent(&mut sums, latent.places(), no.index(), ranking::ABOUT);
            }
            for ((total, most), sum) in total.iter_mut().zip(&mut most).zip(sums) {
                let term = weight * sum.max(0.0).powi(2);
                *total += term;
                if term > most.0 {
                    *most = (term, at as u16);
                }
            }
            profiles.push(profile);
        }
        let of_liked: HashMap<PaperNo, f32, FixedState> = liked.iter().copied().collect();
        for (paper, total) in total.iter_mut().enumerate() {
            let no = PaperNo(paper as u32);
            if *total > 0.0 && (of_liked.contains_key(&no) || !open(no)) {
                *total = 0.0;
            }
        }
        let best = Scores { sums: total }.best(limit);
        let suggested = best.into_iter().filter_map(|(_, paper)| {
            let (term, at) = most.get(paper as usize).copied()?;
            let (like, weight) = liked.get(usize::from(at)).copied()?;
            let no = PaperNo(paper);
            Some(Suggested {
                no,
                score: (term / weight).sqrt().clamp(0.0, 1.0),
                like,
                shared_terms: profiles.get(usize::from(at))?.reasons(no, texts),
            })
        });
        suggested.collect()
    }
}
