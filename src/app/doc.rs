//! A page wrapped to a width: lines, spans and links, made once and drawn many times.

use std::ops::Range;

use textwrap::core::{Word, break_words};
use textwrap::{WordSeparator, wrap_algorithms};
use unicode_width::UnicodeWidthStr;

use super::width::whole_pieces;
use crate::config::theme::Role;
use crate::core::page::{Block, Finding, Link, Page, Piece, RelatedPaper, Section, SectionKind};

/// Text of one role on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Display text.
    pub text: String,
    /// How it looks.
    pub role: Role,
    /// The number of the link it belongs to.
    pub link: Option<usize>,
}

/// One line as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its text, from the left.
    pub spans: Vec<Span>,
    /// Whether query words are highlighted in it.
    pub searchable: bool,
}

/// A link and the lines on which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocLink {
    /// Where it leads.
    pub target: Link,
    /// Its lines.
    pub lines: Range<usize>,
}

/// A wrapped page or part of one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doc {
    /// The lines.
    pub lines: Vec<Line>,
    /// The links in reading order.
    pub links: Vec<DocLink>,
    /// Where each section begins.
    pub starts: Vec<(SectionKind, usize)>,
    /// The line of the authors, if they are in it.
    pub authors: Option<usize>,
    /// The lines of the abstract, each with its bytes in the abstract's text.
    pub abstract_lines: Vec<(usize, Range<usize>)>,
}

/// Cells of the column of labels.
const LABEL: usize = 11;

/// So many cells of a reason say something.
const LEAST_OF_REASON: usize = 32;

impl Doc {
    /// Lays out sections of a page, with the title block first if `title`, and heads if `heads`.
    pub fn new(page: &Page, kinds: &[SectionKind], width: usize, title: bool, heads: bool) -> Doc {
        let mut doc = Doc::default();
        if width < 4 {
            return doc;
        }
        if title {
            if let Some(banner) = &page.banner {
                doc.text(&format!("!! {banner}"), Role::Error, width, 0);
            }
            doc.text(&page.title, Role::Title, width, 0);
            doc.text(&page.byline, Role::Dim, width, 0);
        }
        for section in kinds.iter().filter_map(|kind| page.section(*kind)) {
            if !doc.lines.is_empty() {
                doc.lines.push(Line::default());
            }
            doc.starts.push((section.kind, doc.lines.len()));
            if heads {
                doc.head(section, width);
            }
            doc.section(section, width);
        }
        doc
    }

    /// The section at a line.
    pub fn section_at(&self, line: usize) -> Option<SectionKind> {
        self.starts
            .iter()
            .rev()
            .find(|(_, start)| *start <= line)
            .or(self.starts.first())
            .map(|(kind, _)| *kind)
    }

    fn head(&mut self, section: &Section, width: usize) {
        let head = section.head().to_uppercase();
        let room = width.saturating_sub(head.width() + 1);
        let span = |text: String, role| Span {
            text,
            role,
            link: None,
        };
        let origin = (section.origin.as_ref())
            .map(|origin| format!(" {}", crate::app::width::ellipsis(origin, room)))
            .unwrap_or_default();
        let rule = width.saturating_sub(head.width() + origin.width() + 1);
        self.lines.push(Line {
            spans: vec![
                span(head, Role::Head),
                span(origin, Role::Dim),
                span(format!(" {}", "─".repeat(rule)), Role::Rule),
            ],
            searchable: false,
        });
    }

    fn section(&mut self, section: &Section, width: usize) {
        let mut paragraph_from = 0;
        let mut label = "";
        for (at, block) in section.blocks.iter().enumerate() {
            match block {
                Block::Paragraph(text) => {
                    if at > 0 {
                        self.lines.push(Line::default());
                    }
                    if section.kind == SectionKind::Abstract {
                        let lines = (self.lines.len()..).zip(wrap(text, width));
                        let lines = lines.map(|(line, range)| {
                            (
                                line,
                                paragraph_from + range.start..paragraph_from + range.end,
                            )
                        });
                        self.abstract_lines.extend(lines);
                        // A blank line stands between paragraphs.
                        paragraph_from += text.len() + 2;
                    }
                    self.text(text, Role::Text, width, 0);
                }
                Block::Finding(finding) => {
                    if finding.label != label {
                        self.text(finding.label, Role::Dim, width, 0);
                    }
                    label = finding.label;
                    self.finding(finding, width);
                }
                Block::Note(text) => self.text(text, Role::Dim, width, 0),
                Block::Field { label, value } => {
                    if *label == "Authors" {
                        self.authors = Some(self.lines.len());
                    }
                    self.field(label, value, width);
                }
                Block::Entry(paper) => self.entry(paper, width),
                Block::Comment { id, head, text } => {
                    if at > 0 {
                        self.lines.push(Line::default());
                    }
                    self.comment(id, head, text, width);
                }
                Block::Code { label, text } => {
                    if at > 0 {
                        self.lines.push(Line::default());
                    }
                    self.text(label, Role::Dim, width, 0);
                    for line in text.lines() {
                        self.text(line, Role::Text, width, 2);
                    }
                }
            }
        }
    }

