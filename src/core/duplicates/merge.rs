//! One item of two, field by field.
//!
//! # Rules
//! * What only one of them has is taken.
//! * What both have alike (text without regard to white space, DOIs without regard to case) stays as the kept item has
//!   it.
//! * Where they differ, of the published one and a preprint the published one says what it is and where it appeared:
//!   type, title, date, container, volume, issue, pages, publisher, DOI, URL.
//! * Otherwise the fuller one wins: more names, and more of them written out; the more exact date of the same year; a
//!   page range before a first page; the longer abstract; the longer text of a field that CSL does not know. Where
//!   neither is fuller, the kept item's stays.
//! * Keywords are put together. A `note` that differs is put below the other, as nothing tells which one matters.
//! * Objects such as `custom` are merged by the same rules, key by key.
//! * The arXiv id of a preprint that gave way is kept as a line of `note`, as Zotero does.
//!
//! Nothing that loses is gone: [`FieldChoice::other`] has it, for the preview and for undo.

use serde_json::{Map, Value};

use super::signature::{Signature, Stage};
use crate::core::cite::identifier;
use crate::core::item::{Item, bare_doi};

/// Which of the two items something comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The item that is kept.
    Kept,
    /// The other one.
    Other,
    /// Both: the values were put together.
    Both,
}

/// What became of a field in which the two differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChoice {
    /// Its name, with that of the object it is in: `custom.offprint.references`.
    pub field: String,
    /// The value in the merged item.
    pub kept: Value,
    /// The value that gave way; `None` where the other item has no such field.
    pub other: Option<Value>,
    /// Where the value in the merged item comes from.
    pub from: Side,
    /// The rule, in a few words.
    pub rule: &'static str,
}

/// Two items as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The merged item: the fields of the kept one in their order, then what the other has beyond them.
    pub item: Item,
    /// The fields in which the two differ.
    pub choices: Vec<FieldChoice>,
}

/// What a published item says about itself better than a preprint of the work.
const OF_PUBLICATION: [&str; 16] = [
    "type",
    "title",
    "title-short",
    "issued",
    "container-title",
    "container-title-short",
    "volume",
    "issue",
    "page",
    "number",
    "publisher",
    "publisher-place",
    "DOI",
    "URL",
    "genre",
    "edition",
];
const NAMES: [&str; 6] = [
    "author",
    "editor",
    "translator",
    "collection-editor",
    "container-author",
    "director",
];
const DATES: [&str; 5] = [
    "issued",
    "accessed",
    "submitted",
    "event-date",
    "original-date",
];

/// Which of two items to keep: the published one, else the one with more fields, else the first.
pub fn keeps_first(first: &Item, second: &Item) -> bool {
    let published = |item: &Item| Signature::of(item).stage == Stage::Published;
    match (published(first), published(second)) {
        (true, false) => true,
        (false, true) => false,
        _ => first.fields().len() >= second.fields().len(),
    }
}

/// Merges `other` into `kept`, whose id and order of fields stay.
pub fn merge(kept: &Item, other: &Item) -> Merge {
    let (of_kept, of_other) = (Signature::of(kept), Signature::of(other));
    let published = match (of_kept.stage, of_other.stage) {
        (Stage::Published, Stage::Preprint) => Some(Side::Kept),
        (Stage::Preprint, Stage::Published) => Some(Side::Other),
        _ => None,
    };
    let mut merger = Merger {
        published,
        choices: Vec::new(),
    };
    let mut fields = merger.objects(kept.fields(), other.fields(), "");
    merger.keep_arxiv(&mut fields, kept, other);
    Merge {
        item: Item::from_fields(fields),
        choices: merger.choices,
    }
}

struct Merger {
    published: Option<Side>,
    choices: Vec<FieldChoice>,
}

