//! Importing a bibliography in the app: how far it is, what would come in, and what then is in the library.

use std::fmt::Write as _;
use std::fs;

use super::session::{Session, Start};

/// Enough entries for the bar to be seen on a fast machine.
const MANY: usize = 12_000;

fn bibliography() -> String {
    let mut text = String::new();
    for number in 0..MANY {
        let _ = writeln!(
            text,
            "@article{{tides{number},\n  title = {{On the tides of river {number}}},\n  author = {{Doe, Jane and Roe, Richard}},\n  year = {{2019}},\n  doi = {{10.5555/tides.{number}}}\n}}"
        );
    }
    text += "@article{cut, title = {A title without its end\n";
    text
}

fn start(library: &str) -> Session {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("library.json"), library).unwrap();
    fs::write(home.path().join("refs.bib"), bibliography()).unwrap();
    let start = Start {
        arguments: &["library.json"],
        size: (100, 30),
        ..Start::default()
    };
    Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start)
}

const LIBRARY: &str = r#"[{"id": "here", "type": "article-journal", "title": "On the tides of river 7", "DOI": "10.5555/tides.7"}]"#;

#[test]
fn a_large_bibliography_shows_how_far_it_is_and_a_summary_before_anything_is_written() {
    let mut session = start(LIBRARY);
    session.shows("On the tides of river 7");
    session.type_keys("irefs.bib\r");
    session.shows("Add 12,000 papers? 1 here already");
    let written = String::from_utf8_lossy(&session.written).into_owned();
    assert!(written.contains('█') && written.contains("papers"));
    session.shows("refs.bib:");
    session.shows("merge 1 paper");
    let library = session.path().join("library.json");
    assert_eq!(fs::read_to_string(&library).unwrap(), LIBRARY);
    session.type_keys("y");
    session.shows("May offprint write");
    session.type_keys("y");
    session.shows("Added 12,000 papers · u takes it back");
    session.shows("/12,001");
    let text = fs::read_to_string(&library).unwrap();
    assert_eq!(text.matches("\"id\":").count(), MANY + 1);
    session.type_keys("u");
    session.shows("1/1");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
}

#[test]
fn esc_ends_the_reading_of_a_bibliography() {
    let mut session = start(LIBRARY);
    session.shows("On the tides of river 7");
    // In one go: the reading may be over before anybody sees that it has begun.
    session.type_keys("irefs.bib\r\u{1b}");
    session.shows("Reading stopped: nothing was imported");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
}

#[test]
fn a_bibliography_that_is_opened_as_it_is_is_read_only_and_says_so() {
    for (name, format, text) in [
        (
            "refs.bib",
            "BibTeX",
            "@article{tides, title = {On the tides}, year = 2019}\n",
        ),
        (
            "refs.jsonl",
            "JSON Lines",
            "{\"id\": \"a\", \"title\": \"One\"}\n{\"id\": \"b\", \"title\": \"Two\"}\n",
        ),
    ] {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(name), text).unwrap();
        let start = Start {
            arguments: &[name],
            size: (80, 24),
            ..Start::default()
        };
        let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
        session.shows("read only · ");
        session.shows("ABSTRACT");
        session.type_keys("e");
        session.shows(&format!(
            "{format} is read only here: offprint import {name}"
        ));
        session.type_keys("q");
        assert_eq!(session.ends(), 0);
        let after = fs::read_to_string(session.path().join(name)).unwrap();
        assert_eq!(after, text);
    }
}
