//! A document: items, the citations that cite them, and the bibliography that comes of it.

use std::collections::HashMap;

use super::finish::finish;
use super::processor::Processor;
use super::render::{Area, ItemState};
use super::rich::{Node, Rich, flat_text};
use super::sort::Keys;
use super::style::{Position, SubstituteRule};
use crate::core::item::Item;

/// One item cited, with what belongs to the place.
#[derive(Debug, Clone, Default)]
pub struct Cite {
    /// Index into the items of the document.
    pub item: usize,
    /// The place in the work ("12-14").
    pub locator: Option<String>,
    /// What the locator counts (`page`, `chapter`, …); pages when there is none.
    pub label: Option<String>,
    /// Text before the cite.
    pub prefix: Option<String>,
    /// Text after the cite.
    pub suffix: Option<String>,
    /// The names are left out ("Doe says (2000)").
    pub suppress_author: bool,
    /// Only the names are printed.
    pub author_only: bool,
    /// The position, where it is known from elsewhere.
    pub position: Option<Position>,
    /// Whether a cite of the item is near, where it is known from elsewhere.
    pub near_note: Option<bool>,
}

impl Cite {
    /// A cite of an item and nothing else.
    pub fn of(item: usize) -> Cite {
        Cite {
            item,
            ..Cite::default()
        }
    }
}

/// Cites in one place: one pair of brackets, one note.
#[derive(Debug, Clone, Default)]
pub struct Citation {
    /// The cites, in the order of the author.
    pub cites: Vec<Cite>,
    /// The number of the note that holds the citation.
    pub note: Option<u32>,
}

/// A document with everything that depends on more than one item decided.
#[derive(Debug)]
pub struct Document<'a> {
    pub(crate) processor: &'a Processor<'a>,
    pub(crate) items: Vec<&'a Item>,
    pub(crate) states: Vec<ItemState>,
    /// Items in the order of the bibliography.
    order: Vec<usize>,
    citations: &'a [Citation],
    /// Position and nearness of every cite of every citation.
    positions: Vec<Vec<(Position, bool)>>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(
        processor: &'a Processor<'a>,
        items: &[&'a Item],
        citations: &'a [Citation],
    ) -> Document<'a> {
        let mut document = Document {
            processor,
            items: items.to_vec(),
            states: (1..=items.len())
                .map(|number| ItemState {
                    number,
                    ..ItemState::default()
                })
                .collect(),
            order: (0..items.len()).collect(),
            citations,
            positions: Vec::new(),
        };
        document.sort();
        document.place();
        document.disambiguate();
        document
    }

    /// Sorts the bibliography and numbers the items by it.
    fn sort(&mut self) {
        let Some(bibliography) = &self.processor.style.bibliography else {
            return;
        };
        if bibliography.sort.is_empty() {
            return;
        }
        let keys: Vec<Keys> = self
            .items
            .iter()
            .zip(&self.states)
            .map(|(item, state)| {
                self.processor
                    .sort_keys(&bibliography.sort, item, state, Area::Bibliography)
            })
            .collect();
        self.order
            .sort_by(|one, two| match (keys.get(*one), keys.get(*two)) {
                (Some(one), Some(two)) => one.compare(two),
                _ => std::cmp::Ordering::Equal,
            });
        for (place, index) in self.order.iter().enumerate() {
            if let Some(state) = self.states.get_mut(*index) {
                state.number = place + 1;
            }
        }
    }

    /// Finds the position of every cite: first, subsequent, ibid, near note.
    fn place(&mut self) {
        let mut last_note: HashMap<usize, Option<u32>> = HashMap::new();
        // Notes and citations in the text are two sequences.
        let mut previous_note: Option<&Citation> = None;
        let mut previous_text: Option<&Citation> = None;
        for citation in self.citations {
            let previous = if citation.note.is_some() {
                &mut previous_note
            } else {
                &mut previous_text
            };
            let mut places = Vec::with_capacity(citation.cites.len());
            for (index, cite) in citation.cites.iter().enumerate() {
                let before = if index > 0 {
                    citation.cites.get(index - 1)
                } else {
                    previous.and_then(|previous| match previous.cites.as_slice() {
                        [only] => Some(only),
                        _ => None,
                    })
                };
                let mut position = match (before, last_note.contains_key(&cite.item)) {
                    (_, false) => Position::First,
                    (Some(before), true) if before.item == cite.item => {
                        match (&before.locator, &cite.locator) {
                            (None, None) => Position::Ibid,
                            (Some(_), None) => Position::Subsequent,
                            (Some(one), Some(two)) if one == two && before.label == cite.label => {
                                Position::Ibid
                            }
                            _ => Position::IbidWithLocator,
                        }
                    }
                    _ => Position::Subsequent,
                };
                let near = match (last_note.get(&cite.item), citation.note) {
                    (Some(Some(last)), Some(note)) => {
                        note.saturating_sub(*last)
                            <= self.processor.style.citation.near_note_distance
                    }
                    (Some(_), _) => true,
                    _ => false,
                };
                if let Some(given) = cite.position {
                    position = given;
                }
                let near = cite.near_note.unwrap_or(near);
                places.push((position, near));
                if !last_note.contains_key(&cite.item)
                    && let Some(state) = self.states.get_mut(cite.item)
                {
                    state.first_note = citation.note;
                }
                last_note.insert(cite.item, citation.note);
            }
            self.positions.push(places);
            *previous = Some(citation);
        }
    }

    /// All citations, in order.
    pub fn citations(&self) -> Vec<Rich> {
        self.citations
            .iter()
            .zip(&self.positions)
            .map(|(citation, places)| {
                finish(&self.cluster(citation, places), &self.processor.marks)
            })
            .collect()
    }

    /// The bibliography: entries with the index of their item, in the style's order.
    pub fn bibliography(&self) -> Vec<(usize, Rich)> {
        let mut entries = Vec::with_capacity(self.order.len());
        let substitute = self
            .processor
            .style
            .bibliography
            .as_ref()
            .and_then(|bibliography| {
                let text = bibliography.subsequent_author_substitute.as_deref()?;
                Some((text, bibliography.substitute_rule))
            });
        let mut last: Vec<String> = Vec::new();
        for &index in &self.order {
            let (Some(item), Some(state)) = (self.items.get(index), self.states.get(index)) else {
                continue;
            };
            let mut nodes = self.processor.entry_nodes(item, state);
            if nodes.is_empty() {
                continue;
            }
            if let Some((text, rule)) = substitute {
                last = substitute_names(&mut nodes, text, rule, &last);
            }
            entries.push((index, finish(&nodes, &self.processor.marks)));
        }
        entries
    }

    /// The year suffix of an item, where it has one.
    pub fn year_suffix(&self, item: usize) -> Option<&str> {
        self.states.get(item)?.year_suffix.as_deref()
    }
}

