//! The terminal, claimed and given back.
//!
//! What is switched on when the program takes the terminal (raw mode, the alternate screen, bracketed paste, focus
//! reports, the mouse) is noted bit by bit in a claim that every thread can reach, so that whoever has to give the
//! terminal back (a normal return, an error, a panic in any thread, the thread that catches signals) undoes exactly
//! that, once, in reverse.
//!
//! Frames are written in one piece between synchronised-update marks; what is drawn while the terminal is not claimed
//! (after a restore, or while an editor has it) is dropped instead of landing in the reader's shell.

mod claim;

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_current_process_group, waitid};

pub use claim::{Screen, restore};
pub(super) use claim::{is_lent, is_or_was_just_lent, pass_on, restore_within};

use self::claim::{Claim, has_job_control};
use super::input::Reader;
use super::panics;

/// The terminal that frames are drawn on.
pub type AppTerminal = Terminal<CrosstermBackend<Screen>>;

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

/// Whether the terminal says that its background is light. It is asked for a fifth of a second at most, over SSH for a
/// second; to be called before anything else reads from the terminal.
pub fn is_light() -> bool {
    let mut options = terminal_colorsaurus::QueryOptions::default();
    let is_far = std::env::var_os("SSH_CONNECTION").is_some();
    options.timeout = Duration::from_millis(if is_far { 1000 } else { 200 });
    let mode = terminal_colorsaurus::theme_mode(options);
    matches!(mode, Ok(terminal_colorsaurus::ThemeMode::Light))
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
        panics::install_hook();
        let guard = Self {
            claim: Claim::new(output, options.mouse),
        };
        guard.claim.take()?;
        let screen = Screen::new(Arc::clone(&guard.claim));
        let terminal = Terminal::new(CrosstermBackend::new(screen))?;
        Ok((guard, terminal))
    }

    /// Gives the terminal back. Dropping the guard does the same.
    pub fn leave(self) {
        drop(self);
    }

    /// Captures the mouse, or gives its selection back to the terminal.
    pub fn set_mouse(&self, on: bool) -> io::Result<()> {
        self.claim.set_mouse(on)
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
        self.claim.take()?;
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
        self.claim.set_lent(true);
        self.claim.undo();
        let status = self
            .give_streams(command)
            .and_then(|()| command.spawn())
            .and_then(|child| self.await_borrower(child));
        self.claim.set_lent(false);
        let resumed = self.resume(terminal);
        reader.resume();
        resumed.and(status)
    }

    /// Waits for the end of the program that has the terminal; signals to end are passed on to it meanwhile.
    fn await_borrower(&self, mut child: Child) -> io::Result<ExitStatus> {
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        self.claim.set_borrower(pid);
        if let Some(pid) = pid {
            // Its number is free for another process only once it has been waited for: nothing is passed on after this.
            let ended = || {
                waitid(
                    WaitId::Pid(pid),
                    WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
                )
            };
            while ended().is_err_and(|error| error == Errno::INTR) {}
        }
        self.claim.set_borrower(None);
        child.wait()
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
        self.claim.give_up();
    }
}

/// Draws one frame, as one write between the marks of a synchronised update (CSI ? 2026 h and l), so that a terminal
/// that knows them never shows half of it.
pub fn draw(terminal: &mut AppTerminal, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
    let framing = Claim::frame();
    let drawn = queue!(terminal.backend_mut(), BeginSynchronizedUpdate)
        .and_then(|()| terminal.draw(render).map(drop))
        .and_then(|()| queue!(terminal.backend_mut(), EndSynchronizedUpdate));
    drop(framing);
    Write::flush(terminal.backend_mut())?;
    drawn
}

/// Writes a finished escape sequence (a copied text on its way to the terminal's clipboard) between frames.
pub fn write_escape(terminal: &mut AppTerminal, sequence: &[u8]) -> io::Result<()> {
    let screen = terminal.backend_mut();
    screen.write_all(sequence)?;
    Write::flush(screen)
}
