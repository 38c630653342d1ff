//! The distinct words of a library: interned while building, sorted when finished.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::fast::RandomState;

/// Gives every distinct word a number, in order of first appearance.
#[derive(Debug, Default)]
pub(super) struct Interner {
    text: String,
    /// Where the text of each word ends.
    ends: Vec<u32>,
    /// Open addressing: the upper half of the hash, then the number plus one; 0 is free.
    slots: Vec<u64>,
    // Seeded by chance, so that no file can be made whose words all fall into one slot.
    state: RandomState,
}

impl Interner {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn word(&self, number: u32) -> &str {
        let number = number as usize;
        let start = match number.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(number).copied().unwrap_or_default();
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    fn hash(&self, word: &[u8]) -> u64 {
        let mut hasher = self.state.build_hasher();
        hasher.write(word);
        hasher.finish()
    }

    /// The number of a word, new or known.
    #[inline]
    pub(super) fn intern(&mut self, word: &str) -> u32 {
        if self.ends.len() * 3 >= self.slots.len() * 2 {
            self.grow();
        }
        let hash = self.hash(word.as_bytes());
        let tag = hash & 0xFFFF_FFFF_0000_0000;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(&slot) = self.slots.get(at) {
            if slot == 0 {
                break;
            }
            if slot & 0xFFFF_FFFF_0000_0000 == tag {
                let number = slot as u32 - 1;
                if self.word(number) == word {
                    return number;
                }
            }
            at = (at + 1) & mask;
        }
        let number = self.ends.len() as u32;
        self.text.push_str(word);
        self.ends.push(self.text.len() as u32);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = tag | u64::from(number + 1);
        }
        number
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1024);
        let mut slots = vec![0_u64; size];
        for number in 0..self.ends.len() as u32 {
            let hash = self.hash(self.word(number).as_bytes());
            let mut at = hash as usize & (size - 1);
            while slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = hash & 0xFFFF_FFFF_0000_0000 | u64::from(number + 1);
            }
        }
        self.slots = slots;
    }

    /// The words sorted by their bytes, and their old numbers in that order.
    pub(super) fn sort(self) -> (Vocabulary, Vec<u32>) {
        // Most comparisons are decided by the first eight bytes, which fit a number.
        let mut order: Vec<(u64, u32)> = (0..self.len() as u32)
            .map(|number| (beginning(self.word(number)), number))
            .collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| self.word(a.1).cmp(self.word(b.1)))
        });
        let mut words = Vocabulary {
            text: String::with_capacity(self.text.len()),
            starts: Vec::with_capacity(self.len() + 1),
            letters: Vec::with_capacity(self.len()),
        };
        words.starts.push(0);
        for &(_, number) in &order {
            let word = self.word(number);
            words.text.push_str(word);
            words.starts.push(words.text.len() as u32);
            words.letters.push(letters(word.as_bytes()));
        }
        (words, order.into_iter().map(|(_, number)| number).collect())
    }
}

/// The first eight bytes as a number that sorts as they do.
fn beginning(word: &str) -> u64 {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(word.as_bytes()) {
        *to = *from;
    }
    u64::from_be_bytes(bytes)
}

/// Which letters occur: a bit for each of a to z, one for any digit, the rest shared by all other bytes.
pub(super) fn letters(word: &[u8]) -> u32 {
    word.iter().fold(0, |mask, &byte| {
        mask | 1
            << match byte {
                b'a'..=b'z' => u32::from(byte - b'a'),
                b'0'..=b'9' => 26,
                _ => 27 + u32::from(byte) % 5,
            }
    })
}

/// The sorted words.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    text: String,
    starts: Vec<u32>,
    /// [`letters`] of each word.
    pub(super) letters: Vec<u32>,
}

impl Vocabulary {
    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    #[inline]
    pub(super) fn word(&self, number: u32) -> &str {
        let number = number as usize;
        let start = self.starts.get(number).copied().unwrap_or_default() as usize;
        let end = self.starts.get(number + 1).copied().unwrap_or_default() as usize;
        self.text.get(start..end).unwrap_or_default()
    }

    /// The first word for which `is_before` does not hold.
    fn partition(&self, is_before: impl Fn(&str) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(self.word(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The words that begin so.
    pub(super) fn with_beginning(&self, beginning: &str) -> Range<u32> {
        let low = self.partition(|word| word < beginning);
        let high = self.partition(|word| word < beginning || word.starts_with(beginning));
        low..high
    }

    pub(super) fn find(&self, word: &str) -> Option<u32> {
        let at = self.partition(|other| other < word);
        ((at as usize) < self.len() && self.word(at) == word).then_some(at)
    }

    pub(super) fn size(&self) -> usize {
        self.text.len() + 4 * (self.starts.len() + self.letters.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorted_words_are_found_by_beginning(words in prop::collection::vec("[a-cé]{0,12}", 0..200), beginning in "[a-cé]{0,3}") {
            let mut interner = Interner::default();
            for word in &words {
                let number = interner.intern(word);
                prop_assert_eq!(interner.word(number), word);
            }
            let mut sorted = words.clone();
            sorted.sort();
            sorted.dedup();
            prop_assert_eq!(interner.len(), sorted.len());
            let (vocabulary, _) = interner.sort();
            let wanted: Vec<_> = sorted.iter().filter(|word| word.starts_with(&beginning)).collect();
            let found: Vec<_> = vocabulary.with_beginning(&beginning).map(|at| vocabulary.word(at)).collect();
            prop_assert_eq!(found, wanted);
            for word in &sorted {
                let at = vocabulary.find(word);
                prop_assert!(at.is_some_and(|at| vocabulary.word(at) == word));
            }
        }
    }
}
