//! The command line as scripts rely on it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod program;

use std::io::Read;
use std::process::Stdio;

use program::{Home, Said, said};
use serde_json::Value;

const LIBRARY: &str = r#"[
{"id":"vaswani2017","type":"paper-conference","title":"Attention Is All You Need","author":[{"family":"Vaswani","given":"Ashish"},{"family":"Shazeer","given":"Noam"},{"family":"Parmar","given":"Niki"}],"issued":{"date-parts":[[2017]]},"container-title":"NeurIPS","abstract":"A transformer model of attention alone translates text.","keyword":"nlp"},
{"id":"devlin2019","type":"paper-conference","title":"BERT: Pre-training of Deep Bidirectional Transformers","author":[{"family":"Devlin","given":"Jacob"}],"issued":{"date-parts":[[2019]]},"container-title":"NAACL","abstract":"A transformer model of text is trained on attention in both directions."},
{"id":"mare1950","type":"book","title":"Birds\u001b[31m of <i>Kent</i>","author":[{"family":"Mare","given":"Walter","non-dropping-particle":"de la"}],"issued":{"date-parts":[[1950]]},"publisher":"Faber","abstract":"Birds and their songs.","DOI":"10.1000/birds"}
]"#;

fn home() -> Home {
    let home = Home::new();
    home.file("data/offprint/library.json", LIBRARY);
    home
}

fn json(said: &Said) -> Value {
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    serde_json::from_str(&said.out).unwrap()
}

fn ids(value: &Value) -> Vec<&str> {
    let objects = value.as_array().unwrap();
    objects
        .iter()
        .map(|object| object["id"].as_str().unwrap())
        .collect()
}

#[test]
fn list_prints_one_line_a_paper() {
    let said = home().run(["list"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(
        said.out,
        "vaswani2017\tAttention Is All You Need\tVaswani, Shazeer +1 · NeurIPS 2017\n\
         devlin2019\tBERT: Pre-training of Deep Bidirectional Transformers\tDevlin · NAACL 2019\n\
         mare1950\tBirds[31m of Kent\tde la Mare · Faber 1950\n"
    );
}

#[test]
fn list_takes_a_query_and_keeps_the_order_of_the_library() {
    let home = home();
    assert_eq!(
        ids(&json(&home.run(["list", "--json", "transformer", "text"]))),
        ["vaswani2017", "devlin2019"]
    );
    assert_eq!(
        ids(&json(&home.run(["list", "--json", "author:mare"]))),
        ["mare1950"]
    );
    assert_eq!(ids(&json(&home.run(["list", "--json", "zzzzqq"]))), [""; 0]);
}

#[test]
fn a_listed_paper_has_stable_keys() {
    let value = json(&home().run(["list", "--json"]));
    let first = value[0].as_object().unwrap();
    let keys: Vec<_> = first.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "id",
            "title",
            "authors",
            "authors_truncated",
            "year",
            "venue",
            "status",
            "starred",
            "rating",
            "priority",
            "queued",
            "tags",
            "comments",
            "progress",
            "added",
            "opened",
            "finished"
        ]
    );
    assert_eq!(first["authors"][0], "Ashish Vaswani");
    assert_eq!(first["year"], 2017);
}

#[test]
fn search_ranks_and_limits() {
    let home = home();
    let value = json(&home.run(["search", "--json", "--limit", "1", "--", "transformers"]));
    assert_eq!(ids(&value), ["devlin2019"]);
    let value = json(&home.run(["search", "--json", "--", "walter", "-bert"]));
    assert_eq!(ids(&value), ["mare1950"]);
    let said = home.run(["search", "--limit", "1", "atention"]);
    assert!(said.out.starts_with("vaswani2017\t"), "{}", said.out);
}

#[test]
fn show_prints_the_page_as_text_markdown_and_json() {
    let home = home();
    let text = home.run(["show", "mare1950"]);
    assert_eq!((text.code, text.err.as_str()), (0, ""));
    assert!(text.out.starts_with("Birds[31m of Kent\n"), "{}", text.out);
    assert!(text.out.contains("Birds and their songs."));
    let markdown = home.run(["show", "mare1950", "--markdown"]);
    assert!(markdown.out.starts_with("# Birds"), "{}", markdown.out);
    let value = json(&home.run(["show", "--json", "vaswani2017"]));
    assert_eq!(
        value["abstract"],
        "A transformer model of attention alone translates text."
    );
    assert_eq!(value["similar"][0]["id"], "devlin2019");
}

