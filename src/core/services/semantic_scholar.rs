//! Semantic Scholar's academic graph (<https://api.semanticscholar.org/api-docs/graph>).

use serde_json::Value;

use super::draft::{Draft, count, iso_date, list, spoken, text_of, written};
use super::metrics::{Figure, Metrics};
use super::title::Candidate;
use super::{Service, Unusable, encoded, object};
use crate::core::identify::{Identifier, without_version};
use crate::core::item::Item;

const METRICS: &str = "citationCount,influentialCitationCount,referenceCount";
const FIELDS: &str =
    "title,abstract,venue,year,publicationDate,journal,authors,externalIds,publicationTypes";

/// The figures of a paper; `None` for what the service does not know papers by.
pub fn metrics_url(base: &str, identifier: &Identifier) -> Option<String> {
    let id = match identifier {
        Identifier::Doi(doi) => format!("DOI:{doi}"),
        Identifier::Pmid(id) => format!("PMID:{id}"),
        Identifier::Pmcid(id) => format!("PMCID:{}", id.trim_start_matches("PMC")),
        Identifier::Arxiv(id) => format!("ARXIV:{}", without_version(id)),
        _ => return None,
    };
    Some(format!("{base}/paper/{}?fields={METRICS}", encoded(&id)))
}

/// The paper whose title is nearest.
pub fn title_url(base: &str, title: &str) -> String {
    let title: String = title.chars().take(300).collect();
    format!(
        "{base}/paper/search/match?fields={FIELDS}&query={}",
        encoded(&title)
    )
}

/// The item of one paper.
///
/// # Errors
/// When the answer holds none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    let answer = Value::Object(object(body)?);
    item(paper(&answer)?)
}

/// The papers found for a title.
///
/// # Errors
/// When the answer is no list of papers.
pub fn parse_titles(body: &[u8]) -> Result<Vec<Candidate>, Unusable> {
    let answer = Value::Object(object(body)?);
    if answer.pointer("/data").is_none() {
        return Err(failed(&answer));
    }
    Ok(list(&answer, "/data")
        .iter()
        .filter_map(|paper| item(paper).ok())
        .map(|item| Candidate::new(item, Service::SemanticScholar))
        .collect())
}

/// The figures of one paper.
///
/// # Errors
/// When the answer holds none.
pub fn parse_metrics(body: &[u8]) -> Result<Metrics, Unusable> {
    let answer = Value::Object(object(body)?);
    let paper = paper(&answer)?;
    Ok(Metrics {
        citations: count(paper, "/citationCount")
            .map(|count| Figure {
                source: Service::SemanticScholar,
                count,
            })
            .into_iter()
            .collect(),
        influential: count(paper, "/influentialCitationCount"),
        references: count(paper, "/referenceCount"),
        ..Metrics::default()
    })
}

fn paper(answer: &Value) -> Result<&Value, Unusable> {
    if answer.pointer("/paperId").is_some_and(|id| !id.is_null()) {
        return Ok(answer);
    }
    Err(failed(answer))
}

fn failed(answer: &Value) -> Unusable {
    match text_of(answer, "/error").or_else(|| text_of(answer, "/message")) {
        Some(error) if error.contains("not found") => Unusable::Absent,
        Some(error) => Unusable::Unreadable(format!("answered: {}", super::markup::line(error))),
        None => Unusable::Unreadable("answered with JSON that holds no paper".to_owned()),
    }
}

fn item(paper: &Value) -> Result<Item, Unusable> {
    let kinds = list(paper, "/publicationTypes");
    let is = |kind: &str| kinds.iter().any(|one| one.as_str() == Some(kind));
    let mut draft = Draft::new(if is("Conference") {
        "paper-conference"
    } else if is("Book") {
        "book"
    } else if is("JournalArticle") || paper.pointer("/journal/volume").is_some() {
        "article-journal"
    } else {
        "article"
    });
    draft.text("title", text_of(paper, "/title"));
    let authors = list(paper, "/authors")
        .iter()
        .filter_map(|author| spoken(text_of(author, "/name")?));
    draft.names("author", authors);
    let journal = text_of(paper, "/journal/name").filter(|name| !name.is_empty());
    draft.text(
        "container-title",
        journal.or_else(|| text_of(paper, "/venue")),
    );
    draft.text("volume", text_of(paper, "/journal/volume"));
    draft.text("page", text_of(paper, "/journal/pages"));
    let year = paper.pointer("/year").and_then(Value::as_i64);
    let date = text_of(paper, "/publicationDate")
        .and_then(iso_date)
        .filter(|(of, ..)| year.is_none_or(|year| year == *of));
    draft.date("issued", date.or(year.map(|year| (year, None, None))));
    draft.doi(text_of(paper, "/externalIds/DOI"));
    draft.text("PMID", written(paper, "/externalIds/PubMed").as_deref());
    if let Some(id) = written(paper, "/externalIds/ArXiv") {
        draft.text("number", Some(&format!("arXiv:{id}")));
    }
    draft.about(text_of(paper, "/abstract"));
    draft.item(Service::SemanticScholar)
}
