//! A paper as the commands print it.

use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{Field, Out};
use crate::core::library::Library;
use crate::core::page::{byline, short_authors};
use crate::core::paper::PaperNo;

/// The object of `list` and `search`. What a reader can note about a paper has its value for a paper without notes.
pub(super) fn to_json(library: &Library, no: PaperNo) -> Value {
    let authors: Vec<&str> = library.authors(no).map(|author| author.full).collect();
    let venue = library.venue(no);
    json!({
        "id": library.id(no),
        "title": library.title(no),
        "authors": authors,
        "authors_truncated": library.authors_truncated(no),
        "year": library.year(no),
        "venue": (!venue.is_empty()).then_some(venue),
        "status": "unread",
        "starred": false,
        "rating": null,
        "tags": [],
        "comments": [],
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
