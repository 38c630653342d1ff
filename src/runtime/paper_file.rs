//! Files that papers come in by: bibliographies of other programs, and PDFs that say which paper they are.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::named_file::NamedFiles;
use super::place::Place;
use super::source::reason;
use crate::core::identify::{Identifier, NamedBy, of_pdf};
use crate::core::import::{Entry, Found, ImportError, each};
use crate::core::incoming::Work;
use crate::core::library::Problem;
use crate::core::text::scrub;

/// Larger PDFs are not looked through, in bytes.
const LARGEST_PDF: u64 = 256 << 20;
/// Entries between two looks at how far the reading is.
const STEP: usize = 200;

/// A bibliography that was read.
#[derive(Debug)]
pub struct Bibliography {
    /// Its name, as it can be shown.
    pub name: String,
    /// What it is: "BibTeX".
    pub format: &'static str,
    /// How many works it has.
    pub entries: usize,
    /// What was wrong with it.
    pub problems: Vec<Problem>,
}

/// How far the reading of a bibliography is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadSoFar {
    /// Bytes that were read.
    pub bytes: usize,
    /// All bytes.
    pub of: usize,
    /// Works so far.
    pub entries: usize,
}

/// Reads the bytes of a bibliography at `path`, called `name`; its works go to `works`, with the files that belong to
/// them as journals hold their paths. `look` is told now and then how far it is, and ends the reading with `Break`.
///
/// # Errors
/// When the format is not known or the encoding not read.
pub fn read_bibliography(
    bytes: &[u8],
    (path, name): (&Path, String),
    library: &Place,
    works: &mut Vec<Work>,
    look: &mut dyn FnMut(ReadSoFar) -> ControlFlow<()>,
) -> Result<Bibliography, ImportError> {
    let mut entries = 0;
    let mut problems = Vec::new();
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let files = NamedFiles::of(bytes, path, library);
    let format = each(bytes, &file_name, &mut |found| {
        let entry = match found {
            Found::Entry(entry) => entry,
            Found::Problem(problem) => {
                problems.push(problem);
                return ControlFlow::Continue(());
            }
        };
        entries += 1;
        let end = entry.span.end;
        let mut work = work(*entry, &name);
        work.noted.files = (work.noted.files.iter())
            .filter_map(|written| files.held(written))
            .collect();
        works.push(work);
        if entries % STEP != 0 {
            return ControlFlow::Continue(());
        }
        look(ReadSoFar {
            bytes: end,
            of: bytes.len(),
            entries,
        })
    })?;
    Ok(Bibliography {
        name,
        format: format.name(),
        entries,
        problems,
    })
}

fn work(entry: Entry, name: &str) -> Work {
    Work {
        item: entry.item,
        noted: entry.noted,
        origin: format!("{name}:{}", entry.line),
        is_for_known: false,
    }
}

/// What a PDF says of itself.
#[derive(Debug, Default)]
pub struct Naming {
    /// Its identifier, and where that stood.
    pub named: Option<NamedBy>,
    /// Its title, as it is printed on the first page.
    pub title: Option<String>,
}

/// What a PDF says that it is.
///
/// # Errors
/// In a sentence: when the file cannot be read or is too large.
pub fn naming(path: &Path) -> Result<Naming, String> {
    let name = scrub(&path.to_string_lossy(), false);
    let failed = |error: io::Error| format!("{name}: {}; check the name", reason(&error));
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST_PDF {
        return Err(format!(
            "{name}: larger than 256 MB; add the paper by its DOI with --attach {name}"
        ));
    }
    let bytes = fs::read(path).map_err(failed)?;
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(printed(path, of_pdf(&file_name, &bytes)))
}

/// What names the paper of a PDF.
///
/// # Errors
/// In a sentence: when the file cannot be read, is too large, or nothing in it names a paper.
pub fn paper_of_pdf(path: &Path) -> Result<NamedBy, String> {
    let said = naming(path)?;
    // Services are asked for the title, and take it only where a paper has just this one.
    let by_title = said.title.map(|title| NamedBy {
        identifier: Identifier::Title(title),
        place: "its first page",
    });
    said.named.or(by_title).ok_or_else(|| {
        let name = scrub(&path.to_string_lossy(), false);
        format!(
            "{name}: no DOI or arXiv id in its name, its metadata or its first pages; add the paper by its DOI: offprint add DOI --attach {name}"
        )
    })
}

/// Adds what is printed on the first pages to what the bytes say: metadata and the name of the file are surer, the
/// rest of the bytes is not.
#[cfg(feature = "pdf")]
fn printed(path: &Path, of_bytes: Option<NamedBy>) -> Naming {
    let (identifier, title) = super::pdf::names(&super::pdf::Program::default(), path, &|| false);
    let printed = identifier.map(|identifier| NamedBy {
        identifier,
        place: "its first pages",
    });
    let is_sure = |named: &NamedBy| matches!(named.place, "its metadata" | "its name");
    Naming {
        named: match of_bytes {
            Some(named) if is_sure(&named) => Some(named),
            other => printed.or(other),
        },
        title,
    }
}

#[cfg(not(feature = "pdf"))]
fn printed(_: &Path, of_bytes: Option<NamedBy>) -> Naming {
    Naming {
        named: of_bytes,
        title: None,
    }
}

/// The path as the reader means it: `~` is the home folder.
pub fn expanded(path: &str) -> PathBuf {
    let home = path.strip_prefix("~/").zip(directories::BaseDirs::new());
    home.map_or_else(
        || PathBuf::from(path),
        |(rest, base)| base.home_dir().join(rest),
    )
}
