//! The index and the texts that the search asks for.

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
