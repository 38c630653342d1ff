//! Typst: `@key`, `#cite(<key>)`, `#cite(label("any key"))`, `#include "chapter.typ"`.

use super::{Citations, Reader};

pub(super) fn read(text: &str) -> Citations {
    let mut found = Citations::default();
    let mut reader = Reader::new(text);
    while let Some(c) = reader.peek() {
        let (before, line) = (reader.before, reader.line);
        let in_word = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        match c {
            '\\' => {
                reader.next();
                reader.next();
            }
            '`' => {
                let ticks = reader.take_while(|c| c == '`');
                // Two are an empty piece of code.
                if ticks.len() != 2 {
                    reader.take_through(ticks);
                }
            }
            '/' if reader.rest.starts_with("//") && before != Some(':') => {
                reader.take_while(|c| c != '\n');
            }
            '/' if reader.eat("/*") => comment(&mut reader),
            '@' if !in_word && before != Some('/') => {
                reader.next();
                let key = reference(&mut reader);
                found.cite(key, line);
            }
            'c' if !in_word && reader.rest.starts_with("cite(") => {
                reader.skip("cite".len());
                cite(&mut reader, &mut found, line);
            }
            '<' => {
                reader.next();
                let label = reference(&mut reader);
                if !label.is_empty() && reader.eat(">") {
                    found.labels.push(label.to_owned());
                }
            }
            'i' if !in_word => {
                let includes = reader.eat("include ") || reader.eat("import ");
                if includes && reader.eat("\"") {
                    let file = reader.take_through("\"");
                    // Packages begin with an at sign.
                    if !file.starts_with('@') {
                        found.includes.push(file.to_owned());
                    }
                } else if !includes {
                    reader.next();
                }
            }
            _ => {
                reader.next();
            }
        }
    }
    found
}

/// Comments nest.
fn comment(reader: &mut Reader<'_>) {
    let mut depth = 1;
    while depth > 0 && reader.peek().is_some() {
        if reader.eat("/*") {
            depth += 1;
        } else if reader.eat("*/") {
            depth -= 1;
        } else {
            reader.next();
        }
    }
}

/// A label: letters, digits, `_`, `-`, `:` and `.`; the last two not at its end.
fn reference<'a>(reader: &mut Reader<'a>) -> &'a str {
    let is_label = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.');
    let end = reader
        .rest
        .find(|c| !is_label(c))
        .unwrap_or(reader.rest.len());
    let label = reader
        .rest
        .get(..end)
        .unwrap_or_default()
        .trim_end_matches([':', '.']);
    reader.skip(label.len());
    label
}

fn cite(reader: &mut Reader<'_>, found: &mut Citations, line: usize) {
    let Some(arguments) = reader.take_group('(', ')') else {
        return;
    };
    let first = arguments.trim_start();
    let key = if let Some(rest) = first.strip_prefix('<') {
        rest.split('>').next()
    } else {
        let quoted = first.strip_prefix("label(").map(str::trim_start);
        quoted
            .and_then(|rest| rest.strip_prefix('"'))
            .and_then(|rest| rest.split('"').next())
    };
    if let Some(key) = key {
        found.cite(key, line);
    }
}
