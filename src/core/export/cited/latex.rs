//! `.tex`: `\cite` and its many relatives, those of natbib, biblatex, apacite and REVTeX among them.

use super::{Citations, Reader};

/// Environments whose text is not LaTeX.
const VERBATIM: [&str; 9] = [
    "verbatim",
    "verbatim*",
    "Verbatim",
    "lstlisting",
    "minted",
    "comment",
    "filecontents",
    "filecontents*",
    "tcblisting",
];
/// Commands with "cite" in their name that cite nothing, in lower case.
const NO_CITATIONS: [&str; 14] = [
    "citestyle",
    "setcitestyle",
    "citetext",
    "citereset",
    "citesetup",
    "newcites",
    "providecites",
    "bibcite",
    "citeindextrue",
    "citeindexfalse",
    "citeform",
    "citedash",
    "citepunct",
    "citeleft",
];

pub(super) fn read(text: &str) -> Citations {
    let mut found = Citations::default();
    let mut reader = Reader::new(text);
    while let Some(c) = reader.next() {
        match c {
            '%' => {
                reader.take_while(|c| c != '\n');
            }
            '\\' => command(&mut reader, &mut found),
            _ => {}
        }
    }
    found
}

fn command(reader: &mut Reader<'_>, found: &mut Citations) {
    let line = reader.line;
    let name = reader.take_while(|c| c.is_ascii_alphabetic() || c == '@');
    if name.is_empty() {
        // `\%`, `\\`: the next character is no comment and no command.
        reader.next();
        return;
    }
    let starred = reader.eat("*");
    match name {
        "verb" | "lstinline" => {
            if let Some(end) = reader.next() {
                let end = if end == '{' { '}' } else { end };
                reader.take_through(end.encode_utf8(&mut [0; 4]));
            }
        }
        "begin" => {
            let environment = reader.take_group('{', '}').unwrap_or_default();
            let environment = if starred { "" } else { environment.trim() };
            if VERBATIM.contains(&environment) {
                reader.take_through(&format!("\\end{{{environment}}}"));
            }
        }
        "input" | "include" | "subfile" => {
            if let Some(file) = reader.take_group('{', '}') {
                let file = file.trim().trim_matches('"');
                if !file.is_empty() && !file.contains(['\\', '#']) {
                    found.includes.push(file.to_owned());
                }
            }
        }
        "endinput" => reader.rest = "",
        _ if cites(name) => citation(name, reader, found, line),
        _ => {}
    }
}

fn cites(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("cite")
        && !name.contains('@')
        && !NO_CITATIONS.contains(&lower.as_str())
        && !["declare", "excite", "citecolo", "recite"]
            .iter()
            .any(|no| lower.starts_with(no))
}

/// The arguments: options in brackets, then the keys; several such for a multicite.
fn citation(name: &str, reader: &mut Reader<'_>, found: &mut Citations, line: usize) {
    let lower = name.to_ascii_lowercase();
    let many = lower.ends_with("cites");
    // `\volcite[pre]{volume}[page]{key}`: the first group is the volume.
    let mut skipped = usize::from(lower.ends_with("volcite") || lower.ends_with("volcites"));
    let skipped_each = skipped;
    if many {
        blanks(reader);
        while reader.take_group('(', ')').is_some() {
            blanks(reader);
        }
    }
    loop {
        blanks(reader);
        // apacite and jurabib put a remark in angle brackets before the keys.
        while reader.take_group('[', ']').is_some() || reader.take_group('<', '>').is_some() {
            blanks(reader);
        }
        let Some(group) = reader.take_group('{', '}') else {
            return;
        };
        if skipped > 0 {
            skipped -= 1;
            continue;
        }
        for key in without_comments(group).split(',') {
            // `#1` and `\key` stand for keys that are not written here.
            if !key.contains(['#', '\\', '{', '}']) {
                found.cite(key, line);
            }
        }
        if !many {
            return;
        }
        skipped = skipped_each;
    }
}

/// Blanks, at most one line end, and comments: what may stand between the arguments of a command.
fn blanks(reader: &mut Reader<'_>) {
    loop {
        reader.take_while(|c| matches!(c, ' ' | '\t' | '\r'));
        match reader.peek() {
            Some('%') => {
                reader.take_while(|c| c != '\n');
                reader.next();
            }
            Some('\n') if !is_paragraph(reader.rest) => {
                reader.next();
            }
            _ => return,
        }
    }
}

fn is_paragraph(rest: &str) -> bool {
    let mut lines = rest.split('\n').skip(1);
    lines.next().is_none_or(|line| line.trim().is_empty())
}

fn without_comments(group: &str) -> String {
    let lines = group
        .lines()
        .map(|line| line.split('%').next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}
