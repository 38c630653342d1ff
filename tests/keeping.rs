//! The commands that look after what was noted: statistics, the doctor, backups, progress and the order of the queue.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests"
)]

mod program;

use std::fs;
use std::io::Read as _;
use std::path::Path;

use program::{Home, Said};
use serde_json::Value;

fn home() -> Home {
    let home = Home::new();
    home.file(
        "refs.json",
        r#"[{"id":"a","title":"One","DOI":"10.1/a","issued":{"date-parts":[[2019]]}},
{"id":"b","title":"Two","issued":{"date-parts":[[2021]]}},{"id":"c","title":"Three"}]"#,
    );
    home
}

fn run(home: &Home, arguments: &[&str]) -> Said {
    let mut all = vec!["--library", "refs.json"];
    all.extend(arguments);
    home.run(all)
}

fn json(home: &Home, arguments: &[&str]) -> Value {
    let mut all = vec!["--json"];
    all.extend(arguments);
    let said = run(home, &all);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&said.out).unwrap()
}

#[test]
fn statistics_count_what_was_noted_and_draw_it_as_wide_as_the_terminal() {
    let home = home();
    json(&home, &["status", "a", "read"]);
    json(&home, &["rate", "a", "4"]);
    json(&home, &["tag", "a", "+深層学習/x", "+y"]);
    json(&home, &["tag", "b", "+y"]);
    let counted = json(&home, &["stats"]);
    assert_eq!(counted["papers"], 3);
    assert_eq!(counted["by_status"]["read"], 1);
    assert_eq!(counted["by_status"]["unread"], 2);
    assert_eq!(counted["read_by_month"][0]["read"], 1);
    assert_eq!(counted["by_rating"][3]["papers"], 1);
    assert_eq!(counted["by_tag"][0]["tag"], "y");
    assert_eq!(counted["by_year"][1]["year"], 2021);
    for columns in ["40", "20", "5", "300"] {
        let mut command = home.command(["--library", "refs.json", "stats"]);
        let said = program::said(command.env("COLUMNS", columns).output().unwrap());
        assert_eq!(said.code, 0);
        assert!(said.out.contains("Read per month") && said.out.contains('█'));
        let limit: usize = columns.parse::<usize>().unwrap().max(40);
        for line in said.out.lines().skip(1) {
            assert!(
                unicode_width::UnicodeWidthStr::width(line) <= limit,
                "{line}"
            );
        }
    }
}

