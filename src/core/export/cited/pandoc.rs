//! Markdown: `@key`, `[@a; @b]`, `@{any key}`, as the pandoc manual has it under "Citation syntax".

use super::{Citations, Reader};

/// What the keys of cross-references begin with (Quarto, pandoc-crossref), before `-` or `:`.
const REFERENCES: [&str; 20] = [
    "fig", "tbl", "tab", "lst", "eq", "sec", "thm", "lem", "cor", "prp", "cnj", "def", "exm",
    "exr", "tip", "nte", "wrn", "imp", "cau", "rem",
];

pub(super) fn read(text: &str) -> Citations {
    let mut found = Citations::default();
    let mut reader = Reader::new(text);
    let mut blank_before = true;
    let mut in_list = false;
    let mut in_front = false;
    while reader.peek().is_some() {
        let (line, _) = reader.rest.split_once('\n').unwrap_or((reader.rest, ""));
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        if reader.line == 1 && line.trim_end() == "---" {
            in_front = true;
        } else if in_front && matches!(line.trim_end(), "---" | "...") {
            in_front = false;
        }
        if let Some(fence) = fence(trimmed).filter(|_| !in_front) {
            pass_fenced(&mut reader, fence);
            blank_before = true;
            continue;
        }
        let is_blank = trimmed.trim_end().is_empty();
        if !is_blank && indent == 0 {
            in_list = is_list_item(trimmed);
        } else if !is_blank && is_list_item(trimmed) {
            in_list = true;
        }
        let is_code =
            (indent >= 4 || line.starts_with('\t')) && blank_before && !in_list && !in_front;
        if is_code {
            reader.take_through("\n");
        } else {
            read_line(&mut reader, &mut found);
        }
        blank_before = is_blank || (is_code && blank_before);
    }
    found
}

/// The fence that opens a block of code: at least three backticks or tildes.
fn fence(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    let (fence, rest) = line.split_at_checked(length)?;
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then_some(fence)
}

fn pass_fenced(reader: &mut Reader<'_>, fence: &str) {
    reader.take_through("\n");
    while reader.peek().is_some() {
        let line = reader.take_through("\n").trim();
        if line.starts_with(fence)
            && line
                .trim_start_matches(fence.chars().next().unwrap_or('`'))
                .is_empty()
        {
            return;
        }
    }
}

fn is_list_item(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered =
        digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    numbered
        || ["- ", "* ", "+ ", ": ", "[^", "(@"]
            .iter()
            .any(|mark| line.starts_with(mark))
}

/// Reads to the end of the line, or of what begins on it and goes over its end.
fn read_line(reader: &mut Reader<'_>, found: &mut Citations) {
    let mut in_address = false;
    while let Some(c) = reader.peek() {
        let before = reader.before;
        match c {
            '\n' => {
                reader.next();
                return;
            }
            '\\' => {
                reader.next();
                if reader.peek() != Some('\n') {
                    reader.next();
                }
                continue;
            }
            '`' => {
                let ticks = reader.take_while(|c| c == '`');
                if reader.rest.contains(ticks) {
                    reader.take_through(ticks);
                }
                continue;
            }
            '<' if reader.eat("<!--") => {
                reader.take_through("-->");
                continue;
            }
            '{' if reader.rest.starts_with("{#") => {
                reader.skip(2);
                let label = reader.take_while(|c| !c.is_whitespace() && c != '}');
                found.labels.push(label.to_owned());
                continue;
            }
            _ => {}
        }
        if c.is_whitespace() || matches!(c, '(' | '[' | ')' | ']') {
            in_address = false;
        } else if reader.rest.starts_with("://") {
            in_address = true;
        }
        if c == '@' && !follows_word(before) && !in_address {
            citation(reader, found);
        } else {
            reader.next();
        }
    }
}

/// The sign stands inside an e-mail address or another word.
fn follows_word(before: Option<char>) -> bool {
    before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '@'))
}

fn citation(reader: &mut Reader<'_>, found: &mut Citations) {
    let line = reader.line;
    reader.next();
    if reader.peek() == Some('{') {
        if let Some(key) = reader.take_group('{', '}') {
            found.cite(key, line);
        }
        return;
    }
    if reader.eat("*") {
        found.everything = true;
        return;
    }
    let key = key(reader.rest);
    let prefix = key.split(['-', ':']).next().unwrap_or_default();
    let doubtful = prefix.len() < key.len() && REFERENCES.contains(&prefix);
    found.note(key, line, doubtful);
    reader.skip(key.len());
}

/// A letter, digit or `_`, then letters, digits, `_`, and single marks between them.
fn key(text: &str) -> &str {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = 0;
    let mut pending = false;
    for (at, c) in text.char_indices() {
        if is_word(c) {
            end = at + c.len_utf8();
            pending = false;
        } else if end > 0 && !pending && ":.#$%&-+?<>~/".contains(c) {
            pending = true;
        } else {
            break;
        }
    }
    text.get(..end).unwrap_or_default()
}
