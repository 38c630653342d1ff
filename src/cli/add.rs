//! `add`: papers come in by an identifier, a title, or as PDF files.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::Global;
use super::failure::{Failure, say};
use super::fetch::{Interrupt, client};
use super::incoming::{Outcome, Work, counts, id_of, outcome_json, receive, session, write};
use super::library::Session;
use super::output::{Field, Out};
use super::progress::Progress;
use crate::core::identify::{Identifier, as_item, identify_all};
use crate::core::import::Noted;
use crate::core::incoming::{Placed, Policy, Shelf};
use crate::core::item::Item;
use crate::core::page::{Facts, build};
use crate::core::services::Candidate;
use crate::core::text::{clean, scrub};
use crate::runtime::attachment::stored;
use crate::runtime::net::{Asking, Client, Missed};
use crate::runtime::paper_file::paper_of_pdf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// DOIs, PMIDs, PMCIDs, arXiv ids, ISBNs, web addresses, a title in quotes, or PDF files
    #[arg(required = true, value_name = "IDENTIFIER")]
    identifiers: Vec<String>,
    /// Of the papers that a title may mean, take the one with this number
    #[arg(long, value_name = "N")]
    pick: Option<usize>,
    /// Attach this file to the paper
    #[arg(long, value_name = "FILE")]
    attach: Option<PathBuf>,
    /// Print what would be added, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Arguments {
    pub(super) fn changes(&self) -> bool {
        !self.dry_run
    }
}

/// A paper that is asked for.
struct Wanted {
    identifier: Identifier,
    /// What it is called in messages.
    origin: String,
    file: Option<PathBuf>,
}

/// Everything that has to be said in the end.
#[derive(Default)]
struct Said {
    failed: Vec<String>,
    /// Titles that may mean several papers, and these.
    choices: Vec<(String, Vec<Candidate>)>,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    file: Option<PathBuf>,
    out: &mut Out,
) -> Result<(), Failure> {
    let mut said = Said::default();
    let wanted = wanted(arguments, &mut said)?;
    let mut session = session(global, file)?;
    let works = fetch_all(arguments, &wanted, &session, &mut said, out)?;
    let outcome = receive(&session, &works, Policy::Skip)?;
    let has_files = works.iter().any(|work| !work.noted.files.is_empty());
    let is_needed = !outcome.intake.changes.is_empty() || has_files;
    let is_new = session.opened.is_none();
    let outcome = if is_needed && !arguments.dry_run {
        write(&mut session, &works, outcome, Policy::Skip)?
    } else {
        outcome
    };
    if out.is_json() {
        out.json(&json!({
            "library": session.place,
            "created": is_new && outcome.is_written,
            "written": outcome.is_written,
            "papers": outcome_json(&session, &works, &outcome).collect::<Value>(),
            "choices": said.choices.iter().map(choice_json).collect::<Value>(),
            "failed": said.failed,
        }))?;
    } else {
        print(arguments, &session, &works, &outcome, out)?;
        for (title, candidates) in &said.choices {
            out.line(&format!(
                "\"{}\" may mean; take one with --pick N",
                scrub(title, false)
            ))?;
            for (at, candidate) in candidates.iter().enumerate() {
                print_candidate(at + 1, candidate, out)?;
            }
        }
    }
    if said.failed.is_empty()
        && let Some((title, _)) = said.choices.first()
    {
        said.failed.push(format!(
            "title \"{title}\": no paper has just this title; take one with --pick N, or add it by its DOI"
        ));
    }
    let Some(last) = said.failed.pop() else {
        return Ok(());
    };
    out.finish()?;
    said.failed.iter().for_each(|line| say(line));
    Err(Failure::Failed(last))
}

