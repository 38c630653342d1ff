//! The app as a value: its state, and how messages change it.
//!
//! [`update()`] does no IO and reads no clock: time arrives in [`Msg::Now`], and what the app wants from the world leaves
//! as [`Effect`]s.

pub mod actions;
pub mod attached;
pub mod chooser;
pub mod command;
pub mod comment_box;
mod completing;
mod copying;
pub mod doc;
pub mod fetching;
mod filtering;
mod find;
mod following;
pub mod incoming;
pub mod jumps;
pub mod keymap;
pub mod layout;
pub mod line_edit;
pub mod list;
mod looks;
mod markdown;
pub mod model;
mod moving;
pub mod msg;
pub mod note_commands;
pub mod ordering;
mod outside;
pub mod overlay;
pub mod page_view;
pub mod reading;
pub mod reading_doc;
pub mod reviewing;
mod running;
mod searching;
pub mod tag_box;
pub mod text_area;
pub mod tour;
mod update;
pub mod width;
pub mod writing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use msg::{Copied, CopyRoute, Effect, Level, Msg, Reloaded};
pub use update::update;

use crate::config::Preview;
use crate::config::actions::Action;
use crate::config::keys::Key;
use crate::config::model::ModelSettings;
use crate::config::theme::{Role, Theme};
use crate::core::cite::way::DEFAULT_STYLE;
use crate::core::cite::{StyleName, Way};
use crate::core::editing::Owner;
use crate::core::index::{Hits, Index};
use crate::core::journal::Ledger;
use crate::core::library::{Library, Problems};
use crate::core::paper::PaperNo;
use attached::PdfLooks;
use command::{Command, Context};
use comment_box::{Draft, DraftKey};
use fetching::Fetching;
use jumps::{Jumps, Place};
use keymap::Keymap;
use layout::{Panes, Tier};
use line_edit::LineEdit;
use list::ListCursor;
use note_commands::Saving;
use ordering::Listing;
use outside::Arriving;
use overlay::Overlay;
use page_view::PageView;
use reading::{Pictures, Reading};
use reviewing::OpenReview;
use tour::Tour;

/// A part of the screen that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pane {
    /// The list of papers.
    List,
    /// The page, or its reading part.
    Main,
    /// Authors, publication, identifiers, metrics.
    Details,
    /// Similar papers.
    Similar,
}

/// Where the papers come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// What to call it: a file name, or "example library".
    pub name: String,
    /// It is the library that the program brings along.
    pub example: bool,
    /// The format of a file that is shown as it is and never written.
    pub read_only: Option<&'static str>,
}

/// How far reading has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loading {
    /// Papers are being read.
    Reading,
    /// All papers are there; the index is being made.
    Indexing,
    /// Everything is there.
    Ready,
    /// The library could not be read.
    Failed(String),
}

/// A message to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How much it matters.
    pub level: Level,
    /// The text, perhaps of several lines.
    pub text: String,
}

/// A message in the status line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// The message.
    pub message: Message,
    /// When it goes by itself, in milliseconds; errors stay until a key.
    pub until: Option<u64>,
}

/// How long a message stands in place of the hints, in milliseconds.
const TOAST_MS: u64 = 4000;

/// Why nothing can be noted in the first moments.
const NOTES_AWAITED: &str = "the notes are still being read";

/// The search box while it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryBox {
    /// What is typed.
    pub line: LineEdit,
    /// The view to go back to with Esc.
    pub before: String,
    /// The reader has chosen a result; further typing keeps it where it can.
    pub chosen: bool,
    /// The words are looked for in the page, not in the library.
    pub in_page: bool,
}

/// Settings that the app needs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The look.
    pub theme: Theme,
    /// The looks that can be chosen; none where no colour is wanted.
    pub themes: Vec<Theme>,
    /// The keys.
    pub keymap: Keymap,
    /// What `y` copies.
    pub default_way: Way,
    /// What the page shows under "Cite".
    pub shown_ways: Vec<Way>,
    /// The styles that can be found from the copy menu.
    pub styles: Vec<StyleName>,
    /// Papers are chosen for another program: copying means choosing.
    pub picking: bool,
    /// How the pages of PDFs are shown.
    pub preview: Preview,
    /// Who writes the library, as the configuration says.
    pub owner: Option<Owner>,
    /// The reader's own quick actions.
    pub actions: Vec<Action>,
    /// The model that is asked for key findings, where the reader named one.
    pub model: Option<ModelSettings>,
    /// Who sees the program for the first time is given hints.
    pub tour: bool,
}

