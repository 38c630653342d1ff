//! Where the bytes of items come from.

use std::borrow::Cow;

use super::segment::Span;

/// Why the bytes of an item could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The file no longer holds the item where it was.
    #[error("the library changed on disk; open it again")]
    Changed,
    /// The system's reason.
    #[error("the library cannot be read: {0}")]
    Unreadable(String),
}

/// The bytes of a library, by place.
pub trait ItemSource: Send + Sync {
    /// The bytes of a span.
    ///
    /// # Errors
    /// [`SourceError::Changed`] when there are fewer bytes than there were, [`SourceError::Unreadable`] when the
    /// system refuses.
    fn read(&self, span: Span) -> Result<Vec<u8>, SourceError>;
}

/// A library in memory: the embedded example, and tests.
#[derive(Debug, Clone)]
pub struct MemorySource(Cow<'static, [u8]>);

impl MemorySource {
    /// Takes the bytes of the file.
    pub fn new(bytes: impl Into<Cow<'static, [u8]>>) -> MemorySource {
        MemorySource(bytes.into())
    }
}

impl ItemSource for MemorySource {
    fn read(&self, span: Span) -> Result<Vec<u8>, SourceError> {
        let start = usize::try_from(span.offset).unwrap_or(usize::MAX);
        self.0
            .get(start..start.saturating_add(span.len as usize))
            .map(<[u8]>::to_vec)
            .ok_or(SourceError::Changed)
    }
}
