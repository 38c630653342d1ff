//! Names as BibTeX and BibLaTeX read them.
//!
//! BibTeX takes `von Last, Jr, First` apart by commas, by "and", and by the case of words. Whatever those rules would
//! break is put in braces: institutions, family names with words in lower case, parts with commas. A particle that
//! belongs to the family name is braced with it in BibTeX (`{de la Mare}, Walter`) and named as a prefix in
//! BibLaTeX's extended format (`family=Mare, given=Walter, prefix=de la, useprefix=true`).
//!
//! Source of the rules: Markey, *Tame the BeaST*, section 11; the biblatex manual, section 3.4 (extended format).

use super::super::latex::{self, Dialect};
use crate::core::item::{Item, Name};
use crate::core::text::clean;

/// A name whose particles are told apart from the family name.
struct Parts {
    family: String,
    given: String,
    suffix: String,
    dropping: String,
    non_dropping: String,
}

impl Parts {
    fn of(name: &Name) -> Parts {
        let text = |part: &str| clean(part).into_string();
        let mut parts = Parts {
            family: text(&name.family),
            given: text(&name.given),
            suffix: text(&name.suffix),
            dropping: text(&name.dropping_particle),
            non_dropping: text(&name.non_dropping_particle),
        };
        if parts.dropping.is_empty() && parts.non_dropping.is_empty() {
            let (particle, family) = split_particle(&parts.family);
            if !particle.is_empty() {
                parts.non_dropping = particle;
                parts.family = family;
            }
        }
        if parts.family.is_empty() {
            parts.family = std::mem::take(&mut parts.given);
        }
        parts
    }
}

/// Words in lower case at the start of a family name are its particles, as long as a capitalised word follows.
fn split_particle(family: &str) -> (String, String) {
    let words: Vec<&str> = family.split(' ').collect();
    let count = words.iter().take_while(|word| starts_lower(word)).count();
    let (particles, rest) = words.split_at(count.min(words.len()));
    if rest.is_empty() {
        return (String::new(), family.to_owned());
    }
    (particles.join(" "), rest.join(" "))
}

fn starts_lower(word: &str) -> bool {
    word.chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(char::is_lowercase)
}

/// The people an item is listed under: its authors, else those who made a work of its kind (a film's director, a
/// patent's inventor stands as author already).
pub fn creators(item: &Item) -> Vec<Name> {
    const INSTEAD: [&str; 9] = [
        "director",
        "composer",
        "performer",
        "host",
        "interviewer",
        "illustrator",
        "script-writer",
        "producer",
        "organizer",
    ];
    let authors = item.names("author");
    if !authors.is_empty() || !item.names("editor").is_empty() {
        return authors;
    }
    INSTEAD
        .iter()
        .map(|role| item.names(role))
        .find(|names| !names.is_empty())
        .unwrap_or_default()
}

/// The names of a name field for one dialect, joined with "and"; `truncated` adds "and others".
pub fn list(names: &[Name], truncated: bool, dialect: Dialect) -> String {
    let mut truncated = truncated;
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        if is_et_al(name) {
            truncated = true;
            continue;
        }
        let written = match dialect {
            Dialect::Ascii => bibtex(name),
            Dialect::Unicode => biblatex(name),
        };
        if !written.is_empty() {
            out.push(written);
        }
    }
    if truncated && !out.is_empty() {
        out.push("others".to_owned());
    }
    out.join(" and ")
}

/// "et al." written as if it were an author.
fn is_et_al(name: &Name) -> bool {
    let text = name.full();
    matches!(
        text.trim_end_matches('.').to_lowercase().as_str(),
        "et al" | "et. al" | "and others"
    )
}

fn bibtex(name: &Name) -> String {
    if !name.literal.is_empty() {
        return whole(&name.literal, Dialect::Ascii);
    }
    let parts = Parts::of(name);
    let written = |part: &str| latex::plain(part, Dialect::Ascii);
    let (mut family, mut braced) = (written(&parts.family), needs_braces(&parts.family));
    let rest_alone = parts.given.is_empty() && parts.suffix.is_empty();
    braced |= !parts.family.is_empty()
        && (has_lower_word(&parts.family)
            || has_capital_after_hyphen(&parts.family)
            || (rest_alone && parts.family.contains([' ', '\u{A0}'])));
    if !parts.non_dropping.is_empty() {
        family = glued(&written(&parts.non_dropping), &family);
        braced = true;
    }
    let separable = parts.dropping.split(' ').all(|word| {
        word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.ends_with(['\'', '’', '-'])
    }) && !needs_braces(&parts.dropping);
    if !parts.dropping.is_empty() && !separable {
        family = glued(&written(&parts.dropping), &family);
        braced = true;
    }
    if braced || family.eq_ignore_ascii_case("others") {
        family = format!("{{{family}}}");
    }
    if !parts.dropping.is_empty() && separable {
        family = glued(&written(&parts.dropping), &family);
        if rest_alone {
            family.push_str(", {}");
        }
    }
    let mut out = family;
    if !parts.suffix.is_empty() {
        out.push_str(", ");
        out.push_str(&guarded(&parts.suffix, written(&parts.suffix)));
    }
    if !parts.given.is_empty() {
        out.push_str(", ");
        out.push_str(&guarded(&parts.given, relaxed(&parts.given)));
    } else if !parts.suffix.is_empty() {
        out.push_str(", {}");
    }
    out
}

