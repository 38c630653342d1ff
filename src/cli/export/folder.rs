//! Folders with one file a paper.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::selection::Selection;
use super::{Report, collect, failed};
use crate::cli::failure::Failure;
use crate::cli::library::Session;
use crate::core::export::file_name::FileNames;
use crate::core::export::note::Neighbour;
use crate::core::export::seal::{self, Seal};
use crate::core::export::{Queue, comments, note};
use crate::core::paper::PaperNo;
use crate::core::text::scrub;
use crate::runtime::output_file;

/// Links to similar papers in a note.
const SIMILAR: usize = 5;

/// The name of each paper's file, by its key.
fn names(selection: &Selection, session: &Session) -> Result<Vec<String>, Failure> {
    let mut names = FileNames::new();
    let keys = selection.papers.iter().map(|selected| match &selected.key {
        Some(key) => Ok(key.clone()),
        None => session.catalogue.key(selected.no),
    });
    keys.map(|key| key.map(|key| names.name(&key)))
        .collect::<Result<_, _>>()
        .map_err(|error| session.failed(&error.to_string()))
}

/// Writes a note a paper, linked to similar ones among them.
pub(super) fn notes(
    folder: &Path,
    selection: &Selection,
    style: &str,
    force: bool,
    session: &mut Session,
    report: &mut Report,
) -> Result<(), Failure> {
    session.index()?;
    create(folder)?;
    let queue = Queue::new(session.catalogue.notes.state());
    let names = names(selection, session)?;
    let files: HashMap<PaperNo, &str> = selection
        .papers
        .iter()
        .zip(&names)
        .map(|(selected, name)| (selected.no, name.as_str()))
        .collect();
    for (selected, name) in selection.papers.iter().zip(&names) {
        let collected = collect(selected, &queue, session)?;
        let citation = session
            .catalogue
            .entries(style, vec![collected.item.clone()])
            .map_err(|error| Failure::Failed(error.to_string()))?;
        let related = session.catalogue.related(selected.no, SIMILAR);
        let similar: Vec<Neighbour> = related
            .similar
            .into_iter()
            .filter_map(|other| {
                Some(Neighbour {
                    file: (*files.get(&other.no)?).to_owned(),
                    title: other.title,
                    why: other.why,
                })
            })
            .collect();
        let citation = citation.first().map(|(_, citation)| citation);
        let text = note::note(&collected.paper(citation), &similar);
        put(folder, name, &text, force, report)?;
    }
    Ok(())
}

/// Writes the comments of every paper that has some.
pub(super) fn comments(
    folder: &Path,
    selection: &Selection,
    force: bool,
    session: &Session,
    report: &mut Report,
) -> Result<(), Failure> {
    create(folder)?;
    let state = session.catalogue.notes.state();
    let queue = Queue::new(state);
    let names = names(selection, session)?;
    for (selected, name) in selection.papers.iter().zip(&names) {
        if state
            .summary(session.catalogue.library.id(selected.no))
            .comments
            == 0
        {
            continue;
        }
        let collected = collect(selected, &queue, session)?;
        if let Some(text) = comments::file(&collected.paper(None)) {
            put(folder, name, &text, force, report)?;
        }
    }
    Ok(())
}

fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error, "name a folder"))
}

/// Writes one file, unless somebody else wrote it or edited it.
fn put(
    folder: &Path,
    name: &str,
    text: &str,
    force: bool,
    report: &mut Report,
) -> Result<(), Failure> {
    let path = folder.join(format!("{name}.md"));
    let shown = scrub(&path.to_string_lossy(), false);
    let mut left_alone = |why: &str| {
        let line = format!("{shown}: {why}, left as it is; --force replaces it");
        report.kept.push(line);
    };
    match fs::read(&path) {
        Ok(bytes) if bytes == text.as_bytes() => {
            report.same += 1;
            return Ok(());
        }
        Ok(bytes) if !force => match seal::examine(&String::from_utf8_lossy(&bytes)) {
            Seal::Intact => {}
            Seal::Edited => {
                left_alone("edited since it was exported");
                return Ok(());
            }
            Seal::Foreign => {
                left_alone("not written by offprint");
                return Ok(());
            }
        },
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(&path, &error, "the files before it are written")),
    }
    output_file::write(&path, text)
        .map_err(|error| failed(&path, &error, "the files before it are written"))?;
    report.files.push(path);
    Ok(())
}
