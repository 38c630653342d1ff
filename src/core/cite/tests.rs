use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::core::text::is_dangerous;

/// All item types of CSL 1.0.2.
pub(super) const CSL_TYPES: [&str; 45] = [
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "bill",
    "book",
    "broadcast",
    "chapter",
    "classic",
    "collection",
    "dataset",
    "document",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "event",
    "figure",
    "graphic",
    "hearing",
    "interview",
    "legal_case",
    "legislation",
    "manuscript",
    "map",
    "motion_picture",
    "musical_score",
    "pamphlet",
    "paper-conference",
    "patent",
    "performance",
    "periodical",
    "personal_communication",
    "post",
    "post-weblog",
    "regulation",
    "report",
    "review",
    "review-book",
    "software",
    "song",
    "speech",
    "standard",
    "thesis",
    "treaty",
    "webpage",
];

fn item(value: &Value) -> Item {
    Item::parse(value.to_string().as_bytes()).unwrap()
}

#[test]
fn names_labels_and_letters_are_distinct_and_read_back() {
    let mut letters: Vec<char> = Format::ALL.map(Format::letter).to_vec();
    letters.sort_unstable();
    letters.dedup();
    assert_eq!(letters.len(), Format::ALL.len());
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
        assert_eq!(format.name().to_uppercase().parse(), Ok(format));
    }
}

#[test]
fn an_unknown_format_names_the_nearest() {
    for (given, nearest) in [
        ("bibtx", "bibtex"),
        ("biblatx", "biblatex"),
        ("csl-json", "csl"),
        ("markdwn", "markdown"),
        ("titel", "title"),
    ] {
        let error = given.parse::<Format>().unwrap_err();
        assert_eq!(error.nearest, nearest, "{error}");
    }
}

#[test]
fn several_papers_are_joined_as_each_format_wants() {
    let a = item(&json!({"id": "a", "type": "book", "title": "One", "DOI": "10.1/a"}));
    let b = item(&json!({"id": "b", "type": "book", "title": "Two"}));
    let both = [(&a, "a"), (&b, "b")];
    let text = |format| render(format, &both).unwrap();
    assert_eq!(
        text(Format::BibTex),
        "@book{a,\n  title = {One},\n  doi = {10.1/a}\n}\n\n@book{b,\n  title = {Two}\n}"
    );
    assert_eq!(text(Format::LatexCite), "\\cite{a,b}");
    assert_eq!(text(Format::PandocCite), "[@a; @b]");
    assert_eq!(text(Format::Key), "a\nb");
    assert_eq!(text(Format::Title), "One\nTwo");
    assert_eq!(text(Format::Doi), "https://doi.org/10.1/a");
    assert_eq!(text(Format::MarkdownLink), "[One](https://doi.org/10.1/a)");
    let list: Vec<Value> = serde_json::from_str(&text(Format::CslJson)).unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(text(Format::Ris).matches("\n\nTY  - ").count(), 1);
}

