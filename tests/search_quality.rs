//! Does the paper that the reader means come up? Known-item queries made from real titles.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement stops at the first thing amiss and prints what it found"
)]

mod known_items;
mod memory_library;

use known_items::{KINDS, KnownItems, Made};
use memory_library::MemoryLibrary;
use offprint::core::index::Index;
use offprint::core::query::Query;
use serde_json::Value;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");

/// Least share of queries whose paper comes first, and within the first ten.
const WANTED: [(&str, f64, f64); 6] = [
    ("prefixes", 0.90, 0.99),
    ("order", 0.95, 1.00),
    ("surname", 0.87, 0.98),
    ("swap", 0.80, 0.97),
    ("missing", 0.85, 0.98),
    ("initials", 0.95, 0.99),
];

/// Most hits in the middle of all queries of a kind.
const MOST_HITS: usize = 20;

/// How many in a hundred queries less may be answered than an order answers that knows how they were made, where that
/// order itself does not answer as many as are wanted.
const SHORT_OF_BEST: f64 = 0.02;

/// What was found for the queries of one kind.
#[derive(Default)]
struct Measured {
    first: f64,
    ten: f64,
    /// The same of the best possible order.
    best_first: f64,
    best_ten: f64,
    /// Number of hits of each query.
    hits: Vec<usize>,
}

impl Measured {
    fn of(
        kind: &str,
        queries: &[Made],
        items: &KnownItems,
        index: &Index,
        library: &MemoryLibrary,
    ) -> Measured {
        let mut measured = Measured::default();
        for made in queries.iter().filter(|made| made.kind == kind) {
            let hits = index.search(&Query::parse(&made.query), library, &|| false);
            let rank = hits.papers().iter().position(|no| no.index() == made.paper);
            let likely = items.likely(kind, &made.query);
            let best = likely.iter().position(|(paper, _)| *paper == made.paper);
            // Where it cannot be told which papers are likely, the best order is thought to be without fault.
            let best = if likely.is_empty() { Some(0) } else { best };
            let within = |rank: Option<usize>, most: usize| {
                f64::from(u8::from(rank.is_some_and(|rank| rank < most)))
            };
            measured.first += within(rank, 1);
            measured.ten += within(rank, 10);
            measured.best_first += within(best, 1);
            measured.best_ten += within(best, 10);
            measured.hits.push(hits.total());
        }
        let count = measured.hits.len() as f64;
        for sum in [
            &mut measured.first,
            &mut measured.ten,
            &mut measured.best_first,
            &mut measured.best_ten,
        ] {
            *sum /= count;
        }
        measured.hits.sort_unstable();
        measured
    }

    fn median(&self) -> usize {
        self.hits[self.hits.len() / 2]
    }
}

/// What can be wanted where the best possible order reaches `best`.
fn reachable(wanted: f64, best: f64) -> f64 {
    if best < wanted {
        best - SHORT_OF_BEST
    } else {
        wanted
    }
}

/// The kinds of queries that are answered worse than wanted.
fn fall_short(
    name: &str,
    queries: &[Made],
    items: &KnownItems,
    index: &Index,
    library: &MemoryLibrary,
) -> Vec<String> {
    let mut short = Vec::new();
    println!("{name}");
    for (kind, first, ten) in WANTED {
        let measured = Measured::of(kind, queries, items, index, library);
        let median = measured.median();
        println!(
            "  {kind:10} first {:.3} of {:.3}  within ten {:.3} of {:.3}  median hits {median}",
            measured.first, measured.best_first, measured.ten, measured.best_ten
        );
        let least = |share: f64, wanted: f64, best: f64| share + 1e-9 >= reachable(wanted, best);
        if !least(measured.first, first, measured.best_first)
            || !least(measured.ten, ten, measured.best_ten)
            || median > MOST_HITS
        {
            short.push(format!("{name}: {kind}"));
        }
    }
    short
}

#[test]
#[ignore = "reads ../shared"]
fn the_intended_paper_comes_up() {
    let library = MemoryLibrary::open(&format!("{SHARED}/papers/arxiv-6000.json"));
    let index = library.index();
    let items = KnownItems::new(&library);
    let bytes = std::fs::read(format!("{SHARED}/search/queries.json")).expect("queries");
    let given: Vec<Value> = serde_json::from_slice(&bytes).expect("a JSON array");
    let text = |query: &Value, key: &str| query[key].as_str().expect("a text").to_owned();
    let given: Vec<Made> = given
        .iter()
        .map(|query| Made {
            kind: KINDS
                .into_iter()
                .find(|kind| *kind == text(query, "kind"))
                .expect("a known kind"),
            query: text(query, "query"),
            paper: library
                .find(&text(query, "id"))
                .expect("in the library")
                .index(),
        })
        .collect();
    let made: Vec<Made> = (1..=5).flat_map(|seed| items.make(seed)).collect();
    let mut short = fall_short("queries given", &given, &items, &index, &library);
    short.extend(fall_short(
        "queries made by chance",
        &made,
        &items,
        &index,
        &library,
    ));
    assert!(short.is_empty(), "fall short: {short:?}");
}
