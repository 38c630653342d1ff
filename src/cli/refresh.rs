//! `offprint refresh ID...|--all`.

use clap::Args;
use serde_json::{Value, json};

use super::failure::{Failure, say};
use super::fetch::{Interrupt, client};
use super::library::Session;
use super::output::{Field, Out};
use super::progress::Progress;
use crate::core::identify::{self, Identifier};
use crate::core::moment::rfc3339;
use crate::core::page::thousands;
use crate::core::paper::PaperNo;
use crate::core::services::{Metrics, StoredMetrics};
use crate::runtime::metrics::MetricsFolder;
use crate::runtime::net::{Asking, Client, Differing, Fetched, differences};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The ids of the papers
    #[arg(
        required_unless_present = "all",
        conflicts_with = "all",
        value_name = "ID"
    )]
    pub(super) ids: Vec<String>,
    /// Every paper of the library
    #[arg(long)]
    all: bool,
    /// The figures alone: metadata are not compared, which takes half the questions
    #[arg(long)]
    figures: bool,
}

/// What was learned about a paper.
struct Learned {
    id: String,
    stored: Option<StoredMetrics>,
    compared: Option<(Fetched, Vec<Differing>)>,
    problems: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let papers: Vec<PaperNo> = if arguments.all {
        session.catalogue.library.numbers().collect()
    } else {
        (arguments.ids.iter())
            .map(|id| session.paper(id))
            .collect::<Result<_, _>>()?
    };
    let client = client(&session.config);
    let folder = MetricsFolder::own();
    let interrupt = Interrupt::catch();
    let progress = Progress::new();
    let cancelled = || interrupt.is_caught();
    let mut values = Vec::new();
    let (mut done, mut failed) = (0, 0);
    let mut last = None;
    for (at, paper) in papers.iter().enumerate() {
        if interrupt.is_caught() {
            break;
        }
        let id = session.catalogue.library.id(*paper).to_owned();
        let tell =
            |who: &str| progress.tell(&format!("{} of {} · {id} · {who} …", at + 1, papers.len()));
        let asking = Asking {
            cancelled: &cancelled,
            progress: &tell,
        };
        let learned = learn(
            session,
            *paper,
            &client,
            folder.as_ref(),
            arguments,
            &asking,
        );
        progress.clear();
        if interrupt.is_caught() && learned.stored.is_none() {
            break;
        }
        for problem in &learned.problems {
            // One paper alone says why it failed in the last line.
            last = Some(problem.clone());
            if papers.len() > 1 {
                say(&format!("warning: {problem}"));
            }
        }
        if learned.stored.is_some() {
            done += 1;
        } else {
            failed += 1;
        }
        if out.is_json() {
            values.push(to_json(&learned));
        } else {
            print(&learned, out)?;
        }
    }
    if out.is_json() {
        out.json_array(values.into_iter())?;
    }
    out.finish()?;
    let total = papers.len();
    if interrupt.is_caught() {
        return Err(Failure::Failed(format!(
            "stopped: {done} of {total} papers are fetched and kept; the same command goes on with all of them"
        )));
    }
    match (failed, last) {
        (0, _) | (_, None) => Ok(()),
        (1, Some(line)) if total == 1 => Err(Failure::Failed(line)),
        _ => Err(Failure::Failed(format!(
            "{failed} of {total} papers were not fetched; the lines above say why"
        ))),
    }
}

fn learn(
    session: &Session,
    paper: PaperNo,
    client: &Client,
    folder: Option<&MetricsFolder>,
    arguments: &Arguments,
    asking: &Asking<'_>,
) -> Learned {
    let id = session.catalogue.library.id(paper).to_owned();
    let mut learned = Learned {
        stored: None,
        compared: None,
        problems: Vec::new(),
        id,
    };
    let item = match session.catalogue.item(paper) {
        Ok(item) => item,
        Err(error) => {
            let place = &session.place;
            learned
                .problems
                .push(format!("{place}: {}: {error}", learned.id));
            return learned;
        }
    };
    let identifiers = identify::of_item(&item);
    match client.fetch_metrics(&identifiers, asking) {
        Ok(stored) => {
            let keys: Vec<String> = identifiers.iter().map(Identifier::key).collect();
            let saved = folder.map(|folder| folder.save(&keys, &stored));
            if let Some(Err(error)) = saved {
                learned.problems.push(format!(
                    "{}: the figures cannot be kept: {}; make room in the cache directory",
                    learned.id,
                    crate::runtime::source::reason(&error)
                ));
            }
            learned.stored = Some(stored);
        }
        Err(error) => learned.problems.push(format!("{}: {error}", learned.id)),
    }
    if arguments.figures || (asking.cancelled)() {
        return learned;
    }
    if let Some(first) = identifiers.first() {
        match client.fetch_anew(first, asking) {
            Ok(fetched) => {
                let differing = differences(&item, &fetched.item);
                learned.compared = Some((fetched, differing));
            }
            Err(error) => learned.problems.push(format!("{}: {error}", learned.id)),
        }
    }
    learned
}

fn print(learned: &Learned, out: &mut Out) -> Result<(), Failure> {
    if let Some(stored) = &learned.stored {
        let line = summed_up(&stored.metrics);
        out.row(&[Field::Head(&learned.id), Field::Plain(&line)])?;
    }
    let Some((fetched, differing)) = &learned.compared else {
        return Ok(());
    };
    for one in differing {
        let short = |text: &str| -> String {
            let cut: String = text.chars().take(100).collect();
            if cut.len() < text.len() {
                cut + "…"
            } else {
                cut
            }
        };
        let here = one.here.as_deref().map_or("nothing".to_owned(), short);
        let line = format!(
            "  {}: the library has {here}, {} {}",
            one.field,
            fetched.from,
            short(&one.there)
        );
        out.row(&[Field::Plain(&line)])?;
    }
    Ok(())
}

/// "cited 12 times (OpenAlex) · 3 influential · 30 references · open access: gold".
fn summed_up(metrics: &Metrics) -> String {
    let mut parts = Vec::new();
    if let Some(notice) = metrics.retraction() {
        parts.push(format!("RETRACTED ({})", notice.source));
    }
    match metrics.shown() {
        Some(figure) => parts.push(format!(
            "cited {} times ({})",
            thousands(figure.count as usize),
            figure.source
        )),
        None => parts.push("citations not available".to_owned()),
    }
    if let Some(count) = metrics.influential {
        parts.push(format!("{} influential", thousands(count as usize)));
    }
    if let Some(count) = metrics.references {
        parts.push(format!("{} references", thousands(count as usize)));
    }
    if let Some(open) = &metrics.open_access {
        parts.push(format!("open access: {}", open.status));
    }
    parts.join(" · ")
}

fn to_json(learned: &Learned) -> Value {
    let stored = learned.stored.as_ref();
    let differences: Vec<Value> = (learned.compared.iter())
        .flat_map(|(_, differing)| differing)
        .map(|one| json!({ "field": one.field, "here": one.here, "there": one.there }))
        .collect();
    json!({
        "id": learned.id,
        "fetched": stored.map(|stored| rfc3339(stored.fetched)),
        "metrics": stored.map(|stored| &stored.metrics),
        "asked": stored.map(|stored| &stored.asked),
        "compared_with": learned.compared.as_ref().map(|(fetched, _)| fetched.from),
        "differences": differences,
        "problems": learned.problems,
    })
}
