//! `offprint for-you`.

use clap::Args;
use serde_json::json;

use super::failure::{Failure, say};
use super::library::Session;
use super::output::{Field, Out};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// At most so many papers
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    session.index()?;
    session.find_latent();
    let catalogue = &session.catalogue;
    let suggested = catalogue.for_you(arguments.limit, &|| false);
    let library = &catalogue.library;
    if out.is_json() {
        let thousandths = |score: f32| (f64::from(score) * 1000.0).round() / 1000.0;
        return out.json_array(suggested.papers().iter().map(|paper| {
            json!({
                "id": library.id(paper.no),
                "title": library.title(paper.no),
                "score": thousandths(paper.score),
                "like": library.id(paper.like),
                "why": catalogue.why_for_you(paper),
            })
        }));
    }
    if let Some(reason) = suggested.reason() {
        say(reason);
    }
    for paper in suggested.papers() {
        out.row(&[
            Field::Plain(&format!("{:.2}", paper.score)),
            Field::Head(library.id(paper.no)),
            Field::Plain(library.title(paper.no)),
            Field::Dim(&catalogue.why_for_you(paper)),
        ])?;
    }
    Ok(())
}
