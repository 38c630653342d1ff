//! Texts and scalars of JSON, byte by byte.
//!
//! What is wrong inside a text or a scalar does not hide where it ends, so that it is remembered and the value read on;
//! only a line break inside a text means that its quote is missing.

use super::{Expect, Grammar, Token};
use crate::core::library::place::{Fault, HALF_CHARACTER, Lines, NUL, Window, fault};
use crate::core::library::text_run::plain_run;

impl Grammar {
    /// Text up to its quote or an escape. `Ok(false)` when the bytes are used up.
    pub(super) fn text(
        &mut self,
        window: Window<'_>,
        at: &mut usize,
        lines: &Lines,
    ) -> Result<bool, Fault> {
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

    /// One byte of an escape. False when the bytes are used up.
    pub(super) fn escape(&mut self, window: Window<'_>, at: &mut usize, lines: &Lines) -> bool {
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
    pub(super) fn scalar(&mut self, window: Window<'_>, at: &mut usize, lines: &Lines) -> bool {
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
            self.fault = Some(fault(offset, lines, what, hint));
        }
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
