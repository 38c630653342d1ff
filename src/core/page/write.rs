//! A page as text, Markdown and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Block, Link, Page, Section, SectionKind};
use crate::core::findings::Part;

/// Plain text with underlined heads.
pub fn to_text(page: &Page) -> String {
    let mut out = String::new();
    if let Some(banner) = &page.banner {
        let _ = writeln!(out, "!! {banner}");
    }
    let _ = write!(out, "{}\n{}\n", page.title, page.byline);
    for section in &page.sections {
        let _ = write!(out, "\n{}", section.head().to_uppercase());
        if let Some(origin) = &section.origin {
            let _ = write!(out, " ({origin})");
        }
        out.push('\n');
        for block in &section.blocks {
            match block {
                Block::Paragraph(text) | Block::Note(text) => {
                    let _ = writeln!(out, "{text}");
                }
                Block::Field { label, value } => {
                    let value: String = value.iter().map(|piece| piece.text.as_str()).collect();
                    let _ = writeln!(out, "{label:<10} {value}");
                }
                Block::Finding(finding) => {
                    if let Some(claim) = &finding.claim {
                        let doubt = finding.doubt.map(|doubt| format!(" [{doubt}]"));
                        let doubt = doubt.unwrap_or_default();
                        let _ = writeln!(out, "{:<12} {claim}{doubt}", finding.label);
                        let _ = writeln!(out, "{:<12} {}", "", finding.quoted());
                    } else {
                        let _ = writeln!(out, "{:<12} {}", finding.label, finding.sentence);
                    }
                }
                Block::Entry(paper) => {
                    let score = paper
                        .score
                        .map_or_else(|| " ".repeat(4), |score| format!("{score:>3} "));
                    let _ = write!(
                        out,
                        "{score}{} ({})\n     {}\n",
                        paper.title, paper.id, paper.byline
                    );
                    if !paper.why.is_empty() {
                        let _ = writeln!(out, "     {}", paper.why);
                    }
                }
                Block::Code { label, text }
                | Block::Comment {
                    head: label, text, ..
                } => {
                    let _ = writeln!(out, "{label}\n{text}");
                }
            }
        }
    }
    out
}