/// What the arguments name, each paper once.
fn wanted(arguments: &Arguments, said: &mut Said) -> Result<Vec<Wanted>, Failure> {
    let mut all: Vec<Wanted> = Vec::new();
    for given in &arguments.identifiers {
        let path = Path::new(given);
        let is_pdf = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
            && !given.contains("://");
        if is_pdf {
            match of_file(path) {
                Ok(one) => all.push(one),
                Err(line) => said.failed.push(line),
            }
            continue;
        }
        if path.is_file() {
            return Err(Failure::Usage(format!(
                "{}: a file is added only as a PDF; bibliographies come in with offprint import",
                scrub(given, false)
            )));
        }
        all.extend(identify_all(given).into_iter().map(|found| Wanted {
            origin: found.identifier.to_string(),
            identifier: found.identifier,
            file: None,
        }));
    }
    let mut once: Vec<Wanted> = Vec::new();
    for one in all {
        let key = one.identifier.key();
        match once
            .iter_mut()
            .find(|before| before.identifier.key() == key)
        {
            Some(before) => before.file = before.file.take().or(one.file),
            None => once.push(one),
        }
    }
    if let Some(path) = &arguments.attach {
        match once.as_mut_slice() {
            [one] if !path.is_file() => {
                let name = scrub(&path.to_string_lossy(), false);
                return Err(Failure::Failed(format!(
                    "{name}: there is no such file to attach to {}; check the name",
                    one.origin
                )));
            }
            [one] => one.file = Some(path.clone()),
            _ => {
                return Err(Failure::Usage(
                    "--attach: name one paper to attach it to".to_owned(),
                ));
            }
        }
    }
    let is_title = |one: &&Wanted| matches!(one.identifier, Identifier::Title(_));
    if arguments.pick.is_some() && once.iter().filter(is_title).count() != 1 {
        return Err(Failure::Usage(
            "--pick: name one title of which a paper is to be taken".to_owned(),
        ));
    }
    Ok(once)
}

/// The paper that a PDF is.
fn of_file(path: &Path) -> Result<Wanted, String> {
    let name = scrub(&path.to_string_lossy(), false);
    let found = paper_of_pdf(path)?;
    Ok(Wanted {
        origin: format!("{name} ({} in {})", found.identifier, found.place),
        identifier: found.identifier,
        file: Some(path.to_owned()),
    })
}

/// The papers, as far as they are not in the library already from the services.
fn fetch_all(
    arguments: &Arguments,
    wanted: &[Wanted],
    session: &Session,
    said: &mut Said,
    out: &Out,
) -> Result<Vec<Work>, Failure> {
    let (library, source) = (&session.catalogue.library, &session.catalogue.source);
    let failed = |error: crate::core::library::SourceError| session.failed(&error.to_string());
    let shelf = Shelf::new(library, source.as_ref()).map_err(failed)?;
    let client = client(&session.config);
    let interrupt = Interrupt::catch();
    let progress = Progress::new();
    let cancelled = || interrupt.is_caught();
    let mut works = Vec::new();
    for (at, one) in wanted.iter().enumerate() {
        let about = &one.identifier;
        let count = wanted.len();
        let tell = |who: &str| progress.tell(&format!("{}/{count} {about}: {who} …", at + 1));
        let asking = Asking {
            cancelled: &cancelled,
            progress: &tell,
        };
        let here = shelf.holding(&as_item(about));
        let item = if let Some((no, _)) = here {
            Ok(session.catalogue.item(no).map_err(failed)?)
        } else {
            let item = client.find_meant(about, &asking);
            progress.clear();
            item
        };
        if interrupt.is_caught() {
            return Err(Failure::Failed("stopped; nothing was added".to_owned()));
        }
        let item = match item {
            Ok(item) => item,
            Err(Missed::Failed(line)) => {
                said.failed.push(line);
                continue;
            }
            Err(Missed::Meant(candidates)) => {
                match picked(arguments, about, &candidates, (&client, &asking), out)? {
                    Some(Ok(item)) => item,
                    Some(Err(line)) => {
                        said.failed.push(line);
                        continue;
                    }
                    None => {
                        said.choices.push((about.value().to_owned(), candidates));
                        continue;
                    }
                }
            }
        };
        progress.clear();
        let file = one.file.as_deref();
        works.push(Work {
            item,
            noted: Noted {
                files: file
                    .map(|path| stored(path, &session.library))
                    .into_iter()
                    .collect(),
                ..Noted::default()
            },
            origin: one.origin.clone(),
            is_for_known: true,
        });
    }
    Ok(works)
}

