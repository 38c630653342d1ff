//! The library file, changed by other programs while the app shows it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::session::{Session, Start};
use super::{Home, papers_json, starred};

/// The app with thirty papers, the cursor on paper 10.
fn app(papers: &str) -> (Session, PathBuf) {
    let home = TempDir::new().unwrap();
    let path = home.path().join("refs.json");
    fs::write(&path, papers).unwrap();
    let start = Start {
        arguments: &["refs.json"],
        size: (110, 40),
        environment: &[],
    };
    let mut app = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
    app.shows("1/30");
    app.type_keys("10j");
    app.shows("11/30");
    (app, path)
}

/// As exports do it that take care: a new file in the place of the old one.
fn replace(path: &std::path::Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).unwrap();
    fs::rename(&new, path).unwrap();
}

/// The row of the cursor.
fn cursor_row(app: &Session) -> String {
    let text = app.text();
    let row = text.lines().find(|line| line.starts_with('▌'));
    row.unwrap_or_default().to_owned()
}

#[test]
fn a_library_replaced_while_open_is_shown_with_the_cursor_on_its_paper() {
    let (mut app, path) = app(&papers_json(0..30));
    app.type_keys("*");
    app.shows("saved");
    // Four papers before it are gone, two after it are new.
    replace(&path, &papers_json((4..30).chain(100..102)));
    app.shows("2 new, 4 gone");
    app.shows("7/28");
    assert!(
        cursor_row(&app).contains("Paper number 10"),
        "{}",
        app.text()
    );
    assert!(cursor_row(&app).contains('★'), "{}", app.text());
    app.type_keys("G");
    app.shows("Paper number 101");
    app.type_keys("q");
    assert_eq!(app.ends(), 0);
}

#[test]
fn what_is_typed_and_selected_stays_when_the_library_is_replaced() {
    let (mut app, path) = app(&papers_json(0..30));
    app.type_keys("  ");
    app.shows("2 selected");
    app.type_keys("/paper number 2");
    app.shows("of 30");
    replace(&path, &papers_json((0..30).filter(|at| *at != 3)));
    app.shows("of 29");
    app.shows("paper number 2");
    app.type_keys("7");
    app.shows("1 of 29");
    app.shows("Paper number 27");
    app.shows("2 selected");
    app.type_keys("\x1b");
    app.shows("/29");
    app.type_keys("*");
    app.shows("2 papers");
    app.shows("saved");
}

#[test]
fn state_is_found_again_when_an_export_gives_papers_other_keys() {
    let (mut app, path) = app(&papers_json(0..30));
    app.type_keys("*");
    app.shows("saved");
    replace(&path, &papers_json(0..30).replace("\"p", "\"other"));
    app.shows("was changed and read again");
    assert!(cursor_row(&app).contains('★'), "{}", app.text());
    app.type_keys("q");
    app.ends();
}

#[test]
fn a_library_that_cannot_be_read_leaves_the_list_as_it_was_and_is_named_with_the_place() {
    let whole = papers_json(0..30);
    let (mut app, path) = app(&whole);
    let conflict = whole.replacen("{\"id\":\"p7\"", "<<<<<<< HEAD\n{\"id\":\"p7\"", 1);
    for (broken, place) in [
        (&whole[..whole.len() / 2], "refs.json:"),
        ("", "refs.json: "),
        ("[]", "no paper is in it"),
        (&conflict, "refs.json:9:1"),
        ("{\"papers\": tru", "refs.json:1:"),
    ] {
        // In place, as programs do it that take no care.
        fs::write(&path, broken).unwrap();
        app.shows(place);
        assert!(app.text().contains("Paper number 10"), "{}", app.text());
        assert!(app.text().contains("30 papers"), "{}", app.text());
        // Changes go on: they do not touch that file.
        app.type_keys("*");
        app.waits_for("a change", |app| {
            app.text().contains("Starred") || app.text().contains("Star taken off")
        });
        assert_eq!(fs::read_to_string(&path).unwrap(), broken);
        fs::write(&path, &whole).unwrap();
        app.shows("was changed and read again");
        app.waits_for("the trouble is over", |app| !app.text().contains(place));
    }
    fs::remove_file(&path).unwrap();
    app.shows("refs.json: the file is gone");
    assert!(app.text().contains("Paper number 10"));
    fs::write(&path, &whole).unwrap();
    app.shows("was changed and read again");
    app.type_keys("q");
    assert_eq!(app.ends(), 0);
    let text = String::from_utf8_lossy(&app.written).into_owned();
    assert!(!text.contains("No papers yet"));
}

