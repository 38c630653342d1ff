//! DataCite's REST API: `/dois/DOI` (format: <https://support.datacite.org/docs/api>): data sets, software, theses,
//! preprints of arXiv.

use serde_json::Value;

use super::draft::{Draft, Parts, institution, iso_date, list, person, spoken, text_of, written};
use super::{Service, Unusable, encoded_path, object};
use crate::core::identify::without_version;
use crate::core::item::{Item, arxiv_id};

/// The registration of a DOI.
pub fn url(base: &str, doi: &str) -> String {
    format!("{base}/dois/{}", encoded_path(doi))
}

/// The DOI that arXiv registers for one of its papers.
pub fn arxiv_doi(id: &str) -> String {
    format!("10.48550/arxiv.{}", without_version(id).to_lowercase())
}

/// The item of a registration.
///
/// # Errors
/// When the answer holds none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    let answer = Value::Object(object(body)?);
    let Some(record) = answer.pointer("/data/attributes") else {
        return Err(if answer.pointer("/errors").is_some() {
            Unusable::Absent
        } else {
            Unusable::Unreadable("answered with JSON that holds no registration".to_owned())
        });
    };
    let doi = text_of(record, "/doi").unwrap_or_default();
    let arxiv = arxiv_id(doi, false).map(str::to_owned);
    let mut draft = Draft::new(if arxiv.is_some() {
        "article"
    } else {
        kind(record)
    });
    let titles = list(record, "/titles");
    let title = titles
        .iter()
        .find(|title| text_of(title, "/titleType").is_none())
        .or_else(|| titles.first());
    let title = title.and_then(|title| text_of(title, "/title"));
    draft.text(
        "title",
        title.map(|title| title.trim_end_matches([' ', '/'])),
    );
    draft.names(
        "author",
        list(record, "/creators").iter().filter_map(creator),
    );
    let editors = list(record, "/contributors").iter().filter(|contributor| {
        text_of(contributor, "/contributorType").is_some_and(|kind| kind == "Editor")
    });
    draft.names("editor", editors.filter_map(creator));
    let publisher = text_of(record, "/publisher").or_else(|| text_of(record, "/publisher/name"));
    draft.text("publisher", publisher.filter(|name| *name != "(:unav)"));
    // An archive is no container of the preprints that it publishes.
    let container = text_of(record, "/container/title");
    draft.text(
        "container-title",
        container.filter(|title| Some(*title) != publisher),
    );
    draft.text("volume", written(record, "/container/volume").as_deref());
    draft.text("issue", written(record, "/container/issue").as_deref());
    let pages = (
        written(record, "/container/firstPage"),
        written(record, "/container/lastPage"),
    );
    draft.text(
        "page",
        match pages {
            (Some(first), Some(last)) if first != last => Some(format!("{first}-{last}")),
            (first, _) => first,
        }
        .as_deref(),
    );
    draft.date("issued", issued(record));
    draft.doi(Some(doi));
    draft.text("version", written(record, "/version").as_deref());
    draft.text("language", text_of(record, "/language"));
    draft.address(text_of(record, "/url"));
    let about = list(record, "/descriptions")
        .iter()
        .find(|one| text_of(one, "/descriptionType").is_none_or(|kind| kind == "Abstract"));
    draft.about(about.and_then(|one| text_of(one, "/description")));
    if let Some(id) = arxiv {
        draft.text("number", Some(&format!("arXiv:{id}")));
    }
    let cited = list(record, "/relatedIdentifiers")
        .iter()
        .filter(|related| {
            matches!(
                text_of(related, "/relationType"),
                Some("Cites" | "References")
            ) && text_of(related, "/relatedIdentifierType") == Some("DOI")
        });
    draft.references(cited.filter_map(|related| text_of(related, "/relatedIdentifier")));
    draft.item(Service::DataCite)
}

fn creator(creator: &Value) -> Option<Value> {
    let part = |part: &str| text_of(creator, part).unwrap_or_default();
    let name = part("/name");
    if part("/nameType") == "Organizational" {
        return institution(name);
    }
    if !part("/familyName").trim().is_empty() {
        return person(part("/familyName"), part("/givenName"), "");
    }
    match name.matches(',').count() {
        1 => spoken(name),
        // Several people in one name, or one whose parts are not told apart: it stays as it was registered.
        _ => institution(name),
    }
}

fn issued(record: &Value) -> Option<Parts> {
    let of = |kind: &str| {
        list(record, "/dates")
            .iter()
            .find(|date| text_of(date, "/dateType") == Some(kind))
            .and_then(|date| iso_date(text_of(date, "/date")?))
    };
    let year = record
        .pointer("/publicationYear")
        .and_then(|year| year.as_i64().or_else(|| year.as_str()?.parse().ok()));
    // Thai libraries register years of the Buddhist era.
    if let Some(year) = year.filter(|year| (2400..2700).contains(year)) {
        return Some((year - 543, None, None));
    }
    of("Issued")
        .filter(|(issued, ..)| year.is_none_or(|year| year == *issued))
        .or_else(|| of("Submitted").filter(|(at, ..)| Some(*at) == year))
        .or_else(|| year.map(|year| (year, None, None)))
        .or_else(|| of("Issued"))
}

fn kind(record: &Value) -> &'static str {
    let general = text_of(record, "/types/resourceTypeGeneral").unwrap_or_default();
    let citeproc = text_of(record, "/types/citeproc").unwrap_or_default();
    match (general, citeproc) {
        ("Dissertation", _) | (_, "thesis") => "thesis",
        ("Software" | "ComputationalNotebook", _) => "software",
        ("Dataset", _) | (_, "dataset") => "dataset",
        ("JournalArticle" | "DataPaper", _) | (_, "article-journal") => "article-journal",
        ("Preprint", _) => "article",
        ("ConferencePaper", _) | (_, "paper-conference") => "paper-conference",
        ("Book", _) | (_, "book") => "book",
        ("BookChapter", _) | (_, "chapter") => "chapter",
        ("Report", _) | (_, "report") => "report",
        ("Audiovisual", _) => "motion_picture",
        ("Image", _) => "graphic",
        ("Standard", _) => "standard",
        _ => "document",
    }
}
