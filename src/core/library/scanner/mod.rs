//! Finding the items of a library in a stream of bytes, without holding the file.
//!
//! Two layouts are told apart by their first byte: a JSON array of items, and objects one after another (JSON Lines).
//! A broken item is reported and the scan goes on at the next place that looks like the beginning of an item
//! ([`super::item_start`]); every byte is looked at a bounded number of times, whatever the file holds.

mod items;
mod resume;

use super::grammar::{Grammar, Layout};
use super::item_start::LOOK_BEHIND;
use super::place::{Fault, Lines, NUL, Window, shown, skip_blanks, skip_comma};
use super::problem::{FileError, Problem, Problems};
use super::segment::Span;
use super::sniff::{foreign_format, is_conflict_marker, utf16};

/// The largest item, in bytes. Real ones with long abstracts have some ten thousand.
const LARGEST_ITEM: usize = 128 << 20;
/// Bytes that settle encoding and format at the beginning of a file.
const HEAD: usize = 16;
/// Bytes that tell a conflict marker from other punctuation.
const MARKER: usize = 8;

/// One item as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// Where its bytes are.
    pub span: Span,
    /// Line of its opening brace, from 1.
    pub line: u32,
    /// Column of its opening brace in bytes, from 1.
    pub column: u32,
    /// The object, valid JSON.
    pub text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but a byte order mark has been read.
    Start,
    /// Between items.
    Between,
    /// In a value that begins at `Scanner::open`.
    Inside,
    /// After something broken, looking for the next item.
    Skipping,
    /// After the `]`.
    After,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    offset: u64,
    line: u32,
    layout: Layout,
    is_object: bool,
}

enum Flow {
    Again,
    More,
}

/// The scanner. Feed it the file in pieces of any size, then [`Scanner::finish`].
#[derive(Debug)]
pub struct Scanner {
    /// The bytes from a little before the current position, or from the beginning of the open item.
    window: Vec<u8>,
    /// Offset in the file of the window's first byte.
    base: u64,
    /// Position in the window.
    at: usize,
    lines: Lines,
    state: State,
    is_array: bool,
    open: Open,
    grammar: Grammar,
    /// The last thing between items was an item (or a broken one).
    after_item: bool,
    /// A comma has been read since.
    after_comma: bool,
    comma_reported: bool,
    /// Last byte that is not blank, while skipping.
    last_solid: u8,
    /// The list has been closed, rightly or not.
    closed: bool,
    problems: Problems,
}

impl Default for Scanner {
    fn default() -> Scanner {
        Scanner::new()
    }
}

impl Scanner {
    /// A scanner at the beginning of a file.
    pub fn new() -> Scanner {
        Scanner {
            window: Vec::new(),
            base: 0,
            at: 0,
            lines: Lines {
                number: 1,
                start: 0,
                first: 0,
                fresh: true,
            },
            state: State::Start,
            is_array: false,
            open: Open {
                offset: 0,
                line: 1,
                layout: Layout {
                    column: u32::MAX,
                    leads_line: false,
                    may_wrap: false,
                },
                is_object: false,
            },
            grammar: Grammar::new(),
            after_item: false,
            after_comma: false,
            comma_reported: false,
            last_solid: 0,
            closed: false,
            problems: Problems::default(),
        }
    }

    /// The problems found since the last call.
    pub fn take_problems(&mut self) -> Problems {
        std::mem::take(&mut self.problems)
    }

