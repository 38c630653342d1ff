//! Reading an attached PDF: its text in the place of the page, with sections, pages and a search of its own.

use std::ops::Range;
use std::sync::Arc;

use super::line_edit::LineEdit;
use super::reading_doc::{Folded, Place, ReadingDoc, ReadingLine};
use ratatui::layout::Rect;

use super::{App, Effect, Level, Pane};
use crate::config::Preview;
use crate::core::journal::{Change, Edit, Progress};
use crate::core::page::{PdfLook, first_pdf};
use crate::core::paper::PaperNo;
use crate::core::pdf_text::Passage;

/// How far the reading of the file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is there yet.
    Opening,
    /// So many pages are there.
    Pages(u32),
    /// Everything is there.
    Whole,
    /// It cannot be read, for this reason.
    Failed(String),
}

/// Whether pages are shown as pictures beside the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pictures {
    /// The terminal was not asked yet: it is when the first page is to be shown.
    #[default]
    Untried,
    /// It is being asked.
    Asked,
    /// They are.
    Shown,
    /// They are not.
    None,
}

/// What is told about a PDF that is being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingNews {
    /// Which reading.
    pub signature: u64,
    /// How far it is.
    pub stage: Stage,
    /// Pages of the document.
    pub pages: u32,
    /// The text so far; `None` as it was.
    pub passages: Option<Arc<[Passage]>>,
    /// Something to know: some characters could not be drawn.
    pub remark: Option<String>,
}

/// A PDF that is being read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Whose PDF it is.
    pub paper: PaperNo,
    /// The file, as the journals hold its path.
    pub file: String,
    /// Which reading; news of others are old.
    pub signature: u64,
    /// How far it is.
    pub stage: Stage,
    /// Pages of the document; 0 while unknown.
    pub pages: u32,
    /// The text so far.
    pub passages: Arc<[Passage]>,
    /// The text as it is wrapped.
    pub doc: ReadingDoc,
    /// The first line drawn.
    pub scroll: usize,
    /// The box for words that are looked for, while it is open.
    pub finder: Option<LineEdit>,
    /// The words that are looked for.
    pub find: String,
    /// The places where they stand.
    pub found: Vec<Place>,
    /// Which of these was gone to last.
    pub found_at: Option<usize>,
    /// The text as it is searched, once it was.
    folded: Option<Folded>,
    /// Why the page is not shown as a picture, if so.
    pub picture_trouble: Option<String>,
    /// Characters are missing in the pictures, for want of their font.
    pub is_font_missing: bool,
    /// The page to go to once it is there: where the reader was the last time.
    wanted: Option<u32>,
    /// The page when reading began.
    begun_at: u32,
    width: usize,
    height: usize,
}

impl Reading {
    /// The page in view.
    pub fn page(&self) -> u32 {
        let is_at_end = self.scroll > 0 && self.scroll == self.last_scroll(self.height);
        if is_at_end {
            // The last page may be shorter than the screen.
            return self.doc.page_at(self.doc.lines.len());
        }
        self.doc.page_at(self.scroll + 1)
    }

    /// The heading under which the first line in view stands.
    pub fn section(&self) -> Option<&str> {
        let passage = self.doc.section_at(self.scroll + 2)?;
        Some(self.passages.get(passage)?.text.as_str())
    }

    fn last_scroll(&self, height: usize) -> usize {
        self.doc.lines.len().saturating_sub(height)
    }

    fn go(&mut self, line: usize, height: usize) {
        self.scroll = line.min(self.last_scroll(height));
    }

    fn wrap(&mut self, width: usize, height: usize) {
        if self.width != width {
            self.width = width;
            self.lay_out();
        }
        self.height = height;
        self.scroll = self.scroll.min(self.last_scroll(height));
    }

    /// Wraps the text anew; what is at the top stays there.
    fn lay_out(&mut self) {
        let anchor = self.doc.anchor(self.scroll);
        self.doc = ReadingDoc::new(&self.passages, self.width);
        if self.scroll > 0
            && let Some(anchor) = anchor
        {
            self.scroll = self.doc.line_of(anchor);
        }
    }

