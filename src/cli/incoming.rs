//! Bringing works into the library, wherever they come from: what is there already is found, the rest is written with
//! what was noted of it, in one action.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::Global;
use super::editing::{begin_library, write_library_noting};
use super::failure::Failure;
use super::library::{self, Session};
use super::notes::change;
use super::output::{Field, Out};
use crate::core::duplicates::merge::Side;
use crate::core::duplicates::preview;
use crate::core::incoming::{
    Arrival, Intake, Known, Placed, Policy, notes, placed, receive as core_receive,
};
pub(super) use crate::core::incoming::{Outcome, Work};
use crate::core::item::Item;
use crate::core::library::SourceError;
use crate::core::library::rewrite::Survey;
use crate::core::text::clean;
use crate::runtime::loader::{self, Opened};
use crate::runtime::place::{self, Place};
use crate::runtime::store::wall_clock_ms;

/// More papers than this are not listed one by one.
const LISTED: usize = 50;

/// The library that papers come into: the one named, or else the reader's own; one that is not there yet is empty, and
/// is made when it is written.
pub(super) fn session(global: &Global, file: Option<PathBuf>) -> Result<Session, Failure> {
    let config = library::read_config(global);
    let path = match library::choose(global, file.clone(), &config).place {
        Place::Example => place::own_library().ok_or_else(|| {
            Failure::Failed(
                "there is no data folder for a library; set HOME, or name one with --library"
                    .to_owned(),
            )
        })?,
        Place::File(path) => path,
    };
    let is_missing = |error: std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    if !fs::metadata(&path).is_err_and(is_missing) {
        let session = library::load_anew(global, file)?;
        if let Some(format) = session.opened.as_ref().and_then(Opened::format) {
            return Err(session.failed(&format!(
                "a file of {format} is read only; name another library with --library NAME.json"
            )));
        }
        return Ok(session);
    }
    let extension = path.extension().unwrap_or_default();
    if !extension.is_empty() && !extension.eq_ignore_ascii_case("json") {
        return Err(Failure::Failed(format!(
            "{}: there is no such file, and a new library is JSON; name it NAME.json",
            Place::File(path).name()
        )));
    }
    Ok(library::not_there(global, Place::File(path)))
}

/// What the library has of works, and under which ids the others would come in.
pub(super) fn receive(
    session: &Session,
    works: &[Work],
    policy: Policy,
) -> Result<Outcome, Failure> {
    let (library, source) = (&session.catalogue.library, &session.catalogue.source);
    core_receive(works, policy, (library, source.as_ref()), &|_| false)
        .map_err(|error| session.failed(&error.to_string()))
}

/// Writes works into the library with what was noted of them, in one action; `outcome` is what [`receive`] said.
/// Where the file was written meanwhile it is looked through again. Returns what was done in the end.
pub(super) fn write(
    session: &mut Session,
    works: &[Work],
    outcome: Outcome,
    policy: Policy,
) -> Result<Outcome, Failure> {
    if session.opened.is_none() && !outcome.intake.changes.is_empty() {
        begin_library(session)?;
    }
    let session = &*session;
    if outcome.intake.changes.is_empty() {
        let is_written = change(session, |ledger| {
            let now = wall_clock_ms();
            let operations = ledger.edit(now, notes(ledger, works, &outcome.intake, now));
            let is_written = !operations.is_empty();
            (operations, is_written)
        })?;
        return Ok(Outcome {
            is_written,
            ..outcome
        });
    }
    let mut done = outcome;
    // Set within the first of the two calls, read in the second.
    let intake = RefCell::new(Intake::default());
    write_library_noting(
        session,
        &mut |survey| {
            // The changes of thousands of papers are large: none of them is held twice.
            done.intake = Intake::default();
            done = planned(session, survey, works, &done.arrivals, policy)?;
            let changes = std::mem::take(&mut done.intake.changes);
            intake.replace(done.intake.clone());
            Ok(changes)
        },
        &mut |ledger, _, now| notes(ledger, works, &intake.borrow(), now),
    )?;
    done.is_written = true;
    Ok(done)
}

