//! Sorting, filtering, saved searches and the queue, from the command line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    unreachable_pub,
    reason = "tests"
)]

mod common;
mod program;

use common::Robot;
use program::Home;
use serde_json::Value;

const REFS: &str = r#"[
    {"id": "b", "title": "The Zebra", "author": [{"family": "Young"}], "issued": {"date-parts": [[2001]]}},
    {"id": "a", "title": "Émile on zebras", "author": [{"family": "Adams"}]},
    {"id": "c", "title": "Apples", "author": [{"family": "Ünal"}], "issued": {"date-parts": [[2020]]}}]"#;

fn with_refs() -> Home {
    let home = Home::new();
    home.file("refs.json", REFS);
    home
}

/// Runs a command on the library; the ids of what it prints as JSON.
fn printed(home: &Home, arguments: &[&str]) -> String {
    let all = ["--library", "refs.json", "--json"].iter().chain(arguments);
    let said = home.run(all);
    assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
    let value: Value = serde_json::from_str(&said.out).unwrap();
    let papers = value.as_array().unwrap().iter();
    papers.map(|paper| paper["id"].as_str().unwrap()).collect()
}

fn done(home: &Home, arguments: &[&str]) {
    let said = home.run(["--library", "refs.json"].iter().chain(arguments));
    assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
}

#[test]
fn list_and_search_print_in_the_order_asked_for() {
    let home = with_refs();
    assert_eq!(printed(&home, &["list"]), "bac");
    assert_eq!(printed(&home, &["list", "--sort", "title"]), "cab");
    assert_eq!(
        printed(&home, &["list", "--sort", "title", "--reverse"]),
        "bac"
    );
    assert_eq!(printed(&home, &["list", "--sort", "author"]), "acb");
    assert_eq!(printed(&home, &["list", "--sort", "year"]), "cba");
    assert_eq!(
        printed(&home, &["list", "--sort", "year", "--reverse"]),
        "bca"
    );
    assert_eq!(printed(&home, &["list", "--reverse"]), "cab");
    done(&home, &["rate", "a", "4"]);
    assert_eq!(printed(&home, &["list", "--sort", "rating"]), "abc");
    assert_eq!(printed(&home, &["list", "--sort", "author", "zebra"]), "ab");
    assert_eq!(
        printed(&home, &["search", "--sort", "author", "zebra"]),
        "ab"
    );
    assert_eq!(
        printed(
            &home,
            &[
                "search",
                "--sort",
                "author",
                "--reverse",
                "--limit",
                "1",
                "zebra"
            ]
        ),
        "b"
    );
    let said = home.run(["list", "--sort", "colour"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("priority"), "{}", said.err);
}

#[test]
fn a_score_stays_with_its_paper_in_any_order() {
    let home = with_refs();
    let scores = |arguments: &[&str]| {
        let said = home.run(
            ["--library", "refs.json", "--json", "search"]
                .iter()
                .chain(arguments),
        );
        let value: Value = serde_json::from_str(&said.out).unwrap();
        let papers = value.as_array().unwrap().clone();
        let mut scores: Vec<(String, String)> = papers
            .iter()
            .map(|paper| (paper["id"].to_string(), paper["score"].to_string()))
            .collect();
        scores.sort();
        scores
    };
    let ranked = scores(&["zebra"]);
    assert_eq!(ranked.len(), 2);
    assert_ne!(ranked[0].1, ranked[1].1);
    assert_eq!(scores(&["--sort", "year", "zebra"]), ranked);
    assert_eq!(scores(&["--sort", "author", "zebra"]), ranked);
}

#[test]
fn commands_filter_by_what_was_noted_also_by_tags_of_several_words() {
    let home = with_refs();
    done(&home, &["status", "c", "reading"]);
    done(&home, &["star", "a"]);
    done(&home, &["tag", "b", "+to read soon"]);
    assert_eq!(printed(&home, &["list", "is:reading"]), "c");
    assert_eq!(
        printed(&home, &["list", "is:unread", "--sort", "title"]),
        "ab"
    );
    assert_eq!(printed(&home, &["search", "is:starred"]), "a");
    assert_eq!(printed(&home, &["list", "tag:\"to read\""]), "b");
    assert_eq!(printed(&home, &["list", "!tag:\"to read soon\""]), "ac");
}

#[test]
fn a_paper_of_the_queue_is_moved_to_a_place_or_by_one() {
    let home = with_refs();
    done(&home, &["queue", "add", "a", "b", "c"]);
    assert_eq!(printed(&home, &["queue"]), "abc");
    done(&home, &["queue", "move", "c", "1"]);
    assert_eq!(printed(&home, &["queue"]), "cab");
    done(&home, &["queue", "move", "c", "down"]);
    assert_eq!(printed(&home, &["queue"]), "acb");
    done(&home, &["queue", "move", "b", "up"]);
    assert_eq!(printed(&home, &["queue"]), "abc");
    done(&home, &["queue", "move", "a", "up"]);
    done(&home, &["queue", "move", "a", "99"]);
    assert_eq!(printed(&home, &["queue"]), "bca");
    assert_eq!(printed(&home, &["list", "--sort", "queue"]), "bca");
    done(&home, &["undo"]);
    assert_eq!(printed(&home, &["queue"]), "abc");
    let said = home.run([
        "--library",
        "refs.json",
        "--json",
        "queue",
        "move",
        "b",
        "1",
    ]);
    let value: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(value, serde_json::json!({"id": "b", "place": 1, "of": 3}));
}

#[test]
fn a_move_that_cannot_be_made_is_refused() {
    let home = with_refs();
    let run = |arguments: &[&str]| {
        let said = home.run(
            ["--library", "refs.json", "queue", "move"]
                .iter()
                .chain(arguments),
        );
        (said.code, said.err)
    };
    let (code, told) = run(&["a", "1"]);
    assert_eq!(code, 1);
    assert!(told.contains("a is not in the queue"), "{told}");
    assert_eq!(run(&["a", "0"]).0, 2);
    assert_eq!(run(&["a", "sideways"]).0, 2);
    assert_eq!(run(&["nobody", "up"]).0, 1);
}

#[test]
fn commands_know_the_searches_that_were_saved_in_the_app() {
    let mut robot = Robot::of(REFS.as_bytes(), "refs.json", 80, 24);
    robot.press("/zebra<Enter>fsanimals<Enter>");
    let home = with_refs();
    // The journal as the app writes it, in the place of another writer.
    done(&home, &["star", "a"]);
    let mut lines = Vec::new();
    for operation in &robot.written {
        operation.write_line(&mut lines);
    }
    home.file("refs.offprint/other-1.jsonl", lines);
    assert_eq!(
        printed(&home, &["list", "@animals", "--sort", "title"]),
        "ab"
    );
    assert_eq!(printed(&home, &["search", "@animals is:starred"]), "a");
    let said = home.run(["--library", "refs.json", "list", "@nobody"]);
    assert!(
        said.err.contains("no search is saved as @nobody"),
        "{}",
        said.err
    );
}
