//! Better BibTeX JSON: Zotero's items with their tags, notes, collections and files.
//!
//! Source: Zotero's item type schema (`schema.json`, fields and its CSL mappings) and the export translator
//! "BetterBibTeX JSON".

mod noted;

use std::ops::ControlFlow;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::csl_json::{Object, objects};
use super::entry::{self, Fields};
use super::{Entry, Found, date, loss, markup, name, remark};
use crate::core::item::Name;
use noted::{Collections, noted, texts};

/// Where fields without a place in CSL are kept.
const KEPT: &str = "zotero";

#[derive(Deserialize)]
struct Export<'a> {
    #[serde(borrow)]
    items: &'a RawValue,
    #[serde(default)]
    collections: Value,
}

/// Hands over the items of a text.
pub(super) fn each(text: &str, with: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    let export: Export<'_> = match serde_json::from_str(text) {
        Ok(export) => export,
        Err(error) => {
            return with(loss(
                error.line() as u32,
                format!("the export is broken: {error}"),
                "export it again from Zotero",
            ));
        }
    };
    let items = export.items.get();
    // The list is a part of the text.
    let offset = (items.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let first_line = memchr::memchr_iter(b'\n', text.as_bytes().get(..offset).unwrap_or_default())
        .count() as u32;
    let collections = Collections::read(&export.collections);
    objects(items, &mut |found| match found {
        Object::Problem(problem) => with(Found::Problem(problem)),
        Object::Json { text, span, line } => {
            let line = line + first_line;
            let Ok(Value::Object(item)) = serde_json::from_str(text) else {
                return ControlFlow::Continue(());
            };
            let kind = item
                .get("itemType")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if matches!(kind, "note" | "attachment" | "annotation") {
                return with(remark(
                    line,
                    1,
                    format!(
                        "this is {} without a work; it was passed over",
                        article(kind)
                    ),
                    "attach it to an item in Zotero to keep it",
                ));
            }
            let noted = noted(&item, &collections);
            with(Found::Entry(Box::new(Entry {
                item: convert(&item, kind).into_item(),
                noted,
                span: span.start + offset..span.end + offset,
                line,
            })))
        }
    })
}

fn article(kind: &str) -> String {
    let article = if kind.starts_with('a') { "an" } else { "a" };
    format!("{article} {kind}")
}

/// Zotero's fields and the variables of CSL they are.
const VARIABLES: [(&str, &str); 62] = [
    ("shortTitle", "title-short"),
    ("publicationTitle", "container-title"),
    ("bookTitle", "container-title"),
    ("proceedingsTitle", "container-title"),
    ("encyclopediaTitle", "container-title"),
    ("dictionaryTitle", "container-title"),
    ("websiteTitle", "container-title"),
    ("blogTitle", "container-title"),
    ("forumTitle", "container-title"),
    ("programTitle", "container-title"),
    ("code", "container-title"),
    ("reporter", "container-title"),
    ("journalAbbreviation", "container-title-short"),
    ("series", "collection-title"),
    ("seriesTitle", "collection-title"),
    ("seriesNumber", "collection-number"),
    ("volume", "volume"),
    ("codeVolume", "volume"),
    ("reporterVolume", "volume"),
    ("issue", "issue"),
    ("numPages", "number-of-pages"),
    ("numberOfVolumes", "number-of-volumes"),
    ("edition", "edition"),
    ("section", "section"),
    ("publisher", "publisher"),
    ("university", "publisher"),
    ("institution", "publisher"),
    ("company", "publisher"),
    ("distributor", "publisher"),
    ("label", "publisher"),
    ("studio", "publisher"),
    ("network", "publisher"),
    ("repository", "publisher"),
    ("place", "publisher-place"),
    ("conferenceName", "event-title"),
    ("meetingName", "event-title"),
    ("url", "URL"),
    ("ISBN", "ISBN"),
    ("ISSN", "ISSN"),
    ("language", "language"),
    ("callNumber", "call-number"),
    ("archive", "archive"),
    ("archiveLocation", "archive_location"),
    ("libraryCatalog", "source"),
    ("thesisType", "genre"),
    ("reportType", "genre"),
    ("letterType", "genre"),
    ("manuscriptType", "genre"),
    ("mapType", "genre"),
    ("presentationType", "genre"),
    ("postType", "genre"),
    ("websiteType", "genre"),
    ("genre", "genre"),
    ("type", "genre"),
    ("medium", "medium"),
    ("reportNumber", "number"),
    ("patentNumber", "number"),
    ("billNumber", "number"),
    ("docketNumber", "number"),
    ("archiveID", "number"),
    ("number", "number"),
    ("versionNumber", "version"),
];

