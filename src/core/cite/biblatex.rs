//! BibLaTeX for biber: UTF-8, EDTF dates, particles as prefixes.
//!
//! Field names and their order follow Better BibTeX and the biblatex manual (section 2). `eprint` with its type is
//! written for an arXiv id, else a PubMed id, else a JSTOR id; further ids stand in `pmid` and `pmcid`.

use super::bib::entry::Entry;
use super::bib::kinds::{self, Thesis};
use super::bib::language::babel_name;
use super::bib::{dates, names};
use super::identifier;
use super::latex::{self, Dialect};
use crate::core::item::Item;

/// One entry.
pub fn entry(item: &Item, key: &str) -> String {
    let kind = kinds::biblatex(item);
    let mut entry = Entry::new(item, Dialect::Unicode);
    kind_of_work(&mut entry, kind);
    entry.title("title", "title");
    entry.title("shorttitle", "title-short");
    if is_part(kind) {
        entry.title("booktitle", "container-title");
    }
    people(&mut entry);
    issued(&mut entry);
    container(&mut entry, kind);
    numbers(&mut entry, kind);
    publisher(&mut entry, kind);
    identifiers(&mut entry);
    about(&mut entry);
    entry.finish(kind, key)
}

fn is_part(kind: &str) -> bool {
    matches!(kind, "incollection" | "inproceedings" | "inreference")
}

fn kind_of_work(entry: &mut Entry<'_>, kind: &str) {
    let item = entry.item();
    match item.kind() {
        "article-magazine" => entry.braced("entrysubtype", "magazine"),
        "article-newspaper" => entry.braced("entrysubtype", "newspaper"),
        _ => {}
    }
    match kind {
        "thesis" => match Thesis::of(item) {
            Thesis::Doctoral => entry.braced("type", "phdthesis"),
            Thesis::Masters => entry.braced("type", "mathesis"),
            Thesis::Other => entry.variable("type", "genre"),
        },
        "patent" => match item.text("number").as_deref().and_then(patent) {
            Some((localised, _)) => entry.braced("type", localised),
            None => entry.variable("type", "genre"),
        },
        "article" | "incollection" | "inproceedings" | "inreference" | "book" => {}
        _ => entry.variable("type", "genre"),
    }
}

/// The localised type for the office that a patent number names, and the number without it.
fn patent(number: &str) -> Option<(&'static str, &str)> {
    let number = number.trim();
    [
        ("EP", "patenteu"),
        ("US", "patentus"),
        ("DE", "patentde"),
        ("FR", "patentfr"),
        ("GB", "patentuk"),
    ]
    .into_iter()
    .find_map(|(office, localised)| {
        let rest = number.strip_prefix(office)?.trim_start();
        rest.starts_with(|c: char| c.is_ascii_digit())
            .then_some((localised, rest))
    })
}

fn people(entry: &mut Entry<'_>) {
    let item = entry.item();
    let author = names::creators(item);
    let truncated = item.authors_truncated();
    entry.braced("author", &names::list(&author, truncated, Dialect::Unicode));
    for (field, variable) in [
        ("bookauthor", "container-author"),
        ("editor", "editor"),
        ("editora", "collection-editor"),
        ("translator", "translator"),
    ] {
        let list = names::list(&item.names(variable), false, Dialect::Unicode);
        entry.braced(field, &list);
        if field == "editora" && !list.is_empty() {
            entry.braced("editoratype", "redactor");
        }
    }
}

fn issued(entry: &mut Entry<'_>) {
    let item = entry.item();
    if let Some(date) = item.date("issued") {
        match dates::edtf(&date) {
            Some(text) => entry.braced("date", &text),
            None => {
                // biblatex takes any text as the year, but not as a date.
                if let Some(year) = dates::year(&date, |text| latex::rich(text, Dialect::Unicode)) {
                    entry.source("year", year);
                }
            }
        }
    }
    for (field, variable) in [("origdate", "original-date"), ("eventdate", "event-date")] {
        if let Some(text) = item.date(variable).as_ref().and_then(dates::edtf) {
            entry.braced(field, &text);
        }
    }
}

fn container(entry: &mut Entry<'_>, kind: &str) {
    match kind {
        "article" => {
            entry.variable("journaltitle", "container-title");
            entry.variable("shortjournal", "container-title-short");
        }
        kind if is_part(kind) => {}
        "online" => entry.institution("organization", "container-title"),
        "audio" | "video" | "movie" => {
            entry.title("maintitle", "container-title");
            entry.title("maintitle", "collection-title");
        }
        _ => entry.variable("howpublished", "container-title"),
    }
    if !entry.has("maintitle") {
        entry.title("series", "collection-title");
    }
    entry.variable("volume", "volume");
    if kind == "article" {
        entry.range("number", "issue");
    }
}

