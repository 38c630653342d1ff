//! Signals, caught on a thread of their own and handed to the run loop.
//!
//! The thread also stands by for the case that the run loop cannot finish (a terminal that accepts no output, a terminal
//! that has vanished): a while after a signal to end, it gives the terminal back itself and ends the process.

use std::io;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use super::terminal;

/// How long the run loop has to finish after a signal to end.
const GRACE: Duration = Duration::from_millis(1500);

/// How long writing to the terminal may take at the very end.
const RESTORE_LIMIT: Duration = Duration::from_millis(300);

/// What a signal asks of the run loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End, with the exit status that [`exit_status`] gives for this signal number. Sent once.
    Terminate(i32),
    /// Stop: see [`terminal::TerminalGuard::stop`].
    Suspend,
    /// The process goes on after a stop: see [`terminal::TerminalGuard::resume`].
    Continue,
}

/// The exit status of a program that a signal ended, as shells report it: 128 and the signal's number.
pub fn exit_status(signal: i32) -> u8 {
    u8::try_from(signal.saturating_add(128)).unwrap_or(u8::MAX)
}

/// Catches SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP and SIGCONT from now on, for the life of the process.
///
/// # Errors
/// When the system refuses the handlers or the thread.
pub fn spawn(callback: impl FnMut(Signal) + Send + 'static) -> io::Result<()> {
    let signals = Signals::new([SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT])?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || attend(signals, callback))?;
    Ok(())
}

fn attend(mut signals: Signals, mut callback: impl FnMut(Signal)) {
    let mut ending = false;
    for signal in signals.forever() {
        match signal {
            // An editor that has the terminal gets the keyboard's signals too, and they are meant for it.
            SIGINT | SIGQUIT if terminal::is_or_was_just_lent() => {}
            SIGCONT if terminal::is_lent() => {}
            SIGTSTP if terminal::is_lent() => {
                let _ = low_level::emulate_default_handler(SIGTSTP);
            }
            SIGTSTP => callback(Signal::Suspend),
            SIGCONT => callback(Signal::Continue),
            _ if ending => {}
            signal => {
                ending = true;
                terminal::pass_on(signal);
                callback(Signal::Terminate(signal));
                let watch = thread::Builder::new()
                    .name("last-resort".to_owned())
                    .spawn(move || end_after_grace(signal));
                if watch.is_err() {
                    end_after_grace(signal);
                }
            }
        }
    }
}

fn end_after_grace(signal: i32) {
    thread::sleep(GRACE);
    if signal != SIGHUP {
        terminal::restore_within(RESTORE_LIMIT);
    }
    // Without the exit handlers: whatever kept the run loop from finishing may hold what they need.
    low_level::exit(i32::from(exit_status(signal)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_statuses_are_those_of_the_shell() {
        assert_eq!(exit_status(SIGTERM), 143);
        assert_eq!(exit_status(SIGHUP), 129);
        assert_eq!(exit_status(i32::MAX), 255);
    }
}
