//! Where a typed word is looked for.

use super::postings::fields;
use super::ranking;
use super::typo::forgiven;
use super::words::Piece;
use crate::core::query::{Field, Match, Word};

/// Where a word of a query is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// Bits of [`fields`].
    pub(super) head: u8,
    /// Also in abstracts.
    pub(super) body: bool,
    /// Also in the year.
    pub(super) year: bool,
    /// Also in the initials of titles.
    pub(super) initials: bool,
}

/// Where a part of a word is looked for; `whole` tells that only whole words fit, `first` that it is the first part.
pub(super) fn scope(word: &Word, piece: &Piece, whole: bool, first: bool) -> Scope {
    let title = fields::TITLE | fields::TITLE_START;
    let authors = fields::SURNAME | fields::GIVEN;
    let only = |head| Scope {
        head,
        body: false,
        year: false,
        initials: false,
    };
    if word.matching == Match::TitleStart {
        return only(if first { fields::TITLE_START } else { title });
    }
    match word.field {
        Some(Field::Title) => Scope {
            initials: word.matching == Match::Beginning,
            ..only(title)
        },
        Some(Field::Authors) => only(authors),
        Some(Field::Venue) => only(fields::VENUE),
        Some(Field::Keywords) => only(fields::KEYWORD),
        Some(Field::Id) => only(fields::ID),
        Some(Field::Doi) => only(fields::DOI),
        Some(Field::Abstract) => Scope {
            body: true,
            ..only(0)
        },
        None => {
            let digits = word.text.bytes().all(|byte| byte.is_ascii_digit());
            // "20" begins too many ids, and means a year.
            let id = if digits && word.text.len() < 5 {
                0
            } else {
                fields::ID
            };
            let characters = piece.text.chars().count();
            Scope {
                head: title | authors | fields::VENUE | fields::KEYWORD | id,
                body: whole || piece.cjk || characters >= ranking::SHORTEST_IN_ABSTRACT,
                year: digits && word.text.len() <= 4,
                initials: word.matching == Match::Beginning,
            }
        }
    }
}

/// Whether a year fits a typed number.
pub(super) fn year_fits(year: Option<i32>, word: &Word) -> bool {
    year.is_some_and(|year| {
        let year = year.to_string();
        match word.matching {
            Match::Whole => year == word.text,
            _ => year.starts_with(&word.text),
        }
    })
}

/// Typos forgiven in a typed word: none where a digit stands, as 2017 is not 2016 mistyped.
pub(super) fn most_typos(text: &str) -> u32 {
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    forgiven(text.chars().count())
}
