//! The example library in `assets/example.json` is what a first start shows and what citation processors read: it must
//! be strict CSL-JSON (CSL 1.0.2, appendices III and IV), complete and consistent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::collections::{BTreeMap, BTreeSet};

use offprint::core::item::{Item, bare_doi};
use serde_json::{Map, Value};

const TEXT: &str = include_str!("../assets/example.json");

const TYPES: &str = "\
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection \
    dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case \
    legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance \
    periodical personal_communication post post-weblog regulation report review review-book software song speech \
    standard thesis treaty webpage";

/// Standard variables, which the schema wants as strings.
const STRINGS: &str = "\
    id type abstract annote archive archive_collection archive_location archive-place authority call-number \
    citation-key citation-label collection-title container-title container-title-short dimensions division DOI \
    event-place event-title genre ISBN ISSN jurisdiction keyword language license medium note original-publisher \
    original-publisher-place original-title part-title PMCID PMID publisher publisher-place references \
    reviewed-genre reviewed-title scale source status title title-short URL version volume-title year-suffix";

/// Number variables, which the schema takes as strings or numbers.
const NUMBERS: &str = "\
    chapter-number collection-number edition issue number number-of-pages number-of-volumes page page-first \
    part-number printing-number section supplement-number volume";

const DATES: &str = "\
    accessed available-date event-date issued original-date submitted";

const NAMES: &str = "\
    author chair collection-editor compiler composer container-author contributor curator director editor \
    editor-translator editorial-director executive-producer guest host illustrator interviewer narrator \
    organizer original-author performer producer recipient reviewed-author script-writer series-creator \
    translator";

fn listed(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|listed| listed == word)
}

fn items() -> Vec<Map<String, Value>> {
    serde_json::from_str(TEXT).unwrap()
}

fn text<'a>(item: &'a Map<String, Value>, field: &str) -> &'a str {
    item.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn item(id: &str) -> Item {
    let found = items().into_iter().find(|item| text(item, "id") == id);
    Item::from_fields(found.unwrap_or_else(|| panic!("{id} is missing")))
}

fn assert_no_null(value: &Value, place: &str) {
    match value {
        Value::Null => panic!("null in {place}"),
        Value::Array(list) => list.iter().for_each(|value| assert_no_null(value, place)),
        Value::Object(map) => map.values().for_each(|value| assert_no_null(value, place)),
        _ => {}
    }
}

fn assert_name(name: &Value, place: &str) {
    let name = name
        .as_object()
        .unwrap_or_else(|| panic!("{place}: not an object"));
    for (part, value) in name {
        let fits = match part.as_str() {
            "family"
            | "given"
            | "suffix"
            | "literal"
            | "dropping-particle"
            | "non-dropping-particle" => value.as_str().is_some_and(|text| !text.trim().is_empty()),
            "comma-suffix" | "static-ordering" => value.is_boolean(),
            _ => false,
        };
        assert!(fits, "{place}: {part}");
    }
    let whole = name.contains_key("literal");
    assert!(
        whole != name.contains_key("family"),
        "{place}: a family name or a whole name, {name:?}"
    );
    assert!(
        !whole || name.len() == 1,
        "{place}: a whole name has no parts, {name:?}"
    );
}

fn assert_date(date: &Value, place: &str) {
    let date = date
        .as_object()
        .unwrap_or_else(|| panic!("{place}: not an object"));
    assert_eq!(date.keys().collect::<Vec<_>>(), ["date-parts"], "{place}");
    let ends = date["date-parts"].as_array().unwrap();
    assert!((1..=2).contains(&ends.len()), "{place}");
    for end in ends {
        let parts: Vec<i64> = (end.as_array().unwrap().iter())
            .map(|part| {
                part.as_i64()
                    .unwrap_or_else(|| panic!("{place}: {part} is no number"))
            })
            .collect();
        assert!((1..=3).contains(&parts.len()), "{place}");
        assert!((1800..=2026).contains(&parts[0]), "{place}: {}", parts[0]);
        assert!(
            parts.get(1).is_none_or(|month| (1..=12).contains(month)),
            "{place}"
        );
        assert!(
            parts.get(2).is_none_or(|day| (1..=31).contains(day)),
            "{place}"
        );
    }
}

#[test]
fn there_are_about_fifty_papers_each_with_its_own_usable_key() {
    let items = items();
    assert!((45..=60).contains(&items.len()), "{}", items.len());
    let ids: BTreeSet<_> = items.iter().map(|item| text(item, "id")).collect();
    assert_eq!(ids.len(), items.len(), "two papers share an id");
    for id in ids {
        assert!(
            id.starts_with(|c: char| c.is_ascii_lowercase())
                && id
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{id} is no citation key"
        );
    }
    let dois: Vec<_> = items
        .iter()
        .map(|item| text(item, "DOI").to_lowercase())
        .filter(|doi| !doi.is_empty())
        .collect();
    assert_eq!(dois.iter().collect::<BTreeSet<_>>().len(), dois.len());
}