fn biblatex(name: &Name) -> String {
    if !name.literal.is_empty() {
        return whole(&name.literal, Dialect::Unicode);
    }
    let parts = Parts::of(name);
    let written = |part: &str| guarded(part, latex::plain(part, Dialect::Unicode));
    let initials = long_initials(&parts.given);
    let has_prefix = !parts.non_dropping.is_empty() || !parts.dropping.is_empty();
    if has_prefix || initials.is_some() {
        let (prefix, use_prefix) = if parts.non_dropping.is_empty() {
            (parts.dropping.clone(), false)
        } else if parts.dropping.is_empty() {
            (parts.non_dropping.clone(), true)
        } else {
            (format!("{} {}", parts.dropping, parts.non_dropping), true)
        };
        let mut out = format!("family={}", written(&parts.family));
        let mut add = |part: &str, value: &str| {
            if !value.is_empty() {
                out.push_str(", ");
                out.push_str(part);
                out.push('=');
                out.push_str(value);
            }
        };
        add("given", &written(&parts.given));
        add("given-i", &initials.unwrap_or_default());
        add("suffix", &written(&parts.suffix));
        if has_prefix {
            add("prefix", &written(&prefix));
            add("useprefix", if use_prefix { "true" } else { "false" });
        }
        return out;
    }
    let mut family = latex::plain(&parts.family, Dialect::Unicode);
    let rest_alone = parts.given.is_empty() && parts.suffix.is_empty();
    if needs_braces(&parts.family)
        || has_lower_word(&parts.family)
        || (rest_alone && parts.family.contains([' ', '\u{A0}']))
        || parts.family.eq_ignore_ascii_case("others")
    {
        family = format!("{{{family}}}");
    }
    if !parts.suffix.is_empty() {
        family = format!("{family}, {}", written(&parts.suffix));
    }
    if !parts.given.is_empty() {
        family = format!("{family}, {}", written(&parts.given));
    } else if !parts.suffix.is_empty() {
        family.push_str(", {}");
    }
    family
}

/// An institution in braces.
fn whole(literal: &str, dialect: Dialect) -> String {
    let latex = latex::plain(&clean(literal), dialect);
    if latex.is_empty() {
        return latex;
    }
    format!("{{{latex}}}")
}

/// Particle and family name: "d'" and "al-" bind to what follows.
fn glued(particle: &str, family: &str) -> String {
    let space = if particle.ends_with(['\'', '’', '-']) {
        ""
    } else {
        " "
    };
    format!("{particle}{space}{family}")
}

fn guarded(part: &str, latex: String) -> String {
    if needs_braces(part) && !latex.is_empty() {
        format!("{{{latex}}}")
    } else {
        latex
    }
}

/// What would end the part or the name, or make a reader take it for the extended format.
fn needs_braces(part: &str) -> bool {
    part.contains([',', '=', '"'])
        || part
            .split(char::is_whitespace)
            .any(|word| word.eq_ignore_ascii_case("and"))
}

/// A word in lower case would be read as a particle.
fn has_lower_word(family: &str) -> bool {
    family.split(char::is_whitespace).any(starts_lower)
}

/// `Rinderle-Ma` must not be abbreviated as two words.
fn has_capital_after_hyphen(family: &str) -> bool {
    family
        .split('-')
        .skip(1)
        .any(|part| part.starts_with(char::is_uppercase))
}

/// An initial of more than one letter: `Yu.`, `Th.`.
fn is_long_initial(token: &str) -> bool {
    let mut letters = token.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase)
        && token.ends_with('.')
        && (3..=4).contains(&token.chars().count())
        && token.chars().filter(|c| *c == '.').count() == 1
}

/// BibTeX abbreviates a given name to its first letter, or to its first group that begins with a command: hence
/// `{\relax Yu}. E.`.
fn relaxed(given: &str) -> String {
    let tokens: Vec<String> = given
        .split(' ')
        .map(|token| {
            let latex = latex::plain(token.trim_end_matches('.'), Dialect::Ascii);
            if is_long_initial(token) {
                format!("{{\\relax {latex}}}.")
            } else {
                latex::plain(token, Dialect::Ascii)
            }
        })
        .collect();
    tokens.join(" ")
}

/// The initials of given names that have one of several letters, for `given-i`: `{{Yu}}E`.
fn long_initials(given: &str) -> Option<String> {
    let tokens: Vec<&str> = given.split(' ').filter(|token| !token.is_empty()).collect();
    if !tokens.iter().any(|token| is_long_initial(token))
        || given.contains(['-', '{', '}', ',', '\\'])
    {
        return None;
    }
    let initials = tokens.iter().map(|token| {
        if is_long_initial(token) {
            format!("{{{{{}}}}}", token.trim_end_matches('.'))
        } else {
            token
                .chars()
                .find(|c| c.is_alphabetic())
                .map(String::from)
                .unwrap_or_default()
        }
    });
    Some(initials.collect())
}

#[cfg(test)]
mod tests;
