//! Telling cites apart that would look the same: more names, given names, the style's own means, year suffixes.

use std::collections::{HashMap, HashSet};

use super::document::Document;
use super::macros::{ask_disambiguate, first_initialize_with};
use super::name::{GivenLevel, Person};
use super::render::{Area, ItemState, Render};
use super::rich::flat_text;
use super::style::{GivennameRule, Position};

/// So many steps of adding names are tried on a set of cites.
const MAX_STEPS: usize = 60;

/// A name as a cite shows it.
struct ShownName {
    variable: String,
    index: usize,
    person: Person,
}

impl Document<'_> {
    /// Decides what each item needs to be told from the others in a citation.
    pub(crate) fn disambiguate(&mut self) {
        let citation = &self.processor.style.citation;
        let (names, givens, suffixes) = (
            citation.add_names,
            citation.add_givenname,
            citation.add_year_suffix,
        );
        let rule = citation.givenname_rule;
        let asks = self
            .processor
            .style
            .any_reached(&citation.layout.children, ask_disambiguate);
        if !(names || givens || suffixes || asks) {
            return;
        }
        let all: Vec<usize> = self.order_of_items();
        if givens && rule != GivennameRule::ByCite {
            // Names that "et al." hides count where they may come to be shown.
            let open: HashSet<usize> = if names {
                self.ambiguous(&all).into_iter().flatten().collect()
            } else {
                HashSet::new()
            };
            self.expand_everywhere(rule, &open);
        }
        for set in self.ambiguous(&all) {
            let left = if names || (givens && rule == GivennameRule::ByCite) {
                self.expand(&set, names, givens && rule == GivennameRule::ByCite)
            } else {
                vec![set]
            };
            for set in left {
                let left = if asks {
                    self.use_condition(&set)
                } else {
                    vec![set]
                };
                if suffixes {
                    for set in left {
                        self.add_suffixes(&set);
                    }
                }
            }
        }
    }

    fn order_of_items(&self) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.items.len()).collect();
        all.sort_by_key(|index| self.states.get(*index).map_or(0, |state| state.number));
        all
    }

    /// The cite of an item on its own, as its first citation prints it.
    fn key(&self, index: usize) -> String {
        self.states
            .get(index)
            .map(|state| self.key_with(index, state).0)
            .unwrap_or_default()
    }

    fn key_with(&self, index: usize, state: &ItemState) -> (String, Vec<ShownName>, usize) {
        let Some(item) = self.items.get(index) else {
            return (String::new(), Vec::new(), 0);
        };
        let state = ItemState {
            year_suffix: None,
            number: 0,
            first_note: None,
            ..state.clone()
        };
        let mut render = Render::new(self.processor, item, &state, Area::Citation);
        // What a reader meets most is the form of later cites.
        render.position = Position::Subsequent;
        let out = render.elements(&self.processor.style.citation.layout.children, "");
        let mut text = String::new();
        flat_text(&out.nodes, &mut text);
        let shown = std::mem::take(&mut render.shown_names)
            .into_iter()
            .map(|(variable, index, person)| ShownName {
                variable,
                index,
                person,
            })
            .collect();
        (text, shown, render.max_names)
    }

    /// Sets of items whose cites look the same, in the order of the bibliography.
    fn ambiguous(&self, among: &[usize]) -> Vec<Vec<usize>> {
        let mut by_key: HashMap<String, usize> = HashMap::new();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for &index in among {
            let place = *by_key.entry(self.key(index)).or_insert_with(|| {
                sets.push(Vec::new());
                sets.len() - 1
            });
            if let Some(set) = sets.get_mut(place) {
                set.push(index);
            }
        }
        sets.retain(|set| set.len() > 1);
        sets
    }

    /// Adds names and given names to a set of cites until they differ or nothing helps; the sets that stay ambiguous
    /// come back.
    fn expand(&mut self, set: &[usize], names: bool, givens: bool) -> Vec<Vec<usize>> {
        let mut open = vec![set.to_vec()];
        let mut failed = Vec::new();
        let mut steps = 0;
        while let Some(set) = open.pop() {
            steps += 1;
            let before: Vec<ItemState> = set
                .iter()
                .filter_map(|index| self.states.get(*index).cloned())
                .collect();
            match self.expand_once(&set, names, givens) {
                Some(sets) if steps < MAX_STEPS => {
                    // Those that are told apart now keep what tells them apart.
                    open.extend(sets.into_iter().filter(|set| set.len() > 1));
                }
                _ => {
                    // Nothing tells these apart.
                    for (index, state) in set.iter().zip(before) {
                        if let Some(slot) = self.states.get_mut(*index) {
                            *slot = state;
                        }
                    }
                    failed.push(set);
                }
            }
        }
        failed
    }

    /// One step that splits the set: a given name, or one more name with or without its given name.
    fn expand_once(&mut self, set: &[usize], names: bool, givens: bool) -> Option<Vec<Vec<usize>>> {
        let first = *set.first()?;
        let state = self.states.get(first)?.clone();
        let (_, shown, total) = self.key_with(first, &state);
        let count = shown.len();
        if givens && let Some(sets) = self.try_givens(set, &shown, 0) {
            return Some(sets);
        }
        if !names {
            return None;
        }
        let most = set
            .iter()
            .filter_map(|index| {
                let state = self.states.get(*index)?;
                Some(self.key_with(*index, state).2)
            })
            .max()
            .unwrap_or(total);
        let mut candidates: Vec<usize> = self.differing(set, count, most);
        candidates.truncate(MAX_STEPS);
        for place in candidates {
            for index in set {
                if let Some(state) = self.states.get_mut(*index) {
                    state.names_shown = place;
                }
            }
            let sets = self.partition(set);
            if sets.len() > 1 {
                return Some(sets);
            }
            if givens {
                let state = self.states.get(first)?.clone();
                let (_, shown, _) = self.key_with(first, &state);
                if let Some(sets) = self.try_givens(set, &shown, count) {
                    return Some(sets);
                }
            }
        }
        None
    }

    /// Numbers of names at which members of the set begin to differ.
    fn differing(&self, set: &[usize], shown: usize, most: usize) -> Vec<usize> {
        let lists: Vec<Vec<Person>> = set
            .iter()
            .filter_map(|index| {
                let state = ItemState {
                    names_shown: usize::MAX / 2,
                    ..self.states.get(*index)?.clone()
                };
                let (_, shown, _) = self.key_with(*index, &state);
                Some(shown.into_iter().map(|name| name.person).collect())
            })
            .collect();
        (shown..most.max(shown))
            .filter(|place| {
                let mut at = lists.iter().map(|list| list.get(*place));
                let first = at.next().flatten();
                at.any(|person| person != first)
            })
            .map(|place| place + 1)
            .collect()
    }

    /// Shows given names of the names from `from` on, one after the other, until the set splits.
    fn try_givens(
        &mut self,
        set: &[usize],
        shown: &[ShownName],
        from: usize,
    ) -> Option<Vec<Vec<usize>>> {
        let before: Vec<ItemState> = set
            .iter()
            .filter_map(|index| self.states.get(*index).cloned())
            .collect();
        // Given names that are the same in all members cannot tell them apart.
        let mut helpful: HashSet<(String, usize)> = HashSet::new();
        let mut seen: HashMap<(String, usize), String> = HashMap::new();
        for index in set {
            let Some(state) = self.states.get(*index) else {
                continue;
            };
            for name in self.key_with(*index, state).1 {
                let place = (name.variable, name.index);
                let given = squeezed(&name.person.given);
                match seen.get(&place) {
                    Some(other) if *other != given => {
                        helpful.insert(place);
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(place, given);
                    }
                }
            }
        }
        let helps = |name: &&ShownName| helpful.contains(&(name.variable.clone(), name.index));
        for name in shown.iter().skip(from).filter(helps).take(MAX_STEPS) {
            for level in [GivenLevel::Initials, GivenLevel::Full] {
                for index in set {
                    if let Some(state) = self.states.get_mut(*index) {
                        state
                            .givens
                            .insert((name.variable.clone(), name.index), level);
                    }
                }
                let sets = self.partition(set);
                if sets.len() > 1 {
                    return Some(sets);
                }
            }
            for (index, state) in set.iter().zip(&before) {
                if let Some(slot) = self.states.get_mut(*index) {
                    *slot = state.clone();
                }
            }
        }
        None
    }

    /// Splits a set by the cites as they are now.
    fn partition(&self, set: &[usize]) -> Vec<Vec<usize>> {
        let mut keys: Vec<(String, Vec<usize>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for &index in set {
            let key = squeezed(&self.key(index));
            let place = *places.entry(key.clone()).or_insert_with(|| {
                keys.push((key, Vec::new()));
                keys.len() - 1
            });
            if let Some((_, list)) = keys.get_mut(place) {
                list.push(index);
            }
        }
        keys.into_iter().map(|(_, list)| list).collect()
    }

    /// Lets the style's `disambiguate` conditions hold for a set; the sets that stay ambiguous come back.
    fn use_condition(&mut self, set: &[usize]) -> Vec<Vec<usize>> {
        for index in set {
            if let Some(state) = self.states.get_mut(*index) {
                state.disambiguate = true;
            }
        }
        let sets = self.partition(set);
        if sets.len() == 1 && self.processor.style.citation.add_year_suffix {
            for index in set {
                if let Some(state) = self.states.get_mut(*index) {
                    state.disambiguate = false;
                }
            }
        }
        sets.into_iter().filter(|set| set.len() > 1).collect()
    }

    fn add_suffixes(&mut self, set: &[usize]) {
        let mut set = set.to_vec();
        set.sort_by_key(|index| self.states.get(*index).map_or(0, |state| state.number));
        for (place, index) in set.iter().enumerate() {
            if let Some(state) = self.states.get_mut(*index) {
                state.year_suffix = Some(letters(place));
            }
        }
    }

    /// Shows given names wherever two different people would look the same, no matter in which cites.
    fn expand_everywhere(&mut self, rule: GivennameRule, open: &HashSet<usize>) {
        let primary = matches!(
            rule,
            GivennameRule::PrimaryName | GivennameRule::PrimaryNameWithInitials
        );
        let initials_only = matches!(
            rule,
            GivennameRule::AllNamesWithInitials | GivennameRule::PrimaryNameWithInitials
        );
        let mut uses: HashMap<String, Vec<(usize, ShownName)>> = HashMap::new();
        for index in 0..self.items.len() {
            let Some(mut state) = self.states.get(index).cloned() else {
                continue;
            };
            if open.contains(&index) {
                state.names_shown = usize::MAX / 2;
            }
            let (_, shown, _) = self.key_with(index, &state);
            for name in shown {
                if (primary && name.index > 0) || !name.person.literal.is_empty() {
                    continue;
                }
                uses.entry(name.person.short())
                    .or_default()
                    .push((index, name));
            }
        }
        for (_, list) in uses {
            let distinct: Vec<&Person> = {
                let mut people: Vec<&Person> = Vec::new();
                let mut seen = HashSet::new();
                for (_, name) in &list {
                    if seen.insert((
                        squeezed(&name.person.given),
                        &name.person.suffix,
                        &name.person.dropping,
                    )) {
                        people.push(&name.person);
                    }
                }
                people
            };
            if distinct.len() < 2 {
                continue;
            }
            let options = &self.processor.citation_options;
            let with = options
                .initialize_with
                .clone()
                .or_else(|| self.initialize_with());
            let mut initials: HashMap<String, usize> = HashMap::new();
            let initial = |person: &Person| {
                with.as_deref().map(|with| {
                    super::name::initials(
                        &person.given,
                        with,
                        true,
                        self.processor.style.initialize_with_hyphen,
                    )
                })
            };
            for person in &distinct {
                if let Some(text) = initial(person) {
                    *initials.entry(text).or_default() += 1;
                }
            }
            let mut decided = Vec::new();
            for (index, name) in &list {
                let level = match initial(&name.person) {
                    Some(text) if initials.get(&text) == Some(&1) => GivenLevel::Initials,
                    _ if initials_only => GivenLevel::Style,
                    _ => GivenLevel::Full,
                };
                decided.push((*index, name.variable.clone(), name.index, level));
            }
            for (index, variable, place, level) in decided {
                if let Some(state) = self.states.get_mut(index) {
                    state.givens.insert((variable, place), level);
                }
            }
        }
    }

    /// `initialize-with` of the first name element of the citation that has one.
    fn initialize_with(&self) -> Option<String> {
        let style = self.processor.style;
        first_initialize_with(&style.citation.layout.children).or_else(|| {
            style
                .macros
                .iter()
                .find_map(|elements| first_initialize_with(elements))
        })
    }
}

/// "J. R." and "J.R." are the same initials.
fn squeezed(given: &str) -> String {
    given.chars().filter(|c| !c.is_whitespace()).collect()
}

/// a … z, aa, ab, …
fn letters(place: usize) -> String {
    let mut left = place + 1;
    let mut out = Vec::new();
    while left > 0 {
        left -= 1;
        out.push(char::from(b'a' + (left % 26) as u8));
        left /= 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn suffixes_go_on_after_z() {
        assert_eq!(
            [0, 25, 26, 51, 52, 701, 702].map(letters),
            ["a", "z", "aa", "az", "ba", "zz", "aaa"]
        );
    }
}
