//! `fetch-pdf`: PDFs that may be read freely come beside the library and are attached to their papers.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::failure::{Failure, say};
use super::fetch::{Interrupt, client};
use super::library::Session;
use super::notes::{change, edit};
use super::output::{Field, Out};
use super::progress::Progress;
use crate::core::journal::Change;
use crate::core::text::scrub;
use crate::runtime::attachment::{kept_in, stored};
use crate::runtime::net::Asking;
use crate::runtime::place::expand;
use crate::runtime::store::wall_clock_ms;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The ids of the papers
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Keep the files in this folder rather than in that of the configuration, or else in NAME.offprint/pdf beside the
    /// library
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Fetch it also where a PDF is attached already
    #[arg(long)]
    again: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &Session,
    base: &Path,
    out: &mut Out,
) -> Result<(), Failure> {
    let papers = (arguments.ids.iter())
        .map(|id| session.paper(id))
        .collect::<Result<Vec<_>, _>>()?;
    let set = || Some(expand(session.config.settings.pdf.folder.as_ref()?, base));
    let named = arguments.folder.clone().or_else(set);
    let folder = kept_in(named.as_deref(), &session.library)
        .ok_or_else(|| session.failed("there is no folder for PDFs; name one with --folder"))?;
    let client = client(&session.config);
    let interrupt = Interrupt::catch();
    let progress = Progress::new();
    let cancelled = || interrupt.is_caught();
    let mut values = Vec::new();
    let mut failed = Vec::new();
    for no in papers {
        if interrupt.is_caught() {
            failed.push("stopped; what was fetched is attached".to_owned());
            break;
        }
        let id = session.catalogue.library.id(no).to_owned();
        let known = session.catalogue.notes.state().paper(&id).files;
        let is_pdf = |path: &&String| path.to_ascii_lowercase().ends_with(".pdf");
        if let Some(path) = known.iter().find(is_pdf).filter(|_| !arguments.again) {
            failed.push(format!(
                "{}: {} is attached already; --again fetches one all the same",
                scrub(&id, false),
                scrub(path, false)
            ));
            continue;
        }
        let item = session.catalogue.item(no);
        let item = item.map_err(|error| session.failed(&error.to_string()))?;
        let tell = |who: &str| progress.tell(&format!("{id}: {who} …"));
        let asking = Asking {
            cancelled: &cancelled,
            progress: &tell,
        };
        let kept = client.keep_pdf(&item, &folder, &asking);
        progress.clear();
        let (path, link) = match kept {
            Ok(kept) => kept,
            Err(line) => {
                failed.push(line);
                continue;
            }
        };
        let held = stored(&path, &session.library);
        let attached = edit(
            session,
            no,
            Change::File {
                path: held.as_str().into(),
                attached: true,
            },
        );
        change(session, |ledger| {
            (ledger.edit(wall_clock_ms(), vec![attached]), ())
        })?;
        if out.is_json() {
            values.push(json!({ "id": id, "path": held, "from": link.from, "url": link.url }));
        } else {
            out.row(&[
                Field::Head(&scrub(&id, false)),
                Field::Plain(&scrub(&path.to_string_lossy(), false)),
                Field::Dim(&format!("from {}; undo takes it off", link.from)),
            ])?;
        }
    }
    if out.is_json() {
        out.json(&Value::Array(values))?;
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
