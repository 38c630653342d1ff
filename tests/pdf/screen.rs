//! Reading an attached PDF in a terminal.

use std::fs;
use std::time::{Duration, Instant};

use super::paper::Paper;
use super::session::{Session, Start};
use super::writer::{About, document};

pub(super) const LIBRARY: &str = r#"[{"id": "a1", "type": "article-journal", "title": "Attention flows", "author": [{"family": "Example", "given": "Ada"}], "abstract": "An abstract."},
{"id": "b2", "type": "article-journal", "title": "Another paper"}]"#;

pub(super) fn paper(sections: usize) -> Paper {
    let text = "Words that are set into lines and read in a terminal with keys. ".repeat(30);
    Paper {
        sections: (1..=sections)
            .map(|number| (format!("{number} Section called {number}"), text.clone()))
            .collect(),
        ..Paper::default()
    }
}

/// A session with a library and this file attached to its first paper.
fn session(bytes: &[u8], size: (u16, u16)) -> Session {
    session_with(bytes, size, &[])
}

/// The same with these variables in its environment.
pub(super) fn session_with(
    bytes: &[u8],
    size: (u16, u16),
    environment: &[(&str, &str)],
) -> Session {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("library.json"), LIBRARY).unwrap();
    fs::write(home.path().join("a.pdf"), bytes).unwrap();
    let attached = std::process::Command::new(env!("CARGO_BIN_EXE_offprint"))
        .args(["--library", "library.json", "attach", "a1", "a.pdf"])
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(attached.status.success(), "{attached:?}");
    let start = Start {
        arguments: &["library.json"],
        size,
        environment,
    };
    Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start)
}

#[test]
fn the_text_of_a_pdf_is_read_searched_and_left() {
    let mut session = session(&paper(9).bytes(), (100, 30));
    session.shows("Attention flows");
    session.type_keys("P");
    session.shows("Attention flows through the networks");
    session.shows("page 1 of");
    session.type_keys("]]");
    session.shows("2 Section called 2");
    session.type_keys("/called 7\r");
    session.shows("7 Section called 7");
    session.shows("page 2 of 4");
    session.type_keys("q");
    session.shows("An abstract.");
    session.type_keys("P");
    // Reading goes on where it was left.
    session.shows("page 2 of 4");
    session.type_keys("q");
    session.shows("An abstract.");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
}

#[test]
fn a_pdf_that_cannot_be_read_is_said_and_keys_go_on() {
    let encrypted = About {
        encrypted: true,
        ..About::default()
    };
    let mut session = session(&document(&paper(1).pages(), &encrypted), (100, 30));
    session.shows("Attention flows");
    session.type_keys("P");
    session.shows("encrypted");
    session.type_keys("q");
    session.shows("An abstract.");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
}

#[test]
fn keys_answer_while_a_long_pdf_is_read() {
    let mut session = session(&paper(150).bytes(), (100, 30));
    session.shows("Attention flows");
    session.type_keys("P");
    session.shows("page 1 of");
    for _ in 0..5 {
        let begun = Instant::now();
        session.type_keys("?");
        session.shows("Find papers by any words");
        session.type_keys("q");
        session.shows("page 1 of");
        assert!(
            begun.elapsed() < Duration::from_secs(3),
            "{:?}",
            begun.elapsed()
        );
    }
    session.type_keys("qq");
    assert_eq!(session.ends(), 0);
}
