use super::*;
use proptest::prelude::*;

fn keys(manuscript: Manuscript, text: &str) -> Vec<String> {
    let found = Citations::read(manuscript, text);
    found.keys.into_iter().map(|cited| cited.key).collect()
}

#[test]
fn an_aux_names_what_bibtex_and_biber_are_to_look_up() {
    let text = "\\relax\n\\citation{a,b}\n\\citation{a}\n\\abx@aux@cite{0}{c}\n\\abx@aux@cite{d}\n\\@input{two.aux}\n\
                \\bibcite{e}{1}\n\\bibdata{refs}\n";
    assert_eq!(keys(Manuscript::Aux, text), ["a", "b", "c", "d"]);
    let found = Citations::read(Manuscript::Aux, text);
    assert_eq!(
        (found.includes, found.everything),
        (vec!["two.aux".to_owned()], false)
    );
    assert_eq!(found.keys[2].line, 4);
    assert!(Citations::read(Manuscript::Aux, "\\citation{*}\n").everything);
}

#[test]
fn every_relative_of_cite_is_known() {
    for (text, expected) in [
        (r"\cite{a}", &["a"][..]),
        (r"\citep[see][p.~3]{a, b}", &["a", "b"]),
        (r"\citet*{a}\citeauthor{b}", &["a", "b"]),
        (
            r"\Textcite{a} \footcitetext[1]{b} \nocite{c}",
            &["a", "b", "c"],
        ),
        (
            r"\parencites(see)()[1]{a}[2][3]{b}{c} text {d}",
            &["a", "b", "c"],
        ),
        (r"\autocites{a}{b}", &["a", "b"]),
        (r"\volcite{2}[5]{a}", &["a"]),
        (r"\pvolcites{1}{a}{2}[3]{b}", &["a", "b"]),
        ("\\cite{a,%b\n  c}", &["a", "c"]),
        ("\\cite\n[1]\n{a}", &["a"]),
        ("\\cite\n\n{a}", &[]),
        (r"\citefield{a}{title} \defcitealias{b}{B}", &["a", "b"]),
        (
            r"\fullcite{a}\supercite{b}\onlinecite{c}\shortciteA<see>{d}",
            &["a", "b", "c", "d"],
        ),
    ] {
        assert_eq!(keys(Manuscript::Latex, text), expected, "{text}");
    }
}

#[test]
fn what_latex_does_not_read_cites_nothing() {
    for text in [
        "% \\cite{a}\n",
        "\\verb|\\cite{a}|",
        "\\begin{verbatim}\n\\cite{a}\n\\end{verbatim}",
        "\\begin{lstlisting}[x]\n\\cite{a}\n\\end{lstlisting}",
        "\\newcommand{\\mycite}[1]{\\cite{#1}}",
        "\\newcommand\\mycite[1]{\\textcite{#1}}",
        "\\setcitestyle{numbers}\\citestyle{nature}",
        "\\citetext{see there}",
        "\\endinput\n\\cite{a}",
        "\\hypersetup{citecolor=blue}",
    ] {
        assert_eq!(keys(Manuscript::Latex, text), [""; 0], "{text}");
    }
    assert_eq!(keys(Manuscript::Latex, r"50\% \cite{a}"), ["a"]);
    assert!(Citations::read(Manuscript::Latex, r"\nocite{*}").everything);
    let found = Citations::read(Manuscript::Latex, r"\input{one}\include{two}");
    assert_eq!(found.includes, ["one", "two"]);
}

#[test]
fn markdown_cites_as_pandoc_reads_it() {
    for (text, expected) in [
        (
            "As @doe99 says [see @a, p. 3; -@b].",
            &["doe99", "a", "b"][..],
        ),
        (
            "@{weird key} and @{https://example.org/x}",
            &["weird key", "https://example.org/x"],
        ),
        ("@Foo_bar.baz. Then @a:b--c", &["Foo_bar.baz", "a:b"]),
        ("(@smith)**@jones**", &["smith", "jones"]),
        ("mail me@example.org or `@code` or \\@none", &[]),
        (
            "see https://medium.com/@user/post and <https://x.org/@y>",
            &[],
        ),
        ("```r\n@a\n```\n@b", &["b"]),
        ("~~~~\n@a\n~~~\n~~~~\n@b", &["b"]),
        ("text\n\n    @code\n\n@b", &["b"]),
        ("- item\n\n    goes on @a", &["a"]),
        ("<!-- @a\n@b -->@c", &["c"]),
        ("---\nnocite: '@a, @b'\n---\n", &["a", "b"]),
        ("a line @a\nand `code\n@no` @c", &["a", "c"]),
        ("[@müller2020]", &["müller2020"]),
    ] {
        assert_eq!(keys(Manuscript::Markdown, text), expected, "{text}");
    }
    assert!(Citations::read(Manuscript::Markdown, "---\nnocite: '@*'\n---\n").everything);
}

