//! BibTeX, as the classic styles read it.
//!
//! Field names and their order follow Better BibTeX. What differs on purpose: a PubMed id is `pmid`, never an
//! `eprint`; the DOI stands once (an address that only resolves it is left out); a season is capitalised, as it will
//! be printed. The day of a date, and what has no field here, is lost.

use super::bib::entry::Entry;
use super::bib::kinds::{self, Thesis};
use super::bib::language::{TitleRules, babel_name};
use super::bib::{dates, names};
use super::identifier;
use super::latex::{self, Dialect};
use crate::core::item::Item;

/// One entry.
pub fn entry(item: &Item, key: &str) -> String {
    let kind = kinds::bibtex(item);
    let mut entry = Entry::new(item, Dialect::Ascii);
    kind_of_work(&mut entry, kind);
    entry.title("title", "title");
    entry.title("shorttitle", "title-short");
    if matches!(kind, "incollection" | "inproceedings") {
        entry.title("booktitle", "container-title");
    }
    people(&mut entry);
    if let Some(date) = item.date("issued") {
        if let Some(year) = dates::year(&date, |text| latex::rich(text, Dialect::Ascii)) {
            entry.source("year", year);
        }
        if let Some(month) = dates::month(&date) {
            entry.source("month", month);
        }
    }
    container(&mut entry, kind);
    numbers(&mut entry, kind);
    publisher(&mut entry, kind);
    identifiers(&mut entry);
    about(&mut entry);
    entry.finish(kind, key)
}

fn kind_of_work(entry: &mut Entry<'_>, kind: &str) {
    let item = entry.item();
    let Some(genre) = item.text("genre") else {
        return;
    };
    let printed = match kind {
        "techreport" => true,
        "mastersthesis" => Thesis::of(item) == Thesis::Other,
        _ => false,
    };
    if printed {
        // Styles print the type at the start of a sentence.
        let mut letters = genre.chars();
        let first: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        entry.text("type", &format!("{first}{}", letters.as_str()));
    }
}

fn people(entry: &mut Entry<'_>) {
    let item = entry.item();
    let author = names::creators(item);
    let truncated = item.authors_truncated();
    entry.braced("author", &names::list(&author, truncated, Dialect::Ascii));
    for (field, variable) in [
        ("editor", "editor"),
        ("bookauthor", "container-author"),
        ("translator", "translator"),
    ] {
        let list = names::list(&item.names(variable), false, Dialect::Ascii);
        entry.braced(field, &list);
    }
}

fn container(entry: &mut Entry<'_>, kind: &str) {
    match kind {
        "article" => entry.variable("journal", "container-title"),
        "incollection" | "inproceedings" => {}
        _ => entry.variable("howpublished", "container-title"),
    }
    entry.title("series", "collection-title");
    entry.variable("volume", "volume");
    if kind == "article" {
        entry.range("number", "issue");
    }
}

fn numbers(entry: &mut Entry<'_>, kind: &str) {
    let item = entry.item();
    let number = item.text("number");
    let arxiv = item.arxiv();
    let is_arxiv = arxiv.is_some()
        && number
            .as_deref()
            .is_some_and(|number| number.to_ascii_lowercase().contains("arxiv"));
    if kind == "article" && item.text("page").is_none() {
        // An article number stands where the pages would: the classic styles print no other field.
        entry.variable("pages", "article-number");
        if !is_arxiv {
            entry.variable("pages", "number");
        }
    } else if !is_arxiv && number.is_some() {
        entry.variable("number", "number");
    }
    entry.variable("number", "collection-number");
    entry.range("number", "issue");
    if let Some(id) = arxiv {
        entry.verbatim("eprint", &id);
        if let Some(class) = identifier::arxiv_class(item) {
            entry.braced("primaryclass", &class);
        }
    }
    entry.range("pages", "page");
    entry.variable("chapter", "chapter-number");
    if let Some(edition) = item.text("edition") {
        let ordinal = ordinal(&edition).filter(|_| entry.title_rules() == TitleRules::English);
        entry.text("edition", ordinal.as_deref().unwrap_or(&edition));
    }
    entry.variable("volumes", "number-of-volumes");
    if matches!(
        item.kind(),
        "software" | "dataset" | "standard" | "document" | "report"
    ) {
        entry.variable("version", "version");
    }
}

fn publisher(entry: &mut Entry<'_>, kind: &str) {
    let field = match kind {
        "phdthesis" | "mastersthesis" => "school",
        "techreport" => "institution",
        _ => "publisher",
    };
    entry.institution(field, "publisher");
    entry.institution("organization", "authority");
    entry.variable("address", "publisher-place");
    entry.variable("address", "event-place");
}

fn identifiers(entry: &mut Entry<'_>) {
    let item = entry.item();
    entry.variable("issn", "ISSN");
    if let Some(doi) = identifier::doi(item) {
        entry.verbatim("doi", &doi);
    }
    if let Some(id) = identifier::pubmed(item) {
        entry.braced("pmid", &id);
    }
    if let Some(id) = identifier::pubmed_central(item) {
        entry.braced("pmcid", &id);
    }
    if let Some(url) = identifier::own_address(item) {
        entry.verbatim("url", &url);
    }
    if let Some(date) = item.date("accessed").as_ref().and_then(dates::edtf) {
        entry.braced("urldate", &date);
    }
}

fn about(entry: &mut Entry<'_>) {
    let item = entry.item();
    entry.variable("abstract", "abstract");
    entry.variable("isbn", "ISBN");
    if let Some(language) = item.text("language") {
        match babel_name(&language) {
            Some(name) => entry.braced("langid", name),
            None => entry.text("language", &language),
        }
    }
    entry.keywords();
    if item.arxiv().is_some() {
        entry.braced("archiveprefix", "arXiv");
    }
    entry.variable("annote", "annote");
    entry.variable("note", "note");
}

/// "Second" for 2, "11th" for 11: BibTeX styles print the edition as it stands. `None` when it is no number, or a
/// year.
fn ordinal(edition: &str) -> Option<String> {
    const WORDS: [&str; 10] = [
        "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth",
        "Tenth",
    ];
    let number: usize = edition.trim().parse().ok()?;
    if number == 0 || number > 999 {
        return None;
    }
    if let Some(word) = WORDS.get(number - 1) {
        return Some((*word).to_owned());
    }
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    Some(format!("{number}{suffix}"))
}

#[cfg(test)]
mod tests;
