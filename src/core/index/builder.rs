//! Building an index: every text is folded and cut into words once.

use super::Index;
use super::columns::Columns;
use super::links::LinkBuilder;
use super::lists::{List, Lists};
use super::merge::Part;
use super::names;
use super::postings::{
    BODY_COLUMNS, COUNT_BITS, HEAD_COLUMNS, Postings, Store, count_class, fields,
};
use super::vocabulary::{Interner, Spot};
use super::words::{Joiner, push_initials, tokens};
use crate::core::cache::{MemoryShelf, Shelf};
use crate::core::text::fold_into;

/// What one paper gives the index. Texts are display text, not folded; what a paper does not have is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// The title.
    pub title: &'a str,
    /// The full names of all authors, separated by "; ".
    pub authors: &'a str,
    /// Journal, conference or book.
    pub venue: &'a str,
    /// Year of publication.
    pub year: Option<i32>,
    /// Keywords, separated in any way.
    pub keywords: &'a str,
    /// The id of the item, which is its citation key.
    pub id: &'a str,
    /// The DOI, without resolver.
    pub doi: &'a str,
    /// The abstract.
    pub abstract_text: &'a str,
    /// The DOIs of the works it cites, in lower case.
    pub references: &'a [&'a str],
}

/// What is known of a word while building.
#[derive(Debug, Clone, Copy, Default)]
struct WordState {
    /// The last paper that it was seen in, plus one.
    paper: u32,
    /// The last paper in each list.
    last_head: u32,
    last_body: u32,
    /// In this paper: the fields, and how often in the abstract.
    fields: u8,
    count: u8,
    head: List,
    body: List,
}

fn start_bit(fields: u8, first: bool) -> u8 {
    if first && fields == fields::TITLE {
        fields | fields::TITLE_START
    } else {
        fields
    }
}

/// A word of the paper at hand: where it stands, and the fields it belongs to; none for the abstract.
#[derive(Debug, Clone, Copy)]
struct Seen {
    start: u32,
    length: u8,
    /// It stands among the compounds.
    joined: bool,
    fields: u8,
}

/// Keeps a compound written as one.
fn compound(joined: &mut String, whole: &str, fields: u8) -> Seen {
    let start = joined.len() as u32;
    joined.push_str(whole);
    Seen {
        start,
        length: whole.len() as u8,
        joined: true,
        fields,
    }
}

/// Makes an [`Index`] of papers that are added in their order.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    words: Interner<WordState>,
    lists: Lists,
    columns: Columns,
    links: LinkBuilder,
    /// Of the paper at hand: its folded texts, its compounds written as one, its words, their numbers, and each
    /// number once.
    folded: String,
    joined: String,
    seen: Vec<Seen>,
    numbers: Vec<u32>,
    touched: Vec<u32>,
    joiner: Joiner,
}

const BODY: u8 = 0;

impl IndexBuilder {
    /// An empty builder.
    pub fn new() -> IndexBuilder {
        IndexBuilder::default()
    }

    /// How many papers were added.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// No paper was added yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the next paper.
    pub fn add(&mut self, document: &Document<'_>) {
        let paper = self.columns.len() as u32;
        self.folded.clear();
        self.joined.clear();
        self.seen.clear();
        let title_words = self.text(document.title, fields::TITLE);
        if let Some(first) = self.seen.iter_mut().find(|seen| !seen.joined) {
            first.fields |= fields::TITLE_START;
        }
        push_initials(&self.folded, self.columns.initials.owned());
        let authors = self.authors(document.authors);
        self.text(document.venue, fields::VENUE);
        self.text(document.keywords, fields::KEYWORD);
        self.text(document.id, fields::ID);
        let doi = self.folded.len();
        self.text(document.doi, fields::DOI);
        let doi = self.folded.get(doi..).unwrap_or_default();
        self.links.add(paper, doi, document.references);
        let abstract_words = self.text(document.abstract_text, BODY);
        self.note();
        self.flush(paper);
        self.columns
            .push(document.year, title_words, authors, abstract_words);
    }

    /// Cuts a text into words; gives their number.
    fn text(&mut self, text: &str, fields: u8) -> usize {
        let base = self.folded.len();
        fold_into(text, &mut self.folded);
        let folded = self.folded.get(base..).unwrap_or_default();
        let (seen, joined) = (&mut self.seen, &mut self.joined);
        let mut words = 0;
        for token in tokens(folded) {
            self.joiner.push(&token, words == 0, |whole, first| {
                seen.push(compound(joined, whole, start_bit(fields, first)));
            });
            seen.push(Seen {
                start: (base + token.start) as u32,
                length: token.text.len() as u8,
                joined: false,
                fields,
            });
            words += 1;
        }
        self.joiner.finish(|whole, first| {
            seen.push(compound(joined, whole, start_bit(fields, first)));
        });
        words
    }

