//! The merge, undo, the queue and reading, by example.

use super::laws::{answers, lines};
use super::*;

fn one(paper: &str, change: Change) -> Vec<Edit> {
    vec![Edit::new(paper, Vec::new(), change)]
}

fn comment(id: &str, text: &str) -> Change {
    Change::Comment {
        id: id.into(),
        text: Some(text.into()),
    }
}

#[test]
fn two_edits_of_the_same_text_both_stay_until_someone_settles_it() {
    let mut home = Ledger::new("home-1");
    let edit = home.new_comment(10, "p", Vec::new(), "first");
    let begun = home.edit(10, vec![edit]);
    let id = home.state().paper("p").comments[0].id.clone();
    let mut office = Ledger::new("office-1");
    office.load(begun.clone());

    let at_home = home.edit(20, one("p", comment(&id, "from home")));
    let at_office = office.edit(30, one("p", comment(&id, "from the office")));
    home.absorb(at_office);
    office.absorb(at_home);
    assert_eq!(answers(home.state()), answers(office.state()));
    let both = &home.state().paper("p").comments[0];
    assert_eq!(both.text, "from the office\n\n---\n\nfrom home");
    assert_eq!(both.texts.len(), 2);
    assert_eq!((both.created, both.edited), (10, Some(30)));

    let settled = home.edit(40, one("p", comment(&id, "settled")));
    office.absorb(settled);
    assert_eq!(office.state().paper("p").comments[0].text, "settled");
    assert_eq!(office.state().paper("p").comments[0].texts.len(), 1);
}

#[test]
fn an_edit_that_did_not_see_a_deletion_outlives_it() {
    let mut home = Ledger::new("home-1");
    let begun = home.edit(10, one("p", comment("c", "text")));
    let mut office = Ledger::new("office-1");
    office.load(begun);
    let edited = home.edit(20, one("p", comment("c", "better text")));
    office.edit(
        30,
        one(
            "p",
            Change::Comment {
                id: "c".into(),
                text: None,
            },
        ),
    );
    assert!(office.state().paper("p").comments.is_empty());
    office.absorb(edited);
    assert_eq!(office.state().paper("p").comments[0].text, "better text");
}

#[test]
fn deleting_a_paper_keeps_its_comments() {
    let mut ledger = Ledger::new("m-1");
    ledger.edit(1, one("p", comment("c", "years of thought")));
    ledger.edit(2, one("p", Change::Deleted(true)));
    let state = ledger.state().paper("p");
    assert!(state.deleted);
    assert_eq!(state.comments[0].text, "years of thought");
}

#[test]
fn a_clock_that_went_back_does_not_lose_a_change() {
    let mut ledger = Ledger::new("m-1");
    ledger.edit(9_000, one("p", Change::Rating(2)));
    let late = ledger.edit(1_000, one("p", Change::Rating(5)));
    assert_eq!(ledger.state().summary("p").rating, 5);
    assert_eq!(late[0].at, 1_000);
}

#[test]
fn one_undo_takes_back_an_action_on_many_papers() {
    let mut ledger = Ledger::new("m-1");
    ledger.edit(1, one("a", Change::Rating(1)));
    let papers = ["a", "b", "c"];
    let edits = papers.map(|paper| Edit::new(paper, Vec::new(), Change::Starred(true)));
    ledger.edit(2, edits.to_vec());
    ledger.undo(3).unwrap();
    assert!(
        papers
            .iter()
            .all(|paper| !ledger.state().summary(paper).starred)
    );
    assert_eq!(ledger.state().summary("a").rating, 1);
}

#[test]
fn undo_leaves_alone_what_was_changed_elsewhere_since() {
    let mut home = Ledger::new("home-1");
    let begun = home.edit(
        1,
        vec![
            Edit::new("p", Vec::new(), Change::Status(Status::Reading)),
            Edit::new("p", Vec::new(), Change::Starred(true)),
        ],
    );
    let mut office = Ledger::new("office-1");
    office.load(begun);
    home.absorb(office.edit(5, one("p", Change::Status(Status::Read))));
    let reversal = home.undo(6).unwrap();
    assert_eq!(reversal.left_alone.len(), 1);
    let summary = home.state().summary("p");
    assert_eq!((summary.status, summary.starred), (Status::Read, false));
    // An action of which nothing can be taken back does not stand in the way of the one before.
    let mut home = Ledger::new("home-1");
    home.edit(1, one("q", Change::Starred(true)));
    let begun = home.edit(2, one("p", Change::Status(Status::Reading)));
    let mut office = Ledger::new("office-1");
    office.load(begun);
    home.absorb(office.edit(5, one("p", Change::Status(Status::Read))));
    assert_eq!(home.undo(6).unwrap().left_alone.len(), 1);
    home.undo(7).unwrap();
    assert!(!home.state().summary("q").starred);
    assert!(home.undo(8).is_none());
}

#[test]
fn something_new_ends_redo() {
    let mut ledger = Ledger::new("m-1");
    ledger.edit(1, one("p", Change::Rating(1)));
    ledger.undo(2).unwrap();
    assert!(ledger.redoable().is_some());
    ledger.edit(3, one("p", Change::Rating(2)));
    assert!(ledger.redo(4).is_none());
}

