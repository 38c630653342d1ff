//! Citation keys.
//!
//! The key of a paper is its `id` when that is usable in BibTeX, LaTeX and pandoc alike ([`usable`]), else
//! `family` + `year` + `word`: the first family name with its particles, the year or `nd`, and the first significant
//! word of the title, all folded to ASCII letters and digits in lower case. Where a family name has no ASCII form
//! (Chinese, Cyrillic, …) `paper` stands for it, where nobody is named `anon`; where the title has no ASCII word the
//! end of the DOI does, else a short hash of the title, so that the key never depends on other papers. Two papers with
//! one key are told apart by [`unique`].

use std::borrow::Cow;
use std::fmt::Write as _;

use super::title_case::is_function_word;
use crate::core::item::{Item, Name};
use crate::core::text::{clean, fold};

/// What a key is made of; lets a library that does not keep whole items make keys.
#[derive(Debug, Clone, Default)]
pub struct KeySource<'a> {
    /// The item's `id`, may be empty.
    pub id: Cow<'a, str>,
    /// Who the paper is listed under first: family name with particles, or the institution. Empty when nobody is named.
    pub family: Cow<'a, str>,
    /// The name is an institution, of which the first significant word is taken.
    pub institution: bool,
    /// The year of publication.
    pub year: Option<i32>,
    /// The title, may have markup.
    pub title: Cow<'a, str>,
    /// The DOI, may be empty.
    pub doi: Cow<'a, str>,
}

/// The key of an item, before [`unique`].
pub fn derive_key(item: &Item) -> String {
    let id = item.id();
    if usable(&id) {
        return id.into_owned();
    }
    KeySource::of(item).key()
}

impl<'a> KeySource<'a> {
    /// What an item says, but for its id.
    pub fn of(item: &'a Item) -> KeySource<'a> {
        let first = ["author", "editor"]
            .iter()
            .find_map(|field| item.names(field).into_iter().next())
            .unwrap_or_else(Name::default);
        KeySource {
            id: Cow::Borrowed(""),
            family: Cow::Owned(first.short().into_owned()),
            institution: !first.literal.is_empty(),
            year: item.date("issued").and_then(|date| date.year()),
            title: item.text("title").unwrap_or_default(),
            doi: Cow::Owned(item.doi().unwrap_or_default()),
        }
    }

    /// The key, before [`unique`].
    pub fn key(&self) -> String {
        if usable(&self.id) {
            return self.id.clone().into_owned();
        }
        let mut key = if self.institution {
            first_word(&self.family)
        } else {
            // The markup of a name is noise, and a very long one no name.
            ascii(&clean(&self.family), 40)
        };
        if key.is_empty() {
            let nobody = clean(&self.family).is_empty();
            key.push_str(if nobody { "anon" } else { "paper" });
        }
        match self.year {
            Some(year) => key.push_str(&year.unsigned_abs().to_string()),
            None => key.push_str("nd"),
        }
        let title = clean(&self.title);
        let word = first_word(&title);
        if !word.is_empty() {
            key.push_str(&word);
        } else if let Some((_, suffix)) = self.doi.split_once('/') {
            key.push_str(&ascii(suffix, 20));
        } else if !title.is_empty() {
            let _ = write!(key, "{:06x}", hash(&title) & 0x00FF_FFFF);
        }
        key
    }
}

/// Whether an id can stand as it is in `@article{…}`, `\cite{…}` and `[@…]`: ASCII letters, digits and `: . - _ + /`
/// with at least one letter, no address, no `library/ITEMKEY` of Zotero.
pub fn usable(id: &str) -> bool {
    (1..=120).contains(&id.len())
        && id.bytes().all(is_key_byte)
        && id.bytes().any(|b| b.is_ascii_alphabetic())
        && !id.contains("//")
        && !is_zotero_item(id)
}

fn is_key_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'-' | b'_' | b'+' | b'/')
}

