//! `attach`: the files of a paper.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::failure::{Failure, say};
use super::library::Session;
use super::note::AboutPaper;
use super::notes::{change, edit};
use super::output::{Field, Out};
use crate::config::Settings;
use crate::core::journal::Change;
use crate::core::paper::PaperNo;
use crate::core::text::scrub;
use crate::runtime::attachment::{found, stored};
use crate::runtime::place::expand;
use crate::runtime::store::wall_clock_ms;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the paper
    #[arg(required_unless_present = "scan")]
    id: Option<String>,
    /// The file to attach; left out, the attached files are printed
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Take the file off the paper; the file itself stays where it is
    #[arg(long, requires = "file")]
    remove: bool,
    /// Find the papers of the PDFs in a folder, by DOI, arXiv id or title; without DIR in that of the configuration
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["id", "file", "remove"])]
    scan: Option<OsString>,
    /// Attach what was found
    #[arg(long, requires = "scan")]
    yes: bool,
}

impl Arguments {
    /// The folder to look through, if one is: the one named, or that of the configuration.
    pub(super) fn scanned(
        &self,
        config: &Settings,
        base: &Path,
    ) -> Option<Result<PathBuf, Failure>> {
        let scan = self.scan.as_ref()?;
        let named = (!scan.is_empty()).then(|| PathBuf::from(scan));
        let set = || Some(expand(config.pdf.folder.as_ref()?, base));
        Some(named.or_else(set).ok_or_else(|| {
            Failure::Usage(
                "--scan: name a folder, or set one in the configuration: [pdf] folder = \"PATH\""
                    .to_owned(),
            )
        }))
    }

    /// Whether what is found is attached.
    pub(super) fn writes(&self) -> bool {
        self.yes
    }
}

impl AboutPaper for Arguments {
    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn changes(&self) -> bool {
        self.file.is_some() || self.yes
    }
}

pub(super) fn run(arguments: &Arguments, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let no = session.paper(arguments.id())?;
    let id = session.catalogue.library.id(no).to_owned();
    let known = session.catalogue.notes.state().paper(&id).files;
    let Some(path) = &arguments.file else {
        return print(&id, &known, session, out);
    };
    let name = scrub(&path.to_string_lossy(), false);
    let kept = stored(path, &session.library);
    if arguments.remove {
        // As it is held, or as it is printed.
        let given = path.to_string_lossy();
        let Some(held) = known.iter().find(|one| **one == kept || **one == given) else {
            return Err(Failure::Failed(format!(
                "{name}: not attached to {id}; offprint attach {id} prints what is"
            )));
        };
        attach(session, no, held.as_str(), false)?;
    } else {
        if !path.is_file() {
            return Err(Failure::Failed(format!(
                "{name}: there is no such file to attach to {id}; check the name"
            )));
        }
        if path.to_str().is_none() {
            return Err(Failure::Failed(format!(
                "{name}: its name is not UTF-8, so the journals cannot hold it; rename it"
            )));
        }
        attach(session, no, &kept, true)?;
    }
    let mut files = known;
    files.retain(|one| *one != kept && *one != path.to_string_lossy());
    if !arguments.remove {
        files.push(kept);
        files.sort();
    }
    if out.is_json() {
        return print(&id, &files, session, out);
    }
    let done = if arguments.remove {
        "taken off"
    } else {
        "attached to"
    };
    say(&format!("{name}: {done} {id}; undo takes this back"));
    Ok(())
}

/// Attaches a file, or takes it off; done when it is durable.
pub(super) fn attach(
    session: &Session,
    no: PaperNo,
    path: &str,
    attached: bool,
) -> Result<(), Failure> {
    let edits = vec![edit(
        session,
        no,
        Change::File {
            path: path.into(),
            attached,
        },
    )];
    change(session, |ledger| (ledger.edit(wall_clock_ms(), edits), ()))
}

fn print(id: &str, files: &[String], session: &Session, out: &mut Out) -> Result<(), Failure> {
    let place = |file: &String| found(file, &session.library);
    if out.is_json() {
        let files: Vec<_> = files
            .iter()
            .map(
                |file| json!({"file": file, "path": place(file), "exists": is_there(&place(file))}),
            )
            .collect();
        return out.json(&json!({"id": id, "files": files}));
    }
    for file in files {
        let missing = if is_there(&place(file)) {
            ""
        } else {
            "there is no such file"
        };
        out.row(&[Field::Head(&scrub(file, false)), Field::Dim(missing)])?;
    }
    Ok(())
}

fn is_there(path: &Path) -> bool {
    path.is_file()
}
