//! Papers on their way out, as scripts rely on it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use std::fs;

use program::{Home, Said};
use serde_json::{Value, json};

const LIBRARY: &str = r#"[
  {
    "id": "vaswani2017",
    "type": "paper-conference",
    "title": "Attention Is All You Need",
    "author": [{ "family": "Vaswani", "given": "Ashish" }, { "family": "Shazeer", "given": "Noam" }],
    "issued": { "date-parts": [[2017]] },
    "container-title": "NeurIPS",
    "abstract": "A transformer model of attention alone translates text.",
    "x-unknown": 1.50
  },
  {
    "id": "devlin2019",
    "type": "paper-conference",
    "title": "=BERT: Pre-training of Deep Bidirectional Transformers",
    "author": [{ "family": "Devlin", "given": "Jacob" }],
    "issued": { "date-parts": [[2019]] },
    "container-title": "NAACL",
    "abstract": "A transformer model of text is trained on attention in both directions."
  },
  {
    "id": "http://zotero.org/users/1/items/ABCD2345",
    "type": "software",
    "title": "Birds\u001b[31m of <i>Kent</i>",
    "author": [{ "family": "Mare", "given": "Walter", "non-dropping-particle": "de la" }],
    "issued": { "date-parts": [[1950]] },
    "publisher": "Faber",
    "DOI": "10.1000/birds",
    "custom": { "mine": [1] }
  }
]
"#;

fn home() -> Home {
    let home = Home::new();
    home.file("data/offprint/library.json", LIBRARY);
    home
}

