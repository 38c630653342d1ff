//! One name: its particles, its initials, the order of its parts.

use super::rich::Node;
use super::style::{Demote, Look, NameForm};
use crate::core::item::Name;

/// A name with its parts told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) family: String,
    pub(crate) given: String,
    pub(crate) dropping: String,
    pub(crate) non_dropping: String,
    pub(crate) suffix: String,
    pub(crate) comma_suffix: bool,
    pub(crate) fixed_order: bool,
    pub(crate) literal: String,
}

/// How much of the given names is shown where the style shows less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub(crate) enum GivenLevel {
    /// As the style says.
    #[default]
    Style,
    /// Initials.
    Initials,
    /// The whole given names.
    Full,
}

/// What a style wants of a name.
pub(crate) struct NameShape<'a> {
    pub(crate) form: NameForm,
    pub(crate) initialize: bool,
    pub(crate) initialize_with: Option<&'a str>,
    pub(crate) hyphen: bool,
    pub(crate) demote: Demote,
    pub(crate) separator: &'a str,
    pub(crate) family: Option<&'a Look>,
    pub(crate) given: Option<&'a Look>,
    /// The name is a sort key: without formatting, particles as the sort order wants them.
    pub(crate) sorting: bool,
}

impl Person {
    /// Takes over a name, telling particles and suffixes apart that are written into the family and given names:
    /// lower-case words before the family name ("van der Zee"), after the given names, and what follows a comma.
    pub(crate) fn from_name(name: &Name) -> Person {
        let mut person = Person {
            family: name.family.clone(),
            given: name.given.clone(),
            dropping: name.dropping_particle.clone(),
            non_dropping: name.non_dropping_particle.clone(),
            suffix: name.suffix.clone(),
            comma_suffix: name.comma_suffix,
            fixed_order: name.static_ordering,
            literal: name.literal.clone(),
        };
        if person.family.is_empty() && person.literal.is_empty() {
            person.literal = std::mem::take(&mut person.given);
        }
        let quoted = person
            .family
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        if let Some(whole) = quoted {
            person.family = whole.to_owned();
            return person;
        }
        if person.suffix.is_empty()
            && let Some((given, suffix)) = person.given.split_once(',')
        {
            let (given, suffix) = (given.trim().to_owned(), suffix.trim());
            person.comma_suffix |= suffix.starts_with('!');
            person.suffix = suffix.trim_start_matches('!').trim().to_owned();
            person.given = given;
        }
        if person.dropping.is_empty() && person.non_dropping.is_empty() {
            let (particle, family) = leading_particle(&person.family);
            let (particle, family) = (particle.trim().to_owned(), family.to_owned());
            person.non_dropping = particle;
            person.family = family;
            let (given, particle) = trailing_particle(&person.given);
            let (given, particle) = (given.to_owned(), particle.to_owned());
            person.given = given;
            person.dropping = particle;
        }
        person
    }

    /// Chinese, Japanese or Korean: family name first, no space.
    fn is_cjk(&self) -> bool {
        let mut any = false;
        for c in self.family.chars().chain(self.given.chars()) {
            if is_cjk(c) {
                any = true;
            } else if c.is_alphabetic() {
                return false;
            }
        }
        any
    }

    /// The family name with the particle that stays with it: what a short form shows and comparing needs.
    pub(crate) fn short(&self) -> String {
        if !self.literal.is_empty() {
            return self.literal.clone();
        }
        let mut out = String::new();
        put(&mut out, &self.non_dropping);
        put(&mut out, &self.family);
        out
    }
}

/// Letters of scripts that write names without spaces.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x11FF | 0x2E80..=0x30FF | 0x3130..=0x318F | 0x31F0..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

const APOSTROPHES: [char; 4] = ['\'', '’', 'ʼ', 'ʻ'];

