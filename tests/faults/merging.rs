//! One library on two machines, brought together by git or by a program that synchronizes files.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Home, files, papers_json, skipped};

/// A command on a machine: its library folder may be anywhere, its id is its own.
fn on(machine: &Home, library: &Path, arguments: &[&str]) -> String {
    let output = machine
        .command(["--library", library.to_str().unwrap(), "--json"])
        .args(arguments)
        .output()
        .unwrap();
    let said = super::program::said(output);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}");
    said.out
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

#[test]
fn changes_on_two_machines_are_all_there_after_git_merged_them() {
    if Command::new("git").arg("--version").output().is_err() {
        return skipped("git is not here");
    }
    let (one, two) = (Home::new(), Home::new());
    let here = one.path().join("lib");
    fs::create_dir(&here).unwrap();
    fs::write(here.join("refs.json"), papers_json(0..20)).unwrap();
    let library = here.join("refs.json");
    on(&one, &library, &["tag", "p0", "+base"]);
    git(&here, &["init", "-q"]);
    git(&here, &["add", "-A"]);
    git(&here, &["commit", "-qm", "base"]);
    let there = two.path().join("lib");
    git(&here, &["clone", "-q", ".", there.to_str().unwrap()]);
    let elsewhere = there.join("refs.json");
    for at in 0..10 {
        on(&one, &library, &["star", &format!("p{at}")]);
        on(&two, &elsewhere, &["star", &format!("p{}", 10 + at)]);
    }
    on(&one, &library, &["comment", "p0", "from one"]);
    on(&two, &elsewhere, &["comment", "p0", "from two"]);
    on(&two, &elsewhere, &["tag", "p0", "-base"]);
    for folder in [&here, &there] {
        git(folder, &["add", "-A"]);
        git(folder, &["commit", "-qm", "changes"]);
    }
    git(
        &here,
        &[
            "pull",
            "-q",
            "--no-rebase",
            "--no-edit",
            there.to_str().unwrap(),
            "main",
        ],
    );
    git(&there, &["pull", "-q", "--no-rebase", "--no-edit"]);
    let list = on(&one, &library, &["list"]);
    assert_eq!(list, on(&two, &elsewhere, &["list"]));
    assert_eq!(list.matches("\"starred\":true").count(), 20);
    assert!(list.contains("from one") && list.contains("from two") && !list.contains("\"base\""));
}

#[test]
fn conflict_copies_of_a_journal_are_read_too() {
    for name in [
        "{} (conflicted copy 2026-11-24).jsonl",
        "{}.sync-conflict-20261124-101112-ABCDEFG.jsonl",
        "{}.jsonl.orig",
    ] {
        let home = Home::new();
        let library = home.file("refs.json", papers_json(0..4));
        on(&home, &library, &["star", "p0"]);
        let folder = home.path().join("refs.offprint");
        let journal = files(&folder)
            .into_iter()
            .find(|name| name.ends_with(".jsonl"))
            .unwrap();
        let before = fs::read(folder.join(&journal)).unwrap();
        on(&home, &library, &["star", "p1"]);
        let with_first = fs::read(folder.join(&journal)).unwrap();
        // Another machine that was made by copying this one went on from the same journal.
        fs::write(folder.join(&journal), &before).unwrap();
        on(&home, &library, &["star", "p2"]);
        let copy = name.replace("{}", journal.strip_suffix(".jsonl").unwrap());
        fs::write(folder.join(copy), with_first).unwrap();
        let list = on(&home, &library, &["list", "is:starred"]);
        for id in ["p0", "p1", "p2"] {
            assert!(list.contains(&format!("\"id\":\"{id}\"")), "{name} {list}");
        }
    }
}
