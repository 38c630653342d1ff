//! JSON's grammar (RFC 8259) as an automaton that can stop after any byte and go on with the next chunk.
//!
//! It says where a value ends without holding more than the value, and where a broken one goes wrong as early as the
//! grammar allows, so that little of the file is lost to one missing quote or bracket.

use super::item_start::is_item_key;
use super::text_run::plain_run;

/// Levels of nesting; serde_json refuses 128.
const DEEPEST: u32 = 120;

/// Where the scan stands in the file's lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines {
    /// Number of the current line, from 1.
    pub(super) number: u32,
    /// Offset of its first byte in the file.
    pub(super) start: u64,
    /// Offset of its first byte that is neither blank nor a leading comma.
    pub(super) first: u64,
    /// That byte is still to come.
    pub(super) fresh: bool,
}

impl Lines {
    /// Column of an offset on the current line, in bytes from 1.
    pub(super) fn column(&self, offset: u64) -> u32 {
        u32::try_from(offset.saturating_sub(self.start) + 1).unwrap_or(u32::MAX)
    }
}

/// Something that the grammar does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: u32,
    pub(super) column: u32,
    /// Offset in the file.
    pub(super) offset: u64,
    /// Where to look for the next item from: with a quote missing, its brace is inside the text before the fault.
    pub(super) resume: u64,
    pub(super) what: String,
    pub(super) hint: &'static str,
}

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

/// The bytes at hand and their place in the file.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) bytes: &'a [u8],
    /// Offset of the first of them.
    pub(super) base: u64,
}

impl Window<'_> {
    fn slice(&self, from: u64, to: usize) -> &[u8] {
        let from = usize::try_from(from.saturating_sub(self.base)).unwrap_or(usize::MAX);
        self.bytes.get(from..to).unwrap_or_default()
    }
}

/// Passes blanks and counts lines.
pub(super) fn skip_blanks(window: Window<'_>, at: &mut usize, lines: &mut Lines) {
    while let Some(&byte) = window.bytes.get(*at) {
        match byte {
            b' ' | b'\t' | b'\r' => *at += 1,
            b'\n' => {
                *at += 1;
                lines.number = lines.number.saturating_add(1);
                lines.start = window.base + *at as u64;
                lines.fresh = true;
            }
            _ => {
                if lines.fresh {
                    lines.first = window.base + *at as u64;
                    lines.fresh = false;
                }
                return;
            }
        }
    }
}

