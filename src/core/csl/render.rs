//! Rendering elements: from an item and the elements of a layout to nodes.

use std::collections::HashMap;

use super::case;
use super::document::Cite;
use super::markup;
use super::name::{GivenLevel, Person};
use super::processor::Processor;
use super::rich::{Mark, Node, are_blank, marks_of};
use super::style::{Element, Look, NameOptions, Position, Text, TextCase, TextSource};
use crate::core::item::Item;

/// Elements rendered, and bytes of text put out, per entry: what macros that call each other many times over can cost.
const BUDGET: u32 = 400_000;

/// What an element rendered to, and what it did with variables: a group none of whose variables has a value is left
/// out.
#[derive(Debug, Default)]
pub(crate) struct Out {
    pub(crate) nodes: Vec<Node>,
    /// A variable was asked for.
    pub(crate) called: bool,
    /// One of them had a value.
    pub(crate) printed: bool,
}

impl Out {
    /// A variable without a value.
    pub(crate) fn empty_call() -> Out {
        Out {
            called: true,
            ..Out::default()
        }
    }

    /// A variable and its text.
    pub(crate) fn variable(nodes: Vec<Node>) -> Out {
        Out {
            printed: !are_blank(&nodes),
            called: true,
            nodes,
        }
    }
}

/// What an entry is rendered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    Citation,
    Bibliography,
}

/// What is known of an item among the others of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct ItemState {
    /// Place in the bibliography, from 1; 0 when it is not known.
    pub(crate) number: usize,
    pub(crate) year_suffix: Option<String>,
    pub(crate) disambiguate: bool,
    /// At least so many names are shown before "et al.".
    pub(crate) names_shown: usize,
    /// Given names to be shown, by variable and place in its list.
    pub(crate) givens: HashMap<(String, usize), GivenLevel>,
    /// The note that cited the item first.
    pub(crate) first_note: Option<u32>,
}

/// The rendering of one entry.
pub(crate) struct Render<'a> {
    pub(crate) processor: &'a Processor<'a>,
    pub(crate) item: &'a Item,
    pub(crate) state: &'a ItemState,
    pub(crate) area: Area,
    /// The name options of the area.
    pub(crate) options: &'a NameOptions,
    pub(crate) cite: Option<&'a Cite>,
    pub(crate) position: Position,
    pub(crate) near_note: bool,
    /// Rendering a sort key.
    pub(crate) sorting: bool,
    pub(crate) sort_limits: Option<(Option<usize>, Option<usize>)>,
    pub(crate) sort_use_last: Option<bool>,
    /// The longest list of names met.
    pub(crate) max_names: usize,
    /// The names that were printed: variable, place in its list, name.
    pub(crate) shown_names: Vec<(String, usize, Person)>,
    /// The first names are left out.
    pub(crate) suppress_author: bool,
    /// A term that comes before anything else starts with a capital: it begins a note.
    pub(crate) capitalize_term: bool,
    suppressed: Vec<String>,
    /// Variables printed inside a `substitute`.
    substituted: Vec<String>,
    in_substitute: usize,
    pub(crate) year_suffix_used: bool,
    english: bool,
    /// The item is Chinese or Japanese: there are no italics in its script.
    upright: bool,
    budget: u32,
}