/// Fields that are read in another way, or say something of Zotero alone.
const OTHERS: [&str; 29] = [
    "itemType",
    "title",
    "creators",
    "tags",
    "notes",
    "attachments",
    "collections",
    "relations",
    "itemID",
    "key",
    "version",
    "uri",
    "select",
    "citationKey",
    "citekey",
    "date",
    "accessDate",
    "pages",
    "DOI",
    "abstractNote",
    "extra",
    "caseName",
    "nameOfAct",
    "subject",
    "dateAdded",
    "dateModified",
    "libraryID",
    "dateDecided",
    "dateEnacted",
];

fn convert(item: &Map<String, Value>, kind: &str) -> Fields {
    let text = |field: &str| match item.get(field) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let first = |fields: &[&str]| {
        fields
            .iter()
            .map(|field| text(field))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    };
    let mut fields = Fields::default();
    fields.text("id", first(&["citationKey", "citekey"]));
    let csl = csl_type(kind);
    fields.text("type", csl);
    if csl == "document" && kind != "document" {
        fields.keep(KEPT, "itemType", kind);
    }
    fields.text(
        "title",
        markup::clean(&first(&["title", "caseName", "nameOfAct", "subject"])),
    );
    creators(item, csl, &mut fields);
    let issued = first(&["date", "dateDecided", "dateEnacted", "issueDate"]);
    fields.date(
        "issued",
        date::edtf(&issued)
            .filter(|date| date.start.is_some())
            .or_else(|| date::loose(&issued))
            .as_ref(),
    );
    let accessed = text("accessDate");
    let accessed = accessed.split(['T', ' ']).next().unwrap_or_default();
    fields.date("accessed", date::edtf(accessed).as_ref());
    for (field, variable) in VARIABLES {
        let value = text(field);
        if value.is_empty() {
            continue;
        }
        if fields.has(variable) {
            fields.keep(KEPT, field, value);
        } else {
            fields.text(variable, markup::clean(&value));
        }
    }
    if kind == "computerProgram" {
        fields.text("version", text("version"));
    }
    fields.text("page", entry::pages(&text("pages")));
    fields.text("DOI", entry::doi(&text("DOI")));
    fields.text("abstract", markup::clean(&text("abstractNote")));
    let words: Vec<&str> = texts(item.get("tags"), "tag").collect();
    let separator = if words.iter().any(|word| word.contains(',')) {
        "; "
    } else {
        ", "
    };
    fields.text("keyword", words.join(separator));
    extra(&text("extra"), &mut fields);
    for (field, value) in item {
        if !OTHERS.contains(&field.as_str())
            && !VARIABLES.iter().any(|(known, _)| known == field)
            && !value.is_null()
            && value.as_str() != Some("")
        {
            fields.keep(KEPT, field, value.clone());
        }
    }
    fields
}

fn creators(item: &Map<String, Value>, csl: &str, fields: &mut Fields) {
    for creator in item
        .get("creators")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let part = |field: &str| {
            creator
                .get(field)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .trim()
        };
        let (first, last) = (part("firstName"), part("lastName"));
        let whole = match part("name") {
            "" if creator.get("fieldMode").and_then(Value::as_i64) == Some(1)
                || first.is_empty() =>
            {
                last
            }
            whole => whole,
        };
        let name = if whole.is_empty() {
            let (particle, family) = name::split_particle(last);
            Name {
                family,
                given: first.to_owned(),
                non_dropping_particle: particle,
                ..Name::default()
            }
        } else {
            name::literal(whole.to_owned())
        };
        if !(name.family.is_empty() && name.given.is_empty() && name.literal.is_empty()) {
            fields.names(role(part("creatorType"), csl), &[name]);
        }
    }
}

fn role(kind: &str, csl: &str) -> &'static str {
    match kind {
        "editor" => "editor",
        "seriesEditor" => "collection-editor",
        "translator" => "translator",
        "bookAuthor" => "container-author",
        "reviewedAuthor" => "reviewed-author",
        "recipient" => "recipient",
        "interviewer" => "interviewer",
        "contributor" | "commenter" | "counsel" | "wordsBy" | "cosponsor" => "contributor",
        "castMember" => "performer",
        "scriptwriter" => "script-writer",
        "producer" => "producer",
        "guest" => "guest",
        "composer" if csl == "song" => "composer",
        "director" if csl == "motion_picture" => "director",
        _ => "author",
    }
}