    fn find_anew(&mut self) {
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
    fn find_in_more(&mut self, height: usize) {
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
    fn found_from(&self, line: usize) -> Option<usize> {
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

    fn show(&mut self, number: Option<usize>, height: usize) {
        self.found_at = number;
        if let Some(line) = number.and_then(|number| self.line_of(number))
            && (line < self.scroll || line >= self.scroll + height)
        {
            self.go(line.saturating_sub(height / 3), height);
        }
    }
}

impl App {
    /// Whether keys are for the PDF.
    pub(super) fn is_reading(&self) -> bool {
        self.reading.is_some() && self.overlay.is_none()
    }

    /// Reads the attached PDF, or closes it.
    pub(super) fn read_pdf(&mut self, effects: &mut Vec<Effect>) {
        if self.reading.is_some() {
            return self.close_reading(effects);
        }
        if self.settings.preview == Preview::Off {
            let text = "The configuration has [pdf] preview = \"off\"; o opens the PDF";
            return self.tell(Level::Info, text);
        }
        let files = self.attached_files();
        match first_pdf(&files) {
            Some(file) => self.read_file(file.clone(), effects),
            None => self.tell(
                Level::Info,
                "No PDF is attached; offprint attach ID FILE.pdf attaches one",
            ),
        }
    }

    /// Reads the attached PDF from a sentence on.
    pub(super) fn read_quotation(&mut self, sentence: String, effects: &mut Vec<Effect>) {
        self.read_pdf(effects);
        if let Some(reading) = &mut self.reading {
            reading.find = sentence;
            // Not where the reader was the last time.
            reading.wanted = None;
        }
    }

    /// Reads this attached file.
    pub(super) fn read_file(&mut self, file: String, effects: &mut Vec<Effect>) {
        let Some(paper) = self.selected() else {
            return;
        };
        let progress = self.notes.state().paper(self.library.id(paper)).progress;
        let signature = self.next_signature();
        self.reading = Some(Reading {
            paper,
            file: file.clone(),
            signature,
            stage: Stage::Opening,
            pages: 0,
            passages: Arc::from([]),
            doc: ReadingDoc::default(),
            scroll: 0,
            finder: None,
            find: String::new(),
            found: Vec::new(),
            found_at: None,
            folded: None,
            picture_trouble: None,
            is_font_missing: false,
            wanted: progress
                .map(|progress| progress.page)
                .filter(|page| *page > 1),
            begun_at: progress.map_or(0, |progress| progress.page),
            width: 0,
            height: 0,
        });
        if self.focus == Pane::List {
            self.focus = Pane::Main;
        }
        effects.push(Effect::ReadPdf { signature, file });
        self.note_opened(effects);
    }

    /// Goes back to the page of the paper; how far was read is noted.
    pub(super) fn close_reading(&mut self, effects: &mut Vec<Effect>) {
        let Some(reading) = self.reading.take() else {
            return;
        };
        effects.push(Effect::StopReading);
        self.note_progress(&reading, effects);
    }

    /// At the end of the program: how far was read is noted.
    pub fn leave_reading(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.close_reading(&mut effects);
        effects
    }

    fn note_progress(&mut self, reading: &Reading, effects: &mut Vec<Effect>) {
        let page = reading.page();
        let is_known = reading.pages > 0 && !reading.passages.is_empty();
        let is_same = page == reading.begun_at || (page == 1 && reading.begun_at == 0);
        if !is_known || is_same || reading.wanted.is_some() || self.notes_missing.is_some() {
            return;
        }
        let Some(id) = (reading.paper.index() < self.library.len())
            .then(|| self.library.id(reading.paper).to_owned())
        else {
            return;
        };
        let progress = Progress {
            page,
            of: reading.pages.max(page),
        };
        let edit = Edit::new(
            id,
            self.known_identifiers(reading.paper),
            Change::Progress(Some(progress)),
        );
        let operations = Arc::make_mut(&mut self.notes).edit(self.wall, vec![edit]);
        self.write_down(operations, effects);
        self.identify(&[reading.paper], effects);
    }

    /// Takes news of a reading; whether they were of the one that is shown.
    pub(super) fn reading_news(&mut self, news: ReadingNews) -> bool {
        let height = self.reading_height();
        let Some(reading) = self
            .reading
            .as_mut()
            .filter(|reading| reading.signature == news.signature)
        else {
            return false;
        };
        reading.stage = news.stage;
        reading.pages = news.pages;
        let look = match &reading.stage {
            Stage::Whole => Some((reading.file.clone(), PdfLook::Pages(news.pages))),
            _ => None,
        };
        if let Some(passages) = news.passages {
            reading.passages = passages;
            reading.folded = None;
            reading.lay_out();
            reading.find_in_more(height);
        }
        if let Some(page) = reading.wanted {
            let is_there = match reading.stage {
                Stage::Pages(pages) => pages > page,
                Stage::Whole => true,
                _ => false,
            };
            if is_there {
                reading.wanted = None;
                // Whoever has scrolled meanwhile wants to be there.
                if reading.scroll == 0 {
                    let line = reading.doc.line_of_page(page);
                    reading.go(line, height);
                }
            }
        }
        if let Some(remark) = news.remark {
            self.tell(Level::Warning, remark);
        }
        if let Some((file, look)) = look {
            self.pdf_looked(&file, look);
        }
        true
    }

    /// After every message: the text fits its place, and belongs to the paper under the cursor.
    pub(super) fn settle_reading(&mut self, effects: &mut Vec<Effect>) {
        let selected = self.selected();
        if self
            .reading
            .as_ref()
            .is_some_and(|reading| Some(reading.paper) != selected)
        {
            return self.close_reading(effects);
        }
        let is_for_pictures = self.reading.is_some() && self.panes().has_room_for_picture();
        if is_for_pictures && self.pictures == Pictures::Untried {
            self.pictures = if self.settings.preview == Preview::Text {
                Pictures::None
            } else {
                effects.push(Effect::AskPictures);
                Pictures::Asked
            };
        }
        let Some(rect) = self.panes().reading() else {
            return;
        };
        let width = usize::from(rect.width.saturating_sub(2));
        let height = self.reading_height();
        if let Some(reading) = &mut self.reading {
            reading.wrap(width.min(usize::from(super::layout::READING_WIDTH)), height);
        }
    }

    /// Where the picture of the page in view stands, while it is to be seen.
    pub fn picture_place(&self) -> Option<Rect> {
        let rect = self.panes().picture.filter(|_| self.is_reading())?;
        // A line for its number above it, and a free column on either side.
        Some(Rect {
            x: rect.x + 1,
            y: rect.y + 1,
            width: rect.width.saturating_sub(2),
            height: rect.height.saturating_sub(1),
        })
    }

    /// The terminal can show pictures, or cannot for this reason.
    pub(super) fn pictures_known(&mut self, known: Result<(), String>) {
        self.pictures = match known {
            Ok(()) => Pictures::Shown,
            Err(reason) => {
                self.log(
                    Level::Info,
                    format!("Pages of PDFs are shown as text: {reason}"),
                );
                Pictures::None
            }
        };
    }

    /// Pages were drawn, perhaps without some characters, or not, for this reason.
    pub(super) fn pictures_drawn(&mut self, signature: u64, drawn: Result<bool, String>) {
        let reading = self.reading.as_mut();
        let Some(reading) = reading.filter(|one| one.signature == signature) else {
            return;
        };
        let is_missing = drawn == Ok(true);
        let is_new = is_missing && !reading.is_font_missing;
        reading.is_font_missing |= is_missing;
        reading.picture_trouble = drawn.err();
        if is_new {
            let text = "Some characters are not drawn: their font is neither in the PDF nor on this machine; \
                install one such as Noto CJK";
            self.tell(Level::Warning, text);
        }
    }

    /// Lines of text that are seen at once.
    fn reading_height(&self) -> usize {
        let rect = self.panes().reading();
        rect.map_or(0, |rect| usize::from(rect.height.saturating_sub(1)))
    }

    pub(super) fn scroll_reading(&mut self, lines: isize) {
        let height = self.reading_height();
        if let Some(reading) = &mut self.reading {
            let line = reading.scroll.saturating_add_signed(lines);
            reading.go(line, height);
        }
    }

    pub(super) fn page_reading(&mut self, pages: isize, part: usize) {
        // A line of the page before stays, to go on from.
        let height = self.reading_height().saturating_sub(1);
        self.scroll_reading((height / part).max(1) as isize * pages);
    }

    pub(super) fn go_reading(&mut self, line: usize) {
        let height = self.reading_height();
        if let Some(reading) = &mut self.reading {
            reading.go(line, height);
        }
    }

    /// Turns pages of the document.
    pub(super) fn turn_reading(&mut self, pages: isize) {
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
    pub(super) fn next_section(&mut self, forward: bool, count: usize) {
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

    pub(super) fn open_reading_finder(&mut self) {
        if let Some(reading) = &mut self.reading {
            reading.finder = Some(LineEdit::new(reading.find.clone()));
        }
    }

    /// While typing: the first place from the top of the window on, else the first of all.
    pub(super) fn reading_find_changed(&mut self) {
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
    pub(super) fn reading_find_next(&mut self, forward: bool, count: usize) {
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
