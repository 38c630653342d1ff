//! The box of tags: those that the chosen papers have, and those of the whole library to choose from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::line_edit::LineEdit;
use super::overlay::Overlay;
use super::{App, Effect, Level};
use crate::core::index::fuzzy_score;
use crate::core::journal::{Change, Edit, State};
use crate::core::paper::PaperNo;
use crate::core::text::{fold, scrub};

/// At most so many tags are listed; more are found by typing.
const LISTED: usize = 200;

/// How many of the chosen papers have a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// All of them.
    All,
    /// So many, not all.
    Some(usize),
    /// None.
    None,
}

/// One tag to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRow {
    /// Exactly as written.
    pub tag: String,
    /// How many of the chosen papers have it.
    pub held: Held,
    /// How many papers of the library have it.
    pub papers: usize,
    /// No paper has had it yet: it is what is typed.
    pub is_new: bool,
}

impl TagRow {
    /// The tag as it may be shown.
    pub fn shown(&self) -> String {
        scrub(&self.tag, false)
    }
}

/// The box while it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagBox {
    /// The papers that are tagged, in order.
    pub papers: Vec<PaperNo>,
    /// What is typed.
    pub line: LineEdit,
    /// The marked row. While nothing is typed none is marked until the reader goes down: Enter then means "done".
    pub marked: Option<usize>,
    /// All tags with the number of papers of the library, and of the chosen ones, that have them.
    known: Vec<Known>,
}

/// A tag of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    tag: String,
    /// How many papers of the library have it.
    papers: usize,
    /// How many of the chosen papers have it.
    here: usize,
}

impl TagBox {
    /// The box for papers with these ids.
    fn new<'a>(papers: Vec<PaperNo>, ids: impl Iterator<Item = &'a str>, state: &State) -> TagBox {
        let mut tags = TagBox {
            papers,
            line: LineEdit::default(),
            marked: None,
            known: Vec::new(),
        };
        tags.look(ids, state);
        tags
    }

    /// Looks up what is tagged now.
    fn look<'a>(&mut self, ids: impl Iterator<Item = &'a str>, state: &State) {
        let mut held: BTreeMap<&str, usize> = BTreeMap::new();
        for id in ids {
            for tag in state.tags_of(id) {
                *held.entry(tag).or_default() += 1;
            }
        }
        let all = state.tags().into_iter();
        let mut known: Vec<_> = all
            .map(|(tag, count)| {
                let here = held.get(tag).copied().unwrap_or(0);
                Known {
                    tag: tag.to_owned(),
                    papers: count,
                    here,
                }
            })
            .collect();
        known.sort_by(|a, b| (b.here, b.papers, &a.tag).cmp(&(a.here, a.papers, &b.tag)));
        self.known = known;
    }

    /// What is typed, as it would be stored.
    pub fn typed(&self) -> &str {
        self.line.text().trim()
    }

    /// The tags to choose from, best first: with nothing typed those of the chosen papers, then the most used; else
    /// those that begin so or have a level that does, what is typed itself where it is new, then whatever is like it.
    pub fn rows(&self) -> Vec<TagRow> {
        let wanted = self.typed();
        let row = |known: &Known| self.row(known);
        if wanted.is_empty() {
            return self.known.iter().map(row).take(LISTED).collect();
        }
        let folded = fold(wanted);
        let mut begins: Vec<((bool, bool), &Known)> = Vec::new();
        let mut alike: Vec<(i64, &Known)> = Vec::new();
        for known in &self.known {
            let name = fold(&known.tag);
            if begins_at_a_word(&name, &folded) {
                begins.push(((known.tag != wanted, !name.starts_with(&*folded)), known));
            } else if let Some((score, _)) = fuzzy_score(wanted, &known.tag) {
                alike.push((score, known));
            }
        }
        begins.sort_by_key(|(key, _)| *key);
        alike.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let is_known = self.known.iter().any(|known| known.tag == wanted);
        let new = (!is_known).then(|| TagRow {
            tag: wanted.to_owned(),
            held: Held::None,
            papers: 0,
            is_new: true,
        });
        begins
            .into_iter()
            .map(|(_, known)| row(known))
            .chain(new)
            .chain(alike.into_iter().map(|(_, known)| row(known)))
            .take(LISTED)
            .collect()
    }

    fn row(&self, known: &Known) -> TagRow {
        TagRow {
            tag: known.tag.clone(),
            held: match known.here {
                0 => Held::None,
                here if here >= self.papers.len() => Held::All,
                here => Held::Some(here),
            },
            papers: known.papers,
            is_new: false,
        }
    }

    /// The row that Enter means: the marked one, the first while something is typed.
    pub fn chosen(&self) -> Option<usize> {
        self.marked
            .or_else(|| (!self.typed().is_empty()).then_some(0))
    }

    fn move_by(&mut self, rows: isize) {
        let last = self.rows().len().checked_sub(1);
        self.marked = match (self.chosen(), last) {
            (_, None) => None,
            (None, Some(_)) if rows > 0 => Some(0),
            // Up from the first row is back to the line.
            (None | Some(0), _) if rows < 0 => None,
            (at, Some(last)) => Some(at.unwrap_or(0).saturating_add_signed(rows).min(last)),
        };
    }

    /// Completes what is typed: to the end of the next level of the first tag that begins so.
    fn complete(&mut self) -> bool {
        let typed = self.typed().to_owned();
        let rows = self.rows();
        let row = self.chosen().and_then(|at| rows.get(at));
        let Some(row) = row.filter(|row| !row.is_new && row.tag != typed) else {
            return false;
        };
        let begins = fold(&row.tag).starts_with(&*fold(&typed));
        // Folding may change lengths: only a literal beginning tells where the next level ends.
        let level_end = (begins && self.marked.is_none())
            .then(|| row.tag.strip_prefix(typed.as_str()))
            .flatten()
            .and_then(|rest| rest.find('/'))
            .map(|at| typed.len() + at + 1);
        let to = level_end
            .and_then(|end| row.tag.get(..end))
            .unwrap_or(&row.tag);
        self.line = LineEdit::new(to);
        self.marked = None;
        true
    }
}

