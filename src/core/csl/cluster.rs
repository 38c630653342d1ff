//! One citation: its cites sorted, grouped, collapsed and joined.

use super::document::{Citation, Cite, Document};
use super::markup;
use super::render::{Area, Render};
use super::rich::{Node, are_blank, flat_text};
use super::style::{Collapse, Position};

/// A cite that has been rendered.
struct Rendered<'a> {
    cite: &'a Cite,
    position: Position,
    near: bool,
    nodes: Vec<Node>,
    /// The names it begins with, for grouping; empty when there are none.
    names: String,
    /// Its year without the suffix.
    year: String,
    suffix: String,
    number: usize,
}

impl Document<'_> {
    /// The nodes of a citation.
    pub(crate) fn cluster(&self, citation: &Citation, places: &[(Position, bool)]) -> Vec<Node> {
        let style = &self.processor.style.citation;
        let mut cites: Vec<Rendered<'_>> = citation
            .cites
            .iter()
            .zip(places)
            .enumerate()
            .map(|(place, (cite, (position, near)))| {
                self.rendered(cite, *position, *near, place == 0)
            })
            .collect();
        if !style.sort.is_empty() && cites.len() > 1 {
            let keys: Vec<_> = cites
                .iter()
                .map(|rendered| {
                    let item = self.items.get(rendered.cite.item)?;
                    let state = self.states.get(rendered.cite.item)?;
                    Some(
                        self.processor
                            .sort_keys(&style.sort, item, state, Area::Citation),
                    )
                })
                .collect();
            let mut order: Vec<usize> = (0..cites.len()).collect();
            order.sort_by(|one, two| match (keys.get(*one), keys.get(*two)) {
                (Some(Some(first)), Some(Some(second))) => first.compare(second).then_with(|| {
                    // Equal cites stand as in the bibliography.
                    let number = |at: &usize| cites.get(*at).map_or(0, |cite| cite.number);
                    number(one).cmp(&number(two))
                }),
                _ => std::cmp::Ordering::Equal,
            });
            let mut slots: Vec<Option<Rendered<'_>>> = cites.into_iter().map(Some).collect();
            cites = order
                .into_iter()
                .filter_map(|index| slots.get_mut(index).and_then(Option::take))
                .collect();
        }
        let year_collapse = matches!(
            style.collapse,
            Some(Collapse::Year | Collapse::YearSuffix | Collapse::YearSuffixRanged)
        );
        if year_collapse || style.cite_group_delimiter.is_some() {
            cites = grouped(cites);
        }
        let nodes = if style.collapse == Some(Collapse::CitationNumber) {
            self.collapse_numbers(cites)
        } else if year_collapse || style.cite_group_delimiter.is_some() {
            self.collapse_years(&cites, year_collapse)
        } else {
            let mut nodes = Vec::new();
            for cite in cites {
                if are_blank(&cite.nodes) {
                    continue;
                }
                let punctuated = cite
                    .cite
                    .prefix
                    .as_deref()
                    .is_some_and(|prefix| prefix.starts_with(['.', ',', ';', ':', '!', '?']));
                if !nodes.is_empty() && !punctuated {
                    nodes.push(Node::text(style.layout.delimiter.as_str()));
                }
                nodes.extend(cite.nodes);
            }
            nodes
        };
        let only_author = citation.cites.iter().any(|cite| cite.author_only);
        let empty = crate::core::item::Item::default();
        let state = super::render::ItemState::default();
        let render = Render::new(self.processor, &empty, &state, Area::Citation);
        if only_author {
            return nodes;
        }
        render.laid_out(nodes, &style.layout.look)
    }

    fn rendered<'c>(
        &self,
        cite: &'c Cite,
        position: Position,
        near: bool,
        first: bool,
    ) -> Rendered<'c> {
        let starts = first
            && self.processor.style.note
            && self.processor.style.citation.layout.look.prefix.is_empty();
        let nodes = self.cite_nodes(cite, position, near, cite.suppress_author, starts);
        let mut rendered = Rendered {
            cite,
            position,
            near,
            names: String::new(),
            year: String::new(),
            suffix: String::new(),
            number: self.states.get(cite.item).map_or(0, |state| state.number),
            nodes: Vec::new(),
        };
        survey(&nodes, &mut rendered);
        rendered.nodes = self.with_affixes(nodes, cite);
        rendered
    }

    fn cite_nodes(
        &self,
        cite: &Cite,
        position: Position,
        near: bool,
        suppress: bool,
        starts: bool,
    ) -> Vec<Node> {
        let (Some(item), Some(state)) = (self.items.get(cite.item), self.states.get(cite.item))
        else {
            return Vec::new();
        };
        let mut render = Render::new(self.processor, item, state, Area::Citation);
        render.cite = Some(cite);
        render.position = position;
        render.near_note = near;
        render.suppress_author = suppress;
        render.capitalize_term =
            (starts && cite.prefix.is_none()) || cite.prefix.as_deref().is_some_and(ends_sentence);
        let nodes = render
            .elements(&self.processor.style.citation.layout.children, "")
            .nodes;
        if cite.author_only {
            return first_names(&nodes).unwrap_or_default();
        }
        nodes
    }

    /// Puts the cite's own prefix and suffix around it.
    fn with_affixes(&self, nodes: Vec<Node>, cite: &Cite) -> Vec<Node> {
        let mut out = Vec::new();
        if let Some(prefix) = cite.prefix.as_deref().filter(|prefix| !prefix.is_empty()) {
            out.extend(markup::parse(prefix, &self.processor.marks));
            if prefix.ends_with(|c: char| {
                c.is_alphanumeric() || matches!(c, '.' | ',' | ':' | ';' | ')')
            }) {
                out.push(Node::text(" "));
            }
        }
        out.extend(nodes);
        if let Some(suffix) = cite.suffix.as_deref().filter(|suffix| !suffix.is_empty()) {
            if suffix.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '(' | '[')) {
                out.push(Node::text(" "));
            }
            out.extend(markup::parse(suffix, &self.processor.marks));
        }
        out
    }

    /// "1, 2, 3, 5" becomes "1–3, 5".
    fn collapse_numbers(&self, cites: Vec<Rendered<'_>>) -> Vec<Node> {
        let style = &self.processor.style.citation;
        let delimiter = style.layout.delimiter.as_str();
        let after = style
            .after_collapse_delimiter
            .as_deref()
            .unwrap_or(delimiter);
        let bare = |rendered: &Rendered<'_>| {
            rendered.cite.locator.is_none()
                && rendered.cite.prefix.is_none()
                && rendered.cite.suffix.is_none()
                && rendered.number > 0
        };
        let mut nodes: Vec<Node> = Vec::new();
        let mut collapsed = false;
        let mut index = 0;
        let mut slots: Vec<Rendered<'_>> = cites;
        while index < slots.len() {
            let mut end = index;
            while let (Some(one), Some(two)) = (slots.get(end), slots.get(end + 1)) {
                if bare(one) && bare(two) && two.number == one.number + 1 {
                    end += 1;
                } else {
                    break;
                }
            }
            if !nodes.is_empty() {
                nodes.push(Node::text(if collapsed { after } else { delimiter }));
            }
            if end >= index + 2 {
                for (place, at) in [index, end].into_iter().enumerate() {
                    if place == 1 {
                        nodes.push(Node::text("–"));
                    }
                    if let Some(rendered) = slots.get_mut(at) {
                        nodes.append(&mut rendered.nodes);
                    }
                }
                index = end + 1;
                collapsed = true;
                continue;
            }
            collapsed = false;
            if let Some(rendered) = slots.get_mut(index) {
                nodes.append(&mut rendered.nodes);
            }
            index += 1;
        }
        nodes
    }

    /// "Doe 2000, Doe 2001" becomes "Doe 2000, 2001", and "2000a, 2000b" becomes "2000a, b".
    fn collapse_years(&self, cites: &[Rendered<'_>], collapse: bool) -> Vec<Node> {
        let style = &self.processor.style.citation;
        let delimiter = style.layout.delimiter.as_str();
        let group_delimiter = style.cite_group_delimiter.as_deref().unwrap_or(
            if style.collapse == Some(Collapse::Year) {
                ", "
            } else {
                delimiter
            },
        );
        let suffix_delimiter = style
            .year_suffix_delimiter
            .as_deref()
            .or(style.cite_group_delimiter.as_deref())
            .unwrap_or(delimiter);
        let after = style
            .after_collapse_delimiter
            .as_deref()
            .unwrap_or(delimiter);
        let by_suffix = matches!(
            style.collapse,
            Some(Collapse::YearSuffix | Collapse::YearSuffixRanged)
        );
        let ranged = style.collapse == Some(Collapse::YearSuffixRanged);
        let mut nodes: Vec<Node> = Vec::new();
        let mut index = 0;
        while let Some(rendered) = cites.get(index) {
            let before = index
                .checked_sub(1)
                .and_then(|before| cites.get(before))
                .filter(|before| !rendered.names.is_empty() && before.names == rendered.names);
            let Some(before) = before else {
                if !nodes.is_empty() && !are_blank(&rendered.nodes) {
                    nodes.push(Node::text(if collapse { after } else { delimiter }));
                }
                nodes.extend(rendered.nodes.iter().cloned());
                index += 1;
                continue;
            };
            let plain = |cite: &Cite| cite.prefix.is_none();
            if !collapse || !plain(rendered.cite) {
                nodes.push(Node::text(group_delimiter));
                nodes.extend(rendered.nodes.iter().cloned());
                index += 1;
                continue;
            }
            let same_year = by_suffix
                && before.year == rendered.year
                && !rendered.year.is_empty()
                && !rendered.suffix.is_empty()
                && before.cite.locator.is_none()
                && before.cite.suffix.is_none();
            if !same_year {
                let short =
                    self.cite_nodes(rendered.cite, rendered.position, rendered.near, true, false);
                if !are_blank(&short) {
                    // After a locator a comma would say that the year is one as well.
                    nodes.push(Node::text(if before.cite.locator.is_some() {
                        after
                    } else {
                        group_delimiter
                    }));
                    nodes.extend(self.with_affixes(short, rendered.cite));
                }
                index += 1;
                continue;
            }
            // A run of suffixes of one year.
            let mut end = index;
            while ranged
                && let (Some(one), Some(two)) = (cites.get(end), cites.get(end + 1))
                && two.names == one.names
                && two.year == one.year
                && follows(&one.suffix, &two.suffix)
                && one.cite.locator.is_none()
                && one.cite.suffix.is_none()
                && two.cite.prefix.is_none()
            {
                end += 1;
            }
            if ranged && end > index && follows(&before.suffix, &rendered.suffix) {
                nodes.push(Node::text("–"));
            } else {
                end = index;
                nodes.push(Node::text(suffix_delimiter));
            }
            if let Some(last) = cites.get(end) {
                let short = self.cite_nodes(last.cite, last.position, last.near, true, false);
                let tail = after_year(short);
                let tail = if tail.is_empty() {
                    vec![Node::YearSuffix(last.suffix.clone())]
                } else {
                    tail
                };
                nodes.extend(self.with_affixes(tail, last.cite));
            }
            index = end + 1;
        }
        nodes
    }
}

