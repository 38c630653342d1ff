//! Answering a query by reading the texts, for the moments before there is an index.

use std::borrow::Cow;

use memchr::memmem::Finder;

use super::marks::{Candidates, raise};
use super::names::{SEPARATOR, spellings, surname_start};
use super::phrase::phrase_level;
use super::postings::fields;
use super::ranking::{Levels, level};
use super::scope::{Scope, scope, year_fits};
use super::words::{Compound, Piece, tokens};
use super::{Hits, PaperNo, SearchTexts, refine};
use crate::core::query::{Condition, Field, Filter, Match, Query, Word};

/// The papers 0 to `len` for which all conditions of `query` hold, as [`Index::search`](super::Index::search) finds
/// them, but for typos, initials and, unless `abstracts`, words that stand in abstracts alone.
pub fn scan(
    query: &Query,
    len: usize,
    texts: &dyn SearchTexts,
    abstracts: bool,
    cancel: &dyn Fn() -> bool,
) -> Hits {
    let mut candidates = Candidates::all(len);
    for negated in [false, true] {
        for part in query.parts() {
            if part.negated != negated {
                continue;
            }
            let mut levels = vec![0; len];
            let looks: Box<dyn Fn(PaperNo) -> u8> = match &part.condition {
                Condition::Word(word) => {
                    let wanted = Wanted::new(word, abstracts, negated);
                    Box::new(move |no| wanted.level(no, texts))
                }
                Condition::Phrase(phrase) => Box::new(move |no| {
                    let text = |field| {
                        if field == Field::Abstract && !abstracts {
                            Cow::Borrowed("")
                        } else {
                            texts.folded(no, field)
                        }
                    };
                    let level = phrase_level(phrase, !0, text).unwrap_or(0);
                    let is_own_tag = phrase.field == Some(Field::Keywords)
                        && texts.holds(no, &Filter::Tag(phrase.words.join(" ")));
                    level.max(if is_own_tag { level::KEYWORD_WHOLE } else { 0 })
                }),
                Condition::Years(years) => {
                    candidates.retain(|paper| {
                        years.contains(texts.year(PaperNo(paper as u32))) != negated
                    });
                    continue;
                }
                Condition::Filter(filter) => {
                    candidates
                        .retain(|paper| texts.holds(PaperNo(paper as u32), filter) != negated);
                    continue;
                }
            };
            for (done, paper) in candidates.papers().enumerate() {
                if done % 4096 == 0 && cancel() {
                    return Hits::cancelled();
                }
                raise(&mut levels, paper, looks(PaperNo(paper as u32)));
            }
            if negated {
                candidates.exclude(&levels);
            } else {
                candidates.require(&levels);
            }
        }
    }
    let mut hits = candidates.into_hits(&[]);
    if query
        .wanted()
        .any(|condition| matches!(condition, Condition::Word(_)))
    {
        hits.refined = refine::refine(&mut hits.first, &hits.keys, query, texts).into();
    }
    hits
}

/// A text to look for and what it is worth where.
struct Wanting {
    text: String,
    finder: Finder<'static>,
    whole: bool,
    scope: Scope,
    levels: Levels,
    /// Which bytes the text has.
    bytes: [bool; 256],
}

impl Wanting {
    fn new(text: &str, whole: bool, scope: Scope, cost: u8) -> Wanting {
        let mut bytes = [false; 256];
        for byte in text.bytes() {
            if let Some(has) = bytes.get_mut(usize::from(byte)) {
                *has = true;
            }
        }
        Wanting {
            bytes,
            text: text.to_owned(),
            finder: Finder::new(text.as_bytes()).into_owned(),
            whole,
            scope,
            levels: Levels::new(scope.head, scope.body).lowered(cost),
        }
    }

    /// The level of a word of a paper in some fields.
    fn of_word(&self, word: &str, in_fields: u8) -> u8 {
        let at = usize::from(in_fields);
        if word == self.text {
            self.levels.whole.get(at).copied().unwrap_or(0)
        } else if !self.whole && word.starts_with(&self.text) {
            self.levels.beginning.get(at).copied().unwrap_or(0)
        } else {
            0
        }
    }
}

/// A typed word, prepared.
struct Wanted<'a> {
    word: &'a Word,
    parts: Vec<Wanting>,
    /// Other ways to write it, each enough.
    others: Vec<Wanting>,
    abstracts: bool,
}

