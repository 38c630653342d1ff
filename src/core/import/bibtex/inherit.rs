//! `crossref` and `xdata`: what an entry takes from others.

use std::borrow::Cow;
use std::collections::HashMap;

use super::parser::{self, Field, Macros, Parsed};
use super::splitter::Chunk;

/// Entries that refer to entries that refer to entries …
const DEEPEST: u8 = 4;

/// The entries of the file by their key in lower case.
#[derive(Debug, Default)]
pub(super) struct Parents<'a>(HashMap<String, Chunk<'a>>);

/// What belongs to a work alone and is not inherited by its parts.
const OWN: [&str; 38] = [
    "abstract",
    "annotation",
    "annote",
    "bookauthor",
    "comment",
    "creationdate",
    "crossref",
    "doi",
    "eid",
    "entryset",
    "entrysubtype",
    "eprint",
    "eprintclass",
    "eprinttype",
    "file",
    "groups",
    "ids",
    "keywords",
    "label",
    "modificationdate",
    "note",
    "options",
    "pages",
    "pmcid",
    "pmid",
    "presort",
    "primaryclass",
    "priority",
    "ranking",
    "readstatus",
    "related",
    "shorthand",
    "shorttitle",
    "sortkey",
    "timestamp",
    "url",
    "urldate",
    "xdata",
];

impl<'a> Parents<'a> {
    pub(super) fn add(&mut self, chunk: Chunk<'a>) {
        let (key, _) = parser::key(&chunk);
        if !key.is_empty() {
            self.0.entry(key.to_lowercase()).or_insert(chunk);
        }
    }

    /// Adds the fields that the entry does not have.
    pub(super) fn inherit<'p>(&'p self, parsed: &mut Parsed<'p>, kind: &str, macros: &Macros)
    where
        'a: 'p,
    {
        if !self.0.is_empty() {
            self.add_fields(parsed, kind, macros, DEEPEST);
        }
    }

    fn add_fields<'p>(&'p self, parsed: &mut Parsed<'p>, kind: &str, macros: &Macros, depth: u8)
    where
        'a: 'p,
    {
        let keys = |name: &str| -> Vec<String> {
            let field = parsed.fields.iter().find(|field| field.name == name);
            field.map_or_else(Vec::new, |field| {
                field
                    .value
                    .split(',')
                    .map(|key| key.trim().to_lowercase())
                    .take(8)
                    .collect()
            })
        };
        let (blocks, parents) = (keys("xdata"), keys("crossref"));
        for (keys, is_block) in [(blocks, true), (parents, false)] {
            for key in keys {
                let Some(chunk) = self.0.get(&key) else {
                    continue;
                };
                let mut parent = parser::entry(chunk, macros);
                if depth > 0 {
                    self.add_fields(&mut parent, chunk.kind, macros, depth - 1);
                }
                for Field { name, value } in parent.fields {
                    let Some(name) = inherited(name, kind, chunk.kind, is_block) else {
                        continue;
                    };
                    if !parsed.fields.iter().any(|field| field.name == name) {
                        parsed.fields.push(Field { name, value });
                    }
                }
            }
        }
    }
}

/// Under which name a part has a field of the whole.
fn inherited<'f>(
    name: Cow<'f, str>,
    child: &str,
    parent: &str,
    is_block: bool,
) -> Option<Cow<'f, str>> {
    if is_block {
        return (name != "xdata").then_some(name);
    }
    if OWN.contains(&&*name) {
        return None;
    }
    let child = child.to_ascii_lowercase();
    let parent = parent.to_ascii_lowercase();
    let is_part = child.starts_with("in")
        || matches!(
            child.as_str(),
            "bookinbook" | "suppbook" | "conference" | "suppcollection"
        );
    let renamed = match &*name {
        "title" if is_part => "booktitle",
        "subtitle" if is_part => "booksubtitle",
        "titleaddon" if is_part => "booktitleaddon",
        "title" | "subtitle" if matches!(parent.as_str(), "periodical") => {
            if name == "title" {
                "journaltitle"
            } else {
                "journalsubtitle"
            }
        }
        // The author of a collection's book is no author of its chapters.
        "author"
            if is_part && matches!(parent.as_str(), "book" | "mvbook") && child == "inbook" =>
        {
            return Some(name);
        }
        "author" if is_part => "bookauthor",
        "title" | "subtitle" | "author" => return None,
        _ => return Some(name),
    };
    Some(Cow::Borrowed(renamed))
}