#[test]
fn an_edit_of_the_library_is_undone_with_the_item_before() {
    let mut ledger = Ledger::new("m-1");
    let (before, after) = (r#"{"id":"p","volume":1.50}"#, r#"{"id":"p"}"#);
    let edit = Edit::item("p", Vec::new(), Some(before), Some(after));
    let written = ledger.edit(1, vec![edit]);
    let mut bytes = Vec::new();
    written[0].write_line(&mut bytes);
    let mut again = Ledger::new("m-1");
    again.load(read(&bytes, "x.jsonl").0);
    let reversal = again.undo(2).unwrap();
    assert_eq!(
        reversal.operations[0].change,
        Change::Item(Some(before.into()))
    );
}

#[test]
fn a_second_instance_undoes_its_own_but_notices_what_was_undone() {
    let mut first = Ledger::new("m-1");
    let star = first.edit(1, one("p", Change::Starred(true)));
    let mut second = Ledger::new("m-2");
    second.load(star);
    first.absorb(second.edit(2, one("q", Change::Rating(3))));
    assert_eq!(first.undoable().unwrap()[0].paper.as_ref(), "p");
    second.undo(3).unwrap();
    first.absorb(second.undo(4).unwrap().operations);
    assert!(first.undoable().is_none());
    assert!(!first.state().summary("p").starred);
}

#[test]
fn what_changes_nothing_is_not_written() {
    let mut ledger = Ledger::new("m-1");
    assert!(ledger.edit(1, one("p", Change::Starred(false))).is_empty());
    assert_eq!(ledger.edit(1, one("p", Change::Starred(true))).len(), 1);
    assert!(ledger.edit(1, one("p", Change::Starred(true))).is_empty());
    assert!(ledger.undo(2).is_some() && ledger.undo(3).is_none());
}

#[test]
fn the_queue_keeps_its_order_through_moves_and_ties() {
    let mut ledger = Ledger::new("m-1");
    let mut order: Vec<String> = Vec::new();
    for (paper, at) in [
        ("a", 0),
        ("b", 1),
        ("c", 0),
        ("d", 1),
        ("a", 3),
        ("d", 0),
        ("e", 99),
    ] {
        order.retain(|other| other != paper);
        order.insert(at.min(order.len()), paper.to_owned());
        let changes = ledger.state().queue_at(paper, at);
        assert_eq!(changes.len(), 1);
        let edits = changes
            .into_iter()
            .map(|(paper, change)| Edit::new(paper, Vec::new(), change));
        ledger.edit(1, edits.collect());
        let queue: Vec<String> = ledger
            .state()
            .queue()
            .into_iter()
            .map(|entry| entry.paper)
            .collect();
        assert_eq!(queue, order);
    }
    // Two machines gave one place to two papers; a third goes between them.
    let place = ledger.state().queue()[0].place.clone();
    ledger.edit(1, one("z", Change::Queue(Some(place))));
    let first = ledger.state().queue()[0].paper.clone();
    let changes = ledger.state().queue_at("new", 1);
    let edits = changes
        .into_iter()
        .map(|(paper, change)| Edit::new(paper, Vec::new(), change));
    ledger.edit(1, edits.collect());
    let queue: Vec<String> = ledger
        .state()
        .queue()
        .into_iter()
        .map(|entry| entry.paper)
        .collect();
    assert_eq!(queue[..3], [first, "new".to_owned(), "z".to_owned()]);
    assert_eq!(queue.len(), 7);
}

#[test]
fn tags_are_counted_over_the_papers_that_are_there() {
    let mut ledger = Ledger::new("m-1");
    let tag = |tag: &str, on| Change::Tag {
        tag: tag.into(),
        on,
    };
    for (paper, change) in [
        ("a", tag("x", true)),
        ("b", tag("x", true)),
        ("b", tag("y/z", true)),
        ("c", tag("x", true)),
        ("c", Change::Deleted(true)),
        ("a", tag("w", true)),
        ("a", tag("w", false)),
    ] {
        ledger.edit(1, one(paper, change));
    }
    let tags: Vec<_> = ledger.state().tags().into_iter().collect();
    assert_eq!(tags, [("x", 2), ("y/z", 1)]);
    assert_eq!(ledger.state().summary("a").tags, 1);
}

#[test]
fn damage_is_skipped_and_reported_with_its_line() {
    let mut ledger = Ledger::new("m-1");
    let mut bytes = Vec::new();
    for rating in 1..=4 {
        for operation in ledger.edit(1, one("p", Change::Rating(rating))) {
            operation.write_line(&mut bytes);
        }
    }
    let text = String::from_utf8(bytes).unwrap();
    let mut all: Vec<String> = text.lines().map(str::to_owned).collect();
    all[1] = all[1].replace("rating", "Rating");
    all.insert(1, "<<<<<<< HEAD".into());
    all.insert(3, "=======".into());
    let last = all.last_mut().unwrap();
    last.truncate(20);
    let (operations, problems) = read(all.join("\r\n").as_bytes(), "m-1.jsonl");
    assert_eq!(operations.len(), 2);
    let found: Vec<_> = problems
        .list
        .iter()
        .map(|one| (one.line, one.kind))
        .collect();
    assert_eq!(
        found,
        [
            (2, ProblemKind::ConflictMarker),
            (3, ProblemKind::Line(LineError::Checksum)),
            (4, ProblemKind::ConflictMarker),
            (6, ProblemKind::Torn),
        ]
    );
    assert_eq!(
        problems.list[1].to_string(),
        "m-1.jsonl:3: damaged line (wrong checksum), skipped"
    );
}

#[test]
fn reading_goes_on_where_it_stopped() {
    let mut ledger = Ledger::new("m-1");
    let mut bytes = Vec::new();
    for operation in ledger.edit(1, one("p", Change::Rating(1))) {
        operation.write_line(&mut bytes);
    }
    let first = bytes.len();
    for operation in ledger.edit(1, one("p", Change::Rating(2))) {
        operation.write_line(&mut bytes);
    }
    let reading = read_lines(&bytes[..first + 9], "x", 0, |_| {});
    assert_eq!((reading.consumed, reading.lines), (first, 1));
    let mut rest = Vec::new();
    let reading = read_lines(&bytes[first..], "x", reading.lines, |one| rest.push(one));
    assert_eq!(rest[0].change, Change::Rating(2));
    assert!(reading.problems.is_empty());
}

#[test]
fn compaction_keeps_the_newest_actions_whole_and_every_text() {
    let mut ledger = Ledger::new("m-1");
    let mut operations = Vec::new();
    for turn in 0..50 {
        operations.extend(ledger.edit(1, one("p", Change::Rating(turn % 5 + 1))));
        operations.extend(ledger.edit(1, one("p", comment("c", &format!("text {turn}")))));
    }
    let edits = ["a", "b"].map(|paper| Edit::new(paper, Vec::new(), Change::Starred(true)));
    operations.extend(ledger.edit(1, edits.to_vec()));
    let result = compact(&lines(&operations), 1);
    assert_eq!((result.kept, result.dropped), (1 + 50 + 2, 49));
    assert_eq!(compact(&lines(&operations), RECENT_OPERATIONS).dropped, 0);
}

#[test]
fn a_line_that_is_repeated_last_stays_last() {
    let mut ledger = Ledger::new("m-1");
    let mut operations = ledger.edit(1, one("p", Change::Rating(1)));
    operations.extend(ledger.edit(2, one("p", Change::Rating(2))));
    operations.extend(ledger.edit(3, one("q", Change::Rating(3))));
    operations.push(operations[0].clone());
    let compacted = compact(&lines(&operations), 1);
    // The first rating is superseded, and kept as the newest line of the journal, now and later.
    assert_eq!((compacted.kept, compacted.dropped), (3, 1));
    assert_eq!(compact(&compacted.bytes, 1).bytes, compacted.bytes);
}

#[test]
fn history_tells_what_happened_once_and_in_order() {
    let mut ledger = Ledger::new("m-1");
    let mut operations = ledger.edit(5, one("p", Change::Rating(1)));
    operations.extend(ledger.edit(6, one("q", Change::Rating(1))));
    operations.extend(ledger.edit(7, one("p", Change::Rating(4))));
    operations.extend(ledger.undo(8).unwrap().operations);
    operations.reverse();
    operations.extend(operations.clone());
    let entries = history(operations, &["p"]);
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.at, entry.change.clone(), entry.is_reversal))
        .collect();
    assert_eq!(
        told,
        [
            (5, Change::Rating(1), false),
            (7, Change::Rating(4), false),
            (8, Change::Rating(1), true),
        ]
    );
}

