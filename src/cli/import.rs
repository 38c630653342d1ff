//! `import`: bibliographies of other programs come into the library.

use std::fs;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::Global;
use super::failure::Failure;
use super::incoming::{
    Work, counts, outcome_json, papers, print_outcome, receive, section, session, write,
};
use super::library::Session;
use super::output::Out;
use super::progress::Progress;
use crate::core::incoming::Policy;
use crate::core::text::scrub;
use crate::runtime::paper_file::{Bibliography, read_bibliography};
use crate::runtime::source::reason;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// BibTeX, BibLaTeX, RIS, PubMed NBIB and XML, EndNote XML, CSL-JSON, Better BibTeX JSON; -: standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print what would come in, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Merge what is here already into the paper that is here, field by field
    #[arg(long, conflicts_with_all = ["keep_both", "skip"])]
    merge: bool,
    /// Add what is here already a second time
    #[arg(long, conflicts_with = "skip")]
    keep_both: bool,
    /// Leave out what is here already (as is done without any of these options)
    #[arg(long)]
    skip: bool,
}

impl Arguments {
    pub(super) fn changes(&self) -> bool {
        !self.dry_run
    }

    fn policy(&self) -> Policy {
        match (self.merge, self.keep_both) {
            (true, _) => Policy::Merge,
            (_, true) => Policy::KeepBoth,
            _ => Policy::Skip,
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    file: Option<PathBuf>,
    out: &mut Out,
) -> Result<(), Failure> {
    let mut session = session(global, file)?;
    let policy = arguments.policy();
    let mut works = Vec::new();
    let mut files = Vec::new();
    for path in &arguments.files {
        files.push(read(path, &session, &mut works)?);
    }
    let outcome = receive(&session, &works, policy)?;
    if !out.is_json() {
        for file in &files {
            let Bibliography {
                name,
                format,
                entries,
                ..
            } = file;
            out.line(&format!("{name}: {format}, {entries} entries"))?;
        }
        print_outcome(&session, &works, &outcome, policy, out)?;
        print_problems(&files, out)?;
        out.finish()?;
    }
    let is_empty = outcome.intake.changes.is_empty() && policy != Policy::Merge;
    let is_new = session.opened.is_none();
    let outcome = if arguments.dry_run || is_empty {
        outcome
    } else {
        write(&mut session, &works, outcome, policy)?
    };
    if out.is_json() {
        let problems: Vec<Value> = files.iter().flat_map(problems_json).collect();
        let works: Vec<Value> = outcome_json(&session, &works, &outcome).collect();
        return out.json(&json!({
            "library": session.place,
            "created": is_new && outcome.is_written,
            "written": outcome.is_written,
            "papers": works,
            "problems": problems,
        }));
    }
    let place = &session.place;
    if arguments.dry_run {
        return out.line("nothing was written");
    }
    let (added, merged) = counts(&outcome.intake);
    match (added, merged) {
        _ if !outcome.is_written => out.line("nothing new; nothing was written"),
        (0, 0) => out.line("noted what came along; undo takes this back"),
        (_, 0) => out.line(&format!(
            "added {} to {place}; undo takes this back",
            papers(added)
        )),
        _ => out.line(&format!(
            "added {} to {place}, merged {}; undo takes this back",
            papers(added),
            papers(merged)
        )),
    }
}

/// Reads a file; its works go to `works`.
fn read(path: &Path, session: &Session, works: &mut Vec<Work>) -> Result<Bibliography, Failure> {
    let is_input = path == Path::new("-");
    let name = if is_input {
        "standard input".to_owned()
    } else {
        scrub(&path.to_string_lossy(), false)
    };
    let failed = |why: &str| Failure::Failed(format!("{name}: {why}; nothing was imported"));
    let bytes = if is_input {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|error| failed(&reason(&error)))?;
    let progress = Progress::new();
    let named = (path, name.clone());
    let read = read_bibliography(&bytes, named, &session.library, works, &mut |so_far| {
        let counted = format!("{} entries · {name}", so_far.entries);
        progress.bar(so_far.bytes, so_far.of, &counted);
        ControlFlow::Continue(())
    });
    progress.clear();
    read.map_err(|error| failed(&error.to_string()))
}

fn print_problems(files: &[Bibliography], out: &mut Out) -> Result<(), Failure> {
    let all = files
        .iter()
        .flat_map(|file| file.problems.iter().map(move |problem| (file, problem)));
    let count = all.clone().count();
    if count == 0 {
        return Ok(());
    }
    let lost = all.clone().filter(|(_, problem)| problem.lost).count();
    let heading = match lost {
        0 => format!("{count} problems; every entry was read"),
        lost => format!("{count} problems; {lost} entries could not be read"),
    };
    section(out, &heading, all, &mut |(file, problem), out| {
        out.line(&scrub(&problem.one_line(&file.name), false))
    })
}

fn problems_json(file: &Bibliography) -> impl Iterator<Item = Value> + '_ {
    file.problems.iter().map(|problem| {
        json!({
            "file": file.name,
            "line": problem.line,
            "column": problem.column,
            "problem": problem.what,
            "hint": problem.hint,
            "lost": problem.lost,
        })
    })
}
