use proptest::prelude::*;

use super::*;
use crate::core::text::fold;

fn build(text: impl AsRef<[u8]>) -> Result<(Library, Problems), FileError> {
    let mut builder = Builder::new();
    builder.feed(text.as_ref())?;
    builder.finish()?;
    let problems = builder.take_problems();
    Ok((builder.library().clone(), problems))
}

fn read(text: impl AsRef<[u8]>) -> (Library, Problems) {
    build(text).unwrap()
}

fn ids(library: &Library) -> Vec<&str> {
    library.numbers().map(|no| library.id(no)).collect()
}

/// `line:column what` of each problem, `lost` ones marked.
fn said(problems: &Problems) -> Vec<String> {
    let line = |p: &Problem| {
        let lost = if p.lost { "lost " } else { "" };
        format!("{}:{} {lost}{}", p.line, p.column, p.what)
    };
    problems.list().iter().map(line).collect()
}

mod shapes {
    use super::*;

    #[test]
    fn an_array_becomes_columns() {
        let (library, problems) = read(
            r#"[{"id":"a","type":"article-journal","title":"The <i>E. coli</i> Gene","author":[{"family":"Mare","given":"Walter","non-dropping-particle":"de la"},{"family":"Müller","given":"Ann"}],"issued":{"date-parts":[["2020",3]]},"container-title":"Cell","keyword":"Gene, Ärzte"},
{"id":7,"title":"B"}]"#,
        );
        assert_eq!(said(&problems), [""; 0]);
        assert_eq!(ids(&library), ["a", "7"]);
        let a = PaperNo(0);
        assert_eq!(library.title(a), "The E. coli Gene");
        assert_eq!(library.year(a), Some(2020));
        assert_eq!(library.venue(a), "Cell");
        assert_eq!(library.kind(a), "article-journal");
        assert_eq!((library.line(a), library.line(PaperNo(1))), (1, 2));
        let names: Vec<_> = library.authors(a).map(|n| (n.short, n.full)).collect();
        assert_eq!(
            names,
            [
                ("de la Mare", "Walter de la Mare"),
                ("Müller", "Ann Müller")
            ]
        );
        for (field, folded) in [
            (FoldedField::Title, "the e. coli gene"),
            (FoldedField::Authors, "walter de la mare; ann muller"),
            (FoldedField::Venue, "cell"),
            (FoldedField::Keywords, "gene, arzte"),
        ] {
            assert_eq!(library.folded(a, field), folded);
        }
        assert_eq!(library.find_id("7"), Some(PaperNo(1)));
        assert_eq!(library.find_id("b"), None);
    }

    #[test]
    fn years_are_found_in_every_form_of_date() {
        for (issued, year) in [
            (r#"{"date-parts":[[2020,1,2]]}"#, Some(2020)),
            (
                r#"{"date-parts":[["2011",5,25],["2012",6,26]],"circa":true}"#,
                Some(2011),
            ),
            (r#"{"date-parts":[["-12",13],["-13",14]]}"#, Some(-12)),
            (r#"{"date-parts":[[1999]],"season":"Winter"}"#, Some(1999)),
            (r#"{"literal":"spring of 1998"}"#, Some(1998)),
            (r#"{"raw":"2019-05/2020-06"}"#, Some(2019)),
            (r#""2001-02""#, Some(2001)),
            ("1987", Some(1987)),
            (r#"{"date-parts":[[null]]}"#, None),
            (r#"{"date-parts":[]}"#, None),
            (r#"{"literal":"in press"}"#, None),
            ("null", None),
            (r#"{"date-parts":[[1e400]]}"#, None),
            (r#"{"date-parts":[[99999999]]}"#, None),
        ] {
            let (library, problems) = read(format!(r#"[{{"id":"a","issued":{issued}}}]"#));
            assert_eq!(library.year(PaperNo(0)), year, "{issued}");
            assert_eq!(problems.total(), 0, "{issued}");
        }
    }

    #[test]
    fn bad_writers_are_understood() {
        let (library, problems) = read(
            r#"[{"id":1e400,"title":["First","Second"],"author":{"literal":"WHO"},"container-title":["J. X"],"keyword":["a","b"],"volume":null,"GSCC":"1","type":"journal-article"},
            {"id":"n","title":null,"author":[null,{"family":""},{"name":"ACME"},"A Group",{"family":null,"given":"Plato"}],"type":"blog"}]"#,
        );
        assert_eq!(said(&problems), [""; 0]);
        let first = PaperNo(0);
        assert_eq!(library.id(first), "1e400");
        assert_eq!(library.title(first), "First");
        assert_eq!(library.venue(first), "J. X");
        assert_eq!(library.kind(first), "article-journal");
        assert_eq!(library.folded(first, FoldedField::Keywords), "a, b");
        let second = PaperNo(1);
        assert_eq!(
            (library.title(second), library.kind(second)),
            ("Untitled", "document")
        );
        assert_eq!(library.folded(second, FoldedField::Title), "untitled");
        let names: Vec<_> = library.authors(second).map(|n| n.full).collect();
        assert_eq!(names, ["ACME", "A Group", "Plato"]);
    }

    #[test]
    fn json_lines_and_pretty_objects_are_libraries() {
        for text in [
            "{\"id\":\"a\"}\n{\"id\":\"b\"}\n",
            "{\"id\":\"a\"}\r\n\r\n{\"id\":\"b\"}",
            "\u{feff}{\n  \"id\": \"a\"\n}\n{\n  \"id\": \"b\"\n}\n",
            "[\r\n{\"id\":\"a\"},\r\n{\"id\":\"b\"}\r\n]\r\n",
            "\u{feff}[{\"id\":\"a\"} , {\"id\":\"b\"}]\n\n",
        ] {
            let (library, problems) = read(text);
            assert_eq!(ids(&library), ["a", "b"], "{text}");
            assert_eq!(problems.total(), 0, "{text}");
        }
    }

    #[test]
    fn an_empty_list_is_a_library() {
        for text in ["[]", "\u{feff} [ \r\n ] \n"] {
            assert!(read(text).0.is_empty());
        }
    }

    #[test]
    fn arxiv_records_read_as_preprints() {
        let line = r#"{"id":"0704.0001","submitter":"A B","authors":"C. Bal\\'azs, E. L. Berger","title":"Calculation of prompt\n  diphoton","comments":null,"journal-ref":"Phys.Rev.D76:013009,2007","doi":"10.1103/PhysRevD.76.013009","categories":"hep-ph hep-ex","abstract":"  A fully\ndifferential calculation.\n","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"},{"version":"v2","created":"Tue, 24 Jul 2008 20:10:27 GMT"}],"update_date":"2008-11-26","authors_parsed":[["Balázs","C.",""],["Berger","E. L.","Jr."],["ATLAS Collaboration","",""]]}"#;
        let (library, problems) = read(line);
        assert_eq!(said(&problems), [""; 0]);
        let no = library.find_id("arXiv:0704.0001").unwrap();
        assert_eq!(library.title(no), "Calculation of prompt diphoton");
        assert_eq!((library.venue(no), library.kind(no)), ("arXiv", "article"));
        assert_eq!(library.year(no), Some(2007));
        let item = library
            .item(no, &MemorySource::new(line.as_bytes()))
            .unwrap();
        assert_eq!(item.text("publisher").as_deref(), Some("arXiv"));
        assert_eq!(item.arxiv().as_deref(), Some("0704.0001"));
        assert_eq!(item.text("keyword").as_deref(), Some("hep-ph, hep-ex"));
        assert_eq!(
            item.text("note").as_deref(),
            Some("Published as Phys.Rev.D76:013009,2007")
        );
        assert_eq!(item.doi().as_deref(), Some("10.1103/PhysRevD.76.013009"));
        let day = item.date("issued").unwrap().start.unwrap();
        assert_eq!((day.year, day.month, day.day), (2007, Some(4), Some(2)));
        let columns: Vec<_> = library.authors(no).map(|n| n.full.to_owned()).collect();
        let names: Vec<_> = item
            .names("author")
            .iter()
            .map(|n| n.full().into_owned())
            .collect();
        assert_eq!(
            columns,
            ["C. Balázs", "E. L. Berger Jr.", "ATLAS Collaboration"]
        );
        assert_eq!(columns, names);
    }

    #[test]
    fn arxiv_records_without_parsed_authors_or_versions_still_read() {
        let line = r#"{"id":"hep-th/9901001","authors":"A. B. See, D. Eff and the GHI Collaboration","title":"T","categories":"hep-th","update_date":"1999-01-05"}"#;
        let (library, _) = read(line);
        let names: Vec<_> = library
            .authors(PaperNo(0))
            .map(|n| (n.short, n.full))
            .collect();
        assert_eq!(
            names,
            [
                ("See", "A. B. See"),
                ("Eff", "D. Eff"),
                ("the GHI Collaboration", "the GHI Collaboration")
            ]
        );
        assert_eq!(library.year(PaperNo(0)), Some(1999));
    }

    #[test]
    fn escapes_in_data_never_reach_the_columns() {
        let (library, _) = read(
            r#"[{"id":"a\u001b[2Jb","title":"x\u202e\u001b]52;c;AAAA\u0007y","author":[{"family":"\u0000Z\u200b"}],"container-title":"\u009b31m"}]"#,
        );
        let no = PaperNo(0);
        let name = library.authors(no).next().unwrap();
        for text in [
            library.id(no),
            library.title(no),
            library.venue(no),
            name.full,
            name.short,
        ] {
            assert!(
                !text.chars().any(crate::core::text::is_dangerous),
                "{text:?}"
            );
        }
        assert_eq!(library.find_id("a[2Jb"), Some(no));
    }

    #[test]
    fn truncated_author_lists_are_marked() {
        let (library, _) = read(
            r#"[{"id":"a","custom":{"offprint":{"authorsTruncated":true}}},{"id":"b","custom":{"other":1}}]"#,
        );
        assert!(library.authors_truncated(PaperNo(0)) && !library.authors_truncated(PaperNo(1)));
    }
}

mod identity {
    use super::*;

    #[test]
    fn items_without_an_id_get_one_and_a_remark() {
        let (library, problems) = read(
            r#"[{"title":"On Deep Things","author":[{"family":"Erdős"}],"issued":{"date-parts":[[1960]]}},
{"DOI":"https://doi.org/10.1/x"},{"PMID":7},{"citation-key":"k","id":null},{"type":"book"},{"type":"book"}]"#,
        );
        assert_eq!(
            ids(&library),
            ["erdos1960deep", "10.1/x", "pmid:7", "k", "item", "item-6"]
        );
        assert_eq!(problems.lost(), 0);
        assert_eq!(
            said(&problems)[0],
            "1:2 no id; \"erdos1960deep\" is used for it"
        );
    }

    #[test]
    fn an_item_is_read_back_under_the_id_it_was_given() {
        let text =
            r#"[{"DOI":"10.1/x","title":"T","custom":{"z":1,"a":[12345678901234567890123]}}]"#;
        let (library, _) = read(text);
        let item = library
            .item(PaperNo(0), &MemorySource::new(text.as_bytes()))
            .unwrap();
        assert_eq!(item.id(), "10.1/x");
        assert_eq!(
            item.fields()["custom"].to_string(),
            r#"{"z":1,"a":[12345678901234567890123]}"#
        );
    }

    #[test]
    fn an_id_used_twice_is_reported_with_both_lines() {
        let (library, problems) = read("[{\"id\":\"a\"},\n{\"id\":\"b\"},\n{\"id\":\"a\"}]");
        assert_eq!(ids(&library), ["a", "b", "a"]);
        assert_eq!(
            said(&problems),
            ["3:1 the id \"a\" is used twice, first in line 1"]
        );
        assert_eq!(library.find_id("a"), Some(PaperNo(0)));
    }

    #[test]
    fn a_file_changed_underfoot_is_noticed() {
        let text = r#"[{"id":"a","title":"T"}]"#;
        let (library, _) = read(text);
        for other in [
            r#"[{"id":"b","title":"T"}]"#,
            r#"[{"id":"a","titl"#,
            r#"{"id":"a","title":"T"}  "#,
        ] {
            let source = MemorySource::new(other.as_bytes());
            assert_eq!(library.item(PaperNo(0), &source), Err(SourceError::Changed));
            assert_eq!(
                build_index(&library, &source, &|| false).err(),
                Some(SourceError::Changed)
            );
        }
    }

    #[test]
    fn ids_are_found_in_every_segment() {
        let many: Vec<String> = (0..3000).map(|n| format!("{{\"id\":\"p{n}\"}}")).collect();
        let (library, _) = read(many.join("\n"));
        assert_eq!((library.len(), library.segments().len()), (3000, 3));
        for n in [0, 1023, 1024, 2047, 2048, 2999] {
            assert_eq!(library.find_id(&format!("p{n}")), Some(PaperNo(n)));
            assert_eq!(library.line(PaperNo(n)), n + 1);
        }
        assert_eq!(library.id(PaperNo(3000)), "");
    }
}

mod searching {
    use super::*;
    use crate::core::index::SearchTexts;
    use crate::core::query::{Field, Query};

    #[test]
    fn the_index_is_built_from_the_file_and_texts_come_from_both() {
        let text = r#"[{"id":"a","title":"Deep Nets","abstract":"About <i>Neural</i> things."},
{"id":"b","title":"Shallow Water","DOI":"10.1/ABC","author":[{"family":"Müller"}]}]"#;
        let (library, _) = read(text);
        let source = MemorySource::new(text.as_bytes());
        let index = build_index(&library, &source, &|| false).unwrap().unwrap();
        let texts = Texts {
            library: &library,
            source: &source,
        };
        for (query, found) in [
            ("neural", 0),
            ("muller", 1),
            ("\"neural things\"", 0),
            ("doi:10.1/abc", 1),
        ] {
            let hits = index.search(&Query::parse(query), &texts, &|| false);
            assert_eq!(hits.papers(), [PaperNo(found)], "{query}");
        }
        assert_eq!(
            texts.folded(PaperNo(0), Field::Abstract),
            fold("about neural things.")
        );
    }

    #[test]
    fn indexing_stops_when_told() {
        let text = r#"[{"id":"a"}]"#;
        let (library, _) = read(text);
        let source = MemorySource::new(text.as_bytes());
        assert!(build_index(&library, &source, &|| true).unwrap().is_none());
    }
}

mod broken {
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
}

mod properties {
    use super::*;

    type Seen = (Vec<(Span, u32, u32)>, Vec<String>, Option<String>);

    /// What the scanner finds when the file comes in pieces of these sizes, over and over.
    fn scan(bytes: &[u8], sizes: &[usize]) -> Seen {
        let mut scanner = Scanner::new();
        let mut found = Vec::new();
        let mut sink = |item: Found<'_>| {
            let start = item.span.offset as usize;
            assert_eq!(
                &bytes[start..start + item.span.len as usize],
                item.text.as_bytes()
            );
            assert!(
                serde_json::from_str::<serde_json::Value>(item.text).is_ok(),
                "{}",
                item.text
            );
            found.push((item.span, item.line, item.column));
        };
        let mut rest = bytes;
        let mut turn = 0;
        let mut end = Ok(());
        while !rest.is_empty() && end.is_ok() {
            let size = sizes[turn % sizes.len()].clamp(1, rest.len());
            let (chunk, after) = rest.split_at(size);
            end = scanner.feed(chunk, &mut sink);
            rest = after;
            turn += 1;
        }
        let end = end.and_then(|()| scanner.finish(&mut sink));
        let problems = said(&scanner.take_problems());
        (found, problems, end.err().map(|error| error.one_line("f")))
    }

    /// JSON-like text with mistakes.
    fn nearly_json() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => Just("{\"id\":\"a\",\"title\":\"T\"}".to_owned()),
            2 => Just("{\n  \"id\": \"b\",\n  \"author\": [\n    {\"family\": \"F\"}\n  ]\n}".to_owned()),
            2 => Just("{\"id\":\"c\",\"note\":\"x, \"issued\":{\"date-parts\":[[1]]}}".to_owned()),
            1 => Just("{\"id\":\"\\u00e9\\ud83d\\ude00\",\"v\":1e400}".to_owned()),
            2 => Just(",".to_owned()),
            2 => Just("\n".to_owned()),
            1 => Just("},\n{".to_owned()),
            1 => Just("<<<<<<< ".to_owned()),
            1 => "[\\[\\]{}\",:\\\\a-z0-9 \n\r\t]{0,8}",
            1 => "\\PC{0,4}",
        ];
        (
            prop_oneof![3 => Just("["), 1 => Just(""), 1 => Just("\u{feff}[")],
            prop::collection::vec(piece, 0..12),
            prop_oneof![3 => Just("]"), 1 => Just("")],
        )
            .prop_map(|(open, pieces, close)| format!("{open}{}{close}", pieces.concat()))
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_give_the_same(text in nearly_json(), sizes in prop::collection::vec(1..40_usize, 1..6)) {
            let whole = scan(text.as_bytes(), &[usize::MAX]);
            prop_assert_eq!(scan(text.as_bytes(), &sizes), whole.clone());
            prop_assert_eq!(scan(text.as_bytes(), &[1]), whole);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400), sizes in prop::collection::vec(1..60_usize, 1..4)) {
            prop_assert_eq!(scan(&bytes, &sizes), scan(&bytes, &[usize::MAX]));
            let _ = build(&bytes);
        }

        #[test]
        fn untouched_items_and_what_is_between_them_are_the_file(text in nearly_json()) {
            let (found, ..) = scan(text.as_bytes(), &[7]);
            let mut end = 0;
            for (span, line, column) in found {
                prop_assert!(span.offset >= end);
                let before = &text.as_bytes()[..span.offset as usize];
                let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
                let line_start = if line_start == 0 && text.starts_with('\u{feff}') { 3 } else { line_start };
                prop_assert_eq!(line as usize, before.iter().filter(|&&b| b == b'\n').count() + 1);
                prop_assert_eq!(column as usize, before.len() - line_start + 1);
                end = span.offset + u64::from(span.len);
            }
            prop_assert!(end as usize <= text.len());
        }

        #[test]
        fn the_columns_say_what_the_item_says(
            title in "[ -~]{0,20}|\\PC{0,12}",
            names in prop::collection::vec(("[a-zA-Zé王 ]{0,6}", "[A-Z. ]{0,4}", prop::option::of("(van|de la)")), 0..4),
            year in prop_oneof![(-3000..3000_i32).prop_map(|y| serde_json::json!({"date-parts": [[y]]})), "[0-9]{4}(-[0-9]{2})?".prop_map(|y| serde_json::json!({"raw": y})), "[0-9]{4}".prop_map(|y| serde_json::json!({"date-parts": [[y, 3]], "circa": true}))],
        ) {
            let authors: Vec<_> = names.iter().map(|(family, given, particle)| match particle {
                Some(particle) => serde_json::json!({"family": family, "given": given, "non-dropping-particle": particle}),
                None => serde_json::json!({"family": family, "given": given}),
            }).collect();
            let text = serde_json::json!([{"id": "a", "title": title, "author": authors, "issued": year}]).to_string();
            let (library, _) = read(&text);
            let no = PaperNo(0);
            let item = library.item(no, &MemorySource::new(text.into_bytes())).unwrap();
            let title = item.text("title").map(|title| clean(&title).into_string()).filter(|title| !title.is_empty());
            prop_assert_eq!(library.title(no), title.as_deref().unwrap_or("Untitled"));
            prop_assert_eq!(library.year(no), item.date("issued").and_then(|date| date.year()));
            let full: Vec<_> = item.names("author").iter().map(|n| clean(&n.full()).into_string()).collect();
            let short: Vec<_> = item.names("author").iter().map(|n| clean(&n.short()).into_string()).collect();
            prop_assert_eq!(library.authors(no).map(|n| n.full.to_owned()).collect::<Vec<_>>(), full);
            prop_assert_eq!(library.authors(no).map(|n| n.short.to_owned()).collect::<Vec<_>>(), short);
        }

        #[test]
        fn an_arxiv_record_and_its_item_agree(
            authors in prop::collection::vec(("[A-Z][a-z]{1,6}", "[A-Z]?\\.?", "(Jr\\.)?"), 0..4),
            created in prop::option::of((1..28_u8, 1991..2026_i32)),
        ) {
            let parsed: Vec<_> = authors.iter().map(|(f, g, s)| serde_json::json!([f, g, s])).collect();
            let mut record = serde_json::json!({"id": "0704.0001", "title": "T\n  U", "authors_parsed": parsed, "categories": "a.B c.D", "update_date": "2008-11-26"});
            if let Some((day, year)) = created {
                record["versions"] = serde_json::json!([{"version": "v1", "created": format!("Mon, {day} Apr {year} 19:18:42 GMT")}]);
            }
            let text = record.to_string();
            let (library, _) = read(&text);
            let no = PaperNo(0);
            let item = library.item(no, &MemorySource::new(text.into_bytes())).unwrap();
            prop_assert_eq!(library.year(no), item.date("issued").and_then(|date| date.year()));
            prop_assert_eq!(library.kind(no), item.kind());
            let full: Vec<_> = item.names("author").iter().map(|n| n.full().into_owned()).collect();
            prop_assert_eq!(library.authors(no).map(|n| n.full.to_owned()).collect::<Vec<_>>(), full);
        }
    }
}
