//! One Markdown list of citations.

use super::Paper;
use super::markdown::escaped;
use crate::core::cite::link;
use crate::core::text::scrub;

/// A paper as one line of the list: its citation, linked to its address where the citation does not name it.
pub fn entry(paper: &Paper<'_>) -> String {
    let text = match paper.citation.filter(|citation| !citation.is_empty()) {
        Some(citation) => scrub(&citation.markdown(), false),
        None => escaped(&link::title(paper.item).unwrap_or_else(|| "Untitled".to_owned())),
    };
    let plain = paper
        .citation
        .map(crate::core::csl::Rich::plain)
        .unwrap_or_default();
    let address = link::address(paper.item)
        .filter(|address| {
            let bare = address.trim_start_matches("https://doi.org/");
            !plain.contains(bare) && !plain.contains(address.as_str())
        })
        .map(|address| format!(" <{address}>"));
    format!("- {text}{}\n", address.unwrap_or_default())
}