#[test]
fn similar_finds_the_nearest_paper_and_says_why() {
    let home = home();
    let value = json(&home.run(["similar", "vaswani2017", "--json", "--limit", "1"]));
    assert_eq!(ids(&value), ["devlin2019"]);
    assert!(value[0]["score"].as_f64().unwrap() > 0.0);
    assert!(value[0]["why"].as_str().unwrap().contains("transformer"));
    let value = json(&home.run(["similar", "--json", "--text", "songs of birds"]));
    assert_eq!(ids(&value)[0], "mare1950");
}

#[test]
fn cite_prints_the_format_asked_for_or_configured() {
    let home = home();
    let said = home.run(["cite", "mare1950", "--format", "bibtex"]);
    assert!(said.out.starts_with("@book{mare1950,"), "{}", said.out);
    assert_eq!(
        home.run(["cite", "--format", "doi", "mare1950"]).out,
        "https://doi.org/10.1000/birds\n"
    );
    assert_eq!(
        home.run(["cite", "--format", "key", "mare1950", "devlin2019"])
            .out,
        "mare1950\ndevlin2019\n"
    );
    let value = json(&home.run([
        "cite",
        "--json",
        "--format",
        "key",
        "mare1950",
        "devlin2019",
    ]));
    assert_eq!(value["devlin2019"], "devlin2019");
    home.file("config/offprint/config.toml", "default-style = \"key\"\n");
    assert_eq!(home.run(["cite", "mare1950"]).out, "mare1950\n");
}

#[test]
fn cite_prints_styles_in_every_markup() {
    let home = home();
    let plain = home.run(["cite", "devlin2019", "--style", "apa"]);
    assert!(
        plain.out.starts_with("Devlin, J. (2019). "),
        "{}",
        plain.out
    );
    let html = home.run(["cite", "mare1950", "--style", "apa", "--format", "html"]);
    assert!(html.out.contains("<i>"), "{}", html.out);
    let markdown = home.run(["cite", "mare1950", "--style", "apa", "--format", "markdown"]);
    assert!(markdown.out.contains('*'), "{}", markdown.out);
    let cited = home.run([
        "cite",
        "devlin2019",
        "mare1950",
        "--style",
        "apa",
        "--citation",
    ]);
    assert!(
        cited.out.starts_with("(de la Mare, 1950; Devlin, 2019)"),
        "{}",
        cited.out
    );
    let all = json(&home.run(["cite", "--all", "--style", "mla", "--json"]));
    assert_eq!(
        all.as_object().unwrap().len(),
        ids(&json(&home.run(["list", "--json"]))).len()
    );
    let list = json(&home.run([
        "cite",
        "--all",
        "--bibliography",
        "--style",
        "ieee",
        "--json",
    ]));
    assert!(
        list[0]["text"].as_str().unwrap().starts_with("[1]"),
        "{list}"
    );
}

#[test]
fn an_unknown_or_broken_style_fails_with_its_place() {
    let home = home();
    let said = home.run(["cite", "devlin2019", "--style", "chicago-autor-date"]);
    assert_eq!((said.code, said.err.lines().count()), (1, 1));
    assert!(said.err.contains("chicago"), "{}", said.err);
    let path = home.file("broken.csl", "<style>\n<citation></style>");
    let said = home.run(["cite", "devlin2019", "--style", path.to_str().unwrap()]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("broken.csl: line 2"), "{}", said.err);
    let said = home.run(["cite", "devlin2019", "--style", "apa", "--format", "ris"]);
    assert_eq!(said.code, 2);
}

#[test]
fn styles_are_listed_and_found() {
    let home = home();
    let all = json(&home.run(["styles", "--json"]));
    assert!(all.as_array().unwrap().len() > 50);
    let found = home.run(["styles", "vancouver"]);
    assert!(found.out.to_lowercase().contains("vancouver"));
}

#[test]
fn an_unknown_id_names_the_nearest_ones() {
    let said = home().run(["cite", "vaswani2018"]);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.lines().count()),
        (1, "", 1)
    );
    assert!(
        said.err
            .contains("no paper has the id \"vaswani2018\"; did you mean \"vaswani2017\""),
        "{}",
        said.err
    );
    let said = home().run(["show", "zzz"]);
    assert!(
        said.err.contains("offprint list prints all ids"),
        "{}",
        said.err
    );
}

#[test]
fn a_format_without_anything_to_give_fails() {
    let said = home().run(["cite", "--format", "doi", "devlin2019"]);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.lines().count()),
        (1, "", 1)
    );
}