fn planned(
    session: &Session,
    survey: &Survey,
    works: &[Work],
    arrivals: &[Arrival],
    policy: Policy,
) -> Result<Outcome, Failure> {
    let failed = |error: SourceError| session.failed(&error.to_string());
    let taken = |id: &str| survey.has_id(id);
    // A library that was begun just now may have been begun, and written, by another at the same time.
    let is_unread = session.catalogue.library.is_empty() && !survey.is_empty();
    if is_as_read(session) && !is_unread {
        let (library, source) = (
            &session.catalogue.library,
            session.catalogue.source.as_ref(),
        );
        let intake = placed(works, arrivals, policy, (library, source), &taken).map_err(failed)?;
        return Ok(Outcome {
            arrivals: arrivals.to_vec(),
            intake,
            is_written: false,
        });
    }
    let unreadable = |error: loader::LoadError| Failure::Failed(error.to_string());
    let opened = loader::open(&session.library).map_err(unreadable)?;
    let library = loader::load_all(&opened).map_err(unreadable)?.library;
    let source = opened.source();
    core_receive(works, policy, (&library, source.as_ref()), &taken).map_err(failed)
}

/// The file is the one that was read.
fn is_as_read(session: &Session) -> bool {
    let (Place::File(path), Some(opened)) = (&session.library, &session.opened) else {
        return false;
    };
    let facts = |metadata: &fs::Metadata| {
        (
            metadata.dev(),
            metadata.ino(),
            metadata.size(),
            metadata.mtime(),
            metadata.mtime_nsec(),
        )
    };
    let now = fs::metadata(path).ok();
    opened.metadata().map(facts) == now.as_ref().map(facts)
}

/// The id of a paper that is known.
pub(super) fn id_of(known: Known, session: &Session, intake: &Intake) -> String {
    match known {
        Known::Paper(no) => session.catalogue.library.id(no).to_owned(),
        Known::Arrival(number) => {
            let placed = intake.placed.get(number);
            placed
                .map(|placed| placed.id().to_owned())
                .unwrap_or_default()
        }
    }
}

/// What would be done with works, in lines.
pub(super) fn print_outcome(
    session: &Session,
    works: &[Work],
    outcome: &Outcome,
    policy: Policy,
    out: &mut Out,
) -> Result<(), Failure> {
    let all = || {
        works
            .iter()
            .zip(&outcome.arrivals)
            .zip(&outcome.intake.placed)
    };
    let new = all().filter(|(_, placed)| matches!(placed, Placed::New(_)));
    section(
        out,
        &format!("{} new", new.clone().count()),
        new,
        &mut |((work, _), placed), out| print_work(placed.id(), &work.item, out),
    )?;
    let known = all().filter(|((_, arrival), _)| arrival.duplicate.is_some());
    let count = known.clone().count();
    if count > 0 {
        let what = match policy {
            Policy::Skip => "left out; --merge merges them, --keep-both adds them",
            Policy::Merge => "merged",
            Policy::KeepBoth => "added all the same",
        };
        let heading = format!("{count} here already, {what}");
        section(
            out,
            &heading,
            known,
            &mut |((work, arrival), placed), out| {
                let (id, why) = match arrival.duplicate {
                    Some((known, why)) => (id_of(known, session, &outcome.intake), why.to_string()),
                    None => return Ok(()),
                };
                out.row(&[
                    Field::Dim(&work.origin),
                    Field::Head(&clean(&id)),
                    Field::Plain(&clean(&work.item.text("title").unwrap_or_default())),
                    Field::Dim(&why),
                ])?;
                match placed {
                    Placed::Merged(id, merge) if !merge.choices.is_empty() => {
                        out.text(&preview::text(&clean(id), &work.origin, merge))
                    }
                    _ => Ok(()),
                }
            },
        )?;
    }
    for (what, of) in [
        (
            "another version of a paper",
            (|arrival| &arrival.versions) as fn(&Arrival) -> &Vec<_>,
        ),
        ("perhaps here already, added all the same", |arrival| {
            &arrival.perhaps
        }),
    ] {
        let some = all().filter(|((_, arrival), placed)| {
            matches!(placed, Placed::New(_))
                && arrival.duplicate.is_none()
                && !of(arrival).is_empty()
        });
        let count = some.clone().count();
        if count == 0 {
            continue;
        }
        section(
            out,
            &format!("{count} {what}"),
            some,
            &mut |((_, arrival), placed), out| {
                for (known, reason) in of(arrival) {
                    let other = id_of(*known, session, &outcome.intake);
                    out.row(&[
                        Field::Head(&clean(placed.id())),
                        Field::Plain(&clean(&other)),
                        Field::Dim(&reason.to_string()),
                    ])?;
                }
                Ok(())
            },
        )?;
    }
    Ok(())
}