    /// Cuts names into words, the last of each name being the surname; gives the number of names.
    fn authors(&mut self, authors: &str) -> usize {
        let base = self.folded.len();
        fold_into(authors, &mut self.folded);
        let folded = self.folded.get(base..).unwrap_or_default();
        let (seen, joined) = (&mut self.seen, &mut self.joined);
        let paper = self.columns.len() as u32;
        let (mut count, mut start) = (0, base);
        for name in folded.split(names::SEPARATOR) {
            let surname = names::surname_start(name);
            let fields = |at: usize| {
                if at >= surname {
                    fields::SURNAME
                } else {
                    fields::GIVEN
                }
            };
            let mut compound_start = 0;
            for token in tokens(name) {
                self.joiner.push(&token, false, |whole, _| {
                    seen.push(compound(joined, whole, fields(compound_start)));
                });
                if !token.joined {
                    compound_start = token.start;
                }
                seen.push(Seen {
                    start: (start + token.start) as u32,
                    length: token.text.len() as u8,
                    joined: false,
                    fields: fields(token.start),
                });
            }
            self.joiner.finish(|whole, _| {
                seen.push(compound(joined, whole, fields(compound_start)));
            });
            if let Some(author) = names::author(name) {
                self.links.add_author(paper, author);
                count += 1;
            }
            start += name.len() + names::SEPARATOR.len();
        }
        count
    }

    /// Notes in which fields and how often each word of the paper stands.
    fn note(&mut self) {
        let (folded, joined) = (&self.folded, &self.joined);
        let spots = self.seen.iter().map(|seen| Spot {
            text: if seen.joined { joined } else { folded },
            start: seen.start as usize,
            length: usize::from(seen.length),
        });
        self.words.intern_all(spots, &mut self.numbers);
        let paper = self.columns.len() as u32 + 1;
        for (&number, seen) in self.numbers.iter().zip(&self.seen) {
            let Some(state) = self.words.value_mut(number) else {
                continue;
            };
            if state.paper != paper {
                state.paper = paper;
                state.fields = 0;
                state.count = 0;
                self.touched.push(number);
            }
            if seen.fields == BODY {
                state.count = state.count.saturating_add(1);
            } else {
                state.fields |= seen.fields;
            }
        }
    }

    /// Appends what the paper has to the lists.
    fn flush(&mut self, paper: u32) {
        for &number in &self.touched {
            let Some(state) = self.words.value_mut(number) else {
                continue;
            };
            if state.fields != 0 {
                let step = paper - state.last_head;
                self.lists.push_number(&mut state.head, step);
                self.lists.push(&mut state.head, state.fields);
                state.last_head = paper;
            }
            if state.count != 0 {
                let value = (paper - state.last_body) << COUNT_BITS | count_class(state.count);
                self.lists.push_number(&mut state.body, value);
                state.last_body = paper;
            }
        }
        self.touched.clear();
    }

    /// Sorts the words and brings the lists into one piece, in memory.
    pub fn finish(self) -> Index {
        self.finish_on(&mut MemoryShelf::default())
    }

    /// Sorts the words and puts all columns of the index on a shelf, each in one piece.
    pub fn finish_on(self, shelf: &mut dyn Shelf) -> Index {
        self.finish_part(shelf).into_index(shelf)
    }

    /// [`IndexBuilder::finish_on`] for papers that are not all of their library.
    pub fn finish_part(self, shelf: &mut dyn Shelf) -> Part {
        let IndexBuilder {
            words,
            lists,
            columns,
            links,
            ..
        } = self;
        let (vocabulary, order) = words.sort();
        let vocabulary = vocabulary.keep(shelf);
        let mut copy = |names: (&'static str, &'static str), list: fn(&WordState) -> List| {
            let mut at = 0_u32;
            let mut places = Vec::with_capacity(order.len() + 1);
            places.push(0);
            for &number in &order {
                if let Some(state) = words.value(number) {
                    lists.each_part(list(state), |part| {
                        shelf.append(part);
                        at += part.len() as u32;
                    });
                }
                places.push(at);
            }
            Postings {
                bytes: shelf.end(names.0),
                starts: shelf.numbers(names.1, &places),
            }
        };
        let head = copy(HEAD_COLUMNS, |state| state.head);
        let body = copy(BODY_COLUMNS, |state| state.body);
        let store = Store {
            words: vocabulary,
            head,
            body,
        };
        // The most of the memory is given back before the rest is made.
        drop((lists, words, order));
        Part {
            store,
            columns: columns.keep(shelf),
            links: links.finish(shelf),
        }
    }
}
