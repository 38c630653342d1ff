//! JSON's grammar (RFC 8259) as an automaton that can stop after any byte and go on with the next chunk.
//!
//! It says where a value ends without holding more than the value, and where a broken one goes wrong as early as the
//! grammar allows, so that little of the file is lost to one missing quote or bracket.

mod tokens;

use super::item_start::is_item_key;
use super::place::{Fault, Lines, NUL, WRAPPER, Window, fault, shown, skip_blanks, skip_comma};

/// Levels of nesting; serde_json refuses 128.
const DEEPEST: u32 = 120;

/// What came out of a run over the bytes at hand.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The bytes are used up and the value is still open.
    More,
    /// The value ended before the current position.
    Done,
    /// The value is broken and its end is not known.
    Broken(Fault),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    FirstElement,
    FirstKey,
    Key,
    Colon,
    CommaOrClose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Nothing,
    Text,
    Escape,
    Hex(u8),
    Scalar,
}

/// The item whose value is being read, as far as its layout tells where the next one begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Column of its brace.
    pub(super) column: u32,
    /// Its brace is the first thing on its line.
    pub(super) leads_line: bool,
    /// It may turn out to be a wrapper around the items.
    pub(super) may_wrap: bool,
}

/// A brace in the place where the next item would begin.
#[derive(Debug, Clone, Copy)]
struct Suspect {
    offset: u64,
    lines: Lines,
}

/// The automaton for one value.
#[derive(Debug)]
pub(super) struct Grammar {
    /// One bit a level: set for an object.
    objects: u128,
    depth: u32,
    expect: Expect,
    token: Token,
    /// The open text is a key.
    is_key: bool,
    /// Offset of the open text or scalar.
    token_start: u64,
    /// Value of the `\u` escape so far.
    unit: u32,
    /// A high surrogate was read and its low half must follow.
    high: bool,
    suspect: Option<Suspect>,
    /// The last key at the first level names a list of items.
    wraps: bool,
    /// Wrong, but the end of the value can still be found.
    fault: Option<Fault>,
}

impl Grammar {
    pub(super) fn new() -> Grammar {
        Grammar {
            objects: 0,
            depth: 0,
            expect: Expect::Value,
            token: Token::Nothing,
            is_key: false,
            token_start: u64::MAX,
            unit: 0,
            high: false,
            suspect: None,
            wraps: false,
            fault: None,
        }
    }

    /// What is wrong inside the value, though its end was found.
    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    /// Goes on at `at`.
    pub(super) fn run(
        &mut self,
        window: Window<'_>,
        at: &mut usize,
        lines: &mut Lines,
        layout: Layout,
    ) -> Step {
        loop {
            let more = match self.token {
                Token::Nothing => match self.structure(window, at, lines, layout) {
                    Ok(Some(step)) => return step,
                    Ok(None) => true,
                    Err(fault) => return self.broken(fault),
                },
                Token::Text => match self.text(window, at, lines) {
                    Ok(more) => more,
                    Err(fault) => return self.broken(fault),
                },
                Token::Escape | Token::Hex(_) => self.escape(window, at, lines),
                Token::Scalar => self.scalar(window, at, lines),
            };
            if !more {
                return Step::More;
            }
            if self.token == Token::Nothing
                && self.depth == 0
                && self.expect == Expect::CommaOrClose
            {
                return Step::Done;
            }
        }
    }

    fn broken(&self, mut fault: Fault) -> Step {
        // The text holds no quote, so that there is at most one brace in it that could begin an item.
        let line_start = fault.offset + 1 - u64::from(fault.column);
        if self.token_start >= line_start && self.token_start < fault.offset {
            fault.resume = self.token_start;
        }
        Step::Broken(fault)
    }

