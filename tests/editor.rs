//! Comments in the reader's editor, and what is left of a text when something ends badly: in a real terminal, with small
//! scripts as editors.
#![cfg(feature = "tui")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    dead_code,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod program;
#[path = "pty/session.rs"]
mod session;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use program::Home;
use rustix::process::Signal;
use session::{Session, Start};
use tempfile::TempDir;

const SAVE: &str = "\x13";
const EDITOR_KEY: &str = "\x18";
const ESC: &str = "\x1b";

fn script(folder: &Path, name: &str, body: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn start(home: TempDir, editor: &str) -> Session {
    let start = Start {
        size: (120, 30),
        environment: &[("EDITOR", editor)],
        ..Start::default()
    };
    let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
    session.shows("Attention Is All You Need");
    session.shows("SIMILAR");
    session
}

/// The app with a comment box that holds the word "draft", and this script as its editor.
fn with_editor(body: &str) -> Session {
    let home = TempDir::new().unwrap();
    script(home.path(), "ed", body);
    let editor = format!("{}/ed", home.path().display());
    let mut session = start(home, &editor);
    session.type_keys("cdraft");
    session.shows("draft");
    session
}

fn files(session: &Session, folder: &str) -> Vec<PathBuf> {
    let folder = session.path().join(".local/state/offprint").join(folder);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// The comments of the first paper, as the command line tells them.
fn comments(session: &Session) -> Vec<String> {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_offprint"));
    command
        .args(["--json", "comments", "feng2026"])
        .env_clear()
        .env("HOME", session.path())
        .current_dir(session.path());
    let output = command.output().unwrap();
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let comments = value.as_array().unwrap().iter();
    comments
        .map(|comment| comment["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_editor_with_blanks_and_quotes_in_its_command_gets_a_private_file() {
    let home = TempDir::new().unwrap();
    let body = "stat -c %a \"$3\" > mode\nprintf '%s|%s' \"$1\" \"$2\" >> \"$3\"\ncase \"$3\" in *.md) ;; *) exit 9;; esac";
    script(home.path(), "My Editor/ed", body);
    let editor = format!(
        "'{}/My Editor/ed' --wait \"two words\"",
        home.path().display()
    );
    let mut session = start(home, &editor);
    session.type_keys("cdraft");
    session.shows("draft");
    session.type_keys(EDITOR_KEY);
    session.shows("Text from the editor");
    session.shows("--wait|two words");
    let mode = fs::read_to_string(session.path().join("mode")).unwrap();
    assert_eq!(mode.trim(), "600");
    session.type_keys(SAVE);
    session.shows("Comment added");
    session.shows("saved");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
    assert_eq!(comments(&session), ["draft\n--wait|two words"]);
    // Nothing is left behind.
    assert_eq!(files(&session, "editor"), Vec::<PathBuf>::new());
}

#[test]
fn keys_go_to_the_editor_while_it_runs_and_to_the_app_after() {
    // Longer than a message stands: that the editor's text came is said after it all the same.
    let mut session =
        with_editor("echo EDITING; read line; sleep 4.5; printf '%s' \"$line\" > \"$1\"");
    session.type_keys(EDITOR_KEY);
    session.shows("EDITING");
    session.type_keys("typed in cooked mode\r");
    session.shows("Text from the editor");
    session.type_keys("q");
    // The q after it is for the box.
    session.shows("typed in cooked modeq");
    session.type_keys(ESC);
    session.shows("draft is kept");
}

#[test]
fn an_editor_that_fails_is_killed_or_is_not_there_leaves_the_draft_and_says_where_its_text_is() {
    for (body, said, is_kept) in [
        (
            "echo other > \"$1\"; exit 3",
            "ended with exit status 3",
            true,
        ),
        ("exit 1", "exit status 1; nothing was changed", false),
        (
            "echo other > \"$1\"; kill -9 $$",
            "was ended by signal 9",
            true,
        ),
        (
            "printf 'ab\\377' > \"$1\"",
            "byte 2 of the text is not UTF-8",
            true,
        ),
        (": > \"$1\"", "left no text", false),
        ("true", "Nothing was changed in the editor", false),
        ("rm \"$1\"", "took the file away", false),
    ] {
        let mut session = with_editor(body);
        session.type_keys(EDITOR_KEY);
        session.shows(said);
        assert!(
            session.text().contains("│ draft"),
            "{body}\n{}",
            session.text()
        );
        assert_eq!(
            files(&session, "editor").len(),
            usize::from(is_kept),
            "{body}"
        );
        session.type_keys(&format!("!{SAVE}"));
        session.shows("Comment added");
        session.shows("saved");
        session.type_keys("q");
        assert_eq!(session.ends(), 0);
        session.is_restored();
        assert_eq!(comments(&session), ["draft!"], "{body}");
    }
    let mut session = start(TempDir::new().unwrap(), "no-such-editor --wait");
    session.type_keys(&format!("cdraft{EDITOR_KEY}"));
    session.shows("no-such-editor: there is no such editor");
    let mut session = start(TempDir::new().unwrap(), "vi 'x");
    session.type_keys(&format!("cdraft{EDITOR_KEY}"));
    session.shows("quotation mark");
}

#[test]
fn an_interrupt_is_for_the_editor() {
    let body =
        "trap 'echo interrupted >> \"$1\"; exit 0' INT\necho EDITING\nwhile :; do sleep 0.1; done";
    let mut session = with_editor(body);
    session.type_keys(EDITOR_KEY);
    session.shows("EDITING");
    session.type_keys("\x03");
    session.shows("interrupted");
    session.type_keys(SAVE);
    session.shows("Comment added");
}

#[test]
fn a_new_size_of_the_terminal_is_there_after_the_editor() {
    let mut session = with_editor("echo EDITING; read line; echo more >> \"$1\"");
    session.type_keys(EDITOR_KEY);
    session.shows("EDITING");
    session.resize(80, 24);
    session.type_keys("\r");
    session.shows("Text from the editor");
    session.waits_for("the layout of 80 columns", |session| {
        session.text().contains("Details") && !session.text().contains("DETAILS")
    });
}

#[test]
fn a_signal_to_end_ends_the_editor_first_and_what_was_written_waits_for_the_next_session() {
    let body =
        "trap 'echo rescued >> \"$1\"; exit 0' TERM\necho EDITING\nwhile :; do sleep 0.1; done";
    let mut session = with_editor(body);
    session.type_keys(EDITOR_KEY);
    session.shows("EDITING");
    session.signal(Signal::TERM);
    assert_eq!(session.ends(), 143);
    session.is_restored();
    let home = std::mem::replace(&mut session.home, TempDir::new().unwrap());
    let mut session = start(home, "true");
    session.shows("The draft of a comment is kept · feng2026");
    session.type_keys("c");
    session.shows("rescued");
}

#[test]
fn an_editor_that_does_not_end_does_not_keep_the_program_from_ending_with_the_draft_kept() {
    let body = "trap '' TERM HUP\necho EDITING\nsleep 6";
    let mut session = with_editor(body);
    session.type_keys(EDITOR_KEY);
    session.shows("EDITING");
    session.signal(Signal::TERM);
    assert_eq!(session.ends(), 143);
    let home = std::mem::replace(&mut session.home, TempDir::new().unwrap());
    let mut session = start(home, "true");
    session.type_keys("c");
    session.shows("│ draft");
}

#[test]
fn a_draft_outlives_signals_and_kill_9() {
    for (signal, wait) in [(Signal::TERM, 0), (Signal::HUP, 0), (Signal::KILL, 1500)] {
        let home = TempDir::new().unwrap();
        let mut session = start(home, "true");
        session.type_keys("ca long thought");
        session.shows("a long thought");
        let kept = std::time::Instant::now() + Duration::from_millis(wait);
        session.waits_for("the time after which a draft is kept", |_| {
            std::time::Instant::now() >= kept
        });
        session.signal(signal);
        session.ends();
        assert_eq!(files(&session, "drafts").len(), 1, "{signal:?}");
        let home = std::mem::replace(&mut session.home, TempDir::new().unwrap());
        let mut session = start(home, "true");
        session.type_keys("c");
        session.shows("a long thought");
        session.type_keys(SAVE);
        session.shows("Comment added");
        session.shows("saved");
        session.type_keys("q");
        assert_eq!(session.ends(), 0);
        assert_eq!(comments(&session), ["a long thought"]);
        let library = files(&session, "drafts").pop().unwrap();
        assert_eq!(
            fs::read_dir(library).unwrap().count(),
            0,
            "the draft is done"
        );
    }
}

fn library() -> Home {
    let home = Home::new();
    home.file("refs.json", r#"[{"id":"a","title":"One"}]"#);
    home
}

fn json(home: &Home, arguments: &[&str]) -> serde_json::Value {
    let mut all = vec!["--library", "refs.json", "--json"];
    all.extend(arguments);
    let said = home.run(all);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&said.out).unwrap()
}

fn edit(home: &Home, body: &str, arguments: &[&str]) -> program::Said {
    let editor = script(home.path(), "ed", body);
    let mut command = home.command(["--library", "refs.json", "comment", "a", "--edit"]);
    command.args(arguments).env("VISUAL", editor);
    program::said(command.output().unwrap())
}

#[test]
fn the_command_writes_and_changes_comments_in_the_editor() {
    let home = library();
    let said = edit(&home, "printf 'one\\ntwo\\n' > \"$1\"", &[]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let comments = json(&home, &["comments", "a"]);
    assert_eq!(comments[0]["text"], "one\ntwo");
    let id = comments[0]["id"].as_str().unwrap();
    let said = edit(
        &home,
        "cat \"$1\"; echo three >> \"$1\"",
        &["--comment", id],
    );
    assert_eq!((said.code, said.out.as_str()), (0, "one\ntwo\n"));
    json(&home, &["comment", "a", "second"]);
    let changed = json(&home, &["comment", "a", "second, better", "--comment", "2"]);
    assert_eq!(changed["text"], "second, better");
    assert!(changed["edited"].is_string());
    let comments = json(&home, &["comments", "a"]);
    assert_eq!(comments.as_array().unwrap().len(), 2);
    assert_eq!(comments[0]["text"], "one\ntwo\nthree");
    let said = home.run(["--library", "refs.json", "comments", "a"]);
    assert!(said.out.starts_with("1 · ") && said.out.contains("\n2 · "));
    let said = home.run([
        "--library",
        "refs.json",
        "comment",
        "a",
        "x",
        "--comment",
        "9",
    ]);
    assert_eq!(said.code, 1);
}

#[test]
fn the_command_saves_nothing_when_the_editor_fails_or_changes_nothing() {
    let home = library();
    for (body, what) in [
        ("true", "no text"),
        (": > \"$1\"", "no text"),
        ("echo x > \"$1\"; exit 2", "what was written is in "),
        ("printf '\\377' > \"$1\"", "not UTF-8"),
    ] {
        let said = edit(&home, body, &[]);
        let (code, err) = (said.code, said.err);
        assert!(code == 1 && err.contains(what), "{body}: {err}");
    }
    assert_eq!(json(&home, &["comments", "a"]), serde_json::json!([]));
    json(&home, &["comment", "a", "old"]);
    for (body, what) in [("true", "nothing was changed"), (": > \"$1\"", "no text")] {
        let said = edit(&home, body, &["--comment", "1"]);
        assert!(said.code == 1 && said.err.contains(what), "{}", said.err);
    }
    assert_eq!(json(&home, &["comments", "a"])[0]["text"], "old");
}

#[test]
fn a_text_that_cannot_be_saved_stays_in_its_file() {
    let home = library();
    home.file("refs.offprint", "");
    home.file("data", "");
    let said = edit(&home, "echo precious > \"$1\"", &[]);
    assert_eq!(said.code, 1);
    let path = said.err.rsplit("the text is in ").next().unwrap().trim();
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        "precious\n",
        "{}",
        said.err
    );
}

#[test]
fn a_comment_without_text_at_a_terminal_opens_the_editor() {
    let home = TempDir::new().unwrap();
    script(home.path(), "ed", "read line; echo \"$line\" > \"$1\"");
    fs::write(
        home.path().join("refs.json"),
        r#"[{"id":"a","title":"One"}]"#,
    )
    .unwrap();
    let editor = format!("{}/ed", home.path().display());
    let start = Start {
        arguments: &["--library", "refs.json", "--json", "comment", "a"],
        size: (200, 20),
        environment: &[("EDITOR", &editor)],
    };
    let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
    session.type_keys("from the terminal\r");
    session.shows("\"text\":");
    assert_eq!(session.ends(), 0);
}
