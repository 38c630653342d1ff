//! What one session leaves to the next.

use std::fs;

use crate::session::{Session, Start};

fn again(session: Session) -> Session {
    let home = session.into_home();
    let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &Start::default());
    session.shows("Attention Is All You Need");
    session
}

fn leave(session: &mut Session) {
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
}

#[test]
fn the_mouse_works_when_it_is_wanted_is_remembered_and_given_back() {
    let mut session = Session::example();
    session.shows("Attention Is All You Need");
    assert!(!session.has_mouse());
    // Nothing is done with a mouse that was not asked for.
    session.type_keys("\x1b[<0;10;8M\x1b[<0;10;8m");
    session.type_keys("M");
    session.shows("Mouse on");
    assert!(session.has_mouse());
    let (column, row) = session.place_of("Attention Is All You Need");
    session.click(column, row);
    session.shows("The paper introduces the Transformer");
    session.shows("? help");
    let help = session.place_of("? help");
    session.click(help.0, help.1);
    session.shows("─ Help ─");
    session.type_keys("\x1b");
    session.waits_for("the help to close", |session| {
        !session.text().contains("─ Help ─")
    });
    leave(&mut session);
    let mut session = again(session);
    session.waits_for("the mouse", Session::has_mouse);
    session.type_keys("M");
    session.shows("Mouse off");
    assert!(!session.has_mouse());
    leave(&mut session);
    let mut session = again(session);
    assert!(!session.has_mouse());
    leave(&mut session);
}

#[test]
fn the_last_paper_the_order_and_the_width_are_there_again_and_no_filter() {
    let mut session = Session::example();
    session.shows("Attention Is All You Need");
    session.type_keys("st");
    session.shows("title ↑");
    session.type_keys("/lorenz");
    session.shows("1 of 58");
    session.type_keys("\r");
    session.shows("Deterministic Nonperiodic Flow");
    session.type_keys("9>");
    session.waits_for("a wider list", |session| {
        session.text().lines().nth(5).is_some_and(|line| {
            line.chars()
                .position(|c| c == '│')
                .is_some_and(|at| at > 50)
        })
    });
    let wide = divider(&session);
    leave(&mut session);
    let mut session = again(session);
    session.shows("58 papers · title ↑");
    session.shows("▌● Deterministic Nonperiodic Flow");
    assert_eq!(divider(&session), wide);
    leave(&mut session);
}

/// The lines of the page.
fn right(text: &str) -> Vec<&str> {
    let lines = text.lines().skip(2).take(10);
    lines
        .filter_map(|line| line.split('│').nth(1))
        .map(|line| line.trim_end_matches([' ', '▴', '▾']))
        .collect()
}

fn divider(session: &Session) -> Option<usize> {
    let text = session.text();
    let line = text.lines().nth(5)?;
    line.chars().position(|c| c == '│')
}

#[test]
fn the_page_is_where_it_was_left() {
    let mut session = Session::example();
    session.shows("Attention Is All You Need");
    session.type_keys("j");
    session.shows("The paper introduces the Transformer");
    session.type_keys("gc");
    session.shows("CITE");
    let before = session.text();
    session.type_keys("\x1b");
    session.shows(" list  ");
    session.type_keys("k");
    session.shows("T cell therapies, above all");
    session.type_keys("j");
    session.waits_for("the page as it was", |session| {
        right(&session.text()) == right(&before)
    });
    leave(&mut session);
    let mut session = again(session);
    session.waits_for("the page as it was", |session| {
        right(&session.text()) == right(&before)
    });
    leave(&mut session);
}

#[test]
fn a_broken_memory_is_no_obstacle() {
    let mut session = Session::example();
    session.shows("Attention Is All You Need");
    session.type_keys("M");
    session.shows("Mouse on");
    leave(&mut session);
    let folder = session.path().join(".local/state/offprint/layout");
    let mut broken = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        fs::write(entry.unwrap().path(), "{\"arrangement\": 7, \"paper\": [").unwrap();
        broken += 1;
    }
    assert!(broken >= 2);
    let mut session = again(session);
    assert!(!session.has_mouse());
    leave(&mut session);
}
