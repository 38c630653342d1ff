//! Reading an attached PDF: its text in the place of the page, with sections, pages and a search of its own.

mod finding;
mod moving;
mod pictures;

use std::sync::Arc;

use super::line_edit::LineEdit;
use super::reading_doc::{Folded, Place, ReadingDoc};
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
}

impl App {
    /// Whether keys are for the PDF.
    pub(in crate::app) fn is_reading(&self) -> bool {
        self.reading.is_some() && self.overlay.is_none()
    }

    /// Reads the attached PDF, or closes it.
    pub(in crate::app) fn read_pdf(&mut self, effects: &mut Vec<Effect>) {
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
    pub(in crate::app) fn read_quotation(&mut self, sentence: String, effects: &mut Vec<Effect>) {
        self.read_pdf(effects);
        if let Some(reading) = &mut self.reading {
            reading.find = sentence;
            // Not where the reader was the last time.
            reading.wanted = None;
        }
    }

    /// Reads this attached file.
    pub(in crate::app) fn read_file(&mut self, file: String, effects: &mut Vec<Effect>) {
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
    pub(in crate::app) fn close_reading(&mut self, effects: &mut Vec<Effect>) {
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
    pub(in crate::app) fn reading_news(&mut self, news: ReadingNews) -> bool {
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
    pub(in crate::app) fn settle_reading(&mut self, effects: &mut Vec<Effect>) {
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
            reading.wrap(
                width.min(usize::from(crate::app::layout::READING_WIDTH)),
                height,
            );
        }
    }
}
