//! `attach --scan`: the PDFs of a folder, and the papers of the library that they are.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use foldhash::{HashMap, HashMapExt as _, HashSet};
use serde_json::json;

use super::failure::{Failure, say};
use super::library::Session;
use super::notes::{change, edit};
use super::output::{Field, Out};
use super::progress::Progress;
use crate::core::identify::{Identifier, NamedBy};
use crate::core::journal::{Change, Identities as _, normal_identifier};
use crate::core::notes::LibraryIdentities;
use crate::core::paper::PaperNo;
use crate::core::text::{fold, scrub};
use crate::runtime::attachment::stored;
use crate::runtime::paper_file::naming;
use crate::runtime::source::reason;
use crate::runtime::store::wall_clock_ms;

/// Folders within the folder are looked into so deep.
const DEPTH: usize = 4;
/// More PDFs than this are not looked through at once.
const MOST: usize = 5000;
/// A shorter title, in letters, may be that of many papers.
const SHORTEST_TITLE: usize = 12;

/// A PDF, and the paper that it is.
struct Found {
    path: PathBuf,
    stored: String,
    /// The paper, and why.
    paper: Option<(PaperNo, String)>,
    /// What it says that it is, where no paper is known for it.
    says: String,
}

pub(super) fn run(
    folder: &Path,
    writes: bool,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let name = scrub(&folder.to_string_lossy(), false);
    let mut files = Vec::new();
    collect(folder, DEPTH, &mut files)
        .map_err(|error| Failure::Failed(format!("{name}: {}; check the name", reason(&error))))?;
    files.sort();
    if files.len() > MOST {
        return Err(Failure::Failed(format!(
            "{name}: more than {MOST} PDFs; scan its folders one by one"
        )));
    }
    let state = session.catalogue.notes.state();
    let library = &session.catalogue.library;
    let known: HashSet<String> = library
        .numbers()
        .filter(|no| state.summary(library.id(*no)).files > 0)
        .flat_map(|no| state.paper(library.id(no)).files)
        .collect();
    let looked_through = files.len();
    let new: Vec<(PathBuf, String)> = files
        .into_iter()
        .map(|path| {
            let kept = stored(&path, &session.library);
            (path, kept)
        })
        .filter(|(_, kept)| !known.contains(kept))
        .collect();
    let already = looked_through - new.len();
    let (found, failed) = look_up(new, session);
    if writes {
        write(&found, session)?;
    }
    print(&found, writes, already, session, out)?;
    out.finish()?;
    for line in &failed {
        say(line);
    }
    Ok(())
}

/// The PDFs of a folder and of those in it.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type()?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if kind.is_dir() && depth > 0 && !is_hidden {
            // A folder within that cannot be read is left out.
            let _ = collect(&path, depth - 1, files);
        } else if path
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case(OsStr::new("pdf")))
            && path.is_file()
            && files.len() <= MOST
        {
            files.push(path);
        }
    }
    Ok(())
}

/// What each PDF is; lines about those that cannot be looked through.
fn look_up(files: Vec<(PathBuf, String)>, session: &Session) -> (Vec<Found>, Vec<String>) {
    let (library, source) = (&session.catalogue.library, &session.catalogue.source);
    let identities = LibraryIdentities::new(library, source.as_ref());
    let titles = titles(session);
    let progress = Progress::new();
    let count = files.len();
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for (at, (path, stored)) in files.into_iter().enumerate() {
        progress.bar(at, count, &format!("{at} of {count} PDFs"));
        let said = match naming(&path) {
            Ok(said) => said,
            Err(line) => {
                failed.push(line);
                continue;
            }
        };
        let by_identifier = said
            .named
            .as_ref()
            .and_then(|NamedBy { identifier, place }| {
                let id = identities.find(&normal(identifier)?)?;
                Some((library.find_id(id)?, format!("{identifier} in {place}")))
            });
        let by_title = || {
            let title = key_of(said.title.as_ref()?)?;
            let no = (*titles.get(&title)?)?;
            Some((no, "its title".to_owned()))
        };
        let paper = by_identifier.or_else(by_title);
        let says = match (&said.named, &said.title) {
            (Some(named), _) => named.identifier.to_string(),
            (None, Some(title)) => scrub(title, false),
            (None, None) => "neither DOI nor title".to_owned(),
        };
        found.push(Found {
            path,
            stored,
            paper,
            says,
        });
    }
    progress.clear();
    (found, failed)
}

pub(super) fn normal(identifier: &Identifier) -> Option<Box<str>> {
    match identifier {
        Identifier::Doi(doi) => normal_identifier(&format!("doi:{doi}")),
        Identifier::Arxiv(id) => normal_identifier(&format!("arxiv:{id}")),
        Identifier::Pmid(id) => normal_identifier(&format!("pmid:{id}")),
        _ => None,
    }
}

/// The papers by their titles; none where several have one.
fn titles(session: &Session) -> HashMap<String, Option<PaperNo>> {
    let library = &session.catalogue.library;
    let mut titles = HashMap::new();
    for no in library.numbers() {
        if let Some(key) = key_of(library.title(no)) {
            titles
                .entry(key)
                .and_modify(|known| *known = None)
                .or_insert(Some(no));
        }
    }
    titles
}

/// The letters of a title.
pub(super) fn key_of(title: &str) -> Option<String> {
    let key: String = fold(title)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    (key.chars().count() >= SHORTEST_TITLE).then_some(key)
}

fn write(found: &[Found], session: &Session) -> Result<(), Failure> {
    let edits: Vec<_> = found
        .iter()
        .filter_map(|one| {
            let (no, _) = one.paper.as_ref()?;
            let path = one.stored.as_str().into();
            Some(edit(
                session,
                *no,
                Change::File {
                    path,
                    attached: true,
                },
            ))
        })
        .collect();
    if edits.is_empty() {
        return Ok(());
    }
    change(session, |ledger| (ledger.edit(wall_clock_ms(), edits), ()))
}

fn print(
    found: &[Found],
    writes: bool,
    already: usize,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let id = |no: PaperNo| session.catalogue.library.id(no);
    if out.is_json() {
        let file = |one: &Found| {
            json!({
                "file": one.stored,
                "path": one.path,
                "id": one.paper.as_ref().map(|(no, _)| id(*no)),
                "why": one.paper.as_ref().map(|(_, why)| why),
                "says": one.says,
            })
        };
        let files: Vec<_> = found.iter().map(file).collect();
        return out.json(&json!({"files": files, "attached_before": already, "written": writes}));
    }
    for one in found {
        let name = scrub(&one.stored, false);
        match &one.paper {
            Some((no, why)) => {
                let what = if writes {
                    "attached to"
                } else {
                    "would be attached to"
                };
                out.row(&[
                    Field::Plain(&name),
                    Field::Dim(what),
                    Field::Head(&scrub(id(*no), false)),
                    Field::Dim(why),
                ])?;
            }
            None => out.row(&[
                Field::Plain(&name),
                Field::Dim("no paper of the library"),
                Field::Dim(&one.says),
            ])?,
        }
    }
    let papers = found.iter().filter(|one| one.paper.is_some()).count();
    let others = found.len() - papers;
    say(&match (writes, papers) {
        (_, 0) => format!("{others} without a paper, {already} attached before; nothing to attach"),
        (true, _) => format!(
            "{papers} attached, {others} without a paper, {already} attached before; undo takes this back"
        ),
        (false, _) => format!(
            "{papers} to attach, {others} without a paper, {already} attached before; --yes attaches them"
        ),
    });
    Ok(())
}
