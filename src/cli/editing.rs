//! `edit`, `delete` and `own`, and how commands write the library.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use serde_json::{Map, Value, json};

use super::editor::text_of_editor;
use super::failure::{Failure, say};
use super::library::Session;
use super::notes::{change, open, placed};
use super::output::{Field, Out};
use crate::core::editing::{MayWrite, edits_of, may_write};
use crate::core::form::{self, Difference};
use crate::core::item::Item;
use crate::core::journal::{Change, Edit, Ledger};
use crate::core::library::rewrite::{ItemChange, Survey};
use crate::core::text::scrub;
use crate::runtime::library_file::LibraryFile;
use crate::runtime::loader::{self, Opened};
use crate::runtime::place::Place;
use crate::runtime::store::{Access, wall_clock_ms};

#[derive(Debug, Args)]
pub(super) struct EditArguments {
    /// The id of the paper
    id: String,
    /// Give a field a value: title="A title", author="Family, Given; Other, Name", issued=2017-06
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Take a field out
    #[arg(long, value_name = "FIELD")]
    unset: Vec<String>,
    /// Give the paper another id; what was noted about it goes along
    #[arg(long, value_name = "ID")]
    key: Option<String>,
    /// Take the item from a file of CSL-JSON; -: from standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["set", "unset"])]
    input: Option<String>,
    /// Edit the item as JSON rather than as lines
    #[arg(long, conflicts_with_all = ["set", "unset", "input"])]
    raw: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct DeleteArguments {
    /// The ids of the papers
    #[arg(required = true)]
    ids: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct OwnArguments {
    /// Another program writes it from now on
    #[arg(long)]
    off: bool,
}

pub(super) fn edit(
    arguments: &EditArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let item = session.catalogue.item(no);
    let item = item.map_err(|error| session.failed(&error.to_string()))?;
    let before = item.fields().clone();
    let after = edited(arguments, &before)?;
    let differences = form::differences(&before, &after);
    if differences.is_empty() {
        return Err(Failure::Failed(
            "edit: nothing was changed; nothing was written".to_owned(),
        ));
    }
    if !arguments.dry_run {
        let change = ItemChange::Replace { before, after };
        write_library(session, &mut |_| vec![change.clone()])?;
    }
    if out.is_json() {
        let differences = differences
            .iter()
            .map(|one| json!({"field": one.field, "before": one.before, "after": one.after}));
        return out.json_array(differences);
    }
    print_differences(&differences, out)
}

/// What was and what is, field by field.
pub(super) fn print_differences(differences: &[Difference], out: &mut Out) -> Result<(), Failure> {
    for one in differences {
        out.row(&[Field::Head(&scrub(&one.field, false))])?;
        for (sign, text) in [("-", &one.before), ("+", &one.after)] {
            if let Some(text) = text {
                out.line(&format!("  {sign} {}", scrub(text, false)))?;
            }
        }
    }
    Ok(())
}

fn edited(
    arguments: &EditArguments,
    before: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    let failed = |why: String| Failure::Failed(format!("edit: {why}"));
    let mut after = before.clone();
    let is_given = !arguments.set.is_empty() || !arguments.unset.is_empty();
    if let Some(input) = &arguments.input {
        after = parsed(&read_input(input)?).map_err(failed)?;
    } else if is_given {
        for given in &arguments.set {
            let Some((field, value)) = given.split_once('=') else {
                return Err(Failure::Usage(format!("--set {given}: write FIELD=VALUE")));
            };
            let value = form::read(field, value).map_err(failed)?;
            after.insert(field.to_owned(), value);
        }
        for field in &arguments.unset {
            if after.shift_remove(field).is_none() {
                return Err(failed(format!(
                    "there is no field {field}; show --json prints all"
                )));
            }
        }
    } else if arguments.key.is_none() {
        after = of_editor(arguments, before)?;
    }
    if let Some(key) = &arguments.key {
        after.insert("id".to_owned(), key.as_str().into());
    }
    if Item::from_fields(after.clone()).id().trim().is_empty() {
        return Err(failed(
            "a paper needs an id; give it one with --key".to_owned(),
        ));
    }
    Ok(after)
}

fn of_editor(
    arguments: &EditArguments,
    before: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    let raw = || serde_json::to_string_pretty(before).unwrap_or_default();
    let text = if arguments.raw {
        raw()
    } else {
        form::to_text(before)
    };
    let (text, file) = text_of_editor("edit", &arguments.id, &text)?;
    let read = if arguments.raw {
        parsed(&text)
    } else {
        form::from_text(&text, before).map_err(|problems| {
            let first = problems.first().map(ToString::to_string);
            first.unwrap_or_default()
        })
    };
    match read {
        Ok(after) => {
            file.discard();
            Ok(after)
        }
        Err(why) => Err(Failure::Failed(format!(
            "edit: {why}; the text is in {}",
            file.path().display()
        ))),
    }
}

/// One CSL-JSON item, alone or as the only one of a list.
fn parsed(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Array(mut list)) if list.len() == 1 => match list.pop() {
            Some(Value::Object(fields)) => Ok(fields),
            _ => Err("this is no item; write one JSON object".to_owned()),
        },
        Ok(_) => Err("this is not one item; write one JSON object".to_owned()),
        Err(error) => Err(format!("no JSON: {error}")),
    }
}

