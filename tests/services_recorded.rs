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
use offprint::core::services::metrics::NoticeKind;
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

/// Kind, begin of the title, first author, number of authors, year: what a reader of the answer can check.
fn line(item: &Item) -> String {
    let authors = item.names("author");
    let title: String = item
        .text("title")
        .unwrap_or_default()
        .chars()
        .take(24)
        .collect();
    let first = authors.first().map(|name| name.full().into_owned());
    let year = item.date("issued").and_then(|date| date.year());
    format!(
        "{} | {title} | {} {} | {}",
        item.kind(),
        first.unwrap_or_default(),
        authors.len(),
        year.map(|year| year.to_string()).unwrap_or_default(),
    )
}

type Parse = fn(&[u8]) -> Result<Item, Unusable>;

/// The files of a folder that hold an item, and its line; of all others, that they hold none.
fn holds(sub: &str, parse: Parse, wanted: &[(&str, &str)]) {
    let mut found = Vec::new();
    for name in files(sub) {
        let body = read(&name);
        match parse(&body) {
            Ok(item) => {
                is_sound(&name, &item);
                found.push((name, line(&item)));
            }
            Err(Unusable::Absent | Unusable::Unreadable(_)) => {}
        }
    }
    let wanted: Vec<(String, String)> = wanted
        .iter()
        .map(|(name, line)| (format!("{sub}/{name}"), (*line).to_owned()))
        .collect();
    assert_eq!(found, wanted);
}

/// CSL's shapes, and nothing that a terminal could obey.
fn is_sound(name: &str, item: &Item) {
    for (field, value) in item.fields() {
        let is_shaped = match field.as_str() {
            "author" | "editor" | "translator" => value.is_array(),
            "issued" | "custom" => value.is_object(),
            _ => value.as_str().is_some_and(|text| !text.trim().is_empty()),
        };
        assert!(is_shaped, "{name}: {field}: {value}");
    }
    let text = serde_json::Value::Object(item.fields().clone()).to_string();
    for wrong in ["jats:", "mml:", "&amp;", "&lt;", "\\u00", "<p>", "<h4>"] {
        assert!(!text.contains(wrong), "{name}: {wrong}: {text}");
    }
    if let Some(doi) = item.doi() {
        assert_eq!(doi, doi.to_lowercase());
    }
}

#[test]
#[ignore = "reads ../shared"]
fn crossref_answers() {
    holds(
        "crossref",
        crossref::parse,
        &[
            (
                "habanero_works_10.1002_jor.1100150407.json",
                "article-journal | Growth hormone secretago | Richard L. Lieber 12 | 1997",
            ),
            (
                "habanero_works_10.1016_j.neurobiolaging.2010.03.024.json",
                "article-journal | Human umbilical cord blo | Hyun Ju Lee 11 | 2012",
            ),
            (
                "habanero_works_10.1038_srep16696.json",
                "article-journal | Single-molecule FRET stu | Laura Tosatto 8 | 2015",
            ),
            (
                "habanero_works_10.1109_icdcsw.2003.1203662.json",
                "paper-conference | Accurate and explicit di | V. Arya 2 | 2004",
            ),
            (
                "habanero_works_10.1371_journal.pone.0033693.json",
                "article-journal | Methylphenidate Exposure | Shankar Sadasivan 6 | 2012",
            ),
            (
                "habanero_works_10.3892_ijo_00000353.json",
                "article-journal | Human bladder cancer cel | Stravopodis 1 | 2009",
            ),
        ],
    );
    let body = read("crossref/habanero_works_10.1038_srep16696.json");
    let item = crossref::parse(&body).unwrap();
    let references = item.own("references").unwrap().as_array().unwrap();
    assert!(references.len() > 40, "{}", references.len());
    let about = item.text("abstract").unwrap();
    assert!(
        about.starts_with("Oligomers of alpha-synuclein are toxic"),
        "{about}"
    );
    let body = read("crossref/habanero_works_10.1371_journal.pone.0033693.json");
    let metrics = crossref::parse_metrics(&body).unwrap();
    assert_eq!(metrics.shown().unwrap().count, 72);
    assert_eq!(metrics.notices[0].kind, NoticeKind::Corrected);
    let found =
        crossref::parse_titles(&read("crossref/habanero_works_query_ecology_rows_2.json")).unwrap();
    assert_eq!(found.len(), 2);
}

