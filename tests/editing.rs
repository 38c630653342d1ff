//! Changing the library from the command line: edit, delete, own, undo.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    dead_code,
    reason = "tests"
)]

mod program;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use program::{Home, Said, said};
use serde_json::Value;

const LIBRARY: &str = "[\n  {\"id\": \"a\", \"type\": \"book\", \"title\": \"A\\u00e9\", \"extra\": 1.50, \"DOI\": \"10.1000/a\"},\n  {\"id\": \"b\", \"title\": \"B\"},\n  {\"id\": \"c\", \"title\": \"C\"}\n]\n";

fn home() -> Home {
    let home = Home::new();
    fs::write(home.path().join("refs.json"), LIBRARY).unwrap();
    home
}

fn run(home: &Home, arguments: &[&str]) -> Said {
    home.run([&["--library", "refs.json"], arguments].concat())
}

fn done(home: &Home, arguments: &[&str]) -> Said {
    let said = run(home, arguments);
    assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
    said
}

fn library(home: &Home) -> String {
    fs::read_to_string(home.path().join("refs.json")).unwrap()
}

fn json(home: &Home, arguments: &[&str]) -> Value {
    let said = done(home, &[arguments, &["--json"]].concat());
    serde_json::from_str(&said.out).unwrap()
}

