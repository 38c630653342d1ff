//! Fetching items: who is asked, in which order, and what comes of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use offprint::core::identify::Identifier;
use offprint::core::services::Service;
use offprint::runtime::net::{Asking, Client, Trouble};

use super::server::{Received, Reply, client, json, missing, services, setup};

fn doi(text: &str) -> Identifier {
    Identifier::Doi(text.to_owned())
}

fn title(client: &Client, identifier: &Identifier) -> (String, Service) {
    let fetched = client.fetch_item(identifier, &Asking::PATIENT).unwrap();
    let title = fetched.item.text("title").unwrap().into_owned();
    (title, fetched.from)
}

fn is_of(request: &Received, service: &str) -> bool {
    request.path.starts_with(&format!("/{service}/"))
}

#[test]
fn each_identifier_is_asked_for_where_it_is_known() {
    let server = services(|_| None);
    let client = client(&server);
    for (identifier, wanted, from) in [
        (
            doi("10.5555/tides.1"),
            "On the <i>tides</i> of H<sub>2</sub>O & ice: A survey",
            Service::Crossref,
        ),
        (
            doi("10.5555/set.7"),
            "Tide gauges, 1900–2000",
            Service::DataCite,
        ),
        (doi("10.5555/ebb"), "Ebb of a registry", Service::Doi),
        (
            Identifier::Pmid("99000001".to_owned()),
            "Tides of <i>E. coli</i> at 10<sup>-3</sup> < x",
            Service::PubMed,
        ),
        (
            Identifier::Pmcid("PMC9900001".to_owned()),
            "Tides of <i>E. coli</i> at 10<sup>-3</sup> < x",
            Service::PubMed,
        ),
        (
            Identifier::Arxiv("2101.00001v2".to_owned()),
            "Learning the tides",
            Service::DataCite,
        ),
        (
            Identifier::Isbn("9780306406157".to_owned()),
            "Tides: a history",
            Service::OpenLibrary,
        ),
    ] {
        assert_eq!(
            title(&client, &identifier),
            (wanted.to_owned(), from),
            "{identifier}"
        );
    }
    let asked = |from: usize| -> Vec<String> { server.paths().split_off(from) };
    assert_eq!(
        asked(0)[..6],
        [
            "/crossref/works/10.5555/tides.1",
            "/crossref/works/10.5555/set.7",
            "/datacite/dois/10.5555/set.7",
            "/crossref/works/10.5555/ebb",
            "/datacite/dois/10.5555/ebb",
            "/doi/10.5555/ebb",
        ]
    );
}

#[test]
fn an_item_has_an_id_first_and_says_where_it_comes_from() {
    let server = services(|_| None);
    let fetched = client(&server)
        .fetch_item(&doi("10.5555/tides.1"), &Asking::PATIENT)
        .unwrap();
    let first = fetched.item.fields().iter().next().unwrap();
    assert_eq!(first.0, "id");
    assert!(
        first.1.as_str().unwrap().to_lowercase().contains("2019"),
        "{}",
        first.1
    );
    let origin = fetched.item.own("origin").unwrap();
    assert_eq!(origin["from"], "crossref");
    assert!(origin["at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(fetched.passed_over, []);
}

#[test]
fn when_one_is_out_of_order_the_next_is_asked() {
    let server = services(|request| {
        let is_down = is_of(request, "crossref") || is_of(request, "datacite");
        let reply = Reply::Status(503, Vec::new(), Vec::new());
        is_down.then_some(reply)
    });
    let fetched = client(&server)
        .fetch_item(&doi("10.5555/ebb"), &Asking::PATIENT)
        .unwrap();
    assert_eq!(fetched.from, Service::Doi);
    let said: Vec<String> = fetched
        .passed_over
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        said,
        [
            "Crossref is out of order, it answered 503 (service unavailable)",
            "DataCite is out of order, it answered 503 (service unavailable)",
        ]
    );
    // The first attempt and two more.
    let of_crossref = server
        .received()
        .iter()
        .filter(|one| is_of(one, "crossref"))
        .count();
    assert_eq!(of_crossref, 3);
}

#[test]
fn a_throttling_archive_is_passed_over_for_openalex() {
    let server = services(|request| {
        if is_of(request, "datacite") {
            return Some(missing());
        }
        let throttled = Reply::Status(429, Vec::new(), b"Rate exceeded.".to_vec());
        is_of(request, "arxiv").then_some(throttled)
    });
    let identifier = Identifier::Arxiv("2101.00001".to_owned());
    let fetched = client(&server)
        .fetch_item(&identifier, &Asking::PATIENT)
        .unwrap();
    assert_eq!(fetched.from, Service::OpenAlex);
    assert_eq!(fetched.passed_over[1].trouble, Trouble::Throttled);
}

#[test]
fn a_paper_that_nobody_knows_is_said_to_be_unknown() {
    let server = services(|_| None);
    let error = client(&server)
        .fetch_item(&doi("10.5555/nothing"), &Asking::PATIENT)
        .unwrap_err();
    assert!(error.is_absent());
    assert_eq!(
        error.to_string(),
        "DOI 10.5555/nothing: Crossref does not know it (404), DataCite does not know it (404), doi.org does not know it (404); check the identifier"
    );
    assert_eq!(server.paths().len(), 3);
}

#[test]
fn answers_are_kept_and_asked_for_once() {
    let server = services(|_| None);
    let folder = tempfile::tempdir().unwrap();
    let mut with_cache = setup(&server.url, &[("OFFPRINT_OPENALEX_KEY", "k3y")]);
    with_cache.cache = Some(folder.path().to_owned());
    let identifier = doi("10.5555/tides.1");
    let first = title(&Client::new(with_cache.clone()), &identifier);
    let again = Client::new(with_cache.clone());
    assert_eq!(title(&again, &identifier), first);
    assert_eq!(server.paths().len(), 1);
    again
        .fetch_since(u64::MAX, &identifier, &Asking::PATIENT)
        .unwrap();
    assert_eq!(server.paths().len(), 2);
    // Too old: asked again.
    with_cache.limits.keep = Duration::ZERO;
    title(&Client::new(with_cache), &identifier);
    assert_eq!(server.paths().len(), 3);
}

#[test]
fn a_page_is_asked_for_the_doi_of_its_paper() {
    let server = services(|request| {
        let page = b"<html><head><meta name=\"citation_doi\" content=\"10.5555/tides.1\"></head>";
        (request.path == "/page").then(|| Reply::Good("text/html", page.to_vec()))
    });
    let address = Identifier::Url(format!("{}/page", server.url));
    assert_eq!(title(&client(&server), &address).1, Service::Crossref);
    let other = Identifier::Url(format!("{}/other", server.url));
    let error = client(&server)
        .fetch_item(&other, &Asking::PATIENT)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("does not know it (404); check the identifier"),
        "{error}"
    );
}

