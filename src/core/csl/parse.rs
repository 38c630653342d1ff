//! From XML elements to a [`Style`].
//!
//! Attributes that CSL does not know are passed over, so that styles of other dialects work as far as they can; a
//! rendering element that is unknown, a macro that is missing and macros that call each other in a circle are errors.

use std::collections::HashMap;

use super::CslError;
use super::locale::LocaleOverride;
use super::style::{
    And, Bibliography, Branch, Citation, Collapse, Date, DateForm, DatePart, DatePartForm,
    DatePartName, DelimiterPrecedes, Demote, Display, Element, EtAl, FontStyle, FontWeight,
    Formatting, GivennameRule, Group, Label, Layout, Look, Match, NameElement, NameForm,
    NameOptions, Names, Number, NumberForm, PageRangeFormat, Plural, Position, SecondFieldAlign,
    SortKey, SortOrderNames, SortSource, Style, StyleInfo, SubstituteRule, TermForm, Test, Text,
    TextCase, TextSource, VerticalAlign,
};
use super::xml::XmlElement;

type Parsed<T> = Result<T, CslError>;

impl Style {
    /// Parses the XML of an independent or a dependent style. A dependent one has a [`Style::parent`] and prints
    /// nothing until [`Style::with_parent`] has completed it.
    ///
    /// # Errors
    /// XML that is not well formed, not a style, or a style that cannot work, with line and column.
    pub fn parse(xml: &str) -> Result<Style, CslError> {
        let options = roxmltree::ParsingOptions {
            allow_dtd: false,
            nodes_limit: 1_000_000,
            ..roxmltree::ParsingOptions::default()
        };
        let xml = xml.trim_start_matches('\u{feff}').trim_start();
        let document = roxmltree::Document::parse_with_options(xml, options)
            .map_err(|error| CslError::from_xml(&error))?;
        Style::from_element(&XmlElement::from_document(&document)?)
    }

    /// Reads a style from its root element.
    pub(crate) fn from_element(root: &XmlElement<'_>) -> Parsed<Style> {
        if root.name != "style" {
            return Err(root.error(format!(
                "this is <{}>, not a CSL style (<style>)",
                root.name
            )));
        }
        let info = info_of(root);
        let names = root
            .children
            .iter()
            .filter(|child| child.name == "macro")
            .enumerate()
            .map(|(index, child)| {
                let name = child
                    .attribute("name")
                    .ok_or_else(|| child.error("<macro> has no name"))?;
                Ok((name, index))
            })
            .collect::<Parsed<HashMap<_, _>>>()?;
        let parser = Parser { macros: &names };
        let mut macros = Vec::new();
        let mut macro_elements = Vec::new();
        for child in root.children.iter().filter(|child| child.name == "macro") {
            macros.push(parser.elements(&child.children)?);
            macro_elements.push(child);
        }
        check_loops(&macros, &macro_elements)?;
        let citation = match root.child("citation") {
            Some(element) => parser.citation(element)?,
            None if info.parent.is_some() => Citation::empty(),
            None => return Err(root.error("the style has neither <citation> nor a parent style")),
        };
        let bibliography = root
            .child("bibliography")
            .map(|element| parser.bibliography(element))
            .transpose()?;
        Ok(Style {
            info,
            note: root.attribute("class") == Some("note"),
            default_locale: root.attribute("default-locale").map(str::to_owned),
            options: name_options(root, true),
            initialize_with_hyphen: root.attribute("initialize-with-hyphen") != Some("false"),
            demote: match root.attribute("demote-non-dropping-particle") {
                Some("never") => Demote::Never,
                Some("sort-only") => Demote::SortOnly,
                _ => Demote::DisplayAndSort,
            },
            page_range_format: match root.attribute("page-range-format") {
                Some("chicago" | "chicago-15") => Some(PageRangeFormat::Chicago15),
                Some("chicago-16") => Some(PageRangeFormat::Chicago16),
                Some("expanded") => Some(PageRangeFormat::Expanded),
                Some("minimal") => Some(PageRangeFormat::Minimal),
                Some("minimal-two") => Some(PageRangeFormat::MinimalTwo),
                _ => None,
            },
            locales: root
                .children
                .iter()
                .filter(|child| child.name == "locale")
                .map(LocaleOverride::from_element)
                .collect::<Parsed<Vec<_>>>()?,
            macros,
            citation,
            bibliography,
        })
    }

