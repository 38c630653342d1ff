//! What was called saved is there, whatever happens to the process or the disk.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod journal_support;

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use journal_support::{Library, open, rate, run_client, save, star, starred, told, wait_for_line};
use offprint::core::journal::read;
use offprint::runtime::store::Access;

#[test]
fn client() {
    run_client();
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Kills clients at random moments; every change they were promised has to be there afterwards.
fn kill_clients(mode: &str, kills: u64) {
    let library = Library::new();
    let mut promised: Vec<String> = Vec::new();
    for round in 0..kills {
        let mut child = library
            .client(mode, &format!("r{round}-"), 1_000_000, &[])
            .spawn()
            .unwrap();
        // From the first moments of the process to the midst of its work.
        std::thread::sleep(Duration::from_micros(round * 37_919 % 150_000));
        child.kill().unwrap();
        let mut output = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut output)
            .unwrap();
        child.wait().unwrap();
        promised.extend(told(&output, "saved "));
    }
    let mut opened = library.open(Access::Change);
    // No lock is left: the first slot is free.
    assert!(opened.ledger.writer().ends_with("-1"));
    let there = starred(opened.ledger.state());
    let missing: Vec<_> = promised
        .iter()
        .filter(|paper| there.binary_search(paper).is_err())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(
        promised.len() as u64 > kills,
        "the clients did too little: {}",
        promised.len()
    );
    assert!(opened.problems.total as u64 <= kills);
    save(&mut opened, star("after"));
    assert!(
        library
            .open(Access::Read)
            .ledger
            .state()
            .summary("after")
            .starred
    );
}

#[test]
fn thirty_kills_lose_nothing_that_was_confirmed() {
    kill_clients("commit", 20);
    kill_clients("thread", 10);
}

#[test]
#[ignore = "takes minutes"]
fn three_hundred_kills_lose_nothing_that_was_confirmed() {
    kill_clients("commit", 150);
    kill_clients("thread", 150);
}

#[test]
fn two_writers_at_once_lose_nothing_and_do_not_mix() {
    let library = Library::new();
    let children: Vec<_> = [("commit", "a"), ("thread", "b")]
        .iter()
        .map(|(mode, prefix)| library.client(mode, prefix, 200, &[]).spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            told(&String::from_utf8(output.stdout).unwrap(), "saved ").len(),
            200
        );
    }
    let opened = library.open(Access::Read);
    assert_eq!(starred(opened.ledger.state()).len(), 400);
    assert!(opened.problems.is_empty());
}

#[test]
fn a_second_instance_takes_the_second_slot_and_leaves_it_to_the_next() {
    let library = Library::new();
    let mut first = library
        .client("commit", "a", 1_000_000, &[])
        .spawn()
        .unwrap();
    wait_for_line(&mut first, "saved ");
    let mut second = library.open(Access::Change);
    assert!(second.ledger.writer().ends_with("-2"));
    save(&mut second, star("mine"));
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(library.journals().len(), 2);
    assert!(library.open(Access::Change).ledger.writer().ends_with("-1"));
}

#[test]
fn at_the_limit_on_the_size_of_files_nothing_is_torn_and_the_reason_is_told() {
    let library = Library::new();
    let limited = ["sh", "-c", "ulimit -f 16 && exec \"$0\" \"$@\""];
    let output = library
        .client("commit", "p", 300, &limited)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let (saved, failed) = (told(&output, "saved "), told(&output, "failed "));
    assert!(saved.len() > 20, "{output}");
    assert_eq!(saved.len() + failed.len(), 300, "{output}");
    assert!(
        failed
            .iter()
            .all(|reason| reason == "the limit on the size of files is reached")
    );
    let opened = library.open(Access::Read);
    assert!(opened.problems.is_empty());
    let mut saved = saved;
    saved.sort();
    assert_eq!(starred(opened.ledger.state()), saved);
}

#[test]
fn a_full_disk_takes_a_thousand_changes_more_where_a_small_one_can_be_mounted() {
    if !is_root() {
        return;
    }
    let library = Library::new();
    let folder = library.path.parent().unwrap().to_str().unwrap().to_owned();
    let script = format!(
        "mount -t tmpfs -o size=1m none '{folder}' && echo '[]' > '{folder}/refs.json' && echo mounted && exec \"$0\" \"$@\""
    );
    let mounted = ["unshare", "-m", "sh", "-c", &script];
    let output = library
        .client("fill", "p", 20_000, &mounted)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    if !output.contains("mounted") {
        return;
    }
    let (saved, failed) = (told(&output, "saved "), told(&output, "failed "));
    assert!(saved.len() > 1_000, "{}", saved.len());
    assert_eq!(failed, ["the disk is full"]);
    let journal = output.split_once("journal\n").unwrap().1;
    let (operations, _) = read(journal.as_bytes(), "journal");
    // What comes after the journal is the test's own farewell.
    assert_eq!(operations.len(), saved.len());
}

