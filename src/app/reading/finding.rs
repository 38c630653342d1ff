//! Finding words in the text of a PDF.

use std::ops::Range;

use super::Reading;
use crate::app::line_edit::LineEdit;
use crate::app::reading_doc::{Folded, ReadingDoc, ReadingLine};
use crate::app::{App, Level};

impl Reading {
    pub(super) fn find_anew(&mut self) {
        self.found_at = None;
        self.found = if self.find.trim().is_empty() {
            Vec::new()
        } else {
            let passages = &self.passages;
            let folded = self.folded.get_or_insert_with(|| Folded::new(passages));
            folded.find(&self.find)
        };
    }

    /// More of the text is there: the place that was found stays the same, and one that was looked for in vain is gone
    /// to where it is there now.
    pub(super) fn find_in_more(&mut self, height: usize) {
        let before = self.found_at.and_then(|at| self.found.get(at)).cloned();
        let was_in_vain = self.found.is_empty();
        self.find_anew();
        self.found_at = before.and_then(|place| self.found.iter().position(|one| *one == place));
        if was_in_vain && !self.found.is_empty() {
            let number = self.found_from(self.scroll);
            self.show(number, height);
        }
    }

    /// The line of a place that was found.
    fn line_of(&self, number: usize) -> Option<usize> {
        let place = self.found.get(number)?;
        self.doc.line_of_place(place.passage, place.range.start)
    }

    /// The first place from a line on, or else the first of all.
    pub(super) fn found_from(&self, line: usize) -> Option<usize> {
        let Some((passage, start)) = self.doc.anchor(line) else {
            return (!self.found.is_empty()).then_some(0);
        };
        let after = self
            .found
            .iter()
            .position(|place| (place.passage, place.range.end) > (passage, start));
        after.or((!self.found.is_empty()).then_some(0))
    }

    /// The parts of a line that are looked for.
    pub fn found_in(&self, line: &ReadingLine) -> Vec<Range<usize>> {
        let passage = line.passage();
        let first = self
            .found
            .partition_point(|place| Some(place.passage) < passage);
        self.found
            .iter()
            .skip(first)
            .take_while(|place| Some(place.passage) == passage)
            .filter_map(|place| ReadingDoc::within(line, place))
            .collect()
    }

    pub(super) fn show(&mut self, number: Option<usize>, height: usize) {
        self.found_at = number;
        if let Some(line) = number.and_then(|number| self.line_of(number))
            && (line < self.scroll || line >= self.scroll + height)
        {
            self.go(line.saturating_sub(height / 3), height);
        }
    }
}

impl App {
    pub(in crate::app) fn open_reading_finder(&mut self) {
        if let Some(reading) = &mut self.reading {
            reading.finder = Some(LineEdit::new(reading.find.clone()));
        }
    }

    /// While typing: the first place from the top of the window on, else the first of all.
    pub(in crate::app) fn reading_find_changed(&mut self) {
        let height = self.reading_height();
        let Some(reading) = &mut self.reading else {
            return;
        };
        let Some(finder) = &reading.finder else {
            return;
        };
        reading.find = finder.text().to_owned();
        reading.find_anew();
        let number = reading.found_from(reading.scroll);
        reading.show(number, height);
    }

    /// The next place of the words, or the one before; around the end.
    pub(in crate::app) fn reading_find_next(&mut self, forward: bool, count: usize) {
        let height = self.reading_height();
        let Some(reading) = &mut self.reading else {
            return;
        };
        if reading.found.is_empty() {
            let text = if reading.find.trim().is_empty() {
                "Nothing is looked for in this PDF; / does".to_owned()
            } else {
                format!("“{}” is not in this PDF", reading.find)
            };
            return self.tell(Level::Info, text);
        }
        let all = reading.found.len();
        let steps = count.max(1) % all;
        let number = match reading.found_at {
            Some(at) if forward => (at + steps) % all,
            Some(at) => (at + all - steps) % all,
            None => reading.found_from(reading.scroll).unwrap_or(0),
        };
        reading.show(Some(number), height);
    }
}
