//! The order of a list: by which facts papers are compared, and how a list of them is put in order.
//!
//! What is compared comes from the columns of the library and from the state of the journals; no item is read. A paper
//! that lacks the fact comes last in either direction, and papers that are alike stay in the order in which they came.

use std::cmp::Reverse;
use std::fmt;

use foldhash::{HashMap, HashMapExt as _};

use super::journal::State;
use super::library::{FoldedField, Library};
use super::paper::PaperNo;
use super::text::fold;

/// What papers are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortKey {
    /// How well they fit the words of the query; without words, the order of the file.
    #[default]
    Relevance,
    /// When they came into the library.
    Added,
    /// Year of publication.
    Year,
    /// Title, without a leading article.
    Title,
    /// Family name of the first author.
    Author,
    /// How far they are read.
    Status,
    /// The reader's rating.
    Rating,
    /// The reader's priority.
    Priority,
    /// Place in the reading queue.
    Queue,
}

impl SortKey {
    /// Every key, in the order of the menu.
    pub const ALL: [SortKey; 9] = [
        SortKey::Relevance,
        SortKey::Added,
        SortKey::Year,
        SortKey::Title,
        SortKey::Author,
        SortKey::Status,
        SortKey::Rating,
        SortKey::Priority,
        SortKey::Queue,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            SortKey::Relevance => "relevance",
            SortKey::Added => "added",
            SortKey::Year => "year",
            SortKey::Title => "title",
            SortKey::Author => "author",
            SortKey::Status => "status",
            SortKey::Rating => "rating",
            SortKey::Priority => "priority",
            SortKey::Queue => "queue",
        }
    }

    /// The key of that name.
    pub fn of_name(name: &str) -> Option<SortKey> {
        SortKey::ALL.into_iter().find(|key| key.name() == name)
    }

    /// Whether the usual direction is from the greatest to the least: newest, best, most urgent first.
    fn begins_high(self) -> bool {
        matches!(
            self,
            SortKey::Relevance
                | SortKey::Added
                | SortKey::Year
                | SortKey::Rating
                | SortKey::Priority
        )
    }
}

/// A key and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Order {
    /// What is compared.
    pub key: SortKey,
    /// The other way round than is usual for the key.
    pub reversed: bool,
}

impl Order {
    /// Nothing is to be done: the order in which the search or the file gives the papers.
    pub fn is_given(self) -> bool {
        self == Order::default()
    }

    /// The order when its key is chosen: the same key again turns it round.
    #[must_use]
    pub fn choose(self, key: SortKey) -> Order {
        Order {
            key,
            reversed: self.key == key && !self.reversed,
        }
    }

    /// The greatest comes first.
    pub fn is_descending(self) -> bool {
        self.key.begins_high() != self.reversed
    }
}

/// "year ↓"; the usual order of relevance needs no arrow.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key.name())?;
        match (self.key, self.reversed) {
            (SortKey::Relevance, false) => Ok(()),
            (SortKey::Relevance, true) => f.write_str(" reversed"),
            _ if self.is_descending() => f.write_str(" ↓"),
            _ => f.write_str(" ↑"),
        }
    }
}

/// Puts papers in an order. Those that are alike keep theirs.
pub fn sort(papers: &mut [PaperNo], order: Order, library: &Library, state: &State) {
    if order.is_given() {
        return;
    }
    let down = order.is_descending();
    let summary = |no: PaperNo| state.summary(library.id(no));
    match order.key {
        SortKey::Relevance => papers.reverse(),
        SortKey::Added => by_number(papers, down, |no| summary(no).added),
        SortKey::Year => by_number(papers, down, |no| {
            // Years before Christ keep their order.
            library
                .year(no)
                .map(|year| (i64::from(year) + (1 << 40)) as u64)
        }),
        SortKey::Status => by_number(papers, down, |no| Some(summary(no).status as u64)),
        SortKey::Rating => by_number(papers, down, |no| some(summary(no).rating)),
        SortKey::Priority => by_number(papers, down, |no| urgency(summary(no).priority)),
        SortKey::Queue => {
            let queue = state.queue();
            let mut places: HashMap<&str, u64> = HashMap::with_capacity(queue.len());
            for (place, entry) in (0..).zip(&queue) {
                places.insert(&entry.paper, place);
            }
            by_number(papers, down, |no| places.get(library.id(no)).copied());
        }
        SortKey::Title => by_text(papers, down, |no| Text::Held(title_key(library, no))),
        SortKey::Author => by_text(papers, down, |no| {
            let first = library.authors(no).next();
            first.map_or(Text::Held(""), |author| match fold(author.short) {
                std::borrow::Cow::Borrowed(text) => Text::Held(text),
                std::borrow::Cow::Owned(text) => Text::Made(text.into()),
            })
        }),
    }
}

