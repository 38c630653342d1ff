//! `offprint doctor`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::Global;
use super::failure::{Failure, say};
use super::library::{choose, config_of, styles};
use super::notes;
use super::output::{Field, Out};
use crate::core::cite::StyleSource as _;
use crate::core::library::{ItemSource, Library};
use crate::core::notes::LibraryIdentities;
use crate::core::page::thousands;
use crate::core::text::scrub;
use crate::runtime::environment::Environment;
use crate::runtime::loader;
use crate::runtime::place::{self, Place};
use crate::runtime::store::{Access, Directories, FolderReport, JournalReport, examine, repair};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Remove stray temporary files and write what git has to know; nothing else is ever changed
    #[arg(long)]
    repair: bool,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Fine,
    Problem,
    Repaired,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Fine => "fine",
            Level::Problem => "problem",
            Level::Repaired => "repaired",
        }
    }
}

/// What was found.
#[derive(Debug)]
struct Finding {
    area: &'static str,
    level: Level,
    text: String,
}

/// More problems of one kind than this are counted only.
const SHOWN: usize = 20;

#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, area: &'static str, level: Level, text: impl Into<String>) {
        let text = scrub(&text.into(), false);
        self.0.push(Finding { area, level, text });
    }

    fn fine(&mut self, area: &'static str, text: impl Into<String>) {
        self.add(area, Level::Fine, text);
    }

    fn problem(&mut self, area: &'static str, text: impl Into<String>) {
        self.add(area, Level::Problem, text);
    }
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    file: Option<PathBuf>,
    out: &mut Out,
) -> Result<ExitCode, Failure> {
    let mut found = Findings::default();
    let config = super::library::read_config(global);
    let choice = choose(global, file, &config);
    let library = library(&choice.place, &mut found);
    journals(
        &choice.place,
        library.as_ref(),
        arguments.repair,
        &mut found,
    );
    configuration(global, &config, &mut found);
    cache(&mut found);
    surroundings(&config, &mut found);
    print(&found, out)?;
    out.finish()?;
    let problems = found.0.iter();
    match problems.filter(|one| one.level == Level::Problem).count() {
        0 => Ok(ExitCode::SUCCESS),
        count => {
            let s = if count == 1 { "" } else { "s" };
            say(&format!(
                "doctor: {count} problem{s}; each line above says what to do"
            ));
            Ok(ExitCode::from(1))
        }
    }
}

fn print(found: &Findings, out: &mut Out) -> Result<(), Failure> {
    if out.is_json() {
        let is_ok = found.0.iter().all(|one| one.level != Level::Problem);
        let findings: Vec<_> = (found.0.iter())
            .map(|one| json!({"area": one.area, "level": one.level.name(), "text": one.text}))
            .collect();
        return out.json(&json!({"ok": is_ok, "findings": findings}));
    }
    for one in &found.0 {
        out.row(&[
            Field::Plain(&format!("{:<8}", one.level.name())),
            Field::Head(&format!("{:<13}", one.area)),
            Field::Plain(&one.text),
        ])?;
    }
    Ok(())
}

type Read = (Library, std::sync::Arc<dyn ItemSource>);

fn library(place: &Place, found: &mut Findings) -> Option<Read> {
    const AREA: &str = "library";
    let read = loader::open(place).and_then(|opened| {
        let loaded = loader::load_all(&opened)?;
        Ok((opened, loaded))
    });
    let (opened, loaded) = match read {
        Ok(read) => read,
        Err(error) => {
            found.problem(AREA, error.to_string());
            return None;
        }
    };
    let (name, bytes) = (place.name(), opened.len() as usize);
    let count = thousands(loaded.library.len());
    found.fine(
        AREA,
        format!("{name}: {count} papers, {} bytes", thousands(bytes)),
    );
    let problems = loaded.problems;
    for problem in problems.list().iter().take(SHOWN) {
        found.problem(AREA, problem.one_line(&name));
    }
    if problems.total() > SHOWN {
        let more = thousands(problems.total() - SHOWN);
        found.problem(AREA, format!("{name}: {more} more; mend those above first"));
    }
    Some((loaded.library, opened.source()))
}

fn journals(place: &Place, library: Option<&Read>, is_repairing: bool, found: &mut Findings) {
    const AREA: &str = "journals";
    let directories = Directories::from_process();
    let location = match notes::location(place, &directories) {
        Ok(location) => location,
        Err(Failure::Failed(line) | Failure::Usage(line)) => return found.problem(AREA, line),
        Err(Failure::Closed | Failure::Damaged) => return,
    };
    let folders = examine(&location);
    if folders.is_empty() {
        found.fine(AREA, "nothing is noted about this library yet");
    }
    for folder in &folders {
        examined(folder, found);
        let mut done = Vec::new();
        if is_repairing {
            done = repair(folder);
        }
        let is_repaired = !done.is_empty();
        for line in done {
            found.add(AREA, Level::Repaired, line);
        }
        if is_repaired {
            continue;
        }
        for path in &folder.stray {
            let path = path.display();
            found.problem(
                AREA,
                format!("{path}: left by an instance that was killed; doctor --repair removes it"),
            );
        }
        if folder.lacks_git_files {
            let path = folder.folder.display();
            found.problem(
                AREA,
                format!(
                    "{path}: .gitattributes or .gitignore is missing; doctor --repair writes it"
                ),
            );
        }
    }
    let Some((library, source)) = library else {
        return;
    };
    let Ok(opened) = notes::open(place, Access::Read) else {
        return;
    };
    let mut ledger = opened.ledger;
    let identities = LibraryIdentities::new(library, source.as_ref());
    ledger.state_mut().place(&identities);
    let state = ledger.state();
    for (id, _) in state.orphans() {
        let known = state.identifiers_of(id).join(", ");
        let known = if known.is_empty() {
            String::new()
        } else {
            format!(" ({known})")
        };
        found.fine(
            "orphaned",
            format!("{id}{known}: not in this library; its notes are kept"),
        );
    }
}

