//! Sorted words in one text.

/// Words, sorted, each once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Words {
    pub(super) text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Words {
    /// Adds the next word.
    pub(super) fn push(&mut self, word: &str) {
        self.text.push_str(word);
        self.ends.push(self.text.len() as u32);
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word at a place; beyond the end an empty one.
    pub(super) fn get(&self, at: usize) -> &str {
        let end = |at: usize| {
            self.ends
                .get(at)
                .map_or(self.text.len(), |end| *end as usize)
        };
        let start = at.checked_sub(1).map_or(0, end);
        self.text.get(start..end(at)).unwrap_or_default()
    }

    pub(super) fn last(&self) -> Option<&str> {
        self.len().checked_sub(1).map(|last| self.get(last))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// The place of a word.
    pub(super) fn find(&self, word: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle) < word {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < self.len() && self.get(low) == word).then_some(low)
    }
}

impl<'a> FromIterator<&'a str> for Words {
    fn from_iter<I: IntoIterator<Item = &'a str>>(sorted: I) -> Words {
        let mut words = Words::default();
        for word in sorted {
            words.push(word);
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_at_their_places() {
        let words: Words = ["a", "graph", "tumour"].into_iter().collect();
        assert_eq!((words.len(), words.last()), (3, Some("tumour")));
        assert!(words.iter().eq(["a", "graph", "tumour"]));
        let found = ["a", "graph", "tumour", "", "b", "zebra"].map(|word| words.find(word));
        assert_eq!(found, [Some(0), Some(1), Some(2), None, None, None]);
        assert_eq!(words.get(3), "");
        assert_eq!(Words::default().find("a"), None);
    }
}
