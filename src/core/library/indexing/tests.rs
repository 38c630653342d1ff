//! An index that was updated, or put together of pieces, is the one that is made of all papers at once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::core::cache::Piece;
use crate::core::library::{Builder, MemorySource};

/// Remembers every column by its name.
#[derive(Default)]
struct Recorded {
    open: Vec<u8>,
    columns: BTreeMap<String, Vec<u8>>,
}

impl Shelf for Recorded {
    fn append(&mut self, bytes: &[u8]) {
        self.open.extend_from_slice(bytes);
    }

    fn end(&mut self, name: &str) -> Piece {
        let bytes = std::mem::take(&mut self.open);
        self.columns.insert(name.to_owned(), bytes.clone());
        Piece::of(bytes)
    }
}

fn read(items: &[String]) -> (Library, MemorySource) {
    let text = format!("[{}]", items.join(",\n"));
    let mut builder = Builder::new();
    builder.feed(text.as_bytes()).expect("sound");
    builder.finish().expect("sound");
    (builder.into_library(), MemorySource::new(text.into_bytes()))
}

fn built(library: &Library, source: &MemorySource, spared: Spared<'_>) -> (Index, Recorded) {
    let mut shelf = Recorded::default();
    let index = build_index_sparing(library, source, &mut |_| true, &mut shelf, spared);
    (index.expect("sound").expect("not told to stop"), shelf)
}

const WORDS: [&str; 12] = [
    "graph",
    "neural",
    "tumors",
    "tumor",
    "multi-head",
    "深度学习",
    "Müller",
    "of",
    "quantum",
    "2017",
    "lattice",
    "enzyme",
];

