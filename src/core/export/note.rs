//! One Markdown note a paper, as Obsidian and its like keep them: properties in YAML, citation, abstract, comments,
//! links to similar papers.

use std::fmt::Write as _;

use super::markdown::escaped;
use super::{Paper, comments, seal};
use crate::core::cite::{identifier, key, link};
use crate::core::journal::Status;
use crate::core::moment::rfc3339;
use crate::core::text::{clean, scrub};

/// Another note that this one links to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Name of its file, without the extension.
    pub file: String,
    /// Title of its paper.
    pub title: String,
    /// What the two have in common.
    pub why: String,
}

/// The note of a paper, with a checksum in its properties by which an edit of the reader's is known.
pub fn note(paper: &Paper<'_>, similar: &[Neighbour]) -> String {
    let properties = properties(paper);
    seal::sealed(&properties, &format!("---\n\n{}", body(paper, similar)), "")
}

/// A scalar of YAML: JSON's strings are YAML's double-quoted ones.
fn quoted(text: &str) -> String {
    serde_json::to_string(&scrub(text, false)).unwrap_or_default()
}

fn properties(paper: &Paper<'_>) -> String {
    let (item, state) = (paper.item, paper.state);
    let mut out = "---\n".to_owned();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            // A list begins on the next line.
            let between = if value.starts_with('\n') { "" } else { " " };
            let _ = writeln!(out, "{name}:{between}{value}");
        }
    };
    let list = |values: &[String]| {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("\n  - {}", quoted(value)))
            .collect();
        values.concat()
    };
    let text = |field: &str| {
        let text = clean(&item.text(field)?).into_string();
        (!text.is_empty()).then(|| quoted(&text))
    };
    put("title", link::title(item).map(|title| quoted(&title)));
    put("citekey", Some(quoted(&key::safe(paper.key))));
    put("type", Some(quoted(item.kind())));
    let names = |variable: &str| -> Vec<String> {
        let names = item.names(variable);
        names
            .iter()
            .map(|name| clean(&name.full()).into_string())
            .collect()
    };
    put("authors", Some(list(&names("author"))));
    put("editors", Some(list(&names("editor"))));
    let year = item.date("issued").and_then(|date| date.year());
    put("year", year.map(|year| year.to_string()));
    put("container", text("container-title"));
    put("publisher", text("publisher"));
    put("doi", identifier::doi(item).map(|doi| quoted(&doi)));
    put("pmid", identifier::pubmed(item).map(|pmid| quoted(&pmid)));
    put("arxiv", item.arxiv().map(|id| quoted(&id)));
    put("url", link::address(item).map(|url| quoted(&url)));
    put(
        "status",
        Some(quoted(state.status.name())).filter(|_| state.status != Status::Unread),
    );
    put("starred", state.starred.then(|| "true".to_owned()));
    put(
        "rating",
        (state.rating > 0).then(|| state.rating.to_string()),
    );
    put(
        "priority",
        (state.priority > 0).then(|| state.priority.to_string()),
    );
    put("added", state.added.map(|at| quoted(&rfc3339(at))));
    put("finished", state.finished.map(|at| quoted(&rfc3339(at))));
    put("keywords", Some(list(&identifier::keywords(item))));
    let tags: Vec<String> = state
        .tags
        .iter()
        .filter_map(|tag| obsidian_tag(tag))
        .collect();
    put("tags", Some(list(&tags)));
    out
}

/// A tag as Obsidian takes it: letters, digits, `_`, `-` and `/`, not digits alone.
fn obsidian_tag(tag: &str) -> Option<String> {
    let tag: String = scrub(tag, false)
        .trim()
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '_' | '-' | '/') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let tag = tag.trim_matches(['-', '/']);
    if tag.is_empty() {
        return None;
    }
    let only_digits = tag.chars().all(|c| c.is_ascii_digit());
    Some(if only_digits {
        format!("y{tag}")
    } else {
        tag.to_owned()
    })
}

fn body(paper: &Paper<'_>, similar: &[Neighbour]) -> String {
    let item = paper.item;
    let title = link::title(item).unwrap_or_else(|| "Untitled".to_owned());
    let mut out = format!("# {}\n", escaped(&title));
    if let Some(citation) = paper.citation.filter(|citation| !citation.is_empty()) {
        let _ = write!(out, "\n{}\n", scrub(&citation.markdown(), false));
    }
    let text = item.text("abstract").map(|raw| clean(&raw).into_string());
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let _ = write!(out, "\n## Abstract\n\n{}\n", escaped(&text));
    }
    if !paper.state.comments.is_empty() {
        let _ = write!(
            out,
            "\n## Comments\n{}",
            comments::list(&paper.state.comments, "###")
        );
    }
    if !similar.is_empty() {
        out.push_str("\n## Similar papers\n\n");
        for other in similar {
            // A bracket or a bar would end the link early.
            let title: String = scrub(&other.title, false)
                .chars()
                .map(|c| match c {
                    '[' | '{' => '(',
                    ']' | '}' => ')',
                    '|' => '/',
                    c => c,
                })
                .collect();
            let why = if other.why.is_empty() {
                String::new()
            } else {
                format!(" ({})", escaped(&scrub(&other.why, false)))
            };
            let _ = writeln!(out, "- [[{}|{}]]{why}", other.file, title.trim());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_made_such_as_obsidian_takes() {
        for (tag, expected) in [
            ("project/thesis", Some("project/thesis")),
            ("to read", Some("to-read")),
            ("2024", Some("y2024")),
            ("#x: y", Some("x--y")),
            ("  ", None),
        ] {
            assert_eq!(obsidian_tag(tag).as_deref(), expected, "{tag}");
        }
    }
}
