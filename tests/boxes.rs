//! Tags and comments: the boxes in which they are written, and that no text is lost on the way.
#![cfg(feature = "tui")]
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

use common::Robot;
use offprint::app::Msg;
use offprint::app::drafts::{Draft, DraftKey, Edited};
use offprint::app::overlay::Overlay;
use offprint::core::journal::{Change, Edit};

fn tags(robot: &Robot, id: &str) -> Vec<String> {
    let state = robot.app.notes.state();
    state.tags_of(id).map(str::to_owned).collect()
}

fn comments(robot: &Robot) -> Vec<String> {
    let noted = robot.app.notes.state().paper(&robot.selected());
    noted.comments.into_iter().map(|one| one.text).collect()
}

fn text_in_box(robot: &Robot) -> String {
    match &robot.app.overlay {
        Some(Overlay::Comment(comment)) => comment.area.text().to_owned(),
        other => panic!("no comment box: {other:?}"),
    }
}

#[test]
fn a_new_tag_is_typed_shown_as_new_and_put_on() {
    let mut robot = Robot::example(120, 40);
    let id = robot.selected();
    robot.press("t project/thesis ");
    let screen = robot.screen();
    let row = screen.lines().find(|line| line.contains(" new ")).unwrap();
    assert!(row.contains("project/thesis"), "{screen}");
    robot.press("<Enter>");
    // Trimmed, else as written; Enter on the empty line closes.
    assert_eq!(tags(&robot, &id), ["project/thesis"]);
    robot.press("<Enter>");
    assert_eq!(robot.app.overlay, None);
    let page = format!("{:?}", robot.app.page.page);
    assert!(page.contains("project/thesis"));
    // A level finds it.
    robot.press("/tag:project<Enter>");
    assert_eq!(robot.app.rows(), 1);
    robot.press("u");
    assert_eq!(tags(&robot, &id), Vec::<String>::new());
}

#[test]
fn tags_go_on_all_selected_papers_and_are_undone_as_one() {
    let mut robot = Robot::example(120, 40);
    let first = robot.selected();
    robot.press("talone<Enter><Enter><Space><Space><Space>t");
    assert!(robot.screen().contains("Tags of 3 papers"));
    // One of three has it.
    assert!(robot.screen().contains("1 of 3"));
    robot.press("al<Enter>");
    let tagged = |robot: &Robot| robot.app.notes.state().tags().get("alone").copied();
    assert_eq!(tagged(&robot), Some(3));
    robot.press("<Esc>u");
    assert_eq!(tagged(&robot), Some(1));
    assert_eq!(tags(&robot, &first), ["alone"]);
}

#[test]
fn tags_are_completed_level_by_level() {
    let mut robot = Robot::example(120, 40);
    robot.press("tproject/thesis/chapter 1<Enter>project/grant<Enter><Enter>jt");
    robot.press("pro<Tab>");
    let Some(Overlay::Tags(tags_box)) = &robot.app.overlay else {
        panic!("the box is open")
    };
    assert_eq!(tags_box.typed(), "project/");
    robot.press("th<Tab><Tab><Tab>");
    assert_eq!(
        tags(&robot, &robot.selected()),
        ["project/thesis/chapter 1"]
    );
}

#[test]
fn what_is_typed_comes_before_what_is_only_like_it() {
    let mut robot = Robot::example(120, 40);
    robot.press("thtml<Enter><Enter>jtml<Enter>");
    assert_eq!(tags(&robot, &robot.selected()), ["ml"]);
}

#[test]
fn a_marked_tag_is_taken_off_and_enter_alone_takes_nothing_off() {
    let mut robot = Robot::example(80, 24);
    let id = robot.selected();
    robot.press("ta<Enter>b<Enter>c<Enter><Enter>t<Enter>");
    assert_eq!(tags(&robot, &id), ["a", "b", "c"]);
    robot.press("t<↓><Enter><↓><^D><Esc>");
    assert_eq!(tags(&robot, &id).len(), 1);
    robot.press("tzz<Enter>zz<Enter>");
    assert!(robot.toast().contains("is on already"));
}

#[test]
fn hostile_tags_are_stored_as_written_and_shown_scrubbed() {
    let mut robot = Robot::example(120, 40);
    robot.press("t");
    robot.send(Msg::Paste("a\u{202e}b\u{1b}[31m".to_owned()));
    robot.press("<Enter><Esc>");
    assert!(!robot.screen().contains(['\u{202e}', '\u{1b}']));
}

#[test]
fn tags_stand_on_the_rows_of_the_list_where_they_fit_whole() {
    let mut robot = Robot::example(200, 60);
    robot.press("tml<Enter><Enter>");
    assert!(robot.screen().contains("#ml"));
    let mut robot = Robot::example(80, 24);
    robot.press("tml<Enter><Enter>");
    assert!(!robot.screen().contains("#ml"));
}

