//! Vectors of a model as further evidence of likeness.

use super::Index;
use super::latent::moments;
use super::ranking;
use crate::core::semantic::Embedded;

impl Index {
    /// Vectors that a model made of the papers, where the reader had that done.
    pub fn embedded(&self) -> Option<&Embedded> {
        self.embedded.get()
    }

    /// Takes vectors of a model; refused where they are of other papers, or there are some already.
    pub fn take_embedded(&self, embedded: Embedded) -> bool {
        embedded.papers() == self.len() && self.embedded.set(embedded).is_ok()
    }

    /// Share of what papers are about in how alike paper `no` is to others by words and that.
    pub(super) fn share_about(&self, no: usize) -> f32 {
        let has_vector = self
            .embedded()
            .is_some_and(|embedded| embedded.cosines(no).is_some());
        if has_vector {
            ranking::ABOUT_WITH_MODEL
        } else {
            ranking::ABOUT
        }
    }

    /// Mixes likeness of vectors into sums that say how alike papers are to paper `no`, in standard deviations, on the
    /// scale of the sums. Papers without a vector are taken for middling.
    pub(super) fn mix_embedded(&self, sums: &mut [f32], no: usize) {
        let Some(cosines) = self.embedded().and_then(|embedded| embedded.cosines(no)) else {
            return;
        };
        let known: Vec<f32> = cosines.iter().copied().flatten().collect();
        let (mean, deviation) = moments(sums);
        let (known_mean, known_deviation) = moments(&known);
        if deviation == 0.0 || known_deviation == 0.0 {
            return;
        }
        let share = ranking::BY_MODEL;
        let scale = share * deviation / known_deviation;
        for (sum, cosine) in sums.iter_mut().zip(cosines) {
            let by_model = cosine.map_or(0.0, |cosine| scale * (cosine - known_mean));
            *sum = (1.0 - share) * *sum + share * mean + by_model;
        }
    }
}
