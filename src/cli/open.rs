//! `offprint open ID [--at PLACE]`.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::library::Session;
use super::output::Out;
use crate::core::actions::WebPlace;
use crate::runtime::environment::Environment;
use crate::runtime::open::{Opener, Target};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the paper
    pub(super) id: String,
    /// Where on the web: doi, arxiv, pubmed, semantic-scholar or connected-papers
    #[arg(long, value_name = "PLACE", value_parser = place, default_value = "doi")]
    at: WebPlace,
    /// Print the address instead of opening it
    #[arg(long)]
    print: bool,
}

fn place(name: &str) -> Result<WebPlace, String> {
    let wanted = name.to_lowercase();
    let mut all = WebPlace::ALL.into_iter();
    all.find(|place| place.name() == wanted).ok_or_else(|| {
        let names = WebPlace::ALL.map(WebPlace::name).join(", ");
        format!("there is no such place; take one of {names}")
    })
}

pub(super) fn run(arguments: &Arguments, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let paper = session.paper(&arguments.id)?;
    let item =
        (session.catalogue.item(paper)).map_err(|error| session.failed(&error.to_string()))?;
    let place = arguments.at;
    let address = place.address(&item).map_err(|reason| {
        session.failed(&format!("{}: {reason}; try another --at", arguments.id))
    })?;
    if !arguments.print {
        let target = Target::parse(&address).map_err(|error| Failure::Failed(error.to_string()))?;
        Opener::default()
            .open(&target, &Environment::from_process())
            .map_err(|error| {
                Failure::Failed(format!("{error}; --print prints the address instead"))
            })?;
    }
    if out.is_json() {
        return out.json(&json!({
            "id": arguments.id, "at": place.name(), "url": address, "opened": !arguments.print,
        }));
    }
    out.line(&address)
}
