use super::*;
use biblatex::{Bibliography, Person};
use proptest::prelude::*;

fn person(family: &str, given: &str) -> Name {
    Name {
        family: family.to_owned(),
        given: given.to_owned(),
        ..Name::default()
    }
}

fn institution(literal: &str) -> Name {
    Name {
        literal: literal.to_owned(),
        ..Name::default()
    }
}

fn with_particles(name: Name, dropping: &str, non_dropping: &str) -> Name {
    Name {
        dropping_particle: dropping.to_owned(),
        non_dropping_particle: non_dropping.to_owned(),
        ..name
    }
}

fn with_suffix(name: Name, suffix: &str) -> Name {
    Name {
        suffix: suffix.to_owned(),
        ..name
    }
}

#[test]
fn names_have_the_form_of_each_dialect() {
    for (name, in_bibtex, in_biblatex) in [
        (person("Feng", "Mei"), "Feng, Mei", "Feng, Mei"),
        (
            institution("World Health Organization"),
            "{World Health Organization}",
            "{World Health Organization}",
        ),
        (
            with_particles(person("Mare", "Walter"), "", "de la"),
            "{de la Mare}, Walter",
            "family=Mare, given=Walter, prefix=de la, useprefix=true",
        ),
        (
            person("van der Vorst", "Henk"),
            "{van der Vorst}, Henk",
            "family=Vorst, given=Henk, prefix=van der, useprefix=true",
        ),
        (
            with_particles(person("Beethoven", "Ludwig"), "van", ""),
            "van Beethoven, Ludwig",
            "family=Beethoven, given=Ludwig, prefix=van, useprefix=false",
        ),
        (
            with_particles(person("Alembert", "Jean"), "", "d'"),
            "{d'Alembert}, Jean",
            "family=Alembert, given=Jean, prefix=d', useprefix=true",
        ),
        (
            with_suffix(person("Gooding", "Cuba"), "Jr."),
            "Gooding, Jr., Cuba",
            "Gooding, Jr., Cuba",
        ),
        (
            person("Lozovik", "Yu. E."),
            "Lozovik, {\\relax Yu}. E.",
            "family=Lozovik, given=Yu. E., given-i={{Yu}}E",
        ),
        (
            person("Rinderle-Ma", "Stefanie"),
            "{Rinderle-Ma}, Stefanie",
            "Rinderle-Ma, Stefanie",
        ),
        (
            person("Arbesman von Secondname", "K."),
            "{Arbesman von Secondname}, K.",
            "{Arbesman von Secondname}, K.",
        ),
        (person("", "Plato"), "Plato", "Plato"),
        (
            person("Erdős", "Pál"),
            "Erd{\\H o}s, P{\\'a}l",
            "Erdős, Pál",
        ),
        (person("王", "小明"), "王, 小明", "王, 小明"),
        (person("hooks", "bell"), "{hooks}, bell", "{hooks}, bell"),
    ] {
        assert_eq!(
            list(std::slice::from_ref(&name), false, Dialect::Ascii),
            in_bibtex
        );
        assert_eq!(list(&[name], false, Dialect::Unicode), in_biblatex);
    }
}

#[test]
fn a_list_that_is_known_to_be_longer_ends_in_others() {
    let names = [person("Wang", "Lei")];
    assert_eq!(list(&names, true, Dialect::Ascii), "Wang, Lei and others");
    let with_et_al = [person("Wang", "Lei"), institution("et al.")];
    assert_eq!(
        list(&with_et_al, false, Dialect::Unicode),
        "Wang, Lei and others"
    );
    assert_eq!(list(&[], true, Dialect::Ascii), "");
}

/// What the `biblatex` crate reads back.
fn read_back(names: &[Name], dialect: Dialect) -> Vec<Person> {
    let source = format!("@misc{{k, author = {{{}}}}}", list(names, false, dialect));
    let bibliography = Bibliography::parse(&source).unwrap_or_else(|e| panic!("{e}: {source}"));
    bibliography
        .iter()
        .next()
        .and_then(|entry| entry.author().ok())
        .unwrap_or_else(|| panic!("no author in {source}"))
}

#[test]
fn institutions_and_odd_names_read_back_whole() {
    let names = [
        institution("World Health Organization"),
        institution("Smith and Sons"),
        institution("Cisco Systems, Inc."),
        institution("R&D 100% #1 Team_A"),
        person("and", "or"),
        person("Smith, Jones", "A, B"),
        person("others", "All"),
        with_suffix(person("King", ""), "Jr."),
    ];
    for dialect in [Dialect::Ascii, Dialect::Unicode] {
        let read = read_back(&names, dialect);
        let shown: Vec<(&str, &str, &str)> = read
            .iter()
            .map(|p| (p.name.as_str(), p.given_name.as_str(), p.suffix.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("World Health Organization", "", ""),
                ("Smith and Sons", "", ""),
                ("Cisco Systems, Inc.", "", ""),
                ("R&D 100% #1 Team_A", "", ""),
                ("and", "or", ""),
                ("Smith, Jones", "A, B", ""),
                ("others", "All", ""),
                ("King", "", "Jr."),
            ],
            "{dialect:?}"
        );
    }
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{1,8}",
        "[a-z]{1,6}",
        "[A-Z]\\.",
        "(and|AND|others|von|de|Jr\\.|O'Neil|Saint-Exupéry|Erdős|Ødegård|Şahin|王|Иванов)",
        "[A-Za-zéüßñ]{1,4}[,.-]?[A-Za-zéüßñ]{1,4}",
        "[A-Za-zéüßñ]{1,5}[,.]",
    ]
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 1..4).prop_map(|words| words.join(" "))
}

/// Without what the dialects may move between family name and prefix.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #[test]
    fn any_name_reads_back_as_the_same_name(
        family in words(), given in prop_oneof![words(), Just(String::new())],
        suffix in prop_oneof![Just(String::new()), Just("Jr.".to_owned()), Just("III".to_owned())],
    ) {
        let name = with_suffix(person(&family, &given), &suffix);
        prop_assume!(!is_et_al(&name));
        for dialect in [Dialect::Ascii, Dialect::Unicode] {
            let source = list(std::slice::from_ref(&name), false, dialect);
            let read = read_back(std::slice::from_ref(&name), dialect);
            prop_assert_eq!(read.len(), 1, "{}", source);
            let back = &read[0];
            let back_family = flat(&format!("{} {}", back.prefix, back.name));
            prop_assert_eq!(back_family, flat(&clean(&family)), "{}", source);
            // The crate does not run TeX's `\\relax`, which typesets nothing.
            let back_given = back.given_name.replace("\\relax ", "");
            prop_assert_eq!(flat(&back_given), flat(&clean(&given)), "{}", source);
            prop_assert_eq!(&back.suffix, &suffix, "{}", source);
        }
    }

    #[test]
    fn any_institution_reads_back_whole(literals in prop::collection::vec("[A-Za-z0-9,.&éß() ]{0,12}( and | )[A-Za-z]{1,9}", 1..4)) {
        let names: Vec<Name> = literals.iter().map(|literal| institution(literal.trim())).collect();
        for dialect in [Dialect::Ascii, Dialect::Unicode] {
            let read: Vec<String> = read_back(&names, dialect).iter().map(|p| p.name.clone()).collect();
            let expected: Vec<String> = names.iter().map(|name| clean(&name.literal).into_string()).collect();
            prop_assert_eq!(&read, &expected);
        }
    }
}
