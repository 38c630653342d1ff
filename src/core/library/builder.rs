//! From the bytes of a file to columns.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::sync::Arc;

use super::Library;
use super::problem::{FileError, Problem, Problems};
use super::record::Record;
use super::scanner::{Found, Scanner};
use super::segment::{self, SEGMENT, Scratch, Segment};
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
}

impl Builder {
    /// A builder at the beginning of a file.
    pub fn new() -> Builder {
        Builder::default()
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
            if let Some(first) = problems.find(|problem| problem.lost) {
                return Err(first.clone().into());
            }
        }
        end?;
        Ok(self.since(before))
    }

    /// The problems found since the last call.
    pub fn take_problems(&mut self) -> Problems {
        let mut all = mem::take(&mut self.columns.scanned);
        self.scanner.take_problems().append_to(&mut all);
        mem::take(&mut self.columns.problems).append_to(&mut all);
        all
    }

    /// Everything read so far, in whole segments.
    pub fn library(&self) -> &Library {
        &self.columns.library
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
                .map(|id| clean(&id).into_string())
                .unwrap_or_else(|| "item".to_owned());
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
        self.open
            .push(&record, &id, found.span, found.line, &mut self.scratch);
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
        let (other, line) = match (first as usize).checked_sub(self.library.len()) {
            Some(at) => (self.open.id(at), self.open.line(at)),
            None => {
                let no = PaperNo(first);
                (self.library.id(no), self.library.line(no))
            }
        };
        (other == segment::cut_id(id)).then_some(line)
    }

    fn problem(&mut self, found: &Found<'_>, what: String, hint: &'static str, lost: bool) {
        self.problems.push(Problem {
            line: found.line,
            column: found.column,
            what,
            hint,
            lost,
        });
    }
}
