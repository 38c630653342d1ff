//! From an item and what the library knows about it to its page.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{
    Block, Link, Page, PdfLook, Piece, Section, SectionKind, findings, metrics, pdf, short_authors,
};
use crate::core::actions::WebPlace;
use crate::core::date::Date;
use crate::core::findings::{AbstractText, Extract, ModelFindings, NoExtract};
use crate::core::item::{Item, Name};
use crate::core::journal::{Comment, PaperState};
use crate::core::moment::to_the_minute;
use crate::core::paper::PaperNo;
use crate::core::services::StoredMetrics;
use crate::core::text::{clean, scrub};

/// Authors beyond this many are counted, not listed; the file keeps them all.
const AUTHORS_SHOWN: usize = 60;

/// A paper of the library that has to do with the one on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedPaper {
    /// Its place in the library.
    pub no: PaperNo,
    /// Its id.
    pub id: String,
    /// Display title.
    pub title: String,
    /// "Wang, Zhao et al. · 2024".
    pub byline: String,
    /// Likeness in hundredths, 0–100; `None` for citations.
    pub score: Option<u8>,
    /// Why it is here: "shares: car-t, solid tumor".
    pub why: String,
}

/// What the library knows about a paper beside its item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Related {
    /// The most similar papers, best first.
    pub similar: Vec<RelatedPaper>,
    /// Papers of the library that it cites.
    pub cites: Vec<RelatedPaper>,
    /// Papers of the library that cite it.
    pub cited_by: Vec<RelatedPaper>,
}

/// Everything a page is made of, apart from the item.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// The citation key.
    pub key: &'a str,
    /// Similar and citing papers; `None` while they are not known yet.
    pub related: Option<&'a Related>,
    /// The library is indexed, so that they are known in a moment.
    pub indexed: bool,
    /// Ready citations: label and text.
    pub citations: &'a [(String, String)],
    /// What the reader noted; `None` for nothing.
    pub notes: Option<&'a PaperState>,
    /// Figures that were fetched; `None` for never.
    pub metrics: Option<&'a StoredMetrics>,
    /// Key findings taken from the abstract; `None` to have them taken while the page is made.
    pub findings: Option<&'a Result<Extract, NoExtract>>,
    /// What a model said that the reader asked; `None` for never.
    pub by_model: Option<&'a ModelFindings>,
    /// What is known of the attached PDF; `None` where nobody looked.
    pub pdf: Option<&'a PdfLook>,
}

/// Makes the page of an item.
pub fn build(item: &Item, facts: &Facts<'_>) -> Page {
    let text = |field: &str| {
        item.text(field)
            .map(|raw| clean(&raw).into_string())
            .filter(|text| !text.is_empty())
    };
    let names = item.names("author");
    let authors: Vec<String> = names
        .iter()
        .map(|name| clean(&name.full()).into_string())
        .collect();
    let short: Vec<String> = names
        .iter()
        .map(|name| clean(&name.short()).into_string())
        .collect();
    let title = text("title").unwrap_or_else(|| "Untitled".to_owned());
    let venue = text("container-title")
        .or_else(|| text("publisher"))
        .or_else(|| text("genre"));
    let year = item.date("issued").and_then(|date| date.year());
    let doi = item.doi().map(|doi| clean(&doi).into_string());
    let url = doi
        .as_ref()
        .map(|doi| format!("https://doi.org/{doi}"))
        .or_else(|| item.arxiv().map(|id| format!("https://arxiv.org/abs/{id}")))
        .or_else(|| text("URL"));
    let abstract_text = AbstractText::of(&item.text("abstract").unwrap_or_default());
    let mut sections = vec![
        abstract_section(&abstract_text),
        findings::section(&abstract_text, facts),
        details_section(item, doi.as_deref()),
        metrics::section(item, year, facts),
        actions_section(item),
        cite_section(facts.citations),
        pdf::section(facts.notes, facts.pdf),
        similar_section(facts),
        comments_section(facts.notes),
    ];
    if let Some(notes) = facts.notes.filter(|notes| **notes != PaperState::default())
        && let Some(details) = (sections.iter_mut()).find(|one| one.kind == SectionKind::Details)
    {
        details.blocks.extend(noted_fields(notes));
    }
    Page {
        banner: metrics::banner(item, facts.metrics),
        id: clean(&item.id()).into_string(),
        key: facts.key.to_owned(),
        byline: byline(
            &short_authors(short.iter().map(String::as_str), item.authors_truncated()),
            venue.as_deref(),
            year,
        ),
        title,
        authors,
        doi,
        url,
        sections,
    }
}

