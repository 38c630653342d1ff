use super::*;

fn problems(text: &str) -> Vec<String> {
    let (_, problems) = Settings::parse(text);
    problems
        .iter()
        .map(|problem| problem.one_line("c"))
        .collect()
}

fn is_default(settings: &Settings) -> bool {
    let default = Settings::default();
    settings.library.is_none()
        && settings.clipboard == default.clipboard
        && settings.default_way == default.default_way
        && settings.shown_ways == default.shown_ways
        && settings.language.is_none()
        && !settings.sentence_case
        && settings.theme.name == default.theme.name
        && settings.keep.is_none()
        && settings.keys.is_empty()
}

#[test]
fn every_setting_is_read() {
    let (settings, problems) = Settings::parse(
        "library = \"~/papers.json\"\nclipboard = [\"wl-copy\", \"-n\"]\ndefault-style = \"ris\"\nshown-styles = [\"ieee\"]\nlanguage = \"de\"\nsentence-case = true\ntheme = \"mono\"\n[keys]\ncopy = \"c\"\nquit = [\"q\", \"^Q\"]\nzen = []\n",
    );
    assert_eq!(problems, []);
    assert_eq!(settings.library.as_deref(), Some("~/papers.json"));
    assert_eq!(
        settings.clipboard,
        Clipboard::Command(vec!["wl-copy".into(), "-n".into()])
    );
    assert_eq!(settings.default_way, Way::named("ris"));
    assert_eq!(settings.shown_ways, [Way::named("ieee")]);
    assert_eq!(
        (settings.language.as_deref(), settings.sentence_case),
        (Some("de"), true)
    );
    assert_eq!(settings.theme.name, "mono");
    assert_eq!(settings.keys["quit"], ["q", "^Q"]);
    assert_eq!(settings.keys["zen"], [""; 0]);
}

#[test]
fn nothing_written_means_defaults() {
    for text in ["", "\u{feff}# only a remark\r\n"] {
        let (settings, problems) = Settings::parse(text);
        assert_eq!(
            (is_default(&settings), problems),
            (true, Vec::new()),
            "{text}"
        );
    }
}

#[test]
fn the_first_of_several_libraries_is_opened() {
    let (settings, problems) = Settings::parse(
        "[[library]]\nname = \"mine\"\npath = \"a.json\"\n[[library]]\npath = \"b.json\"\n",
    );
    assert_eq!(
        (settings.library.as_deref(), problems),
        (Some("a.json"), Vec::new())
    );
}

#[test]
fn an_unknown_key_names_the_nearest() {
    assert_eq!(
        problems("theme = \"mono\"\nclipbord = \"auto\"\n"),
        ["c:2:1: unknown key \"clipbord\"; did you mean \"clipboard\"?"]
    );
    assert_eq!(
        problems("zzz = 1"),
        [
            "c:1:1: unknown key \"zzz\"; the keys here are library, owner, clipboard, default-style, shown-styles, language, sentence-case, characters, theme, keep, keys, services, model, pdf, action"
        ]
    );
}

#[test]
fn a_bad_value_keeps_the_default_and_the_others_hold() {
    let (settings, problems) =
        Settings::parse("clipboard = \"nativ\"\ndefault-style = \"ris\"\nlibrary = 3\n");
    assert_eq!(settings.clipboard, Clipboard::Auto);
    assert_eq!(settings.default_way, Way::named("ris"));

    let lines: Vec<_> = problems
        .iter()
        .map(|problem| problem.one_line("c"))
        .collect();
    assert!(
        lines.contains(
            &"c:1:13: \"nativ\" is not one of auto, osc52, tmux, native; did you mean \"native\"?"
                .to_owned()
        ),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"c:3:11: library is an integer, not a text; put it in quotes".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn a_syntax_error_is_placed_and_all_defaults_hold() {
    let (settings, problems) = Settings::parse("theme = \"mono\"\nlibrary = \n");
    assert!(is_default(&settings));
    assert_eq!((problems.len(), problems[0].line), (1, 2));
}

#[test]
fn a_file_to_keep_is_read_whole_or_not_at_all() {
    let (settings, problems) = Settings::parse(
        "[keep]\nbib = \"refs.bib\"\nquery = \"tag:thesis\"\nformat = \"biblatex\"\n",
    );
    assert_eq!(problems, []);
    let keep = Keep {
        bib: "refs.bib".to_owned(),
        query: "tag:thesis".to_owned(),
        format: Target::BibLaTex,
    };
    assert_eq!(settings.keep, Some(keep));
    for text in [
        "[keep]\nquery = \"x\"\n",
        "[keep]\nbib = \"a.bib\"\nquerry = \"x\"\n",
        "[keep]\nbib = \"a.bib\"\nformat = \"ris\"\n",
        "keep = \"a.bib\"\n",
    ] {
        let (settings, problems) = Settings::parse(text);
        assert_eq!((settings.keep, problems.len()), (None, 1), "{text}");
    }
}

#[test]
fn keys_that_are_none_are_refused_one_by_one() {
    let (settings, problems) = Settings::parse("[keys]\ncopy = [\"y\", \"hyper-x\"]\nzen = 5\n");
    assert_eq!(settings.keys["copy"], ["y"]);
    assert!(!settings.keys.contains_key("zen"));
    assert_eq!(problems.len(), 2);
}
