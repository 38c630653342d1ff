//! CSL-JSON and JSON Lines: items of CSL, and records of the arXiv metadata snapshot.

use std::ops::ControlFlow;

use serde_json::Value;

use super::{Entry, Found, Noted, loss};
use crate::core::item::Item;
use crate::core::library::{self, FileError, Problem, Scanner};

/// Bytes handed to the scanner at once.
const CHUNK: usize = 256 << 10;

/// Hands over the items of a text.
pub(super) fn each(text: &str, with: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    objects(text, &mut |found| match found {
        Object::Json { text, span, line } => {
            if !library::Record::read(text).is_item() {
                return with(loss(
                    line,
                    "an object without any field of an item",
                    "export it as CSL JSON",
                ));
            }
            let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
                return ControlFlow::Continue(());
            };
            if library::is_arxiv_record(&fields) {
                fields = library::arxiv_to_csl(&fields);
            }
            let item = Item::from_fields(fields);
            let noted = noted(&item);
            with(Found::Entry(Box::new(Entry {
                item,
                noted,
                span,
                line,
            })))
        }
        Object::Problem(problem) => with(Found::Problem(problem)),
    })
}

/// What stands in a list of objects.
pub(super) enum Object<'a> {
    /// An object, valid JSON.
    Json {
        text: &'a str,
        span: std::ops::Range<usize>,
        line: u32,
    },
    Problem(Problem),
}

/// Walks over the objects of an array, or over objects one after another; a broken one is reported and passed.
pub(super) fn objects(
    text: &str,
    with: &mut dyn FnMut(Object<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut scanner = Scanner::new();
    let mut flow = ControlFlow::Continue(());
    let mut failure: Option<FileError> = None;
    let mut chunks = text.as_bytes().chunks(CHUNK);
    loop {
        let mut sink = |found: library::Found<'_>| {
            if flow.is_continue() {
                let start = found.span.offset as usize;
                flow = with(Object::Json {
                    text: found.text,
                    span: start..start + found.span.len as usize,
                    line: found.line,
                });
            }
        };
        let chunk = chunks.next();
        let result = match chunk {
            Some(chunk) => scanner.feed(chunk, &mut sink),
            None => scanner.finish(&mut sink),
        };
        if let Err(error) = result {
            failure = Some(error);
        }
        for problem in scanner.take_problems().list() {
            flow?;
            flow = with(Object::Problem(problem.clone()));
        }
        flow?;
        if chunk.is_none() || failure.is_some() {
            break;
        }
    }
    match failure {
        Some(error) => {
            let (line, column) = error.at.unwrap_or((1, 1));
            with(Object::Problem(Problem {
                line,
                column,
                what: error.what,
                hint: "export it again as CSL JSON",
                lost: true,
            }))
        }
        None => ControlFlow::Continue(()),
    }
}

/// Files that an item names under `custom.offprint.files`.
fn noted(item: &Item) -> Noted {
    let files = item.own("files").and_then(Value::as_array);
    Noted {
        files: files
            .into_iter()
            .flatten()
            .filter_map(|file| file.as_str().or_else(|| file.get("path")?.as_str()))
            .map(str::to_owned)
            .collect(),
        ..Noted::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::core::import::{Format, read};

    #[test]
    fn arrays_lines_and_arxiv_records_are_read() {
        for (text, format, ids) in [
            (
                "[{\"id\":\"a\",\"title\":\"x\"},\n{\"id\":\"b\"}]",
                Format::CslJson,
                vec!["a", "b"],
            ),
            (
                "{\"id\":\"a\"}\n{\"id\":\"b\"}",
                Format::JsonLines,
                vec!["a", "b"],
            ),
            (
                "{\"id\":\"0704.0001\",\"authors_parsed\":[[\"A\",\"B\",\"\"]],\"title\":\"T\"}\n",
                Format::JsonLines,
                vec!["0704.0001"],
            ),
        ] {
            let import = read(text.as_bytes(), "x").unwrap();
            assert_eq!((import.format, import.problems), (format, vec![]));
            let found: Vec<_> = import
                .entries
                .iter()
                .map(|entry| entry.item.id().into_owned())
                .collect();
            assert_eq!(found, ids);
            assert!(
                text.get(import.entries[0].span.clone())
                    .unwrap()
                    .starts_with('{')
            );
        }
    }

    #[test]
    fn objects_that_are_no_items_are_reported() {
        let import = read(b"{\"result\": {\"uids\": []}}", "x.json").unwrap();
        assert_eq!((import.entries.len(), import.problems[0].lost), (0, true));
    }

    #[test]
    fn a_broken_item_is_reported() {
        let import = read(
            b"[{\"id\":\"a\"},\n{\"id\": oops},\n{\"id\":\"c\"}]",
            "x.json",
        )
        .unwrap();
        assert_eq!(import.entries.len(), 2);
        assert_eq!(
            (import.problems[0].line, import.problems[0].lost),
            (2, true)
        );
    }
}
