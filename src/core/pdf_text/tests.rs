use proptest::prelude::*;

use super::*;

/// Glyphs of a line of text; every character is as wide as half its size, and there are no spaces among them.
fn set(out: &mut Vec<Glyph>, x: f32, y: f32, size: f32, text: &str) {
    let mut at = x;
    for character in text.chars() {
        if character != ' ' {
            out.push(Glyph {
                x: at,
                y,
                advance: size / 2.0,
                size,
                character,
                is_bold: false,
            });
        }
        at += size / 2.0;
    }
}

fn page(number: u32, glyphs: &[Glyph]) -> PageText {
    PageText {
        number,
        height: 800.0,
        lines: lines(glyphs, 600.0),
        aside: String::new(),
    }
}

fn texts(glyphs: &[Glyph]) -> Vec<String> {
    lines(glyphs, 600.0)
        .into_iter()
        .map(|line| line.text)
        .collect()
}

#[test]
fn gaps_part_words_and_indices_stay_on_their_line() {
    let mut glyphs = Vec::new();
    set(&mut glyphs, 50.0, 100.0, 10.0, "two words");
    set(&mut glyphs, 96.0, 97.0, 6.0, "2");
    set(&mut glyphs, 50.0, 112.0, 10.0, "next");
    assert_eq!(texts(&glyphs), ["two words2", "next"]);
}

#[test]
fn ligatures_and_loose_accents_become_letters() {
    let mut glyphs = Vec::new();
    set(&mut glyphs, 50.0, 100.0, 10.0, "e\u{FB03}cient M");
    // TeX: the accent, and the letter moved back under it.
    let end = 50.0 + 5.0 * 9.0;
    for (character, x) in [('¨', end), ('u', end), ('l', end + 5.0)] {
        glyphs.push(Glyph {
            x,
            y: 100.0,
            advance: 5.0,
            size: 10.0,
            character,
            is_bold: false,
        });
    }
    assert_eq!(texts(&glyphs), ["efficient Mül"]);
}

fn two_columns(row_by_row: bool) -> Vec<Glyph> {
    let left: Vec<String> = (0..20)
        .map(|n| format!("left {n:02} fills its whole column up"))
        .collect();
    let right: Vec<String> = (0..20)
        .map(|n| format!("right {n:02} fills its own column too"))
        .collect();
    let mut glyphs = Vec::new();
    set(
        &mut glyphs,
        100.0,
        60.0,
        18.0,
        "A title over both of the columns here",
    );
    let y = |at: usize| 100.0 + 12.0 * at as f32;
    if row_by_row {
        for (at, (left, right)) in left.iter().zip(&right).enumerate() {
            set(&mut glyphs, 50.0, y(at), 10.0, left);
            set(&mut glyphs, 310.0, y(at), 10.0, right);
        }
    } else {
        for (x, column) in [(50.0, &left), (310.0, &right)] {
            for (at, line) in column.iter().enumerate() {
                set(&mut glyphs, x, y(at), 10.0, line);
            }
        }
    }
    glyphs
}

#[test]
fn columns_are_read_one_after_the_other_however_the_file_orders_them() {
    for row_by_row in [false, true] {
        let all = texts(&two_columns(row_by_row));
        assert_eq!(all.len(), 41, "{all:?}");
        assert_eq!(all[0], "A title over both of the columns here");
        assert!(
            all[1..21].iter().all(|line| line.starts_with("left")),
            "{all:?}"
        );
        assert!(
            all[21..].iter().all(|line| line.starts_with("right")),
            "{all:?}"
        );
    }
}

#[test]
fn cells_of_a_table_are_no_columns() {
    let mut glyphs = Vec::new();
    for row in 0..4 {
        let y = 100.0 + 12.0 * row as f32;
        set(&mut glyphs, 50.0, y, 10.0, "name");
        set(&mut glyphs, 400.0, y, 10.0, "12.5");
    }
    for row in 0..12 {
        let y = 160.0 + 12.0 * row as f32;
        set(
            &mut glyphs,
            50.0,
            y,
            10.0,
            &"text that goes over the whole width of the page ".repeat(2),
        );
    }
    assert_eq!(texts(&glyphs)[..2], ["name 12.5", "name 12.5"]);
}

/// A document of one column with these lines and sizes; an empty line leaves a gap.
fn column(lines: &[(f32, &str)]) -> Vec<PageText> {
    let mut glyphs = Vec::new();
    let mut y = 60.0;
    for (size, text) in lines {
        y += 1.2 * size;
        set(&mut glyphs, 50.0, y, *size, text);
    }
    vec![page(1, &glyphs)]
}

fn long(begin: &str) -> String {
    format!("{begin} words that fill the line to its very end and a bit more of them")
}

