//! A cache that is being written, and read as it grows.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::map::map;
use super::{PART, lock};
use crate::core::cache::{Contents, Key, MemoryShelf, Piece, Shelf};
use crate::runtime::store::disk::check_size_limit;

/// Bytes that are gathered before they are written.
const BUFFER: usize = 256 << 10;

/// Columns in a file beside the cache that it will be. When the disk has no more room, further columns are kept in
/// memory, and there will be no cache.
#[derive(Debug)]
pub struct FileShelf {
    file: File,
    part: PathBuf,
    target: PathBuf,
    contents: Contents,
    buffer: Vec<u8>,
    memory: MemoryShelf,
    failed: Option<io::Error>,
    /// What was written could not be read back: a column is not whole.
    lost: bool,
}

impl FileShelf {
    /// Begins a file that will be `target`.
    pub(super) fn begin(target: PathBuf) -> io::Result<FileShelf> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let part = target.with_extension(format!("{}-{number}.{PART}", std::process::id()));
        check_size_limit(BUFFER as u64)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part)?;
        // Tells others that somebody is at work on it; where files cannot be locked, it may be swept away too early.
        let _ = lock(&file);
        let (contents, header) = Contents::begin();
        let mut shelf = FileShelf {
            file,
            part,
            target,
            contents,
            buffer: Vec::with_capacity(BUFFER),
            memory: MemoryShelf::default(),
            failed: None,
            lost: false,
        };
        shelf.file.write_all(&header)?;
        Ok(shelf)
    }

    /// Begins a file beside `target` that has no name.
    pub(super) fn nameless(target: PathBuf) -> io::Result<FileShelf> {
        let shelf = FileShelf::begin(target)?;
        fs::remove_file(&shelf.part)?;
        Ok(shelf)
    }

    /// The file alone, at its beginning.
    pub(super) fn into_file(self) -> io::Result<File> {
        let mut file = self.file.try_clone()?;
        file.set_len(0)?;
        file.rewind()?;
        Ok(file)
    }

    /// Completes the cache and gives it its name.
    ///
    /// # Errors
    /// When something could not be written, now or before.
    pub(super) fn commit(mut self, key: &Key) -> io::Result<()> {
        self.flush();
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let (contents, _) = Contents::begin();
        let contents = std::mem::replace(&mut self.contents, contents);
        let end = contents.len();
        write(&mut self.file, end, &contents.finish(key))?;
        fs::rename(&self.part, &self.target)
    }

    fn flush(&mut self) {
        if self.failed.is_some() || self.buffer.is_empty() {
            return;
        }
        match write(&mut self.file, self.contents.len(), &self.buffer) {
            Ok(()) => self.contents.append(&self.buffer),
            Err(error) => return self.fail(error),
        }
        self.buffer.clear();
    }

    /// From here on everything is kept in memory, the column at hand included.
    fn fail(&mut self, error: io::Error) {
        let start = self.contents.section_start();
        let written = self.contents.len().saturating_sub(start);
        let mut bytes = vec![0; written as usize];
        if self.file.read_exact_at(&mut bytes, start).is_err() {
            self.lost = true;
        }
        self.memory.append(&bytes);
        self.memory.append(&self.buffer);
        self.buffer = Vec::new();
        self.failed = Some(error);
    }
}

/// Appends to a file of this length.
fn write(file: &mut File, length: u64, bytes: &[u8]) -> io::Result<()> {
    check_size_limit(length + bytes.len() as u64)?;
    file.write_all(bytes)
}

impl Shelf for FileShelf {
    fn append(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return self.memory.append(bytes);
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER {
            self.flush();
        }
    }

    fn end(&mut self, name: &str) -> Piece {
        self.flush();
        if self.failed.is_some() {
            return self.memory.end(name);
        }
        let start = self.contents.section_start();
        let len = self.contents.len() - start;
        let piece = match len {
            0 => Piece::default(),
            len => match map(&self.file, start, len as usize) {
                Ok(bytes) => Piece::of(bytes),
                Err(error) => {
                    self.fail(error);
                    return self.memory.end(name);
                }
            },
        };
        let (_, _, padding) = self.contents.end_section(name);
        self.buffer.resize(padding, 0);
        piece
    }

    fn scratch(&mut self) -> Option<Box<dyn Shelf>> {
        Some(Box::new(FileShelf::nameless(self.target.clone()).ok()?))
    }

    fn is_whole(&self) -> bool {
        !self.lost
    }
}

impl Drop for FileShelf {
    fn drop(&mut self) {
        // Nothing is there any more under this name once it was committed. Maps keep what they show.
        let _ = fs::remove_file(&self.part);
    }
}
