//! Numbers: what counts as one, ranges of pages, roman numerals and ordinals.

use super::locale::{Gender, Locale};
use super::style::{NumberForm, PageRangeFormat, TermForm};

/// Variables that hold numbers (CSL 1.0.2, appendix IV, "Number Variables").
pub(crate) fn is_number_variable(name: &str) -> bool {
    matches!(
        name,
        "chapter-number"
            | "citation-number"
            | "collection-number"
            | "edition"
            | "first-reference-note-number"
            | "issue"
            | "locator"
            | "number"
            | "number-of-pages"
            | "number-of-volumes"
            | "page"
            | "page-first"
            | "part-number"
            | "printing-number"
            | "section"
            | "supplement-number"
            | "version"
            | "volume"
    )
}

/// A number with letters around it ("D2", "2b"), alone or several joined by commas, hyphens or ampersands.
pub(crate) fn is_numeric(text: &str) -> bool {
    let mut any = false;
    for piece in text.split([',', '&', '-', '–', '/']) {
        let piece = piece.trim();
        if !is_single_number(piece) {
            return false;
        }
        any = true;
    }
    any
}

fn is_single_number(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_alphabetic());
    let letters_before = text.len() - rest.len();
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let tail = digits.trim_start_matches(|c: char| c.is_alphabetic());
    digits.len() < rest.len() && tail.is_empty() && letters_before < 12
}

/// There is more than one number in it, for the plural of a label.
pub(crate) fn is_plural(text: &str) -> bool {
    let mut numbers = 0;
    let mut in_number = false;
    let mut joined = false;
    let mut separated = true;
    for c in text.chars() {
        if c.is_ascii_digit() || (c.is_alphabetic() && in_number) {
            if !in_number && separated {
                numbers += 1;
                joined |= numbers > 1;
            }
            in_number = true;
            separated = false;
        } else {
            in_number = false;
            if matches!(c, '-' | '–' | ',' | '&' | '‐' | ';') || c.is_whitespace() {
                separated = true;
            }
        }
    }
    joined || is_roman_range(text)
}

/// "iv-ix", "i, iii".
fn is_roman_range(text: &str) -> bool {
    let mut pieces = 0;
    for piece in text.split([',', '&', '-', '–']) {
        let piece = piece.trim();
        if piece.is_empty()
            || !piece.chars().all(|c| {
                matches!(
                    c.to_ascii_lowercase(),
                    'i' | 'v' | 'x' | 'l' | 'c' | 'd' | 'm'
                )
            })
        {
            return false;
        }
        pieces += 1;
    }
    pieces > 1
}

/// Sets the numbers of `text` in `form`; text that is no number stays as it is, but for its hyphens and spaces.
pub(crate) fn format(text: &str, form: NumberForm, locale: &Locale, gender: Gender) -> String {
    if !is_numeric(text) {
        return match form {
            NumberForm::Numeric => ranged(text, "–"),
            _ => text.to_owned(),
        };
    }
    let ampersand = locale
        .term("and", TermForm::Symbol, false)
        .map_or_else(|| " & ".to_owned(), |and| format!(" {and} "));
    let mut out = String::with_capacity(text.len());
    let mut piece = String::new();
    for c in text.chars() {
        match c {
            ',' | '&' | '-' | '–' => {
                out.push_str(&one(piece.trim(), form, locale, gender));
                piece.clear();
                out.push_str(match c {
                    ',' => ", ",
                    '&' => &ampersand,
                    _ => "–",
                });
            }
            c => piece.push(c),
        }
    }
    out.push_str(&one(piece.trim(), form, locale, gender));
    out
}

fn one(piece: &str, form: NumberForm, locale: &Locale, gender: Gender) -> String {
    let Some(number) = piece
        .parse::<u64>()
        .ok()
        .filter(|_| piece.bytes().all(|b| b.is_ascii_digit()))
    else {
        return piece.to_owned();
    };
    match form {
        NumberForm::Numeric => piece.to_owned(),
        NumberForm::Roman => roman(number).unwrap_or_else(|| piece.to_owned()),
        NumberForm::Ordinal => format!("{number}{}", locale.ordinal_suffix(number, gender)),
        NumberForm::LongOrdinal => locale.long_ordinal(number, gender).map_or_else(
            || format!("{number}{}", locale.ordinal_suffix(number, gender)),
            str::to_owned,
        ),
    }
}

