//! `offprint show ID [--markdown]`.

use clap::Args;

use super::failure::Failure;
use super::library::Session;
use super::output::Out;
use crate::core::catalogue::SIMILAR_SHOWN;
use crate::core::page::{self, Facts};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the paper
    id: String,
    /// As Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    session.index()?;
    let read = session
        .catalogue
        .page_item(no, &session.config.settings.shown_ways)
        .map_err(|error| session.failed(&error.to_string()))?;
    let related = session.catalogue.related(no, SIMILAR_SHOWN);
    let page = page::build(
        &read.item,
        &Facts {
            key: &read.key,
            related: Some(&related),
            citations: &read.citations,
        },
    );
    if out.is_json() {
        return out.json(&page::to_json(&page));
    }
    let text = if arguments.markdown {
        page::to_markdown(&page)
    } else {
        page::to_text(&page)
    };
    out.line(text.trim_end_matches('\n'))
}