/// Whether a word of a folded tag, or one of its levels, begins so.
fn begins_at_a_word(name: &str, wanted: &str) -> bool {
    name.match_indices(wanted).any(|(at, _)| {
        let before = name.get(..at).unwrap_or_default();
        !before
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
    })
}

impl App {
    /// Opens the box for the chosen papers.
    pub(super) fn open_tags(&mut self) {
        let papers = self.chosen_papers();
        let ids = papers.iter().map(|paper| self.library.id(*paper));
        let tags = TagBox::new(papers.clone(), ids, self.notes.state());
        self.overlay = Some(Overlay::Tags(tags));
    }

    /// Looks up the tags again after something was noted, here or elsewhere.
    pub(super) fn refresh_tags(&mut self) {
        if let Some(Overlay::Tags(tags)) = &mut self.overlay {
            let papers = tags.papers.clone();
            let ids = papers.iter().map(|paper| self.library.id(*paper));
            tags.look(ids, self.notes.state());
        }
    }

    fn tag_box(&mut self) -> Option<&mut TagBox> {
        match &mut self.overlay {
            Some(Overlay::Tags(tags)) => Some(tags),
            _ => None,
        }
    }

    pub(super) fn tag_move(&mut self, rows: isize) {
        if let Some(tags) = self.tag_box() {
            tags.move_by(rows);
        }
    }

    /// Enter: puts the chosen tag on, or takes a marked one off that all have; closes when nothing is chosen.
    pub(super) fn tag_choose(&mut self, effects: &mut Vec<Effect>) {
        let Some(tags) = self.tag_box() else { return };
        let Some(at) = tags.chosen() else {
            self.overlay = None;
            return;
        };
        let is_typed = !tags.typed().is_empty();
        let Some(row) = tags.rows().into_iter().nth(at) else {
            return;
        };
        if row.held == Held::All {
            if is_typed {
                let text = format!("{} is on already · ^D takes it off", row.shown());
                self.tell(Level::Info, text);
            } else {
                self.set_tag(&row.tag, false, effects);
            }
            return;
        }
        self.set_tag(&row.tag, true, effects);
        let is_on = self.notes_missing.is_none();
        if let Some(tags) = self.tag_box()
            && is_typed
            && is_on
        {
            tags.line = LineEdit::default();
            tags.marked = None;
        }
    }

    /// Tab: completes what is typed, and puts the tag on when there is nothing more to complete.
    pub(super) fn tag_complete(&mut self, effects: &mut Vec<Effect>) {
        let Some(tags) = self.tag_box() else { return };
        if tags.typed().is_empty() && tags.marked.is_none() {
            tags.move_by(1);
        } else if !tags.complete() {
            self.tag_choose(effects);
        }
    }

    /// Takes the chosen tag off all papers that have it.
    pub(super) fn tag_off(&mut self, effects: &mut Vec<Effect>) {
        let Some(tags) = self.tag_box() else { return };
        let row = tags.chosen().and_then(|at| tags.rows().into_iter().nth(at));
        match row {
            Some(row) if row.held != Held::None => self.set_tag(&row.tag, false, effects),
            Some(row) => {
                let text = format!("{} is not on", row.shown());
                self.tell(Level::Info, text);
            }
            None => self.tell(Level::Info, "Mark a tag first: ↓ goes down to them"),
        }
    }

    /// Puts a tag on the papers of the box, or takes it off: one action, whatever their number.
    fn set_tag(&mut self, tag: &str, on: bool, effects: &mut Vec<Effect>) {
        if self.tell_notes_missing() {
            return;
        }
        let Some(papers) = self.tag_box().map(|tags| tags.papers.clone()) else {
            return;
        };
        let edits: Vec<Edit> = papers
            .iter()
            .map(|paper| {
                let known = self.known_identifiers(*paper);
                let tag = tag.into();
                Edit::new(self.library.id(*paper), known, Change::Tag { tag, on })
            })
            .collect();
        let now = self.wall;
        let operations = Arc::make_mut(&mut self.notes).edit(now, edits);
        self.write(operations, effects);
        // Where the row goes in the order, the mark goes too: the reader may want to take back what they just did.
        self.refresh_tags();
        if let Some(tags) = self.tag_box()
            && tags.marked.is_some()
        {
            tags.marked = tags.rows().iter().position(|row| row.tag == tag);
        }
        let what = if on { "Tagged" } else { "Tag taken off" };
        let of = match papers.as_slice() {
            [one] => self.library.id(*one).to_owned(),
            many => format!("{} papers", many.len()),
        };
        self.tell_undoable(format!("{what} {} · {of}", scrub(tag, false)));
    }

    /// A key that types in the box.
    pub(super) fn tag_key(&mut self, key: crate::config::keys::Key) {
        if let Some(tags) = self.tag_box()
            && tags.line.key(key) == Some(true)
        {
            tags.marked = None;
        }
    }
}
