//! The terminal, claimed and given back.
//!
//! What is switched on when the program takes the terminal (raw mode, the alternate screen, bracketed paste, focus
//! reports, the mouse) is noted bit by bit in a [`Claim`] that every thread can reach, so that whoever has to give the
//! terminal back (a normal return, an error, a panic in any thread, the thread that catches signals) undoes exactly
//! that, once, in reverse.
//!
//! Frames are written in one piece between synchronised-update marks; what is drawn while the terminal is not claimed
//! (after a restore, or while an editor has it) is dropped instead of landing in the reader's shell.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::queue;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};

use super::input::Reader;
use super::panics;

/// The terminal that frames are drawn on.
pub type AppTerminal = Terminal<CrosstermBackend<Screen>>;

/// How long giving the terminal back waits for a frame that is being written by another thread.
const FRAME_LIMIT: Duration = Duration::from_millis(500);

const RAW: u8 = 1;
const ALTERNATE: u8 = 1 << 1;
const PASTE: u8 = 1 << 2;
const FOCUS: u8 = 1 << 3;
const CURSOR: u8 = 1 << 4;
const MOUSE: u8 = 1 << 5;

/// The claim of this process on its terminal, for those who cannot be handed the guard: the panic hook and the thread
/// that catches signals.
static ACTIVE: Mutex<Option<Arc<Claim>>> = Mutex::new(None);

/// Where frames are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// Standard output.
    #[default]
    Stdout,
    /// The controlling terminal, `/dev/tty`: for a run whose standard output is captured by a script.
    ControllingTerminal,
}

/// What to claim besides raw mode, the alternate screen, bracketed paste and focus reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Where frames are drawn.
    pub target: Target,
    /// Whether the mouse is captured from the start.
    pub mouse: bool,
}

/// Why the screens cannot be shown here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTerminal {
    /// Standard output is a file or a pipe.
    #[error("standard output is not a terminal; `offprint list` and `offprint search` print")]
    OutputCaptured,
    /// No terminal belongs to the process.
    #[error("no terminal to show the screens on; `offprint list` and `offprint search` print")]
    NoControllingTerminal,
    /// The terminal says that it cannot move the cursor.
    #[error(
        "this terminal cannot show screens (TERM=dumb); `offprint list` and `offprint search` print"
    )]
    Dumb,
}

/// Says whether the screens can be shown, without writing anything.
pub fn terminal_available(target: Target) -> Result<(), NoTerminal> {
    if target == Target::Stdout && !io::stdout().is_terminal() {
        return Err(NoTerminal::OutputCaptured);
    }
    if target == Target::ControllingTerminal || !io::stdin().is_terminal() {
        open_controlling_terminal().map_err(|_| NoTerminal::NoControllingTerminal)?;
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(NoTerminal::Dumb);
    }
    Ok(())
}

pub(super) fn open_controlling_terminal() -> io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty")
}

/// Gives the terminal back, whoever claimed it. Does nothing when it is not claimed (any more).
pub fn restore() {
    let claim = lock(&ACTIVE).clone();
    if let Some(claim) = claim {
        claim.undo();
    }
}

/// [`restore`] for the last moment of a process whose terminal may accept no more output: waits at most `limit`.
pub(super) fn restore_within(limit: Duration) {
    let (done, is_done) = std::sync::mpsc::channel();
    let started = std::thread::Builder::new()
        .name("restore".to_owned())
        .spawn(move || {
            restore();
            let _ = done.send(());
        });
    if started.is_ok() && is_done.recv_timeout(limit).is_ok() {
        return;
    }
    // The screen cannot be written; the line discipline can still be set right for the shell.
    let _ = disable_raw_mode();
}

