//! Going on after something broken.

use super::{Flow, Scanner, State};
use crate::core::library::item_start::{LOOK_AHEAD, begins_item};
use crate::core::library::problem::FileError;

impl Scanner {
    /// Looks for the next item after something broken.
    pub(super) fn skip(&mut self, last: bool) -> Flow {
        let mut lines = self.lines;
        let mut at = self.at;
        let flow = loop {
            let rest = self.window.get(at..).unwrap_or_default();
            let next = memchr::memchr2(b'{', b'\n', rest);
            let passed = rest.get(..next.unwrap_or(rest.len())).unwrap_or_default();
            if let Some(&solid) = passed.iter().rev().find(|byte| !byte.is_ascii_whitespace()) {
                self.last_solid = solid;
            }
            at += passed.len();
            let Some(&byte) = self.window.get(at) else {
                break Flow::More;
            };
            if byte == b'\n' {
                at += 1;
                lines.number = lines.number.saturating_add(1);
                lines.start = self.base + at as u64;
                continue;
            }
            if self.window.len() - at < LOOK_AHEAD && !last {
                break Flow::More;
            }
            let line_start = lines
                .start
                .checked_sub(self.base)
                .and_then(|start| usize::try_from(start).ok());
            if begins_item(&self.window, at, line_start, self.open.layout.column) {
                // Where the line begins does not matter again before the item has a line break.
                lines.first = self.base + at as u64;
                lines.fresh = false;
                self.state = State::Between;
                break Flow::Again;
            }
            self.last_solid = b'{';
            at += 1;
        };
        (self.at, self.lines) = (at, lines);
        flow
    }

    pub(super) fn after(&mut self) -> Result<Flow, FileError> {
        self.blanks();
        let Some(&byte) = self.window.get(self.at) else {
            return Ok(Flow::More);
        };
        let rest = self.window.get(self.at..).unwrap_or_default();
        if let Some(error) = self.fatal(byte, rest) {
            return Err(error);
        }
        self.remark(
            "more text after the ] of the list",
            "look for a bracket too many before it",
        );
        self.begin_skipping();
        Ok(Flow::Again)
    }
}
