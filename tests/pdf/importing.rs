//! PDFs that other programs attached: they come in with the bibliography, are opened and read.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use super::paper::Paper;
use super::session::{Session, Start};
use super::{Desk, err, out};

/// What each program writes beside a file in the folder `export` or below it: its name, and its text.
const EXPORTS: [(&str, &str); 4] = [
    (
        "zotero.json",
        r#"{"config": {"id": "36a3b0b5-bad0-4a04-b79b-441c7cef77db", "label": "BetterBibTeX JSON"},
 "version": {"zotero": "6.0.30", "bbt": "6.7.140"}, "collections": {},
 "items": [{"itemID": 7, "itemType": "journalArticle", "citationKey": "example2026", "citekey": "example2026", "title": "Attention flows",
   "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Example"}],
   "attachments": [
     {"itemType": "attachment", "title": "Snapshot", "path": "files/7/page.html", "mimeType": "text/html"},
     {"itemType": "attachment", "title": "Full Text PDF", "path": "files/7/Example - Attention.pdf", "mimeType": "application/pdf"}]}]}"#,
    ),
    (
        "jabref.bib",
        "@article{example2026,\n  title = {Attention flows},\n  author = {Example, Ada},\n  file = {Full text:Example - Attention.pdf:PDF},\n}\n\n@Comment{jabref-meta: fileDirectory:files/7;}\n",
    ),
    (
        "zotero.bib",
        "@article{example2026,\n  title = {Attention flows},\n  author = {Example, Ada},\n  file = {Full Text PDF:files/7/Example - Attention.pdf:application/pdf;Snapshot:files/7/page.html:text/html}\n}\n",
    ),
    (
        "items.json",
        r#"[{"id": "example2026", "type": "article-journal", "title": "Attention flows", "author": [{"family": "Example", "given": "Ada"}],
  "file": "Full text:files/7/Example - Attention.pdf:application/pdf"}]"#,
    ),
];

/// A library beside the folder of an export, whose paper has come in with its file.
fn imported(name: &str, text: &str) -> Desk {
    let desk = Desk::new("[]");
    let folder = desk.path("export/files/7");
    fs::create_dir_all(&folder).unwrap();
    let paper = Paper {
        sections: vec![("1 Introduction".to_owned(), "Words to be read. ".repeat(40))],
        ..Paper::default()
    };
    fs::write(folder.join("Example - Attention.pdf"), paper.bytes()).unwrap();
    fs::write(folder.join("page.html"), "<html>").unwrap();
    fs::write(desk.path("export").join(name), text).unwrap();
    let own = desk.run(&["own"]);
    assert!(own.status.success(), "{}", err(&own));
    let done = desk.run(&["import", &format!("export/{name}")]);
    assert!(done.status.success(), "{}{}", out(&done), err(&done));
    desk
}

#[test]
fn files_of_zotero_and_jabref_come_in_with_their_papers() {
    for (name, text) in EXPORTS {
        let desk = imported(name, text);
        let listed = desk.run(&["attach", "example2026", "--json"]);
        let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
        let files = listed["files"].as_array().unwrap();
        assert!(!files.is_empty(), "{name}: {listed}");
        assert!(
            files.iter().all(|one| one["exists"] == true),
            "{name}: {listed}"
        );
        let shown = out(&desk.run(&["show", "example2026"]));
        let line = "export/files/7/Example - Attention.pdf · 1 page";
        assert!(shown.contains(line), "{name}: {shown}");
        // Kept in the journal, relative to the library.
        let noted: String = fs::read_dir(desk.path("library.offprint"))
            .unwrap()
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
            .collect();
        assert!(
            noted.contains("\"export/files/7/Example - Attention.pdf\""),
            "{name}: {noted}"
        );
        // The library moves with its files.
        let moved = Desk::new("[]");
        for part in ["library.json", "library.offprint", "export"] {
            fs::rename(desk.path(part), moved.path(part)).unwrap();
        }
        let shown = moved.run(&["show", "example2026"]);
        assert!(out(&shown).contains(line), "{name}: {}", err(&shown));
    }
}

/// A viewer that writes down what it is to show.
fn viewer(folder: &Path) -> String {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let program = bin.join("xdg-open");
    let script = format!(
        "#!/bin/sh\nprintf '%s' \"$1\" > '{}'\n",
        folder.join("opened").display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:/usr/bin:/bin", bin.display())
}

#[test]
fn an_imported_file_is_opened_and_read() {
    for (name, text) in EXPORTS {
        let desk = imported(name, text);
        let path = viewer(&desk.path(""));
        let mut session = Session::start_in(
            desk.folder,
            env!("CARGO_BIN_EXE_offprint"),
            &Start {
                arguments: &["library.json"],
                size: (120, 40),
                environment: &[("PATH", &path), ("DISPLAY", ":93")],
            },
        );
        // Notes are read after the library: the file is one of them.
        session.shows("added 2");
        session.type_keys("o");
        session.waits_for("opened", |session| {
            let opened = fs::read_to_string(session.path().join("opened"));
            opened.is_ok_and(|opened| opened.ends_with("/export/files/7/Example - Attention.pdf"))
        });
        session.type_keys("P");
        session.shows("Attention flows through the networks");
        session.shows("1 Introduction");
        session.type_keys("qq");
        assert_eq!(session.ends(), 0, "{name}");
    }
}
