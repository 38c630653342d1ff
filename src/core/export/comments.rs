//! The comments on a paper as a Markdown file of their own.

use std::fmt::Write as _;

use super::markdown::escaped;
use super::{Paper, seal};
use crate::core::cite::{key, link};
use crate::core::journal::{Comment, identifiers};
use crate::core::moment::rfc3339;
use crate::core::text::scrub;

/// The file of a paper; `None` when there is no comment on it.
///
/// The properties name the key and the identifiers by which the paper is found again; each comment has its time as
/// head and stands as it was written.
pub fn file(paper: &Paper<'_>) -> Option<String> {
    let comments = &paper.state.comments;
    if comments.is_empty() {
        return None;
    }
    let quoted = |text: &str| serde_json::to_string(&scrub(text, false)).unwrap_or_default();
    let mut before = format!("---\nkey: {}\n", quoted(&key::safe(paper.key)));
    let ids = identifiers(paper.item);
    if !ids.is_empty() {
        before.push_str("ids:\n");
        for id in ids {
            let _ = writeln!(before, "  - {}", quoted(&id));
        }
    }
    let title = link::title(paper.item).unwrap_or_else(|| "Untitled".to_owned());
    let after = format!("---\n\n# {}\n{}", escaped(&title), list(comments, "##"));
    Some(seal::sealed(&before, &after, ""))
}

/// The comments, each below a head of this level.
pub(super) fn list(comments: &[Comment], level: &str) -> String {
    let mut out = String::new();
    for comment in comments {
        let edited = comment.edited.map(|at| format!(", edited {}", rfc3339(at)));
        let _ = write!(
            out,
            "\n{level} {}{}\n\n{}\n",
            rfc3339(comment.created),
            edited.unwrap_or_default(),
            scrub(&comment.text, true).trim_end()
        );
    }
    out
}
