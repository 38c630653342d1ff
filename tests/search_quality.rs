//! Does the paper that the reader means come up? Known-item queries made from real titles.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement stops at the first thing amiss and prints what it found"
)]

mod memory_library;

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use memory_library::MemoryLibrary;
use offprint::core::query::Query;
use offprint::core::text::fold;
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

/// Words that the queries were made from: five letters and more, but stop words, each once.
fn words(title: &str) -> Vec<String> {
    const STOP: [&str; 3] = ["using", "towards", "toward"];
    let folded = fold(title);
    let mut words: Vec<String> = Vec::new();
    for word in folded.split(|c: char| !c.is_ascii_lowercase()) {
        if word.len() >= 5 && !STOP.contains(&word) && !words.iter().any(|other| other == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// Surnames that the queries were made from.
fn surnames(authors: &str) -> Vec<String> {
    let folded = fold(authors);
    let names = folded
        .split("; ")
        .filter_map(|name| name.split(' ').next_back());
    let plain =
        names.filter(|name| name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_lowercase()));
    plain.map(str::to_owned).collect()
}

/// `word` with two neighbours inside it swapped, or a letter inside it missing.
fn mistyped(word: &str, swapped: bool) -> HashSet<String> {
    (1..word.len() - 1)
        .map(|at| {
            let mut letters = word.as_bytes().to_vec();
            if swapped {
                letters.swap(at, at + 1);
            } else {
                letters.remove(at);
            }
            String::from_utf8(letters).expect("ASCII")
        })
        .collect()
}

/// How likely it is that a query was made from a paper, where that can be told; the order by it is the best possible.
fn likelihood(kind: &str, query: &str, words: &[String], surnames: &[String]) -> f64 {
    let Some((first, second)) = query.split_once(' ') else {
        return 0.0;
    };
    let share = |hits: usize, of: usize| hits as f64 / of.max(1) as f64;
    let named = |name: &str| {
        share(
            surnames.iter().filter(|other| *other == name).count(),
            surnames.len(),
        )
    };
    let meant = |typed: &str, swapped: bool| {
        words
            .iter()
            .filter(|word| {
                word.len().abs_diff(typed.len()) < 2 && mistyped(word, swapped).contains(typed)
            })
            .count()
    };
    let has = |word: &str| words.iter().any(|other| other == word);
    match kind {
        "surname" if has(second) => named(first) / words.len() as f64,
        "missing" if surnames.iter().any(|name| name == second) => {
            named(second) * share(meant(first, false), words.len())
        }
        "swap" if has(first) => share(meant(second, true), words.len() * words.len()),
        _ => 0.0,
    }
}

#[test]
#[ignore = "reads ../shared"]
fn the_intended_paper_comes_up() {
    let library = MemoryLibrary::open(&format!("{SHARED}/papers/arxiv-6000.json"));
    let path = std::env::var("OFFPRINT_QUERIES")
        .unwrap_or_else(|_| format!("{SHARED}/search/queries.json"));
    let queries: Vec<Value> =
        serde_json::from_slice(&std::fs::read(path).expect("queries")).expect("a JSON array");
    let index = library.index();
    let made_from: Vec<(Vec<String>, Vec<String>)> = library
        .papers
        .iter()
        .map(|paper| (words(&paper.texts[0]), surnames(&paper.texts[1])))
        .collect();
    let mut ranks: BTreeMap<&str, Vec<(Option<usize>, usize)>> = BTreeMap::new();
    let mut best: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for query in &queries {
        let wanted = library
            .find(query["id"].as_str().expect("an id"))
            .expect("in the library");
        let text = query["query"].as_str().expect("a query");
        let hits = index.search(&Query::parse(text), &library, &|| false);
        let rank = hits.papers().iter().position(|no| *no == wanted);
        let kind = query["kind"].as_str().expect("a kind");
        ranks.entry(kind).or_default().push((rank, hits.total()));
        let of = |at: usize| likelihood(kind, text, &made_from[at].0, &made_from[at].1);
        let own = of(wanted.index());
        let likelier = (0..library.papers.len()).filter(|&at| {
            let other = of(at);
            match other.total_cmp(&own) {
                Ordering::Greater => true,
                Ordering::Equal => at < wanted.index(),
                Ordering::Less => false,
            }
        });
        best.entry(kind).or_default().push(likelier.count());
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
        let best = &best[kind];
        let best_share = |most: usize| {
            best.iter().filter(|rank| **rank < most).count() as f64 / best.len() as f64
        };
        // Many papers have a Wang and "learning": where not even an order that knows how the queries were made reaches
        // what is wanted, that order is the measure, less three in a hundred.
        let told = matches!(kind, "surname" | "swap" | "missing");
        let reach = |wanted: f64, most: usize| {
            if told {
                wanted.min(best_share(most) - 0.03)
            } else {
                wanted
            }
        };
        print!("{kind:10} first {first:.2}  within ten {ten:.2}  median hits {median}");
        if told {
            print!(
                "  (possible {:.2} and {:.2})",
                best_share(1),
                best_share(10)
            );
        }
        println!();
        if first + 1e-9 < reach(first_wanted, 1)
            || ten + 1e-9 < reach(ten_wanted, 10)
            || median > 20
        {
            short.push(kind);
        }
    }
    assert!(short.is_empty(), "fall short: {short:?}");
}
