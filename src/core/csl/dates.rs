//! `date`: parts, localized forms and ranges.

use super::locale::Gender;
use super::render::{Out, Render};
use super::rich::Node;
use super::style::{Date, DateForm, DatePart, DatePartForm, DatePartName, Look};
use crate::core::date::{Date as Value, DateParts};

impl Render<'_> {
    /// Renders a date element.
    pub(crate) fn date(&mut self, element: &Date) -> Out {
        let value = self.date_value(&element.variable);
        let Some(value) = value else {
            return Out::empty_call();
        };
        if let Some(literal) = &value.literal
            && value.start.is_none()
        {
            let mut nodes = self.field(literal);
            if !self.sorting {
                nodes.push(self.implicit_year_suffix());
                nodes = vec![Node::Year(nodes)];
            }
            return self.printed(nodes, &element.look);
        }
        let Some(start) = value.start else {
            return Out::empty_call();
        };
        let localized;
        let (parts, delimiter, shared): (Vec<DatePart>, &str, &[DatePart]) = match element.form {
            None => (element.parts.clone(), &element.delimiter, &[]),
            Some(form) => {
                let data = &self.processor.locale.data;
                let date = match form {
                    DateForm::Text => data.date_text.as_ref(),
                    DateForm::Numeric => data.date_numeric.as_ref(),
                };
                localized = date.cloned();
                let Some(date) = &localized else {
                    return Out::empty_call();
                };
                let parts = date
                    .parts
                    .iter()
                    .filter(|part| match part.name {
                        DatePartName::Year => true,
                        DatePartName::Month => element.depth >= 2,
                        DatePartName::Day => element.depth >= 3,
                    })
                    .cloned()
                    .collect();
                (parts, &date.delimiter, &element.parts)
            }
        };
        let parts: Vec<DatePart> = parts
            .into_iter()
            .map(|part| overridden(part, shared))
            .collect();
        if self.sorting {
            return Out::variable(vec![Node::text(sort_text(&value, &parts))]);
        }
        let nodes = self.parts(&value, start, &parts, delimiter);
        self.printed(nodes, &element.look)
    }

    fn parts(
        &mut self,
        value: &Value,
        start: DateParts,
        parts: &[DatePart],
        delimiter: &str,
    ) -> Vec<Node> {
        let end = value.end.or_else(|| {
            value.open_ended.then_some(DateParts {
                year: i32::MAX,
                ..DateParts::default()
            })
        });
        let Some(end) = end.filter(|end| *end != start) else {
            return join(self.run(start, parts, None), delimiter);
        };
        // The largest part that differs, among those that are printed.
        let differs = |name: DatePartName| match name {
            DatePartName::Year => start.year != end.year,
            DatePartName::Month => start.month != end.month || start.season != end.season,
            DatePartName::Day => start.day != end.day,
        };
        let Some(level) = parts
            .iter()
            .map(|part| part.name)
            .filter(|name| differs(*name))
            .min()
        else {
            return join(self.run(start, parts, None), delimiter);
        };
        let ranged = |part: &DatePart| part.name >= level;
        let from = parts.iter().position(ranged).unwrap_or(0);
        let to = parts
            .iter()
            .rposition(ranged)
            .map_or(parts.len(), |at| at + 1);
        let range_delimiter = parts
            .iter()
            .find(|part| part.name == level)
            .and_then(|part| part.range_delimiter.clone())
            .unwrap_or_else(|| "–".to_owned());
        let before = parts.get(..from).unwrap_or_default();
        let middle = parts.get(from..to).unwrap_or_default();
        let after = parts.get(to..).unwrap_or_default();
        let mut pieces = self.run(start, before, None);
        let mut first = self.run(start, middle, Some(true));
        let mut range = join(std::mem::take(&mut first), delimiter);
        range.push(Node::text(range_delimiter));
        if end.year != i32::MAX {
            range.extend(join(self.run(end, middle, Some(false)), delimiter));
        }
        pieces.push(range);
        pieces.extend(self.run(end, after, None));
        join(pieces, delimiter)
    }

    /// Renders some parts of one day; of a range's first half the last suffix is left out, of its second the first
    /// prefix.
    fn run(&mut self, date: DateParts, parts: &[DatePart], half: Option<bool>) -> Vec<Vec<Node>> {
        let mut pieces: Vec<(Vec<Node>, &Look)> = Vec::new();
        for part in parts {
            let text = self.part_text(date, part);
            if text.is_empty() {
                continue;
            }
            let mut nodes = vec![Node::text(text)];
            if part.name == DatePartName::Year {
                if half != Some(true) {
                    nodes.push(self.implicit_year_suffix());
                }
                nodes = vec![Node::Year(nodes)];
            }
            pieces.push((nodes, &part.look));
        }
        let count = pieces.len();
        pieces
            .into_iter()
            .enumerate()
            .map(|(index, (nodes, look))| {
                let mut look = look.clone();
                if half == Some(true) && index + 1 == count {
                    look.suffix.clear();
                }
                if half == Some(false) && index == 0 {
                    look.prefix.clear();
                }
                self.dress(nodes, &look, true)
            })
            .collect()
    }

    fn part_text(&self, date: DateParts, part: &DatePart) -> String {
        let locale = &self.processor.locale;
        let term = |name: &str, form: Option<DatePartForm>| {
            let form = if form == Some(DatePartForm::Short) {
                super::style::TermForm::Short
            } else {
                super::style::TermForm::Long
            };
            locale
                .term(name, form, false)
                .unwrap_or_default()
                .to_owned()
        };
        match part.name {
            DatePartName::Year => {
                let year = date.year.unsigned_abs();
                let mut text = if part.form == Some(DatePartForm::Short) {
                    format!("{:02}", year % 100)
                } else {
                    year.to_string()
                };
                if date.year < 0 {
                    text.push_str(&term("bc", None));
                } else if (1..1000).contains(&date.year) {
                    text.push_str(&term("ad", None));
                }
                if date.year == 0 {
                    text.clear();
                }
                text
            }
            DatePartName::Month => match (date.month, date.season) {
                (Some(month), _) => match part.form {
                    Some(DatePartForm::Numeric) => month.to_string(),
                    Some(DatePartForm::NumericLeadingZeros) => format!("{month:02}"),
                    form => term(&format!("month-{month:02}"), form),
                },
                (None, Some(season)) => match part.form {
                    Some(DatePartForm::Numeric | DatePartForm::NumericLeadingZeros) => {
                        String::new()
                    }
                    form => term(&format!("season-{season:02}"), form),
                },
                _ => String::new(),
            },
            DatePartName::Day => {
                let Some(day) = date.day else {
                    return String::new();
                };
                match part.form {
                    Some(DatePartForm::NumericLeadingZeros) => format!("{day:02}"),
                    Some(DatePartForm::Ordinal)
                        if day == 1 || locale.data.limit_day_ordinals != Some(true) =>
                    {
                        let gender = date.month.map_or(Gender::Neuter, |month| {
                            locale.gender(&format!("month-{month:02}"))
                        });
                        format!("{day}{}", locale.ordinal_suffix(u64::from(day), gender))
                    }
                    _ => day.to_string(),
                }
            }
        }
    }
}

