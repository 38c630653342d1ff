//! A .bib that is kept in step with the library.
#![allow(clippy::unwrap_used, reason = "tests")]

mod program;

use std::fs;
use std::time::{Duration, SystemTime};

use program::{Home, Said};

const LIBRARY: &str = r#"[
{"id":"vaswani2017","type":"paper-conference","title":"Attention Is All You Need","author":[{"family":"Vaswani","given":"Ashish"}]},
{"id":"devlin2019","type":"paper-conference","title":"BERT","author":[{"family":"Devlin","given":"Jacob"}]}
]
"#;

/// A home whose configuration keeps this.
fn home(keep: &str) -> Home {
    let home = Home::new();
    home.file("data/offprint/library.json", LIBRARY);
    home.file("config/offprint/config.toml", format!("[keep]\n{keep}\n"));
    home
}

fn kept(home: &Home) -> Option<String> {
    fs::read_to_string(home.path().join("data/offprint/refs.bib")).ok()
}

fn keys(text: &str) -> Vec<&str> {
    let entries = text.lines().filter(|line| line.starts_with('@'));
    entries
        .filter_map(|line| line.split_once('{'))
        .map(|(_, key)| key.trim_end_matches(','))
        .collect()
}

fn fine(said: &Said) {
    assert_eq!((said.code, said.err.as_str()), (0, ""));
}

#[test]
fn a_query_over_notes_is_kept_beside_the_library() {
    let home = home("bib = \"refs.bib\"\nquery = \"tag:thesis\"");
    assert!(home.run(["list"]).out.contains("devlin2019"));
    assert_eq!(kept(&home), None, "reading changes nothing");
    fine(&home.run(["tag", "devlin2019", "+thesis"]));
    let first = kept(&home).unwrap();
    assert_eq!(keys(&first), ["devlin2019"]);
    assert!(
        first.starts_with("% Kept in step with library.json by offprint;"),
        "{first}"
    );
    fine(&home.run(["tag", "vaswani2017", "+thesis/one"]));
    assert_eq!(keys(&kept(&home).unwrap()), ["vaswani2017", "devlin2019"]);
    fine(&home.run(["tag", "vaswani2017", "-thesis/one"]));
    assert_eq!(kept(&home).unwrap(), first);
    fine(&home.run(["undo"]));
    assert_eq!(keys(&kept(&home).unwrap()), ["vaswani2017", "devlin2019"]);
}

#[test]
fn the_file_is_touched_only_when_its_bytes_differ() {
    let home = home("bib = \"refs.bib\"\nquery = \"tag:thesis\"");
    fine(&home.run(["tag", "devlin2019", "+thesis"]));
    let path = home.path().join("data/offprint/refs.bib");
    let long_ago = SystemTime::now() - Duration::from_secs(1000);
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    fine(&home.run(["star", "devlin2019"]));
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
}

#[test]
fn a_file_that_somebody_edited_is_left_alone_and_told_of() {
    let home = home("bib = \"refs.bib\"\nquery = \"tag:thesis\"");
    fine(&home.run(["tag", "devlin2019", "+thesis"]));
    let edited = kept(&home).unwrap().replace("BERT", "Bert");
    home.file("data/offprint/refs.bib", &edited);
    let said = home.run(["tag", "vaswani2017", "+thesis"]);
    assert_eq!(said.code, 0, "the tag is noted");
    assert!(
        said.err.starts_with("offprint: warning: ")
            && said
                .err
                .contains("refs.bib: it was edited since offprint wrote it"),
        "{}",
        said.err
    );
    assert_eq!(kept(&home).unwrap(), edited);
    home.file("data/offprint/refs.bib", "@book{mine}\n");
    let said = home.run(["tag", "vaswani2017", "+more"]);
    assert!(
        said.err.contains("offprint did not write this file"),
        "{}",
        said.err
    );
    assert_eq!(kept(&home).unwrap(), "@book{mine}\n");
}

#[test]
fn another_library_does_not_take_the_file_over() {
    let home = home("bib = \"refs.bib\"\nquery = \"tag:thesis\"");
    fine(&home.run(["tag", "devlin2019", "+thesis"]));
    let before = kept(&home).unwrap();
    home.file("data/offprint/other.json", LIBRARY);
    let said = home.run([
        "--library",
        "data/offprint/other.json",
        "tag",
        "vaswani2017",
        "+thesis",
    ]);
    assert_eq!(said.code, 0);
    assert!(
        said.err.contains("it is kept from another library"),
        "{}",
        said.err
    );
    assert_eq!(kept(&home).unwrap(), before);
}

#[test]
fn all_papers_are_kept_in_the_format_that_is_set() {
    let home = home("bib = \"refs.bib\"\nformat = \"biblatex\"");
    home.file(
        "data/offprint/library.json",
        r#"[{"id":"a","type":"software","title":"S"},{"id":"b","type":"book","title":"B"}]"#,
    );
    fine(&home.run(["star", "a"]));
    let text = kept(&home).unwrap();
    assert!(text.contains("@software{a,"), "{text}");
    assert_eq!(keys(&text), ["a", "b"]);
    // The library is another one by now.
    home.file(
        "data/offprint/library.json",
        r#"[{"id":"b","type":"book","title":"B"}]"#,
    );
    let soon = SystemTime::now() + Duration::from_secs(5);
    let library = home.path().join("data/offprint/library.json");
    fs::File::options()
        .write(true)
        .open(library)
        .unwrap()
        .set_modified(soon)
        .unwrap();
    fine(&home.run(["star", "b"]));
    assert_eq!(keys(&kept(&home).unwrap()), ["b"]);
}

#[test]
fn what_cannot_be_written_is_a_warning() {
    let home = home("bib = \"none/refs.bib\"");
    let said = home.run(["star", "devlin2019"]);
    assert_eq!(said.code, 0);
    assert!(
        said.err
            .contains("none/refs.bib: no such file or directory;"),
        "{}",
        said.err
    );
}
