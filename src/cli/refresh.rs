//! `offprint refresh ID...|--all`.

use clap::Args;
use serde_json::{Value, json};

use super::editing::write_library;
use super::failure::{Failure, say};
use super::fetch::{Interrupt, client};
use super::library::Session;
use super::output::{Field, Out};
use super::progress::Progress;
use crate::core::identify::{self, Identifier};
use crate::core::library::rewrite::ItemChange;
use crate::core::moment::rfc3339;
use crate::core::page::thousands;
use crate::core::paper::PaperNo;
use crate::core::services::differing::{Differing, accepted, differences};
use crate::core::services::{Metrics, StoredMetrics};
use crate::core::text::scrub;
use crate::runtime::metrics::MetricsFolder;
use crate::runtime::net::{Asking, Client, Fetched};
use crate::runtime::store::wall_clock_ms;

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
    #[arg(long, conflicts_with = "accept")]
    figures: bool,
    /// Write into the library what the service says of these fields: title,issued,references, or all
    #[arg(long, value_name = "FIELD,...", value_delimiter = ',')]
    accept: Vec<String>,
}

impl Arguments {
    pub(super) fn changes(&self) -> bool {
        !self.accept.is_empty()
    }

    fn accepts(&self, field: &str) -> bool {
        (self.accept.iter()).any(|wanted| wanted == "all" || wanted.eq_ignore_ascii_case(field))
    }
}

/// What was learned about a paper.
struct Learned {
    id: String,
    stored: Option<StoredMetrics>,
    compared: Option<(Fetched, Vec<Differing>)>,
    /// What is to be written into the library.
    change: Option<ItemChange>,
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
    let mut changes = Vec::new();
    let mut differing_fields: Vec<String> = Vec::new();
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
        changes.extend(learned.change.clone());
        for one in learned.compared.iter().flat_map(|(_, differing)| differing) {
            if !differing_fields.contains(&one.field) {
                differing_fields.push(one.field.clone());
            }
        }
        if out.is_json() {
            values.push(to_json(&learned, arguments));
        } else {
            print(&learned, out)?;
        }
    }
    let is_whole = !interrupt.is_caught();
    let written = if is_whole {
        accept(arguments, session, &changes, &differing_fields, out)
    } else {
        Ok(())
    };
    if out.is_json() {
        out.json_array(values.into_iter())?;
    }
    out.finish()?;
    written?;
    let total = papers.len();
    if interrupt.is_caught() {
        return Err(Failure::Failed(format!(
            "stopped: {done} of {total} papers are fetched and kept, the library is as it was; the same command goes on with all of them"
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

/// Writes what is accepted of all papers, in one action.
fn accept(
    arguments: &Arguments,
    session: &Session,
    changes: &[ItemChange],
    differing: &[String],
    out: &mut Out,
) -> Result<(), Failure> {
    if !arguments.changes() {
        return Ok(());
    }
    let is_there = |field: &str| differing.iter().any(|one| one.eq_ignore_ascii_case(field));
    let unknown = (arguments.accept.iter()).find(|field| *field != "all" && !is_there(field));
    if let Some(field) = unknown {
        let others = if differing.is_empty() {
            "nothing differs".to_owned()
        } else {
            format!("what differs is {}", differing.join(", "))
        };
        return Err(Failure::Failed(format!(
            "--accept {}: the services say nothing else about it; {others}; nothing was written",
            scrub(field, false)
        )));
    }
    if changes.is_empty() {
        return Ok(());
    }
    let count = changes.len();
    write_library(session, &mut |_| changes.to_vec())?;
    if !out.is_json() {
        say(&format!(
            "{}: changed {}; undo takes this back",
            session.place,
            if count == 1 {
                "1 paper".to_owned()
            } else {
                format!("{count} papers")
            }
        ));
    }
    Ok(())
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
        change: None,
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
    let begun = wall_clock_ms();
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
        match client.fetch_since(begun, first, asking) {
            Ok(fetched) => {
                let differing = differences(&item, &fetched.item);
                if differing.iter().any(|one| arguments.accepts(&one.field)) {
                    let wanted = |field: &str| arguments.accepts(field);
                    learned.change = Some(ItemChange::Replace {
                        before: item.fields().clone(),
                        after: accepted(item.fields(), &fetched.item, &differing, &wanted),
                    });
                }
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

fn to_json(learned: &Learned, arguments: &Arguments) -> Value {
    let stored = learned.stored.as_ref();
    let differences: Vec<Value> = (learned.compared.iter())
        .flat_map(|(_, differing)| differing)
        .map(|one| {
            let accepted = arguments.accepts(&one.field);
            json!({ "field": one.field, "here": one.here, "there": one.there, "accepted": accepted })
        })
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
