//! One CSL-JSON item with its raw values, as citing and exporting need it.
//!
//! An [`Item`] keeps every field of the file, known or not, in its order. The accessors tolerate what real writers
//! produce (numbers for strings, arrays for strings, `null`). Their text keeps its markup (`<i>`, `nocase`); what a
//! screen shows goes through [`crate::core::text`] first.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::date::Date;

/// A CSL-JSON item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    fields: Map<String, Value>,
}

/// A name of a name variable (`author`, `editor`, …).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// Family name without particles.
    pub family: String,
    /// Given names as written, may be initials.
    pub given: String,
    /// "van" in "Vincent van Gogh": dropped when the family name stands alone.
    pub dropping_particle: String,
    /// "de" in "Walter de la Mare": kept with the family name.
    pub non_dropping_particle: String,
    /// "Jr.", "III".
    pub suffix: String,
    /// The suffix is set off by a comma also in display order.
    pub comma_suffix: bool,
    /// The family name always stands first (as in Chinese names given in that order).
    pub static_ordering: bool,
    /// An institution or a name that must stay whole; the other parts are empty then.
    pub literal: String,
}

impl Name {
    /// Reads a name object or a bare string (which stays whole). `None` when it is empty.
    pub fn from_json(value: &Value) -> Option<Name> {
        let map = match value {
            Value::String(text) if !text.trim().is_empty() => {
                return Some(Name {
                    literal: text.trim().to_owned(),
                    ..Name::default()
                });
            }
            Value::Object(map) => map,
            _ => return None,
        };
        let part = |key: &str| {
            map.get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let flag = |key: &str| match map.get(key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_i64() != Some(0),
            Some(Value::String(text)) => !matches!(text.as_str(), "" | "0" | "false"),
            _ => false,
        };
        let mut name = Name {
            family: part("family"),
            given: part("given"),
            dropping_particle: part("dropping-particle"),
            non_dropping_particle: part("non-dropping-particle"),
            suffix: part("suffix"),
            comma_suffix: flag("comma-suffix"),
            static_ordering: flag("static-ordering"),
            literal: part("literal"),
        };
        if name.family.is_empty() && name.given.is_empty() && name.literal.is_empty() {
            // Crossref's REST answers name an institution by `name`.
            name.literal = part("name");
        }
        if !name.family.is_empty() || !name.given.is_empty() {
            name.literal.clear();
        }
        (!name.family.is_empty() || !name.given.is_empty() || !name.literal.is_empty())
            .then_some(name)
    }

    /// Family name with its particles, or the institution: what a list shows.
    pub fn short(&self) -> Cow<'_, str> {
        if !self.literal.is_empty() {
            return Cow::Borrowed(&self.literal);
        }
        if self.family.is_empty() {
            return Cow::Borrowed(&self.given);
        }
        if self.dropping_particle.is_empty() && self.non_dropping_particle.is_empty() {
            return Cow::Borrowed(&self.family);
        }
        Cow::Owned(join([
            &self.dropping_particle,
            &self.non_dropping_particle,
            &self.family,
        ]))
    }

    /// The whole name in display order: "Walter de la Mare Jr.".
    pub fn full(&self) -> Cow<'_, str> {
        if !self.literal.is_empty() {
            return Cow::Borrowed(&self.literal);
        }
        let parts = [
            &self.given,
            &self.dropping_particle,
            &self.non_dropping_particle,
            &self.family,
            &self.suffix,
        ];
        if self.static_ordering || is_family_first(&self.family) {
            let parts = [
                &self.dropping_particle,
                &self.non_dropping_particle,
                &self.family,
                &self.given,
                &self.suffix,
            ];
            if is_family_first(&self.family) {
                return Cow::Owned(parts.iter().map(|part| part.as_str()).collect());
            }
            return Cow::Owned(join(parts));
        }
        Cow::Owned(join(parts))
    }
}

