//! A paper as the commands print it.

use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{Field, Out};
use crate::core::journal::{Comment, Progress, State};
use crate::core::library::Library;
use crate::core::moment::rfc3339;
use crate::core::page::{byline, short_authors};
use crate::core::paper::PaperNo;

/// The object of `list` and `search`.
pub(super) fn to_json(library: &Library, state: &State, no: PaperNo) -> Value {
    let noted = state.paper(library.id(no));
    let authors: Vec<&str> = library.authors(no).map(|author| author.full).collect();
    let venue = library.venue(no);
    json!({
        "id": library.id(no),
        "title": library.title(no),
        "authors": authors,
        "authors_truncated": library.authors_truncated(no),
        "year": library.year(no),
        "venue": (!venue.is_empty()).then_some(venue),
        "status": noted.status.name(),
        "starred": noted.starred,
        "rating": (noted.rating > 0).then_some(noted.rating),
        "priority": (noted.priority > 0).then_some(noted.priority),
        "queued": noted.queue.is_some(),
        "tags": noted.tags,
        "comments": noted.comments.iter().map(comment_json).collect::<Vec<_>>(),
        "progress": noted.progress.map(progress_json),
        "added": noted.added.map(rfc3339),
        "opened": noted.opened.map(rfc3339),
        "finished": noted.finished.map(rfc3339),
    })
}

/// `{page, of}`; `of` is `null` when it is not known.
pub(super) fn progress_json(progress: Progress) -> Value {
    json!({"page": progress.page, "of": (progress.of > 0).then_some(progress.of)})
}

/// `{id, time, text}` and when it was edited.
pub(super) fn comment_json(comment: &Comment) -> Value {
    json!({
        "id": comment.id,
        "time": rfc3339(comment.created),
        "edited": comment.edited.map(rfc3339),
        "text": comment.text,
    })
}

/// `Vaswani, Shazeer +6 · NeurIPS 2017`.
pub(super) fn byline_of(library: &Library, no: PaperNo) -> String {
    let authors = short_authors(
        library.authors(no).map(|author| author.short),
        library.authors_truncated(no),
    );
    let venue = library.venue(no);
    byline(
        &authors,
        (!venue.is_empty()).then_some(venue),
        library.year(no),
    )
}

/// Id, title and byline.
pub(super) fn print_row(library: &Library, no: PaperNo, out: &mut Out) -> Result<(), Failure> {
    out.row(&[
        Field::Head(library.id(no)),
        Field::Plain(library.title(no)),
        Field::Dim(&byline_of(library, no)),
    ])
}
