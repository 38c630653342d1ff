//! Known-item queries: made from real titles and authors as a reader who half remembers a paper would type them, and
//! the best that any order of the papers could do on them.
//!
//! How a query is made is known, so for each paper the probability that the query was made from it is, too. The order by
//! that probability is the best there is: many papers have a Wang and "learning", and none of them is likelier than its
//! title is short and its authors are few.

use std::collections::{HashMap, HashSet};

use offprint::core::text::fold;

use super::memory_library::MemoryLibrary;

/// The kinds of queries.
pub(crate) const KINDS: [&str; 6] = [
    "prefixes", "order", "surname", "swap", "missing", "initials",
];

/// A query and the place of the paper that it was made from.
pub(crate) struct Made {
    pub(crate) kind: &'static str,
    pub(crate) query: String,
    pub(crate) paper: usize,
}

/// What queries are made from: of each paper the words of its title and the surnames of its authors.
pub(crate) struct KnownItems {
    words: Vec<Vec<String>>,
    surnames: Vec<Vec<String>>,
    initials: Vec<String>,
    /// The papers with a word, with a surname, and with three beginnings of words.
    having: HashMap<String, Vec<usize>>,
    named: HashMap<String, Vec<usize>>,
    beginning: HashMap<String, Vec<usize>>,
    /// Mistyped words of papers, with how many of all ways to mistype the word lead there.
    swapped: HashMap<String, Vec<(usize, f64)>>,
    missing: HashMap<String, Vec<(usize, f64)>>,
}

/// Words of five letters and more, but stop words, each once.
fn words(title: &str) -> Vec<String> {
    const STOP: [&str; 3] = ["using", "towards", "toward"];
    let folded = fold(title);
    let mut words: Vec<String> = Vec::new();
    for word in folded.split(|c: char| !c.is_ascii_lowercase()) {
        if word.len() >= 5 && !STOP.contains(&word) && !words.iter().any(|other| other == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// Surnames of four letters and more.
fn surnames(authors: &str) -> Vec<String> {
    let folded = fold(authors);
    let names = folded
        .split("; ")
        .filter_map(|name| name.split(' ').next_back());
    let plain =
        names.filter(|name| name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_lowercase()));
    plain.map(str::to_owned).collect()
}

/// `word` with two neighbours swapped, or a letter missing, after each of its inner letters.
fn mistyped(word: &str, swapped: bool) -> Vec<String> {
    (1..word.len() - 1)
        .map(|at| {
            let mut letters = word.as_bytes().to_vec();
            if swapped {
                letters.swap(at, at + 1);
            } else {
                letters.remove(at);
            }
            String::from_utf8(letters).expect("ASCII")
        })
        .collect()
}

/// The first four letters of the first three words.
fn beginnings(words: &[String]) -> String {
    let first = words
        .iter()
        .take(3)
        .map(|word| word.get(..4).unwrap_or(word));
    first.collect::<Vec<_>>().join(" ")
}

/// Numbers that look random: the same ones for the same seed (xorshift64*, Vigna 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    /// `count` of some, in the order in which they were drawn.
    fn draw<T: Clone>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut from = from.to_vec();
        (0..count.min(from.len()))
            .map(|_| from.swap_remove(self.below(from.len())))
            .collect()
    }
}

impl KnownItems {
    pub(crate) fn new(library: &MemoryLibrary) -> KnownItems {
        let of_texts = |texts: fn(&str) -> Vec<String>, at: usize| {
            let papers = library.papers.iter();
            papers
                .map(|paper| texts(&paper.texts[at]))
                .collect::<Vec<_>>()
        };
        let initials = library.papers.iter().map(|paper| {
            let folded = fold(&paper.texts[0]);
            let words = folded.split(|c: char| !c.is_ascii_lowercase());
            words
                .filter_map(|word| word.get(..1))
                .collect::<Vec<_>>()
                .concat()
        });
        let mut items = KnownItems {
            words: of_texts(words, 0),
            surnames: of_texts(surnames, 1),
            initials: initials.collect(),
            having: HashMap::new(),
            named: HashMap::new(),
            beginning: HashMap::new(),
            swapped: HashMap::new(),
            missing: HashMap::new(),
        };
        for (paper, words) in items.words.iter().enumerate() {
            // Of shorter titles no queries are made.
            if words.len() < 4 {
                continue;
            }
            let first = beginnings(words);
            items.beginning.entry(first).or_default().push(paper);
            for word in words {
                items.having.entry(word.clone()).or_default().push(paper);
                let share = 1.0 / (word.len() - 2) as f64;
                for (all, swapped) in [(&mut items.swapped, true), (&mut items.missing, false)] {
                    for typed in mistyped(word, swapped) {
                        all.entry(typed).or_default().push((paper, share));
                    }
                }
            }
            let names: HashSet<&String> = items.surnames[paper].iter().collect();
            for name in names {
                items.named.entry(name.clone()).or_default().push(paper);
            }
        }
        items
    }

