//! Papers on their way into the library: asked for by what names them, or read from a file, and shown before they are
//! written.

use std::sync::Arc;

use super::chooser::{Choice, Chooser, Pick, Typed};
use super::comment_box::CommentBox;
use super::drafts::DraftKey;
use super::fetching::{Fetching, ReadSoFar};
use super::line_edit::LineEdit;
use super::writing::{Arriving, Wanted};
use super::{App, Effect, Level};
use crate::core::identify::{Identifier, identify_all, pdf_paths};
use crate::core::incoming::{Intake, Outcome, Placed, Policy, Work, notes};
use crate::core::item::Item;
use crate::core::journal::{Change, Operation};
use crate::core::page::thousands;
use crate::core::text::{clean, scrub};

/// At most so many papers are listed before they are written.
const LISTED: usize = 200;

/// What papers are asked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// What names them: the services are asked.
    Names(Vec<Named>),
    /// A bibliography, by its path as typed.
    File(String),
}

/// What names one paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// An identifier, or a title.
    By(Identifier),
    /// A PDF, by its path as typed or dropped.
    Pdf(String),
}

/// Files for papers that are here already, and nothing else of what was gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attaching {
    /// The papers with their files.
    pub works: Vec<Work>,
    /// Where they are.
    pub intake: Intake,
}

/// Papers that were found, and what the library has of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered {
    /// The papers.
    pub works: Vec<Work>,
    /// What would be done with them.
    pub outcome: Outcome,
    /// What could not be had, or not be read.
    pub remarks: Vec<String>,
    /// Papers that a title may mean: what they are called, and what names them.
    pub choices: Vec<(String, Identifier)>,
}

impl App {
    /// Opens the box for what names papers, with what was written there before.
    pub(super) fn open_add(&mut self) {
        if self.tell_read_only() {
            return;
        }
        self.open_text(DraftKey::names(), Vec::new(), String::new(), None);
    }

    /// Asks the services for what stands in the box.
    pub(super) fn add_named(&mut self, written: &CommentBox, effects: &mut Vec<Effect>) {
        let (paths, others) = pdf_paths(written.area.text());
        let others = identify_all(&others).into_iter();
        let names: Vec<Named> = (paths.into_iter().map(Named::Pdf))
            .chain(others.map(|one| Named::By(one.identifier)))
            .collect();
        if names.is_empty() {
            let text =
                "There is nothing to add yet: write a DOI, a number, a title or a PDF's path";
            return self.tell(Level::Info, text);
        }
        self.overlay = None;
        self.leave_comment(written, effects);
        self.toast = None;
        self.gather(Asked::Names(names), effects);
    }

    /// Asks for the file to import.
    pub(super) fn open_import(&mut self) {
        if self.tell_read_only() {
            return;
        }
        self.open_chooser(Chooser {
            typed: Some(Typed::Path(LineEdit::default())),
            ..Chooser::new("Import which file?", Vec::new())
        });
    }

    /// Gathers the papers that are asked for.
    pub(super) fn gather(&mut self, asked: Asked, effects: &mut Vec<Effect>) {
        let signature = self.next_signature();
        self.fetching = Some(Fetching {
            signature,
            done: 0,
            total: match &asked {
                Asked::Names(names) => names.len(),
                Asked::File(_) => 1,
            },
            who: String::new(),
            reading: matches!(asked, Asked::File(_)).then(ReadSoFar::default),
        });
        effects.push(Effect::Gather { signature, asked });
    }

    /// Shows what was gathered, and asks what is to be done.
    pub(super) fn gathered(
        &mut self,
        signature: u64,
        result: Result<Gathered, String>,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let is_awaited = (self.fetching.as_ref()).is_some_and(|one| one.signature == signature);
        if !is_awaited {
            return false;
        }
        self.fetching = None;
        let gathered = match result {
            Ok(gathered) => gathered,
            Err(reason) => {
                self.tell(Level::Error, reason);
                return true;
            }
        };
        for remark in &gathered.remarks {
            self.log(Level::Warning, remark.clone());
        }
        let placed = &gathered.outcome.intake.placed;
        let new = placed
            .iter()
            .filter(|one| matches!(one, Placed::New(_)))
            .count();
        let here = placed.len() - new;
        if new == 0 && here == 0 && gathered.choices.is_empty() {
            let reason = gathered.remarks.first().cloned();
            self.tell(
                Level::Error,
                reason.unwrap_or_else(|| "There is no paper in it".to_owned()),
            );
            return true;
        }
        if gathered.remarks.is_empty() {
            self.drop_draft(&DraftKey::names(), effects);
        }
        let rows = rows(&gathered, new, here);
        let title = match (new, here) {
            (0, 0) => "Which paper is meant?".to_owned(),
            (0, 1) => "The paper is here already".to_owned(),
            (0, here) => format!("All {} papers are here already", thousands(here)),
            (new, 0) => format!("Add {}?", papers(new)),
            (new, here) => format!("Add {}? {} here already", papers(new), thousands(here)),
        };
        self.open_chooser(Chooser::new(&title, rows));
        true
    }
}

