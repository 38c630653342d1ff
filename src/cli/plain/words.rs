//! Papers and their state, in words.

use crate::cli::library::Session;
use crate::cli::paper;
use crate::core::journal::{State, Status};
use crate::core::page::thousands;
use crate::core::paper::PaperNo;

/// A paper in one line, its state in words.
pub(super) fn line_of(session: &Session, state: &State, no: PaperNo) -> String {
    let library = &session.catalogue.library;
    let title = match library.title(no) {
        "" => "Untitled",
        title => title,
    };
    let by = paper::byline_of(library, no).replace(" · ", ", ");
    let by = by.trim_end_matches('.');
    let end = if title.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    let retracted = session
        .catalogue
        .retracted_among([no].into_iter(), &|| false);
    let warning = if retracted.is_empty() {
        ""
    } else {
        "Retracted. "
    };
    format!(
        "{warning}{title}{end} {by}. {}",
        state_of(state, library.id(no))
    )
}

/// "Unread, starred, rated 4 of 5, 2 comments."
pub(super) fn state_of(state: &State, id: &str) -> String {
    let noted = state.paper(id);
    let mut words = vec![noted.status.name().to_owned()];
    if noted.status == Status::Reading
        && let Some(progress) = noted.progress
    {
        words.push(format!("at page {}", progress.page));
    }
    if noted.starred {
        words.push("starred".to_owned());
    }
    if noted.rating > 0 {
        words.push(format!("rated {} of 5", noted.rating));
    }
    if noted.queue.is_some() {
        words.push("in the reading queue".to_owned());
    }
    match noted.tags.len() {
        0 => {}
        1 => words.push("1 tag".to_owned()),
        count => words.push(format!("{count} tags")),
    }
    match noted.comments.len() {
        0 => {}
        1 => words.push("1 comment".to_owned()),
        count => words.push(format!("{count} comments")),
    }
    format!("{}.", capitalised(&words.join(", ")))
}

/// "1 paper", "2,000 papers".
pub(super) fn papers(count: usize) -> String {
    match count {
        1 => "1 paper".to_owned(),
        count => format!("{} papers", thousands(count)),
    }
}

/// With a capital letter at its beginning.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
