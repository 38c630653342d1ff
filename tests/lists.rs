//! Sorting, filtering, saved searches, the queue, and what stays in a list while notes change, as keys.
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
use offprint::core::paper::PaperNo;

fn robot() -> Robot {
    Robot::example(120, 40)
}

fn listed(robot: &Robot) -> Vec<PaperNo> {
    (0..robot.app.rows())
        .filter_map(|row| robot.app.paper_at(row))
        .collect()
}

fn ids(robot: &Robot) -> Vec<String> {
    let papers = listed(robot);
    papers
        .iter()
        .map(|no| robot.app.library.id(*no).to_owned())
        .collect()
}

fn years(robot: &Robot) -> Vec<i32> {
    let papers = listed(robot);
    papers
        .iter()
        .filter_map(|no| robot.app.library.year(*no))
        .collect()
}

#[test]
fn sorting_by_year_puts_the_newest_first_and_again_the_oldest_with_the_cursor_on_its_paper() {
    let mut robot = robot();
    robot.press("5j");
    let paper = robot.selected();
    robot.press("sy");
    let down = years(&robot);
    assert!(
        down.is_sorted_by(|a, b| a >= b) && down.len() > 40,
        "{down:?}"
    );
    assert_eq!(robot.selected(), paper);
    assert!(
        robot
            .screen()
            .lines()
            .next()
            .unwrap()
            .ends_with("papers · year ↓")
    );
    robot.press("sy");
    assert!(years(&robot).is_sorted());
    assert_eq!(robot.selected(), paper);
    assert!(
        robot
            .screen()
            .lines()
            .next()
            .unwrap()
            .ends_with("papers · year ↑")
    );
    robot.press("s/");
    assert_eq!(ids(&robot), ids(&self::robot()));
    assert_eq!(robot.selected(), paper);
}

#[test]
fn words_are_ranked_whatever_the_library_is_sorted_by_until_they_are_sorted() {
    let mut robot = robot();
    robot.press("/learning<Enter>");
    let ranked = ids(&robot);
    robot.press("<Esc>sy/learning<Enter>");
    assert_eq!(ids(&robot), ranked);
    assert!(robot.screen().contains("· relevance"));
    robot.press("sy");
    assert!(years(&robot).is_sorted_by(|a, b| a >= b));
    assert!(
        robot
            .screen()
            .lines()
            .next()
            .unwrap()
            .contains(&format!("{} of ", ranked.len()))
    );
    // Typing on refines what is sorted; leaving the words leaves their order.
    robot.press("/ 20<Enter>");
    assert!(years(&robot).is_sorted_by(|a, b| a >= b));
    robot.press("<Esc>");
    assert!(years(&robot).is_sorted_by(|a, b| a >= b));
    robot.press("/learning<Enter>");
    assert_eq!(ids(&robot), ranked);
}

#[test]
fn an_order_of_the_reader_s_notes_puts_papers_without_any_last() {
    let mut robot = robot();
    robot.press("3jR5jR2jR4sR");
    let library: Vec<String> = ids(&self::robot());
    assert_eq!(
        ids(&robot)[..3],
        [&library[3], &library[5], &library[4]].map(Clone::clone)
    );
    robot.press("sR");
    assert_eq!(
        ids(&robot)[..3],
        [&library[4], &library[5], &library[3]].map(Clone::clone)
    );
}

#[test]
fn the_queue_is_an_order_only_where_there_is_one() {
    let mut robot = robot();
    robot.press("sw");
    assert!(
        robot.toast().contains("the queue is empty"),
        "{}",
        robot.toast()
    );
    assert!(robot.app.overlay.is_some());
    robot.press("<Esc>4jwsw");
    let first = ids(&robot)[0].clone();
    assert_eq!(first, ids(&self::robot())[4]);
}

#[test]
fn the_menu_is_moved_through_and_left_without_a_change() {
    let mut robot = robot();
    let before = ids(&robot);
    robot.press("sjjk<Esc>");
    assert_eq!(ids(&robot), before);
    robot.press("sjj<Enter>");
    assert!(years(&robot).is_sorted_by(|a, b| a >= b));
    robot.press("sq");
    assert!(robot.app.overlay.is_none() && !robot.quit);
    robot.press("sz");
    assert_eq!(robot.toast(), "z is nothing in this menu");
}