#[test]
fn an_empty_library_has_statistics_too() {
    let home = Home::new();
    home.file("refs.json", "[]");
    let said = run(&home, &["stats"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(
        said.out,
        "0 papers · 0 starred · 0 in the queue · 0 comments\n"
    );
}

#[test]
fn progress_priority_and_the_place_in_the_queue_are_noted() {
    let home = home();
    let paper = json(&home, &["progress", "a", "7/12"]);
    assert_eq!(paper["progress"]["page"], 7);
    assert_eq!(json(&home, &["progress", "a"])["progress"]["of"], 12);
    assert_eq!(run(&home, &["progress", "a"]).out, "page 7 of 12\n");
    assert!(run(&home, &["show", "a"]).out.contains("page 7 of 12"));
    assert_eq!(
        json(&home, &["progress", "a", "0"])["progress"],
        Value::Null
    );
    for wrong in ["x", "7/3", "1/2/3", "-1", "99999999999"] {
        assert_eq!(
            run(&home, &["progress", "a", "--", wrong]).code,
            2,
            "{wrong}"
        );
    }
    assert_eq!(json(&home, &["priority", "c", "1"])["priority"], 1);
    assert_eq!(json(&home, &["priority", "b", "3"])["priority"], 3);
    assert_eq!(json(&home, &["next"])["id"], "c");
    assert_eq!(run(&home, &["priority", "b", "0"]).code, 0);
    assert_eq!(run(&home, &["priority", "c", "4"]).code, 2);
    assert_eq!(run(&home, &["queue", "add", "a", "b", "c"]).code, 0);
    assert_eq!(run(&home, &["queue", "move", "c", "1"]).code, 0);
    assert_eq!(run(&home, &["queue", "move", "a", "99"]).code, 0);
    let queue = json(&home, &["queue"]);
    let order: Vec<_> = queue.as_array().unwrap().iter().map(|p| &p["id"]).collect();
    assert_eq!(order, ["c", "b", "a"]);
}

#[test]
fn a_command_about_a_paper_that_is_not_there_leaves_no_folder_behind() {
    let home = home();
    assert_eq!(run(&home, &["star", "nobody"]).code, 1);
    assert!(!home.path().join("refs.offprint").exists());
}

#[test]
fn a_key_that_now_means_another_paper_takes_no_notes_along() {
    let home = home();
    json(&home, &["star", "a"]);
    // The paper has another key, and its old key is that of another paper.
    home.file(
        "refs.json",
        r#"[{"id":"a","title":"Other","DOI":"10.1/other"},{"id":"one","title":"One","DOI":"10.1/A"}]"#,
    );
    assert_eq!(json(&home, &["rate", "a", "2"])["starred"], false);
    assert_eq!(json(&home, &["rate", "one", "3"])["starred"], true);
    let list = json(&home, &["list"]);
    assert_eq!(
        (&list[0]["rating"], &list[1]["rating"]),
        (&2.into(), &3.into())
    );
}

#[test]
fn the_doctor_finds_nothing_wrong_with_what_is_sound() {
    let home = home();
    json(&home, &["star", "a"]);
    let said = run(&home, &["doctor"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    for area in [
        "library",
        "journals",
        "configuration",
        "terminal",
        "clipboard",
        "cache",
    ] {
        assert!(said.out.contains(area), "{area}: {}", said.out);
    }
    assert_eq!(json(&home, &["doctor"])["ok"], true);
}

#[test]
fn the_doctor_says_what_is_wrong_and_repairs_only_what_is_safe_and_only_when_asked() {
    let home = home();
    json(&home, &["star", "a"]);
    json(&home, &["star", "b"]);
    let folder = home.path().join("refs.offprint");
    let names = fs::read_dir(&folder).unwrap();
    let journal = names
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .unwrap();
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replace("\"b\"", "\"B\"")).unwrap();
    fs::write(journal.with_extension("jsonl.tmp"), "half").unwrap();
    fs::remove_file(folder.join(".gitattributes")).unwrap();
    fs::write(folder.join("x (conflicted copy).jsonl"), "").unwrap();
    home.file(
        "refs.json",
        r#"[{"id":"b","title":"Two"},{"id":"b","title":"Twice"}]"#,
    );
    home.file("config/offprint/config.toml", "colour = 3\n");
    let before = fs::read(&journal).unwrap();
    let said = run(&home, &["doctor"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.err.lines().count(), 1);
    for wanted in [
        "the id \"b\" is used twice",
        ".jsonl:",
        "left by an instance that was killed",
        ".gitattributes",
        "a conflict copy",
        "config.toml",
        "a (doi:10.1/a): not in this library",
    ] {
        assert!(said.out.contains(wanted), "{wanted}: {}", said.out);
    }
    assert!(journal.with_extension("jsonl.tmp").exists());
    let said = run(&home, &["doctor", "--repair"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("repaired"));
    assert!(!journal.with_extension("jsonl.tmp").exists());
    assert!(folder.join(".gitattributes").exists());
    assert_eq!(fs::read(&journal).unwrap(), before);
    let said = run(&home, &["doctor", "--json"]);
    let findings: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(findings["ok"], false);
    assert!(!said.out.contains("killed"));
}

#[test]
fn the_doctor_names_what_makes_a_library_unreadable() {
    let home = home();
    home.file("refs.json", "[{\"id\":\"a\"},\n{\"id\":");
    let said = run(&home, &["doctor"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("refs.json:2:"), "{}", said.out);
}

/// Names and contents of an archive.
fn unpacked(path: &Path) -> Vec<(String, String)> {
    let file = fs::File::open(path).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let entries = archive.entries().unwrap();
    entries
        .map(|entry| {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().display().to_string();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (name, text)
        })
        .collect()
}

#[test]
fn a_backup_holds_library_journals_and_configuration_and_replaces_nothing() {
    let home = home();
    json(&home, &["star", "a"]);
    home.file("config/offprint/config.toml", "mouse = false\n");
    let folder = home.path().join("backups");
    fs::create_dir(&folder).unwrap();
    let mut paths = Vec::new();
    for _ in 0..3 {
        let said = run(&home, &["backup", "backups", "--json"]);
        assert_eq!(said.code, 0, "{}", said.err);
        let written: Value = serde_json::from_str(&said.out).unwrap();
        let path = home.path().join(written["path"].as_str().unwrap());
        assert_eq!(written["bytes"], fs::metadata(&path).unwrap().len());
        paths.push(path);
    }
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 3);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    let files = unpacked(&paths[0]);
    let library = files.iter().find(|(name, _)| name == "library/refs.json");
    let original = fs::read_to_string(home.path().join("refs.json")).unwrap();
    assert_eq!(library.unwrap().1, original);
    assert!(files.iter().any(|(name, text)| {
        name.starts_with("library/refs.offprint/") && text.contains("\"starred\"")
    }));
    assert!(files.iter().any(|(name, _)| name == "config/config.toml"));
    assert!(
        !files
            .iter()
            .any(|(name, _)| Path::new(name).extension().is_some_and(|end| end == "lock"))
    );
    let said = run(&home, &["backup", "nowhere"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("nowhere") && said.err.contains("; "),
        "{}",
        said.err
    );
}
