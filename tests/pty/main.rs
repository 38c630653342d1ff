//! The program as a reader has it: in a terminal, with real keys.
#![cfg(feature = "tui")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod changing;
mod importing;
mod newcomer;
mod random;
mod remembering;
mod session;

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use session::{Session, Start};

#[test]
fn a_paper_is_found_its_citation_copied_and_the_terminal_given_back() {
    let mut session = Session::example();
    session.shows("Attention Is All You Need");
    session.shows("SIMILAR");
    session.type_keys("/lorenz");
    session.shows("Deterministic Nonperiodic Flow");
    session.shows("1 of 58");
    session.type_keys("\ry");
    session.shows("Sent to the terminal's clipboard: APA");
    let written = String::from_utf8_lossy(&session.written).into_owned();
    assert!(
        written.contains("\x1b]52;c;"),
        "the text went to the terminal's clipboard"
    );
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
}

#[test]
fn every_good_configuration_starts_the_app() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in fs::read_dir(root.join("tests/configs/valid")).unwrap() {
        let config = entry.unwrap().path();
        let library = root.join("assets/example.json");
        let start = Start {
            arguments: &[
                "--config",
                config.to_str().unwrap(),
                "--library",
                library.to_str().unwrap(),
            ],
            ..Start::default()
        };
        let home = tempfile::tempdir().unwrap();
        let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
        session.shows("Attention Is All You Need");
        session.type_keys("q");
        assert_eq!(session.ends(), 0, "{}", config.display());
    }
}

#[test]
fn signals_to_end_give_the_terminal_back() {
    for (signal, status) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::QUIT, 131)] {
        let mut session = Session::example();
        session.shows("Attention Is All You Need");
        session.signal(signal);
        assert_eq!(session.ends(), status, "{signal:?}");
        session.is_restored();
    }
}

#[test]
fn a_library_that_cannot_be_read_is_said_in_one_line_and_exit_status_1() {
    for (name, content, said) in [
        ("missing.json", None, "there is no such file"),
        ("empty.json", Some(b"".as_slice()), "the file is empty"),
        (
            "cut.json",
            Some(b"[{\"id\": \"a\", \"title\": \"T\"}, {".as_slice()),
            "cut.json:1:",
        ),
        ("utf16.json", Some(b"\xff\xfe[\0]\0".as_slice()), "UTF-16"),
        (
            "deep.json",
            Some("[".repeat(100_000).leak().as_bytes()),
            "nested",
        ),
    ] {
        let home = tempfile::tempdir().unwrap();
        if let Some(content) = content {
            fs::write(home.path().join(name), content).unwrap();
        }
        let start = Start {
            arguments: &[name],
            size: (200, 20),
            ..Start::default()
        };
        let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
        assert_eq!(session.ends(), 1, "{name}");
        session.shows(said);
        let lines: Vec<String> = session
            .text()
            .lines()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("offprint: "), "{lines:?}");
    }
}

#[test]
fn hostile_text_reaches_neither_the_terminal_nor_the_clipboard_raw() {
    let home = tempfile::tempdir().unwrap();
    let library = r#"[{"id": "x", "title": "Evil \u001b]52;c;ZXZpbA==\u0007\u001b[2J\u202e\u2066\u0000\u009b title",
        "author": [{"family": "\u001b]0;owned\u0007Name"}], "abstract": "\u001b[31mred\u200b"}]"#;
    fs::write(home.path().join("x.json"), library).unwrap();
    let start = Start {
        arguments: &["x.json"],
        ..Start::default()
    };
    let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
    session.shows("Evil");
    session.type_keys("yYbYt");
    session.shows("Sent to the terminal's clipboard: title");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    let written = String::from_utf8_lossy(&session.written).into_owned();
    for raw in [
        "\x1b]52;c;ZXZpbA==",
        "\x1b]0;owned",
        "\x1b[31mred",
        "\u{202e}",
        "\u{2066}",
        "\u{9b}",
        "\u{200b}",
    ] {
        assert!(!written.contains(raw), "{raw:?}");
    }
}

