//! Would the papers that belong together be suggested to a reader who liked all but one of them? Judged sets, one paper
//! left out at a time.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement stops at the first thing amiss and prints what it found"
)]

mod memory_library;

use memory_library::MemoryLibrary;
use offprint::core::index::Index;
use offprint::core::paper::PaperNo;
use serde_json::Value;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/similar");

/// Papers liked at most, the one left out included.
const LIKED: usize = 6;
/// The paper left out is to be among so many suggested.
const SHOWN: usize = 10;

/// Judged sets, and the least share of the papers left out that are suggested.
const SETS: [(&str, f64); 2] = [("pmc", 0.60), ("ijcai", 0.28)];

/// Papers that belong together: each query with what was judged to be like it.
fn groups(library: &MemoryLibrary, set: &str) -> Vec<Vec<PaperNo>> {
    let bytes = std::fs::read(format!("{SHARED}/{set}/qrels.json")).expect("judgements");
    let judged: Value = serde_json::from_slice(&bytes).expect("JSON");
    let queries = judged["queries"].as_object().expect("queries");
    let group = |query: &Value| -> Option<Vec<PaperNo>> {
        let doc = query["doc"].as_str()?;
        let judged = query["rel"].as_object()?.iter();
        let mut like: Vec<&str> = judged
            .filter(|(id, grade)| *id != doc && grade.as_f64().unwrap_or(0.0) >= 1.0)
            .map(|(id, _)| id.as_str())
            .collect();
        like.sort_unstable();
        like.truncate(LIKED - 1);
        like.push(doc);
        let found: Vec<PaperNo> = like.iter().filter_map(|id| library.find(id)).collect();
        (found.len() >= 4).then_some(found)
    };
    queries.values().filter_map(group).step_by(4).collect()
}

/// Whether a paper left out is suggested to who liked some others.
fn is_suggested(index: &Index, library: &MemoryLibrary, liked: &[PaperNo], left: PaperNo) -> bool {
    let liked: Vec<(PaperNo, f32)> = liked.iter().map(|no| (*no, 1.0)).collect();
    let suggested = index.suggested(&liked, SHOWN, &|_| true, library, &|| false);
    suggested.iter().any(|suggested| suggested.no == left)
}

#[test]
#[ignore = "reads ../shared"]
fn the_paper_left_out_is_suggested() {
    for (set, least) in SETS {
        let library = MemoryLibrary::open(&format!("{SHARED}/{set}/library.json"));
        let index = library.index();
        assert!(index.find_latent(None, &|| false));
        let (mut of_all, mut of_one, mut count) = (0, 0, 0);
        for group in groups(&library, set) {
            for (at, left) in group.iter().enumerate() {
                let mut liked = group.clone();
                liked.remove(at);
                count += 1;
                of_all += usize::from(is_suggested(&index, &library, &liked, *left));
                of_one += usize::from(is_suggested(&index, &library, &liked[..1], *left));
            }
        }
        let share = |hits: usize| hits as f64 / f64::from(count);
        let (all, one) = (share(of_all), share(of_one));
        let chance = SHOWN as f64 / library.papers.len() as f64;
        println!("{set}: {all:.3} by all liked, {one:.3} by one, {chance:.3} by chance ({count})");
        assert!(all > one, "{set}: more liked papers tell no more than one");
        assert!(
            all >= least,
            "{set}: too few of the papers left out are suggested"
        );
    }
}
