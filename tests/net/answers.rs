//! What each service answers, as an item or as figures.

use offprint::core::item::Item;
use offprint::core::services::metrics::{NoticeKind, Relative};
use offprint::core::services::{
    Service, Unusable, arxiv, crossref, datacite, doi, europe_pmc, icite, ncbi, open_library,
    openalex, pubmed, semantic_scholar, unpaywall,
};
use proptest::prelude::*;

use super::server::stored;

fn text(item: &Item, field: &str) -> String {
    item.text(field).unwrap_or_default().into_owned()
}

fn authors(item: &Item) -> Vec<String> {
    item.names("author")
        .iter()
        .map(|name| name.full().into_owned())
        .collect()
}

fn references(item: &Item) -> Vec<String> {
    item.own("references")
        .and_then(|list| list.as_array())
        .into_iter()
        .flatten()
        .map(|one| one["DOI"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn crossref_gives_clean_items() {
    let item = crossref::parse(&stored("crossref.json")).unwrap();
    assert_eq!(item.kind(), "article-journal");
    assert_eq!(
        text(&item, "title"),
        "On the <i>tides</i> of H<sub>2</sub>O & ice: A survey"
    );
    assert_eq!(
        authors(&item),
        ["Ada Marlowe-Reyes", "B. C. de Vries Jr", "The Tidal Group"]
    );
    assert_eq!(
        text(&item, "abstract"),
        "Background: Water moves (p < 0.05).\n\nResults: It moves 10<sup>3</sup> times."
    );
    assert_eq!(text(&item, "DOI"), "10.5555/tides.1");
    assert_eq!(text(&item, "ISSN"), "1234-5679");
    assert_eq!(references(&item), ["10.5555/old.1", "10.5555/old.2"]);
    assert_eq!(item.own("origin").unwrap()["from"], "crossref");
    // A text where CSL has a text: never an array, never null.
    for (field, value) in item.fields() {
        let is_shaped = match field.as_str() {
            "author" => value.is_array(),
            "issued" | "custom" => value.is_object(),
            _ => value.is_string(),
        };
        assert!(is_shaped, "{field}: {value}");
    }
}

#[test]
fn crossref_tells_of_retractions() {
    let metrics = crossref::parse_metrics(&stored("crossref.json")).unwrap();
    assert_eq!(metrics.shown().unwrap().count, 40);
    let notice = metrics.retraction().unwrap();
    assert_eq!(notice.doi.as_deref(), Some("10.5555/tides.1r"));
    assert_eq!(notice.date.as_deref(), Some("2021-02-03"));
    let titles = crossref::parse_titles(&stored("crossref_titles.json")).unwrap();
    assert_eq!(titles.len(), 2);
    assert_eq!(titles[0].item.date("issued"), None);
}

#[test]
fn datacite_gives_data_sets_and_preprints() {
    let item = datacite::parse(&stored("datacite.json")).unwrap();
    assert_eq!(item.kind(), "dataset");
    assert_eq!(text(&item, "title"), "Tide gauges, 1900–2000");
    assert_eq!(authors(&item), ["Ada Marlowe", "Harbour Office", "王小明"]);
    assert_eq!(text(&item, "publisher"), "Quay Data");
    assert_eq!(text(&item, "abstract"), "Heights\n\nof water.");
    assert_eq!(references(&item), ["10.5555/tides.1"]);

    let item = datacite::parse(&stored("datacite_arxiv.json")).unwrap();
    assert_eq!(item.kind(), "article");
    assert_eq!(item.arxiv().as_deref(), Some("2101.00001"));
    assert_eq!(authors(&item), ["Peter H. N. de With"]);
    assert_eq!(item.date("issued").unwrap().year(), Some(2021));
    // The archive is named once, or citations would name it twice.
    let stored = String::from_utf8(stored("datacite_arxiv.json")).unwrap();
    let contained = stored.replace(
        "\"publisher\":\"arXiv\"",
        "\"publisher\":\"arXiv\",\"container\":{\"title\":\"arXiv\"}",
    );
    assert_ne!(contained, stored);
    let item = datacite::parse(contained.as_bytes()).unwrap();
    assert_eq!(text(&item, "publisher"), "arXiv");
    assert_eq!(text(&item, "container-title"), "");
    let missing = br#"{"errors": [{"status": "404", "title": "not here"}]}"#;
    assert_eq!(datacite::parse(missing), Err(Unusable::Absent));
}

#[test]
fn citations_in_csl_are_brought_into_shape() {
    let item = doi::parse(&stored("doi.json")).unwrap();
    assert_eq!(item.kind(), "article-journal");
    assert_eq!(text(&item, "container-title"), "Acque");
    assert_eq!(authors(&item), ["Chiara Rossi", "Istituto dei Mari"]);
    assert_eq!(item.date("issued").unwrap().year(), Some(2010));
    let item = ncbi::parse(&stored("ncbi.json")).unwrap();
    assert_eq!(
        authors(&item),
        ["Ada B Marlowe", "Tidal Consortium of Harbours"]
    );
    assert_eq!(
        item.names("author")[1].literal,
        "Tidal Consortium of Harbours"
    );
}

#[test]
fn pubmed_gives_titles_without_brackets_and_abstracts_with_labels() {
    let item = pubmed::parse(&stored("pubmed.xml")).unwrap();
    assert_eq!(
        text(&item, "title"),
        "Tides of <i>E. coli</i> at 10<sup>-3</sup> < x"
    );
    assert_eq!(authors(&item), ["Ada B Marlowe Jr", "The Tidal Group"]);
    assert_eq!(
        text(&item, "abstract"),
        "Background: Water moves.\n\nResults: It does & did."
    );
    assert_eq!(text(&item, "PMCID"), "PMC9900001");
    assert_eq!(text(&item, "language"), "de");
    assert_eq!(text(&item, "keyword"), "tides, water");
    assert_eq!(
        item.fields()["issued"].to_string(),
        r#"{"date-parts":[[2019,6]]}"#
    );
    assert_eq!(references(&item), ["10.5555/old.1"]);
    let metrics = pubmed::parse_metrics(&stored("pubmed.xml")).unwrap();
    assert_eq!(metrics.notices.len(), 1);
    assert_eq!(
        metrics.retraction().unwrap().doi.as_deref(),
        Some("10.5555/tides.1r")
    );
    assert_eq!(
        pubmed::parse(b"<PubmedArticleSet></PubmedArticleSet>"),
        Err(Unusable::Absent)
    );
}

#[test]
fn europe_pmc_gives_items_and_counts() {
    let item = europe_pmc::parse(&stored("europepmc.json")).unwrap();
    assert_eq!(text(&item, "title"), "Tides of Europe");
    assert_eq!(authors(&item), ["AB Marlowe", "Tidal Study Group"]);
    assert_eq!(text(&item, "abstract"), "Aim: To see.\n\nResult: We saw.");
    let metrics = europe_pmc::parse_metrics(&stored("europepmc.json")).unwrap();
    assert_eq!(metrics.citations[0].count, 31);
    let none = br#"{"hitCount": 0, "resultList": {"result": []}}"#;
    assert_eq!(europe_pmc::parse(none), Err(Unusable::Absent));
}

#[test]
fn arxiv_gives_the_version_it_has() {
    let item = arxiv::parse(&stored("arxiv.xml")).unwrap();
    assert_eq!(text(&item, "title"), "Learning the tides");
    assert_eq!(item.arxiv().as_deref(), Some("2101.00001v2"));
    assert_eq!(text(&item, "DOI"), "10.48550/arxiv.2101.00001");
    let names = item.names("author");
    assert_eq!(
        (names[0].family.as_str(), names[0].given.as_str()),
        ("de With", "Peter H. N.")
    );
    assert_eq!(names[1].literal, "Plato");
    let wrong = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>https://arxiv.org/api/errors#x</id><title>Error</title></entry></feed>";
    assert_eq!(arxiv::parse(wrong), Err(Unusable::Absent));
    assert!(
        matches!(arxiv::parse(b"Rate exceeded."), Err(Unusable::Unreadable(what)) if what == "is throttling")
    );
}

#[test]
fn openalex_gives_figures_and_the_abstract_in_order() {
    let item = openalex::parse(&stored("openalex.json")).unwrap();
    assert_eq!(text(&item, "abstract"), "Water moves and moves");
    assert_eq!(text(&item, "page"), "45-67");
    assert_eq!(text(&item, "PMID"), "99000001");
    let metrics = openalex::parse_metrics(&stored("openalex.json")).unwrap();
    assert_eq!(metrics.by_year, [(2020, 1), (2022, 4), (2024, 9)]);
    assert_eq!(
        metrics.years(2025),
        [
            (2020, 1),
            (2021, 0),
            (2022, 4),
            (2023, 0),
            (2024, 9),
            (2025, 0)
        ]
    );
    assert_eq!(metrics.field_weighted, Some(1.75));
    assert_eq!(metrics.percentile, Some(91.0));
    assert_eq!(metrics.notices[0].kind, NoticeKind::Retracted);
    assert_eq!(metrics.open_access.unwrap().status, "green");
}

#[test]
fn the_other_services_give_what_they_have() {
    let item = semantic_scholar::parse(&stored("s2.json")).unwrap();
    assert_eq!(text(&item, "title"), "On the tides");
    assert_eq!(text(&item, "DOI"), "10.5555/tides.1");
    assert_eq!(authors(&item), ["A. B. Marlowe"]);
    let metrics = semantic_scholar::parse_metrics(&stored("s2.json")).unwrap();
    assert_eq!(
        (metrics.influential, metrics.references),
        (Some(5), Some(30))
    );
    let absent = br#"{"error": "Paper with id x not found"}"#;
    assert_eq!(
        semantic_scholar::parse_metrics(absent),
        Err(Unusable::Absent)
    );

    let open = unpaywall::parse_metrics(&stored("unpaywall.json")).unwrap();
    assert_eq!(open.open_access.unwrap().license.as_deref(), Some("cc-by"));

    let item = open_library::parse(&stored("openlibrary.json")).unwrap();
    assert_eq!(text(&item, "title"), "Tides: a history");
    assert_eq!(authors(&item), ["Ada van der Marlowe", "Homer"]);
    assert_eq!(item.names("author")[0].family, "van der Marlowe");
    assert_eq!(
        item.fields()["issued"].to_string(),
        r#"{"date-parts":[[2009,3,17]]}"#
    );
    assert_eq!(open_library::parse(b"{}"), Err(Unusable::Absent));

    let metrics = icite::parse_metrics(&stored("icite.json")).unwrap();
    assert_eq!(
        metrics.relative,
        Some(Relative {
            ratio: 2.5,
            percentile: Some(88.2),
            is_provisional: false
        })
    );
}

#[test]
fn figures_are_merged_without_being_added() {
    let mut all = semantic_scholar::parse_metrics(&stored("s2.json")).unwrap();
    all.merge(crossref::parse_metrics(&stored("crossref.json")).unwrap());
    all.merge(openalex::parse_metrics(&stored("openalex.json")).unwrap());
    all.merge(pubmed::parse_metrics(&stored("pubmed.xml")).unwrap());
    let figures: Vec<(Service, u32)> = all
        .citations
        .iter()
        .map(|figure| (figure.source, figure.count))
        .collect();
    assert_eq!(
        figures,
        [
            (Service::OpenAlex, 52),
            (Service::SemanticScholar, 47),
            (Service::Crossref, 40)
        ]
    );
    assert_eq!(all.references, Some(30));
    assert_eq!(all.notices.len(), 1, "{:?}", all.notices);
    let written = serde_json::to_vec(&all).unwrap();
    assert_eq!(
        serde_json::from_slice::<offprint::core::services::Metrics>(&written).unwrap(),
        all
    );
}

#[test]
fn entities_that_grow_without_end_are_refused_soon() {
    let mut bomb = String::from("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a0 \"aaaaaaaaaa\">");
    for level in 1..12 {
        let inner = format!("&a{};", level - 1).repeat(10);
        bomb.push_str(&["<!ENTITY a", &level.to_string(), " \"", &inner, "\">"].concat());
    }
    bomb.push_str("]><PubmedArticleSet><PubmedArticle>&a11;</PubmedArticle></PubmedArticleSet>");
    let begun = std::time::Instant::now();
    assert!(pubmed::parse(bomb.as_bytes()).is_err());
    assert!(arxiv::parse(bomb.as_bytes()).is_err());
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(pubmed::parse(deep.as_bytes()).is_err());
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(crossref::parse(deep.as_bytes()).is_err());
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

/// No text in it holds anything that a terminal could obey.
fn is_plain(value: &serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            let is_wrong = |c: char| c.is_control() && c != '\n';
            assert!(!text.contains(is_wrong), "{text:?}");
        }
        Value::Array(list) => list.iter().for_each(is_plain),
        Value::Object(map) => map.values().for_each(is_plain),
        _ => {}
    }
}

/// Everything that reads answers.
fn read_all(body: &[u8]) {
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
        if let Ok(item) = parse(body) {
            for value in item.fields().values() {
                is_plain(value);
            }
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
        if let Ok(metrics) = parse(body) {
            is_plain(&serde_json::to_value(&metrics).unwrap());
            assert!(metrics.years(2030).len() <= 400);
        }
    }
    let _ = crossref::parse_titles(body);
    let _ = semantic_scholar::parse_titles(body);
    let _ = unpaywall::parse_pdfs(body);
}

const STORED: [&str; 13] = [
    "crossref.json",
    "crossref_titles.json",
    "datacite.json",
    "datacite_arxiv.json",
    "doi.json",
    "ncbi.json",
    "europepmc.json",
    "openalex.json",
    "s2.json",
    "unpaywall.json",
    "openlibrary.json",
    "pubmed.xml",
    "arxiv.xml",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is cut off an answer, or put into it, nothing falls over and nothing dangerous comes out.
    #[test]
    fn damaged_answers_are_read_or_refused(
        name in prop::sample::select(&STORED[..]),
        cut in any::<prop::sample::Index>(),
        put in prop::collection::vec(any::<u8>(), 0..6),
        escape in any::<bool>(),
        drop in any::<bool>(),
    ) {
        let mut body = stored(name);
        let at = cut.index(body.len());
        let put = if escape { b"\\u001b[2J".to_vec() } else { put };
        if drop {
            body.truncate(at);
        }
        body.splice(at..at, put);
        read_all(&body);
    }

    /// Nor does any other JSON.
    #[test]
    fn any_value_in_any_place_is_read_or_refused(
        name in prop::sample::select(&STORED[..11]),
        place in any::<prop::sample::Index>(),
        value in prop::sample::select(&["null", "[]", "{}", "[null]", "-1", "1e400", "99999999999999999999", "\"\"", "true", "[[[]]]", "\"\\u001b\""][..]),
    ) {
        // Some value of the answer is replaced: the text after a colon, up to the next comma.
        let text = String::from_utf8(stored(name)).unwrap();
        let colons: Vec<usize> = text.match_indices("\":").map(|(at, _)| at + 2).collect();
        let at = colons[place.index(colons.len())];
        let (before, after) = text.split_at(at);
        let end = after.find([',', '}', ']']).unwrap_or(after.len());
        let (_, after) = after.split_at(end);
        read_all(format!("{before}{value}{after}").as_bytes());
    }
}
