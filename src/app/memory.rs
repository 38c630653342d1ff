//! What one session remembers for the next: how the screen was arranged, and where the reader was in each library.
//!
//! A filter is never among it: a list that begins with fewer papers than there are would look like a loss.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::App;
use super::arrangement::Arrangement;
use super::command::Command;
use super::doc::Doc;
use crate::core::order::{Order, SortKey};
use crate::core::paper::PaperNo;

/// So many reading positions are kept of a library; the oldest go.
const POSITIONS: usize = 500;
/// In a library of more papers a paper that has moved is not searched for.
const SEARCHED: usize = 200_000;

/// What holds for every library.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// How the screen is arranged.
    pub arrangement: Arrangement,
    /// Names of the commands run last from the palette, the last one first.
    pub recent: Vec<String>,
    /// Paths of the libraries opened last, the last one first.
    pub libraries: Vec<String>,
}

/// So many libraries are remembered.
const LIBRARIES: usize = 10;

impl Habits {
    /// With a library that was opened; its path is absolute.
    #[must_use]
    pub fn opened(mut self, path: &str) -> Habits {
        self.libraries.retain(|known| known != path);
        self.libraries.insert(0, path.to_owned());
        self.libraries.truncate(LIBRARIES);
        self
    }
}

/// How far the page of a paper was scrolled: by its sections, since some of them grow when more is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The heading of the section at the top.
    pub section: String,
    /// The first line in view, from that of the heading.
    pub line: usize,
    /// Lines of the section.
    pub of: usize,
    /// Which of the positions was noted last.
    #[serde(default)]
    pub turn: u64,
}

impl Position {
    /// How far a page is scrolled; nothing where it is at its top.
    pub fn of(doc: &Doc, scroll: usize) -> Option<Position> {
        let (section, lines) = (sections(doc).into_iter().rev())
            .find(|(_, lines)| lines.start <= scroll)
            .filter(|_| scroll > 0)?;
        Some(Position {
            section: section.to_owned(),
            line: scroll - lines.start,
            of: lines.len(),
            turn: 0,
        })
    }

    /// The line to scroll to in a page as it is wrapped now.
    pub fn line(&self, doc: &Doc) -> Option<usize> {
        let (_, lines) = (sections(doc).into_iter()).find(|(name, _)| *name == self.section)?;
        let below = (self.line * lines.len() + self.of / 2) / self.of.max(1);
        Some(lines.start + below)
    }
}

/// The parts of a page by their headings, that of the title without one.
fn sections(doc: &Doc) -> Vec<(&'static str, Range<usize>)> {
    let starts = doc.starts.iter().map(|(kind, line)| (kind.head(), *line));
    let starts: Vec<(&str, usize)> = std::iter::once(("", 0)).chain(starts).collect();
    let ends = starts.iter().skip(1).map(|(_, line)| *line);
    let ends: Vec<usize> = ends.chain([doc.lines.len()]).collect();
    (starts.into_iter().zip(ends))
        .map(|((name, start), end)| (name, start..end))
        .collect()
}

/// Where the reader was in a library.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Whereabouts {
    /// The id of the paper under the cursor.
    pub paper: Option<String>,
    /// Its number then.
    pub number: u32,
    /// The name of what the list was sorted by.
    pub sort: Option<String>,
    /// The other way round than is usual.
    pub reversed: bool,
    /// How far pages were scrolled, by the id of their paper.
    pub positions: BTreeMap<String, Position>,
}

impl App {
    /// Takes up the habits of the session before.
    pub fn take_up(&mut self, habits: &Habits) {
        self.arrangement = habits.arrangement;
        self.recent = (habits.recent.iter())
            .filter_map(|name| Command::named(name))
            .collect();
    }

    /// What the next session is to know whatever library it opens, given what this one knew.
    pub fn habits(&self, before: Habits) -> Habits {
        let names = self.recent.iter();
        Habits {
            arrangement: self.arrangement,
            recent: names.map(|one| one.spec().name.to_owned()).collect(),
            ..before
        }
    }

    /// Goes where the session before was in this library, as soon as that is read.
    pub fn go_back_to(&mut self, whereabouts: Whereabouts) {
        let key = whereabouts.sort.as_deref().and_then(SortKey::of_name);
        if let Some(key) = key {
            self.set_base_order(Order {
                key,
                reversed: whereabouts.reversed,
            });
        }
        self.positions = whereabouts.positions;
        self.awaited_paper = whereabouts
            .paper
            .map(|id| (id, PaperNo(whereabouts.number)));
    }

    /// What the next session is to know of this library.
    pub fn whereabouts(&mut self) -> Whereabouts {
        self.keep_position();
        let paper = self.selected();
        let order = self.base_order();
        let id = paper.map(|paper| self.library.id(paper).to_owned());
        Whereabouts {
            number: paper.map_or(0, |paper| paper.0),
            paper: id.filter(|id| !id.is_empty()),
            sort: (!order.is_given()).then(|| order.key.name().to_owned()),
            reversed: order.reversed,
            positions: self.positions.clone(),
        }
    }

    /// Puts the cursor on the paper of the session before, once it is there; `is_whole` when no more papers follow.
    pub(super) fn go_to_awaited_paper(&mut self, is_whole: bool) {
        let Some((id, number)) = &self.awaited_paper else {
            return;
        };
        let is_there = number.index() < self.library.len() && self.library.id(*number) == id;
        let found = if is_there {
            Some(*number)
        } else if is_whole && self.library.len() <= SEARCHED {
            self.library.find_id(id)
        } else {
            None
        };
        if found.is_some() || is_whole {
            self.awaited_paper = None;
        }
        let Some(paper) = found.filter(|_| self.query.is_empty()) else {
            return;
        };
        if self.base_order().is_given() {
            self.cursor.go(paper.index(), self.rows());
        } else {
            self.wanted = Some(paper);
        }
    }

    /// Notes how far the page in view is scrolled.
    pub(super) fn keep_position(&mut self) {
        let Some(paper) = self.page.paper_in_view() else {
            return;
        };
        let Some(id) = (paper.index() < self.library.len()).then(|| self.library.id(paper)) else {
            return;
        };
        let Some(position) = self.page.position() else {
            self.positions.remove(id);
            return;
        };
        let last = self.positions.values().map(|position| position.turn).max();
        let turn = last.unwrap_or(0).saturating_add(1);
        (self.positions).insert(id.to_owned(), Position { turn, ..position });
        if self.positions.len() > POSITIONS {
            let oldest = self.positions.iter().min_by_key(|(_, one)| one.turn);
            if let Some(oldest) = oldest.map(|(id, _)| id.clone()) {
                self.positions.remove(&oldest);
            }
        }
    }

    /// How far the page of the paper under the cursor was scrolled when it was left.
    pub(super) fn kept_position(&self) -> Option<Position> {
        let paper = self.selected()?;
        self.positions.get(self.library.id(paper)).cloned()
    }
}
