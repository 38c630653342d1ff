//! The page of the selected paper as it stands in its panes: wrapped, scrolled, with a link under the cursor.

use std::ops::Range;
use std::sync::Arc;

use super::Pane;
use super::attached::PdfLooks;
use super::doc::Doc;
use super::layout::{Panes, READING_WIDTH, Tier};
use super::memory::Position;
use crate::core::catalogue::PageItem;
use crate::core::item::Item;
use crate::core::journal::State;
use crate::core::page::{Facts, Link, Page, Related, SectionKind, build};
use crate::core::paper::PaperNo;

/// One pane of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaneView {
    /// Its lines.
    pub doc: Doc,
    /// The first line drawn.
    pub scroll: usize,
    /// The link under the cursor.
    pub link: Option<usize>,
    /// The line that the reader went to last: the links above it are not those that are wanted.
    sought: usize,
}

impl PaneView {
    /// The furthest that one may scroll at a height.
    pub fn last_scroll(&self, height: usize) -> usize {
        self.doc.lines.len().saturating_sub(height)
    }

    /// Scrolls by lines.
    pub fn scroll_by(&mut self, lines: isize, height: usize) {
        self.scroll = self
            .scroll
            .saturating_add_signed(lines)
            .min(self.last_scroll(height));
    }

    /// Scrolls to a line, and takes the cursor along.
    pub fn go(&mut self, line: usize, height: usize) {
        self.scroll = line.min(self.last_scroll(height));
        self.link = None;
        self.sought = line;
    }

    /// Moves the cursor to the next link while one is in view, else scrolls by a line: so links are reached and text
    /// is read with the same keys.
    pub fn step(&mut self, down: bool, height: usize) {
        let shown = self.scroll..self.scroll + height;
        let from = if shown.contains(&self.sought) {
            self.sought
        } else {
            self.scroll
        };
        let candidate = match (self.link, down) {
            (None, true) => self
                .doc
                .links
                .iter()
                .position(|link| (from..shown.end).contains(&link.lines.start)),
            (None, false) => self
                .doc
                .links
                .iter()
                .rposition(|link| shown.contains(&link.lines.start)),
            (Some(at), true) => Some(at + 1).filter(|at| *at < self.doc.links.len()),
            (Some(at), false) => at.checked_sub(1),
        };
        let reachable = candidate.and_then(|at| {
            let lines = &self.doc.links.get(at)?.lines;
            (lines.start + 1 >= self.scroll && lines.end <= self.scroll + height + 2)
                .then_some((at, lines.clone()))
        });
        if let Some((at, lines)) = reachable {
            self.link = Some(at);
            if lines.start < self.scroll {
                self.scroll = lines.start;
            } else if lines.end > self.scroll + height {
                self.scroll = lines.end.saturating_sub(height);
            }
            self.scroll = self.scroll.min(self.last_scroll(height));
            return;
        }
        self.scroll_by(if down { 1 } else { -1 }, height);
        let shown = self.scroll..self.scroll + height;
        let visible = self
            .link
            .and_then(|at| self.doc.links.get(at))
            .is_some_and(|link| shown.contains(&link.lines.start));
        if !visible {
            self.link = None;
        }
    }

    /// Where Enter leads.
    pub fn target(&self) -> Option<&Link> {
        self.doc.links.get(self.link?).map(|link| &link.target)
    }
}