fn read_input(input: &str) -> Result<String, Failure> {
    let read = if input == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(Path::new(input))
    };
    read.map_err(|error| {
        let reason = crate::runtime::source::reason(&error);
        Failure::Failed(format!("{}: {reason}; check the name", scrub(input, false)))
    })
}

pub(super) fn delete(
    arguments: &DeleteArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let mut changes = Vec::new();
    for id in &arguments.ids {
        let item = session.catalogue.item(session.paper(id)?);
        let item = item.map_err(|error| session.failed(&error.to_string()))?;
        changes.push(ItemChange::Remove(item.fields().clone()));
    }
    write_library(session, &mut |_| changes.clone())?;
    if out.is_json() {
        return out.json(&json!({ "deleted": arguments.ids }));
    }
    for id in &arguments.ids {
        out.row(&[
            Field::Head(&scrub(id, false)),
            Field::Dim("deleted; undo brings it back"),
        ])?;
    }
    Ok(())
}

pub(super) fn own(
    arguments: &OwnArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    library_file(session)?;
    own_library(session, !arguments.off)?;
    if out.is_json() {
        return out.json(&json!({ "owned": !arguments.off }));
    }
    out.line(if arguments.off {
        "another program writes this library; offprint does not"
    } else {
        "offprint may write this library; another program that writes it as well is never written over"
    })
}

/// Writes down whether this program may write the library.
pub(super) fn own_library(session: &Session, owned: bool) -> Result<(), Failure> {
    change(session, |ledger| {
        let edit = Edit::new("", Vec::new(), Change::Owned(owned));
        (ledger.edit(wall_clock_ms(), vec![edit]), ())
    })
}

/// Makes the library that is not there yet: it is this program's own.
pub(super) fn begin_library(session: &mut Session) -> Result<(), Failure> {
    // First, so that nobody finds a file of unknown origin.
    own_library(session, true)?;
    let file = library_file(session)?;
    file.create()
        .map_err(|error| Failure::Failed(error.to_string()))?;
    let opened = loader::open(&session.library);
    session.opened = Some(opened.map_err(|error| Failure::Failed(error.to_string()))?);
    let journals = open(&session.library, Access::Read)?;
    session.catalogue.notes = Arc::new(placed(&session.catalogue, journals.ledger));
    say(&format!(
        "{}: created; it is your library from now on",
        session.place
    ));
    Ok(())
}

