mod forgiving;
mod likeness;
mod properties;

use super::*;
use crate::core::query::Query;
use crate::core::text::fold;

/// Papers in memory: texts in the order of [`Field::ALL`].
#[derive(Debug, Clone, Default)]
struct Paper {
    texts: [String; 7],
    year: Option<i32>,
    references: Vec<String>,
    used: bool,
}

impl Paper {
    fn titled(title: &str) -> Paper {
        Paper::default().with(Field::Title, title)
    }

    fn with(mut self, field: Field, text: &str) -> Paper {
        self.texts[field as usize] = text.to_owned();
        self
    }

    fn in_year(mut self, year: i32) -> Paper {
        self.year = Some(year);
        self
    }

    fn used(mut self) -> Paper {
        self.used = true;
        self
    }

    fn citing(mut self, dois: &[&str]) -> Paper {
        self.references = dois.iter().map(|doi| (*doi).to_owned()).collect();
        self
    }
}

struct Library(Vec<Paper>);

impl Library {
    fn titled(titles: &[&str]) -> Library {
        Library(titles.iter().map(|title| Paper::titled(title)).collect())
    }

    fn index(&self) -> Index {
        let mut builder = IndexBuilder::new();
        for paper in &self.0 {
            let references: Vec<&str> = paper.references.iter().map(String::as_str).collect();
            let [title, authors, venue, keywords, id, doi, abstract_text] =
                paper.texts.each_ref().map(String::as_str);
            builder.add(&Document {
                title,
                authors,
                venue,
                year: paper.year,
                keywords,
                id,
                doi,
                abstract_text,
                references: &references,
            });
        }
        builder.finish()
    }

    fn find(&self, query: &str) -> Vec<u32> {
        let hits = self.index().search(&Query::parse(query), self, &|| false);
        hits.papers().iter().map(|no| no.0).collect()
    }

    fn scan(&self, query: &str) -> Vec<u32> {
        let hits = scan(&Query::parse(query), self.0.len(), self, true, &|| false);
        hits.papers().iter().map(|no| no.0).collect()
    }
}

impl SearchTexts for Library {
    fn folded(&self, no: PaperNo, field: Field) -> Cow<'_, str> {
        fold(&self.0[no.index()].texts[field as usize])
    }

    fn year(&self, no: PaperNo) -> Option<i32> {
        self.0[no.index()].year
    }

    fn own_use(&self, no: PaperNo) -> f32 {
        f32::from(u8::from(self.0[no.index()].used))
    }

    fn holds(&self, no: PaperNo, filter: &Filter) -> bool {
        // For the tests: papers with an even number are starred, the first has the tag "mine".
        match filter {
            Filter::Is(_) => no.0.is_multiple_of(2),
            Filter::Tag(tag) => no.0 == 0 && "mine".starts_with(tag.as_str()),
            _ => false,
        }
    }
}

#[test]
fn an_exact_title_word_comes_first() {
    let library = Library(vec![
        Paper::titled("A study of nets").with(Field::Abstract, "graph graph graph"),
        Paper::titled("Graphs of many kinds and other things"),
        Paper::titled("On everything that one may call a graph in this long title"),
        Paper::titled("Other").with(Field::Authors, "Anna Graph"),
        Paper::titled("Other").with(Field::Venue, "Graph"),
    ]);
    assert_eq!(library.find("graph"), [2, 3, 1, 4, 0]);
}

#[test]
fn the_title_that_was_typed_comes_first_of_many() {
    let mut titles: Vec<String> = (0..600)
        .map(|n| format!("Attention in systems of kind {n}"))
        .collect();
    titles.push("Attention".to_owned());
    let library = Library(titles.iter().map(|title| Paper::titled(title)).collect());
    assert_eq!(library.find("attention").first(), Some(&600));
}

#[test]
fn all_words_must_match_in_any_order() {
    let library = Library::titled(&[
        "Deep graph learning",
        "Graph theory",
        "Learning deep graphs",
    ]);
    assert_eq!(library.find("graph deep"), [0, 2]);
    assert_eq!(library.find("graph -deep"), [1]);
    assert_eq!(library.find("deep !'graphs"), [0]);
    assert_eq!(library.find(""), [0, 1, 2]);
    assert_eq!(library.find("-deep"), [1]);
}

#[test]
fn names_are_found_by_any_spelling() {
    let library = Library(
        [
            "Jürgen Müller",
            "Jurgen Muller",
            "Juergen Mueller",
            "Paul Erdős",
        ]
        .map(|name| Paper::default().with(Field::Authors, name))
        .to_vec(),
    );
    for query in ["müller", "Muller", "MUELLER", "author:muelle", "jurgen"] {
        let mut found = library.find(query);
        found.sort_unstable();
        assert_eq!(found, [0, 1, 2], "{query}");
        let mut found = library.scan(query);
        found.sort_unstable();
        assert_eq!(found, [0, 1, 2], "{query}");
    }
    assert_eq!(library.find("erdos"), [3]);
    assert_eq!(library.find("title:erdos"), Vec::<u32>::new());
}

#[test]
fn compounds_are_found_joined_or_apart() {
    let library = Library::titled(&["Multi-head attention", "Multihead attention", "Many heads"]);
    for query in ["multihead", "multi-head", "multi-he"] {
        let mut found = library.find(query);
        found.sort_unstable();
        assert_eq!(found, [0, 1], "{query}");
    }
    assert_eq!(library.find("'head"), [0]);
}

