//! Dates as bibliographies write them: BibTeX's year and month, EDTF, RIS, MEDLINE.
//!
//! Sources: the biblatex manual, section 2.3.8 (EDTF level 1); *RIS format specifications* (2012); *MEDLINE/PubMed data
//! element descriptions*, `DP`.

use serde_json::{Map, Value, json};

use super::latex::{self, Field};
use crate::core::date::{Date, DateParts};

/// A date as CSL-JSON.
pub(super) fn to_json(date: &Date) -> Value {
    let mut map = Map::new();
    match date.start {
        Some(start) => {
            let mut ends = vec![parts_to_json(start)];
            match date.end {
                Some(end) => ends.push(parts_to_json(end)),
                None if date.open_ended => ends.push(json!([0])),
                None => {}
            }
            map.insert("date-parts".to_owned(), Value::Array(ends));
            if let Some(season) = start.season.filter(|_| date.end.is_none()) {
                map.insert("season".to_owned(), season.into());
            }
        }
        None => {
            map.insert(
                "literal".to_owned(),
                date.literal.clone().unwrap_or_default().into(),
            );
        }
    }
    if date.circa {
        map.insert("circa".to_owned(), true.into());
    }
    Value::Object(map)
}

fn parts_to_json(parts: DateParts) -> Value {
    let mut list = vec![Value::from(parts.year)];
    if let Some(month) = parts.month {
        list.push(month.into());
        list.extend(parts.day.map(Value::from));
    }
    Value::Array(list)
}

fn of_parts(start: DateParts) -> Date {
    Date {
        start: Some(start),
        ..Date::default()
    }
}

fn literal(text: &str) -> Option<Date> {
    let text = text.trim();
    (!text.is_empty()).then(|| Date {
        literal: Some(text.to_owned()),
        ..Date::default()
    })
}

/// biblatex's `date`: EDTF. What is none stays as it is written.
pub(super) fn edtf(source: &str) -> Option<Date> {
    // A tie is LaTeX's, and EDTF's sign of doubt.
    let decoded;
    let text = if source.contains(['\\', '{']) {
        decoded = latex::text(source, Field::Plain);
        decoded.trim()
    } else {
        source.trim()
    };
    let plain = text.replace('–', "-");
    let ends: Vec<&str> = plain.split('/').collect();
    let date = match ends.as_slice() {
        [one] => edtf_parts(one).map(|(start, circa)| Date {
            circa,
            ..of_parts(start)
        }),
        [from, "" | ".." | "open"] => edtf_parts(from).map(|(start, circa)| Date {
            circa,
            open_ended: true,
            ..of_parts(start)
        }),
        [from, to] => edtf_parts(from)
            .zip(edtf_parts(to))
            .map(|((start, first), (end, last))| Date {
                end: Some(end),
                circa: first || last,
                ..of_parts(start)
            }),
        _ => None,
    };
    date.or_else(|| numbers(text)).or_else(|| literal(text))
}

fn edtf_parts(text: &str) -> Option<(DateParts, bool)> {
    let text = text.trim();
    let circa = text.ends_with(['~', '?', '%']) || text.starts_with('~');
    let text = text.trim_matches(['~', '?', '%']);
    let text = text.split_once('T').map_or(text, |(day, _)| day);
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let mut numbers = digits.split('-').map(|part| {
        (!part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<i32>().ok())
            .flatten()
    });
    let year = numbers.next()??;
    if digits.split('-').next().is_some_and(|year| year.len() < 3) {
        return None;
    }
    // EDTF has a year nought, which is 1 BC.
    let year = match (negative, year) {
        (false, 0) => -1,
        (true, year) => -year - 1,
        (false, year) => year,
    };
    let mut parts = DateParts {
        year,
        ..DateParts::default()
    };
    if let Some(month) = numbers.next() {
        match month? {
            month @ 1..=12 => parts.month = Some(month as u8),
            season @ 21..=24 => parts.season = Some((season - 20) as u8),
            _ => return None,
        }
    }
    if let Some(day) = numbers.next() {
        parts.day =
            Some(day.filter(|day| (1..=31).contains(day))? as u8).filter(|_| parts.month.is_some());
    }
    numbers.next().is_none().then_some((parts, circa))
}

