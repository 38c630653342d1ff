//! Distance of words as people mistype them: insertion, deletion, substitution and the swap of two neighbours each
//! count one (optimal string alignment), computed for all beginnings of a word at once with bit vectors
//! (Hyyrö 2003, *A bit-vector algorithm for computing Levenshtein and Damerau edit distances*).

/// The longest word that is compared, in characters.
const LONGEST: usize = 64;

/// A typed word, prepared for comparison with many.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// For every byte below 128 the places where it stands in the word.
    ascii: [u64; 128],
    /// The same for other characters.
    other: Vec<(char, u64)>,
    characters: Vec<char>,
}

/// How a word is like the typed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Likeness {
    /// Number of typos.
    pub(crate) typos: u32,
    /// The whole word was typed, not a beginning.
    pub(crate) whole: bool,
}

impl Pattern {
    /// `None` for words that are too long to be a slip.
    pub(crate) fn new(word: &str) -> Option<Pattern> {
        let characters: Vec<char> = word.chars().take(LONGEST + 1).collect();
        if characters.is_empty() || characters.len() > LONGEST {
            return None;
        }
        let mut pattern = Pattern {
            ascii: [0; 128],
            other: Vec::new(),
            characters,
        };
        for (at, &c) in pattern.characters.iter().enumerate() {
            let bit = 1 << at;
            if let Some(places) = pattern.ascii.get_mut(c as usize) {
                *places |= bit;
            } else if let Some((_, places)) =
                pattern.other.iter_mut().find(|(other, _)| *other == c)
            {
                *places |= bit;
            } else {
                pattern.other.push((c, bit));
            }
        }
        Some(pattern)
    }

    fn places(&self, c: char) -> u64 {
        match self.ascii.get(c as usize) {
            Some(places) => *places,
            None => self
                .other
                .iter()
                .find(|(other, _)| *other == c)
                .map_or(0, |(_, places)| *places),
        }
    }

    /// How `word` is like the typed word, if with at most `most` typos. A beginning counts where the last typed
    /// letter is right or swapped with the one before: dropping it would make every word alike that begins the same.
    pub(crate) fn compare(&self, word: &str, most: u32) -> Option<Likeness> {
        let length = self.characters.len();
        let last_bit = 1_u64 << (length - 1);
        let last = self.characters.last().copied();
        let before_last = length
            .checked_sub(2)
            .and_then(|at| self.characters.get(at))
            .copied();
        let (mut plus, mut minus) = (u64::MAX, 0_u64);
        let (mut diagonal, mut places_before) = (0_u64, 0_u64);
        let mut distance = length as u32;
        let mut best: Option<u32> = None;
        let mut previous = None;
        for (at, c) in word.chars().enumerate() {
            if at > length + most as usize {
                // Nothing further can be a beginning; nor is the whole word near enough.
                return best.map(|typos| Likeness {
                    typos,
                    whole: false,
                });
            }
            let places = self.places(c);
            let swapped = ((!diagonal & places) << 1) & places_before;
            diagonal = (((places & plus).wrapping_add(plus)) ^ plus) | places | minus | swapped;
            let up = minus | !(diagonal | plus);
            let down = diagonal & plus;
            if up & last_bit != 0 {
                distance += 1;
            } else if down & last_bit != 0 {
                distance -= 1;
            }
            // The first row counts the letters of the word: it, too, must be matched from its start.
            let up = up << 1 | 1;
            plus = down << 1 | !(diagonal | up);
            minus = up & diagonal;
            places_before = places;
            if distance <= most && (last == Some(c) || (last == previous && before_last == Some(c)))
            {
                best = Some(best.map_or(distance, |best| best.min(distance)));
            }
            previous = Some(c);
        }
        if distance <= most && best.is_none_or(|best| distance <= best) {
            return Some(Likeness {
                typos: distance,
                whole: true,
            });
        }
        best.map(|typos| Likeness {
            typos,
            whole: false,
        })
    }
}

/// The distances between a typed word and the beginnings of the words of a sorted list, row by row: what words have in
/// common at their start is computed once, and where no continuation can come near, all words that begin so are passed
/// over together (the traversal of a Levenshtein automaton, with a swap counting one).
#[derive(Debug)]
pub(crate) struct Nearby {
    typed: Vec<char>,
    most: u8,
    /// The characters of the beginning at hand, and for each, and for nothing, the row of distances.
    path: Vec<char>,
    rows: Vec<Vec<u8>>,
}

/// What is known of all words with a beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// None of those that begin with so many bytes is near.
    Far(usize),
    /// All of those that begin with so many bytes may be.
    Near(usize),
    /// The word alone is not near.
    Not,
}

impl Nearby {
    pub(crate) fn new(typed: &str, most: u32) -> Nearby {
        let typed: Vec<char> = typed.chars().collect();
        Nearby {
            rows: vec![(0..=typed.len().min(255) as u8).collect()],
            typed,
            most: most as u8,
            path: Vec::new(),
        }
    }

    /// Judges the next word.
    pub(crate) fn judge(&mut self, word: &str) -> Verdict {
        let mut len = 0;
        for (depth, c) in word.chars().enumerate() {
            len += c.len_utf8();
            if self.path.get(depth) != Some(&c) {
                self.path.truncate(depth);
                self.rows.truncate(depth + 1);
                self.path.push(c);
                self.push_row(c);
            }
            let row = self.rows.get(depth + 1).map_or(&[][..], Vec::as_slice);
            if row.last().is_some_and(|last| *last <= self.most) {
                return Verdict::Near(len);
            }
            if row.iter().all(|distance| *distance > self.most) {
                return Verdict::Far(len);
            }
        }
        Verdict::Not
    }

