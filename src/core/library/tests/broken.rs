//! Broken and hostile files.

use super::*;

fn lines(items: &[&str]) -> String {
    format!("[\n{}\n]\n", items.join(",\n"))
}

#[test]
fn one_broken_item_costs_no_other_in_any_layout() {
    let good = r#"{"id":"a","author":[{"family":"F"}],"title":"A"}"#;
    let last = r#"{"id":"c","author":[{"family":"G"}],"title":"C"}"#;
    let broken = [
        r#"{"id":"b,"author":[{"family":"F"}],"title":"B"}"#,
        r#"{"id":"b","author":[{"family":"F"}],"title":"B}"#,
        r#"{"id":"b","author":[{"family":"F"}],"title":B"}"#,
        r#"{"id":"b","author":[{"family":"F"}],"title""B"}"#,
        r#"{"id":"b","author":[{"family":"F"}],"title":"B""#,
        r#"{"id":"b","author":[{"family":"F"},"title":"B"}"#,
        r#"{"id":"b","author":[{"family":"F"}],"title":["B"}"#,
        r#"{"id":"b","author":[{"family":"F"}] "title":"B"}"#,
        r#"{"id":"b","author":[{"family":"F"}],,"title":"B"}"#,
        r#"{"id":"b","author":{"family":"F"}],"title":"B"}"#,
        r#"{"id":"b","author":[{"family":"F"}],"title":"B""#,
        r#"{"id":"b","author":[{"family":"F"}"#,
        r#"{"id":"b","author":["#,
        r#"{"id":"b","issued":{"date-parts":[[2020"#,
        r#""id":"b","author":[{"family":"F"}],"title":"B"}"#,
        r#"{"id":"b","title":"\q"}"#,
        r#"{"id":"b","title":"\ud83d"}"#,
        r#"{"id":"b","volume":01}"#,
        r#"{"id":"b","volume":tru}"#,
        r#"{"id":"b","volume":NaN}"#,
        "{\"id\":\"b\",\"title\":\"a\tb\"}",
        "{\"id\":\"b\",\"title\":\"two\nlines\"}",
        "7",
        "[[]]",
        "@",
    ];
    for middle in broken {
        for text in [
            lines(&[good, middle, last]),
            [good, middle, last].join("\n"),
            lines(&[good, middle, last]).replace('\n', "\r\n"),
        ] {
            let (library, problems) = read(&text);
            assert_eq!(ids(&library), ["a", "c"], "{text}\n{:?}", said(&problems));
            assert!(problems.lost() >= 1, "{text}");
            assert!(problems.list()[0].line >= 2, "{text} {:?}", said(&problems));
        }
    }
}

#[test]
fn indented_files_lose_only_the_broken_item() {
    let item = |id: &str| {
        format!(
            "  {{\n    \"id\": \"{id}\",\n    \"author\": [\n      {{\n        \"family\": \"F\"\n      }}\n    ],\n    \"title\": \"T\"\n  }}"
        )
    };
    let whole = format!("[\n{},\n{},\n{}\n]\n", item("a"), item("b"), item("c"));
    assert_eq!(ids(&read(&whole).0), ["a", "b", "c"]);
    let (first, rest) = whole.split_once("\"id\": \"b\"").unwrap();
    for (from, to) in [
        ("\"F\"", "\"F"),
        ("\"F\"", "F\""),
        ("    ],\n", ""),
        ("    ],\n", "    ]\n"),
        ("      }\n", ""),
        ("  },\n", ""),
        ("    \"title\": \"T\"\n  },\n", ""),
    ] {
        let text = format!("{first}\"id\": \"b\"{}", rest.replacen(from, to, 1));
        let (library, problems) = read(&text);
        assert_eq!(ids(&library), ["a", "c"], "{text}\n{:?}", said(&problems));
        assert_eq!(problems.lost(), 1, "{text} {:?}", said(&problems));
    }
}

#[test]
fn a_list_on_one_line_goes_on_after_a_broken_item() {
    let (library, problems) = read(
        r#"[{"id":"a","title":"A"},{"id":"b","title":"B},{"id":"c","author":[{"family":"F"},{"family":"G"}]},{"id":"d"}]"#,
    );
    assert_eq!(ids(&library), ["a", "c", "d"]);
    assert_eq!(problems.lost(), 1);
}

#[test]
fn commas_are_forgiven_with_a_remark() {
    for (text, what) in [
        (
            "[{\"id\":\"a\"},{\"id\":\"b\"},]",
            "1:24 a comma too many before the ]",
        ),
        (
            "[{\"id\":\"a\"}\n{\"id\":\"b\"}]",
            "2:1 a comma is missing between two items",
        ),
        ("[{\"id\":\"a\"},,{\"id\":\"b\"}]", "1:13 a comma too many"),
        (
            "{\"id\":\"a\"},\n{\"id\":\"b\"},\n",
            "1:11 a comma between items that are in no list",
        ),
        (
            "[{\"id\":\"a\"},{\"id\":\"b\"}] x",
            "1:25 more text after the ] of the list",
        ),
        (
            "[{\"id\":\"a\"}],\n{\"id\":\"b\"}]",
            "1:13 more text after the ] of the list",
        ),
    ] {
        let (library, problems) = read(text);
        assert_eq!(ids(&library), ["a", "b"], "{text}");
        assert_eq!(
            (said(&problems), problems.lost()),
            (vec![what.to_owned()], 0),
            "{text}"
        );
    }
}

#[test]
fn unindented_files_with_line_breaks_are_read() {
    let text = "[\n{\n\"id\": \"a\",\n\"author\": [\n{\n\"family\": \"F\"\n}\n],\n\"custom\": {\n\"offprint\": {\n\"references\": [\n{\n\"DOI\": \"10.1/x\"\n}\n]\n}\n}\n},\n{\n\"id\": \"b\"\n}\n]";
    let (library, problems) = read(text);
    assert_eq!((ids(&library), problems.total()), (vec!["a", "b"], 0));
}

#[test]
fn a_field_that_stands_twice_is_reported_and_the_last_counts() {
    let (library, problems) = read(r#"[{"id":"a","title":"A","title":"B"}]"#);
    assert_eq!(library.title(PaperNo(0)), "B");
    assert_eq!(
        said(&problems),
        ["1:2 the field \"title\" stands twice; the last one counts"]
    );
}

#[test]
fn a_hostile_file_takes_no_more_time_than_its_size_allows() {
    // Every line opens an item that is never closed; every other one looks like a fresh start.
    let line = format!("{{\"id\":\"a\",\"author\":[{}\n", "[".repeat(60));
    for text in [
        line.repeat(20_000),
        "[{".repeat(500_000),
        "{\"a\":\"".repeat(300_000),
        format!("[{}", "{,".repeat(500_000)),
        format!("[{}", "\n ".repeat(500_000)),
        format!("[x{}", "{ ".repeat(500_000)),
        format!("[{{\"id\":{}", "9".repeat(2_000_000)),
    ] {
        let mut builder = Builder::new();
        let mut end = Ok(());
        for chunk in text.as_bytes().chunks(100) {
            end = builder.feed(chunk).map(drop);
            if end.is_err() {
                break;
            }
        }
        let end = end.and_then(|()| builder.finish().map(drop));
        assert!(end.is_err() || builder.take_problems().total() > 0);
    }
}
