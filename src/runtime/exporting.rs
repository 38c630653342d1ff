//! Writing papers into a file for other programs, from the app.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::output_file::OutputFile;
use super::place::Place;
use super::source::reason;
use crate::app::{Level, Msg};
use crate::core::catalogue::Catalogue;
use crate::core::csl::Rich;
use crate::core::export::{Collected, Document, Options, Queue, Target};
use crate::core::paper::PaperNo;
use crate::core::text::scrub;

/// What is to be written where.
pub(super) struct Export {
    /// The papers in order.
    pub(super) papers: Vec<PaperNo>,
    /// The format.
    pub(super) target: Target,
    /// The citation style of the formats that have citations.
    pub(super) style: String,
    /// The path as typed: `~/` is the home directory.
    pub(super) path: String,
    /// A file that is there may be replaced.
    pub(super) replace: bool,
}

/// Writes the papers; says what became of it, or asks first where a file is there already.
pub(super) fn export(catalogue: &Catalogue, place: &Place, export: &Export) -> Msg {
    let path = super::place::expand(&export.path, Path::new(""));
    let shown = scrub(&path.to_string_lossy(), false);
    let failed = |what: &str| Msg::Tell(Level::Error, format!("Not exported: {shown}: {what}"));
    if let Place::File(library) = place
        && let (Ok(library), Ok(own)) = (library.canonicalize(), path.canonicalize())
        && library == own
    {
        return failed("this is the library itself; name another file");
    }
    if path.is_dir() {
        return failed("this is a folder; name a file");
    }
    if !export.replace && fs::symlink_metadata(&path).is_ok() {
        return Msg::FileExists(export.path.clone());
    }
    match document(catalogue, export) {
        Err(reason) => failed(&reason),
        Ok(text) => {
            let written = OutputFile::create(&path).and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.finish()
            });
            match written {
                Ok(()) => {
                    let papers = match export.papers.len() {
                        1 => "1 paper".to_owned(),
                        many => format!("{many} papers"),
                    };
                    Msg::Tell(Level::Info, format!("Exported {papers} · {shown}"))
                }
                Err(error) => failed(&reason(&error)),
            }
        }
    }
}

fn document(catalogue: &Catalogue, export: &Export) -> Result<String, String> {
    let mut document = Document::new(export.target, Options::default());
    let queue = Queue::new(catalogue.notes.state());
    let collect = |paper: PaperNo| {
        Collected::read(catalogue, paper, None, &queue).map_err(|error| error.to_string())
    };
    let mut text = document.head(export.papers.len());
    let in_order: Vec<(PaperNo, Option<Rich>)> = if export.target.needs_citations() {
        let items: Result<Vec<_>, _> = (export.papers.iter())
            .map(|paper| catalogue.item(*paper))
            .collect();
        let items = items.map_err(|error| error.to_string())?;
        let entries = catalogue
            .bibliography(&export.style, items)
            .map_err(|error| error.to_string())?;
        entries
            .into_iter()
            .filter_map(|(at, citation)| Some((*export.papers.get(at)?, Some(citation))))
            .collect()
    } else {
        export.papers.iter().map(|paper| (*paper, None)).collect()
    };
    for (paper, citation) in in_order {
        text.push_str(&document.paper(&collect(paper)?.paper(citation.as_ref())));
    }
    text.push_str(&document.foot());
    Ok(text)
}
