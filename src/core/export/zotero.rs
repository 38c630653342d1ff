//! What Zotero's reader of CSL-JSON takes: one item of a type outside its list, and it refuses the whole file.

use serde_json::Value;

use crate::core::item::{Item, canonical_kind};

/// The types that Zotero 7 reads (its "CSL JSON" translator of September 2022).
const READ: [&str; 44] = [
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
    "song",
    "speech",
    "standard",
    "thesis",
    "treaty",
    "webpage",
];

/// The type to write in place of one that Zotero refuses; `None` where it takes the item's own.
pub fn replacement(item: &Item) -> Option<&'static str> {
    let written = item.fields().get("type").and_then(Value::as_str);
    let written = written.unwrap_or_default();
    if READ.contains(&written) {
        return None;
    }
    let kind = canonical_kind(written);
    let known = READ.iter().find(|known| **known == kind);
    Some(known.copied().unwrap_or("document"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn refused_types_become_ones_that_are_read() {
        for (kind, replaced) in [
            (json!("article-journal"), None),
            (json!("software"), Some("document")),
            (json!("journal-article"), Some("article-journal")),
            (json!("Thesis!"), Some("document")),
            (json!(null), Some("document")),
        ] {
            let item =
                Item::parse(json!({"id": "a", "type": kind}).to_string().as_bytes()).unwrap();
            assert_eq!(replacement(&item), replaced, "{kind}");
        }
    }
}
