//! A library in a format other than JSON, opened as it is: its entries are made items once, while it is read, and kept
//! in memory as the JSON that pages, citations and the index read back.

use std::collections::HashSet;
use std::hash::BuildHasher as _;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::source::FileSource;
use crate::core::cite::key;
use crate::core::import::{self, Entry, Format, Found};
use crate::core::library::{FileError, ItemSource, Problem, SourceError, Span};

/// Bytes of a block: so many are asked for at once, and never copied to make room for more.
const BLOCK: usize = 1 << 20;

/// What a conversion gives, piece by piece.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// The next item: its JSON, where that is in the source, and the line of its entry in the file.
    Item(&'a str, Span, u32),
    /// Something wrong with the file.
    Problem(Problem),
}

/// An open file with the items made of it.
#[derive(Debug)]
pub(super) struct Converted {
    file: Arc<FileSource>,
    name: String,
    format: Format,
    items: Arc<Items>,
    /// What the finished conversion gave, so that the file is converted once however often it is read.
    done: Mutex<Option<Done>>,
}

#[derive(Debug, Default)]
struct Done {
    items: Vec<(Span, u32)>,
    problems: Vec<Problem>,
}

impl Converted {
    /// Looks at the beginning of a file; `None` when it is JSON, or in no format that is opened as it is.
    pub(super) fn open(file: &Arc<FileSource>, name: &str) -> Option<Converted> {
        let mut head = vec![0; import::HEAD];
        let count = file.read_at(&mut head, 0).ok()?;
        let format = import::detect(head.get(..count)?, name).ok()?;
        let opened = matches!(
            format,
            Format::BibTex | Format::Ris | Format::Nbib | Format::PubMedXml | Format::EndNoteXml
        );
        opened.then(|| Converted {
            file: Arc::clone(file),
            name: name.to_owned(),
            format,
            items: Arc::default(),
            done: Mutex::default(),
        })
    }

    pub(super) fn file(&self) -> &FileSource {
        &self.file
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Where the items are read back from.
    pub(super) fn source(&self) -> Arc<dyn ItemSource> {
        Arc::clone(&self.items) as Arc<dyn ItemSource>
    }

    /// Hands over the items in the order of the file, until told to stop.
    ///
    /// # Errors
    /// When the file cannot be read, and when nothing in it is an entry.
    pub(super) fn each(
        &self,
        with: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<(), FileError> {
        let mut done = lock(&self.done);
        if let Some(done) = &*done {
            let _ = self.replay(done, with);
            return Ok(());
        }
        self.items.clear();
        let bytes = self.content()?;
        let mut record = Done::default();
        let mut ids = HashSet::new();
        let mut stopped = false;
        let result = import::each(&bytes, &self.name, &mut |found| {
            let flow = match found {
                Found::Entry(entry) => {
                    let line = entry.line;
                    let json = json(&entry, &mut ids);
                    let span = self.items.push(json.as_bytes());
                    record.items.push((span, line));
                    with(Piece::Item(&json, span, line))
                }
                Found::Problem(problem) => {
                    record.problems.push(problem.clone());
                    with(Piece::Problem(problem))
                }
            };
            stopped |= flow.is_break();
            flow
        });
        if let Err(error) = result {
            return Err(FileError::whole(
                error.to_string(),
                "or name another file with --library",
            ));
        }
        if stopped {
            return Ok(());
        }
        let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
        if record.items.is_empty()
            && record.problems.is_empty()
            && !is_blank
            && !bytes.contains(&b'@')
        {
            return Err(FileError::whole(
                format!("there is no entry of {} in it", self.format),
                "check that it is the file you meant",
            ));
        }
        *done = Some(record);
        Ok(())
    }

    fn replay(
        &self,
        done: &Done,
        with: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for problem in &done.problems {
            with(Piece::Problem(problem.clone()))?;
        }
        for (span, line) in &done.items {
            let bytes = self.items.read(*span).unwrap_or_default();
            with(Piece::Item(
                std::str::from_utf8(&bytes).unwrap_or_default(),
                *span,
                *line,
            ))?;
        }
        ControlFlow::Continue(())
    }

    fn content(&self) -> Result<Vec<u8>, FileError> {
        let unreadable = |error: &std::io::Error| {
            FileError::whole(super::source::reason(error), "check the disk")
        };
        let mut bytes = vec![0; self.file.len() as usize];
        let count = self
            .file
            .read_at(&mut bytes, 0)
            .map_err(|error| unreadable(&error))?;
        bytes.truncate(count);
        Ok(bytes)
    }
}

/// The JSON of an item. One without an id gets the key that an export would give it.
fn json(entry: &Entry, ids: &mut HashSet<u64>) -> String {
    let hash = |id: &str| foldhash::fast::FixedState::default().hash_one(id);
    let id = entry.item.id();
    let text = if id.is_empty() {
        let derived = key::unique(key::derive_key(&entry.item), |id| ids.contains(&hash(id)));
        ids.insert(hash(&derived));
        let mut fields = entry.item.fields().clone();
        fields.insert("id".to_owned(), derived.into());
        serde_json::to_string(&fields)
    } else {
        ids.insert(hash(&id));
        serde_json::to_string(entry.item.fields())
    };
    text.unwrap_or_else(|_| "{}".to_owned())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A conversion that panicked left nothing behind but the items it had made.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The items as JSON, one after another, in blocks.
#[derive(Debug, Default)]
struct Items(RwLock<Blocks>);

#[derive(Debug, Default)]
struct Blocks {
    blocks: Vec<Vec<u8>>,
    len: u64,
}

impl Items {
    fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Blocks::default();
    }

    fn push(&self, mut bytes: &[u8]) -> Span {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let span = Span {
            offset: all.len,
            len: bytes.len() as u32,
        };
        all.len += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = match all.blocks.last() {
                Some(block) => BLOCK - block.len(),
                None => 0,
            };
            if room == 0 {
                all.blocks.push(Vec::with_capacity(BLOCK));
                continue;
            }
            let (head, rest) = bytes.split_at(room.min(bytes.len()));
            if let Some(block) = all.blocks.last_mut() {
                block.extend_from_slice(head);
            }
            bytes = rest;
        }
        span
    }
}

impl ItemSource for Items {
    fn read(&self, span: Span) -> Result<Vec<u8>, SourceError> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let end = span.offset.saturating_add(u64::from(span.len));
        if end > all.len {
            return Err(SourceError::Changed);
        }
        let mut bytes = Vec::with_capacity(span.len as usize);
        let mut at = span.offset as usize;
        while (at as u64) < end {
            let block = all.blocks.get(at / BLOCK).ok_or(SourceError::Changed)?;
            let from = at % BLOCK;
            let to = block.len().min(from + (end as usize - at));
            let part = block
                .get(from..to)
                .filter(|part| !part.is_empty())
                .ok_or(SourceError::Changed)?;
            bytes.extend_from_slice(part);
            at += part.len();
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_back_across_blocks() {
        let items = Items::default();
        let big = vec![b'x'; BLOCK - 3];
        let first = items.push(&big);
        let second = items.push(b"across the blocks");
        assert_eq!(items.read(second).unwrap(), b"across the blocks");
        let both = Span {
            offset: 0,
            len: first.len + second.len,
        };
        assert_eq!(items.read(both).unwrap().len(), BLOCK - 3 + 17);
        let beyond = Span {
            offset: second.offset,
            len: 18,
        };
        assert_eq!(items.read(beyond), Err(SourceError::Changed));
    }
}
