//! The figures of a page: what the paper itself tells, what the library knows, and what services said when they were
//! asked.

use super::build::{Facts, thousands};
use super::{Block, Link, Piece, Section, SectionKind};
use crate::core::identify::{self, Identifier};
use crate::core::item::Item;
use crate::core::moment::{civil, to_the_minute};
use crate::core::services::metrics::{Notice, NoticeKind};
use crate::core::services::{Metrics, StoredMetrics};
use crate::core::text::clean;

/// Words a minute of a careful reader of prose (Brysbaert 2019 gives 238 for silent reading of non-fiction).
const WORDS_PER_MINUTE: usize = 238;
/// Words on a printed page of a journal, a rough mean used for the reading time alone.
const WORDS_PER_PAGE: usize = 550;
/// Years of the row of bars.
const YEARS_SHOWN: usize = 20;

/// What has to be known before anything else: that a paper was retracted, or that its editors have doubts.
pub(super) fn banner(item: &Item, stored: Option<&StoredMetrics>) -> Option<String> {
    let of = |kind: NoticeKind| {
        let notices = stored.map_or(&[][..], |stored| &stored.metrics.notices);
        notices.iter().find(|notice| notice.kind == kind)
    };
    if let Some(notice) = of(NoticeKind::Retracted) {
        return Some(format!("RETRACTED{}", told(notice)));
    }
    let title = item.text("title").map(|title| clean(&title).into_string());
    let begin: String = title
        .unwrap_or_default()
        .chars()
        .take(18)
        .flat_map(char::to_lowercase)
        .collect();
    let says_so = [
        "retracted:",
        "retracted article",
        "[retracted",
        "(retracted",
    ];
    if says_so.iter().any(|words| begin.starts_with(words)) {
        return Some("RETRACTED, as its title says".to_owned());
    }
    of(NoticeKind::Concern).map(|notice| format!("EXPRESSION OF CONCERN{}", told(notice)))
}

/// " 2021-02-03, says Crossref: 10.1/x".
fn told(notice: &Notice) -> String {
    let date = notice
        .date
        .as_deref()
        .map(|date| format!(" {}", clean(date)));
    let doi = notice.doi.as_deref().map(|doi| format!(": {}", clean(doi)));
    format!(
        "{}, says {}{}",
        date.unwrap_or_default(),
        notice.source,
        doi.unwrap_or_default()
    )
}

/// The section.
pub(super) fn section(item: &Item, year: Option<i32>, facts: &Facts<'_>) -> Section {
    let related = facts.related;
    let mut blocks = Vec::new();
    if let Some(year) = year {
        blocks.push(field("Year", year.to_string()));
    }
    if let Some(reading) = reading_time(item) {
        blocks.push(field("Reading", reading));
    }
    let here = match related {
        Some(related) => format!(
            "cites {}, cited by {}",
            related.cites.len(),
            related.cited_by.len()
        ),
        None if facts.indexed => "…".to_owned(),
        None => "indexing the library…".to_owned(),
    };
    blocks.push(field("Here", here));
    match facts.metrics {
        Some(stored) => fetched(item, year, stored, &mut blocks),
        None if is_known_by_number(item) => {
            blocks.push(field("Citations", "never fetched: m".to_owned()));
        }
        None => blocks.push(field(
            "Citations",
            "not available without DOI, PMID or arXiv id".to_owned(),
        )),
    }
    if let Some(related) = related {
        let papers = related.cites.iter().chain(&related.cited_by);
        blocks.extend(papers.cloned().map(Block::Entry));
    }
    Section {
        kind: SectionKind::Metrics,
        count: None,
        origin: None,
        blocks,
    }
}

fn field(label: &'static str, value: String) -> Block {
    Block::Field {
        label,
        value: vec![Piece::plain(value)],
    }
}

/// Whether services can be asked about the paper.
fn is_known_by_number(item: &Item) -> bool {
    identify::of_item(item)
        .iter()
        .any(|one| !matches!(one, Identifier::Isbn(_)))
}