#[test]
fn a_library_that_others_made_is_written_once_the_reader_has_said_so() {
    let home = home();
    let said = run(&home, &["delete", "b"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("offprint own"), "{}", said.err);
    assert_eq!(library(&home), LIBRARY);
    done(&home, &["own"]);
    done(&home, &["delete", "b"]);
    assert_eq!(
        library(&home),
        LIBRARY.replace("  {\"id\": \"b\", \"title\": \"B\"},\n", "")
    );
    done(&home, &["own", "--off"]);
    assert_eq!(run(&home, &["delete", "c"]).code, 1);
    // The configuration settles it.
    home.file("config/offprint/config.toml", "owner = \"offprint\"\n");
    done(&home, &["delete", "c"]);
    home.file("config/offprint/config.toml", "owner = \"foreign\"\n");
    let said = run(&home, &["delete", "a"]);
    assert!(
        said.err.contains("another program writes it"),
        "{}",
        said.err
    );
}

#[test]
fn an_edit_keeps_every_byte_that_it_is_not_about_and_is_undone() {
    let home = home();
    done(&home, &["own"]);
    let said = json(
        &home,
        &[
            "edit",
            "a",
            "--set",
            "title=New: title",
            "--set",
            "author=van Gogh, Vincent; {Bell Labs}",
            "--unset",
            "type",
        ],
    );
    assert_eq!(said[1]["field"], "author");
    let after = "[\n  {\"id\": \"a\", \"title\": \"New: title\", \"extra\": 1.50, \"DOI\": \"10.1000/a\", \"author\": [{\"family\": \"Gogh\", \"given\": \"Vincent\", \"non-dropping-particle\": \"van\"}, {\"literal\": \"Bell Labs\"}]},\n";
    assert_eq!(
        library(&home),
        format!(
            "{after}{}",
            LIBRARY.split_inclusive('\n').skip(2).collect::<String>()
        )
    );
    done(&home, &["undo"]);
    let items: Value = serde_json::from_str(&library(&home)).unwrap();
    assert_eq!(items, serde_json::from_str::<Value>(LIBRARY).unwrap());
    // Nothing to write is said to be so.
    let said = run(&home, &["edit", "b", "--set", "title=B"]);
    assert!(said.err.contains("nothing was changed"), "{}", said.err);
    let before = library(&home);
    done(&home, &["edit", "b", "--set", "title=X", "--dry-run"]);
    assert_eq!(library(&home), before);
}

#[test]
fn notes_go_along_with_another_key_and_undo_leaves_alone_what_others_changed() {
    let home = home();
    done(&home, &["own"]);
    done(&home, &["star", "b"]);
    done(&home, &["edit", "b", "--key", "beta"]);
    let listed = json(&home, &["list"]);
    assert_eq!(
        (&listed[1]["id"], &listed[1]["starred"]),
        (&"beta".into(), &true.into())
    );
    let taken = run(&home, &["edit", "c", "--key", "a"]);
    assert!(taken.err.contains("taken"), "{}", taken.err);
    done(&home, &["undo"]);
    let listed = json(&home, &["list"]);
    assert_eq!(
        (&listed[1]["id"], &listed[1]["starred"]),
        (&"b".into(), &true.into())
    );
    done(&home, &["delete", "c"]);
    done(&home, &["edit", "a", "--set", "volume=7"]);
    let theirs = library(&home).replace("\"7\"", "\"8\"");
    fs::write(home.path().join("refs.json"), &theirs).unwrap();
    let said = json(&home, &["undo"]);
    assert_eq!(said["left_alone"], 1);
    assert_eq!(library(&home), theirs);
    done(&home, &["undo"]);
    assert!(library(&home).contains("\"id\": \"c\""));
}

#[test]
fn an_edit_in_the_editor_is_read_back_and_kept_when_it_cannot_be() {
    let home = home();
    done(&home, &["own"]);
    let script = home.file(
        "bin/edit",
        "#!/bin/sh\nsed -i 's/^title: B/title: Better/' \"$1\"\n",
    );
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = ["--library", "refs.json", "edit", "b"];
    let by_editor = || {
        let mut command = home.command(arguments);
        command.env("VISUAL", &script).env("PATH", "/usr/bin:/bin");
        said(command.output().unwrap())
    };
    let said = by_editor();
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(library(&home).contains("{\"id\": \"b\", \"title\": \"Better\"}"));
    fs::write(&script, "#!/bin/sh\necho nonsense > \"$1\"\n").unwrap();
    let said = by_editor();
    assert_eq!(said.code, 1);
    let path = said.err.rsplit(' ').next().unwrap().trim();
    assert_eq!(fs::read_to_string(path).unwrap(), "nonsense\n");
}

#[test]
fn links_mode_and_hard_links_are_kept_and_a_read_only_file_is_refused() {
    let home = home();
    let (file, link, hard) = (
        home.path().join("refs.json"),
        home.path().join("link.json"),
        home.path().join("hard.json"),
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("refs.json", &link).unwrap();
    done(&home, &["own"]);
    let before = fs::metadata(&file).unwrap().ino();
    let said = home.run(["--library", "link.json", "delete", "b"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o7777, 0o640);
    assert_ne!(metadata.ino(), before);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    fs::hard_link(&file, &hard).unwrap();
    done(&home, &["delete", "c"]);
    assert_eq!(fs::read_to_string(&hard).unwrap(), library(&home));
    assert!(!library(&home).contains("\"c\""));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
    let said = run(&home, &["delete", "a"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("read-only"), "{}", said.err);
    let names: Vec<_> = fs::read_dir(home.path())
        .unwrap()
        .map(|one| one.unwrap().file_name())
        .collect();
    assert!(
        !names
            .iter()
            .any(|name| name.to_string_lossy().ends_with(".bak")
                || name.to_string_lossy().ends_with(".tmp")),
        "{names:?}"
    );
}

#[test]
fn a_broken_library_and_lines_are_never_written() {
    let home = home();
    done(&home, &["own"]);
    let broken = LIBRARY.replace("},\n  {\"id\": \"c\"", "}\n  {\"id\": \"c\"");
    fs::write(home.path().join("refs.json"), &broken).unwrap();
    let said = run(&home, &["delete", "a"]);
    assert!(said.err.contains("line 4"), "{}", said.err);
    assert_eq!(library(&home), broken);
    let lines = "{\"id\":\"a\",\"title\":\"A\"}\n{\"id\":\"b\",\"title\":\"B\"}\n";
    fs::write(home.path().join("refs.json"), lines).unwrap();
    let said = run(&home, &["delete", "a"]);
    assert!(said.err.contains("read only"), "{}", said.err);
    assert_eq!(library(&home), lines);
}

#[test]
fn commands_at_once_take_turns_and_lose_nothing() {
    let home = home();
    let many: Vec<String> = (0..40)
        .map(|n| format!("{{\"id\":\"p{n}\",\"title\":\"P\"}}"))
        .collect();
    fs::write(
        home.path().join("refs.json"),
        format!("[{}]", many.join(",")),
    )
    .unwrap();
    done(&home, &["own"]);
    std::thread::scope(|scope| {
        for half in 0..2 {
            let home = &home;
            scope.spawn(move || {
                for n in 0..10 {
                    let id = format!("p{}", half * 20 + n);
                    done(home, &["delete", &id]);
                }
            });
        }
    });
    let left: Vec<Value> = serde_json::from_str(&library(&home)).unwrap();
    assert_eq!(left.len(), 20);
    for _ in 0..20 {
        done(&home, &["undo"]);
    }
    let left: Vec<Value> = serde_json::from_str(&library(&home)).unwrap();
    assert_eq!(left.len(), 40);
}
