//! From an item and what the library knows about it to its page.

use super::{
    Block, Link, Page, PdfLook, Piece, Section, SectionKind, details, findings, metrics, noted,
    pdf, short_authors,
};
use crate::core::actions::WebPlace;
use crate::core::findings::{AbstractText, Extract, ModelFindings, NoExtract};
use crate::core::item::Item;
use crate::core::journal::PaperState;
use crate::core::paper::PaperNo;
use crate::core::services::StoredMetrics;
use crate::core::text::clean;

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
        details::section(item, doi.as_deref()),
        metrics::section(item, year, facts),
        actions_section(item),
        cite_section(facts.citations),
        pdf::section(facts.notes, facts.pdf),
        similar_section(facts),
        noted::section(facts.notes),
    ];
    if let Some(notes) = facts.notes.filter(|notes| **notes != PaperState::default())
        && let Some(details) = (sections.iter_mut()).find(|one| one.kind == SectionKind::Details)
    {
        details.blocks.extend(noted::fields(notes));
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
    fn hostile_text_is_scrubbed() {
        let page = page(
            r#"{"title": "a\u001b[2J\u202eb", "DOI": "10.1/x\u001b", "author": ["\u0007evil"]}"#,
        );
        assert_eq!(page.title, "a[2Jb");
        assert_eq!(page.authors, ["evil"]);
        assert!(!format!("{page:?}").contains('\u{1b}'));
    }
}
