//! From the bytes of a library to its first papers, to all its columns, and to its index.

mod synthetic;

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use offprint::core::library::{Builder, Library, MemorySource, Scanner, build_index};
use serde_json::json;
use synthetic::SyntheticLibrary;

/// Bytes handed on at once, as the loader does.
const CHUNK: usize = 256 << 10;

/// A library file of one item a line.
fn file(papers: usize) -> Vec<u8> {
    let library = SyntheticLibrary::new(papers);
    let mut text = String::from("[\n");
    for (number, paper) in library.papers.iter().enumerate() {
        let authors: Vec<_> = paper
            .authors
            .split("; ")
            .map(|name| {
                let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
                json!({"family": family, "given": given})
            })
            .collect();
        let item = json!({
            "id": paper.id,
            "type": "article-journal",
            "title": paper.title,
            "author": authors,
            "issued": {"date-parts": [[paper.year]]},
            "container-title": paper.venue,
            "abstract": paper.abstract_text,
        });
        let comma = if number == 0 { "" } else { ",\n" };
        let _ = write!(text, "{comma}{item}");
    }
    text.push_str("\n]\n");
    text.into_bytes()
}

fn columns(bytes: &[u8]) -> Library {
    let mut builder = Builder::new();
    for chunk in bytes.chunks(CHUNK) {
        builder.feed(chunk).unwrap();
    }
    builder.finish().unwrap();
    builder.library().clone()
}

fn startup(criterion: &mut Criterion) {
    let large = std::env::var_os("OFFPRINT_BENCH_LARGE").is_some();
    let sizes: &[usize] = if large { &[10_000, 100_000] } else { &[10_000] };
    for &size in sizes {
        let bytes = file(size);
        let mut group = criterion.benchmark_group(format!("startup/{size}"));
        group.sample_size(20);
        group.bench_function("first segment", |bencher| {
            bencher.iter(|| {
                let mut builder = Builder::new();
                for chunk in bytes.chunks(CHUNK) {
                    if !builder.feed(chunk).unwrap().is_empty() {
                        break;
                    }
                }
                builder.library().len()
            });
        });
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("items alone", |bencher| {
            bencher.iter(|| {
                let mut count = 0;
                let mut scanner = Scanner::new();
                for chunk in bytes.chunks(CHUNK) {
                    scanner.feed(chunk, &mut |_| count += 1).unwrap();
                }
                scanner.finish(&mut |_| count += 1).unwrap();
                count
            });
        });
        group.bench_function("columns", |bencher| {
            bencher.iter(|| columns(black_box(&bytes)));
        });
        group.sample_size(10);
        let library = columns(&bytes);
        let source = MemorySource::new(bytes.clone());
        group.bench_function("index", |bencher| {
            bencher.iter(|| build_index(&library, &source, &|| false));
        });
        group.finish();
    }
}

criterion_group!(benches, startup);
criterion_main!(benches);