#[test]
fn filters_are_words_of_the_query_and_go_again() {
    let mut robot = robot();
    robot.press("*jj*f*");
    assert_eq!(robot.app.query, "is:starred");
    assert_eq!(robot.app.rows(), 2);
    robot.press("fu");
    assert_eq!(robot.app.query, "is:starred is:unread");
    robot.press("f*");
    assert_eq!(robot.app.query, "is:unread");
    robot.press("/ learning<Enter>f*fx");
    assert_eq!(robot.app.query, "learning");
    robot.press("fx");
    assert!(robot.toast().contains("there is none"), "{}", robot.toast());
}

#[test]
fn what_is_typed_is_ticked_in_the_menu() {
    let mut robot = robot();
    robot.press("/is:unr<Enter>f");
    assert!(robot.screen().contains("✓ u  unread"), "{}", robot.screen());
    robot.press("u");
    assert_eq!(robot.app.query, "");
}

#[test]
fn a_search_is_saved_found_renamed_and_deleted_and_each_is_undone() {
    let mut robot = robot();
    robot.press("/quantum<Enter>fsmy<Space>physics<Enter>");
    assert!(
        robot.toast().starts_with("Saved as @my-physics"),
        "{}",
        robot.toast()
    );
    let found = ids(&robot);
    robot.press("<Esc>f1");
    assert_eq!(
        (robot.app.query.as_str(), ids(&robot)),
        ("@my-physics", found.clone())
    );
    robot.press("<Esc>/@my<Enter>");
    assert_eq!(ids(&robot), found);
    robot.press("<Esc>fn<Enter><^U>new<Enter>/@new<Enter>");
    assert_eq!(ids(&robot), found);
    robot.press("u<Esc>/@my-physics<Enter>");
    assert_eq!(ids(&robot), found);
    robot.press("fD<Enter>");
    assert_eq!(robot.toast(), "Deleted @my-physics · u brings it back");
    assert_eq!(robot.app.notes.state().searches().count(), 0);
    robot.press("u");
    let saved: Vec<_> = robot.app.notes.state().searches().collect();
    assert_eq!(saved, [("my-physics", "quantum")]);
}

#[test]
fn a_saved_search_without_a_name_is_not_saved_and_escape_saves_nothing() {
    let mut robot = robot();
    robot.press("fs");
    assert!(robot.toast().contains("nothing is searched for"));
    robot.press("<Esc>/quantum<Enter>fs<Space><Enter>");
    assert!(robot.app.overlay.is_some());
    robot.press("x<Esc>");
    assert!(robot.app.overlay.is_none());
    assert_eq!(robot.app.notes.state().searches().count(), 0);
}

#[test]
fn a_paper_that_no_longer_fits_stays_dimmed_until_the_list_is_asked_for_again() {
    let mut robot = robot();
    robot.press("fu3j");
    let (rows, paper) = (robot.app.rows(), robot.selected());
    let no = robot.app.selected().unwrap();
    assert!(!robot.app.is_gone(no));
    robot.press("rr");
    assert_eq!((robot.app.rows(), robot.selected()), (rows, paper.clone()));
    assert!(robot.app.is_gone(no));
    // Both keys were about the same paper.
    let status = |robot: &Robot| robot.app.notes.state().summary(&paper).status.name();
    assert_eq!(status(&robot), "read");
    robot.press("uu");
    assert!(!robot.app.is_gone(no));
    assert_eq!(status(&robot), "unread");
    robot.press("r<^L>");
    assert_eq!(robot.app.rows(), rows - 1);
    assert_eq!(robot.app.cursor.selected, 3);
    assert!(!ids(&robot).contains(&paper));
}

#[test]
fn what_others_note_is_seen_in_the_list_without_moving_it() {
    let mut robot = robot();
    robot.press("fu");
    let mut other = self::robot();
    other.press("r");
    let before = (ids(&robot), robot.selected());
    let mut operations = other.written.clone();
    for operation in &mut operations {
        operation.stamp.writer = "other-1".into();
    }
    robot.send(Msg::NotesFound(operations));
    assert_eq!((ids(&robot), robot.selected()), before);
    assert!(robot.app.is_gone(PaperNo(0)));
    assert!(!robot.app.is_gone(PaperNo(1)));
}

