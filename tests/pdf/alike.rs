//! `offprint similar --file`: papers like that of a PDF.

use offprint::core::pdf_text::gist;
use serde_json::Value;

use super::paper::Paper;
use super::{Desk, err, out, text_of};

const ABSTRACT: &str = "Song birds learn their melodies from tutors while they are young. We recorded zebra finches over \
ninety days and compared the syllables of pupils with those of their tutors, and find that what is copied depends on the \
attention that a pupil pays while its tutor sings, not on how often the melody is heard.";
const OTHER: &str = "Concrete that is poured in winter sets slowly, and builders have warmed it with straw, steam and \
electricity. This section tells of the history of building in the cold, of its accidents, and of the rules that were made \
after them in several countries of the north, and how they were followed.";

const LIBRARY: &str = r#"[
{"id": "birds", "type": "article-journal", "title": "How zebra finches learn songs from tutors", "abstract": "Young finches copy the syllables of a tutor when they attend to its melody."},
{"id": "concrete", "type": "article-journal", "title": "Pouring concrete in winter", "abstract": "Rules for building in the cold, with straw and steam."},
{"id": "stars", "type": "article-journal", "title": "Spectra of distant stars", "DOI": "10.1234/stars", "abstract": "Light of stars, and of concrete mirrors."}]"#;

fn paper(sections: &[(&str, &str)]) -> Paper {
    let own = |(head, text): &(&str, &str)| ((*head).to_owned(), (*text).to_owned());
    Paper {
        title: "What pupils copy from the songs of their tutors".to_owned(),
        doi: None,
        sections: sections.iter().map(own).collect(),
        ..Paper::default()
    }
}

fn ids(output: &std::process::Output) -> Vec<String> {
    let found: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}{}", out(output), err(output)));
    let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
    found.as_array().unwrap().iter().map(id).collect()
}

#[test]
fn a_paper_is_about_what_its_abstract_says() {
    let with = paper(&[("Abstract", ABSTRACT), ("1 Introduction", OTHER)]);
    let read = gist(&text_of(&with.bytes()).unwrap().texts);
    assert_eq!(
        read.title,
        "What pupils copy from the songs of their tutors"
    );
    assert!(read.text.starts_with("Song birds learn"), "{}", read.text);
    assert!(read.text.ends_with("melody is heard."), "{}", read.text);
    // Without one, its beginning.
    let without = paper(&[("1 Introduction", ABSTRACT), ("2 Methods", OTHER)]);
    let read = gist(&text_of(&without.bytes()).unwrap().texts);
    assert!(
        read.text.contains("zebra finches") && read.text.contains("Concrete"),
        "{}",
        read.text
    );
}

#[test]
fn papers_like_a_pdf_are_found_by_its_abstract() {
    let desk = Desk::new(LIBRARY);
    let file = paper(&[("Abstract", ABSTRACT), ("1 Introduction", OTHER)]);
    std::fs::write(desk.path("new.pdf"), file.bytes()).unwrap();
    let found = desk.run(&["similar", "--file", "new.pdf", "--json"]);
    assert_eq!(
        ids(&found).first().map(String::as_str),
        Some("birds"),
        "{}",
        out(&found)
    );
    assert!(out(&found).contains("shares: "), "{}", out(&found));
}

#[test]
fn a_pdf_of_the_library_is_recognised() {
    let desk = Desk::new(LIBRARY);
    let mut file = paper(&[("Abstract", ABSTRACT)]);
    file.title = "Spectra of distant stars".to_owned();
    std::fs::write(desk.path("stars.pdf"), file.bytes()).unwrap();
    let found = desk.run(&["similar", "--file", "stars.pdf", "--json"]);
    assert!(
        err(&found).contains("stars.pdf is stars of this library"),
        "{}",
        err(&found)
    );
    assert!(
        !ids(&found).contains(&"stars".to_owned()),
        "{}",
        out(&found)
    );
}

#[test]
fn what_is_no_pdf_is_said() {
    let desk = Desk::new(LIBRARY);
    std::fs::write(desk.path("notes.pdf"), "no PDF").unwrap();
    for (file, word) in [
        ("none.pdf", "none.pdf: "),
        ("notes.pdf", "notes.pdf: this is no PDF"),
    ] {
        let output = desk.run(&["similar", "--file", file]);
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains(word), "{}", err(&output));
    }
    assert_eq!(desk.run(&["similar"]).status.code(), Some(2));
    let both = ["similar", "--file", "a.pdf", "--text", "x"];
    assert_eq!(desk.run(&both).status.code(), Some(2));
}