    fn text(&mut self, text: &str, role: Role, width: usize, indent: usize) {
        let searchable = matches!(role, Role::Text | Role::Title);
        for range in wrap(text, width.saturating_sub(indent)) {
            let mut spans = Vec::new();
            if indent > 0 {
                spans.push(Span {
                    text: " ".repeat(indent),
                    role,
                    link: None,
                });
            }
            spans.push(Span {
                text: text.get(range).unwrap_or_default().to_owned(),
                role,
                link: None,
            });
            self.lines.push(Line { spans, searchable });
        }
    }

    /// The sentence of a finding, which leads to its place in the abstract or the PDF.
    fn finding(&mut self, finding: &Finding, width: usize) {
        let first = self.lines.len();
        let link = self.links.len();
        let mut linked = first;
        if let Some(claim) = &finding.claim {
            let doubt = finding.doubt.map(|doubt| format!(" [{doubt}]"));
            let claim = format!("{claim}{}", doubt.unwrap_or_default());
            self.text(&claim, Role::Text, width, 2);
            linked = self.lines.len();
            self.text(&finding.quoted(), Role::Dim, width, 4);
        } else {
            self.text(&finding.sentence, Role::Text, width, 2);
        }
        for line in self.lines.iter_mut().skip(linked) {
            if let Some(span) = line.spans.last_mut() {
                span.link = Some(link);
            }
        }
        self.links.push(DocLink {
            target: match finding.page {
                Some(_) => Link::Quotation(finding.sentence.clone()),
                None => Link::Sentence(finding.place.clone()),
            },
            // A few lines: a sentence taller than the pane is reached too.
            lines: first..self.lines.len().min(first + 4),
        });
    }

    /// The first and the last line on which bytes of the abstract stand.
    pub fn lines_of_abstract(&self, place: &Range<usize>) -> Option<Range<usize>> {
        let touched = |range: &Range<usize>| range.start < place.end && place.start < range.end;
        let mut lines = (self.abstract_lines.iter())
            .filter(|(_, range)| touched(range))
            .map(|(line, _)| *line);
        let first = lines.next()?;
        Some(first..lines.next_back().unwrap_or(first) + 1)
    }

    /// A comment under its head, which is a link: the cursor chooses among comments by it.
    fn comment(&mut self, id: &str, head: &str, text: &str, width: usize) {
        let first = self.lines.len();
        let link = self.links.len();
        self.lines.push(Line {
            spans: vec![Span {
                text: crate::app::width::ellipsis(head, width),
                role: Role::Dim,
                link: Some(link),
            }],
            searchable: false,
        });
        for line in super::markdown::styled(text, width.saturating_sub(2)) {
            let indent = (" ".repeat(2), Role::Text);
            let spans = std::iter::once(indent)
                .chain(line)
                .map(|(text, role)| Span {
                    text,
                    role,
                    link: None,
                });
            self.lines.push(Line {
                spans: spans.collect(),
                searchable: true,
            });
        }
        self.links.push(DocLink {
            target: Link::Comment(id.to_owned()),
            // The head and a few lines: a comment taller than the pane is reached too.
            lines: first..self.lines.len().min(first + 4),
        });
    }

    fn field(&mut self, label: &str, value: &[Piece], width: usize) {
        let label_width = LABEL.min(width / 3);
        let full: String = value.iter().map(|piece| piece.text.as_str()).collect();
        let first_line = self.lines.len();
        let first_link = self.links.len();
        // Where each piece lies in the joined text, and the number of its link.
        let mut places: Vec<(Range<usize>, Option<usize>)> = Vec::new();
        let mut at = 0;
        for piece in value {
            let link = piece.link.as_ref().map(|target| {
                self.links.push(DocLink {
                    target: target.clone(),
                    lines: first_line..first_line,
                });
                self.links.len() - 1
            });
            places.push((at..at + piece.text.len(), link));
            at += piece.text.len();
        }
        for (number, range) in wrap(&full, width.saturating_sub(label_width))
            .into_iter()
            .enumerate()
        {
            let shown = if number == 0 { label } else { "" };
            let mut spans = vec![Span {
                text: format!("{shown:<label_width$}"),
                role: Role::Dim,
                link: None,
            }];
            for (place, link) in &places {
                let (from, to) = (place.start.max(range.start), place.end.min(range.end));
                if from >= to {
                    continue;
                }
                let text = full.get(from..to).unwrap_or_default().to_owned();
                spans.push(Span {
                    text,
                    role: Role::Text,
                    link: *link,
                });
                if let Some(link) = link.and_then(|link| self.links.get_mut(link)) {
                    let line = first_line + number;
                    if link.lines.is_empty() {
                        link.lines = line..line + 1;
                    } else {
                        link.lines.end = line + 1;
                    }
                }
            }
            self.lines.push(Line {
                spans,
                searchable: true,
            });
        }
        debug_assert!(
            self.links
                .iter()
                .skip(first_link)
                .all(|link| !link.lines.is_empty())
        );
    }

