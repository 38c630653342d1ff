//! The order of the list, the reading queue moved by hand, and what becomes of the list when notes change under it.
//!
//! The list is asked for once and then stands still while the reader works in it, as in a mail program: a paper that no
//! longer fits `is:unread` after `r` stays where it is, dimmed, so that a second `r` is about the same paper and a slip
//! can be seen and undone. It goes when the list is asked for again: by a search, a filter, an order, `Q` or `^L`. Only
//! the queue moves at once when a paper of it is moved.

use std::sync::Arc;

use super::{App, Effect, Level, Pane};
use crate::core::index::Hits;
use crate::core::journal::{Change, Edit, Operation};
use crate::core::order::{Order, SortKey};
use crate::core::page::thousands;
use crate::core::paper::PaperNo;
use crate::core::query::Query;

/// In which order papers are listed, and which of them still fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The order of the library and of what filters leave of it.
    base: Order,
    /// The order of what words or the queue give; it goes with them.
    of_search: Order,
    /// The papers that fit the query now, one bit each, where that may differ from those listed.
    fitting: Option<Vec<u64>>,
    /// The question which papers still fit.
    checking: Option<u64>,
    /// The row for the cursor when its paper is no longer listed.
    row: Option<usize>,
}

impl Listing {
    /// A list is asked for: which papers of the old one still fit is no longer a question.
    pub(super) fn ask(&mut self) {
        self.checking = None;
    }

    /// Whether it is being seen which papers still fit.
    pub fn is_checked(&self) -> bool {
        self.checking.is_some()
    }

    /// Takes the answer to the question which papers still fit, if it is that.
    pub(super) fn checked(&mut self, signature: u64, hits: &Hits, papers: usize) -> bool {
        if self.checking != Some(signature) {
            return false;
        }
        self.checking = None;
        let mut bits = vec![0_u64; papers.div_ceil(64)];
        for no in hits.papers() {
            if let Some(word) = bits.get_mut(no.index() / 64) {
                *word |= 1 << (no.index() % 64);
            }
        }
        self.fitting = Some(bits);
        true
    }
}

impl App {
    /// The query that is shown, understood.
    pub fn parsed_query(&self) -> Query {
        self.parse(&self.query)
    }

    pub(super) fn parse(&self, query: &str) -> Query {
        let state = self.notes.state();
        Query::parse_with(query, &state.searches().collect::<Vec<_>>())
    }

    /// Whether the query ranks its papers itself, so that the order of the library is not asked.
    fn ranks(query: &Query) -> bool {
        query.has_words() || query.is_of_queue() || query.asks_likeness()
    }

    /// The order in which papers are listed now.
    pub fn order(&self) -> Order {
        if App::ranks(&self.parsed_query()) {
            self.listing.of_search
        } else {
            self.listing.base
        }
    }

    /// The order of the library and of what filters leave of it.
    pub(super) fn base_order(&self) -> Order {
        self.listing.base
    }

    /// Sets the order of the library, before anything is listed.
    pub(super) fn set_base_order(&mut self, order: Order) {
        self.listing.base = order;
    }

    /// "relevance", "year ↓"; nothing where papers stand as they do in the file.
    pub fn order_words(&self) -> String {
        let (order, query) = (self.order(), self.parsed_query());
        if !order.is_given() {
            order.to_string()
        } else if query.is_of_queue() {
            order.choose(SortKey::Queue).to_string()
        } else if query.asks_likeness() {
            "likeness".to_owned()
        } else if query.has_words() {
            order.to_string()
        } else {
            String::new()
        }
    }

    /// Whether a listed paper has ceased to fit the query.
    pub fn is_gone(&self, paper: PaperNo) -> bool {
        self.listing.fitting.as_ref().is_some_and(|bits| {
            let word = bits.get(paper.index() / 64).copied().unwrap_or(0);
            word >> (paper.index() % 64) & 1 == 0
        })
    }

    /// Another list is to be asked for: an order that was chosen for the words before goes with them, or stays where
    /// they are only changed.
    pub(super) fn begin_listing(&mut self, query: &str, keep_order: bool) {
        self.listing.row = None;
        if !keep_order || !App::ranks(&self.parse(query)) {
            self.listing.of_search = Order::default();
        }
    }

    /// The list is there.
    pub(super) fn listed(&mut self) {
        self.listing.fitting = None;
    }

    pub(super) fn row_for_cursor(&mut self, wanted: Option<PaperNo>) -> usize {
        let instead = self.listing.row.take().unwrap_or(0);
        wanted
            .and_then(|paper| self.row_of(paper))
            .unwrap_or(instead)
    }

