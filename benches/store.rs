//! A change made durable, against a bare append with `fdatasync` in the same run; and replaying a long journal.
//!
//! `OFFPRINT_BENCH_FOLDER` names the folder to write in, for a disk other than that of the temporary folder.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark"
)]

use std::fs::OpenOptions;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use offprint::core::journal::{Change, Edit, Ledger, State, read, read_lines};
use offprint::runtime::store::{Access, Directories, Location, Store, wall_clock_ms};

fn star(paper: &str, on: bool) -> Vec<Edit> {
    vec![Edit::new(paper, Vec::new(), Change::Starred(on))]
}

/// A journal of so many operations as years of use leave.
fn journal(operations: usize) -> Vec<u8> {
    let mut ledger = Ledger::new("k3f2a-1");
    let mut bytes = Vec::new();
    for at in 0..operations {
        let paper = format!("author{}title{}", at * 7_919 % 20_000, at % 100);
        let change = match at % 6 {
            0 => Change::Added(Some(at as u64)),
            1 => Change::Starred(at % 4 == 1),
            2 => Change::Rating((at % 5 + 1) as u8),
            3 => Change::Tag {
                tag: format!("project/{}", at % 50).into(),
                on: true,
            },
            4 => Change::Opened(Some(at as u64)),
            _ => Change::Priority((at % 3 + 1) as u8),
        };
        let edit = Edit::new(paper, vec![format!("doi:10.1000/{at}").into()], change);
        // Only the change itself: as many lines as operations asked for.
        for operation in ledger.edit(1_767_225_600_000 + at as u64, vec![edit]) {
            operation.write_line(&mut bytes);
        }
    }
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let end = ends.map(|(at, _)| at + 1).nth(operations - 1).unwrap();
    bytes.truncate(end);
    bytes
}

fn durable(criterion: &mut Criterion) {
    let folder =
        std::env::var_os("OFFPRINT_BENCH_FOLDER").map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder).unwrap();
    let library = folder.path().join("refs.json");
    std::fs::write(&library, "[]").unwrap();
    let directories = Directories {
        data: None,
        state: Some(folder.path().join("state")),
    };
    let location = Location::of_library(&library, &directories).unwrap();
    let mut opened = Store::open(location, &directories, Access::Change).unwrap();

    let mut group = criterion.benchmark_group("durable");
    group.sample_size(60);
    let mut line = Vec::new();
    opened.ledger.edit(1, star("feng2026", true))[0].write_line(&mut line);
    let mut bare = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.path().join("bare"))
        .unwrap();
    group.bench_function("bare append", |bencher| {
        bencher.iter(|| {
            bare.write_all(&line).unwrap();
            bare.sync_data().unwrap();
        });
    });
    let mut on = false;
    group.bench_function("star", |bencher| {
        bencher.iter(|| {
            on = !on;
            let operations = opened.ledger.edit(wall_clock_ms(), star("a", on));
            opened.store.commit(&operations).unwrap();
        });
    });
    group.finish();
}

fn replay(criterion: &mut Criterion) {
    let bytes = journal(100_000);
    assert_eq!(read(&bytes, "journal").0.len(), 100_000);
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(20);
    group.bench_function("100,000 operations: state, CPU time", |bencher| {
        bencher.iter_custom(|rounds| {
            cpu_time(rounds, || {
                let mut state = State::new();
                read_lines(black_box(&bytes), "journal", 0, |operation| {
                    state.apply(&operation);
                });
                state
            })
        });
    });
    group.bench_function(
        "100,000 operations: ledger with undo, CPU time",
        |bencher| {
            bencher.iter_custom(|rounds| {
                cpu_time(rounds, || {
                    let mut ledger = Ledger::new("k3f2a-1");
                    ledger.load(read(black_box(&bytes), "journal").0);
                    ledger
                })
            });
        },
    );
    group.finish();
}

/// What the budgets speak of; the clock on the wall also tells what else the machine does.
fn cpu_time<T>(rounds: u64, mut work: impl FnMut() -> T) -> Duration {
    let now = || -> u64 {
        let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        spent.split(' ').next().unwrap().parse().unwrap()
    };
    let start = now();
    for _ in 0..rounds {
        black_box(work());
    }
    Duration::from_nanos(now() - start)
}

criterion_group!(benches, durable, replay);
criterion_main!(benches);
