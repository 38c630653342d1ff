//! Are the papers that experts call similar found? Judged sets, measured as their authors do.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement stops at the first thing amiss and prints what it found"
)]

mod memory_library;

use memory_library::MemoryLibrary;
use offprint::core::index::Index;
use serde_json::Value;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/similar");

/// Judged sets and what a plain TF-IDF cosine reaches on them.
const SETS: [(&str, f64); 3] = [("csfcube", 0.571), ("pmc", 0.563), ("ijcai", 0.287)];

/// What the papers are about must tell so much more in the mean of the sets.
const MORE: f64 = 0.015;

/// Discounted cumulative gain of the first `most`.
fn gain(grades: &[f64], most: usize) -> f64 {
    let discounted = grades.iter().take(most).enumerate();
    discounted
        .map(|(at, grade)| grade / (at as f64 + 2.0).log2())
        .sum()
}

/// The normalised gain of one query, `None` where nothing is relevant: among the judged pool (its first fifth, linear
/// gain) for CSFCube, else of the first ten, exponential.
fn score(library: &MemoryLibrary, index: &Index, query: &Value, pooled: bool) -> Option<f64> {
    let doc = query["doc"].as_str()?;
    let limit = if pooled { library.papers.len() } else { 100 };
    let similar = index.similar(library.find(doc)?, limit, library);
    let mut ranked: Vec<&str> = similar
        .iter()
        .map(|similar| library.papers[similar.no.index()].id.as_str())
        .collect();
    let grade = |id: &str| query["rel"][id].as_f64().unwrap_or(0.0);
    let (mut ideal, most, relevant): (Vec<f64>, usize, f64) = if pooled {
        let pool: Vec<&str> = query["pool"]
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        ranked.retain(|id| pool.contains(id));
        let rest: Vec<&str> = pool
            .iter()
            .copied()
            .filter(|id| !ranked.contains(id))
            .collect();
        ranked.extend(rest);
        (
            pool.iter().map(|id| grade(id)).collect(),
            (ranked.len() / 5).max(1),
            2.0,
        )
    } else {
        let judged = query["rel"].as_object()?.keys().filter(|id| *id != doc);
        (
            judged.map(|id| 2_f64.powf(grade(id)) - 1.0).collect(),
            10,
            1.0,
        )
    };
    ideal.sort_by(|a, b| b.total_cmp(a));
    if ideal.first().is_none_or(|best| *best < relevant) {
        return None;
    }
    let grades: Vec<f64> = ranked
        .iter()
        .map(|id| {
            if pooled {
                grade(id)
            } else {
                2_f64.powf(grade(id)) - 1.0
            }
        })
        .collect();
    Some(gain(&grades, most) / gain(&ideal, most))
}

/// The mean over all queries of a set.
fn mean(library: &MemoryLibrary, index: &Index, judged: &Value) -> f64 {
    let pooled = judged["metric"] == "csfcube";
    let queries = judged["queries"].as_object().expect("queries");
    let scores: Vec<f64> = queries
        .values()
        .filter_map(|query| score(library, index, query, pooled))
        .collect();
    scores.iter().sum::<f64>() / scores.len() as f64
}

#[test]
#[ignore = "reads ../shared"]
fn similar_papers_are_found_better_than_by_a_plain_cosine() {
    let (mut words, mut both, mut plain_sum) = (0.0, 0.0, 0.0);
    for (set, plain) in SETS {
        let library = MemoryLibrary::open(&format!("{SHARED}/{set}/library.json"));
        let index = library.index();
        let bytes = std::fs::read(format!("{SHARED}/{set}/qrels.json")).expect("judgements");
        let judged: Value = serde_json::from_slice(&bytes).expect("JSON");
        let by_words = mean(&library, &index, &judged);
        assert!(by_words >= plain, "{set} falls below a plain cosine");
        assert!(index.find_latent(None, &|| false));
        let by_both = mean(&library, &index, &judged);
        println!("{set:8} {by_both:.4}, by words alone {by_words:.4}, plain cosine {plain:.3}");
        assert!(by_both >= plain, "{set} falls below a plain cosine");
        words += by_words / 3.0;
        both += by_both / 3.0;
        plain_sum += plain / 3.0;
    }
    println!("mean {both:.4}, by words alone {words:.4}, plain cosine {plain_sum:.4}");
    assert!(both >= plain_sum + MORE);
}
