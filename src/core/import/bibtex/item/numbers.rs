//! Numbers and places of publication: volume, issue, pages, edition, publisher.

use super::{Source, plain, rich, title};
use crate::core::import::entry::{self, Fields};
use crate::core::import::name;

pub(super) fn numbers(source: &mut Source<'_>, fields: &mut Fields, csl: &'static str) {
    let is_dblp = csl == "article" && source.peek("volume").starts_with("abs/");
    if !is_dblp && let Some(volume) = source.take("volume") {
        fields.text("volume", plain(volume));
    }
    let is_serial = csl.starts_with("article-") || csl.starts_with("review") || csl == "periodical";
    if let Some(number) = source.take("number") {
        let variable = if is_serial {
            "issue"
        } else if fields.has("collection-title") {
            "collection-number"
        } else {
            "number"
        };
        let number = plain(number);
        fields.text(
            variable,
            if is_serial {
                entry::pages(&number)
            } else {
                number
            },
        );
    }
    if !fields.has("issue")
        && let Some(issue) = source.take("issue")
    {
        fields.text("issue", plain(issue));
    }
    if let Some(pages) = source.take("pages") {
        fields.text("page", entry::pages(&plain(pages)));
    }
    {
        let names = &["eid", "articleno", "article-number"][..];
        let variable = if fields.has("page") { "number" } else { "page" };
        if !fields.has(variable)
            && let Some(number) = source.first(names)
        {
            fields.text(variable, plain(number));
        }
    }
    for (names, variable) in [
        (&["volumes"][..], "number-of-volumes"),
        (&["chapter"], "chapter-number"),
        (&["pagetotal", "numpages"], "number-of-pages"),
        (&["part"], "part-number"),
        (&["version"], "version"),
    ] {
        if let Some(text) = source.first(names) {
            fields.text(variable, plain(text));
        }
    }
    if let Some(edition) = source.take("edition") {
        let edition = plain(edition);
        fields.text(
            "edition",
            ordinal(&edition).map_or(edition, |number| number.to_string()),
        );
    }
}

/// The number of "Second", "2nd" and "2nd ed.".
fn ordinal(edition: &str) -> Option<u32> {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let lower = edition.trim().to_lowercase();
    let bare = lower
        .trim_end_matches("edition")
        .trim_end_matches("ed.")
        .trim_end_matches("ed")
        .trim();
    if let Some(at) = WORDS.iter().position(|word| *word == bare) {
        return Some(at as u32 + 1);
    }
    ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| bare.strip_suffix(suffix))?
        .parse()
        .ok()
}

pub(super) fn publisher(source: &mut Source<'_>, fields: &mut Fields, csl: &'static str) {
    let order: &[&str] = match csl {
        "thesis" => &["school", "institution", "publisher"],
        "report" | "legal_case" => &["institution", "publisher", "organization", "school"],
        _ => &["publisher", "institution", "organization", "school"],
    };
    if let Some(text) = source.first(order) {
        fields.text("publisher", institution(text));
    }
    if let Some(text) = source.first(&["organization", "institution"]) {
        fields.text("authority", institution(text));
    }
    if let Some(text) = source.take("origpublisher") {
        fields.text("original-publisher", institution(text));
    }
    if source.has("address")
        && csl == "paper-conference"
        && let Some(place) = source.take("location")
    {
        fields.text("event-place", plain(place));
    }
    if let Some(text) = source.first(&["location", "address"]) {
        fields.text("publisher-place", plain(text));
    }
    if let Some(text) = source.take("venue") {
        fields.text("event-place", plain(text));
    }
    title(source, fields, "event-title", &["eventtitle"], "");
}

/// A list of institutions, separated by "and" in BibLaTeX.
fn institution(source: &str) -> String {
    let parts: Vec<String> = name::split_and(source)
        .into_iter()
        .map(rich)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" and ")
}
