//! The commands of the session line by line.

use std::fmt::Write as _;

/// A command of the session: its names, what follows it, and what it does.
pub(super) struct Row {
    pub(super) names: &'static [&'static str],
    takes: &'static str,
    does: &'static str,
    verb: Verb,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Search,
    List,
    More,
    Show,
    Similar,
    Cite,
    Copy,
    Star,
    Unstar,
    Comment,
    Status,
    Rate,
    Tag,
    Undo,
    Open,
    Library,
    Help,
    Quit,
}

/// The table from which the help is made and in which a typed word is looked up.
pub(super) const ROWS: [Row; 18] = [
    row(
        Verb::Search,
        &["search", "/"],
        "WORDS",
        "finds papers by any words; also author: title: year: tag: is:",
    ),
    row(Verb::List, &["list"], "", "lists the whole library"),
    row(Verb::More, &["more"], "", "goes on with the list"),
    row(
        Verb::Show,
        &["show", "read"],
        "N",
        "reads out the page of a paper; the number alone does the same",
    ),
    row(
        Verb::Similar,
        &["similar"],
        "N",
        "lists papers that are like it, and why",
    ),
    row(
        Verb::Cite,
        &["cite"],
        "N STYLE",
        "prints its citation, in the usual style where none is named",
    ),
    row(
        Verb::Copy,
        &["copy", "yank"],
        "N STYLE",
        "copies its citation to the clipboard",
    ),
    row(Verb::Star, &["star", "*"], "N", "stars it"),
    row(Verb::Unstar, &["unstar"], "N", "takes the star off"),
    row(Verb::Comment, &["comment"], "N TEXT", "comments on it"),
    row(
        Verb::Status,
        &["status"],
        "N WORD",
        "unread, reading, read, skimmed or abandoned",
    ),
    row(Verb::Rate, &["rate"], "N 0-5", "rates it"),
    row(
        Verb::Tag,
        &["tag"],
        "N +TAG -TAG",
        "puts tags on, or takes them off",
    ),
    row(Verb::Undo, &["undo"], "", "takes the last change back"),
    row(Verb::Open, &["open"], "N", "opens its page on the web"),
    row(
        Verb::Library,
        &["library"],
        "FILE",
        "goes on with another library",
    ),
    row(Verb::Help, &["help", "?"], "", "prints this"),
    row(
        Verb::Quit,
        &["quit", "exit"],
        "",
        "ends; so does the end of the input",
    ),
];

const fn row(
    verb: Verb,
    names: &'static [&'static str],
    takes: &'static str,
    does: &'static str,
) -> Row {
    Row {
        names,
        takes,
        does,
        verb,
    }
}

/// The command with that name, or with the only name that begins so.
pub(super) fn verb(word: &str) -> Option<Verb> {
    let exact = ROWS.iter().find(|row| row.names.contains(&word));
    let mut begun = (ROWS.iter()).filter(|row| row.names.iter().any(|name| name.starts_with(word)));
    let only = match (begun.next(), begun.next()) {
        (Some(row), None) => Some(row),
        _ => None,
    };
    exact.or(only).map(|row| row.verb)
}

/// What each command does, one a line.
pub(super) fn help() -> String {
    let mut text =
        "N is the number of a paper in the last list; left out, the paper read last.\n".to_owned();
    for row in &ROWS {
        let takes = if row.takes.is_empty() {
            String::new()
        } else {
            format!(" {}", row.takes)
        };
        let _ = writeln!(text, "{}{takes}: {}.", row.names.join(" or "), row.does);
    }
    text.push_str(
        "Every command of offprint --help works as well, such as stats or export --help.\n",
    );
    text
}
