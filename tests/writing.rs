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
use offprint::app::incoming::{Asked, Named};
use offprint::core::identify::Identifier;
use offprint::core::import::Noted;
use offprint::core::incoming::Work;
use offprint::core::item::Item;
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

fn work(text: &str) -> Work {
    Work {
        item: Item::parse(text.as_bytes()).unwrap(),
        noted: Noted {
            tags: vec!["new".into()],
            ..Noted::default()
        },
        origin: "x.bib:1".into(),
        is_for_known: false,
    }
}

#[test]
fn papers_are_asked_for_by_a_paste_and_shown_before_they_are_written() {
    let mut robot = robot();
    robot.arriving = vec![
        work(r#"{"id": "b", "type": "book", "title": "Beta", "DOI": "10.1000/b", "volume": "3"}"#),
        work(r#"{"id": "a", "type": "book", "title": "Another", "DOI": "10.1000/z"}"#),
    ];
    robot.press("a");
    assert!(robot.screen().contains("Add papers"), "{}", robot.screen());
    assert!(robot.screen().contains("one a line"), "{}", robot.screen());
    robot.press("<^S>");
    assert!(
        robot.toast().contains("nothing to add"),
        "{}",
        robot.toast()
    );
    robot.send(offprint::app::Msg::Paste(
        "10.1000/b\nhttps://doi.org/10.1000/Z".into(),
    ));
    robot.press("<^S>");
    let names = [
        Named::By(Identifier::Doi("10.1000/b".into())),
        Named::By(Identifier::Doi("10.1000/z".into())),
    ];
    assert_eq!(robot.asked, [Asked::Names(names.to_vec())]);
    let screen = robot.screen();
    assert!(screen.contains("Add 1 paper? 1 here already"), "{screen}");
    assert!(
        screen.contains("here b") && screen.contains("Another"),
        "{screen}"
    );
    assert_eq!(robot.file(), LIBRARY);
    robot.press("yy");
    assert_eq!(ids(&robot), ["a", "a-a", "b", "c"]);
    assert_eq!(robot.toast(), "Added a-a · u takes it back");
    assert_eq!(robot.app.notes.state().paper("a-a").tags, ["new"]);
    assert!(robot.app.notes.state().paper("b").tags.is_empty());
    // The box is empty the next time.
    robot.press("a");
    assert!(robot.screen().contains("one a line"), "{}", robot.screen());
    robot.press("<Esc>u");
    assert_eq!(ids(&robot), ["a", "b", "c"]);
}

#[test]
fn a_file_is_imported_and_what_is_here_is_merged_if_that_is_wanted() {
    let mut robot = robot();
    robot.arriving = vec![work(
        r#"{"id": "x", "type": "book", "title": "Beta", "DOI": "10.1000/b", "volume": "3"}"#,
    )];
    robot.remarks = vec!["x.bib:7: no closing brace; add it".into()];
    robot.press("i");
    assert!(
        robot.screen().contains("Import which file?"),
        "{}",
        robot.screen()
    );
    robot.press("~/x.bib<Enter>");
    assert_eq!(robot.asked, [Asked::File("~/x.bib".into())]);
    let screen = robot.screen();
    assert!(screen.contains("x.bib:7: no closing brace"), "{screen}");
    robot.press("my");
    assert!(
        robot.file().contains("\"volume\": \"3\""),
        "{}",
        robot.file()
    );
    assert_eq!(robot.toast(), "Merged 1 paper · u takes it back");
    robot.press("u");
    assert_eq!(robot.file(), LIBRARY);
}

#[test]
fn a_pdf_that_is_dropped_is_attached_to_the_paper_it_is() {
    let mut robot = robot();
    let beta = work(r#"{"id": "b", "type": "book", "title": "Beta", "DOI": "10.1000/b"}"#);
    let files = vec!["papers/beta.pdf".to_owned()];
    robot.arriving = vec![Work {
        noted: Noted {
            files: files.clone(),
            ..Noted::default()
        },
        is_for_known: true,
        ..beta
    }];
    robot.press("a");
    let dropped = "'/home/me/On beta.pdf'\n10.1000/b";
    robot.send(offprint::app::Msg::Paste(dropped.into()));
    robot.press("<^S>");
    let names = [
        Named::Pdf("/home/me/On beta.pdf".into()),
        Named::By(Identifier::Doi("10.1000/b".into())),
    ];
    assert_eq!(robot.asked, [Asked::Names(names.to_vec())]);
    let screen = robot.screen();
    assert!(screen.contains("f  attach the PDF"), "{screen}");
    assert!(screen.contains("papers/beta.pdf"), "{screen}");
    robot.press("f");
    assert_eq!(robot.toast(), "Attached the file · u takes it back");
    assert_eq!(robot.app.notes.state().paper("b").files, files);
    // The journal has it: nobody was asked whether the library may be written.
    assert_eq!(robot.file(), LIBRARY);
    robot.press("u");
    assert!(robot.app.notes.state().paper("b").files.is_empty());
}

#[test]
fn of_papers_that_a_title_may_mean_one_is_chosen() {
    let mut robot = robot();
    robot.choices = vec![
        ("Alpha · Ahn".into(), Identifier::Doi("10.1/a".into())),
        ("Alphabet · Bee".into(), Identifier::Doi("10.1/b".into())),
    ];
    robot.press("aalpha something<^S>");
    assert!(
        robot.screen().contains("Which paper is meant?"),
        "{}",
        robot.screen()
    );
    robot.press("jj<Enter>");
    assert_eq!(
        robot.asked.last(),
        Some(&Asked::Names(vec![Named::By(Identifier::Doi(
            "10.1/b".into()
        ))]))
    );
}

#[test]
fn what_comes_into_the_example_library_begins_the_readers_own() {
    let mut robot = Robot::example(100, 30);
    robot.arriving = vec![work(r#"{"id": "n", "type": "book", "title": "New"}"#)];
    robot.press("i/x.ris<Enter>y");
    assert!(robot.switched);
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

#[test]
fn a_file_of_another_format_says_early_that_it_is_read_only_and_what_to_do() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut robot = Robot::of(LIBRARY.as_bytes(), "refs.bib", width, height);
        robot.app.source.read_only = Some("BibTeX");
        let screen = robot.screen();
        let first = screen.lines().next().unwrap();
        assert!(
            first.ends_with("refs.bib · read only · 3 papers"),
            "{first}"
        );
        for key in ["e", "D", "a", "i"] {
            robot.send(offprint::app::Msg::Now(0));
            robot.press(key);
            assert_eq!(
                robot.toast(),
                "BibTeX is read only here: offprint import refs.bib"
            );
            assert!(robot.screen().contains("offprint import refs.bib"));
            assert!(robot.app.overlay.is_none(), "{key}");
        }
        // What is noted of its papers goes into the journals.
        robot.press("*");
        assert!(robot.app.notes.state().paper("a").starred);
    }
}