fn ends_sentence(prefix: &str) -> bool {
    prefix
        .trim_end()
        .trim_end_matches(['"', '”', '’', '\''])
        .ends_with(['.', '!', '?'])
}

/// Brings cites with the same names together, at the place of the first.
fn grouped(cites: Vec<Rendered<'_>>) -> Vec<Rendered<'_>> {
    let mut out: Vec<Rendered<'_>> = Vec::with_capacity(cites.len());
    for cite in cites {
        let at = if cite.names.is_empty() {
            None
        } else {
            out.iter().rposition(|other| other.names == cite.names)
        };
        match at {
            Some(at) => out.insert(at + 1, cite),
            None => out.push(cite),
        }
    }
    out
}

fn follows(one: &str, two: &str) -> bool {
    match (one.as_bytes(), two.as_bytes()) {
        ([one], [two]) => one.checked_add(1) == Some(*two),
        _ => false,
    }
}

/// Finds the first names, the first year and its suffix.
fn survey(nodes: &[Node], into: &mut Rendered<'_>) {
    for node in nodes {
        match node {
            Node::Names(children) if into.names.is_empty() => {
                flat_text(children, &mut into.names);
            }
            Node::Year(children) => {
                if into.year.is_empty() {
                    for child in children {
                        match child {
                            Node::YearSuffix(suffix) => {
                                if into.suffix.is_empty() {
                                    into.suffix.clone_from(suffix);
                                }
                            }
                            other => flat_text(std::slice::from_ref(other), &mut into.year),
                        }
                    }
                }
            }
            Node::YearSuffix(suffix) => {
                if into.suffix.is_empty() {
                    into.suffix.clone_from(suffix);
                }
            }
            other => survey(other.children(), into),
        }
    }
}

fn first_names(nodes: &[Node]) -> Option<Vec<Node>> {
    nodes.iter().find_map(|node| match node {
        Node::Names(children) => Some(children.clone()),
        other => first_names(other.children()),
    })
}

/// The year suffix and what follows it, without the year.
fn after_year(nodes: Vec<Node>) -> Vec<Node> {
    let mut found = false;
    let mut out = Vec::new();
    cut(nodes, &mut found, &mut out);
    if found { out } else { Vec::new() }
}

fn cut(nodes: Vec<Node>, found: &mut bool, out: &mut Vec<Node>) {
    for node in nodes {
        if *found {
            out.push(node);
            continue;
        }
        match node {
            Node::YearSuffix(suffix) if !suffix.is_empty() => {
                *found = true;
                out.push(Node::YearSuffix(suffix));
            }
            Node::Styled {
                mark,
                field,
                children,
            } => {
                let mut inner = Vec::new();
                cut(children, found, &mut inner);
                if *found {
                    out.push(Node::Styled {
                        mark,
                        field,
                        children: inner,
                    });
                }
            }
            Node::Year(children) | Node::Group(children) | Node::Names(children) => {
                cut(children, found, out);
            }
            _ => {}
        }
    }
}