#[test]
fn every_field_is_a_csl_variable_of_its_kind() {
    for item in items() {
        let id = text(&item, "id").to_owned();
        assert!(listed(TYPES, text(&item, "type")), "{id}: type");
        for (field, value) in &item {
            let place = format!("{id}: {field}");
            assert_no_null(value, &place);
            match field.as_str() {
                field if listed(STRINGS, field) || listed(NUMBERS, field) => {
                    let trimmed = value
                        .as_str()
                        .map(|text| !text.is_empty() && text.trim() == text);
                    let number = listed(NUMBERS, field) && value.is_number();
                    assert!(number || trimmed == Some(true), "{place}: {value}");
                }
                field if listed(NAMES, field) => {
                    let names = value.as_array().unwrap_or_else(|| panic!("{place}"));
                    assert!(!names.is_empty(), "{place}: empty");
                    for name in names {
                        assert_name(name, &place);
                    }
                }
                field if listed(DATES, field) => assert_date(value, &place),
                "custom" => {
                    let custom = value.as_object().unwrap();
                    assert_eq!(custom.keys().collect::<Vec<_>>(), ["offprint"], "{place}");
                }
                _ => panic!("{place} is no CSL variable"),
            }
        }
    }
}

#[test]
fn own_extras_are_an_origin_and_perhaps_references_and_a_cut_author_list() {
    for item in items() {
        let id = text(&item, "id").to_owned();
        let own = item["custom"]["offprint"].as_object().unwrap();
        for (field, value) in own {
            let fits = match field.as_str() {
                "origin" => value.as_str().is_some_and(|text| text.len() > 10),
                "authorsTruncated" => value == &Value::Bool(true),
                "references" => value.as_array().is_some_and(|list| !list.is_empty()),
                _ => false,
            };
            assert!(fits, "{id}: {field}");
        }
        assert!(own.contains_key("origin"), "{id}: where was it checked?");
    }
}

#[test]
fn every_paper_has_a_title_an_author_and_an_abstract_in_plain_text() {
    for item in items() {
        let id = text(&item, "id").to_owned();
        assert!(!text(&item, "title").is_empty(), "{id}: title");
        assert!(item.contains_key("author"), "{id}: author");
        assert!(!text(&item, "language").is_empty(), "{id}: language");
        let summary = text(&item, "abstract");
        let words = summary.split_whitespace().count();
        assert!((40..=220).contains(&words), "{id}: {words} words");
        assert!(
            !summary.contains(['<', '>', '\n', '\t', '{', '}', '$']) && !summary.contains("  "),
            "{id}: markup in the abstract"
        );
        assert!(summary.ends_with('.'), "{id}: cut abstract");
    }
    let long = items()
        .iter()
        .filter(|item| text(item, "abstract").split_whitespace().count() >= 175)
        .count();
    assert!(long >= 4, "only {long} abstracts show a full structure");
}

#[test]
fn identifiers_have_their_form() {
    for item in items() {
        let id = text(&item, "id").to_owned();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if let Some(doi) = item.get("DOI").and_then(Value::as_str) {
            assert_eq!(bare_doi(doi), Some(doi), "{id}");
            let (registrant, suffix) = doi.split_once('/').unwrap();
            assert!(
                registrant.strip_prefix("10.").is_some_and(digits),
                "{id}: {doi}"
            );
            assert!(
                !suffix.is_empty() && !suffix.contains(char::is_whitespace),
                "{id}: {doi}"
            );
        } else if let Some(url) = item.get("URL").and_then(Value::as_str) {
            assert!(
                url.starts_with("https://") || url.starts_with("http://"),
                "{id}: {url}"
            );
        }
        assert!(
            !(item.contains_key("DOI") && item.contains_key("URL")),
            "{id}: the DOI is the address"
        );
        if let Some(pmid) = item.get("PMID") {
            assert!(digits(pmid.as_str().unwrap()), "{id}");
        }
        if let Some(pmcid) = item.get("PMCID").and_then(Value::as_str) {
            assert!(pmcid.strip_prefix("PMC").is_some_and(digits), "{id}");
        }
        if let Some(isbn) = item.get("ISBN").and_then(Value::as_str) {
            let sum: u32 = (isbn.chars().zip([1, 3].into_iter().cycle()))
                .map(|(c, weight)| c.to_digit(10).unwrap() * weight)
                .sum();
            assert!(isbn.len() == 13 && sum.is_multiple_of(10), "{id}: {isbn}");
        }
        if text(&item, "number").starts_with("arXiv:") {
            assert!(Item::from_fields(item.clone()).arxiv().is_some(), "{id}");
        }
    }
}

