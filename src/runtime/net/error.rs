//! What went wrong with a question, in words: who was asked, what came back, what to do.

use std::fmt;

use crate::core::identify::Identifier;

/// What kind of trouble it was, for those who go on to the next service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The one who asked does not want to know any more.
    Cancelled,
    /// The service does not know the paper.
    Absent,
    /// It does not want to be asked so often.
    Throttled,
    /// It refuses.
    Refused,
    /// It is out of order.
    Down,
    /// It took too long.
    Slow,
    /// It could not be reached, or broke off.
    Unreachable,
    /// What it answered is of no use.
    Unusable,
    /// The key for it cannot be had.
    Key,
}

/// One question that was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Who was asked: the name of a service, or a host.
    pub who: String,
    /// The kind.
    pub trouble: Trouble,
    /// What happened: "answered 503 (service unavailable)".
    pub what: String,
}

impl Problem {
    pub(super) fn new(
        who: impl Into<String>,
        trouble: Trouble,
        what: impl Into<String>,
    ) -> Problem {
        Problem {
            who: who.into(),
            trouble,
            what: what.into(),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self.trouble {
            Trouble::Cancelled => "ask again when you like",
            Trouble::Absent => "check the identifier",
            Trouble::Throttled => "try again in a few minutes",
            Trouble::Refused => "check the key and the address in [services], or try again later",
            Trouble::Down | Trouble::Slow => "try again later",
            Trouble::Unreachable => "check the connection, or try again later",
            Trouble::Unusable => "try again later; if it stays so, check the address in [services]",
            Trouble::Key => "correct the key under [services] of the configuration",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.who, self.what)
    }
}

/// Nobody could answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// What was asked for.
    pub about: String,
    /// Who was asked, in order, and what happened.
    pub problems: Vec<Problem>,
}

impl FetchError {
    pub(super) fn new(identifier: &Identifier, problems: Vec<Problem>) -> FetchError {
        let value: String = crate::core::text::scrub(identifier.value(), false)
            .chars()
            .take(120)
            .collect();
        FetchError {
            about: format!("{} {value}", identifier.kind()),
            problems,
        }
    }

    /// The one who asked took the question back.
    pub fn is_cancelled(&self) -> bool {
        self.problems
            .iter()
            .any(|one| one.trouble == Trouble::Cancelled)
    }

    /// Everybody who was asked knows that there is no such paper.
    pub fn is_absent(&self) -> bool {
        !self.problems.is_empty()
            && self
                .problems
                .iter()
                .all(|one| one.trouble == Trouble::Absent)
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.about)?;
        for (at, problem) in self.problems.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{problem}")?;
        }
        // Trouble that goes away says more than that others do not know the paper.
        let telling = self
            .problems
            .iter()
            .find(|one| one.trouble != Trouble::Absent)
            .or(self.problems.first());
        match telling {
            Some(problem) => write!(f, "; {}", problem.hint()),
            None => f.write_str("nobody to ask; give a DOI, PMID, arXiv id or ISBN"),
        }
    }
}

impl std::error::Error for FetchError {}

/// The name of an HTTP status that readers may know (RFC 9110, 15).
pub(super) fn status_name(status: u16) -> String {
    let name = match status {
        400 => "bad request",
        401 => "unauthorised",
        403 => "forbidden",
        404 => "not found",
        410 => "gone",
        422 => "not understood",
        429 => "too many requests",
        500 => "internal error",
        502 => "bad gateway",
        503 => "service unavailable",
        504 => "gateway time-out",
        _ => return status.to_string(),
    };
    format!("{status} ({name})")
}
