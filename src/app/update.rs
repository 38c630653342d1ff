//! How messages change the app.

use std::sync::Arc;

use super::command::Context;
use super::keymap::Resolution;
use super::layout::Tier;
use super::list::ListCursor;
use super::overlay::Overlay;
use super::{App, Effect, Level, Loading, Msg, Pane};
use crate::config::keys::{Code, Key};
use crate::core::library::{Segment, SourceError};
use crate::core::page::thousands;

/// So long the cursor rests on a paper before its similar ones are found, while a query is typed, in milliseconds.
const RELATED_REST_MS: u64 = 100;

/// Applies one message. What the world has to do comes back as effects.
pub fn update(app: &mut App, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        Msg::Now(now) => {
            app.now = now;
            if app
                .toast
                .as_ref()
                .and_then(|toast| toast.until)
                .is_some_and(|until| until <= now)
            {
                app.toast = None;
                app.dirty = true;
            }
            app.keep_draft_when_due(&mut effects);
            if app.page.related_after.is_some_and(|at| at <= now) {
                app.settle(&mut effects);
            }
            return effects;
        }
        Msg::Clock(wall) => {
            app.wall = wall;
            return effects;
        }
        Msg::NotesOpened(ledger) => {
            app.notes = Arc::from(ledger);
            app.notes_missing = None;
            app.place_notes(&mut effects);
            app.begin_tour();
            app.compose_page();
            app.refresh_tags();
            app.search_again(&mut effects);
        }
        Msg::NotesUnavailable(reason) => {
            app.notes_missing = Some("there is no place for notes (! says why)");
            app.tell(Level::Error, format!("Nothing can be noted: {reason}"));
        }
        Msg::NotesFound(operations) => {
            let moved = App::moves_in_queue(&operations);
            if !app.absorb(operations, &mut effects) {
                return effects;
            }
            app.compose_page();
            app.refresh_tags();
            app.notes_changed(moved, &mut effects);
        }
        Msg::Saved => {
            app.saved();
            app.drop_saved_drafts(&mut effects);
        }
        Msg::NotSaved(reason) => app.not_saved(reason),
        Msg::Key(key) => app.key(key, &mut effects),
        Msg::Paste(text) => app.paste(&text, &mut effects),
        Msg::Mouse(pointer) => app.pointed(pointer, &mut effects),
        Msg::Resize(width, height) => app.size = (width, height),
        Msg::Loaded(segments) => app.loaded(segments, &mut effects),
        Msg::Problems(problems) => problems.append_to(&mut app.problems),
        Msg::LoadDone => {
            app.load_done();
            app.place_notes(&mut effects);
        }
        Msg::NotesSettled(settled) => app.settled(*settled, &mut effects),
        Msg::Identified(papers) => app.identified(papers, &mut effects),
        Msg::Reloaded(reloaded) => app.reloaded(*reloaded, &mut effects),
        Msg::LibraryTrouble(short, full) => app.library_trouble(short, full),
        Msg::IndexProgress(papers) => app.indexed_papers = papers,
        Msg::NotIndexed(reason) => {
            app.loading = Loading::Ready;
            let text = format!("No index, so search reads every title: {reason}");
            match reason {
                // It is about to be read again, or said what is wrong with it.
                SourceError::Changed => app.log(Level::Warning, text),
                SourceError::Unreadable(_) => app.tell(Level::Error, text),
            }
        }
        Msg::LoadFailed(reason) => {
            app.loading = Loading::Failed(reason.clone());
            app.tell(Level::Error, reason);
        }
        Msg::Indexed(index) => {
            app.index = Some(index);
            app.loading = Loading::Ready;
            app.page.awaited_related = None;
            app.page.related = None;
            app.search_again(&mut effects);
            effects.push(Effect::FindRetracted);
        }
        Msg::Embedded => {
            app.page.awaited_related = None;
            app.page.related = None;
        }
        Msg::Found { signature, hits } => {
            let papers = app.library.len();
            if app.awaited_search == Some(signature) {
                app.awaited_search = None;
                app.found(hits);
            } else if !app.listing.checked(signature, &hits, papers) {
                return effects;
            }
        }
        Msg::PageRead { signature, result } => {
            if app.page.awaited_item == Some(signature) {
                app.page.awaited_item = None;
                let other = app
                    .page
                    .item
                    .as_ref()
                    .and_then(|item| item.as_ref().ok().map(|item| item.key.clone()))
                    != result.as_ref().ok().map(|item| item.key.clone());
                app.page.item = Some(result);
                if other {
                    app.page.rewind();
                    app.page.resume = app.kept_position();
                }
                // Its similar papers are a moment away: one page is made of both.
                if app.page.awaited_related.is_none() {
                    app.compose_page();
                }
            }
        }
        Msg::RelatedFound { signature, related } => {
            if app.page.awaited_related == Some(signature) {
                app.page.awaited_related = None;
                app.page.related = Some(related);
                if app.page.awaited_item.is_none() {
                    app.compose_page();
                }
            }
        }
        Msg::Previewed { signature, text } => {
            if let Some(Overlay::CopyMenu(menu)) = &mut app.overlay
                && menu.awaited == Some(signature)
            {
                menu.awaited = None;
                menu.preview = Some(text);
            }
        }
        Msg::Copied(copied) => app.copied(copied),
        Msg::SearchesFound(searches) => {
            app.searches_found(searches);
            return effects;
        }
        Msg::DraftsFound(drafts) => app.drafts_found(drafts),
        Msg::Edited { key, edited } => app.edited(&key, edited, &mut effects),
        Msg::Tell(level, text) => app.tell(level, text),
        Msg::FileExists(path) => app.ask_replace(&path),
        Msg::Gathered { signature, result } => {
            if !app.gathered(signature, result.map(|gathered| *gathered), &mut effects) {
                return effects;
            }
        }
        Msg::LibraryWritten(written) => app.library_written(*written, &mut effects),
        Msg::ModelAnswered {
            signature,
            paper,
            answer,
        } => {
            if !app.model_answered(signature, paper, answer) {
                return effects;
            }
        }
        Msg::Fetching(news) => {
            if !app.fetching_news(news, &mut effects) {
                return effects;
            }
        }
        Msg::PdfFound { signature, found } => {
            if !app.pdf_found(signature, found, &mut effects) {
                return effects;
            }
        }
        Msg::PdfLooked(file, look) => {
            if !app.pdf_looked(&file, look) {
                return effects;
            }
        }
        Msg::PicturesKnown(known) => app.pictures_known(known),
        Msg::PicturesDrawn(signature, drawn) => app.pictures_drawn(signature, drawn),
        Msg::Reading(news) => {
            if !app.reading_news(news) {
                return effects;
            }
        }
        Msg::RetractedFound(papers) => {
            if app.retracted == papers {
                return effects;
            }
            app.retracted = papers;
        }
    }
    app.settle(&mut effects);
    app.dirty = true;
    effects
}

