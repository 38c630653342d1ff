//! What a reader typed into the search box, understood.
//!
//! [`Query::parse`] never fails: what it cannot make sense of is searched as plain words or left out, and a
//! [`Problem`] points at it. The syntax:
//!
//! | typed | means |
//! |---|---|
//! | `graph net` | all words, in any order, each the beginning of a word |
//! | `"graph neural"` | these words in this order; without the closing quote the last may be a beginning |
//! | `'net`, `"net"` | the whole word, no typo forgiven |
//! | `^deep` | the title starts with it |
//! | `-survey`, `!survey` | not this |
//! | `author:` `title:` `venue:` `tag:` `key:` `doi:` `abstract:` and their unambiguous beginnings | only there |
//! | `year:2020` `2020..2024` `2020..` `..2010` | years, ends included |
//! | `like:key`, `like:"some text"` | papers like this one, or like this text |
//! | `is:starred` `has:pdf` `status:` `comment:` | what the reader noted, asked of the caller |
//! | `@name` | the search that was saved under this name |

mod explain;
mod filter;
mod parse;
mod toggle;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use filter::{Filter, Has, Is};
pub use toggle::{has_word, toggle_word};

use crate::core::index::words::{Compound, compounds};

/// The fields of a paper that can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The title.
    Title,
    /// The full names of all authors.
    Authors,
    /// Journal, conference or book.
    Venue,
    /// The keywords of the library file.
    Keywords,
    /// The id of the item, which is its citation key.
    Id,
    /// The DOI without resolver.
    Doi,
    /// The abstract.
    Abstract,
}

impl Field {
    /// Every field.
    pub const ALL: [Field; 7] = [
        Field::Title,
        Field::Authors,
        Field::Venue,
        Field::Keywords,
        Field::Id,
        Field::Doi,
        Field::Abstract,
    ];

    /// The name it has in a query.
    pub fn name(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Authors => "author",
            Field::Venue => "venue",
            Field::Keywords => "tag",
            Field::Id => "key",
            Field::Doi => "doi",
            Field::Abstract => "abstract",
        }
    }
}

/// How a word of a query is compared with a word of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Match {
    /// It is the beginning of a word.
    Beginning,
    /// It is the whole word.
    Whole,
    /// It is the beginning of the first word of the title.
    TitleStart,
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded.
    pub text: String,
    /// How it is compared.
    pub matching: Match,
    /// Only in this field.
    pub field: Option<Field>,
    /// The words that it falls into and what they make when written as one ("multi-head").
    pub(crate) compound: Compound,
}

impl Word {
    fn new(text: &str, matching: Match, field: Option<Field>) -> Option<Word> {
        let text = crate::core::text::fold(text).into_owned();
        let compound = compounds(&text)?;
        Some(Word {
            text,
            matching,
            field,
            compound,
        })
    }
}

/// Words in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Folded words, at least two.
    pub words: Vec<String>,
    /// The closing quote was typed, so that the last word is whole.
    pub closed: bool,
    /// Only in this field.
    pub field: Option<Field>,
}

/// Years, both ends included; an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    /// First year.
    pub from: Option<i32>,
    /// Last year.
    pub to: Option<i32>,
}

impl Years {
    /// Whether a year lies within; a paper without a year does not.
    pub fn contains(self, year: Option<i32>) -> bool {
        year.is_some_and(|year| {
            self.from.is_none_or(|from| year >= from) && self.to.is_none_or(|to| year <= to)
        })
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A word.
    Word(Word),
    /// A phrase.
    Phrase(Phrase),
    /// A range of years.
    Years(Years),
    /// Something only the caller knows.
    Filter(Filter),
    /// Like the paper of this id, or like this text. Only the caller knows which it is.
    Like(String),
}

impl Condition {
    /// It is about papers that are alike.
    pub(crate) fn is_likeness(&self) -> bool {
        matches!(
            self,
            Condition::Like(_) | Condition::Filter(Filter::Is(Is::Suggested))
        )
    }
}

/// A condition and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Byte range in the source.
    pub range: Range<usize>,
    /// The condition must not hold.
    pub negated: bool,
    /// The condition.
    pub condition: Condition,
}