    /// Asks for the list anew, with the cursor on its paper, or where it was.
    pub(super) fn refresh(&mut self, effects: &mut Vec<Effect>) {
        self.wanted = self.wanted.or(self.selected());
        self.listing.row = Some(self.cursor.selected);
        if self.query.is_empty() && self.order().is_given() {
            return self.show_all();
        }
        self.ask(effects);
    }

    /// Notes have changed: the queue is put in its order; else it is seen which papers still fit.
    pub(super) fn notes_changed(&mut self, moved: bool, effects: &mut Vec<Effect>) {
        if self.query.is_empty() && self.order().is_given() {
            return;
        }
        if self.awaited_search.is_some() || (moved && self.shows_queue()) {
            return self.refresh(effects);
        }
        if !self.parsed_query().asks_notes() {
            return;
        }
        let signature = self.next_signature();
        self.listing.checking = Some(signature);
        effects.push(Effect::Search {
            signature,
            query: self.query.clone(),
            order: Order::default(),
        });
    }

    /// Whether operations put papers at places of the queue.
    pub(super) fn moves_in_queue(operations: &[Operation]) -> bool {
        (operations.iter()).any(|one| matches!(one.change, Change::Queue(Some(_))))
    }

    /// Whether the list is the reading queue in its order.
    pub fn shows_queue(&self) -> bool {
        self.focus == Pane::List
            && self.parsed_query().is_of_queue()
            && matches!(
                self.order(),
                Order {
                    key: SortKey::Relevance | SortKey::Queue,
                    reversed: false
                }
            )
    }

    /// Sorts by a key; chosen again, the other way round.
    pub(super) fn sort_by(&mut self, key: SortKey, effects: &mut Vec<Effect>) {
        let query = self.parsed_query();
        // The queue in its own order is what `is:queued` gives.
        let shown = match self.order() {
            order if order.is_given() && query.is_of_queue() => order.choose(SortKey::Queue),
            order => order,
        };
        let order = if key == SortKey::Relevance {
            Order::default()
        } else {
            shown.choose(key)
        };
        if App::ranks(&query) {
            self.listing.of_search = order;
        } else {
            self.listing.base = order;
        }
        self.refresh(effects);
        let words = self.order_words();
        let words = if words.is_empty() {
            "as in the file".to_owned()
        } else {
            words
        };
        self.tell(Level::Info, format!("Order: {words}"));
    }

    /// Moves the paper under the cursor in the reading queue, by rows of the list.
    pub(super) fn move_in_queue(&mut self, rows: isize, effects: &mut Vec<Effect>) {
        if let Some(reason) = self.notes_missing {
            return self.tell(Level::Info, reason);
        }
        let Some(paper) = self.selected() else { return };
        let id = self.library.id(paper).to_owned();
        let queue = self.notes.state().queue();
        if !queue.iter().any(|entry| entry.paper == id) {
            return self.tell(
                Level::Info,
                format!("{id} is no longer in the queue; w puts it back"),
            );
        }
        let last = self.rows().saturating_sub(1);
        let here = self.cursor.selected;
        let target = here.saturating_add_signed(rows).min(last);
        let others: Vec<&str> = (queue.iter().map(|entry| entry.paper.as_str()))
            .filter(|other| *other != id)
            .collect();
        // Rows that have left the queue are no places in it: the nearest one further back towards here counts.
        let between: Vec<usize> = if rows > 0 {
            (here + 1..=target).rev().collect()
        } else {
            (target..here).collect()
        };
        let place = between.into_iter().find_map(|row| {
            let neighbour = self.library.id(self.paper_at(row)?);
            others.iter().position(|other| *other == neighbour)
        });
        let Some(place) = place else {
            let end = if rows > 0 { "last" } else { "first" };
            return self.tell(Level::Info, format!("{id} is the {end} one"));
        };
        let place = place + usize::from(rows > 0);
        let edits = (self.notes.state().queue_at(&id, place).into_iter())
            .map(|(moved, change)| {
                let known = if moved == id {
                    self.known_identifiers(paper)
                } else {
                    Vec::new()
                };
                Edit::new(moved, known, change)
            })
            .collect();
        let now = self.wall;
        let operations = Arc::make_mut(&mut self.notes).edit(now, edits);
        self.write(operations, effects);
        let of = thousands(queue.len());
        self.tell(
            Level::Info,
            format!("{} of {of} in the queue · {id}", thousands(place + 1)),
        );
    }
}
