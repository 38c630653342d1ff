//! The box in which comments are written.

use std::sync::Arc;

use ratatui::layout::Rect;
use serde_json::{Map, Value};

use super::drafts::{Draft, DraftKey, Edited};
use super::layout::{Panes, READING_WIDTH, Tier};
use super::overlay::Overlay;
use super::text_area::TextArea;
use super::{App, Effect, Level, Pane};
use crate::config::keys::Key;
use crate::core::journal::{Change, Edit};
use crate::core::page::{Link, SectionKind};
use crate::core::paper::PaperNo;

/// A draft is kept on the disk when this much time has passed since the first key after it was kept last, in ms.
const KEEP_AFTER: u64 = 1000;
/// The box has at least this many rows of text, where there is room.
const ROWS: u16 = 6;

/// The box while it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentBox {
    /// Which comment is written.
    pub key: DraftKey,
    /// Identifiers of the paper.
    identifiers: Vec<Box<str>>,
    /// The text.
    pub area: TextArea,
    /// The comment as it was when this was begun.
    pub saved: String,
    /// The item as it was, where its fields are edited.
    pub before: Option<Box<Map<String, Value>>>,
}

impl CommentBox {
    pub(super) fn draft(&self) -> Draft {
        let text = self.area.text();
        // What is saved already, or is nothing, is no draft.
        let text = if text == self.saved || text.trim().is_empty() {
            ""
        } else {
            text
        };
        Draft {
            key: self.key.clone(),
            text: text.to_owned(),
            saved: self.saved.clone(),
        }
    }
}

/// Where the box stands: over the lower part of the page, beside the list where both are shown. It grows with its text.
pub fn rect(panes: &Panes, size: (u16, u16), rows: usize) -> Rect {
    let (width, height) = size;
    let bottom = panes.status.y.saturating_sub(u16::from(height >= 14));
    let beside = panes.main.filter(|_| panes.list.is_some());
    let (x, width) = match beside {
        Some(main) => (main.x, main.width.min(READING_WIDTH + 4)),
        None => (0, width.min(READING_WIDTH + 4)),
    };
    let most = if panes.tier <= Tier::One {
        bottom.saturating_sub(1)
    } else {
        bottom.saturating_sub(2) * 2 / 3
    };
    let wanted = u16::try_from(rows).unwrap_or(u16::MAX).max(ROWS);
    let height = wanted.saturating_add(2).min(most.max(3)).min(bottom);
    Rect::new(x, bottom - height, width, height)
}

/// Cells of a row of text in the box: without its frame, a blank on each side, and the place of a cursor at the end.
pub fn text_width(rect: Rect) -> usize {
    usize::from(rect.width.saturating_sub(5))
}

impl App {
    pub(super) fn comment_box(&mut self) -> Option<&mut CommentBox> {
        match &mut self.overlay {
            Some(Overlay::Comment(comment)) => Some(comment),
            _ => None,
        }
    }

    /// The id of the comment under the cursor of the page, if there is one.
    pub fn comment_at_cursor(&self) -> Option<String> {
        if self.focus == Pane::List {
            return None;
        }
        match self.page.pane(self.focus).target() {
            Some(Link::Comment(id)) => Some(id.clone()),
            _ => None,
        }
    }

    /// Opens the box for a new comment on the paper under the cursor, with its draft if there is one.
    pub(super) fn new_comment(&mut self) {
        if let Some(paper) = self.selected() {
            self.open_comment(paper, None);
        }
    }

    /// Opens the box for the comment under the cursor; for the only one of the paper; else shows them to choose from.
    pub(super) fn edit_focused(&mut self) {
        let Some(paper) = self.selected() else { return };
        match self.comment_at_cursor() {
            Some(id) => self.open_comment(paper, Some(id)),
            None => self.open_fields(),
        }
    }

    fn comment_ids(&self, paper: PaperNo) -> Vec<String> {
        let noted = self.notes.state().paper(self.library.id(paper));
        noted.comments.into_iter().map(|one| one.id).collect()
    }

    /// Goes to the comments, the newest under the cursor.
    pub(super) fn show_comments(&mut self) {
        self.go_section(SectionKind::Comments);
        let view = self.page.pane_mut(self.focus);
        let is_comment = |target: &Link| matches!(target, Link::Comment(_));
        view.link = view
            .doc
            .links
            .iter()
            .rposition(|link| is_comment(&link.target));
        let height = self.pane_height(self.focus);
        let view = self.page.pane_mut(self.focus);
        if let Some(lines) = view
            .link
            .and_then(|at| Some(view.doc.links.get(at)?.lines.clone()))
            && lines.end > view.scroll + height
        {
            view.scroll = lines
                .end
                .saturating_sub(height)
                .min(view.last_scroll(height));
        }
    }

