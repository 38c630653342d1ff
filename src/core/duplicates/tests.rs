use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::merge::{Side, keeps_first, merge};
use super::*;
use crate::core::item::Item;
use crate::core::library::{Builder, Library, MemorySource};
use crate::core::paper::PaperNo;

fn item(value: &Value) -> Item {
    Item::parse(value.to_string().as_bytes()).unwrap()
}

fn library(items: &Value) -> (Library, MemorySource) {
    let bytes = items.to_string().into_bytes();
    let mut builder = Builder::new();
    builder.feed(&bytes).unwrap();
    builder.finish().unwrap();
    (builder.library().clone(), MemorySource::new(bytes))
}

fn groups(items: &Value) -> Vec<(Vec<u32>, Relation, Certainty)> {
    let (library, source) = library(items);
    let finder = Finder::new(&library, &source).unwrap();
    let groups = finder.groups();
    groups
        .iter()
        .map(|group| {
            let papers = group.papers.iter().map(|no| no.0).collect();
            (papers, group.relation, group.certainty())
        })
        .collect()
}

fn paper(id: &str, more: &Value) -> Value {
    let mut fields = json!({"id": id, "type": "article-journal", "title": "Attention in the deep sea of words",
        "author": [{"family": "Mare", "given": "W.", "non-dropping-particle": "de la"}],
        "issued": {"date-parts": [[2020]]}});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fields
}

fn relation(a: &Value, b: &Value) -> Option<(Reason, Certainty, Relation)> {
    let (a, b) = (
        Signature::of(&item(&paper("a", a))),
        Signature::of(&item(&paper("b", b))),
    );
    let found = compare(&a, &b);
    assert_eq!(found, compare(&b, &a), "the order does not matter");
    found
}

#[test]
fn identifiers_settle_it() {
    use Certainty::{Certain, Possible};
    use Reason::{Arxiv, Doi, Isbn, PubMed};
    use Relation::Same;
    for (a, b, expected) in [
        (
            json!({"DOI": "10.1/A"}),
            json!({"DOI": "https://doi.org/10.1/a"}),
            (Doi, Certain, Same),
        ),
        (
            json!({"DOI": "10.1/a"}),
            json!({"DOI": "10.1/a", "title": "Something else altogether"}),
            (Doi, Possible, Same),
        ),
        (
            json!({"PMID": "7"}),
            json!({"PMID": 7, "DOI": "10.1/a"}),
            (PubMed, Certain, Same),
        ),
        (
            json!({"type": "article", "number": "arXiv:1706.03762v1"}),
            json!({"type": "article", "URL": "https://arxiv.org/abs/1706.03762v5", "title": "Attention in the deep sea"}),
            (Arxiv, Certain, Same),
        ),
        (
            json!({"type": "book", "ISBN": "0-306-40615-2", "author": []}),
            json!({"type": "book", "ISBN": "9780306406157", "issued": {"date-parts": [[1999]]}}),
            (Isbn, Certain, Same),
        ),
    ] {
        assert_eq!(relation(&a, &b), Some(expected), "{a} {b}");
    }
}

#[test]
fn without_identifiers_title_author_and_year_tell() {
    use Certainty::{Likely, Possible};
    use Reason::Title;
    use Relation::Same;
    let year = |year: i32| json!({"date-parts": [[year]]});
    for (a, b, expected) in [
        (
            json!({"DOI": "10.1/a"}),
            json!({"title": "Attention, in the <i>deep</i> sea of words."}),
            Some((Title, Likely, Same)),
        ),
        (
            json!({}),
            json!({"issued": year(2021)}),
            Some((Title, Likely, Same)),
        ),
        (json!({}), json!({"issued": year(2022)}), None),
        (
            json!({}),
            json!({"author": [{"family": "de la Mare"}]}),
            Some((Title, Likely, Same)),
        ),
        (json!({}), json!({"author": [{"family": "Other"}]}), None),
        (
            json!({}),
            json!({"author": []}),
            Some((Title, Possible, Same)),
        ),
        (
            json!({}),
            json!({"issued": {}}),
            Some((Title, Possible, Same)),
        ),
        (
            json!({"title": "Editorial"}),
            json!({"title": "Editorial"}),
            None,
        ),
        (
            json!({"note": "arXiv:1706.03762"}),
            json!({"note": "arXiv:1706.03763"}),
            None,
        ),
        // Two DOIs are two publications, and so are two places.
        (json!({"DOI": "10.1/a"}), json!({"DOI": "10.1/b"}), None),
        (
            json!({"volume": "1", "page": "1-9"}),
            json!({"volume": "2", "page": "1-9"}),
            None,
        ),
        (
            json!({"volume": "1", "page": "1"}),
            json!({"volume": "1", "page": "1-9"}),
            Some((Title, Likely, Same)),
        ),
        (json!({"type": "book"}), json!({"type": "chapter"}), None),
    ] {
        assert_eq!(relation(&a, &b), expected, "{a} {b}");
    }
}