#[test]
fn a_comment_edited_a_hundred_thousand_times_takes_no_quadratic_time() {
    let mut ledger = Ledger::new("m-1");
    let edits =
        (0..100_000).map(|turn| Edit::new("p", Vec::new(), comment("c", &turn.to_string())));
    let operations = ledger.edit(1, edits.collect());
    let mut state = State::new();
    state.apply_all(operations.iter().rev());
    assert_eq!(state.paper("p").comments[0].text, "99999");
}

#[test]
fn undo_passes_by_what_was_only_written_down() {
    let mut ledger = Ledger::new("m-1");
    let mut journal = ledger.edit(1, vec![Edit::new("p", vec![], Change::Starred(true))]);
    let opened = Change::Opened(Some(5));
    journal.extend(ledger.edit(2, vec![Edit::new("p", vec!["pmid:1".into()], opened)]));
    let mut again = Ledger::new("m-1");
    again.load(journal);
    for mut ledger in [ledger, again] {
        ledger.undo(3).unwrap();
        let summary = ledger.state().summary("p");
        assert_eq!((summary.starred, summary.opened), (false, Some(5)));
        assert!(ledger.undo(4).is_none());
        // Nor does it keep from doing again what was undone.
        ledger.edit(5, vec![Edit::new("p", vec![], Change::Opened(Some(9)))]);
        assert!(ledger.redo(6).is_some());
        assert!(ledger.state().summary("p").starred);
    }
}
