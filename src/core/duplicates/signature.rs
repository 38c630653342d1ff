//! What of an item tells which work it is.

use crate::core::cite::identifier;
use crate::core::item::Item;
use crate::core::journal::normal_identifier;
use crate::core::text::{clean, fold};

/// Titles with fewer letters and digits than this say nothing about the work: "Editorial", "Introduction".
const SHORTEST_TITLE: usize = 12;
/// Longer titles and names are compared by their beginnings, in bytes.
const LONGEST: usize = 300;

/// Registrants of DOIs under which there are preprints alone: arXiv, bioRxiv and medRxiv, Research Square, ChemRxiv,
/// PsyArXiv and others at OSF, Preprints.org, SSRN, TechRxiv, Authorea, SciELO, AfricArXiv, JMIR, EarthArXiv, ESS Open.
const PREPRINTS: [&str; 19] = [
    "10.48550/arxiv.",
    "10.1101/",
    "10.64898/",
    "10.21203/rs.",
    "10.26434/chemrxiv",
    "10.31234/osf.io",
    "10.31219/osf.io",
    "10.31235/osf.io",
    "10.35542/osf.io",
    "10.20944/preprints",
    "10.2139/ssrn",
    "10.36227/techrxiv",
    "10.22541/au.",
    "10.22541/essoar",
    "10.1590/scielopreprints",
    "10.21428/",
    "10.2196/preprints",
    "10.31223/",
    "10.1002/essoar",
];

/// How far a work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// On a preprint server.
    Preprint,
    /// In a journal, at a conference, as a book, …
    Published,
}

/// What of an item tells which work it is; small enough to hold for every paper of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// In lower case, without the version of a preprint.
    pub doi: Option<Box<str>>,
    /// Digits alone.
    pub pmid: Option<Box<str>>,
    /// Without its version.
    pub arxiv: Option<Box<str>>,
    /// ISBNs of 13 digits, as numbers.
    pub isbns: Vec<u64>,
    /// Letters and digits of the title, folded; empty when the title says nothing.
    pub title: Box<str>,
    /// Letters and digits of the first author's (else editor's) family name with its particles, folded.
    pub family: Box<str>,
    /// Year of publication.
    pub year: Option<i32>,
    /// Volume and first page, where both are known.
    pub place: Option<Box<str>>,
    /// The item is a book as a whole, not a part of one.
    pub book: bool,
    /// The CSL type is that of a part: a chapter, an entry, a paper of proceedings.
    pub part: bool,
    /// Preprint or published.
    pub stage: Stage,
}

impl Signature {
    /// Reads an item.
    pub fn of(item: &Item) -> Signature {
        let normal = |kind: &str, value: Option<String>| {
            let whole = normal_identifier(&format!("{kind}:{}", value?))?;
            whole.split_once(':').map(|(_, value)| Box::from(value))
        };
        let doi: Option<Box<str>> = normal("doi", identifier::doi(item));
        let arxiv: Option<Box<str>> = normal("arxiv", item.arxiv());
        let stage = stage(item, doi.as_deref(), arxiv.is_some());
        let doi = doi.map(|doi| match stage {
            Stage::Preprint => without_version(&doi).into(),
            Stage::Published => doi,
        });
        let name = ["author", "editor"]
            .iter()
            .find_map(|field| item.names(field).into_iter().next());
        let kind = item.kind();
        Signature {
            pmid: normal("pmid", identifier::pubmed(item)),
            arxiv,
            doi,
            isbns: isbns(&item.text("ISBN").unwrap_or_default()),
            title: normal_title(&item.text("title").unwrap_or_default()),
            family: name.map(|name| letters(&name.short())).unwrap_or_default(),
            year: item.date("issued").and_then(|date| date.year()),
            place: place(item),
            book: matches!(
                kind,
                "book" | "classic" | "collection" | "thesis" | "report"
            ),
            part: matches!(
                kind,
                "chapter"
                    | "entry"
                    | "entry-dictionary"
                    | "entry-encyclopedia"
                    | "paper-conference"
            ),
            stage,
        }
    }
}

fn stage(item: &Item, doi: Option<&str>, has_arxiv: bool) -> Stage {
    if let Some(doi) = doi {
        let preprint = PREPRINTS.iter().any(|prefix| doi.starts_with(prefix));
        return if preprint {
            Stage::Preprint
        } else {
            Stage::Published
        };
    }
    let container = item
        .text("container-title")
        .unwrap_or_default()
        .to_lowercase();
    let server = [
        "arxiv",
        "biorxiv",
        "medrxiv",
        "chemrxiv",
        "ssrn",
        "research square",
        "corr",
    ]
    .iter()
    .any(|server| container.starts_with(server));
    let published = !container.is_empty() && !server && item.text("volume").is_some();
    match item.kind() {
        "article" | "preprint" | "manuscript" => Stage::Preprint,
        "article-journal" | "document" if server || (has_arxiv && container.is_empty()) => {
            Stage::Preprint
        }
        _ if server && !published => Stage::Preprint,
        _ => Stage::Published,
    }
}

/// A preprint's DOI without `/v2`, `-v2` or `.v2` at its end.
fn without_version(doi: &str) -> &str {
    let stem = doi.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() == doi.len() {
        return doi;
    }
    ["/v", "-v", ".v"]
        .iter()
        .find_map(|mark| stem.strip_suffix(mark))
        .unwrap_or(doi)
}

/// Letters and digits, folded.
fn letters(text: &str) -> Box<str> {
    let shown = clean(text);
    let mut out = String::new();
    for c in fold(&shown).chars().filter(|c| c.is_alphanumeric()) {
        if out.len() + c.len_utf8() > LONGEST {
            break;
        }
        out.push(c);
    }
    out.into()
}

