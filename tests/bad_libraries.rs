//! Libraries that are none: each gives one line with its place and what to do, exit status 1, and no data.
#![allow(clippy::unwrap_used, reason = "tests")]

mod program;

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use program::Home;

/// One line on standard error that begins with the place and says all of `parts`.
fn refused(home: &Home, name: &str, begins: &str, parts: &[&str]) {
    let said = home.run(["list", "--library", name]);
    assert_eq!(said.code, 1, "{name}: {}", said.err);
    assert_eq!(said.out, "", "{name}");
    assert_eq!(said.err.lines().count(), 1, "{name}: {}", said.err);
    let line = said.err.trim_end();
    assert!(
        line.starts_with(&format!("offprint: {begins}: ")),
        "{name}: {line}"
    );
    assert!(line.contains("; "), "{name} says what to do: {line}");
    for part in parts {
        assert!(line.contains(part), "{name}: {line}");
    }
}

#[test]
fn files_that_hold_no_library_are_refused_with_their_place() {
    let home = Home::new();
    let utf16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let rows: [(&str, Vec<u8>, &str, &[&str]); 24] = [
        ("empty", b"".to_vec(), "empty", &["empty"]),
        ("blank", b" \n\n".to_vec(), "blank", &["empty"]),
        ("truncated", b"[{\"id\":\"a\"},\n{\"id\":\"b\", \"ti".to_vec(), "truncated:2:15", &["begins at 2:1"]),
        ("unclosed", b"[{\"id\":\"a\"},\n".to_vec(), "unclosed:2:1", &["]"]),
        ("utf16", utf16("[{\"id\":\"a\"}]"), "utf16", &["UTF-16", "UTF-8"]),
        ("utf16-no-mark", utf16("[{\"id\":\"a\"}]").split_off(2), "utf16-no-mark", &["UTF-16"]),
        ("brackets", vec![b'['; 100_000], "brackets:1:122", &["120 levels"]),
        ("braces", b"{\"a\":".repeat(100_000), "braces:1:601", &["120 levels"]),
        ("nul", vec![0; 5000], "nul:1:1", &["NUL"]),
        ("nul-tail", [b"[{\"id\":\"a\"},\n{\"id\":\"b\"}".as_slice(), &[0; 500]].concat(), "nul-tail:2:11", &["NUL"]),
        ("nul-inside", [b"[{\"id\":\"a\", ".as_slice(), &[0; 500]].concat(), "nul-inside:1:13", &["NUL"]),
        ("nul-in-text", [b"[{\"id\":\"a".as_slice(), &[0; 500]].concat(), "nul-in-text:1:10", &["begins at 1:2"]),
        ("latin1", b"[{\"id\":\"a\",\"title\":\"M\xFCller\"}]".to_vec(), "latin1:1:22", &["not UTF-8 at byte 21", "UTF-8"]),
        ("conflict", b"[\n<<<<<<< HEAD\n{\"id\":\"a\"},\n=======\n{\"id\":\"b\"},\n>>>>>>> x\n]".to_vec(), "conflict:2:1", &["conflict"]),
        ("conflict-inside", b"[\n{\n  \"id\": \"a\",\n<<<<<<< HEAD\n  \"title\": \"b\"\n=======\n  \"title\": \"c\"\n>>>>>>> x\n}\n]".to_vec(), "conflict-inside:4:1", &["conflict"]),
        ("wrapper", b"{\"config\":{\"id\":1},\"items\":[{\"itemKey\":\"a\"}]}".to_vec(), "wrapper:1:28", &["wrapper", "CSL JSON"]),
        ("endnote", b"%0 Journal Article\n%T T".to_vec(), "endnote:1:1", &["EndNote"]),
        ("html", b"<!doctype html><html></html>".to_vec(), "html:1:1", &["HTML"]),
        ("pdf", b"%PDF-1.7 \x00\x01\xFF\xFE and so on".to_vec(), "pdf:1:1", &["PDF"]),
        ("text", b"hello world".to_vec(), "text:1:1", &["expected"]),
        ("other-objects", b"[{\"name\":\"x\"},{\"name\":\"y\"}]".to_vec(), "other-objects:1:2", &["any field of an item"]),
        ("numbers", b"[1,2,3]".to_vec(), "numbers:1:2", &["another value"]),
        ("missing-quote", b"[{\"id\":\"a, \"title\":\"b\"}]".to_vec(), "missing-quote:1:13", &["missing quote"]),
        ("bad-escape", b"[{\"id\":\"a\\q\"}]".to_vec(), "bad-escape:1:11", &["backslash"]),
    ];
    for (name, content, begins, parts) in rows {
        home.file(name, content);
        refused(&home, name, begins, parts);
    }
}