#[test]
fn papers_of_the_queue_are_moved_by_counts_each_as_one_action_and_the_cursor_follows() {
    let mut robot = robot();
    robot.press("wjwjwjwQ");
    let [a, b, c, d] = ids(&robot).try_into().unwrap();
    assert_eq!(
        robot
            .screen()
            .lines()
            .next()
            .unwrap()
            .split("4 of ")
            .count(),
        2
    );
    robot.press("ggJ");
    assert_eq!(ids(&robot), [&b, &a, &c, &d].map(Clone::clone));
    assert_eq!(robot.selected(), a);
    assert_eq!(robot.toast(), format!("2 of 4 in the queue · {a}"));
    robot.press("2J");
    assert_eq!(ids(&robot), [&b, &c, &d, &a].map(Clone::clone));
    robot.press("J");
    assert!(
        robot.toast().ends_with("is the last one"),
        "{}",
        robot.toast()
    );
    robot.press("9K");
    assert_eq!(ids(&robot), [&a, &b, &c, &d].map(Clone::clone));
    robot.press("K");
    assert!(robot.toast().ends_with("is the first one"));
    robot.press("uu");
    assert_eq!(ids(&robot), [&b, &a, &c, &d].map(Clone::clone));
    assert_eq!(robot.selected(), a);
    robot.press("<^R>");
    assert_eq!(ids(&robot), [&b, &c, &d, &a].map(Clone::clone));
}

#[test]
fn a_paper_taken_out_of_the_queue_stays_in_view_and_is_put_back_at_the_end() {
    let mut robot = robot();
    robot.press("wjwjwQgg");
    let [a, b, c] = ids(&robot).try_into().unwrap();
    robot.press("w");
    assert!(robot.app.is_gone(robot.app.selected().unwrap()));
    robot.press("J");
    assert!(
        robot.toast().contains("no longer in the queue"),
        "{}",
        robot.toast()
    );
    // Moving another over it does not count it.
    robot.press("jK");
    assert_eq!(ids(&robot)[0], a);
    robot.press("kw");
    assert_eq!(ids(&robot), [b, c, a.clone()]);
    assert_eq!(robot.selected(), a);
}

#[test]
fn elsewhere_the_same_keys_scroll_the_page() {
    let mut robot = Robot::example(80, 24);
    robot.press("wjwJ");
    assert_eq!(robot.app.page.pane(offprint::app::Pane::Main).scroll, 1);
    robot.press("QsyJ");
    assert!(!robot.toast().contains("in the queue"), "{}", robot.toast());
}

#[test]
fn the_status_is_set_directly_for_all_selected_papers_also_after_sorting() {
    let mut robot = robot();
    robot.press("stgg<Space><Space>V2jSg");
    let noted = |robot: &Robot| {
        let state = robot.app.notes.state();
        let mut reading: Vec<String> = state
            .summaries()
            .filter(|(_, noted)| noted.status.name() == "reading")
            .map(|(id, _)| id.to_owned())
            .collect();
        reading.sort();
        reading
    };
    let mut expected = ids(&robot)[..5].to_vec();
    expected.sort();
    assert_eq!(noted(&robot), expected);
    assert_eq!(robot.toast(), "Reading · 5 papers");
    robot.press("u");
    assert!(noted(&robot).is_empty());
}

#[test]
fn the_status_menu_shows_what_is_set() {
    let mut robot = robot();
    robot.press("SsS");
    assert!(
        robot.screen().contains("✓ s  skimmed"),
        "{}",
        robot.screen()
    );
}

#[test]
fn tab_completes_the_values_of_fields() {
    let typed = |keys: &str| {
        let mut robot = robot();
        robot.press(keys);
        robot.app.query_box.as_ref().unwrap().line.text().to_owned()
    };
    assert_eq!(typed("/is:unr<Tab>"), "is:unread ");
    assert_eq!(typed("/is:re<Tab>"), "is:re");
    assert_eq!(typed("/has:pd<Tab>"), "has:pdf ");
    assert_eq!(typed("/-status:sk<Tab>"), "-status:skimmed ");
    assert_eq!(typed("/author:vasw<Tab>"), "author:vaswani ");
    assert_eq!(typed("/au:vasw<Tab>"), "author:vaswani ");
    assert_eq!(typed("/auth<Tab>"), "author:");
    assert_eq!(
        typed("/quantum<Enter>fsphysics<Enter><Esc>/@ph<Tab>"),
        "@physics "
    );
}