    /// Reads the next piece of the file and hands over the items that end in it.
    ///
    /// # Errors
    /// What makes the whole file unusable: another encoding or format, a wrapper object, conflict markers, NUL bytes.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Found<'_>)) -> Result<(), FileError> {
        let needed = match self.state {
            State::Inside => self.index(self.open.offset).min(self.at),
            _ => self.at,
        };
        let gone = needed.saturating_sub(LOOK_BEHIND);
        self.window.drain(..gone);
        self.base += gone as u64;
        self.at -= gone;
        self.window.extend_from_slice(chunk);
        self.go(false, sink)
    }

    /// The file has ended.
    ///
    /// # Errors
    /// As [`Scanner::feed`], and when an array is not closed or the file is empty.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Found<'_>)) -> Result<(), FileError> {
        self.go(true, sink)?;
        match self.state {
            State::Start => Err(FileError::whole(
                "the file is empty",
                "write [] into it for a library without papers, or name another file with --library",
            )),
            State::Skipping => {
                if self.is_array && !self.closed && self.last_solid != b']' {
                    Err(self.unclosed())
                } else {
                    Ok(())
                }
            }
            State::Between if self.is_array => Err(self.unclosed()),
            State::Between | State::After => Ok(()),
            State::Inside => {
                let open = self.open;
                let what = format!(
                    "the file ends inside the item that begins at {}:{}",
                    open.line, open.layout.column
                );
                let fault = self.grammar.take_fault().filter(|fault| fault.what == NUL);
                let (line, column) = fault.map_or_else(
                    || {
                        let end = self.base + self.window.len() as u64;
                        (self.lines.number, self.lines.column(end))
                    },
                    |fault| (fault.line, fault.column),
                );
                if self.is_array {
                    return Err(FileError {
                        at: Some((line, column)),
                        what,
                        hint: INCOMPLETE.to_owned(),
                    });
                }
                self.problems.push(Problem {
                    line,
                    column,
                    what,
                    hint: INCOMPLETE.into(),
                    lost: true,
                });
                Ok(())
            }
        }
    }

    fn unclosed(&self) -> FileError {
        let end = self.base + self.window.len() as u64;
        FileError {
            at: Some((self.lines.number, self.lines.column(end))),
            what: "the file ends before the ] of its list".to_owned(),
            hint: INCOMPLETE.to_owned(),
        }
    }

    fn index(&self, offset: u64) -> usize {
        usize::try_from(offset.saturating_sub(self.base)).unwrap_or(usize::MAX)
    }

    fn here(&self) -> u64 {
        self.base + self.at as u64
    }

    fn go(&mut self, last: bool, sink: &mut dyn FnMut(Found<'_>)) -> Result<(), FileError> {
        loop {
            let flow = match self.state {
                State::Start => self.start(last)?,
                State::Between => self.between(last)?,
                State::Inside => self.inside(last, sink)?,
                State::Skipping => self.skip(last),
                State::After => self.after()?,
            };
            if let Flow::More = flow {
                return Ok(());
            }
        }
    }

    fn start(&mut self, last: bool) -> Result<Flow, FileError> {
        let before_mark = self.here() == 0;
        if before_mark {
            if self.window.len() < HEAD && !last {
                return Ok(Flow::More);
            }
            if let Some(name) = utf16(&self.window) {
                return Err(FileError::whole(
                    format!("the file is written in {name}"),
                    "save it as UTF-8",
                ));
            }
            if self.window.starts_with(b"\xEF\xBB\xBF") {
                self.at = 3;
                self.lines.start = 3;
            }
        }
        self.blanks();
        let Some(&byte) = self.window.get(self.at) else {
            return Ok(Flow::More);
        };
        match byte {
            b'[' => {
                self.is_array = true;
                self.state = State::Between;
                self.at += 1;
            }
            b'{' => self.state = State::Between,
            _ => {
                let rest = self.window.get(self.at..).unwrap_or_default();
                if rest.len() < HEAD && !last {
                    return Ok(Flow::More);
                }
                if let Some(error) = self.fatal(byte, rest) {
                    return Err(error);
                }
                let (what, hint) = foreign_format(rest).map_or_else(
                    || {
                        (
                            format!("expected [ or {{, found {}", shown(byte)),
                            "offprint reads CSL-JSON: export the library as CSL JSON".to_owned(),
                        )
                    },
                    |(name, hint)| (format!("this is {name}, not CSL-JSON"), hint.to_owned()),
                );
                return Err(FileError {
                    at: Some((self.lines.number, self.lines.column(self.here()))),
                    what,
                    hint,
                });
            }
        }
        Ok(Flow::Again)
    }

    fn blanks(&mut self) {
        let window = Window {
            bytes: &self.window,
            base: self.base,
        };
        skip_blanks(window, &mut self.at, &mut self.lines);
    }

    /// What no item can be blamed for.
    fn fatal(&self, byte: u8, rest: &[u8]) -> Option<FileError> {
        let (what, hint) = if byte == 0 {
            (NUL, INCOMPLETE)
        } else if is_conflict_marker(rest) && self.lines.start == self.here() {
            (
                "a merge conflict marker",
                "resolve the conflict and save the file",
            )
        } else {
            return None;
        };
        Some(FileError {
            at: Some((self.lines.number, self.lines.column(self.here()))),
            what: what.to_owned(),
            hint: hint.to_owned(),
        })
    }

    fn remark(&mut self, what: &str, hint: &'static str) {
        let problem = Problem {
            line: self.lines.number,
            column: self.lines.column(self.here()),
            what: what.to_owned(),
            hint: hint.into(),
            lost: false,
        };
        self.problems.push(problem);
    }

    fn between(&mut self, last: bool) -> Result<Flow, FileError> {
        self.blanks();
        let Some(&byte) = self.window.get(self.at) else {
            return Ok(Flow::More);
        };
        match byte {
            b',' => {
                if !self.is_array && !self.comma_reported {
                    self.comma_reported = true;
                    self.remark(
                        "a comma between items that are in no list",
                        "begin the file with [ and end it with ], or leave the commas out",
                    );
                } else if self.is_array && (self.after_comma || !self.after_item) {
                    self.remark("a comma too many", "take it out");
                }
                self.after_comma = true;
                let window = Window {
                    bytes: &self.window,
                    base: self.base,
                };
                skip_comma(window, &mut self.at, &mut self.lines);
            }
            b']' if self.is_array => {
                if self.after_comma {
                    self.remark("a comma too many before the ]", "take it out");
                }
                self.state = State::After;
                self.closed = true;
                self.at += 1;
            }
            b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                if self.is_array && self.after_item && !self.after_comma {
                    self.remark("a comma is missing between two items", "add it");
                }
                let offset = self.here();
                self.open = Open {
                    offset,
                    line: self.lines.number,
                    layout: Layout {
                        column: self.lines.column(offset),
                        leads_line: offset == self.lines.first,
                        may_wrap: !self.is_array && !self.after_item,
                    },
                    is_object: byte == b'{',
                };
                self.grammar = Grammar::new();
                self.state = State::Inside;
            }
            _ => {
                let rest = self.window.get(self.at..).unwrap_or_default();
                if rest.len() < MARKER && !last {
                    return Ok(Flow::More);
                }
                if let Some(error) = self.fatal(byte, rest) {
                    return Err(error);
                }
                self.problems.push(Problem {
                    line: self.lines.number,
                    column: self.lines.column(self.here()),
                    what: format!("expected an item, found {}", shown(byte)),
                    hint: "look for a missing { or } just before".into(),
                    lost: true,
                });
                self.begin_skipping();
            }
        }
        Ok(Flow::Again)
    }

    fn begin_skipping(&mut self) {
        self.state = State::Skipping;
        self.last_solid = 0;
        self.after_item = true;
        self.after_comma = true;
    }
}

const INCOMPLETE: &str = "the file was not written completely; save or export it again";

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        Problem {
            line: fault.line,
            column: fault.column,
            what: fault.what,
            hint: fault.hint.into(),
            lost: true,
        }
    }
}