#[test]
fn what_is_no_regular_readable_file_is_refused_without_opening_it() {
    let home = Home::new();
    refused(&home, "missing.json", "missing.json", &["no such file"]);
    std::fs::create_dir(home.path().join("folder")).unwrap();
    refused(&home, "folder", "folder", &["directory"]);
    let made = Command::new("mkfifo")
        .arg(home.path().join("pipe"))
        .status();
    assert!(made.unwrap().success());
    refused(&home, "pipe", "pipe", &["pipe"]);
    refused(&home, "/dev/null", "/dev/null", &["device"]);
    refused(&home, "/dev/zero", "/dev/zero", &["device"]);
    let huge = home.file("huge.json", "");
    std::fs::File::options()
        .write(true)
        .open(huge)
        .unwrap()
        .set_len(16_100_000_000)
        .unwrap();
    refused(&home, "huge.json", "huge.json", &["16.1 GB"]);
    let locked = home.file("locked.json", "[]");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&locked).is_err() {
        refused(&home, "locked.json", "locked.json", &["permission denied"]);
    }
    std::os::unix::fs::symlink("nowhere", home.path().join("dangling")).unwrap();
    refused(&home, "dangling", "dangling", &["no such file"]);
}

#[test]
fn a_name_full_of_escapes_is_scrubbed_in_the_message() {
    let home = Home::new();
    let said = home.run(["list", "--library", "a\u{1b}]0;x\u{7}\nb"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.err.lines().count(), 1);
    assert!(!said.err.contains(['\u{1b}', '\u{7}']), "{:?}", said.err);
}

#[test]
fn one_bad_item_costs_no_other() {
    let home = Home::new();
    let library = home.file(
        "lib.json",
        "[\n{\"id\":\"a\",\"title\":\"A\"},\n{\"id\":\"b\",\"title\":\"B},\n{\"id\":\"c\",\"title\":\"C\"}\n]\n",
    );
    let said = home.run(["list", "--library", library.to_str().unwrap()]);
    assert_eq!(said.code, 0);
    let ids: Vec<_> = said
        .out
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert_eq!(ids, ["a", "c"]);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert!(said.err.contains("lib.json:3:23: "), "{}", said.err);
    assert!(
        said.err.contains("2 read, 1 with a problem"),
        "{}",
        said.err
    );
}

#[test]
fn an_empty_list_is_no_error() {
    let home = Home::new();
    home.file("lib.json", "[]");
    let said = home.run(["list", "--library", "lib.json"]);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.as_str()),
        (0, "", "")
    );
    let said = home.run(["list", "--json", "--library", "lib.json"]);
    assert_eq!((said.code, said.out.as_str()), (0, "[]\n"));
}

#[test]
fn a_large_text_and_a_long_list_of_authors_are_accepted() {
    let home = Home::new();
    let authors: Vec<String> = (0..10_000)
        .map(|n| format!("{{\"family\":\"F{n}\"}}"))
        .collect();
    let text = format!(
        "[{{\"id\":\"a\",\"title\":\"T\",\"volume\":1e400,\"author\":[{}],\"abstract\":\"{}\"}}]",
        authors.join(","),
        "word ".repeat(2_000_000),
    );
    home.file("lib.json", text);
    let said = home.run(["list", "--library", "lib.json"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(said.out, "a\tT\tF0, F1 +9998\n");
}
