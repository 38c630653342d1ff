//! `offprint list [QUERY]`.

use clap::Args;

use super::failure::Failure;
use super::library::Session;
use super::output::Out;
use super::paper;
use super::search::{found, words};
use crate::core::paper::PaperNo;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only papers that match, as in the search box
    query: Vec<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let query = words(&arguments.query);
    let matching = if query.trim().is_empty() {
        None
    } else {
        let mut papers = found(session, &query)?.papers().to_vec();
        papers.sort_unstable();
        Some(papers)
    };
    let library = &session.catalogue.library;
    let papers: Vec<PaperNo> = matching.unwrap_or_else(|| library.numbers().collect());
    if out.is_json() {
        return out.json_array(
            papers
                .into_iter()
                .map(|no| paper::to_json(library, session.catalogue.notes.state(), no)),
        );
    }
    for no in papers {
        paper::print_row(library, no, out)?;
    }
    Ok(())
}