    /// One structural byte. `Ok(None)` to go on.
    fn structure(
        &mut self,
        window: Window<'_>,
        at: &mut usize,
        lines: &mut Lines,
        layout: Layout,
    ) -> Result<Option<Step>, Fault> {
        skip_blanks(window, at, lines);
        let Some(&byte) = window.bytes.get(*at) else {
            return Ok(Some(Step::More));
        };
        let offset = window.base + *at as u64;
        match (self.expect, byte) {
            (Expect::Value | Expect::FirstElement, b'{') => {
                if layout.leads_line
                    && self.depth > 0
                    && offset == lines.first
                    && lines.column(offset) == layout.column
                {
                    self.suspect = Some(Suspect {
                        offset,
                        lines: *lines,
                    });
                }
                self.open(true, offset, lines)?;
            }
            (Expect::Value | Expect::FirstElement, b'[') => {
                if self.wraps && self.depth == 1 && layout.may_wrap {
                    return Err(fault(
                        offset,
                        lines,
                        WRAPPER,
                        "export the library as CSL JSON, or open a file that holds the list alone",
                    ));
                }
                self.open(false, offset, lines)?;
            }
            (Expect::Key | Expect::FirstKey, b'"') => self.begin_text(true, offset),
            (Expect::Value | Expect::FirstElement, b'"') => self.begin_text(false, offset),
            (
                Expect::Value | Expect::FirstElement,
                b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z',
            ) => {
                self.token = Token::Scalar;
                self.token_start = offset;
            }
            (Expect::Colon, b':') => self.expect = Expect::Value,
            (Expect::CommaOrClose, b',') => {
                self.expect = if self.in_object() {
                    Expect::Key
                } else {
                    Expect::Value
                };
                skip_comma(window, at, lines);
                return Ok(None);
            }
            (Expect::CommaOrClose | Expect::FirstKey, b'}') if self.in_object() => self.close(),
            (Expect::CommaOrClose | Expect::FirstElement, b']')
                if self.depth > 0 && !self.in_object() =>
            {
                self.close();
            }
            _ => return Err(self.unexpected(byte, offset, lines)),
        }
        *at += 1;
        Ok(None)
    }

    fn in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    fn open(&mut self, object: bool, offset: u64, lines: &Lines) -> Result<(), Fault> {
        if self.depth >= DEEPEST {
            return Err(fault(
                offset,
                lines,
                "nested more than 120 levels deep",
                "this is no CSL-JSON item; take it out",
            ));
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u128::from(object);
        self.expect = if object {
            Expect::FirstKey
        } else {
            Expect::FirstElement
        };
        Ok(())
    }

    fn close(&mut self) {
        self.suspect = None;
        self.depth -= 1;
        self.objects >>= 1;
        self.expect = Expect::CommaOrClose;
    }

    fn begin_text(&mut self, is_key: bool, offset: u64) {
        self.token = Token::Text;
        self.token_start = offset;
        self.is_key = is_key;
        self.high = false;
    }
    /// What a finished key tells about the layout of the file.
    fn end_key(&mut self, window: Window<'_>, end: usize, lines: &Lines) -> Result<(), Fault> {
        self.expect = Expect::Colon;
        if self.depth > 1 && self.suspect.is_none() {
            return Ok(());
        }
        let quoted = window.slice(self.token_start, end);
        let key = quoted
            .get(1..quoted.len().saturating_sub(1))
            .unwrap_or_default();
        if self.depth == 1 {
            self.wraps = matches!(
                key,
                b"items" | b"entries" | b"records" | b"papers" | b"data"
            );
        }
        if let Some(suspect) = self.suspect.take() {
            // Files written with line breaks but without any indentation begin every object in the first column, with
            // the brace alone on its line.
            let indented = suspect.offset > suspect.lines.start;
            let same_line = suspect.lines.number == lines.number;
            if is_item_key(key) && (indented || same_line) {
                return Err(fault(
                    suspect.offset,
                    &suspect.lines,
                    "the next item begins before this one is closed",
                    "add the missing } or ]",
                ));
            }
        }
        Ok(())
    }
    fn unexpected(&self, byte: u8, offset: u64, lines: &Lines) -> Fault {
        let wanted = match (self.expect, self.in_object()) {
            (Expect::Value, _) => "a value",
            (Expect::FirstElement, _) => "a value or ]",
            (Expect::FirstKey, _) => "a field name in quotes or }",
            (Expect::Key, _) => "a field name in quotes",
            (Expect::Colon, _) => ": after the field name",
            (Expect::CommaOrClose, true) => ", or }",
            (Expect::CommaOrClose, false) => ", or ]",
        };
        let what = if byte == 0 {
            NUL.to_owned()
        } else {
            format!("expected {wanted}, found {}", shown(byte))
        };
        fault(
            offset,
            lines,
            &what,
            "look for a missing quote, comma or bracket just before",
        )
    }
}