impl Merger {
    fn objects(
        &mut self,
        kept: &Map<String, Value>,
        other: &Map<String, Value>,
        path: &str,
    ) -> Map<String, Value> {
        let mut merged = Map::new();
        for (name, value) in kept {
            let theirs = other.get(name).filter(|theirs| !is_empty(theirs));
            let name_here = format!("{path}{name}");
            let value = match theirs {
                Some(_) if name_here == "id" => value.clone(),
                Some(theirs) if is_empty(value) => self.taken(name_here, theirs),
                Some(theirs) => self.values(name_here, value, theirs),
                None => value.clone(),
            };
            merged.insert(name.clone(), value);
        }
        for (name, theirs) in other {
            if !kept.contains_key(name) && !is_empty(theirs) {
                let value = self.taken(format!("{path}{name}"), theirs);
                merged.insert(name.clone(), value);
            }
        }
        merged
    }

    fn taken(&mut self, field: String, theirs: &Value) -> Value {
        self.choices.push(FieldChoice {
            field,
            kept: theirs.clone(),
            other: None,
            from: Side::Other,
            rule: "only there",
        });
        theirs.clone()
    }

    fn values(&mut self, field: String, ours: &Value, theirs: &Value) -> Value {
        if is_alike(&field, ours, theirs) {
            return ours.clone();
        }
        if let (Value::Object(ours), Value::Object(theirs), false) =
            (ours, theirs, DATES.contains(&field.as_str()))
        {
            return Value::Object(self.objects(ours, theirs, &format!("{field}.")));
        }
        let (from, rule) = self.decide(&field, ours, theirs);
        let (kept, other) = match from {
            Side::Kept => (ours.clone(), theirs.clone()),
            Side::Other => (theirs.clone(), ours.clone()),
            Side::Both => match together(&field, ours, theirs) {
                // The kept one says all of it already.
                both if both == *ours => return both,
                both => (both, theirs.clone()),
            },
        };
        self.choices.push(FieldChoice {
            field,
            kept: kept.clone(),
            other: Some(other),
            from,
            rule,
        });
        kept
    }

    fn decide(&self, field: &str, ours: &Value, theirs: &Value) -> (Side, &'static str) {
        if matches!(field, "keyword" | "note")
            || ours.is_array() && theirs.is_array() && !NAMES.contains(&field)
        {
            return (Side::Both, "put together");
        }
        if OF_PUBLICATION.contains(&field)
            && let Some(side) = self.published
        {
            return (side, "of the published version");
        }
        if NAMES.contains(&field) {
            return fuller(
                names(ours, field),
                names(theirs, field),
                "more of the names",
            );
        }
        if DATES.contains(&field) {
            let (ours, theirs) = (date(ours, field), date(theirs, field));
            if ours.0 == theirs.0 {
                return fuller(ours.1, theirs.1, "the more exact date");
            }
            return (Side::Kept, "of the kept item");
        }
        match field {
            "page" => fuller(range(ours), range(theirs), "the page range"),
            "abstract" => fuller(length(ours), length(theirs), "the longer one"),
            "title" => fuller(length(ours), length(theirs), "the fuller title"),
            _ if is_csl(field) => (Side::Kept, "of the kept item"),
            _ => fuller(length(ours), length(theirs), "the longer one"),
        }
    }

    /// An arXiv id that no field of the merged item tells any more goes into its note.
    fn keep_arxiv(&mut self, fields: &mut Map<String, Value>, kept: &Item, other: &Item) {
        let merged = Item::from_fields(fields.clone());
        let Some(id) = kept.arxiv().or_else(|| other.arxiv()) else {
            return;
        };
        if merged.arxiv().is_some() {
            return;
        }
        let line = format!("arXiv:{id}");
        let before = merged.text("note").map(std::borrow::Cow::into_owned);
        let note = match &before {
            Some(before) => format!("{before}\n{line}"),
            None => line,
        };
        self.choices.retain(|choice| choice.field != "note");
        self.choices.push(FieldChoice {
            field: "note".to_owned(),
            kept: note.clone().into(),
            other: other.fields().get("note").cloned(),
            from: Side::Both,
            rule: "the arXiv id of the preprint",
        });
        fields.insert("note".to_owned(), note.into());
    }
}

