//! What readers note about papers: by keys in the app, and by commands that are durable when they succeed.
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
use offprint::app::Msg;
use offprint::app::note_commands::Saving;
use offprint::core::journal::Status;
use program::Home;
use serde_json::Value;

fn summary(robot: &Robot, id: &str) -> offprint::core::journal::Summary {
    robot.app.notes.state().summary(id)
}

#[test]
fn keys_note_status_star_rating_and_priority_and_undo_takes_them_back() {
    let mut robot = Robot::example(120, 40);
    let id = robot.selected();
    robot.press("rr*R4p2");
    let noted = summary(&robot, &id);
    assert_eq!(
        (noted.status, noted.starred, noted.rating, noted.priority),
        (Status::Read, true, 4, 2)
    );
    assert!(noted.finished.is_some());
    let page = format!("{:?}", robot.app.page.page);
    assert!(page.contains("read · ★ starred · rated 4 of 5 · priority 2"));
    robot.press("uuu");
    let noted = summary(&robot, &id);
    assert_eq!((noted.starred, noted.rating, noted.priority), (false, 0, 0));
    robot.press("<^R>");
    assert!(summary(&robot, &id).starred);
    assert_eq!(robot.app.saving, Saving::Saved);
    assert!(robot.screen().contains("saved · "));
}

#[test]
fn digits_are_counts_but_after_r_and_p() {
    let mut robot = Robot::example(120, 40);
    robot.press("3jR5");
    assert_eq!(robot.app.cursor.selected, 3);
    assert_eq!(summary(&robot, &robot.selected()).rating, 5);
}

#[test]
fn many_selected_papers_are_noted_and_undone_as_one() {
    let mut robot = Robot::example(120, 40);
    robot.press("<Space><Space><Space>*");
    let stars = |robot: &Robot| {
        let state = robot.app.notes.state();
        state.summaries().filter(|(_, noted)| noted.starred).count()
    };
    assert_eq!(stars(&robot), 3);
    robot.press("u");
    assert_eq!(stars(&robot), 0);
}

#[test]
fn the_queue_is_shown_in_its_order() {
    let mut robot = Robot::example(120, 40);
    robot.press("5jw");
    let first = robot.selected();
    robot.press("ggw");
    let second = robot.selected();
    robot.press("Q");
    assert_eq!(robot.app.rows(), 2);
    robot.press("gg");
    assert_eq!(robot.selected(), first);
    robot.press("j");
    assert_eq!(robot.selected(), second);
}

#[test]
fn queries_ask_what_was_noted() {
    let mut robot = Robot::example(120, 40);
    robot.press("*jrR3/is:starred<Enter>");
    assert_eq!(robot.app.rows(), 1);
    robot.press("<Esc>/status:reading has:rating<Enter>");
    assert_eq!(robot.app.rows(), 1);
}

#[test]
fn a_change_that_is_not_on_the_disk_is_called_so_with_the_reason() {
    let mut robot = Robot::example(120, 40);
    robot.send(Msg::NotSaved("the disk is full".to_owned()));
    assert!(robot.screen().contains("NOT SAVED: the disk is full"));
}

#[test]
fn nothing_is_noted_before_the_notes_are_read() {
    let mut robot = Robot::unread(b"[]", "refs.json", 80, 24);
    robot.press("*");
    assert!(robot.written.is_empty());
}

fn home() -> (Home, std::path::PathBuf) {
    let home = Home::new();
    let path = home.file(
        "refs.json",
        r#"[{"id":"a","title":"One","DOI":"10.1/a"},{"id":"b","title":"Two"}]"#,
    );
    (home, path)
}

fn json(home: &Home, arguments: &[&str]) -> Value {
    let mut all = vec!["--library", "refs.json", "--json"];
    all.extend(arguments);
    let said = home.run(all);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&said.out).unwrap()
}

