//! The registers of one paper, and the state they add up to.

use std::collections::BTreeMap;

use super::change::{Change, Progress, Status};
use super::comment::{Comment, Versions};
use super::line::Operation;
use super::place::Place;
use super::time::Stamp;

/// All that journals say under one key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Record {
    /// Fields of which a paper has one. Few: searched from end to end.
    fields: Vec<(Stamp, Change)>,
    many: Option<Box<Many>>,
    summary: Summary,
}

/// Fields of which a paper has many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Many {
    tags: BTreeMap<Box<str>, (Stamp, bool)>,
    files: BTreeMap<Box<str>, (Stamp, bool)>,
    comments: BTreeMap<Box<str>, Versions>,
}

/// What lists show, sort and filter by; costs nothing to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// How far it is read.
    pub status: Status,
    /// Starred.
    pub starred: bool,
    /// 1–5, 0 for none.
    pub rating: u8,
    /// 1–3, 1 the most urgent, 0 for none.
    pub priority: u8,
    /// In the reading queue.
    pub queued: bool,
    /// Deleted from the library.
    pub deleted: bool,
    /// Number of comments.
    pub comments: u32,
    /// Number of tags.
    pub tags: u32,
    /// Number of files attached.
    pub files: u32,
    /// When it came into the library, ms since 1970.
    pub added: Option<u64>,
    /// When it was opened last, ms since 1970.
    pub opened: Option<u64>,
    /// When it was read to the end, ms since 1970.
    pub finished: Option<u64>,
}

/// Everything the reader added to a paper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaperState {
    /// How far it is read.
    pub status: Status,
    /// Starred.
    pub starred: bool,
    /// 1–5, 0 for none.
    pub rating: u8,
    /// 1–3, 1 the most urgent, 0 for none.
    pub priority: u8,
    /// Tags as written, sorted.
    pub tags: Vec<String>,
    /// Comments in the order in which they were begun.
    pub comments: Vec<Comment>,
    /// Place in the reading queue.
    pub queue: Option<Place>,
    /// How many pages are read.
    pub progress: Option<Progress>,
    /// When it came into the library, ms since 1970.
    pub added: Option<u64>,
    /// When it was opened last, ms since 1970.
    pub opened: Option<u64>,
    /// When it was read to the end, ms since 1970.
    pub finished: Option<u64>,
    /// Paths of the attached files, sorted.
    pub files: Vec<String>,
    /// Deleted from the library.
    pub deleted: bool,
}

impl Record {
    /// Merges one operation. Returns whether anything changed.
    pub(super) fn apply(&mut self, operation: &Operation) -> bool {
        let stamp = &operation.stamp;
        match &operation.change {
            Change::Tag { tag, on } => {
                let step = put(&mut self.many_mut().tags, tag, stamp, *on);
                self.summary.tags = self.summary.tags.saturating_add_signed(step.count());
                step.is_change()
            }
            Change::File { path, attached } => {
                let step = put(&mut self.many_mut().files, path, stamp, *attached);
                self.summary.files = self.summary.files.saturating_add_signed(step.count());
                step.is_change()
            }
            Change::Comment { id, text } => {
                let comments = &mut self.many_mut().comments;
                let versions = comments.entry(id.clone()).or_default();
                let before = i32::from(!versions.is_deleted());
                let changed =
                    versions.add(stamp, operation.at, text.as_deref(), &operation.replaces);
                let after = i32::from(!versions.is_deleted());
                let count = self.summary.comments.saturating_add_signed(after - before);
                self.summary.comments = count;
                changed
            }
            Change::Search { .. } | Change::Item(_) | Change::Other { .. } => false,
            change => self.put_field(stamp, change),
        }
    }

    fn many_mut(&mut self) -> &mut Many {
        self.many.get_or_insert_default()
    }

    fn put_field(&mut self, stamp: &Stamp, change: &Change) -> bool {
        let kind = std::mem::discriminant(change);
        let mut fields = self.fields.iter_mut();
        match fields.find(|(_, known)| std::mem::discriminant(known) == kind) {
            Some(known) if (&known.0, &known.1) < (stamp, change) => {
                *known = (stamp.clone(), change.clone());
            }
            Some(_) => return false,
            None => {
                if self.fields.is_empty() {
                    // A library that was imported has a hundred thousand records of one field.
                    self.fields.reserve_exact(1);
                }
                // Sorted, since which came first must not show.
                let at = (self.fields).partition_point(|(_, known)| known.field() < change.field());
                self.fields.insert(at, (stamp.clone(), change.clone()));
            }
        }
        self.summary.set(change);
        true
    }

    /// Merges all of another record.
    pub(super) fn join(&mut self, other: &Record) {
        self.join_fields(other, |_| true);
    }

    /// Merges all of another record, but for whether its paper was deleted.
    pub(super) fn join_but_deleted(&mut self, other: &Record) {
        self.join_fields(other, |change| !matches!(change, Change::Deleted(_)));
    }

    fn join_fields(&mut self, other: &Record, wanted: impl Fn(&Change) -> bool) {
        for (stamp, change) in other.fields.iter().filter(|(_, change)| wanted(change)) {
            self.put_field(stamp, change);
        }
        let Some(theirs) = &other.many else { return };
        let ours = self.many_mut();
        for (tag, (stamp, on)) in &theirs.tags {
            put(&mut ours.tags, tag, stamp, *on);
        }
        for (path, (stamp, on)) in &theirs.files {
            put(&mut ours.files, path, stamp, *on);
        }
        for (id, versions) in &theirs.comments {
            ours.comments.entry(id.clone()).or_default().join(versions);
        }
        let on =
            |map: &BTreeMap<_, (Stamp, bool)>| map.values().filter(|(_, on)| *on).count() as u32;
        let comments = ours.comments.values();
        let comments = comments.filter(|versions| !versions.is_deleted()).count() as u32;
        let (tags, files) = (on(&ours.tags), on(&ours.files));
        self.summary.tags = tags;
        self.summary.files = files;
        self.summary.comments = comments;
    }

