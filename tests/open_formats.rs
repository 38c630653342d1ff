//! Bibliographies in other formats open as they are: listed, shown, cited and noted without conversion.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use std::path::Path;

use program::{Home, Said};

fn with_fixture(name: &str) -> Home {
    let home = Home::new();
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/import"));
    home.file(name, std::fs::read(folder.join(name)).unwrap());
    home
}

/// Ids and titles of a list.
fn listed(said: &Said) -> Vec<(&str, &str)> {
    assert_eq!(said.code, 0, "{}", said.err);
    said.out
        .lines()
        .map(|line| {
            let mut columns = line.split('\t');
            (columns.next().unwrap(), columns.next().unwrap())
        })
        .collect()
}

#[test]
fn every_format_is_listed_as_it_is() {
    for (name, expected) in [
        (
            "refs.ris",
            vec![
                ("brandt2021", "On the DNA of Imaginary Beetles"),
                ("ito1998", "Paper and Ink"),
            ],
        ),
        (
            "refs.nbib",
            vec![
                (
                    "pmid90000001",
                    "Sleep of imaginary beetles: a study of nothing",
                ),
                ("pmid90000002", "A second record"),
            ],
        ),
        (
            "pubmed.xml",
            vec![("pmid90000003", "Uptake of CO₂ by Coccinella")],
        ),
        ("endnote.xml", vec![("okafor2015", "Numbers & Names")]),
        (
            "arxiv.jsonl",
            vec![
                ("2101.00001", "Beetles on a Lattice"),
                ("2101.00002", "A Second Lattice"),
            ],
        ),
    ] {
        let home = with_fixture(name);
        let said = home.run(["list", "--library", name]);
        assert_eq!(said.err, "", "{name}");
        let found = listed(&said);
        assert_eq!(found.len(), expected.len(), "{name}");
        for ((id, title), (expected_id, expected_title)) in found.iter().zip(expected) {
            assert!(id.starts_with(expected_id), "{name}: {id}");
            assert_eq!(*title, expected_title, "{name}");
        }
    }
}

#[test]
fn a_broken_entry_of_a_bib_file_costs_no_other() {
    let home = with_fixture("refs.bib");
    let said = home.run(["list", "--library", "refs.bib"]);
    let ids: Vec<_> = listed(&said)
        .iter()
        .map(|(id, _)| (*id).to_owned())
        .collect();
    assert_eq!(
        ids,
        [
            "brandt2021",
            "ito1998",
            "okafor2020",
            "proc2020",
            "paren1999"
        ]
    );
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    // The entry that could not be read is the one to be named.
    assert!(said.err.contains("refs.bib:37:1: "), "{}", said.err);
    assert!(
        said.err.contains("5 read, 1 with a problem"),
        "{}",
        said.err
    );
    let untouched = std::fs::read(home.path().join("refs.bib")).unwrap();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/import/refs.bib");
    assert_eq!(untouched, std::fs::read(fixture).unwrap());
}

#[test]
fn papers_of_a_bib_file_are_shown_cited_searched_and_noted() {
    let home = with_fixture("refs.bib");
    let library = ["--library", "refs.bib"];
    let run = |arguments: &[&str]| {
        let said = home.run(library.iter().chain(arguments));
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
        said.out
    };
    let cited = run(&["cite", "brandt2021", "--style", "apa"]);
    for part in [
        "Brandt, J.",
        "van der Meer, A.",
        "Institute of Small Things",
        "(2021)",
        "4(2), 11–19",
        "10.5555/things.2021.11",
    ] {
        assert!(cited.contains(part), "{part} in {cited}");
    }
    let part = run(&["cite", "okafor2020", "--format", "csl"]);
    assert!(
        part.contains("Proceedings of the Workshop on Numbers"),
        "{part}"
    );
    let shown = run(&["show", "ito1998"]);
    assert!(
        shown.contains("Paper House") && shown.contains("1998"),
        "{shown}"
    );
    let found = run(&["search", "imaginary beetles"]);
    assert!(found.starts_with("brandt2021"), "{found}");
    run(&["tag", "brandt2021", "insects"]);
    assert!(home.path().join("refs.offprint").is_dir());
    let tagged = run(&["search", "tag:insects"]);
    assert!(tagged.starts_with("brandt2021"), "{tagged}");
}

#[test]
fn encodings_are_read_or_refused_with_a_reason() {
    let home = Home::new();
    home.file("old.bib", b"@book{m, title={M\xFCller and Sons}}");
    let said = home.run(["list", "--library", "old.bib"]);
    assert_eq!(listed(&said), [("m", "Müller and Sons")]);
    assert!(
        said.err.contains("old.bib:1:18: ") && said.err.contains("byte 17"),
        "{}",
        said.err
    );
    let wide: Vec<u8> = std::iter::once(0xFEFF_u16)
        .chain("@book{m, title={Ü}}".encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    home.file("wide.bib", &wide);
    assert_eq!(
        listed(&home.run(["list", "--library", "wide.bib"])),
        [("m", "Ü")]
    );
    home.file("bare.bib", &wide[2..]);
    let said = home.run(["list", "--library", "bare.bib"]);
    assert_eq!(said.code, 1);
    home.file("words.bib", "hello world");
    let said = home.run(["list", "--library", "words.bib"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("no entry of BibTeX"), "{}", said.err);
}
