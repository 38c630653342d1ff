//! Building an index: every text is folded and cut into words once.

use super::Index;
use super::columns::Columns;
use super::links::{LinkBuilder, Links};
use super::lists::{List, Lists};
use super::names;
use super::postings::{COUNT_BITS, Postings, Store, count_class, fields};
use super::stems::Stems;
use super::vocabulary::Interner;
use super::words::{Joiner, push_initials, tokens};
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

/// Makes an [`Index`] of papers that are added in their order.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    words: Interner,
    states: Vec<WordState>,
    lists: Lists,
    /// The words of the paper at hand.
    touched: Vec<u32>,
    columns: Columns,
    links: LinkBuilder,
    folded: String,
    joiner: Joiner,
}

/// Where the words of a text belong.
#[derive(Debug, Clone, Copy)]
enum Place {
    Head { all: u8, first: u8 },
    Body,
}

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
        let title_words = self.text(
            document.title,
            Place::Head {
                all: fields::TITLE,
                first: fields::TITLE_START,
            },
        );
        push_initials(&self.folded, &mut self.columns.initials);
        let authors = self.authors(document.authors);
        for (text, bit) in [
            (document.venue, fields::VENUE),
            (document.keywords, fields::KEYWORD),
            (document.id, fields::ID),
            (document.doi, fields::DOI),
        ] {
            self.text(text, Place::Head { all: bit, first: 0 });
        }
        // Done with the folded DOI at hand.
        self.links.add(paper, &self.folded, document.references);
        let abstract_words = self.text(document.abstract_text, Place::Body);
        self.flush(paper);
        self.columns
            .push(document.year, title_words, authors, abstract_words);
    }

    /// Cuts a text into words; gives their number.
    fn text(&mut self, text: &str, place: Place) -> usize {
        let mut folded = std::mem::take(&mut self.folded);
        folded.clear();
        fold_into(text, &mut folded);
        let mut joiner = std::mem::take(&mut self.joiner);
        let mut words = 0;
        for token in tokens(&folded) {
            let first = words == 0;
            joiner.push(&token, first, |joined, first| {
                self.word(joined, place, first)
            });
            self.word(token.text, place, first);
            words += 1;
        }
        joiner.finish(|joined, first| self.word(joined, place, first));
        self.joiner = joiner;
        self.folded = folded;
        words
    }

    /// Cuts names into words, the last of each name being the surname; gives the number of names.
    fn authors(&mut self, authors: &str) -> usize {
        let mut folded = std::mem::take(&mut self.folded);
        folded.clear();
        fold_into(authors, &mut folded);
        let mut joiner = std::mem::take(&mut self.joiner);
        let paper = self.columns.len() as u32;
        let mut count = 0;
        for name in folded.split(names::SEPARATOR) {
            let surname = names::surname_start(name);
            let place = |start: usize| Place::Head {
                all: if start >= surname {
                    fields::SURNAME
                } else {
                    fields::GIVEN
                },
                first: 0,
            };
            let mut compound_start = 0;
            for token in tokens(name) {
                joiner.push(&token, false, |joined, _| {
                    self.word(joined, place(compound_start), false)
                });
                if !token.joined {
                    compound_start = token.start;
                }
                self.word(token.text, place(token.start), false);
            }
            joiner.finish(|joined, _| self.word(joined, place(compound_start), false));
            if let Some(author) = names::author(name) {
                self.links.add_author(paper, author);
                count += 1;
            }
        }
        self.joiner = joiner;
        self.folded = folded;
        count
    }

    #[inline]
    fn word(&mut self, word: &str, place: Place, first: bool) {
        let number = self.words.intern(word);
        if number as usize >= self.states.len() {
            self.states.push(WordState::default());
        }
        let paper = self.columns.len() as u32 + 1;
        let Some(state) = self.states.get_mut(number as usize) else {
            return;
        };
        if state.paper != paper {
            state.paper = paper;
            state.fields = 0;
            state.count = 0;
            self.touched.push(number);
        }
        match place {
            Place::Head { all, first: bit } => {
                state.fields |= if first { all | bit } else { all };
            }
            Place::Body => state.count = state.count.saturating_add(1),
        }
    }

    /// Appends what the paper has to the lists.
    fn flush(&mut self, paper: u32) {
        for &number in &self.touched {
            let Some(state) = self.states.get_mut(number as usize) else {
                continue;
            };
            if state.fields != 0 {
                self.lists
                    .push_number(&mut state.head, paper - state.last_head);
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

    /// Sorts the words and brings the lists into one piece.
    pub fn finish(self) -> Index {
        let (words, order) = self.words.sort();
        let mut store = Store {
            words,
            head: Postings::default(),
            body: Postings::default(),
        };
        let copy = |list: fn(&WordState) -> List| {
            let mut postings = Postings {
                bytes: Vec::new(),
                starts: Vec::with_capacity(order.len() + 1),
            };
            postings.starts.push(0);
            for &number in &order {
                if let Some(state) = self.states.get(number as usize) {
                    self.lists.copy_to(list(state), &mut postings.bytes);
                }
                postings.starts.push(postings.bytes.len() as u32);
            }
            postings.bytes.shrink_to_fit();
            postings
        };
        store.head = copy(|state| state.head);
        store.body = copy(|state| state.body);
        drop((self.lists, self.states, order));
        let mut columns = self.columns;
        columns.finish();
        let stems = Stems::new(&store, columns.len());
        let links: Links = self.links.finish();
        Index {
            store,
            columns,
            stems,
            links,
        }
    }
}
