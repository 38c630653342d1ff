//! Where words begin and end in folded text: the one rule that index, scan, highlights and queries share.
//!
//! A word is a run of letters and digits. Chinese and Japanese, which set no spaces, are cut into overlapping pairs of
//! characters, and the last character of a run stands once more alone, so that every character begins a word. Words
//! joined by a hyphen or an apostrophe ("multi-head", "alzheimer's") are words by themselves and, written as one
//! ("multihead"), another.

/// A word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// The word, as in the folded text.
    pub(crate) text: &'a str,
    /// Byte offset of its start.
    pub(crate) start: usize,
    /// Only a hyphen or an apostrophe stands between it and the word before.
    pub(crate) joined: bool,
    /// Part of a run of Chinese or Japanese characters.
    pub(crate) cjk: bool,
}

/// A compound has at most this many parts and bytes to be indexed as one word.
const MOST_JOINED: usize = 6;
const LONGEST_JOINED: usize = 40;
/// Longer words are cut here: nobody types them, and data can be hostile.
pub(crate) const LONGEST_WORD: usize = 64;

pub(crate) fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x2FFF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
        && c.is_alphanumeric()
}

pub(crate) fn is_joiner(byte: u8) -> bool {
    byte == b'-' || byte == b'\''
}

/// What a byte is: outside words, in a word, or part of a character that must be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Between,
    InWord,
    BeyondAscii,
}

/// The class of each byte: looked up, as the comparisons would be most of the work of cutting a text.
#[allow(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, over all bytes"
)]
static CLASSES: [Class; 256] = {
    let mut classes = [Class::Between; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' | b'A'..=b'Z' => Class::InWord,
            0x80.. => Class::BeyondAscii,
            _ => Class::Between,
        };
        byte += 1;
    }
    classes
};

#[inline]
fn class(byte: u8) -> Class {
    CLASSES
        .get(usize::from(byte))
        .copied()
        .unwrap_or(Class::Between)
}

/// The words of folded text in their order.
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// End of the last word outside CJK.
    last_end: Option<usize>,
}

pub(crate) fn tokens(folded: &str) -> Tokens<'_> {
    Tokens {
        text: folded,
        at: 0,
        last_end: None,
    }
}

impl<'a> Tokens<'a> {
    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn cjk(&mut self, first: char) -> Option<Token<'a>> {
        let start = self.at;
        let middle = start + first.len_utf8();
        self.at = middle;
        self.last_end = None;
        let end = match self.char_at(middle) {
            Some(second) if is_cjk(second) => middle + second.len_utf8(),
            _ => middle,
        };
        Some(Token {
            text: self.text.get(start..end)?,
            start,
            joined: false,
            cjk: true,
        })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    #[inline]
    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        loop {
            let rest = bytes.get(self.at..)?;
            self.at += rest
                .iter()
                .position(|byte| class(*byte) != Class::Between)?;
            if class(*bytes.get(self.at)?) == Class::InWord {
                break;
            }
            let c = self.char_at(self.at)?;
            if is_cjk(c) {
                return self.cjk(c);
            }
            if c.is_alphanumeric() {
                break;
            }
            self.at += c.len_utf8();
        }
        let start = self.at;
        let mut at = start;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(end) = rest.iter().position(|byte| class(*byte) != Class::InWord) else {
                at = bytes.len();
                break;
            };
            at += end;
            if bytes.get(at).is_some_and(u8::is_ascii) {
                break;
            }
            match self.char_at(at) {
                Some(c) if c.is_alphanumeric() && !is_cjk(c) => at += c.len_utf8(),
                _ => break,
            }
        }
        self.at = at;
        let joined = self
            .last_end
            .is_some_and(|end| end + 1 == start && bytes.get(end).copied().is_some_and(is_joiner));
        self.last_end = Some(at);
        let mut text = self.text.get(start..at)?;
        if text.len() > LONGEST_WORD {
            let mut end = LONGEST_WORD;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text = text.get(..end)?;
        }
        Some(Token {
            text,
            start,
            joined,
            cjk: false,
        })
    }
}

/// Collects joined words and tells what they make when written as one.
#[derive(Debug, Default)]
pub(crate) struct Joiner {
    text: String,
    parts: usize,
    /// The first part was the first word of the text.
    at_start: bool,
}

impl Joiner {
    /// Takes the next word of a text; gives the compound that ended before it, and whether that began the text.
    #[inline]
    pub(crate) fn push(
        &mut self,
        token: &Token<'_>,
        first: bool,
        mut ended: impl FnMut(&str, bool),
    ) {
        if token.joined {
            self.parts += 1;
            self.text.push_str(token.text);
            return;
        }
        self.finish(&mut ended);
        if token.cjk {
            return;
        }
        self.text.push_str(token.text);
        self.parts = 1;
        self.at_start = first;
    }

