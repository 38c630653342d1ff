//! Building the index and answering every key of some queries.

mod synthetic;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use offprint::core::index::{highlight, scan};
use offprint::core::query::Query;
use synthetic::SyntheticLibrary;

/// Sizes of library; a hundred thousand takes long to make and is asked for by `OFFPRINT_BENCH_LARGE=1`.
fn sizes() -> Vec<usize> {
    let large = std::env::var_os("OFFPRINT_BENCH_LARGE").is_some();
    if large {
        vec![10_000, 100_000]
    } else {
        vec![10_000]
    }
}

/// Queries by what they ask of the search: typed words, one letter, typos, initials, fields, a phrase.
const QUERIES: [&str; 8] = [
    "tano rebi",
    "a",
    "tanorebu",
    "tanorbei soluke",
    "trs",
    "author:kira 2015..2020",
    "\"tano rebi\"",
    "tano -rebi is:starred",
];

fn search(criterion: &mut Criterion) {
    for size in sizes() {
        let library = SyntheticLibrary::new(size);
        let mut group = criterion.benchmark_group(format!("search/{size}"));
        group.sample_size(10);
        group.bench_function("build", |bencher| bencher.iter(|| library.index()));
        group.sample_size(50);
        let index = library.index();
        for query in QUERIES {
            group.bench_with_input(BenchmarkId::new("key", query), query, |bencher, query| {
                bencher.iter(|| index.search(&Query::parse(black_box(query)), &library, &|| false));
            });
        }
        group.bench_function("scan", |bencher| {
            let query = Query::parse("tano rebi");
            bencher.iter(|| scan(&query, size, &library, false, &|| false));
        });
        group.bench_function("highlight sixty titles", |bencher| {
            let query = Query::parse("tano rebi");
            bencher.iter(|| {
                for paper in library.papers.iter().take(60) {
                    black_box(highlight(&query, &paper.title));
                }
            });
        });
        group.finish();
    }
}

criterion_group!(benches, search);
criterion_main!(benches);
