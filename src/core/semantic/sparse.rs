//! Papers as rows of weighted terms, most weights being nothing.

/// Rows of one matrix, one after the other.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Where each row starts, and where the last ends.
    starts: Vec<u32>,
    terms: Vec<u32>,
    weights: Vec<f32>,
}

impl Rows {
    /// Rows of the lengths given, all of whose entries are yet to be set.
    pub(crate) fn with_lengths(lengths: &[u32]) -> Rows {
        let mut starts = Vec::with_capacity(lengths.len() + 1);
        let mut end = 0;
        starts.push(end);
        for length in lengths {
            end += length;
            starts.push(end);
        }
        Rows {
            starts,
            terms: vec![0; end as usize],
            weights: vec![0.0; end as usize],
        }
    }

    /// Sets the entry of a row that is still free by `left`, the number of its free entries, counting that down.
    pub(crate) fn set(&mut self, row: usize, left: &mut [u32], term: u32, weight: f32) {
        let (Some(end), Some(left)) = (self.starts.get(row + 1), left.get_mut(row)) else {
            return;
        };
        let at = end.saturating_sub(*left) as usize;
        *left = left.saturating_sub(1);
        if let (Some(to), Some(weight_to)) = (self.terms.get_mut(at), self.weights.get_mut(at)) {
            *to = term;
            *weight_to = weight;
        }
    }

    /// The same rows with other numbers for the terms; those numbered [`u32::MAX`] are left out.
    pub(super) fn renumbered(mut self, numbers: &[u32]) -> Rows {
        let mut kept = 0;
        let mut from = 0;
        for end in self.starts.iter_mut().skip(1) {
            for at in from..*end as usize {
                let term = self.terms.get(at).copied().unwrap_or_default();
                let weight = self.weights.get(at).copied().unwrap_or_default();
                let number = numbers.get(term as usize).copied().unwrap_or(u32::MAX);
                if number == u32::MAX {
                    continue;
                }
                if let (Some(term), Some(to)) =
                    (self.terms.get_mut(kept), self.weights.get_mut(kept))
                {
                    *term = number;
                    *to = weight;
                    kept += 1;
                }
            }
            from = *end as usize;
            *end = kept as u32;
        }
        self.terms.truncate(kept);
        self.weights.truncate(kept);
        self
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// There are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Terms of a row and their weights.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (u32, f32)> {
        let start = self.starts.get(row).copied().unwrap_or_default() as usize;
        let end = self.starts.get(row + 1).copied().unwrap_or_default() as usize;
        let terms = self.terms.get(start..end).unwrap_or_default();
        let weights = self.weights.get(start..end).unwrap_or_default();
        terms.iter().copied().zip(weights.iter().copied())
    }
}
