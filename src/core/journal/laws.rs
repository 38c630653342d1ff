//! The laws of the merge, of undo and of compaction, as properties of operations of every kind.

use std::sync::Arc;

use proptest::prelude::*;

use super::{
    Change, ChangeId, Edit, Ledger, LogicalTime, Operation, Place, Progress, Stamp, State, Status,
    compact, read,
};

fn change() -> impl Strategy<Value = Change> {
    let name = prop_oneof![
        Just("a"),
        Just("project/thesis"),
        Just("Ü \"quoted\"\n"),
        Just("{\u{2028}}")
    ];
    let text = prop_oneof![
        Just(None),
        "\\PC{0,12}".prop_map(|text| Some(Box::from(text)))
    ];
    prop_oneof![
        (0_usize..5).prop_map(|at| Change::Status(Status::ALL[at])),
        any::<bool>().prop_map(Change::Starred),
        (0_u8..6).prop_map(Change::Rating),
        (0_u8..4).prop_map(Change::Priority),
        proptest::option::of("[0-9a-z]{0,4}")
            .prop_map(|place| Change::Queue(place.and_then(|place| Place::parse(&place)))),
        (name.clone(), any::<bool>()).prop_map(|(tag, on)| Change::Tag {
            tag: tag.into(),
            on
        }),
        (name.clone(), text.clone()).prop_map(|(id, text)| Change::Comment {
            id: id.into(),
            text
        }),
        proptest::option::of((1_u32..9, 0_u32..9))
            .prop_map(|at| Change::Progress(at.map(|(page, of)| Progress { page, of }))),
        proptest::option::of(0_u64..9).prop_map(Change::Added),
        proptest::option::of(0_u64..9).prop_map(Change::Opened),
        proptest::option::of(0_u64..9).prop_map(Change::Finished),
        (name.clone(), any::<bool>()).prop_map(|(path, attached)| Change::File {
            path: path.into(),
            attached
        }),
        any::<bool>().prop_map(Change::Deleted),
        proptest::collection::vec(
            prop_oneof![Just(Box::from("doi:10.1/a")), Just(Box::from("pmid:1"))],
            0..2
        )
        .prop_map(Change::Identifiers),
        (name, text).prop_map(|(name, query)| Change::Search {
            name: name.into(),
            query
        }),
    ]
}

fn stamp() -> impl Strategy<Value = Stamp> {
    // Few values, so that stamps collide: also those of different operations.
    (
        0_u64..4,
        0_u32..2,
        prop_oneof![Just("a-1"), Just("a-2"), Just("b-1")],
        1_u64..4,
    )
        .prop_map(|(ms, counter, writer, number)| Stamp {
            time: LogicalTime { ms, counter },
            writer: Arc::from(writer),
            number,
        })
}

fn operation() -> impl Strategy<Value = Operation> {
    (
        stamp(),
        prop_oneof![Just("p"), Just("q"), Just("")],
        change(),
        proptest::collection::vec(stamp(), 0..3),
        0_u64..9,
        proptest::option::of(0_u64..5),
    )
        .prop_map(|(stamp, paper, change, replaces, at, undoes)| Operation {
            at,
            paper: paper.into(),
            previous: Some(change.emptied()),
            replaces: match change {
                Change::Comment { .. } => replaces,
                _ => Vec::new(),
            },
            group: stamp.number,
            undoes: undoes.map(|number| ChangeId(Arc::clone(&stamp.writer), number)),
            stamp,
            change,
        })
}

fn state_of<'a>(operations: impl IntoIterator<Item = &'a Operation>) -> State {
    let mut state = State::new();
    for operation in operations {
        state.apply(operation);
    }
    state
}

pub(super) fn lines(operations: &[Operation]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for operation in operations {
        operation.write_line(&mut bytes);
    }
    bytes
}

/// What can be asked of a state, but for the ledger's own business.
pub(super) fn answers(state: &State) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        state.paper("p"),
        state.paper("q"),
        state.summary("p"),
        state.summary("q"),
        state.tags(),
        state.queue(),
        state.searches().collect::<Vec<_>>()
    )
}

