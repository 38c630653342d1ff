//! What is going on, on standard error while somebody looks.

use std::io::{self, IsTerminal as _, Write as _};

use crate::core::text::scrub;

/// Cells of a bar.
const BAR: usize = 24;

/// One line on standard error that says what is going on, drawn over while it changes; nothing where nobody looks.
#[derive(Debug)]
pub(super) struct Progress {
    is_seen: bool,
}

impl Progress {
    pub(super) fn new() -> Progress {
        Progress {
            is_seen: io::stderr().is_terminal(),
        }
    }

    pub(super) fn tell(&self, text: &str) {
        if self.is_seen {
            let text: String = scrub(text, false).chars().take(76).collect();
            // A closed standard error leaves nobody to tell.
            let _ = write!(io::stderr(), "\r\u{1b}[K{text}");
            let _ = io::stderr().flush();
        }
    }

    /// A bar, how far it is, and what is counted.
    pub(super) fn bar(&self, done: usize, of: usize, counted: &str) {
        if self.is_seen {
            let share = done.min(of) as f64 / of.max(1) as f64;
            let full = (share * BAR as f64) as usize;
            let bar = "█".repeat(full) + &"░".repeat(BAR - full);
            self.tell(&format!("{bar} {:>3.0} %  {counted}", share * 100.0));
        }
    }

    pub(super) fn clear(&self) {
        self.tell("");
    }
}
