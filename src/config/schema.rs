//! The JSON Schema (draft 2020-12) of the configuration file.

use serde_json::{Map, Value, json};

use super::glyphs::Glyphs;
use super::pdf::Preview;
use super::services;
use super::settings::{BY_TERMINAL, CLIPBOARDS, KEYS};
use super::theme::Theme;
use crate::core::findings::Scope;

/// The schema.
pub fn schema() -> Value {
    let text = |about: &str| json!({"type": "string", "description": about});
    let list = |items: Value| json!({"type": "array", "items": items});
    let closed = |about: &str, properties: Value, required: &[&str]| {
        json!({
            "type": "object", "description": about, "properties": properties, "required": required,
            "additionalProperties": false,
        })
    };
    let command = json!({"type": "array", "items": {"type": "string"}, "minItems": 1});
    let library = closed(
        "a library",
        json!({"path": {"type": "string"}, "name": {"type": "string"}}),
        &["path"],
    );
    let mut themes: Vec<String> = Theme::all()
        .into_iter()
        .map(|theme| theme.name.into_owned())
        .collect();
    themes.push(BY_TERMINAL.to_owned());
    let service_names = services::names();
    let of_services: Map<String, Value> = service_names
        .iter()
        .map(|name| {
            let is_key = name.ends_with("_key");
            let kind = if is_key {
                json!({"anyOf": [{"type": "string"}, command.clone()]})
            } else {
                json!({"type": "string"})
            };
            (name.clone(), kind)
        })
        .collect();
    let property = |key: &str| match key {
        "library" => json!({
            "description": "the library that opens when no file is named",
            "anyOf": [{"type": "string"}, library, list(library.clone())],
        }),
        "owner" => json!({"enum": ["offprint", "foreign"]}),
        "clipboard" => json!({
            "description": "how texts are copied",
            "anyOf": [{"enum": CLIPBOARDS}, command],
        }),
        "default-style" => text("what y copies: a citation style or a format"),
        "shown-styles" => list(json!({"type": "string"})),
        "language" => text("the language of citations, such as de-DE"),
        "sentence-case" => json!({"type": "boolean"}),
        "characters" => json!({
            "description": "what the screens are made of; auto: as the locale says",
            "enum": Glyphs::NAMES,
        }),
        "theme" => json!({"type": "string", "examples": themes}),
        "keep" => closed(
            "a .bib that is kept in step",
            json!({
                "bib": {"type": "string"}, "query": {"type": "string"},
                "format": {"enum": ["bibtex", "biblatex"]},
            }),
            &["bib"],
        ),
        "keys" => json!({
            "type": "object", "description": "keys by command",
            "additionalProperties": {"anyOf": [{"type": "string"}, list(json!({"type": "string"}))]},
        }),
        "services" => closed(
            "the services that are asked about papers",
            Value::Object(of_services.clone()),
            &[],
        ),
        "model" => closed(
            "the model that is asked for key findings",
            json!({
                "url": {"type": "string"}, "name": {"type": "string"}, "key_env": {"type": "string"},
                "scope": {"enum": Scope::NAMES},
            }),
            &["url", "name"],
        ),
        "pdf" => closed(
            "how attached PDFs are shown, and the folder in which PDFs lie and found ones are kept",
            json!({"preview": {"enum": Preview::NAMES}, "folder": {"type": "string"}}),
            &[],
        ),
        "action" => list(closed(
            "a quick action",
            json!({
                "key": {"type": "string", "minLength": 1, "maxLength": 1}, "label": {"type": "string"},
                "url": {"type": "string"}, "cmd": command,
            }),
            &["label"],
        )),
        _ => json!({}),
    };
    let properties: Map<String, Value> = KEYS
        .iter()
        .map(|key| ((*key).to_owned(), property(key)))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "offprint configuration",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_described() {
        let schema = schema();
        let properties = schema["properties"].as_object().unwrap();
        for key in KEYS {
            let is_described = properties[key]
                .as_object()
                .is_some_and(|described| !described.is_empty());
            assert!(is_described, "{key}");
        }
        let services = &properties["services"]["properties"];
        assert!(services["crossref_url"].is_object() && services["s2_key"].is_object());
    }
}
