//! Items read from the library's file by place, without keeping its content in memory.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, FileTypeExt, OpenOptionsExt};
use std::path::Path;

use crate::core::library::{FileError, ItemSource, SourceError, Span};

/// The largest file that is read, in bytes: 16 GB.
pub const LARGEST_FILE: u64 = 16_000_000_000;

/// A library file, kept open: the items are read from the file that was opened, also after another one took its name.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    metadata: Metadata,
}

impl FileSource {
    /// Opens a regular file of at most [`LARGEST_FILE`] bytes.
    ///
    /// # Errors
    /// What is there instead, and what to do about it.
    pub fn open(path: &Path) -> Result<FileSource, FileError> {
        // Asked before opening: opening a pipe without a writer waits for ever, opening a device may do anything.
        let metadata = std::fs::metadata(path).map_err(|error| refused(&error))?;
        let kind = metadata.file_type();
        if kind.is_dir() {
            return Err(FileError::whole(
                "this is a directory, not a library",
                "name the .json file in it",
            ));
        }
        if !kind.is_file() {
            let what = if kind.is_fifo() {
                "this is a pipe, not a regular file"
            } else if kind.is_socket() {
                "this is a socket, not a regular file"
            } else {
                "this is a device, not a regular file"
            };
            return Err(FileError::whole(what, "save the library to a file first"));
        }
        let nonblocking = rustix::fs::OFlags::NONBLOCK.bits() as i32;
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(nonblocking)
            .open(path)
            .map_err(|error| refused(&error))?;
        let metadata = file.metadata().map_err(|error| refused(&error))?;
        if !metadata.is_file() {
            return Err(FileError::whole(
                "this is not a regular file any more",
                "save the library to a file first",
            ));
        }
        let len = metadata.len();
        if len > LARGEST_FILE {
            return Err(FileError::whole(
                format!(
                    "the file has {}.{} GB, at most 16 GB can be read",
                    len / 1_000_000_000,
                    len / 100_000_000 % 10
                ),
                "split it into several libraries",
            ));
        }
        Ok(FileSource { file, metadata })
    }

    /// Bytes in the file when it was opened.
    pub fn len(&self) -> u64 {
        self.metadata.len()
    }

    /// The file was empty when it was opened.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the system said of the file when it was opened.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The file itself.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Fills the buffer from `offset` on; less than its length only at the end of the file.
    ///
    /// # Errors
    /// The system's.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

impl ItemSource for FileSource {
    fn read(&self, span: Span) -> Result<Vec<u8>, SourceError> {
        // The span is believed only as far as the file reaches: no allocation for bytes that are not there.
        let end = span.offset.saturating_add(u64::from(span.len));
        let now = self
            .file
            .metadata()
            .map_err(|error| SourceError::Unreadable(reason(&error)))?
            .len();
        if end > now {
            return Err(SourceError::Changed);
        }
        let mut bytes = vec![0; span.len as usize];
        let count = self
            .read_at(&mut bytes, span.offset)
            .map_err(|error| SourceError::Unreadable(reason(&error)))?;
        if count == bytes.len() {
            Ok(bytes)
        } else {
            Err(SourceError::Changed)
        }
    }
}

/// The system's reason in words, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

fn refused(error: &io::Error) -> FileError {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "check the name, or leave it out to open your own library",
        io::ErrorKind::PermissionDenied => "make it readable for you (chmod u+r)",
        _ => "check the path and the disk",
    };
    let what = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => reason(error),
    };
    FileError::whole(what, hint)
}