fn fuller<T: PartialOrd + Copy>(ours: T, theirs: T, rule: &'static str) -> (Side, &'static str) {
    if theirs > ours {
        (Side::Other, rule)
    } else if ours > theirs {
        (Side::Kept, rule)
    } else {
        (Side::Kept, "of the kept item")
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn is_alike(field: &str, ours: &Value, theirs: &Value) -> bool {
    if ours == theirs {
        return true;
    }
    let (ours, theirs) = (text(ours), text(theirs));
    if field == "DOI" {
        let bare = |text: &str| bare_doi(text).unwrap_or(text).to_lowercase();
        return bare(&ours) == bare(&theirs);
    }
    if field == "page" {
        let plain = |text: &str| {
            identifier::pages(text)
                .replace(['–', '—'], "-")
                .replace("--", "-")
        };
        return plain(&ours) == plain(&theirs);
    }
    ours == theirs
}

fn length(value: &Value) -> usize {
    text(value).chars().count()
}

/// Number of names, and letters of the given names: "Ashish" says more than "A.".
fn names(value: &Value, field: &str) -> (usize, usize) {
    let item = Item::from_fields(Map::from_iter([(field.to_owned(), value.clone())]));
    let names = item.names(field);
    let letters = names.iter().map(|name| name.full().chars().count());
    (names.len(), letters.sum())
}

/// Year of a date, and how much of it is known.
fn date(value: &Value, field: &str) -> (Option<i32>, usize) {
    let item = Item::from_fields(Map::from_iter([(field.to_owned(), value.clone())]));
    let year = item.date(field).and_then(|date| date.year());
    let parts = value.get("date-parts").and_then(|parts| parts.get(0));
    let known = parts.and_then(Value::as_array).map_or(0, Vec::len);
    (year, known)
}

fn range(value: &Value) -> (bool, usize) {
    let text = text(value);
    (text.contains(['-', '–']), text.len())
}

/// Fields of which a longer text is not a fuller one.
fn is_csl(field: &str) -> bool {
    const SAYS_LITTLE: [&str; 15] = [
        "DOI",
        "URL",
        "PMID",
        "PMCID",
        "ISBN",
        "ISSN",
        "language",
        "source",
        "archive",
        "archive_location",
        "call-number",
        "citation-key",
        "citation-label",
        "collection-number",
        "version",
    ];
    OF_PUBLICATION.contains(&field) || SAYS_LITTLE.contains(&field)
}

/// Keywords and lists without repetition, notes one below the other.
fn together(field: &str, ours: &Value, theirs: &Value) -> Value {
    if let (Value::Array(ours), Value::Array(theirs)) = (ours, theirs) {
        let mut list = ours.clone();
        list.extend(theirs.iter().filter(|value| !ours.contains(value)).cloned());
        return Value::Array(list);
    }
    if field == "keyword" {
        let words = |value: &Value| {
            let fields = Map::from_iter([("keyword".to_owned(), value.clone())]);
            identifier::keywords(&Item::from_fields(fields))
        };
        let mut all = words(ours);
        let known: Vec<String> = all.iter().map(|word| word.to_lowercase()).collect();
        let more = words(theirs).into_iter();
        let more: Vec<String> = more
            .filter(|word| !known.contains(&word.to_lowercase()))
            .collect();
        if more.is_empty() {
            return ours.clone();
        }
        all.extend(more);
        let separator = if all.iter().any(|word| word.contains(',')) {
            "; "
        } else {
            ", "
        };
        return all.join(separator).into();
    }
    let (first, second) = (text(ours), text(theirs));
    if first.contains(&second) {
        return ours.clone();
    }
    let raw = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    format!("{}\n{}", raw(ours), raw(theirs)).into()
}