impl<'a> Wanted<'a> {
    fn new(word: &'a Word, abstracts: bool, exact: bool) -> Wanted<'a> {
        let only_whole = word.matching == Match::Whole;
        let Compound { parts, whole } = &word.compound;
        let wanting = |(at, piece): (usize, &Piece)| {
            let whole = only_whole || piece.complete;
            Wanting::new(&piece.text, whole, scope(word, piece, whole, at == 0), 0)
        };
        let mut others = Vec::new();
        if let Some(joined) = whole {
            let joined = Piece::joined(joined);
            let scope = scope(word, &joined, only_whole, true);
            others.push(Wanting::new(&joined.text, only_whole, scope, 0));
        }
        if let ([piece], false) = (parts.as_slice(), exact) {
            let scope = scope(word, piece, only_whole, true);
            let names = Scope {
                head: scope.head & (fields::SURNAME | fields::GIVEN),
                body: false,
                ..scope
            };
            if names.head != 0 {
                others.extend(
                    spellings(&piece.text)
                        .iter()
                        .map(|text| Wanting::new(text, only_whole, names, level::OTHER_SPELLING)),
                );
            }
        }
        Wanted {
            word,
            parts: parts.iter().enumerate().map(wanting).collect(),
            others,
            abstracts,
        }
    }

    fn level(&self, no: PaperNo, texts: &dyn SearchTexts) -> u8 {
        let head = texts.head(no);
        let ruled_out = |wanting: &Wanting| {
            let body = wanting.scope.body && self.abstracts;
            !body && head.as_ref().is_some_and(|head| !may_have(head, wanting))
        };
        let mut best = u8::MAX;
        for part in &self.parts {
            best = best.min(if ruled_out(part) {
                0
            } else {
                self.of(part, no, texts)
            });
            if best == 0 {
                break;
            }
        }
        if best == 0 {
            for other in &self.others {
                if !ruled_out(other) {
                    best = best.max(self.of(other, no, texts));
                }
            }
        }
        if let [only] = self.parts.as_slice()
            && only.scope.year
            && year_fits(texts.year(no), self.word)
        {
            best = best.max(level::YEAR);
        }
        if self.word.field == Some(Field::Keywords)
            && texts.holds(no, &Filter::Tag(self.word.text.clone()))
        {
            best = best.max(level::KEYWORD_WHOLE);
        }
        best
    }

    fn of(&self, wanting: &Wanting, no: PaperNo, texts: &dyn SearchTexts) -> u8 {
        const HEAD: [(Field, u8); 6] = [
            (Field::Title, fields::TITLE | fields::TITLE_START),
            (Field::Authors, fields::SURNAME | fields::GIVEN),
            (Field::Keywords, fields::KEYWORD),
            (Field::Venue, fields::VENUE),
            (Field::Id, fields::ID),
            (Field::Doi, fields::DOI),
        ];
        let mut best = 0;
        for (field, bits) in HEAD {
            if wanting.scope.head & bits == 0 {
                continue;
            }
            if best > 0 {
                // The order within the first second need not be the last word; that the paper is a hit is certain.
                return best;
            }
            let text = texts.folded(no, field);
            if may_have(&text, wanting) {
                best = best.max(in_field(&text, field, bits, wanting));
            }
        }
        if wanting.scope.body && self.abstracts && best == 0 {
            let text = texts.folded(no, Field::Abstract);
            if may_have(&text, wanting) {
                each_word(&text, |word, _, _| {
                    let level = if word == wanting.text {
                        wanting.levels.body_whole
                    } else if !wanting.whole && word.starts_with(&wanting.text) {
                        wanting.levels.body_beginning
                    } else {
                        0
                    };
                    best = best.max(level);
                });
            }
        }
        best
    }
}

/// Rules out most texts without cutting them into words.
fn may_have(text: &str, wanting: &Wanting) -> bool {
    wanting.finder.find(text.as_bytes()).is_some() || may_have_joined(text.as_bytes(), wanting)
}

/// Whether the wanted word may stand there written with a hyphen or an apostrophe: then the letters about it follow
/// each other in the word.
fn may_have_joined(text: &[u8], wanting: &Wanting) -> bool {
    let wanted = wanting.text.as_bytes();
    wanted.len() > 1
        && memchr::memchr2_iter(b'-', b'\'', text).any(|at| {
            let before = at.checked_sub(1).and_then(|at| text.get(at));
            let (Some(before), Some(after)) = (before, text.get(at + 1)) else {
                return false;
            };
            let has = |byte: u8| wanting.bytes.get(usize::from(byte)) == Some(&true);
            has(*before) && has(*after) && wanted.windows(2).any(|pair| pair == [*before, *after])
        })
}

fn in_field(text: &str, field: Field, bits: u8, wanting: &Wanting) -> u8 {
    let mut best = 0;
    match field {
        Field::Authors => {
            for name in text.split(SEPARATOR) {
                let surname = surname_start(name);
                each_word(name, |word, start, _| {
                    let bit = if start >= surname {
                        fields::SURNAME
                    } else {
                        fields::GIVEN
                    };
                    best = best.max(wanting.of_word(word, bit));
                });
            }
        }
        Field::Title => each_word(text, |word, _, first| {
            let bits = if first {
                fields::TITLE | fields::TITLE_START
            } else {
                fields::TITLE
            };
            best = best.max(wanting.of_word(word, bits));
        }),
        _ => each_word(text, |word, _, _| {
            best = best.max(wanting.of_word(word, bits));
        }),
    }
    best
}

/// Every word of a text, compounds also as one word; with where it starts and whether it is the first.
fn each_word(text: &str, mut found: impl FnMut(&str, usize, bool)) {
    let mut joiner = super::words::Joiner::default();
    let mut compound_start = 0;
    for (at, token) in tokens(text).enumerate() {
        joiner.push(&token, at == 0, |joined, first| {
            found(joined, compound_start, first);
        });
        if !token.joined {
            compound_start = token.start;
        }
        found(token.text, token.start, at == 0);
    }
    joiner.finish(|joined, first| found(joined, compound_start, first));
}