/// `2020/3/14`, `2020.03.14`, `14.03.2020`, `20200314`.
fn numbers(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return ymd(text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    }
    let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
    if !parts
        .iter()
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => ymd(year, month, day),
        [day, month, year] if year.len() == 4 => ymd(year, month, day),
        [first, second] => {
            let (year, month) = if first.len() == 4 {
                (first, second)
            } else {
                (second, first)
            };
            (year.len() == 4 && month.len() <= 2)
                .then(|| ymd(year, month, ""))
                .flatten()
        }
        _ => None,
    }
}

fn ymd(year: &str, month: &str, day: &str) -> Option<Date> {
    let mut parts = DateParts {
        year: year.parse().ok()?,
        ..DateParts::default()
    };
    parts.month = month.parse().ok().filter(|month| (1..=12).contains(month));
    if parts.month.is_some() {
        parts.day = day.parse().ok().filter(|day| (1..=31).contains(day));
    }
    Some(of_parts(parts))
}

/// BibTeX's `year`, `month` and perhaps `day`, as LaTeX source.
pub(super) fn bibtex(year: &str, month: &str, day: &str) -> Option<Date> {
    let year = latex::text(year, Field::Plain);
    let month = latex::text(month, Field::Plain);
    let mut date = years(&year)?;
    let Some(start) = date.start.as_mut() else {
        return Some(date);
    };
    let (first, last) = months(&month);
    if let Some((month, of_month)) = first {
        start.month = Some(month);
        start.day =
            of_month.or_else(|| day.trim().parse().ok().filter(|day| (1..=31).contains(day)));
    } else {
        start.season = season(&month);
    }
    if let Some((month, day)) = last
        && date.end.is_none()
    {
        let year = start.year;
        date.end = Some(DateParts {
            year,
            month: Some(month),
            day,
            season: None,
        });
    }
    Some(date)
}

/// A year, a range of years, "c. 1850"; else the text.
fn years(text: &str) -> Option<Date> {
    let text = text.trim();
    let (circa, plain) = ["circa ", "ca. ", "ca ", "c. ", "c.", "~"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .map_or((false, text), |rest| (true, rest.trim()));
    let single = |text: &str| -> Option<i32> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        ((1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok())
            .flatten()
    };
    let of_year = |year| {
        of_parts(DateParts {
            year,
            ..DateParts::default()
        })
    };
    if let Some(year) = single(plain) {
        return Some(Date {
            circa,
            ..of_year(year)
        });
    }
    if let Some((from, to)) = plain
        .split_once(['–', '/'])
        .or_else(|| plain.split_once('-'))
        && let Some(start) = single(from.trim())
        && from.trim().len() >= 4
    {
        let to = to.trim();
        if to.is_empty() {
            return Some(Date {
                open_ended: true,
                circa,
                ..of_year(start)
            });
        }
        // "1998-99".
        let end = match to.len() {
            2 => single(to).map(|end| start / 100 * 100 + end),
            _ => single(to),
        };
        if let Some(end) = end.filter(|end| *end > start) {
            return Some(Date {
                end: Some(DateParts {
                    year: end,
                    ..DateParts::default()
                }),
                circa,
                ..of_year(start)
            });
        }
    }
    edtf_parts(plain)
        .map(|(start, _)| of_parts(start))
        .or_else(|| numbers(plain))
        .or_else(|| literal(text))
}

/// First and last month of BibTeX's `month`, each perhaps with a day.
type Months = (Option<(u8, Option<u8>)>, Option<(u8, Option<u8>)>);

fn months(text: &str) -> Months {
    let mut found: Vec<(u8, Option<u8>)> = Vec::new();
    let mut waiting = None;
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let number: Option<u8> = word
            .get(..word.len() - letters.len())
            .filter(|digits| !digits.is_empty())
            .and_then(|digits| digits.parse().ok());
        if let Some(month) = month(letters) {
            found.push((
                month,
                number
                    .or(waiting.take())
                    .filter(|day| (1..=31).contains(day)),
            ));
        } else if let Some(number) = number {
            match found.last_mut() {
                Some((_, day @ None)) if (1..=31).contains(&number) => *day = Some(number),
                _ => waiting = Some(number),
            }
        }
    }
    if found.is_empty()
        && let Some(month) = waiting.filter(|month| (1..=12).contains(month))
    {
        return (Some((month, None)), None);
    }
    let mut found = found.into_iter();
    (found.next(), found.next())
}

