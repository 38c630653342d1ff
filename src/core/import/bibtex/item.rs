//! The CSL item of an entry.
//!
//! The mapping is the one of the writers in [`crate::core::cite`] read backwards, with the further fields of the
//! biblatex manual (section 2.2) and of BibTeX's standard styles. What has no place in CSL stays under
//! `custom.bibtex`, as LaTeX source.

mod about;
mod identifiers;
mod numbers;

use super::jabref::Groups;
use super::parser::Parsed;
use super::types;
use crate::core::import::entry::{Fields, Noted};
use crate::core::import::latex::{self, Field};
use crate::core::import::{date, name};
use crate::core::item::{Item, arxiv_id};
use about::{about, noted};
use identifiers::{arxiv_of_eprint, identifiers};
use numbers::{numbers, publisher};

/// Where fields without a place in CSL are kept.
const KEPT: &str = "bibtex";

/// The fields of an entry, each taken once.
struct Source<'p> {
    parsed: &'p Parsed<'p>,
    taken: Vec<bool>,
}

impl<'p> Source<'p> {
    /// The source of a field, if it has any text.
    fn take(&mut self, name: &str) -> Option<&'p str> {
        let at = self.find(name)?;
        if let Some(taken) = self.taken.get_mut(at) {
            *taken = true;
        }
        self.parsed.fields.get(at).map(|field| &*field.value)
    }

    /// The first of several fields that is there.
    fn first(&mut self, names: &[&str]) -> Option<&'p str> {
        names.iter().find_map(|name| self.take(name))
    }

    fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn peek(&self, name: &str) -> &'p str {
        self.find(name)
            .and_then(|at| self.parsed.fields.get(at))
            .map_or("", |field| field.value.trim())
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.parsed
            .fields
            .iter()
            .zip(&self.taken)
            .position(|(field, taken)| {
                !taken && field.name == name && !field.value.trim().is_empty()
            })
    }
}

/// Makes the item of an entry, and what was noted of it.
pub(super) fn convert(kind: &str, parsed: &Parsed<'_>, groups: &Groups) -> (Item, Noted) {
    let mut source = Source {
        parsed,
        taken: vec![false; parsed.fields.len()],
    };
    let mut fields = Fields::default();
    fields.text("id", parsed.key);
    let lower = kind.to_ascii_lowercase();
    let preprint = preprint(&source);
    let csl = csl_type(&lower, &source, preprint.is_some());
    fields.text("type", csl);
    if types::csl(&lower).is_none() {
        fields.keep(KEPT, "entrytype", kind);
    }
    title(&mut source, &mut fields, "title", &["title"], "subtitle");
    people(&mut source, &mut fields);
    container(&mut source, &mut fields, csl);
    dates(&mut source, &mut fields);
    genre(&mut source, &mut fields, &lower);
    numbers(&mut source, &mut fields, csl);
    publisher(&mut source, &mut fields, csl);
    identifiers(&mut source, &mut fields, csl, preprint);
    about(&mut source, &mut fields, csl);
    let noted = noted(&mut source, &mut fields, groups);
    for (field, taken) in parsed.fields.iter().zip(&source.taken) {
        if !taken {
            fields.keep(KEPT, &field.name, &*field.value);
        }
    }
    (fields.into_item(), noted)
}

