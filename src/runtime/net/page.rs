//! Web pages that name the DOI of their paper in their head, as publishers do for search engines
//! (<https://scholar.google.com/intl/en/scholar/inclusion.html#indexing>).

use super::asking::{Client, Course};
use super::error::{Problem, Trouble};
use super::redirect::host;
use crate::core::identify::find_doi;

/// The names under which pages have it.
const NAMES: [&str; 5] = [
    "citation_doi",
    "dc.identifier",
    "prism.doi",
    "bepress_citation_doi",
    "dc.identifier.doi",
];

/// The DOI that a page names.
pub(super) fn doi_of(client: &Client, url: &str, course: &Course<'_>) -> Result<String, Problem> {
    let most = client.shared.setup.limits.body;
    let answer = client.fetch(
        url,
        "text/html, application/xhtml+xml;q=0.9",
        most,
        None,
        course,
    )?;
    let page = String::from_utf8_lossy(&answer.body);
    named_doi(&page).ok_or_else(|| {
        Problem::new(
            host(url),
            Trouble::Absent,
            "names no DOI on this page; give the DOI itself",
        )
    })
}

fn named_doi(page: &str) -> Option<String> {
    let mut rest = page;
    while let Some(at) = rest.to_ascii_lowercase().find("<meta") {
        rest = rest.get(at + 5..)?;
        let end = rest.find('>').unwrap_or(rest.len());
        let (tag, after) = rest.split_at_checked(end)?;
        rest = after;
        let lower = tag.to_ascii_lowercase();
        let is_named = NAMES.iter().any(|name| {
            [
                format!("\"{name}\""),
                format!("'{name}'"),
                format!("={name} "),
            ]
            .iter()
            .any(|quoted| lower.contains(quoted))
        });
        let content = lower.find("content=").and_then(|at| tag.get(at + 8..));
        if is_named && let Some(doi) = content.and_then(find_doi) {
            return Some(doi);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_doi() {
        let page = "<html><head><META content='10.1000/one' name='Citation_DOI'/><meta name=\"x\" content=\"10.1000/two\">";
        assert_eq!(named_doi(page).as_deref(), Some("10.1000/one"));
        let page = "<meta name=\"dc.identifier\" content=\"doi:10.1000/three\" />";
        assert_eq!(named_doi(page).as_deref(), Some("10.1000/three"));
        assert_eq!(named_doi("<meta name=\"x\" content=\"10.1000/two\""), None);
    }
}