/// Passes a comma; one that leads its line leaves that place to what follows.
pub(super) fn skip_comma(window: Window<'_>, at: &mut usize, lines: &mut Lines) {
    if lines.first == window.base + *at as u64 {
        lines.fresh = true;
    }
    *at += 1;
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
                    Err(fault) => return self.broken(*fault),
                },
                Token::Text => match self.text(window, at, lines) {
                    Ok(more) => more,
                    Err(fault) => return self.broken(*fault),
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
    ) -> Result<Option<Step>, Box<Fault>> {
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
            (Expect::Value | Expect::FirstElement, b'-' | b'+' | b'.')
            | (Expect::Value | Expect::FirstElement, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => {
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

    fn open(&mut self, object: bool, offset: u64, lines: &Lines) -> Result<(), Box<Fault>> {
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

    /// Text up to its quote or an escape. `Ok(false)` when the bytes are used up.
    fn text(
        &mut self,
        window: Window<'_>,
        at: &mut usize,
        lines: &Lines,
    ) -> Result<bool, Box<Fault>> {
        let rest = window.bytes.get(*at..).unwrap_or_default();
        let run = plain_run(rest);
        if self.high && (run > 0 || matches!(rest.first(), Some(byte) if *byte != b'\\')) {
            self.soft(window.base + *at as u64, lines, HALF_CHARACTER);
        }
        *at += run;
        let offset = window.base + *at as u64;
        let Some(&byte) = rest.get(run) else {
            return Ok(false);
        };
        match byte {
            b'"' => {
                self.token = Token::Nothing;
                *at += 1;
                if self.is_key {
                    self.end_key(window, *at, lines)?;
                } else {
                    self.expect = Expect::CommaOrClose;
                }
            }
            b'\\' => {
                self.token = Token::Escape;
                *at += 1;
            }
            b'\n' | b'\r' => {
                return Err(fault(
                    offset,
                    lines,
                    "a line ends inside a text",
                    "close the quote, or write the line break as \\n",
                ));
            }
            _ => {
                self.soft(
                    offset,
                    lines,
                    if byte == 0 {
                        NUL
                    } else {
                        "a control character inside a text"
                    },
                );
                *at += 1;
            }
        }
        Ok(true)
    }

    /// What a finished key tells about the layout of the file.
    fn end_key(&mut self, window: Window<'_>, end: usize, lines: &Lines) -> Result<(), Box<Fault>> {
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

    /// One byte of an escape. False when the bytes are used up.
    fn escape(&mut self, window: Window<'_>, at: &mut usize, lines: &Lines) -> bool {
        let Some(&byte) = window.bytes.get(*at) else {
            return false;
        };
        let offset = window.base + *at as u64;
        if let Token::Hex(left) = self.token {
            let Some(digit) = char::from(byte).to_digit(16) else {
                self.soft(offset, lines, "a \\u without four hexadecimal digits");
                self.token = Token::Text;
                return true;
            };
            *at += 1;
            self.unit = self.unit << 4 | digit;
            if left > 1 {
                self.token = Token::Hex(left - 1);
                return true;
            }
            self.token = Token::Text;
            let (high, low) = (self.unit >> 10 == 0x36, self.unit >> 10 == 0x37);
            if self.high != low {
                self.soft(offset, lines, HALF_CHARACTER);
            }
            self.high = high;
            return true;
        }
        if self.high && byte != b'u' {
            self.soft(offset, lines, HALF_CHARACTER);
        }
        self.token = Token::Text;
        match byte {
            b'u' => {
                self.token = Token::Hex(4);
                self.unit = 0;
            }
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
            _ => {
                self.soft(offset, lines, "a backslash that begins no escape");
                if matches!(byte, b'\n' | b'\r') {
                    // The line break is judged as text.
                    return true;
                }
            }
        }
        *at += 1;
        true
    }

    /// A number, `true`, `false` or `null`. False when the bytes are used up.
    fn scalar(&mut self, window: Window<'_>, at: &mut usize, lines: &Lines) -> bool {
        let rest = window.bytes.get(*at..).unwrap_or_default();
        let run = rest
            .iter()
            .position(|byte| {
                !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_'))
            })
            .unwrap_or(rest.len());
        *at += run;
        if run == rest.len() {
            return false;
        }
        let scalar = window.slice(self.token_start, *at);
        if !(matches!(scalar, b"true" | b"false" | b"null") || is_number(scalar)) {
            self.soft(
                self.token_start,
                lines,
                "neither a number nor true, false or null",
            );
        }
        self.token = Token::Nothing;
        self.expect = Expect::CommaOrClose;
        true
    }

    /// Remembers the first fault that does not hide the end of the value.
    fn soft(&mut self, offset: u64, lines: &Lines, what: &str) {
        self.high = false;
        if self.fault.is_none() {
            let hint = if what == NUL {
                "the file was not written completely; save or export it again"
            } else {
                "correct the text there"
            };
            self.fault = Some(*fault(offset, lines, what, hint));
        }
    }

    fn unexpected(&self, byte: u8, offset: u64, lines: &Lines) -> Box<Fault> {
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

/// What is said of a NUL byte.
pub(super) const NUL: &str = "a NUL byte";
/// What is said of an object that holds the items.
pub(super) const WRAPPER: &str = "the items are inside a wrapper object";
const HALF_CHARACTER: &str = "half a character (a \\u escape without its other half)";

fn fault(offset: u64, lines: &Lines, what: &str, hint: &'static str) -> Box<Fault> {
    Box::new(Fault {
        line: lines.number,
        column: lines.column(offset),
        offset,
        resume: offset,
        what: what.to_owned(),
        hint,
    })
}

/// A byte as it can be printed in a message.
pub(super) fn shown(byte: u8) -> String {
    match byte {
        0x21..=0x7E => char::from(byte).to_string(),
        _ => format!("the byte 0x{byte:02X}"),
    }
}

/// RFC 8259 section 6: `-`? int frac? exp?, of any size.
fn is_number(text: &[u8]) -> bool {
    fn digits(text: &[u8]) -> Option<&[u8]> {
        let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 { None } else { text.get(count..) }
    }
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let Some(mut rest) = text.strip_prefix(b"0").or_else(|| digits(text)) else {
        return false;
    };
    if let Some(fraction) = rest.strip_prefix(b".") {
        let Some(after) = digits(fraction) else {
            return false;
        };
        rest = after;
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let unsigned = exponent
            .strip_prefix(b"+")
            .or_else(|| exponent.strip_prefix(b"-"))
            .unwrap_or(exponent);
        let Some(after) = digits(unsigned) else {
            return false;
        };
        rest = after;
    }
    rest.is_empty()
}
