//! What the model looks at in a sentence: its words, its neighbours' beginnings, its place.
//!
//! Every feature is a short text (`b the model`, `i2`), of which only the FNV-1a hash is used. The texts are never
//! made: their bytes are hashed one after the other.

use std::ops::Range;

use foldhash::{HashSet, HashSetExt as _};

/// Further tokens of a sentence are not looked at.
const TOKENS_READ: usize = 80;

/// The words of a sentence in lower case, its numbers as `#`, and the signs `% < > = ±`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tokens {
    text: String,
    places: Vec<Range<usize>>,
}

impl Tokens {
    pub(super) fn of(sentence: &str) -> Tokens {
        let lower = sentence.to_lowercase();
        let mut tokens = Tokens {
            text: String::with_capacity(lower.len()),
            places: Vec::new(),
        };
        let bytes = lower.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        let mut at = 0;
        while at < bytes.len() && tokens.places.len() < TOKENS_READ {
            let start = at;
            match byte(at) {
                b'a'..=b'z' => {
                    while byte(at).is_ascii_lowercase() {
                        at += 1;
                    }
                    tokens.push(lower.get(start..at).unwrap_or_default());
                }
                b'0'..=b'9' => {
                    // Points and commas belong to a number where digits follow them.
                    while byte(at).is_ascii_digit()
                        || (matches!(byte(at), b'.' | b',') && byte(at + 1).is_ascii_digit())
                    {
                        at += 1;
                    }
                    tokens.push("#");
                }
                b'%' | b'<' | b'>' | b'=' => {
                    at += 1;
                    tokens.push(lower.get(start..at).unwrap_or_default());
                }
                // The two bytes of `±`.
                0xC2 if byte(at + 1) == 0xB1 => {
                    at += 2;
                    tokens.push("±");
                }
                _ => at += 1,
            }
        }
        tokens
    }

    fn push(&mut self, token: &str) {
        let start = self.text.len();
        self.text.push_str(token);
        self.places.push(start..self.text.len());
    }

    fn len(&self) -> usize {
        self.places.len()
    }

    fn get(&self, at: usize) -> Option<&str> {
        self.text.get(self.places.get(at)?.clone())
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    fn has(&self, token: &str) -> bool {
        self.iter().any(|one| one == token)
    }
}

/// The hash of a feature as it grows: 32 bits that say where its weights are, 64 that tell it from others.
#[derive(Clone, Copy)]
struct Hash {
    short: u32,
    long: u64,
}

impl Hash {
    fn of(text: &str) -> Hash {
        let empty = Hash {
            short: 0x811c_9dc5,
            long: 0xcbf2_9ce4_8422_2325,
        };
        empty.with(text)
    }

