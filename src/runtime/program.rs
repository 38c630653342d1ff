//! Starting other programs apart from the terminal: without a shell, and without anything to read or to write on.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program is watched for an early failure.
const WATCH: Duration = Duration::from_millis(1500);

/// How far a program has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Launched {
    /// It has ended well.
    Ended,
    /// It was still running after a second and a half, and goes on.
    Running,
}

/// Starts a program with its arguments; returns once it has ended, or after a second and a half, so never on the
/// thread that draws. The program outlives this one and its terminal.
///
/// # Errors
/// Why it could not be started, or how it ended, in words.
pub fn launch(words: &[impl AsRef<OsStr>]) -> Result<Launched, String> {
    let Some((program, arguments)) = words.split_first() else {
        return Err("there is no program to run".to_owned());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| error.to_string())?;
    let deadline = Instant::now() + WATCH;
    while Instant::now() < deadline {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(Launched::Ended),
            Ok(Some(status)) => return Err(status.to_string()),
            Ok(None) => thread::sleep(Duration::from_millis(10)),
            Err(error) => return Err(error.to_string()),
        }
    }
    // It must not stay as a zombie once it ends.
    let _ = thread::Builder::new()
        .name("reap".to_owned())
        .spawn(move || child.wait());
    Ok(Launched::Running)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_reach_the_program_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let seen = seen.to_str().unwrap();
        let words = [
            "sh",
            "-c",
            "printf '%s|' \"$@\" > \"$0\"",
            seen,
            "a b",
            "$(id);c",
        ];
        assert_eq!(launch(&words), Ok(Launched::Ended));
        assert_eq!(std::fs::read_to_string(seen).unwrap(), "a b|$(id);c|");
    }

    #[test]
    fn failures_are_told() {
        assert!(launch(&["offprint-no-such-program"]).is_err());
        assert!(launch(&["false"]).unwrap_err().contains('1'));
        assert!(launch(&[""; 0]).is_err());
    }

    #[test]
    fn a_program_that_goes_on_is_left_running() {
        assert_eq!(launch(&["sleep", "3"]), Ok(Launched::Running));
    }
}