/// What services said.
fn fetched(item: &Item, year: Option<i32>, stored: &StoredMetrics, blocks: &mut Vec<Block>) {
    let metrics = &stored.metrics;
    let now = i32::try_from(civil(stored.fetched).0).unwrap_or(i32::MAX);
    let date = to_the_minute(stored.fetched);
    let day = date.get(..10).unwrap_or_default();
    // Figures that compare a paper with its field need a year or two of citations.
    let missing = if year.is_some_and(|year| year >= now - 1) {
        "too new"
    } else {
        "not available"
    };
    match metrics.shown() {
        Some(figure) => {
            let count = thousands(figure.count as usize);
            blocks.push(field(
                "Citations",
                format!("{count} ({}, {day})", figure.source),
            ));
            let others: Vec<String> = metrics
                .citations
                .iter()
                .filter(|other| other.source != figure.source)
                .map(|other| format!("{} {}", other.source, thousands(other.count as usize)))
                .collect();
            if !others.is_empty() {
                blocks.push(field("Others say", others.join(" · ")));
            }
        }
        None => blocks.push(field("Citations", format!("{missing} ({day})"))),
    }
    if let Some(bars) = bars(metrics, now) {
        blocks.push(field("Per year", bars));
    }
    if let Some(count) = metrics.influential {
        let count = thousands(count as usize);
        blocks.push(field("Influence", format!("{count} of them build on it")));
    }
    if let Some(count) = metrics.references {
        blocks.push(field("References", thousands(count as usize)));
    }
    let weighted = match (metrics.field_weighted, metrics.percentile) {
        (Some(times), Some(percentile)) => {
            format!("{times:.2} times the usual of its field and age, above {percentile:.0} %")
        }
        (Some(times), None) => format!("{times:.2} times the usual of its field and age"),
        (None, Some(percentile)) => format!("above {percentile:.0} % of its field and age"),
        (None, None) => missing.to_owned(),
    };
    blocks.push(field("In field", weighted));
    if let Some(relative) = metrics.relative {
        let percentile = relative
            .percentile
            .map(|percentile| format!(", above {percentile:.0} % of NIH's papers"));
        let provisional = if relative.is_provisional {
            ", provisional"
        } else {
            ""
        };
        let percentile = percentile.unwrap_or_default();
        let text = format!("{:.2}{percentile}{provisional}", relative.ratio);
        blocks.push(field("RCR", text));
    } else if item.text("PMID").is_some() {
        blocks.push(field("RCR", missing.to_owned()));
    }
    access(metrics, blocks);
    notices(metrics, blocks);
    let silent: Vec<String> = (stored.asked.iter())
        .filter(|asked| !asked.is_absent)
        .filter_map(|asked| {
            let what = clean(asked.failure.as_deref()?);
            Some(format!("{} {what}", asked.service))
        })
        .collect();
    if !silent.is_empty() {
        blocks.push(Block::Note(format!(
            "{} · m asks again",
            silent.join(" · ")
        )));
    }
}

fn access(metrics: &Metrics, blocks: &mut Vec<Block>) {
    let Some(open) = &metrics.open_access else {
        return blocks.push(field("Access", "not available".to_owned()));
    };
    let mut value = vec![Piece::plain(clean(&open.status).into_string())];
    if let Some(license) = &open.license {
        value.push(Piece::plain(format!(" · {}", clean(license))));
    }
    for (name, url) in [("PDF", &open.pdf), ("page", &open.page)] {
        if let Some(url) = url {
            value.push(Piece::plain(" · "));
            value.push(Piece::linked(name, Link::Url(url.clone())));
        }
    }
    blocks.push(Block::Field {
        label: "Access",
        value,
    });
}

fn notices(metrics: &Metrics, blocks: &mut Vec<Block>) {
    for notice in &metrics.notices {
        let what = match notice.kind {
            NoticeKind::Retracted => "retracted",
            NoticeKind::Concern => "expression of concern",
            NoticeKind::Corrected => "corrected",
            NoticeKind::Notice => "is the notice of a retraction",
        };
        let date = notice
            .date
            .as_deref()
            .map(|date| format!(" {}", clean(date)));
        let mut value = vec![Piece::plain(format!(
            "{what}{} ({})",
            date.unwrap_or_default(),
            notice.source
        ))];
        if let Some(doi) = &notice.doi {
            let doi = clean(doi).into_string();
            let url = format!("https://doi.org/{doi}");
            value.push(Piece::plain(" · "));
            value.push(Piece::linked(doi, Link::Url(url)));
        }
        blocks.push(Block::Field {
            label: "Notice",
            value,
        });
    }
}

