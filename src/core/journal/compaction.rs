//! Shortening the journal of one writer, without changing what it says.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::line::Line;
use super::read::is_conflict_marker;
use super::time::LogicalTime;

/// The newest operations of a journal that compaction keeps whatever they say: this far back undo and history reach
/// for certain. An action of which one operation is among them is kept whole.
pub const RECENT_OPERATIONS: usize = 10_000;

/// A journal made shorter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compaction {
    /// Its new bytes.
    pub bytes: Vec<u8>,
    /// Lines kept.
    pub kept: usize,
    /// Lines left out.
    pub dropped: usize,
}

/// Leaves out of a journal what newer lines **of the same journal** supersede; nothing else may be relied on, since
/// other journals come and go.
///
/// Kept byte for byte: the newest operation of every register, all versions of comments, fields that are not known
/// here, damaged lines (what they hold may still be of use to a person), the newest `recent` operations with the
/// actions they belong to. Left out: what is superseded, repeated lines, blank lines and conflict markers. The state is
/// the same before and after.
pub fn compact(bytes: &[u8], recent: usize) -> Compaction {
    let lines: Vec<&[u8]> = lines_of(bytes).collect();
    let parsed: Vec<Option<Line<'_>>> = lines.iter().map(|line| understood(line)).collect();
    let mut newest: HashMap<(&str, &str, &str), (Order<'_>, usize)> = HashMap::new();
    let mut recent_groups: HashSet<(&str, u64)> = HashSet::new();
    let mut seen_recent = 0;
    for (at, line) in parsed.iter().enumerate().rev() {
        let Some(line) = line else { continue };
        let (paper, field, key, number) = line.register();
        if seen_recent < recent {
            seen_recent += 1;
            recent_groups.insert((line.writer(), line.group()));
        }
        let order = (line.time(), line.writer(), number);
        let known = newest.entry((paper, field, key)).or_insert((order, at));
        // Of two lines with one stamp neither may go: the merge decides by the value.
        if order > known.0 {
            *known = (order, at);
        }
    }
    let mut out = Compaction::default();
    // Of a repeated line the last stays, so that the newest operations are the newest of what is kept as well.
    let last: HashMap<&[u8], usize> = lines
        .iter()
        .enumerate()
        .map(|(at, raw)| (*raw, at))
        .collect();
    for (at, (raw, line)) in lines.iter().zip(&parsed).enumerate() {
        let keep = match line {
            None => !raw.trim_ascii().is_empty() && !is_conflict_marker(raw),
            Some(line) => {
                let (paper, field, key, number) = line.register();
                let order = (line.time(), line.writer(), number);
                let newest = newest.get(&(paper, field, key));
                let is_newest =
                    newest.is_none_or(|(best, best_at)| order == *best || at == *best_at);
                is_newest
                    || is_never_superseded(field)
                    || recent_groups.contains(&(line.writer(), line.group()))
            }
        };
        if keep && last.get(raw) == Some(&at) {
            out.bytes.extend_from_slice(raw);
            out.bytes.push(b'\n');
            out.kept += 1;
        } else {
            out.dropped += 1;
        }
    }
    out
}

/// The line, if it is an operation whose value is known here: no other may supersede anything, or be superseded.
fn understood(line: &[u8]) -> Option<Line<'_>> {
    let line = Line::parse(line).ok()?;
    line.operation(&mut Arc::from("")).is_ok().then_some(line)
}

type Order<'a> = (LogicalTime, &'a str, u64);

/// Versions of comments, and fields whose merge is not known here.
fn is_never_superseded(field: &str) -> bool {
    !matches!(
        field,
        "status"
            | "starred"
            | "rating"
            | "priority"
            | "queue"
            | "tag"
            | "progress"
            | "added"
            | "opened"
            | "finished"
            | "file"
            | "deleted"
            | "ids"
            | "search"
            | "item"
    )
}

fn lines_of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let is_empty = bytes.is_empty();
    bytes
        .split(|byte| *byte == b'\n')
        .filter(move |_| !is_empty)
}
