//! The commands that note something about papers: `status`, `star`, `rate`, `tag`, `queue`, `undo`, and
//! those that print it. A command that changes something succeeds only when the change is durable.

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::library::Session;
use super::notes::{change, edit, identifiers_of, open};
use super::output::{Field, Out};
use super::paper;
use crate::core::journal::{self, Change, Edit, Ledger, Progress, Status};
use crate::core::moment::{rfc3339, to_the_minute};
use crate::core::paper::PaperNo;
use crate::core::text::scrub;
use crate::runtime::store::{Access, wall_clock_ms};

#[derive(Debug, Args)]
pub(super) struct PaperArguments {
    /// The id of the paper
    pub(super) id: String,
}

#[derive(Debug, Args)]
pub(super) struct StatusArguments {
    /// The id of the paper
    id: String,
    /// unread, reading, read, skimmed or abandoned; left out, the status is printed
    status: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct StarArguments {
    /// The id of the paper
    id: String,
    /// Take the star off
    #[arg(long)]
    off: bool,
}

#[derive(Debug, Args)]
pub(super) struct RateArguments {
    /// The id of the paper
    id: String,
    /// 1 to 5; 0 takes the rating back
    #[arg(value_parser = clap::value_parser!(u8).range(0..=5))]
    rating: u8,
}

#[derive(Debug, Args)]
pub(super) struct PriorityArguments {
    /// The id of the paper
    id: String,
    /// 1 (highest) to 3; 0 takes the priority back
    #[arg(value_parser = clap::value_parser!(u8).range(0..=3))]
    priority: u8,
}

#[derive(Debug, Args)]
pub(super) struct ProgressArguments {
    /// The id of the paper
    id: String,
    /// The page reached, alone or of how many: 7 or 7/12; 0 takes it back; left out, it is printed
    page: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct TagArguments {
    /// The id of the paper
    pub(super) id: String,
    /// +tag adds, -tag removes; a slash nests: +project/thesis
    #[arg(allow_hyphen_values = true)]
    pub(super) tags: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct QueueArguments {
    #[command(subcommand)]
    action: Option<QueueAction>,
}

#[derive(Debug, Subcommand)]
enum QueueAction {
    /// Put papers at the end of the queue
    Add { ids: Vec<String> },
    /// Take papers out of the queue
    Remove { ids: Vec<String> },
    /// Move a paper within the queue
    Move {
        /// The id of the paper
        id: String,
        /// Its new place, counted from 1; or up, or down
        to: String,
    },
}

/// Which paper a command is about, and whether it changes something: what has to be read for it.
pub(super) trait AboutPaper {
    /// The id.
    fn id(&self) -> &str;
    /// It notes something.
    fn changes(&self) -> bool {
        true
    }
}

macro_rules! about_paper {
    ($($arguments:ty, $changes:expr;)*) => {
        $(impl AboutPaper for $arguments {
            fn id(&self) -> &str {
                &self.id
            }

            fn changes(&self) -> bool {
                let changes: fn(&$arguments) -> bool = $changes;
                changes(self)
            }
        })*
    };
}

about_paper! {
    PaperArguments, |_| false;
    StatusArguments, |given| given.status.as_deref().and_then(Status::of_name).is_some();
    StarArguments, |_| true;
    RateArguments, |_| true;
    PriorityArguments, |_| true;
    ProgressArguments, |given| given.page.as_deref().and_then(progress_of).is_some();
    TagArguments, |given| !given.tags.is_empty();
}

/// `7`, `7/12` or `0`, the page before the first; `None` when it is none of them.
fn progress_of(text: &str) -> Option<Progress> {
    let (page, of) = match text.split_once('/') {
        Some((page, of)) => (page.trim().parse().ok()?, of.trim().parse().ok()?),
        None => (text.trim().parse().ok()?, 0),
    };
    let is_within = of == 0 || page <= of;
    is_within.then_some(Progress { page, of })
}

/// Makes edits, and prints the paper as it is then where JSON is wanted.
fn noted(session: &Session, no: PaperNo, edits: Vec<Edit>, out: &mut Out) -> Result<(), Failure> {
    let object = change(session, |ledger| {
        let operations = ledger.edit(wall_clock_ms(), edits);
        let object = paper::to_json(&session.catalogue.library, ledger.state(), no);
        (operations, object)
    })?;
    if out.is_json() {
        out.json(&object)?;
    }
    Ok(())
}

pub(super) fn status(
    arguments: &StatusArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let id = session.catalogue.library.id(no);
    let summary = session.catalogue.notes.state().summary(id);
    let Some(name) = &arguments.status else {
        if out.is_json() {
            return out.json(&json!({"id": id, "status": summary.status.name()}));
        }
        return out.line(summary.status.name());
    };
    let Some(status) = Status::of_name(name) else {
        return Err(Failure::Usage(format!(
            "status: \"{name}\" is none; unread, reading, read, skimmed, abandoned"
        )));
    };
    let identifiers = identifiers_of(session, no);
    let edits = Edit::status(id, &identifiers, status, summary, wall_clock_ms());
    noted(session, no, edits, out)
}

pub(super) fn star(
    arguments: &StarArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let edits = vec![edit(session, no, Change::Starred(!arguments.off))];
    noted(session, no, edits, out)
}

pub(super) fn rate(
    arguments: &RateArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let edits = vec![edit(session, no, Change::Rating(arguments.rating))];
    noted(session, no, edits, out)
}

pub(super) fn priority(
    arguments: &PriorityArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let edits = vec![edit(session, no, Change::Priority(arguments.priority))];
    noted(session, no, edits, out)
}

pub(super) fn progress(
    arguments: &ProgressArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let Some(text) = &arguments.page else {
        let id = session.catalogue.library.id(no);
        let progress = session.catalogue.notes.state().paper(id).progress;
        if out.is_json() {
            return out.json(&json!({"id": id, "progress": progress.map(paper::progress_json)}));
        }
        return match progress {
            None => out.line("not begun"),
            Some(Progress { page, of: 0 }) => out.line(&format!("page {page}")),
            Some(Progress { page, of }) => out.line(&format!("page {page} of {of}")),
        };
    };
    let Some(progress) = progress_of(text) else {
        return Err(Failure::Usage(format!(
            "progress: \"{text}\" is no page; write 7 or 7/12"
        )));
    };
    let progress = (progress.page > 0).then_some(progress);
    noted(
        session,
        no,
        vec![edit(session, no, Change::Progress(progress))],
        out,
    )
}

pub(super) fn tag(
    arguments: &TagArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let id = session.catalogue.library.id(no);
    if arguments.tags.is_empty() {
        let tags: Vec<&str> = session.catalogue.notes.state().tags_of(id).collect();
        if out.is_json() {
            return out.json(&json!(tags));
        }
        return tags.iter().try_for_each(|tag| out.line(&scrub(tag, false)));
    }
    let mut edits = Vec::new();
    for word in &arguments.tags {
        let (on, tag) = match (word.strip_prefix('+'), word.strip_prefix('-')) {
            (Some(tag), _) => (true, tag),
            (None, Some(tag)) => (false, tag),
            (None, None) => (true, word.as_str()),
        };
        if tag.trim().is_empty() {
            return Err(Failure::Usage(format!(
                "tag: \"{word}\" names no tag; write +tag or -tag"
            )));
        }
        let tag = tag.trim().into();
        edits.push(edit(session, no, Change::Tag { tag, on }));
    }
    noted(session, no, edits, out)
}

pub(super) fn queue(
    arguments: &QueueArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let (ids, add) = match &arguments.action {
        None => {
            let queue = session.catalogue.notes.state().queue();
            let papers = queue
                .iter()
                .filter_map(|entry| session.catalogue.library.find_id(&entry.paper));
            return print_papers(session, papers.collect(), out);
        }
        Some(QueueAction::Add { ids }) => (ids, true),
        Some(QueueAction::Remove { ids }) => (ids, false),
        Some(QueueAction::Move { id, to }) => return move_in_queue(id, to, session, out),
    };
    let mut papers = Vec::new();
    for id in ids {
        papers.push(session.paper(id)?);
    }
    change(session, |ledger| {
        let mut operations = Vec::new();
        let now = wall_clock_ms();
        if add {
            for no in papers {
                let id = session.catalogue.library.id(no);
                if ledger.state().summary(id).queued {
                    continue;
                }
                let edits = edits_of_place(session, ledger, no, usize::MAX);
                operations.extend(ledger.edit(now, edits));
            }
        } else {
            let edits = papers
                .into_iter()
                .map(|no| edit(session, no, Change::Queue(None)));
            operations = ledger.edit(now, edits.collect());
        }
        (operations, ())
    })
}

/// Moves a paper of the queue to a place, or by one.
fn move_in_queue(id: &str, to: &str, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let no = session.paper(id)?;
    let id = session.catalogue.library.id(no);
    let number = match to {
        "up" | "down" => None,
        _ => Some(
            to.parse::<usize>()
                .ok()
                .filter(|number| *number > 0)
                .ok_or_else(|| {
                    let to: String = to.chars().take(40).collect();
                    Failure::Usage(format!(
                        "queue move: \"{to}\" is no place; up, down or a number from 1"
                    ))
                })?,
        ),
    };
    let moved = change(session, |ledger| {
        let queue = ledger.state().queue();
        let Some(here) = queue.iter().position(|entry| entry.paper == id) else {
            return (Vec::new(), None);
        };
        let last = queue.len().saturating_sub(1);
        let place = match number {
            Some(number) => (number - 1).min(last),
            None if to == "up" => here.saturating_sub(1),
            None => (here + 1).min(last),
        };
        if place == here {
            return (Vec::new(), Some((place, queue.len())));
        }
        let edits = (ledger.state().queue_at(id, place).into_iter())
            .map(|(paper, change)| {
                let known = if paper == id {
                    identifiers_of(session, no)
                } else {
                    Vec::new()
                };
                Edit::new(paper, known, change)
            })
            .collect();
        (
            ledger.edit(wall_clock_ms(), edits),
            Some((place, queue.len())),
        )
    })?;
    let Some((place, of)) = moved else {
        return Err(session.failed(&format!(
            "{id} is not in the queue; offprint queue add puts it there"
        )));
    };
    if out.is_json() {
        out.json(&json!({"id": id, "place": place + 1, "of": of}))?;
    }
    Ok(())
}

/// What puts a paper at a place of the queue, counted from 0.
fn edits_of_place(session: &Session, ledger: &Ledger, no: PaperNo, index: usize) -> Vec<Edit> {
    let id = session.catalogue.library.id(no);
    let changes = ledger.state().queue_at(id, index).into_iter();
    let edits = changes.map(|(paper, change)| {
        let known = if paper == id {
            identifiers_of(session, no)
        } else {
            Vec::new()
        };
        Edit::new(paper, known, change)
    });
    edits.collect()
}

fn print_papers(session: &Session, papers: Vec<PaperNo>, out: &mut Out) -> Result<(), Failure> {
    let library = &session.catalogue.library;
    if out.is_json() {
        let state = session.catalogue.notes.state();
        return out.json_array(
            papers
                .into_iter()
                .map(|no| paper::to_json(library, state, no)),
        );
    }
    papers
        .into_iter()
        .try_for_each(|no| paper::print_row(library, no, out))
}

pub(super) fn next(session: &Session, out: &mut Out) -> Result<(), Failure> {
    let library = &session.catalogue.library;
    let state = session.catalogue.notes.state();
    let first_of_queue = state
        .queue()
        .iter()
        .find_map(|entry| library.find_id(&entry.paper));
    let next = first_of_queue.or_else(|| {
        library
            .numbers()
            .map(|no| (no, state.summary(library.id(no))))
            .filter(|(_, noted)| matches!(noted.status, Status::Unread | Status::Reading))
            .min_by_key(|(no, noted)| {
                (
                    // 1 is the most urgent, 0 is none.
                    noted.priority.checked_sub(1).unwrap_or(u8::MAX),
                    noted.status != Status::Reading,
                    noted.added.unwrap_or(0),
                    *no,
                )
            })
            .map(|(no, _)| no)
    });
    let Some(no) = next else {
        return Err(session.failed("everything is read; nothing is next"));
    };
    if out.is_json() {
        return out.json(&paper::to_json(library, state, no));
    }
    paper::print_row(library, no, out)
}

pub(super) fn history(
    arguments: &PaperArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let id = session.catalogue.library.id(no);
    let keys = session.catalogue.notes.state().keys_of(id);
    let (operations, _) = open(&session.library, Access::Read)?.store.operations();
    let entries = journal::history(operations, &keys);
    if out.is_json() {
        return out.json_array(entries.iter().map(|entry| {
            json!({
                "time": rfc3339(entry.at),
                "field": entry.change.field(),
                "key": Some(entry.change.key()).filter(|key| !key.is_empty()),
                "value": entry.change.value(),
                "before": entry.previous.as_ref().map(Change::value),
                "undo": entry.is_reversal,
            })
        }));
    }
    for entry in entries {
        let value = format!("{} {}", entry.change.key(), entry.change.value());
        out.row(&[
            Field::Head(&to_the_minute(entry.at)),
            Field::Plain(entry.change.field()),
            Field::Dim(scrub(&value, false).trim()),
        ])?;
    }
    Ok(())
}