#[test]
fn wrong_usage_exits_with_2() {
    let home = home();
    for arguments in [
        &["cite"][..],
        &["search"],
        &["similar"],
        &["similar", "a", "--text", "b"],
        &["cite", "--format", "bibtx", "mare1950"],
        &["list", "--limit", "3"],
        &["--json"],
        &["list", "--color", "sometimes"],
    ] {
        let said = home.run(arguments);
        assert_eq!(
            (said.code, said.out.as_str()),
            (2, ""),
            "{arguments:?}: {}",
            said.err
        );
        assert!(!said.err.is_empty());
    }
    let said = home.run(["cite", "--format", "bibtx", "mare1950"]);
    assert!(
        said.err.contains("did you mean \"bibtex\"?"),
        "{}",
        said.err
    );
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let home = home();
    let many: Vec<String> = (0..20_000)
        .map(|n| format!("{{\"id\":\"p{n}\",\"title\":\"A title of some length\"}}"))
        .collect();
    home.file("many.jsonl", many.join("\n"));
    for format in [&["--json"][..], &[]] {
        let mut child = home
            .command(["list", "--library", "many.jsonl"].iter().chain(format))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 1];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let said = said(child.wait_with_output().unwrap());
        assert_eq!((said.code, said.err.as_str()), (0, ""));
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = home().command(["list"]).stdout(full).output().unwrap();
    let said = said(output);
    assert_eq!(
        (said.code, said.err.lines().count()),
        (1, 1),
        "{}",
        said.err
    );
}

#[test]
fn colour_is_for_terminals_or_on_request() {
    let home = home();
    assert!(!home.run(["list"]).out.contains('\u{1b}'));
    let colored = home.run(["list", "--color", "always"]);
    assert!(
        colored.out.starts_with("\u{1b}[1mvaswani2017\u{1b}[0m\t"),
        "{:?}",
        colored.out
    );
    assert!(
        !colored.out.contains("\u{1b}[31m"),
        "the escape of the data is gone"
    );
    assert!(
        !home
            .run(["list", "--color", "never"])
            .out
            .contains('\u{1b}')
    );
}

#[test]
fn the_library_is_the_one_named_the_strongest() {
    let home = home();
    let one = |id: &str| format!("[{{\"id\":\"{id}\"}}]");
    for name in ["option", "argument", "environment", "configured"] {
        home.file(&format!("{name}.json"), one(name));
    }
    let listed = |arguments: &[&str], environment: Option<&str>| {
        let mut command = home.command(arguments);
        if let Some(path) = environment {
            command.env("OFFPRINT_LIBRARY", path);
        }
        let said = said(command.output().unwrap());
        assert_eq!(said.code, 0, "{}", said.err);
        said.out.split('\t').next().unwrap().to_owned()
    };
    assert_eq!(listed(&["list"], None), "vaswani2017");
    home.file(
        "config/offprint/config.toml",
        "library = \"../../configured.json\"\n",
    );
    assert_eq!(listed(&["list"], None), "configured");
    assert_eq!(listed(&["list"], Some("environment.json")), "environment");
    assert_eq!(
        listed(&["argument.json", "list"], Some("environment.json")),
        "argument"
    );
    assert_eq!(
        listed(
            &["argument.json", "list", "--library", "option.json"],
            Some("environment.json")
        ),
        "option"
    );
}

#[test]
fn without_any_library_the_example_is_used() {
    let home = Home::new();
    let value = json(&home.run(["list", "--json"]));
    assert!(!value.as_array().unwrap().is_empty());
}

#[test]
fn good_configurations_are_read_without_a_word() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/configs/valid");
    let home = home();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let library = home.path().join("data/offprint/library.json");
        let said = home.run([
            "list",
            "--config",
            path.to_str().unwrap(),
            "--library",
            library.to_str().unwrap(),
        ]);
        assert_eq!(
            (said.code, said.err.as_str()),
            (0, ""),
            "{}",
            path.display()
        );
        count += 1;
    }
    assert!(count >= 4);
}

/// The first line of each file is the beginning of what is said about it, after the file's name.
#[test]
fn bad_configurations_are_reported_with_their_place_and_the_rest_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/configs/invalid");
    let home = home();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = text.lines().next().unwrap().strip_prefix("# ").unwrap();
        let said = home.run(["list", "--config", path.to_str().unwrap()]);
        assert_eq!(said.code, 0, "{}: {}", path.display(), said.err);
        assert_eq!(said.out.lines().count(), 3, "{}", path.display());
        let begins = format!("offprint: warning: {}:{expected}", path.display());
        assert!(
            said.err.starts_with(&begins),
            "{}: {}",
            path.display(),
            said.err
        );
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
        count += 1;
    }
    assert!(count >= 10);
}

