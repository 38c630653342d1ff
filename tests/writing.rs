//! Changing the library in the app: deleting papers, editing their fields, and taking both back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::Robot;
use offprint::core::journal::Change;
use serde_json::Value;

const LIBRARY: &str = r#"[
  {"id": "a", "type": "book", "title": "Alpha", "author": [{"family": "Ahn", "given": "A."}], "x": 1.50},
  {"id": "b", "type": "book", "title": "Beta", "DOI": "10.1000/b"},
  {"id": "c", "type": "book", "title": "Gamma"}
]
"#;

fn robot() -> Robot {
    Robot::of(LIBRARY.as_bytes(), "papers/refs.json", 100, 30)
}

fn ids(robot: &Robot) -> Vec<String> {
    let items: Vec<Value> = serde_json::from_str(&robot.file()).unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_reader_is_asked_once_before_a_file_of_others_is_written() {
    let mut robot = robot();
    robot.press("jD");
    assert!(
        robot.screen().contains("May offprint write"),
        "{}",
        robot.screen()
    );
    robot.press("n");
    assert_eq!(robot.file(), LIBRARY);
    robot.press("Dy");
    assert_eq!(ids(&robot), ["a", "c"]);
    assert_eq!(robot.toast(), "Deleted b · u brings it back");
    assert_eq!(robot.app.library.len(), 2);
    robot.press("D");
    assert_eq!(ids(&robot), ["a"]);
    robot.press("uu");
    let mut back = ids(&robot);
    back.sort();
    assert_eq!(back, ["a", "b", "c"]);
    robot.press("<^R>");
    assert_eq!(ids(&robot).len(), 2);
}

#[test]
fn many_papers_go_at_once_and_come_back_with_what_was_noted() {
    let mut robot = robot();
    robot.press("*<Space><Space>Dy");
    assert_eq!(ids(&robot), ["c"]);
    assert_eq!(robot.toast(), "Deleted 2 papers · u brings it back");
    robot.press("u");
    assert_eq!(robot.app.library.len(), 3);
    assert!(robot.app.notes.state().summary("a").starred);
}

#[test]
fn the_fields_are_edited_as_lines_and_what_changes_is_shown_before_it_is_written() {
    let mut robot = robot();
    robot.press("e");
    assert!(robot.screen().contains("Fields of a"), "{}", robot.screen());
    assert!(
        robot.screen().contains("author: Ahn, A."),
        "{}",
        robot.screen()
    );
    // Down to the title and to the end of its line.
    robot.press("<^Home><↓><↓><End>");
    robot.press("!<^S>");
    let screen = robot.screen();
    assert!(screen.contains("Alpha → Alpha!"), "{screen}");
    assert_eq!(robot.file(), LIBRARY);
    robot.press("n");
    assert!(
        robot.screen().contains("title: Alpha!"),
        "{}",
        robot.screen()
    );
    robot.press("<^S>yy");
    assert_eq!(robot.file(), LIBRARY.replace("Alpha", "Alpha!"));
    assert_eq!(robot.toast(), "Changed a: title · u takes it back");
    assert_eq!(robot.drafts.last().unwrap().text, "");
    robot.press("u");
    assert_eq!(robot.file(), LIBRARY);
}

#[test]
fn a_key_is_changed_and_the_notes_go_along() {
    let mut robot = robot();
    robot.press("jj*e<^Home><End>2<^S>yy");
    assert_eq!(ids(&robot), ["a", "b", "c2"]);
    assert!(robot.app.notes.state().summary("c2").starred);
    assert_eq!(robot.selected(), "c2");
    robot.press("u");
    assert_eq!(ids(&robot), ["a", "b", "c"]);
    assert!(robot.app.notes.state().summary("c").starred);
}

#[test]
fn fields_that_cannot_be_read_stay_in_the_box() {
    let mut robot = robot();
    robot.press("e<^Home>:<^S>");
    assert!(
        robot.toast().starts_with("Not saved: line 1"),
        "{}",
        robot.toast()
    );
    robot.press("<Esc>");
    assert!(robot.toast().contains("draft is kept"), "{}", robot.toast());
    assert_eq!(robot.file(), LIBRARY);
    robot.press("e");
    assert!(robot.screen().contains(":id: a"), "{}", robot.screen());
}

#[test]
fn the_example_library_is_not_changed() {
    let mut robot = Robot::example(100, 30);
    robot.press("D");
    assert!(
        robot.toast().contains("part of the program"),
        "{}",
        robot.toast()
    );
    assert!(
        !robot
            .written
            .iter()
            .any(|one| matches!(one.change, Change::Item(_)))
    );
}
