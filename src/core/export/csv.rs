//! A table for spreadsheets: RFC 4180 with a header, UTF-8, lines that end in CR LF.
//!
//! A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@`, also as full-width
//! characters) gets an apostrophe before it, which spreadsheets take for "this is text"; a plain number keeps its sign.
//! [`unguarded`] takes the apostrophe off again.

use super::Paper;
use crate::core::cite::{identifier, key, link};
use crate::core::item::Item;
use crate::core::moment::rfc3339;
use crate::core::page::date_text;
use crate::core::text::{clean, scrub};

/// The columns.
pub const COLUMNS: [&str; 33] = [
    "id",
    "key",
    "type",
    "title",
    "authors",
    "editors",
    "year",
    "date",
    "container",
    "volume",
    "issue",
    "pages",
    "publisher",
    "place",
    "edition",
    "DOI",
    "ISBN",
    "ISSN",
    "PMID",
    "PMCID",
    "arXiv",
    "URL",
    "language",
    "keywords",
    "abstract",
    "status",
    "starred",
    "rating",
    "priority",
    "tags",
    "comments",
    "added",
    "finished",
];

/// The header.
pub fn head() -> String {
    line(COLUMNS.map(str::to_owned))
}

/// The row of a paper.
pub fn row(paper: &Paper<'_>) -> String {
    let (item, state) = (paper.item, paper.state);
    let text = |field: &str| item.text(field).map(|raw| clean(&raw).into_string());
    let date = item.date("issued");
    let number = |number: u8| (number > 0).then(|| number.to_string());
    let moment = |at: Option<u64>| at.map(rfc3339);
    let comments: Vec<String> = state
        .comments
        .iter()
        .map(|comment| scrub(&comment.text, true))
        .collect();
    let cells: [Option<String>; COLUMNS.len()] = [
        Some(scrub(&item.id(), false)),
        Some(key::safe(paper.key)),
        Some(scrub(item.kind(), false)),
        text("title"),
        names(item, "author"),
        names(item, "editor"),
        date.as_ref()
            .and_then(crate::core::date::Date::year)
            .map(|year| year.to_string()),
        date.as_ref().map(|date| scrub(&date_text(date), false)),
        text("container-title"),
        text("volume"),
        text("issue"),
        text("page"),
        text("publisher"),
        text("publisher-place"),
        text("edition"),
        identifier::doi(item).map(|doi| scrub(&doi, false)),
        text("ISBN"),
        text("ISSN"),
        identifier::pubmed(item),
        identifier::pubmed_central(item),
        item.arxiv(),
        link::address(item),
        text("language"),
        listed(&identifier::keywords(item)),
        text("abstract"),
        Some(state.status.name().to_owned()),
        state.starred.then(|| "yes".to_owned()),
        number(state.rating),
        number(state.priority),
        listed(
            &state
                .tags
                .iter()
                .map(|tag| scrub(tag, false))
                .collect::<Vec<_>>(),
        ),
        (!comments.is_empty()).then(|| comments.join("\n\n")),
        moment(state.added),
        moment(state.finished),
    ];
    line(cells.map(Option::unwrap_or_default))
}

/// `Family, Given; Family, Given`: what readers of such tables take apart again.
fn names(item: &Item, variable: &str) -> Option<String> {
    let names: Vec<String> = item
        .names(variable)
        .iter()
        .map(|name| {
            let family = clean(&name.short()).into_string();
            let rest = [&name.given, &name.suffix];
            let rest: Vec<String> = rest
                .into_iter()
                .map(|part| clean(part).into_string())
                .filter(|part| !part.is_empty() && *part != family)
                .collect();
            if rest.is_empty() {
                family
            } else {
                format!("{family}, {}", rest.join(", "))
            }
        })
        .collect();
    listed(&names)
}

fn listed(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn line<const N: usize>(cells: [String; N]) -> String {
    let cells = cells.map(|cell| quoted(&guarded(&cell)));
    format!("{}\r\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: &str) -> String {
    let is_number = !cell.contains(['e', 'E']) && cell.parse::<f64>().is_ok_and(f64::is_finite);
    if is_formula(cell.trim_start_matches('\'')) && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn is_formula(text: &str) -> bool {
    text.trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// The text of a cell as it was before the apostrophe was put before it.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

fn quoted(cell: &str) -> String {
    let needed = cell.contains([',', '"', '\n', '\r'])
        || cell.starts_with([' ', '\t'])
        || cell.ends_with([' ', '\t']);
    if needed {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_that_look_like_formulas_are_guarded() {
        for (cell, expected) in [
            ("=SUM(A1)", "'=SUM(A1)"),
            ("@cmd", "'@cmd"),
            ("+49 30", "'+49 30"),
            ("-12.5", "-12.5"),
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("'tis", "'tis"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(guarded(cell), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn guarding_loses_nothing_and_leaves_no_formula(cell in "['=+@ -]{0,3}.{0,6}") {
            let out = guarded(&cell);
            prop_assert_eq!(unguarded(&out), cell.as_str());
            prop_assert!(!is_formula(&out) || out.parse::<f64>().is_ok());
        }
    }
}
