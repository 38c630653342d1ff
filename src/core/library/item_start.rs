//! Telling the beginning of an item from other braces, after something broken.

/// Bytes after a brace that decide whether it begins an item.
pub(super) const LOOK_AHEAD: usize = 320;
/// Bytes before it.
pub(super) const LOOK_BEHIND: usize = 512;
/// Blanks passed in either direction; more than any indentation.
const BLANKS: usize = 200;
/// Longest field name looked at.
const KEY: usize = 60;

/// Fields with which writers begin an item, and which neither a name nor a date has.
const ITEM_KEYS: [&[u8]; 22] = [
    b"id",
    b"type",
    b"title",
    b"author",
    b"editor",
    b"abstract",
    b"accessed",
    b"issued",
    b"citation-key",
    b"container-title",
    b"container-title-short",
    b"collection-title",
    b"archive",
    b"call-number",
    b"DOI",
    b"URL",
    b"ISBN",
    b"ISSN",
    b"PMID",
    b"PMCID",
    b"language",
    b"submitter",
];

/// Fields of names and dates, the objects inside an item.
const INNER_KEYS: [&[u8]; 14] = [
    b"family",
    b"given",
    b"literal",
    b"name",
    b"suffix",
    b"dropping-particle",
    b"non-dropping-particle",
    b"static-ordering",
    b"ORCID",
    b"sequence",
    b"affiliation",
    b"date-parts",
    b"raw",
    b"season",
];

/// The field can only belong to an item.
pub(super) fn is_item_key(key: &[u8]) -> bool {
    ITEM_KEYS.contains(&key)
}

/// Whether the brace at `at` begins an item: the first thing on its line, no deeper than the items so far, and not a
/// name or a date; or in mid-line after `},` with a field that only items have.
pub(super) fn begins_item(
    window: &[u8],
    at: usize,
    line_start: Option<usize>,
    deepest: u32,
) -> bool {
    let Some(key) = first_key(window.get(at + 1..).unwrap_or_default()) else {
        return false;
    };
    if INNER_KEYS.contains(&key) {
        return false;
    }
    let before = window
        .get(at.saturating_sub(LOOK_BEHIND)..at)
        .unwrap_or_default();
    let before = trim_blanks(before);
    let (before, comma) = match before.split_last() {
        Some((b',', rest)) => (trim_blanks(rest), true),
        _ => (before, false),
    };
    let leads_line =
        line_start.is_some_and(|start| at.saturating_sub(LOOK_BEHIND) + before.len() <= start);
    if leads_line {
        return line_start.is_some_and(|start| at - start < deepest as usize);
    }
    comma && before.last() == Some(&b'}') && is_item_key(key)
}

fn first_key(after: &[u8]) -> Option<&[u8]> {
    let blanks = after
        .iter()
        .take(BLANKS)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .count();
    let text = after.get(blanks..)?.strip_prefix(b"\"")?;
    let end = text.iter().take(KEY).position(|&byte| byte == b'"')?;
    text.get(..end)
}

fn trim_blanks(mut before: &[u8]) -> &[u8] {
    for _ in 0..BLANKS {
        match before.split_last() {
            Some((b' ' | b'\t' | b'\r' | b'\n', rest)) => before = rest,
            _ => break,
        }
    }
    before
}