/// "Vaswani, Shazeer +6 · NeurIPS 2017", leaving out what is unknown.
pub fn byline(authors: &str, venue: Option<&str>, year: Option<i32>) -> String {
    let place = match (venue, year) {
        (Some(venue), Some(year)) => format!("{venue} {year}"),
        (Some(venue), None) => venue.to_owned(),
        (None, Some(year)) => year.to_string(),
        (None, None) => String::new(),
    };
    [authors, &place]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The reader's comments, each under its time, newest last; what is shown is scrubbed, what is stored is not.
fn comments_section(notes: Option<&PaperState>) -> Section {
    let comments = notes.map_or(&[][..], |notes| &notes.comments);
    let machines: BTreeSet<&str> = comments
        .iter()
        .flat_map(|comment| &comment.texts)
        .map(|text| machine_of(&text.writer))
        .collect();
    let mut blocks: Vec<Block> = comments
        .iter()
        .map(|comment| Block::Comment {
            id: comment.id.clone(),
            head: comment_head(comment, machines.len() > 1),
            text: scrub(&comment.text, true).trim_end().to_owned(),
        })
        .collect();
    if blocks.is_empty() {
        blocks.push(Block::Note("No comments yet".to_owned()));
    }
    Section {
        kind: SectionKind::Comments,
        count: Some(comments.len()),
        origin: None,
        blocks,
    }
}

/// When a comment was written and changed; on which machine, where there are several.
fn comment_head(comment: &Comment, name_machines: bool) -> String {
    let mut head = to_the_minute(comment.created);
    if let Some(at) = comment.edited {
        let _ = write!(head, " · edited {}", to_the_minute(at));
    }
    if name_machines {
        let machines: BTreeSet<&str> = comment
            .texts
            .iter()
            .map(|text| machine_of(&text.writer))
            .collect();
        for machine in machines {
            let _ = write!(head, " · {}", scrub(machine, false));
        }
    }
    if comment.texts.len() > 1 {
        let _ = write!(head, " · {} versions", comment.texts.len());
    }
    head
}

/// The machine's part of a writer's name.
fn machine_of(writer: &str) -> &str {
    writer
        .rsplit_once('-')
        .map_or(writer, |(machine, _)| machine)
}

/// Status and marks in a line: `read · ★ · rated 4 of 5 · #project/thesis`.
pub fn summed_up(notes: &PaperState) -> String {
    let tags = notes
        .tags
        .iter()
        .map(|tag| format!("#{}", scrub(tag, false)));
    let marks: Vec<String> = marks(notes).into_iter().chain(tags).collect();
    marks.join(" · ")
}

fn marks(notes: &PaperState) -> Vec<String> {
    let mut marks = vec![notes.status.name().to_owned()];
    if notes.starred {
        marks.push("★".to_owned());
    }
    if notes.rating > 0 {
        marks.push(format!("rated {} of 5", notes.rating));
    }
    if notes.priority > 0 {
        marks.push(format!("priority {}", notes.priority));
    }
    if notes.queue.is_some() {
        marks.push("in the queue".to_owned());
    }
    marks
}

/// How far it was read, and when.
fn reading(notes: &PaperState) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(progress) = notes.progress {
        parts.push(match progress.of {
            0 => format!("page {}", progress.page),
            of => format!("page {} of {of}", progress.page),
        });
    }
    for (what, at) in [
        ("added", notes.added),
        ("opened", notes.opened),
        ("finished", notes.finished),
    ] {
        parts.extend(at.map(|at| format!("{what} {}", to_the_minute(at))));
    }
    parts
}

