use super::*;
use proptest::prelude::*;

fn ascii(raw: &str) -> String {
    rich(raw, Dialect::Ascii)
}

#[test]
fn accents_become_commands_in_bibtex() {
    for (raw, latex) in [
        ("Däßler", r#"D{\"a}{\ss}ler"#),
        ("García", r"Garc{\'\i}a"),
        (
            "Erdős Šťastný Çelik",
            r"Erd{\H o}s {\v S}{\v t}astn{\'y} {\c C}elik",
        ),
        ("Åke Ørsted Łukasz", r"{\AA}ke {\O}rsted {\L}ukasz"),
        ("Nguyễn Thế Ạ", r"Nguy{\~{\^e}}n Th{\'{\^e}} {\d A}"),
        ("ĭ ǰ ģ", r"{\u \i} {\v \j} {\c g}"),
        ("e\u{0301}", r"{\'e}"),
    ] {
        assert_eq!(ascii(raw), latex, "{raw}");
        assert_eq!(rich(raw, Dialect::Unicode), raw.replace("e\u{301}", "é"));
    }
}

#[test]
fn special_characters_are_escaped_in_both_dialects() {
    for dialect in [Dialect::Ascii, Dialect::Unicode] {
        assert_eq!(
            rich(r"50% & #1 a_b {x} c:\d ~ ^ | $5", dialect),
            r"50\% \& \#1 a\_b \textbraceleft{}x\textbraceright{} c:\textbackslash{}d \textasciitilde{} \textasciicircum{} \textbar{} \$5"
        );
        assert_eq!(rich("p < 0.05", dialect), r"p \textless{} 0.05");
    }
}

#[test]
fn dashes_quotes_and_symbols_have_their_latex_form() {
    assert_eq!(
        ascii("“A” – ‘b’ — 5\u{a0}µm ± 2 °C, x² → ∞…"),
        r"``A'' -- `b' --- 5~{\textmu}m {$\pm$} 2 {\textdegree}C, x\textsuperscript{2} {$\rightarrow$} {$\infty$}{\dots}"
    );
}

#[test]
fn greek_letters_are_symbols_and_greek_words_are_words() {
    assert_eq!(
        ascii("TGF-β and αβ T cells"),
        r"TGF-{$\beta$} and {$\alpha$}{$\beta$} T cells"
    );
    assert_eq!(ascii("Η ελληνική γλώσσα"), "Η ελληνική γλώσσα");
    assert_eq!(ascii("Привет 世界"), "Привет 世界");
}

#[test]
fn markup_becomes_commands() {
    assert_eq!(
        ascii(
            r#"<i>E. coli</i> CO<sub>2</sub> m<sup>2</sup> <b>x</b> <span class="nocase">pH</span>"#
        ),
        r"\emph{E. coli} CO\textsubscript{2} m\textsuperscript{2} \textbf{x} {{pH}}"
    );
    assert_eq!(ascii(r"Learning in $\ell_1$"), r"Learning in {$\ell_1$}");
}

#[test]
fn verbatim_fields_stay_readable_addresses() {
    assert_eq!(
        verbatim("https://x.org/a_b%20c?d=1&e=#f{g}", Dialect::Ascii),
        "https://x.org/a_b%20c?d=1&e=#f%7Bg%7D"
    );
    assert_eq!(
        verbatim("https://x.org/é è", Dialect::Ascii),
        "https://x.org/%C3%A9%20%C3%A8"
    );
    assert_eq!(
        verbatim("https://x.org/é", Dialect::Unicode),
        "https://x.org/é"
    );
}

fn depth_stays_balanced(text: &str) -> bool {
    let mut depth = 0_i64;
    text.chars().all(|c| {
        depth += i64::from(c == '{') - i64::from(c == '}');
        depth >= 0
    }) && depth == 0
}

proptest! {
    #[test]
    fn braces_are_balanced_and_nothing_dangerous_passes(raw in "([{}\\\\$a-z<>/&;#^_~%|é\u{301}α\u{202e}\u{7}\n ]|<i>|</i>|\\PC)*") {
        for dialect in [Dialect::Ascii, Dialect::Unicode] {
            for text in [rich(&raw, dialect), plain(&raw, dialect), verbatim(&raw, dialect)] {
                prop_assert!(depth_stays_balanced(&text), "{}", text);
                prop_assert!(!text.chars().any(crate::core::text::is_dangerous));
            }
        }
    }
}
