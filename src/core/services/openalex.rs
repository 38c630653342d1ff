//! OpenAlex: works (<https://docs.openalex.org/api-entities/works/work-object>).

use std::collections::BTreeMap;

use serde_json::Value;

use super::draft::{Draft, count, iso_date, list, spoken, text_of, web_address};
use super::metrics::{Figure, Metrics, Notice, NoticeKind, OpenAccess};
use super::{Service, Unusable, encoded_path, object};
use crate::core::identify::Identifier;
use crate::core::item::{Item, arxiv_id};

/// Abstracts with more words than this are no abstracts.
const MOST_WORDS: u64 = 100_000;

/// The work with an identifier; `None` for what the service does not know works by.
pub fn url(base: &str, identifier: &Identifier) -> Option<String> {
    let id = match identifier {
        Identifier::Doi(doi) => format!("doi:{}", encoded_path(doi)),
        Identifier::Arxiv(id) => format!("doi:{}", encoded_path(&super::datacite::arxiv_doi(id))),
        Identifier::Pmid(id) => format!("pmid:{id}"),
        Identifier::Pmcid(id) => format!("pmcid:{}", id.trim_start_matches("PMC")),
        _ => return None,
    };
    Some(format!("{base}/works/{id}"))
}

/// The item of a work.
///
/// # Errors
/// When the answer holds none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    let answer = work(body)?;
    let raw_kind = text_of(&answer, "/type").unwrap_or_default();
    let source = "/primary_location/source";
    let of_source = |field: &str| text_of(&answer, &format!("{source}/{field}"));
    let is_repository = of_source("type") == Some("repository");
    let mut draft = Draft::new(match raw_kind {
        "preprint" => "article",
        "article" if is_repository => "article",
        "article" | "review" | "letter" | "editorial" | "erratum" | "retraction" => {
            if of_source("type") == Some("conference") {
                "paper-conference"
            } else {
                "article-journal"
            }
        }
        "book" | "reference-book" => "book",
        "book-chapter" | "reference-entry" => "chapter",
        "dissertation" => "thesis",
        "dataset" => "dataset",
        "report" => "report",
        "standard" => "standard",
        "software" => "software",
        _ => "document",
    });
    draft.text(
        "title",
        text_of(&answer, "/title").or_else(|| text_of(&answer, "/display_name")),
    );
    let authors = list(&answer, "/authorships").iter().filter_map(|one| {
        spoken(text_of(one, "/raw_author_name").or_else(|| text_of(one, "/author/display_name"))?)
    });
    draft.names("author", authors);
    draft.text(
        if is_repository {
            "publisher"
        } else {
            "container-title"
        },
        of_source("display_name"),
    );
    draft.text("ISSN", of_source("issn_l"));
    draft.text("volume", text_of(&answer, "/biblio/volume"));
    draft.text("issue", text_of(&answer, "/biblio/issue"));
    let pages = (
        text_of(&answer, "/biblio/first_page"),
        text_of(&answer, "/biblio/last_page"),
    );
    draft.text(
        "page",
        match pages {
            (Some(first), Some(last)) if first != last => Some(format!("{first}-{last}")),
            (first, _) => first.map(str::to_owned),
        }
        .as_deref(),
    );
    let year = answer.pointer("/publication_year").and_then(Value::as_i64);
    // The first of January stands for an unknown day.
    let date = text_of(&answer, "/publication_date")
        .filter(|date| !date.ends_with("-01-01"))
        .and_then(iso_date);
    draft.date("issued", date.or(year.map(|year| (year, None, None))));
    let doi = text_of(&answer, "/doi");
    draft.doi(doi);
    if let Some(id) = doi.and_then(|doi| arxiv_id(doi, false)) {
        draft.text("number", Some(&format!("arXiv:{id}")));
    }
    let last_part = |path: &str| text_of(&answer, path).and_then(|id| id.rsplit('/').next());
    draft.text("PMID", last_part("/ids/pmid"));
    let pmc = last_part("/ids/pmcid").map(|id| format!("PMC{}", id.trim_start_matches("PMC")));
    draft.text("PMCID", pmc.as_deref());
    draft.text("language", text_of(&answer, "/language"));
    draft.about(uninverted(&answer).as_deref());
    draft.item(Service::OpenAlex)
}

/// The figures of a work.
///
/// # Errors
/// When the answer holds none.
pub fn parse_metrics(body: &[u8]) -> Result<Metrics, Unusable> {
    let answer = work(body)?;
    let mut years = BTreeMap::new();
    for year in list(&answer, "/counts_by_year") {
        if let (Some(at), Some(cited)) = (
            year.pointer("/year")
                .and_then(Value::as_i64)
                .and_then(|year| i32::try_from(year).ok())
                .filter(|year| (1000..=9999).contains(year)),
            count(year, "/cited_by_count"),
        ) {
            years.insert(at, cited);
        }
    }
    let number = |path: &str| {
        answer
            .pointer(path)
            .and_then(Value::as_f64)
            .filter(|number| number.is_finite() && *number >= 0.0)
    };
    let status = text_of(&answer, "/open_access/oa_status");
    let address = |path: &str| {
        text_of(&answer, path)
            .and_then(web_address)
            .map(str::to_owned)
    };
    let is_retracted = answer.pointer("/is_retracted").and_then(Value::as_bool) == Some(true);
    Ok(Metrics {
        citations: count(&answer, "/cited_by_count")
            .map(|count| Figure {
                source: Service::OpenAlex,
                count,
            })
            .into_iter()
            .collect(),
        by_year: years.into_iter().collect(),
        references: count(&answer, "/referenced_works_count"),
        field_weighted: number("/fwci"),
        percentile: number("/citation_normalized_percentile/value")
            .filter(|value| *value <= 1.0)
            .map(|value| value * 100.0),
        open_access: status.map(|status| OpenAccess {
            status: super::markup::line(status),
            license: text_of(&answer, "/best_oa_location/license").map(super::markup::line),
            pdf: address("/best_oa_location/pdf_url"),
            page: address("/open_access/oa_url"),
        }),
        notices: is_retracted
            .then_some(Notice {
                kind: NoticeKind::Retracted,
                doi: None,
                date: None,
                source: Service::OpenAlex,
            })
            .into_iter()
            .collect(),
        ..Metrics::default()
    })
}

fn work(body: &[u8]) -> Result<Value, Unusable> {
    let answer = Value::Object(object(body)?);
    if text_of(&answer, "/id").is_some_and(|id| id.contains("openalex.org/W")) {
        return Ok(answer);
    }
    Err(match text_of(&answer, "/error") {
        Some(error) => Unusable::Unreadable(format!("answered: {}", super::markup::line(error))),
        None => Unusable::Unreadable("answered with JSON that holds no work".to_owned()),
    })
}

/// The abstract out of its index of words.
fn uninverted(answer: &Value) -> Option<String> {
    let index = answer.pointer("/abstract_inverted_index")?.as_object()?;
    let mut words = BTreeMap::new();
    for (word, places) in index {
        // One place may stand by itself.
        let single = std::slice::from_ref(places);
        let places = places.as_array().map_or(single, Vec::as_slice);
        for place in places.iter().filter_map(Value::as_u64) {
            if place < MOST_WORDS {
                words.insert(place, word.as_str());
            }
        }
    }
    let text = words.into_values().collect::<Vec<_>>().join(" ");
    Some(text).filter(|text| !text.is_empty())
}