/// A part of the locale's format with what the style's own part of that name changes; affixes stay the locale's.
fn overridden(part: DatePart, shared: &[DatePart]) -> DatePart {
    let Some(own) = shared.iter().find(|own| own.name == part.name) else {
        return part;
    };
    DatePart {
        name: part.name,
        form: own.form.or(part.form),
        range_delimiter: own.range_delimiter.clone().or(part.range_delimiter),
        look: Look {
            prefix: part.look.prefix,
            suffix: part.look.suffix,
            text_case: own.look.text_case.or(part.look.text_case),
            strip_periods: own.look.strip_periods || part.look.strip_periods,
            ..own.look.clone()
        },
    }
}

fn join(pieces: Vec<Vec<Node>>, delimiter: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    for piece in pieces {
        if !nodes.is_empty() && !delimiter.is_empty() {
            nodes.push(Node::text(delimiter));
        }
        nodes.extend(piece);
    }
    nodes
}

/// A date as sort keys have it, with only the parts that the element prints.
fn sort_text(value: &Value, parts: &[DatePart]) -> String {
    let has = |name: DatePartName| parts.iter().any(|part| part.name == name);
    let cut = |date: DateParts| DateParts {
        year: if has(DatePartName::Year) {
            date.year
        } else {
            0
        },
        month: date.month.filter(|_| has(DatePartName::Month)),
        season: date.season.filter(|_| has(DatePartName::Month)),
        day: date.day.filter(|_| has(DatePartName::Day)),
    };
    let mut out = value
        .start
        .map(|date| sort_digits(cut(date)))
        .unwrap_or_default();
    if let Some(end) = value.end {
        out.push('-');
        out.push_str(&sort_digits(cut(end)));
    }
    out
}

/// Digits that sort like the date: years before Christ come first, in their order.
pub(crate) fn sort_digits(date: DateParts) -> String {
    let month = date
        .month
        .or_else(|| date.season.map(|season| season * 3))
        .unwrap_or(0);
    let (era, year) = if date.year < 0 {
        ('0', 100_000 + i64::from(date.year))
    } else {
        ('1', i64::from(date.year))
    };
    format!("{era}{year:06}{month:02}{:02}", date.day.unwrap_or(0))
}