/// Rating: 0 is none.
fn some(value: u8) -> Option<u64> {
    (value > 0).then_some(u64::from(value))
}

/// Priority: 1 is the most urgent, 0 is none.
fn urgency(priority: u8) -> Option<u64> {
    some(priority).map(|priority| 4_u64.saturating_sub(priority))
}

/// The folded title from its first letter or digit on, without an article of English.
fn title_key(library: &Library, no: PaperNo) -> &str {
    let title = library.folded(no, FoldedField::Title);
    let title = title.trim_start_matches(|c: char| !c.is_alphanumeric());
    ["the ", "an ", "a "]
        .into_iter()
        .find_map(|article| title.strip_prefix(article))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(title)
}

fn by_number(papers: &mut [PaperNo], down: bool, key: impl Fn(PaperNo) -> Option<u64>) {
    // The greatest first is the least of the complements first, so that equals are never turned round.
    let turned = |value: u64| if down { !value } else { value };
    papers.sort_by_cached_key(|no| key(*no).map(turned).map_or((1, 0), |value| (0, value)));
}

/// A text to be compared.
enum Text<'a> {
    Held(&'a str),
    Made(Box<str>),
}

impl Text<'_> {
    fn as_str(&self) -> &str {
        match self {
            Text::Held(text) => text,
            Text::Made(text) => text,
        }
    }
}