#[test]
fn what_is_missing_is_said() {
    let it = item(&json!({"type": "book"}));
    assert_eq!(
        render(Format::Doi, &[(&it, "a")]),
        Err(Unavailable::NoAddress)
    );
    assert_eq!(
        render(Format::MarkdownLink, &[(&it, "a")]),
        Err(Unavailable::NoAddress)
    );
    assert_eq!(
        render(Format::Title, &[(&it, "a")]),
        Err(Unavailable::NoTitle)
    );
    assert_eq!(render(Format::BibTex, &[]), Err(Unavailable::Nothing));
    assert_eq!(Format::Title.unavailable(&it), Some(Unavailable::NoTitle));
    assert_eq!(Format::Key.unavailable(&it), None);
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[{}\\\\$%&#_^~<>/;a-zA-Z,\" \n\u{7}\u{1b}\u{202e}\u{301}é–α王-]{0,30}",
        "(<i>|</i>|<sup>|</span>|<span class=\"nocase\">|&lt;|&amp;|\\$x_1\\$|[A-Z][a-z]{1,5} ){0,8}",
        "[0-9]{1,4}[-–][0-9]{1,4}",
        Just("10.1000/a{b}c".to_owned()),
        Just("https://doi.org/10.1/%zz}".to_owned()),
        Just("arXiv:1706.03762v2 [cs.CL]".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => hostile().prop_map(Value::String),
        1 => any::<i64>().prop_map(Value::from),
        1 => prop::collection::vec(hostile(), 0..3).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => (any::<i32>(), 0..30_u8, 0..40_u8).prop_map(|(y, m, d)| json!({"date-parts": [[y, m, d], [y, m]]})),
        2 => prop::collection::vec((hostile(), hostile(), hostile(), hostile()), 0..4).prop_map(|names| {
            names.into_iter()
                .map(|(family, given, particle, suffix)| {
                    json!({"family": family, "given": given, "non-dropping-particle": particle, "suffix": suffix,
                        "dropping-particle": if suffix.len() > 4 { "van" } else { "" }})
                })
                .collect()
        }),
    ]
}

fn any_item() -> impl Strategy<Value = Item> {
    const FIELDS: [&str; 30] = [
        "title",
        "title-short",
        "container-title",
        "container-title-short",
        "collection-title",
        "author",
        "editor",
        "translator",
        "issued",
        "accessed",
        "page",
        "issue",
        "volume",
        "number",
        "DOI",
        "URL",
        "ISSN",
        "ISBN",
        "PMID",
        "abstract",
        "note",
        "keyword",
        "language",
        "genre",
        "publisher",
        "publisher-place",
        "edition",
        "event-title",
        "status",
        "id",
    ];
    let fields = prop::collection::vec((prop::sample::select(FIELDS.to_vec()), value()), 0..14);
    (prop::sample::select(CSL_TYPES.to_vec()), fields).prop_map(|(kind, fields)| {
        let mut map = serde_json::Map::new();
        map.insert("type".to_owned(), Value::from(kind));
        for (name, value) in fields {
            map.insert(name.to_owned(), value);
        }
        Item::from_fields(map)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_paper_gives_safe_text_in_every_format(it in any_item(), other in any_item()) {
        let key = key::derive_key(&it);
        for format in Format::ALL {
            let Ok(text) = render(format, &[(&it, &key), (&other, "x{}\u{202e}y")]) else { continue };
            prop_assert!(!text.ends_with('\n'), "{format}");
            prop_assert!(!text.chars().any(|c| c != '\n' && is_dangerous(c)), "{format}: {text:?}");
            if matches!(format, Format::BibTex | Format::BibLaTex) {
                let mut depth = 0_i32;
                for c in text.chars() {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    prop_assert!(depth >= 0, "{text}");
                }
                prop_assert_eq!(depth, 0, "{}", text);
            }
        }
    }

    #[test]
    fn any_entry_is_read_by_another_parser(it in any_item()) {
        for format in [Format::BibTex, Format::BibLaTex] {
            let text = render(format, &[(&it, "k")]).unwrap();
            let read = ::biblatex::Bibliography::parse(&text);
            prop_assert!(read.as_ref().is_ok_and(|read| read.len() == 1), "{:?}: {text}", read.err());
        }
    }
}

#[test]
fn a_hostile_paper_costs_no_more_than_its_size() {
    let names: Vec<Value> = (0..3000)
        .map(|n| json!({"family": format!("van Name{n}"), "given": "Yu. A."}))
        .collect();
    let it = item(
        &json!({"title": "<i>$A ".repeat(20_000), "abstract": "&amp;<".repeat(20_000), "author": names,
        "keyword": "a;".repeat(20_000), "note": "[arxiv".repeat(20_000)}),
    );
    for format in Format::ALL {
        let _ = render(format, &[(&it, "k")]);
    }
}
