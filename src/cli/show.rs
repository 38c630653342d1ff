//! `offprint show ID [--markdown]`.

use clap::Args;

use super::failure::Failure;
use super::library::Session;
use super::output::Out;
use super::paper;
use crate::core::catalogue::SIMILAR_SHOWN;
use crate::core::page::{self, Facts, PdfLook};
#[cfg(feature = "pdf")]
use crate::runtime::attachment::found;
use crate::runtime::model_kept::FindingsFolder;
#[cfg(feature = "pdf")]
use crate::runtime::pdf;

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
    let noted = (session.catalogue.notes.state()).paper(session.catalogue.library.id(no));
    let by_model = FindingsFolder::of(&session.library).and_then(|kept| kept.find(&read.item.id()));
    let look = look(&noted.files, session);
    let page = page::build(
        &read.item,
        &Facts {
            key: &read.key,
            related: Some(&related),
            indexed: true,
            citations: &read.citations,
            notes: Some(&noted),
            metrics: read.metrics.as_ref(),
            findings: Some(&read.findings),
            by_model: by_model.as_ref(),
            pdf: look.as_ref(),
        },
    );
    if out.is_json() {
        let mut value = page::to_json(&page);
        if let Some(object) = value.as_object_mut() {
            let state = session.catalogue.notes.state();
            let paper = paper::to_json(&session.catalogue.library, state, no);
            for field in [
                "status", "starred", "rating", "priority", "tags", "comments",
            ] {
                object.insert(
                    field.to_owned(),
                    paper.get(field).cloned().unwrap_or_default(),
                );
            }
        }
        return out.json(&value);
    }
    let text = if arguments.markdown {
        page::to_markdown(&page)
    } else {
        page::to_text(&page)
    };
    out.line(text.trim_end_matches('\n'))
}

/// What is known of the attached PDF.
#[cfg(feature = "pdf")]
fn look(files: &[String], session: &Session) -> Option<PdfLook> {
    let file = page::first_pdf(files)?;
    let path = found(file, &session.library);
    Some(pdf::look(&pdf::Program::default(), &path, &|| false))
}

#[cfg(not(feature = "pdf"))]
fn look(_: &[String], _: &Session) -> Option<PdfLook> {
    None
}