prop_compose! {
    fn item(id: u8)(
        title in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..5),
        about in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..9),
        authors in prop::collection::vec(prop::sample::select(&["Ada Li", "B. Chen", "Zoë Ray"][..]), 0..3),
        year in 1990..2025,
        cites in prop::collection::vec(0_u8..24, 0..4),
        has_id in prop::bool::weighted(0.9),
    ) -> String {
        let authors: Vec<String> = authors.iter().map(|name| {
            let (given, family) = name.split_once(' ').expect("two words");
            format!(r#"{{"family":"{family}","given":"{given}"}}"#)
        }).collect();
        let cites: Vec<String> = cites.iter().map(|work| format!(r#""10.1/{work}""#)).collect();
        let id = if has_id { format!(r#""id":"p{id}","#) } else { String::new() };
        format!(
            r#"{{{id}"title":"{}","abstract":"{}","author":[{}],"DOI":"10.1/{}","issued":{{"date-parts":[[{year}]]}},"references":[{}]}}"#,
            title.join(" "), about.join(" "), authors.join(","), id.len() % 7, cites.join(",")
        )
    }
}

/// A change of the list of papers.
#[derive(Debug, Clone)]
enum Change {
    Remove(usize),
    Replace(usize, String),
    Insert(usize, String),
    Swap(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0_usize..50).prop_map(Change::Remove),
        (0_usize..50, item(77)).prop_map(|(at, item)| Change::Replace(at, item)),
        (0_usize..50, item(88)).prop_map(|(at, item)| Change::Insert(at, item)),
        (0_usize..50, 0_usize..50).prop_map(|(a, b)| Change::Swap(a, b)),
    ]
}

fn changed(items: &[String], changes: &[Change]) -> Vec<String> {
    let mut items = items.to_vec();
    for change in changes {
        let len = items.len();
        match change {
            Change::Remove(at) if len > 1 => {
                items.remove(at % len);
            }
            Change::Remove(_) => {}
            Change::Replace(at, item) => items[at % len].clone_from(item),
            Change::Insert(at, item) => items.insert(at % (len + 1), item.clone()),
            Change::Swap(a, b) => items.swap(a % len, b % len),
        }
    }
    items
}

/// Pieces by their numbers.
#[derive(Default)]
struct InMemory {
    kept: RefCell<BTreeMap<usize, BTreeMap<String, Vec<u8>>>>,
    made: usize,
}

/// Papers of a piece here.
const FEW: usize = 100;

impl Pieces for InMemory {
    fn papers(&self) -> usize {
        FEW
    }

    fn find(&mut self, number: usize) -> Option<Part> {
        let kept = self.kept.borrow();
        let columns = kept.get(&number)?;
        Part::open(&|name| columns.get(name).map(|bytes| Piece::of(bytes.clone()))).ok()
    }

    fn keep(
        &mut self,
        number: usize,
        make: &mut dyn FnMut(&mut dyn Shelf) -> Option<Part>,
    ) -> Option<Part> {
        let mut shelf = Recorded::default();
        let part = make(&mut shelf)?;
        self.kept.borrow_mut().insert(number, shelf.columns);
        self.made += 1;
        Some(part)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn an_updated_index_is_the_one_made_anew(
        items in (4_usize..24).prop_flat_map(|count| (0..count as u8).map(item).collect::<Vec<_>>()),
        changes in prop::collection::vec(change(), 0..4),
    ) {
        let (old, source) = read(&items);
        let (old_index, _) = built(&old, &source, Spared::default());
        let (new, source) = read(&changed(&items, &changes));
        let kept = new.kept_of(&old);
        prop_assert_eq!(kept.places.len(), old.len());
        if changes.is_empty() {
            prop_assert!(kept.is_all());
        }
        let mut all: Vec<u32> = kept.places.iter().copied().filter(|place| *place != GONE).collect();
        prop_assert!(all.is_sorted());
        for (before, now) in kept.places.iter().enumerate().filter(|(_, now)| **now != GONE) {
            prop_assert_eq!(old.title(PaperNo(before as u32)), new.title(PaperNo(*now)));
            prop_assert_eq!(old.id(PaperNo(before as u32)), new.id(PaperNo(*now)));
        }
        all.extend(&kept.new);
        all.sort_unstable();
        prop_assert!(all.into_iter().eq(0..new.len() as u32));
        let (_, anew) = built(&new, &source, Spared::default());
        // Also where too much is new to be worth it.
        let part = Documents::new(&new, &source)
            .read(kept.new.iter().map(|no| PaperNo(*no)), &mut |_| true)
            .expect("sound")
            .expect("not told to stop")
            .finish_part(&mut MemoryShelf::default());
        let mut updated = Recorded::default();
        let index = old_index.updated(&kept.places, &part, &kept.new, &mut updated);
        prop_assert_eq!(index.len(), new.len());
        prop_assert!(updated.columns == anew.columns);
    }

    #[test]
    fn rising_pairs_are_the_longest_choice(seconds in prop::collection::vec(0_u32..12, 0..9)) {
        let pairs: Vec<(u32, u32)> = (0..).zip(seconds).collect();
        let chosen = rising(&pairs);
        prop_assert!(chosen.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
        let longest = (0_u32..1 << pairs.len())
            .filter_map(|choice| {
                let some = (0..).zip(&pairs).filter(|(at, _)| choice >> at & 1 == 1);
                let some: Vec<u32> = some.map(|(_, pair)| pair.1).collect();
                some.is_sorted_by(|a, b| a < b).then_some(some.len())
            })
            .max();
        prop_assert_eq!(Some(chosen.len()), longest);
    }

    #[test]
    fn an_index_of_parts_is_the_one_made_at_once(
        items in (4_usize..24).prop_flat_map(|count| (0..count as u8).map(item).collect::<Vec<_>>()),
        cuts in prop::collection::vec(0_usize..24, 0..4),
    ) {
        let (library, source) = read(&items);
        let (_, anew) = built(&library, &source, Spared::default());
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (library.len() + 1)).collect();
        cuts.extend([0, library.len()]);
        cuts.sort_unstable();
        let parts: Vec<Part> = cuts
            .windows(2)
            .map(|ends| {
                let papers = (ends[0]..ends[1]).map(|no| PaperNo(no as u32));
                let read = Documents::new(&library, &source).read(papers, &mut |_| true);
                let builder = read.expect("sound").expect("not told to stop");
                builder.finish_part(&mut MemoryShelf::default())
            })
            .collect();
        let mut shelf = Recorded::default();
        Index::of_parts(&parts, &mut shelf);
        prop_assert!(shelf.columns == anew.columns);
    }
}

#[test]
fn what_was_done_when_it_was_broken_off_is_not_done_again() {
    let items: Vec<String> = (0..FEW * 2 + 5)
        .map(|at| {
            format!(
                r#"{{"id":"p{at}","title":"Paper {}", "abstract": "All of it"}}"#,
                at % 1000
            )
        })
        .collect();
    let (library, source) = read(&items);
    let mut pieces = InMemory::default();
    let mut shelf = Recorded::default();
    let stopped = build_index_sparing(
        &library,
        &source,
        &mut |papers| papers < FEW,
        &mut shelf,
        Spared {
            known: None,
            pieces: Some(&mut pieces),
        },
    );
    assert!(stopped.expect("sound").is_none());
    assert_eq!(pieces.made, 1);
    let mut told = Vec::new();
    let mut shelf = Recorded::default();
    let index = build_index_sparing(
        &library,
        &source,
        &mut |papers| {
            told.push(papers);
            true
        },
        &mut shelf,
        Spared {
            known: None,
            pieces: Some(&mut pieces),
        },
    );
    assert_eq!(index.expect("sound").expect("finished").len(), items.len());
    assert_eq!(pieces.made, 3);
    assert_eq!(told.get(..2), Some(&[0, FEW][..]));
    assert!(told.is_sorted());
    let mut documents = Documents::new(&library, &source);
    let all = documents.read(library.numbers(), &mut |_| true);
    let mut anew = Recorded::default();
    all.expect("sound").expect("finished").finish_on(&mut anew);
    assert!(shelf.columns == anew.columns);
}
