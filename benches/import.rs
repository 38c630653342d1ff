//! Reading bibliographies of 20 MB: bytes a second of each format, and the memory it takes beside the file.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    missing_docs,
    reason = "a benchmark"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use offprint::core::import::{Found, each};

/// Bytes of each file.
const SIZE: usize = 20_000_000;

/// Counts what is allocated, so that the peak is known.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[allow(unsafe_code, reason = "an allocator that counts")]
// SAFETY: everything is handed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const ABSTRACT: &str = "We study the growth of cells under a wide range of conditions and find that nearly all of them grow when they are \
    fed. Earlier work had left open whether the rate depends on the medium. In 120 cultures observed over 14 days it did not, with a \
    difference of at most 3 per cent between the richest and the poorest medium. We discuss what this means for models of growth.";

fn repeated(entry: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(SIZE + 4000);
    let mut number = 0;
    while text.len() < SIZE {
        text.push_str(&entry(number));
        number += 1;
    }
    text
}

fn bibtex() -> String {
    repeated(|n| {
        format!(
            "@article{{muller{n},\n  author = {{M{{\\\"u}}ller, Hans J. and van der Berg, Anna and {{The Growth Group}} and Smith, John}},\n  \
             title = {{On the Growth of {{DNA}} in \\emph{{E. coli}}: Part {n}}},\n  journal = {{Journal of Things}},\n  year = {{{}}},\n  \
             month = mar,\n  volume = {{{}}},\n  number = {{{}}},\n  pages = {{{}--{}}},\n  doi = {{10.1000/things.{n}}},\n  \
             issn = {{1234-5678}},\n  keywords = {{growth, cells, media}},\n  abstract = {{{ABSTRACT}}}\n}}\n\n",
            1990 + n % 36,
            n % 90,
            n % 12,
            n % 500,
            n % 500 + 9
        )
    })
}

fn ris() -> String {
    repeated(|n| {
        format!(
            "TY  - JOUR\nAU  - Müller, Hans J.\nAU  - van der Berg, Anna\nAU  - Smith, John\nTI  - On the growth of DNA: part {n}\n\
             T2  - Journal of Things\nPY  - {}\nVL  - {}\nIS  - {}\nSP  - {}\nEP  - {}\nSN  - 1234-5678\nDO  - 10.1000/things.{n}\n\
             KW  - growth\nKW  - cells\nAB  - {ABSTRACT}\nER  - \n\n",
            1990 + n % 36,
            n % 90,
            n % 12,
            n % 500,
            n % 500 + 9
        )
    })
}

fn nbib() -> String {
    let wrapped = ABSTRACT.replace(". ", ".\n      ");
    repeated(|n| {
        format!(
            "PMID- {n}\nOWN - NLM\nSTAT- MEDLINE\nIS  - 1234-5678 (Electronic)\nVI  - {}\nIP  - {}\nDP  - {} Mar 4\n\
             TI  - On the growth of DNA: part {n}.\nPG  - {}-{}\nLID - 10.1000/things.{n} [doi]\nAB  - {wrapped}\n\
             FAU - Muller, Hans J\nAU  - Muller HJ\nFAU - van der Berg, Anna\nAU  - van der Berg A\nLA  - eng\nPT  - Journal Article\n\
             TA  - J Things\nJT  - Journal of things\nMH  - *Cells\nMH  - Growth, Slow\n\n",
            n % 90,
            n % 12,
            1990 + n % 36,
            n % 500,
            n % 500 + 9
        )
    })
}

fn pubmed_xml() -> String {
    let articles = repeated(|n| {
        format!(
            "<PubmedArticle><MedlineCitation><PMID Version=\"1\">{n}</PMID><Article><Journal><ISSN>1234-5678</ISSN><JournalIssue>\
             <Volume>3</Volume><PubDate><Year>2010</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Journal of things</Title></Journal>\
             <ArticleTitle>On the growth of <i>E. coli</i>: part {n}.</ArticleTitle><Abstract><AbstractText>{ABSTRACT}</AbstractText></Abstract>\
             <AuthorList><Author><LastName>Muller</LastName><ForeName>Hans J</ForeName></Author></AuthorList></Article></MedlineCitation></PubmedArticle>\n"
        )
    });
    format!("<?xml version=\"1.0\"?>\n<PubmedArticleSet>\n{articles}</PubmedArticleSet>\n")
}

fn count(text: &str, name: &str) -> usize {
    let mut entries = 0;
    each(text.as_bytes(), name, &mut |found| {
        if let Found::Entry(entry) = found {
            black_box(&entry.item);
            entries += 1;
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    entries
}

fn formats(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("import");
    group.sample_size(10);
    for (name, text) in [
        ("x.bib", bibtex()),
        ("x.ris", ris()),
        ("x.nbib", nbib()),
        ("x.xml", pubmed_xml()),
    ] {
        let before = NOW.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let entries = count(&text, name);
        let peak = PEAK.load(Ordering::Relaxed) - before;
        eprintln!(
            "{name}: {entries} entries of {} MB, {} kB beside the file",
            text.len() / 1_000_000,
            peak / 1000
        );
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| count(black_box(&text), name));
        });
    }
    group.finish();
}

criterion_group!(benches, formats);
criterion_main!(benches);
