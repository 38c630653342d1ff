//! The bytes of a journal as operations, and what was wrong with them.

use std::fmt;
use std::sync::Arc;

use super::line::{Line, LineError, Operation};

/// Problems kept with their place; of a file that is damage from end to end, more tell nothing more.
const KEPT_PROBLEMS: usize = 100;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line that was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The journal, as its reader named it.
    pub file: Arc<str>,
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// Why a line was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// No operation, or a damaged one.
    Line(LineError),
    /// The last line was cut short: the program or the machine stopped while it was written.
    Torn,
    /// `<<<<<<<` and the like, left by a merge; the lines between them were read.
    ConflictMarker,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        match self.kind {
            ProblemKind::Line(error) => write!(f, "{error}, skipped"),
            ProblemKind::Torn => f.write_str("last line cut short, skipped"),
            ProblemKind::ConflictMarker => f.write_str("conflict marker, skipped"),
        }
    }
}

/// What was skipped: the first hundred with their place, the others counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// The first ones.
    pub list: Vec<Problem>,
    /// Number of all.
    pub total: usize,
}

impl Problems {
    pub(super) fn push(&mut self, file: &Arc<str>, line: usize, kind: ProblemKind) {
        self.total += 1;
        if self.list.len() < KEPT_PROBLEMS {
            self.list.push(Problem {
                file: Arc::clone(file),
                line,
                kind,
            });
        }
    }

    /// Adds those of another file.
    pub fn extend(&mut self, other: Problems) {
        self.total += other.total;
        let room = KEPT_PROBLEMS.saturating_sub(self.list.len());
        self.list.extend(other.list.into_iter().take(room));
    }

    /// Nothing was skipped.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// What [`read_lines`] got through.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Bytes up to and with the last line break: where reading goes on when the file has grown.
    pub consumed: usize,
    /// Line breaks among them.
    pub lines: usize,
    /// Lines that were skipped.
    pub problems: Problems,
}

/// Reads all operations of a journal.
pub fn read(bytes: &[u8], file: &str) -> (Vec<Operation>, Problems) {
    let mut operations = Vec::new();
    let reading = read_lines(bytes, file, 0, |operation| operations.push(operation));
    (operations, reading.problems)
}

/// Hands every operation of a journal, or of the part of it after `lines_before` lines, to `take`.
///
/// Lines are independent: whatever one of them holds, the others are read. A last line without a line break is taken
/// if it is whole, and reported as torn if not.
pub fn read_lines(
    bytes: &[u8],
    file: &str,
    lines_before: usize,
    mut take: impl FnMut(Operation),
) -> Reading {
    let file: Arc<str> = Arc::from(file);
    let mut reading = Reading::default();
    let mut writer: Arc<str> = Arc::from("");
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest);
        let (line, after) = match end {
            Some(end) => (rest.get(..end), rest.get(end + 1..)),
            None => (Some(rest), None),
        };
        let number = lines_before + reading.lines + 1;
        let line = line.unwrap_or_default();
        let line = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(line) if number == 1 => line,
            _ => line,
        };
        match Line::parse(line).and_then(|line| line.operation(&mut writer)) {
            Ok(operation) => take(operation),
            Err(_) if line.trim_ascii().is_empty() => {}
            Err(_) if is_conflict_marker(line) => {
                let kind = ProblemKind::ConflictMarker;
                reading.problems.push(&file, number, kind);
            }
            Err(_) if end.is_none() => {
                reading.problems.push(&file, number, ProblemKind::Torn);
            }
            Err(error) => {
                let kind = ProblemKind::Line(error);
                reading.problems.push(&file, number, kind);
            }
        }
        if let Some(end) = end {
            reading.consumed += end + 1;
            reading.lines += 1;
        }
        rest = after.unwrap_or_default();
    }
    reading
}

/// The lines git and its kin leave in a file they could not merge.
pub(super) fn is_conflict_marker(line: &[u8]) -> bool {
    let is_run = |byte: u8| {
        let marker = line
            .get(..7)
            .is_some_and(|run| run.iter().all(|b| *b == byte));
        marker && line.get(7).is_none_or(|next| matches!(next, b' ' | b'\r'))
    };
    is_run(b'<') || is_run(b'=') || is_run(b'>') || is_run(b'|')
}