/// Whether another program (an editor) has the terminal: it deals with the keyboard's signals.
pub(super) fn is_lent() -> bool {
    lock(&ACTIVE)
        .as_ref()
        .is_some_and(|claim| claim.lent.load(Ordering::SeqCst))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was switched on, and where it must be switched off.
#[derive(Debug)]
struct Claim {
    output: File,
    /// The modes that are on now.
    on: AtomicU8,
    /// The modes that are on whenever the program has the terminal.
    wanted: AtomicU8,
    /// A frame is being put together: flushes wait for its end.
    framing: AtomicBool,
    /// The terminal has gone; nothing more is written.
    gone: AtomicBool,
    lent: AtomicBool,
    writing: Mutex<()>,
}

impl Claim {
    fn switch_on(&self, modes: u8) -> io::Result<()> {
        if modes & RAW != 0 {
            enable_raw_mode()?;
            self.on.fetch_or(RAW, Ordering::SeqCst);
        }
        let mut bytes = Vec::with_capacity(64);
        if modes & ALTERNATE != 0 {
            queue!(bytes, EnterAlternateScreen, Clear(ClearType::All))?;
        }
        if modes & PASTE != 0 {
            queue!(bytes, EnableBracketedPaste)?;
        }
        if modes & FOCUS != 0 {
            queue!(bytes, EnableFocusChange)?;
        }
        if modes & CURSOR != 0 {
            queue!(bytes, Hide)?;
        }
        if modes & MOUSE != 0 {
            queue!(bytes, EnableMouseCapture)?;
        }
        // Noted before the write: one that fails half-way has to be undone too.
        self.on.fetch_or(modes, Ordering::SeqCst);
        let _writing = lock(&self.writing);
        self.write(&bytes)
    }

    fn switch_off(&self, modes: u8) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(64);
        if modes & MOUSE != 0 {
            queue!(bytes, DisableMouseCapture)?;
        }
        if modes & CURSOR != 0 {
            queue!(bytes, Show)?;
        }
        if modes & FOCUS != 0 {
            queue!(bytes, DisableFocusChange)?;
        }
        if modes & PASTE != 0 {
            queue!(bytes, DisableBracketedPaste)?;
        }
        if modes & ALTERNATE != 0 {
            queue!(bytes, LeaveAlternateScreen)?;
        }
        self.write(&bytes)
    }

    /// Switches off what is on, once, and returns what that was. A second caller waits until the first has finished.
    fn undo(&self) -> u8 {
        let writing = self.wait_for_frame();
        let on = self.on.swap(0, Ordering::SeqCst);
        if on == 0 {
            return 0;
        }
        if writing.is_none() {
            // A frame is stuck half-way through its write: end its synchronised update first.
            let _ = self.write(b"\x1b[?2026l");
        }
        // Both are tried: a terminal that takes no output may still have a shell behind it.
        let _ = self.switch_off(on);
        if on & RAW != 0 {
            let _ = disable_raw_mode();
        }
        on
    }

    fn wait_for_frame(&self) -> Option<MutexGuard<'_, ()>> {
        let deadline = Instant::now() + FRAME_LIMIT;
        loop {
            match self.writing.try_lock() {
                Ok(guard) => return Some(guard),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return None,
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() && !self.gone.load(Ordering::SeqCst) {
            match (&self.output).write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Another program left the terminal in non-blocking mode.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let pause = Timespec {
                        tv_sec: 0,
                        tv_nsec: 100_000_000,
                    };
                    let _ = poll(
                        &mut [PollFd::new(&self.output, PollFlags::OUT)],
                        Some(&pause),
                    );
                }
                Err(error) => {
                    self.gone.store(true, Ordering::SeqCst);
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

/// Where the terminal library writes: a buffer that reaches the terminal in one write, and only while it is claimed.
#[derive(Debug)]
pub struct Screen {
    claim: Arc<Claim>,
    buffer: Vec<u8>,
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.claim.framing.load(Ordering::SeqCst) {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.buffer);
        let result = {
            let _writing = lock(&self.claim.writing);
            if self.claim.on.load(Ordering::SeqCst) & ALTERNATE == 0 {
                Ok(())
            } else {
                self.claim.write(&bytes)
            }
        };
        self.buffer = bytes;
        self.buffer.clear();
        result
    }
}

/// Holds the terminal; giving it up ([`leave`](Self::leave), or dropping) undoes exactly what was done.
#[derive(Debug)]
pub struct TerminalGuard {
    claim: Arc<Claim>,
}

impl TerminalGuard {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, focus reports, no cursor; installs the panic
    /// hook, which takes the calling thread for the one that owns the terminal.
    ///
    /// # Errors
    /// When the terminal refuses; whatever was done until then is undone.
    pub fn enter(options: Options) -> io::Result<(Self, AppTerminal)> {
        let output = match options.target {
            Target::Stdout => File::from(io::stdout().as_fd().try_clone_to_owned()?),
            Target::ControllingTerminal => open_controlling_terminal()?,
        };
        let mouse = if options.mouse { MOUSE } else { 0 };
        let claim = Arc::new(Claim {
            output,
            on: AtomicU8::new(0),
            wanted: AtomicU8::new(RAW | ALTERNATE | PASTE | FOCUS | CURSOR | mouse),
            framing: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            lent: AtomicBool::new(false),
            writing: Mutex::new(()),
        });
        panics::install_hook();
        *lock(&ACTIVE) = Some(Arc::clone(&claim));
        let guard = Self {
            claim: Arc::clone(&claim),
        };
        guard
            .claim
            .switch_on(guard.claim.wanted.load(Ordering::SeqCst))?;
        let screen = Screen {
            claim,
            buffer: Vec::with_capacity(16 * 1024),
        };
        let terminal = Terminal::new(CrosstermBackend::new(screen))?;
        Ok((guard, terminal))
    }

    /// Gives the terminal back. Dropping the guard does the same.
    pub fn leave(self) {
        drop(self);
    }

    /// Captures the mouse, or gives its selection back to the terminal.
    pub fn set_mouse(&self, on: bool) -> io::Result<()> {
        let is_on = self.claim.on.load(Ordering::SeqCst) & MOUSE != 0;
        if on == is_on {
            return Ok(());
        }
        if on {
            self.claim.wanted.fetch_or(MOUSE, Ordering::SeqCst);
            return self.claim.switch_on(MOUSE);
        }
        self.claim.wanted.fetch_and(!MOUSE, Ordering::SeqCst);
        self.claim.on.fetch_and(!MOUSE, Ordering::SeqCst);
        let _writing = lock(&self.claim.writing);
        self.claim.switch_off(MOUSE)
    }

    /// Stops the process and its group as the shell's job control expects of `Ctrl-Z`, after giving the terminal back.
    /// Returns `false`, having done nothing, where no shell would bring the program back.
    ///
    /// The terminal is not taken again here but by [`resume`](Self::resume), on [`super::signals::Signal::Continue`]:
    /// the same signal also follows a stop that came from elsewhere.
    pub fn stop(&self) -> io::Result<bool> {
        if !has_job_control() {
            return Ok(false);
        }
        self.claim.undo();
        kill_current_process_group(Signal::STOP)?;
        Ok(true)
    }

    /// Takes the terminal again after a stop, setting every mode anew (a shell may have changed them), and clears it so
    /// that the next frame is drawn in full.
    pub fn resume(&self, terminal: &mut AppTerminal) -> io::Result<()> {
        self.claim.undo();
        self.claim
            .switch_on(self.claim.wanted.load(Ordering::SeqCst))?;
        // Not `Terminal::clear`: that asks the terminal for the cursor, and the answer would arrive among the keys.
        let size = terminal.backend().size()?;
        terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Lends the terminal to another program, such as an editor, until that ends, and takes it again. The reader of keys
    /// is paused meanwhile, so that no key meant for the other program is lost.
    ///
    /// # Errors
    /// When the program cannot be started, or the terminal cannot be taken again.
    pub fn lend(
        &self,
        terminal: &mut AppTerminal,
        reader: &Reader,
        command: &mut Command,
    ) -> io::Result<ExitStatus> {
        reader.pause();
        self.claim.lent.store(true, Ordering::SeqCst);
        self.claim.undo();
        let status = self.give_streams(command).and_then(|()| command.status());
        self.claim.lent.store(false, Ordering::SeqCst);
        let resumed = self.resume(terminal);
        reader.resume();
        resumed.and(status)
    }

    fn give_streams(&self, command: &mut Command) -> io::Result<()> {
        if !io::stdin().is_terminal() {
            command.stdin(Stdio::from(open_controlling_terminal()?));
        }
        if !io::stdout().is_terminal() {
            command.stdout(Stdio::from(self.claim.output.try_clone()?));
        }
        Ok(())
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        self.claim.undo();
        *lock(&ACTIVE) = None;
    }
}

/// Draws one frame, as one write between the marks of a synchronised update (CSI ? 2026 h and l), so that a terminal
/// that knows them never shows half of it.
pub fn draw(terminal: &mut AppTerminal, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
    let framing = lock(&ACTIVE).clone();
    if let Some(claim) = &framing {
        claim.framing.store(true, Ordering::SeqCst);
    }
    let drawn = queue!(terminal.backend_mut(), BeginSynchronizedUpdate)
        .and_then(|()| terminal.draw(render).map(|_| ()))
        .and_then(|()| queue!(terminal.backend_mut(), EndSynchronizedUpdate));
    if let Some(claim) = &framing {
        claim.framing.store(false, Ordering::SeqCst);
    }
    Write::flush(terminal.backend_mut())?;
    drawn
}

/// Writes a finished escape sequence (a copied text on its way to the terminal's clipboard) between frames.
pub fn write_escape(terminal: &mut AppTerminal, sequence: &[u8]) -> io::Result<()> {
    let screen = terminal.backend_mut();
    screen.write_all(sequence)?;
    Write::flush(screen)
}

/// Whether a shell with job control waits for this process. The group of a session's leader has no parent in its
/// session: once stopped, nobody would continue it.
fn has_job_control() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}
