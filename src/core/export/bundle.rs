//! The reader's notes inside the item, for a file that carries everything: `custom.offprint`.
//!
//! ```json
//! "custom": {"offprint": {
//!   "status": "read", "starred": true, "rating": 4, "priority": 1, "queue": 2,
//!   "progress": {"page": 5, "of": 18}, "tags": ["project/thesis"], "files": ["pdf/a.pdf"],
//!   "comments": [{"id": "c1", "time": "2026-01-01T00:00:00.000Z", "edited": "…", "text": "…"}],
//!   "added": "…", "opened": "…", "finished": "…"
//! }}
//! ```
//! What was not noted is left out; there is never a `null`. `queue` is the place in the reading queue, from 1. What
//! else stands in `custom` stays.

use serde_json::{Map, Value, json};

use crate::core::item::Item;
use crate::core::journal::{Comment, PaperState, Progress, Status};
use crate::core::moment::rfc3339;

/// There is something to write.
pub fn has_notes(state: &PaperState, queue: Option<usize>) -> bool {
    !notes(state, queue).is_empty()
}

/// The fields of the item, with the notes in `custom.offprint`.
pub fn with_notes(item: &Item, state: &PaperState, queue: Option<usize>) -> Map<String, Value> {
    let mut fields = item.fields().clone();
    let notes = notes(state, queue);
    if notes.is_empty() {
        return fields;
    }
    let mut custom = object(&fields, "custom");
    let mut own = object(&custom, "offprint");
    own.extend(notes);
    custom.insert("offprint".to_owned(), Value::Object(own));
    fields.insert("custom".to_owned(), Value::Object(custom));
    fields
}

/// The object at `name`, made if there is none; a value of another kind, which no reader understands there, is kept in
/// it.
fn object(parent: &Map<String, Value>, name: &str) -> Map<String, Value> {
    match parent.get(name) {
        Some(Value::Object(map)) => map.clone(),
        None | Some(Value::Null) => Map::new(),
        Some(other) => Map::from_iter([("value".to_owned(), other.clone())]),
    }
}

fn notes(state: &PaperState, queue: Option<usize>) -> Map<String, Value> {
    let mut notes = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            notes.insert(name.to_owned(), value);
        }
    };
    put(
        "status",
        (state.status != Status::Unread).then(|| state.status.name().into()),
    );
    put("starred", state.starred.then_some(Value::Bool(true)));
    put("rating", (state.rating > 0).then(|| state.rating.into()));
    put(
        "priority",
        (state.priority > 0).then(|| state.priority.into()),
    );
    put("queue", queue.map(Value::from));
    put("progress", state.progress.map(progress));
    put("tags", list(state.tags.iter().map(|tag| json!(tag))));
    put("files", list(state.files.iter().map(|file| json!(file))));
    put("comments", list(state.comments.iter().map(comment)));
    for (name, at) in [
        ("added", state.added),
        ("opened", state.opened),
        ("finished", state.finished),
    ] {
        put(name, at.map(|at| rfc3339(at).into()));
    }
    notes
}

fn list(values: impl Iterator<Item = Value>) -> Option<Value> {
    let list: Vec<Value> = values.collect();
    (!list.is_empty()).then_some(Value::Array(list))
}

fn progress(progress: Progress) -> Value {
    let of = (progress.of > 0).then(|| progress.of.into());
    object_of([("page", Some(progress.page.into())), ("of", of)])
}

fn comment(comment: &Comment) -> Value {
    object_of([
        ("id", Some(comment.id.as_str().into())),
        ("time", Some(rfc3339(comment.created).into())),
        ("edited", comment.edited.map(|at| rfc3339(at).into())),
        ("text", Some(comment.text.as_str().into())),
    ])
}

fn object_of<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let there = fields.into_iter();
    let there = there.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect())
}