fn examined(folder: &FolderReport, found: &mut Findings) {
    const AREA: &str = "journals";
    let path = folder.folder.display();
    if let Some(reason) = &folder.unreadable {
        found.problem(AREA, format!("{path}: {reason}; make it readable for you"));
    }
    let writers = folder.journals.iter().filter(|one| !one.is_copy).count();
    let running = folder.journals.iter().filter(|one| one.is_in_use).count();
    let copies = folder.journals.iter().filter(|one| one.is_copy).count();
    let operations: usize = folder.journals.iter().map(|one| one.operations).sum();
    let bytes: u64 = folder.journals.iter().map(|one| one.bytes).sum();
    found.fine(
        AREA,
        format!(
            "{path}: {} changes, {} bytes; {writers} writers, {running} running now; {copies} conflict copies",
            thousands(operations),
            thousands(bytes as usize)
        ),
    );
    for journal in &folder.journals {
        examined_journal(journal, found);
    }
}

fn examined_journal(journal: &JournalReport, found: &mut Findings) {
    const AREA: &str = "journals";
    let path = journal.path.display();
    if let Some(reason) = &journal.unreadable {
        found.problem(AREA, format!("{path}: {reason}; make it readable for you"));
    }
    if journal.is_copy {
        found.fine(AREA, format!("{path}: a conflict copy; it is read too"));
    }
    for problem in journal.problems.list.iter().take(SHOWN) {
        found.problem(
            AREA,
            format!("{problem}; the line is skipped, all others count"),
        );
    }
    let total = journal.problems.total;
    if total > SHOWN {
        let more = thousands(total - SHOWN);
        found.problem(
            AREA,
            format!("{path}: {more} more lines; look for a copy of it from before the damage"),
        );
    }
}

fn configuration(global: &Global, config: &crate::config::Config, found: &mut Findings) {
    const AREA: &str = "configuration";
    let before = found.0.len();
    for problem in &config.problems {
        found.problem(AREA, problem);
    }
    if let Some(style) = config.settings.default_way.style()
        && let Err(error) = styles(config, global, None).load(style)
    {
        found.problem(AREA, format!("default-style: {error}"));
    }
    if found.0.len() > before {
        return;
    }
    let path = config_of(global);
    let is_there = path.as_ref().is_some_and(|path| path.exists());
    let name = path.map(|path| path.display().to_string());
    let name = name.unwrap_or_else(|| "no configuration folder".to_owned());
    found.fine(
        AREA,
        if is_there {
            name
        } else {
            format!("{name}: not there; the defaults hold")
        },
    );
}

fn cache(found: &mut Findings) {
    match place::cache_folder() {
        None => found.fine("cache", "there is no cache folder; set HOME to have one"),
        Some(path) if path.is_dir() => found.fine(
            "cache",
            format!("{}; it may be deleted at any time", path.display()),
        ),
        Some(path) => found.fine("cache", format!("{}: nothing there yet", path.display())),
    }
}

/// What the environment tells of the terminal and the clipboard; nothing is asked of either.
fn surroundings(config: &crate::config::Config, found: &mut Findings) {
    let environment = Environment::from_process();
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let mut parts = vec![match environment.term.as_str() {
        "" => "TERM is not set".to_owned(),
        term => format!("TERM {term}"),
    }];
    if let Some(depth) = set("COLORTERM") {
        parts.push(format!("COLORTERM {depth}"));
    }
    if set("NO_COLOR").is_some() {
        parts.push("without colour (NO_COLOR)".to_owned());
    }
    for (is_so, what) in [
        (environment.ssh, "through SSH"),
        (environment.tmux, "in tmux"),
        (environment.screen, "in screen"),
    ] {
        if is_so {
            parts.push(what.to_owned());
        }
    }
    let locale = set("LC_ALL")
        .or_else(|| set("LC_CTYPE"))
        .or_else(|| set("LANG"));
    match locale {
        Some(locale) => parts.push(format!("locale {locale}")),
        None => parts.push("no locale is named".to_owned()),
    }
    found.fine("terminal", parts.join(" · "));
    clipboard(config, &environment, found);
}

#[cfg(feature = "tui")]
fn clipboard(config: &crate::config::Config, environment: &Environment, found: &mut Findings) {
    use crate::runtime::clipboard::{Route, plan};
    let plan = plan(
        environment,
        &super::screens::clipboard_setting(&config.settings.clipboard),
    );
    let name = |route: &Route| match route {
        Route::Tmux => "tmux's buffer".to_owned(),
        Route::Screen => "the terminal's sequence through screen".to_owned(),
        Route::Osc52 => "the terminal's sequence (OSC 52)".to_owned(),
        Route::Native => "the display's clipboard".to_owned(),
        Route::Command(words) => format!("the program {}", words.join(" ")),
    };
    let names = |routes: &[Route]| routes.iter().map(name).collect::<Vec<_>>().join(" and ");
    let text = match (plan.together.as_slice(), plan.otherwise.as_slice()) {
        ([], []) => "no way to a clipboard; copies are saved to a file".to_owned(),
        (first, []) => names(first),
        ([], then) => names(then),
        (first, then) => format!("{}; else {}", names(first), names(then)),
    };
    found.fine("clipboard", text);
}

#[cfg(not(feature = "tui"))]
fn clipboard(_: &crate::config::Config, _: &Environment, _: &mut Findings) {}
