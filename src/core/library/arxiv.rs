//! Records of the arXiv metadata snapshot as CSL items.
//!
//! The format: <https://www.kaggle.com/datasets/Cornell-University/arxiv>, one JSON object a line.

use serde_json::{Map, Value, json};

use crate::core::item::Name;

/// Whether an object is a record of the snapshot rather than a CSL item.
pub(in crate::core) fn is_record(fields: &Map<String, Value>) -> bool {
    fields.get("type").is_none_or(Value::is_null)
        && (fields.contains_key("authors_parsed")
            || (fields.contains_key("categories") && fields.contains_key("update_date")))
}

/// The CSL item of a record: a preprint with arXiv as publisher, dated by its first version.
///
/// The reference to the journal is free text ("Phys.Rev.D76:013009,2007") and becomes a note: taken for the name of a
/// journal it would make citations wrong.
pub(in crate::core) fn to_csl(record: &Map<String, Value>) -> Map<String, Value> {
    let text = |field: &str| {
        record
            .get(field)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let mut item = Map::new();
    let mut put = |field: &str, value: Value| {
        item.insert(field.to_owned(), value);
    };
    let id = match record.get("id") {
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => text("id").map(str::to_owned),
    };
    if let Some(id) = &id {
        put("id", json!(id));
    }
    put("type", json!("article"));
    if let Some(title) = text("title") {
        put("title", json!(one_line(title)));
    }
    let names = match record.get("authors_parsed").and_then(Value::as_array) {
        Some(list) => list
            .iter()
            .filter_map(|parts| {
                let part = |at: usize| parts.get(at).and_then(Value::as_str);
                name(part(0), part(1), part(2))
            })
            .collect(),
        None => text("authors").map_or_else(Vec::new, split_authors),
    };
    if !names.is_empty() {
        put("author", names.iter().map(name_to_json).collect());
    }
    let created = record
        .get("versions")
        .and_then(|versions| versions.get(0)?.get("created")?.as_str());
    if let Some((year, month, day)) = first_day(created, text("update_date")) {
        put("issued", json!({ "date-parts": [[year, month, day]] }));
    }
    put("publisher", json!("arXiv"));
    if let Some(id) = &id {
        let bare = id.trim_start_matches("arXiv:");
        put("number", json!(format!("arXiv:{bare}")));
        put("URL", json!(format!("https://arxiv.org/abs/{bare}")));
    }
    if let Some(doi) = text("doi") {
        put("DOI", json!(doi));
    }
    if let Some(categories) = text("categories") {
        put("keyword", json!(keywords(categories)));
    }
    if let Some(summary) = text("abstract") {
        put("abstract", json!(summary));
    }
    if let Some(journal) = text("journal-ref") {
        put("note", json!(format!("Published as {}", one_line(journal))));
    }
    item
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Categories separated by commas, as CSL writes keywords.
pub(super) fn keywords(categories: &str) -> String {
    categories.split_whitespace().collect::<Vec<_>>().join(", ")
}

/// The day of the first version (`Mon, 2 Apr 2007 19:18:42 GMT`), else of the last update (`2008-11-26`).
pub(super) fn first_day(created: Option<&str>, updated: Option<&str>) -> Option<(i32, u8, u8)> {
    created.and_then(mail_date).or_else(|| {
        let mut parts = updated?.split('-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        Some((year, month, parts.next()?.parse().ok()?))
    })
}

/// RFC 5322 section 3.3, without the time.
fn mail_date(text: &str) -> Option<(i32, u8, u8)> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text
        .split_once(',')
        .map_or(text, |(_, date)| date)
        .split_whitespace();
    let day = words.next()?.parse().ok()?;
    let word = words.next()?;
    let month = MONTHS.iter().position(|month| *month == word)? as u8 + 1;
    Some((words.next()?.parse().ok()?, month, day))
}

/// A name from its parts in `authors_parsed`.
pub(super) fn name(
    family: Option<&str>,
    given: Option<&str>,
    suffix: Option<&str>,
) -> Option<Name> {
    let [family, given, suffix] =
        [family, given, suffix].map(|part| part.unwrap_or_default().trim().to_owned());
    if family.is_empty() && given.is_empty() {
        return None;
    }
    if given.is_empty() && suffix.is_empty() && family.contains(' ') {
        // Collaborations and institutions come as a family name alone.
        return Some(Name {
            literal: family,
            ..Name::default()
        });
    }
    Some(Name {
        family,
        given,
        suffix,
        ..Name::default()
    })
}

/// The names of an `authors` line: "A. Author, B. Author and the Group".
pub(super) fn split_authors(line: &str) -> Vec<Name> {
    line.split(',')
        .flat_map(|part| part.split(" and "))
        .filter_map(|one| {
            let words: Vec<&str> = one.split_whitespace().collect();
            let (last, first) = words.split_last()?;
            if last.ends_with("ollaboration") {
                return name(Some(&words.join(" ")), None, None);
            }
            name(Some(last), Some(&first.join(" ")), None)
        })
        .collect()
}

fn name_to_json(name: &Name) -> Value {
    if !name.literal.is_empty() {
        return json!({ "literal": name.literal });
    }
    let mut map = Map::new();
    for (field, text) in [
        ("family", &name.family),
        ("given", &name.given),
        ("suffix", &name.suffix),
    ] {
        if !text.is_empty() {
            map.insert(field.to_owned(), json!(text));
        }
    }
    Value::Object(map)
}