proptest! {
    #[test]
    fn any_order_and_repetition_gives_the_same_state(
        (operations, shuffled) in proptest::collection::vec(operation(), 0..40).prop_flat_map(|operations| {
            let mut repeated = operations.clone();
            repeated.extend(operations.iter().step_by(3).cloned());
            (Just(operations), Just(repeated).prop_shuffle())
        })
    ) {
        let (one, two) = (state_of(&operations), state_of(&shuffled));
        prop_assert_eq!(answers(&one), answers(&two));
        prop_assert!(one == two);
    }

    #[test]
    fn any_partition_into_files_gives_the_same_state(
        operations in proptest::collection::vec((operation(), 0_usize..3), 0..40)
    ) {
        let whole: Vec<Operation> = operations.iter().map(|(operation, _)| operation.clone()).collect();
        let mut state = State::new();
        for file in [2, 0, 1] {
            let part = operations.iter().filter(|(_, of)| *of == file);
            let part: Vec<Operation> = part.map(|(operation, _)| operation.clone()).collect();
            let (read, problems) = read(&lines(&part), "x.jsonl");
            prop_assert!(problems.is_empty());
            state.apply_all(&read);
        }
        prop_assert!(state == state_of(&whole));
    }

    #[test]
    fn merging_again_changes_nothing(operations in proptest::collection::vec(operation(), 0..20)) {
        let mut state = state_of(&operations);
        for operation in &operations {
            prop_assert!(!state.apply(operation), "{operation:?}");
        }
    }

    #[test]
    fn a_line_gives_its_operation_back(operation in operation()) {
        let bytes = lines(std::slice::from_ref(&operation));
        prop_assert_eq!(memchr::memchr_iter(b'\n', &bytes).count(), 1);
        prop_assert_eq!(Operation::parse(bytes.strip_suffix(b"\n").unwrap()), Ok(operation));
    }

    #[test]
    fn compaction_changes_no_answer(
        operations in proptest::collection::vec(operation(), 0..40),
        recent in 0_usize..10
    ) {
        let mut bytes = lines(&operations);
        bytes.extend_from_slice(b"<<<<<<< ours\ntorn");
        let compact = compact(&bytes, recent);
        let (kept, problems) = read(&compact.bytes, "x.jsonl");
        prop_assert!(state_of(&kept) == state_of(&operations));
        prop_assert_eq!(problems.total, 1);
        prop_assert_eq!(super::compact(&compact.bytes, recent).bytes, compact.bytes);
    }

    #[test]
    fn cutting_a_journal_anywhere_loses_only_what_is_cut(
        operations in proptest::collection::vec(operation(), 1..6),
        at in any::<prop::sample::Index>()
    ) {
        let bytes = lines(&operations);
        let at = at.index(bytes.len() + 1);
        let (read, _) = read(&bytes[..at], "x.jsonl");
        let whole = memchr::memchr_iter(b'\n', &bytes[..at]).count();
        prop_assert!(read.len() == whole || read.len() == whole + 1);
        prop_assert_eq!(&read[..], &operations[..read.len()]);
    }

    #[test]
    fn arbitrary_bytes_never_hang_or_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (operations, _) = read(&bytes, "x.jsonl");
        prop_assert!(operations.is_empty());
        let _ = compact(&bytes, 3);
    }

    #[test]
    fn undoing_everything_gives_the_state_at_the_beginning_and_redoing_that_at_the_end(
        changes in proptest::collection::vec(proptest::collection::vec(change(), 1..4), 1..8)
    ) {
        let mut ledger = Ledger::new("m-1");
        let mut journal = Vec::new();
        let mut steps = vec![values(ledger.state())];
        for action in changes {
            // What nobody did on purpose is not undone.
            let edits = action.into_iter().filter(|change| {
                !matches!(change, Change::Identifiers(_) | Change::Added(_) | Change::Opened(_))
            });
            let edits = edits.map(|change| Edit::new("p", Vec::new(), change)).collect();
            let operations = ledger.edit(1, edits);
            if !operations.is_empty() {
                steps.push(values(ledger.state()));
            }
            journal.extend(operations);
        }
        for before in steps.iter().rev().skip(1) {
            let reversal = ledger.undo(1).unwrap();
            prop_assert!(reversal.left_alone.is_empty());
            journal.extend(reversal.operations);
            prop_assert_eq!(&values(ledger.state()), before);
            // A restart forgets nothing.
            let mut again = Ledger::new("m-1");
            again.load(journal.clone());
            prop_assert_eq!(again.undoable(), ledger.undoable());
            prop_assert_eq!(again.redoable(), ledger.redoable());
        }
        prop_assert!(ledger.undo(1).is_none());
        for after in &steps[1..] {
            ledger.redo(1).unwrap();
            prop_assert_eq!(&values(ledger.state()), after);
        }
        prop_assert!(ledger.redo(1).is_none());
    }
}

/// The values of a state, without the times of comments, which undo does not turn back.
fn values(state: &State) -> String {
    let mut paper = state.paper("p");
    let mut comments: Vec<_> = paper
        .comments
        .drain(..)
        .map(|comment| (comment.id, comment.text))
        .collect();
    comments.sort();
    format!(
        "{paper:?} {comments:?} {:?}",
        state.searches().collect::<Vec<_>>()
    )
}