impl<'a> Render<'a> {
    pub(crate) fn new(
        processor: &'a Processor<'a>,
        item: &'a Item,
        state: &'a ItemState,
        area: Area,
    ) -> Render<'a> {
        let english = match item.text("language") {
            Some(language) => is_english(&language),
            None => processor
                .style
                .default_locale
                .as_deref()
                .is_none_or(is_english),
        };
        Render {
            processor,
            item,
            state,
            area,
            options: match area {
                Area::Citation => &processor.citation_options,
                Area::Bibliography => &processor.bibliography_options,
            },
            cite: None,
            position: Position::First,
            near_note: false,
            sorting: false,
            sort_limits: None,
            sort_use_last: None,
            max_names: 0,
            shown_names: Vec::new(),
            suppress_author: false,
            capitalize_term: false,
            suppressed: Vec::new(),
            substituted: Vec::new(),
            in_substitute: 0,
            year_suffix_used: false,
            english,
            upright: item
                .text("language")
                .is_some_and(|language| language.starts_with("zh") || language.starts_with("ja")),
            budget: BUDGET,
        }
    }

    /// Text of a field as nodes.
    pub(crate) fn field(&self, text: &str) -> Vec<Node> {
        markup::parse(text, &self.processor.marks)
    }

    /// Sets `nodes` as `look` says, affixes included. `term`: the text is the locale's, not the item's.
    pub(crate) fn dress(&self, mut nodes: Vec<Node>, look: &Look, term: bool) -> Vec<Node> {
        if are_blank(&nodes) {
            return Vec::new();
        }
        if look.strip_periods {
            strip_periods(&mut nodes);
        }
        if let Some(case) = look.text_case {
            case::apply(&mut nodes, case, term || self.english);
        }
        self.affixed(nodes, look)
    }

    /// Formatting, quotes, affixes and display of `look`; its case is left alone.
    pub(crate) fn affixed(&self, nodes: Vec<Node>, look: &Look) -> Vec<Node> {
        if are_blank(&nodes) {
            return Vec::new();
        }
        if self.sorting {
            return nodes;
        }
        let mut nodes = nodes;
        for mark in marks_of(look.formatting) {
            if self.upright && mark == Mark::Italic {
                continue;
            }
            nodes = vec![Node::Styled {
                mark,
                field: false,
                children: nodes,
            }];
        }
        if look.quotes {
            nodes = vec![Node::Quoted {
                inner: false,
                children: nodes,
            }];
        }
        if !look.prefix.is_empty() {
            nodes.splice(0..0, self.affix(&look.prefix));
        }
        if !look.suffix.is_empty() {
            nodes.extend(self.affix(&look.suffix));
        }
        if let Some(display) = look.display {
            nodes = vec![Node::Block(display, nodes)];
        }
        nodes
    }

    /// Sets a whole layout: its affixes are part of what its formatting covers.
    pub(crate) fn laid_out(&self, nodes: Vec<Node>, look: &Look) -> Vec<Node> {
        if are_blank(&nodes) {
            return Vec::new();
        }
        let mut outer = look.clone();
        let affixes = Look {
            prefix: std::mem::take(&mut outer.prefix),
            suffix: std::mem::take(&mut outer.suffix),
            ..Look::default()
        };
        self.affixed(self.affixed(nodes, &affixes), &outer)
    }

    /// A prefix, suffix or delimiter: straight apostrophes turn, spaces stay.
    pub(crate) fn affix(&self, text: &str) -> Vec<Node> {
        let _ = self;
        vec![Node::text(if text.contains('\'') {
            text.replace('\'', "’")
        } else {
            text.to_owned()
        })]
    }

    /// [`Render::dress`] for a variable that has a value.
    pub(crate) fn printed(&mut self, nodes: Vec<Node>, look: &Look) -> Out {
        Out::variable(self.dress(nodes, look, false))
    }

    pub(crate) fn spend(&mut self, cost: usize) -> bool {
        let cost = u32::try_from(cost).unwrap_or(u32::MAX);
        self.budget = self.budget.saturating_sub(cost);
        self.budget > 0
    }

    /// Renders elements one after the other, with `delimiter` between those that print something.
    pub(crate) fn elements(&mut self, elements: &[Element], delimiter: &str) -> Out {
        let mut out = Out::default();
        self.elements_into(elements, delimiter, &mut out);
        out
    }

    fn elements_into(&mut self, elements: &[Element], delimiter: &str, out: &mut Out) {
        for element in elements {
            if !self.spend(1) {
                return;
            }
            let part = match element {
                // What a branch holds stands in the group around it, delimiters and all.
                Element::Choose(branches) => {
                    if let Some(children) = self.choose(branches) {
                        self.elements_into(children, delimiter, out);
                    }
                    continue;
                }
                Element::Text(text) => self.text(text),
                Element::Number(number) => self.number(number),
                Element::Label(label) => self.label(label),
                Element::Date(date) => {
                    let variable = date.variable.as_str();
                    self.called(variable);
                    if self.is_suppressed(variable) {
                        Out::empty_call()
                    } else {
                        let part = self.date(date);
                        if part.printed {
                            self.printed_variable(variable);
                        }
                        part
                    }
                }
                Element::Names(names) => {
                    let mut part = self.names(names, None);
                    if self.suppress_author && !are_blank(&part.nodes) {
                        self.suppress_author = false;
                        part = Out::empty_call();
                    }
                    part
                }
                Element::Group(group) => {
                    let inner = self.elements(&group.children, &group.delimiter);
                    let mut part = as_group(inner);
                    part.nodes = self.affixed(part.nodes, &group.look);
                    part
                }
            };
            if self.capitalize_term && !are_blank(&part.nodes) {
                self.capitalize_term = false;
            }
            out.called |= part.called;
            out.printed |= part.printed;
            if are_blank(&part.nodes) {
                continue;
            }
            if !out.nodes.is_empty() && !delimiter.is_empty() {
                out.nodes.extend(self.affix(delimiter));
            }
            out.nodes.extend(part.nodes);
        }
    }

    fn text(&mut self, element: &Text) -> Out {
        let look = &element.look;
        match &element.source {
            TextSource::Macro(index) => {
                let Some(elements) = self.processor.style.macros.get(*index) else {
                    return Out::default();
                };
                let inner = self.elements(elements, "");
                let mut part = as_group(inner);
                part.nodes = self.dress(part.nodes, look, false);
                part
            }
            TextSource::Value(text) => {
                let nodes = self.field_keeping_space(text);
                Out {
                    nodes: self.dress(nodes, look, true),
                    ..Out::default()
                }
            }
            TextSource::Term { name, form, plural } => {
                let text = self
                    .processor
                    .locale
                    .term(name, *form, *plural)
                    .unwrap_or_default()
                    .to_owned();
                let mut nodes = vec![Node::text(text)];
                if self.capitalize_term {
                    case::apply(&mut nodes, TextCase::CapitalizeFirst, true);
                }
                Out {
                    nodes: self.dress(nodes, look, true),
                    ..Out::default()
                }
            }
            TextSource::Variable { name, short } => self.text_variable(name, *short, look),
        }
    }

    /// The style's own text: markup counts, white space stays.
    fn field_keeping_space(&self, text: &str) -> Vec<Node> {
        if text.contains(['<', '&', '"', '\'']) {
            self.field(text)
        } else {
            vec![Node::text(text)]
        }
    }

    pub(crate) fn is_suppressed(&self, name: &str) -> bool {
        self.suppressed.iter().any(|used| used == name)
    }

    pub(crate) fn is_subsequent(&self) -> bool {
        self.position != Position::First
    }

    pub(crate) fn names_shown(&self) -> usize {
        if self.area == Area::Citation {
            self.state.names_shown
        } else {
            0
        }
    }

    /// Notes that a variable was asked for; nothing needs it at present but names.
    pub(crate) fn called(&mut self, name: &str) {
        let _ = (&self, name);
    }

    /// Notes that a variable was printed, for what `substitute` uses up.
    pub(crate) fn printed_variable(&mut self, name: &str) {
        if self.in_substitute > 0 {
            self.substituted.push(name.to_owned());
        }
    }

    pub(crate) fn begin_substitute(&mut self) -> usize {
        self.in_substitute += 1;
        self.substituted.len()
    }

    /// Ends a substitute; when it printed something, its variables are used up.
    pub(crate) fn end_substitute(&mut self, mark: usize, printed: bool) {
        self.in_substitute = self.in_substitute.saturating_sub(1);
        let used = self.substituted.split_off(mark.min(self.substituted.len()));
        if printed {
            if self.in_substitute > 0 {
                self.substituted.extend(used.iter().cloned());
            }
            self.suppressed.extend(used);
        }
    }

    /// The year suffix, where the style names no place for it: after the first year.
    pub(crate) fn implicit_year_suffix(&mut self) -> Node {
        let explicit = match self.area {
            Area::Citation => self.processor.explicit_suffix.0,
            Area::Bibliography => self.processor.explicit_suffix.1,
        };
        if explicit || self.year_suffix_used || self.sorting {
            return Node::YearSuffix(String::new());
        }
        self.year_suffix_used = true;
        Node::YearSuffix(self.state.year_suffix.clone().unwrap_or_default())
    }
}

/// A group or macro: nothing when all the variables it asked for are empty; a variable with a value for what is around
/// it when it printed something.
fn as_group(inner: Out) -> Out {
    if inner.called && !inner.printed {
        return Out::empty_call();
    }
    if are_blank(&inner.nodes) {
        return Out {
            nodes: Vec::new(),
            ..inner
        };
    }
    Out {
        nodes: inner.nodes,
        called: true,
        printed: true,
    }
}

fn is_english(language: &str) -> bool {
    language
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("en"))
}

fn strip_periods(nodes: &mut [Node]) {
    for node in nodes {
        if let Node::Text { text, .. } = node {
            if text.contains('.') {
                *text = text.replace('.', "");
            }
        } else if let Some(children) = node.children_mut() {
            strip_periods(children);
        }
    }
}
