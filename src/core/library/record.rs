//! One item as the columns and the search index need it, borrowed from the file's text.

use std::borrow::Cow;

use serde_json::Value;

use super::arxiv;
use super::json::{elements, lenient_text, members, text};
use crate::core::date::Date;
use crate::core::item::{Name, bare_doi, canonical_kind};

/// The known fields of an item, each as written in the file; empty where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Record<'a> {
    id: &'a str,
    kind: &'a str,
    title: &'a str,
    author: &'a str,
    issued: &'a str,
    container_title: &'a str,
    publisher: &'a str,
    genre: &'a str,
    doi: &'a str,
    pmid: &'a str,
    keyword: &'a str,
    abstract_text: &'a str,
    references: &'a str,
    custom: &'a str,
    citation_key: &'a str,
    authors_parsed: &'a str,
    authors: &'a str,
    categories: &'a str,
    versions: &'a str,
    update_date: &'a str,
    /// A known field that stands twice; the last one counts.
    twice: Option<&'static str>,
    /// Some field has a name that items have.
    known: bool,
}

impl<'a> Record<'a> {
    /// Reads the text of one object.
    pub fn read(object: &'a str) -> Record<'a> {
        let mut record = Record::default();
        for (key, value) in members(object) {
            let (slot, name) = match key {
                "id" => (&mut record.id, "id"),
                "type" => (&mut record.kind, "type"),
                "title" => (&mut record.title, "title"),
                "author" => (&mut record.author, "author"),
                "issued" => (&mut record.issued, "issued"),
                "container-title" => (&mut record.container_title, "container-title"),
                "publisher" => (&mut record.publisher, "publisher"),
                "genre" => (&mut record.genre, "genre"),
                "DOI" | "doi" => (&mut record.doi, "DOI"),
                "PMID" => (&mut record.pmid, "PMID"),
                "keyword" => (&mut record.keyword, "keyword"),
                "abstract" => (&mut record.abstract_text, "abstract"),
                "references" => (&mut record.references, "references"),
                "custom" => (&mut record.custom, "custom"),
                "citation-key" => (&mut record.citation_key, "citation-key"),
                "authors_parsed" => (&mut record.authors_parsed, "authors_parsed"),
                "authors" => (&mut record.authors, "authors"),
                "categories" => (&mut record.categories, "categories"),
                "versions" => (&mut record.versions, "versions"),
                "update_date" => (&mut record.update_date, "update_date"),
                _ => continue,
            };
            if !slot.is_empty() && record.twice.is_none() {
                record.twice = Some(name);
            }
            *slot = value;
            record.known = true;
        }
        record
    }

    /// The record comes from the arXiv metadata snapshot.
    pub fn is_arxiv(&self) -> bool {
        self.kind.is_empty()
            && (!self.authors_parsed.is_empty()
                || (!self.categories.is_empty() && !self.update_date.is_empty()))
    }

    /// The object has at least one field of an item.
    pub fn is_item(&self) -> bool {
        self.known
    }

    /// A known field that stands twice.
    pub fn field_twice(&self) -> Option<&'static str> {
        self.twice
    }

