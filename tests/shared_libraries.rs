//! Libraries that real programs wrote, and one of a hundred thousand papers.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use offprint::core::item::Item;
use offprint::core::library::Library;
use offprint::core::paper::PaperNo;
use offprint::core::text::clean;
use offprint::runtime::loader::{Loaded, Opened, load_all, open};
use offprint::runtime::place::Place;

fn shared(path: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(path)
}

fn load(path: &Path) -> (Opened, Loaded) {
    let opened = open(&Place::File(path.to_owned())).unwrap();
    let loaded = load_all(&opened).unwrap();
    (opened, loaded)
}

/// Each paper's columns against its item as serde_json reads it.
fn agree(library: &Library, no: PaperNo, item: &Item) {
    assert_eq!(library.id(no), clean(&item.id()).as_str());
    let title = item.text("title").map(|title| clean(&title).into_string());
    assert_eq!(library.title(no), title.as_deref().unwrap_or("Untitled"));
    assert_eq!(
        library.year(no),
        item.date("issued").and_then(|date| date.year()),
        "{}",
        library.id(no)
    );
    let short: Vec<_> = library
        .authors(no)
        .map(|author| author.short.to_owned())
        .collect();
    let names: Vec<_> = item
        .names("author")
        .iter()
        .map(|name| clean(&name.short()).into_string())
        .collect();
    assert_eq!(short, names, "{}", library.id(no));
}

#[test]
#[ignore = "reads ../shared"]
fn exports_of_zotero_and_better_bibtex_read_without_loss() {
    let mut files = vec![
        shared("data/cite/items.json"),
        shared("data/papers/arxiv-6000.json"),
    ];
    for entry in std::fs::read_dir(shared("data/services/zotero_csl")).unwrap() {
        files.push(entry.unwrap().path());
    }
    assert!(files.len() >= 11);
    for path in files {
        let (opened, loaded) = load(&path);
        let bytes = std::fs::read(&path).unwrap();
        let items: Vec<serde_json::Value> = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(
            (loaded.library.len(), loaded.problems.lost()),
            (items.len(), 0),
            "{}",
            path.display()
        );
        let source = opened.source();
        for (no, value) in loaded.library.numbers().zip(&items) {
            let item = loaded.library.item(no, source.as_ref()).unwrap();
            assert_eq!(item.fields(), value.as_object().unwrap());
            agree(&loaded.library, no, &item);
        }
    }
}

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

#[test]
#[ignore = "reads ../shared; makes a file of 190 MB; the figures hold for a release build"]
fn a_hundred_thousand_papers_take_little_time_and_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library.json");
    let made = Command::new("python3")
        .arg(shared("tools/make_library.py"))
        .args(["100000", path.to_str().unwrap()])
        .status()
        .unwrap();
    assert!(made.success());
    let opened = open(&Place::File(path)).unwrap();
    let before = cpu();
    let loaded = load_all(&opened).unwrap();
    let took = cpu() - before;
    let size = loaded.library.size();
    println!(
        "{} papers, {took:.3} s of CPU, {size} bytes",
        loaded.library.len()
    );
    assert_eq!(
        (loaded.library.len(), loaded.problems.total()),
        (100_000, 0)
    );
    assert!(size < 60_000_000);
    if !cfg!(debug_assertions) {
        assert!(took < 1.0, "{took} s");
    }
}

#[test]
#[ignore = "reads ../shared"]
fn the_arxiv_snapshot_reads_as_preprints() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library.jsonl");
    let made = Command::new("python3")
        .arg(shared("tools/make_library.py"))
        .args(["3000", path.to_str().unwrap(), "--arxiv"])
        .status()
        .unwrap();
    assert!(made.success());
    let (opened, loaded) = load(&path);
    assert_eq!((loaded.library.len(), loaded.problems.total()), (3000, 0));
    let source = opened.source();
    for no in loaded.library.numbers() {
        let item = loaded.library.item(no, source.as_ref()).unwrap();
        agree(&loaded.library, no, &item);
        assert_eq!(item.text("publisher").as_deref(), Some("arXiv"));
        assert!(item.arxiv().is_some(), "{}", loaded.library.id(no));
    }
}
