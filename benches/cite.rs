//! What citing costs: loading a style, one citation, a long bibliography.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use offprint::core::csl::{Processor, archive};
use offprint::core::item::Item;
use serde_json::json;

fn item(number: usize) -> Item {
    const FAMILIES: [&str; 8] = [
        "Feng",
        "Müller",
        "Smith",
        "de la Cruz",
        "O’Neil",
        "Nakamura",
        "Ivanov",
        "van der Berg",
    ];
    let name = |place: usize| {
        let family = FAMILIES[(number * 7 + place * 3) % FAMILIES.len()];
        json!({"family": format!("{family}{}", (number + place) % 211), "given": "Mei Jean-Luc"})
    };
    let value = json!({
        "id": format!("item{number}"),
        "type": "article-journal",
        "title": format!("A “study” of <i>E. coli</i> number {number}: why and how it grows"),
        "container-title": "Frontiers in Immunology",
        "container-title-short": "Front. Immunol.",
        "author": (0..(number % 9 + 1)).map(name).collect::<Vec<_>>(),
        "issued": {"date-parts": [[1990 + number % 35, number % 12 + 1, number % 28 + 1]]},
        "volume": (number % 80).to_string(),
        "issue": "3",
        "page": format!("{}-{}", number, number + 12),
        "DOI": format!("10.1000/x.{number}"),
    });
    Item::from_fields(value.as_object().cloned().unwrap_or_default())
}

fn cite(c: &mut Criterion) {
    let first = item(1);
    c.bench_function("load APA and cite one", |b| {
        b.iter(|| {
            let style = archive::style("apa").unwrap();
            let locale = archive::locale("en-US").unwrap();
            black_box(
                Processor::new(&style, &locale)
                    .bibliography_entry(&first)
                    .plain(),
            )
        });
    });
    c.bench_function("load the American locale", |b| {
        b.iter(|| archive::locale("en-US"))
    });
    for id in [
        "apa",
        "chicago-author-date",
        "modern-language-association",
        "ieee",
    ] {
        let style = archive::style(id).unwrap();
        let locale = archive::locale("en-US").unwrap();
        let processor = Processor::new(&style, &locale);
        let mut number = 0;
        c.bench_function(&format!("cite one more, {id}"), |b| {
            b.iter(|| {
                number += 1;
                black_box(processor.bibliography_entry(&first).plain())
            });
        });
    }
    let items: Vec<Item> = (0..10_000).map(item).collect();
    let mut group = c.benchmark_group("bibliography");
    group.sample_size(10);
    for id in ["apa", "ieee", "chicago-author-date"] {
        let style = archive::style(id).unwrap();
        let locale = archive::locale("en-US").unwrap();
        let processor = Processor::new(&style, &locale);
        group.bench_function(format!("10,000 items, {id}"), |b| {
            b.iter(|| black_box(processor.bibliography(&items).len()));
        });
    }
    group.finish();
}

criterion_group!(benches, cite);
criterion_main!(benches);