/// The one of several papers that is taken: by its number, or asked for. `None` when nobody says which.
fn picked(
    arguments: &Arguments,
    about: &Identifier,
    candidates: &[Candidate],
    (client, asking): (&Client, &Asking<'_>),
    out: &Out,
) -> Result<Option<Result<Item, String>>, Failure> {
    let number = match arguments.pick {
        Some(number) => Some(number),
        None if out.is_json() => None,
        None => asked(about, candidates),
    };
    let Some(number) = number else {
        return Ok(None);
    };
    let candidate = number.checked_sub(1).and_then(|at| candidates.get(at));
    let Some(candidate) = candidate else {
        return Err(Failure::Usage(format!(
            "--pick {number}: there are the papers 1 to {}",
            candidates.len()
        )));
    };
    Ok(Some(
        client
            .fetch_whole(candidate, asking)
            .map_err(|error| error.to_string()),
    ))
}

/// Asks on a terminal.
fn asked(about: &Identifier, candidates: &[Candidate]) -> Option<usize> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return None;
    }
    let mut text = format!("\r\u{1b}[K\"{}\" may mean\n", scrub(about.value(), false));
    for (at, candidate) in candidates.iter().enumerate() {
        let page = build(&candidate.item, &Facts::default());
        let _ = writeln!(text, "{:>3}  {}  {}", at + 1, page.title, page.byline);
    }
    text += "Which one? (a number, or Enter for none) ";
    // A closed standard error leaves nobody to ask.
    io::stderr().write_all(text.as_bytes()).ok()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line).ok()?;
    line.trim().parse().ok()
}

fn print(
    arguments: &Arguments,
    session: &Session,
    works: &[Work],
    outcome: &Outcome,
    out: &mut Out,
) -> Result<(), Failure> {
    let all = works.iter().zip(&outcome.arrivals);
    for ((work, arrival), placed) in all.zip(&outcome.intake.placed) {
        let page = build(&work.item, &Facts::default());
        let what = match (placed, &arrival.duplicate) {
            (Placed::Left(_), Some((_, why))) => format!("here already ({why})"),
            _ if arguments.dry_run => "would be added".to_owned(),
            _ => "added".to_owned(),
        };
        out.row(&[
            Field::Head(&clean(placed.id())),
            Field::Plain(&what),
            Field::Plain(&page.title),
            Field::Dim(&page.byline),
        ])?;
        for (what, list) in [
            ("another version of", &arrival.versions),
            ("perhaps the same as", &arrival.perhaps),
        ] {
            for (known, reason) in list.iter().filter(|_| matches!(placed, Placed::New(_))) {
                let other = id_of(*known, session, &outcome.intake);
                out.line(&format!("  {what} {} ({reason})", clean(&other)))?;
            }
        }
        for file in &work.noted.files {
            let done = if arguments.dry_run {
                "would be attached"
            } else {
                "attached"
            };
            out.line(&format!("  {} {done}", scrub(file, false)))?;
        }
    }
    let (added, _) = counts(&outcome.intake);
    if added > 0 && !arguments.dry_run {
        say(&format!("{}: undo takes this back", session.place));
    }
    Ok(())
}

fn print_candidate(number: usize, candidate: &Candidate, out: &mut Out) -> Result<(), Failure> {
    let page = build(&candidate.item, &Facts::default());
    out.row(&[
        Field::Dim(&format!("{number:>3}")),
        Field::Head(page.doi.as_deref().unwrap_or("-")),
        Field::Plain(&page.title),
        Field::Dim(&page.byline),
    ])
}

fn choice_json((title, candidates): &(String, Vec<Candidate>)) -> Value {
    let list = candidates.iter().enumerate().map(|(at, candidate)| {
        json!({
            "number": at + 1,
            "likeness": (candidate.likeness * 1000.0).round() / 1000.0,
            "item": candidate.item.fields(),
        })
    });
    json!({"title": title, "papers": list.collect::<Value>()})
}
