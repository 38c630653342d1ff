//! Bibliographies that real programs wrote: every entry is read, or reported with its line.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::fs;
use std::path::{Path, PathBuf};

use offprint::core::import::read;

fn shared(path: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(path)
}

/// Every file under a folder.
fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

#[test]
#[ignore = "reads ../shared"]
fn ninety_nine_of_a_hundred_entries_are_read_and_the_rest_reported() {
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(shared("cite/import_manifest.json")).unwrap()).unwrap();
    let (mut expected_in_all, mut read_in_all) = (0, 0);
    let mut silent = Vec::new();
    for (name, file) in manifest.as_object().unwrap() {
        let expected = file["expected_entries"].as_u64().unwrap();
        let bytes = fs::read(shared("cite/import").join(name)).unwrap();
        let result = read(&bytes, name);
        let (found, problems) = match &result {
            Ok(import) => (import.entries.len() as u64, import.problems.clone()),
            Err(error) => {
                println!("{name}: {error}");
                (0, Vec::new())
            }
        };
        for problem in &problems {
            println!(
                "{name}:{}:{}: {}",
                problem.line, problem.column, problem.what
            );
        }
        expected_in_all += expected;
        read_in_all += found.min(expected);
        let reported = problems.iter().filter(|problem| problem.lost).count() as u64;
        if found != expected {
            println!("{name}: {found} read of {expected}");
        }
        if found + reported < expected {
            silent.push(name);
        }
    }
    println!("{read_in_all} of {expected_in_all} entries read");
    assert!(read_in_all * 100 >= expected_in_all * 99);
    assert_eq!(silent, Vec::<&String>::new(), "entries lost without a word");
}

#[test]
#[ignore = "reads ../shared"]
fn every_entry_has_what_its_file_says() {
    let mut all = Vec::new();
    for folder in [
        "cite/import",
        "services/jabref_bib",
        "services/ris",
        "services/pubmed_nbib",
        "services/pubmed_xml",
    ] {
        files(&shared(folder), &mut all);
    }
    assert!(all.len() > 100);
    let (mut entries, mut without_title) = (0, 0);
    for path in all {
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = fs::read(&path).unwrap();
        let Ok(import) = read(&bytes, name) else {
            println!("{name}: no bibliography");
            continue;
        };
        let mut end = 0;
        for entry in &import.entries {
            entries += 1;
            assert!(
                entry.span.start >= end && entry.span.end > entry.span.start,
                "{name}"
            );
            end = entry.span.end;
            let has_title = ["title", "container-title"]
                .iter()
                .any(|field| entry.item.text(field).is_some());
            if !has_title {
                without_title += 1;
                println!("{name}:{}: no title: {:?}", entry.line, entry.item.fields());
            }
            for (field, value) in entry.item.fields() {
                assert!(!value.is_null(), "{name}: {field}");
                let text = value.as_str().unwrap_or_default();
                assert!(
                    !text.contains("\\textbf") && !text.contains("{\\"),
                    "{name}:{}: {field}: {text}",
                    entry.line
                );
            }
        }
    }
    println!("{entries} entries, {without_title} without a title");
    assert!(without_title * 20 < entries);
}
