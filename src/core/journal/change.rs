//! What an operation does to one field.

use serde_json::Value;
use serde_json::value::RawValue;

use super::place::Place;

/// How far a paper has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Status {
    /// Not begun.
    #[default]
    Unread,
    /// Begun.
    Reading,
    /// Read to the end.
    Read,
    /// Looked through.
    Skimmed,
    /// Given up.
    Abandoned,
}

impl Status {
    /// Every status, in the order in which a key cycles through them.
    pub const ALL: [Status; 5] = [
        Status::Unread,
        Status::Reading,
        Status::Read,
        Status::Skimmed,
        Status::Abandoned,
    ];

    /// The word used in journals, on the command line and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Status::Unread => "unread",
            Status::Reading => "reading",
            Status::Read => "read",
            Status::Skimmed => "skimmed",
            Status::Abandoned => "abandoned",
        }
    }

    /// The status of that name.
    pub fn of_name(name: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The one after it; unread after the last.
    #[must_use]
    pub fn next(self) -> Status {
        match self {
            Status::Unread => Status::Reading,
            Status::Reading => Status::Read,
            Status::Read => Status::Skimmed,
            Status::Skimmed => Status::Abandoned,
            Status::Abandoned => Status::Unread,
        }
    }
}

/// A place in the text of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Progress {
    /// Page reached, from 1.
    pub page: u32,
    /// Number of pages; 0 when unknown.
    pub of: u32,
}

/// A new value of one field; the empty value of each takes it back.
///
/// The order has no meaning but to be the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// How far it is read.
    Status(Status),
    /// Starred or not.
    Starred(bool),
    /// 1–5, 0 for none.
    Rating(u8),
    /// 1–3, 1 the most urgent, 0 for none.
    Priority(u8),
    /// Place in the reading queue, `None` outside.
    Queue(Option<Place>),
    /// A tag put on or taken off; `/` nests.
    Tag {
        /// Exactly as written.
        tag: Box<str>,
        /// Put on.
        on: bool,
    },
    /// A version of a comment.
    Comment {
        /// Id of the comment within its paper.
        id: Box<str>,
        /// The text exactly as written (Markdown), `None` deleted.
        text: Option<Box<str>>,
    },
    /// How many pages are read.
    Progress(Option<Progress>),
    /// When the paper came into the library, ms since 1970.
    Added(Option<u64>),
    /// When it was opened last, ms since 1970.
    Opened(Option<u64>),
    /// When it was read to the end, ms since 1970.
    Finished(Option<u64>),
    /// A file attached or taken off.
    File {
        /// Absolute, or relative to the folder of the library.
        path: Box<str>,
        /// Attached.
        attached: bool,
    },
    /// The paper was deleted from the library, or brought back.
    Deleted(bool),
    /// Identifiers of the paper, as [`super::identifiers`] writes them, and its citekeys after one was changed, as
    /// [`super::key_identifier`] does.
    Identifiers(Vec<Box<str>>),
    /// This program may write the library; belongs to the whole library.
    Owned(bool),
    /// A saved search; belongs to the whole library.
    Search {
        /// Its name.
        name: Box<str>,
        /// The query, `None` deleted.
        query: Option<Box<str>>,
    },
    /// The item in the library was replaced by this one: CSL-JSON in one line, `None` when there is none.
    ///
    /// The state takes no notice of it; it is in the journal so that undo covers edits of the library.
    Item(Option<Box<str>>),
    /// A field of a newer version of this program.
    Other {
        /// Value of `f`.
        field: Box<str>,
        /// Value of `k`.
        key: Box<str>,
        /// Value of `v`, as JSON.
        value: Box<str>,
    },
}

impl Change {
    /// The name of the field in a journal.
    pub fn field(&self) -> &str {
        match self {
            Change::Status(_) => "status",
            Change::Starred(_) => "starred",
            Change::Rating(_) => "rating",
            Change::Priority(_) => "priority",
            Change::Queue(_) => "queue",
            Change::Tag { .. } => "tag",
            Change::Comment { .. } => "comment",
            Change::Progress(_) => "progress",
            Change::Added(_) => "added",
            Change::Opened(_) => "opened",
            Change::Finished(_) => "finished",
            Change::File { .. } => "file",
            Change::Deleted(_) => "deleted",
            Change::Identifiers(_) => "ids",
            Change::Owned(_) => "owned",
            Change::Search { .. } => "search",
            Change::Item(_) => "item",
            Change::Other { field, .. } => field,
        }
    }

    /// Which one of a field that has many (the tag, the comment, …); empty for the others.
    pub fn key(&self) -> &str {
        match self {
            Change::Tag { tag, .. } => tag,
            Change::Comment { id, .. } => id,
            Change::File { path, .. } => path,
            Change::Search { name, .. } => name,
            Change::Other { key, .. } => key,
            _ => "",
        }
    }

