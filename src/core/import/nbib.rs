//! PubMed's MEDLINE format (`.nbib`, "PubMed format").
//!
//! Source: *MEDLINE/PubMed Data Element (Field) Descriptions*, National Library of Medicine.

use std::ops::ControlFlow;

use super::entry::{self, Fields};
use super::{Entry, Found, LineCounter, date, loss, markup, name, pubmed_type};
use crate::core::item::Name;

/// Where tags without a place in CSL are kept.
const KEPT: &str = "nbib";
/// More lines of one record are no record.
const LONGEST: usize = 200_000;

/// A tag with its first line and further lines.
type Line<'a> = (&'a str, &'a str, Vec<&'a str>);

/// Hands over the records of a text.
pub(super) fn each(text: &str, with: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut lines = LineCounter::new(text);
    let mut record: Vec<Line<'_>> = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut blank = true;
    for line in text.split_inclusive(['\n', '\r']) {
        let here = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        if content.trim().is_empty() {
            // `\r\n` is split in two; the second half is no empty line.
            if line != "\n"
                || !text
                    .get(..here)
                    .is_some_and(|before| before.ends_with('\r'))
            {
                blank = true;
            }
            continue;
        }
        if let Some((tag, value)) = tag(content) {
            let begins = tag == "PMID" && record.iter().any(|(tag, _, _)| *tag == "PMID");
            let is_new =
                record.is_empty() || begins || (blank && matches!(tag, "PMID" | "STAT" | "OWN"));
            if is_new && !record.is_empty() {
                finish(&mut record, start..here, &mut lines, with)?;
            }
            if record.is_empty() {
                start = here;
            }
            if record.len() < LONGEST {
                record.push((tag, value, Vec::new()));
            }
            blank = false;
        } else if let Some((_, _, more)) = record.last_mut()
            && more.len() < LONGEST
            && content.starts_with([' ', '\t'])
        {
            more.push(content.trim());
        }
    }
    finish(&mut record, start..text.len(), &mut lines, with)
}

/// `PMID- value`: up to four capitals, blanks to the fifth column, a hyphen.
fn tag(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix('\u{FEFF}').unwrap_or(line);
    let (tag, value) = line.split_at_checked(4)?;
    let value = value.strip_prefix('-')?;
    let tag = tag.trim_end();
    let is_tag = tag.len() >= 2
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    is_tag.then(|| (tag, value.trim()))
}

fn finish(
    record: &mut Vec<Line<'_>>,
    span: std::ops::Range<usize>,
    lines: &mut LineCounter<'_>,
    with: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let record = std::mem::take(record);
    if record.is_empty() {
        return ControlFlow::Continue(());
    }
    let line = lines.line(span.start);
    if record.len() == 1 && !record.iter().any(|(tag, _, _)| *tag == "PMID") {
        return with(loss(
            line,
            "a line outside any record",
            "begin a record with its PMID line",
        ));
    }
    with(Found::Entry(Box::new(Entry {
        item: convert(&record).into_item(),
        span,
        line,
        ..Entry::default()
    })))
}

