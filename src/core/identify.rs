//! From pasted text to what names a paper: DOI, PubMed and PMC number, arXiv id, ISBN, web address, else a title.
//!
//! Everything is taken apart without asking anybody. What services need is in a normal form: DOIs in lower case (they
//! are compared without case: DOI Handbook, 2.4), arXiv ids with the version that was given, ISBNs without hyphens.

mod address;
mod doi;
mod dropped;
mod isbn;
mod pdf;

use std::fmt;

pub use address::of_address;
pub use doi::find_doi;
pub use dropped::pdf_paths;
pub use isbn::isbn;
pub use pdf::{NamedBy, of_pdf};

use serde_json::Map;

use super::item::{Item, arxiv_id};

/// Words of a longer text are not searched for identifiers.
const LONGEST_LINE: usize = 20_000;
/// At most this many identifiers are taken from one paste.
pub const MOST_AT_ONCE: usize = 1000;

/// What names a paper.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identifier {
    /// A DOI in lower case, without resolver: `10.1038/srep16696`.
    Doi(String),
    /// A PubMed number: digits without leading zeros.
    Pmid(String),
    /// A PubMed Central number with its letters: `PMC6572829`.
    Pmcid(String),
    /// An arXiv id, perhaps with its version: `1706.03762v5`, `hep-th/9901001`.
    Arxiv(String),
    /// An ISBN without hyphens, of 10 or 13 characters, with a right check digit.
    Isbn(String),
    /// The address of a web page that may name its paper.
    Url(String),
    /// Nothing of these: words to be looked for.
    Title(String),
}

impl Identifier {
    /// What it was taken for: "DOI", "title".
    pub fn kind(&self) -> &'static str {
        match self {
            Identifier::Doi(_) => "DOI",
            Identifier::Pmid(_) => "PMID",
            Identifier::Pmcid(_) => "PMCID",
            Identifier::Arxiv(_) => "arXiv id",
            Identifier::Isbn(_) => "ISBN",
            Identifier::Url(_) => "web address",
            Identifier::Title(_) => "title",
        }
    }

    /// The identifier alone.
    pub fn value(&self) -> &str {
        match self {
            Identifier::Doi(value)
            | Identifier::Pmid(value)
            | Identifier::Pmcid(value)
            | Identifier::Arxiv(value)
            | Identifier::Isbn(value)
            | Identifier::Url(value)
            | Identifier::Title(value) => value,
        }
    }

    /// The key under which answers and metrics are kept: `doi:10.1038/srep16696`; of arXiv papers without the version.
    pub fn key(&self) -> String {
        match self {
            Identifier::Doi(value) => format!("doi:{}", value.to_lowercase()),
            Identifier::Pmid(value) => format!("pmid:{value}"),
            Identifier::Pmcid(value) => format!("pmcid:{}", value.to_uppercase()),
            Identifier::Arxiv(value) => format!("arxiv:{}", without_version(value).to_lowercase()),
            Identifier::Isbn(value) => format!("isbn:{value}"),
            Identifier::Url(value) => format!("url:{value}"),
            Identifier::Title(value) => format!("title:{value}"),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.value())
    }
}

/// A piece of a paste and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The piece as it stood there.
    pub written: String,
    /// What it names.
    pub identifier: Identifier,
}

/// An arXiv id without its version.
pub fn without_version(id: &str) -> &str {
    id.rsplit_once('v')
        .filter(|(before, version)| {
            before.ends_with(|c: char| c.is_ascii_digit())
                && !version.is_empty()
                && version.bytes().all(|byte| byte.is_ascii_digit())
        })
        .map_or(id, |(id, _)| id)
}

/// The identifiers of an item by which services know it, the most certain first.
pub fn of_item(item: &Item) -> Vec<Identifier> {
    let mut found = Vec::new();
    let arxiv = item.arxiv();
    if let Some(doi) = item.text("DOI").and_then(|text| find_doi(&text)) {
        found.push(Identifier::Doi(doi));
    }
    if let Some(id) = item.text("PMID").and_then(|text| pmid(&text)) {
        found.push(Identifier::Pmid(id));
    }
    if let Some(id) = item.text("PMCID").and_then(|text| pmcid(&text)) {
        found.push(Identifier::Pmcid(id));
    }
    found.extend(arxiv.map(Identifier::Arxiv));
    if let Some(number) = item.text("ISBN").and_then(|text| {
        text.split([' ', ',', ';'])
            .find_map(isbn)
            .or_else(|| isbn(&text))
    }) {
        found.push(Identifier::Isbn(number));
    }
    found
}