/// Chinese, Japanese and Korean names put the family name first, without a space.
fn is_family_first(family: &str) -> bool {
    family.chars().next().is_some_and(|c| {
        matches!(u32::from(c), 0x1100..=0x11FF | 0x2E80..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
    })
}

fn join<'a>(parts: impl IntoIterator<Item = &'a String>) -> String {
    let mut out = String::new();
    for part in parts {
        if part.is_empty() {
            continue;
        }
        // "d'" and "al-" bind to what follows.
        if !out.is_empty() && !out.ends_with(['\'', '’', '-']) {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

impl Item {
    /// Parses the bytes of one JSON object.
    ///
    /// # Errors
    /// The JSON error with line and column counted from the start of `bytes`.
    pub fn parse(bytes: &[u8]) -> Result<Item, serde_json::Error> {
        Ok(Item {
            fields: serde_json::from_slice(bytes)?,
        })
    }

    /// Wraps the fields of an item that is there already.
    pub fn from_fields(fields: Map<String, Value>) -> Item {
        Item { fields }
    }

    /// Its fields, given away.
    pub fn into_fields(self) -> Map<String, Value> {
        self.fields
    }

    /// All fields in the order of the file.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// The `id`; numbers are accepted. Empty when there is none.
    pub fn id(&self) -> Cow<'_, str> {
        self.text("id").unwrap_or_default()
    }

    /// The CSL `type`, with the names that Crossref and others use in its place mapped; `document` when absent.
    pub fn kind(&self) -> &str {
        canonical_kind(
            self.fields
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        )
    }

    /// A field as text: strings as they are, numbers as written, the first text of an array. `None` when it is absent,
    /// `null` or blank.
    pub fn text(&self, field: &str) -> Option<Cow<'_, str>> {
        fn of(value: &Value) -> Option<Cow<'_, str>> {
            match value {
                Value::String(text) if !text.trim().is_empty() => Some(Cow::Borrowed(text.trim())),
                Value::Number(number) => Some(Cow::Owned(number.to_string())),
                Value::Array(list) => list.iter().find_map(of),
                _ => None,
            }
        }
        of(self.fields.get(field)?)
    }

    /// The names of a name variable, in order; entries without any text are left out.
    pub fn names(&self, field: &str) -> Vec<Name> {
        match self.fields.get(field) {
            Some(Value::Array(list)) => list.iter().filter_map(Name::from_json).collect(),
            Some(single) => Name::from_json(single).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// A date variable.
    pub fn date(&self, field: &str) -> Option<Date> {
        Date::from_json(self.fields.get(field)?)
    }

    /// The list of authors is known to be incomplete (`custom.offprint.authorsTruncated`): cite as "et al.", in BibTeX
    /// "and others".
    pub fn authors_truncated(&self) -> bool {
        self.own("authorsTruncated")
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// A value of ours under `custom.offprint`.
    pub fn own(&self, field: &str) -> Option<&Value> {
        self.fields.get("custom")?.get("offprint")?.get(field)
    }

    /// The DOI alone, without resolver or `doi:`, in the case of the file.
    pub fn doi(&self) -> Option<String> {
        self.text("DOI")
            .and_then(|text| bare_doi(&text).map(str::to_owned))
    }

    /// The arXiv id (`1706.03762`, `hep-th/9901001`, perhaps with `v2`), from the fields where writers put it.
    pub fn arxiv(&self) -> Option<String> {
        for field in [
            "arxiv",
            "number",
            "id",
            "archive_location",
            "note",
            "URL",
            "DOI",
        ] {
            if let Some(text) = self.text(field)
                && let Some(id) = arxiv_id(
                    &text,
                    field == "archive_location" && self.is_archive_arxiv(),
                )
            {
                return Some(id.to_owned());
            }
        }
        None
    }

    fn is_archive_arxiv(&self) -> bool {
        self.text("archive")
            .is_some_and(|archive| archive.eq_ignore_ascii_case("arxiv"))
    }
}

/// The CSL type for a `type` as written: the names that Crossref and others use in its place are mapped, `document`
/// stands for none.
pub fn canonical_kind(kind: &str) -> &str {
    match kind.trim() {
        "" => "document",
        "journal-article" => "article-journal",
        "proceedings-article" => "paper-conference",
        "book-chapter" => "chapter",
        "posted-content" => "article",
        "monograph" | "edited-book" => "book",
        "dissertation" => "thesis",
        kind => kind,
    }
}

/// Cuts a DOI out of `https://doi.org/10…`, `doi:10…` or the bare form.
pub fn bare_doi(text: &str) -> Option<&str> {
    let text = text.trim();
    let start = text.find("10.")?;
    let (before, doi) = text.split_at_checked(start)?;
    let before = before.trim_end().to_ascii_lowercase();
    let known = before.is_empty()
        || before.ends_with("doi.org/")
        || before.ends_with("doi:")
        || before.ends_with("doi");
    let doi = doi.trim_end_matches(['.', ',', ';', ' ']);
    (known && doi.contains('/')).then_some(doi)
}

/// Finds an arXiv id after `arXiv:`, in an arxiv.org address or in `10.48550/arXiv.…`; a bare id only if `bare`.
pub fn arxiv_id(text: &str, bare: bool) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let start = [
        "arxiv.org/abs/",
        "arxiv.org/pdf/",
        "10.48550/arxiv.",
        "arxiv:",
    ]
    .iter()
    .find_map(|prefix| lower.find(prefix).map(|at| at + prefix.len()))
    .or(bare.then_some(0))?;
    let rest = text.get(start..)?.trim_start();
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-')))
        .unwrap_or(rest.len());
    let id = rest
        .get(..end)?
        .trim_end_matches(".pdf")
        .trim_end_matches('.');
    let bare_id = id
        .split_once('v')
        .filter(|(_, v)| v.bytes().all(|b| b.is_ascii_digit()))
        .map_or(id, |(id, _)| id);
    let modern = bare_id.split_once('.').is_some_and(|(a, b)| {
        a.len() == 4
            && (4..=5).contains(&b.len())
            && (a.bytes().chain(b.bytes())).all(|b| b.is_ascii_digit())
    });
    let old = bare_id.split_once('/').is_some_and(|(a, b)| {
        !a.is_empty()
            && b.len() == 7
            && b.bytes().all(|b| b.is_ascii_digit())
            && a.bytes()
                .all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'.'))
    });
    (modern || old).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str) -> Item {
        Item::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn fields_of_any_shape_read_as_text() {
        let it =
            item(r#"{"id": 7, "title": ["A", "B"], "volume": 12, "issue": null, "page": " "}"#);
        assert_eq!(it.id(), "7");
        assert_eq!(it.text("title").as_deref(), Some("A"));
        assert_eq!(it.text("volume").as_deref(), Some("12"));
        assert_eq!((it.text("issue"), it.text("page")), (None, None));
    }

    #[test]
    fn names_show_their_particles() {
        let it = item(
            r#"{"author": [{"family": "Mare", "given": "Walter", "non-dropping-particle": "de la"},
                {"name": "WHO"}, "A Group", {"family": "王", "given": "小明"}, {"family": ""}]}"#,
        );
        let names = it.names("author");
        let short: Vec<_> = names.iter().map(|name| name.short().into_owned()).collect();
        assert_eq!(short, ["de la Mare", "WHO", "A Group", "王"]);
        let full: Vec<_> = names.iter().map(|name| name.full().into_owned()).collect();
        assert_eq!(full, ["Walter de la Mare", "WHO", "A Group", "王小明"]);
    }

    #[test]
    fn a_doi_is_cut_out_of_its_address() {
        for text in [
            "10.1/x",
            "doi:10.1/x",
            "https://doi.org/10.1/x",
            "http://dx.doi.org/10.1/x",
            "DOI: 10.1/x.",
        ] {
            assert_eq!(bare_doi(text), Some("10.1/x"), "{text}");
        }
        assert_eq!(bare_doi("version 10.5"), None);
    }

    #[test]
    fn only_real_arxiv_ids_are_found() {
        for (text, id) in [
            ("arXiv:1706.03762v5 [cs.CL]", Some("1706.03762v5")),
            (
                "https://arxiv.org/abs/hep-th/9901001",
                Some("hep-th/9901001"),
            ),
            ("https://arxiv.org/pdf/1706.03762.pdf", Some("1706.03762")),
            ("10.48550/arXiv.1706.03762", Some("1706.03762")),
            ("41694348", None),
            ("PMID: 41694348", None),
        ] {
            assert_eq!(arxiv_id(text, false), id, "{text}");
        }
    }
}
