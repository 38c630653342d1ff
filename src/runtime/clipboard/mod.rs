//! Copying to the clipboard of the machine in front of the user.
//!
//! Two ways lead there. A program with a display hands the text to the display server, which asks it back from whoever
//! owns the selection: so a process has to live on to answer ([`holder`]). A program reached through SSH, or inside a
//! multiplexer, has the terminal carry the text, in an escape sequence ([`osc52`]) or through tmux. Which of them are
//! taken is decided from the environment alone ([`plan()`]), because asking a terminal what it can do is no use: the ones
//! that can deny it, and the ones that cannot stay silent.
//!
//! A terminal never confirms; the [`Outcome`] tells the difference, and nothing is called copied that was not.

pub mod holder;
pub mod osc52;
mod plan;
mod program;
mod saved;

use std::path::PathBuf;

pub use holder::{Holder, hold_clipboard_main};
pub use plan::{Plan, Route, Setting, plan};

use super::environment::Environment;
use crate::core::text::scrub;

/// What to copy.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Request {
    /// The text as it is pasted into an editor or a shell.
    pub text: String,
    /// The same with its markup, for programs that ask for it. Only the display's clipboard carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}

impl Request {
    /// A request for text alone.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            html: None,
        }
    }

    /// Takes away what must not reach a clipboard: control characters other than line ends, and line ends at the end,
    /// which a shell would run as a command.
    #[must_use]
    pub fn scrubbed(&self) -> Self {
        let scrubbed = |text: &str| scrub(text, true).trim_end().to_owned();
        Self {
            text: scrubbed(&self.text),
            html: self.html.as_deref().map(scrubbed),
        }
    }
}

/// What carried a text that cannot be confirmed to have arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// tmux, which passes it on to its terminal.
    Tmux,
    /// tmux before 3.2, which keeps it in its own buffer.
    TmuxBuffer,
    /// GNU screen.
    Screen,
    /// The terminal's escape sequence.
    Osc52,
    /// The user's program, by name; it reported no error.
    Command(String),
}

/// How copying ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The text is on the display's clipboard.
    Copied,
    /// The text was handed over; whether it arrived cannot be known.
    Sent {
        /// To what.
        via: Via,
    },
    /// There was no way to a clipboard: the text is in this file.
    SavedToFile {
        /// The file, readable by its owner alone.
        path: PathBuf,
        /// Why no clipboard was reached.
        reason: String,
    },
    /// Nothing worked.
    Failed {
        /// Why no clipboard was reached, and why the text could not be saved.
        reason: String,
    },
}

/// What there is to do and to say after copying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How it ended, provided that `escape` is written.
    pub outcome: Outcome,
    /// Bytes for the thread that draws to write between frames ([`super::terminal::write_escape`]).
    pub escape: Option<Vec<u8>>,
    /// The text as it was copied, to be counted or shown.
    pub text: String,
}

/// Everything that copying depends on.
#[derive(Debug, Clone)]
pub struct Clipboard {
    /// The environment.
    pub environment: Environment,
    /// The user's wish.
    pub setting: Setting,
    /// The program that holds the display's clipboard.
    pub holder: Holder,
    /// Where a text goes that no clipboard took; `None` where the user has no home.
    pub saved: Option<PathBuf>,
}

impl Clipboard {
    /// The clipboard of this process's environment.
    pub fn from_process(setting: Setting) -> Self {
        Self {
            environment: Environment::from_process(),
            setting,
            holder: Holder::default(),
            saved: saved::default_path(),
        }
    }

    /// Copies. Takes up to about 2.5 s where nothing answers, so never on the thread that draws.
    pub fn copy(&self, request: &Request) -> Delivery {
        let request = request.scrubbed();
        let plan = plan(&self.environment, &self.setting);
        let mut attempt = Attempt::default();
        for route in &plan.together {
            attempt.take(route, &request, &self.holder);
        }
        for route in &plan.otherwise {
            if attempt.delivered() {
                break;
            }
            attempt.take(route, &request, &self.holder);
        }
        let outcome = if attempt.copied {
            Outcome::Copied
        } else if let Some(via) = attempt.sent {
            Outcome::Sent { via }
        } else {
            let reason = if attempt.failures.is_empty() {
                "no display, and this terminal has no clipboard".to_owned()
            } else {
                attempt.failures.join("; ")
            };
            saved::save(self.saved.as_deref(), &request.text, reason)
        };
        Delivery {
            outcome,
            escape: attempt.escape,
            text: request.text,
        }
    }
}

