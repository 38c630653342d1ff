//! Any bytes as the answer of a service, and any text as what names a paper.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint::core::identify::{find_doi, identify_all, pdf_paths};
use offprint::core::services::{
    arxiv, crossref, datacite, doi, europe_pmc, icite, ncbi, open_library, openalex, pubmed, semantic_scholar,
    unpaywall,
};

fuzz_target!(|bytes: &[u8]| {
    for parse in [
        crossref::parse,
        datacite::parse,
        doi::parse,
        ncbi::parse,
        europe_pmc::parse,
        semantic_scholar::parse,
        openalex::parse,
        open_library::parse,
        pubmed::parse,
        arxiv::parse,
    ] {
        if let Ok(item) = parse(bytes) {
            assert!(item.fields().contains_key("type"));
            let title = item.text("title").unwrap_or_default();
            assert!(!title.contains(char::is_control));
        }
    }
    for parse in [
        crossref::parse_metrics,
        europe_pmc::parse_metrics,
        semantic_scholar::parse_metrics,
        openalex::parse_metrics,
        unpaywall::parse_metrics,
        icite::parse_metrics,
        pubmed::parse_metrics,
    ] {
        if let Ok(metrics) = parse(bytes) {
            assert!(metrics.years(2030).len() <= 400);
        }
    }
    let _ = crossref::parse_titles(bytes);
    let _ = semantic_scholar::parse_titles(bytes);
    let _ = unpaywall::parse_pdfs(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let (paths, _) = pdf_paths(text);
        assert!(paths.iter().all(|path| path.len() > 4));
        for found in identify_all(text) {
            assert!(!found.identifier.value().is_empty());
        }
        if let Some(doi) = find_doi(text) {
            assert_eq!(find_doi(&doi), Some(doi));
        }
    }
});