/// An item that has nothing but an identifier, as far as items hold it.
pub fn as_item(about: &Identifier) -> Item {
    let mut fields = Map::new();
    let mut put = |field: &str, value: &str| {
        fields.insert(field.to_owned(), value.into());
    };
    match about {
        Identifier::Doi(doi) => put("DOI", doi),
        Identifier::Pmid(pmid) => put("PMID", pmid),
        Identifier::Arxiv(id) => {
            put("archive", "arXiv");
            put("archive_location", id);
        }
        Identifier::Isbn(isbn) => {
            put("type", "book");
            put("ISBN", isbn);
        }
        Identifier::Pmcid(_) | Identifier::Url(_) | Identifier::Title(_) => {}
    }
    Item::from_fields(fields)
}

/// What one piece of text names; a title where it is nothing else. `None` for a blank one.
pub fn identify(text: &str) -> Option<Identifier> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    Some(
        named(text)
            .unwrap_or_else(|| Identifier::Title(crate::core::text::clean(text).into_string())),
    )
    .filter(|identifier| !identifier.value().is_empty())
}

/// Everything that a paste names, in its order, each once: a line of identifiers gives all of them, any other line is
/// a reference with an identifier in it, or a title.
pub fn identify_all(paste: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for line in paste.lines() {
        for one in of_line(line.trim()) {
            if found.len() == MOST_AT_ONCE {
                return found;
            }
            if !(found.iter()).any(|before| before.identifier.key() == one.identifier.key()) {
                found.push(one);
            }
        }
    }
    found
}

fn of_line(line: &str) -> Vec<Found> {
    let end = (0..=LONGEST_LINE.min(line.len()))
        .rev()
        .find(|&at| line.is_char_boundary(at))
        .unwrap_or_default();
    let line = line.get(..end).unwrap_or_default();
    let found = |written: &str, identifier| Found {
        written: written.to_owned(),
        identifier,
    };
    // "PMID: 1 2 3" and "978 0 306 40615 7" are one thing in several words.
    if let Some(identifier) = isbn_line(line) {
        return vec![found(line, identifier)];
    }
    let words = words(line);
    let mut label = None;
    let mut all = Vec::new();
    let mut strangers = 0;
    for word in &words {
        let bare = word.trim_matches(['(', ')', '[', ']', '"', '\'']);
        if let Some(known) = Label::of(bare) {
            label = Some(known);
            continue;
        }
        match (named(word), label) {
            (Some(identifier), _) => {
                label = label.filter(|_| matches!(identifier, Identifier::Pmid(_)));
                all.push(found(word, identifier));
            }
            (None, Some(label)) if label.read(bare).is_some() => {
                all.extend(label.read(bare).map(|identifier| found(word, identifier)));
            }
            (None, _) if is_pmid(bare) => all.push(found(word, Identifier::Pmid(bare.to_owned()))),
            (None, _) => {
                label = None;
                strangers += 1;
            }
        }
    }
    if strangers > 0 {
        // Between other words a bare number is a year or a page, and an address is only a place.
        all.retain(|one| {
            is_labelled(&one.written, line) && !matches!(one.identifier, Identifier::Url(_))
        });
        // A reference to one paper says it in several ways.
        all.truncate(1);
        if all.is_empty() {
            all.extend(identify(line).map(|identifier| found(line, identifier)));
        }
    }
    all
}

/// Whether a piece is more than a number among words.
fn is_labelled(written: &str, line: &str) -> bool {
    if !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let before = line
        .find(written)
        .and_then(|at| line.get(..at))
        .unwrap_or_default();
    let before = before.trim_end_matches([' ', ':']).to_ascii_lowercase();
    before.ends_with("pmid") || before.ends_with("pubmed")
}

/// A word that says what the next one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Doi,
    Pmid,
    Pmcid,
    Arxiv,
    Isbn,
}

impl Label {
    fn of(word: &str) -> Option<Label> {
        let word = word.trim_end_matches(':').to_ascii_lowercase();
        Some(match word.as_str() {
            "doi" => Label::Doi,
            "pmid" | "pubmed" => Label::Pmid,
            "pmcid" | "pmc" => Label::Pmcid,
            "arxiv" => Label::Arxiv,
            "isbn" | "isbn-10" | "isbn-13" => Label::Isbn,
            _ => return None,
        })
    }

    fn read(self, word: &str) -> Option<Identifier> {
        match self {
            Label::Doi => find_doi(word).map(Identifier::Doi),
            Label::Pmid => pmid(word).map(Identifier::Pmid),
            Label::Pmcid => pmcid(word).map(Identifier::Pmcid),
            Label::Arxiv => arxiv_id(word, true).map(|id| Identifier::Arxiv(id.to_owned())),
            Label::Isbn => isbn(word).map(Identifier::Isbn),
        }
    }
}

