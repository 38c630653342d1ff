//! The index in the cache directory, with the program itself: the same answers with and without it, damaged in any way,
//! without room, made by several at once, killed while it is made, and of a library that changes meanwhile.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::print_stderr,
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "tests"
)]

mod program;
#[path = "pty/session.rs"]
mod session;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use program::{Home, said};
use session::{Session, Start};
use tempfile::TempDir;

/// Papers with words that tell them apart, one in twenty about tumors; `version` stands in every title.
fn library(papers: usize, version: &str) -> String {
    const WORDS: [&str; 8] = [
        "graph",
        "neural",
        "protein",
        "galaxy",
        "transformer",
        "lattice",
        "enzyme",
        "quantum",
    ];
    let items: Vec<String> = (0..papers)
        .map(|at| {
            let word = |step: usize| WORDS[(at / 3 * step + at % step) % WORDS.len()];
            let about = if at % 20 == 7 { "tumors" } else { "matter" };
            format!(
                r#"{{"id":"p{at}","title":"{} {} study {version} number {at}","author":[{{"family":"{}son","given":"Ada"}}],"issued":{{"date-parts":[[{}]]}},"DOI":"10.1000/{at}","abstract":"On {about} of the {} and its {}. {}"}}"#,
                word(1), word(3), word(2), 1980 + at % 40, word(5), word(7), "Further words fill it. ".repeat(8)
            )
        })
        .collect();
    format!("[\n{}\n]\n", items.join(",\n"))
}

fn home(papers: usize) -> Home {
    let home = Home::new();
    home.file("refs.json", library(papers, "first"));
    home
}

const COMMANDS: [&[&str]; 8] = [
    &["search", "galaxy tumors"],
    &["--json", "search", "protien numb"],
    &["search", "\"study first\"", "2003"],
    &["similar", "p27"],
    &["--json", "show", "p399"],
    &["cite", "p5"],
    &["list"],
    &["cite", "nobody"],
];

/// What all commands say, with their status.
fn answers(home: &Home) -> Vec<(i32, String, String)> {
    let commands = COMMANDS.iter();
    commands.map(|command| answer(home, command)).collect()
}

fn answer(home: &Home, command: &[&str]) -> (i32, String, String) {
    let said = home.run(["--library", "refs.json"].iter().chain(command));
    (said.code, said.out, said.err)
}

fn folder(home: &Home) -> PathBuf {
    home.path().join(".cache/offprint/index")
}

/// The files of the cache.
/// The caches of indexes; what the papers are about stands in a file beside.
fn caches(home: &Home) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder(home)) else {
        return Vec::new();
    };
    let is_index = |path: &PathBuf| !path.to_string_lossy().contains(".latent.");
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(is_index).collect();
    paths.sort();
    paths
}

/// Answers that no cache had a part in.
fn fresh(home: &Home) -> Vec<(i32, String, String)> {
    let commands = COMMANDS.iter();
    commands
        .map(|command| {
            let _ = fs::remove_dir_all(folder(home));
            answer(home, command)
        })
        .collect()
}

/// Numbers that are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

#[test]
fn commands_say_the_same_with_and_without_the_cache() {
    let home = home(400);
    let wanted = fresh(&home);
    assert!(wanted[0].1.lines().count() > 1, "{}", wanted[0].1);
    assert!(wanted[5].1.contains("study first number 5"));
    assert_eq!((wanted[7].0, wanted[7].1.as_str()), (1, ""));
    assert_eq!(answers(&home), wanted);
    let [cache] = caches(&home).try_into().unwrap();
    let made = fs::metadata(&cache).unwrap().modified().unwrap();
    assert_eq!(answers(&home), wanted);
    assert_eq!(fs::metadata(&cache).unwrap().modified().unwrap(), made);
    // Changed: everything is as the library is now.
    home.file("refs.json", library(400, "other"));
    let said = answer(&home, &["search", "galaxy tumors"]);
    assert_eq!(said.1, wanted[0].1.replace("first", "other"));
    assert_eq!(caches(&home), [cache]);
}

#[test]
fn a_small_library_has_no_cache() {
    let home = home(20);
    assert_eq!(answer(&home, &["search", "study"]).0, 0);
    assert!(caches(&home).is_empty());
}

