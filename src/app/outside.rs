//! What comes from outside while the app is open: a library written by another program, notes of other writers.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::overlay::Overlay;
use super::{App, Effect, Level, Loading, Reloaded};
use crate::core::journal::{Change, Edit, Operation};
use crate::core::notes::Settled;
use crate::core::page::thousands;
use crate::core::paper::PaperNo;

/// More operations of others than this are taken in by a worker: a merge by git may bring years of them at once.
const AT_ONCE: usize = 300;
/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// What waits for a worker, one request of a kind at a time.
#[derive(Debug, Default)]
pub(super) struct Arriving {
    operations: Vec<Operation>,
    /// The papers that the notes mean have to be found.
    unplaced: bool,
    settling: bool,
    /// The notes have just been opened: nothing is on the screen yet that must keep its place.
    opening: bool,
    unidentified: BTreeSet<String>,
    identifying: Vec<String>,
    /// Papers with notes that are not in the library, as told to the reader.
    orphans: usize,
}

impl App {
    /// Takes in what others wrote. Returns whether anything is different now.
    pub(super) fn absorb(&mut self, operations: Vec<Operation>, effects: &mut Vec<Effect>) -> bool {
        if operations.len() > AT_ONCE || self.arriving.settling {
            self.arriving.operations.extend(operations);
            self.settle_notes(effects);
            return false;
        }
        let changed = Arc::make_mut(&mut self.notes).absorb(operations);
        if changed && self.notes.state().has_unplaced() {
            self.arriving.unplaced = true;
            self.settle_notes(effects);
        }
        changed
    }

    /// Has the papers found that the notes mean, once both are there.
    pub(super) fn place_notes(&mut self, effects: &mut Vec<Effect>) {
        if !self.notes.state().is_empty() {
            self.arriving.unplaced = true;
            self.arriving.opening = true;
            self.settle_notes(effects);
        }
    }

    fn settle_notes(&mut self, effects: &mut Vec<Effect>) {
        let arriving = &mut self.arriving;
        let is_whole = matches!(self.loading, Loading::Indexing | Loading::Ready);
        let is_wanted = arriving.unplaced || !arriving.operations.is_empty();
        if is_wanted && is_whole && !arriving.settling && self.notes_missing.is_none() {
            arriving.settling = true;
            arriving.unplaced = false;
            let operations = std::mem::take(&mut arriving.operations);
            effects.push(Effect::Settle(operations));
        }
    }

    /// The notes are up to date, unless they were changed meanwhile.
    pub(super) fn settled(&mut self, settled: Settled, effects: &mut Vec<Effect>) {
        self.arriving.settling = false;
        let moved = App::moves_in_queue(&settled.operations);
        self.take_settled(settled, effects);
        self.settle_notes(effects);
        self.compose_page();
        self.refresh_tags();
        if !self.arriving.settling && std::mem::take(&mut self.arriving.opening) {
            return self.search_again(effects);
        }
        self.notes_changed(moved, effects);
    }

    fn take_settled(&mut self, settled: Settled, effects: &mut Vec<Effect>) {
        if !Arc::ptr_eq(&self.notes, &settled.of) {
            self.arriving.operations.extend(settled.operations);
            self.arriving.unplaced = true;
            return self.settle_notes(effects);
        }
        self.notes = settled.notes;
        if settled.orphans > self.arriving.orphans {
            let what = match settled.orphans {
                1 => "1 paper with notes is".to_owned(),
                many => format!("{} papers with notes are", thousands(many)),
            };
            let text = format!("{what} not in this library · :orphans shows them");
            self.tell(Level::Warning, text);
        }
        self.arriving.orphans = settled.orphans;
    }

    /// Asks for the identifiers of papers of which the journals know none, so that their notes are found again when
    /// their id changes.
    pub(super) fn identify(&mut self, papers: &[PaperNo], effects: &mut Vec<Effect>) {
        for paper in papers {
            let id = self.library.id(*paper);
            if self.notes.state().identifiers_of(id).is_empty() {
                self.arriving.unidentified.insert(id.to_owned());
            }
        }
        self.ask_identifiers(effects);
    }

    fn ask_identifiers(&mut self, effects: &mut Vec<Effect>) {
        if self.arriving.identifying.is_empty() && !self.arriving.unidentified.is_empty() {
            let ids = std::mem::take(&mut self.arriving.unidentified);
            self.arriving.identifying = ids.into_iter().collect();
            effects.push(Effect::Identify(self.arriving.identifying.clone()));
        }
    }