#[test]
fn a_comment_is_written_saved_shown_edited_deleted_and_brought_back() {
    let mut robot = Robot::example(120, 40);
    robot.press("c# Good<Enter>- 深層 q<Enter>");
    robot.send(Msg::Paste("two\nlines".to_owned()));
    assert!(comments(&robot).is_empty());
    robot.press("<^S>");
    assert_eq!(comments(&robot), ["# Good\n- 深層 q\ntwo\nlines"]);
    assert_eq!(robot.app.overlay, None);
    robot.press("gn");
    let screen = robot.screen();
    assert!(
        screen.contains("COMMENTS 1") && screen.contains("• 深層 q"),
        "{screen}"
    );
    robot.send(Msg::Clock(1_700_000_600_000));
    robot.press("e<^A>more <^S>");
    assert_eq!(comments(&robot), ["# Good\n- 深層 q\ntwo\nmore lines"]);
    assert!(
        robot
            .screen()
            .contains("2023-11-14 22:13 · edited 2023-11-14 22:23")
    );
    robot.press("gnD");
    assert!(comments(&robot).is_empty());
    robot.press("u");
    assert_eq!(comments(&robot), ["# Good\n- 深層 q\ntwo\nmore lines"]);
    robot.press("uu");
    assert!(comments(&robot).is_empty());
}

#[test]
fn of_several_comments_the_one_under_the_cursor_is_edited() {
    let mut robot = Robot::example(120, 40);
    robot.press("cone<^S>");
    robot.send(Msg::Clock(1_700_000_600_000));
    robot.press("ctwo<^S>gn");
    // The newest is marked; the one above it is chosen. What the keys do is said while one is.
    robot.send(Msg::Now(60_000));
    assert!(robot.screen().contains("e edit · D delete"));
    robot.press("ke");
    assert_eq!(text_in_box(&robot), "one");
    robot.press("!<^S>");
    assert_eq!(comments(&robot), ["one!", "two"]);
}

#[test]
fn leaving_the_box_keeps_the_draft_of_that_paper() {
    let mut robot = Robot::example(80, 24);
    robot.press("chalf a thou<Esc>");
    assert!(robot.toast().contains("draft is kept"), "{}", robot.toast());
    assert_eq!(robot.drafts.last().unwrap().text, "half a thou");
    robot.press("jc");
    assert_eq!(text_in_box(&robot), "");
    robot.press("<Esc>kc");
    assert_eq!(text_in_box(&robot), "half a thou");
    robot.press("ght<^S>");
    assert_eq!(comments(&robot), ["half a thought"]);
    // Once the comment is on the disk its draft goes.
    assert_eq!(robot.drafts.last().unwrap().text, "");
    robot.press("c");
    assert_eq!(text_in_box(&robot), "");
}

#[test]
fn a_draft_is_kept_while_writing_and_at_the_end() {
    let mut robot = Robot::example(80, 24);
    robot.press("cabc");
    assert!(robot.drafts.is_empty());
    let due = robot.app.deadline().unwrap();
    robot.send(Msg::Now(due));
    assert_eq!(robot.drafts.last().unwrap().text, "abc");
    robot.press("d");
    assert_eq!(robot.app.open_draft().unwrap().text, "abcd");
    robot.press("<^C>");
    assert_eq!(robot.drafts.last().unwrap().text, "abcd");
}

#[test]
fn the_draft_stays_until_the_comment_is_on_the_disk() {
    let mut robot = Robot::example(80, 24);
    robot.press("*");
    robot.send(Msg::NotSaved("the disk is full".to_owned()));
    robot.press("cabc<^S>");
    // Two changes wait for the disk, and one of them has arrived.
    assert_eq!(robot.drafts.last().unwrap().text, "abc");
    robot.send(Msg::Saved);
    assert_eq!(robot.drafts.last().unwrap().text, "");
}

#[test]
fn drafts_of_an_earlier_session_are_offered_again() {
    let mut robot = Robot::example(80, 24);
    let key = DraftKey {
        paper: robot.selected(),
        comment: None,
    };
    let text = "from before".to_owned();
    let saved = String::new();
    robot.send(Msg::DraftsFound(vec![Draft { key, text, saved }]));
    assert!(robot.toast().contains("draft"), "{}", robot.toast());
    robot.press("c");
    assert_eq!(text_in_box(&robot), "from before");
}

#[test]
fn a_box_opens_before_the_notes_are_read_and_saves_after() {
    let mut robot = Robot::example(80, 24);
    robot.app.notes_missing = Some("the notes are still being read");
    robot.press("cq<^S>");
    assert!(robot.toast().contains("Not saved"), "{}", robot.toast());
    assert_eq!(text_in_box(&robot), "q");
    let ledger = offprint::core::journal::Ledger::new("test-1");
    robot.send(Msg::NotesOpened(Box::new(ledger)));
    robot.press("<^S>");
    assert_eq!(comments(&robot), ["q"]);
    robot.send(Msg::NotesUnavailable("the folder is read-only".to_owned()));
    robot.press("c");
    assert_eq!(robot.app.overlay, None);
}

