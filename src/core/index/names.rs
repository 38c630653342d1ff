//! Names of people: which word is the surname, when two names may be one person, and spellings of the umlauts.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use super::words::{Token, tokens};

/// Stands between the names of an author field.
pub(crate) const SEPARATOR: &str = "; ";

/// Words after a surname.
const SUFFIXES: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "v"];

/// The names of an author field.
pub(super) fn split(authors: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(authors);
    std::iter::from_fn(move || {
        let text = rest?;
        let is_end = |at: &usize| text.as_bytes().get(at + 1) == Some(&b' ');
        let end = memchr::memchr_iter(b';', text.as_bytes()).find(is_end);
        rest = end.and_then(|end| text.get(end + SEPARATOR.len()..));
        text.get(..end.unwrap_or(text.len()))
    })
}

/// Where the last word of a folded name starts, hyphenated surnames whole and suffixes left out.
pub(super) fn surname_start(name: &str) -> usize {
    surname_among(tokens(name))
}

/// [`surname_start`] of the words of a name.
pub(super) fn surname_among<'a>(words_of_name: impl Iterator<Item = Token<'a>>) -> usize {
    let (mut surname, mut compound) = (0, 0);
    let mut words = 0;
    for token in words_of_name {
        if token.cjk {
            // Family name first and no spaces: every pair may be the name.
            return 0;
        }
        if !token.joined {
            compound = token.start;
        }
        words += 1;
        if words <= 2 || !SUFFIXES.contains(&token.text) {
            surname = compound;
        }
    }
    surname
}

/// What tells authors apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Author {
    /// Of surname and first initial.
    pub(super) key: u64,
    /// Of all given names; 0 where only initials are known, which may be anybody with this key.
    pub(super) given: u16,
}

/// The key of a folded name; `None` when it has no word.
pub(super) fn author(name: &str) -> Option<Author> {
    let surname = surname_start(name);
    let mut key = FixedState::with_seed(1).build_hasher();
    let mut given = FixedState::with_seed(2).build_hasher();
    let (mut any, mut initial, mut spelled) = (false, None, false);
    for token in tokens(name) {
        if token.start >= surname {
            key.write(token.text.as_bytes());
            key.write_u8(0);
            any = true;
        } else {
            initial = initial.or_else(|| token.text.chars().next());
            spelled |= token.text.chars().nth(1).is_some();
            given.write(token.text.as_bytes());
            given.write_u8(0);
        }
    }
    key.write_u32(initial.map_or(0, u32::from));
    any.then(|| Author {
        key: key.finish(),
        given: if spelled {
            given.finish() as u16 | 1
        } else {
            0
        },
    })
}

impl Author {
    /// Whether two authors with the same key may be one person.
    pub(super) fn may_be(self, given: u16) -> bool {
        self.given == given || self.given == 0 || given == 0
    }
}

/// Other spellings of a folded name: "muller" for "mueller" and the reverse, so that Müller is found by either. One
/// vowel is changed at a time, and all of them at once.
pub(super) fn spellings(word: &str) -> Vec<String> {
    const MARKED: [&str; 4] = ["ae", "oe", "ue", "aa"];
    if word.len() < 4 || word.len() > 24 || !word.is_ascii() {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    let mut add = |spelling: String| {
        if spelling != word && !found.contains(&spelling) {
            found.push(spelling);
        }
    };
    for pair in MARKED {
        let plain = pair.get(..1).unwrap_or_default();
        for (at, _) in word.match_indices(pair) {
            if let (Some(before), Some(after)) = (word.get(..at), word.get(at + 2..)) {
                add(format!("{before}{plain}{after}"));
            }
        }
        add(word.replace(pair, plain));
        // Nobody writes a single å as aa any more; that way round is enough.
        let expanded = if pair == "aa" { "" } else { plain };
        for (at, _) in word
            .match_indices(expanded)
            .filter(|_| !expanded.is_empty())
        {
            if let (Some(before), Some(after)) = (word.get(..at), word.get(at + 1..)) {
                // "ue" is marked already, and no name has "ueu".
                if !after.starts_with(['a', 'e', 'o', 'u']) && !after.is_empty() {
                    add(format!("{before}{pair}{after}"));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surname_is_the_last_word() {
        for (name, surname) in [
            ("yajie wang", "wang"),
            ("martin luther king jr.", "king jr."),
            ("jean-luc garcia-lopez", "garcia-lopez"),
            ("plato", "plato"),
            ("王小明", "王小明"),
            ("ho v", "v"),
        ] {
            assert_eq!(name.get(surname_start(name)..), Some(surname), "{name}");
        }
    }

    #[test]
    fn names_are_split_where_they_end() {
        for authors in ["", "a b", "a; b c; d", "a;b; c;", "; a", "a; ", ";; ; b"] {
            assert!(split(authors).eq(authors.split(SEPARATOR)), "{authors}");
        }
    }

    #[test]
    fn initials_may_be_anybody_with_them() {
        let one = |name: &str, other: &str| {
            let (a, b) = (
                author(name).expect("a name"),
                author(other).expect("a name"),
            );
            a.key == b.key && a.may_be(b.given)
        };
        assert!(one("ashish vaswani", "a. vaswani"));
        assert!(one("ashish vaswani", "ashish vaswani"));
        assert!(!one("yajie wang", "yan wang"));
        assert!(!one("yajie wang", "lei wang"));
        assert!(!one("yajie wang", "yajie wan"));
    }

    #[test]
    fn umlauts_are_spelled_either_way() {
        assert!(spellings("mueller").contains(&"muller".to_owned()));
        assert!(spellings("muller").contains(&"mueller".to_owned()));
        assert!(spellings("schroder").contains(&"schroeder".to_owned()));
        assert!(spellings("xu").is_empty());
    }
}
