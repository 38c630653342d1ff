//! Text on its way in: from what a file holds to what may be shown, copied and searched.
//!
//! * [`scrub`] takes away what must never reach a terminal or a clipboard (control characters, bidi overrides, …) and
//!   keeps everything else, markup included.
//! * [`clean`] makes display text: markup and entities resolved, scrubbed, NFC, white space collapsed.
//! * [`fold`] makes search text: no case, no accents.

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// At most this many combining marks are kept on one letter; more is an attack on the screen, not a language.
const MARKS_PER_LETTER: usize = 4;

/// Longer tags, in bytes, are no tags.
const LONGEST_TAG: usize = 400;

/// Bytes within which a sub- or superscript must end to be written in Unicode.
const SCRIPT_WINDOW: usize = 256;

/// Display text: no markup, no control or bidi characters, NFC, single spaces. Only [`clean`] makes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Clean(String);

impl Clean {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::ops::Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes display text of raw text: tags and entities (also double ones) resolved, sub- and superscripts in Unicode
/// where it has them, scrubbed, NFC, runs of white space collapsed to one space.
pub fn clean(raw: &str) -> Clean {
    if is_plain_ascii(raw) {
        return Clean(raw.to_owned());
    }
    let mut text = Cow::Borrowed(raw);
    for _ in 0..2 {
        if memchr::memchr2(b'<', b'&', text.as_bytes()).is_none() {
            break;
        }
        let untagged = strip_tags(&text);
        let decoded = html_escape::decode_html_entities(&untagged).into_owned();
        if decoded == *text {
            break;
        }
        text = Cow::Owned(decoded);
    }
    let text = if memchr::memchr(b'<', text.as_bytes()).is_some() {
        strip_tags(&text)
    } else {
        text.into_owned()
    };
    Clean(scrub_lines(&text, false))
}

/// [`clean`] appended to `out`, which saves an allocation for each of the many texts that are clean already.
pub fn clean_into(raw: &str, out: &mut String) {
    if is_plain_ascii(raw) {
        out.push_str(raw);
    } else {
        out.push_str(&clean(raw));
    }
}

/// Takes away control characters, bidi overrides, invisible characters and stacks of combining marks; keeps markup.
/// Line ends become spaces unless `keep_lines`, in which case they come out as `\n`.
pub fn scrub(raw: &str, keep_lines: bool) -> String {
    if is_plain_ascii(raw) {
        return raw.to_owned();
    }
    if !keep_lines {
        return scrub_lines(raw, false);
    }
    let normalised = raw.replace("\r\n", "\n").replace('\r', "\n");
    normalised
        .split('\n')
        .map(|line| scrub_lines(line, true))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Printable ASCII without markup, double spaces or spaces at the ends needs no work at all.
fn is_plain_ascii(raw: &str) -> bool {
    let mut last = b' ';
    for &byte in raw.as_bytes() {
        if !(0x20..0x7F).contains(&byte)
            || byte == b'<'
            || byte == b'&'
            || (byte == b' ' && last == b' ')
        {
            return false;
        }
        last = byte;
    }
    raw.is_empty() || last != b' '
}

fn scrub_lines(text: &str, keep_spaces: bool) -> String {
    let nfc: Cow<'_, str> = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    };
    let mut out = String::with_capacity(nfc.len());
    let mut marks = 0;
    let mut before: Option<char> = None;
    let mut characters = nfc.chars().peekable();
    while let Some(c) = characters.next() {
        let space = c == '\t'
            || c == '\n'
            || c == '\r'
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{0B}' | '\u{0C}' | '\u{85}');
        if space || (c == ' ' && !keep_spaces) {
            if keep_spaces || !(out.is_empty() || out.ends_with(' ')) {
                out.push(' ');
                before = Some(' ');
            }
            continue;
        }
        if is_dangerous(c) {
            continue;
        }
        if matches!(c, '\u{200C}' | '\u{200D}') {
            // Joiners are needed inside Indic and Arabic words and emoji, and are noise anywhere else.
            let joins = |c: char| u32::from(c) >= 0x0600 && !c.is_whitespace() && !is_dangerous(c);
            if before.is_some_and(joins) && characters.peek().copied().is_some_and(joins) {
                out.push(c);
            }
            continue;
        }
        if is_combining_mark(c) {
            marks += 1;
            if marks > MARKS_PER_LETTER {
                continue;
            }
            if before.is_none_or(char::is_whitespace) {
                out.push('\u{25CC}');
            }
        } else {
            marks = 0;
        }
        out.push(c);
        before = Some(c);
    }
    if !keep_spaces {
        out.truncate(out.trim_end_matches(' ').len());
    }
    out
}

/// Characters that a terminal may obey, that reorder text, or that cannot be seen.
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0xAD | 0x61C
                | 0x115F | 0x1160
                | 0x180E
                | 0x200B | 0x200E | 0x200F
                | 0x202A..=0x202E
                | 0x2060..=0x206F
                | 0x3164
                | 0xFEFF
                | 0xFFA0
                | 0xFFF9..=0xFFFB
                | 0xE0000..=0xE007F
                | 0xFDD0..=0xFDEF
        )
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Elements whose tags are markup in titles and abstracts; a `<` before any other word is a less-than sign.
const INLINE: [&str; 24] = [
    "i",
    "b",
    "em",
    "strong",
    "u",
    "sc",
    "span",
    "a",
    "italic",
    "bold",
    "underline",
    "tt",
    "code",
    "small",
    "font",
    "roman",
    "sans-serif",
    "monospace",
    "xref",
    "ext-link",
    "named-content",
    "styled-content",
    "scp",
    "inline-formula",
];
const BLOCK: [&str; 16] = [
    "p",
    "br",
    "div",
    "sec",
    "title",
    "li",
    "ul",
    "ol",
    "list",
    "list-item",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "abstract",
];

/// Removes the tags of known elements, writing sub- and superscripts in Unicode where all their characters have one.
fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let Some((element, closing, after)) = read_tag(tail) else {
            out.push('<');
            rest = tail.get(1..).unwrap_or_default();
            continue;
        };
        rest = after;
        let local = element
            .strip_prefix("jats:")
            .or_else(|| element.strip_prefix("mml:"))
            .unwrap_or(&element);
        if (local == "sub" || local == "sup") && !closing {
            if let Some((inner, after)) = inner_of(rest, local) {
                let inner = strip_tags(inner);
                out.push_str(&script(&inner, local == "sup").unwrap_or(inner));
                rest = after;
            }
        } else if BLOCK.contains(&local) {
            out.push(' ');
        }
    }
    out.push_str(rest);
    out
}

