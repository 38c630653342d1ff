//! A disk without room, and folders that cannot be written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use tempfile::TempDir;

use super::program::said;
use super::session::{Session, Start};
use super::{Home, home, is_root, papers_json, skipped, starred};

/// Sets the limit on the size of files of a running process, in bytes.
fn limit(app: &Session, bytes: Option<u64>) {
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    prlimit(Pid::from_raw(app.process() as i32), Resource::Fsize, limit).unwrap();
}

#[test]
fn without_room_a_command_fails_with_the_reason_and_leaves_the_journal_whole() {
    let (home, _) = home(40);
    assert_eq!(home.run(["--library", "refs.json", "star", "p0"]).code, 0);
    // 4 blocks of 512 bytes: room for a few changes.
    let mut confirmed = vec!["p0".to_owned()];
    let mut failed = 0;
    for at in 1..40 {
        let id = format!("p{at}");
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -f 4; exec \"$0\" \"$@\""])
            .arg(env!("CARGO_BIN_EXE_offprint"))
            .args(["--library", "refs.json", "star", &id])
            .current_dir(home.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path().join("data"));
        let said = said(command.output().unwrap());
        match said.code {
            0 => confirmed.push(id),
            1 => {
                failed += 1;
                assert!(
                    said.err.contains("NOT SAVED") && said.err.lines().count() == 1,
                    "{}",
                    said.err
                );
                assert!(said.err.contains("; "), "no advice: {}", said.err);
            }
            other => panic!("{other}: {}", said.err),
        }
    }
    assert!(failed > 5 && confirmed.len() > 2);
    assert_eq!(starred(&home), confirmed);
    assert_eq!(home.run(["--library", "refs.json", "star", "p39"]).code, 0);
}

#[test]
fn the_app_without_room_says_not_saved_and_saves_by_itself_when_there_is_room_again() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("refs.json"), papers_json(0..30)).unwrap();
    let start = Start {
        arguments: &["refs.json"],
        size: (110, 30),
        environment: &[],
    };
    let mut app = Session::start_in(folder, env!("CARGO_BIN_EXE_offprint"), &start);
    app.shows("1/30");
    app.type_keys("*");
    app.shows(" saved · ");
    limit(&app, Some(300));
    app.type_keys("j*j*");
    app.shows("NOT SAVED: the limit on the size of files is reached");
    let home = Home::at(app.path());
    assert_eq!(starred(&home), ["p0"]);
    // Moving about goes on, and more changes are taken.
    app.type_keys("jR4");
    app.shows("Rated 4");
    app.shows("NOT SAVED");
    limit(&app, None);
    app.shows(" saved · ");
    assert!(!app.text().contains("NOT SAVED"));
    assert_eq!(starred(&home), ["p0", "p1", "p2"]);
    app.type_keys("q");
    assert_eq!(app.ends(), 0);
}

#[test]
fn the_app_left_without_room_says_what_is_not_saved_and_fails() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("refs.json"), papers_json(0..3)).unwrap();
    let start = Start {
        arguments: &["refs.json"],
        size: (110, 30),
        environment: &[],
    };
    let mut app = Session::start_in(folder, env!("CARGO_BIN_EXE_offprint"), &start);
    app.shows("1/3");
    app.type_keys("*");
    app.shows(" saved · ");
    limit(&app, Some(100));
    app.type_keys("j*");
    app.shows("NOT SAVED");
    app.type_keys("q");
    assert_eq!(app.ends(), 1);
    app.is_restored();
    app.shows("NOT SAVED: the limit on the size of files is reached");
}

/// Runs a script in which `$P` is the program, in mounts of its own; `None` where that is not allowed.
fn in_own_mounts(home: &Home, script: &str) -> Option<String> {
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", script])
        .current_dir(home.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("P", env!("CARGO_BIN_EXE_offprint"))
        .output()
        .ok()?;
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    out.contains("mounted").then(|| out + &err)
}

#[test]
fn on_a_full_disk_the_reserve_takes_changes_and_then_the_reason_is_told() {
    let (home, path) = home(3);
    let small = home.path().join("small");
    fs::create_dir(&small).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=400k none small && cp {} small/ && echo mounted
         $P --library small/refs.json star p0 && echo first
         dd if=/dev/zero of=small/filler bs=1k 2>/dev/null
         n=0; while [ $n -lt 30 ] && $P --library small/refs.json tag p1 +t$n; do n=$((n+1)); done; echo taken $n
         i=0; while [ $i -lt 3000 ] && $P --library small/refs.json comment p2 \"$(head -c 60000 /dev/zero | tr '\\0' x)\"; do i=$((i+1)); done
         rm small/filler; $P --library small/refs.json star p2 && echo again
         $P --library small/refs.json --json list",
        path.display()
    );
    let Some(out) = in_own_mounts(&home, &script) else {
        return skipped("no file system can be mounted here");
    };
    assert!(out.contains("first\ntaken 30\n"), "{out}");
    assert!(
        out.contains("NOT SAVED") && out.contains("the disk is full"),
        "{out}"
    );
    assert!(out.contains("again\n") && out.contains("\"t29\""), "{out}");
}

