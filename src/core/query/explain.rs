//! A query in words.

use super::{Condition, Field, Filter, Match, Part, Years};

pub(super) fn explain(parts: &[Part]) -> String {
    let said: Vec<String> = parts.iter().map(part).collect();
    said.join(" · ")
}

fn part(part: &Part) -> String {
    let said = condition(&part.condition);
    if part.negated {
        format!("not {said}")
    } else {
        said
    }
}

fn place(field: Option<Field>) -> String {
    field.map_or_else(String::new, |field| format!("{} ", field.name()))
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Word(word) => match word.matching {
            Match::Beginning => format!("{}{}…", place(word.field), word.text),
            Match::Whole => format!("{}the word {}", place(word.field), word.text),
            Match::TitleStart => format!("title starts with {}…", word.text),
        },
        Condition::Phrase(phrase) => format!(
            "{}“{}{}”",
            place(phrase.field),
            phrase.words.join(" "),
            if phrase.closed { "" } else { "…" }
        ),
        Condition::Years(Years { from, to }) => match (from, to) {
            (Some(from), Some(to)) if from == to => format!("year {from}"),
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (Some(from), None) => format!("{from} or later"),
            (None, Some(to)) => format!("{to} or earlier"),
            (None, None) => "any year".to_owned(),
        },
        Condition::Like(text) => format!("like “{}”", text.trim()),
        Condition::Filter(filter) => match filter {
            Filter::Is(is) => is.to_string(),
            Filter::Has(has) => format!("has {has}"),
            Filter::Status(text) => format!("status {text}…"),
            Filter::Comment(text) => format!("comment {text}…"),
            Filter::Tag(text) => format!("tag {text}…"),
        },
    }
}
