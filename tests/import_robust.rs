//! The readers of bibliographies take any bytes: no panic, work in proportion to the bytes, and spans that lie in the text.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use offprint::core::import::latex::{self, Field};
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
    if let Ok(import) = read(bytes, name) {
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

/// Time this thread has had on a processor, in ns. How busy the machine is does not change it.
#[cfg(target_os = "linux")]
fn processor_time() -> u64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    spent.split(' ').next().unwrap().parse().unwrap()
}

/// How many times as long the work on four times the text takes: 4 where every byte is looked at a bounded number of
/// times, 16 where each looks at all the others.
#[cfg(target_os = "linux")]
fn growth(unit: &str, bytes: usize, work: impl Fn(&str)) -> f64 {
    let cost = |text: &str| {
        let begun = processor_time();
        let mut calls = 0;
        loop {
            work(text);
            calls += 1;
            let spent = processor_time() - begun;
            // The clock goes on in steps of some ms.
            if spent > 30_000_000 {
                return spent as f64 / f64::from(calls);
            }
        }
    };
    let text = unit.repeat(bytes / unit.len());
    let four_times = text.repeat(4);
    // Whatever else the machine does spoils single measurements: one that is in order is enough.
    let mut least = f64::MAX;
    for _ in 0..3 {
        least = least.min(cost(&four_times) / cost(&text));
        if least < LINEAR {
            break;
        }
    }
    least
}

/// Between the growth of what is linear and of what is not.
#[cfg(target_os = "linux")]
const LINEAR: f64 = 9.0;

#[test]
#[cfg(target_os = "linux")]
fn growth_tells_what_is_linear_from_what_is_not() {
    let linear = |text: &str| {
        std::hint::black_box(text.bytes().filter(|byte| *byte == b'b').count());
    };
    let quadratic = |text: &str| {
        let parts = (0..text.len()).step_by(16).filter_map(|at| text.get(at..));
        let counts = parts.map(|rest| rest.bytes().filter(|byte| *byte == b'b').count());
        std::hint::black_box(counts.sum::<usize>());
    };
    assert!(growth("ab", 20_000, linear) < LINEAR);
    assert!(growth("ab", 20_000, quadratic) > LINEAR);
}

#[test]
#[cfg(target_os = "linux")]
fn files_of_one_thing_over_and_over_cost_what_their_length_is() {
    for (name, unit) in [
        ("x.bib", "@a{b,\n c={\n"),
        ("x.bib", "@a{b, c=\"\n d={"),
        ("x.bib", "@a{b, author={A and "),
        ("x.bib", "@a{b, crossref={b}}\n"),
        ("x.bib", " = {"),
        ("x.bib", "\n\n\n@"),
        ("x.bib", "@a{"),
        ("x.bib", "@"),
        ("x.bib", "@a{b,\n"),
        ("x.bib", "@a("),
        ("x.bib", "@comment{"),
        ("x.bib", "\n@a{b,{"),
        ("x.bib", "@a{\\{"),
        ("x.ris", "TY  - JOUR\n"),
        ("x.ris", "TY  - JOUR\nAU  - A\n more\n"),
        ("x.nbib", "PMID- 1\n"),
        ("x.nbib", "PMID- 1\n      "),
        ("x.xml", "<PubmedArticle>"),
        ("x.xml", "<record><titles>"),
        ("x.json", "[{\"id\":"),
        ("x.jsonl", "{\"id\":\"a\"}\n"),
    ] {
        let growth = growth(unit, 60_000, |text| {
            let _ = read(text.as_bytes(), name);
        });
        assert!(growth < LINEAR, "{name} {unit:?}: {growth}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn latex_of_one_thing_over_and_over_costs_what_its_length_is() {
    for unit in [
        r"\'{", "{", "}", "$", r"\url{", r"\emph{", r"{\it ", r"\'", "\\", "{a", r"\frac{",
        "a{b}c", r"\(",
    ] {
        for field in [Field::Title, Field::Text] {
            let growth = growth(unit, 20_000, |source| {
                let _ = latex::text(source, field);
            });
            assert!(growth < LINEAR, "{unit:?} {field:?}: {growth}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn markup_of_nothing_but_tags_costs_what_its_length_is() {
    for unit in [
        "<math>",
        "<i>",
        "</i>",
        "<",
        "&amp;",
        "<title>",
        "<tex-math>",
        "<mml:msub>",
        "<!--",
        "<?",
        "<![CDATA[",
        "<math><mi></",
    ] {
        let growth = growth(unit, 40_000, |text| {
            let _ = markup::clean(text);
        });
        assert!(growth < LINEAR, "{unit:?}: {growth}");
    }
}
