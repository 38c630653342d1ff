//! CSL-JSON and JSON Lines: items of CSL, and records of the arXiv metadata snapshot.

use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::bibtex::jabref;
use super::{Entry, Found, Noted, loss};
use crate::core::item::Item;
use crate::core::journal::{Progress, Status};
use crate::core::library::{self, FileError, Problem, Scanner};
use crate::core::moment::of_rfc3339;

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
            let mut noted = take_noted(&mut fields);
            noted.files.extend(files(&fields));
            let item = Item::from_fields(fields);
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
                hint: "export it again as CSL JSON".into(),
                lost: true,
            }))
        }
        None => ControlFlow::Continue(()),
    }
}

/// Files that programs name beside the fields of CSL: `attachments` as Zotero writes them, `file` as JabRef does.
fn files(fields: &Map<String, Value>) -> Vec<String> {
    let attachments = fields.get("attachments").and_then(Value::as_array);
    let named = attachments.into_iter().flatten().filter_map(|one| {
        let path = ["localPath", "path"].iter().find_map(|name| one.get(name));
        path.and_then(Value::as_str).map(str::to_owned)
    });
    let listed = fields.get("file").and_then(Value::as_str);
    named
        .chain(listed.into_iter().flat_map(jabref::files))
        .filter(|path| !path.trim().is_empty())
        .collect()
}

/// Takes out of an item what this program wrote beside it when it exported everything
/// ([`crate::core::export::bundle`]), and files that are named there.
fn take_noted(fields: &mut Map<String, Value>) -> Noted {
    let mut noted = Noted::default();
    let Some(custom) = fields.get_mut("custom").and_then(Value::as_object_mut) else {
        return noted;
    };
    let Some(own) = custom.get_mut("offprint").and_then(Value::as_object_mut) else {
        return noted;
    };
    let mut take = |name: &str| own.shift_remove(name).unwrap_or(Value::Null);
    let texts = |list: &Value, field: &str| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        let texts = list.filter_map(|one| one.as_str().or_else(|| one.get(field)?.as_str()));
        texts.map(str::to_owned).collect()
    };
    let number = |value: &Value| value.as_u64().and_then(|value| u32::try_from(value).ok());
    let level = |value: &Value, most: u32| {
        let level = number(value).filter(|level| *level <= most);
        level.unwrap_or_default() as u8
    };
    let time = |value: &Value| value.as_str().and_then(of_rfc3339);
    noted.status = take("status").as_str().and_then(Status::of_name);
    noted.starred = take("starred") == Value::Bool(true);
    noted.rating = level(&take("rating"), 5);
    noted.priority = level(&take("priority"), 3);
    noted.queue = number(&take("queue"));
    let progress = take("progress");
    noted.progress = progress.get("page").and_then(number).map(|page| Progress {
        page,
        of: progress.get("of").and_then(number).unwrap_or_default(),
    });
    noted.tags = texts(&take("tags"), "tag");
    noted.files = texts(&take("files"), "path");
    noted.comments = texts(&take("comments"), "text");
    noted.added = time(&take("added"));
    noted.finished = time(&take("finished"));
    take("opened");
    if own.is_empty() {
        custom.shift_remove("offprint");
        if custom.is_empty() {
            fields.shift_remove("custom");
        }
    }
    noted
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
