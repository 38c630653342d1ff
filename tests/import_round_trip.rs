//! What the program writes as BibTeX, BibLaTeX or RIS it reads back: nothing is lost that the format can hold.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use offprint::core::cite::{Format, render};
use offprint::core::import::read;
use offprint::core::item::Item;
use offprint::core::text::clean;
use proptest::prelude::*;
use serde_json::{Value, json};

fn word() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "cells",
        "über",
        "Poincaré",
        "naïve",
        "Łódź",
        "Škoda",
        "smørrebrød",
        "DNA",
        "eBay",
        "growth",
        "of",
        "the",
        "Ørsted",
        "α-helix",
        "R&D",
        "50%",
        "C#",
        "a_b",
        "Erdős",
        "Çelik",
        "x",
        "{brace}",
        "A–B",
        "“quoted”",
        "don’t",
        "深層",
        "Ελλάδα",
        "ß",
    ])
    .prop_map(str::to_owned)
}

fn words(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), 1..most).prop_map(|words| words.join(" "))
}

fn title() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => word(),
        1 => word().prop_map(|word| format!("<i>{word}</i>")),
        1 => word().prop_map(|word| format!("<b>{word}</b>")),
        1 => word().prop_map(|word| format!("H<sub>2</sub>O {word}")),
        1 => word().prop_map(|word| format!("10<sup>3</sup> {word}")),
        1 => word().prop_map(|word| format!("<span class=\"nocase\">{word}</span>")),
    ];
    proptest::collection::vec(piece, 1..8).prop_map(|pieces| format!("Study {}", pieces.join(" ")))
}

fn family() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "Müller",
        "Brandt",
        "Łukasiewicz",
        "García Márquez",
        "O'Neil",
        "Rinderle-Ma",
        "Đặng",
        "Çelik",
        "Smith",
        "李",
    ])
    .prop_map(str::to_owned)
}

fn person() -> impl Strategy<Value = Value> {
    let given = proptest::sample::select(vec![
        "Jörg",
        "J. K.",
        "Ana María",
        "Yu. E.",
        "Émile",
        "P.-Y.",
    ]);
    let particle = proptest::sample::select(vec!["", "", "van der", "de la", "von", "d'"]);
    let suffix = proptest::sample::select(vec!["", "", "", "Jr.", "III"]);
    (family(), given, particle, suffix).prop_map(|(family, given, particle, suffix)| {
        let mut name = json!({"family": family, "given": given});
        let latin = name["family"] != "李";
        for (field, text) in [("non-dropping-particle", particle), ("suffix", suffix)] {
            if latin && !text.is_empty() {
                name[field] = text.into();
            }
        }
        name
    })
}

fn name() -> impl Strategy<Value = Value> {
    let institution = proptest::sample::select(vec![
        "World Health Organization",
        "Barnes and Noble, Inc.",
        "École Normale",
        "ATLAS",
    ]);
    prop_oneof![4 => person(), 1 => institution.prop_map(|literal| json!({"literal": literal}))]
}

fn date() -> impl Strategy<Value = Value> {
    let year = 1500_i32..2030;
    prop_oneof![
        year.clone()
            .prop_map(|year| json!({"date-parts": [[year]]})),
        (year.clone(), 1_u8..13).prop_map(|(year, month)| json!({"date-parts": [[year, month]]})),
        (year.clone(), 1_u8..13, 1_u8..29)
            .prop_map(|(year, month, day)| json!({"date-parts": [[year, month, day]]})),
        (year.clone(), 1_u8..5)
            .prop_map(|(year, season)| json!({"date-parts": [[year]], "season": season})),
        (year.clone(), 1_i32..9)
            .prop_map(|(year, more)| json!({"date-parts": [[year], [year + more]]})),
        year.prop_map(|year| json!({"date-parts": [[year]], "circa": true})),
    ]
}

