//! An item while it is made of an answer.

use serde_json::{Map, Value, json};

use super::markup;
use super::{Service, Unusable};
use crate::core::item::Item;

/// More names than this are no list of authors, and cost a page its time.
const MOST_NAMES: usize = 20_000;

/// The fields of an item, set only where there is something to set.
#[derive(Debug, Default)]
pub(super) struct Draft {
    fields: Map<String, Value>,
    references: Vec<String>,
}

/// A date as far as it is known: year, month, day.
pub(super) type Parts = (i64, Option<i64>, Option<i64>);

impl Draft {
    pub(super) fn new(kind: &str) -> Draft {
        let mut draft = Draft::default();
        draft.fields.insert("type".to_owned(), kind.into());
        draft
    }

    /// Clean text on one line; nothing for nothing.
    pub(super) fn text(&mut self, field: &str, raw: Option<&str>) {
        let clean = if field == "title" {
            markup::title
        } else {
            markup::line
        };
        let text = raw.map(clean).unwrap_or_default();
        if !text.is_empty() {
            self.fields.insert(field.to_owned(), text.into());
        }
    }

    /// [`Draft::text`] where the field is still empty.
    pub(super) fn text_if_missing(&mut self, field: &str, raw: Option<&str>) {
        if !self.fields.contains_key(field) {
            self.text(field, raw);
        }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// An abstract with its paragraphs.
    pub(super) fn about(&mut self, raw: Option<&str>) {
        let text = raw.map(markup::paragraphs).unwrap_or_default();
        if !text.is_empty() {
            self.fields.insert("abstract".to_owned(), text.into());
        }
    }

    /// A DOI in lower case, bare.
    pub(super) fn doi(&mut self, raw: Option<&str>) {
        if let Some(doi) = raw.and_then(crate::core::identify::find_doi) {
            self.fields.insert("DOI".to_owned(), doi.into());
        }
    }

    /// A web address, if it is one.
    pub(super) fn address(&mut self, raw: Option<&str>) {
        let address = raw.and_then(web_address);
        if let Some(address) = address {
            self.fields.insert("URL".to_owned(), address.into());
        }
    }

    pub(super) fn date(&mut self, field: &str, parts: Option<Parts>) {
        let Some((year, month, day)) = parts.filter(|(year, ..)| *year != 0) else {
            return;
        };
        let mut list = vec![year];
        if let Some(month) = month.filter(|month| (1..=12).contains(month)) {
            list.push(month);
            list.extend(day.filter(|day| (1..=31).contains(day)));
        }
        self.fields
            .insert(field.to_owned(), json!({ "date-parts": [list] }));
    }

    /// Names that [`person`] and [`institution`] made.
    pub(super) fn names(&mut self, field: &str, names: impl Iterator<Item = Value>) {
        let names: Vec<Value> = names.take(MOST_NAMES).collect();
        if !names.is_empty() {
            self.fields.insert(field.to_owned(), names.into());
        }
    }

    /// DOIs of works that it cites, each once.
    pub(super) fn references<'a>(&mut self, dois: impl Iterator<Item = &'a str>) {
        let mut seen = std::collections::HashSet::new();
        self.references = dois
            .filter_map(crate::core::identify::find_doi)
            .filter(|doi| seen.insert(doi.clone()))
            .collect();
    }

    /// The finished item, with where it comes from.
    ///
    /// # Errors
    /// [`Unusable::Absent`] where there is neither title nor name: that is no paper.
    pub(super) fn item(mut self, service: Service) -> Result<Item, Unusable> {
        if !["title", "author", "container-title", "editor"]
            .iter()
            .any(|field| self.has(field))
        {
            return Err(Unusable::Absent);
        }
        let mut own = Map::new();
        if !self.references.is_empty() {
            let list: Vec<Value> = self
                .references
                .iter()
                .map(|doi| json!({ "DOI": doi }))
                .collect();
            own.insert("references".to_owned(), list.into());
        }
        own.insert("origin".to_owned(), json!({ "from": service.code() }));
        self.fields
            .insert("custom".to_owned(), json!({ "offprint": own }));
        Ok(Item::from_fields(self.fields))
    }
}

