//! Journals that others change, copy, merge, cut and delete.
//!
//! No test here starts a process: between fork and exec it would hold the locks of the tests beside it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod journal_support;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use journal_support::{Library, open, rate, save, star, starred};
use offprint::core::journal::{Catalog, Change, Edit, history};
use offprint::runtime::store::{Access, LibraryChange, Location, SaveEvent, Store};

#[test]
fn looking_leaves_nothing_behind() {
    let library = Library::new();
    let opened = library.open(Access::Browse);
    opened.store.poll();
    assert!(opened.ledger.state().is_empty());
    assert!(!library.folder().exists());
    drop(library.open(Access::Read));
    assert!(!library.folder().exists());
}

#[test]
fn an_empty_change_is_saved_without_leaving_anything_behind() {
    let library = Library::new();
    let opened = library.open(Access::Browse);
    let (sender, events) = channel();
    let writer = opened
        .store
        .writer(move |event| drop(sender.send(event)))
        .unwrap();
    let ticket = writer.submit(&[]);
    let event = events.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(event, SaveEvent::Saved(ticket));
    assert!(!library.folder().exists());
}

#[test]
fn a_change_is_there_after_a_restart_and_can_be_undone() {
    let library = Library::new();
    let mut opened = library.open(Access::Browse);
    save(&mut opened, star("a"));
    drop(opened);
    let mut opened = library.open(Access::Change);
    let reversal = opened.ledger.undo(1).unwrap();
    opened.store.commit(&reversal.operations).unwrap();
    drop(opened);
    let mut opened = library.open(Access::Change);
    assert!(!opened.ledger.state().summary("a").starred);
    let reversal = opened.ledger.redo(1).unwrap();
    opened.store.commit(&reversal.operations).unwrap();
    let read = library.open(Access::Read);
    assert!(read.ledger.state().summary("a").starred);
    let (operations, problems) = read.store.operations();
    assert!(problems.is_empty());
    assert_eq!(history(operations, &["a"]).len(), 3);
}

#[test]
fn files_are_for_their_owner_alone_and_git_knows_how_to_merge_them() {
    let library = Library::new();
    save(&mut library.open(Access::Change), star("a"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&library.folder()), 0o700);
    assert_eq!(mode(&library.journal()), 0o600);
    let attributes = library.folder().join(".gitattributes");
    assert_eq!(
        fs::read_to_string(&attributes).unwrap(),
        "*.jsonl merge=union -text\n"
    );
    // Whoever changes it keeps the change.
    fs::write(&attributes, "mine").unwrap();
    save(&mut library.open(Access::Change), star("b"));
    assert_eq!(fs::read_to_string(&attributes).unwrap(), "mine");
}

#[test]
fn a_journal_cut_at_any_byte_keeps_its_whole_lines_and_takes_new_ones() {
    let library = Library::new();
    let mut opened = library.open(Access::Change);
    for paper in ["a", "b", "ü"] {
        save(&mut opened, star(paper));
    }
    drop(opened);
    let journal = library.journal();
    let bytes = fs::read(&journal).unwrap();
    for cut in 0..=bytes.len() {
        fs::write(&journal, &bytes[..cut]).unwrap();
        let mut opened = library.open(Access::Change);
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        // A line that only lacks its end is whole.
        let whole = ends.filter(|(end, _)| *end <= cut).count();
        assert_eq!(starred(opened.ledger.state()).len(), whole, "cut at {cut}");
        save(&mut opened, star("new"));
        drop(opened);
        let opened = library.open(Access::Read);
        assert_eq!(
            starred(opened.ledger.state()).len(),
            whole + 1,
            "cut at {cut}"
        );
        assert!(opened.problems.total <= 1, "cut at {cut}");
    }
}

