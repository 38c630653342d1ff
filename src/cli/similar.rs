//! `offprint similar ID` and `offprint similar --text T`.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::library::Session;
use super::output::{Field, Out};
use crate::core::catalogue::why;
use crate::core::library::Texts;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the paper
    #[arg(required_unless_present = "text", conflicts_with = "text")]
    id: Option<String>,
    /// A text instead: an abstract, a question
    #[arg(long, value_name = "T")]
    text: Option<String>,
    /// At most so many papers
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let paper = match &arguments.id {
        Some(id) => Some(session.paper(id)?),
        None => None,
    };
    session.index()?;
    session.find_latent();
    let library = &session.catalogue.library;
    let Some(index) = &session.catalogue.index else {
        return Ok(());
    };
    let texts = Texts {
        library,
        source: session.catalogue.source.as_ref(),
    };
    let found = match (paper, &arguments.text) {
        (Some(no), _) => index.similar(no, arguments.limit, &texts),
        (None, text) => {
            index.similar_to_text(text.as_deref().unwrap_or_default(), arguments.limit, &texts)
        }
    };
    let hundredths = |score: f32| (f64::from(score) * 1000.0).round() / 1000.0;
    if out.is_json() {
        return out.json_array(found.iter().map(|similar| {
            json!({
                "id": library.id(similar.no),
                "title": library.title(similar.no),
                "score": hundredths(similar.score),
                "why": why(similar),
            })
        }));
    }
    for similar in &found {
        out.row(&[
            Field::Plain(&format!("{:.2}", similar.score)),
            Field::Head(library.id(similar.no)),
            Field::Plain(library.title(similar.no)),
            Field::Dim(&why(similar)),
        ])?;
    }
    Ok(())
}