/// A person of two names; `None` without a family name. Names all in capitals, as old records have them, are written
/// as names.
pub(super) fn person(family: &str, given: &str, suffix: &str) -> Option<Value> {
    let family = uncapitalised(&markup::line(family));
    let given = markup::line(given);
    let suffix = markup::line(suffix);
    if family.is_empty() {
        return institution(&given);
    }
    let mut name = Map::new();
    name.insert("family".to_owned(), family.into());
    if !given.is_empty() {
        name.insert("given".to_owned(), uncapitalised(&given).into());
    }
    if !suffix.is_empty() {
        name.insert("suffix".to_owned(), suffix.into());
    }
    Some(name.into())
}

/// A name that stays whole.
pub(super) fn institution(name: &str) -> Option<Value> {
    let name = markup::line(name);
    (!name.is_empty()).then(|| json!({ "literal": name }))
}

/// A person's name in one string, in the order in which it is spoken: the last word is the family name, with the
/// particles before it. A name of one word, or in a script that has no spaces, stays whole; "Wiley, Ann" is parted at
/// its comma.
pub(super) fn spoken(name: &str) -> Option<Value> {
    let name = markup::line(name);
    if let Some((family, given)) = name.split_once(", ") {
        return person(family, given, "");
    }
    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
    let (last, before) = words.split_last()?;
    let (suffix, last, before) = match before.split_last() {
        Some((family, given))
            if !given.is_empty()
                && matches!(
                    last.trim_end_matches('.').to_lowercase().as_str(),
                    "jr" | "sr" | "ii" | "iii" | "iv"
                ) =>
        {
            (*last, *family, given)
        }
        _ => ("", *last, before),
    };
    if before.is_empty() {
        return institution(&name);
    }
    // "H. N. de With": the particles belong to the family name.
    let given = before
        .iter()
        .rposition(|word| !is_particle(word))
        .map_or(0, |at| at + 1)
        .max(1);
    let (given, particles) = before.split_at_checked(given)?;
    let mut family = particles.join(" ");
    if !family.is_empty() {
        family.push(' ');
    }
    family.push_str(last);
    person(&family, &given.join(" "), suffix)
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "de" | "del"
            | "der"
            | "den"
            | "di"
            | "da"
            | "das"
            | "dos"
            | "du"
            | "la"
            | "le"
            | "van"
            | "von"
            | "vom"
            | "zu"
            | "zum"
            | "zur"
            | "ten"
            | "ter"
            | "te"
            | "af"
            | "av"
            | "el"
            | "al"
            | "bin"
            | "ibn"
            | "y"
            | "e"
            | "do"
            | "degli"
            | "della"
            | "op"
            | "'t"
    )
}

/// "MÜLLER-SMITH" as "Müller-Smith"; initials and short names such as "WHO" stay.
fn uncapitalised(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_shouted = letters > 3
        && name.chars().all(|c| !c.is_lowercase())
        && name.chars().any(char::is_uppercase)
        && !name.contains('.')
        && !name.contains(|c: char| c.is_ascii_digit());
    if !is_shouted {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len());
    let mut begins = true;
    for c in name.chars() {
        if begins {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        begins = !c.is_alphabetic();
    }
    out
}

/// A text that is the address of something on the web, and nothing more.
pub(super) fn web_address(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_bad = |c: char| c.is_whitespace() || crate::core::text::is_dangerous(c);
    (is_web && !text.contains(is_bad)).then_some(text)
}

/// The parts of an ISO date (`2019`, `2019-06`, `2019-06-17T…`).
pub(super) fn iso_date(text: &str) -> Option<Parts> {
    let mut numbers = text
        .trim()
        .split(['-', 'T', '/', ' '])
        .map(|part| part.parse::<i64>().ok());
    let year = numbers
        .next()
        .flatten()
        .filter(|year| (1..=9999).contains(year))?;
    let month = numbers.next().flatten();
    Some((year, month, numbers.next().flatten()))
}

/// A text of a JSON object, where it is one.
pub(super) fn text_of<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    value.pointer(path)?.as_str()
}

/// The first text of a list of texts, or the text itself.
pub(super) fn first_text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    match value.pointer(path)? {
        Value::String(text) => Some(text),
        Value::Array(list) => list.iter().find_map(Value::as_str),
        _ => None,
    }
}

/// A number or a text as text.
pub(super) fn written(value: &Value, path: &str) -> Option<String> {
    match value.pointer(path)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The entries of a list.
pub(super) fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    value
        .pointer(path)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A count of a JSON object, where it is one.
pub(super) fn count(value: &Value, path: &str) -> Option<u32> {
    u32::try_from(value.pointer(path)?.as_u64()?).ok()
}