#[test]
fn state_whose_paper_is_gone_is_kept_and_shown() {
    let (mut app, path) = app(&papers_json(0..30));
    app.type_keys("*");
    app.shows("saved");
    replace(&path, &papers_json(20..30));
    app.shows("1 paper with notes is not in this library");
    app.type_keys(":orphans\r");
    app.shows("Notes without a paper");
    app.shows("p10");
    app.shows("doi:10.1000/10");
    app.type_keys("q");
    replace(&path, &papers_json(0..30));
    app.shows("20 new");
    app.type_keys("/number 10\r");
    app.shows("★");
}

#[test]
fn many_papers_noted_at_once_are_found_again_by_their_identifiers() {
    let (mut app, path) = app(&papers_json(0..30));
    app.type_keys("VG*");
    app.shows("20 papers");
    app.shows("saved");
    // The identifiers follow in a moment.
    std::thread::sleep(Duration::from_millis(300));
    app.type_keys("q");
    app.ends();
    fs::write(&path, papers_json(0..30).replace("\"p", "\"other")).unwrap();
    let home = Home::at(app.path());
    assert_eq!(starred(&home).len(), 20);
}

#[test]
fn what_a_command_notes_is_seen_by_the_app_and_the_other_way_round() {
    let (mut app, _) = app(&papers_json(0..30));
    let home = Home::at(app.path());
    assert_eq!(
        home.run(["--library", "refs.json", "rate", "p10", "5"])
            .code,
        0
    );
    app.shows("rated 5 of 5");
    app.type_keys("*");
    app.shows("saved");
    assert_eq!(starred(&home), ["p10"]);
    // Reading a page is written down, once.
    app.type_keys("\r");
    app.shows("opened 20");
    let journals = || {
        let folder = app.path().join("refs.offprint");
        let names = super::files(&folder).into_iter();
        let journals = names.filter(|name| name.ends_with(".jsonl"));
        journals
            .map(|name| fs::read_to_string(folder.join(name)).unwrap())
            .collect::<String>()
    };
    assert_eq!(journals().matches("\"opened\"").count(), 1);
}

#[test]
fn a_linked_library_keeps_its_link_and_its_state_beside_the_file_it_leads_to() {
    let (home, path) = super::home(3);
    let real = home.path().join("real");
    fs::create_dir(&real).unwrap();
    fs::rename(&path, real.join("mine.json")).unwrap();
    std::os::unix::fs::symlink("real/mine.json", &path).unwrap();
    assert_eq!(home.run(["--library", "refs.json", "star", "p1"]).code, 0);
    assert!(path.is_symlink() && real.join("mine.offprint").is_dir());
    assert_eq!(starred(&home), ["p1"]);
    let said = home.run([
        "--library",
        "real/mine.json",
        "--json",
        "list",
        "is:starred",
    ]);
    assert!(said.out.contains("\"p1\""));
    // A second name of the same file is a library of its own, and the file stays what it is.
    let before = fs::read(real.join("mine.json")).unwrap();
    fs::hard_link(real.join("mine.json"), home.path().join("hard.json")).unwrap();
    assert_eq!(home.run(["--library", "hard.json", "star", "p2"]).code, 0);
    assert_eq!(fs::read(real.join("mine.json")).unwrap(), before);
    let said = home.run(["--library", "hard.json", "--json", "list", "is:starred"]);
    assert!(said.out.contains("\"p2\"") && !said.out.contains("\"p1\""));
}