impl App {
    /// Attaches files to papers that are here.
    pub(super) fn attach(&mut self, attaching: &Attaching, effects: &mut Vec<Effect>) {
        let now = self.wall;
        let ledger = Arc::make_mut(&mut self.notes);
        let edits = notes(ledger, &attaching.works, &attaching.intake, now);
        let operations = ledger.edit(now, edits);
        let is_file = |one: &&Operation| matches!(one.change, Change::File { .. });
        let attached = operations.iter().filter(is_file).count();
        self.write(operations, effects);
        let text = match attached {
            0 => "The file is attached already".to_owned(),
            1 => "Attached the file · u takes it back".to_owned(),
            many => format!("Attached {many} files · u takes it back"),
        };
        self.tell(Level::Info, text);
    }
}

/// Papers came into the library.
pub(super) fn arrived(placed: &[Placed]) -> String {
    let new: Vec<&Placed> = placed
        .iter()
        .filter(|one| matches!(one, Placed::New(_)))
        .collect();
    let merged = placed
        .iter()
        .filter(|one| matches!(one, Placed::Merged(..)))
        .count();
    let what = match (new.as_slice(), merged) {
        ([], merged) => format!("Merged {}", papers(merged)),
        ([one], 0) => format!("Added {}", scrub(one.id(), false)),
        (many, 0) => format!("Added {}", papers(many.len())),
        (many, merged) => format!("Added {}, merged {}", papers(many.len()), thousands(merged)),
    };
    format!("{what} · u takes it back")
}

fn papers(count: usize) -> String {
    match count {
        1 => "1 paper".to_owned(),
        many => format!("{} papers", thousands(many)),
    }
}

fn title_of(item: &Item) -> String {
    let title = item.text("title").unwrap_or_default();
    match clean(&title).as_str() {
        "" => "untitled".to_owned(),
        title => title.to_owned(),
    }
}

fn rows(gathered: &Gathered, new: usize, here: usize) -> Vec<Choice> {
    let wanted = |policy| {
        Pick::Write(Box::new(Wanted::Add(Box::new(Arriving {
            works: gathered.works.clone(),
            policy,
        }))))
    };
    let mut rows = Vec::new();
    if new > 0 {
        let detail = if here > 0 {
            "what is here stays as it is"
        } else {
            ""
        };
        rows.push(
            Choice::new(
                Some('y'),
                format!("add {}", papers(new)),
                wanted(Policy::Skip),
            )
            .detail(detail),
        );
    }
    if here > 0 {
        let label = format!("merge {}", papers(here));
        let detail = "fill in, field by field, what is missing here";
        rows.push(Choice::new(Some('m'), label, wanted(Policy::Merge)).detail(detail));
    }
    let files: usize = (gathered.works.iter().zip(&gathered.outcome.intake.placed))
        .filter(|(work, placed)| work.is_for_known && matches!(placed, Placed::Left(_)))
        .map(|(work, _)| work.noted.files.len())
        .sum();
    if new == 0 && files > 0 {
        let attaching = Attaching {
            works: gathered.works.clone(),
            intake: gathered.outcome.intake.clone(),
        };
        let label = match files {
            1 => "attach the PDF".to_owned(),
            many => format!("attach {many} PDFs"),
        };
        let detail = "the fields of the paper stay as they are";
        let pick = Pick::Attach(Box::new(attaching));
        rows.push(Choice::new(Some('f'), label, pick).detail(detail));
    }
    rows.push(Choice::new(Some('n'), "nothing", Pick::Nothing));
    for (label, name) in &gathered.choices {
        let pick = Pick::Ask(name.clone());
        let name = scrub(&name.to_string(), false);
        rows.push(Choice::new(None, name, pick).detail(scrub(label, false)));
    }
    for remark in gathered.remarks.iter().take(LISTED) {
        rows.push(Choice::new(None, "problem", Pick::Nothing).detail(scrub(remark, false)));
    }
    rows.extend(more(gathered.remarks.len(), "! shows all"));
    let works = gathered.works.iter().zip(&gathered.outcome.intake.placed);
    for (work, placed) in works.take(LISTED) {
        let (label, detail) = match placed {
            Placed::New(id) => (format!("new {id}"), title_of(&work.item)),
            Placed::Left(id) | Placed::Merged(id, _) => {
                (format!("here {id}"), title_of(&work.item))
            }
        };
        let detail = match work.noted.files.first() {
            Some(path) if work.is_for_known => format!("{} · {detail}", scrub(path, false)),
            _ => detail,
        };
        rows.push(Choice::new(None, scrub(&label, false), Pick::Nothing).detail(detail));
    }
    rows.extend(more(gathered.works.len(), ""));
    rows
}

/// A row for those that are not listed.
fn more(count: usize, detail: &str) -> Option<Choice> {
    let left = count.checked_sub(LISTED).filter(|left| *left > 0)?;
    let label = format!("and {} more", thousands(left));
    Some(Choice::new(None, label, Pick::Nothing).detail(detail))
}