    /// The text has ended.
    #[inline]
    pub(crate) fn finish(&mut self, mut ended: impl FnMut(&str, bool)) {
        if (2..=MOST_JOINED).contains(&self.parts) && self.text.len() <= LONGEST_JOINED {
            ended(&self.text, self.at_start);
        }
        self.text.clear();
        self.parts = 0;
        self.at_start = false;
    }
}

/// What a typed word falls into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compound {
    /// Its words; all but the last are whole.
    pub(crate) parts: Vec<Piece>,
    /// The parts written as one, where they were joined by hyphens or apostrophes.
    pub(crate) whole: Option<String>,
}

/// A word of a [`Compound`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// It cannot be the beginning of a longer word: another word follows, or it is a pair of CJK characters.
    pub(crate) complete: bool,
    pub(crate) cjk: bool,
}

impl Piece {
    /// Joined words written as one.
    pub(crate) fn joined(text: &str) -> Piece {
        Piece {
            text: text.to_owned(),
            complete: false,
            cjk: false,
        }
    }
}

/// The words of a folded query text as they are looked up; `None` when it has none.
pub(crate) fn compounds(folded: &str) -> Option<Compound> {
    let mut parts: Vec<Piece> = Vec::new();
    let mut whole = String::new();
    let mut all_joined = true;
    let mut last_cjk_end = None;
    for token in tokens(folded) {
        let characters = token.text.chars().count();
        if token.cjk && characters == 1 && last_cjk_end == Some(token.start + token.text.len()) {
            // The last character of a run of several is in the pair before.
            continue;
        }
        last_cjk_end = token.cjk.then_some(token.start + token.text.len());
        if let Some(last) = parts.last_mut() {
            last.complete = true;
            all_joined &= token.joined;
        }
        whole.push_str(token.text);
        parts.push(Piece {
            text: token.text.to_owned(),
            complete: token.cjk && characters > 1,
            cjk: token.cjk,
        });
    }
    if parts.is_empty() {
        return None;
    }
    let whole = (parts.len() > 1 && all_joined && whole.len() <= LONGEST_JOINED).then_some(whole);
    Some(Compound { parts, whole })
}

/// The words of a folded phrase.
pub(crate) fn query_words(folded: &str) -> Vec<String> {
    compounds(folded)
        .map(|compound| compound.parts.into_iter().map(|part| part.text).collect())
        .unwrap_or_default()
}

/// The initials of a title: the first letter of every run of Latin letters.
pub(crate) fn push_initials(folded_title: &str, out: &mut String) {
    let mut inside = false;
    for &byte in folded_title.as_bytes() {
        let letter = byte.is_ascii_lowercase();
        if letter && !inside {
            out.push(char::from(byte));
        }
        inside = letter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(folded: &str) -> Vec<&str> {
        tokens(folded).map(|token| token.text).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(
            texts("a multi-head, covid19 x² (μ-opioid)"),
            ["a", "multi", "head", "covid19", "x²", "μ", "opioid"]
        );
    }

    #[test]
    fn runs_of_chinese_are_cut_into_pairs_and_a_last_character() {
        assert_eq!(
            texts("深度学习 gpt模型"),
            ["深度", "度学", "学习", "习", "gpt", "模型", "型"]
        );
    }

    #[test]
    fn compounds_are_told_when_they_end() {
        let mut found = Vec::new();
        let mut joiner = Joiner::default();
        for (at, token) in tokens("multi-head and alzheimer's x - y").enumerate() {
            joiner.push(&token, at == 0, |text, start| {
                found.push((text.to_owned(), start));
            });
        }
        joiner.finish(|text, start| found.push((text.to_owned(), start)));
        assert_eq!(
            found,
            [
                ("multihead".to_owned(), true),
                ("alzheimers".to_owned(), false)
            ]
        );
    }

    #[test]
    fn typed_words_know_their_parts() {
        let compound = compounds("multi-hea").expect("two words");
        assert_eq!(compound.whole.as_deref(), Some("multihea"));
        assert_eq!(
            compound
                .parts
                .iter()
                .map(|part| part.complete)
                .collect::<Vec<_>>(),
            [true, false]
        );
        let chinese = compounds("深度学").expect("two pairs");
        assert_eq!(query_words("深度学"), ["深度", "度学"]);
        assert!(chinese.parts.iter().all(|part| part.complete));
        assert_eq!(compounds("-- ..."), None);
    }

    #[test]
    fn initials_are_the_first_letters_of_latin_words() {
        let mut initials = String::new();
        push_initials("3d u-net: learning of gpt4 models", &mut initials);
        assert_eq!(initials, "dunlogm");
    }

    #[test]
    fn an_endless_word_is_cut() {
        assert_eq!(texts(&"é".repeat(1000)).concat().len(), LONGEST_WORD);
    }
}
