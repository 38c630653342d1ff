//! What is written down is made from what the program is. `OFFPRINT_WRITE=1 cargo test --test docs` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use common::{Robot, picture};
use offprint::app::Msg;
use offprint::app::command::{COMMANDS, Context, Group};
use offprint::app::keymap::Keymap;
use offprint::app::overlay::Overlay;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a file with what it should hold, or writes it.
fn holds(path: &str, wanted: &str) {
    let path = at(path);
    if env::var_os("OFFPRINT_WRITE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, wanted).unwrap();
        return;
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "{} is out of date: run OFFPRINT_WRITE=1 cargo test --test docs",
        path.display()
    );
}

/// One test at a time writes the README.
static README: Mutex<()> = Mutex::new(());

#[test]
fn the_readme_lists_the_keys_of_the_command_table() {
    let _alone = README.lock().unwrap_or_else(PoisonError::into_inner);
    let keymap = Keymap::default();
    let mut table = String::from("<!-- keys:begin -->\n\n| keys | where | what |\n|---|---|---|\n");
    for group in Group::ALL {
        for spec in COMMANDS.iter().filter(|spec| spec.group == group) {
            let keys: Vec<String> = keymap
                .keys(spec.command)
                .iter()
                .map(|keys| format!("`{keys}`"))
                .collect();
            let places: Vec<&str> = spec.contexts.iter().map(Context::name).collect();
            let places = if places.len() > 5 {
                "everywhere".to_owned()
            } else {
                places.join(", ")
            };
            writeln!(
                table,
                "| {} | {places} | {} |",
                keys.join(" "),
                spec.help.replace('|', "\\|")
            )
            .unwrap();
        }
    }
    table.push_str("\n<!-- keys:end -->");
    let readme = fs::read_to_string(at("README.md")).unwrap();
    let (before, rest) = readme
        .split_once("<!-- keys:begin -->")
        .expect("the marker is there");
    let (_, after) = rest
        .split_once("<!-- keys:end -->")
        .expect("the end marker is there");
    holds("README.md", &format!("{before}{table}{after}"));
}

#[test]
fn the_readme_shows_the_session_line_by_line() {
    let _alone = README.lock().unwrap_or_else(PoisonError::into_inner);
    let home = tempfile::tempdir().unwrap();
    let mut session = std::process::Command::new(env!("CARGO_BIN_EXE_offprint"))
        .arg("--plain")
        .env_clear()
        .env("HOME", home.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = ["search quantum", "star 1", "similar 1", "cite 1", "quit"];
    let typed = format!("{}\n", lines.join("\n"));
    std::io::Write::write_all(&mut session.stdin.take().unwrap(), typed.as_bytes()).unwrap();
    let printed = String::from_utf8(session.wait_with_output().unwrap().stdout).unwrap();
    // What is typed is not echoed through a pipe.
    let mut parts = printed.split("offprint> ");
    let mut shown = parts.next().unwrap().to_owned();
    for (part, line) in parts.zip(lines) {
        write!(shown, "offprint> {line}\n{part}").unwrap();
    }
    let readme = fs::read_to_string(at("README.md")).unwrap();
    let (before, rest) = readme.split_once("<!-- plain:begin -->").unwrap();
    let (_, after) = rest.split_once("<!-- plain:end -->").unwrap();
    let shown = format!(
        "<!-- plain:begin -->\n\n```text\n{}\n```\n\n<!-- plain:end -->",
        shown.trim()
    );
    holds("README.md", &format!("{before}{shown}{after}"));
}

/// The text without white space, so that it does not matter where its lines are broken.
fn packed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_help_screen_names_every_command_with_its_keys() {
    let mut robot = Robot::example(200, 60);
    robot.press("?");
    let Some(Overlay::Reader(help)) = &robot.app.overlay else {
        panic!("no help")
    };
    let lines: Vec<String> = (help.lines.iter())
        .map(|line| line.iter().map(|(text, _)| text.as_str()).collect())
        .collect();
    let keymap = Keymap::default();
    for spec in COMMANDS {
        let keys: Vec<String> = keymap
            .keys(spec.command)
            .iter()
            .map(ToString::to_string)
            .collect();
        let line = lines.iter().find(|line| line.ends_with(spec.help));
        let line = line.unwrap_or_else(|| panic!("{} is not in the help", spec.name));
        for key in keys {
            assert!(line.contains(&key), "{}: {key} {line}", spec.name);
        }
    }
}

#[test]
fn help_man_pages_and_completions_name_every_command_and_option() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_offprint"))
            .args(arguments)
            .current_dir(home.path())
            .env_clear()
            .env("HOME", home.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let help = run(&["--help"]);
    run(&["man", "pages"]);
    let completions = run(&["completions", "bash"]);
    let page = |name: &str| {
        let path = home.path().join("pages").join(name);
        fs::read_to_string(&path).unwrap().replace("\\-", "-")
    };
    let main = page("offprint.1");
    let commands: Vec<&str> = help
        .split_once("Commands:")
        .unwrap()
        .1
        .lines()
        .skip(1)
        .take_while(|line| !line.trim().is_empty())
        .filter_map(|line| {
            line.strip_prefix("  ")?
                .split_whitespace()
                .next()
                .filter(|_| !line.starts_with("   "))
        })
        .collect();
    assert!(commands.len() > 30, "{commands:?}");
    let options = |text: &str| -> Vec<String> {
        let words = text
            .lines()
            .filter(|line| line.trim_start().starts_with('-'));
        words
            .flat_map(|line| line.split([' ', ',', '=', '[']))
            .filter(|word| word.starts_with("--") && word.len() > 2)
            .map(str::to_owned)
            .collect()
    };
    for option in options(&help) {
        assert!(main.contains(&option), "{option} is not in the man page");
        assert!(completions.contains(&option), "{option} is not completed");
    }
    for command in commands {
        assert!(completions.contains(command), "{command} is not completed");
        let text = run(&[command, "--help"]);
        let manual = page(&format!("offprint-{command}.1"));
        let about = packed(text.lines().next().unwrap());
        let said = packed(&manual).replace("\\&", "");
        assert!(
            said.contains(about.trim_end_matches('.')),
            "{command}: {about}\n{manual}"
        );
        for option in options(&text) {
            assert!(manual.contains(&option), "{command} {option}");
        }
    }
}

#[test]
fn the_pictures_show_the_app() {
    for (name, (width, height), keys) in [
        ("library", (120, 40), "j"),
        ("search", (100, 28), "/quantum einst"),
        ("copy-as", (110, 32), "Y"),
        ("small", (56, 18), "<Enter>"),
        ("menu", (100, 32), "."),
        ("comment", (100, 30), "cWorth reading twice."),
    ] {
        let mut robot = Robot::example(width, height);
        robot.press(keys);
        robot.send(Msg::Now(60_000));
        holds(
            &format!("assets/screenshots/{name}.svg"),
            &picture::svg(&robot.buffer()),
        );
    }
}

#[test]
fn the_readme_shows_only_pictures_that_are_there() {
    let readme = fs::read_to_string(at("README.md")).unwrap();
    for part in readme.split("](assets/").skip(1) {
        let path = part.split(')').next().unwrap();
        assert!(at("assets").join(path).is_file(), "{path}");
    }
}
