//! Which hits stand that rest on a typo, and what decides between equals.

use super::*;

#[test]
fn who_typed_a_whole_word_made_no_typo() {
    let library = Library::titled(&["BERT for all", "Best of all", "A test", "Beret and bertha"]);
    // "bertha" begins so, and stays.
    assert_eq!(library.find("bert"), [0, 3]);
    // The whole word is in an abstract alone: it may have been meant otherwise.
    let library = Library(vec![
        Paper::titled("Of everything").with(Field::Abstract, "we use bert"),
        Paper::titled("Best of all"),
    ]);
    assert_eq!(library.find("bert").len(), 2);
}

#[test]
fn beside_beginnings_few_typos_stand() {
    let mut titles: Vec<String> = (0..40)
        .map(|n| format!("A tranformer of kind {n}"))
        .collect();
    titles.push("Transformers".to_owned());
    titles.push("Transformations".to_owned());
    let library = Library(titles.iter().map(|title| Paper::titled(title)).collect());
    let found = library.find("transform");
    assert_eq!(found.get(..2), Some(&[40, 41][..]));
    assert!(found.len() <= ranking::WITH_TYPOS, "{found:?}");
    // Where no paper has the word as it was typed, all stand that it may be meant for.
    assert_eq!(library.find("transfromer kind").len(), 40);
}

#[test]
fn scores_belong_to_the_hits_that_are_left() {
    let library = Library::titled(&[
        "Best of all",
        "BERT for all",
        "Bertha and her friends at home",
    ]);
    let index = library.index();
    let hits = index.search(&Query::parse("bert"), &library, &|| false);
    let scores: Vec<f32> = (0..hits.total())
        .filter_map(|rank| hits.score(rank))
        .collect();
    assert_eq!(scores.len(), 2);
    assert!(scores[0] > scores[1] && scores[1] > 100.0, "{scores:?}");
}

#[test]
fn between_equals_the_newer_and_the_readers_own_come_first() {
    let paper = |year: i32| Paper::titled("On graphs").in_year(year);
    let library = Library(vec![
        paper(1990),
        paper(2020),
        paper(2005).used(),
        paper(2019),
    ]);
    assert_eq!(library.find("graphs"), [2, 1, 3, 0]);
}

#[test]
fn neither_age_nor_use_lifts_a_beginning_over_a_whole_word() {
    let library = Library(vec![
        Paper::titled("Graph").in_year(1950),
        Paper::titled("Graphs").in_year(2026).used(),
        Paper::titled("Grahp").in_year(2026).used(),
    ]);
    assert_eq!(library.find("graph"), [0, 1]);
    assert_eq!(library.find("graphs").first(), Some(&1));
}
