//! Libraries of any size, always the same: made-up words with the frequencies of a language (Zipf's law), 190 of them
//! an abstract.

use std::borrow::Cow;

use offprint::core::index::{Document, Index, IndexBuilder, SearchTexts};
use offprint::core::paper::PaperNo;
use offprint::core::query::Field;

/// A paper, all texts folded already.
pub(crate) struct Paper {
    pub(crate) title: String,
    pub(crate) authors: String,
    pub(crate) venue: String,
    pub(crate) id: String,
    pub(crate) abstract_text: String,
    head: String,
    pub(crate) year: i32,
}

/// Papers with accessors as a library has them.
pub(crate) struct SyntheticLibrary {
    pub(crate) papers: Vec<Paper>,
}

/// Marsaglia's xorshift: quick, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end.max(1)
    }

    /// A rank among `words` words, the first ones the most frequent.
    fn rank(&mut self, words: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((words as f64).powf(share) as usize).saturating_sub(1)
    }
}

/// The word of a rank: syllables that spell its number.
fn word(rank: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "ta", "no", "re", "bi", "so", "lu", "ke", "mi", "an", "er", "in", "sta", "gra", "phi",
        "con", "tor",
    ];
    let mut word = String::new();
    let mut left = rank + 16;
    while left > 0 {
        word += SYLLABLES.get(left % 16).copied().unwrap_or_default();
        left /= 16;
    }
    word
}

fn text(chance: &mut Chance, count: usize, words: usize) -> String {
    let all: Vec<String> = (0..count).map(|_| word(chance.rank(words))).collect();
    all.join(" ")
}

impl SyntheticLibrary {
    pub(crate) fn new(size: usize) -> SyntheticLibrary {
        let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
        // Vocabularies grow about with the square root of the text (Heaps' law).
        let words = 400 * (size as f64).sqrt() as usize;
        let papers = (0..size)
            .map(|number| {
                let (long, many) = (6 + chance.below(8), 1 + chance.below(7));
                let title = text(&mut chance, long, words);
                let authors: Vec<String> = (0..many)
                    .map(|_| format!("{} {}", word(chance.below(900)), word(chance.rank(60_000))))
                    .collect();
                let authors = authors.join("; ");
                let venue = format!("journal of {}", word(chance.rank(300)));
                let id = format!("key{number}");
                let head = format!("{title}\n{authors}\n{venue}\n{id}");
                Paper {
                    abstract_text: text(&mut chance, 190, words),
                    year: 1990 + chance.below(36) as i32,
                    title,
                    authors,
                    venue,
                    id,
                    head,
                }
            })
            .collect();
        SyntheticLibrary { papers }
    }

    pub(crate) fn index(&self) -> Index {
        let mut builder = IndexBuilder::new();
        for paper in &self.papers {
            builder.add(&Document {
                title: &paper.title,
                authors: &paper.authors,
                venue: &paper.venue,
                year: Some(paper.year),
                id: &paper.id,
                abstract_text: &paper.abstract_text,
                ..Document::default()
            });
        }
        builder.finish()
    }
}

impl SearchTexts for SyntheticLibrary {
    fn folded(&self, no: PaperNo, field: Field) -> Cow<'_, str> {
        let text = self.papers.get(no.index()).map_or("", |paper| match field {
            Field::Title => &paper.title,
            Field::Authors => &paper.authors,
            Field::Venue => &paper.venue,
            Field::Id => &paper.id,
            Field::Abstract => &paper.abstract_text,
            Field::Keywords | Field::Doi => "",
        });
        Cow::Borrowed(text)
    }

    fn head(&self, no: PaperNo) -> Option<Cow<'_, str>> {
        let paper = self.papers.get(no.index())?;
        Some(Cow::Borrowed(&paper.head))
    }

    fn year(&self, no: PaperNo) -> Option<i32> {
        self.papers.get(no.index()).map(|paper| paper.year)
    }
}
