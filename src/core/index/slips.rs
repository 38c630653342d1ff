//! What kind of slip turns a word into the typed one. Of all ways to mistype a word there are few swaps of neighbours
//! and few left out letters, but twenty-five times as many wrong letters: where a typed word can be had by a swap from
//! one word and by a wrong letter from another, the first was most likely meant (the noisy channel of Kernighan, Church
//! and Gale 1990, *A spelling correction program based on a noisy channel model*).

/// One slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    /// Two neighbours are swapped.
    Swap,
    /// A letter is missing.
    Omission,
    /// A letter is typed twice.
    Repetition,
    /// A letter is another one.
    Substitution,
    /// A letter too many.
    Insertion,
}

/// The slip by which `typed` comes from `word`, or from a beginning of it, and whether it is the whole word; a whole
/// word is told rather than a beginning, and the slips in the order of [`Slip`]. `None` where the words are the same,
/// where `word` begins so, or where one slip is not enough.
pub(super) fn slip(typed: &str, word: &str) -> Option<(Slip, bool)> {
    let same = (typed.chars().zip(word.chars()))
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum::<usize>();
    let (before, typed, word) = (typed.get(..same)?, typed.get(same..)?, word.get(same..)?);
    let mut typed_letters = typed.chars();
    let Some(typed_first) = typed_letters.next() else {
        // The typed word is a beginning; that its last letter is missing is told where nothing else follows.
        return None;
    };
    let typed_rest = typed_letters.as_str();
    let mut word_letters = word.chars();
    let Some(word_first) = word_letters.next() else {
        let repeated = before.ends_with(typed_first);
        let kind = if repeated {
            Slip::Repetition
        } else {
            Slip::Insertion
        };
        return typed_rest.is_empty().then_some((kind, true));
    };
    let word_rest = word_letters.as_str();
    let (mut typed_second, mut word_second) = (typed_rest.chars(), word_rest.chars());
    let is_swap =
        typed_second.next() == Some(word_first) && word_second.next() == Some(typed_first);
    let is_repeated = before.ends_with(typed_first);
    let ways = [
        is_swap.then_some((Slip::Swap, typed_second.as_str(), word_second.as_str())),
        Some((Slip::Omission, typed, word_rest)),
        is_repeated.then_some((Slip::Repetition, typed_rest, word)),
        Some((Slip::Substitution, typed_rest, word_rest)),
        Some((Slip::Insertion, typed_rest, word)),
    ];
    let find = |fits: fn(&str, &str) -> bool| {
        let mut ways = ways.iter().flatten();
        ways.find(|(_, typed, word)| fits(typed, word))
            .map(|(slip, ..)| *slip)
    };
    if let Some(slip) = find(|typed, word| typed == word) {
        return Some((slip, true));
    }
    find(|typed, word| !typed.is_empty() && word.starts_with(typed)).map(|slip| (slip, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slip_is_told() {
        for (typed, word, told) in [
            ("nueral", "neural", Some((Slip::Swap, true))),
            ("simulatiosn", "simulations", Some((Slip::Swap, true))),
            ("simulatiosn", "simulation", Some((Slip::Insertion, true))),
            ("larn", "learn", Some((Slip::Omission, true))),
            ("larn", "learning", Some((Slip::Omission, false))),
            ("larn", "language", Some((Slip::Insertion, false))),
            ("larn", "lawns", Some((Slip::Substitution, false))),
            ("learnn", "learn", Some((Slip::Repetition, true))),
            ("leearn", "learning", Some((Slip::Repetition, false))),
            ("leorn", "learn", Some((Slip::Substitution, true))),
            ("leoarn", "learn", Some((Slip::Insertion, true))),
            ("learn", "learning", None),
            ("learn", "learn", None),
            ("erdös", "erdäs", Some((Slip::Substitution, true))),
            ("garhp", "graph", None),
        ] {
            assert_eq!(slip(typed, word), told, "{typed} for {word}");
        }
    }
}