/// What the reader noted, as rows of the details; nothing where there is nothing to say.
fn noted_fields(notes: &PaperState) -> Vec<Block> {
    let field = |label, text: String| Block::Field {
        label,
        value: vec![Piece::plain(text)],
    };
    let mut fields = vec![field("Status", marks(notes).join(" · "))];
    let reading = reading(notes);
    if !reading.is_empty() {
        fields.push(field("Reading", reading.join(" · ")));
    }
    if !notes.tags.is_empty() {
        let tags: Vec<String> = notes.tags.iter().map(|tag| scrub(tag, false)).collect();
        fields.push(field("Tags", tags.join(" · ")));
    }
    fields
}

/// Where the paper can be opened; the menu has the rest.
fn actions_section(item: &Item) -> Section {
    let mut value = Vec::new();
    for place in WebPlace::ALL {
        if let Ok(address) = place.address(item) {
            if !value.is_empty() {
                value.push(Piece::plain(" · "));
            }
            value.push(Piece::linked(place.label(), Link::Url(address)));
        }
    }
    if value.is_empty() {
        return note_section(
            SectionKind::Actions,
            "No address on the web is known for this paper",
        );
    }
    let label = "Open";
    Section {
        kind: SectionKind::Actions,
        count: None,
        origin: None,
        blocks: vec![Block::Field { label, value }],
    }
}

fn note_section(kind: SectionKind, note: &str) -> Section {
    Section {
        kind,
        count: None,
        origin: None,
        blocks: vec![Block::Note(note.to_owned())],
    }
}

fn abstract_section(read: &AbstractText) -> Section {
    let mut blocks: Vec<Block> = read
        .paragraphs()
        .map(|(_, paragraph)| Block::Paragraph(paragraph.to_owned()))
        .collect();
    if blocks.is_empty() {
        blocks.push(Block::Note(
            "The library has no abstract for this paper".to_owned(),
        ));
    }
    Section {
        kind: SectionKind::Abstract,
        count: None,
        origin: None,
        blocks,
    }
}

fn details_section(item: &Item, doi: Option<&str>) -> Section {
    let text = |field: &str| {
        item.text(field)
            .map(|raw| clean(&raw).into_string())
            .filter(|text| !text.is_empty())
    };
    let mut blocks = vec![authors_field(item)];
    for (label, field) in [("Editors", "editor"), ("Translators", "translator")] {
        let names = item.names(field);
        if !names.is_empty() {
            blocks.push(Block::Field {
                label,
                value: people(&names, false),
            });
        }
    }
    let mut plain = |label: &'static str, value: Option<String>| {
        if let Some(value) = value {
            blocks.push(Block::Field {
                label,
                value: vec![Piece::plain(value)],
            });
        }
    };
    plain("Published", publication(item));
    plain(
        "Publisher",
        text("publisher")
            .filter(|_| item.text("container-title").is_some() || item.kind() == "book"),
    );
    plain(
        "Date",
        item.date("issued")
            .map(|date| clean(&date_text(&date)).into_string()),
    );
    plain("Type", Some(kind_name(item.kind())));
    let mut linked = |label: &'static str, value: Option<String>, url: &dyn Fn(&str) -> String| {
        if let Some(value) = value {
            let link = Link::Url(url(&value));
            blocks.push(Block::Field {
                label,
                value: vec![Piece::linked(value, link)],
            });
        }
    };
    linked("DOI", doi.map(str::to_owned), &|doi| {
        format!("https://doi.org/{doi}")
    });
    linked("PubMed", text("PMID"), &|id| {
        format!("https://pubmed.ncbi.nlm.nih.gov/{id}/")
    });
    linked("PMC", text("PMCID"), &|id| {
        format!("https://www.ncbi.nlm.nih.gov/pmc/articles/{id}/")
    });
    linked("arXiv", item.arxiv(), &|id| {
        format!("https://arxiv.org/abs/{id}")
    });
    linked(
        "Link",
        text("URL").filter(|url| doi.is_none_or(|doi| !url.ends_with(doi))),
        &str::to_owned,
    );
    let mut plain = |label: &'static str, value: Option<String>| {
        if let Some(value) = value {
            blocks.push(Block::Field {
                label,
                value: vec![Piece::plain(value)],
            });
        }
    };
    plain("ISBN", text("ISBN"));
    plain("ISSN", text("ISSN"));
    plain("Keywords", text("keyword"));
    plain("Language", text("language"));
    plain(
        "Key",
        Some(clean(&item.id()).into_string()).filter(|id| !id.is_empty()),
    );
    Section {
        kind: SectionKind::Details,
        count: None,
        origin: None,
        blocks,
    }
}

