//! Sorting: keys of items and how they compare.

use std::cmp::Ordering;

use super::dates::sort_digits;
use super::processor::Processor;
use super::render::{Area, ItemState, Render};
use super::rich::flat_text;
use super::style::{Element, Look, NameElement, NameForm, NameOptions, Names, SortKey, SortSource};
use super::variables::{is_date_variable, is_name_variable};
use super::{case, numbers};
use crate::core::item::Item;
use crate::core::text::fold;

/// The value of one key; one that is missing sorts last in both directions.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(usize),
    Missing,
}

/// The values of all keys of an item.
#[derive(Debug, Clone)]
pub(crate) struct Keys(Vec<(Value, bool)>);

impl Processor<'_> {
    /// Computes the keys of an item; `number` is its citation number, or its place when there is none yet.
    pub(crate) fn sort_keys(
        &self,
        keys: &[SortKey],
        item: &Item,
        state: &ItemState,
        area: Area,
    ) -> Keys {
        Keys(
            keys.iter()
                .map(|key| (self.sort_value(key, item, state, area), key.descending))
                .collect(),
        )
    }

    fn sort_value(&self, key: &SortKey, item: &Item, state: &ItemState, area: Area) -> Value {
        let mut render = Render::new(self, item, state, area);
        render.sorting = true;
        if key.names_min.is_some() || key.names_use_first.is_some() {
            render.sort_limits = Some((key.names_min, key.names_use_first));
        }
        render.sort_use_last = key.names_use_last;
        let text = match &key.source {
            SortSource::Variable(name) if name == "citation-number" => {
                return Value::Number(state.number);
            }
            SortSource::Variable(name) if name == "citation-label" => render.citation_label(),
            SortSource::Variable(name) if is_date_variable(name) => {
                let Some(date) = item.date(name) else {
                    return Value::Missing;
                };
                match date.start {
                    Some(start) => {
                        let mut text = sort_digits(start);
                        if let Some(end) = date.end {
                            text.push('-');
                            text.push_str(&sort_digits(end));
                        }
                        text
                    }
                    None => date.literal.unwrap_or_default(),
                }
            }
            SortSource::Variable(name) if is_name_variable(name) => {
                let element = Names {
                    variables: vec![name.clone()],
                    name: Some(NameElement {
                        options: NameOptions {
                            form: Some(NameForm::Long),
                            ..NameOptions::default()
                        },
                        ..NameElement::default()
                    }),
                    et_al: None,
                    label: None,
                    label_first: false,
                    substitute: Vec::new(),
                    delimiter: None,
                    look: Look::default(),
                };
                let out = render.elements(&[Element::Names(Box::new(element))], "");
                let mut text = String::new();
                flat_text(&out.nodes, &mut text);
                text
            }
            SortSource::Variable(name) => {
                let Some(text) = render.value(name) else {
                    return Value::Missing;
                };
                let mut plain = String::new();
                flat_text(&render.field(&text), &mut plain);
                if numbers::is_number_variable(name) {
                    pad_numbers(&plain)
                } else {
                    plain
                }
            }
            SortSource::Macro(index) => {
                let Some(elements) = self.style.macros.get(*index) else {
                    return Value::Missing;
                };
                let out = render.elements(elements, "");
                let mut text = String::new();
                flat_text(&out.nodes, &mut text);
                text
            }
        };
        if text.trim().is_empty() {
            return Value::Missing;
        }
        Value::Text(collation(&text))
    }
}

/// Numbers of different length compare by value.
fn pad_numbers(text: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            for _ in digits.len()..10 {
                out.push('0');
            }
            out.push_str(&digits);
            digits.clear();
        }
        out.push(c);
    }
    out
}

/// A string that compares as readers expect: without case and accents, punctuation ignored, a shorter name before a
/// longer one that begins alike.
fn collation(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    let mut chars = folded.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || case::is_letter_like(c) {
            out.push(c);
        } else if c == ',' && chars.peek() == Some(&' ') {
            chars.next();
            out.push('\u{1}');
        } else if (c.is_whitespace() || c == '-')
            && !out.is_empty()
            && !out.ends_with([' ', '\u{1}'])
        {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

impl Keys {
    /// Compares key by key.
    pub(crate) fn compare(&self, other: &Keys) -> Ordering {
        for ((one, descending), (two, _)) in self.0.iter().zip(&other.0) {
            let order = match (one, two) {
                (Value::Missing, Value::Missing) => Ordering::Equal,
                (Value::Missing, _) => return Ordering::Greater,
                (_, Value::Missing) => return Ordering::Less,
                (Value::Number(one), Value::Number(two)) => one.cmp(two),
                (Value::Text(one), Value::Text(two)) => one.cmp(two),
                (Value::Number(_), Value::Text(_)) => Ordering::Less,
                (Value::Text(_), Value::Number(_)) => Ordering::Greater,
            };
            let order = if *descending { order.reverse() } else { order };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }
}
