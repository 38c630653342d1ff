//! Unpaywall: where a paper can be read freely (<https://unpaywall.org/products/api>).

use serde_json::Value;

use super::draft::{list, text_of, web_address};
use super::metrics::{Metrics, OpenAccess};
use super::{Unusable, encoded_path, object};

/// The paper with a DOI. The service wants the mail address of who asks, which is added on sending.
pub fn url(base: &str, doi: &str) -> String {
    format!("{base}/v2/{}", encoded_path(doi))
}

/// How a paper can be read.
///
/// # Errors
/// When the answer is about no paper.
pub fn parse_metrics(body: &[u8]) -> Result<Metrics, Unusable> {
    let answer = Value::Object(object(body)?);
    let Some(is_open) = answer.pointer("/is_oa").and_then(Value::as_bool) else {
        return Err(if answer.pointer("/error").is_some() {
            Unusable::Absent
        } else {
            Unusable::Unreadable("answered with JSON that is about no paper".to_owned())
        });
    };
    let status = text_of(&answer, "/oa_status").unwrap_or(if is_open { "open" } else { "closed" });
    let address = |path: &str| {
        text_of(&answer, path)
            .and_then(web_address)
            .map(str::to_owned)
    };
    Ok(Metrics {
        open_access: Some(OpenAccess {
            status: super::markup::line(status),
            license: text_of(&answer, "/best_oa_location/license").map(super::markup::line),
            pdf: pdf(&answer),
            page: address("/best_oa_location/url_for_landing_page")
                .or_else(|| address("/best_oa_location/url")),
        }),
        ..Metrics::default()
    })
}

/// The addresses of PDFs, the best first.
///
/// # Errors
/// As [`parse_metrics`].
pub fn parse_pdfs(body: &[u8]) -> Result<Vec<String>, Unusable> {
    parse_metrics(body)?;
    let answer = Value::Object(object(body)?);
    let mut all: Vec<String> = pdf(&answer).into_iter().collect();
    for location in list(&answer, "/oa_locations") {
        if let Some(url) = text_of(location, "/url_for_pdf").and_then(web_address)
            && !all.iter().any(|known| known == url)
        {
            all.push(url.to_owned());
        }
    }
    Ok(all)
}

fn pdf(answer: &Value) -> Option<String> {
    text_of(answer, "/best_oa_location/url_for_pdf")
        .and_then(web_address)
        .map(str::to_owned)
}
