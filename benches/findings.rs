//! Key findings: the sentences of abstracts labelled and picked.

mod synthetic;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use offprint::core::findings::{AbstractText, Model, extract, sentences};
use synthetic::SyntheticLibrary;

/// Sentences of a real abstract's length, with what they are about from synthetic papers.
fn abstracts(count: usize) -> Vec<String> {
    let library = SyntheticLibrary::new(count);
    let mut papers = library.papers.iter().cycle();
    let mut words = move || {
        let text = papers
            .next()
            .map_or("", |paper| paper.abstract_text.as_str());
        text.split_whitespace()
            .take(16)
            .collect::<Vec<_>>()
            .join(" ")
    };
    (0..count)
        .map(|_| {
            format!(
                "It is known that {}. However, the role of {} is not clear. In this paper, we propose a method for {}. \
                 It is based on {} and {}. We compare it with {} in 3 settings (n = 120). Experiments show that {} \
                 improves by 4.2% (p < 0.05). These results suggest that {} should be used for {}.",
                words(), words(), words(), words(), words(), words(), words(), words(), words()
            )
        })
        .collect()
}

fn findings(criterion: &mut Criterion) {
    let texts = abstracts(1_000);
    let mut group = criterion.benchmark_group("findings/1000 abstracts");
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.sample_size(20);
    group.bench_function("picked", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                let _ = black_box(extract(&AbstractText::of(black_box(text))));
            }
        });
    });
    if let Some(model) = Model::embedded() {
        group.bench_function("labelled", |bencher| {
            bencher.iter(|| {
                for text in &texts {
                    let sentences: Vec<&str> = sentences(text)
                        .into_iter()
                        .filter_map(|range| text.get(range))
                        .collect();
                    black_box(model.label(black_box(&sentences)));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, findings);
criterion_main!(benches);
