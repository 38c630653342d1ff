//! What was noted of a work elsewhere, as changes of the journals.

use crate::core::import::Noted;
use crate::core::journal::{Change, Edit, Ledger, Place, Status};

/// The edits that note of a paper what came along with it. What is noted already stays: tags, groups (as tags, nested
/// as they are), comments and files come beside what is there; status, rating and priority only where there is none.
///
/// `comments` counts the comments of one action, so that each gets an id of its own. `now_ms`: ms since 1970.
pub fn noted_edits(
    ledger: &Ledger,
    paper: &str,
    identifiers: &[Box<str>],
    noted: &Noted,
    comments: &mut usize,
    now_ms: u64,
) -> Vec<Edit> {
    if *noted == Noted::default() {
        return Vec::new();
    }
    let known = ledger.state().paper(paper);
    let mut edits = Vec::new();
    let mut edit = |change| edits.push(Edit::new(paper, identifiers.to_vec(), change));
    for tag in noted.tags.iter().chain(&noted.groups) {
        let tag = tag.trim().trim_matches('/').trim();
        if !tag.is_empty() {
            edit(Change::Tag {
                tag: tag.into(),
                on: true,
            });
        }
    }
    for path in &noted.files {
        if !path.is_empty() {
            edit(Change::File {
                path: path.as_str().into(),
                attached: true,
            });
        }
    }
    if (1..=5).contains(&noted.rating) && known.rating == 0 {
        edit(Change::Rating(noted.rating));
    }
    if (1..=3).contains(&noted.priority) && known.priority == 0 {
        edit(Change::Priority(noted.priority));
    }
    if noted.starred {
        edit(Change::Starred(true));
    }
    if noted.progress.is_some() && known.progress.is_none() {
        edit(Change::Progress(noted.progress));
    }
    if noted.added.is_some() {
        edit(Change::Added(noted.added));
    }
    if noted.finished.is_some() && known.finished.is_none() {
        edit(Change::Finished(noted.finished));
    }
    if let Some(status) = noted.status
        && known.status == Status::Unread
    {
        edit(Change::Status(status));
    }
    for text in &noted.comments {
        let is_known = known.comments.iter().any(|one| one.text == *text);
        if text.trim().is_empty() || is_known {
            continue;
        }
        let mut new = ledger.new_comment(now_ms, paper, identifiers.to_vec(), text);
        // The ledger tells comments apart by its number, which is the same for all of one action.
        if *comments > 0
            && let Change::Comment { id, .. } = &mut new.change
        {
            *id = format!("{id}.{comments}").into();
        }
        *comments += 1;
        edits.push(new);
    }
    edits
}

/// The edits that put papers at the end of the reading queue, in the order of their places elsewhere; those that are
/// in it already stay where they are.
pub fn queue_edits<'a>(
    ledger: &Ledger,
    papers: impl IntoIterator<Item = (u32, &'a str, Vec<Box<str>>)>,
) -> Vec<Edit> {
    let mut papers: Vec<_> = papers.into_iter().collect();
    papers.sort_by_key(|(place, ..)| *place);
    let mut last = if papers.is_empty() {
        None
    } else {
        ledger.state().queue().pop().map(|entry| entry.place)
    };
    let mut edits = Vec::new();
    for (_, paper, identifiers) in papers {
        if ledger.state().summary(paper).queued {
            continue;
        }
        last = Place::between(last.as_ref(), None);
        edits.push(Edit::new(paper, identifiers, Change::Queue(last.clone())));
    }
    edits
}
