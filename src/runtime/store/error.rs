//! Why a change is not saved, in words for the reader.

use std::io;
use std::path::{Path, PathBuf};

/// A change could not be made durable. It is still in memory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct SaveError {
    /// The file or folder.
    pub path: PathBuf,
    /// What kind of error.
    pub kind: io::ErrorKind,
    /// What is wrong, in words.
    pub reason: String,
}

impl SaveError {
    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self.kind {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room on it and try again"
            }
            io::ErrorKind::FileTooLarge => "raise it (ulimit -f) and try again",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "make the folder writable, or HOME, where changes go instead"
            }
            _ => "check the disk and try again",
        }
    }

    /// `PLACE: NOT SAVED: what; what to do`.
    pub fn one_line(&self) -> String {
        let (path, reason) = (self.path.display(), &self.reason);
        format!("{path}: NOT SAVED: {reason}; {}", self.advice())
    }

    pub(super) fn new(path: &Path, error: &io::Error) -> SaveError {
        let reason = match error.kind() {
            io::ErrorKind::StorageFull => "the disk is full".to_owned(),
            io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
            io::ErrorKind::FileTooLarge => "the limit on the size of files is reached".to_owned(),
            io::ErrorKind::PermissionDenied => "no permission to write".to_owned(),
            io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
            _ => super::super::source::reason(error),
        };
        SaveError {
            path: path.to_owned(),
            kind: error.kind(),
            reason,
        }
    }
}

/// The folder cannot be written by this user: not a passing fault, so that another folder may stand in.
pub(super) fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}
