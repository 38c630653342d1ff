//! Opening papers and following links.

use std::ops::Range;

use super::{App, Effect, Level, Pane};
use crate::core::page::{Link, first_pdf};
use crate::core::paper::PaperNo;

impl App {
    pub(super) fn open(&mut self, effects: &mut Vec<Effect>) {
        if self.focus == Pane::List {
            if self.settings.picking {
                let way = self.settings.default_way.clone();
                self.copy(way, effects);
            } else {
                self.focus = Pane::Main;
                self.note_opened(effects);
            }
            return;
        }
        let height = self.pane_height(self.focus);
        let view = self.page.pane_mut(self.focus);
        match view.link {
            Some(link) => self.follow(self.focus, link, effects),
            // No link is marked yet: mark the first one in view, so that the next Enter follows it.
            None => view.step(true, height),
        }
    }

    pub(super) fn follow(&mut self, pane: Pane, link: usize, effects: &mut Vec<Effect>) {
        let Some(target) = self
            .page
            .pane(pane)
            .doc
            .links
            .get(link)
            .map(|link| link.target.clone())
        else {
            return;
        };
        match target {
            Link::Comment(id) => {
                if let Some(paper) = self.selected() {
                    self.open_comment(paper, Some(id));
                }
            }
            Link::File(path) => self.read_file(path, effects),
            Link::Quotation(sentence) => self.read_quotation(sentence, effects),
            Link::Sentence(place) => self.follow_sentence(pane, link, place),
            Link::Url(url) => effects.push(Effect::OpenUrl(url)),
            Link::Paper(paper) => {
                self.leave();
                let query = if self.row_of(paper).is_some() {
                    self.query.clone()
                } else {
                    String::new()
                };
                self.go_to(&query, paper, effects);
            }
            Link::Author(query) => {
                let Some(paper) = self.selected() else { return };
                self.leave();
                self.focus = Pane::List;
                self.zen = false;
                self.go_to(&query, paper, effects);
            }
        }
    }

    /// Shows a sentence of the abstract, or where it is shown already, leads back to its finding.
    fn follow_sentence(&mut self, pane: Pane, link: usize, place: Range<usize>) {
        let height = self.pane_height(pane);
        let back = self.page.sentence.as_ref() == Some(&place);
        let view = self.page.pane_mut(pane);
        let lines = if back {
            view.doc.links.get(link).map(|link| link.lines.clone())
        } else {
            view.doc.lines_of_abstract(&place)
        };
        let Some(lines) = lines else {
            self.tell(
                Level::Info,
                "The abstract does not hold this sentence any more",
            );
            return;
        };
        if lines.start < view.scroll || lines.end > view.scroll + height {
            // A few lines of what stands before it.
            view.scroll = lines
                .start
                .saturating_sub(height / 4)
                .min(view.last_scroll(height));
        }
        self.page.sentence = (!back).then_some(place);
    }

    pub(super) fn leave(&mut self) {
        if let Some(place) = self.place() {
            self.jumps.leave(place);
        }
    }

    pub(super) fn go_to(&mut self, query: &str, paper: PaperNo, effects: &mut Vec<Effect>) {
        if query == self.query
            && let Some(row) = self.row_of(paper)
        {
            self.cursor.go(row, self.rows());
        } else {
            self.search(query.to_owned(), Some(paper), effects);
        }
    }

    /// Opens the attached PDF, or else the page of the paper.
    pub(super) fn open_file(&mut self, effects: &mut Vec<Effect>) {
        let files = self.attached_files();
        match first_pdf(&files) {
            Some(file) => effects.push(Effect::OpenFile(file.clone())),
            None => self.open_web(effects),
        }
    }

    pub(super) fn open_web(&mut self, effects: &mut Vec<Effect>) {
        match self.page.page.as_ref().map(|page| page.url.clone()) {
            Some(Some(url)) => effects.push(Effect::OpenUrl(url)),
            Some(None) => self.tell(Level::Info, "This paper has no DOI and no address"),
            None => self.tell(Level::Info, "The page is still being read"),
        }
    }
}
