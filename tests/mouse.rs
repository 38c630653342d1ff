//! What a reader does, with the mouse.
#![cfg(feature = "tui")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::Robot;
use offprint::app::Pane;
use offprint::app::mouse::{Deed, Target};
use offprint::app::overlay::Overlay;
use offprint::ui::target_at;

#[test]
fn the_mouse_is_the_terminals_until_it_is_wanted() {
    let mut robot = Robot::example(120, 40);
    assert!(!robot.app.arrangement.mouse);
    robot.press("M");
    assert!(robot.app.arrangement.mouse);
    assert!(robot.toast().starts_with("Mouse on"), "{}", robot.toast());
    robot.press("M");
    assert!(!robot.app.arrangement.mouse);
    assert!(robot.toast().starts_with("Mouse off"), "{}", robot.toast());
}

#[test]
fn a_row_is_selected_and_read_when_it_is_clicked_again() {
    for size in [(80, 24), (120, 40), (200, 60), (40, 12)] {
        let mut robot = Robot::example(size.0, size.1);
        robot.press("3j").press("k").press("k");
        let paper = robot.app.paper_at(4).unwrap();
        let title = robot.app.library.title(paper).to_owned();
        let start: String = title.chars().take(16).collect();
        robot.click(&start);
        assert_eq!(robot.app.cursor.selected, 4, "{size:?}");
        assert_eq!(robot.app.focus, Pane::List);
        robot.click(&start);
        assert_eq!(robot.app.focus, Pane::Main, "{size:?}");
        assert_eq!(robot.app.cursor.selected, 4);
    }
}

#[test]
fn a_pane_takes_the_focus() {
    let mut robot = Robot::example(120, 40);
    robot.click("ABSTRACT");
    assert_eq!(robot.app.focus, Pane::Main);
    robot.click("SIMILAR");
    assert_eq!(robot.app.focus, Pane::Similar);
    robot.click("DETAILS");
    assert_eq!(robot.app.focus, Pane::Details);
}

#[test]
fn a_click_on_a_similar_paper_goes_there_and_a_tab_to_its_section() {
    let mut robot = Robot::example(120, 40);
    let first = robot.selected();
    let (column, row) = robot.place_of("SIMILAR");
    robot.point(Deed::Press, (column + 4, row + 1));
    assert_ne!(robot.selected(), first);
    robot.press("<^O>");
    assert_eq!(robot.selected(), first);

    let mut robot = Robot::example(80, 24);
    robot.click("Details");
    assert!(robot.app.page.pane(Pane::Main).scroll > 0);
    assert_eq!(robot.app.focus, Pane::Main);
}

#[test]
fn the_hints_in_the_footer_can_be_clicked() {
    let mut robot = Robot::example(120, 40);
    robot.click("y copy ");
    assert_eq!(robot.copies.len(), 1);
    // What is told goes with the next click.
    robot.press("<Esc>");
    robot.click("? help");
    assert!(matches!(robot.app.overlay, Some(Overlay::Reader(_))));
    robot.click("Esc back");
    assert!(robot.app.overlay.is_none());
    robot.click("Enter read");
    assert_eq!(robot.app.focus, Pane::Main);
}

#[test]
fn menus_are_chosen_from_and_left_with_the_mouse() {
    let mut robot = Robot::example(120, 40);
    robot.press("Y").click("BibTeX");
    assert!(robot.copies[0].starts_with('@'), "{:?}", robot.copies);
    robot.press("s").click("title");
    assert!(robot.toast().contains("Order: title"), "{}", robot.toast());
    robot.press(":").click("Find papers by any words");
    assert!(robot.app.query_box.is_some());
    robot.press("<Esc>?").point(Deed::Press, (1, 20));
    assert!(robot.app.overlay.is_none());
    robot
        .press("g")
        .click("go to the details".to_owned().get(3..).unwrap());
    assert!(robot.app.pending.is_empty());
}

