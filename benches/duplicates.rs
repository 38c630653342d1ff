//! Looking for duplicates in a library, its items read from memory.

mod synthetic;

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use offprint::core::duplicates::{Finder, Signature};
use offprint::core::item::Item;
use offprint::core::library::{Builder, MemorySource};
use synthetic::SyntheticLibrary;

/// CSL-JSON of papers with abstracts, every twentieth of them twice: with another id, without its DOI.
fn json(size: usize) -> Vec<u8> {
    let library = SyntheticLibrary::new(size);
    let mut text = "[".to_owned();
    for (number, paper) in library.papers.iter().enumerate() {
        let family = paper
            .authors
            .split(['\u{3b}', ' '])
            .next()
            .unwrap_or_default();
        let copies = if number % 20 == 0 { 2 } else { 1 };
        for copy in 0..copies {
            let doi = if copy == 0 {
                format!(r#""DOI":"10.1234/{number}","#)
            } else {
                String::new()
            };
            let comma = if text.len() > 1 { "," } else { "" };
            let _ = write!(
                text,
                "{comma}\n{{\"id\":\"{}-{copy}\",\"type\":\"article-journal\",{doi}\"title\":\"{}\",\"author\":[{{\"family\":\"{family}\"}}],\"issued\":{{\"date-parts\":[[{}]]}},\"container-title\":\"{}\",\"abstract\":\"{}\"}}",
                paper.id, paper.title, paper.year, paper.venue, paper.abstract_text
            );
        }
    }
    text.push_str("\n]");
    text.into_bytes()
}

fn duplicates(criterion: &mut Criterion) {
    let size = 10_000;
    let bytes = json(size);
    let mut builder = Builder::new();
    assert!(builder.feed(&bytes).is_ok() && builder.finish().is_ok());
    let (library, source) = (builder.library().clone(), MemorySource::new(bytes));
    let mut group = criterion.benchmark_group(format!("duplicates/{size}"));
    group.sample_size(10);
    group.bench_function("groups of a library", |bencher| {
        bencher.iter(|| {
            let finder = Finder::new(black_box(&library), &source).unwrap_or_default();
            assert_eq!(finder.groups().len(), size / 20);
        });
    });
    let finder = Finder::new(&library, &source).unwrap_or_default();
    let text = br#"{"id":"x","title":"A title that is not there","DOI":"10.1234/40"}"#;
    let item = Item::parse(text).unwrap_or_default();
    group.bench_function("an item against a library", |bencher| {
        bencher.iter(|| finder.matches_of(&Signature::of(black_box(&item))).len());
    });
    group.finish();
}

criterion_group!(benches, duplicates);
criterion_main!(benches);
