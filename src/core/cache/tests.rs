//! Caches of small libraries, whole and damaged.

use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::core::index::{Document, Index, IndexBuilder};
use crate::core::library::{
    Builder, Library, MemorySource, Spared, Texts, build_index_sparing, keep_segments,
};
use crate::core::paper::PaperNo;
use crate::core::query::Query;

/// A cache in memory, as it is written to a file.
struct Written {
    contents: Contents,
    bytes: Vec<u8>,
    open: usize,
}

impl Written {
    fn new() -> Written {
        let (contents, bytes) = Contents::begin();
        let open = bytes.len();
        Written {
            contents,
            bytes,
            open,
        }
    }

    fn finish(mut self, key: &Key) -> Vec<u8> {
        self.bytes.extend(self.contents.finish(key));
        self.bytes
    }
}

impl Shelf for Written {
    fn append(&mut self, bytes: &[u8]) {
        self.contents.append(bytes);
        self.bytes.extend_from_slice(bytes);
    }

    fn end(&mut self, name: &str) -> Piece {
        let piece = Piece::of(self.bytes[self.open..].to_vec());
        let (start, len, padding) = self.contents.end_section(name);
        assert_eq!((start as usize, len as usize), (self.open, piece.len()));
        self.append(&vec![0; padding]);
        self.open = self.bytes.len();
        piece
    }
}

fn key() -> Key {
    Key {
        path: b"/papers/library.json".to_vec(),
        size: 1,
        ..Key::default()
    }
}

/// A library of papers that share words, and one that has a problem.
fn json(papers: usize) -> Vec<u8> {
    const WORDS: [&str; 7] = [
        "graph",
        "neural",
        "tumor",
        "car-t",
        "Müller",
        "深度学习",
        "attention",
    ];
    let items: Vec<String> = (0..papers)
        .map(|at| {
            let word = |step: usize| WORDS[(at * step + step) % WORDS.len()];
            format!(
                r#"{{"id":"p{at}","title":"{} {} number {at}","author":[{{"family":"{}","given":"A"}}],"DOI":"10.1/{at}",
                "issued":{{"date-parts":[[{}]]}},"abstract":"{} {} of {}"}}"#,
                word(1), word(2), word(4), 1990 + at % 30, word(3), word(5), word(1)
            )
        })
        .collect();
    format!("[{},\n{{\"nothing\":1}}]", items.join(",\n")).into_bytes()
}

struct Made {
    source: MemorySource,
    library: Library,
    index: Index,
    cache: Vec<u8>,
}

fn made(papers: usize) -> Made {
    let json = json(papers);
    let source = MemorySource::new(json.clone());
    let mut builder = Builder::new();
    builder.feed(&json).unwrap();
    builder.finish().unwrap();
    let problems = builder.take_problems();
    let library = builder.into_library();
    let mut shelf = Written::new();
    keep_segments(library.segments(), &mut shelf);
    let spared = Spared::default();
    let index = build_index_sparing(&library, &source, &mut |_| true, &mut shelf, spared);
    library.keep_rest(&problems, &mut shelf);
    Made {
        index: index.unwrap().unwrap(),
        cache: shelf.finish(&key()),
        source,
        library,
    }
}

fn open(bytes: Vec<u8>) -> Result<(Cache, Library, Index), CacheError> {
    let cache = Cache::open(&Bytes::from(bytes))?;
    let (library, _) = Library::open(&cache)?;
    let index = Index::open(&|name| cache.section(name))?;
    Ok((cache, library, index))
}

/// What a reader would see of a library, by way of most of its columns.
fn answers(library: &Library, index: &Index, source: &MemorySource) -> Vec<String> {
    let texts = Texts { library, source };
    let mut answers = Vec::new();
    for query in [
        "graph num",
        "muller",
        "2003",
        "\"neural tumor",
        "tumro",
        "深度",
    ] {
        let hits = index.search(&Query::parse(query), &texts, &|| false);
        let papers: Vec<_> = hits
            .papers()
            .iter()
            .take(30)
            .map(|no| (no, library.title(*no)))
            .collect();
        answers.push(format!("{query}: {papers:?}"));
    }
    for no in [0, 5, 11].map(PaperNo) {
        let similar = index.similar(no, 5, &texts);
        let names: Vec<_> = library.authors(no).map(|author| author.full).collect();
        answers.push(format!(
            "{} {names:?} {:?} {:?} {} {similar:?}",
            library.id(no),
            library.year(no),
            library.span(no),
            library.line(no)
        ));
    }
    answers.push(format!("{:?}", library.find_id("p7")));
    answers
}