#[test]
fn what_is_being_written_is_not_closed_by_a_click_beside_it() {
    let mut robot = Robot::example(120, 40);
    robot.press("cUnsaved words").point(Deed::Press, (2, 5));
    assert!(matches!(robot.app.overlay, Some(Overlay::Comment(_))));
}

#[test]
fn the_wheel_scrolls_the_pane_under_the_pointer_and_leaves_the_focus() {
    let mut robot = Robot::example(120, 40);
    let page = robot.place_of("ABSTRACT");
    robot.point(Deed::WheelDown, page);
    assert_eq!(robot.app.page.pane(Pane::Main).scroll, 3);
    assert_eq!(robot.app.focus, Pane::List);
    robot.point(Deed::WheelUp, page);
    assert_eq!(robot.app.page.pane(Pane::Main).scroll, 0);
    robot.point(Deed::WheelDown, (5, 10));
    assert_eq!(robot.app.cursor.offset, 3);
    robot.press("?").point(Deed::WheelDown, (60, 20));
    let Some(Overlay::Reader(help)) = &robot.app.overlay else {
        panic!("help is closed")
    };
    assert_eq!(help.scroll, 3);
}

#[test]
fn the_line_between_list_and_page_is_dragged_and_stays() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut robot = Robot::example(width, height);
        let line = robot.app.panes().list.unwrap().right();
        assert!(matches!(
            target_at(&robot.app, line, 10),
            Some(Target::Divider(_))
        ));
        robot.point(Deed::Press, (line, 10));
        for column in [line + 3, line + 6, line + 5] {
            robot.point(Deed::Drag, (column, 11));
            assert_eq!(robot.app.panes().list.unwrap().right(), column);
        }
        robot
            .point(Deed::Release, (line + 5, 11))
            .point(Deed::Drag, (line, 11));
        assert_eq!(robot.app.panes().list.unwrap().right(), line + 5);
        // Dragged over the edge, it stops where the page is still one.
        robot
            .point(Deed::Press, (line + 5, 11))
            .point(Deed::Drag, (width - 1, 11))
            .point(Deed::Release, (width - 1, 11));
        assert!(robot.app.panes().main.unwrap().width >= 30);
        robot.press("<");
        assert!(robot.app.panes().list.unwrap().right() < width - 31);
    }
}

#[test]
fn keys_make_the_list_wider_and_narrower_and_its_rows_higher() {
    let mut robot = Robot::example(80, 24);
    let before = robot.app.panes().list.unwrap().width;
    robot.press("3>");
    assert_eq!(robot.app.panes().list.unwrap().width, before + 6);
    robot.press("<").press("<");
    robot.press("99<");
    assert_eq!(robot.app.panes().list.unwrap().width, 20);
    assert!(robot.toast().is_empty());
    robot.press("<");
    assert_eq!(robot.toast(), "The list goes no narrower");
    robot.press("=");
    assert_eq!(robot.app.panes().row_height, 2);
    robot.press("-");
    assert_eq!(robot.app.panes().row_height, 1);
    robot.press("z<");
    assert!(robot.toast().starts_with("narrower: "), "{}", robot.toast());
}

#[test]
fn every_cell_of_every_screen_can_be_clicked() {
    for size in [(20, 5), (40, 12), (80, 24), (160, 40)] {
        for keys in [
            "", "/a", "<Enter>", "Y", ":", "?", "s", "t", "c", ";", "g", "z",
        ] {
            let mut robot = Robot::example(size.0, size.1);
            robot.press(keys);
            for row in (0..size.1).step_by(5) {
                for column in (0..size.0).step_by(13) {
                    robot.point(Deed::Press, (column, row));
                    robot.point(Deed::WheelDown, (column, row));
                    robot.point(Deed::Drag, (column + 1, row));
                    robot.point(Deed::Release, (column + 1, row));
                }
            }
        }
    }
}
