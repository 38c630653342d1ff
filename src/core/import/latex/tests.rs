use super::*;
use proptest::prelude::*;

#[test]
fn accents_letters_and_signs_become_unicode() {
    for (source, expected) in [
        (
            r#"G{\"o}del and M\"uller, {\'E}mile, \'{e}t\'e"#,
            "Gödel and Müller, Émile, été",
        ),
        (
            r"Erd{\H o}s, \v{S}koda, \c{C}elik, \c c, Poincar{\'{e}}",
            "Erdős, Škoda, Çelik, ç, Poincaré",
        ),
        (
            r#"na\"{\i}ve \i na\'\i f {\aa}r \AA{} \o re \ss{}"#,
            "naïve ınaíf år Å øre ß",
        ),
        (r"{\relax Yu}. E.", "Yu. E."),
        (r"Nguy{\~{\^e}}n", "Nguyễn"),
        (r"A \& B \% C \_ D \# \$5 \{x\}", "A & B % C _ D # $5 {x}"),
        (r"1990--2000 --- a~b", "1990–2000 — a\u{A0}b"),
        (
            r"``quoted'' and `single' isn't",
            "“quoted” and ‘single’ isn’t",
        ),
        (r"\LaTeX{} and \TeX", "LaTeX and TeX"),
        (r"a\textemdash b\textendash{}c", "a—b–c"),
        (r"\textquoteleft x\textquoteright", "‘x’"),
        (r"10\,\textmu m, 5\textdegree C", "10\u{2009}µm, 5°C"),
        (r"\foo{bar} baz", "bar baz"),
        (r"a\\b", "a b"),
        ("a\n   b\n\n c", "a b\nc"),
        (r"\url{http://x.org/a_b}", "http://x.org/a_b"),
        (r"\href{http://x.org}{Site}", "Site"),
        (r"{\noopsort{1973b}}1973", "1973"),
        (r"p &lt; 0.05 &amp; more", "p < 0.05 & more"),
        (r"\^{} and \~{}", "^ and ~"),
        (r#"\char"00E9"#, "é"),
        ("e\u{301}", "é"),
    ] {
        assert_eq!(text(source, Field::Text), expected, "{source}");
    }
}

#[test]
fn fonts_become_tags_and_formulas_unicode() {
    for (source, expected) in [
        (r"The \emph{E. coli} gene", "The <i>E. coli</i> gene"),
        (
            r"{\it In vivo} and {\bf bold}",
            "<i>In vivo</i> and <b>bold</b>",
        ),
        (
            r"CO\textsubscript{2} 10\textsuperscript{$-$3}",
            "CO<sub>2</sub> 10<sup>−3</sup>",
        ),
        (
            r"\textsc{Acm}",
            "<span style=\"font-variant:small-caps;\">Acm</span>",
        ),
        (
            r"$\alpha$-helix and H$_2$O and $x^{n+1}$",
            "α-helix and H<sub>2</sub>O and x<sup>n+1</sup>",
        ),
        (r"$\Sigma$$\Delta$ {$\beta$}", "ΣΔ β"),
        (
            r"$\mathbb{R}^n$ \(\leq\) \ensuremath{\pm}",
            "ℝ<sup>n</sup> ≤ ±",
        ),
        (r"$\frac{a}{b}$", "a/b"),
        (r"$\weird{x}$", r"$\weird{x}$"),
        (r"costs $5 million or $10", "costs $5 million or $10"),
        (r"\emph{open", "<i>open</i>"),
    ] {
        assert_eq!(text(source, Field::Text), expected, "{source}");
    }
}

#[test]
fn braces_in_titles_protect_case_word_by_word() {
    let wrap = |word: &str| format!("<span class=\"nocase\">{word}</span>");
    for (source, expected) in [
        (
            "The {DNA} of {B}ayesian",
            format!("The {} of {}", wrap("DNA"), wrap("Bayesian")),
        ),
        ("{{A Whole Title}}", "A Whole Title".to_owned()),
        ("The {{eBay}} case", format!("The {} case", wrap("eBay"))),
        (
            "Pre{CAM}bria in {New York}",
            format!("{} in {}", wrap("PreCAMbria"), wrap("New York")),
        ),
        ("{D}{N}{A}", wrap("DNA")),
        (r#"G{\"o}del"#, "Gödel".to_owned()),
        ("In {2020}", "In 2020".to_owned()),
        (r"{\emph{x}} y", "<i>x</i> y".to_owned()),
        (r"On {$\beta$}-cells", "On β-cells".to_owned()),
    ] {
        // A Greek letter is a letter; whether it is protected changes nothing that is printed.
        let found = text(source, Field::Title).replace(&wrap("β"), "β");
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn names_keep_straight_quotes_and_plain_spaces() {
    assert_eq!(text("Donald~E.", Field::Plain), "Donald E.");
    assert_eq!(text("O'Neil", Field::Plain), "O'Neil");
    assert_eq!(text(r"\emph{X}", Field::Plain), "X");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tags_are_balanced_whatever_the_source(
        source in r"([a-c {}$^_~`'-]|\\emph|\\textbf\{|\\'|\\c |\\alpha|\\it |\\frac|\\\\|\\url\{|\\PC)*"
    ) {
        for field in [Field::Title, Field::Text, Field::Plain] {
            let text = text(&source, field);
            for (open, close) in [("<i>", "</i>"), ("<b>", "</b>"), ("<span", "</span>"), ("<sup>", "</sup>")] {
                prop_assert_eq!(text.matches(open).count(), text.matches(close).count(), "{}", text);
            }
        }
    }
}
