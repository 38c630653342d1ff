//! Journals: several writers, torn at any byte, and a clock that goes backwards.

use std::fs;

use tempfile::TempDir;

use super::session::{Session, Start};
use super::{Home, files, home, listed, papers_json, starred};

/// The only journal of a home.
fn journal(home: &Home) -> std::path::PathBuf {
    let folder = home.path().join("refs.offprint");
    let names = files(&folder);
    let name = names.iter().find(|name| name.ends_with(".jsonl")).unwrap();
    folder.join(name)
}

#[test]
fn two_writers_at_once_lose_none_of_their_200_changes() {
    let (home, _) = home(2);
    std::thread::scope(|scope| {
        for paper in ["p0", "p1"] {
            let home = &home;
            scope.spawn(move || {
                for at in 0..200 {
                    let tag = format!("+{paper}-{at}");
                    let said = home.run(["--library", "refs.json", "tag", paper, &tag]);
                    assert_eq!((said.code, said.err.as_str()), (0, ""));
                }
            });
        }
    });
    for paper in listed(&home) {
        assert_eq!(paper["tags"].as_array().unwrap().len(), 200);
    }
}

#[test]
fn the_app_and_commands_at_once_lose_nothing() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("refs.json"), papers_json(0..60)).unwrap();
    let start = Start {
        arguments: &["refs.json"],
        size: (100, 30),
        environment: &[],
    };
    let mut app = Session::start_in(folder, env!("CARGO_BIN_EXE_offprint"), &start);
    app.shows("1/60");
    std::thread::sleep(std::time::Duration::from_millis(200));
    let home = Home::at(app.path());
    for at in 0..30 {
        app.type_keys("*j");
        let id = format!("p{}", 30 + at);
        assert_eq!(home.run(["--library", "refs.json", "star", &id]).code, 0);
    }
    app.shows("31/60");
    app.shows(" saved · ");
    assert_eq!(starred(&home).len(), 60);
    // The app has seen them all, once it has looked.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    app.type_keys("/is:starred\r");
    app.shows("60 of 60");
    app.type_keys("q");
    app.ends();
}

#[test]
fn a_journal_torn_at_any_byte_gives_the_changes_before_it() {
    let (home, _) = home(3);
    for id in ["p0", "p1", "p2"] {
        assert_eq!(home.run(["--library", "refs.json", "star", id]).code, 0);
    }
    let path = journal(&home);
    let whole = fs::read(&path).unwrap();
    let places = offprint::runtime::store::Directories::default();
    let location = || {
        let library = home.path().join("refs.json");
        offprint::runtime::store::Location::of_library(&library, &places).unwrap()
    };
    let stars_in = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes)
            .lines()
            .filter(|line| line.ends_with("\"}") && line.contains("\"starred\""))
            .count()
    };
    for length in 0..=whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let access = offprint::runtime::store::Access::Read;
        let opened = offprint::runtime::store::Store::open(location(), &places, access).unwrap();
        let state = opened.ledger.state();
        let there = ["p0", "p1", "p2"]
            .into_iter()
            .filter(|id| state.summary(id).starred)
            .count();
        assert_eq!(there, stars_in(&whole[..length]), "{length}");
        let is_at_end =
            length == 0 || whole[length - 1] == b'\n' || whole.get(length) == Some(&b'\n');
        assert_eq!(opened.problems.is_empty(), is_at_end, "{length}");
        // The program itself, now and then: it says what is torn, goes on behind it, and leaves what is there.
        if length % 97 == 0 {
            let said = home.run(["--library", "refs.json", "rate", "p0", "4"]);
            assert_eq!(said.code, 0, "{}", said.err);
            assert_eq!(listed_quietly(&home)[0]["rating"], 4, "{length}");
            assert!(fs::read(&path).unwrap().starts_with(&whole[..length]));
        }
    }
}

fn listed_quietly(home: &Home) -> serde_json::Value {
    let said = home.run(["--library", "refs.json", "--json", "list"]);
    serde_json::from_str(&said.out).unwrap()
}

#[test]
fn a_clock_that_goes_backwards_does_not_undo_what_was_changed_later() {
    let (home, _) = home(1);
    assert_eq!(
        home.run(["--library", "refs.json", "rate", "p0", "2"]).code,
        0
    );
    // As if it had been written by a machine whose clock is years ahead.
    let path = journal(&home);
    let text = fs::read_to_string(&path).unwrap();
    let mut ahead = Vec::new();
    for operation in offprint::core::journal::read(text.as_bytes(), "").0 {
        let mut operation = operation;
        operation.stamp.time.ms += 10 * 365 * 86_400_000;
        operation.write_line(&mut ahead);
    }
    fs::write(&path, ahead).unwrap();
    assert_eq!(
        home.run(["--library", "refs.json", "rate", "p0", "5"]).code,
        0
    );
    assert_eq!(listed(&home)[0]["rating"], 5);
    assert_eq!(home.run(["--library", "refs.json", "undo"]).code, 0);
    assert_eq!(listed(&home)[0]["rating"], 2);
}
