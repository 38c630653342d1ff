//! The index of a library as one file, opened without being read.
//!
//! ```text
//! header     64 bytes: magic, version, mark of the byte order
//! sections   each at a multiple of 64 bytes, named in the tables; nothing in a section points outside of it
//! tables     the key of the library, name and place of each section, one checksum for each block of the file
//! trailer    64 bytes: place, length and checksum of the tables, checksum of header and trailer
//! ```
//!
//! Everything is appended, so that a cache can be written while the library is read, and parts of it can be used before
//! it is complete. What ends early has no trailer and is no cache.
//!
//! **Trust.** Opening checks header, trailer and tables and copies the tables; that takes the same time for any number
//! of papers but for four bytes of checksum for each 16 KiB. The sections are checked block by block, each before the
//! first byte of it is used ([`Piece`]). A block that is not as it was written gives nothing, never something else,
//! and is remembered: whoever asked looks at [`Piece::is_damaged`] and asks again without the cache.
//!
//! Numbers are in the byte order of the machine; a cache of another order is refused.

mod format;
mod numbers;
mod piece;
mod shelf;
#[cfg(test)]
mod tests;

pub use format::{Cache, Contents, Key, Stamp, VERSION};
pub use numbers::{Numbers, Text};
pub use piece::{Piece, Whole};
pub use shelf::{MemoryShelf, Sections, Shelf, append_numbers, numbers_of};

/// Why bytes are no cache that can be used. All of them are answered by building it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CacheError {
    /// It does not begin or end as a cache does: something else, or one that was not written to its end.
    #[error("this is no complete cache")]
    Incomplete,
    /// Another version of the program, or a machine of the other byte order, wrote it.
    #[error("this cache was written by another version")]
    Version,
    /// A checksum is wrong, or the tables contradict themselves.
    #[error("this cache is damaged")]
    Damaged,
}