/// A bar for each year, the present one marked as unfinished: `2016 ▂▅▁·▇ 2026, most 12 in 2024; 2026 so far 3`.
fn bars(metrics: &Metrics, now: i32) -> Option<String> {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let years = metrics.years(now);
    let from = years.len().saturating_sub(YEARS_SHOWN);
    let years = years.get(from..)?;
    let (first, last) = (years.first()?, years.last()?);
    let most = years.iter().max_by_key(|(_, count)| *count)?;
    if most.1 == 0 {
        return None;
    }
    let bars: String = years
        .iter()
        .map(|(_, count)| match count {
            0 => '·',
            count => {
                let at = (u64::from(*count) * 8).div_ceil(u64::from(most.1)) as usize;
                BARS.get(at.saturating_sub(1)).copied().unwrap_or('█')
            }
        })
        .collect();
    let most_said = format!("most {} in {}", thousands(most.1 as usize), most.0);
    let so_far = if last.0 == now && most.0 != now {
        format!("; {now} so far {}", thousands(last.1 as usize))
    } else {
        String::new()
    };
    Some(format!(
        "{} {bars} {}, {most_said}{so_far}",
        first.0, last.0
    ))
}

fn reading_time(item: &Item) -> Option<String> {
    let minutes = |words: usize| words.div_ceil(WORDS_PER_MINUTE).max(1);
    let pages = item
        .text("number-of-pages")
        .and_then(|pages| pages.parse::<usize>().ok())
        .or_else(|| page_count(&item.text("page")?));
    if let Some(pages) = pages.filter(|pages| (1..=2000).contains(pages)) {
        let unit = if pages == 1 { "page" } else { "pages" };
        return Some(format!(
            "about {} min for {pages} {unit}",
            thousands(minutes(pages * WORDS_PER_PAGE))
        ));
    }
    let words = item.text("abstract")?.split_whitespace().count();
    Some(format!("{} min for the abstract", minutes(words)))
}

