//! Somebody who has never seen the program, and presses only what the screen names at that moment.

use std::fs;
use std::path::Path;

use crate::session::{Session, Start};

struct Newcomer(Session);

impl Newcomer {
    /// Opens their own file.
    fn with_file(size: (u16, u16)) -> Newcomer {
        let home = tempfile::tempdir().unwrap();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/example.json");
        fs::copy(example, home.path().join("papers.json")).unwrap();
        let start = Start {
            arguments: &["papers.json"],
            size,
            environment: &[("LANG", "C.UTF-8")],
        };
        let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
        session.shows("58 papers");
        Newcomer(session)
    }

    /// Presses a key that stands on the screen before its word.
    #[track_caller]
    fn presses(&mut self, shown: &str, word: &str, key: &str) {
        let named = format!("{shown} {word}");
        // In a menu the key stands in a column of its own.
        self.0.waits_for(&named, |session| {
            let text = session.text();
            text.lines().any(|line| {
                let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
                words.contains(&named)
            })
        });
        self.0.type_keys(key);
    }

    #[track_caller]
    fn sees(&mut self, text: &str) {
        self.0.shows(text);
    }
}

#[test]
fn everything_a_newcomer_wants_is_named_on_the_screen_when_it_is_wanted() {
    for size in [(80, 24), (120, 40)] {
        let mut newcomer = Newcomer::with_file(size);
        // Find a paper.
        newcomer.presses("/", "search", "/");
        newcomer.sees("search");
        newcomer.0.type_keys("attention is");
        newcomer.sees("1 of 58");
        newcomer.presses("Enter", "keep", "\r");
        // Copy it as APA.
        newcomer.presses(".", "menu", ".");
        newcomer.presses("y", "Copy the citation APA", "y");
        newcomer.sees("clipboard: APA");
        newcomer.0.type_keys("\x1b");
        newcomer.sees("58 papers");
        // Star it.
        newcomer.presses(".", "menu", ".");
        newcomer.presses("*", "Star", "*");
        newcomer.sees("★ Attention");
        newcomer.sees("Starred · vaswani2017 · u undo");
        // Comment.
        newcomer.0.waits_for("the message to go", |session| {
            session.text().contains(". menu")
        });
        newcomer.presses(".", "menu", ".");
        newcomer.presses("c", "Comment", "c");
        newcomer.sees("Comment on vaswani2017");
        newcomer.0.type_keys("To read twice");
        newcomer.presses("^S", "save", "\x13");
        // Undo, as long as it is offered.
        newcomer.presses("u", "undo", "u");
        newcomer.sees("Undone: comment");
        // Find similar ones.
        newcomer.presses(".", "menu", ".");
        newcomer.presses("S", "Similar papers", "S");
        newcomer.sees("shares: ");
        newcomer.presses("Esc", "back", "\x1b");
        newcomer.sees(" list ");
        // Quit.
        newcomer.presses("q", "quit", "q");
        assert_eq!(newcomer.0.ends(), 0);
        newcomer.0.is_restored();
        let journals = newcomer.0.path().join("papers.offprint");
        assert!(journals.is_dir(), "the notes are beside the file");
    }
}

#[test]
fn who_looks_for_help_finds_every_key_there_and_the_way_out() {
    let mut newcomer = Newcomer::with_file((80, 24));
    newcomer.presses("?", "help", "?");
    newcomer.sees("Find papers by any words");
    newcomer.presses("Esc", "back", "\x1b");
    newcomer.sees("? help");
    newcomer.presses("q", "quit", "q");
    assert_eq!(newcomer.0.ends(), 0);
}