impl Part {
    /// It is about what the reader noted: a filter, or a tag.
    pub fn asks_notes(&self) -> bool {
        match &self.condition {
            Condition::Filter(_) => true,
            Condition::Word(word) => word.field == Some(Field::Keywords),
            Condition::Phrase(phrase) => phrase.field == Some(Field::Keywords),
            Condition::Years(_) | Condition::Like(_) => false,
        }
    }
}

/// Something that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Byte range in the source.
    pub range: Range<usize>,
    /// What is wrong and what to do, in one sentence without a full stop.
    pub message: String,
}

/// A query: all parts must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    source: String,
    parts: Vec<Part>,
    problems: Vec<Problem>,
}

/// Parts beyond this many are left out with a [`Problem`]: a pasted abstract is not a query.
pub const MOST_PARTS: usize = 32;

fn limit(source: &str, parts: &mut Vec<Part>, problems: &mut Vec<Problem>) {
    if let Some(first) = parts.get(MOST_PARTS) {
        problems.push(Problem {
            range: first.range.start..source.len(),
            message: format!("only the first {MOST_PARTS} words are searched"),
        });
        parts.truncate(MOST_PARTS);
    }
}

impl Query {
    /// Understands what was typed.
    pub fn parse(source: &str) -> Query {
        Query::parse_with(source, &[])
    }

    /// Understands what was typed, where `@name` stands for a search that was saved under this name; `saved` are
    /// names and queries. A saved search may name others.
    pub fn parse_with(source: &str, saved: &[(&str, &str)]) -> Query {
        let (mut parts, mut problems) = parse::parse_with(source, saved);
        limit(source, &mut parts, &mut problems);
        Query {
            source: source.to_owned(),
            parts,
            problems,
        }
    }

    /// Papers of the reading queue are asked for.
    pub fn is_of_queue(&self) -> bool {
        self.wanted()
            .any(|condition| *condition == Condition::Filter(Filter::Is(Is::Queued)))
    }

    /// It asks for papers that are alike, by which hits are ranked.
    pub fn asks_likeness(&self) -> bool {
        self.wanted().any(Condition::is_likeness)
    }

    /// What else it asks for.
    pub(crate) fn without_likeness(&self) -> Query {
        let parts = self.parts.iter();
        let others = parts.filter(|part| part.negated || !part.condition.is_likeness());
        Query {
            source: self.source.clone(),
            parts: others.cloned().collect(),
            problems: Vec::new(),
        }
    }

    /// It has words, by which hits are ranked.
    pub fn has_words(&self) -> bool {
        (self.parts.iter()).any(|part| {
            let ranks = matches!(part.condition, Condition::Word(_) | Condition::Phrase(_));
            ranks && !part.negated && !part.asks_notes()
        })
    }

    /// The answer may be another when the reader has noted something.
    pub fn asks_notes(&self) -> bool {
        self.parts.iter().any(Part::asks_notes)
    }

    /// What was typed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The conditions, in the order typed.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What could not be understood.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// No condition at all: every paper is a hit.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Nothing but beginnings of words to be found anywhere, which needs no explanation.
    pub fn is_plain(&self) -> bool {
        self.problems.is_empty()
            && self.parts.iter().all(|part| match &part.condition {
                Condition::Word(word) => {
                    !part.negated && word.field.is_none() && word.matching == Match::Beginning
                }
                _ => false,
            })
    }

    /// One line that says what was understood.
    pub fn explanation(&self) -> String {
        explain::explain(&self.parts)
    }

    /// The conditions that hits must fulfil and that can be seen in their texts.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = &Condition> {
        self.parts
            .iter()
            .filter(|part| !part.negated)
            .map(|part| &part.condition)
    }
}
