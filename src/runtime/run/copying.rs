//! A citation to the clipboard.

use super::Done;
use crate::app::{Copied, CopyRoute, Msg};
use crate::core::catalogue::{Catalogue, Written};
use crate::core::paper::PaperNo;
use crate::runtime::clipboard::{Clipboard, Outcome, Request};

/// The key of one paper, or how many there are; and how many of them are retracted.
pub(super) fn name_of(catalogue: &Catalogue, papers: &[PaperNo]) -> String {
    let name = match papers {
        [one] => catalogue.key(*one).unwrap_or_default(),
        many => format!("{} papers", many.len()),
    };
    let retracted = catalogue.retracted_among(papers.iter().copied(), &|| false);
    match (retracted.len(), papers.len()) {
        (0, _) => name,
        (1, 1) => format!("{name} · RETRACTED"),
        (count, _) => format!("{name} · {count} RETRACTED"),
    }
}

pub(super) fn copy(clipboard: &Clipboard, what: String, of: String, written: Written) -> Done {
    let delivery = clipboard.copy(&Request {
        text: written.text,
        html: written.html,
    });
    let route = match delivery.outcome {
        Outcome::Copied => CopyRoute::Confirmed,
        Outcome::Sent { .. } => CopyRoute::Sent,
        Outcome::SavedToFile { path, .. } => CopyRoute::Saved(path.display().to_string()),
        Outcome::Failed { reason } => CopyRoute::Failed(reason),
    };
    let copied = Copied {
        what,
        of,
        text: delivery.text,
        route,
    };
    Done {
        msg: Msg::Copied(copied),
        escape: delivery.escape,
        picked: None,
        opened: None,
    }
}
