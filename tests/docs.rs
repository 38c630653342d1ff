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
use std::{env, fs};

use common::{Robot, picture};
use offprint::app::Msg;
use offprint::app::command::{COMMANDS, Group};
use offprint::app::keymap::Keymap;

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

#[test]
fn the_readme_lists_the_keys_of_the_command_table() {
    let keymap = Keymap::default();
    let mut table = String::from("<!-- keys:begin -->\n\n| keys | where | what |\n|---|---|---|\n");
    for group in Group::ALL {
        for spec in COMMANDS.iter().filter(|spec| spec.group == group) {
            let keys: Vec<String> = keymap
                .keys(spec.command)
                .iter()
                .map(|keys| format!("`{keys}`"))
                .collect();
            let places: Vec<&str> = spec.contexts.iter().map(|context| context.name()).collect();
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
fn the_pictures_show_the_app() {
    for (name, (width, height), keys) in [
        ("library", (120, 40), "j"),
        ("search", (100, 28), "/quantum einst"),
        ("copy-as", (110, 32), "Y"),
        ("small", (56, 18), "<Enter>"),
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
