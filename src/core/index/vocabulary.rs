//! The distinct words of a library: interned while building, sorted when finished.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::fast::RandomState;

use super::lists::make_room;
use super::search::Cancelled;
use super::typo::{Nearby, Verdict};
use crate::core::cache::{CacheError, Numbers, Sections, Shelf, Text, numbers_of};

/// Words of at most this many bytes are compared as one number.
const SHORT: usize = 16;
/// So many words are looked at together.
const LETTERS: usize = 64;
/// Upper half of a slot: part of the hash.
const TAG: u64 = 0xFFFF_FFFF_0000_0000;

/// Gives every distinct word a number, in order of first appearance, and keeps a value of `T` with it. A word, what is
/// needed to compare it and its value lie together: looking up twenty million words is a matter of cache lines.
#[derive(Debug)]
pub(super) struct Interner<T> {
    text: String,
    entries: Vec<Entry<T>>,
    /// Open addressing: the upper half of the hash, then the number plus one; 0 is free.
    slots: Vec<u64>,
    // Seeded by chance, so that no file can be made whose words all fall into one slot.
    state: RandomState,
}

impl<T> Default for Interner<T> {
    fn default() -> Interner<T> {
        Interner {
            text: String::new(),
            entries: Vec::new(),
            slots: Vec::new(),
            state: RandomState::default(),
        }
    }
}

#[derive(Debug)]
struct Entry<T> {
    /// The first bytes, padded by zeros.
    short: u128,
    start: u32,
    length: u32,
    value: T,
}

/// A word as part of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) length: usize,
}

impl<'a> Spot<'a> {
    fn word(self) -> &'a str {
        self.text
            .get(self.start..self.start + self.length)
            .unwrap_or_default()
    }

    #[inline]
    fn short(self) -> u128 {
        let bytes = self.text.as_bytes();
        let kept = self.length.min(SHORT);
        if let Some(chunk) = bytes
            .get(self.start..)
            .and_then(|rest| rest.first_chunk::<SHORT>())
        {
            let all = u128::from_le_bytes(*chunk);
            return if kept == SHORT {
                all
            } else {
                all & ((1 << (8 * kept)) - 1)
            };
        }
        let mut padded = [0; SHORT];
        let word = bytes.get(self.start..).unwrap_or_default();
        for (to, from) in padded.iter_mut().zip(word.iter().take(kept)) {
            *to = *from;
        }
        u128::from_le_bytes(padded)
    }
}

impl<T: Default> Interner<T> {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn word(&self, number: u32) -> &str {
        self.entries.get(number as usize).map_or("", |entry| {
            let start = entry.start as usize;
            self.text
                .get(start..start + entry.length as usize)
                .unwrap_or_default()
        })
    }

    #[inline]
    pub(super) fn value_mut(&mut self, number: u32) -> Option<&mut T> {
        self.entries
            .get_mut(number as usize)
            .map(|entry| &mut entry.value)
    }

    pub(super) fn value(&self, number: u32) -> Option<&T> {
        self.entries.get(number as usize).map(|entry| &entry.value)
    }

    #[inline]
    fn hash(&self, short: u128, word: Spot<'_>) -> u64 {
        let mut hasher = self.state.build_hasher();
        hasher.write_u128(short);
        if word.length > SHORT {
            hasher.write(word.word().as_bytes());
        }
        hasher.finish()
    }

