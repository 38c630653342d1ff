//! What goes wrong around the program, with the program itself: killed, without room on the disk, in a folder that
//! cannot be written, beside others that write, with a library that another program breaks or replaces.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::indexing_slicing,
    clippy::print_stderr,
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "tests"
)]

#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/journals.rs"]
mod journals;
#[path = "faults/kills.rs"]
mod kills;
#[path = "faults/library.rs"]
mod library;
#[path = "faults/merging.rs"]
mod merging;
mod program;
#[path = "pty/session.rs"]
mod session;

use std::path::{Path, PathBuf};

use serde_json::Value;

use program::Home;

/// A home with `refs.json` of papers `p0`, `p1`, …, each with a DOI.
fn home(papers: usize) -> (Home, PathBuf) {
    let home = Home::new();
    let path = home.file("refs.json", papers_json(0..papers));
    (home, path)
}

fn papers_json(numbers: impl IntoIterator<Item = usize>) -> String {
    let items: Vec<String> = numbers
        .into_iter()
        .map(|at| format!(r#"{{"id":"p{at}","title":"Paper number {at}","DOI":"10.1000/{at}"}}"#))
        .collect();
    format!("[\n{}\n]\n", items.join(",\n"))
}

/// The papers as `list --json` has them.
fn listed(home: &Home) -> Vec<Value> {
    let said = home.run(["--library", "refs.json", "--json", "list"]);
    assert_eq!(said.code, 0, "{}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

fn starred(home: &Home) -> Vec<String> {
    listed(home)
        .iter()
        .filter(|paper| paper["starred"] == true)
        .map(|paper| paper["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Files in the folder of the journals, those of git left out.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

/// Numbers that are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A test that cannot be done here says so.
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
