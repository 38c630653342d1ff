//! The process that holds the display's clipboard.
//!
//! Display servers keep no copies: whoever owns the selection is asked for it at every paste. A program that copies and
//! ends has copied nothing. So the program starts itself again under a hidden name, in a session of its own (or the
//! terminal's hang-up would end it), and that process answers until another program copies. It also takes the risk: a
//! display that accepts connections and never answers holds up nobody but it.
//!
//! The text goes over standard input, as JSON, never as an argument, which everybody could see. The process answers
//! with one byte, [`ACKNOWLEDGE`], once it owns the selection, and then lets go of its output.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{Request, program};

/// The hidden subcommand that is [`hold_clipboard_main`].
pub const SUBCOMMAND: &str = "__hold-clipboard";

/// Written by the holder once it owns the selection (the ASCII control character of that name).
pub const ACKNOWLEDGE: u8 = 0x06;

/// How long the answer is waited for. A display that is there answers in a few milliseconds.
pub const ANSWER_LIMIT: Duration = Duration::from_millis(300);

/// After this time without owning the selection the holder ends by itself.
const OWN_LIMIT: Duration = Duration::from_secs(10);

/// How often the holder looks whether its display is still there.
#[cfg(all(unix, not(target_os = "macos")))]
const DISPLAY_CHECK: Duration = Duration::from_secs(10);

/// The most that the holder reads, in bytes.
const REQUEST_LIMIT: u64 = 256 << 20;

/// The program to start as the holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

impl Default for Holder {
    /// This program, with [`SUBCOMMAND`].
    fn default() -> Self {
        // Linux reaches the running program even after an update has replaced its file.
        let program = std::env::current_exe()
            .ok()
            .filter(|path| path.exists())
            .unwrap_or_else(|| PathBuf::from("/proc/self/exe"));
        Self {
            program,
            arguments: vec![OsString::from(SUBCOMMAND)],
        }
    }
}

impl Holder {
    /// Puts the request on the display's clipboard; returns once that is confirmed, or after [`ANSWER_LIMIT`].
    ///
    /// # Errors
    /// Why it is not on the clipboard.
    pub fn hold(&self, request: &Request) -> Result<(), String> {
        let json = serde_json::to_vec(request).map_err(|error| error.to_string())?;
        let mut child = std::process::Command::new(&self.program)
            .args(&self.arguments)
            // Not in the user's folder, which it would keep from being unmounted.
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (sender, answer) = mpsc::channel();
        let exchange = thread::Builder::new()
            .name("clipboard".to_owned())
            .spawn(move || {
                let written = stdin.is_some_and(|mut stdin| stdin.write_all(&json).is_ok());
                let answered = written && stdout.is_some_and(acknowledged);
                let _ = sender.send(answered);
            });
        let owned = exchange.is_ok() && answer.recv_timeout(ANSWER_LIMIT).unwrap_or(false);
        if !owned {
            let _ = child.kill();
        }
        program::reap(child);
        if owned {
            Ok(())
        } else {
            Err("the display does not answer".to_owned())
        }
    }
}

/// Reads until the answer or the end. What comes before the answer is skipped.
fn acknowledged(mut output: impl Read) -> bool {
    let mut byte = [0];
    while matches!(output.read(&mut byte), Ok(1)) {
        if byte == [ACKNOWLEDGE] {
            return true;
        }
    }
    false
}

