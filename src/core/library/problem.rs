//! What can be wrong with a library: with one item, or with the file as a whole.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Something wrong at one place of the file. The other items are read all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// What is wrong there, without a full stop.
    pub what: String,
    /// What to do about it.
    pub hint: Cow<'static, str>,
    /// The item could not be read; otherwise it was read and this is a remark.
    pub lost: bool,
}

impl Problem {
    /// `PLACE:LINE:COLUMN: what; what to do`.
    pub fn one_line(&self, place: &str) -> String {
        format!(
            "{place}:{}:{}: {}; {}",
            self.line, self.column, self.what, self.hint
        )
    }
}

/// Why a file is no library, or not a whole one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// Line and column in bytes, both from 1, where there is such a place.
    pub at: Option<(u32, u32)>,
    /// What is wrong, without a full stop.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl FileError {
    /// An error of the whole file.
    pub fn whole(what: impl Into<String>, hint: impl Into<String>) -> FileError {
        FileError {
            at: None,
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// `PLACE[:LINE:COLUMN]: what; what to do`.
    pub fn one_line(&self, place: &str) -> String {
        match self.at {
            Some((line, column)) => {
                format!("{place}:{line}:{column}: {}; {}", self.what, self.hint)
            }
            None => format!("{place}: {}; {}", self.what, self.hint),
        }
    }
}

impl From<Problem> for FileError {
    fn from(problem: Problem) -> FileError {
        FileError {
            at: Some((problem.line, problem.column)),
            what: problem.what,
            hint: problem.hint.into_owned(),
        }
    }
}

/// Problems kept in full; a file with more has one cause, and a list of a million lines helps nobody.
const KEPT: usize = 1000;

/// The problems found so far: the first thousand in full, all of them counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    kept: Vec<Problem>,
    total: usize,
    lost: usize,
}

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.total += 1;
        self.lost += usize::from(problem.lost);
        if self.kept.len() < KEPT {
            self.kept.push(problem);
        }
    }

    /// The first thousand, in the order of the file but for duplicate ids, which are known at the second place.
    pub fn list(&self) -> &[Problem] {
        &self.kept
    }

    /// How many there are in all.
    pub fn total(&self) -> usize {
        self.total
    }

    /// How many items could not be read.
    pub fn lost(&self) -> usize {
        self.lost
    }
}

impl Problems {
    /// Moves them to the end of `other`.
    pub fn append_to(self, other: &mut Problems) {
        let room = KEPT.saturating_sub(other.kept.len());
        other.total += self.total;
        other.lost += self.lost;
        other.kept.extend(self.kept.into_iter().take(room));
    }
}
