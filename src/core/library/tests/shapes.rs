//! What well-meant files of every writer become.

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
