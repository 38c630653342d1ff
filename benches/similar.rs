//! Similar papers of one, and of a typed text.

mod synthetic;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use offprint::core::paper::PaperNo;
use synthetic::SyntheticLibrary;

fn similar(criterion: &mut Criterion) {
    let large = std::env::var_os("OFFPRINT_BENCH_LARGE").is_some();
    let sizes: &[usize] = if large { &[10_000, 100_000] } else { &[10_000] };
    for &size in sizes {
        let library = SyntheticLibrary::new(size);
        let index = library.index();
        let mut group = criterion.benchmark_group(format!("similar/{size}"));
        let mut no = 0;
        group.bench_function("of a paper", |bencher| {
            bencher.iter(|| {
                no = (no + 37) % size as u32;
                index.similar(black_box(PaperNo(no)), 10, &library)
            });
        });
        group.bench_function("of a text", |bencher| {
            let text = library
                .papers
                .first()
                .map_or("", |paper| &paper.abstract_text);
            bencher.iter(|| index.similar_to_text(black_box(text), 10, &library));
        });
        group.finish();
    }
}

criterion_group!(benches, similar);
criterion_main!(benches);
