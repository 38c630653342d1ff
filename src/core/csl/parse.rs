//! From XML elements to a [`Style`].
//!
//! Attributes that CSL does not know are passed over, so that styles of other dialects work as far as they can; a
//! rendering element that is unknown, a macro that is missing and macros that call each other in a circle are errors.

use std::collections::HashMap;

use super::CslError;
use super::attributes::{
    condition_of, date_of, flag, label_of, look_of, name_options, number, term_form, variable_of,
    words,
};
use super::locale::LocaleOverride;
use super::macros::check_loops;
use super::style::{
    Bibliography, Branch, Citation, Collapse, Demote, Element, EtAl, GivennameRule, Group, Layout,
    Look, NameElement, NameOptions, Names, Number, NumberForm, PageRangeFormat, SecondFieldAlign,
    SortKey, SortSource, Style, StyleInfo, SubstituteRule, Text, TextSource,
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
