//! RIS, as Zotero, EndNote and Mendeley read it.
//!
//! Source of the tags: *RIS format specifications* (Research Information Systems, 2012 revision) and Zotero's use of
//! them. Lines end in `\n`, because the text goes to a clipboard; readers take both. A value is always one line.
//! A PubMed id stands in `AN` with `DB  - PubMed`, a PubMed Central id in `C2`, as EndNote has them.

use super::identifier;
use super::markup::{self, Piece};
use crate::core::date::{Date, DateParts};
use crate::core::item::{Item, Name};
use crate::core::text::{clean, scrub};

/// One record, from `TY` to `ER`.
pub fn record(item: &Item, _key: &str) -> String {
    let kind = kind(item);
    let mut lines = Lines(format!("TY  - {kind}"));
    for name in super::bib::names::creators(item) {
        lines.add("AU", &person(&name));
    }
    lines.names(item, editor_tag(kind), "editor");
    lines.names(item, "A3", "collection-editor");
    lines.names(item, "A4", "translator");
    lines.text(item, "TI", "title");
    lines.text(item, "ST", "title-short");
    if let Some(container) = item.text("container-title") {
        lines.add("T2", &clean(&container));
        if matches!(kind, "JOUR" | "MGZN" | "NEWS") {
            lines.add("JO", &clean(&container));
        }
    }
    lines.text(item, "JA", "container-title-short");
    lines.text(item, "T3", "collection-title");
    if let Some(date) = item.date("issued") {
        issued(&mut lines, &date);
    }
    lines.text(item, "VL", "volume");
    if matches!(kind, "RPRT" | "PAT" | "STAND" | "UNPB") {
        lines.text(item, "SN", "number");
    } else {
        lines.text(item, "M1", "number");
    }
    lines.text(item, "M1", "collection-number");
    lines.text(item, "IS", "issue");
    pages(&mut lines, item);
    lines.text(item, "ET", "edition");
    lines.text(item, "NV", "number-of-volumes");
    lines.text(item, "M3", "genre");
    lines.text(item, "PB", "publisher");
    lines.text(item, "CY", "publisher-place");
    lines.text(item, "SN", "ISBN");
    lines.text(item, "SN", "ISSN");
    if let Some(doi) = identifier::doi(item) {
        lines.add("DO", &scrub(&doi, false));
    }
    if let Some(url) = identifier::own_address(item) {
        lines.add("UR", &url);
    }
    if let Some(start) = item.date("accessed").and_then(|date| date.start) {
        lines.add("Y2", &slashes(start));
    }
    if let Some(id) = identifier::pubmed(item) {
        lines.add("AN", &id);
        lines.add("DB", "PubMed");
    }
    if let Some(id) = identifier::pubmed_central(item) {
        lines.add("C2", &id);
    }
    for word in identifier::keywords(item) {
        lines.add("KW", &word);
    }
    lines.text(item, "LA", "language");
    lines.text(item, "AB", "abstract");
    lines.text(item, "N1", "note");
    lines.0.push_str("\nER  - ");
    lines.0
}

struct Lines(String);

impl Lines {
    fn add(&mut self, tag: &str, value: &str) {
        if value.trim().is_empty() {
            return;
        }
        self.0.push('\n');
        self.0.push_str(tag);
        self.0.push_str("  - ");
        self.0.push_str(value.trim());
    }

    fn text(&mut self, item: &Item, tag: &str, variable: &str) {
        if let Some(text) = item.text(variable) {
            self.add(tag, &without_markup(&text));
        }
    }

    fn names(&mut self, item: &Item, tag: &str, variable: &str) {
        for name in item.names(variable) {
            self.add(tag, &person(&name));
        }
    }
}

/// RIS has no markup; formulas keep their dollar signs.
fn without_markup(raw: &str) -> String {
    markup::parse(raw)
        .into_iter()
        .fold(String::new(), |mut out, piece| {
            match piece {
                Piece::Char(c) => out.push(c),
                Piece::Math(formula) => {
                    out.push('$');
                    out.push_str(&formula);
                    out.push('$');
                }
                Piece::Open(_) | Piece::Close => {}
            }
            out
        })
}

/// `Family, Given, Suffix`; an institution as it is.
fn person(name: &Name) -> String {
    if !name.literal.is_empty() {
        return clean(&name.literal).into_string();
    }
    let family = clean(&name.short()).into_string();
    let given = if name.family.is_empty() {
        String::new()
    } else {
        clean(&name.given).into_string()
    };
    let suffix = clean(&name.suffix).into_string();
    match (given.is_empty(), suffix.is_empty()) {
        (true, true) => family,
        (false, true) => format!("{family}, {given}"),
        (_, false) => format!("{family}, {given}, {suffix}"),
    }
}

/// Of a part, the editors made the book it stands in.
fn editor_tag(kind: &str) -> &'static str {
    if matches!(kind, "BOOK" | "EDBOOK") {
        "ED"
    } else {
        "A2"
    }
}

