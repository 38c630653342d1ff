//! Reading an item to its end and handing it over.

use super::{Flow, Found, LARGEST_ITEM, MARKER, Scanner, State};
use crate::core::library::grammar::Step;
use crate::core::library::place::{WRAPPER, Window};
use crate::core::library::problem::{FileError, Problem};
use crate::core::library::segment::Span;

impl Scanner {
    pub(super) fn inside(
        &mut self,
        last: bool,
        sink: &mut dyn FnMut(Found<'_>),
    ) -> Result<Flow, FileError> {
        let window = Window {
            bytes: &self.window,
            base: self.base,
        };
        let (mut at, mut lines) = (self.at, self.lines);
        let step = self
            .grammar
            .run(window, &mut at, &mut lines, self.open.layout);
        match step {
            Step::More => {
                (self.at, self.lines) = (at, lines);
                if at - self.index(self.open.offset) > LARGEST_ITEM {
                    self.problems.push(Problem {
                        line: self.open.line,
                        column: self.open.layout.column,
                        what: "an item of more than 128 MB".to_owned(),
                        hint: "look for a missing quote or bracket after it".into(),
                        lost: true,
                    });
                    self.begin_skipping();
                    return Ok(Flow::Again);
                }
                Ok(Flow::More)
            }
            Step::Done => {
                (self.at, self.lines) = (at, lines);
                self.state = State::Between;
                self.after_item = true;
                self.after_comma = false;
                self.deliver(sink);
                Ok(Flow::Again)
            }
            Step::Broken(fault) => {
                let place = self.index(fault.offset);
                let rest = self.window.get(place..).unwrap_or_default();
                let byte = rest.first().copied().unwrap_or_default();
                let may_be_marker = matches!(byte, b'<' | b'|' | b'=' | b'>');
                if may_be_marker && rest.len() < MARKER && !last {
                    // The grammar comes to the same byte again with the next piece.
                    (self.at, self.lines) = (at, lines);
                    return Ok(Flow::More);
                }
                self.lines.number = fault.line;
                self.lines.start = fault.offset + 1 - u64::from(fault.column);
                self.at = place;
                if fault.what == WRAPPER {
                    return Err(Problem::from(fault).into());
                }
                if let Some(error) = self.fatal(byte, rest) {
                    return Err(error);
                }
                self.at = self.index(fault.resume);
                self.problems.push(fault.into());
                self.begin_skipping();
                Ok(Flow::Again)
            }
        }
    }

    fn deliver(&mut self, sink: &mut dyn FnMut(Found<'_>)) {
        let open = self.open;
        if let Some(fault) = self.grammar.take_fault() {
            self.problems.push(fault.into());
            return;
        }
        let mut lost = |line, column, what: String, hint: &'static str| {
            self.problems.push(Problem {
                line,
                column,
                what,
                hint: hint.into(),
                lost: true,
            });
        };
        if !open.is_object {
            lost(
                open.line,
                open.layout.column,
                "expected an item, found another value".to_owned(),
                "take it out: a library is a list of objects",
            );
            return;
        }
        let start = usize::try_from(open.offset.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let bytes = self.window.get(start..self.at).unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => sink(Found {
                span: Span {
                    offset: open.offset,
                    len: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
                },
                line: open.line,
                column: open.layout.column,
                text,
            }),
            Err(error) => {
                let bad = error.valid_up_to();
                let before = bytes.get(..bad).unwrap_or_default();
                let breaks = memchr::memchr_iter(b'\n', before).count() as u32;
                let since = before
                    .iter()
                    .rev()
                    .take_while(|&&byte| byte != b'\n')
                    .count() as u32;
                let column = if breaks == 0 {
                    open.layout.column.saturating_add(since)
                } else {
                    since + 1
                };
                lost(
                    open.line.saturating_add(breaks),
                    column,
                    format!("not UTF-8 at byte {}", open.offset + bad as u64),
                    "save the file as UTF-8",
                );
            }
        }
    }
}
