//! The identifiers of papers, read back from the file without making whole items of them.

use serde_json::{Map, Value};

use super::Library;
use super::documents::still_there;
use super::json::{lenient_text, members};
use super::record::Record;
use super::source::ItemSource;
use crate::core::item::Item;
use crate::core::journal::identifiers;
use crate::core::paper::PaperNo;

/// The fields that [`identifiers`] looks into.
const FIELDS: [&str; 9] = [
    "DOI",
    "PMID",
    "arxiv",
    "number",
    "id",
    "archive",
    "archive_location",
    "note",
    "URL",
];

impl Library {
    /// DOI, PubMed id and arXiv id of a paper, as [`identifiers`] of its item gives them; none when the file cannot be
    /// read or no longer holds the item.
    pub fn identifiers(&self, no: PaperNo, source: &dyn ItemSource) -> Vec<Box<str>> {
        let bytes = self.span(no).and_then(|span| source.read(span).ok());
        let text = bytes.as_deref().and_then(|b| std::str::from_utf8(b).ok());
        let Some(text) = text else {
            return Vec::new();
        };
        let record = Record::read(text);
        if record.is_arxiv() {
            let item = self.item(no, source);
            return item.map(|item| identifiers(&item)).unwrap_or_default();
        }
        if !still_there(&record, self.id(no)) {
            return Vec::new();
        }
        let mut fields = Map::new();
        for (key, value) in members(text) {
            if FIELDS.contains(&key)
                && let Some(text) = lenient_text(value)
            {
                fields.insert(key.to_owned(), Value::String(text.into_owned()));
            }
        }
        identifiers(&Item::from_fields(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::library::{Builder, MemorySource};

    #[test]
    fn identifiers_read_from_the_text_are_those_of_the_item() {
        let odd = br#"[{"id":"a","DOI":["https://doi.org/10.1/\u0041"],"PMID":7},{"id":"b","archive":"arXiv",
            "archive_location":"2101.00001v2","note":"arXiv:2101.00002"},{"id":"arXiv:2101.00003"},{"id":"c"},
            {"id":"2101.00004","authors_parsed":[["A","B",""]],"doi":"10.1/Q","title":"T"}]"#;
        for bytes in [&odd[..], include_bytes!("../../../assets/example.json")] {
            let mut builder = Builder::new();
            builder.feed(bytes).unwrap();
            builder.finish().unwrap();
            let (library, source) = (builder.library(), MemorySource::new(bytes));
            assert!(!library.is_empty());
            let mut found = 0;
            for no in library.numbers() {
                let item = library.item(no, &source).unwrap();
                assert_eq!(library.identifiers(no, &source), identifiers(&item));
                found += identifiers(&item).len();
            }
            assert!(found > 4);
        }
    }
}
