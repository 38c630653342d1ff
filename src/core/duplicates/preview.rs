//! What a merge would do, as text.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::merge::{FieldChoice, Merge, Side};
use crate::core::item::{Item, Name};
use crate::core::page::date_text;
use crate::core::text::clean;

/// Longer values are cut for the preview, in characters.
const SHOWN: usize = 100;

/// The merge in lines: which paper stays, and what becomes of each field in which the two differ.
pub fn text(kept: &str, other: &str, merge: &Merge) -> String {
    let mut out = format!("{kept} stays, {other} goes into it\n");
    if merge.choices.is_empty() {
        out.push_str("  they say the same\n");
    }
    let width = merge
        .choices
        .iter()
        .map(|choice| choice.field.chars().count());
    let width = width.max().unwrap_or_default().min(32);
    for choice in &merge.choices {
        let sign = match (choice.from, &choice.other) {
            (_, None) => '+',
            (Side::Kept, _) => '=',
            (Side::Other | Side::Both, _) => '~',
        };
        let name = &choice.field;
        let _ = writeln!(
            out,
            "  {sign} {}  {} ({})",
            clean(&format!("{name:width$}")).as_str().to_owned()
                + &" ".repeat(width.saturating_sub(name.chars().count())),
            shown(choice, &choice.kept),
            choice.rule
        );
        if let Some(lost) = &choice.other
            && choice.from != Side::Both
        {
            let _ = writeln!(
                out,
                "    {}  not: {}",
                " ".repeat(width),
                shown(choice, lost)
            );
        }
    }
    out
}

/// The merge as JSON: `{keep, drop, item, fields: [{field, kept, other, from, rule}]}`.
pub fn json(kept: &str, other: &str, merge: &Merge) -> Value {
    let fields: Vec<Value> = merge
        .choices
        .iter()
        .map(|choice| {
            json!({
                "field": choice.field,
                "kept": choice.kept,
                "other": choice.other,
                "from": match choice.from {
                    Side::Kept => "kept",
                    Side::Other => "other",
                    Side::Both => "both",
                },
                "rule": choice.rule,
            })
        })
        .collect();
    json!({"keep": kept, "drop": other, "item": merge.item.fields(), "fields": fields})
}

/// A value in few words.
fn shown(choice: &FieldChoice, value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            let names: Vec<String> = list
                .iter()
                .filter_map(Name::from_json)
                .map(|name| name.full().into_owned())
                .collect();
            if names.len() == list.len() {
                names.join(", ")
            } else {
                value.to_string()
            }
        }
        Value::Object(_) => {
            let fields = serde_json::Map::from_iter([(choice.field.clone(), value.clone())]);
            let date = Item::from_fields(fields).date(&choice.field);
            date.map_or_else(|| value.to_string(), |date| date_text(&date))
        }
        other => other.to_string(),
    };
    let text = clean(&text);
    if text.chars().count() <= SHOWN {
        return text.into_string();
    }
    let begin: String = text.chars().take(SHOWN).collect();
    format!("{}…", begin.trim_end())
}
