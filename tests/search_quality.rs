//! Does the paper that the reader means come up? Known-item queries made from real titles.

mod memory_library;

use std::collections::BTreeMap;

use memory_library::MemoryLibrary;
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

#[test]
#[ignore = "reads ../shared"]
fn the_intended_paper_comes_up() {
    let library = MemoryLibrary::open(&format!("{SHARED}/papers/arxiv-6000.json"));
    let path = std::env::var("OFFPRINT_QUERIES")
        .unwrap_or_else(|_| format!("{SHARED}/search/queries.json"));
    let queries: Vec<Value> =
        serde_json::from_slice(&std::fs::read(path).expect("queries")).expect("a JSON array");
    let index = library.index();
    let mut ranks: BTreeMap<&str, Vec<(Option<usize>, usize)>> = BTreeMap::new();
    for query in &queries {
        let wanted = library
            .find(query["id"].as_str().expect("an id"))
            .expect("in the library");
        let text = query["query"].as_str().expect("a query");
        let hits = index.search(&Query::parse(text), &library, &|| false);
        let rank = hits.papers().iter().position(|no| *no == wanted);
        if rank != Some(0) {
            println!("{} {text}: {rank:?} of {}", query["kind"], hits.total());
        }
        let kind = query["kind"].as_str().expect("a kind");
        ranks.entry(kind).or_default().push((rank, hits.total()));
    }
    let mut short = Vec::new();
    for (kind, first_wanted, ten_wanted) in WANTED {
        let ranks = &ranks[kind];
        let share = |most: usize| {
            ranks
                .iter()
                .filter(|(rank, _)| rank.is_some_and(|rank| rank < most))
                .count() as f64
                / ranks.len() as f64
        };
        let mut totals: Vec<usize> = ranks.iter().map(|(_, total)| *total).collect();
        totals.sort_unstable();
        let median = totals[totals.len() / 2];
        let (first, ten) = (share(1), share(10));
        println!("{kind:10} first {first:.2}  within ten {ten:.2}  median hits {median}");
        if first < first_wanted || ten < ten_wanted || median > 20 {
            short.push(kind);
        }
    }
    assert!(short.is_empty(), "fall short: {short:?}");
}