fn roman(number: u64) -> Option<String> {
    const STEPS: [(u64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let mut left = number;
    let mut out = String::new();
    for (value, letters) in STEPS {
        while left >= value {
            out.push_str(letters);
            left -= value;
        }
    }
    Some(out)
}

/// Puts an en dash (or what the locale has for ranges) between the two ends of a range: a hyphen between numbers or
/// roman numerals.
pub(crate) fn ranged(text: &str, delimiter: &str) -> String {
    if !text.contains(['-', '–', '‐']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 2);
    for (index, part) in split_keeping(text, &[',', '&', ';', ' ']).enumerate() {
        if index % 2 == 1 {
            out.push_str(part);
            continue;
        }
        let ends: Vec<&str> = part.split(['-', '–', '‐']).collect();
        match ends.as_slice() {
            [first, second] if is_number_end(first) && is_number_end(second) => {
                out.push_str(first);
                out.push_str(delimiter);
                out.push_str(second);
            }
            _ => out.push_str(part),
        }
    }
    out
}

/// A number, or a roman one.
fn is_number_end(text: &str) -> bool {
    is_single_number(text)
        || (!text.is_empty()
            && text.chars().all(|c| {
                matches!(
                    c.to_ascii_lowercase(),
                    'i' | 'v' | 'x' | 'l' | 'c' | 'd' | 'm'
                )
            }))
}

/// "12", "e12", "12a", "S12", "xiv": something that a range begins or ends with.
fn is_end(text: &str) -> bool {
    is_number_end(text)
        || (text.chars().any(|c| c.is_ascii_digit())
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | ':' | '/')))
}

/// Splits at runs of the given characters: pieces at even places, the separators at odd ones.
fn split_keeping<'t>(text: &'t str, separators: &'t [char]) -> impl Iterator<Item = &'t str> {
    let mut rest = Some(text);
    let mut separator = false;
    std::iter::from_fn(move || {
        let current = rest?;
        let end = if separator {
            current
                .find(|c: char| !separators.contains(&c))
                .unwrap_or(current.len())
        } else {
            current
                .find(|c: char| separators.contains(&c))
                .unwrap_or(current.len())
        };
        let (piece, tail) = current.split_at(end);
        rest = if tail.is_empty() { None } else { Some(tail) };
        separator = !separator;
        Some(piece)
    })
}

/// Sets page ranges in the format that the style asks for. `delimiter` stands between the ends.
pub(crate) fn pages(
    text: &str,
    format: Option<PageRangeFormat>,
    delimiter: &str,
    ampersand: &str,
) -> String {
    // "10 - 12" and "10--12" are ranges as well.
    let mut tight = text.replace("--", "-");
    for dash in ["-", "–"] {
        if tight.contains(dash) {
            tight = tight
                .replace(&format!(" {dash} "), dash)
                .replace(&format!("{dash} "), dash)
                .replace(&format!(" {dash}"), dash);
        }
    }
    let mut out = String::with_capacity(tight.len() + 2);
    for (index, part) in split_keeping(&tight, &[',', '&', ';', ' ']).enumerate() {
        if index % 2 == 1 {
            match part.trim() {
                "," => out.push_str(", "),
                "&" => {
                    out.push(' ');
                    out.push_str(ampersand);
                    out.push(' ');
                }
                _ => out.push_str(part),
            }
            continue;
        }
        let ends: Vec<&str> = part.split(['-', '–', '‐']).collect();
        match ends.as_slice() {
            [first, second] if is_end(first) && is_end(second) => {
                out.push_str(&page_range(first, second, format, delimiter));
            }
            _ => out.push_str(part),
        }
    }
    out
}

/// Letters in front and the digits behind them; `None` when something follows the digits.
fn split_page(text: &str) -> Option<(&str, &str)> {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_ascii_digit())
        .last()
        .map(|(at, _)| at)?;
    text.split_at_checked(start)
}

