//! Fetching figures: everybody who may know the paper is asked, each once.

use std::collections::BTreeSet;

use offprint::core::identify::Identifier;
use offprint::core::services::Service;
use offprint::runtime::net::{Asking, Client};

use super::server::{Reply, missing, services, setup};

fn ids() -> Vec<Identifier> {
    vec![
        Identifier::Doi("10.5555/tides.1".to_owned()),
        Identifier::Pmid("99000001".to_owned()),
    ]
}

#[test]
fn everybody_is_asked_once_and_told_apart() {
    let server = services(|_| None);
    let client = Client::new(setup(&server.url, &[("OFFPRINT_MAILTO", "a@example.org")]));
    let stored = client.fetch_metrics(&ids(), &Asking::PATIENT).unwrap();
    let metrics = &stored.metrics;
    assert_eq!(metrics.shown().unwrap().source, Service::OpenAlex);
    let counts: Vec<u32> = metrics.citations.iter().map(|one| one.count).collect();
    assert_eq!(counts, [52, 47, 40, 31, 29]);
    assert_eq!(metrics.influential, Some(5));
    assert_eq!(metrics.field_weighted, Some(1.75));
    assert_eq!(metrics.relative.map(|one| one.ratio), Some(2.5));
    assert_eq!(metrics.open_access.as_ref().unwrap().status, "green");
    assert!(metrics.retraction().is_some());
    assert!(stored.fetched > 1_700_000_000_000);
    assert!(stored.asked.iter().all(|asked| asked.failure.is_none()));
    let hosts: BTreeSet<String> = server
        .paths()
        .iter()
        .map(|path| path.split('/').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(hosts.len(), 7);
    assert_eq!(server.paths().len(), 7);
}

#[test]
fn what_the_figures_came_with_is_compared_without_asking_again() {
    let server = services(|_| None);
    let folder = tempfile::tempdir().unwrap();
    let mut with_cache = setup(&server.url, &[]);
    with_cache.cache = Some(folder.path().to_owned());
    let client = Client::new(with_cache);
    let begun = 1_700_000_000_000;
    client.fetch_metrics(&ids(), &Asking::PATIENT).unwrap();
    let asked = server.paths().len();
    client
        .fetch_since(begun, &ids()[0], &Asking::PATIENT)
        .unwrap();
    assert_eq!(server.paths().len(), asked);
    // Figures themselves are never old.
    client.fetch_metrics(&ids(), &Asking::PATIENT).unwrap();
    assert_eq!(server.paths().len(), 2 * asked);
}

#[test]
fn without_a_mail_address_unpaywall_is_not_asked() {
    let server = services(|_| None);
    let client = Client::new(setup(&server.url, &[]));
    client.fetch_metrics(&ids(), &Asking::PATIENT).unwrap();
    assert!(
        !server
            .paths()
            .iter()
            .any(|path| path.starts_with("/unpaywall/"))
    );
}

#[test]
fn one_that_fails_costs_its_own_figures_only() {
    let server = services(|request| {
        let fails = request.path.starts_with("/openalex/");
        fails.then(|| Reply::Status(500, Vec::new(), Vec::new()))
    });
    let client = Client::new(setup(&server.url, &[]));
    let stored = client.fetch_metrics(&ids(), &Asking::PATIENT).unwrap();
    assert_eq!(
        stored.metrics.shown().unwrap().source,
        Service::SemanticScholar
    );
    let failed: Vec<Service> = stored
        .asked
        .iter()
        .filter(|asked| asked.failure.is_some())
        .map(|asked| asked.service)
        .collect();
    assert_eq!(failed, [Service::OpenAlex]);
}

#[test]
fn when_nobody_answers_there_are_no_figures() {
    let server = services(|_| Some(missing()));
    let client = Client::new(setup(&server.url, &[]));
    let error = client.fetch_metrics(&ids(), &Asking::PATIENT).unwrap_err();
    assert!(error.is_absent(), "{error}");
    let error = client.fetch_metrics(&[], &Asking::PATIENT).unwrap_err();
    assert!(error.to_string().contains("without DOI, PMID"), "{error}");
}

#[test]
fn a_key_that_cannot_be_had_is_told_and_not_shown() {
    let server = services(|_| None);
    let settings =
        offprint::config::Settings::parse("[services]\nopenalex_key = \"/no/such/file\"\n")
            .0
            .services;
    let url = server.url.clone();
    let variable = move |name: &str| {
        let code = name.strip_prefix("OFFPRINT_")?.strip_suffix("_URL")?;
        Some(format!("{url}/{}", code.to_lowercase()))
    };
    let (mut setup, _) = offprint::runtime::net::Setup::new(&settings, variable, None);
    setup.limits = super::server::quick();
    let stored = Client::new(setup)
        .fetch_metrics(&ids(), &Asking::PATIENT)
        .unwrap();
    let openalex = stored
        .asked
        .iter()
        .find(|asked| asked.service == Service::OpenAlex)
        .unwrap();
    assert_eq!(
        openalex.failure.as_deref(),
        Some("was not asked: the key cannot be had, its file /no/such/file cannot be read")
    );
    assert!(
        !server
            .paths()
            .iter()
            .any(|path| path.starts_with("/openalex/"))
    );
}

#[test]
fn a_pdf_is_found_where_it_may_be_read() {
    let server = services(|request| {
        let body = br#"{"is_oa": true, "oa_status": "gold", "best_oa_location": {"url_for_pdf": "https://quay.example.org/1.pdf"}}"#;
        let is_it = request
            .path
            .starts_with("/unpaywall/v2/10.5555/tides.1?email=");
        is_it.then(|| Reply::Good("application/json", body.to_vec()))
    });
    let client = Client::new(setup(&server.url, &[("OFFPRINT_MAILTO", "a@example.org")]));
    let link = client.find_pdf(&ids(), &Asking::PATIENT).unwrap();
    assert_eq!(link.url, "https://quay.example.org/1.pdf");
    let arxiv = [Identifier::Arxiv("2101.00001".to_owned())];
    let link = client.find_pdf(&arxiv, &Asking::PATIENT).unwrap();
    assert_eq!(link.url, format!("{}/arxiv/pdf/2101.00001", server.url));
    let usual = offprint::core::services::arxiv::pdf_url("https://export.arxiv.org", "2101.00001");
    assert_eq!(usual, "https://arxiv.org/pdf/2101.00001");
    let error = Client::new(setup(&server.url, &[]))
        .find_pdf(&ids(), &Asking::PATIENT)
        .unwrap_err();
    assert!(
        error.to_string().contains("mailto under [services]"),
        "{error}"
    );
}
