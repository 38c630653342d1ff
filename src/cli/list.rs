//! `offprint list [QUERY]`.

use clap::Args;

use super::failure::Failure;
use super::library::Session;
use super::output::Out;
use super::paper;
use super::search::{SortArguments, found, words};
use crate::core::order;
use crate::core::paper::PaperNo;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sort: SortArguments,
    /// Only papers that match, as in the search box
    query: Vec<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let query = words(&arguments.query);
    let wanted = arguments.sort.order();
    let papers: Vec<PaperNo> = if query.trim().is_empty() {
        let catalogue = &session.catalogue;
        let mut papers: Vec<PaperNo> = catalogue.library.numbers().collect();
        let state = catalogue.notes.state();
        order::sort(
            &mut papers,
            wanted.unwrap_or_default(),
            &catalogue.library,
            state,
        );
        papers
    } else {
        let hits = found(session, &query, wanted.unwrap_or_default())?;
        let mut papers = hits.papers().to_vec();
        if wanted.is_none() {
            papers.sort_unstable();
        }
        papers
    };
    let library = &session.catalogue.library;
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