    /// What lists show.
    pub(super) fn summary(&self) -> Summary {
        self.summary
    }

    fn field(&self, is: impl Fn(&Change) -> bool) -> Option<&Change> {
        self.fields
            .iter()
            .map(|(_, change)| change)
            .find(|change| is(change))
    }

    /// Place in the reading queue.
    pub(super) fn queue(&self) -> Option<&Place> {
        match self.field(|change| matches!(change, Change::Queue(_))) {
            Some(Change::Queue(place)) => place.as_ref(),
            _ => None,
        }
    }

    /// Identifiers of the paper.
    pub(super) fn identifiers(&self) -> &[Box<str>] {
        match self.field(|change| matches!(change, Change::Identifiers(_))) {
            Some(Change::Identifiers(identifiers)) => identifiers,
            _ => &[],
        }
    }

    /// Tags that are on, in order.
    pub(super) fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = self.many.iter().flat_map(|many| &many.tags);
        tags.filter(|(_, (_, on))| *on).map(|(tag, _)| &**tag)
    }

    /// Versions of a comment that a new one has to replace.
    pub(super) fn comment_heads(&self, id: &str) -> Vec<Stamp> {
        let many = self.many.as_ref();
        many.and_then(|many| many.comments.get(id))
            .map(Versions::heads)
            .unwrap_or_default()
    }

    /// The comment of that id.
    pub(super) fn comment(&self, id: &str) -> Option<Comment> {
        self.many.as_ref()?.comments.get(id)?.comment(id)
    }

    /// The value now of the field (the tag, the comment, …) that `change` is of.
    pub(super) fn current(&self, change: &Change) -> Change {
        let many = self.many.as_deref();
        match change {
            Change::Tag { tag, .. } => {
                let known = many.and_then(|many| many.tags.get(tag));
                Change::Tag {
                    tag: tag.clone(),
                    on: known.is_some_and(|(_, on)| *on),
                }
            }
            Change::File { path, .. } => {
                let known = many.and_then(|many| many.files.get(path));
                Change::File {
                    path: path.clone(),
                    attached: known.is_some_and(|(_, on)| *on),
                }
            }
            Change::Comment { id, .. } => {
                let known = many.and_then(|many| many.comments.get(id));
                Change::Comment {
                    id: id.clone(),
                    text: known.and_then(Versions::text).map(Into::into),
                }
            }
            _ => self
                .field(|known| std::mem::discriminant(known) == std::mem::discriminant(change))
                .cloned()
                .unwrap_or_else(|| change.emptied()),
        }
    }

    /// The whole state.
    pub(super) fn state(&self) -> PaperState {
        let mut state = PaperState {
            tags: self.tags().map(str::to_owned).collect(),
            queue: self.queue().cloned(),
            status: self.summary.status,
            starred: self.summary.starred,
            rating: self.summary.rating,
            priority: self.summary.priority,
            added: self.summary.added,
            opened: self.summary.opened,
            finished: self.summary.finished,
            deleted: self.summary.deleted,
            ..PaperState::default()
        };
        if let Some(Change::Progress(progress)) =
            self.field(|change| matches!(change, Change::Progress(_)))
        {
            state.progress = *progress;
        }
        if let Some(many) = &self.many {
            let files = many.files.iter().filter(|(_, (_, on))| *on);
            state.files = files.map(|(path, _)| path.to_string()).collect();
            let comments = many.comments.iter();
            state.comments = comments
                .filter_map(|(id, versions)| versions.comment(id))
                .collect();
            state
                .comments
                .sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        }
        state
    }
}

impl Summary {
    fn set(&mut self, change: &Change) {
        match change {
            Change::Status(status) => self.status = *status,
            Change::Starred(starred) => self.starred = *starred,
            Change::Rating(rating) => self.rating = *rating,
            Change::Priority(priority) => self.priority = *priority,
            Change::Queue(place) => self.queued = place.is_some(),
            Change::Deleted(deleted) => self.deleted = *deleted,
            Change::Added(time) => self.added = *time,
            Change::Opened(time) => self.opened = *time,
            Change::Finished(time) => self.finished = *time,
            _ => {}
        }
    }
}

/// What a flag did.
enum Step {
    Known,
    Newer,
    On,
    Off,
}

impl Step {
    fn is_change(&self) -> bool {
        !matches!(self, Step::Known)
    }

    /// By how much the number of flags that are on grew.
    fn count(&self) -> i32 {
        match self {
            Step::On => 1,
            Step::Off => -1,
            Step::Known | Step::Newer => 0,
        }
    }
}

/// Sets a flag if the stamp is newer.
fn put(map: &mut BTreeMap<Box<str>, (Stamp, bool)>, key: &str, stamp: &Stamp, on: bool) -> Step {
    let was = match map.get_mut(key) {
        Some(known) if (&known.0, known.1) < (stamp, on) => {
            let was = known.1;
            *known = (stamp.clone(), on);
            was
        }
        Some(_) => return Step::Known,
        None => {
            map.insert(key.into(), (stamp.clone(), on));
            false
        }
    };
    match (was, on) {
        (false, true) => Step::On,
        (true, false) => Step::Off,
        _ => Step::Newer,
    }
}