/// Reads `<name …>` or `</name>` of a known element at the start: its lower-case name, whether it closes, the rest.
fn read_tag(text: &str) -> Option<(String, bool, &str)> {
    let inner = text.strip_prefix('<')?;
    let end = inner.bytes().take(LONGEST_TAG).position(|b| b == b'>')?;
    let (tag, after) = inner.split_at_checked(end)?;
    if tag.contains('<') {
        return None;
    }
    let (closing, tag) = tag
        .strip_prefix('/')
        .map_or((false, tag), |tag| (true, tag));
    let name: String = tag
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    let tail = tag.get(name.len()..)?;
    if !(tail.is_empty() || tail.starts_with([' ', '/', '\n', '\t'])) {
        return None;
    }
    let local = name
        .strip_prefix("jats:")
        .or_else(|| name.strip_prefix("mml:"));
    let known = local.is_some()
        || matches!(name.as_str(), "sub" | "sup" | "math")
        || INLINE.contains(&name.as_str())
        || BLOCK.contains(&name.as_str());
    known.then_some((name, closing, after.get(1..).unwrap_or_default()))
}

/// The text up to the closing tag of `element` and what follows it.
///
/// Only the next [`SCRIPT_WINDOW`] bytes are looked at: no longer script has a Unicode form, and a text of nothing but
/// tags must not cost its length squared.
fn inner_of<'a>(text: &'a str, element: &str) -> Option<(&'a str, &'a str)> {
    let end = (0..=SCRIPT_WINDOW.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end))?;
    let lower = text.get(..end)?.to_ascii_lowercase();
    ["</", "</jats:", "</mml:"]
        .iter()
        .filter_map(|open| {
            let close = format!("{open}{element}>");
            lower.find(&close).map(|at| (at, at + close.len()))
        })
        .min()
        .and_then(|(at, end)| Some((text.get(..at)?, text.get(end..)?)))
}

fn script(text: &str, superscript: bool) -> Option<String> {
    const PLAIN: &str = "0123456789+-=()";
    const ABOVE: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾";
    const BELOW: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎";
    if text.is_empty() {
        return None;
    }
    text.chars()
        .map(|c| {
            let c = if c == '−' { '-' } else { c };
            match (c, superscript) {
                ('n', true) => return Some('ⁿ'),
                ('i', true) => return Some('ⁱ'),
                ('x', false) => return Some('ₓ'),
                ('i', false) => return Some('ᵢ'),
                ('n', false) => return Some('ₙ'),
                _ => {}
            }
            let at = PLAIN.chars().position(|p| p == c)?;
            (if superscript { ABOVE } else { BELOW }).chars().nth(at)
        })
        .collect()
}

/// Search text: lower case, accents and other marks dropped, compatibility forms resolved (`ﬁ` → `fi`), letters that
/// do not decompose spelled out (`ß` → `ss`, `ø` → `o`, `æ` → `ae`, `ł` → `l`). Nothing else is changed: punctuation
/// and spaces stay.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase())
    {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    Cow::Owned(out)
}