#[test]
fn where_the_folder_is_read_only_the_state_goes_to_the_data_folder() {
    let library = Library::new();
    let folder = library.path.parent().unwrap();
    let home = library.root.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let wrapper: &[&str] = if is_root() {
        // For root nothing is read-only.
        for path in [library.root.path(), &home] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        std::os::unix::fs::chown(&home, Some(65534), Some(65534)).unwrap();
        &[
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
        ]
    } else {
        &[]
    };
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    let output = library.client("commit", "p", 3, wrapper).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(told(&output, "saved ").len(), 3, "{output}");
    assert!(!library.folder().exists());
    // It is found there, also when the folder has become writable.
    assert_eq!(starred(library.open(Access::Read).ledger.state()).len(), 3);
}

#[test]
fn without_a_data_folder_a_read_only_folder_is_named_as_the_reason() {
    let library = Library::new();
    let folder = library.path.parent().unwrap();
    // The data folder cannot be made either: a file is in its way.
    std::fs::write(library.root.path().join("home"), "").unwrap();
    let wrapper: &[&str] = if is_root() {
        std::fs::set_permissions(library.root.path(), std::fs::Permissions::from_mode(0o755))
            .unwrap();
        &[
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
        ]
    } else {
        &[]
    };
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    let output = library.client("commit", "p", 3, wrapper).output().unwrap();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told(&output, "refused ").len(), 1, "{output}");
}

/// Lets one call to the system fail, the n-th of its kind, for every n that occurs.
#[test]
fn an_error_at_any_call_never_makes_a_lost_change_look_saved_where_strace_is_there() {
    let can_trace = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !can_trace {
        return;
    }
    for (call, error, most) in [
        ("pwrite64", "EIO", 6),
        ("pwrite64", "ENOSPC", 3),
        ("fdatasync", "EIO", 6),
        ("fsync", "EIO", 3),
        ("fallocate", "EIO", 2),
        ("flock", "ENOLCK", 2),
        ("mkdir", "ENOSPC", 4),
    ] {
        for at in 1..=most {
            for range in ["", "+"] {
                let library = Library::new();
                let inject = format!("inject={call}:error={error}:when={at}{range}");
                let traced = ["strace", "-f", "-o", "/dev/null", "-e", &inject];
                let output = library.client("commit", "p", 5, &traced).output().unwrap();
                let output = String::from_utf8(output.stdout).unwrap();
                let what = format!("{call} {error} {at}{range}: {output}");
                let saved = told(&output, "saved ");
                if range.is_empty() && call != "mkdir" {
                    assert!(saved.len() >= 4, "{what}");
                }
                let opened = library.open(Access::Read);
                let there = starred(opened.ledger.state());
                for paper in saved {
                    assert!(there.contains(&paper), "{paper} is lost: {what}");
                }
                assert!(opened.problems.is_empty(), "{:?} {what}", opened.problems);
            }
        }
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

#[test]
fn two_machines_merged_by_git_agree_even_where_one_is_a_copy_of_the_other() {
    // With one machine id on both sides both append to one file, and git has to merge its lines.
    for machines in [["home", "office"], ["home", "home"]] {
        let library = Library::new();
        let here = library.path.parent().unwrap().to_owned();
        save(&mut library.open(Access::Change), star("base"));
        git(&here, &["init", "-q"]);
        git(&here, &["add", "-A"]);
        git(&here, &["commit", "-qm", "base"]);
        let there = library.root.path().join("clone");
        git(&here, &["clone", "-q", ".", there.to_str().unwrap()]);
        for (folder, machine, rating) in [(&here, machines[0], 2), (&there, machines[1], 4)] {
            let directories = library.directories(machine);
            let mut opened = open(&folder.join("refs.json"), &directories, Access::Change);
            for turn in 0..10 {
                save(&mut opened, star(&format!("{}-{turn}", folder.display())));
            }
            save(&mut opened, rate("base", rating));
            git(folder, &["add", "-A"]);
            git(folder, &["commit", "-qm", "changes"]);
        }
        git(&there, &["pull", "-q", "--no-rebase", "--no-edit"]);
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
        let directories = library.directories("home");
        let one = open(&here.join("refs.json"), &directories, Access::Read);
        let two = open(&there.join("refs.json"), &directories, Access::Read);
        assert!(one.problems.is_empty());
        assert_eq!(one.ledger.state(), two.ledger.state());
        assert_eq!(starred(one.ledger.state()).len(), 21);
        assert_eq!(one.ledger.state().summary("base").rating, 4);
    }
}