#[test]
fn a_text_that_was_changed_elsewhere_meanwhile_is_not_replaced_unseen() {
    let mut robot = Robot::example(80, 24);
    robot.press("cmine<^S>gne!");
    let mut elsewhere = (*robot.app.notes).clone();
    let paper = robot.selected();
    let id = elsewhere.state().paper(&paper).comments[0].id.clone();
    let change = Change::Comment {
        id: id.into(),
        text: Some("theirs".into()),
    };
    let edits = vec![Edit::new(paper, Vec::new(), change)];
    let mut operations = elsewhere.edit(1_700_000_000_500, edits);
    for operation in &mut operations {
        operation.stamp.writer = "other-1".into();
    }
    robot.send(Msg::NotesFound(operations));
    robot.press("<^S>");
    assert_eq!(comments(&robot), ["theirs"]);
    assert_eq!(text_in_box(&robot), "mine!\n\n---\n\ntheirs");
    robot.press("<^S>");
    assert_eq!(comments(&robot), ["mine!\n\n---\n\ntheirs"]);
}

#[test]
fn comments_of_two_machines_name_them() {
    let mut robot = Robot::example(120, 40);
    robot.press("cmine<^S>gn");
    assert!(!robot.screen().contains("22:13 · test"));
    let mut elsewhere = (*robot.app.notes).clone();
    let now = 1_700_000_000_500;
    let theirs = elsewhere.new_comment(now, &robot.selected(), Vec::new(), "theirs");
    let mut operations = elsewhere.edit(now, vec![theirs]);
    for operation in &mut operations {
        operation.stamp.writer = "other-1".into();
    }
    robot.send(Msg::NotesFound(operations));
    let page = format!("{:?}", robot.app.page.page);
    assert!(page.contains("22:13 · test") && page.contains("22:13 · other"));
}

#[test]
fn empty_comments_are_not_saved_and_an_emptied_one_is_not_deleted() {
    let mut robot = Robot::example(80, 24);
    robot.press("c<Space><Enter><^S>");
    assert!(robot.toast().contains("no text"), "{}", robot.toast());
    robot.press("<Esc>cx<^S>gne<Backspace><^S>");
    assert!(robot.toast().contains("not saved"), "{}", robot.toast());
    robot.press("<Esc>");
    assert_eq!(comments(&robot), ["x"]);
}

#[test]
fn the_editor_gets_the_draft_and_its_text_comes_back_into_the_box() {
    let mut robot = Robot::example(80, 24);
    robot.editor = Edited::Text("longer\ntext".to_owned());
    robot.press("cshort<^X>");
    assert_eq!(robot.in_editor, ["short"]);
    assert_eq!(text_in_box(&robot), "longer\ntext");
    assert_eq!(robot.drafts.last().unwrap().text, "longer\ntext");
    robot.press("<^S>");
    assert_eq!(comments(&robot), ["longer\ntext"]);
}

#[test]
fn an_editor_that_fails_or_leaves_nothing_changes_nothing() {
    let mut robot = Robot::example(80, 24);
    for (edited, said) in [
        (Edited::Unchanged, "Nothing was changed"),
        (Edited::Emptied, "left no text"),
        (
            Edited::Failed("ed ended with exit status 3".to_owned()),
            "exit status 3",
        ),
    ] {
        robot.editor = edited;
        robot.press("cshort<^X>");
        assert!(robot.toast().contains(said), "{}", robot.toast());
        assert_eq!(text_in_box(&robot), "short");
        robot.press("<^U><Esc>");
    }
}

#[test]
fn what_is_pasted_is_stored_as_it_is_and_drawn_harmlessly() {
    let mut robot = Robot::example(80, 24);
    robot.press("c");
    robot.send(Msg::Paste("a\u{1b}[2J\u{202e}\tb".to_owned()));
    assert!(!robot.screen().contains(['\u{1b}', '\u{202e}', '\t']));
    robot.press("<^S>gn");
    assert_eq!(comments(&robot), ["a\u{1b}[2J\u{202e}\tb"]);
    assert!(!robot.screen().contains(['\u{1b}', '\u{202e}', '\t']));
    robot.press("c");
    robot.send(Msg::Paste("x".repeat(1 << 20)));
    assert!(robot.toast().contains("Too long"), "{}", robot.toast());
}

#[test]
fn long_comments_scroll_with_the_cursor_at_every_size() {
    for (width, height) in [(80, 24), (120, 40), (40, 12), (20, 5)] {
        let mut robot = Robot::example(width, height);
        robot.press("c");
        for line in 0..60 {
            robot.press(&format!("line {line}<Enter>"));
        }
        robot.press("LAST");
        assert!(
            robot.screen().contains("LAST"),
            "{width}x{height}\n{}",
            robot.screen()
        );
        robot.press("<PgUp><PgUp><PgUp><PgUp><PgUp><PgUp><PgUp><PgUp><PgUp>");
        assert!(
            robot.screen().contains("line 0"),
            "{width}x{height}\n{}",
            robot.screen()
        );
    }
}
