//! Reading an attached PDF, as keys.
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
use offprint::app::reading::{ReadingNews, Stage};
use offprint::config::Preview;
use offprint::core::journal::{Change, Edit, Ledger, Progress};
use offprint::core::page::PdfLook;
use offprint::core::pdf_text::{Kind, Passage};

const FILE: &str = "pdf/attention.pdf";

fn robot(width: u16, height: u16) -> Robot {
    robot_that_sees(None, width, height)
}

/// One that finds this when it looks at a PDF.
fn robot_that_sees(look: Option<PdfLook>, width: u16, height: u16) -> Robot {
    let mut robot = Robot::example(width, height);
    robot.look = look;
    let id = robot.selected();
    // As another program that works with the same journals writes it.
    let mut other = Ledger::new("other-1");
    let edit = Edit::new(
        id,
        Vec::new(),
        Change::File {
            path: FILE.into(),
            attached: true,
        },
    );
    let operations = other.edit(1_700_000_000_000, vec![edit]);
    robot.send(Msg::NotesFound(operations));
    robot
}

fn passages() -> Vec<Passage> {
    let mut all = vec![Passage {
        kind: Kind::Title,
        page: 1,
        text: "Attention Is All You Need".to_owned(),
    }];
    for number in 1..=9 {
        all.push(Passage {
            kind: Kind::Heading(1),
            page: number,
            text: format!("{number} Section of that number"),
        });
        for paragraph in 0..6 {
            let needle = if number == 5 && paragraph == 3 {
                "The needle is here. "
            } else {
                ""
            };
            all.push(Passage {
                kind: Kind::Paragraph,
                page: number,
                text: format!(
                    "Paragraph {paragraph} of section {number}. {needle}{}",
                    "More words follow to fill lines. ".repeat(6)
                ),
            });
        }
    }
    all
}

fn tell(robot: &mut Robot, stage: Stage, passages: Vec<Passage>) {
    let (signature, _) = robot.readings.last().cloned().unwrap();
    robot.send(Msg::Reading(ReadingNews {
        signature,
        stage,
        pages: 9,
        passages: Some(passages.into()),
        remark: None,
    }));
}

fn reading(width: u16, height: u16) -> Robot {
    let mut robot = robot(width, height);
    robot.press("P");
    assert_eq!(robot.readings.last().unwrap().1, FILE);
    tell(&mut robot, Stage::Whole, passages());
    robot
}

#[test]
fn the_page_names_the_file_and_o_opens_it() {
    let mut robot = robot(120, 40);
    robot.press("gp");
    assert!(robot.screen().contains(FILE), "{}", robot.screen());
    robot.press("o");
    assert_eq!(robot.opened, [FILE]);
    robot.press("O");
    assert!(
        robot.opened[1].starts_with("https://"),
        "{:?}",
        robot.opened
    );
}

#[test]
fn without_an_attached_file_o_opens_the_web_page_and_p_says_so() {
    let mut robot = Robot::example(80, 24);
    robot.press("P");
    assert!(robot.toast().contains("no PDF is attached"));
    assert!(robot.readings.is_empty());
    robot.press("o");
    assert!(robot.opened[0].starts_with("https://"));
}

#[test]
fn sections_pages_and_words_are_jumped_to_at_every_size() {
    for (width, height) in [(40, 12), (80, 24), (120, 40), (170, 45)] {
        let mut robot = reading(width, height);
        assert!(robot.screen().contains("Attention Is All You Need"));
        robot.press("]]]");
        let screen = robot.screen();
        assert!(
            screen.contains("3 Section of that number"),
            "{width}x{height}\n{screen}"
        );
        robot.press("[");
        assert!(robot.screen().contains("2 Section of that number"));
        robot.press("lll");
        assert!(robot.screen().contains("page 5 of 9"), "{}", robot.screen());
        robot.press("gg/the NEEDLE is<Enter>");
        let words: Vec<String> = robot
            .screen()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        assert!(words.join(" ").contains("The needle"), "{}", robot.screen());
        robot.press("/");
        assert!(
            robot.screen().contains("1 of 1 places"),
            "{}",
            robot.screen()
        );
        robot.press("<Esc>n");
        assert!(robot.app.reading.is_some());
        robot.press("G");
        assert!(robot.screen().contains("page 9 of 9"));
        robot.press("<Esc>");
        assert!(robot.app.reading.is_none());
        assert!(
            robot.readings.is_empty(),
            "nobody waits for the PDF any more"
        );
    }
}

