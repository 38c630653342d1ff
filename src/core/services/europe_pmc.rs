//! Europe PMC's search (<https://europepmc.org/RestfulWebService>).

use serde_json::Value;

use super::draft::{Draft, count, institution, iso_date, list, person, text_of};
use super::metrics::{Figure, Metrics};
use super::{Service, Unusable, encoded, object};
use crate::core::item::Item;

/// The record of a PubMed number.
pub fn url(base: &str, pmid: &str) -> String {
    search(base, &format!("EXT_ID:{pmid} AND SRC:MED"))
}

/// The record of a PMC number.
pub fn pmc_url(base: &str, pmcid: &str) -> String {
    search(base, &format!("PMCID:{pmcid}"))
}

/// The record of a DOI.
pub fn doi_url(base: &str, doi: &str) -> String {
    search(base, &format!("DOI:\"{doi}\""))
}

fn search(base: &str, query: &str) -> String {
    format!(
        "{base}/search?format=json&resultType=core&pageSize=1&query={}",
        encoded(query)
    )
}

/// The item of the first record.
///
/// # Errors
/// When there is none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    let answer = Value::Object(object(body)?);
    let record = first(&answer)?;
    let kinds = text_of(record, "/pubType").unwrap_or_default();
    let is_preprint = text_of(record, "/source") == Some("PPR") || kinds.contains("preprint");
    let mut draft = Draft::new(if is_preprint {
        "article"
    } else {
        "article-journal"
    });
    let title = text_of(record, "/title").map(|title| title.trim_end_matches('.'));
    draft.text("title", title);
    let authors = list(record, "/authorList/author");
    if authors.is_empty() {
        let listed = text_of(record, "/authorString").unwrap_or_default();
        draft.names(
            "author",
            listed
                .trim_end_matches('.')
                .split(", ")
                .filter_map(initialled),
        );
    } else {
        draft.names("author", authors.iter().filter_map(author));
    }
    let journal = |long: &str, short: &str| {
        text_of(record, long)
            .or_else(|| text_of(record, short))
            .map(str::to_owned)
    };
    draft.text(
        "container-title",
        journal("/journalInfo/journal/title", "/journalTitle").as_deref(),
    );
    draft.text(
        "container-title-short",
        text_of(record, "/journalInfo/journal/isoabbreviation"),
    );
    draft.text(
        "volume",
        journal("/journalInfo/volume", "/journalVolume").as_deref(),
    );
    draft.text("issue", journal("/journalInfo/issue", "/issue").as_deref());
    draft.text("page", text_of(record, "/pageInfo"));
    let issn = journal("/journalInfo/journal/issn", "/journalIssn");
    draft.text(
        "ISSN",
        issn.as_deref().and_then(|list| list.split(';').next()),
    );
    let year = text_of(record, "/pubYear").and_then(iso_date);
    let printed = text_of(record, "/journalInfo/printPublicationDate").and_then(iso_date);
    let first = text_of(record, "/firstPublicationDate").and_then(iso_date);
    let of_year = |date: &super::draft::Parts| year.is_none_or(|(year, ..)| year == date.0);
    draft.date(
        "issued",
        printed.filter(of_year).or(first.filter(of_year)).or(year),
    );
    draft.doi(text_of(record, "/doi"));
    draft.text("PMID", text_of(record, "/pmid"));
    draft.text("PMCID", text_of(record, "/pmcid"));
    draft.text("language", text_of(record, "/language"));
    draft.about(text_of(record, "/abstractText"));
    draft.item(Service::EuropePmc)
}

/// How often the first record is cited.
///
/// # Errors
/// When there is none.
pub fn parse_metrics(body: &[u8]) -> Result<Metrics, Unusable> {
    let answer = Value::Object(object(body)?);
    let record = first(&answer)?;
    Ok(Metrics {
        citations: count(record, "/citedByCount")
            .map(|count| Figure {
                source: Service::EuropePmc,
                count,
            })
            .into_iter()
            .collect(),
        ..Metrics::default()
    })
}

fn first(answer: &Value) -> Result<&Value, Unusable> {
    if answer.pointer("/resultList/result").is_none() {
        return Err(match answer.pointer("/hitCount").and_then(Value::as_u64) {
            Some(0) => Unusable::Absent,
            _ => Unusable::Unreadable("answered with JSON that holds no records".to_owned()),
        });
    }
    list(answer, "/resultList/result")
        .first()
        .ok_or(Unusable::Absent)
}

fn author(author: &Value) -> Option<Value> {
    let part = |part: &str| text_of(author, part).unwrap_or_default();
    if !part("/collectiveName").is_empty() {
        return institution(part("/collectiveName"));
    }
    let given = Some(part("/firstName"))
        .filter(|name| !name.is_empty())
        .unwrap_or(part("/initials"));
    if part("/lastName").is_empty() {
        return initialled(part("/fullName"));
    }
    person(part("/lastName"), given, part("/suffix"))
}

/// "Flaherty KT" as PubMed prints names; a group stays whole.
fn initialled(name: &str) -> Option<Value> {
    let (family, initials) = name.trim().rsplit_once(' ')?;
    let is_initials = (1..=4).contains(&initials.chars().count())
        && initials.chars().all(|c| c.is_uppercase() || c == '-');
    if is_initials {
        person(family, initials, "")
    } else {
        institution(name)
    }
}
