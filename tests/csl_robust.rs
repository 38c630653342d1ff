//! Whatever the item and the style: an answer or an error, never a panic, never a hang.

use std::time::{Duration, Instant};

use offprint::core::csl::{Citation, Cite, Locale, Processor, Style, archive};
use offprint::core::item::Item;
use proptest::prelude::*;
use serde_json::{Value, json};

fn item(value: Value) -> Item {
    Item::from_fields(value.as_object().cloned().unwrap_or_default())
}

fn all_ways(processor: &Processor<'_>, items: &[Item]) -> usize {
    let mut size = 0;
    for (_, entry) in processor.bibliography(items) {
        size +=
            entry.plain().len() + entry.html().len() + entry.markdown().len() + entry.spans().len();
    }
    let cites = (0..items.len())
        .map(|item| Cite {
            locator: Some("12-14".into()),
            prefix: Some("see".into()),
            ..Cite::of(item)
        })
        .collect();
    size + processor.citation(items, cites).html().len()
}

fn style(body: &str) -> String {
    format!(
        "<style xmlns=\"http://purl.org/net/xbiblio/csl\" class=\"in-text\" version=\"1.0\"><info><title>T</title><id>t</id></info>{body}</style>"
    )
}

#[test]
fn extreme_items_are_cited_in_styles_of_every_kind() {
    let authors: Vec<Value> = (0..3_000)
        .map(|number| json!({"family": format!("Name{number}"), "given": "A. B."}))
        .collect();
    let items = [
        item(json!({})),
        item(json!({"id": 1, "type": "no-such-type", "title": null, "author": [], "issued": {}})),
        item(
            json!({"id": "a", "type": "article-journal", "author": authors, "title": "Many", "issued": {"date-parts": [[2020]]}}),
        ),
        item(
            json!({"id": "b", "type": "article-journal", "author": authors, "title": "Many", "issued": {"date-parts": [[2020]]}}),
        ),
        item(
            json!({"id": "c", "title": "😀 👩‍🔬 \"<i>".repeat(8_000), "author": [{"family": "حسن", "given": "علي"}, {"family": "王", "given": "小明"}]}),
        ),
        item(
            json!({"id": "d", "title": "'\"".repeat(50_000), "page": "1-".repeat(5_000), "volume": "9".repeat(500)}),
        ),
    ];
    let started = Instant::now();
    let locale = archive::locale("en-US").unwrap();
    for archived in archive::styles() {
        let style = archived.load().unwrap();
        assert!(
            all_ways(&Processor::new(&style, &locale), &items) > 0,
            "{}",
            archived.id
        );
    }
    assert!(started.elapsed() < Duration::from_secs(300));
}

#[test]
fn a_macro_loop_is_an_error_with_its_line() {
    let text = style(
        "\n<macro name=\"a\"><text macro=\"b\"/></macro>\n<macro name=\"b\"><group><text macro=\"a\"/></group></macro><citation><layout><text macro=\"a\"/></layout></citation>",
    );
    let error = Style::parse(&text).unwrap_err();
    assert_eq!(error.line, 2);
    assert!(error.message.contains("calls itself"), "{error}");
}

#[test]
fn broken_styles_are_errors_with_their_line() {
    for (text, line, part) in [
        ("<style>\n<info></style>".to_owned(), 2, "XML"),
        (
            style("\n\n<citation><layout><text/></layout></citation>"),
            3,
            "needs",
        ),
        (
            style("<citation><layout>\n<text macro=\"x\"/></layout></citation>"),
            2,
            "no macro",
        ),
        (
            style("<citation><layout>\n<blink/></layout></citation>"),
            2,
            "blink",
        ),
        ("<locale/>".to_owned(), 1, "not a CSL style"),
        (style(""), 1, "citation"),
        (String::new(), 1, "XML"),
    ] {
        let error = Style::parse(&text).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.message.contains(part), "{error}");
    }
}

