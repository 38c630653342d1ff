//! CSL-JSON for a file: every item as it stands in the library, byte for byte.
//!
//! Written anew, with two spaces, is only what could not be read otherwise: an item of another kind of file, one
//! without an id (it gets the one the library knows it by), one with a `null`, at which pandoc refuses the whole file.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{Options, Paper, bundle, zotero};
use crate::core::text::is_dangerous;

/// An item with the indentation it had in its file, without anything around it.
pub fn item(paper: &Paper<'_>, options: &Options) -> String {
    let text = match untouched(paper, options) {
        Some(raw) => Cow::Owned(format!("{}{raw}", indentation(raw))),
        None => Cow::Owned(pretty(changed(paper, options))),
    };
    if options.escape {
        escaped(&text)
    } else {
        text.into_owned()
    }
}

fn untouched<'a>(paper: &Paper<'a>, options: &Options) -> Option<&'a str> {
    let raw = paper.raw?.trim();
    if options.zotero && zotero::replacement(paper.item).is_some()
        || options.bundle && bundle::has_notes(paper.state, paper.queue)
    {
        return None;
    }
    if options.cited && paper.item.id() != paper.key {
        return None;
    }
    let fields: Map<String, Value> = serde_json::from_str(raw).ok()?;
    // Of another kind of file, or given an id by the library, the item is not what the file says.
    let is_item = fields == *paper.item.fields();
    (is_item && !fields.values().any(Value::is_null)).then_some(raw)
}

fn changed(paper: &Paper<'_>, options: &Options) -> Map<String, Value> {
    let mut fields = if options.bundle {
        bundle::with_notes(paper.item, paper.state, paper.queue)
    } else {
        paper.item.fields().clone()
    };
    fields.retain(|_, value| !value.is_null());
    if options.zotero
        && let Some(kind) = zotero::replacement(paper.item)
    {
        fields.insert("type".to_owned(), kind.into());
    }
    if options.cited {
        fields.insert("id".to_owned(), paper.key.into());
    }
    fields
}

/// The blanks before the last brace of an item that goes over several lines: its file has the same before the first.
fn indentation(raw: &str) -> &str {
    let last = raw.rsplit_once('\n').map_or("", |(_, line)| line);
    let blanks = last.len() - last.trim_start_matches([' ', '\t']).len();
    last.get(..blanks).unwrap_or_default()
}

fn pretty(fields: Map<String, Value>) -> String {
    // Strings, numbers and maps with string keys cannot fail to serialise.
    let text = serde_json::to_string_pretty(&Value::Object(fields)).unwrap_or_default();
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

/// Line ends and blanks are the only such characters outside of strings; inside, an escape means the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if !matches!(c, '\n' | '\r' | '\t') && is_dangerous(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}
