//! Which papers are exported.

use std::collections::HashMap;

use super::Arguments;
use crate::cli::failure::{Failure, say};
use crate::cli::library::Session;
use crate::cli::search::{found, words};
use crate::core::cite::key::{safe, usable};
use crate::core::order::Order;
use crate::core::paper::PaperNo;
use crate::core::text::scrub;
use crate::runtime::manuscript;

/// A paper to export.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) no: PaperNo,
    /// The key by which the manuscript cites it.
    pub(super) key: Option<String>,
}

/// A key that no paper has.
#[derive(Debug)]
pub(super) struct Missing {
    pub(super) key: String,
    /// Where it is cited, and what to do.
    pub(super) line: String,
}

/// The papers in the order of the library, and what was not found.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) papers: Vec<Selected>,
    pub(super) missing: Vec<Missing>,
}

impl Selection {
    fn of(papers: impl IntoIterator<Item = PaperNo>) -> Selection {
        let papers = papers.into_iter().map(|no| Selected { no, key: None });
        Selection {
            papers: papers.collect(),
            missing: Vec::new(),
        }
    }
}

pub(super) fn select(arguments: &Arguments, session: &mut Session) -> Result<Selection, Failure> {
    let query = words(&arguments.query);
    let by_query = !query.trim().is_empty();
    let by_id = !arguments.ids.is_empty();
    let by_manuscript = arguments.manuscripts().next().is_some();
    if [by_query, by_id, by_manuscript]
        .iter()
        .filter(|by| **by)
        .count()
        > 1
    {
        return Err(Failure::Usage(
            "export: a query, --id and --for each say which papers; keep one of them".to_owned(),
        ));
    }
    if by_manuscript {
        return cited(arguments, session);
    }
    if by_id {
        let papers: Result<Vec<PaperNo>, Failure> =
            arguments.ids.iter().map(|id| session.paper(id)).collect();
        let mut papers = papers?;
        papers.sort_unstable();
        papers.dedup();
        return Ok(Selection::of(papers));
    }
    if by_query {
        let mut papers = found(session, &query, Order::default())?.papers().to_vec();
        papers.sort_unstable();
        return Ok(Selection::of(papers));
    }
    Ok(Selection::of(session.catalogue.library.numbers()))
}

fn cited(arguments: &Arguments, session: &Session) -> Result<Selection, Failure> {
    let mut keys = Vec::new();
    let mut everything = false;
    for path in arguments.manuscripts() {
        let found = manuscript::read(path).map_err(Failure::Failed)?;
        for problem in &found.problems {
            say(&format!("warning: {problem}"));
        }
        everything |= found.everything;
        keys.extend(found.keys);
    }
    let library = &session.catalogue.library;
    let mut derived = None;
    let mut papers: HashMap<PaperNo, Option<String>> = HashMap::new();
    if everything {
        papers.extend(library.numbers().map(|no| (no, None)));
    }
    let mut missing: Vec<Missing> = Vec::new();
    for cited in keys {
        let mut paper = library.find_id(&cited.key);
        if paper.is_none() {
            let known = match &derived {
                Some(known) => known,
                None => derived.insert(derived_keys(session)?),
            };
            paper = known.get(&cited.key).copied();
        }
        match paper {
            // A paper cited by two keys keeps the first.
            Some(no) => {
                let key = papers.entry(no).or_default();
                key.get_or_insert(cited.key);
            }
            None if cited.doubtful || missing.iter().any(|known| known.key == cited.key) => {}
            None => missing.push(Missing {
                line: explained(&cited, session),
                key: cited.key,
            }),
        }
    }
    let mut papers: Vec<Selected> = papers
        .into_iter()
        .map(|(no, key)| Selected { no, key })
        .collect();
    papers.sort_unstable_by_key(|selected| selected.no);
    Ok(Selection { papers, missing })
}

/// Keys made of the facts of papers whose id is no key.
fn derived_keys(session: &Session) -> Result<HashMap<String, PaperNo>, Failure> {
    let library = &session.catalogue.library;
    let mut keys = HashMap::new();
    for no in library.numbers().filter(|no| !usable(library.id(*no))) {
        let key = session
            .catalogue
            .key(no)
            .map_err(|error| session.failed(&error.to_string()))?;
        keys.entry(key).or_insert(no);
        // As the ways out of the library write the id, where that was copied by hand.
        keys.entry(safe(library.id(no))).or_insert(no);
    }
    Ok(keys)
}

fn explained(cited: &manuscript::Place, session: &Session) -> String {
    let near = session.nearest_ids(&cited.key);
    let hint = near.first().map_or_else(
        || "add the paper, or correct the key".to_owned(),
        |near| format!("add the paper, or did you mean \"{near}\"?"),
    );
    let key: String = scrub(&cited.key, false).chars().take(80).collect();
    format!("{}: no paper has the key \"{key}\"; {hint}", cited.place)
}