    fn with(mut self, text: &str) -> Hash {
        for byte in text.bytes() {
            self.short = (self.short ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            self.long = (self.long ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }
}

/// Gives every feature of a sentence of an abstract, as the hash of its text and its value.
pub(super) fn each(abstract_tokens: &[Tokens], at: usize, take: &mut impl FnMut(u32, f64)) {
    let Some(tokens) = abstract_tokens.get(at) else {
        return;
    };
    words(tokens, take);
    for length in 1..=3 {
        if tokens.len() > 0 {
            take(joined("f ", tokens.iter().take(length)), 0.5);
        }
    }
    let neighbour = |at: Option<usize>| at.and_then(|at| abstract_tokens.get(at));
    beginning(neighbour(at.checked_sub(1)), ["p ", "P "], "<s>", take);
    beginning(neighbour(Some(at + 1)), ["q ", "Q "], "</s>", take);
    place(tokens, at, abstract_tokens.len(), take);
}

/// Words, pairs and triples of neighbouring words, each counted once.
fn words(tokens: &Tokens, take: &mut impl FnMut(u32, f64)) {
    let bounded: Vec<&str> = std::iter::once("^")
        .chain(tokens.iter())
        .chain(std::iter::once("$"))
        .collect();
    let mut seen: HashSet<u64> = HashSet::with_capacity(3 * bounded.len());
    let mut hashes: Vec<u32> = Vec::with_capacity(3 * bounded.len());
    let mut see = |hash: Hash| {
        if seen.insert(hash.long) {
            hashes.push(hash.short);
        }
    };
    let (one, two, three) = (Hash::of("u "), Hash::of("b "), Hash::of("t "));
    for token in tokens.iter() {
        see(one.with(token));
    }
    for pair in bounded.array_windows::<2>() {
        let [a, b] = pair;
        see(two.with(a).with(" ").with(b));
    }
    for triple in bounded.array_windows::<3>() {
        let [a, b, c] = triple;
        see(three.with(a).with(" ").with(b).with(" ").with(c));
    }
    let value = 2.0 / (hashes.len().max(1) as f64).sqrt();
    for hash in hashes {
        take(hash, value);
    }
}

fn joined<'a>(head: &str, tokens: impl Iterator<Item = &'a str>) -> u32 {
    let mut hash = Hash::of(head);
    for (at, token) in tokens.enumerate() {
        if at > 0 {
            hash = hash.with(" ");
        }
        hash = hash.with(token);
    }
    hash.short
}

/// How the sentence before or after begins; `absent` stands for it where there is none.
fn beginning(
    tokens: Option<&Tokens>,
    [each, pair]: [&str; 2],
    absent: &str,
    take: &mut impl FnMut(u32, f64),
) {
    let first: Vec<&str> = match tokens {
        Some(tokens) => tokens.iter().take(4).collect(),
        None => vec![absent],
    };
    for (at, token) in first.iter().enumerate() {
        if !first.iter().take(at).any(|before| before == token) {
            take(Hash::of(each).with(token).short, 0.3);
        }
    }
    take(joined(pair, first.iter().take(2).copied()), 0.3);
}

/// Where the sentence stands, how long it is, and whether there are figures in it.
fn place(tokens: &Tokens, at: usize, count: usize, take: &mut impl FnMut(u32, f64)) {
    let mut number = |head: &str, number: usize| {
        take(with_number(Hash::of(head), number).short, 0.4);
    };
    let size = (count / 3).min(5);
    let of_count = |parts: usize| parts * at / count.max(1);
    number("r", of_count(10));
    number("i", at.min(4));
    number("e", count.saturating_sub(at + 1).min(4));
    number("n", size);
    number("len", (tokens.len() / 8).min(6));
    let both = with_number(Hash::of("x"), size).with("_");
    take(with_number(both, of_count(5)).short, 0.4);
    for (token, yes, no) in [("#", "num", "nonum"), ("%", "pct", "nopct")] {
        let word = if tokens.has(token) { yes } else { no };
        take(Hash::of(word).short, 0.4);
    }
}

/// A number below 100 in digits.
fn with_number(hash: Hash, number: usize) -> Hash {
    let digit = |digit: usize| {
        let at = digit % 10;
        "0123456789".get(at..=at).unwrap_or_default()
    };
    let hash = if number >= 10 {
        hash.with(digit(number / 10))
    } else {
        hash
    };
    hash.with(digit(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        Tokens::of(text).iter().map(str::to_owned).collect()
    }

    #[test]
    fn words_numbers_and_signs_are_tokens() {
        assert_eq!(
            tokens("HbA1c fell by 1,234.5% (p<0.05) ± 2."),
            [
                "hba", "#", "c", "fell", "by", "#", "%", "p", "<", "#", "±", "#"
            ]
        );
        assert_eq!(tokens("naïve café"), ["na", "ve", "caf"]);
        assert_eq!(tokens("1.2.3, 4"), ["#", "#"]);
        assert_eq!(tokens("深層学習 …"), [""; 0]);
        assert_eq!(tokens(&"a ".repeat(200)).len(), TOKENS_READ);
    }

    #[test]
    fn hashes_are_those_of_the_published_algorithm() {
        // From the test suite of FNV-1a.
        assert_eq!(Hash::of("").short, 0x811c_9dc5);
        assert_eq!(Hash::of("foobar").short, 0xbf9c_f968);
        assert_eq!(Hash::of("foo").with("bar").long, 0x8594_4171_f739_67e8);
        assert_eq!(with_number(Hash::of("r"), 12).short, Hash::of("r12").short);
        assert_eq!(with_number(Hash::of("r"), 7).short, Hash::of("r7").short);
    }

    #[test]
    fn repeated_words_count_once() {
        let count = |text: &str| {
            let mut count = 0;
            words(&Tokens::of(text), &mut |_, _| count += 1);
            count
        };
        // One word; `^ a`, `a $`; `^ a $`.
        assert_eq!(count("a"), 4);
        // One word; `^ a`, `a a`, `a $`; `^ a a`, `a a a`, `a a $`.
        assert_eq!(count("a a a a"), 7);
        // `^ $` alone.
        assert_eq!(count(""), 1);
    }
}