    /// The numbers of words, new or known, in their order.
    ///
    /// Nearly all time goes into waiting for memory, so the words are looked up in steps, within each of which no
    /// word waits for another.
    pub(super) fn intern_all<'a>(
        &mut self,
        words: impl Iterator<Item = Spot<'a>>,
        numbers: &mut Vec<u32>,
    ) {
        let mut asked: Vec<(Spot<'a>, u128, u64, u32)> = words
            .map(|word| {
                let short = word.short();
                (word, short, self.hash(short, word), 0)
            })
            .collect();
        let mask = self.slots.len().wrapping_sub(1);
        for (_, _, hash, likely) in &mut asked {
            let slot = self.slots.get(*hash as usize & mask).copied();
            *likely = slot.filter(|slot| (slot ^ *hash) & TAG == 0).unwrap_or(0) as u32;
        }
        for (word, short, _, likely) in &mut asked {
            let known = likely.checked_sub(1);
            let fits = known
                .and_then(|known| self.entries.get(known as usize))
                .is_some_and(|entry| {
                    entry.short == *short
                        && entry.length as usize == word.length
                        && word.length <= SHORT
                });
            if !fits {
                *likely = 0;
            }
        }
        numbers.clear();
        for (word, short, hash, likely) in asked {
            numbers.push(match likely.checked_sub(1) {
                Some(known) => known,
                None => self.find_or_add(word, short, hash),
            });
        }
    }

    /// The number of a word, new or known.
    pub(super) fn intern(&mut self, word: &str) -> u32 {
        let word = Spot {
            text: word,
            start: 0,
            length: word.len(),
        };
        let short = word.short();
        self.find_or_add(word, short, self.hash(short, word))
    }

    fn find_or_add(&mut self, word: Spot<'_>, short: u128, hash: u64) -> u32 {
        if self.entries.len() * 3 >= self.slots.len() * 2 {
            self.grow();
        }
        let tag = hash & TAG;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(&slot) = self.slots.get(at) {
            if slot == 0 {
                break;
            }
            if slot & TAG == tag {
                let number = slot as u32 - 1;
                if let Some(entry) = self.entries.get(number as usize)
                    && entry.short == short
                    && entry.length as usize == word.length
                    && (word.length <= SHORT || self.word(number) == word.word())
                {
                    return number;
                }
            }
            at = (at + 1) & mask;
        }
        let number = self.entries.len() as u32;
        make_room(&mut self.entries, 1);
        self.entries.push(Entry {
            short,
            start: self.text.len() as u32,
            length: word.length as u32,
            value: T::default(),
        });
        self.text.push_str(word.word());
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = tag | u64::from(number + 1);
        }
        number
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1024);
        let mut slots = vec![0_u64; size];
        for (number, entry) in self.entries.iter().enumerate() {
            let word = Spot {
                text: &self.text,
                start: entry.start as usize,
                length: entry.length as usize,
            };
            let hash = self.hash(entry.short, word);
            let mut at = hash as usize & (size - 1);
            while slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = hash & TAG | (number as u64 + 1);
            }
        }
        self.slots = slots;
    }

    /// The words sorted by their bytes, and their old numbers in that order.
    pub(super) fn sort(&self) -> (Vocabulary, Vec<u32>) {
        // Most comparisons are decided by the first eight bytes, which fit a number.
        let mut order: Vec<(u64, u32)> = self
            .entries
            .iter()
            .zip(0..)
            .map(|(entry, number)| ((entry.short as u64).swap_bytes(), number))
            .collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| self.word(a.1).cmp(self.word(b.1)))
        });
        let mut words = VocabularyBuilder::with_room(self.len());
        for &(_, number) in &order {
            words.push(self.word(number));
        }
        let order = order.into_iter().map(|(_, number)| number).collect();
        (words.finish(), order)
    }
}

/// Makes a [`Vocabulary`] of words that come sorted.
#[derive(Debug, Default)]
pub(super) struct VocabularyBuilder {
    text: String,
    starts: Vec<u32>,
    letters: Vec<u32>,
}

impl VocabularyBuilder {
    pub(super) fn with_room(words: usize) -> VocabularyBuilder {
        VocabularyBuilder {
            text: String::new(),
            starts: Vec::with_capacity(words + 1),
            letters: Vec::with_capacity(words),
        }
    }

    pub(super) fn push(&mut self, word: &str) {
        self.starts.push(self.text.len() as u32);
        self.text.push_str(word);
        self.letters.push(letters(word.as_bytes()));
    }

    pub(super) fn finish(mut self) -> Vocabulary {
        self.starts.push(self.text.len() as u32);
        Vocabulary {
            text: self.text.into(),
            starts: self.starts.into(),
            letters: self.letters.into(),
        }
    }
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
    text: Text,
    starts: Numbers<u32>,
    /// [`letters`] of each word.
    pub(super) letters: Numbers<u32>,
}