#[test]
fn typos_are_forgiven_and_marked() {
    let library = Library::titled(&["Graph neural networks", "Graph theory", "Neutral atoms"]);
    let index = library.index();
    let hits = index.search(&Query::parse("graph nueral"), &library, &|| false);
    assert_eq!(hits.papers(), [PaperNo(0)]);
    assert!(hits.is_typo(PaperNo(0)));
    let hits = index.search(&Query::parse("graph neural"), &library, &|| false);
    assert!(!hits.is_typo(PaperNo(0)));
    assert_eq!(library.find("gpu"), Vec::<u32>::new());
    assert_eq!(library.find("netwroks"), [0]);
}

#[test]
fn a_known_word_may_be_mistyped_too() {
    // "suer" begins no word of the paper that is meant, and many others have it.
    let mut papers: Vec<Paper> = (0..40)
        .map(|n| Paper::titled("Suer values").with(Field::Authors, &format!("Name{n}")))
        .collect();
    papers.push(Paper::titled("Super resolution").with(Field::Authors, "Li Jiang"));
    assert_eq!(Library(papers).find("suer jiang"), [40]);
}

#[test]
fn what_is_asked_for_whole_is_not_forgiven() {
    let library = Library::titled(&["Graph neural networks"]);
    assert_eq!(library.find("'nueral"), Vec::<u32>::new());
    assert_eq!(library.find("\"nueral\""), Vec::<u32>::new());
    assert_eq!(library.find("\"neural\""), [0]);
}

#[test]
fn initials_find_their_title() {
    let library = Library::titled(&[
        "Attention Is All You Need",
        "A Survey: Attention Is All You Need Today",
        "Other things",
    ]);
    assert_eq!(library.find("aiayn"), [0, 1]);
    assert_eq!(library.find("'aiayn"), Vec::<u32>::new());
}

#[test]
fn years_and_filters_narrow() {
    let library = Library(
        (0..6)
            .map(|n| {
                Paper::titled("Networks")
                    .with(Field::Authors, "Ada Byron")
                    .in_year(2018 + n)
            })
            .collect(),
    );
    assert_eq!(library.find("byron 2020"), [2]);
    let sorted = |query: &str| {
        let (mut found, mut scanned) = (library.find(query), library.scan(query));
        found.sort_unstable();
        scanned.sort_unstable();
        assert_eq!(found, scanned, "{query}");
        found
    };
    assert_eq!(sorted("2020..2021"), [2, 3]);
    assert_eq!(sorted("networks ..2019"), [0, 1]);
    assert_eq!(sorted("-2019.."), [0]);
    assert_eq!(sorted("networks 202"), [2, 3, 4, 5]);
    assert_eq!(sorted("is:starred"), [0, 2, 4]);
    assert_eq!(sorted("-is:starred networks"), [1, 3, 5]);
    assert_eq!(sorted("tag:mi"), [0]);
}

#[test]
fn ids_and_dois_are_found() {
    let library = Library(vec![
        Paper::titled("One")
            .with(Field::Id, "feng2026")
            .with(Field::Doi, "10.3389/fimmu.2026.1755751"),
        Paper::titled("Two")
            .with(Field::Id, "arXiv:2508.06122")
            .with(Field::Doi, "10.1000/other"),
    ]);
    for (query, wanted) in [
        ("feng2026", 0),
        ("key:feng", 0),
        ("2508.06122", 1),
        ("10.3389/fimmu.2026", 0),
        ("https://doi.org/10.1000/other", 1),
        ("doi:fimmu", 0),
    ] {
        assert_eq!(library.find(query), [wanted], "{query}");
        assert_eq!(library.scan(query), [wanted], "{query}");
    }
    assert_eq!(library.find("250"), Vec::<u32>::new());
}

#[test]
fn chinese_is_found_inside_a_run() {
    let library = Library::titled(&["深層学習による構文解析", "構文解析の高速化", "学ぶ"]);
    assert_eq!(library.find("学習"), [0]);
    assert_eq!(library.find("学"), [2, 0]);
    assert_eq!(library.find("構文解析"), [1, 0]);
    assert_eq!(library.find("化"), [1]);
}

#[test]
fn title_starts_are_told_apart() {
    let library = Library::titled(&["Deep learning", "On deep learning", "Multi-head deep"]);
    assert_eq!(library.find("^deep"), [0]);
    assert_eq!(library.find("^multihead"), [2]);
    assert_eq!(library.find("^multi-head"), [2]);
}

#[test]
fn a_search_can_be_given_up() {
    let library = Library::titled(&["Deep learning"]);
    let hits = library
        .index()
        .search(&Query::parse("deep"), &library, &|| true);
    assert!(hits.is_cancelled() && hits.total() == 0);
}

#[test]
fn an_empty_library_answers() {
    let library = Library(Vec::new());
    let index = library.index();
    assert!(index.is_empty());
    assert_eq!(library.find("graph"), Vec::<u32>::new());
    assert!(index.similar(PaperNo(0), 5, &library).is_empty());
    assert!(index.similar_to_text("graph", 5, &library).is_empty());
}
