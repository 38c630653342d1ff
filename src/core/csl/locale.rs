//! Locales: terms, date formats and options of a language, and how a style overrides them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::CslError;
use super::attributes::{date_of, term_form};
use super::style::{Date, DateForm, TermForm};
use super::xml::XmlElement;

/// The gender of a noun, and of the form that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Gender {
    #[default]
    Neuter,
    Masculine,
    Feminine,
}

impl Gender {
    fn of(text: Option<&str>) -> Gender {
        match text {
            Some("masculine") => Gender::Masculine,
            Some("feminine") => Gender::Feminine,
            _ => Gender::Neuter,
        }
    }
}

/// How the numbers are compared for which an ordinal term is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrdinalMatch {
    LastDigit,
    LastTwoDigits,
    WholeNumber,
}

#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) form: TermForm,
    pub(crate) gender: Gender,
    pub(crate) gender_form: Gender,
    pub(crate) matching: Option<OrdinalMatch>,
    pub(crate) single: String,
    pub(crate) multiple: String,
}

/// Terms are written with spaces or with hyphens, depending on their age ("et al" and "et-al").
fn canonical(name: &str) -> Cow<'_, str> {
    match name {
        "editor-translator" => Cow::Borrowed("editortranslator"),
        name if name.contains(' ') => Cow::Owned(name.replace(' ', "-")),
        name => Cow::Borrowed(name),
    }
}

/// Terms, dates and options, where they are given.
#[derive(Debug, Clone, Default)]
pub(crate) struct LocaleData {
    pub(crate) terms: BTreeMap<String, Vec<Term>>,
    pub(crate) date_text: Option<Date>,
    pub(crate) date_numeric: Option<Date>,
    pub(crate) limit_day_ordinals: Option<bool>,
    pub(crate) punctuation_in_quote: Option<bool>,
}

/// A `locale` element inside a style.
#[derive(Debug, Clone)]
pub(crate) struct LocaleOverride {
    /// `None`: for every language.
    pub(crate) lang: Option<String>,
    pub(crate) data: LocaleData,
}

impl LocaleOverride {
    pub(crate) fn from_element(xml: &XmlElement<'_>) -> Result<LocaleOverride, CslError> {
        Ok(LocaleOverride {
            lang: xml.attribute("xml:lang").map(str::to_owned),
            data: LocaleData::from_element(xml)?,
        })
    }
}

impl LocaleData {
    fn from_element(xml: &XmlElement<'_>) -> Result<LocaleData, CslError> {
        let mut data = LocaleData::default();
        for child in &xml.children {
            match child.name {
                "style-options" => {
                    let flag = |name: &str| child.attribute(name).map(|value| value == "true");
                    data.limit_day_ordinals = flag("limit-day-ordinals-to-day-1");
                    data.punctuation_in_quote = flag("punctuation-in-quote");
                }
                "date" => {
                    let date = date_of(child, String::new());
                    match date.form {
                        Some(DateForm::Numeric) => data.date_numeric = Some(date),
                        _ => data.date_text = Some(date),
                    }
                }
                "terms" => {
                    for term in child.children.iter().filter(|term| term.name == "term") {
                        data.add_term(term)?;
                    }
                }
                _ => {}
            }
        }
        Ok(data)
    }

    fn add_term(&mut self, xml: &XmlElement<'_>) -> Result<(), CslError> {
        let name = xml
            .attribute("name")
            .ok_or_else(|| xml.error("<term> has no name"))?;
        let number = |name: &str| xml.child(name).map(|child| child.text.to_owned());
        let single = number("single").unwrap_or_else(|| {
            if xml.children.is_empty() {
                xml.text.to_owned()
            } else {
                String::new()
            }
        });
        let term = Term {
            form: term_form(xml.attribute("form")),
            gender: Gender::of(xml.attribute("gender")),
            gender_form: Gender::of(xml.attribute("gender-form")),
            matching: match xml.attribute("match") {
                Some("last-digit") => Some(OrdinalMatch::LastDigit),
                Some("last-two-digits") => Some(OrdinalMatch::LastTwoDigits),
                Some("whole-number") => Some(OrdinalMatch::WholeNumber),
                _ => None,
            },
            multiple: number("multiple").unwrap_or_else(|| single.clone()),
            single,
        };
        self.put(&canonical(name), term);
        Ok(())
    }

    fn put(&mut self, name: &str, term: Term) {
        if !self.terms.contains_key(name) {
            self.terms.insert(name.to_owned(), Vec::new());
        }
        if let Some(list) = self.terms.get_mut(name) {
            list.retain(|old| old.form != term.form || old.gender_form != term.gender_form);
            list.push(term);
        }
    }

    /// Takes over what `other` gives. New ordinals replace all there were, as the specification asks.
    fn overlay(&mut self, other: &LocaleData) {
        let ordinal = |name: &str| name == "ordinal" || name.starts_with("ordinal-");
        if other.terms.keys().any(|name| ordinal(name)) {
            self.terms.retain(|name, _| !ordinal(name));
        }
        for (name, terms) in &other.terms {
            for term in terms {
                self.put(name, term.clone());
            }
        }
        if other.date_text.is_some() {
            self.date_text.clone_from(&other.date_text);
        }
        if other.date_numeric.is_some() {
            self.date_numeric.clone_from(&other.date_numeric);
        }
        self.limit_day_ordinals = other.limit_day_ordinals.or(self.limit_day_ordinals);
        self.punctuation_in_quote = other.punctuation_in_quote.or(self.punctuation_in_quote);
    }
}

