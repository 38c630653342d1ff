//! Short vectors of length one, a byte an entry.

use crate::core::cache::Numbers;

/// Vectors of one width; each is kept as whole numbers with a factor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vectors {
    pub(super) width: usize,
    pub(super) entries: Numbers<i8>,
    pub(super) factors: Numbers<f32>,
}

impl Vectors {
    pub(super) fn new(width: usize) -> Vectors {
        Vectors {
            width,
            entries: Numbers::default(),
            factors: Numbers::default(),
        }
    }

    /// Appends a vector as it is; its direction is kept to about a percent.
    pub(super) fn push(&mut self, vector: &[f32]) {
        let most = vector
            .iter()
            .fold(0.0_f32, |most, entry| most.max(entry.abs()));
        let factor = if most > 0.0 { most / 127.0 } else { 0.0 };
        self.factors.push(factor);
        let inverse = if factor > 0.0 { 1.0 / factor } else { 0.0 };
        let entries = vector.iter().map(|entry| (entry * inverse).round() as i8);
        let width = self.width;
        self.entries.owned().extend(entries.take(width));
    }

    /// Appends a vector of length one that points the same way.
    pub(super) fn push_unit(&mut self, vector: &mut [f32]) {
        unit(vector);
        self.push(vector);
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.factors.len()
    }

    /// There are no vectors.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Entries of each vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Bytes, in memory or in the cache.
    pub fn size(&self) -> usize {
        self.entries.len() + 4 * self.factors.len()
    }

    /// A part of its cache was found damaged.
    pub fn is_damaged(&self) -> bool {
        self.entries.is_damaged() || self.factors.is_damaged()
    }

    pub(super) fn get(&self, at: usize) -> Option<(&[i8], f32)> {
        let entries = self.entries.slice(at * self.width..(at + 1) * self.width)?;
        Some((entries, sound(*self.factors.get(at)?)))
    }

    /// The product of two vectors: their cosine where both have length one.
    pub fn product(&self, at: usize, with: &Vector<'_>) -> f32 {
        self.get(at).map_or(0.0, |(entries, factor)| {
            dot(entries, with.entries) as f32 * factor * with.factor
        })
    }

    /// A vector to multiply others with.
    pub fn vector(&self, at: usize) -> Option<Vector<'_>> {
        let (entries, factor) = self.get(at)?;
        Some(Vector { entries, factor })
    }

    /// The products of all vectors with one, in their order.
    pub fn products(&self, with: &Vector<'_>) -> Vec<f32> {
        if self.width == 0 {
            return vec![0.0; self.len()];
        }
        let rows = self.entries.chunks_exact(self.width).zip(&*self.factors);
        rows.map(|(entries, factor)| {
            dot(entries, with.entries) as f32 * sound(*factor) * with.factor
        })
        .collect()
    }
}

/// One of [`Vectors`].
#[derive(Debug, Clone, Copy)]
pub struct Vector<'a> {
    entries: &'a [i8],
    factor: f32,
}

/// A factor as it can have been written: no entry of a vector of length one is above one.
#[inline]
fn sound(factor: f32) -> f32 {
    if (0.0..=1.0).contains(&factor) {
        factor
    } else {
        0.0
    }
}

/// Makes a vector one of length one, if it has any.
pub(super) fn unit(vector: &mut [f32]) {
    let length = vector.iter().map(|entry| entry * entry).sum::<f32>().sqrt();
    if length > 0.0 {
        for entry in vector {
            *entry /= length;
        }
    }
}

/// As plain as can be: compilers turn it into the instructions that multiply and add many at once.
fn dot(a: &[i8], b: &[i8]) -> i32 {
    let mut sum = 0;
    for (a, b) in a.iter().zip(b) {
        sum += i32::from(*a) * i32::from(*b);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn products_are_those_of_the_vectors_to_two_digits(
            a in prop::collection::vec(-1.0_f32..1.0, 37),
            b in prop::collection::vec(-1.0_f32..1.0, 37),
        ) {
            let (mut a, mut b) = (a, b);
            unit(&mut a);
            unit(&mut b);
            let exact: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            let mut kept = Vectors::new(37);
            kept.push(&a);
            kept.push_unit(&mut b);
            let with = kept.vector(0).expect("a vector");
            prop_assert!((kept.product(1, &with) - exact).abs() < 0.02);
            prop_assert_eq!(kept.products(&with), vec![kept.product(0, &with), kept.product(1, &with)]);
        }
    }
}