    /// A hundred queries of each kind, made of papers by chance.
    pub(crate) fn make(&self, seed: u64) -> Vec<Made> {
        const EACH: usize = 100;
        let mut random = Random(seed);
        let mut order: Vec<usize> = (0..self.words.len()).collect();
        order = random.draw(&order, order.len());
        let mut made: Vec<Made> = Vec::new();
        for paper in order.into_iter().filter(|at| self.words[*at].len() >= 4) {
            let count = |kind: &&str| made.iter().filter(|made| made.kind == *kind).count();
            let open: Vec<&'static str> = KINDS
                .into_iter()
                .filter(|kind| count(kind) < EACH)
                .collect();
            let query = open.into_iter().find_map(|kind| {
                let query = self.query(kind, paper, &mut random)?;
                Some(Made { kind, query, paper })
            });
            made.extend(query);
        }
        made
    }

    fn query(&self, kind: &str, paper: usize, random: &mut Random) -> Option<String> {
        let words = &self.words[paper];
        match kind {
            "prefixes" => Some(beginnings(words)),
            "order" => Some(random.draw(words, 3).join(" ")),
            "surname" => {
                let name = random.draw(&self.surnames[paper], 1).pop()?;
                Some(format!("{name} {}", random.draw(words, 1).concat()))
            }
            "swap" => {
                let two = random.draw(words, 2);
                let slips = mistyped(&two[1], true);
                Some(format!("{} {}", two[0], random.draw(&slips, 1).concat()))
            }
            "missing" => {
                let word = random.draw(words, 1).concat();
                let typed = random.draw(&mistyped(&word, false), 1).concat();
                let name = random.draw(&self.surnames[paper], 1).pop()?;
                Some(format!("{typed} {name}"))
            }
            _ => {
                let initials = &self.initials[paper];
                (initials.len() >= 5).then(|| initials.chars().take(6).collect())
            }
        }
    }

    /// The papers that a query may have been made from, and how likely it was, up to a factor; the likeliest first,
    /// equal ones in the order of the library. Initials are left out: they tell nearly every paper.
    pub(crate) fn likely(&self, kind: &str, query: &str) -> Vec<(usize, f64)> {
        let typed: Vec<&str> = query.split(' ').collect();
        let none = Vec::new();
        let having = |word: &str| self.having.get(word).unwrap_or(&none);
        let of_words = |paper: usize| self.words[paper].len() as f64;
        let of_names = |paper: usize, name: &str| {
            let names = &self.surnames[paper];
            let same = names.iter().filter(|other| *other == name).count();
            same as f64 / names.len() as f64
        };
        let slips = |all: &HashMap<String, Vec<(usize, f64)>>, word: &str| {
            let mut papers: HashMap<usize, f64> = HashMap::new();
            for (paper, share) in all.get(word).into_iter().flatten() {
                *papers.entry(*paper).or_default() += share;
            }
            papers
        };
        let mut likely: Vec<(usize, f64)> = match (kind, typed.as_slice()) {
            ("prefixes", _) => {
                let papers = self.beginning.get(query).unwrap_or(&none);
                papers.iter().map(|paper| (*paper, 1.0)).collect()
            }
            ("order", [first, rest @ ..]) => {
                let all = having(first).iter().copied().filter(|paper| {
                    rest.iter()
                        .all(|word| self.words[*paper].iter().any(|other| other == word))
                });
                let of = |paper| {
                    let count = of_words(paper);
                    1.0 / (count * (count - 1.0) * (count - 2.0))
                };
                all.map(|paper| (paper, of(paper))).collect()
            }
            ("surname", [name, word]) => {
                let papers = having(word).iter().copied();
                papers
                    .filter(|paper| !self.surnames[*paper].is_empty())
                    .map(|paper| (paper, of_names(paper, name) / of_words(paper)))
                    .collect()
            }
            ("swap", [word, mistyped]) => {
                let papers = slips(&self.swapped, mistyped).into_iter();
                papers
                    .filter(|(paper, _)| self.words[*paper].iter().any(|other| other == word))
                    .map(|(paper, share)| {
                        (paper, share / of_words(paper) / (of_words(paper) - 1.0))
                    })
                    .collect()
            }
            ("missing", [mistyped, name]) => {
                let named = self.named.get(*name).unwrap_or(&none);
                let papers = slips(&self.missing, mistyped).into_iter();
                papers
                    .filter(|(paper, _)| named.binary_search(paper).is_ok())
                    .map(|(paper, share)| (paper, share / of_words(paper) * of_names(paper, name)))
                    .collect()
            }
            _ => Vec::new(),
        };
        likely.retain(|(_, how)| *how > 0.0);
        likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        likely
    }
}