/// Puts `text` in place of names that repeat those of the entry before; the names as they were come back.
fn substitute_names(
    nodes: &mut [Node],
    text: &str,
    rule: SubstituteRule,
    last: &[String],
) -> Vec<String> {
    let mut names: Vec<&mut Vec<Node>> = Vec::new();
    first_lists(nodes, &mut names);
    let mut current: Vec<String> = Vec::new();
    for list in &names {
        if !current.is_empty() {
            current.push("\u{1}".to_owned());
        }
        let mut any = false;
        for node in list.iter() {
            if let Node::Name(children) = node {
                let mut name = String::new();
                flat_text(children, &mut name);
                current.push(name);
                any = true;
            }
        }
        if !any {
            let mut whole = String::new();
            flat_text(list, &mut whole);
            current.push(whole);
        } else if rule == SubstituteRule::CompleteAll || rule == SubstituteRule::CompleteEach {
            // "et al." and what joins the names belong to the comparison.
            let mut whole = String::new();
            flat_text(list, &mut whole);
            current.push(whole);
        }
    }
    if current.is_empty() || last.is_empty() {
        return current;
    }
    let complete = current == last;
    match rule {
        SubstituteRule::CompleteAll => {
            if complete {
                let mut first = true;
                for list in names {
                    list.clear();
                    if first {
                        list.push(Node::text(text));
                    }
                    first = false;
                }
            }
        }
        SubstituteRule::CompleteEach => {
            if complete {
                each_name(names, usize::MAX, text);
            }
        }
        SubstituteRule::PartialEach => {
            let same = current
                .iter()
                .zip(last)
                .take_while(|(one, two)| one == two)
                .count();
            each_name(names, same, text);
        }
        SubstituteRule::PartialFirst => {
            if current.first() == last.first() {
                each_name(names, 1, text);
            }
        }
    }
    current
}

fn each_name(lists: Vec<&mut Vec<Node>>, mut count: usize, text: &str) {
    for list in lists {
        let single = !list.iter().any(|node| matches!(node, Node::Name(_)));
        if single && count > 0 {
            list.clear();
            list.push(Node::text(text));
            count -= 1;
            continue;
        }
        for node in list.iter_mut() {
            if let Node::Name(children) = node
                && count > 0
            {
                *children = vec![Node::text(text)];
                count -= 1;
            }
        }
    }
}

/// The lists of names of the first `names` element that printed any.
fn first_lists<'n>(nodes: &'n mut [Node], into: &mut Vec<&'n mut Vec<Node>>) {
    for node in nodes {
        if !into.is_empty() {
            return;
        }
        match node {
            Node::Names(children) => into.push(children),
            other => {
                if let Some(children) = other.children_mut() {
                    first_lists(children, into);
                }
            }
        }
    }
}
