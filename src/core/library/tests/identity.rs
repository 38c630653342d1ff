//! Ids, and items read back by their place.

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
    let text = r#"[{"DOI":"10.1/x","title":"T","custom":{"z":1,"a":[12345678901234567890123]}}]"#;
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
