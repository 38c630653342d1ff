//! `offprint add`: papers come in by identifier.

use std::fs;

use serde_json::{Value, json};

use super::commands::{command, run};
use super::program::{Home, said};
use super::server::{Reply, Server, services};

const OWN: &str = "data/offprint/library.json";

fn library(home: &Home) -> Vec<Value> {
    let text = fs::read_to_string(home.path().join(OWN)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn json_of(home: &Home, server: &Server, arguments: &[&str]) -> Value {
    let said = run(home, server, &[&["--json"], arguments].concat());
    assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

fn dois(home: &Home) -> Vec<String> {
    let all = library(home);
    let dois = all.iter().filter_map(|item| item["DOI"].as_str());
    dois.map(str::to_lowercase).collect()
}

#[test]
fn papers_come_in_by_their_identifiers_once_and_leave_by_one_undo() {
    let (home, server) = (Home::new(), services(|_| None));
    let said = run(
        &home,
        &server,
        &[
            "add",
            "https://doi.org/10.5555/tides.1",
            "10.5555/set.7",
            "ISBN 978-0-306-40615-7",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains("created; it is your library"),
        "{}",
        said.err
    );
    assert_eq!(said.out.lines().count(), 3, "{}", said.out);
    assert_eq!(library(&home).len(), 3);
    let id = library(&home)[0]["id"].as_str().unwrap().to_owned();
    assert!(
        said.out.starts_with(&format!("{id}\tadded\t")),
        "{}",
        said.out
    );

    // Here already: nobody is asked, and nothing is added.
    let asked = server.paths().len();
    let again = run(&home, &server, &["add", "doi:10.5555/TIDES.1"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(
        again
            .out
            .starts_with(&format!("{id}\there already (same DOI)\t")),
        "{}",
        again.out
    );
    assert_eq!(server.paths().len(), asked);
    // A record with its DOI and quite another title: only the reader can tell.
    let other = json_of(&home, &server, &["add", "PMID 99000001"]);
    assert_eq!(
        other["papers"][0]["perhaps"],
        json!([{"id": id, "reason": "doi"}])
    );
    assert_eq!(library(&home).len(), 4);
    assert_eq!(run(&home, &server, &["undo"]).code, 0);
    assert_eq!(library(&home).len(), 3);

    let undone = run(&home, &server, &["undo"]);
    assert_eq!(undone.code, 0, "{}", undone.err);
    assert_eq!(library(&home), Vec::<Value>::new());
}

#[test]
fn one_that_nobody_knows_does_not_lose_the_others() {
    let (home, server) = (Home::new(), services(|_| None));
    let dry = json_of(&home, &server, &["add", "10.5555/set.7", "--dry-run"]);
    assert_eq!(dry["written"], false);
    assert!(!home.path().join("data").exists());
    let said = run(
        &home,
        &server,
        &["add", "10.5555/nothing", "10.5555/set.7", "10.5555/tides.1"],
    );
    assert_eq!(said.code, 1);
    assert!(
        said.err
            .contains("offprint: DOI 10.5555/nothing: Crossref does not know it"),
        "{}",
        said.err
    );
    assert_eq!(dois(&home), ["10.5555/set.7", "10.5555/tides.1"]);
    // Nothing at all: no library is made for it.
    let home = Home::new();
    let said = run(&home, &server, &["add", "10.5555/nothing"]);
    assert_eq!(said.code, 1);
    assert!(!home.path().join("data").exists());
}

#[test]
fn of_the_papers_that_a_title_may_mean_one_is_picked() {
    let (home, server) = (Home::new(), services(|_| None));
    let said = run(&home, &server, &["add", "tides of rivers"]);
    assert_eq!(said.code, 1);
    assert!(
        said.out.contains("  1\t10.5555/") && said.out.contains("  2\t10.5555/"),
        "{}",
        said.out
    );
    assert!(said.err.contains("--pick N"), "{}", said.err);
    let line = said
        .out
        .lines()
        .find(|line| line.contains("10.5555/tides.1"));
    let number = line.unwrap().trim().split('\t').next().unwrap();
    let picked = json_of(
        &home,
        &server,
        &["add", "tides of rivers", "--pick", number],
    );
    assert_eq!(picked["papers"][0]["done"], "added");
    assert_eq!(dois(&home), ["10.5555/tides.1"]);
    // The record, not what the list of the search says.
    assert_eq!(library(&home)[0]["volume"], "12");
    // With just these words nobody has to pick.
    let again = json_of(&home, &server, &["add", "On the tides of water"]);
    assert_eq!(again["papers"][0]["done"], "left out");
    for wrong in [
        &["add", "tides of rivers", "--pick", "9"][..],
        &["add", "10.5555/tides.1", "--pick", "1"],
    ] {
        assert_eq!(run(&home, &server, wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn a_pdf_is_added_by_what_it_says_of_itself_and_attached() {
    let (home, server) = (Home::new(), services(|_| None));
    home.file(
        "papers/tides.pdf",
        "%PDF-1.7\n1 0 obj\n<< /Title (On the tides) /Subject (doi:10.5555/tides.1) >>\nendobj\n",
    );
    home.file("10.5555_set.7.pdf", "%PDF-1.7\n");
    home.file("scan.pdf", "%PDF-1.7\n");
    let said = run(
        &home,
        &server,
        &[
            "add",
            "papers/tides.pdf",
            "10.5555_set.7.pdf",
            "scan.pdf",
            "missing.pdf",
        ],
    );
    assert_eq!(said.code, 1);
    assert!(
        said.err
            .contains("scan.pdf: no DOI or arXiv id in its name, its metadata or its first pages")
            && said.err.contains("missing.pdf: "),
        "{}",
        said.err
    );
    assert!(
        said.out.contains("papers/tides.pdf attached"),
        "{}",
        said.out
    );
    assert_eq!(dois(&home), ["10.5555/tides.1", "10.5555/set.7"]);
    let id = library(&home)[0]["id"].as_str().unwrap().to_owned();
    let history = run(&home, &server, &["history", &id]);
    assert!(history.out.contains("tides.pdf"), "{}", history.out);

    // A file for a paper that is here already is attached to it.
    let said = run(
        &home,
        &server,
        &["add", "10.5555/tides.1", "--attach", "scan.pdf"],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("here already") && said.out.contains("scan.pdf attached"));
    assert_eq!(library(&home).len(), 2);
    let history = run(&home, &server, &["history", &id]);
    assert!(history.out.contains("scan.pdf"), "{}", history.out);
    let bibliography = home.file("refs.bib", "@book{a}");
    let said = run(&home, &server, &["add", bibliography.to_str().unwrap()]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("offprint import"), "{}", said.err);
}

#[test]
fn papers_added_at_once_are_all_there() {
    let (home, server) = (Home::new(), services(|_| None));
    let start = |identifier: &str| {
        let mut command = command(&home, &server, &["add", identifier]);
        command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let all = [
        "10.5555/tides.1",
        "10.5555/set.7",
        "10.5555/tides.1",
        "9780306406157",
    ]
    .map(start);
    for child in all {
        let said = said(child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let mut dois = dois(&home);
    dois.sort();
    assert_eq!(dois, ["10.5555/set.7", "10.5555/tides.1"]);
    assert_eq!(library(&home).len(), 3);
}

#[test]
fn a_pdf_that_may_be_read_freely_is_kept_beside_the_library_and_attached() {
    let server = services(|request| {
        let answer = |kind, body: &[u8]| Some(Reply::Good(kind, body.to_vec()));
        match request.path.as_str() {
            "/arxiv/pdf/2101.00001" => answer("application/pdf", b"%PDF-1.7\nlattice\n"),
            "/arxiv/pdf/2101.00002" => answer("application/pdf", b"<html>sign in</html>"),
            _ => None,
        }
    });
    let home = Home::new();
    home.file(
        "refs.json",
        r#"[{"id": "lattice/1", "archive": "arXiv", "archive_location": "2101.00001"},
            {"id": "page", "archive": "arXiv", "archive_location": "2101.00002"},
            {"id": "bare", "title": "Nothing names it"}]"#,
    );
    let fetch = |arguments: &[&str]| {
        let all = [&["--library", "refs.json", "fetch-pdf"], arguments].concat();
        run(&home, &server, &all)
    };
    let said = fetch(&["lattice/1", "page", "bare"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("page: ") && said.err.contains("no PDF"),
        "{}",
        said.err
    );
    assert!(said.err.contains("bare: "), "{}", said.err);
    let folder = home.path().join("refs.offprint/pdf");
    let names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(
        fs::read(folder.join(&names[0])).unwrap(),
        b"%PDF-1.7\nlattice\n"
    );
    let history = run(
        &home,
        &server,
        &["--library", "refs.json", "history", "lattice/1"],
    );
    let held = format!("refs.offprint/pdf/{}", names[0]);
    assert!(history.out.contains(&held), "{}", history.out);
    // One is enough, and undo takes it off.
    let asked = server.paths().len();
    let said = fetch(&["lattice/1"]);
    assert!(said.err.contains("--again"), "{}", said.err);
    assert_eq!(server.paths().len(), asked);
    assert_eq!(
        run(&home, &server, &["--library", "refs.json", "undo"]).code,
        0
    );
    let said = fetch(&["lattice/1", "--folder", "elsewhere"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(home.path().join("elsewhere").join(&names[0]).is_file());
    home.file("config.toml", "[pdf]\nfolder = \"set\"\n");
    let said = fetch(&["lattice/1", "--again", "--config", "config.toml"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(home.path().join("set").join(&names[0]).is_file());
}
