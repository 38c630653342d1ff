//! Dates as CSL-JSON writes them: parts, ranges, seasons, circa and literal text.
//!
//! Source: CSL-JSON schema `csl-data.json` 1.0, `definitions/date-variable`; seasons as months 13–16 and 21–24 are
//! what Better BibTeX and EDTF write.

use serde_json::Value;

/// One end of a date: a year, perhaps with month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateParts {
    /// Astronomical year as written; negative for BC.
    pub year: i32,
    /// 1–12.
    pub month: Option<u8>,
    /// 1–31.
    pub day: Option<u8>,
    /// 1 spring – 4 winter, where a season stands in place of the month.
    pub season: Option<u8>,
}

/// A date variable of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Date {
    /// The first day; `None` when only a literal text is known.
    pub start: Option<DateParts>,
    /// The last day of a range.
    pub end: Option<DateParts>,
    /// A range without a known end (`2010–`).
    pub open_ended: bool,
    /// "circa": the date is approximate.
    pub circa: bool,
    /// Text to be printed as it stands, when there are no parts.
    pub literal: Option<String>,
}

impl Date {
    /// Reads a CSL date object, tolerating what real writers produce: years as strings, `raw` dates, bare strings or
    /// numbers. `None` when nothing usable is there.
    pub fn from_json(value: &Value) -> Option<Date> {
        match value {
            Value::String(text) => Date::from_text(text),
            Value::Number(number) => number.as_i64().map(|year| Date::of_year(year as i32)),
            Value::Object(map) => {
                let circa = match map.get("circa") {
                    Some(Value::Bool(flag)) => *flag,
                    Some(Value::Number(number)) => number.as_i64() != Some(0),
                    Some(Value::String(text)) => !matches!(text.as_str(), "" | "0" | "false"),
                    _ => false,
                };
                let season = map.get("season").and_then(season_of);
                let mut date = map
                    .get("date-parts")
                    .and_then(Value::as_array)
                    .and_then(|ends| Date::from_parts(ends, season))
                    .or_else(|| {
                        map.get("raw")
                            .and_then(Value::as_str)
                            .and_then(Date::from_text)
                    })
                    .or_else(|| {
                        let text = map.get("literal").and_then(Value::as_str)?;
                        (!text.trim().is_empty()).then(|| Date {
                            literal: Some(text.trim().to_owned()),
                            ..Date::default()
                        })
                    })?;
                date.circa |= circa;
                Some(date)
            }
            _ => None,
        }
    }

    fn of_year(year: i32) -> Date {
        Date {
            start: Some(DateParts {
                year,
                ..DateParts::default()
            }),
            ..Date::default()
        }
    }

    fn from_parts(ends: &[Value], season: Option<u8>) -> Option<Date> {
        let mut start = parts_of(ends.first()?)?;
        if start.month.is_none() && start.season.is_none() {
            start.season = season;
        }
        let second = ends.get(1);
        let end = second.and_then(parts_of).filter(|end| end.year != 0);
        let open_ended = second.is_some() && end.is_none();
        Some(Date {
            start: Some(start),
            end,
            open_ended,
            ..Date::default()
        })
    }

    /// Reads `2020`, `2020-03`, `2020-03-14`, `2020/03/14` and ranges `2020-03/2021-04`; anything else is kept as
    /// literal text.
    pub fn from_text(text: &str) -> Option<Date> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let circa = text.ends_with('~') || text.ends_with('?');
        let plain = text.trim_end_matches(['~', '?']);
        if let Some((from, to)) = plain.split_once('/')
            && let (Some(start), Some(end)) = (iso_parts(from), iso_parts(to))
            && from.len() >= 4
            && to.len() >= 4
        {
            return Some(Date {
                start: Some(start),
                end: Some(end),
                circa,
                ..Date::default()
            });
        }
        if let Some(start) = iso_parts(&plain.replace('/', "-")) {
            return Some(Date {
                start: Some(start),
                circa,
                ..Date::default()
            });
        }
        Some(Date {
            literal: Some(text.to_owned()),
            ..Date::default()
        })
    }

    /// The year to sort and show by; from a literal text its first number of four digits.
    pub fn year(&self) -> Option<i32> {
        if let Some(start) = self.start {
            return Some(start.year);
        }
        let literal = self.literal.as_deref()?;
        literal
            .split(|c: char| !c.is_ascii_digit())
            .find(|run| run.len() == 4)?
            .parse()
            .ok()
    }
}