#[test]
fn references_to_figures_are_not_missed_as_papers() {
    let found = Citations::read(
        Manuscript::Markdown,
        "See @fig-one, @sec:two and @figueroa2020.",
    );
    let doubtful: Vec<bool> = found.keys.iter().map(|cited| cited.doubtful).collect();
    assert_eq!(doubtful, [true, true, false]);
    assert_eq!(
        keys(
            Manuscript::Markdown,
            "![x](y.png){#plot width=3} see @plot and @a"
        ),
        ["a"]
    );
}

#[test]
fn typst_cites_by_reference_and_by_call() {
    for (text, expected) in [
        ("As @doe99[p. 3] and @a-b.c.", &["doe99", "a-b.c"][..]),
        (
            "#cite(<a>, form: \"prose\") #cite(label(\"DBLP:x/y\"))",
            &["a", "DBLP:x/y"],
        ),
        ("mail me@x.org // @no\n/* @no /* @no */ @no */ @b", &["b"]),
        ("`@no` ```typ\n@no\n``` @b \\@no", &["b"]),
        ("= Head <intro>\nsee @intro and @a", &["a"]),
        ("https://x.org/@no @b", &["b"]),
    ] {
        assert_eq!(keys(Manuscript::Typst, text), expected, "{text}");
    }
    let found = Citations::read(
        Manuscript::Typst,
        "#include \"one.typ\"\n#import \"@preview/x:1.0\": y",
    );
    assert_eq!(found.includes, ["one.typ"]);
}

#[test]
fn labels_of_one_file_are_no_citations_in_another() {
    let mut found = Citations::read(Manuscript::Typst, "see @fig and @a");
    found.extend(Citations::read(Manuscript::Typst, "#figure[x] <fig>"));
    let keys: Vec<&str> = found.keys.iter().map(|cited| cited.key.as_str()).collect();
    assert_eq!(keys, ["a"]);
}

#[test]
fn groups_without_an_end_cost_little() {
    let text = "\\cite{a[".repeat(20_000);
    assert_eq!(keys(Manuscript::Latex, &text), [""; 0]);
    let text = "x.@".repeat(200_000);
    assert_eq!(keys(Manuscript::Markdown, &text), ["x"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_to_its_end(text in "[@\\\\{}\\[\\]()<>`~#%*a-b\n /:;.,-]{0,80}|.{0,80}") {
        for manuscript in [Manuscript::Aux, Manuscript::Latex, Manuscript::Markdown, Manuscript::Typst] {
            let found = Citations::read(manuscript, &text);
            for cited in &found.keys {
                prop_assert!(!cited.key.trim().is_empty());
                prop_assert!(cited.line <= text.lines().count().max(1) + 1);
            }
        }
    }

    #[test]
    fn keys_put_in_come_out(keys in proptest::collection::vec("[a-zA-Z][a-zA-Z0-9_]{0,8}", 1..6)) {
        let mut expected: Vec<String> = Vec::new();
        for key in &keys {
            if !expected.contains(key) {
                expected.push(key.clone());
            }
        }
        let joined = keys.join(", ");
        prop_assert_eq!(&self::keys(Manuscript::Latex, &format!("x \\parencite[see][1]{{{joined}}} y")), &expected);
        let cited: Vec<String> = keys.iter().map(|key| format!("@{key}")).collect();
        prop_assert_eq!(&self::keys(Manuscript::Markdown, &format!("x [{}] y", cited.join("; "))), &expected);
        prop_assert_eq!(&self::keys(Manuscript::Typst, &cited.join(" ")), &expected);
    }
}
