//! `text-case`.
//!
//! Letters are only ever raised in title case, and only in words that are wholly lower case: "PeerJ", "InGaN" and
//! "mRNA" stay as they are. Stop words are those of the CSL 1.0.2 specification (section "Title Case Conversion").

use super::rich::{Mark, Node};
use super::style::TextCase;

/// Words that stay lower inside a title: those that the specification lists, and the other prepositions of English,
/// which MLA and older editions of Chicago keep lower as well, and which every processor in use treats so.
const STOP_WORDS: [&str; 85] = [
    "a",
    "about",
    "above",
    "across",
    "after",
    "against",
    "along",
    "alongside",
    "amid",
    "among",
    "amongst",
    "an",
    "and",
    "around",
    "as",
    "at",
    "atop",
    "before",
    "behind",
    "below",
    "beneath",
    "beside",
    "besides",
    "between",
    "beyond",
    "but",
    "by",
    "circa",
    "de",
    "despite",
    "down",
    "during",
    "et",
    "except",
    "for",
    "from",
    "in",
    "inside",
    "into",
    "like",
    "near",
    "nor",
    "notwithstanding",
    "of",
    "off",
    "on",
    "onto",
    "or",
    "out",
    "over",
    "per",
    "plus",
    "qua",
    "sans",
    "since",
    "so",
    "than",
    "the",
    "through",
    "throughout",
    "till",
    "to",
    "toward",
    "towards",
    "under",
    "underneath",
    "until",
    "unto",
    "up",
    "upon",
    "v",
    "van",
    "versus",
    "via",
    "von",
    "vs",
    "with",
    "within",
    "without",
    "yet",
    "à",
    "d",
    "l",
    "la",
    "le",
];

/// Changes the case of rendered text. `english`: the text is English or of no known language.
pub(crate) fn apply(nodes: &mut [Node], case: TextCase, english: bool) {
    let mut leaves = Vec::new();
    collect(nodes, false, &mut leaves);
    match case {
        TextCase::Lowercase => each(leaves, str::to_lowercase),
        TextCase::Uppercase => each(leaves, str::to_uppercase),
        TextCase::CapitalizeFirst => capitalize_first(leaves),
        TextCase::Sentence => {
            let upper = leaves
                .iter()
                .all(|(text, _)| !text.chars().any(char::is_lowercase))
                && leaves
                    .iter()
                    .any(|(text, _)| text.chars().any(char::is_uppercase));
            if upper {
                for (text, fixed) in &mut leaves {
                    if !*fixed {
                        **text = text.to_lowercase();
                    }
                }
            }
            capitalize_first(leaves);
        }
        TextCase::CapitalizeAll => words(leaves, true, |_, _| true),
        TextCase::Title => {
            if english {
                words(leaves, false, |word, place| {
                    place.always || !STOP_WORDS.contains(&word)
                });
            }
        }
    }
}

type Leaves<'a> = Vec<(&'a mut String, bool)>;

fn collect<'a>(nodes: &'a mut [Node], fixed: bool, into: &mut Leaves<'a>) {
    for node in nodes {
        match node {
            Node::Text { text, .. } => into.push((text, fixed)),
            Node::Styled { mark, children, .. } => {
                // citeproc-js and pandoc keep the case of super- and subscripts as well: chemistry and ordinals.
                let fixed =
                    fixed || matches!(mark, Mark::NoCase | Mark::Superscript | Mark::Subscript);
                collect(children, fixed, into);
            }
            other => {
                if let Some(children) = other.children_mut() {
                    collect(children, fixed, into);
                }
            }
        }
    }
}

fn each(leaves: Leaves<'_>, change: impl Fn(&str) -> String) {
    for (text, fixed) in leaves {
        if !fixed {
            *text = change(text);
        }
    }
}