/// What the routes taken so far have come to.
#[derive(Debug, Default)]
struct Attempt {
    copied: bool,
    sent: Option<Via>,
    escape: Option<Vec<u8>>,
    failures: Vec<String>,
}

impl Attempt {
    fn delivered(&self) -> bool {
        self.copied || self.sent.is_some()
    }

    fn take(&mut self, route: &Route, request: &Request, holder: &Holder) {
        let text = request.text.as_str();
        let sent = match route {
            Route::Native => match holder.hold(request) {
                Ok(()) => {
                    self.copied = true;
                    return;
                }
                Err(reason) => Err(reason),
            },
            Route::Tmux => program::tmux(text),
            Route::Command(command) => program::run(command, text),
            Route::Osc52 => osc52::sequence(text).map(|bytes| {
                self.escape = Some(bytes);
                Via::Osc52
            }),
            Route::Screen => osc52::sequence(text).map(|bytes| {
                self.escape = Some(osc52::for_screen(&bytes));
                Via::Screen
            }),
        };
        match sent {
            Ok(via) => self.sent = Some(via),
            Err(reason) => self.failures.push(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(change: impl FnOnce(&mut Environment)) -> Environment {
        let mut environment = Environment {
            term: "xterm-256color".to_owned(),
            ..Environment::default()
        };
        change(&mut environment);
        environment
    }

    #[test]
    fn copied_text_ends_without_a_line_end_and_holds_no_control_characters() {
        let request = Request {
            text: "@article{a,\r\n\ttitle = {X\u{1b}[2J}\n}\n\n".to_owned(),
            html: Some("<i>X\u{7}</i>\n".to_owned()),
        };
        let scrubbed = request.scrubbed();
        assert_eq!(scrubbed.text, "@article{a,\n title = {X[2J}\n}");
        assert_eq!(scrubbed.html.as_deref(), Some("<i>X</i>"));
    }

    #[test]
    fn the_terminal_route_is_sent_and_never_called_copied() {
        let clipboard = Clipboard {
            environment: environment(|e| e.ssh = true),
            setting: Setting::Auto,
            holder: Holder::default(),
            saved: None,
        };
        let delivery = clipboard.copy(&Request::plain("Feng 2026\n"));
        assert_eq!(delivery.outcome, Outcome::Sent { via: Via::Osc52 });
        assert_eq!(delivery.text, "Feng 2026");
        assert_eq!(
            delivery.escape.as_deref(),
            Some(b"\x1b]52;c;RmVuZyAyMDI2\x07".as_slice())
        );
    }

    #[test]
    fn a_text_that_no_clipboard_takes_is_saved_in_a_private_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/last-copy.txt");
        let clipboard = Clipboard {
            environment: environment(|e| e.term = "dumb".to_owned()),
            setting: Setting::Auto,
            holder: Holder::default(),
            saved: Some(path.clone()),
        };
        for text in ["a long text", "short"] {
            let delivery = clipboard.copy(&Request::plain(text));
            let Outcome::SavedToFile { path: named, .. } = delivery.outcome else {
                panic!("{:?}", delivery.outcome);
            };
            assert_eq!(named, path);
            assert_eq!(delivery.escape, None);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_text_too_long_for_a_terminal_is_saved_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let clipboard = Clipboard {
            environment: environment(|e| e.ssh = true),
            setting: Setting::Auto,
            holder: Holder::default(),
            saved: Some(folder.path().join("last-copy.txt")),
        };
        let delivery = clipboard.copy(&Request::plain("x".repeat(osc52::TEXT_LIMIT + 1)));
        let Outcome::SavedToFile { reason, .. } = delivery.outcome else {
            panic!("{:?}", delivery.outcome);
        };
        assert!(reason.contains("74,994"), "{reason}");
        assert_eq!(delivery.escape, None);
    }
}