/// The file of the library.
fn library_file(session: &Session) -> Result<LibraryFile, Failure> {
    if session.library == Place::Example {
        return Err(session.failed(
            "it is part of the program and is not changed; import or add papers to begin your own library",
        ));
    }
    let opened = open(&session.library, Access::Read)?;
    LibraryFile::of(opened.store.location())
        .ok_or_else(|| session.failed("it is no file; name one with --library"))
}

/// Writes the library, and the journal after it. `changes` is told what is in the file now, other programs of this
/// kind locked out. All of the changes are made, or none.
pub(super) fn write_library(
    session: &Session,
    changes: &mut dyn FnMut(&Survey) -> Vec<ItemChange>,
) -> Result<Vec<ItemChange>, Failure> {
    write_library_noting(
        session,
        &mut |survey| Ok(changes(survey)),
        &mut |_, _, _| Vec::new(),
    )
}

/// What else is written down of changes: the journals, what was done, and the time in ms since 1970.
type Noting<'a> = dyn FnMut(&Ledger, &[ItemChange], u64) -> Vec<Edit> + 'a;

/// [`write_library`], where `changes` may find that it has to give up, and `notes` gives what else is written down in
/// the same action.
pub(super) fn write_library_noting(
    session: &Session,
    changes: &mut dyn FnMut(&Survey) -> Result<Vec<ItemChange>, Failure>,
    notes: &mut Noting<'_>,
) -> Result<Vec<ItemChange>, Failure> {
    let file = library_file(session)?;
    if let Some(format) = session.opened.as_ref().and_then(Opened::format) {
        return Err(session.failed(&format!(
            "a file of {format} is read only; import it into a library to change its papers"
        )));
    }
    match may_write(
        session.catalogue.notes.state(),
        session.config.settings.owner,
    ) {
        MayWrite::Yes => {}
        MayWrite::No => {
            return Err(session.failed(
                "owner = \"foreign\" in the configuration: another program writes it; change the paper there",
            ));
        }
        MayWrite::Unconfirmed => {
            return Err(session.failed(
                "offprint did not make this file and writes it only when told so once; say offprint own",
            ));
        }
    }
    let mut failed = None;
    let written = file
        .change(true, |survey| {
            changes(survey).unwrap_or_else(|failure| {
                failed = Some(failure);
                Vec::new()
            })
        })
        .map_err(|error| Failure::Failed(error.to_string()))?;
    if let Some(failure) = failed {
        return Err(failure);
    }
    let made = written.changes;
    if let Some(first) = written.refused.first() {
        let of = |change: &ItemChange| {
            let fields = change.after().or(change.before());
            fields.map(|fields| Item::from_fields(fields.clone()).id().into_owned())
        };
        let id = made.get(*first).and_then(of).unwrap_or_default();
        return Err(session.failed(&format!(
            "\"{}\" was changed meanwhile, or its id is taken; nothing was written",
            scrub(&id, false)
        )));
    }
    let now = wall_clock_ms();
    let noting = |ledger: &mut Ledger| {
        let mut edits: Vec<Edit> = made.iter().flat_map(|one| edits_of(one, now)).collect();
        edits.extend(notes(ledger, &made, now));
        (ledger.edit(now, edits), ())
    };
    change(session, noting).map_err(|failure| match failure {
        Failure::Failed(why) => Failure::Failed(format!(
            "{why} (the library was written; undo does not reach it)"
        )),
        other => other,
    })?;
    Ok(made)
}

/// Takes changes of the library back, each given with the number of its operation. Returns the numbers of those that
/// stay, since the item was changed elsewhere in the meantime.
pub(super) fn reverse_library(
    session: &Session,
    reversing: Vec<(usize, ItemChange)>,
) -> Result<Vec<usize>, Failure> {
    let (numbers, changes): (Vec<usize>, Vec<ItemChange>) = reversing.into_iter().unzip();
    let written = library_file(session)?
        .change(false, |_| changes)
        .map_err(|error| Failure::Failed(error.to_string()))?;
    let refused = written.refused.iter();
    Ok(refused.filter_map(|at| numbers.get(*at).copied()).collect())
}
