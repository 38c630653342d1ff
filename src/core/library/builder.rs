//! From the bytes of a file to columns.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::Library;
use super::problem::{FileError, Problem, Problems};
use super::record::Record;
use super::scanner::{Found, Scanner};
use super::segment::{SEGMENT, Scratch, Segment, Span, cut_id};
use crate::core::paper::PaperNo;
use crate::core::text::clean;

/// Reads a library from a stream of bytes.
#[derive(Debug, Default)]
pub struct Builder {
    scanner: Scanner,
    columns: Columns,
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Columns {
    open: Segment,
    scratch: Scratch,
    /// All finished segments, to compare ids with.
    library: Library,
    /// First paper of each id, by hash.
    ids: HashMap<u64, u32>,
    hasher: RandomState,
    problems: Problems,
    /// What the scanner found at the end.
    scanned: Problems,
    /// The first item that could not be read, also after its problem was taken.
    first_lost: Option<Problem>,
    /// When only some papers are wanted: what the text of such an item holds.
    wanted: Option<Vec<Finder<'static>>>,
}

impl Builder {
    /// A builder at the beginning of a file.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// A builder that checks the whole file but keeps only items in whose text one of the ids stands: for a command
    /// about a few papers of a large library. Items that merely mention an id are kept as well.
    pub fn keeping(ids: &[String]) -> Builder {
        let mut builder = Builder::default();
        builder.columns.wanted = Some(
            ids.iter()
                .map(|id| Finder::new(id.as_bytes()).into_owned())
                .collect(),
        );
        builder
    }

    /// Reads the next piece of the file; the segments that became full.
    ///
    /// # Errors
    /// What makes the whole file unusable.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<Vec<Arc<Segment>>, FileError> {
        let before = self.columns.library.segments.len();
        let columns = &mut self.columns;
        self.scanner
            .feed(chunk, &mut |found| columns.push(&found))?;
        Ok(self.since(before))
    }

    /// The file has ended; the last segments.
    ///
    /// # Errors
    /// What makes the whole file unusable: also when not a single item could be read and something was wrong.
    pub fn finish(&mut self) -> Result<Vec<Arc<Segment>>, FileError> {
        let before = self.columns.library.segments.len();
        let columns = &mut self.columns;
        let end = self.scanner.finish(&mut |found| columns.push(&found));
        if end.is_ok() && !columns.open.is_empty() {
            columns.seal();
        }
        self.scanner.take_problems().append_to(&mut columns.scanned);
        if columns.library.is_empty() && columns.open.is_empty() {
            // Nothing could be read: the first thing wrong is the reason, not what came of it at the end.
            let all = [&columns.scanned, &columns.problems];
            let mut problems = all.iter().flat_map(|problems| problems.list());
            let first = columns.first_lost.as_ref();
            if let Some(first) = first.or_else(|| problems.find(|problem| problem.lost)) {
                return Err(first.clone().into());
            }
        }
        end?;
        Ok(self.since(before))
    }

    /// Takes an item that was made of an entry in another format: its JSON, where that will be read back from, and the
    /// line of the entry in the file; the segments that became full.
    pub fn item(&mut self, text: &str, span: Span, line: u32) -> Vec<Arc<Segment>> {
        let before = self.columns.library.segments.len();
        self.columns.push(&Found {
            span,
            line,
            column: 1,
            text,
        });
        self.since(before)
    }

    /// Takes up a problem with a file in another format.
    pub fn problem(&mut self, problem: Problem) {
        self.columns.problems.push(problem);
    }

    /// There are no more items in another format; the last segments.
    ///
    /// # Errors
    /// When not a single item could be read and something was wrong.
    pub fn finish_items(&mut self) -> Result<Vec<Arc<Segment>>, FileError> {
        let before = self.columns.library.segments.len();
        if !self.columns.open.is_empty() {
            self.columns.seal();
        }
        if self.columns.library.is_empty() {
            let problems = self.columns.problems.list();
            let first = self.columns.first_lost.as_ref();
            if let Some(first) = first.or_else(|| problems.iter().find(|problem| problem.lost)) {
                return Err(first.clone().into());
            }
        }
        Ok(self.since(before))
    }

    /// The problems found since the last call.
    pub fn take_problems(&mut self) -> Problems {
        let mut all = mem::take(&mut self.columns.scanned);
        self.scanner.take_problems().append_to(&mut all);
        mem::take(&mut self.columns.problems).append_to(&mut all);
        if self.columns.first_lost.is_none() {
            self.columns.first_lost = all.list().iter().find(|problem| problem.lost).cloned();
        }
        all
    }

    /// Everything read so far, in whole segments.
    pub fn library(&self) -> &Library {
        &self.columns.library
    }

    /// Everything that was read.
    pub fn into_library(self) -> Library {
        self.columns.library
    }

    pub(super) fn segments_mut(&mut self) -> &mut Vec<Arc<Segment>> {
        &mut self.columns.library.segments
    }

    fn since(&self, before: usize) -> Vec<Arc<Segment>> {
        self.columns
            .library
            .segments
            .get(before..)
            .unwrap_or_default()
            .to_vec()
    }
}

impl Columns {
    fn push(&mut self, found: &Found<'_>) {
        if let Some(wanted) = &self.wanted
            && !wanted
                .iter()
                .any(|id| id.find(found.text.as_bytes()).is_some())
        {
            return;
        }
        let record = Record::read(found.text);
        if !record.is_item() {
            self.problem(
                found,
                "an object without any field of an item".to_owned(),
                "export the library as CSL JSON",
                true,
            );
            return;
        }
        if let Some(field) = record.field_twice() {
            self.problem(
                found,
                format!("the field \"{field}\" stands twice; the last one counts"),
                "take one of them out",
                false,
            );
        }
        let number = self.library.len() + self.open.len();
        let id = match record.id() {
            Some(id) => clean(&id).into_string(),
            None => String::new(),
        };
        let id = if id.is_empty() {
            let mut id = record
                .substitute_id()
                .map_or_else(|| "item".to_owned(), |id| clean(&id).into_string());
            if self.first_with(&id, number).is_some() {
                id = format!("{id}-{}", number + 1);
            }
            self.problem(
                found,
                format!("no id; \"{id}\" is used for it"),
                "give it an id",
                false,
            );
            id
        } else {
            if let Some(line) = self.first_with(&id, number) {
                self.problem(
                    found,
                    format!("the id \"{id}\" is used twice, first in line {line}"),
                    "give one of them another id",
                    false,
                );
            }
            id
        };
        self.open.push(&record, &id, found, &mut self.scratch);
        if self.open.len() == SEGMENT {
            self.seal();
        }
    }

    fn seal(&mut self) {
        let mut segment = mem::take(&mut self.open);
        segment.seal();
        self.library.push(Arc::new(segment));
    }

    /// Line of the paper that has this id already; if none has, paper `number` is the first.
    fn first_with(&mut self, id: &str, number: usize) -> Option<u32> {
        let hash = self.hasher.hash_one(id);
        let Some(&first) = self.ids.get(&hash) else {
            self.ids.insert(hash, number as u32);
            return None;
        };
        let (other, line) = if let Some(at) = (first as usize).checked_sub(self.library.len()) {
            (self.open.id(at), self.open.line(at))
        } else {
            let no = PaperNo(first);
            (self.library.id(no), self.library.line(no))
        };
        (other == cut_id(id)).then_some(line)
    }

    fn problem(&mut self, found: &Found<'_>, what: String, hint: &'static str, lost: bool) {
        self.problems.push(Problem {
            line: found.line,
            column: found.column,
            what,
            hint: hint.into(),
            lost,
        });
    }
}
