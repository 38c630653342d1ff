//! `offprint search [--limit N] -- QUERY`.

use clap::Args;
use serde_json::json;

use super::failure::{Failure, say};
use super::library::Session;
use super::output::Out;
use super::paper;
use crate::core::index::Hits;
use crate::core::query::Query;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// At most so many papers
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Words, "phrases", author: title: venue: tag: key: doi: abstract: year: and !not, as in the search box
    #[arg(required = true)]
    query: Vec<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let hits = found(session, &words(&arguments.query))?;
    let library = &session.catalogue.library;
    let limit = arguments.limit.unwrap_or(usize::MAX);
    let papers = hits.papers().iter().copied().take(limit);
    if out.is_json() {
        return out.json_array(papers.enumerate().map(|(at, no)| {
            let mut object = paper::to_json(library, session.catalogue.notes.state(), no);
            if let Some(object) = object.as_object_mut() {
                let score = hits.score(at).unwrap_or_default();
                object.insert(
                    "score".to_owned(),
                    json!((f64::from(score) * 100.0).round() / 100.0),
                );
                object.insert("typo".to_owned(), json!(hits.is_typo(no)));
            }
            object
        }));
    }
    for no in papers {
        paper::print_row(library, no, out)?;
    }
    Ok(())
}

/// The words of the command line as one query.
pub(super) fn words(arguments: &[String]) -> String {
    arguments.join(" ")
}

/// Searches with the index, so that the answer is that of the app. What of the query makes no sense is said on standard
/// error.
pub(super) fn found(session: &mut Session, query: &str) -> Result<Hits, Failure> {
    let query = Query::parse(query);
    for problem in query.problems() {
        say(&format!("warning: query: {}", problem.message));
    }
    session.index()?;
    Ok(session.catalogue.search(&query, &|| false))
}