#[test]
fn macros_that_multiply_and_groups_that_nest_come_to_an_end() {
    let mut body = String::from("<macro name=\"m0\"><text variable=\"title\"/></macro>");
    for level in 1..40 {
        let call = format!("<text macro=\"m{}\"/>", level - 1);
        body += &format!("<macro name=\"m{level}\">{call}{call}{call}</macro>");
    }
    body += "<citation><layout><text macro=\"m39\"/></layout></citation><bibliography><layout><text macro=\"m39\"/></layout></bibliography>";
    let parsed = Style::parse(&style(&body)).unwrap();
    let locale = archive::locale("en-US").unwrap();
    let started = Instant::now();
    let entry = Processor::new(&parsed, &locale)
        .bibliography_entry(&item(json!({"title": "x".repeat(1_000)})));
    assert!(entry.plain().len() < 50_000_000);
    assert!(started.elapsed() < Duration::from_secs(30));
    let nested = style(&format!(
        "<citation><layout>{}{}</layout></citation>",
        "<group>".repeat(5_000),
        "</group>".repeat(5_000)
    ));
    assert!(Style::parse(&nested).unwrap_err().message.contains("deep"));
}

#[test]
fn an_incomplete_list_of_authors_ends_in_et_al() {
    let item = item(json!({
        "type": "article-journal", "title": "T",
        "author": [{"family": "Feng", "given": "Mei"}, {"family": "Tan", "given": "Yuan"}],
        "custom": {"offprint": {"authorsTruncated": true}}
    }));
    let locale = archive::locale("en-US").unwrap();
    let apa = archive::style("apa").unwrap();
    let text = Processor::new(&apa, &locale)
        .bibliography_entry(&item)
        .plain();
    assert!(text.starts_with("Feng, M., Tan, Y., et al."), "{text}");
}

#[test]
fn a_list_gets_year_suffixes_and_numbers() {
    let work = |title: &str| {
        item(
            json!({"type": "article-journal", "title": title, "author": [{"family": "Feng", "given": "Mei"}], "issued": {"date-parts": [[2020]]}}),
        )
    };
    let items = [work("Second"), work("First")];
    let locale = archive::locale("en-US").unwrap();
    let apa = archive::style("apa").unwrap();
    let processor = Processor::new(&apa, &locale);
    let texts: Vec<String> = processor
        .bibliography(&items)
        .iter()
        .map(|(_, entry)| entry.plain())
        .collect();
    assert!(texts[0].starts_with("Feng, M. (2020a). First"), "{texts:?}");
    assert!(
        texts[1].starts_with("Feng, M. (2020b). Second"),
        "{texts:?}"
    );
    let cites = vec![Cite::of(0), Cite::of(1)];
    assert_eq!(
        processor.citation(&items, cites).plain(),
        "(Feng, 2020a, 2020b)"
    );
    let ieee = archive::style("ieee").unwrap();
    let processor = Processor::new(&ieee, &locale);
    assert!(
        processor.bibliography(&items)[1]
            .1
            .plain()
            .starts_with("[2] M. Feng")
    );
    assert!(
        processor
            .bibliography_entry(&items[0])
            .plain()
            .starts_with("M. Feng")
    );
}

#[test]
fn a_dependent_style_prints_as_its_parent() {
    let dependent = Style::parse(
        "<style xmlns=\"http://purl.org/net/xbiblio/csl\" version=\"1.0\" default-locale=\"en-GB\"><info><title>J</title><id>j</id><link href=\"http://www.zotero.org/styles/apa\" rel=\"independent-parent\"/></info></style>",
    )
    .unwrap();
    assert_eq!(dependent.parent(), Some("http://www.zotero.org/styles/apa"));
    let parent = archive::style(dependent.parent().unwrap()).unwrap();
    let whole = dependent.with_parent(parent);
    assert_eq!(
        (whole.info().title.as_str(), whole.language(None)),
        ("J", "en-GB")
    );
    assert!(whole.has_bibliography());
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        "[a-zA-Z0-9 .,:;!?'\"<>/&()\\[\\]“”‘’–-]{0,60}",
        Just("<i>x</i> 'y' \"z".to_owned()),
        "[0-9]{1,5}[-–][0-9]{1,5}",
    ]
}