#[test]
fn a_journal_tampered_with_while_open_is_made_whole() {
    type Harm = fn(&Path);
    let harms: [(&str, Harm); 6] = [
        ("deleted", |path| fs::remove_file(path).unwrap()),
        ("folder deleted", |path| {
            fs::remove_dir_all(path.parent().unwrap()).unwrap();
        }),
        ("emptied", |path| fs::write(path, "").unwrap()),
        ("cut short", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("replaced", |path| {
            let other = path.with_extension("new");
            fs::write(&other, "garbage").unwrap();
            fs::rename(&other, path).unwrap();
        }),
        ("overwritten in place", |path| {
            let length = fs::metadata(path).unwrap().len() as usize;
            std::thread::sleep(Duration::from_millis(20));
            fs::write(path, "x".repeat(length)).unwrap();
        }),
    ];
    for (what, harm) in harms {
        for polls in [true, false] {
            let library = Library::new();
            let mut opened = library.open(Access::Change);
            for paper in ["a", "b", "c"] {
                save(&mut opened, star(paper));
            }
            harm(&library.journal());
            if polls {
                opened.store.poll();
                let state = library.open(Access::Read).ledger;
                assert_eq!(
                    starred(state.state()),
                    ["a", "b", "c"],
                    "{what}, by polling"
                );
            }
            save(&mut opened, star("d"));
            let state = library.open(Access::Read).ledger;
            assert_eq!(starred(state.state()), ["a", "b", "c", "d"], "{what}");
            assert_eq!(opened.ledger.state(), state.state());
        }
    }
}

#[test]
fn lines_that_others_added_to_ones_own_journal_stay() {
    let library = Library::new();
    let mut opened = library.open(Access::Change);
    save(&mut opened, star("a"));
    let other = Library::new();
    let mut elsewhere = other.open(Access::Change);
    save(&mut elsewhere, star("merged"));
    let mut bytes = fs::read(other.journal()).unwrap();
    bytes.extend(fs::read(library.journal()).unwrap());
    let new = library.folder().join("merge");
    fs::write(&new, bytes).unwrap();
    fs::rename(&new, library.journal()).unwrap();
    let changes = opened.store.poll();
    assert!(opened.ledger.absorb(changes.operations));
    save(&mut opened, star("b"));
    let read = library.open(Access::Read);
    assert_eq!(starred(read.ledger.state()), ["a", "b", "merged"]);
    assert_eq!(opened.ledger.state(), read.ledger.state());
}

#[test]
fn polling_finds_what_others_write_once_and_nothing_when_nothing_happens() {
    let library = Library::new();
    let mut here = library.open(Access::Browse);
    let mut there = library.open_as("office", Access::Browse);
    save(&mut there, star("a"));
    assert!(here.ledger.absorb(here.store.poll().operations));
    save(&mut there, star("b"));
    let changes = here.store.poll();
    assert_eq!(changes.operations.len(), 1);
    assert!(here.ledger.absorb(changes.operations));
    assert_eq!(starred(here.ledger.state()), ["a", "b"]);
    assert!(here.store.poll().operations.is_empty());
    // One's own change is found, too, but changes nothing.
    save(&mut here, star("c"));
    let changes = here.store.poll();
    assert!(!here.ledger.absorb(changes.operations));
}

#[test]
fn a_line_still_being_written_is_taken_when_it_is_whole() {
    let library = Library::new();
    let mut there = library.open_as("office", Access::Change);
    save(&mut there, star("a"));
    let whole = fs::read(library.journal()).unwrap();
    save(&mut there, star("b"));
    let more = fs::read(library.journal()).unwrap();
    drop(there);
    let journal = library.journal();
    fs::write(&journal, &whole).unwrap();
    let mut here = library.open(Access::Browse);
    for end in whole.len()..=more.len() {
        // In place, as an appending writer does.
        fs::OpenOptions::new().write(true).open(&journal).unwrap();
        std::os::unix::fs::FileExt::write_all_at(
            &fs::OpenOptions::new().write(true).open(&journal).unwrap(),
            &more[whole.len()..end],
            whole.len() as u64,
        )
        .unwrap();
        here.ledger.absorb(here.store.poll().operations);
    }
    assert_eq!(starred(here.ledger.state()), ["a", "b"]);
}

#[test]
fn the_library_file_is_watched() {
    let library = Library::new();
    let store = library.open(Access::Browse).store;
    assert_eq!(store.poll().library, LibraryChange::None);
    fs::write(&library.path, "[ ]").unwrap();
    assert_eq!(store.poll().library, LibraryChange::Changed);
    assert_eq!(store.poll().library, LibraryChange::None);
    fs::remove_file(&library.path).unwrap();
    assert_eq!(store.poll().library, LibraryChange::Missing);
    fs::write(&library.path, "[]").unwrap();
    assert_eq!(store.poll().library, LibraryChange::Changed);
    fs::write(&library.path, "[1]").unwrap();
    store.note_library();
    assert_eq!(store.poll().library, LibraryChange::None);
}

#[test]
fn links_to_a_library_share_its_state_and_stay_links() {
    let library = Library::new();
    let link = library.root.path().join("link.json");
    std::os::unix::fs::symlink(&library.path, &link).unwrap();
    let hard = library.path.with_file_name("hard.json");
    fs::hard_link(&library.path, &hard).unwrap();
    let directories = library.directories("home");
    let mut opened = open(&link, &directories, Access::Change);
    save(&mut opened, star("a"));
    assert_eq!(starred(library.open(Access::Read).ledger.state()), ["a"]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let mut opened = open(&hard, &directories, Access::Change);
    save(&mut opened, star("b"));
    assert_eq!(fs::metadata(&library.path).unwrap().nlink(), 2);
    assert!(hard.with_extension("offprint").is_dir());
}

#[test]
fn the_example_library_has_its_state_in_the_data_folder() {
    let library = Library::new();
    let directories = library.directories("home");
    let location = Location::of_example(&directories).unwrap();
    let mut opened = Store::open(location, &directories, Access::Change).unwrap();
    save(&mut opened, star("a"));
    let folder = library.root.path().join("home/data/example.offprint");
    assert_eq!(opened.store.folder(), folder);
    assert!(folder.is_dir());
}

#[test]
fn a_clock_that_went_back_between_two_runs_loses_no_change() {
    let library = Library::new();
    let mut opened = library.open(Access::Change);
    let operations = opened.ledger.edit(2_000_000_000_000, rate("a", 1));
    opened.store.commit(&operations).unwrap();
    drop(opened);
    let mut opened = library.open_as("office", Access::Change);
    let operations = opened.ledger.edit(1_000, rate("a", 5));
    opened.store.commit(&operations).unwrap();
    assert_eq!(
        library
            .open(Access::Read)
            .ledger
            .state()
            .summary("a")
            .rating,
        5
    );
}

#[test]
fn conflict_copies_of_sync_programs_are_merged() {
    let library = Library::new();
    let mut opened = library.open(Access::Change);
    save(&mut opened, star("base"));
    let base = fs::read(library.journal()).unwrap();
    save(&mut opened, star("here"));
    let here = fs::read(library.journal()).unwrap();
    drop(opened);
    for copy in [
        "sync-conflict-20260101-120000-ABCDEFG.jsonl",
        " (Ada's conflicted copy 2026-01-01).jsonl",
        ".jsonl (conflicted copy)",
    ] {
        fs::write(library.journal(), &base).unwrap();
        let mut opened = library.open(Access::Change);
        save(&mut opened, star("there"));
        drop(opened);
        let journal = library.journal();
        let stem = journal.file_stem().unwrap().to_str().unwrap().to_owned();
        let path = library.folder().join(format!("{stem}.{copy}"));
        fs::write(&path, &here).unwrap();
        let read = library.open(Access::Read);
        assert_eq!(
            starred(read.ledger.state()),
            ["base", "here", "there"],
            "{copy}"
        );
        assert!(read.problems.is_empty());
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn what_is_no_journal_keeps_nobody_waiting() {
    let library = Library::new();
    save(&mut library.open(Access::Change), star("a"));
    let fifo = library.folder().join("pipe.jsonl");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    fs::create_dir(library.folder().join("folder.jsonl")).unwrap();
    fs::write(
        library.folder().join("garbage.jsonl"),
        [0xFF, 0, b'\n', b'{', b'\n'],
    )
    .unwrap();
    fs::write(library.folder().join(".syncthing.x.jsonl.tmp"), "half").unwrap();
    let opened = library.open(Access::Change);
    assert_eq!(starred(opened.ledger.state()), ["a"]);
    assert_eq!(opened.unreadable.len(), 2, "{:?}", opened.unreadable);
    assert_eq!(opened.problems.total, 2);
    assert!(opened.store.poll().unreadable.is_empty(), "told once");
}

#[test]
fn a_change_that_cannot_be_saved_is_told_once_and_saved_when_it_can_be() {
    let library = Library::new();
    let mut opened = library.open(Access::Browse);
    fs::write(library.folder(), "in the way").unwrap();
    let (sender, events) = channel();
    let writer = opened
        .store
        .writer(move |event| drop(sender.send(event)))
        .unwrap();
    let ticket = writer.submit(&opened.ledger.edit(1, star("a")));
    let event = events.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(
        matches!(event, SaveEvent::NotSaved(told, _) if told == ticket),
        "{event:?}"
    );
    assert!(writer.flush(Duration::from_secs(20)).is_err());
    let second = writer.submit(&opened.ledger.edit(2, star("b")));
    fs::remove_file(library.folder()).unwrap();
    let mut saved = Vec::new();
    while saved.len() < 2 {
        match events.recv_timeout(Duration::from_secs(20)).unwrap() {
            SaveEvent::Saved(ticket) => saved.push(ticket),
            SaveEvent::NotSaved(told, _) => assert_eq!(told, second, "told once"),
        }
    }
    assert_eq!(saved, [ticket, second]);
    assert_eq!(
        starred(library.open(Access::Read).ledger.state()),
        ["a", "b"]
    );
}

#[test]
fn compaction_shortens_the_journal_and_changes_nothing_else() {
    let library = Library::new();
    let mut opened = library.open(Access::Change);
    let mut operations = Vec::new();
    for turn in 0..24_000_u32 {
        let paper = format!("p{}", turn % 7);
        let edit = Edit::new(paper, Vec::new(), Change::Rating((turn / 7 % 5 + 1) as u8));
        operations.extend(opened.ledger.edit(1, vec![edit]));
    }
    let comment = opened.ledger.new_comment(1, "p1", Vec::new(), "kept");
    operations.extend(opened.ledger.edit(1, vec![comment]));
    opened.store.commit(&operations).unwrap();
    let mut elsewhere = library.open_as("office", Access::Browse);
    let journal = library
        .folder()
        .join(format!("{}.jsonl", opened.ledger.writer()));
    // Left behind by a crash in the midst of the last one.
    fs::write(journal.with_extension("jsonl.tmp"), "half").unwrap();
    let before = fs::metadata(&journal).unwrap().len();
    assert!(opened.store.compact().unwrap() > 13_000);
    assert!(fs::metadata(&journal).unwrap().len() < before / 2);
    assert!(!journal.with_extension("jsonl.tmp").exists());
    assert_eq!(
        fs::metadata(&journal).unwrap().permissions().mode() & 0o777,
        0o600
    );
    save(&mut opened, star("after"));
    assert!(elsewhere.ledger.absorb(elsewhere.store.poll().operations));
    let read = library.open(Access::Read);
    assert_eq!(read.ledger.state(), opened.ledger.state());
    assert_eq!(elsewhere.ledger.state(), opened.ledger.state());
    opened.store.compact().unwrap();
    assert_eq!(
        opened.store.compact().unwrap(),
        0,
        "nothing is left to drop"
    );
}

#[test]
fn state_is_found_again_after_an_export_with_other_citekeys() {
    let library = Library::new();
    let mut opened = library.open(Access::Change);
    let doi = vec![Box::from("doi:10.1000/a")];
    save(
        &mut opened,
        vec![Edit::new("old", doi.clone(), Change::Starred(true))],
    );
    let mut ledger = library.open(Access::Read).ledger;
    ledger.state_mut().place(&Catalog::new([("new", doi)]));
    assert!(ledger.state().summary("new").starred);
}