/// A title in the form in which two of them are compared: markup, case, accents, punctuation and blanks do not count.
/// Empty when it is too short to mean one work.
fn normal_title(raw: &str) -> Box<str> {
    let title = letters(raw);
    // Chinese, Japanese and Korean titles say as much in fewer characters.
    let weight: usize = title
        .chars()
        .map(|c| if c.len_utf8() >= 3 { 3 } else { 1 })
        .sum();
    if weight < SHORTEST_TITLE {
        "".into()
    } else {
        title
    }
}

/// Volume and first page.
fn place(item: &Item) -> Option<Box<str>> {
    let volume = letters(&item.text("volume")?);
    let page = item.text("page")?;
    let first = identifier::pages(&page)
        .split(['-', '–', '—', ','])
        .next()?;
    Some(format!("{volume}/{}", letters(first)).into())
}

/// The ISBNs of a field, those of ten digits as the thirteen they stand for.
fn isbns(text: &str) -> Vec<u64> {
    let mut found = Vec::new();
    let mut digits = String::new();
    // Blanks and hyphens stand inside a number and between two, so a number ends when it is complete.
    for c in text.chars().chain(std::iter::once(';')) {
        match c {
            '0'..='9' | 'X' | 'x' => digits.push(c.to_ascii_uppercase()),
            '-' | '‐' | '‑' => {}
            _ if c == ' ' && !matches!(digits.len(), 10 | 13) => {}
            _ => {
                found.extend(isbn(&digits));
                digits.clear();
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A valid ISBN of 10 or 13 digits as the number of 13.
fn isbn(digits: &str) -> Option<u64> {
    let values: Vec<u64> = digits
        .chars()
        .map(|c| {
            if c == 'X' {
                Some(10)
            } else {
                c.to_digit(10).map(u64::from)
            }
        })
        .collect::<Option<_>>()?;
    match values.as_slice() {
        ten if ten.len() == 10 => {
            let (last, body) = ten.split_last()?;
            let sum: u64 = (2..=10)
                .rev()
                .zip(body)
                .map(|(weight, value)| weight * value)
                .sum();
            if body.contains(&10) || !(sum + last).is_multiple_of(11) {
                return None;
            }
            let body = body
                .iter()
                .fold(978, |number: u64, value| number * 10 + value);
            Some(body * 10 + check_digit(body))
        }
        thirteen if thirteen.len() == 13 && !thirteen.contains(&10) => {
            let number = thirteen
                .iter()
                .fold(0, |number: u64, value| number * 10 + value);
            let begins = [978, 979].contains(&(number / 10_000_000_000));
            (begins && check_digit(number / 10) == number % 10).then_some(number)
        }
        _ => None,
    }
}

/// The check digit of the first twelve digits of an ISBN-13 (ISO 2108).
fn check_digit(mut twelve: u64) -> u64 {
    let mut sum = 0;
    let mut weight = 3;
    while twelve > 0 {
        sum += weight * (twelve % 10);
        twelve /= 10;
        weight = 4 - weight;
    }
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn signature(value: &Value) -> Signature {
        Signature::of(&Item::parse(value.to_string().as_bytes()).unwrap())
    }

    #[test]
    fn isbns_of_ten_and_thirteen_digits_are_one() {
        let one = isbns("0-306-40615-2");
        assert_eq!(one, [9_780_306_406_157]);
        assert_eq!(isbns("978-0-306-40615-7"), one);
        assert_eq!(isbns("ISBN 9780306406157, 0 306 40615 2"), one);
        assert_eq!(isbns("080442957X 9780306406157").len(), 2);
        for wrong in ["0306406153", "9780306406158", "1234567890123", "", "X"] {
            assert_eq!(isbns(wrong), [0; 0], "{wrong}");
        }
    }

    #[test]
    fn titles_are_compared_without_their_dress() {
        let one = normal_title("The <i>Escherichia coli</i> Genome: A Survey");
        assert_eq!(normal_title("the escherichia-coli genome – a survey."), one);
        assert_eq!(normal_title("Editorial"), "".into());
        assert_ne!(normal_title("深層学習による"), "".into());
    }

    #[test]
    fn preprints_are_told_from_what_was_published() {
        for (value, stage) in [
            (
                json!({"type": "article-journal", "DOI": "10.1038/x"}),
                Stage::Published,
            ),
            (
                json!({"type": "article-journal", "DOI": "10.48550/arXiv.1706.03762"}),
                Stage::Preprint,
            ),
            (
                json!({"type": "article", "DOI": "10.1101/2020.01.01.1"}),
                Stage::Preprint,
            ),
            (
                json!({"type": "article-journal", "container-title": "arXiv:1706.03762 [cs]"}),
                Stage::Preprint,
            ),
            (
                json!({"type": "article-journal", "container-title": "Nature", "note": "arXiv:1706.03762"}),
                Stage::Published,
            ),
            (
                json!({"type": "paper-conference", "URL": "https://arxiv.org/abs/1706.03762", "container-title": "NeurIPS"}),
                Stage::Published,
            ),
            (json!({"type": "book"}), Stage::Published),
        ] {
            assert_eq!(signature(&value).stage, stage, "{value}");
        }
        let doi = |doi: &str| signature(&json!({"type": "article", "DOI": doi})).doi;
        assert_eq!(
            doi("10.21203/rs.3.rs-123/v2"),
            doi("10.21203/rs.3.rs-123/v1")
        );
        assert_eq!(doi("10.1038/x.v2").as_deref(), Some("10.1038/x.v2"));
    }
}