/// A folder that cannot be written, and who meets it.
fn read_only(home: &Home, arguments: &[&str]) -> Option<super::program::Said> {
    let script = format!(
        "mount --bind {0} {0} && mount -o remount,ro,bind {0} || exit 9; exec \"$P\" {1}",
        home.path().join("lib").display(),
        arguments.join(" ")
    );
    let mut command = if is_root() {
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c", &script]);
        command
    } else {
        fs::set_permissions(home.path().join("lib"), fs::Permissions::from_mode(0o555)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_offprint"));
        command.args(arguments);
        command
    };
    let output = command
        .current_dir(home.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("P", env!("CARGO_BIN_EXE_offprint"))
        .output()
        .ok()?;
    let said = said(output);
    (said.code != 9).then_some(said)
}

#[test]
fn for_a_read_only_folder_the_state_is_in_the_data_folder() {
    let home = Home::new();
    home.file("lib/refs.json", papers_json(0..3));
    let Some(said) = read_only(&home, &["--library", "lib/refs.json", "star", "p1"]) else {
        return skipped("no read-only folder can be made here");
    };
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let said = read_only(
        &home,
        &["--library", "lib/refs.json", "--json", "list", "is:starred"],
    );
    assert!(said.unwrap().out.contains("\"p1\""));
    assert!(!home.path().join("lib/refs.offprint").exists());
    assert!(home.path().join("data/offprint/state").is_dir());
    let _ = fs::set_permissions(home.path().join("lib"), fs::Permissions::from_mode(0o755));
}

fn can_trace() -> bool {
    Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .status()
        .is_ok_and(|status| status.success())
}

/// Lets the n-th call of a kind fail in a command that notes something: it fails with a reason, or what it did is there.
/// With `+` in `range`, all calls from the n-th on fail.
fn fail_calls(calls: &[(&str, &str)], range: &str) {
    if !can_trace() {
        return skipped("strace is not here");
    }
    let mut wrong = Vec::new();
    for (call, error) in calls {
        for begun in [false, true] {
            for at in 1.. {
                let (home, path) = home(3);
                if begun {
                    assert_eq!(home.run(["--library", "refs.json", "star", "p0"]).code, 0);
                }
                let trace = home.path().join("trace");
                let inject = format!("inject={call}:error={error}:when={at}{range}");
                let output = Command::new("strace")
                    .args(["-f", "-o", trace.to_str().unwrap(), "-e"])
                    .arg(format!("trace={call}"))
                    .args(["-e", &inject])
                    .arg(env!("CARGO_BIN_EXE_offprint"))
                    .args(["--library", "refs.json", "star", "p1"])
                    .current_dir(home.path())
                    .env_clear()
                    .env("HOME", home.path())
                    .env("XDG_DATA_HOME", home.path().join("data"))
                    .output()
                    .unwrap();
                let said = said(output);
                let what = format!(
                    "{call} {error} {at} begun {begun}: {} {}",
                    said.code, said.err
                );
                let was_injected = fs::read_to_string(&trace)
                    .unwrap_or_default()
                    .contains("(INJECTED)");
                if !was_injected {
                    break;
                }
                let checked = std::panic::catch_unwind(|| check(&home, &path, begun, &said, &what));
                if checked.is_err() {
                    wrong.push(what);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(home: &Home, library: &Path, begun: bool, said: &super::program::Said, what: &str) {
    let there = starred(home);
    match said.code {
        0 => assert!(there.contains(&"p1".to_owned()), "{what}"),
        // The loader of the system itself ends a program so, before it begins.
        127 => {}
        1 => {
            let lines: Vec<&str> = said.err.lines().collect();
            let last = lines.last().copied().unwrap_or_default();
            assert!(last.starts_with("offprint: "), "{what}");
            assert!(last.matches(": ").count() >= 2, "no place: {what}");
            assert!(last.contains("; "), "no advice: {what}");
        }
        _ => panic!("{what}"),
    }
    assert_eq!(there.contains(&"p0".to_owned()), begun, "{what}");
    assert_eq!(
        fs::read_to_string(library).unwrap(),
        papers_json(0..3),
        "{what}"
    );
    // What failed goes through afterwards.
    let again = home.run(["--library", "refs.json", "star", "p1"]);
    assert_eq!((again.code, again.err.as_str()), (0, ""), "{what}");
    assert!(starred(home).contains(&"p1".to_owned()), "{what}");
}

#[test]
fn a_command_in_which_a_call_of_writing_fails_says_so_or_is_durable() {
    fail_calls(
        &[
            ("fdatasync", "EIO"),
            ("fsync", "EIO"),
            ("pwrite64", "EIO"),
            ("pwrite64", "ENOSPC"),
            ("fallocate", "EIO"),
            ("mkdir", "ENOSPC"),
        ],
        "",
    );
}

#[test]
#[ignore = "takes minutes; .ci/long runs it"]
fn a_command_in_which_any_call_fails_says_so_or_is_durable() {
    let calls = [
        ("openat", "EIO"),
        ("openat", "EMFILE"),
        ("read", "EIO"),
        ("pread64", "EIO"),
        ("statx", "EIO"),
        ("fstat", "EIO"),
        ("flock", "EIO"),
        ("flock", "ENOLCK"),
        ("readlink", "EIO"),
        ("getdents64", "EIO"),
        ("write", "EIO"),
        ("close", "EIO"),
        ("ftruncate", "EIO"),
        ("rename", "EIO"),
        ("unlink", "EIO"),
    ];
    fail_calls(&calls, "");
    fail_calls(&calls, "+");
    let writing = ["fdatasync", "fsync", "pwrite64", "fallocate", "mkdir"];
    fail_calls(&writing.map(|call| (call, "EIO")), "+");
}

#[test]
fn the_app_on_a_disk_that_fails_calls_nothing_saved_that_is_not() {
    if !can_trace() {
        return skipped("strace is not here");
    }
    for call in ["fdatasync", "pwrite64", "fsync"] {
        for when in ["1", "2", "1+", "2+"] {
            let folder = TempDir::new().unwrap();
            fs::write(folder.path().join("refs.json"), papers_json(0..9)).unwrap();
            let (trace, inject) = (
                format!("trace={call}"),
                format!("inject={call}:error=EIO:when={when}"),
            );
            let program = env!("CARGO_BIN_EXE_offprint");
            let traced = ["-f", "-o", "/dev/null", "-e", &trace, "-e", &inject];
            let start = Start {
                arguments: &[&traced[..], &[program, "refs.json"]].concat(),
                size: (110, 30),
                environment: &[],
            };
            let mut app = Session::start_in(folder, "strace", &start);
            app.shows("1/9");
            std::thread::sleep(Duration::from_millis(200));
            app.type_keys("*");
            app.waits_for("an answer", |app| {
                app.text().contains(" saved · 1/9") || app.text().contains("NOT SAVED")
            });
            let home = Home::at(app.path());
            if !app.text().contains("NOT SAVED") {
                assert_eq!(starred(&home), ["p0"], "{call} {when}");
            }
            app.type_keys("q");
            let code = app.ends();
            // At the end it is tried once more.
            assert_eq!(code == 0, starred(&home) == ["p0"], "{call} {when}: {code}");
        }
    }
}

#[test]
fn a_slow_disk_does_not_hold_up_the_keys() {
    if !can_trace() {
        return skipped("strace is not here");
    }
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("refs.json"), papers_json(0..30)).unwrap();
    let start = Start {
        arguments: &[
            "-f",
            "-o",
            "/dev/null",
            "-e",
            "trace=fdatasync",
            "-e",
            "inject=fdatasync:delay_enter=3000000",
            env!("CARGO_BIN_EXE_offprint"),
            "refs.json",
        ],
        size: (110, 30),
        environment: &[],
    };
    let mut app = Session::start_in(folder, "strace", &start);
    app.shows("1/30");
    app.type_keys("*");
    app.shows("saving…");
    let before = std::time::Instant::now();
    app.type_keys("5j");
    app.shows("6/30");
    assert!(
        before.elapsed() < Duration::from_secs(2),
        "the keys waited for the disk"
    );
    app.shows("saving…");
    app.shows(" saved · ");
    app.type_keys("q");
    assert_eq!(app.ends(), 0);
}
