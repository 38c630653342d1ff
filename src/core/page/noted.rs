//! What the reader noted, on the page: comments, status and marks, how far was read.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Block, Piece, Section, SectionKind};
use crate::core::journal::{Comment, PaperState};
use crate::core::moment::to_the_minute;
use crate::core::text::scrub;

/// The reader's comments, each under its time, newest last; what is shown is scrubbed, what is stored is not.
pub(super) fn section(notes: Option<&PaperState>) -> Section {
    let comments = notes.map_or(&[][..], |notes| &notes.comments);
    let machines: BTreeSet<&str> = comments
        .iter()
        .flat_map(|comment| &comment.texts)
        .map(|text| machine_of(&text.writer))
        .collect();
    let mut blocks: Vec<Block> = comments
        .iter()
        .map(|comment| Block::Comment {
            id: comment.id.clone(),
            head: comment_head(comment, machines.len() > 1),
            text: scrub(&comment.text, true).trim_end().to_owned(),
        })
        .collect();
    if blocks.is_empty() {
        blocks.push(Block::Note("No comments yet".to_owned()));
    }
    Section {
        kind: SectionKind::Comments,
        count: Some(comments.len()),
        origin: None,
        blocks,
    }
}

/// When a comment was written and changed; on which machine, where there are several.
fn comment_head(comment: &Comment, name_machines: bool) -> String {
    let mut head = to_the_minute(comment.created);
    if let Some(at) = comment.edited {
        let _ = write!(head, " · edited {}", to_the_minute(at));
    }
    if name_machines {
        let machines: BTreeSet<&str> = comment
            .texts
            .iter()
            .map(|text| machine_of(&text.writer))
            .collect();
        for machine in machines {
            let _ = write!(head, " · {}", scrub(machine, false));
        }
    }
    if comment.texts.len() > 1 {
        let _ = write!(head, " · {} versions", comment.texts.len());
    }
    head
}

/// The machine's part of a writer's name.
fn machine_of(writer: &str) -> &str {
    writer
        .rsplit_once('-')
        .map_or(writer, |(machine, _)| machine)
}

/// Status and marks in a line: `read · ★ · rated 4 of 5 · #project/thesis`.
pub fn summed_up(notes: &PaperState) -> String {
    let tags = notes
        .tags
        .iter()
        .map(|tag| format!("#{}", scrub(tag, false)));
    let marks: Vec<String> = marks(notes).into_iter().chain(tags).collect();
    marks.join(" · ")
}

fn marks(notes: &PaperState) -> Vec<String> {
    let mut marks = vec![notes.status.name().to_owned()];
    if notes.starred {
        marks.push("★ starred".to_owned());
    }
    if notes.rating > 0 {
        marks.push(format!("rated {} of 5", notes.rating));
    }
    if notes.priority > 0 {
        marks.push(format!("priority {}", notes.priority));
    }
    if notes.queue.is_some() {
        marks.push("in the queue".to_owned());
    }
    marks
}

/// How far it was read, and when.
fn reading(notes: &PaperState) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(progress) = notes.progress {
        parts.push(match progress.of {
            0 => format!("page {}", progress.page),
            of => format!("page {} of {of}", progress.page),
        });
    }
    for (what, at) in [
        ("added", notes.added),
        ("opened", notes.opened),
        ("finished", notes.finished),
    ] {
        parts.extend(at.map(|at| format!("{what} {}", to_the_minute(at))));
    }
    parts
}

/// What the reader noted, as rows of the details; nothing where there is nothing to say.
pub(super) fn fields(notes: &PaperState) -> Vec<Block> {
    let field = |label, text: String| Block::Field {
        label,
        value: vec![Piece::plain(text)],
    };
    let mut fields = vec![field("Status", marks(notes).join(" · "))];
    let reading = reading(notes);
    if !reading.is_empty() {
        fields.push(field("Reading", reading.join(" · ")));
    }
    if !notes.tags.is_empty() {
        let tags: Vec<String> = notes.tags.iter().map(|tag| scrub(tag, false)).collect();
        fields.push(field("Tags", tags.join(" · ")));
    }
    fields
}
