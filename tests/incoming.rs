//! Papers that come in: `import`, and what becomes of the library, the notes and `undo`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod program;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use program::{Home, Said, said};
use serde_json::{Value, json};

const BIB: &str = r"@article{tides2019,
  title = {On the tides of rivers and lakes},
  author = {Doe, Jane and Roe, Richard},
  year = 2019,
  doi = {10.5555/tides.1},
  groups = {Thesis, Water > Rivers},
  keywords = {},
  readstatus = {read},
  ranking = {rank4},
  priority = {prio1},
  comment = {The second table is wrong.},
  file = {:tides.pdf:PDF},
}

@book{broken2020
  title = {An entry without a comma after its key},
}

@misc{undated, title = {A leaflet without a year or an author}}

@article{tides2019,
  title = {Another paper under the key of the first},
  author = {Poe, Edgar},
  year = 2021,
}
";

const RIS: &str = "TY  - JOUR\nTI  - On the tides of rivers and lakes\nAU  - Doe, Jane\nPY  - 2019\nDO  - https://doi.org/10.5555/TIDES.1\nVL  - 12\nER  - \n\nTY  - JOUR\nTI  - Clouds over the northern seas\nAU  - Moe, Max\nPY  - 2018\nER  - \n";

const NBIB: &str = "PMID- 99000007\nTI  - Salt and light in shallow water.\nFAU - Foe, Fay\nDP  - 2017 Mar\nJT  - Journal of Shallow Water\n";

fn run(home: &Home, arguments: &[&str]) -> Said {
    home.run(arguments)
}

fn done(home: &Home, arguments: &[&str]) -> Said {
    let said = run(home, arguments);
    assert_eq!(said.code, 0, "{arguments:?}: {}{}", said.out, said.err);
    said
}

fn json_of(home: &Home, arguments: &[&str]) -> Value {
    let said = done(home, &[arguments, &["--json"]].concat());
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}", said.out))
}

fn in_refs<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["--library", "refs.json"], arguments].concat()
}