/// Markdown with one heading a section.
pub fn to_markdown(page: &Page) -> String {
    let mut out = format!("# {}\n\n", escape(&page.title));
    if let Some(banner) = &page.banner {
        let _ = writeln!(out, "**{}**\n", escape(banner));
    }
    let _ = writeln!(out, "{}", escape(&page.byline));
    for section in &page.sections {
        let _ = write!(out, "\n## {}", section.head());
        if let Some(origin) = &section.origin {
            let _ = write!(out, " ({})", escape(origin));
        }
        out.push_str("\n\n");
        for block in &section.blocks {
            match block {
                Block::Paragraph(text) => {
                    let _ = writeln!(out, "{}\n", escape(text));
                }
                Block::Note(text) => {
                    let _ = writeln!(out, "*{}*", escape(text));
                }
                Block::Field { label, value } => {
                    let value: String = value.iter().map(|piece| piece.text.as_str()).collect();
                    let _ = writeln!(out, "- **{label}**: {}", escape(&value));
                }
                Block::Finding(finding) => {
                    let sentence = escape(&finding.sentence);
                    if let Some(claim) = &finding.claim {
                        let doubt = finding.doubt.map(|doubt| format!(" *({doubt})*"));
                        let doubt = doubt.unwrap_or_default();
                        let claim = escape(claim);
                        let _ = write!(
                            out,
                            "- **{}**: {claim}{doubt}\n  > {}\n",
                            finding.label,
                            escape(&finding.quoted())
                        );
                    } else {
                        let _ = writeln!(out, "- **{}**: {sentence}", finding.label);
                    }
                }
                Block::Entry(paper) => {
                    let _ = write!(
                        out,
                        "- {} ({}): {}",
                        escape(&paper.title),
                        escape(&paper.id),
                        escape(&paper.byline)
                    );
                    if !paper.why.is_empty() {
                        let _ = write!(out, "; {}", escape(&paper.why));
                    }
                    out.push('\n');
                }
                Block::Code { label, text } => {
                    let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
                    let _ = writeln!(out, "{label}\n\n{fence}\n{text}\n{fence}");
                }
                Block::Comment { head, text, .. } => {
                    // As a quotation the comment's own Markdown stays what it is, and its headings stay out of ours.
                    let _ = writeln!(out, "*{}*\n", escape(head));
                    for line in text.lines() {
                        let _ = writeln!(out, "{}", format!("> {line}").trim_end());
                    }
                    out.push('\n');
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// JSON with stable keys; a section without content has an empty list.
pub fn to_json(page: &Page) -> Value {
    let paragraphs = |kind: SectionKind| {
        page.section(kind)
            .map(|section| {
                section
                    .blocks
                    .iter()
                    .filter_map(|block| match block {
                        Block::Paragraph(text) => Some(text.as_str()),
                        _ => None,
                    })
                    .collect::<Vec<_>>()
                    .join("\n\n")
            })
            .filter(|text| !text.is_empty())
    };
    json!({
        "id": page.id,
        "key": page.key,
        "title": page.title,
        "banner": page.banner,
        "authors": page.authors,
        "byline": page.byline,
        "doi": page.doi,
        "url": page.url,
        "abstract": paragraphs(SectionKind::Abstract),
        "findings": page.section(SectionKind::KeyFindings).map(findings_to_json),
        "details": page.section(SectionKind::Details).map(fields),
        "metrics": page.section(SectionKind::Metrics).map(fields),
        "open": page.section(SectionKind::Actions).map(addresses),
        "cite": page.section(SectionKind::Cite).map(|section| {
            section.blocks.iter().filter_map(|block| match block {
                Block::Code { label, text } => Some((label.clone(), json!(text))),
                _ => None,
            }).collect::<serde_json::Map<_, _>>()
        }),
        "pdf": page.section(SectionKind::Pdf).map(files),
        "similar": page.section(SectionKind::Similar).map(|section| {
            section.blocks.iter().filter_map(|block| match block {
                Block::Entry(paper) => Some(json!({
                    "id": paper.id, "title": paper.title, "byline": paper.byline,
                    "score": paper.score.map(|score| f64::from(score) / 100.0), "why": paper.why,
                })),
                _ => None,
            }).collect::<Vec<_>>()
        }),
        "comments": [],
    })
}

/// The key findings of a page: where they come from, and for each part a list of sentences with their bytes in the
/// abstract.
pub fn findings_to_json(section: &Section) -> Value {
    let of = |part: Part| {
        let findings = section.blocks.iter().filter_map(|block| match block {
            Block::Finding(finding) if finding.part == part => Some(json!({
                "label": finding.label,
                "sentence": finding.sentence,
                "start": finding.place.start,
                "end": finding.place.end,
                "page": finding.page,
                "claim": finding.claim,
                "doubt": finding.doubt,
            })),
            _ => None,
        });
        findings.collect::<Vec<_>>()
    };
    let notes: Vec<&str> = section
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Note(note) => Some(note.as_str()),
            _ => None,
        })
        .collect();
    json!({
        "origin": section.origin,
        "methodology": of(Part::Methodology),
        "results": of(Part::Results),
        "significance": of(Part::Significance),
        "notes": notes,
    })
}

/// The web addresses of a section by what they are called.
fn addresses(section: &Section) -> serde_json::Map<String, Value> {
    let fields = section.blocks.iter().filter_map(|block| match block {
        Block::Field { value, .. } => Some(value),
        _ => None,
    });
    fields
        .flatten()
        .filter_map(|piece| match &piece.link {
            Some(Link::Url(address)) => Some((piece.text.to_lowercase(), json!(address))),
            _ => None,
        })
        .collect()
}

/// The attached files, with what is known of each and how far it was read.
fn files(section: &Section) -> Value {
    let (mut files, mut read) = (Vec::new(), None);
    for block in &section.blocks {
        let Block::Field { value, .. } = block else {
            continue;
        };
        let words: String = value.iter().map(|piece| piece.text.as_str()).collect();
        match value.first().and_then(|piece| piece.link.as_ref()) {
            Some(Link::File(path)) => {
                let about = value
                    .get(1)
                    .map(|piece| piece.text.trim_start_matches(" · "));
                files.push(json!({ "file": path, "about": about }));
            }
            _ => read = Some(words),
        }
    }
    json!({ "files": files, "read_to": read })
}

fn fields(section: &Section) -> serde_json::Map<String, Value> {
    section
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Field { label, value } => {
                let text: String = value.iter().map(|piece| piece.text.as_str()).collect();
                Some((label.to_lowercase(), json!(text)))
            }
            _ => None,
        })
        .collect()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::{Facts, build};
    use super::*;
    use crate::core::item::Item;

    fn page() -> Page {
        let item = Item::parse(
            r#"{"id": "a1", "title": "On *stars*", "author": [{"family": "Ng", "given": "A"}], "DOI": "10.1/x", "abstract": "One.\n\nTwo."}"#.as_bytes(),
        )
        .unwrap();
        build(
            &item,
            &Facts {
                key: "a1",
                related: None,
                citations: &[("BibTeX".to_owned(), "@misc{a1}".to_owned())],
                ..Facts::default()
            },
        )
    }

    #[test]
    fn all_three_outputs_name_every_section() {
        let page = page();
        let (text, markdown) = (to_text(&page), to_markdown(&page));
        for kind in SectionKind::ALL {
            assert!(text.contains(&kind.head().to_uppercase()), "{kind:?}");
            assert!(
                markdown.contains(&format!("## {}", kind.head())),
                "{kind:?}"
            );
        }
        assert!(markdown.contains("# On \\*stars\\*"));
    }

    #[test]
    fn json_has_stable_keys() {
        let value = to_json(&page());
        assert_eq!(value["abstract"], "One.\n\nTwo.");
        assert_eq!(value["cite"]["BibTeX"], "@misc{a1}");
        assert_eq!(value["details"]["doi"], "10.1/x");
    }
}