#[test]
#[ignore = "reads ../shared"]
fn csl_answers_of_doi_org() {
    let water = "article-journal | The Structure of Ordinar | Henry S. Frank 1 | 1970";
    holds(
        "crossref",
        doi::parse,
        &[
            (
                "habanero_works_10.1126_science.169.3946.635_transform_application_vnd.citationstyles.csl_json.json",
                water,
            ),
            (
                "rcrossref_cr_cn_citeproc_json_api.crossref.org_works_10.1126_science.169.3946.635_transform_application_vnd.citationstyl.json",
                water,
            ),
        ],
    );
    holds(
        "ncbi_ctxp",
        ncbi::parse,
        &[(
            "pmid_31209238.csl.json",
            "article-journal | Community assessment to  | Michael P Menden 27 | 2019",
        )],
    );
    let item = ncbi::parse(&read("ncbi_ctxp/pmid_31209238.csl.json")).unwrap();
    let group = &item.names("author")[12];
    assert_eq!(
        group.literal,
        "AstraZeneca-Sanger Drug Combination DREAM Consortium"
    );
}

#[test]
#[ignore = "reads ../shared"]
fn datacite_answers() {
    holds(
        "datacite",
        datacite::parse,
        &[
            (
                "Dataset_1.json",
                "dataset | Data from: A new malaria | Benjamin Ollomo 8 | 2011",
            ),
            (
                "author_only_full_name_1.json",
                "dataset | การเพาะเลี้ยงเนื้อเยื่อป | กัญจนา แซ่เตียว 1 | 2006",
            ),
            (
                "dissertation_1.json",
                "thesis | Dynamics of colloids in  | Heiko Conrad 1 | 2014",
            ),
            (
                "multiple_author_names_in_one_creatorsName_1.json",
                "dataset | Replication Data for: In | Enos, Ryan (Harvard University); Fowler, Anthony (University Of Chicago); Vavreck, Lynn (UCLA) 1 | 2017",
            ),
        ],
    );
    assert_eq!(
        datacite::parse(&read("datacite/DOI_not_found_1.json")),
        Err(Unusable::Absent)
    );
}

#[test]
#[ignore = "reads ../shared"]
fn pubmed_answers() {
    holds(
        "pubmed_xml",
        pubmed::parse,
        &[
            (
                "biomcp_efetch_22663011.xml",
                "article-journal | Improved survival with M | Keith T Flaherty 26 | 2012",
            ),
            (
                "efetch_11618220.xml",
                "article-journal | Eroticism in late Ming,  | K McMahon 1 | 1987",
            ),
            (
                "efetch_219391.xml",
                "article-journal | The fine structure of bl | T Nakano 5 | 1979",
            ),
            (
                "efetch_24349601.xml",
                "article-journal | Genes, Economics, and Ha | Jan-Emmanuel De Neve 4 | 2012",
            ),
            (
                "efetch_26415349.xml",
                "article-journal | Plato's Embryology | James Wilberding 1 | 2015",
            ),
            (
                "efetch_31588070.xml",
                "article-journal | Current Management of Ac | Carlos R Martinez Licha 4 | 2020",
            ),
            (
                "efetch_32292800.xml",
                "article-journal | First-in-human evaluatio | Josh M Leipheimer 7 | 2019",
            ),
            (
                "efetch_32743745.xml",
                "article-journal | The existence of Aβ stra | Heather H C Lau 3 | 2021",
            ),
            (
                "efetch_33889184.xml",
                "article-journal | Once upon a time, inflam | Jean-Marc Cavaillon 1 | 2021",
            ),
            (
                "jabref_ArticleID.xml",
                "article-journal | Diagnostic performance o | Joshua Rhein 15 | 2015",
            ),
            (
                "jabref_ArticleItalics.xml",
                "article-journal | Genome-wide significant  | Sonia Moreno-Grau 24 | 2018",
            ),
            (
                "jabref_MathML.xml",
                "article-journal | CellML 2.0 | Michael Clerx 8 | 2020",
            ),
            // A record without authors.
            (
                "jabref_MeshHeadingList.xml",
                "article-journal | Test article for MeSH he |  0 | 2024",
            ),
            (
                "jabref_Nbib.xml",
                "article-journal | Predictors of treatment  | F W Gibb Jr 4 | 2013",
            ),
            (
                "jabref_PubmedBook.xml",
                "book | Rheumatoid Arthritis: Na | National Collaborating Centre for Chronic Conditions (UK) 2 | 2009",
            ),
            (
                "pmc_jats_29768149.xml",
                "article-journal | Inhaled Combined Budeson | Paul M O'Byrne 10 | 2018",
            ),
        ],
    );
    let item = pubmed::parse(&read("pubmed_xml/efetch_32292800.xml")).unwrap();
    assert_eq!(item.text("PMCID").as_deref(), Some("PMC7156113"));
    assert_eq!(item.text("page").as_deref(), Some("98-107"));
    let about = item.text("abstract").unwrap();
    assert!(
        about.contains("(<i>n</i> = 31)") && about.contains("93 ± 30 s"),
        "{about}"
    );
}

