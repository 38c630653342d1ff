//! The readers of bibliographies take any bytes: no panic, no long time, and spans that lie in the text.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::time::{Duration, Instant};

use offprint::core::import::{markup, read};
use proptest::prelude::*;

/// A file of each format, for mutations.
const SEEDS: [(&str, &str); 8] = [
    (
        "x.bib",
        "@string{a = \"b\"}\n@article{k, author = {M{\\\"u}ller, Hans and {The Group} and others}, title = {On {DNA} $x_2$ \\emph{in vivo}},\n \
         journal = a # { c}, year = 2020, month = mar # \"--\" # may, pages = {1--9}, crossref = {p}, file = {:a.pdf:PDF}}\n\
         @proceedings(p, title = \"P\", keywords = {a; b})\n@comment{jabref-meta: grouping:\n0 AllEntriesGroup:;\n1 StaticGroup:T\\;0\\;1\\;;\n}\n",
    ),
    (
        "x.ris",
        "TY  - JOUR\nAU  - de la Mare, W.\nTI  - T <i>x</i>\n more\nPY  - 2020/03/04/\nSP  - 1\nEP  - 9\nDO  - 10.1/x\nKW  - a;b\nER  - \n",
    ),
    (
        "x.nbib",
        "PMID- 1\nTI  - T\n      more.\nFAU - A, B Jr\nAU  - A B\nDP  - 2010 Sep-Oct\nPG  - 561-7\nLID - 10.1/x [doi]\nMH  - *C, d\n\nPMID- 2\nTI  - U\n",
    ),
    (
        "x.xml",
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>A <i>b</i> &amp; <mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math></ArticleTitle>\
         <AuthorList><Author><LastName>A</LastName></Author></AuthorList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
    ),
    (
        "y.xml",
        "<xml><records><record><ref-type name=\"Book\">6</ref-type><titles><title><style face=\"italic\">T</style></title></titles><dates><year>2018</year></dates></record></records></xml>",
    ),
    (
        "x.json",
        "[{\"id\":\"a\",\"title\":\"T\",\"issued\":{\"date-parts\":[[2020]]}},{\"id\":\"b\"}]",
    ),
    (
        "x.jsonl",
        "{\"id\":\"a\"}\n{\"id\":\"1\",\"authors_parsed\":[[\"A\",\"B\",\"\"]]}\n",
    ),
    (
        "z.json",
        "{\"config\":{},\"collections\":{\"A\":{\"name\":\"T\",\"parent\":\"A\",\"items\":[1]}},\"items\":[{\"itemType\":\"book\",\"itemID\":1,\"title\":\"T\",\"creators\":[{\"lastName\":\"A\"}],\"tags\":[{\"tag\":\"t\"}],\"date\":\"2020\"}]}",
    ),
];

fn check(bytes: &[u8], name: &str) -> Result<(), TestCaseError> {
    let started = Instant::now();
    let import = read(bytes, name);
    prop_assert!(started.elapsed() < Duration::from_secs(5));
    if let Ok(import) = import {
        let mut end = 0;
        for entry in &import.entries {
            prop_assert!(entry.span.start >= end && entry.span.end >= entry.span.start);
            // The text may be longer than the bytes where an encoding was decoded.
            prop_assert!(entry.span.end <= bytes.len() * 3);
            prop_assert!(entry.line >= 1);
            end = entry.span.end;
        }
    }
    Ok(())
}

#[derive(Debug, Clone)]
enum Mutation {
    Cut(usize),
    Remove(usize, usize),
    Insert(usize, Vec<u8>),
    Repeat(usize, usize, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = 0_usize..600;
    prop_oneof![
        at.clone().prop_map(Mutation::Cut),
        (at.clone(), 1_usize..40).prop_map(|(at, len)| Mutation::Remove(at, len)),
        (
            at.clone(),
            proptest::sample::select(vec![
                b"{".to_vec(),
                b"}".to_vec(),
                b"@".to_vec(),
                b"\"".to_vec(),
                b"\\".to_vec(),
                b"$".to_vec(),
                b"<".to_vec(),
                b"\n".to_vec(),
                b"\xFF".to_vec(),
                b"\0".to_vec(),
                b"\\'".to_vec(),
                b"\n@book{x,".to_vec(),
                "é\u{301}".as_bytes().to_vec(),
                b", = #".to_vec(),
                b"&lt;".to_vec(),
            ])
        )
            .prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        (at, 1_usize..60, 2_usize..6).prop_map(|(at, len, times)| Mutation::Repeat(at, len, times)),
    ]
}

fn mutate(bytes: &mut Vec<u8>, mutation: &Mutation) {
    let clamp = |at: usize, bytes: &[u8]| at.min(bytes.len());
    match mutation {
        Mutation::Cut(at) => bytes.truncate(*at),
        Mutation::Remove(at, len) => {
            let (from, to) = (clamp(*at, bytes), clamp(at + len, bytes));
            bytes.drain(from..to);
        }
        Mutation::Insert(at, new) => {
            let at = clamp(*at, bytes);
            bytes.splice(at..at, new.iter().copied());
        }
        Mutation::Repeat(at, len, times) => {
            let (from, to) = (clamp(*at, bytes), clamp(at + len, bytes));
            let part = bytes[from..to].repeat(*times);
            bytes.splice(to..to, part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2000), which in 0..SEEDS.len()) {
        check(&bytes, SEEDS[which].0)?;
    }

    #[test]
    fn damaged_files_are_read_as_far_as_they_go(
        which in 0..SEEDS.len(), mutations in proptest::collection::vec(mutation(), 1..6)
    ) {
        let (name, seed) = SEEDS[which];
        let mut bytes = seed.as_bytes().to_vec();
        for mutation in &mutations {
            mutate(&mut bytes, mutation);
        }
        check(&bytes, name)?;
    }

    #[test]
    fn markup_of_any_text_is_read(text in "(<i>|</i>|<math>|<msub>|</|<jats:p>|&lt;|&amp;|<tex-math>|[a-c<>&; ]|\\PC)*") {
        let clean = markup::clean(&text);
        prop_assert!(clean.len() <= text.len() * 8 + 100);
    }
}

#[test]
fn files_of_one_thing_over_and_over_take_no_long_time() {
    for (name, unit) in [
        ("x.bib", "@a{b,\n c={\n"),
        ("x.bib", "@a{b, c=\"\n d={"),
        ("x.bib", "@a{b, author={A and "),
        ("x.bib", "@a{b, crossref={b}}\n"),
        ("x.bib", " = {"),
        ("x.bib", "\n\n\n@"),
        ("x.ris", "TY  - JOUR\n"),
        ("x.ris", "TY  - JOUR\nAU  - A\n more\n"),
        ("x.nbib", "PMID- 1\n"),
        ("x.nbib", "PMID- 1\n      "),
        ("x.xml", "<PubmedArticle>"),
        ("x.xml", "<record><titles>"),
        ("x.json", "[{\"id\":"),
        ("x.jsonl", "{\"id\":\"a\"}\n"),
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        let started = Instant::now();
        let _ = read(text.as_bytes(), name);
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "{name} {unit:?}"
        );
    }
}
