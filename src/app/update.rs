//! How messages change the app.

use std::sync::Arc;

use super::command::{Command, Context};
use super::keymap::Resolution;
use super::layout::Tier;
use super::line_edit::LineEdit;
use super::list::ListCursor;
use super::overlay::{self, CopyMenu, LINK_LETTERS, LinkLabel, Overlay, Palette};
use super::{App, Copied, CopyRoute, Effect, Level, Loading, Msg, Pane, QueryBox};
use crate::config::keys::{Code, Key};
use crate::core::cite::Way;
use crate::core::library::Segment;
use crate::core::page::{Link, SectionKind, thousands};
use crate::core::paper::PaperNo;
use crate::core::query::Field;

/// At most so many papers are written down for the copy menu to show.
const PREVIEWED: usize = 5;

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
            return effects;
        }
        Msg::Clock(wall) => {
            app.wall = wall;
            return effects;
        }
        Msg::NotesOpened(ledger) => {
            app.notes = Arc::from(ledger);
            app.notes_missing = None;
            app.compose_page();
        }
        Msg::NotesUnavailable(reason) => {
            app.notes_missing = Some("there is no place for notes (! says why)");
            app.tell(Level::Error, format!("Nothing can be noted: {reason}"));
        }
        Msg::NotesFound(operations) => {
            if !app.absorb(operations) {
                return effects;
            }
            app.compose_page();
        }
        Msg::Saved => app.saved(),
        Msg::NotSaved(reason) => app.not_saved(reason),
        Msg::Key(key) => app.key(key, &mut effects),
        Msg::Paste(text) => app.paste(&text, &mut effects),
        Msg::Resize(width, height) => app.size = (width, height),
        Msg::Loaded(segments) => app.loaded(segments, &mut effects),
        Msg::Problems(problems) => problems.append_to(&mut app.problems),
        Msg::LoadDone => app.load_done(),
        Msg::NotIndexed(reason) => {
            app.loading = Loading::Ready;
            app.tell(
                Level::Error,
                format!("No index, so search reads every title: {reason}"),
            );
        }
        Msg::LoadFailed(reason) => {
            app.loading = Loading::Failed(reason.clone());
            app.tell(Level::Error, reason);
        }
        Msg::Indexed(index) => {
            app.index = Some(index);
            app.loading = Loading::Ready;
            app.page.awaited_related = None;
            app.search_again(&mut effects);
        }
        Msg::Found { signature, hits } => {
            if app.awaited_search == Some(signature) {
                app.awaited_search = None;
                app.found(hits);
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
        Msg::Tell(level, text) => app.tell(level, text),
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
            {
                let signature = self.next_signature();
                self.page.awaited_related = Some(signature);
                effects.push(Effect::FindRelated { signature, paper });
            }
        }
        self.page.wrap(&panes);
    }

    fn next_signature(&mut self) -> u64 {
        self.signature += 1;
        self.signature
    }

    fn loaded(&mut self, segments: Vec<Arc<Segment>>, effects: &mut Vec<Effect>) {
        for segment in segments {
            self.library.push(segment);
        }
        self.search_again(effects);
    }

    fn load_done(&mut self) {
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

    /// Asks the current query again, after the library or its index changed.
    fn search_again(&mut self, effects: &mut Vec<Effect>) {
        if !self.query.is_empty() {
            self.wanted = self.wanted.or(self.selected());
            self.ask(effects);
        }
    }

    /// Shows the results of a query, with the cursor on `wanted` if it is among them.
    fn search(&mut self, query: String, wanted: Option<PaperNo>, effects: &mut Vec<Effect>) {
        self.query = query;
        self.wanted = wanted;
        if self.query.trim().is_empty() {
            self.query.clear();
            self.awaited_search = None;
            self.hits = None;
            self.put_cursor_on_wanted();
        } else {
            self.ask(effects);
        }
    }

    fn ask(&mut self, effects: &mut Vec<Effect>) {
        let signature = self.next_signature();
        self.awaited_search = Some(signature);
        effects.push(Effect::Search {
            signature,
            query: self.query.clone(),
        });
    }

    fn found(&mut self, hits: crate::core::index::Hits) {
        self.hits = Some(hits);
        self.range_from = None;
        self.put_cursor_on_wanted();
    }

    fn put_cursor_on_wanted(&mut self) {
        let row = self
            .wanted
            .take()
            .and_then(|paper| self.row_of(paper))
            .unwrap_or(0);
        self.cursor.go(row, self.rows());
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
            (Some(_), _) => {}
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

    fn query_changed(&mut self, effects: &mut Vec<Effect>) {
        let Some(query) = &self.query_box else { return };
        let text = query.line.text().to_owned();
        if query.in_page {
            self.find = text;
            self.find_while_typing();
            return;
        }
        let keep = if query.chosen || text.trim().is_empty() {
            self.selected()
        } else {
            None
        };
        self.search(text, keep, effects);
    }

    fn open_query_box(&mut self, text: String) {
        self.range_from = None;
        if !self.zen {
            self.focus = Pane::List;
        }
        self.query_box = Some(QueryBox {
            line: LineEdit::new(text),
            before: self.query.clone(),
            chosen: false,
            in_page: false,
        });
    }

    fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let again = std::mem::take(&mut self.cancelled);
        // The next key asks for what is now, not for what was said before; `!` keeps every message.
        self.toast = None;
        let context = self.context();
        if let Some(digit) = key.typed().and_then(|c| c.to_digit(10))
            && matches!(context, Context::List | Context::Page | Context::Reader)
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
            Some(Overlay::Reader(_)) => {}
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

    /// Runs a command, or says why it cannot be run.
    pub(super) fn run(
        &mut self,
        command: Command,
        count: Option<usize>,
        again: bool,
        effects: &mut Vec<Effect>,
    ) {
        if let Err(reason) = (command.spec().enabled)(self) {
            self.tell(Level::Info, format!("{}: {reason}", command.spec().name));
            return;
        }
        match command {
            Command::Search => {
                if self.focus == Pane::List {
                    let text = self.query.clone();
                    self.open_query_box(text);
                } else {
                    self.query_box = Some(QueryBox {
                        line: LineEdit::new(self.find.clone()),
                        before: self.find.clone(),
                        chosen: false,
                        in_page: true,
                    });
                }
            }
            Command::NextResult | Command::CopyMenuDown => self.menu_move(1, effects),
            Command::PreviousResult | Command::CopyMenuUp => self.menu_move(-1, effects),
            Command::Accept => self.accept(effects),
            Command::NextMatch => self.find_next(true, count.unwrap_or(1)),
            Command::PreviousMatch => self.find_next(false, count.unwrap_or(1)),
            Command::Complete => self.complete(effects),
            Command::Copy => {
                let way = self.settings.default_way.clone();
                self.copy(way, effects);
            }
            Command::CopyAs => {
                self.overlay = Some(Overlay::CopyMenu(CopyMenu::default()));
                self.preview(effects);
            }
            Command::CopyMenuFind => {
                if let Some(Overlay::CopyMenu(menu)) = &mut self.overlay {
                    menu.finder = Some(LineEdit::default());
                    menu.cursor = ListCursor::default();
                }
                self.preview(effects);
            }
            Command::CopyMenuChoose => self.choose_from_menu(effects),
            Command::Status => self.next_status(effects),
            Command::Star => self.star(effects),
            Command::Rate0 => self.rate(0, effects),
            Command::Rate1 => self.rate(1, effects),
            Command::Rate2 => self.rate(2, effects),
            Command::Rate3 => self.rate(3, effects),
            Command::Rate4 => self.rate(4, effects),
            Command::Rate5 => self.rate(5, effects),
            Command::Priority0 => self.prioritise(0, effects),
            Command::Priority1 => self.prioritise(1, effects),
            Command::Priority2 => self.prioritise(2, effects),
            Command::Priority3 => self.prioritise(3, effects),
            Command::Queue => self.queue(effects),
            Command::ShowQueue => {
                let paper = self.selected();
                self.focus = Pane::List;
                self.search("is:queued".to_owned(), paper, effects);
            }
            Command::Undo => self.undo(false, effects),
            Command::Redo => self.undo(true, effects),
            Command::Select => self.select(count),
            Command::SelectRange => self.select_range(),
            Command::Open => self.open(effects),
            Command::OpenWeb => self.open_web(effects),
            Command::Back => {
                if let Some(place) = self.place().and_then(|here| self.jumps.back(here)) {
                    self.go_to(&place.query, place.paper, effects);
                }
            }
            Command::Forward => {
                if let Some(place) = self.place().and_then(|here| self.jumps.forward(here)) {
                    self.go_to(&place.query, place.paper, effects);
                }
            }
            Command::Zen => {
                self.zen = !self.zen;
                if self.zen {
                    self.before_zen = self.focus;
                    self.focus = Pane::Main;
                } else {
                    self.focus = self.before_zen;
                }
            }
            Command::LinkLabels => {
                let labels = self
                    .visible_links()
                    .into_iter()
                    .zip(LINK_LETTERS.chars())
                    .map(|((pane, link), letter)| LinkLabel { letter, pane, link })
                    .collect();
                self.overlay = Some(Overlay::Links(labels));
            }
            Command::GoAbstract => self.go_section(SectionKind::Abstract),
            Command::GoAuthors => self.go_authors(),
            Command::GoMetrics => self.go_section(SectionKind::Metrics),
            Command::GoFindings => self.go_section(SectionKind::KeyFindings),
            Command::GoDetails => self.go_section(SectionKind::Details),
            Command::GoCite => self.go_section(SectionKind::Cite),
            Command::GoPdf => self.go_section(SectionKind::Pdf),
            Command::GoSimilar => self.go_section(SectionKind::Similar),
            Command::GoComments => self.go_section(SectionKind::Comments),
            Command::ScrollDown => self.scroll_page(step(count)),
            Command::ScrollUp => self.scroll_page(-step(count)),
            Command::Down => self.move_rows(step(count)),
            Command::Up => self.move_rows(-step(count)),
            Command::First => self.go_row(count.map_or(0, |count| count.saturating_sub(1))),
            Command::Last => self.go_row(count.map_or(usize::MAX, |count| count.saturating_sub(1))),
            Command::HalfPageDown => self.move_pages(count, 1, 2),
            Command::HalfPageUp => self.move_pages(count, -1, 2),
            Command::PageDown => self.move_pages(count, 1, 1),
            Command::PageUp => self.move_pages(count, -1, 1),
            Command::PaneLeft => self.pane_left(),
            Command::PaneRight => self.pane_right(),
            Command::PaneNext => self.next_pane(1),
            Command::PanePrevious => self.next_pane(-1),
            Command::Palette => self.overlay = Some(Overlay::Palette(Palette::default())),
            Command::Help => {
                self.overlay = Some(Overlay::Reader(overlay::help(&self.settings)));
            }
            Command::Messages => self.overlay = Some(Overlay::Reader(overlay::messages(self))),
            Command::Close => self.close(effects),
            Command::CloseReader => self.overlay = None,
            Command::Redraw => effects.push(Effect::Redraw),
            Command::Suspend => effects.push(Effect::Suspend),
            Command::Quit => effects.push(Effect::Quit),
            Command::Cancel => {
                if again {
                    effects.push(Effect::Quit);
                } else {
                    self.close(effects);
                    self.tell(Level::Info, "^C again quits");
                    self.cancelled = true;
                }
            }
        }
    }

    fn accept(&mut self, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            Some(Overlay::Palette(palette)) => {
                if let Some(command) = palette.rows().get(palette.cursor.selected) {
                    self.run(*command, None, false, effects);
                }
            }
            Some(menu @ Overlay::CopyMenu(_)) => {
                self.overlay = Some(menu);
                self.choose_from_menu(effects);
            }
            other => {
                self.overlay = other;
                self.query_box = None;
            }
        }
    }

    fn complete(&mut self, effects: &mut Vec<Effect>) {
        let Some(query) = &mut self.query_box else {
            return;
        };
        let word = query.line.word();
        let (mark, rest) = match word.strip_prefix(['-', '!']) {
            Some(rest) => (
                word.get(..1).unwrap_or_default().to_owned(),
                rest.to_lowercase(),
            ),
            None => (String::new(), word.to_lowercase()),
        };
        let fitting: Vec<&str> = Field::ALL
            .into_iter()
            .map(Field::name)
            .chain(["year"])
            .filter(|name| !rest.is_empty() && name.starts_with(&rest))
            .collect();
        match fitting.as_slice() {
            [] => self.tell(
                Level::Info,
                "Nothing to complete · fields: author: title: venue: year: key: doi: abstract:",
            ),
            [name] => {
                let field = format!("{mark}{name}:");
                query.line.replace_word(&field);
                self.query_changed(effects);
            }
            several => {
                let names = several
                    .iter()
                    .map(|name| format!("{name}:"))
                    .collect::<Vec<_>>()
                    .join(" ");
                self.tell(Level::Info, names);
            }
        }
    }

    fn copy(&mut self, way: Way, effects: &mut Vec<Effect>) {
        let papers = self.chosen_papers();
        if papers.is_empty() {
            return;
        }
        self.copying_marked = papers != self.selected().into_iter().collect::<Vec<_>>();
        effects.push(if self.settings.picking {
            Effect::Pick { way, papers }
        } else {
            Effect::Copy { way, papers }
        });
    }

    fn choose_from_menu(&mut self, effects: &mut Vec<Effect>) {
        let Some(Overlay::CopyMenu(menu)) = &self.overlay else {
            return;
        };
        if let Some(row) = menu
            .rows(&self.settings)
            .into_iter()
            .nth(menu.cursor.selected)
        {
            self.overlay = None;
            self.copy(row.way, effects);
        }
    }

    /// Asks for the papers as the marked row of the menu writes them.
    fn preview(&mut self, effects: &mut Vec<Effect>) {
        let mut papers = self.chosen_papers();
        papers.truncate(PREVIEWED);
        let signature = self.next_signature();
        let Some(Overlay::CopyMenu(menu)) = &mut self.overlay else {
            return;
        };
        menu.preview = None;
        menu.awaited = None;
        if let Some(row) = menu
            .rows(&self.settings)
            .into_iter()
            .nth(menu.cursor.selected)
        {
            menu.awaited = Some(signature);
            effects.push(Effect::Preview {
                signature,
                way: row.way,
                papers,
            });
        }
    }

    fn copied(&mut self, copied: Copied) {
        let Copied {
            what,
            of,
            text,
            route,
        } = copied;
        let length = thousands(text.chars().count());
        // What is copied may not be what is under the cursor: say so.
        let of = if self.copying_marked {
            format!("{of} (selected)")
        } else {
            of
        };
        match route {
            CopyRoute::Confirmed => self.tell(
                Level::Info,
                format!("Copied {what} · {of} · {length} characters"),
            ),
            CopyRoute::Sent => {
                self.tell(
                    Level::Info,
                    format!(
                        "Sent to the terminal's clipboard: {what} · {of} · nothing to paste? press !"
                    ),
                );
                let help = "If nothing can be pasted: in tmux, `set -g set-clipboard on`; in xterm, allow window operations \
                            (disallowedWindowOps without SetSelection). The text itself:";
                if let Some(message) = self.messages.last_mut() {
                    message.text = format!("{}\n{help}\n{text}", message.text);
                }
            }
            CopyRoute::Saved(path) => {
                self.tell(
                    Level::Warning,
                    format!("No clipboard here: saved {what} · {of} to {path} · ! shows it"),
                );
                if let Some(message) = self.messages.last_mut() {
                    message.text = format!("{}\n{text}", message.text);
                }
            }
            CopyRoute::Failed(reason) => self.tell(Level::Error, format!("Not copied: {reason}")),
        }
        if self.range_from.take().is_some() {
            self.dirty = true;
        }
    }

    fn select(&mut self, count: Option<usize>) {
        for _ in 0..count.unwrap_or(1).min(self.rows()) {
            let Some(paper) = self.selected() else { return };
            if !self.marked.remove(&paper) {
                self.marked.insert(paper);
            }
            self.cursor.move_by(1, self.rows());
        }
    }

    fn select_range(&mut self) {
        if self.range_from.is_some() {
            self.marked.extend(self.range_papers());
            self.range_from = None;
        } else {
            self.range_from = Some(self.cursor.selected);
        }
    }

    fn open(&mut self, effects: &mut Vec<Effect>) {
        if self.focus == Pane::List {
            if self.settings.picking {
                let way = self.settings.default_way.clone();
                self.copy(way, effects);
            } else {
                self.focus = Pane::Main;
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

    fn follow(&mut self, pane: Pane, link: usize, effects: &mut Vec<Effect>) {
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

    fn leave(&mut self) {
        if let Some(place) = self.place() {
            self.jumps.leave(place);
        }
    }

    fn go_to(&mut self, query: &str, paper: PaperNo, effects: &mut Vec<Effect>) {
        if query == self.query
            && let Some(row) = self.row_of(paper)
        {
            self.cursor.go(row, self.rows());
        } else {
            self.search(query.to_owned(), Some(paper), effects);
        }
    }

    fn open_web(&mut self, effects: &mut Vec<Effect>) {
        match self.page.page.as_ref().map(|page| page.url.clone()) {
            Some(Some(url)) => effects.push(Effect::OpenUrl(url)),
            Some(None) => self.tell(Level::Info, "This paper has no DOI and no address"),
            None => self.tell(Level::Info, "The page is still being read"),
        }
    }

    fn close(&mut self, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            // Leaving the finder leads back to the letters of the menu.
            Some(Overlay::CopyMenu(menu)) if menu.finder.is_some() => {
                self.overlay = Some(Overlay::CopyMenu(CopyMenu::default()));
                self.preview(effects);
                return;
            }
            Some(_) => return,
            None => {}
        }
        if let Some(query) = self.query_box.take() {
            if query.in_page {
                self.find = query.before;
                return;
            }
            let paper = self.selected();
            self.search(query.before, paper, effects);
            return;
        }
        let panes = self.panes();
        if self.range_from.take().is_some() {
        } else if self.zen {
            self.zen = false;
            self.focus = Pane::List;
        } else if self.focus != Pane::List && panes.tier > Tier::TooSmall {
            self.focus = Pane::List;
            self.find.clear();
        } else if !self.query.is_empty() {
            let paper = self.selected();
            self.search(String::new(), paper, effects);
        } else if !self.marked.is_empty() {
            let count = self.marked.len();
            self.marked.clear();
            self.tell(Level::Info, format!("{count} unselected"));
        }
    }

    pub(super) fn pane_height(&self, pane: Pane) -> usize {
        let panes = self.panes();
        usize::from(
            panes
                .rect(pane)
                .or(panes.main)
                .map_or(0, |rect| rect.height),
        )
    }

    fn menu_move(&mut self, rows: isize, effects: &mut Vec<Effect>) {
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => {
                let len = palette.rows().len();
                palette.cursor.move_by(rows, len);
            }
            Some(Overlay::CopyMenu(menu)) => {
                let len = menu.rows(&self.settings).len();
                menu.cursor.move_by(rows, len);
                self.preview(effects);
            }
            _ if self.query_box.as_ref().is_some_and(|query| query.in_page) => {
                self.find_next(rows > 0, 1);
            }
            _ => {
                self.cursor.move_by(rows, self.rows());
                if let Some(query) = &mut self.query_box {
                    query.chosen = true;
                }
            }
        }
    }

    fn move_rows(&mut self, rows: isize) {
        if let Some(Overlay::Reader(reader)) = &mut self.overlay {
            let last = reader.lines.len().saturating_sub(1);
            reader.scroll = reader.scroll.saturating_add_signed(rows).min(last);
        } else if self.focus == Pane::List {
            self.cursor.move_by(rows, self.rows());
        } else {
            let height = self.pane_height(self.focus);
            let view = self.page.pane_mut(self.focus);
            for _ in 0..rows
                .unsigned_abs()
                .min(view.doc.lines.len() + view.doc.links.len())
            {
                view.step(rows > 0, height);
            }
        }
    }

    fn go_row(&mut self, row: usize) {
        if let Some(Overlay::Reader(reader)) = &mut self.overlay {
            reader.scroll = row.min(reader.lines.len().saturating_sub(1));
        } else if self.focus == Pane::List {
            self.cursor.go(row, self.rows());
        } else {
            let height = self.pane_height(self.focus);
            self.page.pane_mut(self.focus).go(row, height);
        }
    }

    fn move_pages(&mut self, count: Option<usize>, direction: isize, part: usize) {
        let pages = count.unwrap_or(1).min(1000);
        let lines = |height: usize| ((height / part).max(1) * pages) as isize * direction;
        if self.overlay.is_some() {
            self.move_rows(lines(usize::from(self.size.1.saturating_sub(6))));
        } else if self.focus == Pane::List {
            let rows = self.panes().list_rows();
            self.cursor.move_by(lines(rows), self.rows());
        } else {
            let height = self.pane_height(self.focus);
            self.page
                .pane_mut(self.focus)
                .scroll_by(lines(height), height);
        }
    }

    fn scroll_page(&mut self, lines: isize) {
        let pane = if self.focus == Pane::List {
            Pane::Main
        } else {
            self.focus
        };
        let height = self.pane_height(pane);
        self.page.pane_mut(pane).scroll_by(lines, height);
    }

    fn go_section(&mut self, kind: SectionKind) {
        match self.page.find(kind) {
            Some(place) => self.go_line(place),
            None => self.tell(Level::Info, "The page is still being read"),
        }
    }

    fn go_authors(&mut self) {
        match self.page.find_authors() {
            Some(place) => self.go_line(place),
            None => self.tell(Level::Info, "The page is still being read"),
        }
    }

    fn go_line(&mut self, (pane, line): (Pane, usize)) {
        self.focus = pane;
        let height = self.pane_height(pane);
        self.page.pane_mut(pane).go(line, height);
    }

    fn pane_left(&mut self) {
        if !self.zen {
            self.focus = Pane::List;
        }
    }

    fn pane_right(&mut self) {
        let panes = self.panes();
        self.focus = match self.focus {
            Pane::List => Pane::Main,
            Pane::Main if panes.tier == Tier::Three && panes.details.is_some() => Pane::Details,
            other => other,
        };
    }

    fn next_pane(&mut self, by: isize) {
        let order: Vec<Pane> = self.panes().order().collect();
        let at = order
            .iter()
            .position(|pane| *pane == self.focus)
            .unwrap_or(0);
        let next = (at as isize + by).rem_euclid(order.len().max(1) as isize) as usize;
        if let Some(pane) = order.get(next) {
            self.focus = *pane;
        }
    }
}

fn step(count: Option<usize>) -> isize {
    count.unwrap_or(1).min(9_999_999) as isize
}
