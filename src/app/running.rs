//! Running commands.

use super::command::Command;
use super::layout::{Density, Tier};
use super::line_edit::LineEdit;
use super::list::ListCursor;
use super::overlay::{self, CopyMenu, LINK_LETTERS, LinkLabel, Overlay, Palette};
use super::{App, Effect, Level, Pane, QueryBox};
use crate::core::page::SectionKind;

/// So many commands stand first in the palette because they were run from it last.
const RECENT: usize = 5;

impl App {
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
        self.follow_tour(command);
        match command {
            Command::Search if self.is_reading() => self.open_reading_finder(),
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
                        completion: None,
                    });
                }
            }
            Command::NextResult | Command::CopyMenuDown => self.menu_move(1, effects),
            Command::PreviousResult | Command::CopyMenuUp => self.menu_move(-1, effects),
            Command::Accept => self.accept(effects),
            Command::NextMatch if self.is_reading() => {
                self.reading_find_next(true, count.unwrap_or(1));
            }
            Command::PreviousMatch if self.is_reading() => {
                self.reading_find_next(false, count.unwrap_or(1));
            }
            Command::NextMatch => self.find_next(true, count.unwrap_or(1)),
            Command::PreviousMatch => self.find_next(false, count.unwrap_or(1)),
            Command::Complete => self.complete(true, effects),
            Command::ForYou => self.show_for_you(effects),
            Command::Searches => self.open_searches(),
            Command::CompleteBack => self.complete(false, effects),
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
            Command::SetStatus => self.open_status(),
            Command::Sort => self.open_sort(),
            Command::Filter => self.open_filter(),
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
            Command::Tags => self.open_tags(),
            Command::TagChoose => self.tag_choose(effects),
            Command::TagComplete => self.tag_complete(effects),
            Command::TagOff => self.tag_off(effects),
            Command::TagDown => self.tag_move(1),
            Command::TagUp => self.tag_move(-1),
            Command::Comment => self.new_comment(),
            Command::CommentSave => self.save_comment(effects),
            Command::CommentEditor => self.edit_outside(effects),
            Command::Edit => self.edit_focused(),
            Command::Delete => self.delete_focused(effects),
            Command::Queue => self.queue(effects),
            Command::ShowQueue => {
                let paper = self.selected();
                self.focus = Pane::List;
                self.search("is:queued".to_owned(), paper, effects);
            }
            Command::Undo => self.undo(false, effects),
            Command::Orphans => self.overlay = Some(Overlay::Reader(overlay::orphans(self))),
            Command::Redo => self.undo(true, effects),
            Command::Select => self.select(count),
            Command::SelectRange => self.select_range(),
            Command::Actions => self.open_actions(),
            Command::Export => self.open_export(),
            Command::Open if self.show_alike_instead(effects) => {}
            Command::Open => self.open(effects),
            Command::ReadPdf => self.read_pdf(effects),
            Command::NextSection => self.next_section(true, count.unwrap_or(1)),
            Command::PreviousSection => self.next_section(false, count.unwrap_or(1)),
            Command::NextPdfPage => self.turn_reading(step(count)),
            Command::PreviousPdfPage => self.turn_reading(-step(count)),
            Command::OpenFile => self.open_file(effects),
            Command::OpenWeb => self.open_web(effects),
            Command::Add => self.open_add(),
            Command::Import => self.open_import(),
            Command::Metrics => self.fetch_metrics(effects),
            Command::FindPdf => self.find_pdf(effects),
            Command::AskModel => self.ask_model(None, false, effects),
            Command::Review => self.open_review(0),
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
            Command::GoActions => self.go_section(SectionKind::Actions),
            Command::GoMetrics => self.go_section(SectionKind::Metrics),
            Command::GoFindings => self.go_section(SectionKind::KeyFindings),
            Command::GoDetails => self.go_section(SectionKind::Details),
            Command::GoCite => self.go_section(SectionKind::Cite),
            Command::GoPdf => self.go_section(SectionKind::Pdf),
            Command::GoSimilar => self.go_section(SectionKind::Similar),
            Command::GoComments => self.show_comments(),
            Command::ScrollDown if self.shows_queue() => self.move_in_queue(step(count), effects),
            Command::ScrollUp if self.shows_queue() => self.move_in_queue(-step(count), effects),
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
            Command::Libraries => self.open_libraries(),
            Command::Themes => self.open_themes(),
            Command::Wider => self.widen_list(step(count)),
            Command::Narrower => self.widen_list(-step(count)),
            Command::Compact => self.set_density(Density::Compact),
            Command::Comfortable => self.set_density(Density::Comfortable),
            Command::Mouse => self.toggle_mouse(effects),
            Command::Palette => self.overlay = Some(Overlay::Palette(Palette::default())),
            Command::Help => {
                self.overlay = Some(Overlay::Reader(overlay::help(&self.settings)));
            }
            Command::Messages => self.overlay = Some(Overlay::Reader(overlay::messages(self))),
            Command::Close => self.close(effects),
            Command::CloseReader if self.is_reading() => self.close_reading(effects),
            Command::CloseReader => self.overlay = None,
            Command::Redraw => {
                self.refresh(effects);
                effects.push(Effect::Redraw);
            }
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

    pub(super) fn accept(&mut self, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            Some(Overlay::Palette(palette)) => {
                if let Some(command) = palette.rows(&self.recent).get(palette.cursor.selected) {
                    self.recent.retain(|recent| recent != command);
                    self.recent.insert(0, *command);
                    self.recent.truncate(RECENT);
                    self.run(*command, None, false, effects);
                }
            }
            Some(menu @ Overlay::CopyMenu(_)) => {
                self.overlay = Some(menu);
                self.choose_from_menu(effects);
            }
            Some(menu @ Overlay::Chooser(_)) => {
                self.overlay = Some(menu);
                self.choose(effects);
            }
            None if self.is_reading() => {
                if let Some(reading) = &mut self.reading {
                    reading.finder = None;
                }
            }
            other => {
                self.overlay = other;
                if self.show_alike_instead(effects) {
                    return;
                }
                let left = self.query_box.take();
                if left.is_some_and(|query| !query.in_page) {
                    self.remember_search(effects);
                }
            }
        }
    }

    pub(super) fn close(&mut self, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            // Leaving the finder leads back to the letters of the menu.
            Some(Overlay::CopyMenu(menu)) if menu.finder.is_some() => {
                self.overlay = Some(Overlay::CopyMenu(CopyMenu::default()));
                self.preview(effects);
                return;
            }
            Some(Overlay::Comment(comment)) => return self.leave_comment(&comment, effects),
            Some(_) => return,
            None => {}
        }
        if let Some(reading) = &mut self.reading {
            if reading.finder.take().is_none() {
                self.close_reading(effects);
            }
            return;
        }
        if let Some(query) = self.query_box.take() {
            if query.in_page {
                self.find = query.before;
                return;
            }
            let paper = self.selected();
            self.search_keeping(query.before, paper, effects);
            return;
        }
        if self.stop_fetching(effects) {
            return;
        }
        let panes = self.panes();
        if self.range_from.take().is_some() || self.page.sentence.take().is_some() {
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
}

fn step(count: Option<usize>) -> isize {
    count.unwrap_or(1).min(9_999_999) as isize
}