fn convert(record: &[Line<'_>]) -> Fields {
    let mut fields = Fields::default();
    let mut authors = Vec::new();
    let mut editors = Vec::new();
    let mut short_authors = Vec::new();
    let mut keywords: Vec<String> = Vec::new();
    let mut types = Vec::new();
    let mut location = String::new();
    let (mut published, mut electronic) = (None, None);
    for (tag, first, more) in record {
        let joined;
        let value = if more.is_empty() {
            *first
        } else {
            joined = std::iter::once(*first)
                .chain(more.iter().copied())
                .collect::<Vec<_>>()
                .join(" ");
            joined.as_str()
        };
        if value.is_empty() {
            continue;
        }
        match *tag {
            "PMID" => {
                fields.text("id", format!("pmid{value}"));
                fields.text("PMID", value);
            }
            "PMC" => fields.text("PMCID", value),
            "TI" | "BTI" if *tag == "TI" || !record.iter().any(|(tag, _, _)| *tag == "TI") => {
                fields.text("title", without_stop(&markup::clean(value)));
            }
            "BTI" => fields.text("container-title", without_stop(&markup::clean(value))),
            "TT" => fields.text("original-title", without_stop(&markup::clean(value))),
            "FAU" => authors.extend(name::comma_separated(value).map(of_medline)),
            "AU" => short_authors.push(value.to_owned()),
            "CN" => authors.push(name::literal(value.to_owned())),
            "FED" => editors.extend(name::comma_separated(value).map(of_medline)),
            "JT" => fields.text("container-title", value),
            "TA" => fields.text("container-title-short", value),
            "VI" => fields.text("volume", value),
            "IP" => fields.text("issue", value),
            "PG" => fields.text("page", entry::full_range(&entry::pages(value))),
            "DP" => published = date::loose(value),
            "DEP" => electronic = date::loose(value),
            "LID" | "AID" | "LOC" => {
                if let Some(doi) = value.strip_suffix("[doi]") {
                    fields.text("DOI", entry::doi(doi));
                } else if let Some(id) = value.strip_suffix("[pii]") {
                    id.trim().clone_into(&mut location);
                } else if *tag != "AID" || !value.ends_with("[pii]") {
                    fields.keep(KEPT, tag, value);
                }
            }
            "IS" => {
                let number = value.split(' ').next().unwrap_or_default();
                if fields.has("ISSN") {
                    fields.keep(KEPT, tag, value);
                } else {
                    fields.text("ISSN", number);
                }
            }
            "ISBN" => fields.text("ISBN", value),
            "LA" => match language(value) {
                Some(tag) => fields.text("language", tag),
                None => fields.text("language", value),
            },
            "AB" => fields.text("abstract", markup::clean(value)),
            "MH" | "OT" => keywords.push(value.replace('*', "")),
            "PT" => types.push(value.to_owned()),
            "PB" => fields.text("publisher", value),
            "PL" => fields.text("publisher-place", value),
            "EN" => fields.text("edition", value),
            "CTI" => fields.text("collection-title", value),
            _ => fields.keep(KEPT, tag, value),
        }
    }
    if authors.is_empty() {
        authors = short_authors
            .iter()
            .filter_map(|text| short_name(text))
            .collect();
    }
    fields.names("author", &authors);
    fields.names("editor", &editors);
    fields.date("issued", published.or(electronic).as_ref());
    if !fields.has("page") && !fields.has("DOI") {
        fields.text("number", location);
    }
    if !keywords.is_empty() {
        // MeSH headings have commas of their own.
        fields.text("keyword", keywords.join("; "));
    }
    fields.text("type", pubmed_type(&types, fields.has("container-title")));
    for kind in types {
        fields.keep(KEPT, "PT", kind);
    }
    fields
}

/// "Family, Given Jr": the suffix stands after the given names.
fn of_medline(mut name: Name) -> Name {
    if let Some((given, suffix)) = name.given.rsplit_once(' ')
        && matches!(
            suffix,
            "Jr" | "Sr" | "2nd" | "3rd" | "4th" | "II" | "III" | "IV"
        )
    {
        name.suffix = suffix.to_owned();
        name.given = given.to_owned();
    }
    name
}

/// "Casbon JA": family name and initials.
pub(super) fn short_name(text: &str) -> Option<Name> {
    let text = text.trim();
    let Some((family, initials)) = text.rsplit_once(' ') else {
        return name::comma_separated(text);
    };
    if !initials.chars().all(char::is_uppercase) || initials.chars().count() > 4 {
        return Some(name::literal(text.to_owned()));
    }
    let given: Vec<String> = initials.chars().map(|c| format!("{c}.")).collect();
    let (particle, family) = name::split_particle(family);
    Some(Name {
        family,
        given: given.join(" "),
        non_dropping_particle: particle,
        ..Name::default()
    })
}

/// PubMed ends every title with a stop, and puts translated ones in brackets.
pub(super) fn without_stop(title: &str) -> String {
    let title = title.trim();
    let bare = title
        .strip_suffix('.')
        .filter(|bare| !bare.ends_with('.'))
        .unwrap_or(title);
    bare.strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .filter(|inner| !inner.contains(['[', ']']))
        .unwrap_or(bare)
        .to_owned()
}

/// MEDLINE's three letters as a language tag.
pub(super) fn language(code: &str) -> Option<&'static str> {
    super::bibtex::language(crate::core::cite::bib::language::babel_name(code)?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::core::import::read;

    #[test]
    fn line_ends_of_other_systems_split_no_record() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "PMID- 1\nOWN - NLM\nSTAT- X\nTI  - A\n      b.\n\nPMID- 2\nTI  - C.\n"
                .replace('\n', end);
            let import = read(text.as_bytes(), "x.nbib").unwrap();
            let titles: Vec<_> = import
                .entries
                .iter()
                .map(|entry| entry.item.text("title").unwrap().into_owned())
                .collect();
            assert_eq!(titles, ["A b", "C"], "{end:?}");
            assert_eq!(import.entries[1].line, 7, "{end:?}");
        }
    }

    #[test]
    fn records_have_their_fields() {
        let text = "\nPMID- 16403221\nOWN - NLM\nIS  - 1471-2105 (Electronic)\nVI  - 7\nDP  - 2006 Mar-Apr\n\
                    TI  - A high level interface\n      to SCOP.\nPG  - 561-7\nLID - 10.1/x [doi]\nAB  - One.\nFAU - Casbon, James A Jr\n\
                    AU  - Casbon JA\nCN  - The ABC Group\nLA  - eng\nPT  - Journal Article\nTA  - BMC Bioinf\nJT  - BMC bioinformatics\n\
                    MH  - *Databases, Protein\nPMC - PMC1\n\nPMID- 2\nTI  - [Translated title].\nAU  - van der Berg JA\n";
        let import = read(text.as_bytes(), "x.nbib").unwrap();
        assert_eq!(import.problems, []);
        assert_eq!(import.entries.len(), 2);
        assert_eq!((import.entries[0].line, import.entries[1].line), (2, 22));
        assert_eq!(
            Value::Object(import.entries[0].item.fields().clone()),
            json!({
                "id": "pmid16403221", "PMID": "16403221", "ISSN": "1471-2105", "volume": "7",
                "title": "A high level interface to SCOP", "page": "561-567", "DOI": "10.1/x", "abstract": "One.",
                "language": "en", "container-title-short": "BMC Bioinf", "container-title": "BMC bioinformatics", "PMCID": "PMC1",
                "custom": {"nbib": {"OWN": "NLM", "PT": "Journal Article"}},
                "author": [{"family": "Casbon", "given": "James A", "suffix": "Jr"}, {"literal": "The ABC Group"}],
                "issued": {"date-parts": [[2006, 3], [2006, 4]]}, "keyword": "Databases, Protein", "type": "article-journal"
            })
        );
        let second = &import.entries[1].item;
        assert_eq!(second.text("title").as_deref(), Some("Translated title"));
        assert_eq!(second.names("author")[0].full(), "J. A. van der Berg");
    }
}
