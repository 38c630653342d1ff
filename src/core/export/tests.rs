use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::limits::{Column, Datum};
use super::*;
use crate::core::cite::StyleSource as _;
use crate::core::cite::styled::ArchivedStyles;
use crate::core::journal::{Comment, CommentText, Progress, Status};

fn item(value: &Value) -> Item {
    Item::parse(value.to_string().as_bytes()).unwrap()
}

fn comment(text: &str) -> Comment {
    Comment {
        id: "c1".to_owned(),
        text: text.to_owned(),
        created: 1_767_225_600_000,
        edited: None,
        texts: vec![CommentText {
            text: text.to_owned(),
            at: 1_767_225_600_000,
            writer: "w".to_owned(),
        }],
    }
}

fn written(target: Target, options: &Options, papers: &[Paper<'_>]) -> String {
    let mut document = Document::new(target, options.clone());
    let mut out = document.head(papers.len());
    for paper in papers {
        out.push_str(&document.paper(paper));
    }
    out + &document.foot()
}

fn one(target: Target, bundle: bool, item: &Item, state: &PaperState) -> String {
    let raw = Value::Object(item.fields().clone()).to_string();
    let style = ArchivedStyles.load("apa").unwrap();
    let citation = style
        .entries(std::slice::from_ref(item))
        .unwrap()
        .remove(0)
        .1;
    let paper = Paper {
        item,
        key: "feng2026",
        raw: Some(&raw),
        state,
        queue: None,
        citation: Some(&citation),
    };
    let options = Options {
        bundle,
        ..Options::default()
    };
    written(target, &options, &[paper])
}

/// A paper with this datum, and a paper without it that is the same otherwise.
fn probe(datum: Datum) -> (Value, PaperState) {
    let mut fields = json!({"id": "feng2026", "type": "article-journal", "title": "Plain title",
        "author": [{"family": "Feng", "given": "Li"}], "issued": {"date-parts": [[2026, 2]]}});
    let mut state = PaperState::default();
    match datum {
        Datum::TitleMarkup => fields["title"] = "On <b>Escherichia</b> growth".into(),
        Datum::NameParts => {
            fields["author"] = json!([{"family": "Mare", "given": "Walter", "non-dropping-particle": "de la", "suffix": "Jr."}]);
        }
        Datum::Key => {}
        Datum::Day => fields["issued"] = json!({"date-parts": [[2026, 2, 27]]}),
        Datum::Abstract => fields["abstract"] = "sentinelabstract".into(),
        Datum::Keywords => fields["keyword"] = "sentinelkeyword".into(),
        Datum::Language => fields["language"] = "tlh".into(),
        Datum::Note => fields["note"] = "sentinelnote".into(),
        Datum::PubMed => fields["PMID"] = "41694348".into(),
        Datum::Arxiv => {
            fields["archive"] = "arXiv".into();
            fields["archive_location"] = "1706.03762".into();
        }
        Datum::Isbn => fields["ISBN"] = "9780306406157".into(),
        Datum::UnknownFields => fields["x-unknown"] = "sentinelunknown".into(),
        Datum::Custom => fields["custom"] = json!({"mine": "sentinelcustom"}),
        Datum::Status => state.status = Status::Abandoned,
        Datum::Rating => state.rating = 4,
        Datum::Tags => state.tags = vec!["sentineltag".to_owned()],
        Datum::Comments => state.comments = vec![comment("sentinelcomment")],
        Datum::Files => {
            state.files = vec!["sentinelfile.pdf".to_owned()];
            state.progress = Some(Progress { page: 5, of: 18 });
        }
    }
    (fields, state)
}

/// Whether the datum can be seen in what was written.
fn is_there(datum: Datum, target: Target, text: &str) -> bool {
    let has = |needles: &[&str]| needles.iter().any(|needle| text.contains(needle));
    match datum {
        Datum::TitleMarkup => {
            let marked = ["<b>Escherichia</b>", "\\textbf{", "**Escherichia**"];
            has(&marked)
        }
        Datum::NameParts => match target {
            Target::Csl => has(&["non-dropping-particle"]),
            Target::BibLaTex => has(&["prefix=de la"]),
            _ => false,
        },
        Datum::Key => has(&["feng2026"]),
        Datum::Day => has(&["27"]),
        Datum::Abstract => has(&["sentinelabstract"]),
        Datum::Keywords => has(&["sentinelkeyword"]),
        Datum::Language => has(&["tlh"]),
        Datum::Note => has(&["sentinelnote"]),
        Datum::PubMed => has(&["41694348"]),
        Datum::Arxiv => has(&["1706.03762"]),
        Datum::Isbn => has(&["9780306406157"]),
        Datum::UnknownFields => has(&["sentinelunknown"]),
        Datum::Custom => has(&["sentinelcustom"]),
        Datum::Status => has(&["abandoned"]),
        Datum::Rating => match target {
            Target::Csv => text.contains(",4,"),
            _ => has(&["\"rating\": 4", "rating: 4"]),
        },
        Datum::Tags => has(&["sentineltag"]),
        Datum::Comments => has(&["sentinelcomment"]),
        Datum::Files => has(&["sentinelfile"]),
    }
}

#[test]
fn every_format_holds_what_the_table_says_and_no_more() {
    let mut wrong = Vec::new();
    for column in Column::ALL {
        for datum in Datum::ALL {
            let (fields, state) = probe(datum);
            let text = one(column.target, column.bundle, &item(&fields), &state);
            if is_there(datum, column.target, &text) != column.holds(datum) {
                wrong.push(format!("{} {datum:?}\n{text}", column.label()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn items_of_a_csl_library_are_written_byte_for_byte() {
    let state = PaperState::default();
    let pretty = "{\n    \"id\" : \"a\",\n    \"x\": 1.50e1,   \"title\": \"\\u00e4\"\n  }";
    let compact = r#"{"id":7,"custom":{"offprint":{"origin":"x"}}}"#;
    let items: Vec<Item> = [pretty, compact]
        .iter()
        .map(|raw| Item::parse(raw.as_bytes()).unwrap())
        .collect();
    let papers: Vec<Paper<'_>> = items
        .iter()
        .zip([pretty, compact])
        .map(|(item, raw)| Paper {
            item,
            key: "k",
            raw: Some(raw),
            state: &state,
            queue: None,
            citation: None,
        })
        .collect();
    assert_eq!(
        written(Target::Csl, &Options::default(), &papers),
        format!("[\n  {pretty},\n{compact}\n]\n")
    );
    assert_eq!(written(Target::Csl, &Options::default(), &[]), "[]\n");
}

#[test]
fn an_item_that_pandoc_would_refuse_is_mended() {
    let state = PaperState::default();
    for (raw, expected) in [
        (
            r#"{"id":"a","note":null,"volume":"1"}"#,
            json!({"id": "a", "volume": "1"}),
        ),
        (r#"{"title":"T"}"#, json!({"title": "T", "id": "known"})),
    ] {
        let mut fields: Map<String, Value> = serde_json::from_str(raw).unwrap();
        fields.entry("id").or_insert("known".into());
        let item = Item::from_fields(fields);
        let paper = Paper {
            item: &item,
            key: "k",
            raw: Some(raw),
            state: &state,
            queue: None,
            citation: None,
        };
        let text = written(Target::Csl, &Options::default(), &[paper]);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value, json!([expected]));
    }
}

#[test]
fn zotero_is_given_types_it_reads_and_nothing_else_is_changed() {
    let state = PaperState::default();
    let raw = r#"{"id":"a","type":"software","title":"S","version":"1"}"#;
    let item = Item::parse(raw.as_bytes()).unwrap();
    let paper = Paper {
        item: &item,
        key: "k",
        raw: Some(raw),
        state: &state,
        queue: None,
        citation: None,
    };
    let options = Options {
        zotero: true,
        ..Options::default()
    };
    let value: Value = serde_json::from_str(&written(Target::Csl, &options, &[paper])).unwrap();
    assert_eq!(
        value,
        json!([{"id": "a", "type": "document", "title": "S", "version": "1"}])
    );
}

#[test]
fn a_bundle_holds_the_notes_and_keeps_what_was_in_custom() {
    let raw = r#"{"id":"a","custom":{"mine":1,"offprint":{"origin":"x"}},"title":"T"}"#;
    let item = Item::parse(raw.as_bytes()).unwrap();
    let state = PaperState {
        status: Status::Read,
        starred: true,
        rating: 4,
        priority: 1,
        tags: vec!["b/c".to_owned()],
        comments: vec![comment("line\n\u{1b}two")],
        progress: Some(Progress { page: 5, of: 0 }),
        added: Some(0),
        files: vec!["a.pdf".to_owned()],
        ..PaperState::default()
    };
    let fields = bundle::with_notes(&item, &state, Some(2));
    assert_eq!(
        Value::Object(fields),
        json!({"id": "a", "title": "T", "custom": {"mine": 1, "offprint": {
            "origin": "x", "status": "read", "starred": true, "rating": 4, "priority": 1, "queue": 2,
            "progress": {"page": 5}, "tags": ["b/c"], "files": ["a.pdf"],
            "comments": [{"id": "c1", "time": "2026-01-01T00:00:00.000Z", "text": "line\n\u{1b}two"}],
            "added": "1970-01-01T00:00:00.000Z"}}})
    );
    assert!(!bundle::has_notes(&PaperState::default(), None));
}

#[test]
fn a_page_runs_no_script_whatever_the_item_says() {
    let nasty = "<script>alert(1)</script>\"onmouseover=\"x";
    let item = item(
        &json!({"id": "a", "type": "book", "title": nasty, "abstract": nasty, "keyword": nasty,
        "URL": "javascript:alert(1)", "author": [{"family": nasty}], "publisher": nasty}),
    );
    let text = one(Target::Html, false, &item, &PaperState::default());
    assert!(
        !text.contains("<script") && !text.contains("href=\"javascript"),
        "{text}"
    );
    assert!(text.starts_with("<!DOCTYPE html>") && text.ends_with("</html>\n"));
    assert!(text.contains("default-src 'none'"));
}

#[test]
fn a_note_has_properties_abstract_comments_and_links() {
    let item = item(
        &json!({"id": "feng2026", "type": "article-journal", "title": "T cells: \"new\" *ways*",
        "author": [{"family": "Feng", "given": "Li"}], "issued": {"date-parts": [[2026]]}, "DOI": "10.1/x",
        "abstract": "Cells [1] work."}),
    );
    let state = PaperState {
        tags: vec!["to read".to_owned()],
        comments: vec![comment("**Yes**\n\n- one")],
        ..PaperState::default()
    };
    let paper = Paper {
        item: &item,
        key: "feng2026",
        raw: None,
        state: &state,
        queue: None,
        citation: None,
    };
    let similar = [note::Neighbour {
        file: "li2025".to_owned(),
        title: "Other [part|2]".to_owned(),
        why: "shares: car_t".to_owned(),
    }];
    let text = note::note(&paper, &similar);
    assert_eq!(seal::examine(&text), seal::Seal::Intact);
    let without: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("offprint-checksum"))
        .collect();
    assert_eq!(
        without.join("\n"),
        "---\ntitle: \"T cells: \\\"new\\\" *ways*\"\n\
         citekey: \"feng2026\"\ntype: \"article-journal\"\nauthors:\n  - \"Li Feng\"\nyear: 2026\ndoi: \"10.1/x\"\nurl: \"https://doi.org/10.1/x\"\n\
               tags:\n  - \"to-read\"\n---\n\n# T cells: \"new\" \\*ways\\*\n\n## Abstract\n\nCells \\[1\\] work.\n\n\
               ## Comments\n\n### 2026-01-01T00:00:00.000Z\n\n**Yes**\n\n- one\n\n## Similar papers\n\n\
               - [[li2025|Other (part/2)]] (shares: car\\_t)"
    );
}

#[test]
fn comments_go_into_a_file_that_names_the_paper() {
    let item = item(&json!({"id": "a", "title": "T", "DOI": "10.1/X"}));
    let state = PaperState {
        comments: vec![comment("one\n"), comment("two")],
        ..PaperState::default()
    };
    let paper = Paper {
        item: &item,
        key: "a",
        raw: None,
        state: &state,
        queue: None,
        citation: None,
    };
    let text = comments::file(&paper).unwrap();
    assert!(
        text.starts_with("---\nkey: \"a\"\nids:\n  - \"doi:10.1/x\"\noffprint-checksum: "),
        "{text}"
    );
    assert!(
        text.ends_with("---\n\n# T\n\n## 2026-01-01T00:00:00.000Z\n\none\n\n## 2026-01-01T00:00:00.000Z\n\ntwo\n"),
        "{text}"
    );
    let quiet = PaperState::default();
    assert_eq!(
        comments::file(&Paper {
            state: &quiet,
            ..paper
        }),
        None
    );
}

fn fields() -> impl Strategy<Value = Map<String, Value>> {
    let text = prop_oneof![
        "[a-zA-Zäöü ,;:'-]{1,20}",
        ".{0,30}",
        "[=+@-][a-z]{0,5}",
        "[\\p{Cc}\\p{Cf}<>&\"*_#]{0,10}"
    ];
    let name = ("[A-Z][a-zäöü]{1,8}", "[A-Z][a-z]{0,8}")
        .prop_map(|(family, given)| json!({"family": family, "given": given}));
    (
        text.clone(),
        proptest::collection::vec(name, 0..4),
        proptest::option::of(1500..2100_i32),
        text.clone(),
        text,
        prop_oneof![
            Just("article-journal"),
            Just("book"),
            Just("chapter"),
            Just("software"),
            Just("thesis")
        ],
    )
        .prop_map(|(title, authors, year, container, about, kind)| {
            let mut fields = Map::new();
            fields.insert("id".to_owned(), "key1".into());
            fields.insert("type".to_owned(), kind.into());
            fields.insert("title".to_owned(), title.into());
            fields.insert("author".to_owned(), authors.into());
            if let Some(year) = year {
                fields.insert("issued".to_owned(), json!({"date-parts": [[year]]}));
            }
            fields.insert("container-title".to_owned(), container.into());
            fields.insert("abstract".to_owned(), about.into());
            fields
        })
}

/// The cells of a table, read by the rules of RFC 4180.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut inside) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if inside && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' => inside = !inside,
            ',' if !inside => row.push(std::mem::take(&mut cell)),
            '\r' if !inside && rest.peek() == Some(&'\n') => {
                rest.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(cell.is_empty() && row.is_empty() && !inside);
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn csl_gives_back_every_item(list in proptest::collection::vec(fields(), 0..4), bundle in any::<bool>(), escape in any::<bool>()) {
        let state = PaperState::default();
        let items: Vec<Item> = list.iter().cloned().map(Item::from_fields).collect();
        let raw: Vec<String> = list.iter().map(|fields| Value::Object(fields.clone()).to_string()).collect();
        let papers: Vec<Paper<'_>> = items.iter().zip(&raw)
            .map(|(item, raw)| Paper { item, key: "key1", raw: Some(raw), state: &state, queue: None, citation: None })
            .collect();
        let options = Options { bundle, escape, ..Options::default() };
        let text = written(Target::Csl, &options, &papers);
        let back: Vec<Map<String, Value>> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back, list);
        if escape {
            prop_assert!(!text.chars().any(|c| c != '\n' && crate::core::text::is_dangerous(c)));
        }
    }

    #[test]
    fn a_table_gives_back_its_cells(fields in fields(), tags in proptest::collection::vec("[a-z=+@\", -]{1,8}", 0..3)) {
        let item = Item::from_fields(fields);
        let state = PaperState { tags, comments: vec![comment("a \"b\"\r\nc,d")], ..PaperState::default() };
        let paper = Paper { item: &item, key: "key1", raw: None, state: &state, queue: None, citation: None };
        let rows = cells(&written(Target::Csv, &Options::default(), &[paper]));
        prop_assert_eq!(rows.len(), 2);
        prop_assert!(rows.iter().all(|row| row.len() == csv::COLUMNS.len()));
        let cell = |name: &str| {
            let at = csv::COLUMNS.iter().position(|column| *column == name).unwrap();
            csv::unguarded(&rows[1][at]).to_owned()
        };
        prop_assert_eq!(cell("title"), crate::core::text::clean(&item.text("title").unwrap_or_default()).into_string());
        prop_assert_eq!(cell("comments"), "a \"b\"\nc,d");
        prop_assert_eq!(cell("id"), "key1");
    }

    #[test]
    fn texts_hold_nothing_that_a_terminal_obeys(fields in fields()) {
        let item = Item::from_fields(fields);
        for target in Target::ALL {
            let text = one(target, false, &item, &PaperState::default());
            if target != Target::Csl {
                prop_assert!(!text.chars().any(|c| !matches!(c, '\n' | '\r') && crate::core::text::is_dangerous(c)), "{:?}", text);
            }
        }
    }
}
