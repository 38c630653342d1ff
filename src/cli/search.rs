//! `offprint search [--limit N] [--all-libraries] -- QUERY`.

use clap::Args;
use serde_json::json;

use super::failure::{Failure, say};
use super::library::{Session, load_indexed, read_config};
use super::output::{Field, Out};
use super::{Global, libraries, paper};
use crate::core::index::Hits;
use crate::core::order::{Order, SortKey};
use crate::core::paper::PaperNo;
use crate::core::text::scrub;
use crate::runtime::place::Place;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// At most so many papers
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    sort: SortArguments,
    /// In all libraries that the configuration names, and in your own
    #[arg(long, conflicts_with = "library")]
    pub(super) all_libraries: bool,
    /// Words, "phrases", author: title: venue: tag: key: doi: abstract: year: is: has: like:, !not and @saved, as in the search box
    #[arg(required = true)]
    query: Vec<String>,
}

/// How a list is to be ordered.
#[derive(Debug, Args)]
pub(super) struct SortArguments {
    /// Order by relevance, added, year, title, author, status, rating, priority or queue
    #[arg(long, value_name = "KEY", value_parser = sort_key)]
    sort: Option<SortKey>,
    /// The other way round than is usual: oldest, worst, last first
    #[arg(long)]
    reverse: bool,
}

impl SortArguments {
    /// The order, where one is asked for.
    pub(super) fn order(&self) -> Option<Order> {
        (self.sort.is_some() || self.reverse).then(|| Order {
            key: self.sort.unwrap_or_default(),
            reversed: self.reverse,
        })
    }
}

fn sort_key(name: &str) -> Result<SortKey, String> {
    SortKey::of_name(name).ok_or_else(|| {
        let names = SortKey::ALL.map(SortKey::name);
        format!("there is {}", names.join(", "))
    })
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let order = arguments.sort.order().unwrap_or_default();
    let hits = found(session, &words(&arguments.query), order)?;
    let library = &session.catalogue.library;
    let limit = arguments.limit.unwrap_or(usize::MAX);
    let papers = hits.papers().iter().copied().take(limit);
    if out.is_json() {
        return out.json_array(papers.enumerate().map(|(at, no)| {
            let mut object = paper::to_json(library, session.catalogue.notes.state(), no);
            if let Some(object) = object.as_object_mut() {
                let score = hits.score(at).unwrap_or_default();
                object.insert(
                    "score".to_owned(),
                    json!((f64::from(score) * 100.0).round() / 100.0),
                );
                object.insert("typo".to_owned(), json!(hits.is_typo(no)));
            }
            object
        }));
    }
    for no in papers {
        paper::print_row(library, no, out)?;
    }
    Ok(())
}

/// A paper that was found in one of several libraries.
struct Found {
    /// Which library.
    library: usize,
    no: PaperNo,
    score: f32,
    is_typo: bool,
}

/// `--all-libraries`. What cannot be read is said on standard error; the others are searched all the same.
pub(super) fn run_everywhere(
    arguments: &Arguments,
    global: &Global,
    out: &mut Out,
) -> Result<(), Failure> {
    let known = libraries::configured(global, &read_config(global).settings.libraries);
    if known.is_empty() {
        return Err(Failure::Failed(
            "--all-libraries: the configuration names no library; add [[library]] with a path"
                .to_owned(),
        ));
    }
    let order = arguments.sort.order().unwrap_or_default();
    let mut sessions = Vec::new();
    let mut papers = Vec::new();
    let mut failures = Vec::new();
    for library in known {
        let Place::File(path) = library.place else {
            continue;
        };
        let mut own = global.clone();
        own.library = Some(path);
        let opened = load_indexed(&own, None).and_then(|mut session| {
            let hits = found(&mut session, &words(&arguments.query), order)?;
            Ok((session, hits))
        });
        match opened {
            Ok((session, hits)) => {
                let of_these = hits.papers().iter().enumerate().map(|(at, no)| Found {
                    library: sessions.len(),
                    no: *no,
                    score: hits.score(at).unwrap_or_default(),
                    is_typo: hits.is_typo(*no),
                });
                papers.extend(of_these);
                sessions.push((library.name, session));
            }
            Err(Failure::Failed(line)) => failures.push(line),
            Err(other) => return Err(other),
        }
    }
    if sessions.is_empty() {
        return Err(Failure::Failed(failures.swap_remove(0)));
    }
    for line in failures {
        say(&format!("warning: {line}"));
    }
    // Scores are of the same making in every library; any other order holds within each.
    if order.is_given() {
        papers.sort_by(|a, b| b.score.total_cmp(&a.score));
    }
    let limit = arguments.limit.unwrap_or(usize::MAX);
    let shown = papers.iter().take(limit).filter_map(|found| {
        let (name, session) = sessions.get(found.library)?;
        Some((found, name.as_str(), session))
    });
    if out.is_json() {
        return out.json_array(shown.map(|(found, name, session)| {
            let library = &session.catalogue.library;
            let mut object = paper::to_json(library, session.catalogue.notes.state(), found.no);
            if let Some(object) = object.as_object_mut() {
                let score = (f64::from(found.score) * 100.0).round() / 100.0;
                object.insert("score".to_owned(), json!(score));
                object.insert("typo".to_owned(), json!(found.is_typo));
                let place = json!({"name": name, "path": session.place});
                object.insert("library".to_owned(), place);
            }
            object
        }));
    }
    for (found, name, session) in shown {
        let library = &session.catalogue.library;
        out.row(&[
            Field::Dim(&scrub(name, false)),
            Field::Head(library.id(found.no)),
            Field::Plain(library.title(found.no)),
            Field::Dim(&paper::byline_of(library, found.no)),
        ])?;
    }
    Ok(())
}

/// The words of the command line as one query.
pub(super) fn words(arguments: &[String]) -> String {
    arguments.join(" ")
}

/// Searches with the index, so that the answer is that of the app. What of the query makes no sense is said on standard
/// error.
pub(super) fn found(session: &mut Session, query: &str, order: Order) -> Result<Hits, Failure> {
    let query = session.catalogue.parse(query);
    for problem in query.problems() {
        say(&format!("warning: query: {}", problem.message));
    }
    session.index()?;
    Ok(session.catalogue.search(&query, order, &|| false))
}