#[test]
fn the_page_reached_is_kept_and_found_again() {
    let mut robot = reading(120, 40);
    robot.press("4l");
    robot.press("q");
    let id = robot.selected();
    let progress = robot.app.notes.state().paper(&id).progress;
    assert_eq!(progress, Some(Progress { page: 5, of: 9 }));
    robot.press("P");
    // The first page comes first: the reader's own has to be waited for.
    let first = passages().into_iter().filter(|one| one.page == 1).collect();
    tell(&mut robot, Stage::Pages(1), first);
    assert!(robot.screen().contains("page 1 of 9"));
    tell(&mut robot, Stage::Whole, passages());
    assert!(robot.screen().contains("page 5 of 9"), "{}", robot.screen());
    let written = robot.written.len();
    robot.press("<Esc>");
    assert_eq!(robot.written.len(), written, "nothing new was read");
}

#[test]
fn reading_ends_when_another_paper_is_selected_and_old_news_are_dropped() {
    let mut robot = reading(120, 40);
    let old = robot.readings.last().unwrap().0;
    // A search from the palette, or a library read anew, moves the cursor.
    robot.app.cursor.selected = 3;
    robot.send(Msg::Resize(120, 40));
    assert!(robot.app.reading.is_none());
    robot.send(Msg::Reading(ReadingNews {
        signature: old,
        stage: Stage::Whole,
        pages: 9,
        passages: Some(passages().into()),
        remark: None,
    }));
    assert!(robot.app.reading.is_none());
    assert!(!robot.screen().contains("Section of that number"));
}

#[test]
fn what_cannot_be_read_is_said_in_its_place() {
    let mut robot = robot(80, 24);
    robot.press("P");
    let reason = "the PDF is encrypted and asks for a password";
    tell(&mut robot, Stage::Failed(reason.to_owned()), Vec::new());
    let screen = robot.screen().replace('\n', " ");
    assert!(screen.contains("encrypted"), "{screen}");
    robot.press("q");
    assert!(robot.app.reading.is_none());
    assert!(!robot.quit);
}

#[test]
fn a_change_of_size_keeps_the_text_in_view() {
    let mut robot = reading(120, 40);
    robot.press("/needle<Enter>");
    for (width, height) in [(60, 20), (200, 60), (30, 8), (120, 40)] {
        robot.send(Msg::Resize(width, height));
        let reading = robot.app.reading.as_ref().unwrap();
        assert!(
            (4..=5).contains(&reading.page()),
            "{width}x{height}: {}",
            reading.page()
        );
    }
}

#[test]
fn marks_and_comments_are_made_while_reading() {
    let mut robot = reading(120, 40);
    robot.press("*");
    let id = robot.selected();
    assert!(robot.app.notes.state().summary(&id).starred);
    robot.press("c");
    robot.press("note<^S>");
    assert_eq!(robot.app.notes.state().summary(&id).comments, 1);
    assert!(robot.app.reading.is_some());
    robot.press("?");
    assert!(robot.screen().contains("Help"), "{}", robot.screen());
    robot.press("q");
    assert!(robot.app.reading.is_some(), "q closed the help alone");
}

#[test]
fn from_160x40_on_the_page_stands_beside_its_text_where_the_terminal_shows_pictures() {
    for (width, height, is_shown) in [
        (159, 40, false),
        (160, 39, false),
        (160, 40, true),
        (200, 60, true),
    ] {
        let mut robot = robot(width, height);
        robot.pictures = Ok(());
        robot.press("P");
        tell(&mut robot, Stage::Whole, passages());
        let screen = robot.screen();
        assert_eq!(
            screen.contains("Drawing page 1…"),
            is_shown,
            "{width}x{height}\n{screen}"
        );
        assert_eq!(robot.app.picture_place().is_some(), is_shown);
        assert!(screen.contains("1 Section of that number"));
        robot.press("ll");
        assert_eq!(robot.screen().contains("Drawing page 3…"), is_shown);
        // Help lies over the page, so no picture is drawn into it.
        robot.press("?");
        assert_eq!(robot.app.picture_place(), None);
        robot.press("qq");
        assert_eq!(robot.app.picture_place(), None);
        assert!(!robot.screen().contains("Drawing"));
    }
}

#[test]
fn without_pictures_the_details_stay_and_the_reason_is_among_the_messages() {
    let mut robot = robot(170, 45);
    robot.pictures = Err("tmux passes no pictures on".to_owned());
    robot.press("P");
    tell(&mut robot, Stage::Whole, passages());
    assert!(robot.screen().contains("DETAILS"), "{}", robot.screen());
    robot.press("!");
    assert!(
        robot.screen().contains("tmux passes no pictures on"),
        "{}",
        robot.screen()
    );
}

