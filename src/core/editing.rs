//! Changes of the library, where they meet the journals: what is written down about them, and how they are taken back.

use serde_json::{Map, Value};

use super::item::Item;
use super::journal::{Change, Edit, Operation, State, identifiers, key_identifier};
use super::library::rewrite::ItemChange;

/// Who writes a library, as the configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// This program may.
    Offprint,
    /// Another program does: this one never writes it.
    Foreign,
}

/// Whether the library may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayWrite {
    /// It may.
    Yes,
    /// Once the reader has said so: somebody else made the file.
    Unconfirmed,
    /// The configuration says that it belongs to another program.
    No,
}

/// Whether a library may be written: what the configuration says goes before what the journals say, which hold
/// whether this program made the file or the reader has confirmed that it may be written.
pub fn may_write(state: &State, owner: Option<Owner>) -> MayWrite {
    match owner {
        Some(Owner::Offprint) => MayWrite::Yes,
        Some(Owner::Foreign) => MayWrite::No,
        None if state.owns_library() => MayWrite::Yes,
        None => MayWrite::Unconfirmed,
    }
}

/// The edits that say in a journal what was done to the library, so that it can be undone. `now_ms`: ms since 1970.
pub fn edits_of(change: &ItemChange, now_ms: u64) -> Vec<Edit> {
    let of = |fields: Option<&Map<String, Value>>| {
        fields.map(|fields| {
            let item = Item::from_fields(fields.clone());
            let (id, known) = (item.id().into_owned(), identifiers(&item));
            (id, known, Value::Object(item.into_fields()).to_string())
        })
    };
    match (of(change.before()), of(change.after())) {
        (None, Some((id, known, json))) => vec![
            Edit::item(&id, known.clone(), None, Some(&json)),
            Edit::new(&id, Vec::new(), Change::Deleted(false)),
            Edit::new(&id, Vec::new(), Change::Added(Some(now_ms))),
        ],
        (Some((id, known, json)), None) => vec![
            Edit::item(&id, known, Some(&json), None),
            Edit::new(&id, Vec::new(), Change::Deleted(true)),
        ],
        (Some((id, mut known, before)), Some((new_id, others, after))) => {
            known.extend(others);
            if new_id != id {
                known.extend([key_identifier(&id), key_identifier(&new_id)]);
            }
            known.sort();
            known.dedup();
            vec![Edit::item(&id, known, Some(&before), Some(&after))]
        }
        (None, None) => Vec::new(),
    }
}

/// The edit by which everything noted of a paper that went into another one is found at that one.
pub fn notes_lead_to(state: &State, gone: &Item, kept: &str) -> Edit {
    let id = gone.id();
    let mut known = state.identifiers_of(&id);
    known.extend(identifiers(gone));
    known.extend([key_identifier(&id), key_identifier(kept)]);
    known.sort();
    known.dedup();
    Edit::new(&*id, Vec::new(), Change::Identifiers(known))
}

/// The changes of the library that take an action back, each with the number of its operation, in the order in which
/// they are to be made. Empty for an action that the journals alone were about.
pub fn reversing(operations: &[Operation]) -> Vec<(usize, ItemChange)> {
    let fields = |change: Option<&Change>| match change {
        Some(Change::Item(Some(json))) => serde_json::from_str(json).ok(),
        _ => None,
    };
    let operations = operations.iter().enumerate().rev();
    operations
        .filter(|(_, one)| matches!(one.change, Change::Item(_)))
        .filter_map(|(number, one)| {
            let (now, then) = (fields(Some(&one.change)), fields(one.previous.as_ref()));
            Some((number, ItemChange::between(now, then)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::journal::{Catalog, Ledger};
    use serde_json::json;

    fn fields(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn catalog(ids: &[&'static str]) -> Catalog {
        Catalog::new(ids.iter().map(|id| (*id, Vec::new())))
    }

    #[test]
    fn an_action_is_taken_back_by_the_changes_that_undo_it_last_first() {
        let mut ledger = Ledger::new("m-1");
        let (a, b) = (
            json!({"id": "a"}),
            json!({"id": "b", "big": 12_345_678_901_234_567_890_123_f64}),
        );
        let changes = [ItemChange::Add(fields(&a)), ItemChange::Remove(fields(&b))];
        let edits = changes.iter().flat_map(|one| edits_of(one, 5)).collect();
        let operations = ledger.edit(5, edits);
        let back: Vec<_> = reversing(&operations)
            .into_iter()
            .map(|(_, one)| one)
            .collect();
        assert_eq!(
            back,
            [ItemChange::Add(fields(&b)), ItemChange::Remove(fields(&a))]
        );
        assert!(ledger.state().summary("b").deleted);
        assert_eq!(ledger.state().summary("a").added, Some(5));
        let undone = ledger.undo(6).unwrap();
        assert!(!ledger.state().summary("b").deleted);
        let again: Vec<_> = reversing(&undone.operations)
            .into_iter()
            .map(|(_, one)| one)
            .collect();
        assert_eq!(
            again,
            [ItemChange::Add(fields(&a)), ItemChange::Remove(fields(&b))]
        );
    }

    #[test]
    fn notes_follow_a_citekey_that_is_changed_and_changed_back_without_any_identifier() {
        let mut ledger = Ledger::new("m-1");
        ledger.edit(1, vec![Edit::new("old", Vec::new(), Change::Starred(true))]);
        let change = ItemChange::Replace {
            before: fields(&json!({"id": "old"})),
            after: fields(&json!({"id": "new"})),
        };
        ledger.edit(2, edits_of(&change, 2));
        ledger.state_mut().place(&catalog(&["new"]));
        assert!(ledger.state().summary("new").starred);
        // Another paper takes the old key.
        ledger.state_mut().place(&catalog(&["new", "old"]));
        assert!(ledger.state().summary("new").starred);
        assert!(!ledger.state().summary("old").starred);
        ledger.undo(3).unwrap();
        ledger.state_mut().place(&catalog(&["old"]));
        assert!(ledger.state().summary("old").starred);
        // And another one the new key.
        ledger.state_mut().place(&catalog(&["old", "new"]));
        assert!(ledger.state().summary("old").starred);
        ledger.redo(4).unwrap();
        ledger.state_mut().place(&catalog(&["new"]));
        assert!(ledger.state().summary("new").starred);
    }
}
