//! `offprint findings ID`.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::library::Session;
use super::output::{Field, Out};
use crate::core::page::{self, Block, Facts, SectionKind};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the paper
    id: String,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let item = session
        .catalogue
        .item(no)
        .map_err(|error| session.failed(&error.to_string()))?;
    let page = page::build(&item, &Facts::default());
    let Some(section) = page.section(SectionKind::KeyFindings) else {
        return Ok(());
    };
    if out.is_json() {
        let mut value = page::findings_to_json(section);
        if let Some(object) = value.as_object_mut() {
            object.insert("id".to_owned(), json!(page.id));
        }
        return out.json(&value);
    }
    for block in &section.blocks {
        match block {
            Block::Finding(finding) => {
                out.row(&[Field::Head(finding.label), Field::Plain(&finding.sentence)])?;
            }
            Block::Note(note) => out.row(&[Field::Dim(note)])?,
            _ => {}
        }
    }
    Ok(())
}
