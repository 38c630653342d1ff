//! RIS, as EndNote, Zotero, Mendeley and publishers write it.
//!
//! Source of the tags: *RIS format specifications* (Research Information Systems, 2012 revision), its older form
//! (2001), and Zotero's reading of both. Writers differ: one space or two around the hyphen, values over several lines,
//! junk before the first record, a missing `ER`.

mod dates;

use std::ops::ControlFlow;

use super::entry::{self, Fields, Noted};
use super::{Entry, Found, LineCounter, date, loss, markup, name, remark};
use dates::Dates;

/// Where tags without a place in CSL are kept.
const KEPT: &str = "ris";
/// More lines of one record are no record.
const LONGEST: usize = 100_000;

/// Hands over the records of a text.
pub(super) fn each(text: &str, with: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut lines = LineCounter::new(text);
    let mut record = Record::default();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        match tag(content) {
            Some(("TY", value)) => {
                finish(&mut record, start, &mut lines, true, with)?;
                record.open = true;
                record.start = start;
                record.kind = value;
            }
            Some(("ER", _)) if record.open => {
                finish(&mut record, at, &mut lines, false, with)?;
            }
            Some((tag, value)) if record.open && record.tags.len() < LONGEST => {
                record.tags.push((tag, value, Vec::new()));
            }
            Some((tag, _))
                if !record.open && !record.stray && matches!(tag, "AU" | "A1" | "TI" | "T1") =>
            {
                record.stray = true;
                with(loss(
                    lines.line(start),
                    "a record without its TY line",
                    "begin it with a line such as \"TY  - JOUR\"",
                ))?;
            }
            None if record.open && !content.trim().is_empty() => {
                if let Some((_, _, more)) = record.tags.last_mut()
                    && more.len() < LONGEST
                {
                    more.push(content.trim());
                }
            }
            _ => {}
        }
    }
    finish(&mut record, text.len(), &mut lines, true, with)
}

#[derive(Default)]
struct Record<'a> {
    open: bool,
    start: usize,
    kind: &'a str,
    /// Tag, first line, further lines.
    tags: Vec<(&'a str, &'a str, Vec<&'a str>)>,
    /// Lines outside records have been reported since the last one.
    stray: bool,
}

/// `TY  - value`: two letters or digits, blanks, a hyphen.
fn tag(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(['\u{FEFF}', ' ', '\t']);
    let (name, rest) = line.split_at_checked(2)?;
    let mut letters = name.bytes();
    let is_tag = letters.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && letters
            .next()
            .is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !is_tag {
        return None;
    }
    let blanks = rest.bytes().take_while(|byte| *byte == b' ').count();
    let value = rest.get(blanks..)?.strip_prefix('-')?;
    ((1..=3).contains(&blanks) && (value.is_empty() || value.starts_with([' ', '\t'])))
        .then(|| (name, value.trim()))
}

fn finish(
    record: &mut Record<'_>,
    end: usize,
    lines: &mut LineCounter<'_>,
    is_cut: bool,
    with: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let record = std::mem::take(record);
    if !record.open {
        return ControlFlow::Continue(());
    }
    let line = lines.line(record.start);
    if is_cut {
        with(remark(
            line,
            1,
            "the record has no ER line at its end",
            "add a line \"ER  - \" after it",
        ))?;
    }
    let (fields, noted) = convert(&record);
    with(Found::Entry(Box::new(Entry {
        item: fields.into_item(),
        noted,
        span: record.start..end,
        line,
    })))
}

