//! Of which pieces the new file is made.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde_json::{Map, Value};

use super::changes::{ItemChange, is_same, known_id};
use super::item_text::patched;
use super::survey::{Place, Survey};
use crate::core::item::Item;
use crate::core::library::source::{ItemSource, SourceError};

/// A piece of the new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Bytes of the old file.
    Kept(Range<u64>),
    /// New text.
    New(String),
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The new file, in order.
    pub pieces: Vec<Piece>,
    /// Number of items in it.
    pub items: usize,
    /// Numbers of the changes that cannot be made: the item is no longer as it was, or its new id is taken.
    pub refused: Vec<usize>,
}

/// An item of the new file.
enum Entry {
    /// As it is, by its number.
    Kept(usize),
    /// In the place of one that was there.
    Changed(usize, String),
    /// One more.
    Added(Box<str>, String),
}

impl Survey {
    /// The new file.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn plan(
        &self,
        source: &dyn ItemSource,
        changes: &[ItemChange],
    ) -> Result<Plan, SourceError> {
        let mut drafts: Vec<Draft> = Vec::new();
        drafts.resize_with(self.places.len(), Draft::default);
        let mut added: Vec<(Box<str>, String)> = Vec::new();
        let mut refused = Vec::new();
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        if changes.iter().any(|change| change.before().is_some()) {
            for (at, place) in self.places.iter().enumerate() {
                by_id.entry(&*place.id).or_default().push(at);
            }
        }
        // Ids that this change gives and takes.
        let mut given: HashSet<Box<str>> = HashSet::new();
        let mut taken: HashSet<Box<str>> = HashSet::new();
        for (number, change) in changes.iter().enumerate() {
            let new_id = change.after().map(known_id);
            let old = match change.before() {
                None => None,
                Some(before) => {
                    let found = self.find(source, &by_id, &drafts, before)?;
                    if found.is_none() {
                        refused.push(number);
                        continue;
                    }
                    found
                }
            };
            let old_id = old.as_ref().and_then(|(at, _)| self.places.get(*at));
            let old_id = old_id.map(|place| place.id.clone()).unwrap_or_default();
            if let Some(id) = new_id.as_deref().filter(|id| **id != *old_id) {
                let is_free = (!self.has_id(id) || given.contains(id)) && !taken.contains(id);
                if !is_free || id.is_empty() {
                    refused.push(number);
                    continue;
                }
                taken.insert(id.into());
                given.insert(old_id);
            } else if new_id.is_none() {
                given.insert(old_id);
            }
            match (old, change.after()) {
                (None, Some(after)) => {
                    added.push((known_id(after).into(), self.manner.item(after)));
                }
                (Some((at, text)), after) => {
                    if let Some(draft) = drafts.get_mut(at) {
                        *draft = match after {
                            None => Draft::Gone,
                            Some(after) => Draft::Text(
                                patched(&text, after, &self.manner)
                                    .unwrap_or_else(|| self.manner.item(after)),
                            ),
                        };
                    }
                }
                (None, None) => {}
            }
        }
        let entries = self.entries(drafts, added);
        Ok(Plan {
            items: entries.len(),
            pieces: self.pieces(entries),
            refused,
        })
    }

    /// The item that is meant, with its text.
    fn find(
        &self,
        source: &dyn ItemSource,
        by_id: &HashMap<&str, Vec<usize>>,
        drafts: &[Draft],
        before: &Map<String, Value>,
    ) -> Result<Option<(usize, String)>, SourceError> {
        let id = known_id(before);
        let is_free = |at: usize| matches!(drafts.get(at), Some(Draft::Kept));
        for is_nameless in [false, true] {
            let wanted = if is_nameless { "" } else { id.as_str() };
            let places = by_id.get(wanted).into_iter().flatten().copied();
            for at in places.filter(|at| is_free(*at)) {
                let Some(place) = self.places.get(at) else {
                    continue;
                };
                let bytes = source.read(place.span)?;
                let fields = Item::parse(&bytes).map_err(|_| SourceError::Changed)?;
                if is_same(fields.fields(), before) {
                    let text = String::from_utf8(bytes).map_err(|_| SourceError::Changed)?;
                    return Ok(Some((at, text)));
                }
            }
        }
        Ok(None)
    }

    fn entries(&self, drafts: Vec<Draft>, added: Vec<(Box<str>, String)>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::with_capacity(drafts.len() + added.len());
        for (at, draft) in drafts.into_iter().enumerate() {
            match draft {
                Draft::Kept => entries.push(Entry::Kept(at)),
                Draft::Text(text) => entries.push(Entry::Changed(at, text)),
                Draft::Gone => {}
            }
        }
        let are_new = !added.is_empty();
        entries.extend(added.into_iter().map(|(id, text)| Entry::Added(id, text)));
        if self.is_sorted && are_new {
            // The old ones are in order: each new one goes behind those before it.
            entries.sort_by(|a, b| self.id(a).cmp(self.id(b)));
        }
        entries
    }

    fn id<'a>(&'a self, entry: &'a Entry) -> &'a str {
        match entry {
            Entry::Kept(at) | Entry::Changed(at, _) => self
                .places
                .get(*at)
                .map(|place| &*place.id)
                .unwrap_or_default(),
            Entry::Added(id, _) => id,
        }
    }

    fn pieces(&self, entries: Vec<Entry>) -> Vec<Piece> {
        let mut pieces = Pieces(Vec::new());
        let first = self.places.first().map(|place| place.span.offset);
        let end = self.places.last().map_or(self.start, Place::end);
        if entries.is_empty() {
            pieces.keep(0..self.start);
            pieces.keep(self.closing(end)..self.length);
            return pieces.0;
        }
        let opening_end = first.unwrap_or(self.start);
        pieces.keep(0..opening_end);
        if first.is_none() {
            pieces.write(self.manner.opening.clone());
        }
        let mut last: Option<Option<usize>> = None;
        for entry in entries {
            let own = match &entry {
                Entry::Kept(at) | Entry::Changed(at, _) => Some(*at),
                Entry::Added(..) => None,
            };
            if let Some(last) = last {
                // What stands before an item stays before it; after the first item that is the usual separator.
                match own.and_then(|at| self.gap_before(at)) {
                    Some(gap) if last.is_some() => pieces.keep(gap),
                    _ => pieces.write(self.manner.separator.clone()),
                }
            }
            match entry {
                Entry::Kept(at) => {
                    if let Some(place) = self.places.get(at) {
                        pieces.keep(place.span.offset..place.end());
                    }
                }
                Entry::Changed(_, text) | Entry::Added(_, text) => pieces.write(text),
            }
            last = Some(own);
        }
        if first.is_none() {
            pieces.write(self.manner.closing.clone());
            pieces.keep(self.closing(end)..self.length);
        } else {
            pieces.keep(end..self.length);
        }
        pieces.0
    }

    fn gap_before(&self, at: usize) -> Option<Range<u64>> {
        let before = self.places.get(at.checked_sub(1)?)?;
        Some(before.end()..self.places.get(at)?.span.offset)
    }

    /// Where the closing bracket is, as far as the beginning of the file tells; else the given place.
    fn closing(&self, from: u64) -> u64 {
        let rest = usize::try_from(from)
            .ok()
            .and_then(|from| self.head.get(from..));
        let blanks = rest.and_then(|rest| rest.iter().position(|byte| *byte == b']'));
        from + blanks.unwrap_or(0) as u64
    }
}

/// What becomes of an item.
#[derive(Default)]
enum Draft {
    #[default]
    Kept,
    Text(String),
    Gone,
}

/// Pieces, neighbours joined.
struct Pieces(Vec<Piece>);

impl Pieces {
    fn keep(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(Piece::Kept(last)) if last.end == range.start => last.end = range.end,
            _ => self.0.push(Piece::Kept(range)),
        }
    }

    fn write(&mut self, text: String) {
        match self.0.last_mut() {
            Some(Piece::New(last)) => last.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::New(text)),
        }
    }
}
