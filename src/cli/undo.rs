//! `undo`: the last change made on this machine, whether it was noted or written into the library.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::editing::reverse_library;
use super::failure::Failure;
use super::library::Session;
use super::notes::change;
use super::output::{Field, Out};
use crate::core::editing::reversing;
use crate::core::journal::{Change, Operation};
use crate::core::text::scrub;
use crate::runtime::store::wall_clock_ms;

/// More of what was undone is not listed.
const LISTED: usize = 50;

pub(super) fn undo(session: &Session, out: &mut Out) -> Result<(), Failure> {
    // What was done to the library is taken back there first, as far as it is still as it was left.
    let action = change(session, |ledger| {
        (Vec::new(), ledger.undoable().unwrap_or_default().to_vec())
    })?;
    let reversing = reversing(&action);
    let mut left = Vec::new();
    if !reversing.is_empty() {
        left = reverse_library(session, reversing)?;
    }
    let left: HashSet<u64> = left
        .into_iter()
        .filter_map(|number| Some(action.get(number)?.stamp.number))
        .collect();
    // An action is one writer's, who uses no number twice.
    let can = |one: &Operation| !left.contains(&one.stamp.number);
    let told = change(session, |ledger| {
        match ledger.undo_with(wall_clock_ms(), &can) {
            Some(reversal) => (
                reversal.operations,
                Some((reversal.taken_back, reversal.left_alone.len())),
            ),
            None => (Vec::new(), None),
        }
    })?;
    let Some((taken_back, left_alone)) = told else {
        return Err(session.failed("there is nothing to undo"));
    };
    let shown = taken_back
        .iter()
        .filter(|one| !matches!(one.change, Change::Identifiers(_)));
    if out.is_json() {
        let undone: Vec<Value> = shown
            .map(|one| json!({"id": one.paper, "field": one.change.field()}))
            .collect();
        return out.json(&json!({"undone": undone, "left_alone": left_alone}));
    }
    let more = shown.clone().skip(LISTED).count();
    for one in shown.take(LISTED) {
        out.row(&[
            Field::Head(&scrub(&one.paper, false)),
            Field::Plain(one.change.field()),
            Field::Dim("undone"),
        ])?;
    }
    if more > 0 {
        out.line(&format!("and {more} more; --json names all"))?;
    }
    Ok(())
}