    /// What the style says about itself.
    pub fn info(&self) -> &StyleInfo {
        &self.info
    }

    /// The id of the style that a dependent style stands for.
    pub fn parent(&self) -> Option<&str> {
        self.info.parent.as_deref()
    }

    /// The locale that the style asks for, such as `fr-FR`.
    pub fn default_locale(&self) -> Option<&str> {
        self.default_locale.as_deref()
    }

    /// The style's cites are footnotes rather than text.
    pub fn is_note(&self) -> bool {
        self.note
    }

    /// The style has a bibliography.
    pub fn has_bibliography(&self) -> bool {
        self.bibliography.is_some()
    }

    /// Completes a dependent style with the rules of its parent.
    #[must_use]
    pub fn with_parent(self, parent: Style) -> Style {
        Style {
            default_locale: self.default_locale.or(parent.default_locale),
            info: self.info,
            ..parent
        }
    }
}

impl Citation {
    fn empty() -> Citation {
        Citation {
            layout: Layout {
                children: Vec::new(),
                delimiter: String::new(),
                look: Look::default(),
            },
            sort: Vec::new(),
            options: NameOptions::default(),
            add_names: false,
            add_givenname: false,
            givenname_rule: GivennameRule::default(),
            add_year_suffix: false,
            collapse: None,
            cite_group_delimiter: None,
            year_suffix_delimiter: None,
            after_collapse_delimiter: None,
            near_note_distance: 5,
        }
    }
}

fn info_of(root: &XmlElement<'_>) -> StyleInfo {
    let Some(info) = root.child("info") else {
        return StyleInfo::default();
    };
    let text = |name: &str| {
        info.child(name)
            .map(|child| child.text.trim().to_owned())
            .unwrap_or_default()
    };
    StyleInfo {
        id: text("id"),
        title: text("title"),
        title_short: text("title-short"),
        updated: text("updated"),
        license: info
            .child("rights")
            .map(|rights| {
                rights
                    .attribute("license")
                    .unwrap_or(rights.text.trim())
                    .to_owned()
            })
            .unwrap_or_default(),
        authors: info
            .children
            .iter()
            .filter(|child| child.name == "author")
            .filter_map(|author| author.child("name"))
            .map(|name| name.text.trim().to_owned())
            .collect(),
        parent: info
            .children
            .iter()
            .find(|child| {
                child.name == "link" && child.attribute("rel") == Some("independent-parent")
            })
            .and_then(|link| link.attribute("href"))
            .map(str::to_owned),
    }
}