#[test]
fn the_configuration_can_rule_pictures_and_reading_out() {
    let mut text = robot(170, 45);
    text.pictures = Ok(());
    text.app.settings.preview = Preview::Text;
    text.press("P");
    assert_eq!(
        text.app.picture_place(),
        None,
        "the terminal is not even asked"
    );
    let mut off = robot(170, 45);
    off.app.settings.preview = Preview::Off;
    off.press("P");
    assert!(off.app.reading.is_none() && off.toast().contains("preview = \"off\""));
}

#[test]
fn words_on_pages_that_are_still_to_come_are_gone_to_when_they_are_there() {
    let mut robot = robot(120, 40);
    robot.press("P");
    let first = passages().into_iter().filter(|one| one.page == 1).collect();
    tell(&mut robot, Stage::Pages(1), first);
    robot.press("/needle<Enter>");
    assert!(robot.screen().contains("page 1 of 9"));
    tell(&mut robot, Stage::Whole, passages());
    assert!(
        robot.screen().contains("The needle is here"),
        "{}",
        robot.screen()
    );
}

#[test]
fn the_page_says_how_many_pages_the_file_has_or_why_it_cannot_be_read() {
    for (look, words) in [
        (PdfLook::Pages(12), "attention.pdf · 12 pages"),
        (PdfLook::Pages(1), "attention.pdf · 1 page"),
        (
            PdfLook::Unreadable("no such file; check the path".to_owned()),
            "attention.pdf · no such file; check the path",
        ),
    ] {
        let mut robot = robot_that_sees(Some(look), 120, 40);
        robot.press("gp");
        assert!(robot.screen().contains(words), "{}", robot.screen());
        assert!(!robot.screen().contains("Read to"));
    }
}

#[test]
fn a_file_is_looked_at_once() {
    let mut robot = robot_that_sees(Some(PdfLook::Pages(3)), 120, 40);
    robot.press("gp");
    assert!(robot.screen().contains("3 pages"), "{}", robot.screen());
    robot.look = Some(PdfLook::Pages(4));
    robot.press("hjkgp");
    assert!(robot.screen().contains("3 pages"), "{}", robot.screen());
    // Who reads it knows better.
    robot.press("P");
    tell(&mut robot, Stage::Whole, passages());
    robot.press("q");
    robot.press("gp");
    assert!(robot.screen().contains("9 pages"), "{}", robot.screen());
}

#[test]
fn a_finding_of_the_pdf_leads_to_its_sentence_there() {
    use offprint::core::findings::{Claim, ModelFindings, Part};
    let mut robot = robot(120, 40);
    robot.by_model = Some(ModelFindings {
        model: "tiny".to_owned(),
        made: 1_795_737_600_000,
        scope: "pdf".to_owned(),
        file: Some(FILE.to_owned()),
        fingerprint: String::new(),
        text: String::new(),
        claims: vec![Claim {
            part: Part::Results,
            claim: "There is a needle.".to_owned(),
            sentence: "The needle is here.".to_owned(),
            place: 0..0,
            page: Some(5),
            unsupported: false,
            addresses_reader: false,
        }],
    });
    robot.press("jk<Enter>gk");
    let screen = robot.screen();
    assert!(screen.contains("AI · tiny · 2026-11-27 · pdf"), "{screen}");
    assert!(screen.contains("“The needle is here.” page 5"), "{screen}");
    robot.press("j<Enter>");
    assert_eq!(robot.readings.last().unwrap().1, FILE);
    tell(&mut robot, Stage::Whole, passages());
    let screen = robot.screen();
    assert!(
        screen.contains("page 5 of 9") && screen.contains("The needle is here."),
        "{screen}"
    );
}

#[test]
fn what_is_missing_in_a_picture_is_said_once_and_stands_above_it() {
    let mut robot = robot(170, 45);
    robot.pictures = Ok(());
    robot.press("P");
    tell(&mut robot, Stage::Whole, passages());
    let signature = robot.readings.last().unwrap().0;
    robot.send(Msg::PicturesDrawn(signature, Ok(false)));
    assert!(!robot.screen().contains("characters are missing"));
    robot.send(Msg::PicturesDrawn(signature, Ok(true)));
    let screen = robot.screen();
    assert!(
        screen.contains("page 1 of 9 · characters are missing (!)"),
        "{screen}"
    );
    assert!(robot.toast().contains("Noto CJK"), "{}", robot.toast());
    robot.press("l");
    robot.send(Msg::PicturesDrawn(signature, Ok(true)));
    assert_eq!(robot.toast(), "");
    let reason = "the PDF took more than 10 seconds";
    robot.send(Msg::PicturesDrawn(signature, Err(reason.to_owned())));
    assert!(
        robot.screen().contains("the PDF took more than"),
        "{}",
        robot.screen()
    );
}
