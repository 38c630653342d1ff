//! `offprint attach`, as scripts use it.

use serde_json::Value;

use super::paper::Paper;
use super::{Desk, err, out};

const LIBRARY: &str = r#"[{"id": "a1", "type": "article-journal", "title": "On reading", "DOI": "10.1234/a1"},
{"id": "b2", "type": "article-journal", "title": "On writing"}]"#;

fn json(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}{}", out(output), err(output)))
}

#[test]
fn a_file_is_attached_found_shown_and_taken_off() {
    let desk = Desk::new(LIBRARY);
    std::fs::create_dir(desk.path("pdf")).unwrap();
    std::fs::write(desk.path("pdf/a.pdf"), b"%PDF-1.7").unwrap();
    let done = desk.run(&["attach", "a1", "pdf/a.pdf"]);
    assert!(done.status.success(), "{}", err(&done));
    let listed = json(&desk.run(&["attach", "a1", "--json"]));
    // Relative to the library, so that both move together.
    assert_eq!(listed["files"][0]["file"], "pdf/a.pdf");
    assert_eq!(listed["files"][0]["exists"], true);
    let found = json(&desk.run(&["search", "--json", "--", "has:pdf"]));
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["id"], "a1");
    let shown = json(&desk.run(&["show", "a1", "--json"]));
    assert_eq!(shown["pdf"]["files"][0]["file"], "pdf/a.pdf");
    let about = shown["pdf"]["files"][0]["about"].as_str().unwrap();
    assert!(about.contains("damaged"), "{about}");
    std::fs::write(desk.path("pdf/a.pdf"), Paper::default().bytes()).unwrap();
    assert!(out(&desk.run(&["show", "a1"])).contains("pdf/a.pdf · 1 page\n"));
    let off = desk.run(&["attach", "a1", "pdf/a.pdf", "--remove"]);
    assert!(off.status.success(), "{}", err(&off));
    assert!(
        json(&desk.run(&["attach", "a1", "--json"]))["files"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(desk.path("pdf/a.pdf").exists(), "the file itself stays");
    desk.run(&["undo"]);
    assert_eq!(
        json(&desk.run(&["attach", "a1", "--json"]))["files"][0]["file"],
        "pdf/a.pdf"
    );
}

#[test]
fn what_cannot_be_attached_is_refused_with_a_reason() {
    let desk = Desk::new(LIBRARY);
    for (arguments, word) in [
        (&["attach", "a1", "none.pdf"][..], "no such file"),
        (&["attach", "a1", "none.pdf", "--remove"], "not attached"),
        (&["attach", "zz", "none.pdf"], "zz"),
    ] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(err(&output).contains(word), "{}", err(&output));
    }
    assert_eq!(
        desk.run(&["attach", "a1", "--remove"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_file_that_is_gone_is_listed_as_gone() {
    let desk = Desk::new(LIBRARY);
    std::fs::write(desk.path("a.pdf"), b"%PDF-1.7").unwrap();
    desk.run(&["attach", "b2", "a.pdf"]);
    std::fs::remove_file(desk.path("a.pdf")).unwrap();
    assert!(out(&desk.run(&["attach", "b2"])).contains("no such file"));
}

#[test]
fn a_folder_is_looked_through_by_doi_and_title_and_attached_on_asking() {
    let library = r#"[{"id": "doi1", "type": "article-journal", "title": "Something else", "DOI": "10.1234/abcd.2026.001"},
{"id": "title1", "type": "article-journal", "title": "A study of Reading Papers in Terminals"},
{"id": "twin1", "type": "article-journal", "title": "Two papers of one title here"},
{"id": "twin2", "type": "article-journal", "title": "Two papers of one title here"}]"#;
    let desk = Desk::new(library);
    std::fs::create_dir_all(desk.path("new/deep")).unwrap();
    let put = |name: &str, title: &str, doi: Option<&str>| {
        let paper = Paper {
            title: title.to_owned(),
            doi: doi.map(str::to_owned),
            sections: vec![("1 Introduction".to_owned(), "Words to be read. ".repeat(40))],
            ..Paper::default()
        };
        std::fs::write(desk.path(name), paper.bytes()).unwrap();
    };
    put(
        "new/x.pdf",
        "Whatever its title may be",
        Some("10.1234/abcd.2026.001"),
    );
    put(
        "new/deep/y.pdf",
        "A study of reading papers in terminals",
        None,
    );
    put("new/z.pdf", "Two papers of one title here", None);
    std::fs::write(desk.path("new/broken.PDF"), b"nothing").unwrap();
    let scanned = json(&desk.run(&["attach", "--scan", "new", "--json"]));
    let of = |name: &str| {
        let files = scanned["files"].as_array().unwrap();
        let one = files.iter().find(|one| one["file"] == name);
        one.unwrap_or_else(|| panic!("{name}: {scanned}"))["id"].clone()
    };
    assert_eq!(of("new/x.pdf"), "doi1");
    assert_eq!(of("new/deep/y.pdf"), "title1");
    assert_eq!(of("new/z.pdf"), Value::Null, "two papers have this title");
    assert_eq!(of("new/broken.PDF"), Value::Null);
    assert_eq!(scanned["written"], false);
    let none = json(&desk.run(&["search", "--json", "--", "has:pdf"]));
    assert_eq!(
        none.as_array().unwrap().len(),
        0,
        "nothing is written without --yes"
    );
    let done = desk.run(&["attach", "--scan", "new", "--yes"]);
    assert!(done.status.success(), "{}", err(&done));
    assert!(err(&done).contains("2 attached"), "{}", err(&done));
    let both = json(&desk.run(&["search", "--json", "--", "has:pdf"]));
    assert_eq!(both.as_array().unwrap().len(), 2);
    let again = json(&desk.run(&["attach", "--scan", "new", "--json"]));
    assert_eq!(again["attached_before"], 2);
}

#[test]
fn a_folder_is_named_or_set() {
    let desk = Desk::new(LIBRARY);
    let output = desk.run(&["attach", "--scan"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("[pdf] folder"), "{}", err(&output));
    std::fs::create_dir_all(desk.path("config/offprint")).unwrap();
    std::fs::create_dir_all(desk.path("inbox")).unwrap();
    let folder = desk.path("inbox");
    let config = format!("[pdf]\nfolder = {:?}\n", folder.to_str().unwrap());
    std::fs::write(desk.path("config/offprint/config.toml"), config).unwrap();
    let output = desk.run(&["attach", "--scan"]);
    assert!(output.status.success(), "{}", err(&output));
    assert_eq!(
        desk.run(&["attach", "--scan", "nowhere"]).status.code(),
        Some(1)
    );
}
