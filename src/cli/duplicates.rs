//! `offprint duplicates`.

use clap::Args;
use serde_json::{Map, Value, json};

use super::editing::write_library_noting;
use super::failure::Failure;
use super::library::Session;
use super::output::{Field, Out};
use super::paper::byline_of;
use crate::core::duplicates::merge::{Merge, keeps_first, merge};
use crate::core::duplicates::{Certainty, Finder, Group, Reason, Relation, preview};
use crate::core::editing::notes_lead_to;
use crate::core::item::Item;
use crate::core::library::rewrite::ItemChange;
use crate::core::paper::PaperNo;
use crate::core::text::scrub;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print what a merge of this group would do, field by field; nothing is written
    #[arg(long, value_name = "GROUP")]
    preview: Option<usize>,
    /// Make this group one paper; undo brings the others back
    #[arg(long, value_name = "GROUP", conflicts_with = "preview")]
    merge: Option<usize>,
    /// The paper of the group that stays, with its id
    #[arg(long, value_name = "ID", requires = "merge")]
    keep: Option<String>,
}

impl Arguments {
    pub(super) fn changes(&self) -> bool {
        self.merge.is_some()
    }
}

pub(super) fn run(arguments: &Arguments, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let (library, source) = (
        &session.catalogue.library,
        session.catalogue.source.as_ref(),
    );
    let unreadable = |error: crate::core::library::SourceError| session.failed(&error.to_string());
    let groups = Finder::new(library, source).map_err(unreadable)?.groups();
    let numbered = groups.iter().enumerate().map(|(at, group)| (at + 1, group));
    let wanted: Vec<(usize, &Group)> = match arguments.preview.or(arguments.merge) {
        None => numbered.collect(),
        Some(wanted) => {
            let found: Vec<_> = numbered.filter(|(number, _)| *number == wanted).collect();
            if found.is_empty() {
                let what = match groups.len() {
                    0 => "there are no duplicates".to_owned(),
                    1 => "there is group 1 alone".to_owned(),
                    count => format!("there are the groups 1 to {count}"),
                };
                let option = arguments.merge.map_or("--preview", |_| "--merge");
                return Err(Failure::Usage(format!(
                    "{option}: no group {wanted}; {what}"
                )));
            }
            found
        }
    };
    if let (Some(_), Some((_, group))) = (arguments.merge, wanted.first()) {
        return merge_group(group, arguments.keep.as_deref(), session, out);
    }
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
            for step in steps(group, None, session)? {
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
        let steps = steps(group, None, session)?;
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

/// The group made one item, paper by paper; `keep` is the id of the one that stays.
fn steps(group: &Group, keep: Option<&str>, session: &Session) -> Result<Vec<Step>, Failure> {
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
    if let Some(keep) = keep {
        let named = items.iter().position(|(id, _)| id == keep);
        best = named.ok_or_else(|| {
            let ids: Vec<String> = items.iter().map(|(id, _)| scrub(id, false)).collect();
            Failure::Usage(format!(
                "--keep {}: it is not in the group; there are {}",
                scrub(keep, false),
                ids.join(", ")
            ))
        })?;
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

/// Makes a group one paper. What was noted of the others goes along: their journals lead to the one that stays.
fn merge_group(
    group: &Group,
    keep: Option<&str>,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    if group.relation == Relation::Versions {
        return Err(Failure::Usage(
            "--merge: these are versions of one work, cited each on its own; delete the one you do not want"
                .to_owned(),
        ));
    }
    let steps = steps(group, keep, session)?;
    let Some(last) = steps.last() else {
        return Ok(());
    };
    let item = |id: &str| -> Result<Map<String, Value>, Failure> {
        let item = session.catalogue.item(session.paper(id)?);
        let item = item.map_err(|error| session.failed(&error.to_string()))?;
        Ok(item.fields().clone())
    };
    let (kept, before) = (&last.kept, item(&last.kept)?);
    let others = steps.iter().map(|step| item(&step.other));
    let others = others.collect::<Result<Vec<_>, _>>()?;
    let after = last.merge.item.fields().clone();
    let mut changes = Vec::new();
    if before != after {
        changes.push(ItemChange::Replace { before, after });
    }
    changes.extend(others.into_iter().map(ItemChange::Remove));
    write_library_noting(
        session,
        &mut |_| Ok(changes.clone()),
        &mut |ledger, made, _| {
            let gone = made.iter().filter(|change| change.after().is_none());
            let gone = gone.filter_map(|change| Some(Item::from_fields(change.before()?.clone())));
            gone.map(|gone| notes_lead_to(ledger.state(), &gone, kept))
                .collect()
        },
    )?;
    if out.is_json() {
        let steps = steps
            .iter()
            .map(|step| preview::json(&step.kept, &step.other, &step.merge));
        return out.json_array(steps);
    }
    for step in &steps {
        out.text(&preview::text(&step.kept, &step.other, &step.merge))?;
    }
    out.line("merged; undo brings them back")
}