fn leading_particle(family: &str) -> (&str, &str) {
    let mut end = 0;
    loop {
        let rest = family.get(end..).unwrap_or_default();
        let word_end = rest.find(' ').unwrap_or(rest.len());
        let word = rest.get(..word_end).unwrap_or_default();
        let letters = word.trim_start_matches(['-', '\'', '’', 'ʼ', 'ʻ']);
        if !letters.chars().next().is_some_and(char::is_lowercase) {
            break;
        }
        if word_end < rest.len() {
            end += word_end + 1;
            continue;
        }
        // "d'Alembert", "al-Rashid": the particle is part of the word.
        if let Some(at) = word
            .char_indices()
            .skip(1)
            .find(|(_, c)| APOSTROPHES.contains(c) || *c == '-')
            .map(|(at, c)| at + c.len_utf8())
            && word
                .get(at..)
                .and_then(|tail| tail.chars().next())
                .is_some_and(char::is_uppercase)
        {
            end += at;
        }
        break;
    }
    family.split_at_checked(end).unwrap_or(("", family))
}

fn trailing_particle(given: &str) -> (&str, &str) {
    let mut start = given.len();
    loop {
        let head = given.get(..start).unwrap_or_default().trim_end();
        let Some(space) = head.rfind(' ') else {
            break;
        };
        let word = head.get(space + 1..).unwrap_or_default();
        let lower = word
            .trim_start_matches(APOSTROPHES)
            .chars()
            .next()
            .is_some_and(char::is_lowercase);
        if !lower || word.contains('.') {
            break;
        }
        start = space + 1;
    }
    match given.split_at_checked(start) {
        Some((given, particle)) => (given.trim_end(), particle),
        None => (given, ""),
    }
}

fn put(out: &mut String, part: &str) {
    if part.is_empty() {
        return;
    }
    if !out.is_empty() && !binds(out) {
        out.push(' ');
    }
    out.push_str(part);
}

/// What follows stands directly after this: "d'", "al-".
fn binds(text: &str) -> bool {
    text.ends_with(APOSTROPHES) || text.ends_with(['-', '\u{a0}', '–'])
}

/// A part of a name with the look of its `name-part`.
struct Part<'a> {
    text: String,
    look: Option<&'a Look>,
}

