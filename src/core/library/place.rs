//! Places in the file while it is scanned: the bytes at hand, lines and columns, and faults at them.

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

/// The bytes at hand and their place in the file.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) bytes: &'a [u8],
    /// Offset of the first of them.
    pub(super) base: u64,
}

impl Window<'_> {
    /// The bytes from an offset in the file to a place in the window.
    pub(super) fn slice(&self, from: u64, to: usize) -> &[u8] {
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

/// A fault at an offset on the current line.
pub(super) fn fault(offset: u64, lines: &Lines, what: &str, hint: &'static str) -> Fault {
    Fault {
        line: lines.number,
        column: lines.column(offset),
        offset,
        resume: offset,
        what: what.to_owned(),
        hint,
    }
}

/// A byte as it can be printed in a message.
pub(super) fn shown(byte: u8) -> String {
    match byte {
        0x21..=0x7E => char::from(byte).to_string(),
        _ => format!("the byte 0x{byte:02X}"),
    }
}

/// What is said of a NUL byte.
pub(super) const NUL: &str = "a NUL byte";
/// What is said of an object that holds the items.
pub(super) const WRAPPER: &str = "the items are inside a wrapper object";
/// What is said of an escape for one half of a surrogate pair.
pub(super) const HALF_CHARACTER: &str = "half a character (a \\u escape without its other half)";
