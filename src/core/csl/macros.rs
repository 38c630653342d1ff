//! What a style's macros call, and what its elements ask for: questions about the whole style.

use super::CslError;
use super::style::{Element, Style, Test, Text, TextSource};
use super::xml::XmlElement;

/// Finds macros that call themselves, directly or through others.
pub(crate) fn check_loops(
    macros: &[Vec<Element>],
    elements: &[&XmlElement<'_>],
) -> Result<(), CslError> {
    // 0 not seen, 1 on the way, 2 done.
    let mut state = vec![0_u8; macros.len()];
    let mut calls: Vec<Vec<usize>> = Vec::with_capacity(macros.len());
    for children in macros {
        let mut called = Vec::new();
        called_macros(children, &mut called);
        called.sort_unstable();
        called.dedup();
        calls.push(called);
    }
    for start in 0..macros.len() {
        let mut stack = vec![(start, 0)];
        while let Some((index, next)) = stack.pop() {
            if let Some(slot) = state.get_mut(index) {
                if next == 0 && *slot == 2 {
                    continue;
                }
                *slot = 1;
            }
            match calls.get(index).and_then(|called| called.get(next)) {
                Some(&callee) => {
                    stack.push((index, next + 1));
                    match state.get(callee) {
                        Some(1) => {
                            let element =
                                elements.get(callee).copied().cloned().unwrap_or_default();
                            let name = element.attribute("name").unwrap_or_default();
                            return Err(element.error(format!(
                                "the macro “{name}” calls itself, directly or through others"
                            )));
                        }
                        Some(0) => stack.push((callee, 0)),
                        _ => {}
                    }
                }
                None => {
                    if let Some(slot) = state.get_mut(index) {
                        *slot = 2;
                    }
                }
            }
        }
    }
    // A chain of calls is walked by recursion when it is rendered.
    let mut depth = vec![0_usize; macros.len()];
    for _ in 0..MAX_MACRO_DEPTH {
        let mut changed = false;
        for (index, called) in calls.iter().enumerate() {
            let deepest = called
                .iter()
                .filter_map(|callee| depth.get(*callee))
                .max()
                .map_or(0, |deepest| deepest + 1);
            if let Some(slot) = depth.get_mut(index)
                && *slot < deepest
            {
                *slot = deepest;
                changed = true;
            }
        }
        if !changed {
            return Ok(());
        }
    }
    let first = elements.first().copied().cloned().unwrap_or_default();
    Err(first.error(format!(
        "macros call each other more than {MAX_MACRO_DEPTH} deep"
    )))
}

const MAX_MACRO_DEPTH: usize = 40;

/// Collects the macros that elements call directly.
fn called_macros(elements: &[Element], into: &mut Vec<usize>) {
    for element in elements {
        match element {
            Element::Text(Text {
                source: TextSource::Macro(index),
                ..
            }) => into.push(*index),
            Element::Group(group) => called_macros(&group.children, into),
            Element::Choose(branches) => {
                for branch in branches {
                    called_macros(&branch.children, into);
                }
            }
            Element::Names(names) => called_macros(&names.substitute, into),
            _ => {}
        }
    }
}

/// The elements ask whether cites are ambiguous.
pub(crate) fn ask_disambiguate(elements: &[Element]) -> bool {
    elements.iter().any(|element| match element {
        Element::Choose(branches) => branches.iter().any(|branch| {
            branch.condition.as_ref().is_some_and(|(_, tests)| {
                tests
                    .iter()
                    .any(|test| matches!(test, Test::Disambiguate(_)))
            }) || ask_disambiguate(&branch.children)
        }),
        Element::Group(group) => ask_disambiguate(&group.children),
        Element::Names(names) => ask_disambiguate(&names.substitute),
        _ => false,
    })
}

/// The first `initialize-with` of a name in the elements.
pub(crate) fn first_initialize_with(elements: &[Element]) -> Option<String> {
    elements.iter().find_map(|element| match element {
        Element::Choose(branches) => branches
            .iter()
            .find_map(|branch| first_initialize_with(&branch.children)),
        Element::Group(group) => first_initialize_with(&group.children),
        Element::Names(names) => names
            .name
            .as_ref()
            .and_then(|name| name.options.initialize_with.clone())
            .or_else(|| first_initialize_with(&names.substitute)),
        _ => None,
    })
}

/// The elements print `year-suffix`.
pub(crate) fn print_suffix(elements: &[Element]) -> bool {
    elements.iter().any(|element| match element {
        Element::Text(Text {
            source: TextSource::Variable { name, .. },
            ..
        }) => name == "year-suffix",
        Element::Group(group) => print_suffix(&group.children),
        Element::Choose(branches) => branches.iter().any(|branch| print_suffix(&branch.children)),
        Element::Names(names) => print_suffix(&names.substitute),
        _ => false,
    })
}

impl Style {
    /// A question holds of the elements, or of a macro that they call directly or through others.
    pub(crate) fn any_reached(&self, elements: &[Element], holds: fn(&[Element]) -> bool) -> bool {
        if holds(elements) {
            return true;
        }
        let mut seen = vec![false; self.macros.len()];
        let mut waiting = Vec::new();
        called_macros(elements, &mut waiting);
        while let Some(index) = waiting.pop() {
            match seen.get_mut(index) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            if let Some(elements) = self.macros.get(index) {
                if holds(elements) {
                    return true;
                }
                called_macros(elements, &mut waiting);
            }
        }
        false
    }
}