/// A line, and below it the first of what it is about.
pub(super) fn section<T>(
    out: &mut Out,
    heading: &str,
    all: impl Iterator<Item = T> + Clone,
    print: &mut dyn FnMut(T, &mut Out) -> Result<(), Failure>,
) -> Result<(), Failure> {
    out.line(heading)?;
    for one in all.clone().take(LISTED) {
        out.text("  ")?;
        print(one, out)?;
    }
    let more = all.skip(LISTED).count();
    if more > 0 {
        out.line(&format!("  and {more} more; --json names all"))?;
    }
    Ok(())
}

fn print_work(id: &str, item: &Item, out: &mut Out) -> Result<(), Failure> {
    let names = item.names("author");
    let first = names.first().map(|name| name.short().into_owned());
    let first = clean(&first.unwrap_or_default()).into_string();
    let others = match names.len() {
        0 | 1 => String::new(),
        count => format!(" +{}", count - 1),
    };
    let year = item.date("issued").and_then(|date| date.year());
    let year = year.map_or_else(String::new, |year| format!(" {year}"));
    out.row(&[
        Field::Head(&clean(id)),
        Field::Plain(&clean(&item.text("title").unwrap_or_default())),
        Field::Dim(format!("{first}{others}{year}").trim()),
    ])
}

/// What was done with each of the works, as JSON.
pub(super) fn outcome_json(
    session: &Session,
    works: &[Work],
    outcome: &Outcome,
) -> impl Iterator<Item = Value> {
    let all = works
        .iter()
        .zip(&outcome.arrivals)
        .zip(&outcome.intake.placed);
    all.map(|((work, arrival), placed)| {
        let links = |list: &[(Known, crate::core::duplicates::Reason)]| -> Value {
            let links = list.iter().map(|(known, reason)| {
                json!({"id": id_of(*known, session, &outcome.intake), "reason": reason.name()})
            });
            links.collect()
        };
        let done = match placed {
            Placed::New(_) => "added",
            Placed::Left(_) => "left out",
            Placed::Merged(..) => "merged",
        };
        let mut value = json!({
            "id": placed.id(),
            "done": done,
            "from": work.origin,
            "title": work.item.text("title").map(|title| clean(&title).into_string()),
            "versions": links(&arrival.versions),
            "perhaps": links(&arrival.perhaps),
        });
        let Some(object) = value.as_object_mut() else {
            return value;
        };
        if let Some((known, why)) = arrival.duplicate {
            let id = id_of(known, session, &outcome.intake);
            object.insert(
                "duplicate".to_owned(),
                json!({"id": id, "reason": why.name()}),
            );
        }
        if let Placed::Merged(id, merge) = placed {
            object.insert("merge".to_owned(), preview::json(id, &work.origin, merge));
        }
        value
    })
    .collect::<Vec<_>>()
    .into_iter()
}

/// How many papers are added, and into how many something new is merged.
pub(super) fn counts(intake: &Intake) -> (usize, usize) {
    let is_new = |placed: &&Placed| matches!(placed, Placed::New(_));
    let is_merged = |placed: &&Placed| match placed {
        Placed::Merged(_, merge) => merge.choices.iter().any(|choice| choice.from != Side::Kept),
        Placed::New(_) | Placed::Left(_) => false,
    };
    (
        intake.placed.iter().filter(is_new).count(),
        intake.placed.iter().filter(is_merged).count(),
    )
}

/// `1 paper`, `2 papers`.
pub(super) fn papers(count: usize) -> String {
    match count {
        1 => "1 paper".to_owned(),
        count => format!("{count} papers"),
    }
}