/// The hidden subcommand: takes a [`Request`] from standard input and holds it until another program copies.
pub fn hold_clipboard_main() -> ExitCode {
    // Fails only for the leader of a session, which has its own already.
    let _ = rustix::process::setsid();
    let mut json = Vec::new();
    let read = io::stdin().take(REQUEST_LIMIT).read_to_end(&mut json);
    let request = read
        .ok()
        .and_then(|_| serde_json::from_slice::<Request>(&json).ok());
    let Some(request) = request else {
        return ExitCode::from(2);
    };
    drop(json);
    let (owning, is_owning) = mpsc::channel::<()>();
    let watch = thread::Builder::new()
        .name("watch".to_owned())
        .spawn(move || {
            if is_owning.recv_timeout(OWN_LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
                std::process::exit(1);
            }
        });
    if watch.is_err() {
        return ExitCode::FAILURE;
    }
    let held = hold(&request, || {
        drop(owning);
        acknowledge()
    });
    if held.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Answers, and lets go of the pipe that the answer went through.
fn acknowledge() -> io::Result<()> {
    let mut output = io::stdout();
    output.write_all(&[ACKNOWLEDGE])?;
    output.flush()?;
    let nowhere = File::options().write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdout(&nowhere)?;
    Ok(())
}

#[cfg(all(unix, not(target_os = "macos")))]
fn hold(request: &Request, owned: impl FnOnce() -> io::Result<()>) -> Result<(), String> {
    use arboard::SetExtLinux;

    let mut clipboard = arboard::Clipboard::new().map_err(|error| error.to_string())?;
    // Twice, since what waits for the end does not tell of the beginning.
    set(clipboard.set(), request)?;
    owned().map_err(|error| error.to_string())?;
    end_with_the_display()?;
    set(clipboard.set().wait(), request)
}

/// Ends the process once the display has gone: the wait for another program's copy would then never end.
#[cfg(all(unix, not(target_os = "macos")))]
fn end_with_the_display() -> Result<(), String> {
    // The same connection: reading one's own selection asks the server no more than who owns it.
    let mut clipboard = arboard::Clipboard::new().map_err(|error| error.to_string())?;
    let watch = move || loop {
        thread::sleep(DISPLAY_CHECK);
        if matches!(clipboard.get_text(), Err(arboard::Error::Unknown { .. })) {
            std::process::exit(0);
        }
    };
    thread::Builder::new()
        .name("display".to_owned())
        .spawn(watch)
        .map(drop)
        .map_err(|error| error.to_string())
}

/// Elsewhere the system keeps the copy.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn hold(request: &Request, owned: impl FnOnce() -> io::Result<()>) -> Result<(), String> {
    let mut clipboard = arboard::Clipboard::new().map_err(|error| error.to_string())?;
    set(clipboard.set(), request)?;
    owned().map_err(|error| error.to_string())
}

fn set(set: arboard::Set<'_>, request: &Request) -> Result<(), String> {
    match &request.html {
        Some(html) => set.html(html.as_str(), Some(request.text.as_str())),
        None => set.text(request.text.as_str()),
    }
    .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_found_behind_other_output() {
        assert!(acknowledged(b"hello\n\x06".as_slice()));
        assert!(!acknowledged(b"hello\n".as_slice()));
        assert!(!acknowledged(b"".as_slice()));
    }

    #[test]
    fn a_holder_that_never_answers_is_given_up() {
        let holder = Holder {
            program: PathBuf::from("sleep"),
            arguments: vec![OsString::from("30")],
        };
        let before = std::time::Instant::now();
        assert!(holder.hold(&Request::plain("text")).is_err());
        assert!(before.elapsed() < ANSWER_LIMIT * 10);
    }

    #[test]
    fn a_holder_that_is_missing_is_named() {
        let holder = Holder {
            program: PathBuf::from("/no/such/holder"),
            arguments: Vec::new(),
        };
        let error = holder.hold(&Request::plain("text")).unwrap_err();
        assert!(error.contains("/no/such/holder"), "{error}");
    }

    #[test]
    fn a_request_survives_the_pipe() {
        let request = Request {
            text: "Müller \"x\"\nnext".to_owned(),
            html: Some("<i>Müller</i>".to_owned()),
        };
        let json = serde_json::to_vec(&request).unwrap();
        assert_eq!(serde_json::from_slice::<Request>(&json).unwrap(), request);
    }
}