#[test]
fn tab_puts_values_with_blanks_in_quotes() {
    let typed = |keys: &str| {
        let mut robot = robot();
        robot.press(keys);
        robot.app.query_box.as_ref().unwrap().line.text().to_owned()
    };
    assert_eq!(
        typed("/deep venue:proceed<Tab>"),
        "deep venue:\"Proceedings of the "
    );
    assert_eq!(
        typed("/venue:\"advances in n<Tab>"),
        "venue:\"Advances in Neural Information Processing Systems\" "
    );
    assert_eq!(
        typed("/author:\"ashish v<Tab>"),
        "author:\"Ashish Vaswani\" "
    );
    assert_eq!(typed("/author:ashi<Tab>"), "author:\"Ashish Vaswani\" ");
    assert_eq!(
        typed("tto read<Enter><Esc>/tag:\"to<Tab>x"),
        "tag:\"to read\" x"
    );
}

#[test]
fn tab_again_puts_in_one_way_after_the_other() {
    let mut robot = robot();
    let typed = |robot: &Robot| robot.app.query_box.as_ref().unwrap().line.text().to_owned();
    robot.press("/deep -is:re<Tab>");
    for (key, word, said) in [
        ("<Tab>", "reading", "[reading] read retracted"),
        ("<Tab>", "read", "reading [read] retracted"),
        ("<Tab>", "retracted", "reading read [retracted]"),
        ("<Tab>", "re", "reading read retracted"),
        ("<S-Tab>", "retracted", "reading read [retracted]"),
        ("<S-Tab>", "read", "reading [read] retracted"),
    ] {
        robot.press(key);
        assert_eq!(
            (typed(&robot), robot.toast()),
            (format!("deep -is:{word}"), said.to_owned())
        );
    }
    assert_eq!(robot.app.query, "deep -is:read");
    // What is typed then begins anew.
    robot.press("<Space>au:vasw<Tab>");
    assert_eq!(typed(&robot), "deep -is:read author:vaswani ");
}

#[test]
fn a_search_of_before_comes_back_into_the_box() {
    let mut robot = robot();
    robot.press("/<^R>");
    assert!(
        robot.toast().contains("nothing was searched for yet"),
        "{}",
        robot.toast()
    );
    robot.press("<Esc>");
    robot.send(Msg::SearchesFound(vec![
        "older title:words".to_owned(),
        "quantum".to_owned(),
    ]));
    robot.press("/lorenz<Enter>/<^U>quantum<Enter>/<Enter>");
    assert_eq!(
        robot.remembered,
        ["lorenz", "quantum"],
        "each once in a row"
    );
    assert_eq!(
        robot.app.searches,
        ["quantum", "lorenz", "older title:words"]
    );
    // What is shown is not what is looked for among them.
    robot.press("/<^R>");
    for search in ["quantum", "lorenz", "older title:words"] {
        assert!(robot.screen().contains(search), "{}", robot.screen());
    }
    robot.press("<↓><Enter>");
    assert_eq!(robot.app.query, "lorenz");
    assert_eq!(robot.app.query_box.as_ref().unwrap().line.text(), "lorenz");
    // What was typed narrows them down; Esc leaves the box as it was.
    robot.press("<^U>old<^R>");
    assert!(!robot.screen().contains("quantum"), "{}", robot.screen());
    robot.press("<Esc>");
    assert_eq!(robot.app.query_box.as_ref().unwrap().line.text(), "old");
    robot.press("<^R><Enter><Enter>");
    assert_eq!(
        (robot.app.query.as_str(), robot.remembered.len()),
        ("older title:words", 3)
    );
}

#[test]
fn tab_names_the_ways_when_there_are_several() {
    let mut robot = robot();
    robot.press("/is:re<Tab>");
    assert_eq!(robot.toast(), "reading read retracted");
}