#[test]
#[ignore = "reads ../shared"]
fn arxiv_answers() {
    holds(
        "arxiv",
        arxiv::parse,
        &[
            (
                "id_1605.08386_s0_m100_199195aa31ad.atom.xml",
                "article | Heat-bath random walks w | Caprice Stanley 2 | 2016",
            ),
            (
                "id_1707.08567_s0_m100_6a1afebfc6a3.atom.xml",
                "article | Proceedings of Workshop  | Kees A. Schouhamer Immink 34 | 2017",
            ),
            // Its title is this one digit.
            (
                "id_2104.12255v1_s0_m100_6ae69987ffe1.atom.xml",
                "article | 0 | Quan Thoi Minh Nguyen 1 | 2021",
            ),
            (
                "id_astro-ph_0601001_s0_m100_3150dca9dc76.atom.xml",
                "article | Frequency of Hot Jupiter | Andrew Gould 4 | 2006",
            ),
            (
                "q_testing_s0_m10_bc5a6c384fe9.atom.xml",
                "article | Testing Deep Learning Mo | Mohit Kumar Ahuja 3 | 2022",
            ),
        ],
    );
    for name in [
        "arxiv/id_0000.0000_s0_m100_8b51d9633a68.atom.xml",
        "arxiv/id_abc_s0_m100_b79c8dcf6bc3.atom.xml",
    ] {
        assert_eq!(arxiv::parse(&read(name)), Err(Unusable::Absent));
    }
}

#[test]
#[ignore = "reads ../shared"]
fn europe_pmc_answers() {
    holds(
        "europepmc",
        europe_pmc::parse,
        &[
            (
                "biomcp_search_pmid_20516115.json",
                "article-journal | Comprehensive analysis o | MS Lee 11 | 2010",
            ),
            (
                "biomcp_search_pmid_22663011.json",
                "article-journal | Improved survival with M | KT Flaherty 26 | 2012",
            ),
        ],
    );
    let body = read("europepmc/biomcp_search_pmid_22663011.json");
    let metrics = europe_pmc::parse_metrics(&body).unwrap();
    assert_eq!(metrics.shown().unwrap().count, 1594);
}

#[test]
#[ignore = "reads ../shared"]
fn answers_with_figures() {
    holds(
        "openalex",
        openalex::parse,
        &[
            (
                "openalexR_W2163492414.json",
                "article-journal | Design, synthesis and bi | A. K. Tiwari 14 | 2015",
            ),
            (
                "openalexR_W3197312755.json",
                "article-journal | 주파수 안정도 측정 | 이호성 4 | 1986",
            ),
            (
                "openalexR_W52443429.json",
                "article-journal | Clinical, morphological  | A. Prelle 14 | 2003",
            ),
        ],
    );
    let metrics = openalex::parse_metrics(&read("openalex/openalexR_W52443429.json")).unwrap();
    assert_eq!(metrics.shown().unwrap().count, 31);
    assert_eq!(metrics.by_year.first(), Some(&(2013, 1)));
    assert_eq!(metrics.field_weighted, Some(1.022));
    holds(
        "semantic_scholar",
        semantic_scholar::parse,
        &[(
            "Paper_all_fields_trimmed.json",
            "article-journal | Computing Machinery and  | A. Turing 1 | 1950",
        )],
    );
    let turing = read("semantic_scholar/Paper_all_fields_trimmed.json");
    assert_eq!(
        semantic_scholar::parse_metrics(&turing)
            .unwrap()
            .influential,
        Some(530)
    );
    let missing = read("semantic_scholar/test_not_found_0.json");
    assert_eq!(
        semantic_scholar::parse_metrics(&missing),
        Err(Unusable::Absent)
    );
    let found = read("semantic_scholar/test_search_paper_0.json");
    let found = semantic_scholar::parse_titles(&found).unwrap();
    assert_eq!(found.len(), 100);
    // Titles with C1 control characters are among them.
    for one in &found {
        is_sound("search", &one.item);
    }
    for name in files("unpaywall") {
        let open = unpaywall::parse_metrics(&read(&name))
            .unwrap()
            .open_access
            .unwrap();
        assert!(
            ["gold", "green", "bronze", "hybrid"].contains(&open.status.as_str()),
            "{name}"
        );
    }
    let metrics = icite::parse_metrics(&read("icite/icite_two_pmids_shape.json")).unwrap();
    assert_eq!(metrics.relative.map(|one| one.ratio), Some(9.87));
}
