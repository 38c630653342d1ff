//! The text of a PDF wrapped to a width: lines, where sections and pages begin, and where words are found.

use std::ops::Range;

use super::doc::wrap;
use crate::config::theme::Role;
use crate::core::pdf_text::{Kind, Passage};
use crate::core::text::{fold, fold_into};

/// More places than this are not counted.
const MOST_PLACES: usize = 10_000;

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

impl ReadingLine {
    /// The number of its passage; `None` for rules and blank lines.
    pub fn passage(&self) -> Option<usize> {
        self.passage
    }
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

/// A place of a text that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The passage.
    pub passage: usize,
    /// Its part.
    pub range: Range<usize>,
}

/// The passages as they are searched: without case and accents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded(Vec<FoldedPassage>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct FoldedPassage {
    text: String,
    /// For each byte of it, where its character begins in the passage.
    origins: Vec<u32>,
    length: u32,
}

impl Folded {
    /// Folds passages.
    pub fn new(passages: &[Passage]) -> Folded {
        let folded = passages.iter().map(|one| FoldedPassage::new(&one.text));
        Folded(folded.collect())
    }

    /// The places where a text stands, in order; wherever lines end, and whatever its case and accents.
    pub fn find(&self, wanted: &str) -> Vec<Place> {
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let wanted = fold(&words.join(" ")).into_owned();
        if wanted.is_empty() {
            return Vec::new();
        }
        let of = |(number, passage): (usize, &FoldedPassage)| {
            let found = passage.text.match_indices(&wanted);
            let places = found.filter_map(|(at, _)| passage.original(at, at + wanted.len()));
            places
                .map(|range| Place {
                    passage: number,
                    range,
                })
                .collect::<Vec<_>>()
        };
        let places = self.0.iter().enumerate().flat_map(of);
        places.take(MOST_PLACES).collect()
    }
}

impl FoldedPassage {
    fn new(original: &str) -> FoldedPassage {
        let mut text = String::with_capacity(original.len());
        let mut origins = Vec::with_capacity(original.len());
        let mut buffer = [0; 4];
        for (at, c) in original.char_indices() {
            fold_into(c.encode_utf8(&mut buffer), &mut text);
            origins.resize(text.len(), at as u32);
        }
        FoldedPassage {
            text,
            origins,
            length: original.len() as u32,
        }
    }

    fn original(&self, from: usize, to: usize) -> Option<Range<usize>> {
        let start = *self.origins.get(from)?;
        let end = self.origins.get(to).copied().unwrap_or(self.length);
        (start < end).then_some(start as usize..end as usize)
    }
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
        if self.lines.is_empty() {
            self.pages.push((page, 0));
            return;
        }
        self.line(None, 0..0, Role::Text);
        self.pages.push((page, self.lines.len()));
        self.lines.push(ReadingLine {
            passage: None,
            range: 0..0,
            role: Role::Rule,
            page: Some(page),
        });
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

    /// The line on which a place of a passage stands.
    pub fn line_of_place(&self, passage: usize, at: usize) -> Option<usize> {
        self.lines
            .iter()
            .position(|line| line.passage == Some(passage) && at < line.range.end)
    }

    /// The part of a line that is within a part of a passage, in bytes of the line.
    pub fn within(line: &ReadingLine, place: &Place) -> Option<Range<usize>> {
        let is_there = line.passage == Some(place.passage)
            && place.range.start < line.range.end
            && line.range.start < place.range.end;
        is_there.then(|| {
            let from = place.range.start.max(line.range.start) - line.range.start;
            let to = place.range.end.min(line.range.end) - line.range.start;
            from..to
        })
    }

    /// The passage of a line, to find it again when the text is wrapped anew.
    pub fn anchor(&self, line: usize) -> Option<(usize, usize)> {
        self.lines
            .iter()
            .skip(line)
            .find_map(|line| Some((line.passage?, line.range.start)))
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
        let place = &Folded::new(&passages).find("five")[0];
        let line = narrow
            .line_of_place(place.passage, place.range.start)
            .unwrap();
        let anchor = narrow.anchor(line).unwrap();
        let same = wide.line_of(anchor);
        assert!(wide.text(&wide.lines[same], &passages).contains("five"));
    }

    #[test]
    fn a_phrase_is_found_over_the_ends_of_lines_without_case_and_accents() {
        let mut passages = passages();
        passages[2].text = "one twö THREE four five six".to_owned();
        let doc = ReadingDoc::new(&passages, 9);
        let places = Folded::new(&passages).find("two  three FOUR");
        assert_eq!(places.len(), 1);
        let place = &places[0];
        let found = passages[2].text.get(place.range.clone());
        assert_eq!(found, Some("twö THREE four"));
        let marked: Vec<&str> = doc
            .lines
            .iter()
            .filter_map(|line| {
                doc.text(line, &passages)
                    .get(ReadingDoc::within(line, place)?)
            })
            .collect();
        assert_eq!(marked, ["twö", "THREE", "four"]);
        assert!(Folded::new(&passages).find("  ").is_empty());
        assert!(Folded::new(&passages).find("sixx").is_empty());
    }
}
