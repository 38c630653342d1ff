//! A library with its folders, and a second process that makes changes to its state.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use offprint::core::journal::{Change, Edit, Ledger, State};
use offprint::runtime::store::{
    Access, Directories, Location, Opened, SaveEvent, Store, wall_clock_ms,
};
use tempfile::TempDir;

pub struct Library {
    pub root: TempDir,
    pub path: PathBuf,
}

impl Library {
    pub fn new() -> Library {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("lib/refs.json");
        std::fs::create_dir(root.path().join("lib")).unwrap();
        std::fs::write(&path, "[]").unwrap();
        Library { root, path }
    }

    pub fn directories(&self, machine: &str) -> Directories {
        Directories {
            data: Some(self.root.path().join(machine).join("data")),
            state: Some(self.root.path().join(machine).join("state")),
        }
    }

    pub fn open_as(&self, machine: &str, access: Access) -> Opened {
        open(&self.path, &self.directories(machine), access)
    }

    pub fn open(&self, access: Access) -> Opened {
        self.open_as("home", access)
    }

    pub fn folder(&self) -> PathBuf {
        self.path.with_extension("offprint")
    }

    /// The only journal.
    pub fn journal(&self) -> PathBuf {
        let journals = self.journals();
        assert_eq!(journals.len(), 1, "{journals:?}");
        journals[0].clone()
    }

    pub fn journals(&self) -> Vec<PathBuf> {
        let mut journals: Vec<PathBuf> = std::fs::read_dir(self.folder())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "jsonl")
            })
            .collect();
        journals.sort();
        journals
    }

    /// A second process that stars `count` papers, one after the other, and prints what it was promised.
    pub fn client(&self, mode: &str, prefix: &str, count: usize, wrapper: &[&str]) -> Command {
        let mut arguments: Vec<std::ffi::OsString> = wrapper.iter().map(Into::into).collect();
        arguments.push(std::env::current_exe().unwrap().into());
        arguments.extend(["--exact", "client", "--nocapture", "--test-threads=1"].map(Into::into));
        let mut command = Command::new(&arguments[0]);
        command
            .args(&arguments[1..])
            .env("OFFPRINT_CLIENT", format!("{mode} {prefix} {count}"))
            .env("OFFPRINT_CLIENT_LIBRARY", &self.path)
            .env("OFFPRINT_CLIENT_HOME", self.root.path().join("home"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }
}

pub fn open(library: &Path, directories: &Directories, access: Access) -> Opened {
    let location = Location::of_library(library, directories).unwrap();
    Store::open(location, directories, access).unwrap()
}

pub fn star(paper: &str) -> Vec<Edit> {
    vec![Edit::new(paper, Vec::new(), Change::Starred(true))]
}

pub fn rate(paper: &str, rating: u8) -> Vec<Edit> {
    vec![Edit::new(paper, Vec::new(), Change::Rating(rating))]
}

/// Makes a change and has it confirmed.
pub fn save(opened: &mut Opened, edits: Vec<Edit>) {
    let operations = opened.ledger.edit(wall_clock_ms(), edits);
    opened.store.commit(&operations).unwrap();
}

pub fn starred(state: &State) -> Vec<String> {
    let mut starred: Vec<String> = state
        .summaries()
        .filter(|(_, summary)| summary.starred)
        .map(|(paper, _)| paper.to_owned())
        .collect();
    starred.sort();
    starred
}

/// What the client prints for `word`, one paper a line.
pub fn told(output: &str, word: &str) -> Vec<String> {
    output
        .split('\n')
        // A line without its end was not wholly printed: it promised nothing.
        .filter_map(|line| line.split_once(word)?.1.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

pub fn wait_for_line(child: &mut Child, start: &str) -> String {
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut all = String::new();
    loop {
        let before = all.len();
        assert!(
            reader.read_line(&mut all).unwrap() > 0,
            "no {start} in {all}"
        );
        if all[before..].contains(start) {
            return all;
        }
    }
}

fn tell(word: &str, paper: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{word} {paper};").unwrap();
    out.flush().unwrap();
}

/// The second process; does nothing unless it is one.
pub fn run_client() {
    let Ok(request) = std::env::var("OFFPRINT_CLIENT") else {
        return;
    };
    let request: Vec<&str> = request.split(' ').collect();
    let home = PathBuf::from(std::env::var_os("OFFPRINT_CLIENT_HOME").unwrap());
    let library = PathBuf::from(std::env::var_os("OFFPRINT_CLIENT_LIBRARY").unwrap());
    let directories = Directories {
        data: Some(home.join("data")),
        state: Some(home.join("state")),
    };
    let location = Location::of_library(&library, &directories).unwrap();
    let opened = Store::open(location, &directories, Access::Change);
    let Opened {
        store, mut ledger, ..
    } = match opened {
        Ok(opened) => opened,
        Err(error) => return tell("refused", &error.reason),
    };
    let papers = (0..request[2].parse().unwrap()).map(|at: usize| format!("{}{at}", request[1]));
    match request[0] {
        "commit" => commit_all(&store, &mut ledger, papers),
        "thread" => submit_all(&store, &mut ledger, papers, request[1].to_owned()),
        "fill" => fill_the_disk(&store, &mut ledger, papers, &library),
        other => panic!("unknown client {other}"),
    }
}

fn commit_all(store: &Store, ledger: &mut Ledger, papers: impl Iterator<Item = String>) {
    for paper in papers {
        let operations = ledger.edit(wall_clock_ms(), star(&paper));
        match store.commit(&operations) {
            Ok(()) => tell("saved", &paper),
            Err(error) => tell("failed", &error.reason),
        }
    }
}

fn submit_all(
    store: &Store,
    ledger: &mut Ledger,
    papers: impl Iterator<Item = String>,
    prefix: String,
) {
    let writer = store
        .writer(move |event| match event {
            SaveEvent::Saved(ticket) => tell("saved", &format!("{prefix}{}", ticket.0 - 1)),
            SaveEvent::NotSaved(_, error) => tell("failed", &error.reason),
        })
        .unwrap();
    for paper in papers {
        writer.submit(&ledger.edit(wall_clock_ms(), star(&paper)));
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
    writer.flush(std::time::Duration::from_secs(60)).unwrap();
}

/// Fills the disk after the first changes, makes room again after the first one that failed.
fn fill_the_disk(
    store: &Store,
    ledger: &mut Ledger,
    papers: impl Iterator<Item = String>,
    library: &Path,
) {
    let filler = library.with_file_name("filler");
    let mut failed = None;
    for (at, paper) in papers.enumerate() {
        let operations = ledger.edit(wall_clock_ms(), star(&paper));
        match store.commit(&operations) {
            Ok(()) => tell("saved", &paper),
            Err(error) => {
                tell("failed", &error.reason);
                failed = Some((paper, operations));
                break;
            }
        }
        if at == 3 {
            let mut file = std::fs::File::create(&filler).unwrap();
            while file.write_all(&[0; 512]).is_ok() {}
        }
    }
    std::fs::remove_file(&filler).unwrap();
    let (paper, operations) = failed.unwrap();
    store.commit(&operations).unwrap();
    tell("saved", &paper);
    let journal = store.folder().join(format!("{}.jsonl", ledger.writer()));
    std::io::stdout().write_all(b"journal\n").unwrap();
    std::io::stdout()
        .write_all(&std::fs::read(journal).unwrap())
        .unwrap();
}
