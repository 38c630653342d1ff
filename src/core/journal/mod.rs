//! The reader's own data as a log of operations: status, stars, ratings, tags, comments, the reading queue.
//!
//! Each writer (one machine and one running instance of it) appends to a journal of its own; the state is what all
//! journals together say. Nothing here touches a file or a clock: [`read()`] turns bytes into operations, [`State`]
//! merges them, [`Ledger`] makes new ones, [`compact`] shortens the bytes of one journal.
//!
//! # Format
//! JSON Lines in UTF-8: one operation a line, one JSON object, ended by `\n`, its checksum last.
//!
//! ```text
//! {"t":[1767225600000,3],"w":"k3f2a-1","n":17,"id":"feng2026","f":"status","v":"read","p":"reading","c":"9a1b44c0"}
//! ```
//!
//! | key | meaning |
//! |---|---|
//! | `t` | logical time: milliseconds since 1970 and a counter within them, see [`LogicalTime`] |
//! | `w` | the writer: machine id, `-`, slot |
//! | `n` | number of the operation in its writer's journal, from 1 |
//! | `id` | key of the paper: its citekey when it was first changed; empty for what concerns the whole library |
//! | `f` | the field, see the table below |
//! | `k` | which one, where a field has many: the tag, the comment's id, the file's path, the search's name |
//! | `v`, `p` | the value, and the value before it as its writer saw it (what undo writes back) |
//! | `b` | comments: the versions this text replaces, each `[ms, counter, writer, number]` |
//! | `g` | number of the first operation of a change of many operations; absent where the change is this one alone |
//! | `u` | this change takes back that of `[writer, number]`: an undo, or a redo when that was an undo |
//! | `at` | time of the writer's clock in ms, where it differs from the first part of `t` |
//! | `c` | CRC-32 (ISO-HDLC, the one of zlib and PNG) of the line's bytes before `,"c":"`, 8 lower-case hex digits |
//!
//! | `f` | `k` | `v` |
//! |---|---|---|
//! | `status` | | `unread`, `reading`, `read`, `skimmed`, `abandoned` |
//! | `starred` | | `true`, `false` |
//! | `rating` | | 0–5; 0 is none |
//! | `priority` | | 1–3, 1 the most urgent; 0 is none |
//! | `queue` | | place in the reading queue ([`Place`]), `null` outside |
//! | `tag` | the tag | `true` added, `false` removed |
//! | `comment` | its id | the text exactly as written, `null` deleted |
//! | `progress` | | `[page, of]`, `of` 0 when unknown; `null` none |
//! | `added`, `opened`, `finished` | | ms since 1970, `null` none |
//! | `file` | its path | `true` attached, `false` taken off |
//! | `deleted` | | `true`: the paper was deleted; `false`: it was brought back |
//! | `ids` | | identifiers of the paper: `["doi:10.…","pmid:…","arxiv:…"]`; `key:…` for its citekeys when one was changed |
//! | `owned` | | `true`: this program may write the library (`id` empty) |
//! | `search` | its name | the query of a saved search, `null` deleted (`id` empty) |
//! | `item` | | the whole CSL-JSON item after an edit of the library, `null` when there is none; `p` the item before |
//!
//! Unknown keys of a line and unknown fields are ignored in the state and kept by compaction, so that an older
//! program does no harm to what a newer one wrote. A line that is torn, fails its checksum or is no operation is
//! skipped and reported with its place; so are the conflict markers that a merge tool leaves.
//!
//! # Laws of the merge
//! Merging is the join of a semilattice: **any order, repetition and partition of the lines gives the same state.**
//!
//! 1. Each field of a paper, each tag of a paper, each attached file and each saved search is a register. The
//!    operation with the greatest [`Stamp`] (logical time, then writer, then number) wins. Should two different
//!    operations carry one stamp (a cloned machine), the greater value wins: arbitrary, but the same everywhere.
//! 2. A comment is the set of its versions. A version replaces those it names in `b` and no others: two edits of the
//!    same text both stay, and an edit that did not see a deletion outlives it.
//! 3. A deleted paper keeps everything: `deleted` is a register like the others.
//! 4. A new operation gets a logical time above all its writer has seen: a clock that is wrong or goes backwards
//!    cannot make a later change lose against an earlier one.
//!
//! # Which paper a key means
//! Operations name a paper by the citekey it had. `ids` operations tell which paper that was, so that the state is
//! found again when the citekey changes: see [`State::place`].
//!
//! # Undo
//! The operations of one action share `g` and are undone together. Undo and redo write new operations with the
//! values of `p` and name what they take back in `u`; the stacks are thus a function of the journals of this machine
//! and survive a restart. A field that was changed elsewhere in the meantime is left alone.

mod change;
mod comment;
mod compaction;
mod entries;
mod history;
mod identity;
mod ledger;
mod line;
mod place;
mod placement;
mod read;
mod record;
mod state;
mod time;
mod undo;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod laws;

pub use change::{Change, Progress, Status};
pub use comment::{Comment, CommentText};
pub use compaction::{Compaction, RECENT_OPERATIONS, compact};
pub use history::{HistoryEntry, history};
pub use identity::{identifiers, key_identifier, normal_identifier};
pub use ledger::{Edit, Ledger, Reversal};
pub use line::{ChangeId, LineError, Operation};
pub use place::Place;
pub use placement::{Catalog, Identities};
pub use read::{Problem, ProblemKind, Problems, Reading, read, read_lines};
pub use record::{PaperState, Summary};
pub use state::{QueueEntry, State};
pub use time::{Clock, LogicalTime, Stamp};