impl Settings {
    /// The id of the style that `y` copies in, or of the usual one where it copies another format.
    pub fn default_style(&self) -> String {
        self.default_way.style().unwrap_or(DEFAULT_STYLE).to_owned()
    }
}

/// The whole state.
#[derive(Debug)]
pub struct App {
    /// The time in milliseconds.
    pub now: u64,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Settings.
    pub settings: Settings,
    /// Where the papers come from.
    pub source: Source,
    /// The papers read so far.
    pub library: Library,
    /// Problems found while reading.
    pub problems: Problems,
    /// The index, once made.
    pub index: Option<Arc<Index>>,
    /// How far reading has come.
    pub loading: Loading,
    /// So many papers are in the index under construction.
    pub indexed_papers: usize,
    /// The query whose results are shown; empty for the whole library.
    pub query: String,
    /// The results of the query.
    pub hits: Option<Hits>,
    /// In which order they are listed, and which still fit.
    pub listing: Listing,
    /// The search box, while it is open.
    pub query_box: Option<QueryBox>,
    /// Words that are looked for in the page; empty for none.
    pub find: String,
    /// The line of the page where they were found last.
    pub found_at: Option<usize>,
    /// Cursor of the list.
    pub cursor: ListCursor,
    /// Selected papers.
    pub marked: BTreeSet<PaperNo>,
    /// Where a range was begun.
    pub range_from: Option<usize>,
    /// The pane with the focus.
    pub focus: Pane,
    /// The page alone.
    pub zen: bool,
    /// The pane that had the focus before.
    before_zen: Pane,
    /// The copy under way is of selected papers.
    copying_marked: bool,
    /// The page of the selected paper.
    pub page: PageView,
    /// What is known of attached files.
    pub pdf_looks: PdfLooks,
    /// The PDF that is read in the place of the page.
    pub reading: Option<Reading>,
    /// Whether the terminal shows pages as pictures.
    pub pictures: Pictures,
    /// What stands over the panes.
    pub overlay: Option<Overlay>,
    /// Commands run last from the palette, the last one first.
    pub recent: Vec<Command>,
    /// The hints for the first time.
    pub tour: Option<Tour>,
    /// Keys pressed of a longer sequence.
    pub pending: Vec<Key>,
    /// Digits typed before a command.
    pub count: Option<usize>,
    /// Places to go back to.
    pub jumps: Jumps,
    /// All messages, oldest first.
    pub messages: Vec<Message>,
    /// The message in the status line.
    pub toast: Option<Toast>,
    /// What the reader noted about the papers.
    pub notes: Arc<Ledger>,
    /// Why nothing can be noted, if so.
    pub notes_missing: Option<&'static str>,
    /// How far the notes are on their way to the disk.
    pub saving: Saving,
    /// Comments that were begun and are not saved.
    pub drafts: BTreeMap<DraftKey, Draft>,
    /// Drafts of comments that are on their way to the disk.
    drafts_done: Vec<DraftKey>,
    /// When the draft in the open box is to be kept.
    draft_due: Option<u64>,
    /// What others noted and what is still to be looked up, on its way through the workers.
    arriving: Arriving,
    /// Why the library cannot be read as it is now, in short; the list is as it was.
    pub library_trouble: Option<String>,
    /// The reader noted something, and wants to know what became of it.
    noted: bool,
    /// The time of the wall clock, in ms since 1970.
    pub wall: u64,
    /// ^C was the last key.
    cancelled: bool,
    /// The library is being written.
    is_writing: bool,
    /// It was written here and has not been read again yet.
    was_written: bool,
    /// Papers that are known to be retracted.
    pub retracted: BTreeSet<PaperNo>,
    /// The figures that are being fetched.
    pub fetching: Option<Fetching>,
    /// What services said otherwise when figures were fetched last, and is neither accepted nor left.
    reviews: Vec<OpenReview>,
    /// The paper to put the cursor on when the awaited results are there.
    wanted: Option<PaperNo>,
    /// The number of the last question asked.
    signature: u64,
    /// The search that is awaited.
    awaited_search: Option<u64>,
    /// Something changed that can be seen.
    pub dirty: bool,
}

