//! The key that fetches figures, in a terminal, with the real program and its cache.

use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::server::{Reply, Server, services};
use super::session::{Session, Start};

const LIBRARY: &str = r#"[{"id": "tides", "type": "article-journal", "title": "On the tides", "DOI": "10.5555/tides.1", "PMID": "99000001", "issued": {"date-parts": [[2019]]}}]"#;

fn start(server: &Server) -> Session {
    start_with(server, LIBRARY, "")
}

fn start_with(server: &Server, library: &str, config: &str) -> Session {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("library.json"), library).unwrap();
    fs::create_dir_all(home.path().join(".config/offprint")).unwrap();
    fs::write(home.path().join(".config/offprint/config.toml"), config).unwrap();
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
    session.shows("Figures fetched · ");
    session.shows("fields differ: gr");
    session.shows("52 (OpenAlex, ");
    session.shows("!! RETRACTED 2021-02-03");
    session.shows("RETRACTED On the tides");
    let asked = server.paths().len();
    // Each once: what Crossref says of the paper came with its figures.
    assert_eq!(asked, 6);
    session.type_keys("gr");
    session.shows("Crossref about tides");
    session.shows("On the tides → On the tides of H₂O");
    session.type_keys("n");
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

/// The only paper with a title in the library.
fn titles(session: &Session) -> Vec<String> {
    let text = fs::read_to_string(session.path().join("library.json")).unwrap();
    let items: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let title = |item: &serde_json::Value| item["title"].as_str().unwrap_or_default().to_owned();
    items.iter().map(title).collect()
}

#[test]
fn papers_come_in_by_what_is_pasted_and_leave_by_undo() {
    let server = services(|_| None);
    let mut session = start(&server);
    session.shows("METRICS");
    session.type_keys("a");
    session.shows("DOI, PMID, arXiv id, ISBN, title or PDF");
    session.shows("^S ask");
    session.type_keys("\u{1b}[200~10.5555/set.7\n10.5555/nothing\u{1b}[201~");
    session.shows("10.5555/nothing");
    assert!(server.paths().is_empty());
    session.type_keys("\u{13}");
    session.shows("Add 1 paper?");
    session.shows("Crossref does not know it");
    session.shows("Tide gauges");
    session.type_keys("y");
    session.shows("May offprint write");
    assert_eq!(titles(&session), ["On the tides"]);
    session.type_keys("y");
    session.shows("u takes it back");
    session.shows("1/2");
    assert_eq!(titles(&session).len(), 2);
    session.type_keys("u");
    session.shows("1/1");
    assert_eq!(titles(&session), ["On the tides"]);
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
}

#[test]
fn a_pdf_that_is_dropped_on_the_box_is_attached_or_adds_its_paper() {
    let server = services(|_| None);
    let mut session = start(&server);
    session.shows("METRICS");
    fs::write(session.path().join("10.5555_tides.1.pdf"), "%PDF-1.7\n").unwrap();
    fs::write(session.path().join("10.5555_set.7 final.pdf"), "%PDF-1.7\n").unwrap();
    session.type_keys("a");
    session.shows("^S ask");
    session.type_keys("\u{1b}[200~10.5555_tides.1.pdf\u{1b}[201~\u{13}");
    session.shows("The paper is here already");
    session.shows("attach the PDF");
    // The paper is known: nobody had to be asked.
    assert!(server.paths().is_empty());
    session.type_keys("f");
    session.shows("Attached the file");
    let dropped = format!(
        "a\u{1b}[200~'{}/10.5555_set.7 final.pdf'\u{1b}[201~\u{13}",
        session.path().display()
    );
    session.type_keys(&dropped);
    session.shows("Add 1 paper?");
    session.shows("set.7 final.pdf");
    session.type_keys("yy");
    session.shows("u takes it back");
    assert_eq!(titles(&session).len(), 2);
    let journals = session.path().join("library.offprint");
    let noted: String = fs::read_dir(journals)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
        .collect();
    // Beside the library, so that both can move together.
    assert!(noted.contains("\"10.5555_tides.1.pdf\""), "{noted}");
    assert!(noted.contains("\"10.5555_set.7 final.pdf\""), "{noted}");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
}

#[test]
fn esc_ends_asking_for_papers_and_what_was_written_is_kept() {
    let server = services(|_| Some(Reply::Silence(Duration::from_secs(15))));
    let mut session = start(&server);
    session.shows("METRICS");
    session.type_keys("a10.5555/set.7\u{13}");
    session.shows("asking ");
    session.type_keys("\u{1b}");
    session.shows("Fetching stopped");
    session.type_keys("a");
    session.shows("10.5555/set.7");
    assert_eq!(titles(&session), ["On the tides"]);
}

/// The bytes of all journals.
fn noted(session: &Session) -> String {
    fs::read_dir(session.path().join("library.offprint"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
        .collect()
}

const PREPRINT: &str = r#"[{"id": "lattice", "title": "On lattices", "archive": "arXiv", "archive_location": "2101.00001"},
    {"id": "bare", "title": "On nothing"}]"#;

#[test]
fn a_pdf_that_may_be_read_freely_is_found_kept_and_attached() {
    let server = services(|request| {
        let is_pdf = request.path == "/arxiv/pdf/2101.00001";
        is_pdf.then(|| Reply::Good("application/pdf", b"%PDF-1.7\nlattice\n".to_vec()))
    });
    let mut session = start_with(&server, PREPRINT, "[pdf]\nfolder = \"~/papers\"\n");
    session.shows("On lattices");
    session.type_keys("gp");
    session.shows("No PDF attached");
    assert!(server.paths().is_empty());
    session.type_keys(".f");
    session.shows("PDF from arXiv attached");
    session.shows("papers/lattice.pdf");
    assert_eq!(server.paths(), ["/arxiv/pdf/2101.00001"]);
    let kept = fs::read(session.path().join("papers/lattice.pdf")).unwrap();
    assert_eq!(kept, b"%PDF-1.7\nlattice\n");
    // The folder is beside the library: both can move together.
    session.waits_for("written down", |session| {
        noted(session).contains("\"papers/lattice.pdf\"")
    });
    session.type_keys(".f");
    session.shows("attached already");
    session.type_keys("qu");
    session.shows("No PDF attached");
    // Of the other paper nobody knows what to ask for.
    session.type_keys("hj");
    session.shows("title = {On Nothing}");
    session.type_keys(".f");
    session.shows("neither a DOI nor an arXiv id");
    session.type_keys("qq");
    assert_eq!(session.ends(), 0);
    assert_eq!(server.paths().len(), 1);
}

#[test]
fn esc_ends_looking_for_a_pdf() {
    let server = services(|_| Some(Reply::Silence(Duration::from_secs(15))));
    let mut session = start_with(&server, PREPRINT, "");
    session.shows("On lattices");
    session.type_keys(":find-pdf\r");
    session.shows("asking ");
    session.type_keys("\u{1b}");
    session.shows("Fetching stopped");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    let kept = fs::read_dir(session.path().join("library.offprint/pdf"));
    assert_eq!(kept.map_or(0, Iterator::count), 0, "nothing half is kept");
}
