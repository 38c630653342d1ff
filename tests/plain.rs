//! The program line by line, as a screen reader hears it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod program;

use std::io::Write;
use std::process::Stdio;

use program::{Home, Said, said};

/// Types these lines into `offprint --plain`.
fn typed(home: &Home, arguments: &[&str], lines: &str) -> Said {
    let mut command = home.command(["--plain"].iter().chain(arguments));
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(lines.as_bytes()).unwrap();
    drop(input);
    said(child.wait_with_output().unwrap())
}

/// What was printed after each prompt.
fn answers(said: &Said) -> Vec<&str> {
    said.out
        .split("offprint> ")
        .skip(1)
        .map(str::trim)
        .collect()
}

#[test]
fn a_paper_is_found_read_cited_starred_commented_and_all_is_undone() {
    let home = Home::new();
    let said = typed(
        &home,
        &[],
        "search attention is all\n1\ncite\nstar\ncomment 1 Read \"this\" twice\nsearch is:starred\nsimilar 1\nundo\nundo\n1\nquit\nnot read\n",
    );
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let answers = answers(&said);
    assert_eq!(
        answers[0],
        "1 paper matches.\n1. Attention Is All You Need. Vaswani, Shazeer +6, Advances in Neural Information Processing Systems 2017. Unread."
    );
    assert!(answers[1].starts_with("Attention Is All You Need\n"));
    assert!(answers[1].contains("\nABSTRACT\n") && answers[1].ends_with("\nUnread."));
    assert!(
        answers[2].starts_with("Vaswani, A., Shazeer, N."),
        "{}",
        answers[2]
    );
    assert_eq!(answers[3], "Starred: vaswani2017. undo takes it back.");
    assert_eq!(
        answers[4],
        "Comment saved: vaswani2017. undo takes it back."
    );
    assert!(
        answers[5].ends_with("Unread, starred, 1 comment."),
        "{}",
        answers[5]
    );
    assert!(
        answers[6].contains("papers, the most similar first.\n1. "),
        "{}",
        answers[6]
    );
    assert!(answers[6].contains(" Shares: "), "{}", answers[6]);
    // The first undo takes the comment back, the second the star; the number now means a paper of the new list.
    assert!(answers[7].contains("comment"), "{}", answers[7]);
    assert!(answers[8].contains("star"), "{}", answers[8]);
    assert_eq!(answers[10], "", "nothing follows quit");
    assert_eq!(answers.len(), 11);
}

#[test]
fn nothing_that_is_printed_moves_the_cursor() {
    let said = typed(
        &Home::new(),
        &["--color", "auto"],
        "help\nlist\nmore\n/quantum\nsimilar 2\n1\nstats\n",
    );
    for c in said.out.chars().chain(said.err.chars()) {
        assert!(c == '\n' || !c.is_control(), "{c:?}");
    }
}

#[test]
fn what_cannot_be_done_is_said_and_the_session_goes_on() {
    let said = typed(
        &Home::new(),
        &[],
        "serch x\n7\nstar\ncomment\nstatus 1\nfrobnicate\nlist\nstar 99\nstatus 1 asleep\ncomment 2\nshow \"\nlibrary nowhere.json\nstar 1\n",
    );
    assert_eq!(said.code, 0);
    for line in [
        "serch: no command; did you mean search?",
        "7: no paper has this number; search or list first",
        "no paper is named; write its number in the list",
        "frobnicate: no command; help lists them",
        "99: no paper has this number; the list goes from 1 to 58",
        "comment: there is no text; write it after the number",
        "nowhere.json: there is no such file",
    ] {
        assert!(said.err.contains(line), "{line}\n{}", said.err);
    }
    assert!(said.out.contains("Starred: feng2026."), "{}", said.out);
}

#[test]
fn every_command_of_the_command_line_works_and_numbers_stand_for_papers() {
    let home = Home::new();
    let said = typed(
        &home,
        &[],
        "search attention is all\ntag 1 +to/read\npriority 1 2\nhistory 1\nsearch tag:to\nexport --help\n",
    );
    assert_eq!(said.err, "");
    let answers = answers(&said);
    assert!(answers[3].contains("priority"), "{}", answers[3]);
    assert!(answers[4].contains("1 paper matches."), "{}", answers[4]);
    assert!(
        answers[5].contains("Usage: offprint export"),
        "{}",
        answers[5]
    );
}

#[test]
fn another_library_is_gone_to_by_name_or_path() {
    let home = Home::new();
    home.file(
        "one.json",
        r#"[{"id": "a", "title": "Alpha", "type": "book"}]"#,
    );
    home.file(
        "two.json",
        r#"[{"id": "b", "title": "Beta", "type": "book"}]"#,
    );
    home.file(
        "config/offprint/config.toml",
        "[[library]]\nname = \"first\"\npath = \"../../one.json\"\n[[library]]\npath = \"../../two.json\"\n",
    );
    let said = typed(
        &home,
        &[],
        "list\nlibrary two.json\nlist\nlibrary first\nlist\n1\nlibrary\n",
    );
    assert_eq!(said.err, "");
    let answers = answers(&said);
    for (at, title) in [(0, "Alpha"), (2, "Beta"), (4, "Alpha"), (5, "Alpha")] {
        assert!(answers[at].contains(title), "{at} {answers:?}");
    }
    assert!(answers[6].ends_with("one.json"), "{answers:?}");
}

#[test]
fn options_of_the_app_are_refused_where_they_would_do_nothing() {
    let home = Home::new();
    for arguments in [["--plain", "list"], ["--ascii", "list"]] {
        let said = home.run(arguments);
        assert_eq!(said.code, 2, "{arguments:?}");
        assert!(said.err.contains("it is for the app"), "{}", said.err);
    }
}