fn fine(said: Said) -> String {
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    said.out
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn csl_is_the_library_byte_for_byte() {
    let home = home();
    assert_eq!(fine(home.run(["export", "--format", "csl"])), LIBRARY);
    let said = home.run(["export", "--output", "out.json"]);
    assert_eq!(fine(said), "out.json · 3 papers\n");
    assert_eq!(
        fs::read_to_string(home.path().join("out.json")).unwrap(),
        LIBRARY
    );
}

#[test]
fn every_format_writes_all_papers() {
    let home = home();
    for (format, needles) in [
        (
            "bibtex",
            ["@inproceedings{vaswani2017,", "@misc{delamare1950birds,"],
        ),
        (
            "biblatex",
            [
                "@inproceedings{vaswani2017,",
                "@software{delamare1950birds,",
            ],
        ),
        ("ris", ["TY  - ", "DO  - 10.1000/birds"]),
        ("csv", ["id,key,type,title,", "delamare1950birds,software"]),
        ("markdown", ["- Vaswani, A.", "10.1000/birds"]),
        (
            "html",
            ["<li id=\"vaswani2017\">", "<li id=\"delamare1950birds\">"],
        ),
    ] {
        let out = fine(home.run(["export", "--format", format]));
        assert!(
            needles.iter().all(|needle| out.contains(needle)),
            "{format}\n{out}"
        );
        assert!(!out.contains('\u{1b}'), "{format}");
    }
    let table = fine(home.run(["export", "--format", "csv"]));
    assert!(
        table.contains("\r\n") && table.contains(",'=BERT: Pre-training"),
        "{table}"
    );
}

#[test]
fn a_query_or_ids_choose_and_the_order_is_that_of_the_library() {
    let home = home();
    let ids = |said: Said| -> Vec<String> {
        let value = json_of(&fine(said));
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        ids(home.run(["export", "transformer", "--format", "csl"])),
        ["vaswani2017", "devlin2019"]
    );
    assert_eq!(
        ids(home.run([
            "export",
            "--format",
            "csl",
            "--id",
            "devlin2019",
            "vaswani2017"
        ])),
        ["vaswani2017", "devlin2019"]
    );
    assert_eq!(
        ids(home.run(["export", "--format", "csl", "zzzzqq"])),
        [""; 0]
    );
    let said = home.run(["export", "--format", "csl", "--id", "devlin2018"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("did you mean \"devlin2019\""),
        "{}",
        said.err
    );
    assert_eq!(home.run(["export", "x", "--id", "devlin2019"]).code, 2);
    assert_eq!(home.run(["export", "--format", "doc"]).code, 2);
}

#[test]
fn a_bundle_carries_the_notes() {
    let home = home();
    for command in [
        vec!["status", "vaswani2017", "read"],
        vec!["star", "vaswani2017"],
        vec!["rate", "vaswani2017", "4"],
        vec!["tag", "vaswani2017", "+nlp/attention"],
        vec!["comment", "vaswani2017", "The *one*."],
        vec!["queue", "add", "vaswani2017"],
    ] {
        assert_eq!(home.run(command.clone()).code, 0, "{command:?}");
    }
    let plain = fine(home.run(["export", "--format", "csl"]));
    assert_eq!(
        plain, LIBRARY,
        "notes go along only when they are asked for"
    );
    let text = fine(home.run(["export", "--bundle"]));
    assert!(!text.contains("null"));
    let value = json_of(&text);
    let own = &value[0]["custom"]["offprint"];
    assert_eq!(
        json!([
            own["status"],
            own["starred"],
            own["rating"],
            own["tags"],
            own["queue"],
            own["comments"][0]["text"]
        ]),
        json!(["read", true, 4, ["nlp/attention"], 1, "The *one*."])
    );
    // A paper without notes is as it was.
    assert!(
        text.contains("    \"custom\": { \"mine\": [1] }\n  }"),
        "{text}"
    );
    assert_eq!(home.run(["export", "--bundle", "--format", "ris"]).code, 2);
}

#[test]
fn zotero_gets_types_it_reads() {
    let home = home();
    let value = json_of(&fine(home.run(["export", "--for", "zotero"])));
    let kinds: Vec<&str> = value
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["paper-conference", "paper-conference", "document"]);
}

#[test]
fn a_manuscript_gets_what_it_cites_and_hears_what_is_missing() {
    let home = home();
    home.file(
        "main.tex",
        "\\input{chapters/one}\n\\cite{devlin2019}\\citep{gone2020}\n% \\cite{not}\n",
    );
    home.file(
        "chapters/one.tex",
        "\n\\autocites{delamare1950birds}{vaswani2018}\n",
    );
    let said = home.run(["export", "--for", "main.tex", "--output", "refs.bib"]);
    assert_eq!(said.code, 1);
    assert_eq!(
        said.err,
        "offprint: main.tex:2: no paper has the key \"gone2020\"; add the paper, or correct the key\n\
         offprint: chapters/one.tex:2: no paper has the key \"vaswani2018\"; add the paper, or did you mean \"vaswani2017\"?\n"
    );
    let written = fs::read_to_string(home.path().join("refs.bib")).unwrap();
    let keys: Vec<&str> = written
        .lines()
        .filter_map(|line| line.strip_prefix('@'))
        .collect();
    assert_eq!(
        keys,
        ["inproceedings{devlin2019,", "misc{delamare1950birds,"]
    );
}

#[test]
fn markdown_typst_and_aux_are_read_too() {
    let home = home();
    home.file(
        "draft.md",
        "As [@vaswani2017, p. 3] and @fig-one show; mail a@devlin2019.org, `@none`.\n",
    );
    home.file(
        "paper.typ",
        "= Head <head>\n@vaswani2017 #cite(<devlin2019>) see @head\n",
    );
    home.file("main.aux", "\\relax\n\\abx@aux@cite{0}{vaswani2017}\n");
    for (file, count) in [("draft.md", 1), ("paper.typ", 2), ("main.aux", 1)] {
        let said = home.run(["export", "--json", "--for", file]);
        let value = json_of(&fine(said));
        assert_eq!(
            (value["papers"].as_u64(), value["missing"].clone()),
            (Some(count), json!([])),
            "{file}"
        );
    }
    // pandoc finds an item by its id: that is the key of the manuscript.
    home.file("other.md", "@delamare1950birds\n");
    let value = json_of(&fine(
        home.run(["export", "--for", "other.md", "--format", "csl"]),
    ));
    assert_eq!(
        (value[0]["id"].as_str(), value[0]["custom"].clone()),
        (Some("delamare1950birds"), json!({"mine": [1]}))
    );
    let said = home.run(["export", "--for", "none.tex"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (
            1,
            "offprint: none.tex: no such file or directory; check the name\n"
        )
    );
    assert_eq!(home.run(["export", "--for", "image.png"]).code, 1);
}

#[test]
fn the_library_and_what_was_not_named_are_never_written_over() {
    let home = home();
    let said = home.run([
        "export",
        "--format",
        "csl",
        "--output",
        "data/offprint/library.json",
    ]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("this is the library itself"),
        "{}",
        said.err
    );
    home.file("out/library.bib", "mine");
    let said = home.run(["export", "--output", "out"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("out/library.bib: it is there already"),
        "{}",
        said.err
    );
    assert_eq!(
        fs::read_to_string(home.path().join("out/library.bib")).unwrap(),
        "mine"
    );
    assert_eq!(
        fine(home.run(["export", "--output", "out/library.bib"])),
        "out/library.bib · 3 papers\n"
    );
    let said = home.run(["export", "--output", "none/refs.bib"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err
            .starts_with("offprint: none/refs.bib: no such file or directory;"),
        "{}",
        said.err
    );
}

#[test]
fn notes_are_written_linked_and_an_edit_is_kept() {
    let home = home();
    home.run(["comment", "vaswani2017", "Read **this**."]);
    let export = ["export", "--format", "obsidian", "--output", "vault"];
    assert_eq!(fine(home.run(export)), "3 papers · 3 files\n");
    let at = |name: &str| home.path().join("vault").join(name);
    let note = fs::read_to_string(at("vaswani2017.md")).unwrap();
    assert!(
        note.starts_with("---\ntitle: \"Attention Is All You Need\"\ncitekey: \"vaswani2017\"\n"),
        "{note}"
    );
    assert!(
        note.contains("Read **this**.") && note.contains("[[devlin2019|"),
        "{note}"
    );
    // Nothing has changed: nothing is written.
    assert_eq!(
        fine(home.run(export)),
        "3 papers · 0 files, 3 the same already\n"
    );
    // The reader wrote into one, and put one of their own where another goes.
    fs::write(at("vaswani2017.md"), format!("{note}\nmy thoughts\n")).unwrap();
    fs::write(at("devlin2019.md"), "all mine\n").unwrap();
    let said = home.run(export);
    assert_eq!(said.code, 1);
    assert_eq!(
        said.err,
        "offprint: vault/vaswani2017.md: edited since it was exported, left as it is; --force replaces it\n\
         offprint: vault/devlin2019.md: not written by offprint, left as it is; --force replaces it\n"
    );
    assert_eq!(
        fs::read_to_string(at("devlin2019.md")).unwrap(),
        "all mine\n"
    );
    // A change of the notes goes into a note that nobody edited.
    home.run(["tag", "http://zotero.org/users/1/items/ABCD2345", "+birds"]);
    home.run(export);
    assert!(
        fs::read_to_string(at("delamare1950birds.md"))
            .unwrap()
            .contains("  - \"birds\"")
    );
    let said = home.run([
        "export", "--format", "obsidian", "--output", "vault", "--force",
    ]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(at("vaswani2017.md")).unwrap(), note);
    assert_eq!(home.run(["export", "--format", "obsidian"]).code, 2);
}

#[test]
fn comments_go_into_a_folder() {
    let home = home();
    home.run(["comment", "vaswani2017", "First."]);
    assert_eq!(
        fine(home.run(["export", "--comments", "notes"])),
        "notes/vaswani2017.md · 3 papers\n"
    );
    let text = fs::read_to_string(home.path().join("notes/vaswani2017.md")).unwrap();
    assert!(
        text.starts_with("---\nkey: \"vaswani2017\"\n") && text.ends_with("\n\nFirst.\n"),
        "{text}"
    );
    assert_eq!(fs::read_dir(home.path().join("notes")).unwrap().count(), 1);
}

#[test]
fn the_readme_says_what_each_format_cannot_hold() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once("<!-- limits:begin -->").unwrap();
    let (_, after) = rest.split_once("<!-- limits:end -->").unwrap();
    let table = offprint::core::export::limits::table();
    let wanted = format!("{before}<!-- limits:begin -->\n\n{table}\n\n<!-- limits:end -->{after}");
    if std::env::var_os("OFFPRINT_WRITE").is_some() {
        fs::write(path, wanted).unwrap();
        return;
    }
    assert!(
        readme == wanted,
        "README.md is out of date: run OFFPRINT_WRITE=1 cargo test --test export"
    );
}
