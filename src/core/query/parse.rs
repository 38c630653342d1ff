//! From what was typed to conditions.

mod saved;

use std::cell::Cell;
use std::ops::Range;

use super::{Condition, Field, Filter, Has, Is, Match, Part, Phrase, Problem, Word, Years};
use crate::core::index::words::query_words;
use crate::core::text::fold;

/// The names before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Text(Field),
    Year,
    Is,
    Has,
    Status,
    Comment,
    Like,
}

const NAMES: [(&str, Name); 13] = [
    ("author", Name::Text(Field::Authors)),
    ("title", Name::Text(Field::Title)),
    ("venue", Name::Text(Field::Venue)),
    ("year", Name::Year),
    ("tag", Name::Text(Field::Keywords)),
    ("key", Name::Text(Field::Id)),
    ("doi", Name::Text(Field::Doi)),
    ("abstract", Name::Text(Field::Abstract)),
    ("is", Name::Is),
    ("has", Name::Has),
    ("status", Name::Status),
    ("comment", Name::Comment),
    ("like", Name::Like),
];

/// Other names people type.
const SYNONYMS: [(&str, Name); 3] = [
    ("id", Name::Text(Field::Id)),
    ("journal", Name::Text(Field::Venue)),
    ("keyword", Name::Text(Field::Keywords)),
];

enum Found<T> {
    One(T),
    Several(Vec<&'static str>),
    None,
}

fn by_beginning<T: Copy>(
    typed: &str,
    names: impl Iterator<Item = (&'static str, T)> + Clone,
) -> Found<T> {
    if let Some((_, value)) = names.clone().find(|(name, _)| *name == typed) {
        return Found::One(value);
    }
    if typed.is_empty() {
        return Found::None;
    }
    let mut hits = names.filter(|(name, _)| name.starts_with(typed));
    match (hits.next(), hits.next()) {
        (Some((_, value)), None) => Found::One(value),
        (Some((first, _)), Some((second, _))) => {
            let mut all = vec![first, second];
            all.extend(hits.map(|(name, _)| name));
            Found::Several(all)
        }
        _ => Found::None,
    }
}

fn field_name(typed: &str) -> Found<Name> {
    if let Some((_, name)) = SYNONYMS.iter().find(|(name, _)| *name == typed) {
        return Found::One(*name);
    }
    by_beginning(typed, NAMES.iter().copied())
}

/// A piece of the source between blanks; a quoted phrase is one piece.
struct Reader<'a> {
    source: &'a str,
    at: usize,
    parts: Vec<Part>,
    problems: Vec<Problem>,
    saved: &'a [(&'a str, &'a str)],
    /// How many more saved searches are read.
    left: &'a Cell<usize>,
}

/// At most so many saved searches are read for one query: one that names itself ends here.
const MOST_SAVED: usize = 32;

pub(super) fn parse_with(source: &str, saved: &[(&str, &str)]) -> (Vec<Part>, Vec<Problem>) {
    read(source, saved, &Cell::new(MOST_SAVED))
}

fn read(source: &str, saved: &[(&str, &str)], left: &Cell<usize>) -> (Vec<Part>, Vec<Problem>) {
    let mut reader = Reader {
        source,
        at: 0,
        parts: Vec::new(),
        problems: Vec::new(),
        saved,
        left,
    };
    while reader.piece() {}
    (reader.parts, reader.problems)
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.rest().starts_with(c);
        if there {
            self.at += c.len_utf8();
        }
        there
    }