#[test]
fn a_configuration_that_was_named_must_be_there() {
    let said = home().run(["list", "--config", "nowhere.toml"]);
    assert_eq!(said.code, 0);
    assert!(
        said.err.contains("nowhere.toml: there is no such file"),
        "{}",
        said.err
    );
}

#[cfg(feature = "tui")]
mod app {
    use super::*;

    #[test]
    fn keys_prints_the_table_with_the_readers_changes() {
        let home = home();
        home.file("config/offprint/config.toml", "[keys]\nredraw = \"F5\"\n");
        let value = json(&home.run(["keys", "--json"]));
        let redraw = value
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["command"] == "redraw")
            .unwrap();
        assert_eq!(redraw["keys"], serde_json::json!(["F5"]));
        let said = home.run(["keys"]);
        assert!(
            said.out
                .lines()
                .any(|line| line.starts_with("F5") && line.contains("redraw"))
        );
    }

    #[test]
    fn a_misspelt_command_is_told_from_a_file() {
        let said = home().run(["serach"]);
        assert_eq!(
            (said.code, said.out.as_str(), said.err.lines().count()),
            (1, "", 1)
        );
        assert!(
            said.err.contains("did you mean offprint search?"),
            "{}",
            said.err
        );
    }

    #[test]
    fn without_a_terminal_the_app_says_so_and_writes_no_escape() {
        let said = home().run([""; 0]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    }
}

#[test]
fn a_paper_is_cited_wherever_and_however_its_id_is_written() {
    let home = home();
    let library = r#"[{"id": "first", "title": "Mentions last2"}, {"id": "a\/b", "title": "Slashed"},
        {"id": "last2", "title": "Last"}]"#;
    home.file("data/offprint/library.json", library);
    for (id, title) in [
        ("first", "Mentions last2"),
        ("a/b", "Slashed"),
        ("last2", "Last"),
    ] {
        assert_eq!(
            home.run(["cite", id, "--format", "title"]).out,
            format!("{title}\n")
        );
    }
    home.file(
        "data/offprint/library.json",
        library.strip_suffix(']').unwrap(),
    );
    let said = home.run(["cite", "first"]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (1, ""),
        "a cut file is an error for every command"
    );
}

#[test]
fn the_t_cell_review_is_cited_as_what_it_is() {
    // No library of one's own: the example.
    let home = Home::new();
    let apa = home.run(["cite", "feng2026", "--style", "apa"]).out;
    assert!(apa.starts_with("Feng, M., Tan, Y., Wang, Y., "), "{apa}");
    assert!(apa.contains("Frontiers in Immunology"), "{apa}");
    assert_eq!(
        apa.matches("10.3389/fimmu.2026.1755751").count(),
        1,
        "{apa}"
    );
    let bibtex = home.run(["cite", "feng2026", "--format", "bibtex"]).out;
    for part in [
        "@article{feng2026,",
        "author = {Feng, Mei and Tan, Yuan and Wang, Yajie and ",
        "journal = {Frontiers in Immunology}",
        "doi = {10.3389/fimmu.2026.1755751}",
        "pmid = {41694348}",
    ] {
        assert!(bibtex.contains(part), "{part} in {bibtex}");
    }
    for style in ["apa", "mla", "chicago-author-date", "ieee", "nature"] {
        let text = home.run(["cite", "feng2026", "--style", style]).out;
        assert!(!text.to_lowercase().contains("arxiv"), "{style}: {text}");
    }
    assert!(
        !bibtex.to_lowercase().contains("arxiv") && !bibtex.contains("eprint"),
        "{bibtex}"
    );
}

#[test]
fn the_version_names_the_build_and_the_licence_of_the_styles_when_asked_for_more() {
    let home = Home::new();
    assert_eq!(home.run(["--version"]).out.lines().count(), 1);
    let said = home.run(["--version", "--verbose"]);
    assert_eq!(said.code, 0);
    for part in ["target ", "compiler rustc ", "features ", "ShareAlike"] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
}

#[test]
fn options_stand_after_the_tags_too() {
    let home = home();
    home.file("other.json", r#"[{"id":"a","title":"Elsewhere"}]"#);
    let said = home.run(["tag", "a", "+x", "y", "--library", "other.json", "--json"]);
    assert_eq!(json(&said)["tags"], serde_json::json!(["x", "y"]));
    let said = home.run(["tag", "a", "-x", "--json", "z", "--library=other.json"]);
    assert_eq!(json(&said)["tags"], serde_json::json!(["y", "z"]));
    let said = home.run(["tag", "a", "+x", "--libary", "other.json"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--libary"), "{}", said.err);
    let said = home.run(["tag", "a", "x", "--help"]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("-tag removes"), "{}", said.out);
}