impl App {
    /// An app that waits for its library.
    pub fn new(settings: Settings, source: Source, size: (u16, u16)) -> App {
        App {
            now: 0,
            size,
            settings,
            source,
            library: Library::default(),
            problems: Problems::default(),
            index: None,
            loading: Loading::Reading,
            indexed_papers: 0,
            query: String::new(),
            hits: None,
            listing: Listing::default(),
            query_box: None,
            find: String::new(),
            found_at: None,
            cursor: ListCursor::default(),
            marked: BTreeSet::new(),
            range_from: None,
            focus: Pane::List,
            zen: false,
            before_zen: Pane::List,
            copying_marked: false,
            page: PageView::default(),
            pdf_looks: PdfLooks::default(),
            reading: None,
            pictures: Pictures::default(),
            overlay: None,
            recent: Vec::new(),
            tour: None,
            pending: Vec::new(),
            count: None,
            jumps: Jumps::default(),
            messages: Vec::new(),
            toast: None,
            notes: Arc::default(),
            notes_missing: Some(NOTES_AWAITED),
            saving: Saving::Nothing,
            drafts: BTreeMap::new(),
            drafts_done: Vec::new(),
            draft_due: None,
            arriving: Arriving::default(),
            library_trouble: None,
            noted: false,
            wall: 0,
            cancelled: false,
            is_writing: false,
            was_written: false,
            retracted: BTreeSet::new(),
            fetching: None,
            reviews: Vec::new(),
            wanted: None,
            signature: 0,
            awaited_search: None,
            dirty: true,
        }
    }

    /// The look now: that of the marked row while themes are chosen.
    pub fn theme(&self) -> &Theme {
        let marked = match &self.overlay {
            Some(Overlay::Chooser(chooser)) => chooser.marked_theme(),
            _ => None,
        };
        marked.unwrap_or(&self.settings.theme)
    }

    /// Where everything stands now.
    pub fn panes(&self) -> Panes {
        let panes = layout::solve(self.size.0, self.size.1, self.zen, self.focus);
        if self.reading.is_some() && self.pictures == Pictures::Shown {
            panes.with_picture()
        } else {
            panes
        }
    }

    /// The context in which the next key is looked up.
    pub fn context(&self) -> Context {
        if let Some(overlay) = &self.overlay {
            overlay.context()
        } else if let Some(reading) = &self.reading {
            if reading.finder.is_some() {
                Context::Palette
            } else {
                Context::Reading
            }
        } else if self.query_box.is_some() {
            Context::Query
        } else {
            command::context_of(self.focus)
        }
    }

    /// The number of rows in the list.
    pub fn rows(&self) -> usize {
        self.hits.as_ref().map_or(self.library.len(), Hits::total)
    }

    /// The paper of a row.
    pub fn paper_at(&self, row: usize) -> Option<PaperNo> {
        match &self.hits {
            Some(hits) => hits.paper(row),
            None => {
                (row < self.library.len()).then(|| PaperNo(u32::try_from(row).unwrap_or(u32::MAX)))
            }
        }
    }

    /// The row of a paper, if it is in the list.
    pub fn row_of(&self, paper: PaperNo) -> Option<usize> {
        match &self.hits {
            Some(hits) => hits.rank(paper),
            None => ((paper.0 as usize) < self.library.len()).then_some(paper.0 as usize),
        }
    }

    /// The paper under the cursor.
    pub fn selected(&self) -> Option<PaperNo> {
        self.paper_at(self.cursor.selected)
    }