/// [`fold`] appended to `out`.
pub fn fold_into(text: &str, out: &mut String) {
    let mut rest = text;
    while !rest.is_empty() {
        // Nearly all text is runs of ASCII, which are copied whole.
        let run = rest.bytes().position(|byte| !byte.is_ascii());
        let (ascii, after) = rest.split_at(run.unwrap_or(rest.len()));
        let start = out.len();
        out.push_str(ascii);
        if let Some(copied) = out.get_mut(start..) {
            copied.make_ascii_lowercase();
        }
        let mut characters = after.chars();
        let Some(c) = characters.next() else {
            return;
        };
        rest = characters.as_str();
        for c in std::iter::once(c).nfkd() {
            if is_combining_mark(c) {
                continue;
            }
            for c in c.to_lowercase() {
                match c {
                    'ß' => out.push_str("ss"),
                    'ø' => out.push('o'),
                    'ł' => out.push('l'),
                    'đ' | 'ð' => out.push('d'),
                    'þ' => out.push_str("th"),
                    'æ' => out.push_str("ae"),
                    'œ' => out.push_str("oe"),
                    'ħ' => out.push('h'),
                    'ı' => out.push('i'),
                    'ŋ' => out.push('n'),
                    'ŧ' => out.push('t'),
                    '’' | '‘' | 'ʼ' => out.push('\''),
                    '‐' | '‑' | '–' | '—' | '−' => out.push('-'),
                    '“' | '”' => out.push('"'),
                    c if is_combining_mark(c) => {}
                    c => out.push(c),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        assert_eq!(clean("abc").as_str(), "abc");
        assert_eq!(clean("p < 0.05 and a > b").as_str(), "p < 0.05 and a > b");
    }

    #[test]
    fn markup_is_resolved() {
        assert_eq!(
            clean("The <i>E. coli</i> gene").as_str(),
            "The E. coli gene"
        );
        assert_eq!(
            clean("CO<sub>2</sub> and x<sup>n+1</sup>").as_str(),
            "CO₂ and xⁿ⁺¹"
        );
        assert_eq!(
            clean("<jats:title>Abstract</jats:title><jats:p>One &amp;amp; two</jats:p>").as_str(),
            "Abstract One & two"
        );
        assert_eq!(clean("&lt;i&gt;in vivo&lt;/i&gt;").as_str(), "in vivo");
        assert_eq!(
            clean(r#"<span class="nocase">eBay</span>"#).as_str(),
            "eBay"
        );
    }

    #[test]
    fn scripts_without_end_cost_no_more_than_their_length() {
        let text = "<sub>2".repeat(100_000);
        assert_eq!(clean(&text).len(), 100_000);
        assert_eq!(clean(&"<i".repeat(100_000)).len(), 200_000);
        let pairs = "x<sup>2</sup>".repeat(100_000);
        assert_eq!(clean(&pairs).chars().count(), 200_000);
    }

    #[test]
    fn escapes_and_bidi_never_pass() {
        assert_eq!(
            clean("a\u{1b}]52;c;ZXZpbA==\u{7}b").as_str(),
            "a]52;c;ZXZpbA==b"
        );
        assert_eq!(
            clean("x\u{202e}evil\u{2066}\u{0}\u{9b}2J").as_str(),
            "xevil2J"
        );
        assert!(!clean("&#27;[2J&#x202e;x").chars().any(is_dangerous));
        assert_eq!(clean("zero\u{200b}width\u{feff}").as_str(), "zerowidth");
    }

    #[test]
    fn lines_become_spaces_or_are_kept() {
        assert_eq!(clean("a \r\n\t b\u{2028}c ").as_str(), "a b c");
        assert_eq!(scrub("a\r\nb\u{7}\n  c", true), "a\nb\n  c");
    }

    #[test]
    fn marks_are_bounded_and_leading_ones_get_a_base() {
        let zalgo = format!("a{}", "\u{300}".repeat(12));
        assert!(clean(&zalgo).chars().count() <= 1 + MARKS_PER_LETTER);
        assert_eq!(clean("\u{301}x").as_str(), "\u{25cc}\u{301}x");
    }

    #[test]
    fn emoji_and_indic_joiners_stay() {
        assert_eq!(clean("👩\u{200d}🔬").as_str(), "👩\u{200d}🔬");
        assert_eq!(clean("क्\u{200d}ष").as_str(), "क्\u{200d}ष");
        assert_eq!(clean("a\u{200d}b").as_str(), "ab");
    }

    #[test]
    fn folding_drops_case_and_accents() {
        for (text, folded) in [
            ("Müller", "muller"),
            ("ERDŐS", "erdos"),
            ("Øystein Łukasz Straße", "oystein lukasz strasse"),
            ("ﬁeld", "field"),
            ("İstanbul", "istanbul"),
            ("Graph", "graph"),
            ("Ærø’s", "aero's"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    proptest! {
        #[test]
        fn clean_text_is_safe_and_stable(text in "\\PC*|.*|[\\x00-\\x1f<>&;a-z\\u{200b}\\u{202e}\\u{301} ]*") {
            let once = clean(&text);
            prop_assert!(!once.chars().any(is_dangerous));
            prop_assert!(!once.contains("  ") && once.trim_matches(' ') == once.as_str());
        }

        #[test]
        fn folding_twice_changes_nothing(text in ".*") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once).into_owned(), once);
        }
    }
}
