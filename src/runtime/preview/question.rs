//! Asking the terminal.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::tcgetwinsize;

use super::Showing;
use super::answers::{Answers, Names, QUESTIONS, choose};
use crate::config::Preview;
use crate::runtime::environment::Environment;
use crate::runtime::input::Reader;
use crate::runtime::terminal::{self, AppTerminal};

/// So long an answer is waited for.
const LIMIT: Duration = Duration::from_millis(400);
/// The same over SSH.
const LIMIT_SSH: Duration = Duration::from_millis(1500);
/// Longer answers are none, in bytes.
const LONGEST: usize = 4096;
/// A cell where the terminal says nothing about its size.
const USUAL_CELL: (u16, u16) = (8, 16);

/// What asking gave.
pub(in crate::runtime) struct Asked {
    /// How pictures are shown, or why they are not.
    pub(in crate::runtime) showing: Result<Showing, String>,
    /// What was typed meanwhile.
    pub(in crate::runtime) typed: Vec<u8>,
}

/// Asks the terminal how it shows pictures, unless the configuration says it. Returns as soon as the last answer is
/// there, or after 400 ms, over SSH 1.5 s.
pub(in crate::runtime) fn ask(
    setting: Preview,
    terminal: &mut AppTerminal,
    reader: &Reader,
) -> Asked {
    let environment = Environment::from_process();
    let names = Names::from_process();
    let none = Answers::default();
    let is_settled = setting == Preview::Auto
        && choose(setting, &none, &names, &environment).is_err()
        && (environment.tmux || environment.screen);
    if is_settled || matches!(setting, Preview::Text | Preview::Off) {
        return Asked {
            showing: choose(setting, &none, &names, &environment).map(|way| Showing {
                way,
                cell: USUAL_CELL,
            }),
            typed: Vec::new(),
        };
    }
    let limit = if environment.ssh { LIMIT_SSH } else { LIMIT };
    // A reader that does not stand still has half a key: what is read here would be torn.
    let answers = if reader.pause() {
        answers(terminal, limit).unwrap_or_default()
    } else {
        none
    };
    reader.resume();
    let cell = answers.cell.or_else(cell_of_window).unwrap_or(USUAL_CELL);
    Asked {
        showing: choose(setting, &answers, &names, &environment).map(|way| Showing { way, cell }),
        typed: answers.typed,
    }
}

fn answers(terminal: &mut AppTerminal, limit: Duration) -> io::Result<Answers> {
    let stdin = io::stdin();
    let mut tty = if stdin.is_terminal() {
        File::from(stdin.as_fd().try_clone_to_owned()?)
    } else {
        terminal::open_controlling_terminal()?
    };
    terminal::write_escape(terminal, QUESTIONS)?;
    let deadline = Instant::now() + limit;
    let mut bytes = Vec::new();
    let mut answers = Answers::default();
    while !answers.is_whole && bytes.len() < LONGEST {
        let rest = deadline.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            break;
        }
        let mut ready = [PollFd::new(&tty, PollFlags::IN)];
        let rest = Timespec::try_from(rest).map_err(io::Error::other)?;
        match poll(&mut ready, Some(&rest)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut part = [0; 512];
        let count = tty.read(&mut part)?;
        if count == 0 {
            break;
        }
        bytes.extend(part.iter().take(count));
        answers = Answers::parse(&bytes);
    }
    Ok(answers)
}

/// What was typed while the terminal was asked, as keys: letters and Enter; the rest of a sequence means nothing.
pub(in crate::runtime) fn keys(typed: &[u8]) -> Vec<KeyEvent> {
    if typed.contains(&0x1B) {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(typed);
    text.chars()
        .filter_map(|c| match c {
            '\r' | '\n' => Some(KeyCode::Enter),
            c if c.is_control() || c == char::REPLACEMENT_CHARACTER => None,
            c => Some(KeyCode::Char(c)),
        })
        .map(|code| KeyEvent::new(code, KeyModifiers::NONE))
        .collect()
}

/// From the size of the window in pixels, which some terminals tell the kernel.
fn cell_of_window() -> Option<(u16, u16)> {
    let size = tcgetwinsize(io::stdout()).ok()?;
    let width = size.ws_xpixel.checked_div(size.ws_col)?;
    let height = size.ws_ypixel.checked_div(size.ws_row)?;
    (width > 0 && height > 0).then_some((width, height))
}