/// The page of a paper in its panes.
#[derive(Debug, Clone, Default)]
pub struct PageView {
    /// The paper that is shown or awaited.
    pub paper: Option<PaperNo>,
    /// The paper whose item was asked for last.
    pub shown: Option<PaperNo>,
    /// The awaited item.
    pub awaited_item: Option<u64>,
    /// The awaited similar papers.
    pub awaited_related: Option<u64>,
    /// When they are asked for, if not at once, in milliseconds.
    pub related_after: Option<u64>,
    /// The library is indexed: similar papers are known soon.
    pub indexed: bool,
    /// The item, or why it could not be read.
    pub item: Option<Result<Arc<PageItem>, String>>,
    /// Similar and citing papers.
    pub related: Option<Related>,
    /// The page made of both.
    pub page: Option<Page>,
    /// The sentence of the abstract that a finding led to, by its bytes in the abstract's text.
    pub sentence: Option<Range<usize>>,
    main: PaneView,
    details: PaneView,
    similar: PaneView,
    /// How far the page is to be scrolled once it is there.
    pub resume: Option<Position>,
    /// What the docs were made for.
    shape: Option<(Tier, bool, [u16; 3])>,
}

const LINEAR: [SectionKind; 9] = SectionKind::ALL;
const READING: [SectionKind; 5] = [
    SectionKind::Abstract,
    SectionKind::KeyFindings,
    SectionKind::Cite,
    SectionKind::Pdf,
    SectionKind::Comments,
];
const DETAILS: [SectionKind; 3] = [
    SectionKind::Details,
    SectionKind::Metrics,
    SectionKind::Actions,
];
const SIMILAR: [SectionKind; 1] = [SectionKind::Similar];

impl PageView {
    /// The item of a paper, if it is the one shown and has been read.
    pub fn item_of(&self, paper: PaperNo) -> Option<&Item> {
        Some(&self.read_of(paper)?.item)
    }

    /// What was read of a paper: while its item is awaited the one that was shown before still stands here.
    fn read_of(&self, paper: PaperNo) -> Option<&PageItem> {
        let is_it = self.shown == Some(paper) && self.awaited_item.is_none();
        let read = self.item.as_ref().filter(|_| is_it)?;
        Some(read.as_ref().ok()?)
    }

    /// The citation key of a paper, if it is the one shown and has been read.
    pub fn key_of(&self, paper: PaperNo) -> Option<&str> {
        Some(&self.read_of(paper)?.key)
    }

    /// A pane of the page; the list has none and gets the main one.
    pub fn pane(&self, pane: Pane) -> &PaneView {
        match pane {
            Pane::Details => &self.details,
            Pane::Similar => &self.similar,
            Pane::Main | Pane::List => &self.main,
        }
    }

    /// A pane of the page, to change it.
    pub fn pane_mut(&mut self, pane: Pane) -> &mut PaneView {
        match pane {
            Pane::Details => &mut self.details,
            Pane::Similar => &mut self.similar,
            Pane::Main | Pane::List => &mut self.main,
        }
    }

    /// Forgets the page and waits for that of another paper.
    pub fn turn_to(&mut self, paper: Option<PaperNo>) {
        // The old page stands until the new one is there, a moment later: no flicker while moving down the list.
        self.paper = paper;
        self.sentence = None;
        self.related = None;
        self.awaited_item = None;
        self.awaited_related = None;
        self.related_after = None;
        if paper.is_none() {
            *self = PageView::default();
        }
    }

    /// Gives all papers the numbers they have now, and has the item read again.
    pub fn renumber(&mut self, now: impl Fn(PaperNo) -> Option<PaperNo>) {
        self.paper = self.paper.and_then(&now);
        self.shown = None;
        self.awaited_item = None;
        self.awaited_related = None;
        if let Some(related) = &mut self.related {
            for papers in [
                &mut related.similar,
                &mut related.cites,
                &mut related.cited_by,
            ] {
                papers.retain_mut(|paper| {
                    let no = now(paper.no);
                    paper.no = no.unwrap_or(paper.no);
                    no.is_some()
                });
            }
        }
    }

