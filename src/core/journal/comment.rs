//! Comments: sets of versions, of which those that no other replaces are shown.

use std::collections::{BTreeMap, BTreeSet};

use super::time::Stamp;

/// One version of a comment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    text: Option<Box<str>>,
    at: u64,
}

/// All versions of one comment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Versions {
    all: BTreeMap<Stamp, Version>,
    replaced: BTreeSet<Stamp>,
    /// The versions that no other replaces: kept up to date so that no question walks through all of them.
    standing: BTreeSet<Stamp>,
    /// Number of those that have a text.
    shown: u32,
}

/// A comment as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id within the paper.
    pub id: String,
    /// The text exactly as written. Where two machines edited the same text, both texts, newest first, a line `---`
    /// between them: editing that settles the matter.
    pub text: String,
    /// When it was written, ms since 1970.
    pub created: u64,
    /// When it was last changed, if it was.
    pub edited: Option<u64>,
    /// The texts that stand side by side, newest first; one where nothing conflicts.
    pub texts: Vec<CommentText>,
}

/// One of the texts of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentText {
    /// Exactly as written.
    pub text: String,
    /// When, ms since 1970.
    pub at: u64,
    /// By which writer.
    pub writer: String,
}

impl Versions {
    /// Adds a version; one that is known already changes nothing. Returns whether anything changed.
    pub(super) fn add(
        &mut self,
        stamp: &Stamp,
        at: u64,
        text: Option<&str>,
        replaces: &[Stamp],
    ) -> bool {
        let version = Version {
            text: text.map(Into::into),
            at,
        };
        let mut changed = self.insert(stamp, version);
        for replaced in replaces {
            // A version that claims to replace itself, or a later one, is damage; believing it would hide a text.
            if replaced < stamp {
                changed |= self.replace(replaced);
            }
        }
        changed
    }

    fn insert(&mut self, stamp: &Stamp, version: Version) -> bool {
        let known = self.all.get(stamp);
        if known.is_some_and(|known| *known >= version) {
            return false;
        }
        let was_text = known.is_some_and(|known| known.text.is_some());
        if !self.replaced.contains(stamp) {
            self.shown = self.shown + u32::from(version.text.is_some()) - u32::from(was_text);
            self.standing.insert(stamp.clone());
        }
        self.all.insert(stamp.clone(), version);
        true
    }

    fn replace(&mut self, stamp: &Stamp) -> bool {
        if self.replaced.contains(stamp) {
            return false;
        }
        let was_text = self
            .all
            .get(stamp)
            .is_some_and(|known| known.text.is_some());
        if self.standing.remove(stamp) {
            self.shown -= u32::from(was_text);
        }
        self.replaced.insert(stamp.clone())
    }

    /// Adds all versions of another journal key of the same paper.
    pub(super) fn join(&mut self, other: &Versions) {
        for (stamp, version) in &other.all {
            self.insert(stamp, version.clone());
        }
        for stamp in &other.replaced {
            self.replace(stamp);
        }
    }

    /// The versions that stand, oldest first.
    fn standing(&self) -> impl DoubleEndedIterator<Item = (&Stamp, &Version)> {
        let standing = self.standing.iter();
        standing.filter_map(|stamp| self.all.get_key_value(stamp))
    }

    /// What a new version has to replace.
    pub(super) fn heads(&self) -> Vec<Stamp> {
        self.standing.iter().cloned().collect()
    }

    /// Nothing of the comment is shown.
    pub(super) fn is_deleted(&self) -> bool {
        self.shown == 0
    }

    /// The comment as it stands; `None` when it is deleted.
    pub(super) fn comment(&self, id: &str) -> Option<Comment> {
        let texts: Vec<CommentText> = self
            .standing()
            .rev()
            .filter_map(|(stamp, version)| {
                Some(CommentText {
                    text: version.text.as_deref()?.to_owned(),
                    at: version.at,
                    writer: stamp.writer.to_string(),
                })
            })
            .collect();
        let newest = texts.first()?;
        let created = self.all.values().next()?.at;
        Some(Comment {
            id: id.to_owned(),
            created,
            edited: (self.all.len() > 1).then_some(newest.at),
            text: joined(&texts),
            texts,
        })
    }

    /// The text as it stands; `None` when deleted.
    pub(super) fn text(&self) -> Option<String> {
        self.comment("").map(|comment| comment.text)
    }
}

fn joined(texts: &[CommentText]) -> String {
    let mut out = String::new();
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            out.push_str("\n\n---\n\n");
        }
        out.push_str(&text.text);
    }
    out
}
