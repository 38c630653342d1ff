//! What is made of a document: its text in order, its title and its DOI.

use offprint::core::pdf_text::{Kind, compose, is_scanned, named_by, title};

use super::paper::{Paper, Place};
use super::writer::{About, Font, Page, document};
use super::{Ask, ask, text_of};

const INTRODUCTION: &str = "Reading papers is a craft that takes comprehension, and comprehension takes time. Müller \
and others have found that the first efficient reading of a paper gives most of its substance, while the second gives \
the rest, and that underlining does nothing whatsoever for either of them.\n\nWe follow their observations and describe \
how a terminal may help: with little light, few colours, and keyboards that answer instantly. Nothing else in this \
paragraph matters, except that it goes on for long enough to be hyphenated at several places along the way.";
const METHODS: &str = "Twenty four readers read ninety six papers. Each reading was timed, questioned afterwards and \
repeated after one fortnight. Statistical significance was established with permutation tests, whose assumptions are \
weaker than those of others, and reported together with intervals of confidence throughout the manuscript.";

fn sections() -> Vec<(String, String)> {
    let section = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let mut sections = vec![
        section("1 Introduction", INTRODUCTION),
        section("2 Methods", METHODS),
    ];
    for number in 3..9 {
        let text = format!("{METHODS} {INTRODUCTION}");
        sections.push(section(
            &format!("{number} Results of part {number}"),
            &text,
        ));
    }
    sections.push(section(
        "References",
        "[1] A. Author. A cited work. Journal of Citing, 12, 2020. doi:10.9999/cited.2020",
    ));
    sections
}

/// Text without spaces and hyphens, to be compared whatever the lines were.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn text_comes_in_reading_order_without_the_marks_of_its_lines() {
    for (two_columns, row_by_row) in [(false, false), (true, false), (true, true)] {
        let paper = Paper {
            two_columns,
            row_by_row,
            head: Some("Example et al. / Journal of Examples 12 (2026) 1-14".to_owned()),
            sections: sections(),
            ..Paper::default()
        };
        let read = text_of(&paper.bytes()).unwrap();
        assert_eq!(read.pages as usize, read.texts.len());
        let passages = compose(&read.texts);
        let headings: Vec<&str> = passages
            .iter()
            .filter(|passage| matches!(passage.kind, Kind::Heading(_)))
            .map(|passage| passage.text.as_str())
            .collect();
        let wanted: Vec<&str> = paper
            .sections
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(headings, wanted, "two columns: {two_columns}, {row_by_row}");
        let all: String = passages.iter().map(|one| bare(&one.text)).collect();
        let text: String = paper
            .sections
            .iter()
            .map(|(name, text)| bare(name) + &bare(text))
            .collect();
        // The footer of the first page stands somewhere in between.
        let footer = bare("https://doi.org/10.1234/abcd.2026.001. Published by Nobody Press.");
        assert!(
            all.replace(&footer, "").contains(&text),
            "two columns: {two_columns}, {row_by_row}\n{passages:#?}"
        );
        let whole: String = passages.iter().map(|one| one.text.clone() + "\n").collect();
        assert!(whole.contains("Müller and others"), "{whole}");
        assert!(whole.contains("first efficient reading"), "{whole}");
        assert!(
            whole.contains("takes comprehension, and comprehension"),
            "{whole}"
        );
        assert!(!whole.contains("Journal of Examples"), "{whole}");
        let first = passages
            .iter()
            .find(|one| one.text.starts_with("Reading papers"))
            .unwrap();
        let ends = first.text.ends_with("for either of them.");
        assert!(ends, "a paragraph is one passage: {}", first.text);
    }
}

/// Papers of every make; how many give their DOI and their title.
#[test]
fn papers_give_their_doi_and_their_title() {
    let titles = [
        "Attention flows through the networks of careful readers",
        "A study of reading",
        "Deep residual learning for the recognition of papers that nobody has read to their end and never will",
        "On the (in)efficiency of underlining: evidence from ninety-six papers",
    ];
    let (mut all, mut dois, mut found) = (0, 0, 0);
    let mut missed = Vec::new();
    for wanted_title in titles {
        for two_columns in [false, true] {
            for place in [Place::Head, Place::Foot, Place::UnderTheTitle] {
                for dress in 0..4 {
                    let is_stamped = dress == 3;
                    let number = all + 1;
                    let paper = Paper {
                        title: wanted_title.to_owned(),
                        doi: (!is_stamped).then(|| format!("10.1234/abc-{number}.(2026)")),
                        doi_place: place,
                        stamp: is_stamped.then(|| format!("2501.{number:05}v2")),
                        logo: (dress % 2 == 1).then(|| "EXAMPLE PRESS".to_owned()),
                        head: (dress >= 1).then(|| "Journal of Examples 12 (2026) 1-14".to_owned()),
                        two_columns,
                        row_by_row: dress == 2,
                        sections: sections(),
                        sizes: if dress == 1 {
                            (14.0, 9.0)
                        } else {
                            (17.0, 10.0)
                        },
                    };
                    let read = text_of(&paper.bytes()).unwrap();
                    all += 1;
                    let named = named_by(&read.texts).map(|one| one.value().to_owned());
                    let wanted = paper.doi.clone().or(paper.stamp.clone());
                    dois += usize::from(named == wanted);
                    let is_titled = title(&read.texts).as_deref() == Some(wanted_title);
                    found += usize::from(is_titled);
                    if named != wanted || !is_titled {
                        missed.push(format!(
                            "{place:?} {dress} {two_columns}: {named:?}, {:?}",
                            title(&read.texts)
                        ));
                    }
                }
            }
        }
    }
    eprintln!("{dois} of {all} identifiers and {found} of {all} titles were found");
    assert_eq!((dois, found), (all, all), "{missed:#?}");
}

#[test]
fn a_scan_says_that_it_has_no_text() {
    let mut page = Page::default();
    page.grey_box(50.0, 50.0, 500.0, 700.0);
    let read = text_of(&document(&[page], &About::default())).unwrap();
    assert!(is_scanned(&read.texts));
}

#[test]
fn a_page_is_drawn_as_large_as_it_fits() {
    let mut page = Page::default();
    page.text(100.0, 100.0, 40.0, Font::Bold, "Black on white");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, document(&[page], &About::default())).unwrap();
    let pictures = Ask::Pictures {
        width: 400,
        height: 400,
        pages: vec![1],
    };
    let read = ask(&path, &pictures).unwrap();
    let picture = &read.pictures[0];
    assert_eq!(picture.height, 400);
    assert!((305..=310).contains(&picture.width), "{picture:?}");
    assert_eq!(picture.rgba.len(), 4 * 400 * picture.width as usize);
    let dark = picture.rgba.chunks(4).filter(|pixel| pixel[0] < 60).count();
    assert!(dark > 200 && dark < 20_000, "{dark} dark pixels");
    assert!(picture.rgba.chunks(4).all(|pixel| pixel[3] == 255));
    let huge = Ask::Pictures {
        width: u32::MAX,
        height: u32::MAX,
        pages: vec![1],
    };
    let read = ask(&path, &huge).unwrap();
    assert_eq!(read.pictures[0].height, 4000);
}
