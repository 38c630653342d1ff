//! Variables: where their values come from, and `text`, `number` and `label` elements that print them.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::locale::Gender;
use super::markup;
use super::numbers;
use super::render::{Out, Render};
use super::rich::{Node, are_blank, flat_text};
use super::style::{Label, Look, Number, NumberForm, Plural, Position, TermForm};
use crate::core::date::Date;
use crate::core::item::bare_doi;

impl<'a> Render<'a> {
    pub(crate) fn text_variable(&mut self, name: &str, short: bool, look: &Look) -> Out {
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
            .term("page-range-delimiter", TermForm::Long, false)
            .filter(|term| !term.is_empty())
            .unwrap_or("–");
        numbers::pages(
            &markup::tidy(text),
            self.processor.style.page_range_format,
            delimiter,
            self.processor
                .locale
                .term("and", TermForm::Symbol, false)
                .unwrap_or("&"),
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

    pub(crate) fn locator_label(&self) -> &str {
        self.cite
            .and_then(|cite| cite.label.as_deref())
            .unwrap_or("page")
    }

    pub(crate) fn number(&mut self, element: &Number) -> Out {
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

    pub(crate) fn label(&mut self, element: &Label) -> Out {
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

    /// The label of the item: the given one, or three or four letters of the family names and two digits of the year.
    pub(crate) fn citation_label(&self) -> String {
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
            let _ = write!(out, "{:02}", year.unsigned_abs() % 100);
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

fn nodes_size(nodes: &[Node]) -> usize {
    let mut text = String::new();
    flat_text(nodes, &mut text);
    text.len()
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
