//! Crossref's REST API: `/works/DOI` and `/works?query.bibliographic=…`
//! (format: <https://api.crossref.org/swagger-ui/index.html>).

use std::fmt::Write as _;

use serde_json::Value;

use super::draft::{Draft, Parts, count, first_text, institution, list, person, text_of, written};
use super::metrics::{Figure, Metrics, Notice, NoticeKind};
use super::title::Candidate;
use super::{Service, Unusable, encoded, encoded_path, object};
use crate::core::item::Item;

/// Titles longer than this are looked for by their beginning.
const LONGEST_TITLE: usize = 400;

/// The work with a DOI.
pub fn url(base: &str, doi: &str) -> String {
    format!("{base}/works/{}", encoded_path(doi))
}

/// Works with a title.
pub fn title_url(base: &str, title: &str) -> String {
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    format!(
        "{base}/works?query.bibliographic={}&rows=5",
        encoded(&title)
    )
}

/// The item of a work.
///
/// # Errors
/// When the answer holds none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    let answer = object(body)?;
    let work = answer.get("message").ok_or_else(not_a_work)?;
    item(work)
}

/// The works found for a title, as the service ranks them.
///
/// # Errors
/// When the answer is no list of works.
pub fn parse_titles(body: &[u8]) -> Result<Vec<Candidate>, Unusable> {
    let answer = Value::Object(object(body)?);
    if answer.pointer("/message/items").is_none() {
        return Err(not_a_work());
    }
    Ok(list(&answer, "/message/items")
        .iter()
        .filter_map(|work| item(work).ok())
        .map(|item| Candidate::new(item, Service::Crossref))
        .collect())
}

/// How often a work is cited, and what corrected it.
///
/// # Errors
/// When the answer holds no work.
pub fn parse_metrics(body: &[u8]) -> Result<Metrics, Unusable> {
    let answer = object(body)?;
    let work = answer.get("message").ok_or_else(not_a_work)?;
    if work.get("DOI").is_none() {
        return Err(not_a_work());
    }
    let mut notices = Vec::new();
    for (field, is_of_this) in [("/updated-by", true), ("/update-to", false)] {
        for update in list(work, field) {
            let kind = text_of(update, "/type").unwrap_or_default();
            let Some(kind) = NoticeKind::of(kind, is_of_this) else {
                continue;
            };
            let date = date(update, "updated").map(iso);
            notices.push(Notice {
                kind,
                doi: text_of(update, "/DOI").and_then(crate::core::identify::find_doi),
                date,
                source: Service::Crossref,
            });
        }
    }
    Ok(Metrics {
        citations: count(work, "/is-referenced-by-count")
            .map(|count| Figure {
                source: Service::Crossref,
                count,
            })
            .into_iter()
            .collect(),
        references: count(work, "/references-count").or_else(|| count(work, "/reference-count")),
        notices,
        ..Metrics::default()
    })
}

fn not_a_work() -> Unusable {
    Unusable::Unreadable("answered with JSON that holds no work".to_owned())
}

fn item(work: &Value) -> Result<Item, Unusable> {
    let raw_kind = text_of(work, "/type").unwrap_or_default();
    let mut draft = Draft::new(kind(raw_kind));
    draft.text("title", title(work).as_deref());
    for field in ["author", "editor", "translator"] {
        draft.names(field, names(work, field));
    }
    draft.text("container-title", first_text(work, "/container-title"));
    draft.text(
        "container-title-short",
        first_text(work, "/short-container-title"),
    );
    for field in ["volume", "issue", "page", "language", "publisher"] {
        draft.text(field, first_text(work, &format!("/{field}")));
    }
    draft.text("publisher-place", text_of(work, "/publisher-location"));
    draft.text("edition", written(work, "/edition-number").as_deref());
    if !draft.has("page") {
        draft.text("number", text_of(work, "/article-number"));
    }
    draft.text("event-title", text_of(work, "/event/name"));
    draft.date(
        "issued",
        ["issued", "published-print", "published-online", "created"]
            .iter()
            .find_map(|field| date(work, field)),
    );
    draft.doi(text_of(work, "/DOI"));
    draft.text("ISSN", first_text(work, "/ISSN"));
    draft.text("ISBN", first_text(work, "/ISBN").map(bare_isbn));
    draft.address(text_of(work, "/resource/primary/URL").or_else(|| text_of(work, "/URL")));
    draft.about(text_of(work, "/abstract"));
    if raw_kind == "posted-content" {
        draft.text("genre", text_of(work, "/subtype"));
        draft.text_if_missing("publisher", first_text(work, "/institution/0/name"));
    }
    if raw_kind == "dissertation" {
        draft.text_if_missing("publisher", first_text(work, "/institution/0/name"));
        draft.text("genre", first_text(work, "/degree"));
    }
    draft.references(
        list(work, "/reference")
            .iter()
            .filter_map(|reference| text_of(reference, "/DOI")),
    );
    draft.item(Service::Crossref)
}

fn title(work: &Value) -> Option<String> {
    let title = first_text(work, "/title")?;
    let subtitle = first_text(work, "/subtitle").unwrap_or_default().trim();
    if subtitle.is_empty() || title.to_lowercase().contains(&subtitle.to_lowercase()) {
        return Some(title.to_owned());
    }
    let title = title.trim_end_matches([':', ' ']);
    Some(format!("{title}: {subtitle}"))
}

fn names<'a>(work: &'a Value, field: &str) -> impl Iterator<Item = Value> + 'a {
    list(work, &format!("/{field}")).iter().filter_map(|name| {
        let part = |part: &str| text_of(name, part).unwrap_or_default();
        if part("/family").trim().is_empty() && !part("/name").trim().is_empty() {
            return institution(part("/name"));
        }
        person(part("/family"), part("/given"), part("/suffix"))
    })
}

/// `{"date-parts": [[2015, 11, 19]]}`; `[[null]]` is no date.
pub(super) fn date(work: &Value, field: &str) -> Option<Parts> {
    let parts = list(work, &format!("/{field}/date-parts/0"));
    let at = |at: usize| {
        let part = parts.get(at)?;
        part.as_i64().or_else(|| part.as_str()?.trim().parse().ok())
    };
    Some((at(0)?, at(1), at(2)))
}

fn iso((year, month, day): Parts) -> String {
    let mut out = format!("{year:04}");
    for part in [month, day].into_iter().map_while(|part| part) {
        let _ = write!(out, "-{part:02}");
    }
    out
}

fn bare_isbn(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

/// The CSL type of Crossref's type.
pub(super) fn kind(kind: &str) -> &str {
    match kind {
        "reference-book" | "book-set" | "book-series" | "proceedings" => "book",
        "book-section" | "book-part" | "book-track" | "reference-entry" => "chapter",
        "report-series" | "report-component" => "report",
        "peer-review" => "review",
        "journal" | "journal-volume" | "journal-issue" => "periodical",
        "component" | "grant" | "other" | "database" => "document",
        other => match crate::core::item::canonical_kind(other) {
            known @ ("article-journal" | "article" | "paper-conference" | "chapter" | "book"
            | "thesis" | "report" | "dataset" | "standard" | "review" | "software"
            | "document") => known,
            _ => "document",
        },
    }
}
