//! The details of a page: people, publication, date, identifiers, keywords.

use super::{Block, Link, Piece, Section, SectionKind, thousands};
use crate::core::date::{Date, DateParts};
use crate::core::item::{Item, Name};
use crate::core::text::clean;

/// Authors beyond this many are counted, not listed; the file keeps them all.
const AUTHORS_SHOWN: usize = 60;

/// Everything that an item says of itself but its abstract.
pub(super) fn section(item: &Item, doi: Option<&str>) -> Section {
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
    let one = |parts: DateParts| {
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

#[cfg(test)]
mod tests {
    use super::super::{Facts, Page, build};
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
}