/// `1234567/ABCD2345`: how Zotero names an item when it exports CSL-JSON.
fn is_zotero_item(id: &str) -> bool {
    id.rsplit_once('/').is_some_and(|(library, key)| {
        (library.bytes().all(|b| b.is_ascii_digit())
            || library.starts_with("zotero")
            || library.starts_with("users/")
            || library.starts_with("groups/"))
            && key.len() == 8
            && key
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

/// A key with whatever BibTeX, LaTeX or pandoc would stumble over taken out: what the writers put down in any case.
pub fn safe(key: &str) -> String {
    if !key.is_empty() && key.bytes().all(is_key_byte) {
        return key.to_owned();
    }
    let kept: String = key
        .chars()
        .filter(|c| {
            c.is_ascii() && is_key_byte(*c as u8)
                || !c.is_ascii() && c.is_alphanumeric() && !crate::core::text::is_dangerous(*c)
        })
        .collect();
    if kept.is_empty() {
        "paper".to_owned()
    } else {
        kept
    }
}

/// `key`, or with the first of `a`, `b`, … `z`, `aa`, … that is not taken. Papers asked in the order of the library get
/// the same keys each time.
///
/// `taken` is asked about as often as the logarithm of the papers that share the key; where others hold some of its
/// letters but not all before them, a free one is found that need not be the first.
pub fn unique(key: String, mut taken: impl FnMut(&str) -> bool) -> String {
    if !taken(&key) {
        return key;
    }
    // A derived key may end in a digit or a letter; one that ends in a letter is set apart by a hyphen.
    let separator = if key.ends_with(|c: char| c.is_ascii_digit()) {
        ""
    } else {
        "-"
    };
    let with = |number: u64| format!("{key}{separator}{}", letters(number));
    let (mut used, mut free) = (0_u64, 1_u64);
    while free < u64::MAX / 2 && taken(&with(free)) {
        used = free;
        free *= 2;
    }
    while free - used > 1 {
        let middle = used + (free - used) / 2;
        if taken(&with(middle)) {
            used = middle;
        } else {
            free = middle;
        }
    }
    with(free)
}

/// 1 → a, 26 → z, 27 → aa.
fn letters(mut number: u64) -> String {
    let mut out = Vec::new();
    while number > 0 {
        number -= 1;
        out.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    out.iter().rev().collect()
}

/// Folded to ASCII letters and digits, at most `longest` of them.
fn ascii(text: &str, longest: usize) -> String {
    fold(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(longest)
        .collect()
}

/// The first word that carries meaning: no function word, two letters at least where there is such a word.
fn first_word(text: &str) -> String {
    let folded = fold(text);
    let words = || {
        folded
            .split(|c: char| !(c.is_alphanumeric() || c == '\''))
            .filter(|word| !is_function_word(word))
            .map(|word| ascii(word, 30))
            .filter(|word| !word.is_empty())
    };
    words()
        .find(|word| word.len() > 1)
        .or_else(|| words().next())
        .unwrap_or_default()
}

/// FNV-1a: the key must be the same on every machine and in every version.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn key_of(value: &serde_json::Value) -> String {
        derive_key(&Item::parse(value.to_string().as_bytes()).unwrap())
    }

    #[test]
    fn usable_ids_are_keys_and_others_are_not() {
        for (id, expected) in [
            ("feng2026", true),
            ("DBLP:conf/nips/Vaswani17", true),
            ("a_b-c+d.e", true),
            ("arXiv:1706.03762", true),
            ("12345", false),
            ("1706.03762", false),
            ("shelåh1970", false),
            ("https://doi.org/10.1/x", false),
            ("http://zotero.org/users/1/items/ABCD2345", false),
            ("1234567/ABCD2345", false),
            ("two words", false),
            ("a{b", false),
            ("a,b", false),
            ("", false),
        ] {
            assert_eq!(usable(id), expected, "{id}");
        }
    }

    #[test]
    fn keys_are_family_year_and_first_significant_word() {
        for (value, key) in [
            (
                json!({"author": [{"family": "Müller-Lüdenscheidt", "given": "A."}], "issued": {"date-parts": [[2020]]},
                    "title": "On the <i>Nature</i> of Things"}),
                "mullerludenscheidt2020nature",
            ),
            (
                json!({"author": [{"family": "Mare", "non-dropping-particle": "de la"}], "title": "T cell therapy"}),
                "delamarendcell",
            ),
            (
                json!({"author": [{"literal": "The World Health Organization"}], "issued": {"date-parts": [[2019, 1]]},
                    "title": "Report"}),
                "world2019report",
            ),
            (
                json!({"author": [{"family": "王"}], "issued": {"date-parts": [[2018]]}, "title": "深層学習",
                    "DOI": "10.1234/Abc.5-6"}),
                "paper2018abc56",
            ),
            (
                json!({"issued": {"date-parts": [[2016]]}, "title": "Dates"}),
                "anon2016dates",
            ),
            (
                json!({"id": "http://zotero.org/users/1/items/ABCD2345", "title": "X"}),
                "anonndx",
            ),
        ] {
            assert_eq!(key_of(&value), key, "{value}");
        }
        let chinese = key_of(&json!({"author": [{"family": "王"}], "title": "深層学習"}));
        assert!(
            usable(&chinese) && chinese.len() > "papernd".len(),
            "{chinese}"
        );
    }

    #[test]
    fn taken_keys_get_letters() {
        let mut taken = std::collections::HashSet::new();
        let mut keys = Vec::new();
        for _ in 0..29 {
            let key = unique("a2020".to_owned(), |key| taken.contains(key));
            taken.insert(key.clone());
            keys.push(key);
        }
        assert_eq!((keys[0].as_str(), keys[1].as_str()), ("a2020", "a2020a"));
        assert_eq!(
            (keys[26].as_str(), keys[27].as_str()),
            ("a2020z", "a2020aa")
        );
        assert_eq!(unique("cell".to_owned(), |key| key == "cell"), "cell-a");
    }

    #[test]
    fn many_papers_with_one_key_are_told_apart_quickly() {
        let mut taken = std::collections::HashSet::new();
        let mut asked = 0_usize;
        for _ in 0..20_000 {
            let key = unique("a2020".to_owned(), |key| {
                asked += 1;
                taken.contains(key)
            });
            assert!(taken.insert(key));
        }
        assert!(asked < 20_000 * 40, "{asked}");
    }

    proptest! {
        #[test]
        fn every_item_gets_a_usable_key(id in ".{0,20}", family in ".{0,20}", title in ".{0,40}", doi in "10\\.1/.{0,9}") {
            let key = key_of(&json!({"id": id, "author": [{"family": family}], "title": title, "DOI": doi}));
            prop_assert!(usable(&key), "{}", key);
            prop_assert_eq!(safe(&key), key);
        }

        #[test]
        fn keys_that_are_written_never_break_an_entry(key in ".*") {
            let safe = safe(&key);
            prop_assert!(!safe.is_empty());
            let stumbles = safe.contains(|c: char| c.is_whitespace() || "{}(),=\"#%\\~'&$^".contains(c));
            prop_assert!(!stumbles, "{}", safe);
        }
    }
}
