//! CSL-JSON: the items as they are in the library, as one array (also for a single item, which is what every reader of
//! CSL-JSON expects).
//!
//! Fields keep their order, unknown ones stay, numbers stay as written. Taken out are only the private
//! `custom.offprint` (and `custom` if nothing else is in it) and top-level fields that are `null`, at which pandoc
//! refuses a whole file; an item without an `id` gets the key it is cited by. Characters that could harm a terminal
//! are written as JSON escapes, so that the data stays the same.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::key;
use crate::core::item::Item;
use crate::core::text::is_dangerous;

/// The items, pretty-printed with two spaces.
pub fn array(items: &[(&Item, &str)]) -> String {
    let list: Vec<Value> = items
        .iter()
        .map(|(item, key)| Value::Object(public_fields(item, key)))
        .collect();
    // Strings, numbers and maps with string keys cannot fail to serialise.
    escape_dangerous(&serde_json::to_string_pretty(&list).unwrap_or_default())
}

fn public_fields(item: &Item, key: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    if item.id().is_empty() {
        fields.insert("id".to_owned(), Value::String(key::safe(key)));
    }
    for (name, value) in item.fields() {
        match (name.as_str(), value) {
            (_, Value::Null) => {}
            ("id", _) if item.id().is_empty() => {}
            ("custom", Value::Object(custom)) if custom.contains_key("offprint") => {
                let rest: Map<String, Value> = custom
                    .iter()
                    .filter(|(name, _)| *name != "offprint")
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                if !rest.is_empty() {
                    fields.insert(name.clone(), Value::Object(rest));
                }
            }
            _ => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
    fields
}

/// The line ends of the pretty print are the only control characters outside strings, and inside strings the
/// serialiser has escaped theirs already.
fn escape_dangerous(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_dangerous(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str) -> Item {
        Item::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn fields_keep_their_order_and_private_ones_go() {
        let it = item(
            r#"{"id": "a", "zz": 1.50, "type": "book", "note": null,
                "custom": {"offprint": {"origin": "x"}, "mine": 1}, "author": [{"family": "B"}]}"#,
        );
        assert_eq!(
            array(&[(&it, "a")]),
            "[\n  {\n    \"id\": \"a\",\n    \"zz\": 1.50,\n    \"type\": \"book\",\n    \"custom\": {\n      \"mine\": 1\n    },\n    \"author\": [\n      {\n        \"family\": \"B\"\n      }\n    ]\n  }\n]"
        );
        let only = item(r#"{"id": "a", "custom": {"offprint": {}}}"#);
        assert!(!array(&[(&only, "a")]).contains("custom"));
    }

    #[test]
    fn an_item_without_id_is_given_its_key() {
        let it = item(r#"{"type": "book"}"#);
        assert!(array(&[(&it, "b2020")]).contains("\"id\": \"b2020\""));
    }

    #[test]
    fn dangerous_characters_are_escaped_and_read_back_the_same() {
        let it = item("{\"id\": \"a\", \"title\": \"x\\u001b[2J\u{202e}\u{e0001}y\u{7f}\"}");
        let out = array(&[(&it, "a")]);
        assert!(!out.chars().any(|c| c != '\n' && is_dangerous(c)));
        let back: Vec<Value> = serde_json::from_str(&out).unwrap();
        assert_eq!(back[0]["title"], it.fields()["title"]);
    }
}
