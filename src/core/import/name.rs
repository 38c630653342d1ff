//! Names as BibTeX and biblatex write them, and names in one string, as CSL has them.
//!
//! Source of the rules: Markey, *Tame the BeaST*, section 11; the biblatex manual, section 3.4 (extended format).

use serde_json::{Map, Value};

use super::latex::{self, Field, whole_group};
use crate::core::item::Name;

/// The names of a name field, and whether it ends in "and others".
pub(super) fn bibtex_list(source: &str) -> (Vec<Name>, bool) {
    let mut names = Vec::new();
    let mut truncated = false;
    for part in split_and(source) {
        let part = part.trim().trim_end_matches(',').trim();
        if part.is_empty() {
            continue;
        }
        let bare = part.trim_end_matches('.');
        if part.eq_ignore_ascii_case("others")
            || bare.eq_ignore_ascii_case("et al")
            || bare.eq_ignore_ascii_case("et. al")
        {
            truncated = true;
            continue;
        }
        names.extend(bibtex_names(part));
    }
    (names, truncated)
}

/// Takes a list apart at "and" outside braces.
pub(super) fn split_and(source: &str) -> Vec<&str> {
    let bytes = source.as_bytes();
    let mut parts = Vec::new();
    let (mut depth, mut start, mut at) = (0_i32, 0, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b'\\' => at += 1,
            b'a' | b'A' if depth <= 0 => {
                let word = bytes.get(at..at + 3).unwrap_or_default();
                let before = at.checked_sub(1).and_then(|at| bytes.get(at));
                let after = bytes.get(at + 3);
                if word.eq_ignore_ascii_case(b"and")
                    && before.is_none_or(u8::is_ascii_whitespace)
                    && after.is_none_or(u8::is_ascii_whitespace)
                {
                    parts.push(source.get(start..at).unwrap_or_default());
                    at += 3;
                    start = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(source.get(start..).unwrap_or_default());
    parts
}

/// Pieces between a separator outside braces.
fn split_outside(source: &str, is_separator: impl Fn(char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut escaped) = (0_i32, 0, false);
    for (at, c) in source.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth <= 0 && is_separator(c) => {
                parts.push(source.get(start..at).unwrap_or_default());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(source.get(start..).unwrap_or_default());
    parts
}

fn plain(source: &str) -> String {
    latex::text(source, Field::Plain)
}

/// An institution, or a name that must stay whole.
pub(super) fn literal(text: String) -> Name {
    Name {
        literal: text,
        ..Name::default()
    }
}

fn bibtex_names(source: &str) -> Vec<Name> {
    if let Some(inner) = whole_group(source) {
        let text = plain(inner);
        return if text.is_empty() {
            Vec::new()
        } else {
            vec![literal(text)]
        };
    }
    if source.contains('=')
        && let Some(name) = extended(source)
    {
        return vec![name];
    }
    let parts: Vec<&str> = split_outside(source, |c| c == ',')
        .into_iter()
        .map(str::trim)
        .collect();
    match parts.as_slice() {
        [one] => first_von_last(one).into_iter().collect(),
        [last, first] => vec![von_last(last, first, "")],
        [last, jr, first] => vec![von_last(last, first, jr)],
        // BibTeX knows no more than two commas: a list that was separated by commas.
        many if many.len().is_multiple_of(2)
            && many
                .iter()
                .skip(1)
                .step_by(2)
                .all(|given| is_initials(given)) =>
        {
            many.chunks_exact(2)
                .map(|pair| match pair {
                    [last, first] => von_last(last, first, ""),
                    _ => Name::default(),
                })
                .filter(|name| !name.family.is_empty())
                .collect()
        }
        [last, jr, first @ ..] => vec![von_last(last, &first.join(" "), jr)],
        [] => Vec::new(),
    }
}

fn is_initials(given: &str) -> bool {
    !given.is_empty()
        && given
            .split([' ', '.', '-', '~'])
            .all(|part| part.chars().count() <= 2)
}

/// `family=Mare, given=Walter, prefix=de la, useprefix=true`.
fn extended(source: &str) -> Option<Name> {
    let mut name = Name::default();
    let (mut prefix, mut use_prefix, mut known) = (String::new(), false, false);
    for part in split_outside(source, |c| c == ',') {
        let (key, value) = part.split_once('=')?;
        let value = value.trim();
        let unquoted = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value);
        let text = plain(unquoted);
        match key.trim().to_ascii_lowercase().as_str() {
            "family" => {
                name.family = text;
                known = true;
            }
            "given" => {
                name.given = text;
                known = true;
            }
            "suffix" => name.suffix = text,
            "prefix" => prefix = text,
            "useprefix" => use_prefix = text.eq_ignore_ascii_case("true"),
            _ => {}
        }
    }
    if use_prefix {
        name.non_dropping_particle = prefix;
    } else {
        name.dropping_particle = prefix;
    }
    (known && !(name.family.is_empty() && name.given.is_empty())).then_some(name)
}

/// "First von Last".
fn first_von_last(source: &str) -> Option<Name> {
    let words: Vec<&str> = split_outside(source, |c| c.is_whitespace() || c == '~')
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let (last, before) = words.split_last()?;
    let von_from = before.iter().position(|word| is_lower(word));
    let (given, von, family) = match von_from {
        Some(from) => {
            let to = before
                .iter()
                .rposition(|word| is_lower(word))
                .unwrap_or(from);
            let family = words.get(to + 1..).unwrap_or_default().join(" ");
            (
                words.get(..from)?.join(" "),
                words.get(from..=to)?.join(" "),
                family,
            )
        }
        // "Cuba Gooding Jr." has its suffix without commas.
        None if is_suffix(last) && before.len() >= 2 => {
            let (family, given) = before.split_last()?;
            let mut name = made(&given.join(" "), "", family);
            name.suffix = plain(last);
            return Some(name);
        }
        None => (before.join(" "), String::new(), (*last).to_owned()),
    };
    Some(made(&given, &von, &family)).filter(|name| !name.family.is_empty())
}

fn is_suffix(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.'),
        "Jr" | "Sr" | "II" | "III" | "IV"
    )
}

/// "von Last" and its given names.
fn von_last(last: &str, first: &str, jr: &str) -> Name {
    let words: Vec<&str> = split_outside(last, |c| c.is_whitespace() || c == '~')
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let before = words
        .get(..words.len().saturating_sub(1))
        .unwrap_or_default();
    let to = before
        .iter()
        .rposition(|word| is_lower(word))
        .filter(|_| words.first().is_some_and(|word| is_lower(word)));
    let (von, family) = match to {
        Some(to) => (
            words.get(..=to).unwrap_or_default().join(" "),
            words.get(to + 1..).unwrap_or_default().join(" "),
        ),
        None => (String::new(), last.to_owned()),
    };
    let mut name = made(first, &von, &family);
    name.suffix = plain(jr);
    if name.family.is_empty() {
        name.family = std::mem::take(&mut name.given);
    }
    name
}

/// BibTeX prints and sorts the particle with the family name, so it does not drop.
fn made(given: &str, von: &str, family: &str) -> Name {
    let mut name = Name {
        family: plain(family),
        given: plain(given),
        non_dropping_particle: plain(von),
        ..Name::default()
    };
    if name.non_dropping_particle.is_empty() {
        let (particle, family) = split_particle(&name.family);
        if !particle.is_empty() {
            name.non_dropping_particle = particle;
            name.family = family;
        }
    }
    name
}

/// The particle at the beginning of a family name: words in lower case before one that is capitalised, `d'` and `al-`
/// also before a capital of the same word.
pub(super) fn split_particle(family: &str) -> (String, String) {
    if !family.starts_with(char::is_lowercase) {
        return (String::new(), family.to_owned());
    }
    let mut end = 0;
    for word in family.split_inclusive(' ') {
        if word.starts_with(char::is_lowercase) {
            if let Some(at) = word.find(['\'', '’', '-'])
                && at <= 3
                && word
                    .get(at..)
                    .is_some_and(|rest| rest.chars().nth(1).is_some_and(char::is_uppercase))
            {
                let sign = word
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(0, char::len_utf8);
                end += at + sign;
                break;
            }
            end += word.len();
        } else {
            break;
        }
    }
    match family.split_at_checked(end) {
        Some((particle, rest)) if !rest.is_empty() => (particle.trim().to_owned(), rest.to_owned()),
        _ => (String::new(), family.to_owned()),
    }
}

/// A word of a particle: its first letter is in lower case, and it does not begin with a brace.
fn is_lower(word: &str) -> bool {
    if word.starts_with(|c: char| c.is_ascii_uppercase()) {
        return false;
    }
    if word.starts_with('{') && !word.starts_with("{\\") {
        return false;
    }
    if word.contains('\\') {
        return plain(word)
            .chars()
            .find(|c| c.is_alphabetic())
            .is_some_and(char::is_lowercase);
    }
    word.chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(char::is_lowercase)
}

/// "Family, Given" or "Family, Given, Suffix" of RIS and EndNote; without a comma the whole name stays whole where it
/// has several words, because nothing tells a person from an institution.
pub(super) fn comma_separated(text: &str) -> Option<Name> {
    let text = text.trim().trim_end_matches(',').trim();
    if text.is_empty() {
        return None;
    }
    let mut parts = text.splitn(3, ',').map(str::trim);
    let family = parts.next().unwrap_or_default();
    let Some(given) = parts.next() else {
        return Some(if family.contains(' ') {
            literal(family.to_owned())
        } else {
            Name {
                family: family.to_owned(),
                ..Name::default()
            }
        });
    };
    let suffix = parts.next().unwrap_or_default();
    let (particle, family) = split_particle(family);
    let mut name = Name {
        family,
        given: given.to_owned(),
        non_dropping_particle: particle,
        suffix: suffix.to_owned(),
        ..Name::default()
    };
    if name.given.is_empty() && name.suffix.is_empty() && name.family.contains(' ') {
        return Some(literal(text.trim_end_matches(',').to_owned()));
    }
    if name.family.is_empty() {
        name.family = std::mem::take(&mut name.given);
    }
    Some(name)
}

/// A name as CSL-JSON.
pub(super) fn to_json(name: &Name) -> Value {
    let mut map = Map::new();
    for (field, text) in [
        ("family", &name.family),
        ("given", &name.given),
        ("dropping-particle", &name.dropping_particle),
        ("non-dropping-particle", &name.non_dropping_particle),
        ("suffix", &name.suffix),
        ("literal", &name.literal),
    ] {
        if !text.is_empty() {
            map.insert(field.to_owned(), text.as_str().into());
        }
    }
    Value::Object(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `given|dropping|non-dropping|family|suffix`, or the literal in brackets.
    fn shown(source: &str) -> String {
        let (names, truncated) = bibtex_list(source);
        let mut shown: Vec<String> = names
            .iter()
            .map(|name| {
                if name.literal.is_empty() {
                    [
                        &name.given,
                        &name.dropping_particle,
                        &name.non_dropping_particle,
                        &name.family,
                        &name.suffix,
                    ]
                    .map(String::as_str)
                    .join("|")
                } else {
                    format!("[{}]", name.literal)
                }
            })
            .collect();
        if truncated {
            shown.push("...".to_owned());
        }
        shown.join("; ")
    }

    #[test]
    fn names_follow_the_rules_of_bibtex() {
        for (source, expected) in [
            ("Donald E. Knuth", "Donald E.|||Knuth|"),
            ("Knuth, Donald~E.", "Donald E.|||Knuth|"),
            ("Ludwig van Beethoven", "Ludwig||van|Beethoven|"),
            (
                "van der Maaten, Laurens and Hinton, Geoffrey",
                "Laurens||van der|Maaten|; Geoffrey|||Hinton|",
            ),
            ("{de la Mare}, Walter", "Walter||de la|Mare|"),
            (
                "de la Vall{\\'e}e Poussin, Charles",
                "Charles||de la|Vallée Poussin|",
            ),
            ("{d'Alembert}, Jean", "Jean||d'|Alembert|"),
            ("Gooding, Jr., Cuba", "Cuba|||Gooding|Jr."),
            ("Cuba Gooding Jr.", "Cuba|||Gooding|Jr."),
            (
                "{World Health Organization} and {{Barnes and Noble}}",
                "[World Health Organization]; [Barnes and Noble]",
            ),
            ("{Barnes} and {Noble Inc.}", "[Barnes]; [Noble Inc.]"),
            ("Aristotle", "|||Aristotle|"),
            ("{\\'E}mile Zola and others", "Émile|||Zola|; ..."),
            ("Jane Doe and et al.", "Jane|||Doe|; ..."),
            (
                "family=Mare, given=Walter, prefix=de la, useprefix=true",
                "Walter||de la|Mare|",
            ),
            (
                "family=Beethoven, given=Ludwig, prefix=van, useprefix=false",
                "Ludwig|van||Beethoven|",
            ),
            ("given=Jean, family={Le, Comte}", "Jean|||Le, Comte|"),
            ("Smith, J., Jones, K. L.", "J.|||Smith|; K. L.|||Jones|"),
            ("Alexander and Brandt, A", "|||Alexander|; A|||Brandt|"),
            ("Anderson, Andy", "Andy|||Anderson|"),
            ("Bart De Win", "Bart De|||Win|"),
            ("{\\relax Yu}. E. Pe", "Yu. E.|||Pe|"),
            ("O'Neil, Bob", "Bob|||O'Neil|"),
            (" and and ", ""),
            ("", ""),
        ] {
            assert_eq!(shown(source), expected, "{source}");
        }
    }

    #[test]
    fn names_separated_by_commas_keep_institutions_whole() {
        for (text, expected) in [
            ("Feng, Mei", "Mei Feng"),
            ("de la Mare, Walter", "Walter de la Mare"),
            ("Gooding, Cuba, Jr.", "Cuba Gooding Jr."),
            ("World Health Organization", "World Health Organization"),
            ("Plato", "Plato"),
        ] {
            assert_eq!(comma_separated(text).unwrap().full(), expected);
        }
        assert_eq!(comma_separated(" , "), None);
    }
}
