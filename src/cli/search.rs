//! `offprint search [--limit N] -- QUERY`.

use clap::Args;
use serde_json::json;

use super::failure::{Failure, say};
use super::library::Session;
use super::output::Out;
use super::paper;
use crate::core::index::Hits;
use crate::core::order::{Order, SortKey};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// At most so many papers
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    sort: SortArguments,
    /// Words, "phrases", author: title: venue: tag: key: doi: abstract: year: is: has: like:, !not and @saved, as in the search box
    #[arg(required = true)]
    query: Vec<String>,
}

/// How a list is to be ordered.
#[derive(Debug, Args)]
pub(super) struct SortArguments {
    /// Order by relevance, added, year, title, author, status, rating, priority or queue
    #[arg(long, value_name = "KEY", value_parser = sort_key)]
    sort: Option<SortKey>,
    /// The other way round than is usual: oldest, worst, last first
    #[arg(long)]
    reverse: bool,
}

impl SortArguments {
    /// The order, where one is asked for.
    pub(super) fn order(&self) -> Option<Order> {
        (self.sort.is_some() || self.reverse).then(|| Order {
            key: self.sort.unwrap_or_default(),
            reversed: self.reverse,
        })
    }
}

fn sort_key(name: &str) -> Result<SortKey, String> {
    SortKey::of_name(name).ok_or_else(|| {
        let names = SortKey::ALL.map(SortKey::name);
        format!("there is {}", names.join(", "))
    })
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let order = arguments.sort.order().unwrap_or_default();
    let hits = found(session, &words(&arguments.query), order)?;
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
pub(super) fn found(session: &mut Session, query: &str, order: Order) -> Result<Hits, Failure> {
    let query = session.catalogue.parse(query);
    for problem in query.problems() {
        say(&format!("warning: query: {}", problem.message));
    }
    session.index()?;
    Ok(session.catalogue.search(&query, order, &|| false))
}
