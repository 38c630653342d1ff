//! `offprint cite ID... [--format F]`.

use clap::Args;
use serde_json::{Map, Value};

use super::failure::Failure;
use super::library::Session;
use super::output::Out;
use crate::core::cite::{Format, UnknownFormat};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The ids of the papers
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// bibtex, biblatex, csl, ris, key, latex, pandoc, doi, markdown or title [default: default-format of the
    /// configuration]
    #[arg(long, value_name = "F", value_parser = format)]
    format: Option<Format>,
}

fn format(text: &str) -> Result<Format, UnknownFormat> {
    text.parse()
}

pub(super) fn run(arguments: &Arguments, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let format = arguments
        .format
        .unwrap_or(session.config.settings.default_format);
    let papers = arguments
        .ids
        .iter()
        .map(|id| session.paper(id))
        .collect::<Result<Vec<_>, _>>()?;
    let cited = |papers: &[_]| {
        session
            .catalogue
            .cite(format, papers)
            .map_err(|error| session.failed(&format!("{error}; try another --format")))
    };
    if out.is_json() {
        let mut texts = Map::new();
        for (id, no) in arguments.ids.iter().zip(papers) {
            texts.insert(id.clone(), Value::String(cited(&[no])?));
        }
        return out.json(&Value::Object(texts));
    }
    out.line(&cited(&papers)?)
}