impl NameShape<'_> {
    /// Sets a name. `inverted`: family name first. `level`: given names beyond what the style shows.
    pub(crate) fn set(
        &self,
        person: &Person,
        inverted: bool,
        level: GivenLevel,
        render: &super::render::Render<'_>,
    ) -> Vec<Node> {
        if !person.literal.is_empty() {
            return self.dressed(
                vec![Part {
                    text: person.literal.clone(),
                    look: self.family,
                }],
                render,
            );
        }
        let cjk = person.is_cjk();
        let form = if self.form == NameForm::Short && level > GivenLevel::Style {
            NameForm::Long
        } else {
            self.form
        };
        let given = self.given_text(person, level);
        if form == NameForm::Short {
            return self.dressed(self.family_parts(person), render);
        }
        if cjk || person.fixed_order {
            let mut nodes = self.dressed(self.family_parts(person), render);
            if !given.is_empty() {
                if !cjk {
                    nodes.push(Node::text(" "));
                }
                nodes.extend(self.dressed(
                    vec![Part {
                        text: given,
                        look: self.given,
                    }],
                    render,
                ));
            }
            if !person.suffix.is_empty() && !cjk {
                nodes.push(Node::text(" "));
                nodes.extend(render.field(&person.suffix));
            }
            return nodes;
        }
        if inverted {
            let demoted = match self.demote {
                Demote::DisplayAndSort => true,
                Demote::SortOnly => self.sorting,
                Demote::Never => false,
            };
            let mut family = Vec::new();
            let mut rest = vec![Part {
                text: given,
                look: self.given,
            }];
            rest.push(Part {
                text: person.dropping.clone(),
                look: self.given,
            });
            if demoted {
                rest.push(Part {
                    text: person.non_dropping.clone(),
                    look: self.given,
                });
            } else {
                family.push(Part {
                    text: person.non_dropping.clone(),
                    look: self.family,
                });
            }
            family.push(Part {
                text: person.family.clone(),
                look: self.family,
            });
            let mut nodes = self.dressed(family, render);
            let rest = self.dressed(rest, render);
            let suffix = vec![Part {
                text: person.suffix.clone(),
                look: None,
            }];
            for part in [rest, self.dressed(suffix, render)] {
                if !part.is_empty() {
                    if !nodes.is_empty() {
                        nodes.push(Node::text(self.separator));
                    }
                    nodes.extend(part);
                }
            }
            return nodes;
        }
        let mut parts = vec![
            Part {
                text: given,
                look: self.given,
            },
            Part {
                text: person.dropping.clone(),
                // "d'" is one word with the family name.
                look: if binds(&person.dropping) {
                    self.family
                } else {
                    self.given
                },
            },
        ];
        parts.extend(self.family_parts(person));
        let mut nodes = self.dressed(parts, render);
        if !person.suffix.is_empty() {
            nodes.push(Node::text(if person.comma_suffix { ", " } else { " " }));
            nodes.extend(render.field(&person.suffix));
        }
        nodes
    }

    fn family_parts(&self, person: &Person) -> Vec<Part<'_>> {
        vec![
            Part {
                text: person.non_dropping.clone(),
                look: self.family,
            },
            Part {
                text: person.family.clone(),
                look: self.family,
            },
        ]
    }

    fn given_text(&self, person: &Person, level: GivenLevel) -> String {
        match self.initialize_with {
            Some(with) if level != GivenLevel::Full => {
                initials(&person.given, with, self.initialize, self.hyphen)
            }
            _ => person.given.clone(),
        }
    }

    /// Joins parts; neighbours of one look are set together, so that affixes stand around them once.
    fn dressed(&self, parts: Vec<Part<'_>>, render: &super::render::Render<'_>) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut before = String::new();
        let mut parts = parts
            .into_iter()
            .filter(|part| !part.text.is_empty())
            .peekable();
        while let Some(part) = parts.next() {
            let mut text = part.text;
            while let Some(next) = parts.next_if(|next| match (part.look, next.look) {
                (Some(one), Some(other)) => std::ptr::eq(one, other),
                (None, None) => true,
                _ => false,
            }) {
                put(&mut text, &next.text);
            }
            if !before.is_empty() && !binds(&before) {
                nodes.push(Node::text(" "));
            }
            before.clone_from(&text);
            let field = render.field(&text);
            match part.look {
                Some(look) if !self.sorting => nodes.extend(render.dress(field, look, false)),
                _ => nodes.extend(field),
            }
        }
        nodes
    }
}

/// Makes initials of given names.
///
/// Names are split at spaces, at hyphens before a capital and after every full stop ("R.J."). Abbreviations of more
/// letters ("Yu.", "Th.") keep them, lower-case words stay whole. Unless `initialize`, only what is an initial already
/// gets the punctuation of `with`.
pub(crate) fn initials(given: &str, with: &str, initialize: bool, hyphen: bool) -> String {
    if !given
        .chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(has_initials)
    {
        return given.to_owned();
    }
    let mut out = String::new();
    // What the last word was: its end decides what comes before the next one.
    let mut after_initial = false;
    for (separator, word) in split_given(given, hyphen) {
        let bare = word.trim_end_matches('.');
        let letters = bare.chars().count();
        let first = bare.chars().find(|c| c.is_alphabetic());
        let capital = first.is_some_and(char::is_uppercase);
        let dotted = word.ends_with('.');
        let is_initial = capital && (letters == 1 || dotted);
        let text = if capital && (initialize || is_initial) {
            let short = if letters == 1 || !initialize || (dotted && letters <= 3) {
                bare.to_owned()
            } else {
                leading_letters(bare)
            };
            Some(short)
        } else {
            None
        };
        if separator == '-' {
            out.truncate(out.trim_end().len());
            out.push('-');
        } else if !(out.is_empty() || out.ends_with(' ') || (after_initial && text.is_some())) {
            out.push(' ');
        }
        if let Some(text) = text {
            out.push_str(&text);
            out.push_str(with);
            after_initial = true;
        } else {
            out.push_str(word);
            after_initial = false;
        }
    }
    out.truncate(out.trim_end_matches([' ', '\u{a0}']).len());
    out
}

