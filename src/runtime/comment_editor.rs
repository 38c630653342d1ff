//! A comment in the reader's editor, while its draft waits on the disk.

use std::io;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use super::drafts::Drafts;
use super::editor::{Editor, Outcome, TextFile};
use super::store::Directories;
use crate::app::drafts::{Draft, Edited};

/// How long the disk may take with the draft before the editor is opened all the same.
const FLUSH: Duration = Duration::from_secs(2);

/// Edits the text of a draft. The file returned, if any, holds it until it is safe elsewhere.
pub(super) fn edit(
    draft: &Draft,
    drafts: &Drafts,
    lend: impl FnOnce(&mut Command) -> io::Result<ExitStatus>,
) -> (Edited, Option<TextFile>) {
    // Whatever becomes of the editor, and of this process meanwhile, the text from before is on the disk.
    drafts.flush(FLUSH);
    let editor = match Editor::from_process() {
        Ok(editor) => editor,
        Err(error) => return (Edited::Failed(error.to_string()), None),
    };
    let folder = Directories::from_process().state;
    let folder = folder.map(|state| state.join("editor"));
    let file = match TextFile::create(folder.as_deref(), &draft.key.paper, &draft.text) {
        Ok(file) => file,
        Err(error) => {
            let reason = format!("There is no file for the editor: {error}");
            return (Edited::Failed(reason), None);
        }
    };
    let edit = editor.edit(file, lend);
    let edited = match edit.outcome {
        Outcome::Text(text) => Edited::Text(text),
        Outcome::Unchanged => Edited::Unchanged,
        Outcome::Emptied => Edited::Emptied,
        Outcome::Failed(reason) => Edited::Failed(reason),
    };
    (edited, edit.file)
}
