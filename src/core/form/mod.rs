//! An item as lines of text that a reader can edit: `field: value`, one line a field.
//!
//! ```text
//! id: vaswani2017
//! type: paper-conference
//! title: Attention Is All You Need
//! author: Vaswani, Ashish; Shazeer, Noam; {Google Brain}
//! issued: 2017-06
//! DOI:
//! ```
//!
//! A line that begins with blanks goes on with the field above it. Names are `Family, Given`, with particles before the
//! family name and a suffix as a third part, set apart by semicolons; an institution stands in braces. Dates are
//! `2017`, `2017-06`, `2017-06-12`, ranges `2017-06/2018`, `~` after an approximate one; other text is kept as it is.
//! What has no form in one line (`custom`, and whatever has a shape of its own) is not shown, and stays.

mod values;

use serde_json::{Map, Value};

pub use values::{read, shown};

use super::item::Item;

/// Offered also where the item does not have them.
const USUAL: [&str; 14] = [
    "id",
    "type",
    "title",
    "author",
    "issued",
    "container-title",
    "volume",
    "issue",
    "page",
    "publisher",
    "DOI",
    "URL",
    "language",
    "abstract",
];

/// Something in the text that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct FormProblem {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

/// A field whose value is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name.
    pub field: String,
    /// As it was; `None` where it was not there.
    pub before: Option<String>,
    /// As it is; `None` where it is gone.
    pub after: Option<String>,
}

/// The text of an item.
pub fn to_text(item: &Map<String, Value>) -> String {
    let mut out = String::new();
    let usual = USUAL.iter().copied();
    let others = item.keys().map(String::as_str);
    let others = others.filter(|field| !USUAL.contains(field));
    for field in usual.chain(others) {
        match item.get(field).map(|value| shown(field, value)) {
            Some(None) => {}
            Some(Some(text)) => line(&mut out, field, &text),
            None => line(&mut out, field, ""),
        }
    }
    out
}

fn line(out: &mut String, field: &str, text: &str) {
    out.push_str(field);
    out.push(':');
    for (number, part) in text.split('\n').enumerate() {
        if number > 0 {
            out.push_str("\n ");
        }
        if !part.is_empty() {
            out.push(' ');
            out.push_str(part);
        }
    }
    out.push('\n');
}

