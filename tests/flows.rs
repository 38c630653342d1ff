//! What a reader does, as keys.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::collections::BTreeSet;

use common::{EXAMPLE, Robot};
use offprint::app::command::{COMMANDS, Context, Spec};
use offprint::app::layout::Tier;
use offprint::app::{Msg, Pane};
use offprint::config::keys::Chord;

fn robot() -> Robot {
    Robot::example(120, 40)
}

#[test]
fn a_paper_is_found_and_its_citation_copied() {
    let mut robot = robot();
    robot.press("/attention is all<Enter>y");
    assert_eq!(robot.selected(), "vaswani2017");
    assert!(
        robot.copies[0].starts_with("Vaswani, A., Shazeer, N., "),
        "{}",
        robot.copies[0]
    );
    let length = robot.copies[0].chars().count();
    assert!(
        robot.toast().starts_with("Copied APA · vaswani2017 · "),
        "{}",
        robot.toast()
    );
    assert!(robot.toast().ends_with(" characters") && length > 100);
}

#[test]
fn the_paper_copied_is_the_one_found_not_the_one_before() {
    let mut robot = robot();
    robot.press("5j/shannon 1948<Enter>Yk");
    assert_eq!(robot.copies, ["shannon1948"]);
}

#[test]
fn the_copy_menu_takes_letters_and_arrows() {
    let mut robot = robot();
    robot.press("Yk");
    robot.press("Yd");
    robot.press("Y<↓><Enter>");
    assert_eq!(
        robot.copies[..2],
        ["feng2026", "https://doi.org/10.3389/fimmu.2026.1755751",]
    );
    assert!(
        robot.copies[2].starts_with("Feng, Mei, et al."),
        "{}",
        robot.copies[2]
    );
    assert!(robot.app.overlay.is_none());
}

#[test]
fn several_papers_are_copied_together() {
    let mut robot = robot();
    robot.press("<Space><Space>Yp");
    assert_eq!(robot.copies, ["[@feng2026; @vaswani2017]"]);
    robot.press("<Esc>gg");
    robot.press("VjYx");
    assert_eq!(robot.copies[1], r"\cite{feng2026,vaswani2017}");
}

#[test]
fn escape_leaves_a_search_with_the_cursor_on_the_paper() {
    let mut robot = robot();
    robot.press("/lorenz<Esc>");
    assert_eq!(robot.selected(), "lorenz1963");
    assert_eq!(robot.app.query, "");
    assert_eq!(robot.app.rows(), robot.app.library.len());
}

#[test]
fn escape_while_typing_brings_back_the_results_before() {
    let mut robot = robot();
    robot.press("/quantum<Enter>");
    let before = (robot.app.query.clone(), robot.app.rows());
    robot.press("/ bell<Esc>");
    assert_eq!((robot.app.query.clone(), robot.app.rows()), before);
}

#[test]
fn escape_never_quits() {
    let mut robot = robot();
    robot.press("<Esc><Esc><Esc><Esc>");
    assert!(!robot.quit);
}

#[test]
fn control_c_cancels_and_twice_quits() {
    let mut robot = robot();
    robot.press("/abc<^C>");
    assert!(robot.app.query_box.is_none() && !robot.quit);
    robot.press("j<^C>");
    assert!(!robot.quit);
    robot.press("<^C>");
    assert!(robot.quit);
}

#[test]
fn counts_repeat_and_name_rows() {
    let mut robot = robot();
    robot.press("5j");
    assert_eq!(robot.app.cursor.selected, 5);
    robot.press("3k");
    assert_eq!(robot.app.cursor.selected, 2);
    robot.press("G");
    assert_eq!(robot.app.cursor.selected, robot.app.rows() - 1);
    robot.press("10G");
    assert_eq!(robot.app.cursor.selected, 9);
    robot.press("gg");
    assert_eq!(robot.app.cursor.selected, 0);
    robot.press("99999999999j");
    assert_eq!(robot.app.cursor.selected, robot.app.rows() - 1);
}

#[test]
fn a_similar_paper_is_followed_and_left_again() {
    let mut robot = robot();
    robot.press("gs<Enter><Enter>");
    let there = robot.selected();
    assert_ne!(there, "feng2026");
    robot.press("<^O>");
    assert_eq!(robot.selected(), "feng2026");
    robot.press("L");
    assert_eq!(robot.selected(), there);
    robot.press("<Backspace>");
    assert_eq!(robot.selected(), "feng2026");
}