#[test]
fn similar_papers_are_found_when_the_cursor_rests_while_a_query_is_typed() {
    let mut robot = robot();
    robot.send(Msg::Now(1000));
    robot.press("/lorenz");
    assert!(robot.app.page.related.is_none());
    assert!(!robot.screen().contains("Indexing"), "{}", robot.screen());
    assert_eq!(robot.app.deadline(), Some(1100));
    robot.send(Msg::Now(1099));
    assert!(robot.app.page.related.is_none());
    robot.send(Msg::Now(1100));
    assert!(robot.app.page.related.is_some());
    assert_eq!(robot.app.deadline(), None);
}

#[test]
fn similar_papers_are_found_at_once_when_the_box_is_left() {
    let mut robot = robot();
    robot.press("/lorenz<Enter>");
    assert!(robot.app.page.related.is_some());
}

#[test]
fn what_may_follow_a_key_is_shown_until_one_follows() {
    for (width, height) in [(120, 40), (80, 24), (40, 12)] {
        let mut robot = Robot::example(width, height);
        robot.press("g");
        robot.send(Msg::Now(600_000));
        let screen = robot.screen();
        for word in ["abstract", "authors", "similar", "comments", "citations"] {
            let word = if width == 40 && word == "citations" {
                "cite"
            } else {
                word
            };
            assert!(screen.contains(word), "{word}: {screen}");
        }
        robot.press("<Esc>");
        assert!(robot.app.pending.is_empty());
    }
}

#[test]
fn long_messages_are_wrapped_and_read_to_their_end() {
    let mut robot = Robot::example(40, 12);
    let long: Vec<String> = (0..60).map(|n| format!("word{n}")).collect();
    robot.send(Msg::Tell(offprint::app::Level::Warning, long.join(" ")));
    robot.press("!");
    assert!(robot.screen().contains("word5 "));
    robot.press("G");
    assert!(robot.screen().contains("word59"), "{}", robot.screen());
    robot.press("k");
    robot.press("j");
    assert!(robot.screen().contains("word59"));
}

#[test]
fn a_copy_of_selected_papers_is_named_whole_in_80_columns() {
    use offprint::app::{Copied, CopyRoute};
    let mut robot = Robot::example(80, 24);
    robot.press("*<Space><Space>y");
    robot.send(Msg::Copied(Copied {
        what: "APA".to_owned(),
        of: "2 papers".to_owned(),
        text: "text".to_owned(),
        route: CopyRoute::Sent,
    }));
    let screen = robot.screen();
    let told = "Sent to the terminal's clipboard: APA · 2 selected papers · ! helps";
    assert!(screen.contains(told), "{screen}");
}

#[test]
fn the_queue_is_shown_in_its_order_again_whatever_it_was_sorted_by() {
    let mut robot = robot();
    robot.press("jwkwQ");
    let queue = ids(&robot);
    robot.press("sy");
    assert_ne!(ids(&robot), queue);
    robot.press("Q");
    assert_eq!(ids(&robot), queue);
}

#[test]
fn enter_runs_in_the_palette_and_keeps_in_the_search_box() {
    let mut robot = robot();
    robot.press(":");
    assert!(robot.screen().contains("Enter run"), "{}", robot.screen());
    robot.press("<Esc>/");
    assert!(robot.screen().contains("Enter keep"));
    robot.press("<Esc>s");
    assert!(robot.screen().contains("Enter choose"));
}

/// The same keys at the sizes that matter.
fn pictures(name: &str, keys: &str) {
    for (width, height) in [(80, 24), (120, 40), (40, 12)] {
        let mut robot = Robot::example(width, height);
        robot.press(keys);
        robot.send(Msg::Now(60_000));
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), robot.styled());
    }
}

#[test]
fn the_menu_of_orders() {
    pictures("sort_menu", "sys");
}

#[test]
fn the_menu_of_filters() {
    pictures("filter_menu", "/quantum<Enter>fsphysics<Enter>fuf");
}

#[test]
fn the_box_for_a_name() {
    pictures("search_name", "/quantum<Enter>fsphy");
}

#[test]
fn the_menu_of_statuses() {
    pictures("status_menu", "rS");
}

#[test]
fn the_queue_with_a_paper_that_left_it() {
    pictures("queue", "wjwjwQw");
}

#[test]
fn what_may_follow() {
    pictures("which_key_rating", "R");
}