    /// The value as JSON, as it stands in a journal.
    pub fn value(&self) -> Value {
        match self {
            Change::Status(status) => status.name().into(),
            Change::Starred(flag) | Change::Deleted(flag) | Change::Owned(flag) => (*flag).into(),
            Change::Tag { on, .. } => (*on).into(),
            Change::File { attached, .. } => (*attached).into(),
            Change::Rating(level) | Change::Priority(level) => (*level).into(),
            Change::Queue(place) => place.as_ref().map(Place::as_str).into(),
            Change::Comment { text, .. } => text.as_deref().into(),
            Change::Search { query, .. } => query.as_deref().into(),
            Change::Progress(progress) => progress.map_or(Value::Null, |progress| {
                vec![progress.page, progress.of].into()
            }),
            Change::Added(time) | Change::Opened(time) | Change::Finished(time) => (*time).into(),
            Change::Identifiers(identifiers) => {
                identifiers.iter().map(|id| Value::from(&**id)).collect()
            }
            Change::Item(None) => Value::Null,
            Change::Item(Some(json)) | Change::Other { value: json, .. } => {
                serde_json::from_str(json).unwrap_or(Value::Null)
            }
        }
    }

    /// The value as JSON text in one line.
    pub(super) fn write_value(&self, out: &mut String) {
        match self {
            // What came as JSON goes out as it came: numbers keep their digits.
            Change::Item(Some(json)) | Change::Other { value: json, .. } if is_one_line(json) => {
                out.push_str(json);
            }
            _ => out.push_str(&self.value().to_string()),
        }
    }

    /// The empty value of the same field.
    #[must_use]
    pub fn emptied(&self) -> Change {
        match self {
            Change::Status(_) => Change::Status(Status::Unread),
            Change::Starred(_) => Change::Starred(false),
            Change::Rating(_) => Change::Rating(0),
            Change::Priority(_) => Change::Priority(0),
            Change::Queue(_) => Change::Queue(None),
            Change::Tag { tag, .. } => Change::Tag {
                tag: tag.clone(),
                on: false,
            },
            Change::Comment { id, .. } => Change::Comment {
                id: id.clone(),
                text: None,
            },
            Change::Progress(_) => Change::Progress(None),
            Change::Added(_) => Change::Added(None),
            Change::Opened(_) => Change::Opened(None),
            Change::Finished(_) => Change::Finished(None),
            Change::File { path, .. } => Change::File {
                path: path.clone(),
                attached: false,
            },
            Change::Deleted(_) => Change::Deleted(false),
            Change::Identifiers(_) => Change::Identifiers(Vec::new()),
            Change::Owned(_) => Change::Owned(false),
            Change::Search { name, .. } => Change::Search {
                name: name.clone(),
                query: None,
            },
            Change::Item(_) => Change::Item(None),
            Change::Other { field, key, .. } => Change::Other {
                field: field.clone(),
                key: key.clone(),
                value: "null".into(),
            },
        }
    }

    /// Both are values of the same field (and of the same tag, comment, …).
    pub fn is_same_field(&self, other: &Change) -> bool {
        self.field() == other.field() && self.key() == other.key()
    }

    /// Reads `f`, `k` and `v` of a line; `None` when the value is not one of the field.
    pub(super) fn parse(field: &str, key: &str, value: Option<&RawValue>) -> Option<Change> {
        let json = value.map_or("null", RawValue::get);
        let flag = || match json {
            "true" => Some(true),
            "false" | "null" => Some(false),
            _ => None,
        };
        let level = |most: u8| match json {
            "null" => Some(0),
            _ => json.parse().ok().filter(|level| *level <= most),
        };
        let time = || match json {
            "null" => Some(None),
            _ => json.parse().ok().map(Some),
        };
        let text = || -> Option<Option<Box<str>>> { serde_json::from_str(json).ok() };
        Some(match field {
            "status" if json == "null" => Change::Status(Status::Unread),
            "status" => {
                let name = json.strip_prefix('"')?.strip_suffix('"')?;
                Change::Status(Status::of_name(name)?)
            }
            "starred" => Change::Starred(flag()?),
            "rating" => Change::Rating(level(5)?),
            "priority" => Change::Priority(level(3)?),
            "queue" => Change::Queue(match text()? {
                None => None,
                Some(place) => Some(Place::parse(&place)?),
            }),
            "tag" if !key.is_empty() => Change::Tag {
                tag: key.into(),
                on: flag()?,
            },
            "comment" if !key.is_empty() => Change::Comment {
                id: key.into(),
                text: text()?,
            },
            "progress" if json == "null" => Change::Progress(None),
            "progress" => {
                let [page, of] = serde_json::from_str(json).ok()?;
                Change::Progress(Some(Progress { page, of }))
            }
            "added" => Change::Added(time()?),
            "opened" => Change::Opened(time()?),
            "finished" => Change::Finished(time()?),
            "file" if !key.is_empty() => Change::File {
                path: key.into(),
                attached: flag()?,
            },
            "deleted" => Change::Deleted(flag()?),
            "owned" => Change::Owned(flag()?),
            "ids" => Change::Identifiers(serde_json::from_str(json).ok()?),
            "search" if !key.is_empty() => Change::Search {
                name: key.into(),
                query: text()?,
            },
            "item" => Change::Item((json != "null").then(|| json.into())),
            "tag" | "comment" | "file" | "search" => return None,
            _ => Change::Other {
                field: field.into(),
                key: key.into(),
                value: json.into(),
            },
        })
    }
}

/// A line break inside a line would tear it in two.
fn is_one_line(json: &str) -> bool {
    !json.bytes().any(|byte| matches!(byte, b'\n' | b'\r'))
}
