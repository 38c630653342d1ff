//! An entry being built: fields in order, each once, already written as BibTeX source.

use super::super::identifier;
use super::super::key;
use super::super::latex::{self, Dialect};
use super::super::{markup, title_case};
use super::language::{TitleRules, title_rules};
use crate::core::item::Item;

/// An entry of either dialect.
pub struct Entry<'a> {
    item: &'a Item,
    dialect: Dialect,
    titles: TitleRules,
    fields: Vec<(&'static str, String)>,
}

impl<'a> Entry<'a> {
    /// An entry without fields.
    pub fn new(item: &'a Item, dialect: Dialect) -> Entry<'a> {
        Entry {
            item,
            dialect,
            titles: title_rules(item),
            fields: Vec::new(),
        }
    }

    /// The item being written.
    pub fn item(&self) -> &'a Item {
        self.item
    }

    /// How its titles are treated.
    pub fn title_rules(&self) -> TitleRules {
        self.titles
    }

    /// Whether a field is there already.
    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|(name, _)| *name == field)
    }

    /// Adds a value that is BibTeX source with its delimiters (a number, a macro, `{…}`); empty values and second
    /// values of a field are dropped.
    pub fn source(&mut self, field: &'static str, value: String) {
        if !matches!(value.as_str(), "" | "{}") && !self.has(field) {
            self.fields.push((field, value));
        }
    }

    /// Adds LaTeX source in braces.
    pub fn braced(&mut self, field: &'static str, latex: &str) {
        if !latex.trim().is_empty() {
            self.source(field, format!("{{{latex}}}"));
        }
    }

    /// Adds text with markup.
    pub fn text(&mut self, field: &'static str, raw: &str) {
        let latex = latex::rich(raw, self.dialect);
        self.braced(field, &latex);
    }

    /// Adds a variable of the item as text, if it has it.
    pub fn variable(&mut self, field: &'static str, variable: &str) {
        if let Some(text) = self.item.text(variable) {
            self.text(field, &text);
        }
    }

    /// Adds a title: headline capitals and protection in English, the whole in braces where a style could not know
    /// that it is not English.
    pub fn title(&mut self, field: &'static str, variable: &str) {
        let Some(raw) = self.item.text(variable) else {
            return;
        };
        let pieces = markup::parse(&raw);
        let latex = match self.titles {
            TitleRules::English => latex::pieces(&title_case::headline(&pieces), self.dialect),
            TitleRules::Foreign if self.dialect == Dialect::Unicode => {
                latex::pieces(&pieces, self.dialect)
            }
            _ => match latex::pieces(&pieces, self.dialect) {
                latex if latex.trim().is_empty() => latex,
                latex => format!("{{{latex}}}"),
            },
        };
        self.braced(field, &latex);
    }

    /// Adds an institution: BibLaTeX, and readers of BibTeX, split such lists at "and", so that gets braces.
    pub fn institution(&mut self, field: &'static str, variable: &str) {
        if let Some(text) = self.item.text(variable) {
            let mut latex = latex::rich(&text, self.dialect);
            if text
                .split_whitespace()
                .any(|word| word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("others"))
            {
                latex = format!("{{{latex}}}");
            }
            self.braced(field, &latex);
        }
    }

    /// Adds an identifier or address as it is.
    pub fn verbatim(&mut self, field: &'static str, raw: &str) {
        let text = latex::verbatim(raw, self.dialect);
        self.braced(field, &text);
    }

    /// Adds pages or a range of issues: ranges with two hyphens, several parts set apart by commas.
    pub fn range(&mut self, field: &'static str, variable: &str) {
        if let Some(text) = self.item.text(variable) {
            let latex = latex::rich(&dashes(identifier::pages(&text)), self.dialect);
            self.braced(field, &latex);
        }
    }

    /// Adds the keywords; one that has a comma of its own gets braces.
    pub fn keywords(&mut self) {
        let words: Vec<String> = identifier::keywords(self.item)
            .iter()
            .map(|word| {
                let latex = latex::plain(word, self.dialect);
                if word.contains(',') {
                    format!("{{{latex}}}")
                } else {
                    latex
                }
            })
            .collect();
        self.braced("keywords", &words.join(", "));
    }

    /// The finished entry, without a newline at the end.
    pub fn finish(self, kind: &str, key: &str) -> String {
        let mut out = format!("@{kind}{{{}", key::safe(key));
        if self.fields.is_empty() {
            out.push(',');
        }
        for (field, value) in self.fields {
            out.push_str(",\n  ");
            out.push_str(field);
            out.push_str(" = ");
            out.push_str(&value);
        }
        out.push_str("\n}");
        out
    }
}

/// Ranges with `--`: en and em dashes wherever they stand, a hyphen only where it is the one between two numbers that
/// are alike (`817-820`, `e12-e15`), not inside one (`S1-12`).
fn dashes(text: &str) -> String {
    text.split(',')
        .map(|part| {
            let part = part.trim();
            if let Some((from, to)) = part.split_once(['–', '—', '‒', '−']) {
                return format!("{}--{}", from.trim_end(), to.trim_start());
            }
            let Some((from, to)) = part.split_once("--").or_else(|| part.split_once('-')) else {
                return part.to_owned();
            };
            let (from, to) = (from.trim_end(), to.trim_start());
            let is_number = |text: &str| {
                !text.is_empty()
                    && text
                        .chars()
                        .all(|c| c.is_alphanumeric() || matches!(c, '.' | ':' | '+'))
            };
            let starts_alike = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
            let alike = starts_alike(from) == starts_alike(to) || starts_alike(to);
            if is_number(from)
                && is_number(to)
                && alike
                && !(starts_with_letter_of_article(from, to))
            {
                format!("{from}--{to}")
            } else {
                part.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// `S1-12` and `B-7` are one page number: a letter with at most one digit, then a longer number.
fn starts_with_letter_of_article(from: &str, to: &str) -> bool {
    from.starts_with(|c: char| c.is_ascii_uppercase())
        && from.chars().count() <= 2
        && to.chars().all(|c| c.is_ascii_digit())
        && (from.chars().count() == 1 || to.chars().count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_ranges_have_two_hyphens_and_numbers_with_hyphens_stay() {
        for (text, expected) in [
            ("1-9", "1--9"),
            ("pp. 63-94", "63--94"),
            ("119–141", "119--141"),
            ("1--9", "1--9"),
            ("e12-e15", "e12--e15"),
            ("123-8, 130 – 134", "123--8, 130--134"),
            ("L21-L25", "L21--L25"),
            ("S1-12", "S1-12"),
            ("S1-12–S1-15", "S1-12--S1-15"),
            ("B-7", "B-7"),
            ("xi-xv", "xi--xv"),
            ("w8524", "w8524"),
            ("10-1371", "10--1371"),
        ] {
            assert_eq!(dashes(identifier::pages(text)), expected, "{text}");
        }
    }
}