#[test]
fn commands_note_and_list_shows_what_they_noted() {
    let (home, _) = home();
    assert_eq!(json(&home, &["status", "a", "read"])["status"], "read");
    json(&home, &["star", "a"]);
    json(&home, &["rate", "a", "4"]);
    json(&home, &["tag", "a", "+project/thesis", "+x", "-x"]);
    json(&home, &["comment", "a", "Worth\nreading \u{1b}[31mtwice"]);
    let all = json(&home, &["list", "is:starred", "tag:thesis"]);
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(all[0]["rating"], 4);
    assert_eq!(all[0]["tags"], serde_json::json!(["project/thesis"]));
    // Stored exactly as written.
    assert_eq!(
        all[0]["comments"][0]["text"],
        "Worth\nreading \u{1b}[31mtwice"
    );
    let said = home.run(["--library", "refs.json", "comments", "a"]);
    assert!(said.out.contains("Worth\nreading") && !said.out.contains('\u{1b}'));
    let page = home.run(["--library", "refs.json", "show", "a"]);
    assert!(
        page.out.contains("COMMENTS 1\n") && page.out.contains("read · ★ starred · rated 4 of 5")
    );
    assert!(page.out.contains("project/thesis") && !page.out.contains('\u{1b}'));
    assert_eq!(
        json(&home, &["show", "a"])["comments"][0]["text"],
        "Worth\nreading \u{1b}[31mtwice"
    );
    let fields = json(&home, &["history", "a"]);
    assert_eq!(fields[0]["field"], "status");
}

#[test]
fn undo_takes_back_what_the_last_command_did() {
    let (home, _) = home();
    json(&home, &["star", "b"]);
    json(&home, &["rate", "b", "5"]);
    json(&home, &["undo"]);
    let list = json(&home, &["list"]);
    assert_eq!(
        (&list[1]["starred"], &list[1]["rating"]),
        (&Value::Bool(true), &Value::Null)
    );
}

#[test]
fn the_queue_says_what_is_next_and_else_the_priority() {
    let (home, _) = home();
    assert_eq!(json(&home, &["next"])["id"], "a");
    assert_eq!(
        home.run(["--library", "refs.json", "queue", "add", "b", "a"])
            .code,
        0
    );
    let queue = json(&home, &["queue"]);
    assert_eq!(
        (&queue[0]["id"], &queue[1]["id"]),
        (&"b".into(), &"a".into())
    );
    assert_eq!(json(&home, &["next"])["id"], "b");
    home.run(["--library", "refs.json", "queue", "remove", "b", "a"]);
    assert_eq!(json(&home, &["next"])["id"], "a");
    json(&home, &["priority", "b", "3"]);
    assert_eq!(json(&home, &["next"])["id"], "b");
    json(&home, &["priority", "a", "1"]);
    assert_eq!(json(&home, &["next"])["id"], "a");
}

#[test]
fn state_finds_its_paper_again_when_the_library_is_replaced_with_another_citekey() {
    let (home, path) = home();
    json(&home, &["star", "a"]);
    std::fs::write(path, r#"[{"id":"renamed","title":"One","DOI":"10.1/A"}]"#).unwrap();
    assert_eq!(json(&home, &["list"])[0]["starred"], true);
}

#[test]
fn a_change_that_cannot_be_made_durable_fails_with_the_reason() {
    let (home, _) = home();
    // A file stands where the folder of the journals and the data folder would be.
    home.file("refs.offprint", "");
    home.file("data", "");
    let said = home.run(["--library", "refs.json", "star", "a"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("NOT SAVED"), "{}", said.err);
}

#[test]
fn two_commands_at_once_lose_nothing() {
    let (home, _) = home();
    let run = |tag: String| {
        let tag = format!("+{tag}");
        home.command(["--library", "refs.json", "tag", "a", &tag])
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..20).map(|at| run(format!("t{at}"))).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(
        json(&home, &["list"])[0]["tags"].as_array().unwrap().len(),
        20
    );
}