/// The number of a month by its English name or the beginning of it, and by German and French ones.
pub(super) fn month(word: &str) -> Option<u8> {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let lower = word.to_lowercase();
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if lower.chars().count() >= 3
        && let Some(at) = full
            .iter()
            .position(|name| name.starts_with(&lower) || lower == "sept")
    {
        return Some(if lower == "sept" { 9 } else { at as u8 + 1 });
    }
    let other = match lower.as_str() {
        "januar" | "janvier" | "enero" => 1,
        "februar" | "février" | "febrero" => 2,
        "märz" | "mars" | "marzo" | "mär" | "mrz" => 3,
        "avril" | "abril" => 4,
        "mai" | "mayo" => 5,
        "juni" | "juin" | "junio" => 6,
        "juli" | "juillet" | "julio" => 7,
        "août" | "agosto" => 8,
        "septembre" | "septiembre" => 9,
        "oktober" | "octobre" | "octubre" | "okt" => 10,
        "novembre" | "noviembre" => 11,
        "dezember" | "décembre" | "diciembre" | "dez" => 12,
        _ => {
            return NAMES
                .iter()
                .position(|name| *name == lower)
                .map(|at| at as u8 + 1);
        }
    };
    Some(other)
}

fn season(text: &str) -> Option<u8> {
    match text.trim().to_lowercase().as_str() {
        "spring" | "21" => Some(1),
        "summer" | "22" => Some(2),
        "autumn" | "fall" | "23" => Some(3),
        "winter" | "24" => Some(4),
        _ => None,
    }
}

/// RIS: `YYYY/MM/DD/other`, any of them empty; or what [`loose`] reads.
pub(super) fn ris(text: &str) -> Option<Date> {
    let text = text.trim();
    let mut parts = text.splitn(4, '/').map(str::trim);
    let year = parts.next().unwrap_or_default();
    let (month, day, other) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    if year.is_empty() && month.is_empty() && day.is_empty() {
        return literal(other);
    }
    if year.len() == 4
        && let Some(mut date) = ymd(year, month, day)
    {
        if let Some(start) = date.start.as_mut().filter(|start| start.month.is_none()) {
            start.season = season(other);
        }
        return Some(date);
    }
    loose(text)
}

