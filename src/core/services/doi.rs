//! doi.org: CSL-JSON by content negotiation, from whichever agency a DOI is of
//! (<https://citation.crosscite.org/docs.html>), and the reading of any CSL-JSON that a service sends.

use serde_json::{Map, Value};

use super::crossref::{date, kind};
use super::draft::{Draft, first_text, institution, list, person, text_of, written};
use super::{Service, Unusable, encoded_path, object};
use crate::core::item::Item;

/// What is asked for.
pub const ACCEPT: &str = "application/vnd.citationstyles.csl+json, application/json;q=0.5";

/// The item with a DOI; to be asked with [`ACCEPT`].
pub fn url(base: &str, doi: &str) -> String {
    format!("{base}/{}", encoded_path(doi))
}

/// The item of an answer.
///
/// # Errors
/// When the answer holds none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    from_csl(object(body)?, Service::Doi)
}

/// Variables of CSL that are texts and are taken over.
const TEXTS: [&str; 22] = [
    "container-title",
    "container-title-short",
    "collection-title",
    "volume",
    "issue",
    "page",
    "number",
    "edition",
    "version",
    "publisher",
    "publisher-place",
    "event-title",
    "event-place",
    "genre",
    "medium",
    "language",
    "ISSN",
    "ISBN",
    "PMID",
    "PMCID",
    "number-of-pages",
    "archive",
];
/// Those that are names.
const NAMES: [&str; 5] = [
    "author",
    "editor",
    "translator",
    "collection-editor",
    "container-author",
];

/// CSL-JSON as services write it, with arrays for texts and types of their own, as an item.
pub(super) fn from_csl(answer: Map<String, Value>, service: Service) -> Result<Item, Unusable> {
    let value = Value::Object(answer);
    if value.pointer("/message").is_some() || value.pointer("/errors").is_some() {
        return Err(Unusable::Unreadable(
            "answered with JSON that is no citation".to_owned(),
        ));
    }
    let raw_kind = text_of(&value, "/type").unwrap_or_default();
    let mut draft = Draft::new(match raw_kind {
        "motion_picture" | "webpage" | "patent" | "speech" | "graphic" | "map" | "song"
        | "manuscript" | "post" | "post-weblog" | "entry-encyclopedia" | "entry-dictionary"
        | "article-magazine" | "article-newspaper" | "broadcast" | "figure" | "collection"
        | "periodical" => raw_kind,
        other => kind(other),
    });
    draft.text("title", first_text(&value, "/title"));
    for field in NAMES {
        let names = list(&value, &format!("/{field}")).iter().filter_map(name);
        draft.names(field, names);
    }
    for field in TEXTS {
        let path = format!("/{field}");
        let text = first_text(&value, &path)
            .map(str::to_owned)
            .or_else(|| written(&value, &path));
        draft.text(field, text.as_deref());
    }
    let issued = date(&value, "issued").or_else(|| {
        text_of(&value, "/issued/raw")
            .or_else(|| text_of(&value, "/issued/literal"))
            .and_then(super::draft::iso_date)
    });
    draft.date("issued", issued);
    draft.doi(text_of(&value, "/DOI"));
    draft.address(text_of(&value, "/URL"));
    draft.about(text_of(&value, "/abstract"));
    draft.references(
        list(&value, "/reference")
            .iter()
            .filter_map(|reference| text_of(reference, "/DOI")),
    );
    draft.item(service)
}

fn name(name: &Value) -> Option<Value> {
    let part = |part: &str| text_of(name, part).unwrap_or_default();
    let literal = [part("/literal"), part("/name")]
        .into_iter()
        .find(|text| !text.trim().is_empty());
    if part("/family").trim().is_empty() {
        return institution(literal.unwrap_or(part("/given")));
    }
    if part("/given").trim().is_empty() && part("/family").contains(' ') {
        // Consortia stand in the place of a family name.
        return institution(part("/family"));
    }
    let mut made = person(part("/family"), part("/given"), part("/suffix"))?;
    if let Some(made) = made.as_object_mut() {
        for particle in ["dropping-particle", "non-dropping-particle"] {
            let text = super::markup::line(part(&format!("/{particle}")));
            if !text.is_empty() {
                made.insert(particle.to_owned(), text.into());
            }
        }
    }
    Some(made)
}
