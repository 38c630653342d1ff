//! Characters of every width, and terminals that show fewer of them.
#![cfg(feature = "tui")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::Robot;
use offprint::app::Msg;
use offprint::config::Glyphs;
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (40, 12), (20, 5)];

/// Titles and names in scripts of one, two and no cells a letter.
fn library() -> Vec<u8> {
    serde_json::to_vec(&serde_json::json!([
        {"id": "cjk", "title": "深層学習による日本語構文解析の高速化と、その評価方法についての長い題名の論文", "type": "article-journal",
         "author": [{"family": "田中", "given": "太郎"}, {"family": "鈴木"}], "container-title": "言語処理学会論文誌",
         "issued": {"date-parts": [[2018]]}, "abstract": "構文解析を速くする方法を述べる。半角ｶﾅと全角ＡＢＣも混ざる。"},
        {"id": "hangul", "title": "한국어 형태소 분석", "author": [{"family": "김"}], "issued": {"date-parts": [[2020]]}},
        {"id": "emoji", "title": "👩‍👩‍👧‍👦 families, 🇩🇪 flags, 👍🏽 tones and ❤️ hearts", "author": [{"family": "Müller"}],
         "issued": {"date-parts": [[2021]]}, "abstract": "🦜🦜🦜 "},
        {"id": "devanagari", "title": "हिन्दी भाषा का कम्प्यूटेशनल अध्ययन", "author": [{"family": "शर्मा"}],
         "issued": {"date-parts": [[2015]]}, "abstract": "यह लेख हिन्दी के क्षेत्र में है।"},
        {"id": "arabic", "title": "المعالجة الآلية للغة العربية", "author": [{"family": "حسن"}],
         "issued": {"date-parts": [[2012]]}, "abstract": "تُعالج هذه الورقة اللغةَ العربية."},
        {"id": "marks", "title": "E\u{301}tude de l\u{2019}e\u{301}cole à Zürich – naïve façade", "author": [{"family": "Łukasiewicz"}],
         "issued": {"date-parts": [[1999]]}},
        {"id": "greek", "title": "Über α-, β- und γ-Strahlen × Фёдоров", "author": [{"family": "Παπαδόπουλος"}, {"family": "Фёдоров"}],
         "issued": {"date-parts": [[1905]]}, "abstract": "Die Größe α² ± “β” … §5 °C → ∞ ≤ γ. Ещё одна строка, которая достаточно длинна, чтобы её перенести."}
    ]))
    .unwrap()
}

fn robot(size: (u16, u16), glyphs: Glyphs) -> Robot {
    let mut robot = Robot::of(&library(), "wide.json", size.0, size.1);
    robot.app.settings.glyphs = glyphs;
    robot
}

/// Cells that a terminal fills for what is drawn in a row.
fn cells(buffer: &Buffer, row: u16, glyphs: Glyphs) -> u16 {
    let mut filled = 0;
    let mut column = 0;
    while column < buffer.area.width {
        let cell = &buffer[(column, row)];
        let shown = match glyphs {
            Glyphs::AmbiguousWide => cell.symbol().width_cjk(),
            _ => cell.symbol().width(),
        } as u16;
        let taken = match cell.diff_option {
            CellDiffOption::ForcedWidth(width) => width.get(),
            _ => cell.symbol().width() as u16,
        };
        assert_eq!(
            shown,
            taken,
            "row {row} column {column} {:?}",
            cell.symbol()
        );
        filled += shown;
        column += taken.max(1);
    }
    filled
}

#[test]
fn scripts_of_every_width_stay_in_their_columns() {
    for (width, height) in SIZES {
        for (name, keys) in [
            ("list", ""),
            ("page", "<Enter>"),
            ("emoji", "2j<Enter>"),
            ("greek", "G<Enter>"),
        ] {
            let mut robot = robot((width, height), Glyphs::Unicode);
            robot.press(keys);
            robot.send(Msg::Now(60_000));
            let buffer = robot.buffer();
            for row in 0..height {
                assert_eq!(
                    cells(&buffer, row, Glyphs::Unicode),
                    width,
                    "{}",
                    robot.screen()
                );
            }
            insta::assert_snapshot!(format!("wide_{name}_{width}x{height}"), robot.screen());
        }
    }
}

#[test]
fn a_terminal_without_unicode_gets_ascii_alone() {
    for size in SIZES {
        for keys in [
            "", "<Enter>", "G", "/±", "Y", "s", ":", "?", "c深層", "t", "g", "!",
        ] {
            let mut robot = robot(size, Glyphs::Ascii);
            robot.press(keys);
            assert!(robot.screen().is_ascii(), "{}", robot.screen());
        }
    }
    for (width, height) in [(80, 24), (120, 40)] {
        let mut robot = Robot::example(width, height);
        robot.app.settings.glyphs = Glyphs::Ascii;
        robot.press("4j*");
        robot.send(Msg::Now(60_000));
        insta::assert_snapshot!(format!("ascii_{width}x{height}"), robot.screen());
    }
}

#[test]
fn letters_of_ambiguous_width_take_two_cells_where_the_terminal_gives_them_two() {
    for size in SIZES {
        for keys in [
            "",
            "<Enter>",
            "G",
            "G<Enter>",
            "/±",
            "Y",
            "s",
            ":",
            "?",
            "c→深±",
            "t",
            "g",
            "!",
        ] {
            let mut robot = robot(size, Glyphs::AmbiguousWide);
            robot.press(keys);
            let buffer = robot.buffer();
            for row in 0..size.1 {
                assert_eq!(
                    cells(&buffer, row, Glyphs::AmbiguousWide),
                    size.0,
                    "{size:?} {keys}\n{}",
                    robot.screen()
                );
            }
            // The line between the panes is where it is without them.
            if let Some(line) = robot.app.panes().list.map(Rect::right)
                && robot.app.panes().main.is_some()
                && keys.len() < 2
            {
                for row in 3..size.1 - 2 {
                    let symbol = buffer[(line, row)].symbol();
                    assert!(symbol == "|" || !keys.is_empty(), "{}", robot.screen());
                }
            }
        }
    }
    let mut robot = robot((80, 24), Glyphs::AmbiguousWide);
    robot.press("G");
    robot.send(Msg::Now(60_000));
    insta::assert_snapshot!("ambiguous_wide_80x24", robot.screen());
}

#[test]
fn the_cursor_follows_what_is_typed_in_two_cells() {
    use ratatui::Terminal;
    use ratatui::backend::{Backend, TestBackend};
    for (glyphs, column) in [(Glyphs::Unicode, 5), (Glyphs::AmbiguousWide, 7)] {
        let mut robot = robot((80, 24), glyphs);
        robot.press("/±∞");
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal
            .draw(|frame| offprint::ui::draw(&robot.app, frame))
            .unwrap();
        let place = terminal.backend_mut().get_cursor_position().unwrap();
        assert_eq!((place.x, place.y), (column, 0), "{glyphs:?}");
    }
}

#[test]
fn a_row_that_is_shown_in_no_colour_says_its_state_in_words_too() {
    let mut robot = Robot::example(120, 40);
    robot.press("*");
    // What the signs of the list mean stands on the page in words.
    robot.press("gd<^F>");
    assert!(
        robot.screen().contains("unread · ★ starred"),
        "{}",
        robot.screen()
    );
}