fn numbers(entry: &mut Entry<'_>, kind: &str) {
    let item = entry.item();
    let arxiv = item.arxiv();
    let number = item.text("number");
    let is_arxiv = arxiv.is_some()
        && number
            .as_deref()
            .is_some_and(|number| number.to_ascii_lowercase().contains("arxiv"));
    if kind == "article" {
        entry.variable("eid", "article-number");
    }
    if let Some(number) = number.as_deref().filter(|_| !is_arxiv) {
        match kind {
            "article" => entry.text("eid", number),
            "patent" => entry.text("number", patent(number).map_or(number, |(_, rest)| rest)),
            _ => entry.text("number", number),
        }
    }
    entry.variable("number", "collection-number");
    entry.range("number", "issue");
    eprint(entry, arxiv);
    entry.range("pages", "page");
    entry.variable("chapter", "chapter-number");
    if let Some(edition) = item.text("edition") {
        entry.text("edition", edition_number(&edition).unwrap_or(&edition));
    }
    entry.variable("volumes", "number-of-volumes");
    if matches!(
        kind,
        "software" | "dataset" | "standard" | "report" | "misc"
    ) {
        entry.variable("version", "version");
    }
}

fn eprint(entry: &mut Entry<'_>, arxiv: Option<String>) {
    let item = entry.item();
    let pubmed = identifier::pubmed(item);
    let (id, kind) = if let Some(id) = arxiv {
        (id, "arxiv")
    } else if let Some(id) = pubmed.clone() {
        (id, "pubmed")
    } else if let Some(id) = identifier::jstor(item) {
        (id, "jstor")
    } else {
        return;
    };
    entry.verbatim("eprint", &id);
    entry.braced("eprinttype", kind);
    if kind == "arxiv" {
        if let Some(class) = identifier::arxiv_class(item) {
            entry.braced("eprintclass", &class);
        }
        if let Some(id) = pubmed {
            entry.braced("pmid", &id);
        }
    }
}

/// biblatex wants an edition as an integer and prints its ordinal: "2" of "2", "2nd", "2nd ed.".
fn edition_number(edition: &str) -> Option<&str> {
    let edition = edition.trim();
    let end = edition
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(edition.len());
    let (number, rest) = edition.split_at_checked(end)?;
    let rest = rest.trim().trim_end_matches('.').to_lowercase();
    let is_ordinal = matches!(
        rest.as_str(),
        "" | "st" | "nd" | "rd" | "th" | "ed" | "edition"
    ) || ["st", "nd", "rd", "th"].iter().any(|suffix| {
        rest.strip_prefix(suffix)
            .is_some_and(|rest| matches!(rest.trim(), "ed" | "edition"))
    });
    (!number.is_empty() && number.len() <= 4 && is_ordinal).then_some(number)
}

fn publisher(entry: &mut Entry<'_>, kind: &str) {
    let field = match kind {
        "thesis" | "report" | "jurisdiction" => "institution",
        "misc" | "software" | "standard" | "online" if !entry.has("organization") => "organization",
        _ => "publisher",
    };
    // The eprint says arXiv already.
    let archive = entry.has("eprinttype")
        && entry
            .item()
            .text("publisher")
            .is_some_and(|publisher| publisher.eq_ignore_ascii_case("arxiv"));
    if !archive {
        entry.institution(field, "publisher");
    }
    let authority = if kind == "jurisdiction" {
        "institution"
    } else {
        "organization"
    };
    entry.institution(authority, "authority");
    entry.institution("location", "publisher-place");
    entry.title("eventtitle", "event-title");
    entry.title("eventtitle", "event");
    entry.variable("venue", "event-place");
    entry.institution("origpublisher", "original-publisher");
    entry.variable("origtitle", "original-title");
}

fn identifiers(entry: &mut Entry<'_>) {
    let item = entry.item();
    entry.variable("issn", "ISSN");
    if let Some(doi) = identifier::doi(item) {
        entry.verbatim("doi", &doi);
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
    entry.variable("pagetotal", "number-of-pages");
    entry.variable("library", "call-number");
    if item.kind() == "article" {
        entry.braced("pubstate", "prepublished");
    } else if let Some(state) = item.text("status") {
        entry.text("pubstate", publication_state(&state).unwrap_or(&state));
    }
    entry.keywords();
    entry.variable("annotation", "annote");
    entry.variable("note", "note");
}

/// biblatex's localisation key for a status.
fn publication_state(status: &str) -> Option<&'static str> {
    Some(match status.trim().to_lowercase().as_str() {
        "in press" | "in-press" | "inpress" => "inpress",
        "forthcoming" => "forthcoming",
        "submitted" => "submitted",
        "in preparation" | "inpreparation" => "inpreparation",
        "preprint" | "prepublished" => "prepublished",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
