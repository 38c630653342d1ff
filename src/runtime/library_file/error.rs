//! Why a library was not written, in words for the reader.

use std::io;
use std::path::{Path, PathBuf};

use crate::core::library::rewrite::SurveyError;
use crate::core::library::{FileError, SourceError};
use crate::runtime::source::reason;

/// The library is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: not written: {fault}", path.display())]
pub struct WriteError {
    /// The library.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: WriteFault,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteFault {
    /// It has no write permission.
    #[error("the file is read-only; make it writable (chmod u+w) to change its papers")]
    ReadOnly,
    /// Something in it is broken.
    #[error("{}; {}", place(.0), .0.hint)]
    Broken(FileError),
    /// JSON Lines.
    #[error("a file with one item a line is read only; export it as CSL JSON to change it")]
    Lines,
    /// Another format.
    #[error("a file of this format is read only; import it into a library to change its papers")]
    Foreign,
    /// Another program wrote it meanwhile.
    #[error("another program changed the file meanwhile; look at it and try again")]
    Changed,
    /// Another offprint is writing it.
    #[error("another offprint is writing it; try again in a moment")]
    Busy,
    /// What was written does not read as it should.
    #[error("the new file does not read as it should; nothing was changed, please report this")]
    Unsound,
    /// The system's reason.
    #[error("{reason}; {advice}")]
    System {
        /// In words.
        reason: String,
        /// What to do about it.
        advice: &'static str,
    },
}

fn place(error: &FileError) -> String {
    match error.at {
        Some((line, column)) => format!("line {line}, column {column}: {}", error.what),
        None => error.what.clone(),
    }
}

impl From<io::Error> for WriteFault {
    fn from(error: io::Error) -> WriteFault {
        let advice = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room on the disk and try again"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "make its folder writable and try again"
            }
            io::ErrorKind::FileTooLarge => "raise the limit (ulimit -f) and try again",
            io::ErrorKind::NotFound => "check the name",
            _ => "check the disk and try again",
        };
        WriteFault::System {
            reason: reason(&error),
            advice,
        }
    }
}

impl From<SurveyError> for WriteFault {
    fn from(error: SurveyError) -> WriteFault {
        match error {
            SurveyError::Broken(error) => WriteFault::Broken(error),
            SurveyError::Lines => WriteFault::Lines,
        }
    }
}

impl From<SourceError> for WriteFault {
    fn from(error: SourceError) -> WriteFault {
        match error {
            SourceError::Changed => WriteFault::Changed,
            SourceError::Unreadable(reason) => WriteFault::System {
                reason,
                advice: "check the disk and try again",
            },
        }
    }
}

impl WriteFault {
    pub(super) fn at(self, path: &Path) -> WriteError {
        WriteError {
            path: path.to_owned(),
            fault: self,
        }
    }
}
