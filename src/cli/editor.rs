//! Texts that a command gets from the reader's editor.

use std::process::Command;

use super::failure::Failure;
use crate::runtime::editor::{Editor, Outcome, TextFile};
use crate::runtime::store::Directories;

/// A text from the reader's editor, and the file that holds it until it is saved.
pub(super) fn text_of_editor(
    command: &str,
    name: &str,
    before: &str,
) -> Result<(String, TextFile), Failure> {
    let failed = |why: String| Failure::Failed(format!("{command}: {why}"));
    let editor = Editor::from_process().map_err(|error| failed(error.to_string()))?;
    let folder = Directories::from_process().state;
    let folder = folder.map(|state| state.join("editor"));
    let file = TextFile::create(folder.as_deref(), name, before)
        .map_err(|error| failed(format!("no file for the editor: {error}")))?;
    // What the keyboard sends while the editor has the terminal is for the editor.
    #[cfg(feature = "tui")]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGQUIT] {
        // Refused, an interrupt would end this program and leave the text in the file.
        let _ = signal_hook::flag::register(signal, std::sync::Arc::default());
    }
    let edit = editor.edit(file, Command::status);
    let why = match (edit.outcome, edit.file) {
        (Outcome::Text(text), Some(file)) => return Ok((text, file)),
        (outcome, file) => {
            let _ = file.map(TextFile::discard);
            match outcome {
                Outcome::Failed(why) => why,
                Outcome::Emptied => "the editor left no text; nothing was saved".to_owned(),
                _ if before.is_empty() => "there is no text; nothing was saved".to_owned(),
                Outcome::Text(_) | Outcome::Unchanged => {
                    "nothing was changed; nothing was saved".to_owned()
                }
            }
        }
    };
    Err(failed(why))
}
