//! What a reader noted in Zotero: tags, notes, collections and files.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::core::import::entry::Noted;
use crate::core::import::markup;

/// Collections within collections.
const DEEPEST: usize = 20;

/// Paths of the collections by their key, and the collections of each item.
#[derive(Default)]
pub(super) struct Collections {
    paths: HashMap<String, String>,
    of_item: HashMap<i64, Vec<String>>,
}

impl Collections {
    pub(super) fn read(value: &Value) -> Collections {
        let Some(all) = value.as_object() else {
            return Collections::default();
        };
        let mut collections = Collections::default();
        for (key, collection) in all {
            let mut names = Vec::new();
            let mut at = Some(collection);
            while let Some(collection) = at.filter(|_| names.len() < DEEPEST) {
                if let Some(name) = collection.get("name").and_then(Value::as_str) {
                    names.push(name);
                }
                at = collection
                    .get("parent")
                    .and_then(Value::as_str)
                    .and_then(|parent| all.get(parent));
            }
            names.reverse();
            let path = names.join("/");
            for item in collection
                .get("items")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if let Some(id) = item.as_i64() {
                    collections
                        .of_item
                        .entry(id)
                        .or_default()
                        .push(path.clone());
                }
            }
            collections.paths.insert(key.clone(), path);
        }
        collections
    }
}

/// The texts of a list: of strings, or of objects with such a field.
pub(super) fn texts<'v>(value: Option<&'v Value>, field: &'v str) -> impl Iterator<Item = &'v str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(move |one| one.as_str().or_else(|| one.get(field)?.as_str()))
        .filter(|text| !text.trim().is_empty())
}

/// Tags, notes, files and collections of an item.
pub(super) fn noted(item: &Map<String, Value>, collections: &Collections) -> Noted {
    let mut noted = Noted::default();
    for tag in item
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        // Type 1 came with the paper, and was given by nobody.
        let automatic = tag.get("type").and_then(Value::as_i64) == Some(1);
        if let Some(text) = tag
            .as_str()
            .or_else(|| tag.get("tag")?.as_str())
            .filter(|_| !automatic)
        {
            noted.tags.push(text.to_owned());
        }
    }
    noted.comments = texts(item.get("notes"), "note")
        .map(markup::clean)
        .collect();
    for file in item
        .get("attachments")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let path = ["localPath", "path"]
            .iter()
            .find_map(|field| file.get(field)?.as_str());
        noted
            .files
            .extend(path.filter(|path| !path.is_empty()).map(str::to_owned));
        for annotation in texts(file.get("notes"), "note") {
            noted.comments.push(markup::clean(annotation));
        }
    }
    for key in texts(item.get("collections"), "key") {
        noted.groups.extend(collections.paths.get(key).cloned());
    }
    if let Some(id) = item.get("itemID").and_then(Value::as_i64) {
        for path in collections.of_item.get(&id).into_iter().flatten() {
            if !noted.groups.contains(path) {
                noted.groups.push(path.clone());
            }
        }
    }
    noted
}