    /// Reads up to the next blank.
    fn until_blank(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn problem(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.problems.push(Problem {
            range,
            message: message.into(),
        });
    }

    fn push(&mut self, start: usize, negated: bool, condition: Condition) {
        self.parts.push(Part {
            range: start..self.at,
            negated,
            condition,
        });
    }

    fn piece(&mut self) -> bool {
        let rest = self.rest();
        let Some(blanks) = rest.find(|c: char| !c.is_whitespace()) else {
            return false;
        };
        self.at += blanks;
        let start = self.at;
        // A lone minus or an operator before a blank is punctuation of a pasted title.
        let negated = match self.rest().chars().next() {
            Some(sign @ ('-' | '!')) => {
                let next = self.rest().chars().nth(1);
                next.is_some_and(|c| !c.is_whitespace() && c != sign) && self.eat(sign)
            }
            _ => false,
        };
        if self.saved_search(start, negated) || self.named(start, negated) {
            return true;
        }
        self.value(start, negated, None);
        true
    }

    /// Reads `name:value` where the name is one of ours. Otherwise nothing is read.
    fn named(&mut self, start: usize, negated: bool) -> bool {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let (Some(typed), Some(after)) = (rest.get(..end), rest.get(end..)) else {
            return false;
        };
        if typed.is_empty() || !after.starts_with(':') || after.starts_with("://") {
            return false;
        }
        let folded = fold(typed);
        let name = match field_name(&folded) {
            Found::One(name) => name,
            Found::Several(names) => {
                let names: Vec<_> = names.iter().map(|name| format!("{name}:")).collect();
                let range = self.at..self.at + end + 1;
                self.problem(
                    range,
                    format!(
                        "{typed}: may be {}, type one more letter",
                        names.join(" or ")
                    ),
                );
                return false;
            }
            Found::None => {
                let near = NAMES
                    .iter()
                    .find(|(name, _)| crate::core::index::typo::within(&folded, name, 1));
                if let Some((near, _)) = near {
                    let range = self.at..self.at + end + 1;
                    self.problem(
                        range,
                        format!("unknown field {typed}:, {near}: is meant perhaps"),
                    );
                }
                return false;
            }
        };
        self.at += end + 1;
        if self.rest().chars().next().is_none_or(char::is_whitespace) {
            self.problem(start..self.at, format!("{typed}: waits for a value"));
            return true;
        }
        let value_start = self.at;
        match name {
            Name::Text(field) => self.value(start, negated, Some(field)),
            Name::Year => {
                let value = self.until_blank();
                if let Some(years) = year_range(value).or_else(|| one_year(value)) {
                    self.push(start, negated, Condition::Years(years));
                } else {
                    let range = value_start..self.at;
                    self.problem(range, "a year is 2020, 2020..2024, 2020.. or ..2010");
                }
            }
            Name::Is => self.chosen(start, negated, "is", Is::ALL, Is::name, Filter::Is),
            Name::Has => self.chosen(start, negated, "has", Has::ALL, Has::name, Filter::Has),
            Name::Like => {
                let value = if self.eat('"') {
                    self.quoted().0
                } else {
                    self.until_blank()
                };
                if negated {
                    self.problem(start..self.at, "what is alike cannot be excluded");
                } else if !value.trim().is_empty() {
                    let like = Condition::Like(value.trim().to_owned());
                    self.push(start, false, like);
                }
            }
            Name::Status | Name::Comment => {
                let make = if name == Name::Status {
                    Filter::Status
                } else {
                    Filter::Comment
                };
                let value = if self.eat('"') {
                    self.quoted().0
                } else {
                    self.until_blank()
                };
                let value = fold(value).trim().to_owned();
                if !value.is_empty() {
                    self.push(start, negated, Condition::Filter(make(value)));
                }
            }
        }
        true
    }

    fn chosen<T: Copy>(
        &mut self,
        start: usize,
        negated: bool,
        name: &str,
        all: &'static [T],
        text: fn(T) -> &'static str,
        make: fn(T) -> Filter,
    ) {
        let value_start = self.at;
        let value = fold(self.until_blank());
        match by_beginning(&value, all.iter().map(|value| (text(*value), *value))) {
            Found::One(value) => self.push(start, negated, Condition::Filter(make(value))),
            Found::Several(names) => self.problem(
                value_start..self.at,
                format!("{name}:{value} may be {}", names.join(" or ")),
            ),
            Found::None => {
                let names: Vec<_> = all.iter().map(|value| text(*value)).collect();
                self.problem(
                    value_start..self.at,
                    format!("{name}: knows {}", names.join(", ")),
                );
            }
        }
    }

    /// Reads up to the closing quote: what is inside, and whether there was one.
    fn quoted(&mut self) -> (&'a str, bool) {
        let rest = self.rest();
        let end = rest.find('"').unwrap_or(rest.len());
        let closed = end < rest.len();
        self.at += end + usize::from(closed);
        (rest.get(..end).unwrap_or_default(), closed)
    }

    /// Reads a word or a phrase.
    fn value(&mut self, start: usize, negated: bool, field: Option<Field>) {
        if self.eat('"') {
            let (inside, closed) = self.quoted();
            let words = query_words(&fold(inside));
            if words.len() > 1 {
                let phrase = Phrase {
                    words,
                    closed,
                    field,
                };
                self.push(start, negated, Condition::Phrase(phrase));
                return;
            }
            let matching = if closed {
                Match::Whole
            } else {
                Match::Beginning
            };
            if let Some(word) = Word::new(inside, matching, field) {
                self.push(start, negated, Condition::Word(word));
            }
            return;
        }
        let mark = self.rest().chars().next();
        let matching = match mark {
            Some('\'') => Match::Whole,
            Some('^') => Match::TitleStart,
            _ => Match::Beginning,
        };
        if matching != Match::Beginning {
            self.at += 1;
        }
        let value_start = self.at;
        let value = self.until_blank();
        if field.is_none()
            && matching == Match::Beginning
            && let Some(years) = year_range(value)
        {
            self.push(start, negated, Condition::Years(years));
            return;
        }
        let (field, value) = match (field, doi_of(value)) {
            (None | Some(Field::Doi), Some(doi)) => (Some(Field::Doi), doi),
            _ => (field, value),
        };
        if matching == Match::TitleStart && field.is_some_and(|field| field != Field::Title) {
            self.problem(value_start - 1..value_start, "^ is about the title");
        }
        if let Some(word) = Word::new(value, matching, field) {
            self.push(start, negated, Condition::Word(word));
        }
    }
}

/// The DOI in what was typed or pasted, without resolver or prefix.
fn doi_of(value: &str) -> Option<&str> {
    let at = value.find("10.")?;
    let before = value.get(..at)?;
    let known = before.is_empty()
        || before.ends_with("doi.org/")
        || before.to_ascii_lowercase().ends_with("doi:");
    let doi = value.get(at..)?;
    (known && doi.contains('/')).then_some(doi)
}

fn year(text: &str) -> Option<i32> {
    (text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// `2020..2024`, `2020..`, `..2010`.
fn year_range(value: &str) -> Option<Years> {
    let (from, to) = value.split_once("..")?;
    let end = |text: &str| match text {
        "" => Some(None),
        text => year(text).map(Some),
    };
    let (from, to) = (end(from)?, end(to)?);
    (from.is_some() || to.is_some()).then(|| match (from, to) {
        (Some(a), Some(b)) if a > b && b >= 1000 => Years {
            from: Some(b),
            to: Some(a),
        },
        // "2020..20" is on its way to "2020..2024".
        (from, Some(to)) if to < 1000 => Years {
            from,
            to: from.is_none().then_some(to),
        },
        (from, to) => Years { from, to },
    })
}

/// `2020`, `2020-2024`, and `202` for the decade that is being typed.
fn one_year(value: &str) -> Option<Years> {
    if let Some((from, to)) = value.split_once(['-', '–']) {
        return year_range(&format!("{from}..{to}"));
    }
    let typed = year(value)?;
    let scale = 10_i32.pow(4_u32.saturating_sub(value.len() as u32));
    Some(Years {
        from: Some(typed * scale),
        to: Some(typed * scale + scale - 1),
    })
}
