//! Lists of papers that are alike: "For you", and papers like a text that was searched for in vain.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::Robot;
use offprint::app::Msg;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (40, 12), (20, 5)];

fn robot() -> Robot {
    Robot::example(80, 24)
}

fn snapshot(name: &str, robot: &mut Robot) {
    robot.send(Msg::Now(60_000));
    let (width, height) = robot.app.size;
    insta::assert_snapshot!(format!("{name}_{width}x{height}"), robot.styled());
}

/// The line under the search box, without its hairline.
fn under(robot: &Robot) -> String {
    let screen = robot.screen();
    let line = screen.lines().nth(1).unwrap().to_owned();
    line.trim_matches(['─', ' ']).replace('┬', "─")
}

#[test]
fn for_you_says_what_to_do_while_nothing_is_starred_or_read() {
    for (width, height) in SIZES {
        let mut robot = Robot::example(width, height);
        robot.press("F");
        snapshot("for_you_nothing", &mut robot);
    }
    let mut robot = robot();
    robot.press("F");
    let screen = robot.screen();
    assert!(screen.contains("Nothing to go by yet"), "{screen}");
    assert!(screen.contains("Star papers with *"), "{screen}");
    robot.press("<Esc>");
    assert_eq!(robot.app.query, "");
}

#[test]
fn for_you_lists_unread_papers_with_the_reason() {
    for (width, height) in SIZES {
        let mut robot = Robot::example(width, height);
        robot.press("/attention is all<Enter>*<Esc>F");
        snapshot("for_you", &mut robot);
    }
    let mut robot = robot();
    robot.press("/attention is all<Enter>");
    let liked = robot.selected();
    robot.press("*<Esc>F");
    assert!(robot.app.rows() > 1);
    assert_ne!(robot.selected(), liked);
    let first = robot.selected();
    assert!(
        under(&robot).starts_with("like “Attention Is All You Need” · shares: "),
        "{}",
        under(&robot)
    );
    assert!(robot.screen().contains("for you"), "{}", robot.screen());
    // What the cursor is on has its own reason.
    let reason = under(&robot);
    robot.press("j");
    assert_ne!(under(&robot), reason);
    // A paper that was read is no suggestion any more; the list stands still until it is asked for again.
    robot.press("krr");
    assert_eq!(robot.selected(), first);
    robot.press("F");
    assert_ne!(robot.selected(), first);
    robot.press("<^O>");
    assert_eq!(robot.app.query, "is:suggested");
}

#[test]
fn what_is_alike_can_be_narrowed_down_and_saved_like_any_search() {
    let mut robot = robot();
    robot.press("/like:vaswani2017<Enter>");
    let all = robot.app.rows();
    assert!(all > 3, "{}", robot.screen());
    assert!(robot.screen().contains("likeness"), "{}", robot.screen());
    robot.press("/<Space>2019..<Enter>");
    let late = robot.app.rows();
    assert!(late > 0 && late < all);
    let years = (0..late).map(|row| robot.app.library.year(robot.app.paper_at(row).unwrap()));
    assert!(years.into_iter().all(|year| year.unwrap() >= 2019));
    assert!(under(&robot).contains("shares: "), "{}", under(&robot));
    robot.press("/<Space>-is:unread<Enter>");
    assert_eq!(robot.app.rows(), 0);
    assert!(
        robot.screen().contains("No paper fits like"),
        "{}",
        robot.screen()
    );
}

#[test]
fn where_nothing_is_found_enter_shows_papers_like_the_text() {
    let text = "how do language models learn to translate between languages with attention";
    for (width, height) in SIZES {
        let mut robot = Robot::example(width, height);
        robot.press(&format!("/{}", text.replace(' ', "<Space>")));
        snapshot("found_nothing", &mut robot);
        robot.press("<Enter>");
        snapshot("like_the_text", &mut robot);
    }
    let mut robot = robot();
    robot.press(&format!("/{}", text.replace(' ', "<Space>")));
    assert_eq!(robot.app.rows(), 0);
    assert!(
        robot.screen().contains("Enter shows papers like"),
        "{}",
        robot.screen()
    );
    robot.press("<Enter>");
    assert_eq!(robot.app.query, format!("like:\"{text}\""));
    assert_eq!(robot.selected(), "brown2020");
    assert!(
        under(&robot).starts_with("shares: language models"),
        "{}",
        under(&robot)
    );
    assert_eq!(robot.remembered, [format!("like:\"{text}\"")]);
    robot.press("<Esc>");
    assert_eq!(robot.app.query, "");
    // Also when the box was left before.
    robot.press("/xylophone<Space>zither<Enter>");
    assert!(
        robot.screen().contains("No paper fits like"),
        "{}",
        robot.screen()
    );
}

#[test]
fn filters_that_leave_nothing_are_no_text() {
    let mut robot = robot();
    robot.press("/is:starred<Enter>");
    assert_eq!(robot.app.query, "is:starred");
    assert!(
        !robot.screen().contains("papers like this text"),
        "{}",
        robot.screen()
    );
    robot.press("<Enter>");
    assert_eq!(robot.app.query, "is:starred");
}

#[test]
fn before_the_index_is_there_nothing_alike_is_promised() {
    let mut robot = Robot::unread(common::EXAMPLE, "refs.json", 80, 24);
    robot.press("/like:x<Enter>");
    assert_eq!(robot.app.rows(), 0);
    assert!(robot.screen().contains("Reading"), "{}", robot.screen());
}

#[test]
fn keys_of_papers_are_completed() {
    let mut robot = robot();
    robot.press("/like:vasw<Tab>");
    assert_eq!(robot.app.query, "like:vaswani2017 ");
}