impl App {
    /// After every message: the window holds the cursor, the page is that of the selected paper and fits its panes.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        let panes = self.panes();
        let rows = self.rows();
        if panes.list.is_some() {
            self.cursor.fit(rows, panes.list_rows());
        } else {
            self.cursor.selected = self.cursor.selected.min(rows.saturating_sub(1));
        }
        if !panes.order().any(|pane| pane == self.focus) && panes.tier > Tier::TooSmall {
            self.focus = if self.zen || self.focus != Pane::List {
                Pane::Main
            } else {
                Pane::List
            };
        }
        let selected = self.selected();
        if selected != self.page.paper {
            self.keep_position();
            self.page.turn_to(selected);
            self.find.clear();
            self.found_at = None;
        }
        if let Some(paper) = selected {
            let item_missing = self.page.awaited_item.is_none() && self.page.shown != Some(paper);
            if item_missing {
                let signature = self.next_signature();
                self.page.awaited_item = Some(signature);
                self.page.shown = Some(paper);
                effects.push(Effect::ReadPage { signature, paper });
            }
            if self.index.is_some()
                && self.page.related.is_none()
                && self.page.awaited_related.is_none()
                && self.related_is_due()
            {
                self.page.related_after = None;
                let signature = self.next_signature();
                self.page.awaited_related = Some(signature);
                effects.push(Effect::FindRelated { signature, paper });
            }
        }
        // While a PDF is read, its page waits as it was.
        if self.reading.is_none() {
            self.page.wrap(&panes);
        }
        self.look_at_pdf(effects);
        self.settle_reading(effects);
    }

    /// Whether similar papers are to be found now: while a query is typed, only of a paper on which the cursor rests.
    fn related_is_due(&mut self) -> bool {
        let typing = self.query_box.as_ref().is_some_and(|query| !query.in_page);
        let at = *self
            .page
            .related_after
            .get_or_insert(self.now + RELATED_REST_MS);
        !typing || at <= self.now
    }

    pub(super) fn next_signature(&mut self) -> u64 {
        self.signature += 1;
        self.signature
    }

    fn loaded(&mut self, segments: Vec<Arc<Segment>>, effects: &mut Vec<Effect>) {
        for segment in segments {
            self.library.push(segment);
        }
        self.go_to_awaited_paper(false);
        self.search_again(effects);
    }

    fn load_done(&mut self) {
        self.go_to_awaited_paper(true);
        if self.index.is_none() {
            self.loading = Loading::Indexing;
        }
        let total = self.problems.total();
        if total > 0 {
            let read = thousands(self.library.len());
            let what = if total == 1 {
                "1 with a problem (! shows it)".to_owned()
            } else {
                format!("{} with problems (! shows them)", thousands(total))
            };
            self.tell(Level::Warning, format!("{read} read, {what}"));
        }
    }

    fn paste(&mut self, text: &str, effects: &mut Vec<Effect>) {
        match (&mut self.overlay, &mut self.query_box) {
            (Some(Overlay::Palette(palette)), _) => {
                palette.line.paste(text);
                palette.cursor = ListCursor::default();
            }
            (Some(Overlay::CopyMenu(menu)), _) => {
                if let Some(finder) = &mut menu.finder {
                    finder.paste(text);
                    menu.cursor = ListCursor::default();
                    self.preview(effects);
                }
            }
            (Some(Overlay::Tags(tags)), _) => {
                tags.line.paste(text);
                tags.marked = None;
            }
            (Some(Overlay::Comment(_)), _) => self.comment_paste(text),
            (Some(Overlay::Chooser(chooser)), _) => chooser.paste(text),
            (Some(_), _) => {}
            (None, _) if self.reading.is_some() => {
                self.open_reading_finder();
                if let Some(finder) = self.reading.as_mut().and_then(|one| one.finder.as_mut()) {
                    finder.paste(text);
                }
                self.reading_find_changed();
            }
            (None, Some(query)) => {
                query.line.paste(text);
                self.query_changed(effects);
            }
            // Pasted text in the list is meant for the search box; as keys it could do anything.
            (None, None) => {
                self.open_query_box(String::new());
                if let Some(query) = &mut self.query_box {
                    query.line.paste(text);
                }
                self.query_changed(effects);
            }
        }
    }

    fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        self.awaited_paper = None;
        let again = std::mem::take(&mut self.cancelled);
        // The next key asks for what is now, not for what was said before; `!` keeps every message.
        self.toast = None;
        let context = self.context();
        if let Some(digit) = key.typed().and_then(|c| c.to_digit(10))
            && matches!(
                context,
                Context::List | Context::Page | Context::Reader | Context::Reading
            )
            && self.pending.is_empty()
            && (digit > 0 || self.count.is_some())
        {
            let count = self
                .count
                .unwrap_or(0)
                .saturating_mul(10)
                .saturating_add(digit as usize);
            self.count = Some(count.min(9_999_999));
            return;
        }
        self.pending.push(key);
        match self.settings.keymap.resolve(context, &self.pending) {
            Resolution::Pending => {}
            Resolution::Run(command) => {
                self.pending.clear();
                let count = self.count.take();
                self.run(command, count, again, effects);
            }
            Resolution::Unbound => {
                let keys = std::mem::take(&mut self.pending);
                self.count = None;
                self.unbound(&keys, key, effects);
            }
        }
    }

    /// A key that no command has: it types, chooses by letter, or is said to do nothing.
    fn unbound(&mut self, keys: &[Key], key: Key, effects: &mut Vec<Effect>) {
        // Esc and ^C leave a sequence that was begun, whatever they mean else.
        if keys.len() > 1 && (key.code == Code::Esc || key == Key::ctrl('c')) {
            return;
        }
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => {
                if palette.line.key(key) == Some(true) {
                    palette.cursor = ListCursor::default();
                }
            }
            Some(Overlay::CopyMenu(menu)) => {
                if let Some(finder) = &mut menu.finder {
                    if finder.key(key) == Some(true) {
                        menu.cursor = ListCursor::default();
                        self.preview(effects);
                    }
                    return;
                }
                let rows = menu.rows(&self.settings);
                match rows.into_iter().find(|row| Some(row.letter) == key.typed()) {
                    Some(row) => {
                        self.overlay = None;
                        self.copy(row.way, effects);
                    }
                    None => self.tell(Level::Info, format!("{key} is nothing in this menu")),
                }
            }
            Some(Overlay::Links(labels)) => {
                let chosen = labels
                    .iter()
                    .find(|label| Some(label.letter) == key.typed())
                    .copied();
                self.overlay = None;
                if let Some(label) = chosen {
                    self.follow(label.pane, label.link, effects);
                }
            }
            Some(Overlay::Tags(_)) => self.tag_key(key),
            Some(Overlay::Comment(_)) => self.comment_key(key),
            Some(Overlay::Reader(_)) => {}
            Some(Overlay::Chooser(_)) => self.chooser_key(key, effects),
            None if self
                .reading
                .as_ref()
                .is_some_and(|one| one.finder.is_some()) =>
            {
                let finder = self.reading.as_mut().and_then(|one| one.finder.as_mut());
                if finder.and_then(|finder| finder.key(key)) == Some(true) {
                    self.reading_find_changed();
                }
            }
            None if self.query_box.is_some() => {
                let changed = self
                    .query_box
                    .as_mut()
                    .and_then(|query| query.line.key(key));
                if changed == Some(true) {
                    self.query_changed(effects);
                }
            }
            None => {
                let pressed = crate::config::keys::Chord(keys.to_vec());
                self.tell(
                    Level::Info,
                    format!("{pressed} does nothing here · ? lists all keys"),
                );
            }
        }
    }
}
