//! The text of a PDF wrapped to a width: lines, where sections and pages begin, and where words are found.

use std::ops::Range;

use super::doc::wrap;
use crate::config::theme::Role;
use crate::core::index::highlight;
use crate::core::pdf_text::{Kind, Passage};
use crate::core::query::Query;

/// One line as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingLine {
    /// The passage it belongs to; `None` for the rule at which a page begins and for blank lines.
    passage: Option<usize>,
    /// Its part of the passage's text.
    range: Range<usize>,
    /// How it looks.
    pub role: Role,
    /// The page that begins here, from 1.
    pub page: Option<u32>,
}

/// Wrapped text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadingDoc {
    /// The lines.
    pub lines: Vec<ReadingLine>,
    /// The passages with a heading, and the lines of these.
    sections: Vec<(usize, usize)>,
    /// The first line of each page that has one.
    pages: Vec<(u32, usize)>,
}

impl ReadingDoc {
    /// Lays out passages.
    pub fn new(passages: &[Passage], width: usize) -> ReadingDoc {
        let mut doc = ReadingDoc::default();
        let mut page = 0;
        for (number, passage) in passages.iter().enumerate() {
            if passage.page > page {
                page = passage.page;
                doc.begin_page(page);
            } else {
                doc.line(None, 0..0, Role::Text);
            }
            let role = match passage.kind {
                Kind::Title => Role::Title,
                Kind::Heading(_) => Role::Head,
                Kind::Paragraph => Role::Text,
            };
            if passage.kind != Kind::Paragraph {
                doc.sections.push((number, doc.lines.len()));
            }
            for range in wrap(&passage.text, width) {
                doc.line(Some(number), range, role);
            }
        }
        doc
    }

    fn begin_page(&mut self, page: u32) {
        // Before the first page there is nothing to part it from.
        if !self.lines.is_empty() {
            self.line(None, 0..0, Role::Text);
            self.pages.push((page, self.lines.len()));
            self.lines.push(ReadingLine {
                passage: None,
                range: 0..0,
                role: Role::Rule,
                page: Some(page),
            });
        } else {
            self.pages.push((page, 0));
        }
    }

    fn line(&mut self, passage: Option<usize>, range: Range<usize>, role: Role) {
        self.lines.push(ReadingLine {
            passage,
            range,
            role,
            page: None,
        });
    }

    /// The text of a line.
    pub fn text<'a>(&self, line: &ReadingLine, passages: &'a [Passage]) -> &'a str {
        line.passage
            .and_then(|number| passages.get(number))
            .and_then(|passage| passage.text.get(line.range.clone()))
            .unwrap_or_default()
    }

    /// The page to which a line belongs.
    pub fn page_at(&self, line: usize) -> u32 {
        let after = self.pages.partition_point(|(_, first)| *first <= line);
        after
            .checked_sub(1)
            .and_then(|at| self.pages.get(at))
            .map_or(1, |(page, _)| *page)
    }

    /// The line at which a page begins, or the one before it that has text.
    pub fn line_of_page(&self, page: u32) -> usize {
        let after = self.pages.partition_point(|(number, _)| *number <= page);
        after
            .checked_sub(1)
            .and_then(|at| self.pages.get(at))
            .map_or(0, |(_, line)| *line)
    }

    /// The passage of the heading under which a line stands.
    pub fn section_at(&self, line: usize) -> Option<usize> {
        let after = self.sections.partition_point(|(_, first)| *first <= line);
        let (passage, _) = self.sections.get(after.checked_sub(1)?)?;
        Some(*passage)
    }

    /// The line of the next heading after a line, or of the one before it.
    pub fn section_beside(&self, line: usize, forward: bool) -> Option<usize> {
        let lines = || self.sections.iter().map(|(_, first)| *first);
        if forward {
            lines().find(|first| *first > line)
        } else {
            lines().rev().find(|first| *first < line)
        }
    }

    /// The lines with a word that is looked for.
    pub fn found(&self, query: &Query, passages: &[Passage]) -> Vec<usize> {
        // Most passages have none of the words: only in the others the lines are looked at.
        let has: Vec<bool> = passages
            .iter()
            .map(|passage| !highlight(query, &passage.text).is_empty())
            .collect();
        self.lines
            .iter()
            .enumerate()
            .filter(|(_, line)| {
                line.passage
                    .is_some_and(|number| has.get(number) == Some(&true))
                    && !highlight(query, self.text(line, passages)).is_empty()
            })
            .map(|(at, _)| at)
            .collect()
    }

    /// The passage of a line, to find it again when the text is wrapped anew.
    pub fn anchor(&self, line: usize) -> Option<(usize, usize)> {
        let found = self
            .lines
            .iter()
            .skip(line)
            .find_map(|line| Some((line.passage?, line.range.start)));
        found
    }

    /// The line of an anchor.
    pub fn line_of(&self, (passage, start): (usize, usize)) -> usize {
        self.lines
            .iter()
            .position(|line| {
                line.passage
                    .is_some_and(|number| (number, line.range.end) > (passage, start))
            })
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passages() -> Vec<Passage> {
        let passage = |kind, page, text: &str| Passage {
            kind,
            page,
            text: text.to_owned(),
        };
        vec![
            passage(Kind::Title, 1, "On reading"),
            passage(Kind::Heading(1), 1, "1 Introduction"),
            passage(Kind::Paragraph, 1, "one two three four five six"),
            passage(Kind::Heading(1), 3, "2 Methods"),
            passage(Kind::Paragraph, 3, "seven"),
        ]
    }

    #[test]
    fn pages_and_sections_are_found_by_line_and_lines_by_page() {
        let (passages, width) = (passages(), 10);
        let doc = ReadingDoc::new(&passages, width);
        assert_eq!(doc.page_at(0), 1);
        assert_eq!(doc.page_at(doc.lines.len() - 1), 3);
        let third = doc.line_of_page(3);
        assert_eq!(doc.lines[third].page, Some(3));
        assert_eq!(doc.line_of_page(2), doc.line_of_page(1));
        let methods = doc.section_beside(third, true).unwrap();
        assert_eq!(doc.text(&doc.lines[methods], &passages), "2 Methods");
        assert_eq!(doc.section_beside(methods, true), None);
        assert!(doc.section_beside(methods, false).is_some());
        assert_eq!(doc.section_at(doc.lines.len() - 1), Some(3));
    }

    #[test]
    fn a_place_is_found_again_at_another_width() {
        let passages = passages();
        let narrow = ReadingDoc::new(&passages, 9);
        let wide = ReadingDoc::new(&passages, 60);
        let line = narrow.found(&Query::parse("five"), &passages)[0];
        let anchor = narrow.anchor(line).unwrap();
        let same = wide.line_of(anchor);
        assert!(wide.text(&wide.lines[same], &passages).contains("five"));
    }
}