/// The letters that stand for a name: its first, and with it the capitals that make one sound with it ("PHilippe" is
/// "Ph", as BibTeX users write it).
fn leading_letters(name: &str) -> String {
    let mut out = String::new();
    let mut capitals = String::new();
    for c in name.chars() {
        if !c.is_alphabetic() {
            if capitals.is_empty() {
                out.push(c);
                continue;
            }
            break;
        }
        if !c.is_uppercase() {
            // Lower-case letters follow: the capitals before them belong together.
            let mut run = capitals.chars();
            out.extend(run.next());
            out.extend(run.flat_map(char::to_lowercase));
            return out;
        }
        capitals.push(c);
    }
    out.extend(capitals.chars().next());
    out
}

/// Scripts with capitals have initials.
fn has_initials(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase()
}

/// The words of given names, each with what stands before it: a space or a hyphen.
fn split_given(given: &str, hyphen: bool) -> Vec<(char, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    let mut separator = ' ';
    let mut chars = given.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let breaks_hyphen = matches!(c, '-' | '‐' | '‑') && next.is_some_and(|n| !n.is_lowercase());
        if c.is_whitespace() || breaks_hyphen {
            if let Some(from) = start.take() {
                words.push((separator, given.get(from..at).unwrap_or_default()));
                separator = ' ';
            }
            if breaks_hyphen && hyphen {
                separator = '-';
            }
            continue;
        }
        if start.is_none() {
            start = Some(at);
        }
        let stop_inside = c == '.' && next.is_some_and(char::is_alphabetic);
        if stop_inside && let Some(from) = start.take() {
            words.push((separator, given.get(from..=at).unwrap_or_default()));
            separator = ' ';
        }
    }
    if let Some(from) = start {
        words.push((separator, given.get(from..).unwrap_or_default()));
    }
    words.retain(|(_, word)| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_follow_every_stop_space_and_capital_after_a_hyphen() {
        for (given, with, expected) in [
            ("James Robert", ". ", "J. R."),
            ("R.J.", ". ", "R. J."),
            ("R.J.", "", "RJ"),
            ("Jean-Luc", ". ", "J.-L."),
            ("Guo-ping", ". ", "G."),
            ("Yu. A.", ". ", "Yu. A."),
            ("小明", ". ", "小明"),
            ("Élodie", ".", "É."),
            ("J", ".", "J."),
        ] {
            assert_eq!(initials(given, with, true, true), expected, "{given}");
        }
        assert_eq!(initials("Jean-Luc", ". ", true, false), "J. L.");
    }

    #[test]
    fn without_initialize_only_initials_change() {
        assert_eq!(initials("James T", ".", false, true), "James T.");
        assert_eq!(initials("J. R.", ".", false, true), "J.R.");
    }

    #[test]
    fn particles_are_told_from_names() {
        let person = Person::from_name(&Name {
            family: "van der Zee".into(),
            given: "Ludwig von".into(),
            ..Name::default()
        });
        assert_eq!(
            (
                person.non_dropping.as_str(),
                person.family.as_str(),
                person.given.as_str(),
                person.dropping.as_str()
            ),
            ("van der", "Zee", "Ludwig", "von")
        );
        assert_eq!(leading_particle("d'Alembert"), ("d'", "Alembert"));
        assert_eq!(leading_particle("boyd"), ("", "boyd"));
    }
}
