//! What this process has switched on at its terminal, and the way back.

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange,
};
use crossterm::queue;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpgrp, getsid, kill_process};
use rustix::termios::tcdrain;

/// How long giving the terminal back waits for a frame that is being written by another thread.
const FRAME_LIMIT: Duration = Duration::from_millis(500);

/// How long after another program's end an interrupt counts as meant for that program.
const LOAN_ECHO: Duration = Duration::from_millis(300);

const RAW: u8 = 1;
const ALTERNATE: u8 = 1 << 1;
const PASTE: u8 = 1 << 2;
const FOCUS: u8 = 1 << 3;
const CURSOR: u8 = 1 << 4;
const MOUSE: u8 = 1 << 5;

/// Reports buttons, the wheel and moves with a button held, with columns beyond 223. Moves without a button, which
/// crossterm's own sequence asks for as well, would only wake the program.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";

/// The claim of this process on its terminal, for those who cannot be handed the guard: the panic hook and the thread
/// that catches signals.
static ACTIVE: Mutex<Option<Arc<Claim>>> = Mutex::new(None);

/// Gives the terminal back, whoever claimed it. Does nothing when it is not claimed (any more).
pub fn restore() {
    let claim = lock(&ACTIVE).clone();
    if let Some(claim) = claim {
        claim.undo();
    }
}

/// [`restore`] for the last moment of a process whose terminal may accept no more output: waits at most `limit`.
pub(in crate::runtime) fn restore_within(limit: Duration) {
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
pub(in crate::runtime) fn is_lent() -> bool {
    lock(&ACTIVE)
        .as_ref()
        .is_some_and(|claim| matches!(*lock(&claim.loan), Loan::Lent))
}

/// Whether an interrupt that has just come may have been typed while another program had the terminal. The key reaches
/// both programs, and the other may have ended of it before this one hears of it. (In raw mode no key interrupts.)
pub(in crate::runtime) fn is_or_was_just_lent() -> bool {
    lock(&ACTIVE)
        .as_ref()
        .is_some_and(|claim| match *lock(&claim.loan) {
            Loan::Never => false,
            Loan::Lent => true,
            Loan::Returned(when) => when.elapsed() < LOAN_ECHO,
        })
}

/// Passes a signal on to the program that has the terminal: an editor that is asked to end keeps its text, and gives the
/// terminal back.
pub(in crate::runtime) fn pass_on(signal: i32) {
    let claim = lock(&ACTIVE).clone();
    if let Some(claim) = claim
        && let Some(signal) = Signal::from_named_raw(signal)
    {
        // Held while the signal is sent, so that the process is not waited for in between.
        let borrower = lock(&claim.borrower);
        if let Some(process) = *borrower {
            let _ = kill_process(process, signal);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was switched on, and where it must be switched off.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) output: File,
    /// The modes that are on now.
    on: AtomicU8,
    /// The modes that are on whenever the program has the terminal.
    wanted: AtomicU8,
    /// A frame is being put together: flushes wait for its end.
    framing: AtomicBool,
    /// The terminal has gone; nothing more is written.
    gone: AtomicBool,
    loan: Mutex<Loan>,
    /// The process that has the terminal.
    borrower: Mutex<Option<Pid>>,
    writing: Mutex<()>,
}

/// Whether another program has the terminal.
#[derive(Debug)]
enum Loan {
    Never,
    Lent,
    Returned(Instant),
}

impl Claim {
    /// A claim on the terminal behind `output`, with nothing switched on yet; [`restore`] finds it from now on.
    pub(super) fn new(output: File, mouse: bool) -> Arc<Self> {
        let mouse = if mouse { MOUSE } else { 0 };
        let claim = Arc::new(Self {
            output,
            on: AtomicU8::new(0),
            wanted: AtomicU8::new(RAW | ALTERNATE | PASTE | FOCUS | CURSOR | mouse),
            framing: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            loan: Mutex::new(Loan::Never),
            borrower: Mutex::new(None),
            writing: Mutex::new(()),
        });
        *lock(&ACTIVE) = Some(Arc::clone(&claim));
        claim
    }

    /// Switches on what is wanted, anew where it is on already (a shell may have changed it in between).
    pub(super) fn take(&self) -> io::Result<()> {
        self.undo();
        self.wait_for_foreground();
        self.switch_on(self.wanted.load(Ordering::SeqCst))
    }

    /// Switches off what is on and forgets the terminal.
    pub(super) fn give_up(&self) {
        self.undo();
        *lock(&ACTIVE) = None;
    }

    pub(super) fn set_lent(&self, lent: bool) {
        *lock(&self.loan) = if lent {
            Loan::Lent
        } else {
            Loan::Returned(Instant::now())
        };
    }

    pub(super) fn set_borrower(&self, process: Option<Pid>) {
        *lock(&self.borrower) = process;
    }

    pub(super) fn set_mouse(&self, on: bool) -> io::Result<()> {
        let is_on = self.on.load(Ordering::SeqCst) & MOUSE != 0;
        if on == is_on {
            return Ok(());
        }
        if on {
            self.wanted.fetch_or(MOUSE, Ordering::SeqCst);
            return self.switch_on(MOUSE);
        }
        self.wanted.fetch_and(!MOUSE, Ordering::SeqCst);
        self.on.fetch_and(!MOUSE, Ordering::SeqCst);
        let _writing = lock(&self.writing);
        self.switch_off(MOUSE)
    }

    /// Holds back flushes until the returned value is dropped.
    pub(super) fn frame() -> Framing {
        let claim = lock(&ACTIVE).clone();
        if let Some(claim) = &claim {
            claim.framing.store(true, Ordering::SeqCst);
        }
        Framing(claim)
    }

    /// In the background (started with `&`, or continued with `bg`) the modes read from the terminal would be those of
    /// the shell's line editor, and be given back to it as its own on the way out. Waiting for output to be sent changes
    /// nothing, and the system stops a background process that asks for it until the shell brings it to the front.
    fn wait_for_foreground(&self) {
        // Any other error means that there is no job control, and that the terminal may be taken as it is.
        while tcdrain(&self.output) == Err(Errno::INTR) {}
    }

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
            bytes.extend(MOUSE_ON);
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

    /// Switches off what is on, once. A second caller waits until the first has finished.
    pub(super) fn undo(&self) {
        let writing = self.wait_for_frame();
        let on = self.on.swap(0, Ordering::SeqCst);
        if on == 0 {
            return;
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

/// A frame is being put together as long as this lives, be it until a panic.
pub(super) struct Framing(Option<Arc<Claim>>);

impl Drop for Framing {
    fn drop(&mut self) {
        if let Some(claim) = &self.0 {
            claim.framing.store(false, Ordering::SeqCst);
        }
    }
}

/// Where the terminal library writes: a buffer that reaches the terminal in one write, and only while it is claimed.
#[derive(Debug)]
pub struct Screen {
    claim: Arc<Claim>,
    buffer: Vec<u8>,
}

impl Screen {
    pub(super) fn new(claim: Arc<Claim>) -> Self {
        Self {
            claim,
            buffer: Vec::with_capacity(16 * 1024),
        }
    }
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

/// Whether a shell with job control waits for this process. The group of a session's leader has no parent in its
/// session: once stopped, nobody would continue it.
pub(super) fn has_job_control() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}
