//! Every screen at every size, with its styles.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{EXAMPLE, Robot};
use offprint::app::Msg;
use offprint::config::theme::Theme;

const SIZES: [(u16, u16); 6] = [(80, 24), (120, 40), (200, 60), (40, 12), (20, 5), (1, 1)];

fn snapshot(name: &str, robot: &Robot) {
    let (width, height) = robot.app.size;
    insta::assert_snapshot!(format!("{name}_{width}x{height}"), robot.styled());
}

/// The same keys at every size.
fn at_every_size(name: &str, keys: &str) {
    for (width, height) in SIZES {
        let mut robot = Robot::example(width, height);
        robot.press(keys);
        // Messages go after a while; these pictures are of the screens under them.
        robot.send(Msg::Now(60_000));
        snapshot(name, &robot);
    }
}

#[test]
fn the_list_with_the_first_page() {
    at_every_size("list", "");
}

#[test]
fn typing_a_query() {
    at_every_size("searching", "/transformer");
}

#[test]
fn what_was_understood_stands_under_the_box() {
    at_every_size(
        "understood",
        "/title:attention 2015.. -is:read has:abstract",
    );
    for (width, height) in [(80, 24), (40, 12), (40, 6)] {
        let mut robot = Robot::example(width, height);
        robot.press("/transformer");
        let plain = robot.screen();
        assert!(!plain.contains("transformer…"), "{plain}");
        robot.press("<Space>is:unread");
        let said = robot.screen();
        assert!(said.contains("transformer… · unread"), "{said}");
        let titles = |screen: &str| screen.lines().skip(2).take(1).collect::<String>();
        assert_eq!(titles(&plain), titles(&said), "nothing moves");
    }
}

#[test]
fn what_is_wrong_with_a_query_is_pointed_at() {
    at_every_size("wrong", "/auther:wang deep");
    let mut robot = Robot::example(80, 24);
    robot.press("/deep is:nice x");
    let screen = robot.screen();
    let lines: Vec<&str> = screen.lines().collect();
    let column = |line: &str, of: &str| {
        line.split_once(of)
            .map(|(before, _)| before.chars().count())
    };
    assert_eq!(
        column(lines[0], "nice"),
        column(lines[1], "^^^^"),
        "{screen}"
    );
    assert!(lines[1].contains("is: knows starred"), "{screen}");
}

#[test]
fn a_kept_query() {
    at_every_size("found", "/quantum<Enter>j");
}

#[test]
fn nothing_found() {
    at_every_size("nothing_found", "/zzzzqqqq");
}

#[test]
fn reading_the_page() {
    at_every_size("page", "<Enter>jj");
}

#[test]
fn the_similar_papers() {
    at_every_size("similar", "gsj");
}

#[test]
fn the_citations() {
    at_every_size("cite", "gc");
}

#[test]
fn the_page_alone() {
    at_every_size("zen", "z");
}

#[test]
fn selected_papers() {
    at_every_size("selected", "<Space>jVj");
}

#[test]
fn the_copy_menu() {
    at_every_size("copy_menu", "Y<↓>");
}

#[test]
fn the_palette() {
    at_every_size("palette", ":copy");
}

#[test]
fn help() {
    at_every_size("help", "?");
}

#[test]
fn link_labels() {
    at_every_size("link_labels", "gd;");
}

#[test]
fn a_begun_sequence_shows_how_it_goes_on() {
    at_every_size("pending", "5g");
}

#[test]
fn before_anything_is_read() {
    for (width, height) in SIZES {
        snapshot(
            "reading",
            &Robot::unread(EXAMPLE, "refs.json", width, height),
        );
    }
}

#[test]
fn a_library_that_cannot_be_read() {
    for (width, height) in SIZES {
        let mut robot = Robot::unread(EXAMPLE, "refs.json", width, height);
        robot.send(Msg::LoadFailed(
            "refs.json:3:17: the file ends in the middle of an item; restore it from a copy"
                .to_owned(),
        ));
        snapshot("failed", &robot);
    }
}

#[test]
fn an_empty_library() {
    for (width, height) in SIZES {
        snapshot("empty", &Robot::of(b"[]", "refs.json", width, height));
    }
}

#[test]
fn problems_are_shown_by_the_messages() {
    for (width, height) in SIZES {
        let mut robot = Robot::of(
            b"[{\"id\": \"a\", \"title\": \"Kept\"},\n 17]",
            "refs.json",
            width,
            height,
        );
        robot.press("!");
        snapshot("messages", &robot);
    }
}

#[test]
fn hostile_and_wide_text() {
    let library = r#"[{"id": "x", "title": "Evil \u001b]52;c;ZXZpbA==\u0007 \u202ereversed\u2066 \u0000title"},
        {"id": "y", "title": "深層学習による日本語構文解析の高速化と 👩‍🔬 の研究", "author": [{"family": "田中", "given": "太郎"}]},
        {"id": "z", "title": "हिन्दी में शोध और العربية بحث", "abstract": "दो शब्द"}]"#;
    for (width, height) in SIZES {
        let robot = Robot::of(library.as_bytes(), "refs.json", width, height);
        let screen = robot.screen();
        assert!(!screen.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{2066}', '\0']));
        snapshot("hostile", &robot);
    }
}

#[test]
fn without_colour_the_selection_is_still_seen() {
    for (width, height) in SIZES {
        let mut robot = Robot::example(width, height);
        robot.app.settings.theme = Theme::mono();
        let styles = format!("{:?}", robot.buffer());
        assert!(!styles.contains("fg: Cyan") && !styles.contains("fg: Yellow"));
        snapshot("mono", &robot);
    }
}

#[test]
fn the_box_of_tags() {
    at_every_size(
        "tags",
        "tproject/thesis<Enter>methods<Enter><Enter><Space><Space>tme",
    );
}

#[test]
fn the_box_of_a_comment() {
    at_every_size(
        "comment",
        "c# Main point<Enter><Enter>The **dose** matters, more than anything else that is compared here. 深層学習",
    );
}

#[test]
fn the_comments_of_a_paper() {
    at_every_size(
        "comments",
        "c# Main point<Enter>- the **dose** matters<Enter>- so does `time`<^S>cTo do: compare<^S>gn",
    );
}

#[test]
fn the_box_of_what_names_papers() {
    for (width, height) in [(80, 24), (40, 12)] {
        let mut robot = Robot::example(width, height);
        robot.press("a");
        let screen = robot.screen();
        assert!(screen.contains("^S ask"), "{screen}");
        snapshot("adding", &robot);
    }
}