/// The library at a path, its items by id.
fn items(home: &Home, path: &str) -> Vec<Value> {
    let text = fs::read_to_string(home.path().join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn ids(home: &Home, path: &str) -> Vec<String> {
    let all = items(home, path);
    let ids = all
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned());
    ids.collect()
}

const OWN: &str = "data/offprint/library.json";

#[test]
fn the_first_import_begins_a_library_and_brings_along_what_was_noted() {
    let home = Home::new();
    home.file("refs.bib", BIB);
    let said = done(&home, &["import", "refs.bib"]);
    assert!(
        said.err
            .contains("library.json: created; it is your library"),
        "{}",
        said.err
    );
    assert!(said.out.starts_with("refs.bib: BibTeX, "), "{}", said.out);
    assert!(said.out.contains("refs.bib:15:"), "{}", said.out);
    assert!(said.out.contains("tides2019a"), "{}", said.out);
    let all = ids(&home, OWN);
    assert!(
        ["tides2019", "undated", "tides2019a"]
            .iter()
            .all(|id| all.iter().any(|one| one == id)),
        "{all:?}"
    );
    // No library is named from now on: it is the reader's own.
    let listed = json_of(&home, &["list"]);
    let tides = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|paper| paper["id"] == "tides2019")
        .unwrap();
    assert_eq!(tides["status"], "read");
    assert_eq!(
        (&tides["rating"], &tides["priority"]),
        (&json!(4), &json!(1))
    );
    let tags: Vec<&str> = tides["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag.as_str().unwrap())
        .collect();
    assert!(tags.contains(&"Thesis"), "{tags:?}");
    assert_eq!(tides["comments"][0]["text"], "The second table is wrong.");
    assert!(tides["added"].is_string());

    // Once more: nothing is new.
    let before = fs::read(home.path().join(OWN)).unwrap();
    let again = json_of(&home, &["import", "refs.bib"]);
    assert_eq!(again["written"], false);
    let all = again["papers"].as_array().unwrap();
    assert!(
        all.iter().all(|paper| paper["done"] == "left out"),
        "{again}"
    );
    assert_eq!(fs::read(home.path().join(OWN)).unwrap(), before);

    // One undo takes all of it back.
    done(&home, &["undo"]);
    assert_eq!(items(&home, OWN), Vec::<Value>::new());
    assert_eq!(json_of(&home, &["list"]), json!([]));
    done(&home, &["import", "refs.bib"]);
    assert_eq!(fs::read(home.path().join(OWN)).unwrap(), before);
}

#[test]
fn files_of_several_formats_come_in_at_once_each_work_once() {
    let home = Home::new();
    home.file("refs.bib", BIB);
    home.file("refs.ris", RIS);
    home.file("refs.nbib", NBIB);
    home.file(
        "refs.json",
        r#"[{"id": 7, "type": "article-journal", "title": "Salt and light in shallow water.", "PMID": "99000007"},
            {"id": "seven", "type": "book", "title": "A book about the deep sea", "ISBN": "9780306406157"}]"#,
    );
    let arguments = [
        "--library",
        "new.json",
        "import",
        "refs.bib",
        "refs.ris",
        "refs.nbib",
        "refs.json",
    ];
    let dry = json_of(&home, &[&arguments[..], &["--dry-run"]].concat());
    assert_eq!(
        (&dry["created"], &dry["written"]),
        (&json!(false), &json!(false))
    );
    assert!(!home.path().join("new.json").exists());
    assert!(!home.path().join("new.offprint").exists());

    let brought = json_of(&home, &arguments);
    assert_eq!(brought["created"], true);
    assert_eq!(brought["papers"], dry["papers"]);
    let of = |from: &str| -> Value {
        let all = brought["papers"].as_array().unwrap();
        let found = all
            .iter()
            .find(|paper| paper["from"].as_str().unwrap().starts_with(from));
        found.unwrap_or_else(|| panic!("{from}: {brought}")).clone()
    };
    assert_eq!(
        of("refs.ris:1")["duplicate"],
        json!({"id": "tides2019", "reason": "doi"})
    );
    assert_eq!(of("refs.json:1")["duplicate"]["reason"], "pmid");
    let all = ids(&home, "new.json");
    assert!(all.contains(&"moe2018clouds".to_owned()), "{all:?}");
    assert!(all.contains(&"seven".to_owned()), "{all:?}");
    let lost = brought["problems"].as_array().unwrap();
    assert!(
        lost.iter()
            .any(|one| one["file"] == "refs.bib" && one["line"].as_u64() >= Some(15))
    );
}

#[test]
fn what_is_here_is_merged_or_added_when_that_is_asked_for() {
    let home = Home::new();
    home.file("refs.bib", BIB);
    home.file("refs.ris", RIS);
    done(&home, &["import", "refs.bib"]);
    let before = fs::read(home.path().join(OWN)).unwrap();
    let said = done(&home, &["import", "refs.ris"]);
    assert!(
        said.out.contains("1 here already, left out")
            && said.out.contains("refs.ris:1")
            && said.out.contains("same DOI"),
        "{}",
        said.out
    );
    done(&home, &["undo"]);
    let said = done(&home, &["import", "refs.ris", "--merge"]);
    assert!(said.out.contains("+ volume"), "{}", said.out);
    let all = items(&home, OWN);
    let tides = all.iter().find(|item| item["id"] == "tides2019").unwrap();
    assert_eq!(tides["volume"], "12");
    let merged = fs::read(home.path().join(OWN)).unwrap();
    let said = done(&home, &["import", "refs.ris", "refs.bib", "--merge"]);
    assert!(
        said.out.ends_with("nothing new; nothing was written\n"),
        "{}",
        said.out
    );
    assert_eq!(fs::read(home.path().join(OWN)).unwrap(), merged);
    done(&home, &["undo"]);
    assert_eq!(fs::read(home.path().join(OWN)).unwrap(), before);
    let brought = json_of(&home, &["import", "refs.ris", "--keep-both"]);
    assert_eq!(brought["papers"][0]["done"], "added");
    assert_eq!(ids(&home, OWN).len(), items(&home, OWN).len());
    let said = run(&home, &["import", "refs.ris", "--merge", "--keep-both"]);
    assert_eq!(said.code, 2);
}