fn convert(record: &Record<'_>) -> (Fields, Noted) {
    let mut fields = Fields::default();
    let mut noted = Noted::default();
    let kind = record.kind.to_ascii_uppercase();
    let csl = csl_type(&kind);
    let is_journal = csl.starts_with("article-") || matches!(csl, "review" | "periodical");
    let is_part = matches!(
        csl,
        "chapter" | "paper-conference" | "entry-dictionary" | "entry-encyclopedia"
    );
    let mut people: Vec<(&'static str, String)> = Vec::new();
    let mut keywords: Vec<String> = Vec::new();
    let mut dates = Dates::default();
    let (mut first_page, mut last_page) = (String::new(), String::new());
    let (mut id, mut database, mut accession) = (String::new(), String::new(), String::new());
    for (tag, first, more) in &record.tags {
        let joined;
        let value = if more.is_empty() {
            *first
        } else {
            joined = std::iter::once(*first)
                .chain(more.iter().copied())
                .collect::<Vec<_>>()
                .join(if matches!(*tag, "AB" | "N2" | "N1" | "RN") {
                    "\n"
                } else {
                    " "
                });
            joined.as_str()
        };
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        match *tag {
            "AU" | "A1" => people.push(("author", value.to_owned())),
            "A2" => people.push((
                if csl == "book" {
                    "collection-editor"
                } else {
                    "editor"
                },
                value.to_owned(),
            )),
            "ED" => people.push(("editor", value.to_owned())),
            "A3" => people.push(("collection-editor", value.to_owned())),
            "A4" => people.push(("translator", value.to_owned())),
            "BT" if is_part => fields.text("container-title", markup::clean(value)),
            "TI" | "T1" | "CT" | "BT" => fields.text("title", markup::clean(value)),
            "ST" => fields.text("title-short", markup::clean(value)),
            "JF" | "JO" | "T2" if !(csl == "book" && *tag == "T2") => {
                let text = markup::clean(value);
                match fields.get("container-title") {
                    // The shorter one of two is the abbreviation.
                    Some(known) if *tag != "T2" && known != text => {
                        if known.len() >= text.len() {
                            fields.text("container-title-short", text);
                        } else if let Some(short) = fields.take("container-title") {
                            fields.text("container-title", text);
                            fields.text("container-title-short", short);
                        }
                    }
                    Some(known) if known == text => {}
                    Some(_) => fields.text("collection-title", text),
                    None => fields.text("container-title", text),
                }
            }
            "JA" | "J1" | "J2" => fields.text("container-title-short", markup::clean(value)),
            "T2" | "T3" => fields.text("collection-title", markup::clean(value)),
            "PY" | "Y1" => dates.year(value),
            "DA" => dates.day(value),
            "Y2" => fields.date("accessed", date::ris(value).as_ref()),
            "VL" => fields.text("volume", value),
            "IS" if is_journal || is_part => fields.text("issue", value),
            "IS" | "CP" => fields.text(if is_journal { "issue" } else { "number" }, value),
            "SP" => value.clone_into(&mut first_page),
            "EP" => value.clone_into(&mut last_page),
            "ET" => fields.text("edition", value),
            "NV" => fields.text("number-of-volumes", value),
            "PB" => fields.text("publisher", value),
            "CY" | "PP" => fields.text("publisher-place", value),
            "SN" => serial(value, csl, &mut fields),
            "DO" | "DI" => fields.text("DOI", entry::doi(value)),
            "UR" | "L2" => addresses(value, &mut fields, tag),
            "L1" | "L4" => noted.files.push(value.to_owned()),
            "KW" => keywords.extend(
                value
                    .split([';', '\n'])
                    .map(str::trim)
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned),
            ),
            "LA" => fields.text("language", value),
            "AB" | "N2" => abstract_text(value, &mut fields),
            "N1" | "RN" => note(value, &mut fields),
            "M1" if is_journal => {
                if fields.has("issue") {
                    fields.keep(KEPT, tag, value);
                } else {
                    fields.text("issue", value);
                }
            }
            "M1" => fields.text("number", value),
            "M3" if value.starts_with("10.") || value.to_ascii_lowercase().contains("doi") => {
                fields.text("DOI", entry::doi(value));
            }
            "M3" => fields.text("genre", value),
            "ID" => value.clone_into(&mut id),
            "DB" | "DP" => value.clone_into(&mut database),
            "AN" => value.clone_into(&mut accession),
            "C2" if value.to_ascii_uppercase().starts_with("PMC") => fields.text("PMCID", value),
            "C7" => fields.text("page", value),
            "CN" => fields.text("call-number", value),
            "SE" if !is_journal => fields.text("chapter-number", value),
            _ => fields.keep(KEPT, tag, value),
        }
    }
    // A number in `ID` is a row of some data base, but it is all there is.
    fields.text("id", id);
    fields.text("type", csl);
    if csl == "document" && kind != "GEN" {
        fields.keep(KEPT, "TY", record.kind);
    }
    for role in ["author", "editor", "collection-editor", "translator"] {
        let names: Vec<_> = people
            .iter()
            .filter(|(of, _)| *of == role)
            .filter_map(|(_, text)| name::comma_separated(text))
            .collect();
        fields.names(role, &names);
    }
    fields.date("issued", dates.issued().as_ref());
    pages(&first_page, &last_page, &mut fields);
    if !keywords.is_empty() {
        let separator = if keywords.iter().any(|word| word.contains(',')) {
            "; "
        } else {
            ", "
        };
        fields.text("keyword", keywords.join(separator));
    }
    if !accession.is_empty() {
        let is_id = accession.bytes().all(|byte| byte.is_ascii_digit());
        let lower = database.to_ascii_lowercase();
        if is_id && (lower.contains("pubmed") || lower.contains("medline")) {
            fields.text("PMID", accession);
        } else {
            fields.keep(KEPT, "AN", accession);
            fields.keep(KEPT, "DB", database);
        }
    } else if !database.is_empty() {
        fields.keep(KEPT, "DB", database);
    }
    (fields, noted)
}