#[test]
fn a_damaged_cache_never_changes_an_answer() {
    let home = home(400);
    let wanted = fresh(&home);
    answer(&home, COMMANDS[0]);
    let [cache] = caches(&home).try_into().unwrap();
    let sound = fs::read(&cache).unwrap();
    let mut random = Random(7);
    for round in 0..40 {
        let mut bytes = sound.clone();
        match round % 4 {
            0 => bytes.truncate(random.below(bytes.len())),
            // The version, the byte order, the first bytes.
            1 if round < 12 => bytes[round + 8] ^= 1,
            2 => {
                for block in bytes.chunks_mut(4096) {
                    block[random.below(block.len())] ^= 1 << random.below(8);
                }
            }
            _ => {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
        }
        fs::write(&cache, &bytes).unwrap();
        let command = round % COMMANDS.len();
        assert_eq!(
            answer(&home, COMMANDS[command]),
            wanted[command],
            "round {round}"
        );
        assert_eq!(answer(&home, COMMANDS[0]), wanted[0], "round {round}");
    }
    fs::write(&cache, b"").unwrap();
    assert_eq!(answers(&home), wanted);
    let whole = fs::read(&cache).unwrap();
    assert_eq!(whole.len(), sound.len(), "it was made again");
}

#[test]
fn without_room_for_it_everything_works_as_without_a_cache() {
    let home = home(400);
    let wanted = fresh(&home);
    let _ = fs::remove_dir_all(folder(&home));
    for blocks in [0, 8, 100] {
        for (command, wanted) in COMMANDS.iter().zip(&wanted) {
            let mut limited = Command::new("sh");
            limited
                .args([
                    "-c",
                    &format!("ulimit -f {blocks}; exec \"$0\" \"$@\" | cat"),
                ])
                .arg(env!("CARGO_BIN_EXE_offprint"))
                .args(["--library", "refs.json"])
                .args(*command)
                .current_dir(home.path())
                .env_clear()
                .env("PATH", std::env::var_os("PATH").unwrap_or_default())
                .env("HOME", home.path());
            let said = said(limited.output().unwrap());
            assert_eq!(
                (&said.out, &said.err),
                (&wanted.1, &wanted.2),
                "{command:?}"
            );
            assert!(caches(&home).is_empty());
        }
    }
    // A file where the folder should be.
    fs::remove_dir_all(home.path().join(".cache")).unwrap();
    home.file(".cache", "");
    assert_eq!(answers(&home), wanted);
}

#[test]
fn several_make_it_at_once() {
    let home = home(2000);
    let wanted = answer(&home, COMMANDS[0]);
    fs::remove_dir_all(folder(&home)).unwrap();
    let start = || {
        let mut command = home.command(["--library", "refs.json"].iter().chain(COMMANDS[0]));
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let running: Vec<_> = (0..4).map(|_| start()).collect();
    for one in running {
        let said = said(one.wait_with_output().unwrap());
        assert_eq!((said.code, said.out, said.err), wanted);
    }
    assert_eq!(caches(&home).len(), 1);
    assert_eq!(answer(&home, COMMANDS[0]), wanted);
}

#[test]
fn what_a_killed_program_left_is_swept_away() {
    let home = home(3000);
    let mut left = false;
    for wait in (0..40).map(|tenths| Duration::from_millis(tenths * 10)) {
        let mut child = home.command(["--library", "refs.json", "search", "galaxy"]);
        let mut child = child.stdout(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while begun.elapsed() < wait && caches(&home).is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        left = caches(&home)
            .iter()
            .any(|path| path.extension().unwrap() == "part");
        if left {
            break;
        }
        let _ = fs::remove_dir_all(folder(&home));
    }
    assert!(left, "it was killed at work");
    assert_eq!(answer(&home, &["search", "galaxy"]).0, 0);
    let [cache] = caches(&home).try_into().unwrap();
    assert_eq!(cache.extension().unwrap(), "index");
}

#[test]
fn a_library_replaced_while_it_is_indexed_is_found_as_it_is() {
    let home = home(600);
    let path = home.path().join("refs.json");
    for round in 0..12 {
        // Of the same length, so that only its times and its content differ.
        let version = format!("turn{round:02}");
        let new = home.file("new.json", library(600, &version));
        let running = home
            .command(["--library", "refs.json", "search", "galaxy tumors"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(round * 9));
        if round % 2 == 0 {
            fs::rename(&new, &path).unwrap();
        } else {
            // In place, as careless programs write.
            fs::write(&path, fs::read(&new).unwrap()).unwrap();
        }
        running.wait_with_output().unwrap();
        let found = answer(&home, &["search", "galaxy tumors"]);
        assert_eq!(found.0, 0, "{}", found.2);
        assert!(
            found.1.contains(&version) && !found.1.contains("first"),
            "{}",
            found.1
        );
        assert!(
            found.1.lines().all(|line| line.contains(&version)),
            "{}",
            found.1
        );
    }
}

fn app(folder: TempDir) -> Session {
    let start = Start {
        arguments: &["refs.json"],
        size: (110, 30),
        environment: &[],
    };
    Session::start_in(folder, env!("CARGO_BIN_EXE_offprint"), &start)
}

#[test]
fn the_app_makes_the_cache_and_commands_use_it() {
    let temp = TempDir::new().unwrap();
    let home = Home::at(temp.path());
    home.file("refs.json", library(400, "first"));
    let mut app = app(temp);
    app.shows("1/400");
    let begun = Instant::now();
    while !caches(&home)
        .iter()
        .any(|path| path.extension().unwrap() == "index")
    {
        assert!(begun.elapsed() < session::LIMIT, "no cache is made");
        std::thread::sleep(Duration::from_millis(10));
    }
    let [cache] = caches(&home).try_into().unwrap();
    let made = fs::metadata(&cache).unwrap().modified().unwrap();
    assert_eq!(answer(&home, COMMANDS[0]).0, 0);
    assert_eq!(fs::metadata(&cache).unwrap().modified().unwrap(), made);
    app.type_keys("q");
    assert_eq!(app.ends(), 0);
}

#[test]
fn the_app_notices_a_damaged_cache_and_makes_it_anew() {
    let temp = TempDir::new().unwrap();
    let home = Home::at(temp.path());
    home.file("refs.json", library(400, "first"));
    answer(&home, COMMANDS[0]);
    let [cache] = caches(&home).try_into().unwrap();
    let sound = fs::read(&cache).unwrap();
    let mut bytes = sound.clone();
    // Every block of the papers and of the index, but not the tables at the end.
    let end = bytes.len() - 4096;
    for block in bytes[4096..end].chunks_mut(4096) {
        block[9] ^= 4;
    }
    fs::write(&cache, &bytes).unwrap();
    let mut app = app(temp);
    app.shows("study first number 3");
    app.type_keys("/number 399");
    app.shows("study first number 399");
    app.type_keys("\r\u{1b}");
    app.shows("400/400");
    let begun = Instant::now();
    while fs::read(&cache).ok().as_ref() != Some(&sound) {
        assert!(begun.elapsed() < session::LIMIT, "it is not made anew");
        std::thread::sleep(Duration::from_millis(10));
    }
    app.type_keys("q");
    assert_eq!(app.ends(), 0);
}
