//! Vectors that a model made of papers, for those papers that have one.

use super::vectors::Vectors;

/// Vectors of one width for some of the papers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embedded {
    vectors: Vectors,
    /// For each paper the place of its vector.
    of_paper: Vec<Option<u32>>,
}

impl Embedded {
    /// No vectors yet, for so many papers.
    pub fn new(papers: usize, width: usize) -> Embedded {
        Embedded {
            vectors: Vectors::new(width),
            of_paper: vec![None; papers],
        }
    }

    /// Takes the vector of a paper; one of another width is left.
    pub fn put(&mut self, paper: usize, mut vector: Vec<f32>) {
        if let Some(place) = self.of_paper.get_mut(paper)
            && vector.len() == self.vectors.width()
        {
            *place = Some(self.vectors.len() as u32);
            self.vectors.push_unit(&mut vector);
        }
    }

    /// Number of papers, with a vector or without.
    pub fn papers(&self) -> usize {
        self.of_paper.len()
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.vectors.len()
    }

    /// No paper has a vector.
    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    /// For each paper how alike its vector is to that of `paper`; nothing where that has none.
    pub fn cosines(&self, paper: usize) -> Option<Vec<Option<f32>>> {
        let place = self.of_paper.get(paper).copied().flatten()?;
        let with = self.vectors.vector(place as usize)?;
        let cosine =
            |place: &Option<u32>| place.map(|place| self.vectors.product(place as usize, &with));
        Some(self.of_paper.iter().map(cosine).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_without_a_vector_are_told_apart() {
        let mut embedded = Embedded::new(3, 2);
        embedded.put(0, vec![2.0, 0.0]);
        embedded.put(2, vec![1.0, 1.0]);
        embedded.put(1, vec![1.0]);
        embedded.put(9, vec![1.0, 1.0]);
        assert_eq!((embedded.len(), embedded.papers()), (2, 3));
        let cosines = embedded.cosines(0).unwrap();
        assert!((cosines[0].unwrap() - 1.0).abs() < 0.02);
        assert_eq!(cosines[1], None);
        assert!((cosines[2].unwrap() - 0.707).abs() < 0.02);
        assert_eq!(embedded.cosines(1), None);
    }
}