fn pages() -> impl Strategy<Value = String> {
    prop_oneof![
        (1_u32..900, 1_u32..90).prop_map(|(from, more)| format!("{from}-{}", from + more)),
        (1_u32..900).prop_map(|page| format!("e{page}")),
        (1_u32..900).prop_map(|page| page.to_string()),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let kind = proptest::sample::select(vec![
        "article-journal",
        "book",
        "chapter",
        "paper-conference",
        "report",
        "thesis",
    ]);
    let people = proptest::collection::vec(name(), 1..4);
    let optional = proptest::option::of::<BoxedStrategy<String>>;
    let texts = (
        optional(words(4).boxed()),
        optional(words(3).boxed()),
        optional(pages().boxed()),
        optional(words(12).boxed()),
        optional((1_u32..99).prop_map(|number| number.to_string()).boxed()),
        optional((1_u32..99).prop_map(|number| number.to_string()).boxed()),
    );
    (kind, title(), people, date(), texts, any::<bool>()).prop_map(|(kind, title, people, date, texts, with_ids)| {
        let mut item = json!({"id": "key1", "type": kind, "title": title, "author": people, "issued": date, "language": "en"});
        let (container, publisher, page, summary, volume, issue) = texts;
        let is_part = matches!(kind, "article-journal" | "chapter" | "paper-conference");
        let mut put = |field: &str, text: Option<String>| {
            if let Some(text) = text {
                item[field] = text.into();
            }
        };
        put("container-title", container.filter(|_| is_part));
        put("publisher", publisher.filter(|_| kind != "article-journal"));
        put("page", page.filter(|_| is_part));
        put("abstract", summary);
        put("volume", volume.filter(|_| kind != "thesis" && kind != "report"));
        put("issue", issue.filter(|_| kind == "article-journal"));
        if with_ids {
            put("DOI", Some("10.1000/a_b(1)".to_owned()));
            put("URL", Some("https://example.org/~a/b_c?d=e&f=g%20h".to_owned()));
            put("keyword", Some("first word, zweites Wört".to_owned()));
            put("PMID", Some("12345678".to_owned()));
            put("note", Some("A note, 100 % safe & sound".to_owned()));
        }
        Item::from_fields(item.as_object().unwrap().clone())
    })
}

/// Without what protects case, which the writer adds and takes away, and in lower case, because it writes headlines.
fn caseless(text: &str) -> String {
    let bare = text
        .replace("<span class=\"nocase\">", "")
        .replace("</span>", "");
    bare.to_lowercase()
}

fn back(item: &Item, format: Format, name: &str) -> Result<Item, TestCaseError> {
    let text = render(format, &[(item, "key1")]).unwrap();
    let mut import = read(text.as_bytes(), name).unwrap();
    prop_assert_eq!(&import.problems, &vec![], "{}", text);
    prop_assert_eq!(import.entries.len(), 1, "{}", text);
    let back = import.entries.remove(0).item;
    Ok(back)
}

fn names(item: &Item) -> Vec<String> {
    item.names("author")
        .iter()
        .map(|name| name.full().into_owned())
        .collect()
}

/// Fields whose text must be the same.
fn same_texts(
    item: &Item,
    back: &Item,
    fields: &[&str],
    source: &str,
) -> Result<(), TestCaseError> {
    for field in fields {
        prop_assert_eq!(
            back.text(field),
            item.text(field),
            "{} in {}",
            field,
            source
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bibtex_comes_back(item in item()) {
        let source = render(Format::BibTex, &[(&item, "key1")]).unwrap();
        let back = back(&item, Format::BibTex, "x.bib")?;
        prop_assert_eq!(back.kind(), item.kind());
        prop_assert_eq!(caseless(&back.text("title").unwrap()), caseless(&item.text("title").unwrap()), "{}", source);
        prop_assert_eq!(names(&back), names(&item), "{}", source);
        let (was, is) = (item.date("issued").unwrap(), back.date("issued").unwrap());
        let (mut was_start, is_start) = (was.start.unwrap(), is.start.unwrap());
        // BibTeX has no day.
        was_start.day = None;
        prop_assert_eq!((is_start, is.end, is.circa), (was_start, was.end, was.circa), "{}", source);
        let caseless_fields = ["container-title"];
        for field in caseless_fields {
            prop_assert_eq!(back.text(field).map(|text| caseless(&text)), item.text(field).map(|text| caseless(&text)), "{}", source);
        }
        same_texts(&item, &back, &["id", "publisher", "page", "abstract", "volume", "issue", "DOI", "URL", "keyword", "PMID", "note", "language"], &source)?;
    }

    #[test]
    fn biblatex_comes_back(item in item()) {
        let source = render(Format::BibLaTex, &[(&item, "key1")]).unwrap();
        let back = back(&item, Format::BibLaTex, "x.bib")?;
        prop_assert_eq!(back.kind(), item.kind());
        prop_assert_eq!(caseless(&back.text("title").unwrap()), caseless(&item.text("title").unwrap()), "{}", source);
        prop_assert_eq!(names(&back), names(&item), "{}", source);
        prop_assert_eq!(back.names("author"), item.names("author"), "{}", source);
        prop_assert_eq!(back.date("issued"), item.date("issued"), "{}", source);
        prop_assert_eq!(
            back.text("container-title").map(|text| caseless(&text)),
            item.text("container-title").map(|text| caseless(&text)), "{}", source
        );
        same_texts(&item, &back, &["id", "publisher", "page", "abstract", "volume", "issue", "DOI", "URL", "keyword", "PMID", "note", "language"], &source)?;
    }

    #[test]
    fn ris_comes_back(item in item()) {
        let source = render(Format::Ris, &[(&item, "key1")]).unwrap();
        let back = back(&item, Format::Ris, "x.ris")?;
        prop_assert_eq!(back.kind(), item.kind());
        // RIS has no markup.
        let bare = |text: &str| text.replace("<i>", "").replace("</i>", "").replace("<b>", "").replace("</b>", "")
            .replace("<sub>", "").replace("</sub>", "").replace("<sup>", "").replace("</sup>", "")
            .replace("<span class=\"nocase\">", "").replace("</span>", "");
        prop_assert_eq!(back.text("title").unwrap().into_owned(), bare(&item.text("title").unwrap()), "{}", source);
        // Nor does it tell a name with a comma from an institution with one.
        let flat = |names: Vec<String>| names.into_iter().filter(|name| !name.contains("Barnes")).collect::<Vec<_>>();
        prop_assert_eq!(flat(names(&back)), flat(names(&item)), "{}", source);
        let (was, is) = (item.date("issued").unwrap(), back.date("issued").unwrap());
        prop_assert_eq!(is.start, was.start, "{}", source);
        same_texts(&item, &back, &["publisher", "page", "abstract", "volume", "issue", "DOI", "URL", "keyword", "PMID", "note", "language"], &source)?;
        prop_assert_eq!(
            back.text("container-title").map(|text| clean(&text)),
            item.text("container-title").map(|text| clean(&text)), "{}", source
        );
    }
}