fn page_range(
    first: &str,
    second: &str,
    format: Option<PageRangeFormat>,
    delimiter: &str,
) -> String {
    let plain = || format!("{first}{delimiter}{second}");
    let (Some((first_prefix, first_digits)), Some((second_prefix, second_digits))) =
        (split_page(first), split_page(second))
    else {
        return plain();
    };
    if second_prefix != first_prefix {
        // "N110-5" is no range that a reader would understand with a dash.
        return format!("{first}-{second}");
    }
    let Some(format) = format else {
        return plain();
    };
    // Full digits of the second end: "321-28" means 328.
    let full = if second_digits.len() < first_digits.len() {
        let keep = first_digits.len() - second_digits.len();
        format!(
            "{}{second_digits}",
            first_digits.get(..keep).unwrap_or_default()
        )
    } else {
        second_digits.to_owned()
    };
    let (Ok(from), Ok(to)) = (first_digits.parse::<u64>(), full.parse::<u64>()) else {
        return plain();
    };
    if to < from {
        return plain();
    }
    let shortened = match format {
        PageRangeFormat::Expanded => {
            return format!("{first}{delimiter}{first_prefix}{full}");
        }
        PageRangeFormat::Minimal => shorten(first_digits, &full, 1),
        PageRangeFormat::MinimalTwo => shorten(first_digits, &full, 2),
        PageRangeFormat::Chicago15 | PageRangeFormat::Chicago16 => {
            if from < 100 || from % 100 == 0 {
                full
            } else if (1..10).contains(&(from % 100)) {
                shorten(first_digits, &full, 1)
            } else {
                let short = shorten(first_digits, &full, 2);
                // Four digits of which three change are given whole in the 15th edition.
                if format == PageRangeFormat::Chicago15
                    && first_digits.len() == 4
                    && short.len() == 3
                {
                    full
                } else {
                    short
                }
            }
        }
    };
    let prefix = if shortened.len() == first_digits.len()
        && !matches!(
            format,
            PageRangeFormat::Minimal | PageRangeFormat::MinimalTwo
        ) {
        second_prefix
    } else {
        ""
    };
    format!("{first}{delimiter}{prefix}{shortened}")
}

/// The digits of `second` that differ from `first`, at least `least` of them.
fn shorten(first: &str, second: &str, least: usize) -> String {
    if first.len() != second.len() {
        return second.to_owned();
    }
    let common = first
        .bytes()
        .zip(second.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let keep = (second.len() - common).max(least).min(second.len());
    second
        .get(second.len() - keep..)
        .unwrap_or(second)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_carry_letters_and_be_several() {
        for text in ["2", "2b", "D2", "L2d", "2, 3", "2-4", "2 & 4"] {
            assert!(is_numeric(text), "{text}");
        }
        for text in ["", "second", "2nd edition", "in press", "2 3"] {
            assert!(!is_numeric(text), "{text}");
        }
    }

    #[test]
    fn page_ranges_follow_the_table_of_the_specification() {
        use PageRangeFormat::{Chicago15, Chicago16, Expanded, Minimal, MinimalTwo};
        for (format, text, expected) in [
            (Chicago15, "3-10", "3–10"),
            (Chicago15, "71-72", "71–72"),
            (Chicago15, "100-104", "100–104"),
            (Chicago15, "600-613", "600–613"),
            (Chicago15, "1100-1123", "1100–1123"),
            (Chicago15, "107-108", "107–8"),
            (Chicago15, "505-517", "505–17"),
            (Chicago15, "1002-1006", "1002–6"),
            (Chicago15, "321-325", "321–25"),
            (Chicago15, "415-532", "415–532"),
            (Chicago15, "11564-11568", "11564–68"),
            (Chicago15, "13792-13803", "13792–803"),
            (Chicago15, "1496-1504", "1496–1504"),
            (Chicago15, "2787-2816", "2787–2816"),
            (Chicago16, "1496-1500", "1496–500"),
            (Chicago16, "12991-13001", "12991–3001"),
            (Expanded, "42-5", "42–45"),
            (Expanded, "321-8", "321–328"),
            (Expanded, "2787-816", "2787–2816"),
            (Minimal, "42-45", "42–5"),
            (Minimal, "2787-2816", "2787–816"),
            (MinimalTwo, "42-45", "42–45"),
            (MinimalTwo, "321-328", "321–28"),
        ] {
            assert_eq!(
                pages(text, Some(format), "–", "&"),
                expected,
                "{format:?} {text}"
            );
        }
    }

    #[test]
    fn what_is_no_range_keeps_its_hyphen() {
        assert_eq!(pages("e00122-21", None, "–", "&"), "e00122-21");
        assert_eq!(pages("e122-e130", None, "–", "&"), "e122–e130");
        assert_eq!(pages("COVID-19", None, "–", "&"), "COVID-19");
        assert_eq!(ranged("pre-print", "–"), "pre-print");
        assert_eq!(ranged("1-2", "–"), "1–2");
    }

    #[test]
    fn roman_numerals_end_before_four_thousand() {
        assert_eq!(roman(1994).as_deref(), Some("mcmxciv"));
        assert_eq!((roman(0), roman(4000)), (None, None));
    }
}
