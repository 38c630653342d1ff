//! Drafts: text that was begun and is not saved, so that no box can lose it.

use super::overlay::Overlay;
use super::{App, Effect, Level};

/// Which comment a draft is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftKey {
    /// Id of the paper.
    pub paper: String,
    /// Id of the comment that is edited; `None` for a new one; [`FIELDS`] for the fields of the paper; [`NAMES`], without
    /// a paper, for what names papers that are to be added.
    pub comment: Option<String>,
}

/// What stands for the fields of a paper in place of a comment; the ids of comments are of another form.
pub const FIELDS: &str = "fields";

/// What stands for the names of papers that are to be added.
pub const NAMES: &str = "names";

impl DraftKey {
    /// What names papers that are to be added.
    pub fn names() -> DraftKey {
        DraftKey {
            paper: String::new(),
            comment: Some(NAMES.to_owned()),
        }
    }

    /// It is what names papers that are to be added.
    pub fn is_names(&self) -> bool {
        self.paper.is_empty() && self.comment.as_deref() == Some(NAMES)
    }

    /// The fields of a paper.
    pub fn fields(paper: String) -> DraftKey {
        DraftKey {
            paper,
            comment: Some(FIELDS.to_owned()),
        }
    }

    /// It is about the fields of a paper.
    pub fn is_fields(&self) -> bool {
        self.comment.as_deref() == Some(FIELDS)
    }
}

/// A comment that is not saved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Of which comment.
    pub key: DraftKey,
    /// Exactly as written; empty when there is none (any more).
    pub text: String,
    /// The comment as it was when the draft was begun; empty for a new one.
    pub saved: String,
}

/// What became of a text in the reader's editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// It is this now.
    Text(String),
    /// It is what it was.
    Unchanged,
    /// Nothing was left of it.
    Emptied,
    /// The editor did not end well, or left no text; the sentence says what happened and where the text is.
    Failed(String),
}

impl App {
    /// Puts what is written where Esc, an end of the program or a power cut do not reach it.
    pub(super) fn keep_draft(&mut self, effects: &mut Vec<Effect>) {
        self.draft_due = None;
        let Some(draft) = self.comment_box().map(|comment| comment.draft()) else {
            return;
        };
        self.note_draft(&draft);
        effects.push(Effect::KeepDraft(draft));
    }

    /// [`App::keep_draft`] when its time has come.
    pub(super) fn keep_draft_when_due(&mut self, effects: &mut Vec<Effect>) {
        if self.draft_due.is_some_and(|due| due <= self.now) {
            self.keep_draft(effects);
        }
    }

    pub(super) fn note_draft(&mut self, draft: &Draft) {
        if draft.text.is_empty() {
            self.drafts.remove(&draft.key);
        } else {
            self.drafts.insert(draft.key.clone(), draft.clone());
        }
    }

    /// The draft in the open box, for the end of the program.
    pub fn open_draft(&self) -> Option<Draft> {
        match &self.overlay {
            Some(Overlay::Comment(comment)) => Some(comment.draft()),
            _ => None,
        }
    }

    /// Drops a draft whose text is where it belongs.
    pub(super) fn drop_draft(&mut self, key: &DraftKey, effects: &mut Vec<Effect>) {
        if self.drafts.remove(key).is_some() {
            effects.push(Effect::KeepDraft(Draft {
                key: key.clone(),
                text: String::new(),
                saved: String::new(),
            }));
        }
    }

    /// Drafts whose comments are on the disk are dropped there.
    pub(super) fn drop_saved_drafts(&mut self, effects: &mut Vec<Effect>) {
        if self.saving.is_waiting() {
            return;
        }
        for key in std::mem::take(&mut self.drafts_done) {
            // A new comment may have been begun in the meantime.
            if self.drafts.contains_key(&key)
                || self.open_draft().is_some_and(|open| open.key == key)
            {
                continue;
            }
            effects.push(Effect::KeepDraft(Draft {
                key,
                text: String::new(),
                saved: String::new(),
            }));
        }
    }

    /// Drafts from an earlier session.
    pub(super) fn drafts_found(&mut self, drafts: Vec<Draft>) {
        let mut papers: Vec<String> = Vec::new();
        for draft in drafts {
            if draft.text.is_empty() || self.drafts.contains_key(&draft.key) {
                continue;
            }
            papers.push(draft.key.paper.clone());
            self.drafts.insert(draft.key.clone(), draft);
        }
        papers.dedup();
        match papers.as_slice() {
            [] => {}
            [one] => self.tell(
                Level::Info,
                format!("The draft of a comment is kept · {one} · c goes on with it"),
            ),
            many => self.tell(
                Level::Info,
                format!("Drafts of comments are kept · {}", many.join(" · ")),
            ),
        }
    }
}
