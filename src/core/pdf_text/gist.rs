//! What a paper is about, as its first pages say.

use super::passages::{Kind, Passage, bare_name, compose};
use super::{PageText, title};

/// Paragraphs of fewer words are names, addresses and dates.
const LEAST_WORDS: usize = 25;
/// Of a paper without an abstract so many words of its beginning are taken.
const MOST_WORDS: usize = 400;
/// What the text is called that says what a paper is about.
const CALLED: [&str; 2] = ["abstract", "summary"];

/// What a paper is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gist {
    /// Its title; empty where none is seen.
    pub title: String,
    /// Its abstract, or else its beginning.
    pub text: String,
}

/// What a paper is about, from the text of its first pages.
pub fn gist(pages: &[PageText]) -> Gist {
    let passages = compose(pages);
    Gist {
        title: title(pages).unwrap_or_default(),
        text: called(&passages).unwrap_or_else(|| beginning(&passages)),
    }
}

/// The paragraphs below the heading "Abstract", or the paragraph that begins with this word.
fn called(passages: &[Passage]) -> Option<String> {
    let is_called = |name: &str| CALLED.contains(&name);
    for (at, passage) in passages.iter().enumerate() {
        if matches!(passage.kind, Kind::Heading(_)) && is_called(&bare_name(&passage.text)) {
            let below = passages.get(at + 1..).unwrap_or_default();
            let text: Vec<&str> = below
                .iter()
                .take_while(|passage| passage.kind == Kind::Paragraph)
                .map(|passage| passage.text.as_str())
                .collect();
            return (!text.is_empty()).then(|| text.join(" "));
        }
        let first = passage.text.split(|c: char| !c.is_alphabetic()).next();
        let first = first.filter(|_| passage.kind == Kind::Paragraph);
        if let Some(first) = first.filter(|first| is_called(&first.to_lowercase())) {
            let rest = passage.text.get(first.len()..).unwrap_or_default();
            let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
            if rest.split_whitespace().count() >= LEAST_WORDS {
                return Some(rest.to_owned());
            }
        }
    }
    None
}

fn beginning(passages: &[Passage]) -> String {
    let paragraphs = passages
        .iter()
        .filter(|passage| passage.kind == Kind::Paragraph)
        .filter(|passage| passage.text.split_whitespace().count() >= LEAST_WORDS);
    let words = paragraphs.flat_map(|passage| passage.text.split_whitespace());
    words.take(MOST_WORDS).collect::<Vec<_>>().join(" ")
}