fn authors_field(item: &Item) -> Block {
    let names = item.names("author");
    let value = if names.is_empty() {
        vec![Piece::plain("unknown")]
    } else {
        people(&names, item.authors_truncated())
    };
    Block::Field {
        label: "Authors",
        value,
    }
}

fn people(names: &[Name], truncated: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, name) in names.iter().take(AUTHORS_SHOWN).enumerate() {
        if at > 0 {
            pieces.push(Piece::plain(", "));
        }
        pieces.push(Piece::linked(
            clean(&name.full()).into_string(),
            Link::Author(author_query(name)),
        ));
    }
    if names.len() > AUTHORS_SHOWN {
        pieces.push(Piece::plain(format!(
            " and {} others",
            thousands(names.len() - AUTHORS_SHOWN)
        )));
    } else if truncated {
        pieces.push(Piece::plain(" et al."));
    }
    pieces
}

/// The query for the papers of an author: the whole name where the given name is written out, else the family name and
/// the initial, which also find papers that spell the given name.
fn author_query(name: &Name) -> String {
    let quoted = |text: &str| format!("author:\"{}\"", clean(text).replace('"', ""));
    let first = name
        .given
        .split([' ', '-'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let mut letters = first.chars();
    match (letters.next(), letters.next()) {
        (Some(initial), None) if initial.is_alphabetic() && !name.family.is_empty() => {
            format!(
                "{} author:{}",
                quoted(&name.short()),
                initial.to_lowercase()
            )
        }
        _ => quoted(&name.full()),
    }
}

/// "Frontiers in Immunology 17(2), 1–9".
fn publication(item: &Item) -> Option<String> {
    let text = |field: &str| {
        item.text(field)
            .map(|raw| clean(&raw).into_string())
            .filter(|text| !text.is_empty())
    };
    let mut out = text("container-title").or_else(|| text("publisher"))?;
    let number = match (text("volume"), text("issue")) {
        (Some(volume), Some(issue)) => Some(format!("{volume}({issue})")),
        (Some(volume), None) => Some(volume),
        (None, issue) => issue,
    };
    if let Some(number) = number {
        out.push(' ');
        out.push_str(&number);
    }
    if let Some(page) = text("page").or_else(|| text("number")) {
        out.push_str(", ");
        out.push_str(&page.replace("--", "–").replace('-', "–"));
    }
    Some(out)
}

/// A date in words: "14 March 2020", "Spring 2019", "2010–2011", or its literal text.
pub fn date_text(date: &Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const SEASONS: [&str; 4] = ["Spring", "Summer", "Autumn", "Winter"];
    let Some(start) = date.start else {
        return date.literal.clone().unwrap_or_default();
    };
    let one = |parts: crate::core::date::DateParts| {
        let year = if parts.year < 0 {
            format!("{} BC", -parts.year)
        } else {
            parts.year.to_string()
        };
        let pick = |names: &[&'static str], at: Option<u8>| {
            at.and_then(|at| names.get(usize::from(at).checked_sub(1)?).copied())
        };
        let named = pick(&MONTHS, parts.month).or_else(|| pick(&SEASONS, parts.season));
        match (parts.day, named) {
            (Some(day), Some(name)) => format!("{day} {name} {year}"),
            (None, Some(name)) => format!("{name} {year}"),
            _ => year,
        }
    };
    let mut out = if date.circa {
        "about ".to_owned()
    } else {
        String::new()
    };
    out.push_str(&one(start));
    if let Some(end) = date.end {
        out.push('–');
        out.push_str(&one(end));
    } else if date.open_ended {
        out.push('–');
    }
    out
}

fn kind_name(kind: &str) -> String {
    match kind {
        "article" => "preprint".to_owned(),
        "article-journal" => "journal article".to_owned(),
        "article-magazine" => "magazine article".to_owned(),
        "article-newspaper" => "newspaper article".to_owned(),
        "paper-conference" => "conference paper".to_owned(),
        "chapter" => "book chapter".to_owned(),
        "webpage" => "web page".to_owned(),
        "post-weblog" => "blog post".to_owned(),
        other => other.replace(['-', '_'], " "),
    }
}

fn cite_section(citations: &[(String, String)]) -> Section {
    let mut blocks: Vec<Block> = citations
        .iter()
        .map(|(label, text)| Block::Code {
            label: label.clone(),
            text: text.clone(),
        })
        .collect();
    if blocks.is_empty() {
        blocks.push(Block::Note("No citation could be made".to_owned()));
    }
    Section {
        kind: SectionKind::Cite,
        count: None,
        origin: None,
        blocks,
    }
}

fn similar_section(facts: &Facts<'_>) -> Section {
    let Some(related) = facts.related else {
        let soon = if facts.indexed {
            "…"
        } else {
            "Indexing the library…"
        };
        return note_section(SectionKind::Similar, soon);
    };
    let mut blocks: Vec<Block> = related.similar.iter().cloned().map(Block::Entry).collect();
    if blocks.is_empty() {
        blocks.push(Block::Note(
            "No paper of this library resembles it".to_owned(),
        ));
    }
    Section {
        kind: SectionKind::Similar,
        count: Some(related.similar.len()),
        origin: None,
        blocks,
    }
}

/// `1234567` as `1,234,567`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        build(&Item::parse(text.as_bytes()).unwrap(), &Facts::default())
    }

    fn field(page: &Page, label: &str) -> Option<String> {
        page.sections
            .iter()
            .flat_map(|section| &section.blocks)
            .find_map(|block| match block {
                Block::Field { label: l, value } if *l == label => {
                    Some(value.iter().map(|piece| piece.text.as_str()).collect())
                }
                _ => None,
            })
    }

    #[test]
    fn every_section_stands_on_every_page() {
        let page = page("{}");
        assert_eq!(
            page.sections
                .iter()
                .map(|section| section.kind)
                .collect::<Vec<_>>(),
            SectionKind::ALL
        );
        assert!(
            page.sections
                .iter()
                .all(|section| !section.blocks.is_empty())
        );
        assert_eq!(page.title, "Untitled");
    }

    #[test]
    fn publication_and_pages_are_put_together() {
        let page = page(
            r#"{"container-title": "J", "volume": "3", "issue": 2, "page": "561-7", "issued": {"date-parts": [[2001, 3, 4]]}}"#,
        );
        assert_eq!(field(&page, "Published").as_deref(), Some("J 3(2), 561–7"));
        assert_eq!(
            field(&page, "Reading").as_deref(),
            Some("about 17 min for 7 pages")
        );
        assert_eq!(field(&page, "Date").as_deref(), Some("4 March 2001"));
    }

    #[test]
    fn thousands_of_authors_are_counted() {
        let names: Vec<_> = (0..3000)
            .map(|n| format!(r#"{{"family": "F{n}"}}"#))
            .collect();
        let page = page(&format!(r#"{{"author": [{}]}}"#, names.join(",")));
        assert!(
            field(&page, "Authors")
                .unwrap()
                .ends_with("F59 and 2,940 others")
        );
        assert_eq!(page.byline, "F0, F1 +2998");
    }

    #[test]
    fn hostile_text_is_scrubbed() {
        let page = page(
            r#"{"title": "a\u001b[2J\u202eb", "DOI": "10.1/x\u001b", "author": ["\u0007evil"]}"#,
        );
        assert_eq!(page.title, "a[2Jb");
        assert_eq!(page.authors, ["evil"]);
        assert!(!format!("{page:?}").contains('\u{1b}'));
    }
}