/// The words of a line; a comma or semicolon parts two identifiers, but not the parts of one.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in line.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.char_indices().find_map(|(at, c)| {
            let after = rest.get(at + c.len_utf8()..)?;
            (matches!(c, ',' | ';') && begins_identifier(after)).then_some(at)
        }) {
            words.push(rest.get(..at).unwrap_or_default());
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        words.push(rest);
    }
    words
        .into_iter()
        .map(|word| word.trim_matches([',', ';']))
        .filter(|word| !word.is_empty())
        .collect()
}

fn begins_identifier(text: &str) -> bool {
    let begin: String = text.chars().take(16).collect::<String>().to_lowercase();
    let labels = [
        "10.", "doi:", "http://", "https://", "pmid:", "pmc", "arxiv:",
    ];
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(digits..).unwrap_or_default();
    labels.iter().any(|label| begin.starts_with(label))
        || ((1..=8).contains(&digits) && (number.is_empty() || number.starts_with([',', ';'])))
        || arxiv_id(text, true).is_some()
}

/// What a text that is one thing names; `None` for words.
fn named(text: &str) -> Option<Identifier> {
    let inner = text.trim_matches(['"', '\'', '“', '”', '`']);
    let inner = inner
        .strip_prefix('<')
        .and_then(|inner| inner.strip_suffix('>'))
        .unwrap_or(inner)
        .trim();
    if let Some(identifier) = of_address(inner) {
        return Some(identifier);
    }
    let lower = inner.to_ascii_lowercase();
    let after = |label: &str| {
        let rest = lower.strip_prefix(label)?;
        inner.get(inner.len() - rest.len()..)
    };
    if let Some(rest) = after("pmid:")
        .or_else(|| after("pmid "))
        .or_else(|| after("pubmed:"))
    {
        return pmid(rest).map(Identifier::Pmid);
    }
    if let Some(rest) = after("pmcid:").or_else(|| after("pmcid ")) {
        return pmcid(rest).map(Identifier::Pmcid);
    }
    if let Some(rest) = after("arxiv ").or_else(|| after("arxiv: ")) {
        return arxiv_id(rest.trim_start(), true).map(|id| Identifier::Arxiv(id.to_owned()));
    }
    if let Some(rest) = after("isbn") {
        let rest = rest
            .trim_start_matches("-13")
            .trim_start_matches("-10")
            .trim_start_matches([':', ' ']);
        return isbn(rest).map(Identifier::Isbn);
    }
    // A DOI with words around it is left to those who look at the words one by one.
    if inner.split_whitespace().count() <= 2
        && let Some(doi) = find_doi(inner)
        && (lower.starts_with("10.") || lower.starts_with("doi"))
    {
        return Some(of_doi(doi));
    }
    if inner.contains(char::is_whitespace) && !lower.starts_with("arxiv") {
        return isbn(inner).map(Identifier::Isbn);
    }
    if let Some(id) = arxiv_id(inner, !lower.contains("10.")) {
        return Some(Identifier::Arxiv(id.to_owned()));
    }
    if lower.starts_with("pmc") {
        return pmcid(inner).map(Identifier::Pmcid);
    }
    if let Some(number) = isbn(inner) {
        return Some(Identifier::Isbn(number));
    }
    is_pmid(inner.trim_end_matches('.'))
        .then(|| Identifier::Pmid(inner.trim_end_matches('.').to_owned()))
}

/// arXiv's own DOIs are arXiv ids.
fn of_doi(doi: String) -> Identifier {
    match arxiv_id(&doi, false) {
        Some(id) if doi.starts_with("10.48550/") => Identifier::Arxiv(id.to_owned()),
        _ => Identifier::Doi(doi),
    }
}

fn isbn_line(line: &str) -> Option<Identifier> {
    let only = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '–' | 'x' | 'X');
    let number = line
        .trim_start_matches("ISBN")
        .trim_start_matches("-13")
        .trim_start_matches("-10")
        .trim_start_matches([':', ' ']);
    (!number.is_empty() && number.contains([' ', '-', '–']) && number.chars().all(only))
        .then(|| isbn(number).map(Identifier::Isbn))
        .flatten()
}

/// A number that stands alone is taken for a PubMed number; shorter ones are years.
fn is_pmid(text: &str) -> bool {
    (5..=8).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with('0')
}

/// The digits of a labelled PubMed number.
fn pmid(text: &str) -> Option<String> {
    let digits = text
        .trim()
        .trim_end_matches(['.', ',', ';', ')', ']', '/'])
        .trim_start_matches('0');
    ((1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.to_owned())
}

/// `PMC` and its digits.
fn pmcid(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ',', ';', ')', ']', '/']);
    let digits = text
        .get(..3)
        .filter(|start| start.eq_ignore_ascii_case("pmc"))
        .and_then(|_| text.get(3..))
        .unwrap_or(text);
    // "PMC123.2" names a version.
    let digits = digits.split('.').next().unwrap_or_default();
    ((1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("PMC{digits}"))
}

#[cfg(test)]
mod tests;