    /// Opens the box for a comment of a paper, or for a new one.
    pub(super) fn open_comment(&mut self, paper: PaperNo, comment: Option<String>) {
        let id = self.library.id(paper).to_owned();
        let state = self.notes.state();
        let saved = match &comment {
            None => String::new(),
            Some(comment) => match state.comment(&id, comment) {
                Some(comment) => comment.text,
                None => return self.tell(Level::Info, "That comment is gone"),
            },
        };
        let identifiers = self.known_identifiers(paper);
        self.open_text(DraftKey { paper: id, comment }, identifiers, saved, None);
    }

    /// Opens the box with a text, or with the draft of it that was kept.
    pub(super) fn open_text(
        &mut self,
        key: DraftKey,
        identifiers: Vec<Box<str>>,
        saved: String,
        before: Option<Box<Map<String, Value>>>,
    ) {
        let state = self.notes.state();
        let is_saved_already = |text: &str| {
            let noted = state.paper(&key.paper);
            noted.comments.iter().any(|one| one.text == text)
        };
        let draft = self.drafts.get(&key).cloned();
        let draft = draft.filter(|draft| !is_saved_already(&draft.text));
        let goes_on = draft.is_some();
        let (text, saved) =
            draft.map_or_else(|| (saved.clone(), saved), |draft| (draft.text, draft.saved));
        let comment = CommentBox {
            identifiers,
            key,
            area: if before.is_some() {
                TextArea::new(text).at_start()
            } else {
                TextArea::new(text)
            },
            saved,
            before,
        };
        self.overlay = Some(Overlay::Comment(comment));
        if goes_on {
            self.tell(Level::Info, "Going on with the draft that was kept");
        }
    }

    /// Cells of a row of the box now.
    fn comment_width(&self) -> usize {
        text_width(rect(&self.panes(), self.size, 0))
    }

    /// A key that edits the text of the box.
    pub(super) fn comment_key(&mut self, key: Key) {
        let width = self.comment_width();
        let due = self.now + KEEP_AFTER;
        if let Some(comment) = self.comment_box()
            && comment.area.key(key, width) == Some(true)
        {
            self.draft_due.get_or_insert(due);
        }
    }

    /// Pasted text, as it is.
    pub(super) fn comment_paste(&mut self, text: &str) {
        let due = self.now + KEEP_AFTER;
        let Some(comment) = self.comment_box() else {
            return;
        };
        if comment.area.paste(text) {
            self.draft_due.get_or_insert(due);
        } else {
            self.tell(
                Level::Warning,
                "Too long to paste here, nothing was pasted · ^X opens an editor",
            );
        }
    }

    /// Closes the box; what is written in it stays as a draft.
    pub(super) fn leave_comment(&mut self, comment: &CommentBox, effects: &mut Vec<Effect>) {
        let draft = comment.draft();
        let key = match &comment.key.comment {
            Some(_) if comment.key.is_names() => "a",
            Some(_) => "e",
            None => "c",
        };
        self.draft_due = None;
        let had_draft = self.drafts.contains_key(&draft.key);
        self.note_draft(&draft);
        if !draft.text.is_empty() {
            self.tell(
                Level::Info,
                format!("Not saved: the draft is kept · {key} goes on with it"),
            );
            effects.push(Effect::KeepDraft(draft));
        } else if had_draft {
            effects.push(Effect::KeepDraft(draft));
        }
    }