    /// Makes the page anew from what is there.
    pub fn compose(&mut self, panes: &Panes, notes: &State, looks: &PdfLooks) {
        self.page = match &self.item {
            Some(Ok(item)) => {
                let noted = notes.paper(&item.item.id());
                Some(build(
                    &item.item,
                    &Facts {
                        key: &item.key,
                        related: self.related.as_ref(),
                        indexed: self.indexed,
                        citations: &item.citations,
                        notes: Some(&noted),
                        metrics: item.metrics.as_ref(),
                        findings: Some(&item.findings),
                        by_model: item.by_model.as_ref(),
                        pdf: looks.of(&noted.files),
                    },
                ))
            }
            _ => None,
        };
        self.shape = None;
        self.wrap(panes);
        if let Some(position) = self.resume.take() {
            let height = usize::from(panes.main.or(panes.list).map_or(0, |rect| rect.height));
            let line = position.line(&self.main.doc).unwrap_or(0);
            self.main.scroll = line.min(self.main.last_scroll(height));
        }
    }

    /// The paper whose page stands in the panes, unless another one is awaited.
    pub fn paper_in_view(&self) -> Option<PaperNo> {
        let is_there = self.page.is_some() && self.awaited_item.is_none() && self.resume.is_none();
        self.paper.filter(|_| is_there && self.shown == self.paper)
    }

    /// How far the page's main part is scrolled; nothing where it is at its top.
    pub fn position(&self) -> Option<Position> {
        Position::of(&self.main.doc, self.main.scroll)
    }

    /// Goes to the top of every pane.
    pub fn rewind(&mut self) {
        for pane in [&mut self.main, &mut self.details, &mut self.similar] {
            pane.scroll = 0;
            pane.link = None;
        }
    }

    /// Wraps the page for the panes, if they have changed.
    pub fn wrap(&mut self, panes: &Panes) {
        let stacked = panes.details.is_some();
        // In a small terminal the page is laid out while the list is shown, to be there at once and to be searched.
        let main_rect = panes.main.or(panes.list);
        let width = |rect: Option<ratatui::layout::Rect>| {
            rect.map_or(0, |rect| rect.width.saturating_sub(2).min(READING_WIDTH))
        };
        let shape = (
            panes.tier,
            stacked,
            [width(main_rect), width(panes.details), width(panes.similar)],
        );
        if self.shape == Some(shape) {
            return;
        }
        self.shape = Some(shape);
        let Some(page) = &self.page else {
            self.main = PaneView::default();
            self.details = PaneView::default();
            self.similar = PaneView::default();
            return;
        };
        let [main, details, similar] = shape.2.map(usize::from);
        if stacked {
            self.main.doc = Doc::new(page, &READING, main, true, true);
            self.details.doc = Doc::new(page, &DETAILS, details, false, true);
            self.similar.doc = Doc::new(page, &SIMILAR, similar, false, true);
        } else {
            self.main.doc = Doc::new(page, &LINEAR, main, true, true);
            self.details = PaneView::default();
            self.similar = PaneView::default();
        }
        let heights = [main_rect, panes.details, panes.similar]
            .map(|rect| usize::from(rect.map_or(0, |rect| rect.height)));
        for (pane, height) in [&mut self.main, &mut self.details, &mut self.similar]
            .into_iter()
            .zip(heights)
        {
            pane.scroll = pane.scroll.min(pane.last_scroll(height));
            if pane.link.is_some_and(|link| link >= pane.doc.links.len()) {
                pane.link = None;
            }
        }
    }

    /// The pane and line where a section begins.
    pub fn find(&self, kind: SectionKind) -> Option<(Pane, usize)> {
        [Pane::Main, Pane::Details, Pane::Similar]
            .into_iter()
            .find_map(|pane| {
                let doc = &self.pane(pane).doc;
                doc.starts
                    .iter()
                    .find(|(start, _)| *start == kind)
                    .map(|(_, line)| (pane, *line))
            })
    }

    /// The pane and line of the authors.
    pub fn find_authors(&self) -> Option<(Pane, usize)> {
        [Pane::Main, Pane::Details]
            .into_iter()
            .find_map(|pane| Some((pane, self.pane(pane).doc.authors?)))
    }
}
