//! BibTeX and BibLaTeX.
//!
//! The file is gone through twice: once for the macros, the groups of JabRef and, where an entry refers to another, for
//! where each key is; then entry by entry. Nothing but the entry at hand is kept in memory.
//!
//! Sources: *BibTeXing* (Patashnik 1988); the biblatex manual, sections 2.1–2.3 and appendix B (inheritance); JabRef's
//! `bibtex` metadata (`jabref-meta`).

mod inherit;
mod item;
pub(super) mod jabref;
mod parser;
mod splitter;
mod types;

use std::ops::ControlFlow;

use memchr::memmem;

use super::{Entry, Found, LineCounter, loss, remark};
use inherit::Parents;
use jabref::Groups;
use parser::Macros;
use splitter::{Chunk, Splitter};
pub(super) use types::language;

/// What the whole file defines.
struct Context<'a> {
    macros: Macros,
    groups: Groups,
    parents: Parents<'a>,
}

/// Hands over the entries of a text.
pub(super) fn each(text: &str, with: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    let context = context(text);
    let mut lines = LineCounter::new(text);
    let mut last_line = 0;
    for chunk in Splitter::new(text) {
        stray(&chunk, last_line, &mut lines, with)?;
        let line = lines.line(chunk.span.start);
        last_line = line;
        if is_kind(&chunk, &["string", "preamble", "comment", "xdata", "set"]) {
            continue;
        }
        entry(&chunk, line, &context, with)?;
    }
    ControlFlow::Continue(())
}

/// The folders for files that JabRef notes in its comments.
pub(super) fn file_folders(bytes: &[u8]) -> Vec<String> {
    if memmem::find(bytes, b"fileDirectory").is_none() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let mut folders: Vec<(bool, String)> = Splitter::new(&text)
        .filter(|chunk| is_kind(chunk, &["comment"]))
        .filter_map(|chunk| jabref::file_folder(chunk.body))
        .collect();
    // What is set for the file counts before what one user set on one machine.
    folders.sort_by_key(|(is_of_user, _)| *is_of_user);
    folders.into_iter().map(|(_, folder)| folder).collect()
}

fn is_kind(chunk: &Chunk<'_>, kinds: &[&str]) -> bool {
    kinds
        .iter()
        .any(|kind| chunk.kind.eq_ignore_ascii_case(kind))
}

fn context(text: &str) -> Context<'_> {
    let mut context = Context {
        macros: Macros::new(),
        groups: Groups::default(),
        parents: Parents::default(),
    };
    let refers = ["rossref", "ROSSREF", "xdata", "XDATA", "Xdata", "XData"]
        .iter()
        .any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some());
    for chunk in Splitter::new(text) {
        if is_kind(&chunk, &["string"]) {
            parser::strings(&chunk, &mut context.macros);
        } else if is_kind(&chunk, &["comment"]) {
            context.groups.read(chunk.body);
        } else if refers && !is_kind(&chunk, &["preamble"]) {
            context.parents.add(chunk);
        }
    }
    context
}

/// Fields after the end of an entry: a brace closed too early.
fn stray(
    chunk: &Chunk<'_>,
    last_line: u32,
    lines: &mut LineCounter<'_>,
    with: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let before = chunk.before.trim_start();
    if last_line > 0 && before.starts_with(',') && before.contains('=') {
        let at = chunk.span.start - before.len();
        let line = lines.line(at);
        with(remark(
            line,
            1,
            format!(
                "fields stand after the end of the entry of line {last_line} and were not read"
            ),
            "look for a } too many in that entry",
        ))?;
    }
    ControlFlow::Continue(())
}

fn entry(
    chunk: &Chunk<'_>,
    line: u32,
    context: &Context<'_>,
    with: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut parsed = parser::entry(chunk, &context.macros);
    if parsed.fields.is_empty() && (!chunk.closed || parsed.key.is_empty()) {
        return with(loss(
            line,
            format!("the entry @{} cannot be read", chunk.kind),
            "write @type{key, name = {value}, …}",
        ));
    }
    if !chunk.closed {
        with(remark(
            line,
            1,
            format!("the entry \"{}\" is not closed", parsed.key),
            "look for a { without its }",
        ))?;
    }
    let mut lines = LineCounter::new(chunk.body);
    let first = LineCounter::new(chunk.body).line(0);
    let faults = std::mem::take(&mut parsed.faults);
    for (at, what, hint) in faults {
        let within = lines.line(at) - first;
        let head = chunk.body_start - chunk.span.start;
        let column = column(chunk, at, head);
        with(remark(line + within, column, what, hint))?;
    }
    context
        .parents
        .inherit(&mut parsed, chunk.kind, &context.macros);
    let (item, noted) = item::convert(chunk.kind, &parsed, &context.groups);
    with(Found::Entry(Box::new(Entry {
        item,
        noted,
        span: chunk.span.clone(),
        line,
    })))
}

/// Column in bytes, from 1; on the line of the `@` counted from it.
fn column(chunk: &Chunk<'_>, at: usize, head: usize) -> u32 {
    let before = chunk.body.as_bytes().get(..at).unwrap_or_default();
    let column = match memchr::memrchr2(b'\n', b'\r', before) {
        Some(start) => at - start,
        None => head + at + 1,
    };
    column as u32
}
