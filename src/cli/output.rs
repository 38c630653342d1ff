//! Standard output: plain lines or one JSON value. Nothing else of the program writes there.

use std::io::{self, IsTerminal, Write as _};

use serde_json::Value;

use super::ColorWhen;
use super::cache_use::CacheUse;
use super::failure::Failure;

/// Bytes that are gathered before they are written.
const BUFFER: usize = 64 << 10;

/// The output of a command. Nothing of it is written before all of the cache that it was made of is known to be sound:
/// at the end, where it is short, as what was read of the cache was checked; before the first part, where it is long.
#[derive(Debug)]
pub(super) struct Out {
    buffer: Vec<u8>,
    cache: CacheUse,
    terminal: bool,
    color: bool,
    json: bool,
}

impl Out {
    pub(super) fn new(color: ColorWhen, json: bool, cache: CacheUse) -> Out {
        let terminal = io::stdout().is_terminal();
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Out {
            buffer: Vec::with_capacity(BUFFER),
            cache,
            terminal,
            color: match color {
                ColorWhen::Auto => terminal && !unwanted,
                ColorWhen::Always => true,
                ColorWhen::Never => false,
            },
            json,
        }
    }

    /// One JSON value is wanted rather than text.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// It is shown on a terminal.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Text as it is, without a line end of its own.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.buffer.extend_from_slice(text.as_bytes());
        if self.buffer.len() < BUFFER {
            return Ok(());
        }
        if !self.cache.check_all() {
            return Err(Failure::Damaged);
        }
        self.write()
    }

    fn write(&mut self) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(&self.buffer);
        self.buffer.clear();
        Ok(written.and_then(|()| stdout.flush())?)
    }

    /// A line of text.
    pub(super) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.text(text)?;
        self.text("\n")
    }

    /// A line of fields: two blanks between them on a terminal, a tab elsewhere, so that `cut` finds them.
    pub(super) fn row(&mut self, fields: &[Field<'_>]) -> Result<(), Failure> {
        let between = if self.terminal { "  " } else { "\t" };
        let mut line = String::new();
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                line.push_str(between);
            }
            let (on, text) = match field {
                Field::Head(text) => ("\u{1b}[1m", text),
                Field::Plain(text) => ("", text),
                Field::Dim(text) => ("\u{1b}[2m", text),
            };
            if self.color && !on.is_empty() && !text.is_empty() {
                line.push_str(on);
                line.push_str(text);
                line.push_str("\u{1b}[0m");
            } else {
                line.push_str(text);
            }
        }
        self.line(&line)
    }

    /// One JSON value.
    pub(super) fn json(&mut self, value: &Value) -> Result<(), Failure> {
        self.line(&value.to_string())
    }

    /// An array of JSON values, one a line, without holding them all.
    pub(super) fn json_array(
        &mut self,
        values: impl Iterator<Item = Value>,
    ) -> Result<(), Failure> {
        let mut before = "[";
        let mut any = false;
        for value in values {
            self.line(before)?;
            self.text(&value.to_string())?;
            before = ",";
            any = true;
        }
        self.line(if any { "\n]" } else { "[]" })
    }

    /// Everything is written out.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        if self.cache.is_sound() {
            self.write()
        } else {
            Err(Failure::Damaged)
        }
    }
}

impl Drop for Out {
    /// A command that failed half-way has said what it could.
    fn drop(&mut self) {
        if !self.buffer.is_empty() {
            let _ = self.finish();
        }
    }
}

/// A field of a row and its weight.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field<'a> {
    Head(&'a str),
    Plain(&'a str),
    Dim(&'a str),
}

/// Columns there are: of the terminal, else as `COLUMNS` says, else 80.
pub(super) fn terminal_width() -> usize {
    let of_terminal = || {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        (size.ws_col > 0).then(|| usize::from(size.ws_col))
    };
    let named = || std::env::var("COLUMNS").ok()?.parse().ok();
    of_terminal().or_else(named).unwrap_or(80)
}