/// Dates in words: `2010 Sep-Oct`, `2006 Mar 4`, `Spring 2004`, `March 4, 2006`, `2003-05-01`.
pub(super) fn loose(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(date) = numbers(text) {
        return Some(date);
    }
    let mut year = None;
    let mut rest = String::new();
    for word in text
        .split([' ', ',', ';', '/'])
        .filter(|word| !word.is_empty())
    {
        match (
            year,
            word.get(..4).and_then(|digits| digits.parse::<i32>().ok()),
        ) {
            (None, Some(number)) if word.bytes().take_while(u8::is_ascii_digit).count() == 4 => {
                year = Some(number);
                if let Some(more) = word.get(4..) {
                    rest.push_str(more);
                    rest.push(' ');
                }
            }
            _ => {
                rest.push_str(word);
                rest.push(' ');
            }
        }
    }
    let Some(year) = year else {
        return years(text);
    };
    let rest = rest.trim();
    if rest.starts_with('-')
        && rest
            .bytes()
            .skip(1)
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
    {
        // `2003-05-01` has been read; this is `1998-1999`.
        return years(text);
    }
    bibtex(&year.to_string(), rest, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(date: Option<Date>) -> String {
        date.map_or_else(String::new, |date| to_json(&date).to_string())
    }

    #[test]
    fn dates_of_biblatex_are_edtf() {
        for (source, expected) in [
            ("2020-03-14", r#"{"date-parts":[[2020,3,14]]}"#),
            ("2010/2012", r#"{"date-parts":[[2010],[2012]]}"#),
            ("2010/", r#"{"date-parts":[[2010],[0]]}"#),
            ("1988-23", r#"{"date-parts":[[1988]],"season":3}"#),
            ("1850~", r#"{"date-parts":[[1850]],"circa":true}"#),
            ("-0043-03", r#"{"date-parts":[[-44,3]]}"#),
            ("0000", r#"{"date-parts":[[-1]]}"#),
            ("2020-03-14T10:00:00Z", r#"{"date-parts":[[2020,3,14]]}"#),
            ("14.03.2020", r#"{"date-parts":[[2020,3,14]]}"#),
            ("in press", r#"{"literal":"in press"}"#),
            ("", ""),
        ] {
            assert_eq!(shown(edtf(source)), expected, "{source}");
        }
    }

    #[test]
    fn dates_of_bibtex_have_a_year_and_a_month() {
        for (year, month, expected) in [
            ("2020", "mar", r#"{"date-parts":[[2020,3]]}"#),
            ("2020", "mar--may", r#"{"date-parts":[[2020,3],[2020,5]]}"#),
            ("2020", "15~jan", r#"{"date-parts":[[2020,1,15]]}"#),
            ("2020", "March 4", r#"{"date-parts":[[2020,3,4]]}"#),
            ("2020", "3", r#"{"date-parts":[[2020,3]]}"#),
            ("1988", "Fall", r#"{"date-parts":[[1988]],"season":3}"#),
            ("2010--2012", "", r#"{"date-parts":[[2010],[2012]]}"#),
            ("2010--", "", r#"{"date-parts":[[2010],[0]]}"#),
            ("1998-99", "", r#"{"date-parts":[[1998],[1999]]}"#),
            ("c. 1850", "", r#"{"date-parts":[[1850]],"circa":true}"#),
            ("-44", "mar", r#"{"date-parts":[[-44,3]]}"#),
            ("to appear", "", r#"{"literal":"to appear"}"#),
        ] {
            assert_eq!(shown(bibtex(year, month, "")), expected, "{year} {month}");
        }
    }

    #[test]
    fn dates_of_ris_and_medline_are_read() {
        for (text, expected) in [
            ("2020/03/14/", r#"{"date-parts":[[2020,3,14]]}"#),
            ("2016/12//", r#"{"date-parts":[[2016,12]]}"#),
            ("2016///Spring", r#"{"date-parts":[[2016]],"season":1}"#),
            ("///spring of 1998", r#"{"literal":"spring of 1998"}"#),
            ("2020", r#"{"date-parts":[[2020]]}"#),
            ("2010 Sep-Oct", r#"{"date-parts":[[2010,9],[2010,10]]}"#),
            ("2006 Mar 4", r#"{"date-parts":[[2006,3,4]]}"#),
            ("Spring 2004", r#"{"date-parts":[[2004]],"season":1}"#),
            ("March 4, 2006", r#"{"date-parts":[[2006,3,4]]}"#),
            ("2003-05-01", r#"{"date-parts":[[2003,5,1]]}"#),
            ("1998-1999", r#"{"date-parts":[[1998],[1999]]}"#),
        ] {
            assert_eq!(shown(ris(text)), expected, "{text}");
        }
    }
}