fn iso_parts(text: &str) -> Option<DateParts> {
    let text = text.trim();
    let text = text.split_once('T').map_or(text, |(day, _)| day);
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut numbers = digits.split('-');
    let first = numbers.next()?;
    if !(3..=4).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: i32 = first.parse().ok()?;
    let mut parts = DateParts {
        year: sign * year,
        ..DateParts::default()
    };
    if let Some(month) = numbers.next() {
        set_month(&mut parts, month.parse().ok()?)?;
    }
    if let Some(day) = numbers.next() {
        parts.day = Some(day.parse().ok().filter(|day| (1..=31).contains(day))?);
    }
    numbers.next().is_none().then_some(parts)
}

fn set_month(parts: &mut DateParts, month: i64) -> Option<()> {
    match month {
        1..=12 => parts.month = Some(month as u8),
        13..=16 => parts.season = Some((month - 12) as u8),
        21..=24 => parts.season = Some((month - 20) as u8),
        _ => return None,
    }
    Some(())
}

fn parts_of(value: &Value) -> Option<DateParts> {
    let list = value.as_array()?;
    let year = integer(list.first()?)?;
    let mut parts = DateParts {
        year: year as i32,
        ..DateParts::default()
    };
    if let Some(month) = list.get(1).and_then(integer)
        && set_month(&mut parts, month).is_some()
        && parts.month.is_some()
    {
        parts.day = list
            .get(2)
            .and_then(integer)
            .filter(|day| (1..=31).contains(day))
            .map(|day| day as u8);
    }
    Some(parts)
}

fn season_of(value: &Value) -> Option<u8> {
    if let Some(number) = integer(value) {
        return match number {
            1..=4 => Some(number as u8),
            13..=16 => Some((number - 12) as u8),
            21..=24 => Some((number - 20) as u8),
            _ => None,
        };
    }
    match value.as_str()?.trim().to_lowercase().as_str() {
        "spring" => Some(1),
        "summer" => Some(2),
        "autumn" | "fall" => Some(3),
        "winter" => Some(4),
        _ => None,
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parts(year: i32, month: Option<u8>, day: Option<u8>) -> DateParts {
        DateParts {
            year,
            month,
            day,
            season: None,
        }
    }

    #[test]
    fn numbers_and_strings_are_both_parts() {
        for value in [
            json!({"date-parts": [[2020, 3, 14]]}),
            json!({"date-parts": [["2020", "03", "14"]]}),
        ] {
            assert_eq!(
                Date::from_json(&value).unwrap().start,
                Some(parts(2020, Some(3), Some(14)))
            );
        }
    }

    #[test]
    fn seasons_come_as_months_or_as_field() {
        for value in [
            json!({"date-parts": [[2020, 13]]}),
            json!({"date-parts": [[2020, 21]]}),
            json!({"date-parts": [[2020]], "season": 1}),
            json!({"date-parts": [[2020]], "season": "Spring"}),
        ] {
            let start = Date::from_json(&value).unwrap().start.unwrap();
            assert_eq!((start.month, start.season), (None, Some(1)), "{value}");
        }
    }

    #[test]
    fn ranges_may_be_open() {
        let date = Date::from_json(&json!({"date-parts": [[2010, 1], [2011, 2]]})).unwrap();
        assert_eq!(date.end, Some(parts(2011, Some(2), None)));
        let open = Date::from_json(&json!({"date-parts": [[2010], [0]]})).unwrap();
        assert!(open.open_ended && open.end.is_none());
    }

    #[test]
    fn literal_and_raw_dates_are_read() {
        let literal = Date::from_json(&json!({"literal": "spring of 1998"})).unwrap();
        assert_eq!(
            (literal.year(), literal.literal.as_deref()),
            (Some(1998), Some("spring of 1998"))
        );
        let raw = Date::from_json(&json!({"raw": "2019-05/2020-06"})).unwrap();
        assert_eq!(
            (raw.start, raw.end),
            (
                Some(parts(2019, Some(5), None)),
                Some(parts(2020, Some(6), None))
            )
        );
    }

    #[test]
    fn empty_dates_are_none() {
        for value in [
            json!({"date-parts": [[null]]}),
            json!({"date-parts": []}),
            json!({}),
            json!(""),
            json!(null),
        ] {
            assert_eq!(Date::from_json(&value), None, "{value}");
        }
    }
}