/// The names of the columns in the cache.
const COLUMNS: [&str; 3] = ["words", "word starts", "word letters"];

impl Vocabulary {
    /// Puts the words on a shelf.
    pub(super) fn keep(&self, shelf: &mut dyn Shelf) -> Vocabulary {
        let [text, starts, letters] = COLUMNS;
        shelf.append(self.text.as_bytes());
        Vocabulary {
            text: Text::kept(shelf.end(text)),
            starts: shelf.numbers(starts, &self.starts),
            letters: shelf.numbers(letters, &self.letters),
        }
    }

    /// The words that were put on a shelf.
    pub(super) fn open(sections: &Sections<'_>) -> Result<Vocabulary, CacheError> {
        let [text, starts, letters] = COLUMNS;
        let words = Vocabulary {
            text: Text::kept(sections(text).ok_or(CacheError::Damaged)?),
            starts: numbers_of(sections, starts)?,
            letters: numbers_of(sections, letters)?,
        };
        if words.starts.len() == words.letters.len() + 1 {
            Ok(words)
        } else {
            Err(CacheError::Damaged)
        }
    }

    pub(super) fn is_damaged(&self) -> bool {
        self.text.is_damaged()
    }

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

    /// The first word after `at` that does not begin as that one with so many bytes.
    fn past_beginning(&self, at: u32, len: usize) -> u32 {
        let beginning = self.word(at).get(..len).unwrap_or_default();
        let count = self.len() as u32;
        // Steps that double: most beginnings have few words.
        let (mut low, mut step) = (at, 1);
        while low + step < count && self.word(low + step).starts_with(beginning) {
            low += step;
            step *= 2;
        }
        let mut high = count.min(low + step);
        low += 1;
        while low < high {
            let middle = low + (high - low) / 2;
            if self.word(middle).starts_with(beginning) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Hands over the words that are, or begin with, what is not more than `most` typos from `text`, and some more.
    pub(super) fn near(
        &self,
        text: &str,
        most: u32,
        found: &mut dyn FnMut(u32),
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), Cancelled> {
        let mut nearby = Nearby::new(text, most);
        let (mut at, mut judged) = (0, 0_u32);
        while at < self.len() as u32 {
            judged += 1;
            if judged.is_multiple_of(1024) && cancel() {
                return Err(Cancelled);
            }
            at = match nearby.judge(self.word(at)) {
                Verdict::Not => at + 1,
                Verdict::Far(len) => self.past_beginning(at, len),
                Verdict::Near(len) => {
                    let end = self.past_beginning(at, len);
                    (at..end).for_each(&mut *found);
                    end
                }
            };
        }
        Ok(())
    }

    /// Hands over the words that have all letters of `text` but `most`.
    pub(super) fn with_letters(
        &self,
        text: &str,
        most: u32,
        found: &mut dyn FnMut(u32),
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), Cancelled> {
        let wanted = letters(text.as_bytes());
        // Characters are no more than bytes.
        let least = text.chars().count().saturating_sub(most as usize);
        let few = |has: u32| (wanted & !has).count_ones() <= most;
        for (chunk, letters) in self.letters.chunks(LETTERS).enumerate() {
            if chunk % 1024 == 0 && cancel() {
                return Err(Cancelled);
            }
            for (at, &has) in letters.iter().enumerate() {
                let word = chunk * LETTERS + at;
                if few(has) && self.length(word) >= least {
                    found(word as u32);
                }
            }
        }
        Ok(())
    }

    fn length(&self, word: usize) -> usize {
        match self.starts.slice(word..word + 2) {
            Some([start, end]) => (end - start) as usize,
            _ => 0,
        }
    }

    pub(super) fn find(&self, word: &str) -> Option<u32> {
        let at = self.partition(|other| other < word);
        ((at as usize) < self.len() && self.word(at) == word).then_some(at)
    }

    pub(super) fn size(&self) -> usize {
        self.text.len() + self.starts.size() + self.letters.size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorted_words_are_found_by_beginning(words in prop::collection::vec("[a-cé]{0,20}", 0..200), beginning in "[a-cé]{0,3}") {
            let mut interner: Interner<()> = Interner::default();
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
