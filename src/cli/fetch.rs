//! `offprint fetch IDENTIFIER... [--json|--bibtex]`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use serde_json::Value;

use super::failure::{Failure, say};
use super::output::{Field, Out};
use super::progress::Progress;
use super::{Global, library};
use crate::config::Config;
use crate::core::cite::{Format, render};
use crate::core::identify::{Found, identify_all};
use crate::core::item::Item;
use crate::core::page::{self, SectionKind};
use crate::core::services::Candidate;
use crate::runtime::net::{Asking, Client, Missed, Setup};
use crate::runtime::place;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// DOIs, PMIDs, PMCIDs, arXiv ids, ISBNs, web addresses, or a title in quotes
    #[arg(required = true, value_name = "IDENTIFIER")]
    identifiers: Vec<String>,
    /// As BibTeX entries
    #[arg(long, conflicts_with = "json")]
    bibtex: bool,
}

/// A client as the configuration and the environment say; what is wrong with these is said on standard error.
pub(super) fn client(config: &Config) -> Client {
    let cache = place::cache_folder().map(|folder| folder.join("answers"));
    let variable = |name: &str| std::env::var(name).ok();
    let (setup, problems) = Setup::new(&config.settings.services, variable, cache);
    for problem in problems {
        say(&format!("warning: {problem}"));
    }
    Client::new(setup)
}

/// ^C asks what runs to stop; a second one ends the program at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub(super) fn catch() -> Interrupt {
        let interrupt = Interrupt::default();
        let number = signal_hook::consts::SIGINT;
        // Where ^C cannot be caught it ends the program, as everywhere.
        let _ =
            signal_hook::flag::register_conditional_shutdown(number, 130, Arc::clone(&interrupt.0))
                .and_then(|_| signal_hook::flag::register(number, Arc::clone(&interrupt.0)));
        interrupt
    }

    pub(super) fn is_caught(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub(super) fn run(arguments: &Arguments, global: &Global, out: &mut Out) -> Result<(), Failure> {
    let wanted: Vec<Found> = identify_all(&arguments.identifiers.join("\n"));
    let client = client(&library::config(global));
    let interrupt = Interrupt::catch();
    let progress = Progress::new();
    let cancelled = || interrupt.is_caught();
    let mut items = Vec::new();
    let mut failed = Vec::new();
    for found in &wanted {
        let about = &found.identifier;
        let tell = |who: &str| progress.tell(&format!("{about}: {who} …"));
        let asking = Asking {
            cancelled: &cancelled,
            progress: &tell,
        };
        let result = client.find_meant(about, &asking);
        progress.clear();
        match result {
            Ok(item) => {
                if !arguments.bibtex && !out.is_json() {
                    print(&item, out)?;
                }
                items.push(item);
            }
            Err(Missed::Meant(candidates)) => {
                if arguments.bibtex || out.is_json() {
                    let title = about.value();
                    failed.push(format!(
                        "title \"{title}\": no paper has just this title; leave the options out to see the nearest, and fetch one by its DOI"
                    ));
                } else {
                    for candidate in &candidates {
                        print_candidate(candidate, out)?;
                    }
                }
            }
            Err(Missed::Failed(line)) => failed.push(line),
        }
        if interrupt.is_caught() {
            break;
        }
    }
    if out.is_json() {
        let list = items
            .iter()
            .map(|item| Value::Object(item.fields().clone()));
        out.json_array(list)?;
    } else if arguments.bibtex && !items.is_empty() {
        let ids: Vec<String> = items.iter().map(|item| item.id().into_owned()).collect();
        let pairs: Vec<(&Item, &str)> = items
            .iter()
            .zip(&ids)
            .map(|(item, id)| (item, id.as_str()))
            .collect();
        let text = render(Format::BibTex, &pairs)
            .map_err(|error| Failure::Failed(format!("BibTeX: {error}")))?;
        out.line(&text)?;
    }
    let Some(last) = failed.pop() else {
        return Ok(());
    };
    out.finish()?;
    for line in &failed {
        say(line);
    }
    Err(Failure::Failed(last))
}

fn print(item: &Item, out: &mut Out) -> Result<(), Failure> {
    let page = page::build(item, &page::Facts::default());
    out.line(&page.title)?;
    out.line(&page.byline)?;
    for kind in [SectionKind::Details, SectionKind::Abstract] {
        for block in page
            .section(kind)
            .map_or(&[][..], |section| &section.blocks)
        {
            match block {
                page::Block::Field { label, value } => {
                    let value: String = value.iter().map(|piece| piece.text.as_str()).collect();
                    out.line(&format!("{label:<10} {value}"))?;
                }
                page::Block::Paragraph(text) => out.line(&format!("\n{text}"))?,
                _ => {}
            }
        }
    }
    out.line("")
}

fn print_candidate(candidate: &Candidate, out: &mut Out) -> Result<(), Failure> {
    let page = page::build(&candidate.item, &page::Facts::default());
    let likeness = format!("{:>3.0} %", candidate.likeness * 100.0);
    out.row(&[
        Field::Dim(&likeness),
        Field::Head(page.doi.as_deref().unwrap_or("-")),
        Field::Plain(&page.title),
        Field::Dim(&page.byline),
    ])
}
