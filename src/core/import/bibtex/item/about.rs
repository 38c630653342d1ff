//! What is said about a work, and what its reader noted of it.

use super::super::jabref::{self, Groups};
use super::super::types;
use super::{Source, plain, rich};
use crate::core::import::entry::{Fields, Noted};

pub(super) fn about(source: &mut Source<'_>, fields: &mut Fields, csl: &'static str) {
    if let Some(text) = source.take("abstract") {
        fields.text("abstract", rich(text));
    }
    if let Some(text) = source.first(&["langid", "hyphenation"]) {
        match types::language(text) {
            Some(tag) => fields.text("language", tag),
            None => fields.text("language", plain(text)),
        }
    }
    if let Some(text) = source.take("language") {
        let tag = types::language(text).map_or_else(|| plain(text), str::to_owned);
        fields.text("language", tag);
    }
    if let Some(text) = source.take("library") {
        fields.text("call-number", plain(text));
    }
    let state = source.take("pubstate").map(plain);
    match state.as_deref() {
        // Its type says so.
        Some("prepublished") if csl == "article" => {}
        Some("inpress") => fields.text("status", "in press"),
        Some("inpreparation") => fields.text("status", "in preparation"),
        Some(state) => fields.text("status", state),
        None => {}
    }
    if let Some(text) = source.first(&["annote", "annotation"]) {
        fields.text("annote", rich(text));
    }
    if let Some(text) = source.first(&["note", "addendum"]) {
        fields.text("note", rich(text));
    }
}

pub(super) fn noted(source: &mut Source<'_>, fields: &mut Fields, groups: &Groups) -> Noted {
    let mut noted = Noted::default();
    if let Some(list) = source.first(&["keywords", "keyword"]) {
        let words = words(list);
        for word in &words {
            jabref::keyword(word, &mut noted);
        }
        // A word with a comma of its own needs another separator.
        let separator = if words.iter().any(|word| word.contains(',')) {
            "; "
        } else {
            ", "
        };
        fields.text("keyword", words.join(separator));
    }
    if let Some(list) = source.first(&["mendeley-tags", "tags"]) {
        noted.tags = words(list);
    }
    noted.groups = groups.of(source.parsed.key, source.take("groups").unwrap_or_default());
    for at in 0..source.parsed.fields.len() {
        let Some(field) = source.parsed.fields.get(at) else {
            break;
        };
        if source.taken.get(at) == Some(&true) || field.value.trim().is_empty() {
            continue;
        }
        let is_comment = matches!(&*field.name, "comment" | "review" | "notes")
            || field.name.starts_with("comment-");
        let taken = if is_comment {
            noted.comments.push(field.value.trim().to_owned());
            true
        } else {
            jabref::note(&field.name, &field.value, &mut noted)
        };
        if taken && let Some(flag) = source.taken.get_mut(at) {
            *flag = true;
        }
    }
    noted
}

/// Keywords, separated by semicolons, else by commas.
fn words(source: &str) -> Vec<String> {
    let outside = |separator: char| {
        let mut depth = 0_i32;
        source
            .split(move |c: char| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                c == separator && depth <= 0
            })
            .map(plain)
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
    };
    let by_semicolon = outside(';');
    if by_semicolon.len() > 1 {
        by_semicolon
    } else {
        outside(',')
    }
}
