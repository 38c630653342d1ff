//! Dates as BibTeX (`year`, `month`) and BibLaTeX (EDTF, as biblatex supports it) write them.

use std::fmt::Write as _;

use crate::core::date::{Date, DateParts};

/// The macros that every BibTeX style defines.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const SEASONS: [&str; 4] = ["Spring", "Summer", "Fall", "Winter"];

/// The text of BibTeX's `year`: a bare number where it is one (the caller need not quote it), else text in braces:
/// a range of years, "c. 1850", or the literal date, which `literal` writes as LaTeX.
pub fn year(date: &Date, literal: impl Fn(&str) -> String) -> Option<String> {
    let Some(start) = date.start else {
        return date
            .literal
            .as_deref()
            .map(|text| format!("{{{}}}", literal(text)));
    };
    let circa = if date.circa { "c. " } else { "" };
    let end = match date.end {
        Some(end) if end.year != start.year => format!("--{}", end.year),
        _ if date.open_ended => "--".to_owned(),
        _ => String::new(),
    };
    if circa.is_empty() && end.is_empty() && start.year >= 0 {
        return Some(start.year.to_string());
    }
    Some(format!("{{{circa}{}{end}}}", start.year))
}

/// BibTeX's `month`: a macro, two of them for a range within a year, or the season in braces.
pub fn month(date: &Date) -> Option<String> {
    let start = date.start?;
    if let Some(season) = start.season {
        return SEASONS
            .get(usize::from(season).checked_sub(1)?)
            .map(|season| format!("{{{season}}}"));
    }
    let first = month_macro(start)?;
    let last = date
        .end
        .filter(|end| end.year == start.year && end.month != start.month)
        .and_then(month_macro);
    Some(match last {
        Some(last) => format!("{first} # \"--\" # {last}"),
        None => first.to_owned(),
    })
}

fn month_macro(parts: DateParts) -> Option<&'static str> {
    MONTHS
        .get(usize::from(parts.month?).checked_sub(1)?)
        .copied()
}

/// BibLaTeX's `date` field: `2020-03-14`, `2010/2012`, `2010/`, `1988-23` (a season), `1850~`. `None` for a literal
/// date and for years that biblatex does not read (beyond four digits).
pub fn edtf(date: &Date) -> Option<String> {
    let approximate = if date.circa { "~" } else { "" };
    let mut out = edtf_parts(date.start?)?;
    out.push_str(approximate);
    if let Some(end) = date.end {
        out.push('/');
        out.push_str(&edtf_parts(end)?);
        out.push_str(approximate);
    } else if date.open_ended {
        out.push('/');
    }
    Some(out)
}

fn edtf_parts(parts: DateParts) -> Option<String> {
    if !(-9999..=9999).contains(&parts.year) {
        return None;
    }
    // CSL counts 44 BC as -44, EDTF as -0043: it has a year nought.
    let mut out = if parts.year < 0 {
        let year = -(parts.year + 1);
        format!("{}{year:04}", if year > 0 { "-" } else { "" })
    } else {
        format!("{:04}", parts.year)
    };
    if let Some(month) = parts.month {
        let _ = write!(out, "-{month:02}");
        if let Some(day) = parts.day {
            let _ = write!(out, "-{day:02}");
        }
    } else if let Some(season) = parts.season {
        let _ = write!(out, "-{}", 20 + u32::from(season));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn forms(value: &serde_json::Value) -> (Option<String>, Option<String>, Option<String>) {
        let date = Date::from_json(value).unwrap();
        (year(&date, str::to_owned), month(&date), edtf(&date))
    }

    #[test]
    fn every_kind_of_date_has_its_form() {
        for (value, y, m, d) in [
            (
                json!({"date-parts": [[2020, 3, 14]]}),
                "2020",
                "mar",
                "2020-03-14",
            ),
            (
                json!({"date-parts": [[2010], [2012]]}),
                "{2010--2012}",
                "",
                "2010/2012",
            ),
            (
                json!({"date-parts": [[2010], [0]]}),
                "{2010--}",
                "",
                "2010/",
            ),
            (
                json!({"date-parts": [[2020, 3], [2020, 5]]}),
                "2020",
                "mar # \"--\" # may",
                "2020-03/2020-05",
            ),
            (
                json!({"date-parts": [[1988]], "season": 3}),
                "1988",
                "{Fall}",
                "1988-23",
            ),
            (
                json!({"date-parts": [[1850]], "circa": true}),
                "{c. 1850}",
                "",
                "1850~",
            ),
            (
                json!({"date-parts": [[-44, 3]]}),
                "{-44}",
                "mar",
                "-0043-03",
            ),
            (json!({"date-parts": [[-1]]}), "{-1}", "", "0000"),
            (json!({"date-parts": [[800]]}), "800", "", "0800"),
            (
                json!({"literal": "spring of 1998"}),
                "{spring of 1998}",
                "",
                "",
            ),
            (json!({"date-parts": [[12020]]}), "12020", "", ""),
        ] {
            let (year, month, date) = forms(&value);
            let text = |form: Option<String>| form.unwrap_or_default();
            assert_eq!(
                (
                    text(year).as_str(),
                    text(month).as_str(),
                    text(date).as_str()
                ),
                (y, m, d),
                "{value}"
            );
        }
    }
}