    /// The id as written, number or text.
    pub fn id(&self) -> Option<Cow<'a, str>> {
        lenient_text(self.id)
    }

    /// An id for an item without one: its citation key, DOI, PubMed id, or first author, year and first title word.
    pub fn substitute_id(&self) -> Option<String> {
        if let Some(key) = lenient_text(self.citation_key) {
            return Some(key.into_owned());
        }
        if let Some(doi) = self.doi() {
            return Some(doi);
        }
        if let Some(pmid) = lenient_text(self.pmid) {
            return Some(format!("pmid:{pmid}"));
        }
        let mut first = String::new();
        self.for_each_name(&mut |name| {
            if first.is_empty() {
                first.push_str(&name.short());
            }
        });
        let title = self.title().unwrap_or_default();
        let word = title
            .split(|c: char| !c.is_alphanumeric())
            .find(|word| word.chars().count() > 3)
            .unwrap_or_default();
        let year = self.year().map(|year| year.to_string());
        let joined = format!("{first}{}{word}", year.unwrap_or_default());
        let key: String = crate::core::text::fold(&joined)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(40)
            .collect();
        (!key.is_empty()).then_some(key)
    }

    /// The CSL type, other writers' names for it mapped.
    pub fn kind(&self) -> Cow<'a, str> {
        if self.is_arxiv() {
            return Cow::Borrowed("article");
        }
        match text(self.kind) {
            Some(Cow::Borrowed(kind)) => Cow::Borrowed(canonical_kind(kind)),
            Some(Cow::Owned(kind)) => Cow::Owned(canonical_kind(&kind).to_owned()),
            None => Cow::Borrowed("document"),
        }
    }

    /// The title with its markup.
    pub fn title(&self) -> Option<Cow<'a, str>> {
        lenient_text(self.title)
    }

    /// Where it appeared: container, else publisher, else genre.
    pub fn venue(&self) -> Option<Cow<'a, str>> {
        if self.is_arxiv() {
            return Some(Cow::Borrowed("arXiv"));
        }
        lenient_text(self.container_title)
            .or_else(|| lenient_text(self.publisher))
            .or_else(|| lenient_text(self.genre))
    }

    /// The year of publication.
    pub fn year(&self) -> Option<i32> {
        if self.is_arxiv() {
            return arxiv::first_day(
                elements(self.versions)
                    .next()
                    .and_then(|version| members(version).find(|(key, _)| *key == "created"))
                    .and_then(|(_, created)| text(created))
                    .as_deref(),
                text(self.update_date).as_deref(),
            )
            .map(|(year, _, _)| year);
        }
        plain_year(self.issued).or_else(|| {
            let value: Value = serde_json::from_str(self.issued).ok()?;
            Date::from_json(&value)?.year()
        })
    }

    /// The bare DOI.
    pub fn doi(&self) -> Option<String> {
        lenient_text(self.doi).and_then(|text| bare_doi(&text).map(str::to_owned))
    }

    /// Keywords, separated by commas.
    pub fn keywords(&self) -> Option<Cow<'a, str>> {
        if self.is_arxiv() {
            let categories = lenient_text(self.categories)?;
            return Some(Cow::Owned(arxiv::keywords(&categories)));
        }
        if self.keyword.starts_with('[') {
            let all: Vec<_> = elements(self.keyword).filter_map(lenient_text).collect();
            return (!all.is_empty()).then(|| Cow::Owned(all.join(", ")));
        }
        lenient_text(self.keyword)
    }

    /// The abstract with its markup.
    pub fn abstract_text(&self) -> Option<Cow<'a, str>> {
        lenient_text(self.abstract_text)
    }

    /// What it cites, as DOIs or ids: `custom.offprint.references`, else `references`.
    pub fn references(&self) -> Vec<String> {
        let own = self.own("references").unwrap_or_default();
        let list = if own.is_empty() { self.references } else { own };
        if list.starts_with('[') {
            return elements(list).filter_map(reference).collect();
        }
        text(list).map_or_else(Vec::new, |text| {
            text.split([' ', ';', '\n', '\t'])
                .filter_map(bare_doi)
                .map(str::to_owned)
                .collect()
        })
    }

    /// The list of authors is known to be incomplete.
    pub fn authors_truncated(&self) -> bool {
        self.own("authorsTruncated") == Some("true")
    }

    fn own(&self, field: &str) -> Option<&'a str> {
        if self.custom.is_empty() {
            return None;
        }
        let (_, own) = members(self.custom).find(|(key, _)| *key == "offprint")?;
        members(own)
            .find(|(key, _)| *key == field)
            .map(|(_, value)| value)
    }

    /// The authors in order; entries without any text are left out.
    pub fn for_each_name(&self, with: &mut dyn FnMut(&Name)) {
        if self.is_arxiv() {
            if self.authors_parsed.starts_with('[') {
                for parts in elements(self.authors_parsed) {
                    let parts: Vec<_> = elements(parts).take(3).map(text).collect();
                    let part = |at: usize| parts.get(at).and_then(Option::as_deref);
                    if let Some(name) = arxiv::name(part(0), part(1), part(2)) {
                        with(&name);
                    }
                }
            } else if let Some(authors) = text(self.authors) {
                arxiv::split_authors(&authors).iter().for_each(with);
            }
            return;
        }
        let mut name = Name::default();
        let mut one = |value: &str| {
            if plain_name(value, &mut name) {
                with(&name);
            } else if let Some(name) = serde_json::from_str::<Value>(value)
                .ok()
                .as_ref()
                .and_then(Name::from_json)
            {
                with(&name);
            }
        };
        if self.author.starts_with('[') {
            elements(self.author).for_each(one);
        } else if !self.author.is_empty() {
            one(self.author);
        }
    }
}

fn reference(element: &str) -> Option<String> {
    let text = if element.starts_with('{') {
        ["DOI", "doi", "id", "key"].iter().find_map(|wanted| {
            members(element)
                .find(|(key, _)| key == wanted)
                .and_then(|(_, value)| lenient_text(value))
        })?
    } else {
        lenient_text(element)?
    };
    Some(bare_doi(&text).map_or_else(|| text.to_string(), str::to_owned))
}

/// Reads a name that has nothing but plain family and given names, the most common case by far, into `name`. False
/// when it is another kind of name, which [`Name::from_json`] knows to read.
fn plain_name(value: &str, name: &mut Name) -> bool {
    if !value.starts_with('{') {
        return false;
    }
    name.family.clear();
    name.given.clear();
    for (key, value) in members(value) {
        let slot = match key {
            "family" => &mut name.family,
            "given" => &mut name.given,
            _ => return false,
        };
        let Some(text) = text(value) else {
            return false;
        };
        slot.clear();
        slot.push_str(text.trim());
    }
    !(name.family.is_empty() && name.given.is_empty())
}

/// The year of `{"date-parts": [[2020, …`, the most common form by far.
fn plain_year(issued: &str) -> Option<i32> {
    let mut fields = members(issued);
    let ("date-parts", ends) = fields.next()? else {
        return None;
    };
    let year = elements(elements(ends).next()?).next()?;
    year.parse().ok()
}