/// The terms, dates and options of one language; make one with [`Locale::parse`].
#[derive(Debug, Clone, Default)]
pub struct Locale {
    pub(crate) lang: String,
    pub(crate) data: LocaleData,
}

impl Locale {
    /// Parses the XML of a locale file.
    ///
    /// # Errors
    /// XML that is not well formed or not a locale, with line and column.
    pub fn parse(xml: &str) -> Result<Locale, CslError> {
        let xml = xml.trim_start_matches('\u{feff}').trim_start();
        let document =
            roxmltree::Document::parse(xml).map_err(|error| CslError::from_xml(&error))?;
        Locale::from_element(&XmlElement::from_document(&document)?)
    }

    pub(crate) fn from_element(root: &XmlElement<'_>) -> Result<Locale, CslError> {
        if root.name != "locale" {
            return Err(root.error(format!("this is <{}>, not a CSL locale", root.name)));
        }
        Ok(Locale {
            lang: root.attribute("xml:lang").unwrap_or("en-US").to_owned(),
            data: LocaleData::from_element(root)?,
        })
    }

    /// The language, such as `en-GB`.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// This locale, completed with what `fallback` has and this one lacks.
    #[must_use]
    pub fn with_fallback(mut self, fallback: &Locale) -> Locale {
        for (name, terms) in &fallback.data.terms {
            // Ordinals are one set: a language without "ordinal-02" means that, and is not to get an English one.
            if !name.starts_with("ordinal-") && !self.data.terms.contains_key(name) {
                self.data.terms.insert(name.clone(), terms.clone());
            }
        }
        let data = &mut self.data;
        if data.date_text.is_none() {
            data.date_text.clone_from(&fallback.data.date_text);
        }
        if data.date_numeric.is_none() {
            data.date_numeric.clone_from(&fallback.data.date_numeric);
        }
        self
    }

    /// The locale as a style changes it: overrides for every language first, then for the language, then for the
    /// dialect.
    pub(crate) fn overridden(&self, overrides: &[LocaleOverride]) -> Locale {
        let mut locale = self.clone();
        let base = self.base();
        for wanted in [None, Some(base), Some(self.lang.as_str())] {
            if wanted == Some(base) && base == self.lang {
                continue;
            }
            for one in overrides.iter().filter(|one| one.lang.as_deref() == wanted) {
                locale.data.overlay(&one.data);
            }
        }
        locale
    }

    fn base(&self) -> &str {
        self.lang.split(['-', '_']).next().unwrap_or_default()
    }

    /// A term in a form, falling back as the specification says: verb-short to verb, symbol to short, and both to long.
    pub(crate) fn term(&self, name: &str, form: TermForm, plural: bool) -> Option<&str> {
        let term = self.find(name, form)?;
        Some(if plural { &term.multiple } else { &term.single })
    }

    fn find(&self, name: &str, form: TermForm) -> Option<&Term> {
        let list = self.data.terms.get(canonical(name).as_ref())?;
        let mut form = form;
        loop {
            if let Some(term) = list
                .iter()
                .find(|term| term.form == form && term.gender_form == Gender::Neuter)
                .or_else(|| list.iter().find(|term| term.form == form))
            {
                return Some(term);
            }
            form = match form {
                TermForm::VerbShort => TermForm::Verb,
                TermForm::Symbol => TermForm::Short,
                TermForm::Verb | TermForm::Short => TermForm::Long,
                TermForm::Long => return None,
            };
        }
    }

    /// The gender of the noun that a term is.
    pub(crate) fn gender(&self, name: &str) -> Gender {
        self.data
            .terms
            .get(canonical(name).as_ref())
            .and_then(|list| {
                list.iter()
                    .map(|term| term.gender)
                    .find(|gender| *gender != Gender::Neuter)
            })
            .unwrap_or_default()
    }

    fn gendered(&self, name: &str, gender: Gender) -> Option<&Term> {
        let list = self.data.terms.get(name)?;
        list.iter()
            .find(|term| term.gender_form == gender)
            .or_else(|| list.iter().find(|term| term.gender_form == Gender::Neuter))
            .or_else(|| list.first())
    }

    /// The suffix that makes `number` an ordinal.
    pub(crate) fn ordinal_suffix(&self, number: u64, gender: Gender) -> &str {
        let two = number % 100;
        let one = number % 10;
        // Exact matches of two digits beat those of the last digit.
        let fits = |key: u64, matching: Option<OrdinalMatch>| {
            let matching = matching.unwrap_or(if key < 10 {
                OrdinalMatch::LastDigit
            } else {
                OrdinalMatch::LastTwoDigits
            });
            match matching {
                OrdinalMatch::LastDigit => key == one,
                OrdinalMatch::LastTwoDigits => key == two,
                OrdinalMatch::WholeNumber => key == number,
            }
        };
        let mut keys = vec![number, two, one];
        keys.dedup();
        for key in keys.into_iter().filter(|key| *key < 100) {
            let name = format!("ordinal-{key:02}");
            if let Some(term) = self.gendered(&name, gender)
                && fits(key, term.matching)
            {
                return &term.single;
            }
        }
        self.gendered("ordinal", gender)
            .map_or("", |term| &term.single)
    }

    /// "first" … "tenth", where the locale spells the number out.
    pub(crate) fn long_ordinal(&self, number: u64, gender: Gender) -> Option<&str> {
        if !(1..=10).contains(&number) {
            return None;
        }
        self.gendered(&format!("long-ordinal-{number:02}"), gender)
            .map(|term| term.single.as_str())
    }
}