fn raise(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Raises the first letter, unless its word has capitals further on (arXiv, eLife).
fn capitalize_first(leaves: Leaves<'_>) {
    for (text, fixed) in leaves {
        let Some(start) = text.find(char::is_alphanumeric) else {
            continue;
        };
        if fixed {
            return;
        }
        let (before, rest) = text.split_at(start);
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if !word.chars().any(char::is_uppercase) {
            *text = format!("{before}{}{after}", raise(word));
        }
        return;
    }
}

struct Place {
    /// First or last word, or first after a colon and the like: raised even if it is a stop word.
    always: bool,
    /// First word.
    first: bool,
}

/// Raises the words that are wholly lower case and that `wanted` picks.
fn words(leaves: Leaves<'_>, single_letters: bool, wanted: impl Fn(&str, &Place) -> bool) {
    let last = leaves
        .iter()
        .enumerate()
        .filter_map(|(leaf, (text, _))| {
            let at = text.rfind(char::is_alphanumeric)?;
            Some((leaf, at))
        })
        .next_back();
    let mut before: Option<char> = None;
    let mut sentence_start = true;
    for (leaf, (text, fixed)) in leaves.into_iter().enumerate() {
        let mut out = String::with_capacity(text.len());
        let mut offset = 0;
        for chunk in chunks(text) {
            let end = offset + chunk.len();
            if chunk.starts_with(char::is_alphanumeric) {
                let continues =
                    before.is_some_and(|b| b.is_alphanumeric() || matches!(b, '\'' | '’'));
                let is_last = last.is_some_and(|(l, at)| l == leaf && (offset..end).contains(&at));
                let place = Place {
                    always: sentence_start || is_last,
                    first: sentence_start || single_letters,
                };
                if fixed || continues {
                    out.push_str(chunk);
                } else {
                    raise_compound(chunk, &place, &wanted, &mut out);
                }
                sentence_start = false;
            } else {
                out.push_str(chunk);
                for c in chunk.chars() {
                    match c {
                        ':' | '?' | '!' => sentence_start = true,
                        _ => {}
                    }
                }
            }
            before = chunk.chars().next_back();
            offset = end;
        }
        *text = out;
    }
}

/// Splits into runs that are words (letters, digits, and what joins them) and runs that are not.
fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let word = first.is_alphanumeric();
        let end = if word {
            let mut end = rest.len();
            for (at, c) in rest.char_indices() {
                let joins = c.is_alphanumeric()
                    || matches!(
                        c,
                        '-' | '‐' | '‑' | '\'' | '’' | '.' | '_' | '@' | '&' | '+' | '\u{ad}'
                    )
                    || super::is_mark(c);
                if !joins {
                    end = at;
                    break;
                }
            }
            end
        } else {
            rest.find(char::is_alphanumeric).unwrap_or(rest.len())
        };
        let (chunk, tail) = rest.split_at(end);
        rest = tail;
        Some(chunk)
    })
}

/// Raises the parts of a hyphenated word. A single letter before a hyphen names a thing (p-type, n-butyl) and keeps the
/// whole as it is.
fn raise_compound(
    word: &str,
    place: &Place,
    wanted: &impl Fn(&str, &Place) -> bool,
    out: &mut String,
) {
    let mut first = true;
    let hyphens = |c: char| matches!(c, '-' | '‐' | '‑');
    let parts = word.split_inclusive(hyphens).count();
    let letter_first = parts > 1
        && word
            .split(hyphens)
            .next()
            .is_some_and(|part| part.len() == 1 && part.chars().all(|c| c.is_ascii_lowercase()));
    for piece in word.split_inclusive(hyphens) {
        let part = piece.trim_end_matches(hyphens);
        let bare = part.trim_end_matches(['.', '\'', '’']);
        // "dell'Unione": what stands before the apostrophe is a word.
        let head = part.split(['\'', '’']).next().unwrap_or(part);
        let lower = head.chars().next().is_some_and(char::is_lowercase)
            && !head.chars().any(char::is_uppercase);
        let dotted = bare.contains(['.', '@', '_']);
        let long = head.chars().count() > 1 || (place.first && first);
        let here = Place {
            // The parts of a compound are no stop words, its first one least of all ("In-Depth").
            always: (place.always || (parts > 1 && piece.ends_with(hyphens))) && first,
            first: false,
        };
        if lower && long && !letter_first && !dotted && wanted(bare, &here) {
            out.push_str(&raise(piece));
        } else {
            out.push_str(piece);
        }
        first = false;
    }
}

/// Characters that sort like letters though they are none: marks and signs of scripts.
pub(crate) fn is_letter_like(c: char) -> bool {
    super::is_mark(c)
}