fn issued(lines: &mut Lines, date: &Date) {
    let Some(start) = date.start else {
        if let Some(year) = date.year() {
            lines.add("PY", &year.to_string());
        }
        let literal = clean(date.literal.as_deref().unwrap_or_default());
        lines.add("DA", &format!("///{}", literal.replace('/', "-")));
        return;
    };
    lines.add("PY", &start.year.to_string());
    if start.month.is_some() {
        lines.add("DA", &slashes(start));
    } else if let Some(season) = start.season {
        let season = ["Spring", "Summer", "Fall", "Winter"]
            .get(usize::from(season).saturating_sub(1))
            .copied()
            .unwrap_or_default();
        lines.add("DA", &format!("{}///{season}", start.year));
    }
}

/// `YYYY/MM/DD/`, with nothing for what is not known.
fn slashes(parts: DateParts) -> String {
    let two = |part: Option<u8>| part.map(|part| format!("{part:02}")).unwrap_or_default();
    format!("{:04}/{}/{}/", parts.year, two(parts.month), two(parts.day))
}

fn pages(lines: &mut Lines, item: &Item) {
    let Some(page) = item.text("page").or_else(|| item.text("article-number")) else {
        return;
    };
    let page = clean(identifier::pages(&page));
    let split = page
        .split_once(['–', '—'])
        .or_else(|| page.split_once("--"))
        .or_else(|| {
            page.split_once('-')
                .filter(|(_, to)| !to.contains(['-', ',']))
        });
    match split {
        Some((from, to)) if !from.trim().is_empty() && !to.trim().is_empty() => {
            lines.add("SP", from);
            lines.add("EP", to);
        }
        _ => lines.add("SP", &page),
    }
}

fn kind(item: &Item) -> &'static str {
    match item.kind() {
        "article" => "UNPB",
        "article-journal" | "review" | "review-book" => "JOUR",
        "article-magazine" => "MGZN",
        "article-newspaper" => "NEWS",
        "bill" => "BILL",
        "book" if item.names("author").is_empty() && !item.names("editor").is_empty() => "EDBOOK",
        "book" => "BOOK",
        "broadcast" => "MULTI",
        "classic" => "CLSWK",
        "collection" => "ADVS",
        "dataset" => "DATA",
        "chapter" | "entry" => "CHAP",
        "entry-dictionary" => "DICT",
        "entry-encyclopedia" => "ENCYC",
        "figure" => "FIGURE",
        "graphic" => "ART",
        "hearing" => "HEAR",
        "interview" | "personal_communication" => "PCOMM",
        "legal_case" => "CASE",
        "legislation" | "treaty" => "STAT",
        "regulation" => "LEGAL",
        "manuscript" => "MANSCPT",
        "map" => "MAP",
        "motion_picture" => "MPCT",
        "musical_score" => "MUSIC",
        "pamphlet" => "PAMP",
        "paper-conference" => "CPAPER",
        "patent" => "PAT",
        "periodical" => "SER",
        "post-weblog" => "BLOG",
        "post" | "webpage" => "ELEC",
        "report" => "RPRT",
        "software" => "COMP",
        "song" => "SOUND",
        "speech" => "SLIDE",
        "standard" => "STAND",
        "thesis" => "THES",
        _ => "GEN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record_of(value: &serde_json::Value) -> String {
        record(&Item::parse(value.to_string().as_bytes()).unwrap(), "k")
    }

    #[test]
    fn a_journal_article_has_all_its_tags() {
        let out = record_of(&json!({
            "type": "article-journal",
            "title": "On <i>E. coli</i>\n in CO<sub>2</sub>",
            "container-title": "J. Things", "volume": "12", "issue": 3, "page": "100–109", "ISSN": "1234-5678",
            "DOI": "https://doi.org/10.1/x", "URL": "https://doi.org/10.1/x", "PMID": "123", "PMCID": "PMC99",
            "author": [
                {"family": "Mare", "given": "Walter", "non-dropping-particle": "de la"},
                {"family": "Gooding", "given": "Cuba", "suffix": "Jr."},
                {"literal": "World Health Organization"}],
            "issued": {"date-parts": [[2020, 3, 4]]}, "keyword": "a; b, c", "language": "en",
            "abstract": "<p>One.</p><p>Two.</p>"
        }));
        assert_eq!(
            out,
            "TY  - JOUR\nAU  - de la Mare, Walter\nAU  - Gooding, Cuba, Jr.\nAU  - World Health Organization\n\
             TI  - On E. coli in CO2\nT2  - J. Things\nJO  - J. Things\nPY  - 2020\nDA  - 2020/03/04/\nVL  - 12\n\
             IS  - 3\nSP  - 100\nEP  - 109\nSN  - 1234-5678\nDO  - 10.1/x\nAN  - 123\nDB  - PubMed\nC2  - PMC99\n\
             KW  - a\nKW  - b, c\nLA  - en\nAB  - One. Two.\nER  - "
        );
    }

    #[test]
    fn a_chapter_has_its_book_and_editors() {
        let out = record_of(&json!({
            "type": "chapter", "title": "Part", "container-title": "Whole", "collection-title": "Series",
            "editor": [{"family": "Ed", "given": "A."}], "publisher": "P", "publisher-place": "Q",
            "page": "S1-12", "issued": {"literal": "spring of 1998"}
        }));
        for line in [
            "TY  - CHAP",
            "A2  - Ed, A.",
            "T2  - Whole",
            "T3  - Series",
            "PB  - P",
            "CY  - Q",
            "PY  - 1998",
        ] {
            assert!(out.lines().any(|l| l == line), "{line} in {out}");
        }
    }
}