/// Finds macros that call themselves, directly or through others.
fn check_loops(macros: &[Vec<Element>], elements: &[&XmlElement<'_>]) -> Parsed<()> {
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
pub(crate) fn called_macros(elements: &[Element], into: &mut Vec<usize>) {
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

struct Parser<'a> {
    macros: &'a HashMap<&'a str, usize>,
}

impl Parser<'_> {
    fn elements(&self, children: &[XmlElement<'_>]) -> Parsed<Vec<Element>> {
        children.iter().map(|child| self.element(child)).collect()
    }

    fn element(&self, xml: &XmlElement<'_>) -> Parsed<Element> {
        Ok(match xml.name {
            "text" => Element::Text(self.text(xml)?),
            "number" => Element::Number(Number {
                variable: variable_of(xml)?,
                form: match xml.attribute("form") {
                    Some("ordinal") => NumberForm::Ordinal,
                    Some("long-ordinal") => NumberForm::LongOrdinal,
                    Some("roman") => NumberForm::Roman,
                    _ => NumberForm::Numeric,
                },
                look: look_of(xml),
            }),
            "label" => Element::Label(label_of(xml, variable_of(xml)?)),
            "date" => Element::Date(date_of(xml, variable_of(xml)?)),
            "names" => Element::Names(Box::new(self.names(xml)?)),
            "choose" => Element::Choose(
                xml.children
                    .iter()
                    .map(|branch| self.branch(branch))
                    .collect::<Parsed<Vec<_>>>()?,
            ),
            "group" => Element::Group(Group {
                children: self.elements(&xml.children)?,
                delimiter: xml.attribute("delimiter").unwrap_or_default().to_owned(),
                look: look_of(xml),
            }),
            other => return Err(xml.error(format!("<{other}> is not a rendering element of CSL"))),
        })
    }

    fn macro_index(&self, xml: &XmlElement<'_>, name: &str) -> Parsed<usize> {
        self.macros
            .get(name)
            .copied()
            .ok_or_else(|| xml.error(format!("there is no macro “{name}”")))
    }

    fn text(&self, xml: &XmlElement<'_>) -> Parsed<Text> {
        let source = if let Some(name) = xml.attribute("macro") {
            TextSource::Macro(self.macro_index(xml, name)?)
        } else if let Some(name) = xml.attribute("variable") {
            TextSource::Variable {
                name: name.trim().to_owned(),
                short: xml.attribute("form") == Some("short"),
            }
        } else if let Some(name) = xml.attribute("term") {
            TextSource::Term {
                name: name.to_owned(),
                form: term_form(xml.attribute("form")),
                plural: xml.attribute("plural") == Some("true"),
            }
        } else if let Some(value) = xml.attribute("value") {
            TextSource::Value(value.to_owned())
        } else {
            return Err(xml.error("<text> needs a variable, macro, term or value"));
        };
        Ok(Text {
            source,
            look: look_of(xml),
        })
    }

    fn names(&self, xml: &XmlElement<'_>) -> Parsed<Names> {
        let mut names = Names {
            variables: words(xml.attribute("variable")).collect(),
            name: None,
            et_al: None,
            label: None,
            label_first: false,
            substitute: Vec::new(),
            delimiter: xml.attribute("delimiter").map(str::to_owned),
            look: look_of(xml),
        };
        for child in &xml.children {
            match child.name {
                "name" => {
                    let part = |name: &str| {
                        child
                            .children
                            .iter()
                            .find(|part| {
                                part.name == "name-part" && part.attribute("name") == Some(name)
                            })
                            .map(look_of)
                    };
                    names.name = Some(NameElement {
                        options: name_options(child, false),
                        look: look_of(child),
                        family: part("family"),
                        given: part("given"),
                    });
                }
                "et-al" => {
                    names.et_al = Some(EtAl {
                        term: child.attribute("term").unwrap_or("et-al").to_owned(),
                        look: look_of(child),
                    });
                }
                "label" => {
                    names.label_first = xml
                        .children
                        .iter()
                        .find(|other| matches!(other.name, "name" | "label"))
                        .is_some_and(|first| first.name == "label")
                        && xml.child("name").is_some();
                    names.label = Some(label_of(child, String::new()));
                }
                "substitute" => names.substitute = self.elements(&child.children)?,
                // CSL-M has further elements here.
                _ => {}
            }
        }
        Ok(names)
    }

    fn branch(&self, xml: &XmlElement<'_>) -> Parsed<Branch> {
        let condition = match xml.name {
            "else" => None,
            "if" | "else-if" => Some(condition_of(xml)),
            other => {
                return Err(xml.error(format!(
                    "<choose> holds if, else-if and else, not <{other}>"
                )));
            }
        };
        Ok(Branch {
            condition,
            children: self.elements(&xml.children)?,
        })
    }

    fn layout(&self, parent: &XmlElement<'_>) -> Parsed<Layout> {
        let xml = parent
            .child("layout")
            .ok_or_else(|| parent.error(format!("<{}> has no <layout>", parent.name)))?;
        Ok(Layout {
            children: self.elements(&xml.children)?,
            delimiter: xml.attribute("delimiter").unwrap_or_default().to_owned(),
            look: look_of(xml),
        })
    }

    fn sort(&self, parent: &XmlElement<'_>) -> Parsed<Vec<SortKey>> {
        let Some(sort) = parent.child("sort") else {
            return Ok(Vec::new());
        };
        sort.children
            .iter()
            .filter(|child| child.name == "key")
            .map(|key| {
                let source = if let Some(name) = key.attribute("macro") {
                    SortSource::Macro(self.macro_index(key, name)?)
                } else {
                    SortSource::Variable(variable_of(key)?)
                };
                Ok(SortKey {
                    source,
                    descending: key.attribute("sort") == Some("descending"),
                    names_min: number(key.attribute("names-min")),
                    names_use_first: number(key.attribute("names-use-first")),
                    names_use_last: flag(key.attribute("names-use-last")),
                })
            })
            .collect()
    }

    fn citation(&self, xml: &XmlElement<'_>) -> Parsed<Citation> {
        let collapse = match xml.attribute("collapse") {
            Some("citation-number") => Some(Collapse::CitationNumber),
            Some("year") => Some(Collapse::Year),
            Some("year-suffix") => Some(Collapse::YearSuffix),
            Some("year-suffix-ranged") => Some(Collapse::YearSuffixRanged),
            _ => None,
        };
        let owned = |name: &str| xml.attribute(name).map(str::to_owned);
        Ok(Citation {
            layout: self.layout(xml)?,
            sort: self.sort(xml)?,
            options: name_options(xml, true),
            add_names: xml.attribute("disambiguate-add-names") == Some("true"),
            add_givenname: xml.attribute("disambiguate-add-givenname") == Some("true"),
            givenname_rule: match xml.attribute("givenname-disambiguation-rule") {
                Some("all-names") => GivennameRule::AllNames,
                Some("all-names-with-initials") => GivennameRule::AllNamesWithInitials,
                Some("primary-name") => GivennameRule::PrimaryName,
                Some("primary-name-with-initials") => GivennameRule::PrimaryNameWithInitials,
                _ => GivennameRule::ByCite,
            },
            add_year_suffix: xml.attribute("disambiguate-add-year-suffix") == Some("true"),
            collapse,
            cite_group_delimiter: owned("cite-group-delimiter"),
            year_suffix_delimiter: owned("year-suffix-delimiter"),
            after_collapse_delimiter: owned("after-collapse-delimiter"),
            near_note_distance: number(xml.attribute("near-note-distance"))
                .and_then(|distance| u32::try_from(distance).ok())
                .unwrap_or(5),
        })
    }

    fn bibliography(&self, xml: &XmlElement<'_>) -> Parsed<Bibliography> {
        let small = |name: &str, default| {
            number(xml.attribute(name))
                .and_then(|value| u32::try_from(value).ok())
                .unwrap_or(default)
        };
        Ok(Bibliography {
            layout: self.layout(xml)?,
            sort: self.sort(xml)?,
            options: name_options(xml, true),
            hanging_indent: xml.attribute("hanging-indent") == Some("true"),
            second_field_align: match xml.attribute("second-field-align") {
                Some("flush") => Some(SecondFieldAlign::Flush),
                Some("margin") => Some(SecondFieldAlign::Margin),
                _ => None,
            },
            line_spacing: small("line-spacing", 1),
            entry_spacing: small("entry-spacing", 1),
            subsequent_author_substitute: xml
                .attribute("subsequent-author-substitute")
                .map(str::to_owned),
            substitute_rule: match xml.attribute("subsequent-author-substitute-rule") {
                Some("complete-each") => SubstituteRule::CompleteEach,
                Some("partial-each") => SubstituteRule::PartialEach,
                Some("partial-first") => SubstituteRule::PartialFirst,
                _ => SubstituteRule::CompleteAll,
            },
        })
    }
}

fn variable_of(xml: &XmlElement<'_>) -> Parsed<String> {
    xml.attribute("variable")
        .map(|name| name.trim().to_owned())
        .ok_or_else(|| xml.error(format!("<{}> needs a variable", xml.name)))
}

fn words(text: Option<&str>) -> impl Iterator<Item = String> {
    text.unwrap_or_default()
        .split_ascii_whitespace()
        .map(str::to_owned)
}

fn number(text: Option<&str>) -> Option<usize> {
    text?.trim().parse().ok()
}

fn flag(text: Option<&str>) -> Option<bool> {
    match text?.trim() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn condition_of(xml: &XmlElement<'_>) -> (Match, Vec<Test>) {
    let matching = match xml.attribute("match") {
        Some("any") => Match::Any,
        Some("none") => Match::None,
        _ => Match::All,
    };
    let mut tests = Vec::new();
    for (key, value) in &xml.attributes {
        let values = words(Some(value));
        match *key {
            "type" => tests.extend(values.map(Test::Type)),
            "variable" => tests.extend(values.map(Test::Variable)),
            "is-numeric" => tests.extend(values.map(Test::IsNumeric)),
            "is-uncertain-date" => tests.extend(values.map(Test::IsUncertainDate)),
            "locator" => tests.extend(values.map(Test::Locator)),
            "disambiguate" => tests.push(Test::Disambiguate(*value == "true")),
            "position" => tests.extend(values.filter_map(|position| {
                Some(Test::Position(match position.as_str() {
                    "first" => Position::First,
                    "subsequent" => Position::Subsequent,
                    "ibid" => Position::Ibid,
                    "ibid-with-locator" => Position::IbidWithLocator,
                    "near-note" => Position::NearNote,
                    _ => return None,
                }))
            })),
            _ => {}
        }
    }
    (matching, tests)
}

pub(crate) fn term_form(form: Option<&str>) -> TermForm {
    match form {
        Some("short") => TermForm::Short,
        Some("verb") => TermForm::Verb,
        Some("verb-short") => TermForm::VerbShort,
        Some("symbol") => TermForm::Symbol,
        _ => TermForm::Long,
    }
}

fn label_of(xml: &XmlElement<'_>, variable: String) -> Label {
    Label {
        variable,
        form: term_form(xml.attribute("form")),
        plural: match xml.attribute("plural") {
            Some("always") => Plural::Always,
            Some("never") => Plural::Never,
            _ => Plural::Contextual,
        },
        look: look_of(xml),
    }
}

/// Reads `date` as it stands in a style and in a locale.
pub(crate) fn date_of(xml: &XmlElement<'_>, variable: String) -> Date {
    Date {
        variable,
        form: match xml.attribute("form") {
            Some("text") => Some(DateForm::Text),
            Some("numeric") => Some(DateForm::Numeric),
            _ => None,
        },
        depth: match xml.attribute("date-parts") {
            Some("year") => 1,
            Some("year-month") => 2,
            _ => 3,
        },
        parts: xml
            .children
            .iter()
            .filter(|child| child.name == "date-part")
            .filter_map(|part| {
                Some(DatePart {
                    name: match part.attribute("name")? {
                        "year" => DatePartName::Year,
                        "month" => DatePartName::Month,
                        "day" => DatePartName::Day,
                        _ => return None,
                    },
                    form: match part.attribute("form") {
                        Some("numeric") => Some(DatePartForm::Numeric),
                        Some("numeric-leading-zeros") => Some(DatePartForm::NumericLeadingZeros),
                        Some("ordinal") => Some(DatePartForm::Ordinal),
                        Some("long") => Some(DatePartForm::Long),
                        Some("short") => Some(DatePartForm::Short),
                        _ => None,
                    },
                    range_delimiter: part.attribute("range-delimiter").map(str::to_owned),
                    look: look_of(part),
                })
            })
            .collect(),
        delimiter: xml.attribute("delimiter").unwrap_or_default().to_owned(),
        look: look_of(xml),
    }
}

fn look_of(xml: &XmlElement<'_>) -> Look {
    Look {
        formatting: Formatting {
            font_style: match xml.attribute("font-style") {
                Some("italic") => Some(FontStyle::Italic),
                Some("oblique") => Some(FontStyle::Oblique),
                Some("normal") => Some(FontStyle::Normal),
                _ => None,
            },
            small_caps: match xml.attribute("font-variant") {
                Some("small-caps") => Some(true),
                Some("normal") => Some(false),
                _ => None,
            },
            font_weight: match xml.attribute("font-weight") {
                Some("bold") => Some(FontWeight::Bold),
                Some("light") => Some(FontWeight::Light),
                Some("normal") => Some(FontWeight::Normal),
                _ => None,
            },
            underline: match xml.attribute("text-decoration") {
                Some("underline") => Some(true),
                Some("none") => Some(false),
                _ => None,
            },
            vertical_align: match xml.attribute("vertical-align") {
                Some("sup") => Some(VerticalAlign::Superscript),
                Some("sub") => Some(VerticalAlign::Subscript),
                Some("baseline") => Some(VerticalAlign::Baseline),
                _ => None,
            },
        },
        prefix: xml.attribute("prefix").unwrap_or_default().to_owned(),
        suffix: xml.attribute("suffix").unwrap_or_default().to_owned(),
        text_case: match xml.attribute("text-case") {
            Some("lowercase") => Some(TextCase::Lowercase),
            Some("uppercase") => Some(TextCase::Uppercase),
            Some("capitalize-first") => Some(TextCase::CapitalizeFirst),
            Some("capitalize-all") => Some(TextCase::CapitalizeAll),
            Some("sentence") => Some(TextCase::Sentence),
            Some("title") => Some(TextCase::Title),
            _ => None,
        },
        quotes: xml.attribute("quotes") == Some("true"),
        strip_periods: xml.attribute("strip-periods") == Some("true"),
        display: match xml.attribute("display") {
            Some("block") => Some(Display::Block),
            Some("left-margin") => Some(Display::LeftMargin),
            Some("right-inline") => Some(Display::RightInline),
            Some("indent") => Some(Display::Indent),
            _ => None,
        },
    }
}

/// The options for names; on `style`, `citation` and `bibliography` three of them have longer names.
fn name_options(xml: &XmlElement<'_>, inheritable: bool) -> NameOptions {
    let precedes = |name: &str| match xml.attribute(name) {
        Some("always") => Some(DelimiterPrecedes::Always),
        Some("never") => Some(DelimiterPrecedes::Never),
        Some("after-inverted-name") => Some(DelimiterPrecedes::AfterInvertedName),
        Some("contextual") => Some(DelimiterPrecedes::Contextual),
        _ => None,
    };
    let owned = |name: &str| xml.attribute(name).map(str::to_owned);
    let (form, delimiter, names_delimiter) = if inheritable {
        (
            xml.attribute("name-form"),
            owned("name-delimiter"),
            owned("names-delimiter"),
        )
    } else {
        (xml.attribute("form"), owned("delimiter"), None)
    };
    NameOptions {
        and: match xml.attribute("and") {
            Some("text") => Some(And::Text),
            Some("symbol") => Some(And::Symbol),
            _ => None,
        },
        delimiter,
        names_delimiter,
        precedes_et_al: precedes("delimiter-precedes-et-al"),
        precedes_last: precedes("delimiter-precedes-last"),
        et_al_min: number(xml.attribute("et-al-min")),
        et_al_use_first: number(xml.attribute("et-al-use-first")),
        et_al_subsequent_min: number(xml.attribute("et-al-subsequent-min")),
        et_al_subsequent_use_first: number(xml.attribute("et-al-subsequent-use-first")),
        et_al_use_last: flag(xml.attribute("et-al-use-last")),
        form: match form {
            Some("short") => Some(NameForm::Short),
            Some("count") => Some(NameForm::Count),
            Some("long") => Some(NameForm::Long),
            _ => None,
        },
        initialize: flag(xml.attribute("initialize")),
        initialize_with: owned("initialize-with"),
        as_sort_order: match xml.attribute("name-as-sort-order") {
            Some("first") => Some(SortOrderNames::First),
            Some("all") => Some(SortOrderNames::All),
            _ => None,
        },
        sort_separator: owned("sort-separator"),
    }
}

/// The elements ask whether cites are ambiguous.
pub(crate) fn asks_disambiguate(elements: &[Element]) -> bool {
    elements.iter().any(|element| match element {
        Element::Choose(branches) => branches.iter().any(|branch| {
            branch.condition.as_ref().is_some_and(|(_, tests)| {
                tests
                    .iter()
                    .any(|test| matches!(test, Test::Disambiguate(_)))
            }) || asks_disambiguate(&branch.children)
        }),
        Element::Group(group) => asks_disambiguate(&group.children),
        Element::Names(names) => asks_disambiguate(&names.substitute),
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