fn csl_type(kind: &str, source: &Source<'_>, is_preprint: bool) -> &'static str {
    let csl = types::csl(kind).unwrap_or("document");
    match csl {
        "article-journal" if is_preprint => "article",
        "article-journal" => match source.peek("entrysubtype") {
            "magazine" => "article-magazine",
            "newspaper" => "article-newspaper",
            _ => csl,
        },
        "webpage" if is_preprint || source.peek("pubstate") == "prepublished" => "article",
        "document" | "manuscript"
            if is_preprint && !source.has("journal") && !source.has("journaltitle") =>
        {
            "article"
        }
        "document" if source.has("journal") || source.has("journaltitle") => "article-journal",
        "document" if kind == "misc" && is_web_page(source) => "webpage",
        csl => csl,
    }
}

fn is_web_page(source: &Source<'_>) -> bool {
    let how = source.peek("howpublished");
    (source.has("url") || how.contains("http"))
        && (source.has("urldate") || how.contains("\\url") || how.starts_with("http"))
        && !source.has("publisher")
        && !source.has("doi")
}

/// The arXiv id of a work that has appeared nowhere else.
fn preprint(source: &Source<'_>) -> Option<String> {
    let journal = match source.peek("journal") {
        "" => source.peek("journaltitle"),
        journal => journal,
    };
    let lower = journal.to_ascii_lowercase();
    let in_archive = lower.is_empty() || lower.starts_with("arxiv") || lower == "corr";
    if !in_archive || source.has("booktitle") {
        return None;
    }
    let of_field = arxiv_of_eprint(source);
    of_field.or_else(|| {
        // Google Scholar writes `arXiv preprint arXiv:1706.03762`, DBLP `abs/1706.03762` as the volume.
        let volume = source.peek("volume").strip_prefix("abs/");
        arxiv_id(journal, false)
            .or_else(|| arxiv_id(volume?, true))
            .map(str::to_owned)
    })
}

fn plain(source: &str) -> String {
    latex::text(source, Field::Plain)
}

fn rich(source: &str) -> String {
    latex::text(source, Field::Text)
}

/// A title with its subtitle.
fn title(
    source: &mut Source<'_>,
    fields: &mut Fields,
    variable: &str,
    names: &[&str],
    subtitle: &str,
) {
    let Some(main) = source.first(names) else {
        return;
    };
    let mut text = latex::text(main, Field::Title);
    if let Some(sub) = source.take(subtitle) {
        let sub = latex::text(sub, Field::Title);
        text.push_str(if text.ends_with([':', '?', '!', '.']) {
            " "
        } else {
            ": "
        });
        text.push_str(&sub);
    }
    fields.text(variable, text);
}

fn people(source: &mut Source<'_>, fields: &mut Fields) {
    for (field, variable) in [
        ("author", "author"),
        ("bookauthor", "container-author"),
        ("editor", "editor"),
        ("translator", "translator"),
        ("director", "director"),
    ] {
        let Some(list) = source.take(field) else {
            continue;
        };
        let (names, truncated) = name::bibtex_list(list);
        fields.names(variable, &names);
        if truncated && field == "author" {
            fields.truncate_authors();
        }
    }
    if source.peek("editoratype") == "redactor"
        && let Some(list) = source.take("editora")
    {
        source.take("editoratype");
        fields.names("collection-editor", &name::bibtex_list(list).0);
    }
}

fn container(source: &mut Source<'_>, fields: &mut Fields, csl: &'static str) {
    source.take("entrysubtype");
    if csl != "article" {
        title(
            source,
            fields,
            "container-title",
            &["journaltitle", "journal"],
            "journalsubtitle",
        );
    }
    title(
        source,
        fields,
        "container-title",
        &["booktitle"],
        "booksubtitle",
    );
    if matches!(csl, "song" | "motion_picture" | "broadcast") {
        title(
            source,
            fields,
            "container-title",
            &["maintitle"],
            "mainsubtitle",
        );
    }
    if let Some(short) = source.first(&[
        "shortjournal",
        "journalabbreviation",
        "journal-abbreviation",
    ]) {
        fields.text("container-title-short", rich(short));
    }
    title(source, fields, "collection-title", &["series"], "");
    title(source, fields, "title-short", &["shorttitle"], "");
    title(source, fields, "original-title", &["origtitle"], "");
}

fn dates(source: &mut Source<'_>, fields: &mut Fields) {
    let mut issued = source.take("date").and_then(date::edtf);
    if issued.as_ref().is_none_or(|date| date.start.is_none())
        && let Some(year) = source.take("year")
    {
        let month = source.take("month").unwrap_or_default();
        let day = source.take("day").unwrap_or_default();
        issued = date::bibtex(year, month, day).or(issued);
    }
    fields.date("issued", issued.as_ref());
    for (names, variable) in [
        (&["origdate"][..], "original-date"),
        (&["eventdate"], "event-date"),
        (
            &["urldate", "lastchecked", "lastvisited", "accessed"],
            "accessed",
        ),
    ] {
        if let Some(text) = source.first(names) {
            let date = date::edtf(text)
                .filter(|date| date.start.is_some())
                .or_else(|| date::loose(&plain(text)));
            fields.date(variable, date.as_ref());
        }
    }
}

fn genre(source: &mut Source<'_>, fields: &mut Fields, kind: &str) {
    let key = source.peek("type");
    if let Some(office) = types::patent_office(key)
        && let number = source.peek("number")
        && number.starts_with(|c: char| c.is_ascii_digit())
    {
        source.take("number");
        source.take("type");
        fields.text("number", format!("{office}{}", plain(number)));
    }
    if let Some(text) = source.take("type") {
        let genre = types::genre(text).map_or_else(|| rich(text), str::to_owned);
        fields.text("genre", genre);
    } else if matches!(
        kind,
        "phdthesis" | "mastersthesis" | "bathesis" | "mathesis"
    ) && let Some(genre) = types::genre(kind)
    {
        fields.text("genre", genre);
    }
}

#[cfg(test)]
mod tests;
