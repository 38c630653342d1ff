//! A file as memory.

#![allow(
    unsafe_code,
    reason = "a map of a file is bytes that another process may change or cut off; nothing safe can promise that none \
              does. All caches are written under another name and get their own by being renamed, so that a file that \
              is mapped is never written or cut by this program; blocks are checked before they are used; and what \
              the cache's own tables say is copied out of it first. Somebody else who cuts the file of a running \
              program ends that program by a signal, and loses nothing but that: nothing of value is in a cache."
)]

use std::fs::File;
use std::io;

use bytes::Bytes;
use memmap2::MmapOptions;

/// Maps a part of a file, from any offset; the file must be that long.
///
/// # Errors
/// The system's.
pub(super) fn map(file: &File, offset: u64, len: usize) -> io::Result<Bytes> {
    let end = offset.checked_add(len as u64);
    if end.is_none_or(|end| file.metadata().is_ok_and(|metadata| metadata.len() < end)) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    // SAFETY: the map is read only, lives as long as the bytes given out, and nothing of this program writes to the
    // part of the file that it shows, as said above.
    let map = unsafe { MmapOptions::new().offset(offset).len(len).map(file) }?;
    Ok(Bytes::from_owner(map))
}