    pub(super) fn identified(
        &mut self,
        papers: Vec<(String, Vec<Box<str>>)>,
        effects: &mut Vec<Effect>,
    ) {
        self.arriving.identifying.clear();
        let edits = papers
            .into_iter()
            .filter(|(_, identifiers)| !identifiers.is_empty())
            .map(|(id, identifiers)| {
                let mut all = self.notes.state().identifiers_of(&id);
                all.extend(identifiers);
                all.sort();
                all.dedup();
                Edit::new(id, Vec::new(), Change::Identifiers(all))
            })
            .collect();
        let operations = Arc::make_mut(&mut self.notes).edit(self.wall, edits);
        self.write_down(operations, effects);
        self.ask_identifiers(effects);
    }

    /// Ids of the papers whose identifiers are still being looked up; they are not asked for again.
    pub fn take_unidentified(&mut self) -> Vec<String> {
        let mut ids = std::mem::take(&mut self.arriving.identifying);
        ids.extend(std::mem::take(&mut self.arriving.unidentified));
        ids
    }

    /// Writes down that the paper's page was opened to be read: once a day.
    pub(super) fn note_opened(&mut self, effects: &mut Vec<Effect>) {
        let Some(paper) = self.selected() else {
            return;
        };
        let id = self.library.id(paper).to_owned();
        let before = self.notes.state().summary(&id).opened;
        let is_today = before.is_some_and(|before| before / DAY == self.wall / DAY);
        // Without a clock there is no date to write.
        let is_known = self.wall > 0 && self.notes_missing.is_none();
        if !is_known || self.settings.picking || is_today {
            return;
        }
        let edit = Edit::new(
            id,
            self.known_identifiers(paper),
            Change::Opened(Some(self.wall)),
        );
        let operations = Arc::make_mut(&mut self.notes).edit(self.wall, vec![edit]);
        self.write_down(operations, effects);
        self.identify(&[paper], effects);
    }

    /// The library cannot be read as it is now.
    pub(super) fn library_trouble(&mut self, short: String, full: String) {
        if self.library_trouble.as_ref() != Some(&short) {
            self.library_trouble = Some(short);
            self.log(Level::Error, full);
        }
    }

    /// Shows the library as another program left it: the cursor, the selection, the places to go back to and the page
    /// stay with their papers, what is typed stays as it is.
    pub(super) fn reloaded(&mut self, new: Reloaded, effects: &mut Vec<Effect>) {
        let now = |paper: PaperNo| new.moved.get(paper.index()).copied().flatten();
        let kept = new.moved.iter().flatten().count();
        let (gone, come) = (
            new.moved.len().saturating_sub(kept),
            new.library.len().saturating_sub(kept),
        );
        let selected = self.selected().and_then(now);
        let range = self.range_from.and_then(|row| self.paper_at(row));
        let row_on_screen = self.cursor.selected.saturating_sub(self.cursor.offset);
        self.marked = self.marked.iter().copied().filter_map(now).collect();
        self.retracted = self.retracted.iter().copied().filter_map(now).collect();
        self.jumps.renumber(now);
        self.wanted = self.wanted.and_then(now);
        self.page.renumber(now);
        self.library = new.library;
        self.problems = new.problems;
        self.index = None;
        self.loading = Loading::Indexing;
        self.indexed_papers = 0;
        self.library_trouble = None;
        let is_as_asked = self.query == new.query && self.order() == new.order;
        self.hits = new.hits;
        self.listed();
        if matches!(self.overlay, Some(Overlay::Links(_))) {
            self.overlay = None;
        }
        let rows = self.rows();
        let row = selected.and_then(|paper| self.row_of(paper));
        self.cursor.go(row.unwrap_or(self.cursor.selected), rows);
        self.cursor.offset = self.cursor.selected.saturating_sub(row_on_screen);
        self.range_from = range.and_then(now).and_then(|paper| self.row_of(paper));
        if !is_as_asked || self.awaited_search.is_some() {
            self.search_again(effects);
        }
        let name = self.source.name.rsplit('/').next().unwrap_or_default();
        let counts = match (come, gone) {
            (0, 0) => String::new(),
            (come, 0) => format!(" · {} new", thousands(come)),
            (0, gone) => format!(" · {} gone", thousands(gone)),
            (come, gone) => format!(" · {} new, {} gone", thousands(come), thousands(gone)),
        };
        if !std::mem::take(&mut self.was_written) {
            let text = format!("{name} was changed and read again{counts}");
            self.tell(Level::Info, text);
        }
        self.take_settled(new.settled, effects);
        self.compose_page();
    }
}
