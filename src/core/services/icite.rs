//! NIH iCite: relative citation ratios (<https://icite.od.nih.gov/api>).

use serde_json::Value;

use super::draft::{count, list, text_of};
use super::metrics::{Figure, Metrics, Relative};
use super::{Service, Unusable, encoded, object};

/// The figures of a PubMed number.
pub fn url(base: &str, pmid: &str) -> String {
    format!("{base}/pubs?pmids={}", encoded(pmid))
}

/// The figures of the first paper of an answer.
///
/// # Errors
/// When there is none.
pub fn parse_metrics(body: &[u8]) -> Result<Metrics, Unusable> {
    let answer = Value::Object(object(body)?);
    let record = match answer.pointer("/data") {
        Some(Value::Array(list)) => list.first().ok_or(Unusable::Absent)?,
        // One paper is also sent by itself.
        None if answer.pointer("/pmid").is_some() => &answer,
        _ => {
            return Err(Unusable::Unreadable(
                "answered with JSON that holds no papers".to_owned(),
            ));
        }
    };
    let number = |path: &str| {
        record
            .pointer(path)
            .and_then(Value::as_f64)
            .filter(|number| number.is_finite() && *number >= 0.0)
    };
    // Older versions wrote "Yes" and "No".
    let is_provisional = record.pointer("/provisional").and_then(Value::as_bool) == Some(true)
        || text_of(record, "/provisional") == Some("Yes");
    Ok(Metrics {
        citations: count(record, "/citation_count")
            .map(|count| Figure {
                source: Service::Icite,
                count,
            })
            .into_iter()
            .collect(),
        relative: number("/relative_citation_ratio").map(|ratio| Relative {
            ratio,
            percentile: number("/nih_percentile").filter(|percentile| *percentile <= 100.0),
            is_provisional,
        }),
        references: Some(list(record, "/references").len())
            .filter(|count| *count > 0)
            .and_then(|count| u32::try_from(count).ok()),
        ..Metrics::default()
    })
}
