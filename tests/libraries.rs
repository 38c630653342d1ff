//! Several libraries: searched at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod program;

use program::Home;
use serde_json::Value;

fn home() -> Home {
    let home = Home::new();
    home.file(
        "one.json",
        r#"[{"id": "a", "title": "On Tides", "type": "book", "issued": {"date-parts": [[1990]]}},
            {"id": "z", "title": "Zebras", "abstract": "Tides are mentioned.", "type": "book"}]"#,
    );
    home.file(
        "two.bib",
        "@book{b, title = {Tides}, year = 2001}\n@book{c, title = {Other}}\n",
    );
    home.file(
        "config/offprint/config.toml",
        "[[library]]\nname = \"sea\"\npath = \"../../one.json\"\n[[library]]\npath = \"../../two.bib\"\n",
    );
    home
}

#[test]
fn all_libraries_are_searched_and_each_hit_says_where_it_is_from() {
    let home = home();
    let said = home.run(["search", "--all-libraries", "tides"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let rows: Vec<Vec<&str>> = (said.out.lines())
        .map(|line| line.split('\t').take(3).collect())
        .collect();
    // What stands in a title comes before what stands in an abstract, whatever library it is in.
    assert_eq!(rows.last().unwrap(), &["sea", "z", "Zebras"]);
    assert_eq!(rows.len(), 3);
    assert!(rows.contains(&vec!["two.bib", "b", "Tides"]), "{rows:?}");
    assert!(rows.contains(&vec!["sea", "a", "On Tides"]), "{rows:?}");

    let said = home.run([
        "search",
        "--all-libraries",
        "--json",
        "--limit",
        "2",
        "tides",
    ]);
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 2);
    for paper in found.as_array().unwrap() {
        let path = paper["library"]["path"].as_str().unwrap();
        assert!(path.ends_with("one.json") || path.ends_with("two.bib"));
        assert!(paper["score"].is_number());
    }
}

#[test]
fn a_library_that_cannot_be_read_is_named_and_the_others_are_searched() {
    let home = home();
    home.file("one.json", "[{\"id\": ");
    let said = home.run(["search", "--all-libraries", "tides"]);
    assert_eq!(said.code, 0);
    assert!(said.err.contains("one.json:1:"), "{}", said.err);
    assert!(said.out.starts_with("two.bib\tb\tTides"), "{}", said.out);
    std::fs::remove_file(home.path().join("two.bib")).unwrap();
    let said = home.run(["search", "--all-libraries", "tides"]);
    assert_eq!(said.code, 1, "{}", said.err);
}

#[test]
fn without_any_library_in_the_configuration_that_is_said() {
    let said = Home::new().run(["search", "--all-libraries", "tides"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("add [[library]] with a path"),
        "{}",
        said.err
    );
    let said = Home::new().run(["search", "--all-libraries", "--library", "x.json", "tides"]);
    assert_eq!(said.code, 2);
}
