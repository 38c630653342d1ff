//! `offprint fetch` and `offprint refresh`, as scripts run them.

use std::process::Command;

use serde_json::Value;

use super::program::{Home, Said, said};
use super::server::{Reply, Server, missing, services};

pub(crate) fn command(home: &Home, server: &Server, arguments: &[&str]) -> Command {
    let mut command = home.command(arguments);
    command.env("XDG_CACHE_HOME", home.path().join("cache"));
    for code in [
        "crossref",
        "datacite",
        "doi",
        "pubmed",
        "ncbi",
        "europepmc",
        "arxiv",
        "openalex",
        "s2",
        "unpaywall",
        "openlibrary",
        "icite",
    ] {
        let name = format!("OFFPRINT_{}_URL", code.to_uppercase());
        command.env(name, format!("{}/{code}", server.url));
    }
    command
}

pub(crate) fn run(home: &Home, server: &Server, arguments: &[&str]) -> Said {
    said(command(home, server, arguments).output().unwrap())
}

#[test]
fn fetch_prints_papers_without_adding_them() {
    let (home, server) = (Home::new(), services(|_| None));
    let said = run(
        &home,
        &server,
        &["fetch", "https://doi.org/10.5555/tides.1"],
    );
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(
        said.out
            .starts_with("On the tides of H₂O & ice: A survey\n"),
        "{}",
        said.out
    );
    assert!(!home.path().join("data").exists());

    let said = run(
        &home,
        &server,
        &["--json", "fetch", "PMID 99000001", "10.5555/set.7"],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let items: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(items[0]["PMID"], "99000001");
    assert_eq!(items[1]["type"], "dataset");

    let said = run(&home, &server, &["fetch", "--bibtex", "10.5555/tides.1"]);
    assert!(said.out.starts_with("@article{"), "{}", said.out);
    // The second time it was kept.
    let asked = server
        .paths()
        .iter()
        .filter(|path| path.contains("tides.1"))
        .count();
    assert_eq!(asked, 1);
}

#[test]
fn fetch_says_which_failed_and_prints_the_others() {
    let (home, server) = (Home::new(), services(|_| None));
    let said = run(
        &home,
        &server,
        &["--json", "fetch", "10.5555/nothing", "10.5555/set.7"],
    );
    assert_eq!(said.code, 1);
    let items: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(items.as_array().unwrap().len(), 1);
    assert!(
        said.err
            .starts_with("offprint: DOI 10.5555/nothing: Crossref does not know it"),
        "{}",
        said.err
    );
}

#[test]
fn a_title_gives_a_choice_unless_it_is_the_same() {
    let (home, server) = (Home::new(), services(|_| None));
    let said = run(&home, &server, &["fetch", "tides of rivers"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("10.5555/rivers.9") && said.out.contains("10.5555/tides.1"),
        "{}",
        said.out
    );
    let said = run(&home, &server, &["fetch", "On the tides of water"]);
    assert!(said.out.starts_with("On the tides of H₂O"), "{}", said.out);
    let said = run(&home, &server, &["--json", "fetch", "tides of rivers"]);
    assert_eq!((said.code, said.out.as_str()), (1, "[]\n"));
}

const LIBRARY: &str = r#"[{"id": "tides", "type": "article-journal", "title": "On the tides", "DOI": "10.5555/tides.1", "PMID": "99000001", "volume": "11", "issued": {"date-parts": [[2019]]}},
 {"id": "bare", "type": "book", "title": "Nothing else"}]"#;

#[test]
fn refresh_keeps_figures_and_compares_metadata_without_touching_the_library() {
    let (home, server) = (Home::new(), services(|_| None));
    let library = home.file("library.json", LIBRARY);
    let path = library.to_str().unwrap();
    let said = run(&home, &server, &["--library", path, "refresh", "tides"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.starts_with("tides\tRETRACTED"), "{}", said.out);
    assert!(
        said.out.contains("cited 52 times (OpenAlex)"),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("  volume: the library has 11, Crossref 12\n"),
        "{}",
        said.out
    );
    assert_eq!(std::fs::read_to_string(&library).unwrap(), LIBRARY);
    let shown = run(&home, &server, &["--library", path, "show", "tides"]);
    assert!(
        shown
            .out
            .starts_with("!! RETRACTED 2021-02-03, says Crossref: 10.5555/tides.1r\n"),
        "{}",
        shown.out
    );
    let cited = run(&home, &server, &["--library", path, "cite", "tides"]);
    assert_eq!(cited.code, 0);
    assert!(
        cited.err.contains("tides: this paper was retracted"),
        "{}",
        cited.err
    );

    let said = run(
        &home,
        &server,
        &["--library", path, "--json", "refresh", "tides"],
    );
    let all: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(all[0]["metrics"]["citations"][0]["source"], "openalex");
    assert_eq!(all[0]["compared_with"], "crossref");
    let fields: Vec<&str> = all[0]["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert!(
        fields.contains(&"volume") && !fields.contains(&"DOI"),
        "{fields:?}"
    );
}

#[test]
fn what_a_service_says_otherwise_is_accepted_field_by_field_and_taken_back() {
    let (home, server) = (Home::new(), services(|_| None));
    let library = home.file("library.json", LIBRARY);
    let path = library.to_str().unwrap();
    let run = |arguments: &[&str]| run(&home, &server, &[&["--library", path], arguments].concat());
    let text = || std::fs::read_to_string(&library).unwrap();
    // The file is somebody else's.
    let said = run(&["refresh", "tides", "--accept", "volume"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("say offprint own"), "{}", said.err);
    assert_eq!(text(), LIBRARY);
    assert_eq!(run(&["own"]).code, 0);
    let said = run(&["refresh", "tides", "--accept", "volume,ISBN"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("--accept ISBN") && said.err.contains("volume"),
        "{}",
        said.err
    );
    assert_eq!(text(), LIBRARY);

    let said = run(&[
        "--json",
        "refresh",
        "tides",
        "--accept",
        "volume,references",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    let all: Value = serde_json::from_str(&said.out).unwrap();
    let of = |field: &str| {
        let all = all[0]["differences"].as_array().unwrap();
        all.iter().find(|one| one["field"] == field).unwrap()["accepted"].clone()
    };
    assert_eq!((of("volume"), of("title")), (true.into(), false.into()));
    let items: Value = serde_json::from_str(&text()).unwrap();
    assert_eq!(items[0]["volume"], "12");
    assert_eq!(items[0]["title"], "On the tides");
    let references = &items[0]["custom"]["offprint"]["references"];
    assert_eq!(references[0]["DOI"], "10.5555/old.1");
    // The other paper is as it was, byte for byte.
    let other = " {\"id\": \"bare\", \"type\": \"book\", \"title\": \"Nothing else\"}]";
    assert!(text().ends_with(other), "{}", text());
    let said = run(&["undo"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let items: Value = serde_json::from_str(&text()).unwrap();
    assert_eq!(items, serde_json::from_str::<Value>(LIBRARY).unwrap());
    // Whatever differs.
    assert_eq!(run(&["refresh", "tides", "--accept", "all"]).code, 0);
    let said = run(&["refresh", "tides"]);
    assert!(!said.out.contains("the library has"), "{}", said.out);
}

#[test]
fn refresh_all_goes_on_past_papers_that_nobody_knows() {
    let (home, server) = (Home::new(), services(|_| None));
    let library = home.file("library.json", LIBRARY);
    let arguments = [
        "--library",
        library.to_str().unwrap(),
        "refresh",
        "--all",
        "--figures",
    ];
    let said = run(&home, &server, &arguments);
    assert_eq!(said.code, 1);
    assert!(said.out.starts_with("tides\t"), "{}", said.out);
    assert!(said.err.contains("warning: bare: "), "{}", said.err);
    assert!(
        said.err
            .ends_with("offprint: 1 of 2 papers were not fetched; the lines above say why\n"),
        "{}",
        said.err
    );
}

#[test]
fn an_interrupted_refresh_ends_soon_and_says_so() {
    let server = services(|request| {
        let is_slow = request.path.starts_with("/openalex/");
        is_slow.then_some(Reply::Silence(std::time::Duration::from_secs(8)))
    });
    let home = Home::new();
    let library = home.file("library.json", LIBRARY);
    let arguments = ["--library", library.to_str().unwrap(), "refresh", "tides"];
    let mut command = command(&home, &server, &arguments);
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    let begun = std::time::Instant::now();
    while server.paths().is_empty() {
        assert!(begun.elapsed().as_secs() < 10);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let asked = std::time::Instant::now();
    let said = said(child.wait_with_output().unwrap());
    assert!(asked.elapsed().as_secs() < 4);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("stopped: 0 of 1 papers"), "{}", said.err);
    let _ = missing();
}