    fn entry(&mut self, paper: &RelatedPaper, width: usize) {
        let first = self.lines.len();
        let link = self.links.len();
        let score = paper
            .score
            .map_or_else(|| "→".to_owned(), |score| format!(".{:02}", score.min(99)));
        let indent = score.width() + 1;
        let title = crate::app::width::ellipsis(&paper.title, width.saturating_sub(indent));
        self.lines.push(Line {
            spans: vec![
                Span {
                    text: format!("{score} "),
                    role: Role::Dim,
                    link: None,
                },
                Span {
                    text: title,
                    role: Role::Text,
                    link: Some(link),
                },
            ],
            searchable: true,
        });
        // The reason is worth a line of its own where it would be cut to a word or two beside the names.
        let room = width.saturating_sub(indent);
        let beside = paper.byline.width() + " · ".width() + LEAST_OF_REASON;
        let below = if beside > room && paper.why.width() > LEAST_OF_REASON {
            vec![
                crate::app::width::ellipsis(&paper.byline, room),
                whole_pieces(&paper.why, room),
            ]
        } else {
            let parts = [paper.byline.as_str(), paper.why.as_str()];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            vec![whole_pieces(&parts.join(" · "), room)]
        };
        for below in below.into_iter().filter(|below| !below.is_empty()) {
            self.lines.push(Line {
                spans: vec![
                    Span {
                        text: " ".repeat(indent),
                        role: Role::Dim,
                        link: None,
                    },
                    Span {
                        text: below,
                        role: Role::Dim,
                        link: None,
                    },
                ],
                searchable: false,
            });
        }
        self.links.push(DocLink {
            target: Link::Paper(paper.no),
            lines: first..self.lines.len(),
        });
    }
}

/// The byte ranges of the lines of a text at a width, blanks at their ends left out. Words that are longer than a line
/// are broken; East Asian text breaks between characters (Unicode Standard Annex 14).
pub fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(1);
    let words: Vec<Word<'_>> = break_words(
        WordSeparator::UnicodeBreakProperties.find_words(text),
        width,
    )
    .into_iter()
    .collect();
    let lines = wrap_algorithms::wrap_first_fit(&words, &[width as f64]);
    let mut out = Vec::with_capacity(lines.len());
    let mut at = 0;
    for line in lines {
        let start = at;
        let mut end = at;
        for word in line {
            end = at + word.word.len();
            at = end + word.whitespace.len();
        }
        out.push(start..end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, width: usize) -> Vec<&str> {
        wrap(text, width)
            .into_iter()
            .map(|range| text.get(range).expect("lines end between characters"))
            .collect()
    }

    #[test]
    fn words_wrap_and_long_ones_break() {
        assert_eq!(lines("one two three", 8), ["one two", "three"]);
        let address = lines("https://doi.org/10.1/abcdefgh", 10);
        assert!(address.iter().all(|line| line.width() <= 10));
        assert_eq!(address.concat(), "https://doi.org/10.1/abcdefgh");
        assert_eq!(lines("深層学習による", 4), ["深層", "学習", "によ", "る"]);
    }

    #[test]
    fn a_finding_leads_to_its_lines_in_the_abstract() {
        let about = "Sleep is short in many adults. In this paper, we propose a new method for measuring it.\n\n\
                     Experiments show that our method outperforms the state of the art by 4%.";
        let item = serde_json::json!({"id": "a", "title": "T", "abstract": about}).to_string();
        let item = crate::core::item::Item::parse(item.as_bytes()).unwrap();
        let page = crate::core::page::build(&item, &crate::core::page::Facts::default());
        let doc = Doc::new(&page, &SectionKind::ALL, 24, true, true);
        let text = |lines: Range<usize>| -> String {
            let lines = doc.lines[lines].iter();
            let lines = lines.map(|line| line.spans.iter().map(|span| span.text.trim()).collect());
            lines.collect::<Vec<String>>().join(" ")
        };
        let mut found = 0;
        for link in &doc.links {
            let Link::Sentence(place) = &link.target else {
                continue;
            };
            found += 1;
            let lines = doc.lines_of_abstract(place).unwrap();
            let sentence = about.get(place.clone()).unwrap();
            assert!(text(lines).contains(sentence));
            assert!(sentence.starts_with(&text(link.lines.clone())));
        }
        assert_eq!(found, 2);
        assert_eq!(doc.lines_of_abstract(&(9_000..9_001)), None);
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing(text in "[a-z \u{3042}\u{1F600}é-]{0,80}", width in 2usize..20) {
            let text = crate::core::text::clean(&text).into_string();
            let got = lines(&text, width);
            for line in &got {
                prop_assert!(line.width() <= width, "{line:?}");
            }
            let kept: String = got.concat().replace(' ', "");
            prop_assert_eq!(kept, text.replace(' ', ""));
        }
    }
}