#[test]
fn a_preprint_and_what_was_published_are_versions() {
    use Reason::{Arxiv, Title};
    let preprint = json!({"type": "article", "DOI": "10.48550/arXiv.1706.03762", "issued": {"date-parts": [[2017]]}});
    for (published, expected) in [
        (
            json!({"DOI": "10.1038/x"}),
            Some((Title, Certainty::Likely, Relation::Versions)),
        ),
        (
            json!({"DOI": "10.1038/x", "note": "arXiv:1706.03762"}),
            Some((Arxiv, Certainty::Certain, Relation::Versions)),
        ),
        (
            json!({"DOI": "10.1038/x", "issued": {"date-parts": [[2021]]}}),
            None,
        ),
        (
            json!({"type": "article", "DOI": "10.1101/2017.1.1"}),
            Some((Title, Certainty::Likely, Relation::Versions)),
        ),
        // A journal's item that stands for the preprint by its DOI alone.
        (
            json!({"type": "article-journal", "DOI": "10.48550/ARXIV.1706.03762"}),
            Some((Reason::Doi, Certainty::Certain, Relation::Same)),
        ),
    ] {
        assert_eq!(relation(&preprint, &published), expected, "{published}");
    }
}

#[test]
fn a_library_is_grouped_with_copies_before_versions() {
    let list = json!([
        paper("a", &json!({"DOI": "10.1/a"})),
        paper("other", &json!({"title": "Quite another paper about fish"})),
        paper("b", &json!({"DOI": "10.1/A"})),
        paper("c", &json!({})),
        paper("d", &json!({"type": "article", "DOI": "10.1101/1"})),
        paper("e", &json!({"title": "Editorial"})),
        paper("f", &json!({"title": "Editorial"})),
    ]);
    assert_eq!(
        groups(&list),
        [
            (vec![0, 2, 3], Relation::Same, Certainty::Likely),
            (vec![0, 2, 3, 4], Relation::Versions, Certainty::Likely),
        ]
    );
    assert_eq!(groups(&json!([])), []);
}

#[test]
fn an_item_that_comes_in_is_found_the_surest_match_first() {
    let (library, source) = library(&json!([
        paper("title", &json!({})),
        paper("other", &json!({"title": "Quite another paper about fish"})),
        paper(
            "doi",
            &json!({"DOI": "10.1/a", "title": "Attention in the deep sea of words, corrected"})
        ),
        paper("preprint", &json!({"type": "article", "DOI": "10.1101/1"})),
    ]));
    let finder = Finder::new(&library, &source).unwrap();
    let found = finder.matches(&item(&paper("new", &json!({"DOI": "10.1/A"}))));
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.paper, one.reason, one.relation))
        .collect();
    assert_eq!(
        found,
        [
            (PaperNo(2), Reason::Doi, Relation::Same),
            (PaperNo(0), Reason::Title, Relation::Same),
            (PaperNo(3), Reason::Title, Relation::Versions),
        ]
    );
    assert_eq!(finder.matches(&item(&json!({"id": "x", "title": "T"}))), []);
}

#[test]
fn ten_thousand_papers_of_one_title_are_compared_in_no_time() {
    let mut finder = Finder::default();
    let one = Signature::of(&item(&paper("a", &json!({}))));
    for _ in 0..10_000 {
        finder.add(one.clone());
    }
    let groups = finder.groups();
    assert_eq!((groups.len(), groups[0].papers.len()), (1, 10_000));
    assert!(groups[0].links.len() < 20_000, "{}", groups[0].links.len());
}

#[test]
fn a_merge_takes_what_is_missing_and_keeps_the_fuller() {
    let kept = item(
        &json!({"id": "a", "type": "article-journal", "title": "Deep sea", "DOI": "10.1/a",
        "author": [{"family": "Mare", "given": "W."}], "issued": {"date-parts": [[2020]]}, "page": "1",
        "keyword": "sea, Fish", "custom": {"mine": 1, "offprint": {"origin": "x"}}, "x-own": "short", "volume": ""}),
    );
    let other = item(
        &json!({"id": "b", "type": "article-journal", "title": "Deep  sea", "DOI": "https://doi.org/10.1/A",
        "author": [{"family": "Mare", "given": "Walter"}], "issued": {"date-parts": [[2020, 5, 1]]}, "page": "1–9",
        "keyword": "fish, water", "abstract": "About it.", "custom": {"offprint": {"references": ["10.1/b"]}},
        "x-own": "longer text", "volume": "3", "issue": null}),
    );
    let merged = merge(&kept, &other);
    assert_eq!(
        Value::Object(merged.item.fields().clone()),
        json!({"id": "a", "type": "article-journal", "title": "Deep sea", "DOI": "10.1/a",
            "author": [{"family": "Mare", "given": "Walter"}], "issued": {"date-parts": [[2020, 5, 1]]}, "page": "1–9",
            "keyword": "sea, Fish, water", "custom": {"mine": 1, "offprint": {"origin": "x", "references": ["10.1/b"]}},
            "x-own": "longer text", "volume": "3", "abstract": "About it."})
    );
    let choices: Vec<(&str, Side)> = merged
        .choices
        .iter()
        .map(|choice| (choice.field.as_str(), choice.from))
        .collect();
    assert_eq!(
        choices,
        [
            ("author", Side::Other),
            ("issued", Side::Other),
            ("page", Side::Other),
            ("keyword", Side::Both),
            ("custom.offprint.references", Side::Other),
            ("x-own", Side::Other),
            ("volume", Side::Other),
            ("abstract", Side::Other),
        ]
    );
}