#[test]
fn the_similar_papers_of_the_t_cell_review_are_its_four() {
    let robot = robot();
    let related = robot.app.page.related.as_ref().unwrap();
    let mut first: Vec<&str> = related
        .similar
        .iter()
        .take(4)
        .map(|paper| paper.id.as_str())
        .collect();
    first.sort_unstable();
    assert_eq!(first, ["kaminskiy", "sadrinasab", "wang-her2", "wang-lung"]);
    assert!(
        related
            .similar
            .iter()
            .take(4)
            .all(|paper| paper.why.starts_with("shares: "))
    );
}

#[test]
fn an_author_leads_to_their_papers() {
    let mut robot = robot();
    robot.press("/einstein 1905<Enter>gu<Enter><Enter>");
    assert_eq!(robot.app.query, "author:\"Einstein\" author:a");
    assert!(robot.app.rows() >= 2);
    assert_eq!(robot.selected(), "einstein1905");
    robot.press("<^O>");
    assert_eq!(robot.app.query, "einstein 1905");
}

#[test]
fn every_section_is_reached_by_its_letters() {
    for (keys, section) in [
        ("ga", "ABSTRACT"),
        ("gk", "KEY FINDINGS"),
        ("gd", "DETAILS"),
        ("gm", "METRICS"),
        ("gc", "CITE"),
        ("gp", "PDF"),
        ("gs", "SIMILAR"),
        ("gn", "COMMENTS"),
    ] {
        for (width, height) in [(40, 12), (80, 24), (120, 40), (200, 60)] {
            let mut robot = Robot::example(width, height);
            robot.press(keys);
            assert!(
                robot.screen().contains(section),
                "{keys} at {width}x{height}\n{}",
                robot.screen()
            );
        }
    }
}

#[test]
fn in_a_small_terminal_enter_and_escape_walk() {
    let mut robot = Robot::example(40, 12);
    assert_eq!(robot.app.panes().tier, Tier::One);
    assert!(robot.app.panes().list.is_some());
    robot.press("j<Enter>");
    assert!(robot.app.panes().main.is_some());
    assert!(robot.screen().contains("Attention Is All You Need"));
    robot.press("<Esc>");
    assert!(robot.app.panes().list.is_some());
}

#[test]
fn tab_goes_around_the_panes() {
    let mut robot = robot();
    for pane in [Pane::Main, Pane::Details, Pane::Similar, Pane::List] {
        robot.press("<Tab>");
        assert_eq!(robot.app.focus, pane);
    }
    robot.press("<S-Tab>");
    assert_eq!(robot.app.focus, Pane::Similar);
    robot.press("h");
    assert_eq!(robot.app.focus, Pane::List);
}

#[test]
fn the_palette_finds_and_runs_a_command() {
    let mut robot = robot();
    robot.press(":zen<Enter>");
    assert!(robot.app.zen && robot.app.overlay.is_none());
}

#[test]
fn pasted_text_searches_and_never_runs_keys() {
    let mut robot = robot();
    robot.send(Msg::Paste("q\nlorenz\r\n".to_owned()));
    assert!(!robot.quit);
    assert_eq!(robot.app.query, "q lorenz");
}

#[test]
fn link_labels_follow_a_link() {
    let mut robot = robot();
    robot.press(";");
    let labels = match robot.app.overlay.clone().unwrap() {
        offprint::app::overlay::Overlay::Links(labels) => labels,
        other => panic!("{other:?}"),
    };
    let similar = labels
        .iter()
        .find(|label| label.pane == Pane::Similar)
        .unwrap();
    let letter = similar.letter.to_string();
    robot.press(&letter);
    assert_ne!(robot.selected(), "feng2026");
}

#[test]
fn typing_keeps_the_result_that_was_chosen() {
    let mut robot = robot();
    robot.press("/quantum<↓>");
    let chosen = robot.selected();
    robot.press("<Backspace>");
    assert_eq!(robot.selected(), chosen);
}

#[test]
fn a_key_without_meaning_says_so() {
    let mut robot = robot();
    robot.press("X");
    assert!(
        robot.toast().starts_with("X does nothing here"),
        "{}",
        robot.toast()
    );
    robot.press("gX");
    assert!(
        robot.toast().starts_with("gX does nothing here"),
        "{}",
        robot.toast()
    );
}

