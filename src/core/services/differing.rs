//! Where the library and a service say different things about a paper, field by field, and taking over what is wanted.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::core::identify::find_doi;
use crate::core::item::Item;
use crate::core::page::{date_text, thousands};
use crate::core::text::clean;

/// The list of the works that a paper cites, which is kept under `custom.offprint`.
pub const REFERENCES: &str = "references";

/// A field in which two items differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The CSL variable, or [`REFERENCES`].
    pub field: String,
    /// What the library has, as text; `None` for nothing.
    pub here: Option<String>,
    /// What the service has.
    pub there: String,
}

/// The fields that a service fills in otherwise than the library does, compared as text; what the service leaves out
/// differs in nothing.
pub fn differences(here: &Item, there: &Item) -> Vec<Differing> {
    let mut all = Vec::new();
    for field in there.fields().keys() {
        if matches!(field.as_str(), "id" | "custom" | "note" | "URL") {
            continue;
        }
        let Some(new) = shown(there, field) else {
            continue;
        };
        let old = shown(here, field);
        if old.as_deref().map(|old| plain(field, old)) != Some(plain(field, &new)) {
            all.push(Differing {
                field: field.clone(),
                here: old,
                there: new,
            });
        }
    }
    let (old, new) = (references(here), references(there));
    if !new.is_empty() && old != new {
        let count = |list: &BTreeSet<String>| match list.len() {
            1 => "1 work".to_owned(),
            many => format!("{} works", thousands(many)),
        };
        all.push(Differing {
            field: REFERENCES.to_owned(),
            here: Some(count(&old)).filter(|_| !old.is_empty()),
            there: count(&new),
        });
    }
    all
}

/// The DOIs of the works that a paper cites.
fn references(item: &Item) -> BTreeSet<String> {
    let list = item.own(REFERENCES).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|one| Some(plain("DOI", one.get("DOI")?.as_str()?)))
        .collect()
}

/// An item with the fields of another one that are wanted, of those in which they differ; all else stays as it is.
pub fn accepted(
    here: &Map<String, Value>,
    there: &Item,
    differing: &[Differing],
    is_wanted: &dyn Fn(&str) -> bool,
) -> Map<String, Value> {
    let mut after = here.clone();
    for one in differing.iter().filter(|one| is_wanted(&one.field)) {
        if one.field != REFERENCES {
            if let Some(value) = there.fields().get(&one.field) {
                after.insert(one.field.clone(), value.clone());
            }
            continue;
        }
        let mut object = &mut after;
        for name in ["custom", "offprint"] {
            let inner = object.entry(name).or_insert_with(|| json!({}));
            if !inner.is_object() {
                *inner = json!({});
            }
            match inner.as_object_mut() {
                Some(inner) => object = inner,
                None => return after,
            }
        }
        if let Some(list) = there.own(REFERENCES) {
            object.insert(REFERENCES.to_owned(), list.clone());
        }
    }
    after
}

/// A field as one line of display text.
fn shown(item: &Item, field: &str) -> Option<String> {
    let clean = |text: &str| clean(text).into_string();
    let text = match field {
        "type" => item.kind().to_owned(),
        "author" | "editor" | "translator" | "collection-editor" | "container-author" => item
            .names(field)
            .iter()
            .map(|name| clean(&name.full()))
            .collect::<Vec<_>>()
            .join(", "),
        "issued" => clean(&date_text(&item.date(field)?)),
        _ => clean(&item.text(field)?),
    };
    Some(text).filter(|text| !text.is_empty())
}

/// What does not matter between two ways of writing the same is taken away.
fn plain(field: &str, text: &str) -> String {
    if field == "DOI" {
        return find_doi(text).unwrap_or_else(|| text.to_lowercase());
    }
    text.replace("--", "-")
        .replace(['–', '—', '‐', '‑', '−'], "-")
        .replace(['’', '‘'], "'")
        .replace(['“', '”'], "\"")
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_in_substance_is_told() {
        let item = |text: &str| Item::parse(text.as_bytes()).unwrap();
        let here = item(
            r#"{"id": "a", "title": "A–B’s", "DOI": "https://doi.org/10.1000/X", "volume": 3, "page": "1--9", "issued": {"date-parts": [["2019"]]}, "note": "mine"}"#,
        );
        let there = item(
            r#"{"id": "b", "title": "A-B's.", "DOI": "10.1000/x", "volume": "4", "page": "1-9", "issued": {"date-parts": [[2019, 6]]}, "publisher": "P", "author": [{"family": "F", "given": "G"}]}"#,
        );
        let found: Vec<(String, Option<String>, String)> = differences(&here, &there)
            .into_iter()
            .map(|one| (one.field, one.here, one.there))
            .collect();
        let text = str::to_owned;
        assert_eq!(
            found,
            [
                (text("volume"), Some(text("3")), text("4")),
                (text("issued"), Some(text("2019")), text("June 2019")),
                (text("publisher"), None, text("P")),
                (text("author"), None, text("G F")),
            ]
        );
    }

    #[test]
    fn what_is_accepted_is_taken_as_it_is_and_the_rest_stays() {
        let here = Item::parse(
            br#"{"id": "a", "volume": 3, "x": 1.50, "custom": {"other": 1, "offprint": {"origin": {"from": "bib"}}}}"#,
        );
        let there = Item::parse(
            br#"{"id": "b", "volume": "4", "publisher": "P", "custom": {"offprint": {"references": [{"DOI": "10.1/x"}]}}}"#,
        );
        let (here, there) = (here.unwrap(), there.unwrap());
        let differing = differences(&here, &there);
        let fields: Vec<&str> = differing.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["volume", "publisher", "references"]);
        assert_eq!(
            (&differing[2].here, differing[2].there.as_str()),
            (&None, "1 work")
        );
        let after = accepted(here.fields(), &there, &differing, &|field| {
            field != "volume"
        });
        let text = Value::Object(after.clone()).to_string();
        assert_eq!(
            text,
            r#"{"id":"a","volume":3,"x":1.50,"custom":{"other":1,"offprint":{"origin":{"from":"bib"},"references":[{"DOI":"10.1/x"}]}},"publisher":"P"}"#
        );
        let left = differences(&Item::from_fields(after), &there);
        assert_eq!(left.len(), 1);
        assert_eq!(
            accepted(here.fields(), &there, &differing, &|_| false),
            *here.fields()
        );
    }
}
