//! `names`: lists of names with their labels and substitutes.

use super::name::{GivenLevel, NameShape, Person};
use super::render::{Area, Out, Render};
use super::rich::{Node, are_blank};
use super::style::{
    And, DelimiterPrecedes, Element, EtAl, Label, NameElement, NameForm, NameOptions, Names,
    Plural, SortOrderNames, TermForm,
};

/// The `name`, `et-al` and `label` that a `names` inside `substitute` takes over when it has none.
#[derive(Clone, Copy)]
pub(crate) struct NamesShape<'a> {
    name: Option<&'a NameElement>,
    et_al: Option<&'a EtAl>,
    label: Option<&'a Label>,
    label_first: bool,
    delimiter: Option<&'a str>,
}

/// The names of a variable, and whether the list is known to go on.
pub(crate) struct People {
    pub(crate) list: Vec<Person>,
    pub(crate) truncated: bool,
}

impl Render<'_> {
    /// Renders a `names` element; `inherited` is the shape of the one it substitutes.
    pub(crate) fn names(&mut self, element: &Names, inherited: Option<NamesShape<'_>>) -> Out {
        let inherited = inherited.filter(|_| {
            element.name.is_none() && element.et_al.is_none() && element.label.is_none()
        });
        let shape = NamesShape {
            name: element
                .name
                .as_ref()
                .or(inherited.and_then(|shape| shape.name)),
            et_al: element
                .et_al
                .as_ref()
                .or(inherited.and_then(|shape| shape.et_al)),
            label: element
                .label
                .as_ref()
                .or(inherited.and_then(|shape| shape.label)),
            label_first: if element.label.is_some() {
                element.label_first
            } else {
                inherited.is_some_and(|shape| shape.label_first)
            },
            delimiter: element
                .delimiter
                .as_deref()
                .or(inherited.and_then(|shape| shape.delimiter)),
        };
        let default_name = NameElement::default();
        let name = shape.name.unwrap_or(&default_name);
        let outer = self.options;
        let options = name.options.inherit(outer);
        let mut lists: Vec<Vec<Node>> = Vec::new();
        let mut count = 0;
        let counting = options.form == Some(NameForm::Count);
        let variables = self.merged_variables(&element.variables, &options, shape.label);
        for (variable, label_term) in &variables {
            self.called(variable);
            if self.is_suppressed(variable) {
                continue;
            }
            let people = self.people(variable);
            if people.list.is_empty() {
                continue;
            }
            self.max_names = self.max_names.max(people.list.len());
            if counting {
                count += self.shown(people.list.len(), &options).0;
                continue;
            }
            self.printed_variable(variable);
            let list = self.name_list(variable, &people, name, shape.et_al, &options);
            let mut nodes = vec![Node::Names(list)];
            if let Some(label) = shape.label.filter(|_| !self.sorting)
                && let Some(label) = self.name_label(label, label_term, people.list.len())
            {
                if shape.label_first {
                    nodes.insert(0, label);
                } else {
                    nodes.push(label);
                }
            }
            lists.push(nodes);
        }
        if counting && count > 0 {
            return self.printed(vec![Node::text(count.to_string())], &element.look);
        }
        lists.retain(|list| !are_blank(list));
        if !lists.is_empty() {
            let delimiter = shape
                .delimiter
                .or(outer.names_delimiter.as_deref())
                .unwrap_or_default();
            let mut nodes = Vec::new();
            for list in lists {
                if !nodes.is_empty() {
                    nodes.push(Node::text(delimiter));
                }
                nodes.extend(list);
            }
            return self.printed(nodes, &element.look);
        }
        match self.substitute(&element.substitute, shape) {
            Some(nodes) => Out::variable(self.affixed(nodes, &element.look)),
            None => Out::empty_call(),
        }
    }

    /// The first substitute that prints something.
    fn substitute(&mut self, elements: &[Element], shape: NamesShape<'_>) -> Option<Vec<Node>> {
        for substitute in elements {
            let mark = self.begin_substitute();
            let nodes = match substitute {
                Element::Names(names) => self.names(names, Some(shape)).nodes,
                Element::Choose(branches) => self
                    .choose(branches)
                    .and_then(|children| self.substitute(children, shape))
                    .unwrap_or_default(),
                other => {
                    let nodes = self.elements(std::slice::from_ref(other), "").nodes;
                    if are_blank(&nodes) || self.sorting {
                        nodes
                    } else {
                        vec![Node::Names(nodes)]
                    }
                }
            };
            let blank = are_blank(&nodes);
            self.end_substitute(mark, !blank);
            if !blank {
                return Some(nodes);
            }
        }
        None
    }

    /// The variables with the terms of their labels; editors and translators that are the same people become one.
    fn merged_variables(
        &self,
        variables: &[String],
        _options: &NameOptions,
        label: Option<&Label>,
    ) -> Vec<(String, String)> {
        let plain = || {
            variables
                .iter()
                .map(|variable| (variable.clone(), variable.clone()))
                .collect()
        };
        let [first, second] = variables else {
            return plain();
        };
        let pair = (first.as_str(), second.as_str());
        if !matches!(pair, ("editor", "translator") | ("translator", "editor")) {
            return plain();
        }
        let form = label.map_or(TermForm::Long, |label| label.form);
        let term = ["editortranslator", "editor-translator"]
            .into_iter()
            .find(|name| {
                self.processor
                    .locale
                    .term(name, form, false)
                    .is_some_and(|term| !term.is_empty())
            });
        let (one, other) = (self.people(first), self.people(second));
        match term {
            Some(term) if !one.list.is_empty() && one.list == other.list => {
                vec![(first.clone(), term.to_owned())]
            }
            _ => plain(),
        }
    }

    /// The people of a name variable.
    pub(crate) fn people(&self, variable: &str) -> People {
        let mut list: Vec<Person> = self
            .item
            .names(variable)
            .iter()
            .map(Person::from_name)
            .collect();
        let mut truncated = variable == "author" && self.item.authors_truncated();
        // BibTeX's "and others", taken over as a name.
        while list.len() > 1
            && list.last().is_some_and(|person| {
                matches!(person.literal.as_str(), "others" | "et al" | "et al.")
            })
        {
            list.pop();
            truncated = true;
        }
        People { list, truncated }
    }

    fn name_label(&self, label: &Label, term: &str, count: usize) -> Option<Node> {
        let plural = match label.plural {
            Plural::Always => true,
            Plural::Never => false,
            Plural::Contextual => count > 1,
        };
        let text = self
            .processor
            .locale
            .term(term, label.form, plural)
            .filter(|text| !text.is_empty())?
            .to_owned();
        let nodes = self.dress(vec![Node::text(text)], &label.look, true);
        Some(wrap(nodes))
    }

    /// How many names are shown before "et al.", and whether there is an "et al.".
    fn shown(&self, total: usize, options: &NameOptions) -> (usize, bool) {
        let subsequent = self.is_subsequent() && self.area == Area::Citation;
        let (min, first) = if let Some((min, first)) = self.sort_limits {
            (min.or(options.et_al_min), first.or(options.et_al_use_first))
        } else if subsequent {
            (
                options.et_al_subsequent_min.or(options.et_al_min),
                options
                    .et_al_subsequent_use_first
                    .or(options.et_al_use_first),
            )
        } else {
            (options.et_al_min, options.et_al_use_first)
        };
        let first = first.unwrap_or(1);
        match min {
            Some(min) if total >= min && first < total => {
                let first = first.max(self.names_shown());
                (first.min(total), first < total)
            }
            _ => (total, false),
        }
    }

    fn name_list(
        &mut self,
        variable: &str,
        people: &People,
        name: &NameElement,
        et_al: Option<&EtAl>,
        options: &NameOptions,
    ) -> Vec<Node> {
        let total = people.list.len();
        let (first, cut) = self.shown(total, options);
        let use_last = cut
            && self
                .sort_use_last
                .or(options.et_al_use_last)
                .unwrap_or(false)
            && !people.truncated
            && total >= first + 2;
        let form = options.form.unwrap_or(NameForm::Long);
        let shape = NameShape {
            form,
            initialize: options.initialize.unwrap_or(true),
            initialize_with: options.initialize_with.as_deref(),
            hyphen: self.processor.style.initialize_with_hyphen,
            demote: self.processor.style.demote,
            separator: options.sort_separator.as_deref().unwrap_or(", "),
            family: name.family.as_ref(),
            given: name.given.as_ref(),
            sorting: self.sorting,
        };
        let inverted = |index: usize| {
            self.sorting
                || match options.as_sort_order {
                    Some(SortOrderNames::All) => true,
                    Some(SortOrderNames::First) => index == 0,
                    None => false,
                }
        };
        let set = |render: &Self, index: usize| -> Vec<Node> {
            let Some(person) = people.list.get(index) else {
                return Vec::new();
            };
            let level = render.given_level(variable, index);
            let nodes = shape.set(person, inverted(index), level, render);
            let mut look = name.look.clone();
            look.prefix.clear();
            look.suffix.clear();
            render.dress(nodes, &look, false)
        };
        if self.area == Area::Citation && !self.sorting && self.cite.is_none() {
            for (index, person) in people.list.iter().take(first).enumerate() {
                self.shown_names
                    .push((variable.to_owned(), index, person.clone()));
            }
        }
        let delimiter = options.delimiter.as_deref().unwrap_or(", ");
        let precedes =
            |rule: Option<DelimiterPrecedes>, before: usize, contextual: usize| match rule
                .unwrap_or(DelimiterPrecedes::Contextual)
            {
                DelimiterPrecedes::Always => true,
                DelimiterPrecedes::Never => false,
                DelimiterPrecedes::Contextual => before >= contextual,
                DelimiterPrecedes::AfterInvertedName => {
                    before > 0
                        && inverted(before - 1)
                        && people
                            .list
                            .get(before - 1)
                            .is_some_and(|person| person.literal.is_empty())
                }
            };
        let mut nodes: Vec<Node> = Vec::new();
        for index in 0..first {
            let text = set(self, index);
            if index > 0 {
                let last = index + 1 == first && !cut && !people.truncated;
                match (&options.and, last) {
                    (Some(and), true) => {
                        let word = match and {
                            And::Symbol => "&".to_owned(),
                            And::Text => self
                                .processor
                                .locale
                                .term("and", TermForm::Long, false)
                                .unwrap_or("and")
                                .to_owned(),
                        };
                        if precedes(options.precedes_last, index, 2) {
                            nodes.push(Node::text(delimiter));
                        } else {
                            nodes.push(Node::text(" "));
                        }
                        nodes.push(Node::text(format!("{word} ")));
                    }
                    _ => nodes.push(Node::text(delimiter)),
                }
            }
            nodes.push(Node::Name(text));
        }
        if use_last {
            nodes.push(Node::text(delimiter));
            nodes.push(Node::text("… "));
            nodes.push(Node::Name(set(self, total - 1)));
        } else if (cut || people.truncated) && !self.sorting {
            let et_al_nodes = self.et_al(et_al);
            if !are_blank(&et_al_nodes) && first > 0 {
                if precedes(options.precedes_et_al, first, 2) {
                    nodes.push(Node::text(delimiter));
                } else {
                    nodes.push(Node::text(" "));
                }
                nodes.extend(et_al_nodes);
            }
        }
        self.affixed(nodes, &name.look)
    }

    fn et_al(&self, element: Option<&EtAl>) -> Vec<Node> {
        let term = element.map_or("et-al", |element| element.term.as_str());
        let Some(text) = self
            .processor
            .locale
            .term(term, TermForm::Long, false)
            .map(str::to_owned)
        else {
            return Vec::new();
        };
        let nodes = vec![Node::text(text)];
        match element {
            Some(element) => self.dress(nodes, &element.look, true),
            None => nodes,
        }
    }

    /// The level of given names that tells this name from others.
    fn given_level(&self, variable: &str, index: usize) -> GivenLevel {
        if self.area != Area::Citation {
            return GivenLevel::Style;
        }
        self.state
            .givens
            .get(&(variable.to_owned(), index))
            .copied()
            .unwrap_or_default()
    }
}

fn wrap(nodes: Vec<Node>) -> Node {
    Node::Group(nodes)
}