#[test]
fn standard_input_is_read_and_what_is_no_bibliography_is_refused_without_a_change() {
    let home = Home::new();
    home.file("refs.ris", RIS);
    home.file("notes.txt", "Dear diary\n");
    let mut child = home
        .command(["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(NBIB.as_bytes())
        .unwrap();
    let first = said(child.wait_with_output().unwrap());
    assert_eq!(first.code, 0, "{}", first.err);
    let before = ids(&home, OWN);
    assert_eq!(before.len(), 1);
    for wrong in ["notes.txt", "nowhere.bib"] {
        let said = run(&home, &["import", "refs.ris", wrong]);
        assert_eq!(said.code, 1);
        assert!(
            said.err.starts_with(&format!("offprint: {wrong}: ")),
            "{}",
            said.err
        );
        assert!(said.err.ends_with("nothing was imported\n"), "{}", said.err);
    }
    assert_eq!(ids(&home, OWN), before);
}

#[test]
fn libraries_of_others_are_written_when_told_so_and_other_formats_never() {
    let home = Home::new();
    home.file("refs.ris", RIS);
    let theirs = "[\n  {\"id\": \"a\", \"title\": \"A\"}\n]\n";
    home.file("theirs.json", theirs);
    let said = run(&home, &["--library", "theirs.json", "import", "refs.ris"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("offprint own"), "{}", said.err);
    assert_eq!(
        fs::read_to_string(home.path().join("theirs.json")).unwrap(),
        theirs
    );
    done(&home, &["--library", "theirs.json", "own"]);
    done(&home, &["--library", "theirs.json", "import", "refs.ris"]);
    let text = fs::read_to_string(home.path().join("theirs.json")).unwrap();
    assert!(
        text.starts_with("[\n  {\"id\": \"a\", \"title\": \"A\"},\n"),
        "{text}"
    );
    home.file("old.bib", BIB);
    for library in ["old.bib", "new.bib"] {
        let said = run(&home, &["--library", library, "import", "refs.ris"]);
        assert_eq!(said.code, 1);
        assert!(said.err.contains("NAME.json"), "{}", said.err);
    }
    assert!(!home.path().join("new.bib").exists());
}

/// Entries of which no two are alike.
fn generated(count: usize, name: &str) -> String {
    let mut out = String::new();
    for number in 0..count {
        writeln!(
            out,
            "@article{{{name}{number}, title = {{A study of {name} with the number {number}}}, author = {{Doe{number}, Jane}}, \
             year = 2020, doi = {{10.5555/{name}.{number}}}, keywords = {{a, b}}, groups = {{{name}}}}}\n"
        )
        .unwrap();
    }
    out
}

#[test]
fn imports_at_once_lose_nothing_and_bring_nothing_twice() {
    let home = Home::new();
    home.file("one.bib", generated(60, "rivers") + &generated(30, "both"));
    home.file("two.bib", generated(60, "clouds") + &generated(30, "both"));
    let start = |file: &str| {
        home.command(["import", file])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let both = ["one.bib", "two.bib", "one.bib"].map(start);
    for child in both {
        let said = said(child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let mut all = ids(&home, OWN);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 150);
    assert_eq!(items(&home, OWN).len(), 150);
    let listed = json_of(&home, &["list", "tag:rivers"]);
    assert_eq!(listed.as_array().unwrap().len(), 60);
}

#[test]
fn a_merged_group_takes_along_what_was_noted_and_comes_apart_again() {
    let home = Home::new();
    let library = r#"[
  {"id": "a", "type": "article-journal", "title": "On the tides of rivers", "DOI": "10.5555/tides.1", "volume": "1"},
  {"id": "b", "type": "article-journal", "title": "On the tides of rivers", "DOI": "10.5555/tides.1", "page": "3-9"},
  {"id": "c", "type": "article-journal", "title": "Something else altogether"}
]
"#;
    home.file("refs.json", library);
    done(&home, &in_refs(&["own"]));
    done(&home, &in_refs(&["tag", "a", "+kept"]));
    done(&home, &in_refs(&["tag", "b", "+moved"]));
    done(&home, &in_refs(&["comment", "b", "Look at the figure."]));
    done(&home, &in_refs(&["rate", "b", "5"]));
    done(&home, &in_refs(&["queue", "add", "b"]));
    let said = run(
        &home,
        &in_refs(&["duplicates", "--merge", "1", "--keep", "c"]),
    );
    assert_eq!(said.code, 2);
    let said = done(
        &home,
        &in_refs(&["duplicates", "--merge", "1", "--keep", "a"]),
    );
    assert!(said.out.contains("a stays, b goes into it"), "{}", said.out);
    assert_eq!(ids(&home, "refs.json"), ["a", "c"]);
    let listed = json_of(&home, &in_refs(&["list"]));
    let kept = &listed[0];
    assert_eq!(kept["tags"], json!(["kept", "moved"]));
    assert_eq!(
        (&kept["rating"], &kept["queued"]),
        (&json!(5), &json!(true))
    );
    assert_eq!(kept["comments"][0]["text"], "Look at the figure.");
    assert_eq!(items(&home, "refs.json")[0]["page"], "3-9");
    assert_eq!(json_of(&home, &in_refs(&["duplicates"])), json!([]));
    // What is found by a query is what is listed.
    let found = json_of(&home, &in_refs(&["list", "tag:moved"]));
    assert_eq!(found[0]["id"], "a");

    done(&home, &in_refs(&["undo"]));
    let text = fs::read_to_string(home.path().join("refs.json")).unwrap();
    let then: Value = serde_json::from_str(&text).unwrap();
    let mut before: Value = serde_json::from_str(library).unwrap();
    let mut then = then.as_array().unwrap().clone();
    then.sort_by_key(|item| item["id"].to_string());
    assert_eq!(&then, before.as_array_mut().unwrap());
    let listed = json_of(&home, &in_refs(&["list"]));
    let of = |id: &str| {
        let all = listed.as_array().unwrap();
        all.iter().find(|paper| paper["id"] == id).unwrap().clone()
    };
    assert_eq!(of("a")["tags"], json!(["kept"]));
    assert_eq!(of("b")["tags"], json!(["moved"]));
    assert_eq!(of("b")["rating"], 5);
}

#[test]
fn a_copy_that_is_deleted_leaves_the_other_as_it_was() {
    let home = Home::new();
    home.file(
        "refs.json",
        r#"[{"id": "a", "title": "A", "DOI": "10.5555/a"}, {"id": "b", "title": "A", "DOI": "10.5555/a"}]"#,
    );
    done(&home, &in_refs(&["own"]));
    done(&home, &in_refs(&["tag", "a", "+kept"]));
    done(&home, &in_refs(&["delete", "b"]));
    let found = json_of(&home, &in_refs(&["list", "tag:kept"]));
    assert_eq!(found[0]["id"], "a");
}

#[test]
fn everything_that_was_exported_comes_back_with_its_notes() {
    let home = Home::new();
    home.file("refs.bib", BIB);
    done(&home, &["import", "refs.bib"]);
    for arguments in [
        &["star", "tides2019"][..],
        &["progress", "tides2019", "3/12"],
        &["queue", "add", "undated"],
        &["queue", "add", "tides2019"],
    ] {
        done(&home, arguments);
    }
    done(&home, &["export", "--bundle", "--output", "all.json"]);
    done(&home, &["--library", "new.json", "import", "all.json"]);
    let of = |mut listed: Value| {
        for paper in listed.as_array_mut().unwrap() {
            for comment in paper["comments"].as_array_mut().unwrap() {
                *comment = comment["text"].clone();
            }
        }
        listed
    };
    let (here, there) = (
        json_of(&home, &["list"]),
        json_of(&home, &["--library", "new.json", "list"]),
    );
    assert_eq!(of(there), of(here));
    let queue = |library: &[&str]| json_of(&home, &[library, &["queue"]].concat());
    let ids = |queue: Value| -> Vec<Value> {
        queue
            .as_array()
            .unwrap()
            .iter()
            .map(|paper| paper["id"].clone())
            .collect()
    };
    assert_eq!(
        ids(queue(&["--library", "new.json"])),
        ["undated", "tides2019"]
    );
    assert_eq!(items(&home, "new.json"), items(&home, OWN));
}
