//! What is wanted of a library.

use serde_json::{Map, Value};

use crate::core::library::segment::cut_id;
use crate::core::text::clean;

/// A change of one item. An item that is to be replaced or removed is named by all its fields as they were when the
/// change was made: one that another program has changed meanwhile is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemChange {
    /// A new item.
    Add(Map<String, Value>),
    /// Another version of an item.
    Replace {
        /// As it was.
        before: Map<String, Value>,
        /// As it is to be.
        after: Map<String, Value>,
    },
    /// An item that goes.
    Remove(Map<String, Value>),
}

impl ItemChange {
    /// The change that leads from one state of an item to another; `None` when there is nothing before and after.
    pub fn between(
        before: Option<Map<String, Value>>,
        after: Option<Map<String, Value>>,
    ) -> Option<ItemChange> {
        match (before, after) {
            (None, None) => None,
            (None, Some(after)) => Some(ItemChange::Add(after)),
            (Some(before), None) => Some(ItemChange::Remove(before)),
            (Some(before), Some(after)) => Some(ItemChange::Replace { before, after }),
        }
    }

    /// The fields before.
    pub fn before(&self) -> Option<&Map<String, Value>> {
        match self {
            ItemChange::Add(_) => None,
            ItemChange::Replace { before, .. } | ItemChange::Remove(before) => Some(before),
        }
    }

    /// The fields after.
    pub fn after(&self) -> Option<&Map<String, Value>> {
        match self {
            ItemChange::Add(after) | ItemChange::Replace { after, .. } => Some(after),
            ItemChange::Remove(_) => None,
        }
    }
}

/// The id of an item as the library knows it; empty when it has none.
pub fn known_id(fields: &Map<String, Value>) -> String {
    let text = match fields.get("id") {
        Some(Value::String(text)) => clean(text.trim()),
        Some(Value::Number(number)) => clean(&number.to_string()),
        _ => return String::new(),
    };
    cut_id(&text).to_owned()
}

/// Whether two versions of an item say the same, in whatever order; of an item without an id the library knows one
/// that does not stand in the file.
pub(super) fn is_same(in_file: &Map<String, Value>, known: &Map<String, Value>) -> bool {
    let has_id = in_file.contains_key("id");
    let fields =
        |map: &Map<String, Value>| map.len() - usize::from(!has_id && map.contains_key("id"));
    fields(in_file) == fields(known)
        && in_file
            .iter()
            .all(|(field, value)| known.get(field) == Some(value))
}
