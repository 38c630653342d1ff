//! The values of fields as text in a line: names, dates and plain text.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::core::date::{Date, DateParts};
use crate::core::item::Name;

/// How a field is written in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Names,
    Date,
}

const NAMES: [&str; 22] = [
    "author",
    "chair",
    "collection-editor",
    "compiler",
    "composer",
    "container-author",
    "contributor",
    "curator",
    "director",
    "editor",
    "editorial-director",
    "editor-translator",
    "executive-producer",
    "guest",
    "host",
    "illustrator",
    "interviewer",
    "narrator",
    "organizer",
    "performer",
    "recipient",
    "translator",
];
const DATES: [&str; 6] = [
    "issued",
    "accessed",
    "available-date",
    "event-date",
    "original-date",
    "submitted",
];
fn kind_of(field: &str) -> Kind {
    if NAMES.contains(&field) {
        Kind::Names
    } else if DATES.contains(&field) {
        Kind::Date
    } else {
        Kind::Text
    }
}

/// The value of a field that a text stands for.
///
/// # Errors
/// What is wrong with it.
pub fn read(field: &str, text: &str) -> Result<Value, String> {
    match kind_of(field) {
        Kind::Text => Ok(text.into()),
        Kind::Date => {
            date(text).ok_or_else(|| format!("{field}: no date; write 2017, 2017-06 or 2017-06-12"))
        }
        Kind::Names => {
            let names = set_apart(text);
            let names: Result<Vec<Value>, String> =
                names.iter().map(|one| name(field, one)).collect();
            names.map(Value::from)
        }
    }
}

/// A value in a line; `None` for one that has no such form.
pub fn shown(field: &str, value: &Value) -> Option<String> {
    let text = match (kind_of(field), value) {
        (Kind::Text, Value::String(text)) => text.clone(),
        (Kind::Text, Value::Number(number)) => number.to_string(),
        (Kind::Date, Value::Object(_)) => date_text(&Date::from_json(value)?),
        (Kind::Names, Value::Array(list)) => {
            let names: Option<Vec<String>> = list.iter().map(name_text).collect();
            names?.join("; ")
        }
        _ => return None,
    };
    // What would be read as something else than it is can be kept, but not written.
    let is_plain = !text.contains('\r') && text.trim() == text;
    (is_plain && !text.is_empty()).then_some(text)
}

/// Names between semicolons outside of braces.
fn set_apart(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ';' | '\n' if depth == 0 => {
                names.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(name) = names.last_mut() {
            name.push(c);
        }
    }
    let names = names.iter().map(|name| name.trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

fn name(field: &str, text: &str) -> Result<Value, String> {
    if let Some(literal) = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    {
        return Ok(json!({ "literal": literal }));
    }
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let (family, given, suffix) = match parts.as_slice() {
        [family] => (*family, "", ""),
        [family, given] => (*family, *given, ""),
        [family, given, suffix] => (*family, *given, *suffix),
        _ => {
            return Err(format!(
                "{field}: \"{text}\" has too many commas; set names apart by semicolons, put an institution in braces"
            ));
        }
    };
    // Particles are written in lower case before the family name.
    let words = family.split(' ').collect::<Vec<_>>();
    let is_particle = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    let particles = words
        .iter()
        .take_while(|word| is_particle(word))
        .count()
        .min(words.len().saturating_sub(1));
    let (particle, family) = words.split_at_checked(particles).unwrap_or_default();
    let mut name = Map::new();
    let mut put = |key: &str, value: String| {
        if !value.is_empty() {
            name.insert(key.to_owned(), value.into());
        }
    };
    put("family", family.join(" "));
    put("given", given.to_owned());
    put("non-dropping-particle", particle.join(" "));
    put("suffix", suffix.to_owned());
    Ok(Value::Object(name))
}

/// `None` for a name that would not be read back as it is.
fn name_text(value: &Value) -> Option<String> {
    let parts = value.as_object()?;
    let read = Name::from_json(value)?;
    let text = if read.literal.is_empty() {
        let family = [
            read.dropping_particle.as_str(),
            &read.non_dropping_particle,
            &read.family,
        ];
        let family: Vec<&str> = family.into_iter().filter(|part| !part.is_empty()).collect();
        let mut text = family.join(" ");
        for part in [&read.given, &read.suffix] {
            if !part.is_empty() || (part == &read.given && !read.suffix.is_empty()) {
                text.push_str(", ");
                text.push_str(part);
            }
        }
        text
    } else {
        format!("{{{}}}", read.literal)
    };
    let back = name("", &text).ok()?;
    let back = back.as_object()?;
    let is_same = parts.len() == back.len()
        && parts
            .iter()
            .all(|(key, value)| back.get(key) == Some(value));
    let is_one = set_apart(&text).len() == 1;
    (is_same && is_one).then_some(text)
}

fn date(text: &str) -> Option<Value> {
    let date = Date::from_text(text.trim())?;
    let Some(start) = date.start else {
        return Some(json!({ "literal": date.literal? }));
    };
    if start.season.is_some() || date.end.is_some_and(|end| end.season.is_some()) {
        return Some(json!({ "literal": text.trim() }));
    }
    let parts = |parts: DateParts| {
        let numbers = [
            Some(parts.year),
            parts.month.map(i32::from),
            parts.day.map(i32::from),
        ];
        numbers.into_iter().map_while(|one| one).collect::<Vec<_>>()
    };
    let mut all = vec![parts(start)];
    all.extend(date.end.map(parts));
    let mut value = Map::new();
    value.insert("date-parts".to_owned(), json!(all));
    if date.circa {
        value.insert("circa".to_owned(), true.into());
    }
    Some(Value::Object(value))
}

fn date_text(date: &Date) -> String {
    let part = |parts: DateParts| {
        let mut text = format!("{:04}", parts.year);
        for number in [parts.month, parts.day].into_iter().map_while(|one| one) {
            let _ = write!(text, "-{number:02}");
        }
        text
    };
    let mut text = match (date.start, &date.literal) {
        (Some(start), _) => part(start),
        (None, literal) => return literal.clone().unwrap_or_default(),
    };
    if let Some(end) = date.end {
        text.push('/');
        text.push_str(&part(end));
    }
    if date.circa {
        text.push('~');
    }
    text
}