#[test]
fn a_message_goes_after_a_while() {
    let mut robot = robot();
    robot.press("Yk");
    let deadline = robot.app.deadline().unwrap();
    robot.send(Msg::Now(deadline));
    assert_eq!(robot.toast(), "");
}

#[test]
fn problems_of_the_library_are_counted_and_shown() {
    let mut robot = Robot::of(
        b"[{\"id\": \"a\", \"title\": \"Kept\"},\n 17]",
        "refs.json",
        120,
        40,
    );
    assert_eq!(robot.toast(), "1 read, 1 with a problem (! shows it)");
    robot.press("!");
    assert!(
        robot.screen().contains("refs.json:2:2"),
        "{}",
        robot.screen()
    );
}

/// Opens each context, with the keys that lead to it.
fn contexts() -> Vec<(Context, &'static str)> {
    vec![
        (Context::List, ""),
        (Context::Page, "<Enter>"),
        (Context::Query, "/"),
        (Context::Reader, "?"),
        (Context::Palette, ":"),
        (Context::CopyMenu, "Y"),
        (Context::Links, ";"),
    ]
}

#[test]
fn every_default_key_in_every_context_does_something_or_says_why_not() {
    let chords: BTreeSet<Chord> = COMMANDS.iter().flat_map(Spec::chords).collect();
    std::thread::scope(|scope| {
        for library in [EXAMPLE, b"[]"] {
            for (context, open) in contexts() {
                let chords = &chords;
                scope.spawn(move || {
                    for chord in chords {
                        assert_answers(library, context, open, chord);
                    }
                });
            }
        }
    });
}

/// A key in a context changes the screen, says something, or is one that may rest there.
fn assert_answers(library: &[u8], context: Context, open: &str, chord: &Chord) {
    let mut robot = Robot::of(library, "refs.json", 120, 40);
    robot.press("3j").press(open);
    robot.app.toast = None;
    if robot.app.context() != context {
        // An empty library has no page, menu or links to open.
        return;
    }
    let seen = |robot: &Robot| {
        let page = robot.app.page.page.as_ref().map(|page| page.id.clone());
        (page, robot.screen())
    };
    let before = seen(&robot);
    for key in &chord.0 {
        robot.send(Msg::Key(*key));
    }
    let acted = seen(&robot) != before
        || robot.quit
        || robot.suspended
        || !robot.copies.is_empty()
        || !robot.opened.is_empty();
    // Moving where there is no further to go, and closing where nothing is open, may change nothing.
    let bound = COMMANDS
        .iter()
        .find(|other| other.contexts.contains(context) && other.chords().contains(chord));
    let may_rest = bound.is_some_and(|bound| {
        matches!(
            bound.name,
            "close"
                | "redraw"
                | "pane-left"
                | "pane-right"
                | "down"
                | "up"
                | "first"
                | "last"
                | "half-page-down"
                | "half-page-up"
                | "page-down"
                | "page-up"
                | "scroll-down"
                | "scroll-up"
                | "next-result"
                | "previous-result"
                | "menu-up"
                | "menu-down"
                | "open"
                | "go-abstract"
        )
    });
    // In a reader and among link labels a letter that means nothing is not worth a message; in a box editing keys at
    // the end of the text rest.
    let quiet = matches!(
        context,
        Context::Reader | Context::Links | Context::Query | Context::Palette
    ) && bound.is_none();
    assert!(
        acted || may_rest || quiet,
        "{chord} in {context:?} of {} papers",
        robot.app.library.len()
    );
}

#[test]
fn every_main_command_is_reached_from_the_palette() {
    let palette = offprint::app::overlay::Palette::default();
    let rows = palette.rows(&[]);
    for spec in COMMANDS {
        let main = spec.contexts.contains(Context::List) || spec.contexts.contains(Context::Page);
        assert_eq!(rows.contains(&spec.command), main, "{}", spec.name);
    }
}