    fn push_row(&mut self, c: char) {
        let depth = self.path.len();
        let above = self.rows.last().map_or(&[][..], Vec::as_slice);
        let before = depth.checked_sub(2);
        let above_that = before.and_then(|before| self.rows.get(before));
        let previous = before.and_then(|before| self.path.get(before)).copied();
        let mut row = Vec::with_capacity(self.typed.len() + 1);
        let mut left = depth.min(255) as u8;
        row.push(left);
        let mut last = None;
        for (at, (&typed, pair)) in self.typed.iter().zip(above.windows(2)).enumerate() {
            let [diagonal, up] = pair else { break };
            let mut least = (diagonal + u8::from(typed != c))
                .min(up.saturating_add(1))
                .min(left.saturating_add(1));
            if last == Some(c)
                && previous == Some(typed)
                && let Some(swapped) = above_that.and_then(|row| row.get(at.checked_sub(1)?))
            {
                least = least.min(swapped.saturating_add(1));
            }
            row.push(least);
            left = least;
            last = Some(typed);
        }
        self.rows.push(row);
    }
}

/// How many typos are forgiven in a word of this many characters.
pub(crate) fn forgiven(characters: usize) -> u32 {
    match characters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Whether two words are the same but for `most` typos.
pub(crate) fn within(typed: &str, word: &str, most: u32) -> bool {
    Pattern::new(typed)
        .and_then(|pattern| pattern.compare(word, most))
        .is_some_and(|likeness| likeness.whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook table, whose last row is the distance to every beginning of `word`.
    fn table(typed: &[char], word: &[char]) -> Vec<u32> {
        let mut d = vec![vec![0_u32; word.len() + 1]; typed.len() + 1];
        for i in 0..=typed.len() {
            for j in 0..=word.len() {
                d[i][j] = if i == 0 {
                    j as u32
                } else if j == 0 {
                    i as u32
                } else {
                    let same = u32::from(typed[i - 1] != word[j - 1]);
                    let mut least = (d[i - 1][j] + 1)
                        .min(d[i][j - 1] + 1)
                        .min(d[i - 1][j - 1] + same);
                    if i > 1 && j > 1 && typed[i - 1] == word[j - 2] && typed[i - 2] == word[j - 1]
                    {
                        least = least.min(d[i - 2][j - 2] + 1);
                    }
                    least
                };
            }
        }
        d.pop().expect("a row")
    }

    #[test]
    fn a_swap_is_one_typo() {
        assert!(within("nueral", "neural", 1));
        assert!(within("netowrk", "network", 1));
        assert!(within("grpah", "graph", 1));
        assert!(!within("garhp", "graph", 1));
    }

    #[test]
    fn a_mistyped_beginning_is_like_the_word() {
        let pattern = Pattern::new("transofr").expect("short");
        assert_eq!(
            pattern.compare("transformers", 1),
            Some(Likeness {
                typos: 1,
                whole: false
            })
        );
        let pattern = Pattern::new("grapx").expect("short");
        assert_eq!(pattern.compare("grapevines", 1), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn words_that_are_passed_over_are_far(
            typed in "[abcé]{1,7}",
            words in prop::collection::btree_set("[abcé]{1,9}", 0..60),
            most in 1_u32..3,
        ) {
            let pattern = Pattern::new(&typed).expect("short");
            let words: Vec<String> = words.into_iter().collect();
            let mut nearby = Nearby::new(&typed, most);
            let (mut at, mut near) = (0, Vec::new());
            while at < words.len() {
                let word = &words[at];
                let verdict = nearby.judge(word);
                let (Verdict::Far(len) | Verdict::Near(len)) = verdict else {
                    at += 1;
                    continue;
                };
                let beginning = word.get(..len).expect("whole characters");
                let begins = |other: &&String| other.starts_with(beginning);
                let end = at + words[at..].iter().take_while(begins).count();
                if let Verdict::Near(_) = verdict {
                    near.extend_from_slice(&words[at..end]);
                }
                at = end;
            }
            let all = words.iter().filter(|word| pattern.compare(word, most).is_some());
            prop_assert!(all.into_iter().all(|word| near.contains(word)));
        }

        #[test]
        fn whole_words_agree_with_the_table(typed in "[abcé]{1,9}", word in "[abcé]{0,9}") {
            let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), word.chars().collect());
            let row = table(&a, &b);
            let distance = *row.last().expect("an entry");
            for most in 0..4 {
                prop_assert_eq!(within(&typed, &word, most), distance <= most && {
                    // A beginning that is nearer is told instead.
                    Pattern::new(&typed).and_then(|p| p.compare(&word, most)).is_some_and(|l| l.whole)
                });
                if let Some(likeness) = Pattern::new(&typed).and_then(|p| p.compare(&word, most)) {
                    prop_assert!(row.contains(&likeness.typos) && likeness.typos <= most);
                    if likeness.whole { prop_assert_eq!(likeness.typos, distance); }
                } else {
                    prop_assert!(distance > most);
                }
            }
        }
    }
}
