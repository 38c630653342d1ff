//! Where the items of a library are, and how it is written.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;

use super::changes::known_id;
use super::manner::Manner;
use crate::core::item::Item;
use crate::core::library::problem::FileError;
use crate::core::library::scanner::{Found, Scanner};
use crate::core::library::segment::Span;

/// Bytes of the beginning that are kept: they tell how the file is written.
const HEAD: usize = 64 << 10;

/// Why a file cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SurveyError {
    /// The file is no library, or something in it is broken: place, what, what to do.
    #[error("{0:?}")]
    Broken(FileError),
    /// It is not a list: JSON Lines are read only.
    #[error("a file with one item a line is never written; export it as CSL JSON to change it")]
    Lines,
}

/// An item of the file.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) span: Span,
    pub(super) id: Box<str>,
}

impl Place {
    pub(super) fn end(&self) -> u64 {
        self.span.offset + u64::from(self.span.len)
    }
}

/// Looks through a file in pieces of any size.
#[derive(Debug, Default)]
pub struct Surveyor {
    scanner: Scanner,
    head: Vec<u8>,
    length: u64,
    places: Vec<Place>,
    first: String,
}

impl Surveyor {
    /// At the beginning of a file.
    pub fn new() -> Surveyor {
        Surveyor::default()
    }

    /// The next piece of the file.
    ///
    /// # Errors
    /// What makes the file no library.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), SurveyError> {
        let room = HEAD.saturating_sub(self.head.len());
        self.head
            .extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        self.length += chunk.len() as u64;
        let (places, first) = (&mut self.places, &mut self.first);
        self.scanner
            .feed(chunk, &mut |found| note(places, first, &found))
            .map_err(SurveyError::Broken)
    }

    /// The file has ended.
    ///
    /// # Errors
    /// Anything that is wrong with the file: what is broken is never written over.
    pub fn finish(mut self) -> Result<Survey, SurveyError> {
        let (places, first) = (&mut self.places, &mut self.first);
        self.scanner
            .finish(&mut |found| note(places, first, &found))
            .map_err(SurveyError::Broken)?;
        if let Some(problem) = self.scanner.take_problems().list().first() {
            return Err(SurveyError::Broken(problem.clone().into()));
        }
        let start = self.head.iter().position(|byte| *byte == b'[');
        let before = start.and_then(|start| self.head.get(..start));
        let is_blank = |bytes: &[u8]| {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            bytes.iter().all(u8::is_ascii_whitespace)
        };
        let (Some(start), true) = (start, before.is_some_and(is_blank)) else {
            return Err(SurveyError::Lines);
        };
        let text = String::from_utf8_lossy(&self.head);
        let gap = match self.places.as_slice() {
            [one, two, ..] => (one.end()..two.span.offset)
                .end
                .le(&(HEAD as u64))
                .then(|| self.head.get(one.end() as usize..two.span.offset as usize))
                .flatten(),
            _ => None,
        };
        let gap = gap.map(|gap| String::from_utf8_lossy(gap).into_owned());
        let opening = (self.places.first())
            .and_then(|first| self.head.get(start + 1..first.span.offset as usize));
        let opening = opening.map(String::from_utf8_lossy).unwrap_or_default();
        let has_crlf = text.contains("\r\n");
        let manner = Manner::of(&self.first, &opening, gap.as_deref(), has_crlf);
        Ok(Survey {
            length: self.length,
            start: start as u64 + 1,
            head: self.head,
            is_sorted: is_sorted(&self.places),
            ids: self.places.iter().map(|place| place.id.clone()).collect(),
            places: self.places,
            manner,
        })
    }
}

/// The list is in the order of its ids, and that is no accident.
fn is_sorted(places: &[Place]) -> bool {
    places.len() > 2 && places.is_sorted_by(|a, b| a.id <= b.id)
}

#[derive(Deserialize)]
struct OnlyId<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, serde_json::value::RawValue>>,
}

fn note(places: &mut Vec<Place>, first: &mut String, found: &Found<'_>) {
    if places.is_empty() {
        found.text.clone_into(first);
    }
    let quick = serde_json::from_str::<OnlyId<'_>>(found.text);
    let id = match quick {
        Ok(OnlyId { id: None }) => String::new(),
        Ok(OnlyId { id: Some(raw) }) => {
            let value = serde_json::from_str(raw.get()).unwrap_or(Value::Null);
            known_id(&std::iter::once(("id".to_owned(), value)).collect())
        }
        // The field stands twice: the last one counts.
        Err(_) => Item::parse(found.text.as_bytes())
            .map(|item| known_id(item.fields()))
            .unwrap_or_default(),
    };
    places.push(Place {
        span: found.span,
        id: id.into(),
    });
}

/// A file that was looked through.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Bytes of the file.
    pub(super) length: u64,
    /// Offset after the opening bracket.
    pub(super) start: u64,
    pub(super) head: Vec<u8>,
    pub(super) places: Vec<Place>,
    pub(super) manner: Manner,
    pub(super) is_sorted: bool,
    ids: HashSet<Box<str>>,
}

impl Survey {
    /// Number of items.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// An item has this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}
