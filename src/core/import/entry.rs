//! The item being made of an entry, and what was noted beside it.

use serde_json::{Map, Value};

use super::{date, name};
use crate::core::date::Date;
use crate::core::item::{Item, Name};
use crate::core::journal::{Progress, Status};

/// What the owner of a file noted of a paper in another program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// Tags that a person gave (not the keywords of the publisher).
    pub tags: Vec<String>,
    /// Groups and collections it is in, `/` between the levels.
    pub groups: Vec<String>,
    /// Comments and notes, as Markdown or plain text.
    pub comments: Vec<String>,
    /// How far it is read, where that is said.
    pub status: Option<Status>,
    /// 1–5, 0 for none.
    pub rating: u8,
    /// 1–3, 1 the most urgent, 0 for none.
    pub priority: u8,
    /// It has a star.
    pub starred: bool,
    /// Place in the reading queue, from 1.
    pub queue: Option<u32>,
    /// How many pages are read.
    pub progress: Option<Progress>,
    /// When it came into the other library, ms since 1970.
    pub added: Option<u64>,
    /// When it was read to the end, ms since 1970.
    pub finished: Option<u64>,
    /// Paths of attached files as written: absolute, or relative to a folder of the other program.
    pub files: Vec<String>,
}

/// The fields of an item in the making. The first value of a field counts.
#[derive(Debug, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// A text; blank ones are left out.
    pub(super) fn text(&mut self, field: &str, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() && !self.has(field) {
            self.0.insert(field.to_owned(), Value::String(text));
        }
    }

    pub(super) fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str()
    }

    pub(super) fn take(&mut self, field: &str) -> Option<String> {
        match self.0.shift_remove(field)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn names(&mut self, field: &str, names: &[Name]) {
        if names.is_empty() {
            return;
        }
        let list = names.iter().map(name::to_json);
        match self.0.get_mut(field) {
            Some(Value::Array(known)) => known.extend(list),
            _ => {
                self.0.insert(field.to_owned(), list.collect());
            }
        }
    }

    pub(super) fn date(&mut self, field: &str, date: Option<&Date>) {
        if let Some(date) = date
            && !self.has(field)
        {
            self.0.insert(field.to_owned(), date::to_json(date));
        }
    }

    /// Keeps a field that CSL has no place for under `custom.FORMAT.FIELD`; further values of it make a list.
    pub(super) fn keep(&mut self, format: &str, field: &str, value: impl Into<Value>) {
        let value = value.into();
        if value.as_str().is_some_and(|text| text.trim().is_empty()) {
            return;
        }
        let Some(group) = self.custom(format) else {
            return;
        };
        match group.get_mut(field) {
            Some(Value::Array(list)) => list.push(value),
            Some(first) => {
                let before = first.take();
                *first = Value::Array(vec![before, value]);
            }
            None => {
                group.insert(field.to_owned(), value);
            }
        }
    }

    fn custom(&mut self, format: &str) -> Option<&mut Map<String, Value>> {
        self.0
            .entry("custom")
            .or_insert_with(|| Value::Object(Map::new()))
            .as_object_mut()?
            .entry(format)
            .or_insert_with(|| Value::Object(Map::new()))
            .as_object_mut()
    }

    /// The list of authors is known to be incomplete.
    pub(super) fn truncate_authors(&mut self) {
        if let Some(own) = self.custom("offprint") {
            own.insert("authorsTruncated".to_owned(), true.into());
        }
    }

    pub(super) fn into_item(self) -> Item {
        Item::from_fields(self.0)
    }
}

/// A page or a range of pages: `12--34`, `12–34` and `12 - 34` are `12-34`; where a number has a hyphen of its own the
/// range has a dash.
pub(super) fn pages(text: &str) -> String {
    let parts: Vec<String> = text
        .split([',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let dashed = part.replace("--", "–").replace(['—', '‒', '−'], "–");
            let ends: Vec<&str> = dashed
                .split('–')
                .map(str::trim)
                .filter(|end| !end.is_empty())
                .collect();
            match ends.as_slice() {
                [from, to] if from.contains('-') || to.contains('-') => format!("{from}–{to}"),
                [from, to] => format!("{from}-{to}"),
                _ => match part.split_once(" - ") {
                    Some((from, to)) => format!("{}-{}", from.trim(), to.trim()),
                    None => ends.join("–"),
                },
            }
        })
        .collect();
    parts.join(", ")
}

/// `561-7` is `561-567`.
pub(super) fn full_range(pages: &str) -> String {
    pages
        .split(", ")
        .map(|part| match part.split_once('-') {
            Some((from, to))
                if to.len() < from.len()
                    && !to.is_empty()
                    && [from, to]
                        .iter()
                        .all(|end| end.bytes().all(|byte| byte.is_ascii_digit())) =>
            {
                let kept = from.get(..from.len() - to.len()).unwrap_or_default();
                let end = format!("{kept}{to}");
                if end.as_str() > from {
                    format!("{from}-{end}")
                } else {
                    part.to_owned()
                }
            }
            _ => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// The bare DOI where there is one, else the text without a resolver's address.
pub(super) fn doi(text: &str) -> String {
    let text = text.trim();
    if let Some(doi) = crate::core::item::bare_doi(text) {
        return doi.to_owned();
    }
    // `http://doi.acm.org/10.1145/…`
    match text.find("/10.").and_then(|at| text.get(at + 1..)) {
        Some(doi) if text.contains("doi") && doi.contains('/') => doi.to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_pages_have_one_hyphen() {
        for (text, expected) in [
            ("12--34", "12-34"),
            ("12 – 34, 40", "12-34, 40"),
            ("S1-12--S1-15", "S1-12–S1-15"),
            ("1 - 9", "1-9"),
            ("S1-12", "S1-12"),
            ("e100", "e100"),
            ("45--", "45"),
            ("", ""),
        ] {
            assert_eq!(pages(text), expected, "{text}");
        }
        for (pages, expected) in [
            ("561-7", "561-567"),
            ("1198-203", "1198-1203"),
            ("e1-5", "e1-5"),
            ("99-10", "99-10"),
        ] {
            assert_eq!(full_range(pages), expected);
        }
    }

    #[test]
    fn a_field_that_comes_twice_is_kept_twice() {
        let mut fields = Fields::default();
        fields.keep("ris", "N9", "a");
        fields.keep("ris", "N9", "b");
        let item = fields.into_item();
        assert_eq!(
            item.fields().get("custom"),
            Some(&serde_json::json!({"ris": {"N9": ["a", "b"]}}))
        );
    }
}
