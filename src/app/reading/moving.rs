//! Moving in the text of a PDF: by lines, screens, pages and sections.

use crate::app::{App, Level};

impl App {
    /// Lines of text that are seen at once.
    pub(super) fn reading_height(&self) -> usize {
        let rect = self.panes().reading();
        rect.map_or(0, |rect| usize::from(rect.height.saturating_sub(1)))
    }

    pub(in crate::app) fn scroll_reading(&mut self, lines: isize) {
        let height = self.reading_height();
        if let Some(reading) = &mut self.reading {
            let line = reading.scroll.saturating_add_signed(lines);
            reading.go(line, height);
        }
    }

    pub(in crate::app) fn page_reading(&mut self, pages: isize, part: usize) {
        // A line of the page before stays, to go on from.
        let height = self.reading_height().saturating_sub(1);
        self.scroll_reading((height / part).max(1) as isize * pages);
    }

    pub(in crate::app) fn go_reading(&mut self, line: usize) {
        let height = self.reading_height();
        if let Some(reading) = &mut self.reading {
            reading.go(line, height);
        }
    }

    /// Turns pages of the document.
    pub(in crate::app) fn turn_reading(&mut self, pages: isize) {
        let height = self.reading_height();
        if let Some(reading) = &mut self.reading {
            let last = reading.pages.max(1);
            let page = (i64::from(reading.page()) + pages as i64).clamp(1, i64::from(last));
            let line = reading
                .doc
                .line_of_page(u32::try_from(page).unwrap_or(u32::MAX));
            reading.go(line, height);
        }
    }

    /// Goes to the next heading, or to the one before.
    pub(in crate::app) fn next_section(&mut self, forward: bool, count: usize) {
        let height = self.reading_height();
        let Some(reading) = &mut self.reading else {
            return;
        };
        let mut line = Some(reading.scroll);
        for _ in 0..count.clamp(1, 10_000) {
            let next = line.and_then(|line| reading.doc.section_beside(line, forward));
            if next.is_none() {
                break;
            }
            line = next;
        }
        match line.filter(|line| *line != reading.scroll) {
            Some(line) => reading.go(line, height),
            None if forward => self.tell(Level::Info, "No section after this one"),
            None => self.tell(Level::Info, "No section before this one"),
        }
    }
}
