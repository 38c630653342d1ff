//! Why a command did not do what it was asked.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::core::text::scrub;

/// The end of a command that did not succeed.
#[derive(Debug)]
pub(super) enum Failure {
    /// `PLACE: what; what to do`.
    Failed(String),
    /// The command line is wrong: `WHAT: what; what to do`.
    Usage(String),
    /// Nobody reads the output any more.
    Closed,
    /// The cache is damaged: nothing was printed, and the command has to start again without it.
    Damaged,
}

impl Failure {
    /// Says it in one line on standard error; the exit status.
    pub(super) fn report(self) -> ExitCode {
        match self {
            Failure::Failed(line) => {
                say(&line);
                ExitCode::from(1)
            }
            Failure::Usage(line) => {
                say(&line);
                ExitCode::from(2)
            }
            Failure::Closed => ExitCode::SUCCESS,
            // Not reached: it starts again without any cache.
            Failure::Damaged => ExitCode::from(1),
        }
    }
}

impl From<io::Error> for Failure {
    /// Of writing the output.
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::Closed;
        }
        let text = error.to_string().to_lowercase();
        let reason = text.split(" (os error").next().unwrap_or_default();
        Failure::Failed(format!(
            "standard output: {reason}; the output is not complete"
        ))
    }
}

/// One line on standard error, without anything that a terminal could obey.
pub(super) fn say(line: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(io::stderr(), "offprint: {}", scrub(line, false));
}
