//! What came of a request, as what can be told of it.

use std::time::Duration;

use super::error::{Problem, Trouble, status_name};
use super::exchange::{Answer, Broken};
use super::retry::retry_after;
use crate::runtime::store::wall_clock_ms;

/// A question that was not put.
pub(super) fn unasked(who: &str, trouble: Trouble) -> Problem {
    let what = match trouble {
        Trouble::Cancelled => "was not waited for",
        _ => "was not asked: the time was over",
    };
    Problem::new(who, trouble, what)
}

/// What a status other than 200 means, and how long the service asks to wait.
pub(super) fn of_status(who: &str, answer: &Answer) -> (Problem, Option<Duration>) {
    let named = status_name(answer.status);
    let wait = answer
        .retry_after
        .as_deref()
        .and_then(|value| retry_after(value, wall_clock_ms()));
    let (trouble, what) = match answer.status {
        404 | 410 => (
            Trouble::Absent,
            format!("does not know it ({})", answer.status),
        ),
        429 => (
            Trouble::Throttled,
            format!("is throttling, it answered {named}"),
        ),
        401 | 403 => (Trouble::Refused, format!("refuses, it answered {named}")),
        500..=599 => (
            Trouble::Down,
            format!("is out of order, it answered {named}"),
        ),
        _ => (Trouble::Unusable, format!("answered {named}")),
    };
    (Problem::new(who, trouble, what), wait)
}

/// A request without an answer; `most` bytes were wanted.
pub(super) fn of_broken(who: &str, broken: Broken, most: u64) -> Problem {
    let (trouble, what) = match broken {
        Broken::Cancelled => (Trouble::Cancelled, "was not waited for".to_owned()),
        Broken::Slow => (Trouble::Slow, "did not answer in time".to_owned()),
        Broken::NoHost => (
            Trouble::Unreachable,
            "cannot be found: its name leads nowhere".to_owned(),
        ),
        Broken::NoConnection => (
            Trouble::Unreachable,
            "cannot be reached: there is no connection".to_owned(),
        ),
        Broken::Closed => (Trouble::Unreachable, "broke the connection off".to_owned()),
        Broken::Tls(reason) => (
            Trouble::Unusable,
            format!("cannot be reached safely ({reason})"),
        ),
        Broken::TooLarge => (
            Trouble::Unusable,
            format!("answered more than {} MB", most >> 20),
        ),
        Broken::Unpacking => (
            Trouble::Unusable,
            "answered something that cannot be unpacked".to_owned(),
        ),
        Broken::Disk(reason) => (
            Trouble::Unusable,
            format!("answered, but the disk failed: {reason}"),
        ),
        Broken::Other(what) => (Trouble::Unusable, what),
    };
    Problem::new(who, trouble, what)
}
