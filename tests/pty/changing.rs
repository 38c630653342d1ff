//! Going to another library in the running program.

use std::fs;

use crate::session::{Session, Start};

#[test]
fn another_library_is_chosen_in_the_palette_and_the_way_back_is_the_same() {
    let home = tempfile::tempdir().unwrap();
    fs::write(
        home.path().join("one.json"),
        r#"[{"id": "a", "title": "Alpha"}]"#,
    )
    .unwrap();
    fs::write(
        home.path().join("two.json"),
        r#"[{"id": "b", "title": "Beta"}]"#,
    )
    .unwrap();
    fs::write(home.path().join("broken.json"), r#"[{"id": "b", "#).unwrap();
    let config = home.path().join(".config/offprint");
    fs::create_dir_all(&config).unwrap();
    fs::write(
        config.join("config.toml"),
        "[[library]]\nname = \"first\"\npath = \"../../one.json\"\n[[library]]\npath = \"../../broken.json\"\n",
    )
    .unwrap();
    let start = Start {
        arguments: &["two.json"],
        ..Start::default()
    };
    let mut session = Session::start_in(home, env!("CARGO_BIN_EXE_offprint"), &start);
    session.shows("Beta");
    session.type_keys(":libraries\r");
    session.shows("Show which library?");
    session.shows("✓ two.json");
    session.type_keys("first\r");
    session.shows("Alpha");
    session.shows("one.json · 1 paper");
    session.type_keys(":libraries\r");
    session.shows("Show which library?");
    session.type_keys("broken\r");
    // It cannot be read: the one before stays, and why is said.
    session.shows("broken.json:1:");
    session.shows("Alpha");
    session.type_keys("\x1b");
    session.shows("/ search");
    session.type_keys(":libraries\r");
    session.shows("two.json");
    session.type_keys("example\r");
    session.shows("Attention Is All You Need");
    session.type_keys("q");
    assert_eq!(session.ends(), 0);
    session.is_restored();
}