#[test]
fn the_published_version_says_where_it_appeared_and_the_arxiv_id_stays() {
    let preprint = item(
        &json!({"id": "p", "type": "article", "title": "Deep sea: a longer first title",
        "DOI": "10.48550/arXiv.1706.03762", "issued": {"date-parts": [[2017, 6, 12]]},
        "URL": "https://arxiv.org/abs/1706.03762", "abstract": "Long abstract."}),
    );
    let published = item(
        &json!({"id": "j", "type": "article-journal", "title": "Deep sea", "DOI": "10.1038/x",
        "issued": {"date-parts": [[2018]]}, "container-title": "Nature", "URL": "https://nature.com/x"}),
    );
    assert!(keeps_first(&published, &preprint) && !keeps_first(&preprint, &published));
    for (kept, other) in [(&published, &preprint), (&preprint, &published)] {
        let merged = merge(kept, other).item;
        for (field, expected) in [
            ("type", "article-journal"),
            ("title", "Deep sea"),
            ("DOI", "10.1038/x"),
            ("container-title", "Nature"),
            ("abstract", "Long abstract."),
            ("note", "arXiv:1706.03762"),
        ] {
            assert_eq!(merged.text(field).as_deref(), Some(expected), "{field}");
        }
        assert_eq!(
            merged.date("issued").and_then(|date| date.year()),
            Some(2018)
        );
        assert_eq!(merged.id(), kept.id());
    }
}

#[test]
fn the_preview_says_what_becomes_of_each_field() {
    let kept = item(
        &json!({"id": "a", "title": "T", "author": [{"family": "Mare", "given": "W."}], "language": "en"}),
    );
    let other = item(
        &json!({"id": "b", "title": "T", "author": [{"family": "Mare", "given": "Walter"}],
        "abstract": "About\u{1b} it.", "language": "en-GB"}),
    );
    let merged = merge(&kept, &other);
    assert_eq!(
        preview::text("a", "b", &merged),
        "a stays, b goes into it\n\
         \x20 ~ author    Walter Mare (more of the names)\n\
         \x20             not: W. Mare\n\
         \x20 = language  en (of the kept item)\n\
         \x20             not: en-GB\n\
         \x20 + abstract  About it. (only there)\n"
    );
    let same = merge(&kept, &kept);
    assert_eq!(
        preview::text("a", "b", &same),
        "a stays, b goes into it\n  they say the same\n"
    );
    assert_eq!(
        preview::json("a", "b", &merged)["fields"][0]["from"],
        "other"
    );
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..5000_i64).prop_map(Value::from),
        "[a-c ,;]{0,6}".prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec(("[a-d]{1,2}", inner), 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn fields() -> impl Strategy<Value = Map<String, Value>> {
    let names = [
        "id", "type", "title", "author", "issued", "DOI", "note", "keyword", "page", "abstract",
        "custom", "x", "y", "URL",
    ];
    proptest::collection::vec((proptest::sample::select(names.to_vec()), value()), 0..8).prop_map(
        |fields| {
            fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_field_is_lost_by_a_merge(a in fields(), b in fields()) {
        let (a, b) = (Item::from_fields(a), Item::from_fields(b));
        let merged = merge(&a, &b);
        for (name, value) in a.fields().iter().chain(b.fields()) {
            let empty = match value {
                Value::Null => true,
                Value::String(text) => text.trim().is_empty(),
                Value::Array(list) => list.is_empty(),
                Value::Object(map) => map.is_empty(),
                _ => false,
            };
            prop_assert!(empty || merged.item.fields().contains_key(name), "{}", name);
        }
        for choice in &merged.choices {
            prop_assert!(choice.other.is_some() || choice.from == Side::Other);
        }
        let _ = preview::text("a", "b", &merged);
    }

    #[test]
    fn merging_an_item_with_itself_changes_nothing(a in fields()) {
        let a = Item::from_fields(a);
        let merged = merge(&a, &a);
        prop_assert_eq!(&merged.choices, &[]);
        prop_assert_eq!(merged.item, a);
    }

    #[test]
    fn an_item_is_found_in_a_library_that_has_it(title in "[a-z]{3,9}( [a-z]{3,9}){3,5}", year in 1990..2020_i32, doi in proptest::option::of("10\\.1234/[a-z0-9]{1,8}")) {
        let mut fields = json!({"id": "a", "type": "article-journal", "title": title, "issued": {"date-parts": [[year]]}});
        if let Some(doi) = doi {
            fields["DOI"] = doi.into();
        }
        let one = item(&fields);
        let mut finder = Finder::default();
        finder.add(Signature::of(&item(&json!({"id": "z", "title": "something else entirely"}))));
        finder.add(Signature::of(&one));
        let found = finder.matches(&one);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!((found[0].paper, found[0].relation), (PaperNo(1), Relation::Same));
    }
}
