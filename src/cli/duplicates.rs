//! `offprint duplicates`.

use clap::Args;
use serde_json::{Value, json};

use super::failure::Failure;
use super::library::Session;
use super::output::{Field, Out};
use super::paper::byline_of;
use crate::core::duplicates::merge::{Merge, keeps_first, merge};
use crate::core::duplicates::{Certainty, Finder, Group, Reason, Relation, preview};
use crate::core::item::Item;
use crate::core::paper::PaperNo;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print what a merge of this group would do, field by field; nothing is written
    #[arg(long, value_name = "GROUP")]
    preview: Option<usize>,
}

pub(super) fn run(arguments: &Arguments, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let (library, source) = (
        &session.catalogue.library,
        session.catalogue.source.as_ref(),
    );
    let unreadable = |error: crate::core::library::SourceError| session.failed(&error.to_string());
    let groups = Finder::new(library, source).map_err(unreadable)?.groups();
    let numbered = groups.iter().enumerate().map(|(at, group)| (at + 1, group));
    let wanted: Vec<(usize, &Group)> = match arguments.preview {
        None => numbered.collect(),
        Some(wanted) => {
            let found: Vec<_> = numbered.filter(|(number, _)| *number == wanted).collect();
            if found.is_empty() {
                let what = match groups.len() {
                    0 => "there are no duplicates".to_owned(),
                    1 => "there is group 1 alone".to_owned(),
                    count => format!("there are the groups 1 to {count}"),
                };
                return Err(Failure::Usage(format!(
                    "--preview: no group {wanted}; {what}"
                )));
            }
            found
        }
    };
    if out.is_json() {
        let values: Vec<Value> = wanted
            .iter()
            .map(|(number, group)| to_json(*number, group, session))
            .collect::<Result<_, _>>()?;
        return out.json_array(values.into_iter());
    }
    for (number, group) in wanted {
        print(number, group, session, out)?;
        if arguments.preview.is_some() {
            for step in steps(group, session)? {
                out.text(&preview::text(&step.kept, &step.other, &step.merge))?;
            }
        }
    }
    Ok(())
}

/// Why the papers of a group are together: every reason once, the strongest first.
fn reasons(group: &Group) -> String {
    let mut reasons: Vec<Reason> = group.links.iter().map(|link| link.reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let reasons: Vec<String> = reasons.iter().map(Reason::to_string).collect();
    reasons.join(", ")
}

fn print(number: usize, group: &Group, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let library = &session.catalogue.library;
    let what = match group.relation {
        Relation::Same => "twice",
        Relation::Versions => "versions of one work",
    };
    let what = match (group.relation, group.papers.len()) {
        (Relation::Same, 3..) => format!("{} times", group.papers.len()),
        _ => what.to_owned(),
    };
    let doubt = match group.certainty() {
        Certainty::Possible => ", only possibly",
        Certainty::Likely | Certainty::Certain => "",
    };
    let why = reasons(group);
    out.line(&format!("{number}. {what}{doubt}: {why}"))?;
    for no in &group.papers {
        out.row(&[
            Field::Plain(""),
            Field::Head(library.id(*no)),
            Field::Plain(library.title(*no)),
            Field::Dim(&byline_of(library, *no)),
        ])?;
    }
    Ok(())
}

fn to_json(number: usize, group: &Group, session: &Session) -> Result<Value, Failure> {
    let library = &session.catalogue.library;
    let papers: Vec<Value> = group
        .papers
        .iter()
        .map(|no| {
            json!({
                "id": library.id(*no),
                "title": library.title(*no),
                "year": library.year(*no),
                "line": library.line(*no),
            })
        })
        .collect();
    let links: Vec<Value> = group
        .links
        .iter()
        .map(|link| {
            json!({
                "first": library.id(link.first),
                "second": library.id(link.second),
                "reason": link.reason.name(),
                "certainty": link.certainty.name(),
            })
        })
        .collect();
    let mut value = json!({
        "group": number,
        "relation": group.relation.name(),
        "certainty": group.certainty().name(),
        "papers": papers,
        "links": links,
    });
    // Versions are cited each on its own: nobody is offered to lose one.
    if group.relation == Relation::Same
        && let Some(object) = value.as_object_mut()
    {
        let steps = steps(group, session)?;
        let steps = steps
            .iter()
            .map(|step| preview::json(&step.kept, &step.other, &step.merge));
        object.insert("merge".to_owned(), steps.collect());
    }
    Ok(value)
}

/// One paper going into another.
struct Step {
    kept: String,
    other: String,
    merge: Merge,
}

/// The group made one item, paper by paper.
fn steps(group: &Group, session: &Session) -> Result<Vec<Step>, Failure> {
    let read = |no: &PaperNo| -> Result<(String, Item), Failure> {
        let item = session.catalogue.item(*no);
        let item = item.map_err(|error| session.failed(&error.to_string()))?;
        Ok((session.catalogue.library.id(*no).to_owned(), item))
    };
    let mut items: Vec<(String, Item)> = group.papers.iter().map(read).collect::<Result<_, _>>()?;
    let mut best = 0;
    for (at, (_, item)) in items.iter().enumerate().skip(1) {
        if items
            .get(best)
            .is_some_and(|(_, kept)| !keeps_first(kept, item))
        {
            best = at;
        }
    }
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let (kept, mut item) = items.remove(best);
    let mut steps = Vec::new();
    for (other, theirs) in items {
        let merge = merge(&item, &theirs);
        item = merge.item.clone();
        steps.push(Step {
            kept: kept.clone(),
            other,
            merge,
        });
    }
    Ok(steps)
}