#[test]
fn titles_are_found_the_likest_first() {
    let server = services(|_| None);
    let found = client(&server)
        .find_title("On the Tides of Water.", &Asking::PATIENT)
        .unwrap();
    let dois: Vec<String> = found.iter().map(|one| one.item.doi().unwrap()).collect();
    assert_eq!(dois, ["10.5555/tides.1", "10.5555/rivers.9"]);
    assert!(
        found[0].likeness > 0.99 && found[1].likeness < 0.6,
        "{found:?}"
    );
    assert_eq!(
        server.paths(),
        ["/crossref/works?query.bibliographic=On%20the%20Tides%20of%20Water.&rows=5"]
    );
}

#[test]
fn the_mail_address_goes_to_those_who_ask_for_it() {
    let server = services(|_| None);
    let setup = setup(&server.url, &[("OFFPRINT_MAILTO", "a+b@example.org")]);
    let client = Client::new(setup);
    title(&client, &doi("10.5555/tides.1"));
    title(&client, &Identifier::Pmid("99000001".to_owned()));
    title(&client, &doi("10.5555/ebb"));
    let paths = server.paths();
    assert_eq!(
        paths[0],
        "/crossref/works/10.5555/tides.1?mailto=a%2Bb%40example.org"
    );
    assert!(
        paths[1].ends_with("id=99000001&email=a%2Bb%40example.org"),
        "{paths:?}"
    );
    assert_eq!(paths.last().unwrap(), "/doi/10.5555/ebb");
}

#[test]
fn services_get_the_rest_they_ask_for() {
    let server = services(|_| None);
    let mut paced = setup(&server.url, &[]);
    paced.limits.is_paced = true;
    let client = Client::new(paced);
    let begun = std::time::Instant::now();
    for _ in 0..3 {
        title(&client, &doi("10.5555/tides.1"));
    }
    assert!(
        begun.elapsed() >= Duration::from_millis(400),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_question_taken_back_ends_at_once() {
    let server = services(|_| Some(Reply::Silence(Duration::from_secs(5))));
    let looks = AtomicUsize::new(0);
    let asking = Asking {
        cancelled: &|| looks.fetch_add(1, Ordering::Relaxed) > 3,
        progress: &|_| {},
    };
    let begun = std::time::Instant::now();
    let error = client(&server)
        .fetch_item(&doi("10.5555/tides.1"), &asking)
        .unwrap_err();
    assert!(error.is_cancelled());
    assert!(
        begun.elapsed() < Duration::from_millis(350),
        "{:?}",
        begun.elapsed()
    );
    assert!(server.paths().len() <= 1);
}

#[test]
fn progress_names_who_is_asked() {
    let server = services(|_| None);
    let told = std::sync::Mutex::new(Vec::new());
    let asking = Asking {
        cancelled: &|| false,
        progress: &|who| told.lock().unwrap().push(who.to_owned()),
    };
    client(&server)
        .fetch_item(&doi("10.5555/set.7"), &asking)
        .unwrap();
    assert_eq!(*told.lock().unwrap(), ["Crossref", "DataCite"]);
}

#[test]
fn a_wait_that_a_service_asks_for_is_kept() {
    let calls = AtomicUsize::new(0);
    let server = services(move |request| {
        if !is_of(request, "crossref") || calls.fetch_add(1, Ordering::Relaxed) > 0 {
            return None;
        }
        let wait = ("Retry-After", "1".to_owned());
        Some(Reply::Status(429, vec![wait], Vec::new()))
    });
    let begun = std::time::Instant::now();
    let client = client(&server);
    assert_eq!(title(&client, &doi("10.5555/tides.1")).1, Service::Crossref);
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.paths().len(), 2);
    assert!(matches!(json("doi.json"), Reply::Good(..)));
}
