//! `--copy`: to the clipboard instead of standard output.

use std::fs::File;
use std::io::Write;

use super::failure::{Failure, say};
use super::library::Session;
use super::screens::clipboard_setting;
use crate::core::catalogue::Written;
use crate::core::cite::Way;
use crate::runtime::clipboard::{Clipboard, Outcome, Request};

/// Copies, and says on standard error what became of it.
pub(super) fn copy(way: &Way, written: Written, session: &Session) -> Result<(), Failure> {
    let clipboard = Clipboard::from_process(clipboard_setting(&session.config.settings.clipboard));
    let delivery = clipboard.copy(&Request {
        text: written.text,
        html: written.html,
    });
    if let Some(escape) = &delivery.escape {
        // Standard output may be captured; the sequence is meant for the terminal.
        let sent = File::options()
            .write(true)
            .open("/dev/tty")
            .and_then(|mut terminal| terminal.write_all(escape));
        if sent.is_err() && !matches!(delivery.outcome, Outcome::Copied) {
            return Err(Failure::Failed(
                "clipboard: no display and no terminal to send it through; print it instead"
                    .to_owned(),
            ));
        }
    }
    let characters = delivery.text.chars().count();
    match delivery.outcome {
        Outcome::Copied => say(&format!("Copied {} · {characters} characters", way.label())),
        Outcome::Sent { .. } => say(&format!(
            "Sent to the terminal's clipboard: {}",
            way.label()
        )),
        Outcome::SavedToFile { path, reason } => {
            say(&format!(
                "no clipboard ({reason}): saved to {}",
                path.display()
            ));
        }
        Outcome::Failed { reason } => {
            return Err(Failure::Failed(format!(
                "clipboard: {reason}; print it instead"
            )));
        }
    }
    Ok(())
}