fn pages(first: &str, last: &str, fields: &mut Fields) {
    let text = match (first.is_empty(), last.is_empty()) {
        (true, true) => return,
        (false, true) => entry::pages(first),
        (true, false) => entry::pages(last),
        (false, false) if first == last => entry::pages(first),
        // Some write the whole range into both.
        (false, false) if first.contains('-') && first.ends_with(last) => entry::pages(first),
        (false, false) => entry::pages(&format!("{first}--{last}")),
    };
    fields.text("page", entry::full_range(&text));
}

/// ISSN, ISBN, or the number of a report.
fn serial(value: &str, csl: &str, fields: &mut Fields) {
    let digits = value
        .bytes()
        .filter(|byte| byte.is_ascii_digit() || matches!(byte, b'X' | b'x'))
        .count();
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'X' | b'x' | b'-' | b' '));
    match digits {
        8 if plain => fields.text("ISSN", value),
        10 | 13 if plain => fields.text("ISBN", value),
        _ if matches!(csl, "report" | "patent" | "standard" | "article") => {
            fields.text("number", value);
        }
        _ if matches!(csl, "book" | "chapter" | "paper-conference" | "thesis") => {
            fields.text("ISBN", value);
        }
        _ => fields.text("ISSN", value),
    }
}

/// An address; one that resolves a DOI is that DOI.
fn addresses(value: &str, fields: &mut Fields, tag: &str) {
    for address in value
        .split([';', ' ', '\n'])
        .map(str::trim)
        .filter(|address| !address.is_empty())
    {
        let lower = address.to_ascii_lowercase();
        if (lower.contains("doi.org/10.") || lower.starts_with("doi:")) && !fields.has("DOI") {
            fields.text("DOI", entry::doi(address));
        }
        if fields.has("URL") {
            if fields.get("URL") != Some(address) {
                fields.keep(KEPT, tag, address);
            }
        } else {
            fields.text("URL", address);
        }
    }
}

/// Some exports have the word "Abstract" where it should be.
fn abstract_text(value: &str, fields: &mut Fields) {
    if !value.eq_ignore_ascii_case("abstract") {
        fields.text("abstract", markup::clean(value));
    }
}

fn note(value: &str, fields: &mut Fields) {
    let lower = value.to_ascii_lowercase();
    if (lower.starts_with("10.") || lower.starts_with("doi:"))
        && !value.contains(' ')
        && !fields.has("DOI")
    {
        fields.text("DOI", entry::doi(value));
    } else if fields.has("note") {
        fields.keep(KEPT, "N1", value);
    } else {
        fields.text("note", value);
    }
}

fn csl_type(kind: &str) -> &'static str {
    match kind {
        "JOUR" | "EJOUR" | "JFULL" | "INPR" | "ABST" => "article-journal",
        "UNPB" => "article",
        "MGZN" => "article-magazine",
        "NEWS" => "article-newspaper",
        "BOOK" | "EDBOOK" | "EBOOK" | "SER" | "WHOLE" => "book",
        "CHAP" | "ECHAP" => "chapter",
        "CONF" | "CPAPER" => "paper-conference",
        "THES" => "thesis",
        "RPRT" | "GOVDOC" => "report",
        "DATA" | "AGGR" => "dataset",
        "DICT" => "entry-dictionary",
        "ENCYC" => "entry-encyclopedia",
        "FIGURE" => "figure",
        "ART" | "CHART" => "graphic",
        "BILL" => "bill",
        "STAT" => "legislation",
        "LEGAL" => "regulation",
        "CASE" | "UNBILL" => "legal_case",
        "HEAR" => "hearing",
        "MANSCPT" => "manuscript",
        "MAP" => "map",
        "MPCT" | "VIDEO" => "motion_picture",
        "MUSIC" => "musical_score",
        "SOUND" => "song",
        "MULTI" => "broadcast",
        "PAMP" => "pamphlet",
        "PAT" => "patent",
        "BLOG" => "post-weblog",
        "ELEC" | "WEB" | "ICOMM" => "webpage",
        "COMP" => "software",
        "SLIDE" => "speech",
        "STAND" => "standard",
        "PCOMM" => "personal_communication",
        "CLSWK" => "classic",
        "ADVS" => "collection",
        _ => "document",
    }
}

#[cfg(test)]
mod tests;