/// The number of pages of "5998–6008" or "561-7".
fn page_count(pages: &str) -> Option<usize> {
    let normal = pages.replace("--", "-").replace(['–', '—'], "-");
    let (first, last) = normal.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    let start: usize = first.parse().ok()?;
    let mut end: usize = last.parse().ok()?;
    if end < start {
        let missing = first.len().checked_sub(last.len())?;
        end = format!("{}{last}", first.get(..missing)?).parse().ok()?;
    }
    end.checked_sub(start).map(|span| span + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::page::{Page, build};
    use crate::core::services::Service;
    use crate::core::services::metrics::{Asked, Figure, OpenAccess, Relative};

    /// 2026-11-27 00:00 UTC.
    const FETCHED: u64 = 1_795_737_600_000;

    fn page(text: &str, metrics: Option<&StoredMetrics>) -> Page {
        let facts = Facts {
            metrics,
            ..Facts::default()
        };
        build(&Item::parse(text.as_bytes()).unwrap(), &facts)
    }

    fn rows(page: &Page) -> Vec<String> {
        let section = page.section(SectionKind::Metrics).unwrap();
        let row = |block: &Block| match block {
            Block::Field { label, value } => {
                let value: String = value.iter().map(|piece| piece.text.as_str()).collect();
                format!("{label}: {value}")
            }
            Block::Note(text) => format!("({text})"),
            _ => String::new(),
        };
        section.blocks.iter().map(row).collect()
    }

    fn of(metrics: Metrics) -> StoredMetrics {
        StoredMetrics {
            fetched: FETCHED,
            metrics,
            asked: Vec::new(),
        }
    }

    const OLD: &str = r#"{"DOI": "10.1000/x", "PMID": "12", "issued": {"date-parts": [[2019]]}}"#;

    #[test]
    fn one_figure_is_shown_and_the_others_are_listed() {
        let figure = |source, count| Figure { source, count };
        let mut stored = of(Metrics {
            citations: vec![
                figure(Service::OpenAlex, 1052),
                figure(Service::Crossref, 940),
            ],
            by_year: vec![(2020, 1), (2022, 8), (2026, 3)],
            influential: Some(5),
            references: Some(30),
            field_weighted: Some(1.754),
            percentile: Some(91.2),
            relative: Some(Relative {
                ratio: 2.5,
                percentile: Some(88.0),
                is_provisional: true,
            }),
            open_access: Some(OpenAccess {
                status: "green".to_owned(),
                license: Some("cc-by".to_owned()),
                pdf: Some("https://x.org/1.pdf".to_owned()),
                page: None,
            }),
            notices: Vec::new(),
        });
        stored.asked = vec![Asked {
            service: Service::SemanticScholar,
            failure: Some("did not answer in time".to_owned()),
            is_absent: false,
        }];
        let page = page(OLD, Some(&stored));
        assert_eq!(page.banner, None);
        assert_eq!(
            rows(&page),
            [
                "Year: 2019",
                "Here: indexing the library…",
                "Citations: 1,052 (OpenAlex, 2026-11-27)",
                "Others say: Crossref 940",
                "Per year: 2020 ▁·█···▃ 2026, most 8 in 2022; 2026 so far 3",
                "Influence: 5 of them build on it",
                "References: 30",
                "In field: 1.75 times the usual of its field and age, above 91 %",
                "RCR: 2.50, above 88 % of NIH's papers, provisional",
                "Access: green · cc-by · PDF",
                "(Semantic Scholar did not answer in time · m asks again)",
            ]
        );
    }

    #[test]
    fn what_is_not_there_says_why() {
        let last =
            |text: &str, stored: Option<&StoredMetrics>| rows(&page(text, stored)).split_off(2);
        assert_eq!(last(OLD, None), ["Citations: never fetched: m"]);
        assert_eq!(
            last(
                r#"{"issued": {"date-parts": [[2019]]}, "ISBN": "9780306406157"}"#,
                None
            ),
            ["Citations: not available without DOI, PMID or arXiv id"]
        );
        let nothing = of(Metrics::default());
        assert_eq!(
            last(OLD, Some(&nothing)),
            [
                "Citations: not available (2026-11-27)",
                "In field: not available",
                "RCR: not available",
                "Access: not available",
            ]
        );
        let young = OLD.replace("2019", "2026");
        assert_eq!(
            last(&young, Some(&nothing))[..3],
            [
                "Citations: too new (2026-11-27)",
                "In field: too new",
                "RCR: too new",
            ]
        );
    }

    #[test]
    fn a_retraction_stands_above_everything() {
        let notice = |kind, doi: Option<&str>, source| Notice {
            kind,
            doi: doi.map(str::to_owned),
            date: doi.map(|_| "2021-02-03".to_owned()),
            source,
        };
        let stored = of(Metrics {
            notices: vec![
                notice(
                    NoticeKind::Retracted,
                    Some("10.1000/r\u{1b}"),
                    Service::Crossref,
                ),
                notice(NoticeKind::Corrected, None, Service::PubMed),
            ],
            ..Metrics::default()
        });
        let page = page(OLD, Some(&stored));
        let banner = "RETRACTED 2021-02-03, says Crossref: 10.1000/r";
        assert_eq!(page.banner.as_deref(), Some(banner));
        assert!(crate::core::page::to_text(&page).starts_with(&format!("!! {banner}\n")));
        assert!(crate::core::page::to_markdown(&page).contains(&format!("\n**{banner}**\n")));
        let rows = rows(&page);
        assert!(rows.contains(&"Notice: retracted 2021-02-03 (Crossref) · 10.1000/r".to_owned()));
        assert!(rows.contains(&"Notice: corrected (PubMed)".to_owned()));
    }

    #[test]
    fn a_title_may_say_that_its_paper_is_retracted() {
        let banner = |title: &str| page(&format!(r#"{{"title": "{title}"}}"#), None).banner;
        assert!(banner("RETRACTED ARTICLE: On tides").is_some());
        assert!(banner("Retracted: On tides").is_some());
        assert_eq!(banner("Retracted landing gear of gulls"), None);
    }
}
