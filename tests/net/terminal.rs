//! The key that fetches figures, in a terminal, with the real program and its cache.

use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::server::{Reply, Server, services};
use super::session::{Session, Start};

const LIBRARY: &str = r#"[{"id": "tides", "type": "article-journal", "title": "On the tides", "DOI": "10.5555/tides.1", "PMID": "99000001", "issued": {"date-parts": [[2019]]}}]"#;

fn start(server: &Server) -> Session {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("library.json"), LIBRARY).unwrap();
    let addresses: Vec<(String, String)> = [
        "CROSSREF",
        "DATACITE",
        "DOI",
        "PUBMED",
        "NCBI",
        "EUROPEPMC",
        "ARXIV",
        "OPENALEX",
        "S2",
        "UNPAYWALL",
        "OPENLIBRARY",
        "ICITE",
    ]
    .map(|code| {
        let address = format!("{}/{}", server.url, code.to_lowercase());
        (format!("OFFPRINT_{code}_URL"), address)
    })
    .to_vec();
    let environment: Vec<(&str, &str)> = addresses
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    Session::start_in(
        home,
        env!("CARGO_BIN_EXE_offprint"),
        &Start {
            arguments: &["library.json"],
            size: (120, 50),
            environment: &environment,
        },
    )
}

#[test]
fn nothing_is_asked_before_the_key_and_the_figures_come_after_it() {
    let server = services(|_| None);
    let mut session = start(&server);
    session.shows("METRICS");
    session.type_keys("gm");
    session.shows("never fetched: m");
    assert!(server.paths().is_empty());
    session.type_keys("m");
    session.shows("Figures fetched");
    session.shows("52 (OpenAlex, ");
    session.shows("!! RETRACTED 2021-02-03");
    session.shows("RETRACTED On the tides");
    let asked = server.paths().len();
    assert_eq!(asked, 6);
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
    assert_eq!(server.paths().len(), asked);
}

#[test]
fn esc_ends_a_fetching_that_hangs() {
    let server = services(|_| Some(Reply::Silence(Duration::from_secs(15))));
    let mut session = start(&server);
    session.shows("METRICS");
    session.type_keys("gm");
    session.shows("never fetched: m");
    session.type_keys("m");
    session.shows("asking ");
    session.type_keys("\u{1b}");
    session.shows("Fetching stopped");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
}
