//! A library in a format other than JSON, opened as it is: its entries are made items once, while it is read, and kept
//! as the JSON that pages, citations and the index read back: in memory, or, of a large library, in a file without a
//! name in the cache directory.

mod items;

use std::collections::HashSet;
use std::hash::BuildHasher as _;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::cache::Folder;
use super::source::FileSource;
use crate::core::cache::{Piece as Bytes, Shelf as _};
use crate::core::cite::key;
use crate::core::import::{self, Entry, Format, Found};
use crate::core::library::{FileError, ItemSource, Problem, Span};
use items::Items;

/// The content of files larger than this, in bytes, is read from a copy that is mapped: their own may be cut off by
/// another program, which must not end this one.
const LARGE: u64 = 32 << 20;
/// So many bytes of it are copied at once.
const COPIED: u64 = 1 << 20;

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
    folder: OnceLock<Folder>,
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
            folder: OnceLock::new(),
            done: Mutex::default(),
        })
    }

    /// Lets what is large be kept in a folder instead of in memory.
    pub(super) fn use_folder(&self, folder: &Folder) {
        let _ = self.folder.set(folder.clone());
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
        self.items.clear(self.folder.get());
        let content = self.content()?;
        let bytes = content.all();
        let mut record = Done::default();
        let mut ids = HashSet::new();
        let mut stopped = false;
        let result = import::each(bytes, &self.name, &mut |found| {
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

    fn content(&self) -> Result<Bytes, FileError> {
        let unreadable = |error: &std::io::Error| {
            FileError::whole(super::source::reason(error), "check the disk")
        };
        let copy = self.folder.get().filter(|_| self.file.len() > LARGE);
        let mut copy = copy.and_then(Folder::scratch);
        let mut bytes = vec![0; copy.as_ref().map_or(self.file.len(), |_| COPIED) as usize];
        let mut offset = 0;
        loop {
            let count = self.file.read_at(&mut bytes, offset);
            let count = count.map_err(|error| unreadable(&error))?;
            let Some(copy) = &mut copy else {
                bytes.truncate(count);
                return Ok(Bytes::of(bytes));
            };
            copy.append(bytes.get(..count).unwrap_or_default());
            offset += count as u64;
            if count < bytes.len() {
                let content = copy.end("content");
                let is_whole = copy.is_whole() && content.len() as u64 == offset;
                let lost = || FileError::whole("its copy cannot be read back", "check the disk");
                return is_whole.then_some(content).ok_or_else(lost);
            }
        }
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