#[test]
fn a_cache_answers_as_what_it_was_made_of() {
    let made = made(1500);
    let (cache, library, index) = open(made.cache.clone()).unwrap();
    assert_eq!(cache.key(), &key());
    assert_eq!((library.len(), index.len()), (1500, 1500));
    assert_eq!(Library::open(&cache).unwrap().1.total(), 1);
    let wanted = answers(&made.library, &made.index, &made.source);
    assert!(
        wanted[0].len() > 100 && wanted[6].contains("shared_terms"),
        "{wanted:?}"
    );
    assert_eq!(answers(&library, &index, &made.source), wanted);
    assert!(cache.whole().check_all() && !library.is_damaged() && !index.is_damaged());
    for no in made.library.numbers() {
        assert_eq!(library.title(no), made.library.title(no));
        assert_eq!(library.kind(no), made.library.kind(no));
        assert_eq!(
            library.authors_truncated(no),
            made.library.authors_truncated(no)
        );
    }
}

#[test]
fn a_section_beside_the_index_is_read_back() {
    let mut shelf = Written::new();
    let shelf_ref: &mut dyn Shelf = &mut shelf;
    shelf_ref.bytes("vectors", &vec![7; 40_000]);
    let cache = Cache::open(&Bytes::from(shelf.finish(&key()))).unwrap();
    assert_eq!(cache.section("vectors").unwrap().all(), vec![7; 40_000]);
    assert!(cache.section("others").is_none());
}

#[test]
fn another_version_and_another_byte_order_are_refused() {
    let cache = made(3).cache;
    for at in [12, 16] {
        let mut other = cache.clone();
        other[at] ^= 1;
        assert_eq!(open(other).err(), Some(CacheError::Version));
    }
    assert_eq!(open(Vec::new()).err(), Some(CacheError::Incomplete));
    assert_eq!(open(vec![0; 4096]).err(), Some(CacheError::Incomplete));
}

/// Sums up everything that is put on it.
#[derive(Default)]
struct Sum(crc32fast::Hasher, MemoryShelf);

impl Shelf for Sum {
    fn append(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
        self.1.append(bytes);
    }

    fn end(&mut self, name: &str) -> Piece {
        self.0.update(name.as_bytes());
        self.1.end(name)
    }
}

/// Words, weights and layouts of another meaning must not be read from an old cache: whoever changes them raises
/// [`VERSION`] and puts the new sum here.
#[test]
fn the_version_tells_what_the_columns_mean() {
    let mut sum = Sum::default();
    let mut builder = IndexBuilder::new();
    for (title, authors, abstract_text) in [
        (
            "Attention Is All You Need",
            "Ashish Vaswani; Noam Shazeer",
            "The transformers of sequences, multi-head.",
        ),
        (
            "Deep Residual Learning",
            "Kaiming He",
            "Deeper neural networks are harder to train: 深度学习.",
        ),
    ] {
        builder.add(&Document {
            title,
            authors,
            venue: "Journal of Tests",
            year: Some(2017),
            keywords: "learning, Müller",
            id: "vaswani2017",
            doi: "10.1/x",
            abstract_text,
            references: &["10.1/x", "10.1/y"],
        });
    }
    builder.finish_on(&mut sum);
    assert_eq!((VERSION, sum.0.finalize()), (2, 439_811_963));
}

#[test]
fn a_damaged_block_is_noticed_when_it_is_used_and_not_before() {
    let mut made = made(1500);
    let (_, library, _) = open(made.cache.clone()).unwrap();
    let place = made
        .cache
        .windows(10)
        .position(|text| text == b"number 700")
        .unwrap();
    assert_eq!(
        library.title(PaperNo(700)).len(),
        library.title(PaperNo(707)).len()
    );
    made.cache[place] ^= 0x20;
    let (_, library, index) = open(made.cache).unwrap();
    assert!(library.title(PaperNo(1400)).ends_with("number 1400"));
    assert!(!library.is_damaged());
    assert_eq!(library.title(PaperNo(700)), "");
    assert!(library.is_damaged() && index.is_damaged());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_cache_is_refused_or_noticed_or_answers_the_same(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 0..4),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        thread_local! {
            static MADE: (Arc<Made>, Vec<String>) = {
                let made = made(40);
                let wanted = answers(&made.library, &made.index, &made.source);
                (Arc::new(made), wanted)
            };
        }
        let (made, wanted) = MADE.with(Clone::clone);
        let mut bytes = made.cache.clone();
        for (at, bits) in &flips {
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok((cache, library, index)) = open(bytes.clone()) {
            let found = answers(&library, &index, &made.source);
            prop_assert!(found == wanted || library.is_damaged(), "{:?}\n{:?}", found, wanted);
            prop_assert_eq!(library.is_damaged(), cache.whole().is_damaged());
            prop_assert_eq!(cache.whole().check_all(), bytes == made.cache);
        }
    }
}