#[test]
fn without_colour_the_selected_row_is_reversed() {
    let mut session = Session::start(&Start {
        environment: &[("NO_COLOR", "1")],
        ..Start::default()
    });
    session.shows("Attention Is All You Need");
    let row = (0..30).find(|row| {
        session
            .screen()
            .cell(*row, 4)
            .is_some_and(vt100::Cell::inverse)
    });
    assert!(row.is_some(), "no row is reversed");
    let colours = (0..30)
        .flat_map(|row| (0..100).map(move |column| (row, column)))
        .any(|(row, column)| {
            session
                .screen()
                .cell(row, column)
                .is_some_and(|cell| cell.fgcolor() != vt100::Color::Default)
        });
    assert!(!colours, "a colour is set");
}

#[test]
fn pasted_lines_are_searched_for_and_run_nothing() {
    let mut session = Session::example();
    session.shows("Attention Is All You Need");
    session.type_keys("\x1b[200~q\rlorenz\rq\x1b[201~");
    session.shows("q lorenz q");
    session.type_keys("\x1b");
    session.shows("/ to search");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
}

#[test]
fn a_storm_of_sizes_ends_with_the_last_one_drawn() {
    let mut session = Session::example();
    session.shows("Attention Is All You Need");
    for (width, height) in [
        (1, 1),
        (20, 5),
        (3, 1),
        (300, 100),
        (10, 5),
        (2, 40),
        (40, 12),
        (1, 1),
        (120, 40),
    ] {
        session.resize(width, height);
    }
    session.shows("SIMILAR 4");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
}

#[test]
fn an_idle_app_uses_no_processor() {
    let mut session = Session::example();
    session.shows("SIMILAR");
    // Whatever follows the first frames (indexing, a second look for keys) has ended once nothing changes any more.
    let mut before = session.cpu();
    let end = Instant::now() + Duration::from_secs(15);
    loop {
        std::thread::sleep(Duration::from_millis(700));
        let now = session.cpu();
        if now == before {
            break;
        }
        before = now;
        assert!(Instant::now() < end, "it never rests");
    }
}

#[test]
fn picking_prints_the_choice_and_draws_elsewhere() {
    let program = env!("CARGO_BIN_EXE_offprint");
    let script = format!("'{program}' pick lorenz --format key > picked; echo status $?");
    let start = Start {
        arguments: &["-c", &script],
        ..Start::default()
    };
    let mut session = Session::start_in(tempfile::tempdir().unwrap(), "sh", &start);
    session.shows("Deterministic Nonperiodic Flow");
    session.shows("1 of 58");
    session.type_keys("\r");
    session.shows("status 0");
    assert_eq!(
        fs::read_to_string(session.path().join("picked")).unwrap(),
        "lorenz1963\n"
    );
    let mut session = Session::start_in(tempfile::tempdir().unwrap(), "sh", &start);
    session.shows("Deterministic Nonperiodic Flow");
    session.type_keys("q");
    session.shows("status 1");
    assert_eq!(
        fs::read_to_string(session.path().join("picked")).unwrap(),
        ""
    );
}

#[test]
fn a_captured_output_gets_no_escape() {
    let program = env!("CARGO_BIN_EXE_offprint");
    let script = format!("'{program}' > captured 2> said; echo status $?");
    let start = Start {
        arguments: &["-c", &script],
        ..Start::default()
    };
    let mut session = Session::start_in(tempfile::tempdir().unwrap(), "sh", &start);
    session.shows("status 2");
    assert_eq!(
        fs::read_to_string(session.path().join("captured")).unwrap(),
        ""
    );
    assert!(
        fs::read_to_string(session.path().join("said"))
            .unwrap()
            .contains("not a terminal")
    );
}