    /// What a copy is made of: the selected papers in the order of the list, else the one under the cursor.
    pub fn chosen_papers(&self) -> Vec<PaperNo> {
        let mut chosen = self.marked.clone();
        chosen.extend(self.range_papers());
        if chosen.is_empty() {
            return self.selected().into_iter().collect();
        }
        match &self.hits {
            None => chosen.into_iter().collect(),
            Some(hits) => {
                let mut listed: Vec<PaperNo> = hits
                    .papers()
                    .iter()
                    .copied()
                    .filter(|paper| chosen.contains(paper))
                    .collect();
                // Papers selected before the search are still selected.
                let shown: BTreeSet<PaperNo> = listed.iter().copied().collect();
                listed.extend(chosen.difference(&shown));
                listed
            }
        }
    }

    /// The papers between the beginning of the range and the cursor.
    fn range_papers(&self) -> Vec<PaperNo> {
        let Some(from) = self.range_from else {
            return Vec::new();
        };
        let (first, last) = (
            from.min(self.cursor.selected),
            from.max(self.cursor.selected),
        );
        (first..=last)
            .filter_map(|row| self.paper_at(row))
            .collect()
    }

    /// Whether a row is selected, or would be by the range.
    pub fn is_marked(&self, row: usize, paper: PaperNo) -> bool {
        let in_range = self.range_from.is_some_and(|from| {
            (from.min(self.cursor.selected)..=from.max(self.cursor.selected)).contains(&row)
        });
        in_range || self.marked.contains(&paper)
    }

    /// The links that can be seen now: pane and number.
    pub fn visible_links(&self) -> Vec<(Pane, usize)> {
        let panes = self.panes();
        [Pane::Main, Pane::Details, Pane::Similar]
            .into_iter()
            .filter_map(|pane| Some((pane, panes.rect(pane)?)))
            .flat_map(|(pane, rect)| {
                let view = self.page.pane(pane);
                let shown = view.scroll..view.scroll + usize::from(rect.height);
                view.doc
                    .links
                    .iter()
                    .enumerate()
                    .filter(move |(_, link)| shown.contains(&link.lines.start))
                    .map(move |(number, _)| (pane, number))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// When something is to be done without anything happening, in milliseconds: a message goes, a draft is kept.
    pub fn deadline(&self) -> Option<u64> {
        let toast = self.toast.as_ref().and_then(|toast| toast.until);
        let draft = self.draft_due.into_iter();
        draft.chain(toast).chain(self.page.related_after).min()
    }

    /// Whether a worker's answer is awaited that belongs on the next frame.
    pub fn awaits_answer(&self) -> bool {
        self.awaited_search.is_some()
            || self.listing.is_checked()
            || self.page.awaited_item.is_some()
            || self.page.awaited_related.is_some()
    }

    /// The place where the reader is.
    fn place(&self) -> Option<Place> {
        Some(Place {
            query: self.query.clone(),
            paper: self.selected()?,
        })
    }

    /// Tells the reader something: in the status line, and in the messages.
    pub fn tell(&mut self, level: Level, text: impl Into<String>) {
        let message = Message {
            level,
            text: text.into(),
        };
        self.messages.push(message.clone());
        if self.messages.len() > 500 {
            self.messages.remove(0);
        }
        let until = (level != Level::Error).then_some(self.now + TOAST_MS);
        self.toast = Some(Toast { message, until });
        self.dirty = true;
    }

    /// Writes something down among the messages, unless it was the last of them.
    pub fn log(&mut self, level: Level, text: impl Into<String>) {
        let message = Message {
            level,
            text: text.into(),
        };
        if self.messages.last() != Some(&message) {
            self.messages.push(message);
        }
        if self.messages.len() > 500 {
            self.messages.remove(0);
        }
    }

    /// Whether the terminal is too small for anything.
    pub fn is_too_small(&self) -> bool {
        self.panes().tier == Tier::TooSmall
    }
}

/// The look of a message.
pub fn role_of(level: Level) -> Role {
    match level {
        Level::Info => Role::Text,
        Level::Warning => Role::Warning,
        Level::Error => Role::Error,
    }
}
