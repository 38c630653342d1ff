//! What holds for all libraries and queries.

use super::*;
use proptest::prelude::*;

/// Words that are neither mistyped nor initials nor years, so that only exact rules decide.
const WORD: &str = "[bc]{1,2}[xz]1[bc]{0,2}";

fn paper() -> impl Strategy<Value = Paper> {
    let text = || {
        prop::collection::vec(
            (WORD, prop::sample::select(vec![" ", " ", "-", ", ", "'"])),
            0..5,
        )
        .prop_map(|words| {
            words
                .into_iter()
                .map(|(word, gap)| word + gap)
                .collect::<String>()
        })
    };
    (text(), text(), text(), text(), text()).prop_map(|(title, authors, venue, keywords, body)| {
        Paper::titled(&title)
            .with(Field::Authors, &authors.replace(", ", "; "))
            .with(Field::Venue, &venue)
            .with(Field::Keywords, &keywords)
            .with(Field::Abstract, &body)
    })
}

/// Whether a paper has a word, by reading it as plainly as possible.
fn has(paper: &Paper, word: &str, whole: bool, only: Option<Field>) -> bool {
    Field::ALL.iter().any(|field| {
        let text = &paper.texts[*field as usize];
        let parts = if *field == Field::Authors {
            text.split("; ").collect()
        } else {
            vec![text.as_str()]
        };
        let allowed = match only {
            Some(only) => only == *field,
            None => *field != Field::Doi && (*field != Field::Abstract || whole || word.len() >= 3),
        };
        allowed
            && parts.iter().any(|part| {
                let fits = |other: &str| {
                    if whole {
                        other == word
                    } else {
                        other.starts_with(word)
                    }
                };
                let runs: Vec<&str> = part.split([' ', ',', ';']).collect();
                runs.iter().any(|run| {
                    let pieces: Vec<&str> = run
                        .split(['-', '\''])
                        .filter(|piece| !piece.is_empty())
                        .collect();
                    let joined = pieces.concat();
                    pieces.iter().any(|piece| fits(piece))
                        || (2..=6).contains(&pieces.len()) && joined.len() <= 40 && fits(&joined)
                })
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn hits_are_those_of_a_plain_reading(
        papers in prop::collection::vec(paper(), 0..12),
        words in prop::collection::vec((WORD, 1_usize..6, any::<bool>(), any::<bool>(), prop::sample::select(vec![None, Some(Field::Title), Some(Field::Authors), Some(Field::Abstract), Some(Field::Keywords)])), 1..4),
    ) {
        let library = Library(papers);
        let mut query = String::new();
        let mut wanted: Vec<u32> = (0..library.0.len() as u32).collect();
        for (word, cut, whole, negated, field) in words {
            let word = word.get(..if whole { word.len() } else { cut.min(word.len()) }).unwrap_or_default();
            let sign = if negated { "-" } else { "" };
            let name = field.map_or(String::new(), |field| format!("{}:", field.name()));
            let quote = if whole { "'" } else { "" };
            query.extend([sign, name.as_str(), quote, word, " "]);
            wanted.retain(|no| {
                let own_tag = field == Some(Field::Keywords) && *no == 0 && "mine".starts_with(word);
                (own_tag || has(&library.0[*no as usize], word, whole, field)) != negated
            });
        }
        let mut found = library.find(&query);
        found.sort_unstable();
        prop_assert_eq!(&found, &wanted, "{}", query);
        let mut scanned = library.scan(&query);
        scanned.sort_unstable();
        prop_assert_eq!(&scanned, &wanted, "{}", query);
    }

    #[test]
    fn phrases_are_found_by_index_and_scan_alike(
        papers in prop::collection::vec(paper(), 0..10),
        words in prop::collection::vec(WORD, 1..3),
        closed in any::<bool>(),
    ) {
        let library = Library(papers);
        let query = format!("\"{}{}", words.join(" "), if closed { "\"" } else { "" });
        let (mut found, mut scanned) = (library.find(&query), library.scan(&query));
        found.sort_unstable();
        scanned.sort_unstable();
        prop_assert_eq!(found, scanned, "{}", query);
    }

    #[test]
    fn any_query_is_answered(query in "\\PC{0,20}|[a-z'\"^: -]{0,20}", titles in prop::collection::vec("\\PC{0,20}", 0..5)) {
        let library = Library(titles.iter().map(|title| Paper::titled(title)).collect());
        let hits = library.index().search(&Query::parse(&query), &library, &|| false);
        let mut numbers = hits.papers().to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), hits.total());
        let scores: Vec<_> = (0..hits.total()).map(|rank| hits.score(rank).unwrap()).collect();
        prop_assert!(scores.is_sorted_by(|a, b| a >= b), "{:?}", scores);
        prop_assert_eq!(hits.score(hits.total()), None);
    }

    #[test]
    fn similar_papers_never_include_the_paper(papers in prop::collection::vec(paper(), 1..10)) {
        let library = Library(papers);
        let index = library.index();
        for no in 0..library.0.len() as u32 {
            let similar = index.similar(PaperNo(no), 4, &library);
            prop_assert!(similar.len() <= 4);
            for other in &similar {
                prop_assert!(other.no != PaperNo(no) && (0.0..=1.0).contains(&other.score));
            }
            prop_assert_eq!(&similar, &index.similar(PaperNo(no), 4, &library));
        }
    }
}