fn any_item() -> impl Strategy<Value = Item> {
    let name = (text(), text(), text()).prop_map(
        |(family, given, suffix)| json!({"family": family, "given": given, "suffix": suffix}),
    );
    let date = prop_oneof![
        (-3000..3000_i32, 0..30_u8, 0..40_u8)
            .prop_map(|(y, m, d)| json!({"date-parts": [[y, m, d]]})),
        (1000..2100_i32, 1000..2100_i32)
            .prop_map(|(a, b)| json!({"date-parts": [[a, 3], [b, 5, 2]]})),
        text().prop_map(|literal| json!({"literal": literal})),
    ];
    (
        prop::collection::vec(text(), 12),
        prop::collection::vec(name, 0..5),
        date,
        prop::sample::select(vec!["article-journal", "book", "chapter", "paper-conference", "thesis", "webpage", "patent", "legal_case", ""]),
    )
        .prop_map(|(texts, names, date, kind)| {
            let mut value = json!({"type": kind, "author": names, "editor": names, "issued": date, "accessed": date});
            let fields = ["title", "container-title", "volume", "issue", "page", "DOI", "URL", "publisher", "edition", "genre", "language", "note"];
            for (field, text) in fields.iter().zip(texts) {
                value[*field] = Value::String(text);
            }
            item(value)
        })
}

fn element() -> impl Strategy<Value = String> {
    let look = prop::sample::select(vec![
        "",
        " prefix=\".\"",
        " suffix=\", \"",
        " quotes=\"true\"",
        " text-case=\"title\"",
        " text-case=\"sentence\"",
        " font-style=\"italic\" strip-periods=\"true\"",
        " display=\"block\"",
    ]);
    let leaf = (
        prop::sample::select(vec![
            "<text variable=\"title\"@/>",
            "<text variable=\"page\"@/>",
            "<text term=\"in\"@/>",
            "<text value=\"x. \"@/>",
            "<text variable=\"citation-number\"@/>",
            "<number variable=\"volume\" form=\"ordinal\"@/>",
            "<number variable=\"issue\" form=\"roman\"@/>",
            "<label variable=\"page\"@/>",
            "<date variable=\"issued\" form=\"text\"@/>",
            "<date variable=\"issued\"@><date-part name=\"year\"/><date-part name=\"month\" form=\"short\"/></date>",
            "<names variable=\"author editor\"@><name initialize-with=\". \" and=\"text\" et-al-min=\"2\"/><label/><substitute><text variable=\"title\"/></substitute></names>",
            "<names variable=\"editor\"@/>",
        ]),
        look,
    )
        .prop_map(|(leaf, look)| leaf.replace('@', look));
    leaf.prop_recursive(3, 16, 4, |inner| {
        (prop::collection::vec(inner, 1..4), prop::sample::select(vec!["group delimiter=\", \"", "choose", "group prefix=\"(\" suffix=\")\""])).prop_map(|(children, kind)| {
            let children = children.concat();
            if kind == "choose" {
                format!("<choose><if variable=\"volume\" is-numeric=\"page\" match=\"any\">{children}</if><else>{children}</else></choose>")
            } else {
                format!("<{kind}>{children}</group>")
            }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_item_in_any_shipped_style(items in prop::collection::vec(any_item(), 1..4), index in 0_usize..80) {
        let archived = archive::styles()[index % archive::styles().len()];
        let style = archived.load().unwrap();
        let locale = archive::locale(style.language(None)).unwrap();
        all_ways(&Processor::new(&style, &locale), &items);
    }

    #[test]
    fn any_item_in_any_made_up_style(items in prop::collection::vec(any_item(), 1..4), elements in prop::collection::vec(element(), 1..4)) {
        let body = elements.concat();
        let text = style(&format!(
            "<citation collapse=\"year\" disambiguate-add-names=\"true\" disambiguate-add-givenname=\"true\" disambiguate-add-year-suffix=\"true\"><sort><key variable=\"issued\"/></sort><layout delimiter=\"; \">{body}</layout></citation><bibliography subsequent-author-substitute=\"—\" second-field-align=\"flush\"><sort><key variable=\"author\" sort=\"descending\"/></sort><layout suffix=\".\">{body}</layout></bibliography>"
        ));
        let style = Style::parse(&text).unwrap();
        let locale = archive::locale("de-DE").unwrap();
        let processor = Processor::new(&style, &locale);
        all_ways(&processor, &items);
        let borrowed: Vec<&Item> = items.iter().collect();
        let citations: Vec<Citation> = (0..items.len()).map(|item| Citation { cites: vec![Cite::of(item), Cite::of(0)], note: Some(item as u32) }).collect();
        processor.document(&borrowed, &citations).citations();
    }

    #[test]
    fn any_bytes_are_a_style_or_an_error(text in ".{0,200}|<style>[<>a-z/\"= ]{0,100}</style>") {
        let _ = Style::parse(&text);
        let _ = Locale::parse(&text);
    }
}
