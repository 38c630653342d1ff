//! Rendering elements: from an item and the elements of a layout to nodes.

use std::borrow::Cow;
use std::collections::HashMap;

use super::case;
use super::document::Cite;
use super::locale::Gender;
use super::markup;
use super::name::{GivenLevel, Person};
use super::numbers;
use super::processor::Processor;
use super::rich::{Mark, Node, are_blank, flat_text, marks_of};
use super::style::{
    Branch, Element, Label, Look, Match, NameOptions, Number, NumberForm, Plural, Position, Test,
    Text, TextSource,
};
use crate::core::date::Date;
use crate::core::item::{Item, bare_doi};

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
    /// Whether `disambiguate` was asked for.
    pub(crate) asks_disambiguate: bool,
    suppressed: Vec<String>,
    /// Variables printed inside a `substitute`.
    substituted: Vec<String>,
    in_substitute: usize,
    year_suffix_used: bool,
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
            asks_disambiguate: false,
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

    fn spend(&mut self, cost: usize) -> bool {
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
                Out {
                    nodes: self.dress(vec![Node::text(text)], look, true),
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

    fn text_variable(&mut self, name: &str, short: bool, look: &Look) -> Out {
        if name == "year-suffix" {
            let suffix = self.state.year_suffix.clone().unwrap_or_default();
            self.year_suffix_used = true;
            let nodes = vec![Node::YearSuffix(suffix)];
            return Out {
                printed: !are_blank(&nodes),
                nodes: self.dress(nodes, look, false),
                called: false,
            };
        }
        self.called(name);
        if self.is_suppressed(name) {
            return Out::empty_call();
        }
        let Some(nodes) = self.variable_nodes(name, short) else {
            return Out::empty_call();
        };
        if !self.spend(nodes_size(&nodes) / 16) {
            return Out::empty_call();
        }
        self.printed_variable(name);
        self.printed(nodes, look)
    }

    fn variable_nodes(&self, name: &str, short: bool) -> Option<Vec<Node>> {
        let plain = |text: Cow<'_, str>| Some(vec![Node::text(text.into_owned())]);
        match name {
            "citation-number" => {
                if self.state.number == 0 {
                    return None;
                }
                let number = self.state.number.to_string();
                return Some(vec![Node::CitationNumber(number)]);
            }
            "citation-label" => {
                let label = self.citation_label();
                let suffix = self.state.year_suffix.clone().unwrap_or_default();
                return Some(vec![Node::text(label), Node::YearSuffix(suffix)]);
            }
            "first-reference-note-number" => {
                return self
                    .state
                    .first_note
                    .filter(|_| self.position != Position::First)
                    .map(|note| vec![Node::text(note.to_string())]);
            }
            _ => {}
        }
        if short {
            let short_name = format!("{name}-short");
            if let Some(text) = self.value(&short_name) {
                return Some(self.field(&text));
            }
        }
        let text = self.value(name)?;
        match name {
            "URL" | "PMID" | "PMCID" | "ISBN" | "ISSN" => plain(text),
            "DOI" => match bare_doi(&text) {
                Some(doi) => plain(Cow::Borrowed(doi)),
                None => plain(text),
            },
            "page" | "page-first" => plain(Cow::Owned(self.pages(&text))),
            "locator" => {
                let label = self.locator_label();
                if label == "page" {
                    plain(Cow::Owned(self.pages(&text)))
                } else {
                    Some(self.field(&numbers::ranged(&text, "–")))
                }
            }
            _ if numbers::is_number_variable(name) => Some(self.field(&numbers::format(
                &text,
                NumberForm::Numeric,
                &self.processor.locale,
                Gender::Neuter,
            ))),
            _ => Some(self.field(&text)),
        }
    }

    fn pages(&self, text: &str) -> String {
        let delimiter = self
            .processor
            .locale
            .term("page-range-delimiter", super::style::TermForm::Long, false)
            .filter(|term| !term.is_empty())
            .unwrap_or("–");
        numbers::pages(
            &markup::tidy(text),
            self.processor.style.page_range_format,
            delimiter,
        )
    }

    /// The text of a variable, where the item, or an older name for it, has one.
    pub(crate) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let item = self.item;
        let first_of = |names: &[&str]| names.iter().find_map(|name| item.text(name));
        match name {
            "locator" => {
                let locator = self.cite?.locator.as_deref()?.trim();
                (!locator.is_empty()).then_some(Cow::Borrowed(locator))
            }
            "title-short" => first_of(&["title-short", "shortTitle"]),
            "container-title-short" => first_of(&["container-title-short", "journalAbbreviation"]),
            "event-title" => first_of(&["event-title", "event"]),
            "archive_location" | "archive-location" => {
                first_of(&["archive_location", "archive-location"])
            }
            "page-first" => item.text("page-first").or_else(|| {
                let page = item.text("page")?;
                let first = page.split(['-', '–', ',', '&', ' ']).next()?;
                Some(Cow::Owned(first.to_owned()))
            }),
            "page" => item
                .text("page")
                .map(|page| strip_label(page, &["pp.", "pp", "p."])),
            "volume" => item
                .text("volume")
                .map(|text| strip_label(text, &["vol.", "vol", "volume"])),
            "issue" => item
                .text("issue")
                .map(|text| strip_label(text, &["no.", "issue", "iss."])),
            _ => item.text(name),
        }
    }

    /// A date of the item.
    pub(crate) fn date_value(&self, name: &str) -> Option<Date> {
        self.item.date(name)
    }

    fn locator_label(&self) -> &str {
        self.cite
            .and_then(|cite| cite.label.as_deref())
            .unwrap_or("page")
    }

    fn number(&mut self, element: &Number) -> Out {
        let name = element.variable.as_str();
        self.called(name);
        if self.is_suppressed(name) {
            return Out::empty_call();
        }
        if name == "citation-number" {
            let Some(nodes) = self.variable_nodes(name, false) else {
                return Out::empty_call();
            };
            return self.printed(nodes, &element.look);
        }
        let text = if name == "first-reference-note-number" {
            self.state
                .first_note
                .map(|note| Cow::Owned(note.to_string()))
        } else {
            self.value(name)
        };
        let Some(text) = text else {
            return Out::empty_call();
        };
        self.printed_variable(name);
        if matches!(name, "page" | "page-first") && element.form == NumberForm::Numeric {
            let nodes = vec![Node::text(self.pages(&text))];
            return self.printed(nodes, &element.look);
        }
        let gender = self.processor.locale.gender(label_term(name));
        let text = numbers::format(&text, element.form, &self.processor.locale, gender);
        let nodes = self.field(&text);
        self.printed(nodes, &element.look)
    }

    fn label(&mut self, element: &Label) -> Out {
        let name = element.variable.as_str();
        let text = match name {
            "citation-number" => Some(Cow::Owned(self.state.number.to_string())),
            _ => self.value(name),
        };
        let Some(text) = text.filter(|_| !self.is_suppressed(name)) else {
            return Out::default();
        };
        let plural = match element.plural {
            Plural::Always => true,
            Plural::Never => false,
            Plural::Contextual => match name {
                "number-of-pages" | "number-of-volumes" => text
                    .trim()
                    .parse::<u64>()
                    .map_or_else(|_| numbers::is_plural(&text), |n| n > 1),
                _ => numbers::is_plural(&text),
            },
        };
        let locale = &self.processor.locale;
        let term = if name == "locator" {
            locale.term(self.locator_label(), element.form, plural)
        } else {
            locale
                .term(name, element.form, plural)
                .or_else(|| locale.term(label_term(name), element.form, plural))
        };
        let text = term.unwrap_or_default().to_owned();
        Out {
            nodes: self.dress(vec![Node::text(text)], &element.look, true),
            ..Out::default()
        }
    }

    pub(crate) fn choose<'s>(&mut self, branches: &'s [Branch]) -> Option<&'s [Element]> {
        for branch in branches {
            let holds = match &branch.condition {
                None => true,
                Some((matching, tests)) => {
                    let mut results = tests.iter().map(|test| self.holds(test));
                    match matching {
                        Match::All => results.all(|held| held),
                        Match::Any => results.any(|held| held),
                        Match::None => !results.any(|held| held),
                    }
                }
            };
            if holds {
                return Some(&branch.children);
            }
        }
        None
    }

    fn holds(&mut self, test: &Test) -> bool {
        match test {
            Test::Type(kind) => self.item.kind() == kind,
            Test::Variable(name) => self.has(name),
            Test::IsNumeric(name) => match name.as_str() {
                "citation-number" => self.state.number > 0,
                "first-reference-note-number" => self.state.first_note.is_some(),
                _ => self
                    .value(name)
                    .is_some_and(|text| numbers::is_numeric(&text)),
            },
            Test::IsUncertainDate(name) => self.date_value(name).is_some_and(|date| date.circa),
            Test::Locator(label) => {
                self.value("locator").is_some()
                    && self.locator_label().replace('-', " ") == label.replace('-', " ")
            }
            Test::Position(position) => {
                self.area == Area::Citation
                    && match position {
                        Position::First => self.position == Position::First,
                        Position::Subsequent => self.position != Position::First,
                        Position::Ibid => {
                            matches!(self.position, Position::Ibid | Position::IbidWithLocator)
                        }
                        Position::IbidWithLocator => self.position == Position::IbidWithLocator,
                        Position::NearNote => self.near_note,
                    }
            }
            Test::Disambiguate(wanted) => {
                self.asks_disambiguate = true;
                self.state.disambiguate == *wanted
            }
        }
    }

    /// The item has a value for the variable.
    fn has(&self, name: &str) -> bool {
        match name {
            "citation-number" => self.state.number > 0,
            "year-suffix" => self.state.year_suffix.is_some(),
            "citation-label" => true,
            "first-reference-note-number" => {
                self.state.first_note.is_some() && self.position != Position::First
            }
            _ if is_name_variable(name) => !self.item.names(name).is_empty(),
            _ if is_date_variable(name) => self.date_value(name).is_some(),
            _ => self.value(name).is_some(),
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

    /// The label of the item: the given one, or three or four letters of the family names and two digits of the year.
    fn citation_label(&self) -> String {
        if let Some(label) = self.item.text("citation-label") {
            return label.into_owned();
        }
        let mut out = String::new();
        let people = ["author", "editor", "translator"]
            .iter()
            .map(|name| self.people(name).list)
            .find(|list| !list.is_empty())
            .unwrap_or_default();
        let each = match people.len() {
            0 | 1 => 4,
            2 | 3 => 2,
            _ => 1,
        };
        for person in people.iter().take(4) {
            let name = if person.literal.is_empty() {
                &person.family
            } else {
                &person.literal
            };
            out.extend(name.chars().filter(|c| c.is_alphabetic()).take(each));
        }
        if let Some(year) = self.date_value("issued").and_then(|date| date.year()) {
            out.push_str(&format!("{:02}", year.unsigned_abs() % 100));
        }
        out
    }
}

/// The term that labels a variable, where its name is another.
fn label_term(name: &str) -> &str {
    match name {
        "number-of-pages" | "page-first" => "page",
        "number-of-volumes" => "volume",
        "chapter-number" => "chapter",
        "part-number" => "part",
        "supplement-number" => "supplement",
        other => other,
    }
}

/// "pp. 12-14" is the pages 12-14, "vol. 3" the volume 3: the style sets the label.
fn strip_label<'t>(text: Cow<'t, str>, labels: &[&str]) -> Cow<'t, str> {
    for label in labels {
        let rest = text
            .get(..label.len())
            .filter(|start| start.eq_ignore_ascii_case(label))
            .and_then(|_| text.get(label.len()..))
            .map(str::trim_start)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(rest) = rest {
            return Cow::Owned(rest.to_owned());
        }
    }
    text
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

fn nodes_size(nodes: &[Node]) -> usize {
    let mut text = String::new();
    flat_text(nodes, &mut text);
    text.len()
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

/// Name variables of CSL 1.0.2 (appendix IV).
pub(crate) fn is_name_variable(name: &str) -> bool {
    matches!(
        name,
        "author"
            | "chair"
            | "collection-editor"
            | "compiler"
            | "composer"
            | "container-author"
            | "contributor"
            | "curator"
            | "director"
            | "editor"
            | "editor-translator"
            | "editorial-director"
            | "executive-producer"
            | "guest"
            | "host"
            | "illustrator"
            | "interviewer"
            | "narrator"
            | "organizer"
            | "original-author"
            | "performer"
            | "producer"
            | "recipient"
            | "reviewed-author"
            | "script-writer"
            | "series-creator"
            | "translator"
    )
}

/// Date variables of CSL 1.0.2 (appendix IV).
pub(crate) fn is_date_variable(name: &str) -> bool {
    matches!(
        name,
        "accessed" | "available-date" | "event-date" | "issued" | "original-date" | "submitted"
    )
}
