//! Recorded answers of real services: each parses into what it says.
//!
//! The answers are read in place and are not part of the repository.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::{Path, PathBuf};

use offprint::core::item::Item;
use offprint::core::services::{
    Unusable, arxiv, crossref, datacite, doi, europe_pmc, icite, ncbi, openalex, pubmed,
    semantic_scholar, unpaywall,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/services")
}

fn read(name: &str) -> Vec<u8> {
    let path = folder().join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(sub: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder().join(sub))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| format!("{sub}/{name}"))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "{sub}");
    names
}

/// Title, first author, number of authors, year, venue: a line that a reader of the answer can check.
fn line(item: &Item) -> String {
    let authors = item.names("author");
    format!(
        "{} | {} | {} ({}) | {} | {}",
        item.kind(),
        item.text("title").unwrap_or_default(),
        authors
            .first()
            .map(|name| name.full().into_owned())
            .unwrap_or_default(),
        authors.len(),
        item.date("issued")
            .and_then(|date| date.year())
            .map(|year| year.to_string())
            .unwrap_or_default(),
        item.text("container-title")
            .or_else(|| item.text("publisher"))
            .unwrap_or_default(),
    )
}

#[test]
#[ignore = "reads ../shared"]
fn show() {
    for name in files("crossref") {
        println!(
            "{name}: {}",
            crossref::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
    }
    for name in files("datacite") {
        println!(
            "{name}: {}",
            datacite::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
    }
    for name in files("crossref") {
        println!(
            "doi {name}: {}",
            doi::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
    }
    for name in files("ncbi_ctxp") {
        println!(
            "{name}: {}",
            ncbi::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
    }
    for name in files("europepmc") {
        println!(
            "{name}: {}",
            europe_pmc::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
    }
    for name in files("arxiv") {
        println!(
            "{name}: {}",
            arxiv::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
    }
    for name in files("openalex") {
        println!(
            "{name}: {}",
            openalex::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
        println!("   {:?}", openalex::parse_metrics(&read(&name)));
    }
    for name in files("semantic_scholar") {
        println!(
            "{name}: {}",
            semantic_scholar::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
        println!("   {:?}", semantic_scholar::parse_metrics(&read(&name)));
        println!(
            "   {:?}",
            semantic_scholar::parse_titles(&read(&name)).map(|c| c.len())
        );
    }
    for name in files("unpaywall") {
        println!("{name}: {:?}", unpaywall::parse_metrics(&read(&name)));
    }
    for name in files("icite") {
        println!("{name}: {:?}", icite::parse_metrics(&read(&name)));
    }
    for name in files("pubmed_xml") {
        println!(
            "{name}: {}",
            pubmed::parse(&read(&name))
                .map(|i| line(&i))
                .unwrap_or_else(|e| format!("{e:?}"))
        );
    }
    for name in files("crossref") {
        println!("m {name}: {:?}", crossref::parse_metrics(&read(&name)));
        println!(
            "   {:?}",
            crossref::parse_titles(&read(&name))
                .map(|c| c.iter().map(|c| line(&c.item)).collect::<Vec<_>>())
        );
    }
    let _ = Unusable::Absent;
}