/// Sorts by texts. The first bytes of each are compared as one number, which nearly always settles it without a look
/// at the texts themselves; those lie scattered in memory.
fn by_text<'a>(papers: &mut [PaperNo], down: bool, key: impl Fn(PaperNo) -> Text<'a>) {
    let mut keyed: Vec<(u128, Text<'a>, PaperNo)> = papers
        .iter()
        .map(|no| {
            let text = key(*no);
            let mut bytes = [0; 16];
            for (slot, byte) in bytes.iter_mut().zip(text.as_str().bytes()) {
                *slot = byte;
            }
            (u128::from_be_bytes(bytes), text, *no)
        })
        .collect();
    let missing = |one: &(u128, Text<'_>, PaperNo)| one.1.as_str().is_empty();
    if down {
        keyed.sort_by(|a, b| {
            let at = (missing(a), Reverse(a.0)).cmp(&(missing(b), Reverse(b.0)));
            at.then_with(|| b.1.as_str().cmp(a.1.as_str()))
        });
    } else {
        keyed.sort_by(|a, b| {
            let at = (missing(a), a.0).cmp(&(missing(b), b.0));
            at.then_with(|| a.1.as_str().cmp(b.1.as_str()))
        });
    }
    for (slot, (_, _, no)) in papers.iter_mut().zip(keyed) {
        *slot = no;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::journal::{Change, Edit, Ledger};
    use crate::core::library::Builder;
    use proptest::prelude::*;

    const LIBRARY: &str = r#"[
        {"id": "a", "title": "The Zebra", "author": [{"family": "Öztürk", "given": "A"}], "issued": {"date-parts": [[1999]]}},
        {"id": "b", "title": "“Émile”", "author": [{"family": "Adams", "given": "B"}], "issued": {"date-parts": [[2020]]}},
        {"id": "c", "title": "apple pie"},
        {"id": "d", "title": "A Dove", "author": [{"family": "oz", "given": "B"}], "issued": {"date-parts": [[1999]]}}]"#;

    fn library() -> Library {
        let mut builder = Builder::new();
        builder.feed(LIBRARY.as_bytes()).unwrap();
        builder.finish().unwrap();
        builder.library().clone()
    }

    fn ids(order: Order, state: &State) -> String {
        let library = library();
        let mut papers: Vec<PaperNo> = library.numbers().collect();
        sort(&mut papers, order, &library, state);
        papers.iter().map(|no| library.id(*no)).collect()
    }

    fn by(key: SortKey, reversed: bool) -> Order {
        Order { key, reversed }
    }

    #[test]
    fn titles_are_compared_without_accents_case_quotes_and_articles() {
        let none = State::new();
        assert_eq!(ids(by(SortKey::Title, false), &none), "cdba");
        assert_eq!(ids(by(SortKey::Title, true), &none), "abdc");
    }

    #[test]
    fn authors_are_compared_by_folded_family_name_and_none_comes_last_either_way() {
        let none = State::new();
        assert_eq!(ids(by(SortKey::Author, false), &none), "bdac");
        assert_eq!(ids(by(SortKey::Author, true), &none), "adbc");
    }

    #[test]
    fn papers_that_are_alike_stay_in_the_order_of_the_file_either_way() {
        let none = State::new();
        assert_eq!(ids(by(SortKey::Year, false), &none), "badc");
        assert_eq!(ids(by(SortKey::Year, true), &none), "adbc");
    }

    #[test]
    fn what_the_reader_noted_orders_too() {
        let mut ledger = Ledger::new("t-1");
        let edit = |paper: &str, change| Edit::new(paper, Vec::new(), change);
        let queue = ledger.state().queue_at("d", 0);
        let mut edits = vec![
            edit("c", Change::Rating(5)),
            edit("b", Change::Rating(2)),
            edit("c", Change::Priority(1)),
            edit("d", Change::Priority(3)),
            edit("d", Change::Added(Some(7))),
            edit("a", Change::Added(Some(9))),
        ];
        edits.extend(
            queue
                .into_iter()
                .map(|(paper, change)| edit(&paper, change)),
        );
        ledger.edit(1, edits);
        let state = ledger.state();
        assert_eq!(ids(by(SortKey::Rating, false), state), "cbad");
        assert_eq!(ids(by(SortKey::Rating, true), state), "bcad");
        assert_eq!(ids(by(SortKey::Priority, false), state), "cdab");
        assert_eq!(ids(by(SortKey::Priority, true), state), "dcab");
        assert_eq!(ids(by(SortKey::Queue, false), state), "dabc");
        assert_eq!(ids(by(SortKey::Added, false), state), "adbc");
        assert_eq!(ids(by(SortKey::Added, true), state), "dabc");
    }

    #[test]
    fn choosing_a_key_again_turns_the_order_round() {
        let once = Order::default().choose(SortKey::Year);
        assert_eq!(once.to_string(), "year ↓");
        assert_eq!(once.choose(SortKey::Year).to_string(), "year ↑");
        assert_eq!(once.choose(SortKey::Title).to_string(), "title ↑");
    }

    proptest! {
        #[test]
        fn the_first_bytes_as_a_number_order_as_the_texts_do(texts in proptest::collection::vec("[\0a-cé]{0,20}", 0..20), down: bool) {
            let mut papers: Vec<PaperNo> = (0..texts.len() as u32).map(PaperNo).collect();
            by_text(&mut papers, down, |no| Text::Held(&texts[no.index()]));
            let mut expected: Vec<PaperNo> = (0..texts.len() as u32).map(PaperNo).collect();
            expected.sort_by(|a, b| {
                let (a, b) = (&texts[a.index()], &texts[b.index()]);
                let order = if down { b.cmp(a) } else { a.cmp(b) };
                a.is_empty().cmp(&b.is_empty()).then(order)
            });
            prop_assert_eq!(papers, expected);
        }
    }
}
