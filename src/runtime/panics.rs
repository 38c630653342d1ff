//! What happens when a thread panics: never a broken screen, always the message, once.
//!
//! The hook of the standard library prints in the middle of the alternate screen, and the usual hook of terminal programs
//! restores the terminal on every panic, also on one that is caught, so that the program goes on drawing on a terminal
//! that is no longer its own. This hook knows the difference: inside [`catching`] it only notes the message; elsewhere it
//! gives the terminal back, prints, and, when the thread is not the one that owns the terminal, ends the program with
//! exit status 101 (the owner's own panic unwinds, so that what it holds is dropped in order).

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::{Cell, RefCell};
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

#[cfg(feature = "tui")]
use super::terminal;

/// Exit status of a program that panicked, as the standard library has it.
pub const PANIC_STATUS: i32 = 101;

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

static OWNER: OnceLock<ThreadId> = OnceLock::new();
static PRINTED: AtomicBool = AtomicBool::new(false);

/// Installs the hook; the calling thread is taken as the owner of the terminal. Later calls do nothing.
pub fn install_hook() {
    if OWNER.set(thread::current().id()).is_ok() {
        set_hook(Box::new(on_panic));
    }
}

/// Runs `work`; a panic inside it becomes its message instead of the end of the program.
pub fn catching<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = CAUGHT.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    result.map_err(|payload| {
        let noted = MESSAGE.with_borrow_mut(Option::take);
        noted.unwrap_or_else(|| message_of(&*payload).to_owned())
    })
}

fn on_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |location| {
        format!(" at {}:{}", location.file(), location.line())
    });
    let message = message_of(info.payload());
    if CAUGHT.get() {
        let noted = format!("{message}{place}");
        // Already borrowed only when a destructor panics while the note is read: the first note is the better one.
        MESSAGE.with(|slot| {
            if let Ok(mut slot) = slot.try_borrow_mut() {
                *slot = Some(noted);
            }
        });
        return;
    }
    #[cfg(feature = "tui")]
    terminal::restore();
    if !PRINTED.swap(true, Ordering::SeqCst) {
        let thread = thread::current();
        let name = thread.name().unwrap_or("unnamed");
        let mut errors = std::io::stderr().lock();
        // Nobody is left to tell when standard error cannot be written.
        let _ = writeln!(
            errors,
            "offprint: internal error in thread {name}{place}: {message}"
        );
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            let _ = writeln!(errors, "{backtrace}");
        }
    }
    if OWNER
        .get()
        .is_some_and(|owner| *owner != thread::current().id())
    {
        std::process::exit(PANIC_STATUS);
    }
}

fn message_of(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caught_panic_is_its_message() {
        assert_eq!(catching(|| 7), Ok(7));
        let error = catching(|| -> u8 { panic!("page {} is broken", 3) }).unwrap_err();
        assert!(error.starts_with("page 3 is broken"), "{error}");
    }

    #[test]
    fn catching_nests() {
        let outer = catching(|| {
            let inner = catching(|| panic!("inner"));
            assert!(inner.unwrap_err().starts_with("inner"));
            assert!(CAUGHT.get());
            panic!("outer")
        });
        let outer: Result<(), String> = outer;
        assert!(outer.unwrap_err().starts_with("outer"));
        assert!(!CAUGHT.get());
    }
}
