//! Starting the child, reading its answers, and ending it.

use std::cell::Cell;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Answer, Ask, Head, LARGEST_FILE, LARGEST_SIDE, PdfError, Picture, SUBCOMMAND};
use crate::runtime::source::reason;

/// So long the child may take for the next answer.
const LIMIT: Duration = Duration::from_secs(10);
/// How often it is looked whether anybody still waits.
const LOOK: Duration = Duration::from_millis(25);
/// An answer without its pixels is not longer than this, in bytes.
const LONGEST_HEAD: u64 = 64 << 20;

/// The program that is started to read a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The program.
    pub program: PathBuf,
    /// Its arguments before those that say what is asked.
    pub arguments: Vec<OsString>,
}

impl Default for Program {
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

/// How an answer is waited for.
pub struct Waiting<'a> {
    /// Whether nobody waits any more.
    pub is_cancelled: &'a dyn Fn() -> bool,
    /// So long the child may take for the next answer.
    pub limit: Duration,
}

impl<'a> Waiting<'a> {
    /// At most ten seconds, or until this says that nobody waits.
    pub fn until(is_cancelled: &'a dyn Fn() -> bool) -> Waiting<'a> {
        Waiting {
            is_cancelled,
            limit: LIMIT,
        }
    }
}

impl Program {
    /// Asks a document, and gives each answer to `take` as it comes.
    ///
    /// # Errors
    /// Why there are no answers, or no more.
    pub fn ask(
        &self,
        path: &Path,
        ask: &Ask,
        waiting: &Waiting<'_>,
        take: &mut dyn FnMut(Answer),
    ) -> Result<(), PdfError> {
        let unreadable = |error: io::Error| PdfError::Unreadable(reason(&error));
        let file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(PdfError::Unreadable("not a file".to_owned()));
        }
        if metadata.len() > LARGEST_FILE {
            return Err(PdfError::TooLarge);
        }
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .args(ask.arguments())
            .current_dir("/")
            .stdin(Stdio::from(file))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| PdfError::NotStarted(reason(&error)))?;
        let result = match child.stdout.take() {
            Some(stdout) => listen(stdout, waiting, take),
            None => Err(PdfError::Crashed),
        };
        end(&mut child);
        result
    }
}

/// It has answered, or nobody waits: there is nothing that it could still lose.
fn end(child: &mut Child) {
    // Both fail only for a child that has ended.
    let _ = child.kill();
    let _ = child.wait();
}

fn listen(
    stdout: ChildStdout,
    waiting: &Waiting<'_>,
    take: &mut dyn FnMut(Answer),
) -> Result<(), PdfError> {
    let patience = Patience {
        deadline: Cell::new(Instant::now() + waiting.limit),
        ended: Cell::new(None),
    };
    let mut output = BufReader::with_capacity(
        1 << 16,
        Watched {
            stdout,
            waiting,
            patience: &patience,
        },
    );
    let failed = || patience.ended.take().unwrap_or(PdfError::Crashed);
    let mut line = Vec::new();
    loop {
        line.clear();
        output
            .by_ref()
            .take(LONGEST_HEAD)
            .read_until(b'\n', &mut line)
            .map_err(|_| failed())?;
        let head = serde_json::from_slice(&line).map_err(|_| failed())?;
        let answer = match head {
            Head::Done => return Ok(()),
            Head::Failed(error) => return Err(error),
            Head::Opened { pages } => Answer::Opened { pages },
            Head::Text(text) => Answer::Text(text),
            Head::FontMissing => Answer::FontMissing,
            Head::CharactersLost => Answer::CharactersLost,
            Head::Picture {
                page,
                width,
                height,
            } => {
                if width > LARGEST_SIDE || height > LARGEST_SIDE {
                    return Err(PdfError::Crashed);
                }
                let mut rgba = vec![0; 4 * width as usize * height as usize];
                output.read_exact(&mut rgba).map_err(|_| failed())?;
                Answer::Picture(Picture {
                    page,
                    width,
                    height,
                    rgba,
                })
            }
        };
        take(answer);
        patience.deadline.set(Instant::now() + waiting.limit);
    }
}

struct Patience {
    deadline: Cell<Instant>,
    /// Why no more is read.
    ended: Cell<Option<PdfError>>,
}

struct Watched<'a> {
    stdout: ChildStdout,
    waiting: &'a Waiting<'a>,
    patience: &'a Patience,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let stop = |error| {
            self.patience.ended.set(Some(error));
            Err(io::Error::other("the child is not waited for"))
        };
        let look = Timespec::try_from(LOOK).map_err(io::Error::other)?;
        loop {
            if (self.waiting.is_cancelled)() {
                return stop(PdfError::Cancelled);
            }
            let mut ready = [PollFd::new(&self.stdout, PollFlags::IN)];
            match poll(&mut ready, Some(&look)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return self.stdout.read(buffer),
                Err(error) => return Err(error.into()),
            }
            if Instant::now() >= self.patience.deadline.get() {
                return stop(PdfError::TimedOut);
            }
        }
    }
}
