//! Papers that are alike.

use super::*;

#[test]
fn similar_papers_share_words_and_say_which() {
    let library = Library(vec![
        Paper::titled("CAR-T cell therapy for solid tumors")
            .with(Field::Abstract, "Persistence of CAR-T cells is low."),
        Paper::titled("Convergence of gradient descent")
            .with(Field::Abstract, "We study optimisation."),
        Paper::titled("A solid tumor and CAR-T persistence")
            .with(Field::Abstract, "Tumors resist."),
        Paper::titled("Cooking with gas"),
    ]);
    let similar = library.index().similar(PaperNo(0), 5, &library);
    assert_eq!(similar.first().map(|similar| similar.no), Some(PaperNo(2)));
    let terms = &similar[0].shared_terms;
    for term in ["car-t", "solid tumor", "persistence"] {
        assert!(
            terms.iter().any(|other| other == term),
            "{term} in {terms:?}"
        );
    }
    assert!(similar[0].score > 0.0 && similar[0].score <= 1.0);
    assert!(similar.iter().all(|similar| similar.no != PaperNo(3)));
}

#[test]
fn other_records_of_a_paper_are_not_similar_to_it() {
    let library = Library(vec![
        Paper::titled("Graph networks")
            .with(Field::Doi, "10.1/a")
            .in_year(2020),
        Paper::titled("Graph Networks!").in_year(2020),
        Paper::titled("Networks of graphs").with(Field::Doi, "10.1/A"),
        Paper::titled("Graph networks").in_year(2021),
        Paper::titled("Graph networks again").in_year(2020),
    ]);
    let mut found: Vec<u32> = library
        .index()
        .similar(PaperNo(0), 9, &library)
        .iter()
        .map(|similar| similar.no.0)
        .collect();
    found.sort_unstable();
    assert_eq!(found, [3, 4]);
}

#[test]
fn authors_and_references_are_evidence() {
    let library = Library(vec![
        Paper::titled("Alpha beta")
            .with(Field::Authors, "Yajie Wang; Mei Feng")
            .with(Field::Doi, "10.1/own")
            .citing(&["10.1/x", "10.1/y", "10.1/cited"]),
        Paper::titled("Gamma").with(Field::Authors, "Y. Wang"),
        Paper::titled("Delta").with(Field::Authors, "Yan Wang"),
        Paper::titled("Epsilon").citing(&["10.1/x", "10.1/y"]),
        Paper::titled("Zeta").with(Field::Doi, "10.1/cited"),
        Paper::titled("Eta").citing(&["10.1/own"]),
    ]);
    let similar = library.index().similar(PaperNo(0), 9, &library);
    let of = |no: u32| similar.iter().find(|similar| similar.no == PaperNo(no));
    assert_eq!(
        of(1).map(|similar| similar.shared_authors.clone()),
        Some(vec!["yajie wang".to_owned()])
    );
    assert!(of(2).is_none());
    assert_eq!(of(3).map(|similar| similar.shared_references), Some(2));
    assert_eq!(
        of(4).map(|similar| (similar.cited, similar.cites)),
        Some((true, false))
    );
    assert_eq!(
        of(5).map(|similar| (similar.cited, similar.cites)),
        Some((false, true))
    );
}

#[test]
fn a_text_finds_papers_about_it() {
    let library = Library::titled(&["Cooking with gas", "Graph neural networks", "A neural view"]);
    let similar = library
        .index()
        .similar_to_text("neural networks on graphs", 2, &library);
    assert_eq!(
        similar
            .iter()
            .map(|similar| similar.no.0)
            .collect::<Vec<_>>(),
        [1, 2]
    );
}
