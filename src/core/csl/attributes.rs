//! The attributes of CSL elements, read into their types.

use super::CslError;
use super::style::{
    And, Date, DateForm, DatePart, DatePartForm, DatePartName, DelimiterPrecedes, Display,
    FontStyle, FontWeight, Formatting, Label, Look, Match, NameForm, NameOptions, Plural, Position,
    SortOrderNames, TermForm, Test, TextCase, VerticalAlign,
};
use super::xml::XmlElement;

type Parsed<T> = Result<T, CslError>;

pub(crate) fn variable_of(xml: &XmlElement<'_>) -> Parsed<String> {
    xml.attribute("variable")
        .map(|name| name.trim().to_owned())
        .ok_or_else(|| xml.error(format!("<{}> needs a variable", xml.name)))
}

pub(crate) fn words(text: Option<&str>) -> impl Iterator<Item = String> {
    text.unwrap_or_default()
        .split_ascii_whitespace()
        .map(str::to_owned)
}

pub(crate) fn number(text: Option<&str>) -> Option<usize> {
    text?.trim().parse().ok()
}

pub(crate) fn flag(text: Option<&str>) -> Option<bool> {
    match text?.trim() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

pub(crate) fn condition_of(xml: &XmlElement<'_>) -> (Match, Vec<Test>) {
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

pub(crate) fn label_of(xml: &XmlElement<'_>, variable: String) -> Label {
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

pub(crate) fn look_of(xml: &XmlElement<'_>) -> Look {
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
pub(crate) fn name_options(xml: &XmlElement<'_>, inheritable: bool) -> NameOptions {
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
