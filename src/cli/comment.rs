//! `comment` and `comments`: writing, changing and printing comments.

use std::io::{IsTerminal as _, Read as _};

use clap::Args;
use serde_json::Value;

use super::editor::text_of_editor;
use super::failure::Failure;
use super::library::Session;
use super::note::{AboutPaper, PaperArguments};
use super::notes::{change, identifiers_of};
use super::output::Out;
use super::paper;
use crate::core::journal::{Change, Comment, Edit};
use crate::core::moment::to_the_minute;
use crate::core::text::scrub;
use crate::runtime::store::wall_clock_ms;

#[derive(Debug, Args)]
pub(super) struct CommentArguments {
    /// The id of the paper
    id: String,
    /// The text; -, or left out with standard input from a pipe: it is read from there; left out at a terminal: the editor opens
    text: Option<String>,
    /// Write the text in the editor that $VISUAL or $EDITOR names
    #[arg(long, conflicts_with = "text")]
    edit: bool,
    /// Change this comment instead of adding one: its number or id, as `comments` prints them
    #[arg(long, value_name = "COMMENT")]
    comment: Option<String>,
}

impl AboutPaper for CommentArguments {
    fn id(&self) -> &str {
        &self.id
    }

    fn changes(&self) -> bool {
        // An editor may be open for hours: the journals are looked at when it is done.
        let text = self.text.as_deref();
        !self.edit && text.is_some_and(|text| text != "-" && !text.trim().is_empty())
    }
}

pub(super) fn comment(
    arguments: &CommentArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let id = session.catalogue.library.id(no);
    let noted = session.catalogue.notes.state().paper(id);
    let old = match &arguments.comment {
        None => None,
        Some(wanted) => Some(named_comment(&noted.comments, wanted)?),
    };
    let at_terminal = arguments.text.is_none() && std::io::stdin().is_terminal();
    let (text, file) = if arguments.edit || at_terminal {
        let (text, file) = text_of_editor("comment", id, old.map_or("", |old| &old.text))?;
        (text, Some(file))
    } else {
        match arguments.text.as_deref() {
            Some(text) if text != "-" => (text.to_owned(), None),
            _ => (text_of_standard_input()?, None),
        }
    };
    if text.trim().is_empty() {
        return Err(Failure::Failed(
            "comment: there is no text; nothing was saved".to_owned(),
        ));
    }
    let identifiers = identifiers_of(session, no);
    let saved = change(session, |ledger| {
        let now = wall_clock_ms();
        let edit = match old {
            None => ledger.new_comment(now, id, identifiers, &text),
            Some(old) => {
                let change = Change::Comment {
                    id: old.id.as_str().into(),
                    text: Some(text.as_str().into()),
                };
                Edit::new(id, identifiers, change)
            }
        };
        let key = edit.change.key().to_owned();
        let operations = ledger.edit(now, vec![edit]);
        let comment = ledger.state().comment(id, &key);
        (operations, comment.as_ref().map(paper::comment_json))
    });
    let object = match (saved, file) {
        (Ok(object), file) => {
            if let Some(file) = file {
                file.discard();
            }
            object
        }
        (Err(Failure::Failed(why)), Some(file)) => {
            let path = file.path().display();
            return Err(Failure::Failed(format!("{why}; the text is in {path}")));
        }
        (Err(failure), _) => return Err(failure),
    };
    if out.is_json() {
        out.json(&object.unwrap_or(Value::Null))?;
    }
    Ok(())
}

/// The comment of that number, counted from 1, or of that id.
fn named_comment<'a>(comments: &'a [Comment], wanted: &str) -> Result<&'a Comment, Failure> {
    let number = wanted.parse::<usize>().ok();
    let by_number = number
        .and_then(|number| number.checked_sub(1))
        .and_then(|at| comments.get(at));
    let by_id = comments.iter().find(|comment| comment.id == wanted);
    by_id.or(by_number).ok_or_else(|| {
        Failure::Failed(format!(
            "comment: there is no comment \"{wanted}\"; `comments` lists them"
        ))
    })
}

fn text_of_standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Failed(format!("standard input: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::Failed(format!(
            "standard input: byte {at} is not UTF-8; convert it first"
        ))
    })
}

pub(super) fn comments(
    arguments: &PaperArguments,
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let noted = session
        .catalogue
        .notes
        .state()
        .paper(session.catalogue.library.id(no));
    if out.is_json() {
        return out.json_array(noted.comments.iter().map(paper::comment_json));
    }
    for (at, comment) in noted.comments.iter().enumerate() {
        if at > 0 {
            out.line("")?;
        }
        let edited = comment
            .edited
            .map_or_else(String::new, |at| format!(" · edited {}", to_the_minute(at)));
        let written = to_the_minute(comment.created);
        out.line(&format!("{} · {written}{edited}", at + 1))?;
        out.line(scrub(&comment.text, true).trim_end_matches('\n'))?;
    }
    Ok(())
}
