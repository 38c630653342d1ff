//! Killed at any moment.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::session::{Session, Start};
use super::{Random, files, home, listed, papers_json, starred};

/// Kills so many commands that note something, at random moments; what one of them confirmed has to be there.
fn kill_commands(kills: u64) {
    let (home, _) = home(3);
    let mut random = Random(4);
    let mut confirmed = BTreeSet::new();
    let (mut killed, mut longest) = (0, 12_000);
    for round in 0.. {
        if killed == kills {
            break;
        }
        let tag = format!("t{round}");
        let mut child = home
            .command(["--library", "refs.json", "tag", "p1", &format!("+{tag}")])
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(random.below(longest)));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        if status.success() {
            confirmed.insert(tag);
            longest -= longest / 20;
        } else {
            killed += 1;
            longest += longest / 20;
        }
        // From the first moments of the process to its last, however fast the machine is.
        longest = longest.clamp(1_000, 1_000_000);
    }
    assert!(confirmed.len() as u64 > kills / 20, "{}", confirmed.len());
    let papers = listed(&home);
    let there: BTreeSet<String> = papers[1]["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag.as_str().unwrap().to_owned())
        .collect();
    let lost: Vec<_> = confirmed.difference(&there).collect();
    assert!(lost.is_empty(), "{lost:?}");
    // No lock is left: the first slot is free, so that there is one journal.
    let (folder, mut command) = (
        home.path().join("refs.offprint"),
        home.command(["--library", "refs.json", "star", "p2"]),
    );
    assert!(command.status().unwrap().success());
    let journals = files(&folder);
    assert_eq!(journals.len(), 2, "{journals:?}");
    assert_eq!(starred(&home), ["p2"]);
    // Every line is whole, but for one that a kill may have torn each time.
    let torn = home.run(["--library", "refs.json", "--json", "doctor"]);
    assert!(torn.out.starts_with('{'), "{}", torn.err);
}

#[test]
fn commands_killed_at_random_lose_nothing_they_confirmed() {
    kill_commands(60);
}

#[test]
#[ignore = "takes a minute; .ci/long runs it"]
fn commands_killed_300_times_lose_nothing_they_confirmed() {
    kill_commands(300);
}

/// Kills the app while keys make changes; what it called saved has to be there.
fn kill_apps(kills: u64) {
    let root = TempDir::new().unwrap();
    let mut random = Random(5);
    let mut confirmed = Vec::new();
    for round in 0..kills {
        let folder = TempDir::new_in(root.path()).unwrap();
        fs::write(folder.path().join("refs.json"), papers_json(0..40)).unwrap();
        let start = Start {
            arguments: &["refs.json"],
            size: (100, 30),
            environment: &[],
        };
        let mut app = Session::start_in(folder, env!("CARGO_BIN_EXE_offprint"), &start);
        app.shows("1/40");
        // The notes are read in a moment.
        app.waits_for("the notes", |app| !app.text().contains("reading"));
        std::thread::sleep(Duration::from_millis(100));
        app.type_keys("*");
        app.shows(" saved · 1/40");
        app.type_keys("j*j*j*");
        std::thread::sleep(Duration::from_micros(random.below(30_000)));
        app.signal(rustix::process::Signal::KILL);
        app.waits_for("what it wrote last", |_| true);
        let home = super::Home::at(app.path());
        let there = starred(&home);
        assert!(there.contains(&"p0".to_owned()), "round {round}: {there:?}");
        // Changes are written in their order: there are no gaps.
        let expected: Vec<String> = (0..there.len()).map(|at| format!("p{at}")).collect();
        assert_eq!(there, expected);
        confirmed.push(there.len());
        assert_eq!(
            home.run(["--library", "refs.json", "rate", "p9", "3"]).code,
            0
        );
    }
    assert!(confirmed.iter().any(|count| *count > 1) || kills < 5);
}

#[test]
fn the_app_killed_at_random_loses_nothing_it_called_saved() {
    kill_apps(5);
}

#[test]
#[ignore = "takes minutes; .ci/long runs it"]
fn the_app_killed_100_times_loses_nothing_it_called_saved() {
    kill_apps(100);
}