    /// Saves what is written and closes the box.
    pub(super) fn save_comment(&mut self, effects: &mut Vec<Effect>) {
        let Some(comment) = self.comment_box().map(|comment| comment.clone()) else {
            return;
        };
        if comment.key.is_names() {
            return self.add_named(&comment, effects);
        }
        let text = comment.area.text();
        if self.tell_notes_missing() {
            return;
        }
        if comment.key.is_fields() {
            return self.review_fields(&comment, effects);
        }
        if text.trim().is_empty() {
            let text = if comment.key.comment.is_some() {
                "An empty comment is not saved · Esc leaves the old text, D deletes it"
            } else {
                "There is no text yet · Esc closes"
            };
            return self.tell(Level::Info, text);
        }
        if let Some(theirs) = self.changed_elsewhere(&comment) {
            if let Some(open) = self.comment_box() {
                open.area = TextArea::new(format!("{text}\n\n---\n\n{theirs}"));
                open.saved = theirs;
            }
            return self.tell(
                Level::Warning,
                "Not saved: it was changed elsewhere meanwhile · both texts are here · ^S saves",
            );
        }
        self.overlay = None;
        if text == comment.saved {
            self.leave_comment(&comment, effects);
            return self.tell(Level::Info, "Nothing was changed");
        }
        // Until the comment itself is on the disk, its draft is: the newest text of it.
        self.draft_due = None;
        effects.push(Effect::KeepDraft(comment.draft()));
        self.drafts.remove(&comment.key);
        self.drafts_done.push(comment.key.clone());
        let now = self.wall;
        let ledger = Arc::make_mut(&mut self.notes);
        let paper = comment.key.paper.as_str();
        let (edit, what) = match &comment.key.comment {
            None => (
                ledger.new_comment(now, paper, comment.identifiers, text),
                "Comment added",
            ),
            Some(id) => {
                let change = Change::Comment {
                    id: id.as_str().into(),
                    text: Some(text.into()),
                };
                (
                    Edit::new(paper, comment.identifiers, change),
                    "Comment changed",
                )
            }
        };
        let operations = ledger.edit(now, vec![edit]);
        self.write(operations, effects);
        self.tell_undoable(format!("{what} · {paper} · gn shows it"));
    }

    /// The comment as it is now, where somebody changed it after this was begun. Replacing a text that the reader has not
    /// seen would lose it.
    fn changed_elsewhere(&self, comment: &CommentBox) -> Option<String> {
        let id = comment.key.comment.as_ref()?;
        let now = self.notes.state().comment(&comment.key.paper, id)?.text;
        (now != comment.saved && now != comment.area.text()).then_some(now)
    }

    /// Deletes the comment under the cursor; undo brings it back.
    pub(super) fn delete_focused(&mut self, effects: &mut Vec<Effect>) {
        let Some(paper) = self.selected() else { return };
        let Some(id) = self.comment_at_cursor() else {
            if self.focus == Pane::List {
                return self.delete_papers(effects);
            }
            if self.comment_ids(paper).is_empty() {
                return self.tell(
                    Level::Info,
                    "No comment is here · D in the list deletes the paper",
                );
            }
            self.show_comments();
            return self.tell(Level::Info, "j k choose a comment · D deletes it");
        };
        let change = Change::Comment {
            id: id.into(),
            text: None,
        };
        let known = self.known_identifiers(paper);
        let edit = Edit::new(self.library.id(paper), known, change);
        let now = self.wall;
        let operations = Arc::make_mut(&mut self.notes).edit(now, vec![edit]);
        self.write(operations, effects);
        self.tell(Level::Info, "Comment deleted · u brings it back");
    }

    /// Hands what is written to the reader's editor.
    pub(super) fn edit_outside(&mut self, effects: &mut Vec<Effect>) {
        self.keep_draft(effects);
        if let Some(comment) = self.comment_box() {
            effects.push(Effect::EditText(Draft {
                key: comment.key.clone(),
                text: comment.area.text().to_owned(),
                saved: comment.saved.clone(),
            }));
        }
    }

    /// The editor has ended.
    pub(super) fn edited(&mut self, key: &DraftKey, edited: Edited, effects: &mut Vec<Effect>) {
        match edited {
            Edited::Text(text) => {
                let Some(comment) = self.comment_box().filter(|one| one.key == *key) else {
                    // The box was closed: as a draft the text waits for the next time.
                    let saved = self.drafts.get(key).map(|draft| draft.saved.clone());
                    let draft = Draft {
                        key: key.clone(),
                        text,
                        saved: saved.unwrap_or_default(),
                    };
                    self.note_draft(&draft);
                    effects.push(Effect::KeepDraft(draft));
                    return self.tell(Level::Info, "The text from the editor is kept as a draft");
                };
                comment.area = TextArea::new(text);
                self.keep_draft(effects);
                self.tell(Level::Info, "Text from the editor · ^S saves it");
            }
            Edited::Unchanged => self.tell(Level::Info, "Nothing was changed in the editor"),
            Edited::Emptied => self.tell(
                Level::Warning,
                "The editor left no text: what was written before stays",
            ),
            Edited::Failed(reason) => self.tell(Level::Error, reason),
        }
    }
}