/// Reads the text back. Fields that stand there as they did keep their values, whatever their shape; those whose line
/// is empty or gone are taken out, if they could be shown at all.
///
/// # Errors
/// Every line that cannot be read.
pub fn from_text(
    text: &str,
    before: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<FormProblem>> {
    let mut given: Vec<(usize, &str, String)> = Vec::new();
    let mut problems = Vec::new();
    let mut problem = |line: usize, what: String| problems.push(FormProblem { line, what });
    for (number, text) in text.lines().enumerate() {
        let number = number + 1;
        if text.starts_with([' ', '\t']) {
            match given.last_mut() {
                Some((_, _, value)) => {
                    value.push('\n');
                    value.push_str(text.strip_prefix("  ").unwrap_or(text.trim_start()));
                }
                None if text.trim().is_empty() => {}
                None => problem(
                    number,
                    "nothing stands before it that it could go on with".to_owned(),
                ),
            }
            continue;
        }
        if text.trim().is_empty() {
            continue;
        }
        let Some((field, value)) = text.split_once(':') else {
            problem(
                number,
                "no field; write field: value, or blanks before a line that goes on".to_owned(),
            );
            continue;
        };
        let field = field.trim();
        if field.is_empty() || field.contains(char::is_whitespace) {
            problem(
                number,
                format!("\"{field}\" is no name of a field; put blanks before a line that goes on"),
            );
        } else if given.iter().any(|(_, known, _)| *known == field) {
            problem(
                number,
                format!("{field} stands twice; take one of them out"),
            );
        } else {
            given.push((
                number,
                field,
                value.strip_prefix(' ').unwrap_or(value).to_owned(),
            ));
        }
    }
    let mut after = before.clone();
    for field in before.keys() {
        let is_shown = before
            .get(field)
            .is_some_and(|value| shown(field, value).is_some());
        if is_shown && !given.iter().any(|(_, known, _)| known == field) {
            after.shift_remove(field);
        }
    }
    for (number, field, text) in given {
        let text = text.trim_end_matches(['\n', ' ']);
        match before.get(field) {
            Some(value) if shown(field, value).is_none() => {
                problem(
                    number,
                    format!("{field} cannot be changed here; edit the item as JSON"),
                );
                continue;
            }
            Some(value) if shown(field, value).as_deref() == Some(text) => continue,
            _ => {}
        }
        if text.trim().is_empty() {
            after.shift_remove(field);
            continue;
        }
        match read(field, text) {
            Ok(value) => {
                after.insert(field.to_owned(), value);
            }
            Err(what) => problem(number, what),
        }
    }
    if Item::from_fields(after.clone()).id().trim().is_empty() {
        problem(
            1,
            "a paper needs an id; write id: and a key to cite it by".to_owned(),
        );
    }
    if problems.is_empty() {
        Ok(after)
    } else {
        Err(problems)
    }
}

/// The fields that two versions of an item do not share, in the order of the newer one.
pub fn differences(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Difference> {
    let text =
        |field: &str, value: &Value| shown(field, value).unwrap_or_else(|| value.to_string());
    let gone = before.keys().filter(|field| !after.contains_key(*field));
    let mut differences = Vec::new();
    for field in after.keys().chain(gone) {
        let (old, new) = (before.get(field), after.get(field));
        if old != new {
            differences.push(Difference {
                field: field.clone(),
                before: old.map(|value| text(field, value)),
                after: new.map(|value| text(field, value)),
            });
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn item() -> Map<String, Value> {
        fields(&json!({
            "id": "mare2017", "type": "article-journal", "title": "A <i>title</i>: with a colon",
            "author": [
                {"family": "Mare", "given": "Walter", "non-dropping-particle": "de la", "suffix": "Jr."},
                {"literal": "Bell Labs; Murray Hill"},
            ],
            "issued": {"date-parts": [["2017", 6, 12]]},
            "volume": 7,
            "custom": {"offprint": {"references": ["10.1/x"]}},
            "abstract": "One.\n\nTwo.",
        }))
    }

    #[test]
    fn what_is_not_touched_stays_whatever_its_shape() {
        let item = item();
        let text = to_text(&item);
        assert_eq!(from_text(&text, &item).unwrap(), item);
        assert!(
            text.contains("author: de la Mare, Walter, Jr.; {Bell Labs; Murray Hill}\n"),
            "{text}"
        );
        assert!(text.contains("issued: 2017-06-12\n"), "{text}");
        assert!(!text.contains("custom"), "{text}");
        assert!(text.contains("abstract: One.\n \n  Two.\n"), "{text}");
    }

    #[test]
    fn lines_that_are_changed_emptied_or_new_are_read() {
        let item = item();
        let text = to_text(&item)
            .replace("de la Mare, Walter, Jr.", "van Gogh, Vincent; Ng, A")
            .replace("2017-06-12", "2018-01/2018-02~")
            .replace("volume: 7", "volume:")
            .replace("DOI:", "DOI: 10.1/y");
        let after = from_text(&text, &item).unwrap();
        assert_eq!(
            after["author"],
            json!([
                {"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"},
                {"family": "Ng", "given": "A"},
                {"literal": "Bell Labs; Murray Hill"},
            ])
        );
        assert_eq!(
            after["issued"],
            json!({"date-parts": [[2018, 1], [2018, 2]], "circa": true})
        );
        assert_eq!(
            (after.get("volume"), &after["DOI"]),
            (None, &json!("10.1/y"))
        );
        assert_eq!(after["custom"], item["custom"]);
        let fields: Vec<_> = differences(&item, &after)
            .into_iter()
            .map(|one| one.field)
            .collect();
        assert_eq!(fields, ["author", "issued", "DOI", "volume"]);
    }

    #[test]
    fn lines_that_cannot_be_read_are_named() {
        let item = item();
        for (text, line, what) in [
            ("id: a\ntitle", 2, "no field"),
            ("id: a\nid: b", 2, "twice"),
            ("id: a\nauthor: A, B, C, D", 2, "too many commas"),
            ("id: a\ncustom: x", 2, "as JSON"),
            ("title: a", 1, "needs an id"),
            ("  x\nid: a", 1, "nothing stands before"),
            ("some words: a\nid: a", 1, "no name of a field"),
        ] {
            let problems = from_text(text, &item).unwrap_err();
            assert_eq!(problems[0].line, line, "{text}");
            assert!(
                problems[0].what.contains(what),
                "{text}: {}",
                problems[0].what
            );
        }
    }

    mod laws {
        use proptest::prelude::*;

        use super::*;

        fn value() -> impl Strategy<Value = Value> {
            let text = "[A-Za-z{};,: \\n\\r~/0-9-]{0,12}";
            prop_oneof![
                text.prop_map(Value::from),
                any::<i16>().prop_map(Value::from),
                text.prop_map(|text| json!({"literal": text})),
                prop::collection::vec((text, text), 0..3).prop_map(|names| {
                    let names = names.into_iter();
                    names
                        .map(|(family, given)| json!({"family": family, "given": given}))
                        .collect()
                }),
                (1i32..3000, 0u8..14, 0u8..40)
                    .prop_map(|(year, month, day)| json!({"date-parts": [[year, month, day]]})),
            ]
        }

        proptest! {
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

            #[test]
            fn any_item_survives_a_look_at_its_text(
                others in prop::collection::hash_map(
                    prop::sample::select(vec!["title", "author", "issued", "editor", "note", "volume", "x-y"]),
                    value(),
                    0..6,
                )
            ) {
                let mut item = fields(&json!({"id": "a"}));
                item.extend(others.into_iter().map(|(field, value)| (field.to_owned(), value)));
                let text = to_text(&item);
                prop_assert_eq!(from_text(&text, &item), Ok(item), "{}", text);
            }

            #[test]
            fn any_text_is_an_item_or_names_its_lines(text in "(id: a\n)?([a-z]{0,5}: ?[^\u{0}]{0,9}\n){0,5}") {
                if let Err(problems) = from_text(&text, &item()) {
                    prop_assert!(!problems.is_empty());
                }
            }
        }
    }
}