#[test]
fn ten_thousand_random_keys_keep_the_app_whole() {
    let keys = [
        "j",
        "k",
        "g",
        "G",
        "/",
        "a",
        "e",
        "<Enter>",
        "<Esc>",
        "<Tab>",
        "<S-Tab>",
        "z",
        "y",
        "Y",
        "b",
        "?",
        ":",
        "!",
        "<Space>",
        "V",
        "5",
        "0",
        "h",
        "l",
        "J",
        "K",
        "<^D>",
        "<^U>",
        "<^O>",
        "L",
        ";",
        "s",
        "c",
        "<Backspace>",
        "<↓>",
        "<↑>",
        "<^C>",
        "x",
    ];
    let sizes = [
        (80, 24),
        (120, 40),
        (1, 1),
        (200, 60),
        (40, 12),
        (20, 5),
        (500, 3),
        (3, 500),
    ];
    let mut robot = robot();
    let mut seed: u32 = 12345;
    for _ in 0..10_000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let at = (seed >> 16) as usize;
        robot.press(keys[at % keys.len()]);
        if at.is_multiple_of(41) {
            let (width, height) = sizes[at % sizes.len()];
            robot.send(Msg::Resize(width, height));
        }
        if at.is_multiple_of(7) {
            robot.buffer();
        }
        assert!(robot.app.cursor.selected < robot.app.rows().max(1));
    }
}

#[test]
fn words_are_found_in_the_page_and_stepped_through() {
    let mut robot = Robot::example(80, 24);
    robot.press("<Enter>/cells");
    assert_eq!(robot.app.query, "", "the library is not searched");
    let lines = robot.app.found_lines();
    assert!(lines.len() > 3, "{lines:?}");
    assert!(
        robot
            .screen()
            .contains(&format!("1 of {} lines of the page", lines.len())),
        "{}",
        robot.screen()
    );
    robot.press("<Enter>n");
    assert_eq!(robot.app.found_at, Some(lines[1]));
    robot.press("N");
    assert_eq!(robot.app.found_at, Some(lines[0]));
    robot.press("N");
    assert_eq!(robot.app.found_at, lines.last().copied(), "it goes around");
    robot.press("<Esc>");
    assert!(robot.app.find.is_empty() && robot.app.focus == Pane::List);
}

#[test]
fn leaving_the_box_of_the_page_forgets_what_was_typed() {
    let mut robot = Robot::example(80, 24);
    robot.press("<Enter>/cells<Esc>n");
    assert!(
        robot.toast().contains("nothing is looked for"),
        "{}",
        robot.toast()
    );
}

#[test]
fn papers_that_cite_each_other_are_followed_from_the_metrics() {
    let library = r#"[
      {"id": "old", "title": "Old tides", "DOI": "10.5555/old", "issued": {"date-parts": [[1990]]}},
      {"id": "new", "title": "New tides", "DOI": "10.5555/new", "issued": {"date-parts": [[2020]]},
        "custom": {"offprint": {"references": [{"DOI": "10.5555/OLD"}, {"DOI": "10.5555/elsewhere"}]}}}
    ]"#;
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut robot = Robot::of(library.as_bytes(), "refs.json", width, height);
        robot.press("jgm");
        assert_eq!(robot.selected(), "new");
        let screen = robot.screen();
        assert!(screen.contains("cites 1, cited by 0"), "{screen}");
        assert!(screen.contains("cited by this paper"), "{screen}");
        robot.press("j<Enter>");
        assert_eq!(robot.selected(), "old", "{}", robot.screen());
        robot.press("gm");
        let screen = robot.screen();
        assert!(screen.contains("cites 0, cited by 1"), "{screen}");
        robot.press("j<Enter>");
        assert_eq!(robot.selected(), "new", "{}", robot.screen());
        robot.press("<Backspace><Backspace>");
        assert_eq!(robot.selected(), "new");
    }
}

#[test]
fn enter_on_a_finding_marks_its_sentence_in_the_abstract_and_leads_back() {
    let mut robot = robot();
    robot.press("/attention is all<Enter>gk");
    for _ in 0..9 {
        if robot.app.page.pane(Pane::Main).link.is_some() {
            break;
        }
        robot.press("j");
    }
    let before = robot.app.page.pane(Pane::Main).link.unwrap();
    robot.press("<Enter>");
    let place = robot.app.page.sentence.clone().unwrap();
    let about = robot.app.page.page.as_ref().unwrap();
    let offprint::core::page::Block::Paragraph(about) = &about.sections[0].blocks[0] else {
        panic!("an abstract");
    };
    let sentence = about.get(place).unwrap();
    assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase));
    let marked = robot.marked();
    assert!(marked.contains(sentence), "{marked}");
    robot.press("<Enter>");
    assert_eq!(robot.app.page.sentence, None);
    assert_eq!(robot.app.page.pane(Pane::Main).link, Some(before));
    robot.press("<Enter><Esc>");
    assert_eq!(robot.app.page.sentence, None);
    assert_eq!(robot.app.focus, Pane::Main);
}
