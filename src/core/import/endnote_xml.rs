//! EndNote's XML export, which Zotero, Mendeley and JabRef write too.
//!
//! Source: the elements of EndNote's `RSXML.dtd` and its table of reference types.

use std::ops::ControlFlow;

use super::entry::{self, Fields, Noted};
use super::xml::{Element, records};
use super::{Entry, Found, LineCounter, date, loss, markup, name};

/// Where what has no place in CSL is kept.
const KEPT: &str = "endnote";

/// Hands over the records of a text.
pub(super) fn each(text: &str, with: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut lines = LineCounter::new(text);
    for span in records(text, &["record"]) {
        let record = text.get(span.clone()).unwrap_or_default();
        let line = lines.line(span.start);
        match Element::parse(record) {
            Ok(record) => {
                let (fields, noted) = convert(&record);
                with(Found::Entry(Box::new(Entry {
                    item: fields.into_item(),
                    noted,
                    span,
                    line,
                })))?;
            }
            Err((at, reason)) => {
                let line = lines.line(span.start + at.min(record.len()));
                with(loss(
                    line,
                    format!("the record is broken: {reason}"),
                    "export it again",
                ))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// The text of an element; its fonts are in `<style>` elements.
fn text(element: &Element<'_>) -> String {
    if element.all("style").next().is_none() {
        return element.text();
    }
    let mut out = String::new();
    for style in element.all("style") {
        let (open, close) = match style.attribute("face").unwrap_or_default() {
            face if face.contains("italic") => ("<i>", "</i>"),
            face if face.contains("bold") => ("<b>", "</b>"),
            face if face.contains("superscript") => ("<sup>", "</sup>"),
            face if face.contains("subscript") => ("<sub>", "</sub>"),
            _ => ("", ""),
        };
        // Its spaces matter: they stand between this stretch and the next.
        out.push_str(open);
        out.push_str(style.inner());
        out.push_str(close);
    }
    markup::clean(&out)
}

fn text_at(record: &Element<'_>, path: &[&str]) -> String {
    record.at(path).map(text).unwrap_or_default()
}

fn convert(record: &Element<'_>) -> (Fields, Noted) {
    let mut fields = Fields::default();
    let mut noted = Noted::default();
    let kind = record.at(&["ref-type"]);
    let kind_name = kind
        .and_then(|kind| kind.attribute("name"))
        .unwrap_or_default();
    let csl = csl_type(&kind.map(text).unwrap_or_default(), kind_name);
    fields.text("id", text_at(record, &["label"]));
    fields.text("type", csl);
    if csl == "document" && !kind_name.is_empty() && kind_name != "Generic" {
        fields.keep(KEPT, "ref-type", kind_name);
    }
    let is_part = matches!(csl, "chapter" | "paper-conference" | "entry-encyclopedia");
    for (list, role) in [
        ("authors", "author"),
        (
            "secondary-authors",
            if csl == "book" {
                "collection-editor"
            } else {
                "editor"
            },
        ),
        ("tertiary-authors", "collection-editor"),
        ("subsidiary-authors", "translator"),
        ("translated-authors", "translator"),
    ] {
        let names: Vec<_> = record
            .at(&["contributors", list])
            .into_iter()
            .flat_map(|list| list.all("author"))
            .filter_map(|author| name::comma_separated(&text(author)))
            .collect();
        let role = if csl == "book" && list == "secondary-authors" && !fields.has("author") {
            "editor"
        } else {
            role
        };
        fields.names(role, &names);
    }
    fields.text("title", text_at(record, &["titles", "title"]));
    let secondary = match text_at(record, &["titles", "secondary-title"]) {
        title if title.is_empty() => text_at(record, &["secondary-title"]),
        title => title,
    };
    if csl == "book" {
        fields.text("collection-title", secondary);
    } else {
        fields.text(
            "container-title",
            text_at(record, &["periodical", "full-title"]),
        );
        fields.text("container-title", secondary);
    }
    fields.text(
        "container-title-short",
        text_at(record, &["periodical", "abbr-1"]),
    );
    fields.text(
        "container-title-short",
        text_at(record, &["titles", "alt-title"]),
    );
    fields.text("title-short", text_at(record, &["titles", "short-title"]));
    let tertiary = text_at(record, &["titles", "tertiary-title"]);
    fields.text(
        if is_part {
            "collection-title"
        } else {
            "tertiary-title"
        },
        tertiary,
    );
    if let Some(tertiary) = fields.take("tertiary-title") {
        fields.keep(KEPT, "tertiary-title", tertiary);
    }
    issued(record, &mut fields);
    let number = text_at(record, &["number"]);
    fields.text(
        if csl.starts_with("article") {
            "issue"
        } else {
            "number"
        },
        number,
    );
    for (element, field) in [
        ("volume", "volume"),
        ("edition", "edition"),
        ("section", "section"),
        ("num-vols", "number-of-volumes"),
        ("publisher", "publisher"),
        ("pub-location", "publisher-place"),
        ("language", "language"),
        ("abstract", "abstract"),
        ("notes", "note"),
        ("call-num", "call-number"),
        ("work-type", "genre"),
        ("issue", "issue"),
    ] {
        fields.text(field, text_at(record, &[element]));
    }
    fields.text(
        "page",
        entry::full_range(&entry::pages(&text_at(record, &["pages"]))),
    );
    let isbn = text_at(record, &["isbn"]);
    let digits = isbn.bytes().filter(u8::is_ascii_alphanumeric).count();
    fields.text(if digits <= 8 { "ISSN" } else { "ISBN" }, isbn);
    fields.text(
        "DOI",
        entry::doi(&text_at(record, &["electronic-resource-num"])),
    );
    let accession = text_at(record, &["accession-num"]);
    if accession.len() >= 6 && accession.bytes().all(|byte| byte.is_ascii_digit()) {
        fields.text("PMID", accession);
    } else {
        fields.keep(KEPT, "accession-num", accession);
    }
    for list in ["web-urls", "related-urls"] {
        for url in record
            .at(&["urls", list])
            .into_iter()
            .flat_map(|list| list.all("url"))
        {
            let url = text(url);
            if fields.has("URL") {
                fields.keep(KEPT, "url", url);
            } else {
                fields.text("URL", url);
            }
        }
    }
    for url in record
        .at(&["urls", "pdf-urls"])
        .into_iter()
        .flat_map(|list| list.all("url"))
    {
        let path = text(url);
        if !path.is_empty() {
            noted
                .files
                .push(path.trim_start_matches("internal-pdf://").to_owned());
        }
    }
    let words: Vec<String> = record
        .at(&["keywords"])
        .into_iter()
        .flat_map(|list| list.all("keyword"))
        .map(text)
        .filter(|word| !word.is_empty())
        .collect();
    let separator = if words.iter().any(|word| word.contains(',')) {
        "; "
    } else {
        ", "
    };
    fields.text("keyword", words.join(separator));
    let research = text_at(record, &["research-notes"]);
    if !research.is_empty() {
        noted.comments.push(research);
    }
    keep_others(record, &mut fields);
    (fields, noted)
}

fn issued(record: &Element<'_>, fields: &mut Fields) {
    let Some(dates) = record.at(&["dates"]) else {
        return;
    };
    let year = text_at(dates, &["year"]);
    let day_of = text_at(dates, &["pub-dates", "date"]);
    let month = match text_at(dates, &["month"]) {
        month if month.is_empty() => day_of.clone(),
        month => month,
    };
    let issued = if year.is_empty() {
        date::loose(&day_of)
    } else {
        date::bibtex(&year, &month, &text_at(dates, &["day"]))
    };
    fields.date("issued", issued.as_ref());
}

/// What has been read, and what says nothing outside EndNote.
const READ: [&str; 35] = [
    "ref-type",
    "contributors",
    "titles",
    "periodical",
    "dates",
    "number",
    "volume",
    "edition",
    "section",
    "num-vols",
    "publisher",
    "pub-location",
    "language",
    "abstract",
    "notes",
    "call-num",
    "work-type",
    "issue",
    "pages",
    "isbn",
    "electronic-resource-num",
    "accession-num",
    "urls",
    "keywords",
    "research-notes",
    "label",
    "database",
    "source-app",
    "rec-number",
    "foreign-keys",
    "secondary-title",
    "tertiary-title",
    "remote-database-name",
    "remote-database-provider",
    "modified-date",
];

fn keep_others(record: &Element<'_>, fields: &mut Fields) {
    for child in record.children() {
        if !READ.contains(&child.name()) {
            fields.keep(KEPT, child.name(), text(child));
        }
    }
}

/// By the number of the reference type, else by its name.
fn csl_type(number: &str, name: &str) -> &'static str {
    match number {
        "17" | "43" => return "article-journal",
        "6" | "28" | "44" => return "book",
        "5" | "60" => return "chapter",
        "10" | "47" => return "paper-conference",
        "32" => return "thesis",
        "27" | "46" => return "report",
        "12" | "16" => return "webpage",
        "23" => return "article-newspaper",
        "19" => return "article-magazine",
        "25" => return "patent",
        "9" => return "software",
        "36" => return "manuscript",
        "59" => return "dataset",
        "58" => return "standard",
        _ => {}
    }
    match name.to_ascii_lowercase().as_str() {
        "journal article" | "article" | "electronic article" => "article-journal",
        "book" | "edited book" | "electronic book" => "book",
        "book section" | "chapter" | "inbook" | "incollection" => "chapter",
        "conference proceedings" | "conference paper" | "conference" | "inproceedings" => {
            "paper-conference"
        }
        "thesis" | "phdthesis" | "mastersthesis" => "thesis",
        "report" | "techreport" => "report",
        "web page" | "online" | "blog" => "webpage",
        "newspaper article" => "article-newspaper",
        "magazine article" => "article-magazine",
        "patent" => "patent",
        "computer program" | "software" => "software",
        "manuscript" | "unpublished" | "unpublished work" => "manuscript",
        "dataset" => "dataset",
        "standard" => "standard",
        "encyclopedia" => "entry-encyclopedia",
        "dictionary" => "entry-dictionary",
        "map" => "map",
        "film or broadcast" => "motion_picture",
        "case" => "legal_case",
        "statute" => "legislation",
        "personal communication" => "personal_communication",
        _ => "document",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::core::import::read;

    #[test]
    fn a_record_has_its_fields() {
        let text = r#"<xml><records><record><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal">Feng, Mei</style></author></authors></contributors>
<titles><title><style face="normal">On </style><style face="italic">E. coli</style></title><secondary-title>J. Things</secondary-title></titles>
<pages>130--136</pages><number>2</number><dates><year>2018</year><pub-dates><date>Mar 4</date></pub-dates></dates>
<isbn>1234-5678</isbn><electronic-resource-num>10.1/x</electronic-resource-num><keywords><keyword>a</keyword></keywords>
<urls><web-urls><url>http://x.org</url></web-urls><pdf-urls><url>internal-pdf://1/a.pdf</url></pdf-urls></urls>
<research-notes>Good</research-notes><custom1>kept</custom1></record></records></xml>"#;
        let import = read(text.as_bytes(), "x.xml").unwrap();
        assert_eq!(import.problems, []);
        let entry = &import.entries[0];
        assert_eq!(
            Value::Object(entry.item.fields().clone()),
            json!({
                "type": "article-journal", "author": [{"family": "Feng", "given": "Mei"}], "title": "On <i>E. coli</i>",
                "container-title": "J. Things", "issued": {"date-parts": [[2018, 3, 4]]}, "issue": "2", "page": "130-136",
                "ISSN": "1234-5678", "DOI": "10.1/x", "URL": "http://x.org", "keyword": "a",
                "custom": {"endnote": {"custom1": "kept"}}
            })
        );
        assert_eq!(entry.noted.files, ["1/a.pdf"]);
        assert_eq!(entry.noted.comments, ["Good"]);
    }
}