/// Lines `Name: value` of "Extra", where Zotero keeps what it has no field for; the others are the note.
fn extra(text: &str, fields: &mut Fields) {
    let mut note = Vec::new();
    for line in text.lines() {
        let Some((label, value)) = line.split_once(':') else {
            note.push(line);
            continue;
        };
        let value = value.trim();
        match label.trim().to_ascii_lowercase().as_str() {
            "doi" => fields.text("DOI", entry::doi(value)),
            "pmid" => fields.text("PMID", value),
            "pmcid" => fields.text("PMCID", value),
            "isbn" => fields.text("ISBN", value),
            "issn" => fields.text("ISSN", value),
            "citation key" => fields.text("id", value),
            "original date" | "original-date" => {
                fields.date("original-date", date::edtf(value).as_ref());
            }
            "original publisher" | "original-publisher" => fields.text("original-publisher", value),
            "event place" | "event-place" => fields.text("event-place", value),
            "arxiv" if !fields.has("number") => fields.text("number", format!("arXiv:{value}")),
            _ => note.push(line),
        }
    }
    fields.text("note", note.join("\n").trim());
}

fn csl_type(kind: &str) -> &'static str {
    match kind {
        "artwork" => "graphic",
        "audioRecording" => "song",
        "bill" => "bill",
        "blogPost" => "post-weblog",
        "book" => "book",
        "bookSection" => "chapter",
        "case" => "legal_case",
        "computerProgram" => "software",
        "conferencePaper" => "paper-conference",
        "dataset" => "dataset",
        "dictionaryEntry" => "entry-dictionary",
        "email" | "instantMessage" | "letter" => "personal_communication",
        "encyclopediaArticle" => "entry-encyclopedia",
        "film" | "videoRecording" => "motion_picture",
        "forumPost" => "post",
        "hearing" => "hearing",
        "interview" => "interview",
        "journalArticle" => "article-journal",
        "magazineArticle" => "article-magazine",
        "manuscript" => "manuscript",
        "map" => "map",
        "newspaperArticle" => "article-newspaper",
        "patent" => "patent",
        "podcast" | "radioBroadcast" | "tvBroadcast" => "broadcast",
        "preprint" => "article",
        "presentation" => "speech",
        "report" => "report",
        "standard" => "standard",
        "statute" => "legislation",
        "thesis" => "thesis",
        "webpage" => "webpage",
        _ => "document",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::core::import::{Format, read};

    #[test]
    fn items_come_with_what_was_noted_of_them() {
        let text = r#"{
 "config": {"label": "BetterBibTeX JSON"},
 "collections": {"A": {"name": "Top", "parent": false, "items": []}, "B": {"name": "Deep", "parent": "A", "items": [3]}},
 "items": [
  {"itemType": "journalArticle", "itemID": 3, "citationKey": "feng2026", "title": "On <i>E. coli</i>", "date": "2026-03-04",
   "creators": [{"creatorType": "author", "firstName": "Mei", "lastName": "Feng"}, {"creatorType": "author", "name": "WHO"}],
   "publicationTitle": "J. Things", "pages": "1-9", "DOI": "10.1/x", "extra": "PMID: 7\nmine", "rights": "CC",
   "tags": [{"tag": "mine"}, {"tag": "Cells", "type": 1}], "notes": [{"note": "<p>Good</p><p>very</p>"}],
   "attachments": [{"path": "/a.pdf"}]},
  {"itemType": "note", "note": "alone"}
 ]
}"#;
        let import = read(text.as_bytes(), "x.json").unwrap();
        assert_eq!(import.format, Format::BetterBibTexJson);
        assert_eq!(import.problems.len(), 1);
        assert_eq!(
            (import.problems[0].line, import.problems[0].lost),
            (10, false)
        );
        let entry = &import.entries[0];
        assert_eq!(
            (
                entry.line,
                text.get(entry.span.clone()).unwrap().get(..14).unwrap()
            ),
            (5, "{\"itemType\": \"")
        );
        assert_eq!(
            Value::Object(entry.item.fields().clone()),
            json!({
                "id": "feng2026", "type": "article-journal", "title": "On <i>E. coli</i>",
                "author": [{"family": "Feng", "given": "Mei"}, {"literal": "WHO"}], "issued": {"date-parts": [[2026, 3, 4]]},
                "container-title": "J. Things", "page": "1-9", "DOI": "10.1/x", "keyword": "mine, Cells", "PMID": "7", "note": "mine",
                "custom": {"zotero": {"rights": "CC"}}
            })
        );
        assert_eq!(entry.noted.tags, ["mine"]);
        assert_eq!(entry.noted.groups, ["Top/Deep"]);
        assert_eq!(entry.noted.comments, ["Good\nvery"]);
        assert_eq!(entry.noted.files, ["/a.pdf"]);
    }
}