#[test]
fn paragraphs_lose_the_hyphens_of_their_lines_and_headings_stand_alone() {
    let (first, second) = (long("Some compre-"), long("Another"));
    let first = first.replace("and a bit more of them", "and more compre-");
    let pages = column(&[
        (16.0, "A title of more than four words"),
        (12.0, "1 Introduction"),
        (10.0, &first),
        (10.0, "hension is needed here, as in a well-"),
        (10.0, "known case; well-known is written so."),
        (12.0, "2 Methods"),
        (10.0, &second),
        (10.0, "line of it."),
    ]);
    let passages = compose(&pages);
    let kinds: Vec<Kind> = passages.iter().map(|passage| passage.kind).collect();
    let heading = Kind::Heading(1);
    assert_eq!(
        kinds,
        [
            Kind::Title,
            heading,
            Kind::Paragraph,
            heading,
            Kind::Paragraph
        ],
        "{passages:#?}"
    );
    let text = &passages[2].text;
    assert!(text.contains("comprehension is needed"), "{text}");
    assert!(text.contains("well-known case"), "{text}");
    assert_eq!(title(&pages).unwrap(), "A title of more than four words");
}

#[test]
fn running_heads_and_page_numbers_are_left_out() {
    let pages: Vec<PageText> = (1..=4)
        .map(|number| {
            let mut glyphs = Vec::new();
            set(
                &mut glyphs,
                50.0,
                30.0,
                8.0,
                &format!("A. Author et al. {number}"),
            );
            set(
                &mut glyphs,
                50.0,
                300.0,
                10.0,
                &format!("The text of page {number} that is read"),
            );
            set(&mut glyphs, 300.0, 780.0, 8.0, &number.to_string());
            page(number, &glyphs)
        })
        .collect();
    let all: String = compose(&pages)
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert!(!all.contains("Author"), "{all}");
    assert!(all.contains("page 4"), "{all}");
}

#[test]
fn the_doi_of_the_paper_is_taken_and_one_that_it_cites_is_not() {
    let doi = |lines: &[(f32, &str)]| named_by(&column(lines)).map(|one| one.to_string());
    let cited = "[1] A. Author. A work. doi:10.5555/cited";
    assert_eq!(doi(&[(10.0, "References"), (10.0, cited)]), None);
    assert_eq!(
        doi(&[
            (10.0, "https://doi.org/10.1234/own.1"),
            (10.0, "References"),
            (10.0, cited)
        ]),
        Some("DOI 10.1234/own.1".to_owned())
    );
    let stamped = PageText {
        aside: "arXiv:1706.03762v7 [cs.CL] 2 Aug 2023".to_owned(),
        ..PageText::default()
    };
    let found = named_by(&[stamped]).unwrap();
    assert_eq!(found.to_string(), "arXiv id 1706.03762v7");
}

#[test]
fn a_page_with_nothing_but_a_number_is_a_scan() {
    assert!(is_scanned(&column(&[(10.0, "7")])));
    assert!(is_scanned(&[PageText::default()]));
    assert!(!is_scanned(&column(&[(
        10.0,
        "A line of text that can be read"
    )])));
}

fn any_glyph() -> impl Strategy<Value = Glyph> {
    let odd = prop_oneof![
        8 => -100.0f32..700.0,
        1 => Just(f32::NAN),
        1 => Just(f32::INFINITY),
        1 => Just(-1e30f32),
    ];
    let letter = prop_oneof![6 => prop::char::range('a', 'z'), 2 => any::<char>(), 1 => Just(' ')];
    (
        odd.clone(),
        odd,
        -10.0f32..100.0,
        -1.0f32..60.0,
        letter,
        any::<bool>(),
    )
        .prop_map(|(x, y, advance, size, character, is_bold)| Glyph {
            x,
            y,
            advance,
            size,
            character,
            is_bold,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    /// Whatever stands anywhere: nothing breaks, and nothing reaches a screen that a terminal obeys.
    #[test]
    fn any_glyphs_give_text_that_can_be_shown(
        glyphs in prop::collection::vec(any_glyph(), 0..120),
        width in prop_oneof![Just(600.0f32), Just(0.0), Just(f32::NAN), Just(1e9)],
    ) {
        let text = PageText { number: 1, height: 800.0, lines: lines(&glyphs, width), aside: String::new() };
        let pages = vec![text.clone(), PageText { number: 2, ..text }];
        let _ = (title(&pages), named_by(&pages), is_scanned(&pages));
        for passage in compose(&pages) {
            prop_assert!(!passage.text.chars().any(char::is_control), "{:?}", passage.text);
        }
    }

    /// Letters are neither lost nor made: what is set in lines comes out, whichever column it stands in.
    #[test]
    fn letters_are_kept(words in prop::collection::vec("[a-z]{1,9}", 1..60)) {
        let mut glyphs = Vec::new();
        for (at, line) in words.chunks(6).enumerate() {
            set(&mut glyphs, 50.0, 100.0 + 12.0 * at as f32, 10.0, &line.join(" "));
        }
        let out: String = texts(&glyphs).join(" ");
        prop_assert_eq!(out, words.join(" "));
    }
}