#[test]
fn the_t_cell_review_comes_first_with_its_authors_in_order() {
    let first = &items()[0];
    assert_eq!(text(first, "id"), "feng2026");
    assert_eq!(
        text(first, "title"),
        "T cell immunotherapy for solid tumors: limitations, progress, and future prospects"
    );
    assert_eq!(text(first, "container-title"), "Frontiers in Immunology");
    assert_eq!(text(first, "DOI"), "10.3389/fimmu.2026.1755751");
    assert_eq!(text(first, "PMID"), "41694348");
    let authors: Vec<_> = item("feng2026")
        .names("author")
        .iter()
        .map(|name| (name.family.clone(), name.given.clone()))
        .collect();
    let expected = [
        ("Feng", "Mei"),
        ("Tan", "Yuan"),
        ("Wang", "Yajie"),
        ("Z.", "Boyu"),
        ("W.", "Yinuo"),
        ("C.", "Xuan"),
        ("H.", "Xiaoqian"),
    ]
    .map(|(family, given)| (family.to_owned(), given.to_owned()));
    assert_eq!(authors, expected);
    assert!(!item("feng2026").authors_truncated());
}

#[test]
fn its_four_similar_papers_are_there_with_cut_author_lists() {
    for (id, title, families) in [
        (
            "kaminskiy",
            "CAR T cell therapy for central nervous system solid tumors: current progress and future directions",
            ["Kaminskiy", "Degtyarev", "Stepanov"],
        ),
        (
            "wang-lung",
            "Neoadjuvant immunotherapy for lung cancer: current limitations and future prospects",
            ["Wang", "Wang", "Wang"],
        ),
        (
            "sadrinasab",
            "Modern therapeutic approaches for hepatic tumors: progress, limitations, and future directions",
            ["Sadrinasab", "Saket", "Pourmohammadi"],
        ),
        (
            "wang-her2",
            "Research progress on HER2-specific chimeric antigen receptor T cells for immunotherapy of solid tumors",
            ["Wang", "Zhao", "Liu"],
        ),
    ] {
        let item = item(id);
        assert_eq!(item.text("title").as_deref(), Some(title));
        assert!(item.authors_truncated(), "{id}");
        let names = item.names("author");
        let found: Vec<_> = names.iter().map(|name| name.family.as_str()).collect();
        assert_eq!(found, families, "{id}");
        assert!(
            item.date("issued").is_none() && item.doi().is_none(),
            "{id}"
        );
    }
}

#[test]
fn references_lead_to_other_papers_of_the_library() {
    let items = items();
    let mut count = 0;
    for item in &items {
        let own = &item["custom"]["offprint"];
        for reference in own["references"].as_array().into_iter().flatten() {
            let reference = reference.as_object().unwrap();
            assert_eq!(reference.len(), 1, "{reference:?}");
            let (field, value) = reference.iter().next().unwrap();
            assert!(matches!(field.as_str(), "DOI" | "title"), "{field}");
            let cited: Vec<_> = (items.iter())
                .filter(|other| other.get(field) == Some(value))
                .collect();
            assert_eq!(cited.len(), 1, "{reference:?}");
            assert!(
                field == "DOI" || !cited[0].contains_key("DOI"),
                "{reference:?} is known by its DOI"
            );
            assert_ne!(text(cited[0], "id"), text(item, "id"));
            count += 1;
        }
    }
    assert!(count >= 10, "{count}");
}

#[test]
fn it_shows_the_range_of_what_libraries_hold() {
    let items = items();
    let mut types = BTreeMap::new();
    for item in &items {
        *types.entry(text(item, "type").to_owned()).or_insert(0) += 1;
    }
    for kind in [
        "article",
        "article-journal",
        "book",
        "chapter",
        "dataset",
        "paper-conference",
        "report",
        "software",
        "thesis",
        "webpage",
    ] {
        assert!(types.contains_key(kind), "no {kind}");
    }
    let languages: BTreeSet<_> = items.iter().map(|item| text(item, "language")).collect();
    assert!(
        ["de", "en", "fr", "ja", "zh"]
            .iter()
            .all(|language| languages.contains(language)),
        "{languages:?}"
    );
    let any = |test: &dyn Fn(&Item) -> bool| {
        items
            .iter()
            .any(|item| test(&Item::from_fields(item.clone())))
    };
    assert!(any(&|item| item.names("author").len() > 20));
    assert!(any(
        &|item| (item.names("author").iter()).any(|name| !name.literal.is_empty())
    ));
    assert!(any(
        &|item| (item.names("author").iter()).any(|name| !name.suffix.is_empty())
    ));
    assert!(any(
        &|item| (item.names("author").iter()).any(|name| !name.non_dropping_particle.is_empty())
    ));
    assert!(any(
        &|item| (item.names("author").iter()).any(|name| !name.dropping_particle.is_empty())
    ));
    for part in ["<i>", "<sub>", "?", "\"", ": "] {
        assert!(
            items.iter().any(|item| text(item, "title").contains(part)),
            "no title with {part}"
        );
    }
    assert!(items.iter().any(|item| text(item, "DOI").contains('<')));
}

#[test]
fn the_file_is_pretty_printed_with_two_spaces_and_a_last_newline() {
    let value: Value = serde_json::from_str(TEXT).unwrap();
    let pretty = format!("{}\n", serde_json::to_string_pretty(&value).unwrap());
    assert!(pretty == TEXT, "assets/example.json is not in its own form");
}
