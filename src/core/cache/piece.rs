//! Bytes that are checked before they are used.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;

/// Bytes covered by one checksum: small enough that a look at one paper checks little, large enough that the checksums
/// of a gigabyte are a quarter of a megabyte.
pub(super) const BLOCK: usize = 16 << 10;

/// A file in memory, with what tells whether its blocks are as they were written.
#[derive(Default)]
pub struct Whole {
    bytes: Bytes,
    checks: Option<Checks>,
}

struct Checks {
    /// CRC-32 of each block, copied out of the file.
    sums: Vec<u32>,
    /// One bit for each block that was found to be sound.
    sound: Vec<AtomicU64>,
    damaged: AtomicBool,
}

impl Whole {
    /// Bytes that need no check: they were made by this process.
    pub fn trusted(bytes: Bytes) -> Arc<Whole> {
        Arc::new(Whole {
            bytes,
            checks: None,
        })
    }

    /// Bytes of which each block is checked before it is used. Bytes after the last checksum are never given.
    pub(super) fn checked(bytes: Bytes, sums: Vec<u32>) -> Arc<Whole> {
        let sound = (0..sums.len().div_ceil(64)).map(|_| AtomicU64::new(0));
        Arc::new(Whole {
            bytes,
            checks: Some(Checks {
                sound: sound.collect(),
                sums,
                damaged: AtomicBool::new(false),
            }),
        })
    }

    #[inline]
    fn is_sound(&self, start: usize, end: usize) -> bool {
        let Some(checks) = &self.checks else {
            return true;
        };
        start >= end
            || (start / BLOCK..=(end - 1) / BLOCK).all(|block| checks.is_sound(&self.bytes, block))
    }

    /// Checks every block; whether all of them are sound.
    pub fn check_all(&self) -> bool {
        let Some(checks) = &self.checks else {
            return true;
        };
        (0..checks.sums.len()).all(|block| checks.is_sound(&self.bytes, block))
    }

    /// A block was asked for that is not as it was written.
    pub fn is_damaged(&self) -> bool {
        self.checks
            .as_ref()
            .is_some_and(|checks| checks.damaged.load(Ordering::Relaxed))
    }
}

impl Checks {
    #[inline]
    fn is_sound(&self, bytes: &[u8], block: usize) -> bool {
        // The bytes never change, so that no order has to be kept between them and the bit.
        let known = self.sound.get(block / 64);
        known.is_some_and(|bits| bits.load(Ordering::Relaxed) >> (block % 64) & 1 == 1)
            || self.check(bytes, block)
    }

    #[cold]
    fn check(&self, bytes: &[u8], block: usize) -> bool {
        let start = block * BLOCK;
        let end = bytes.len().min(start + BLOCK);
        let is_sound = match (bytes.get(start..end), self.sums.get(block)) {
            (Some(bytes), Some(sum)) => crc32fast::hash(bytes) == *sum,
            _ => false,
        };
        match self.sound.get(block / 64) {
            Some(bits) if is_sound => {
                bits.fetch_or(1 << (block % 64), Ordering::Relaxed);
            }
            _ => self.damaged.store(true, Ordering::Relaxed),
        }
        is_sound
    }
}

impl fmt::Debug for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Whole({} bytes)", self.bytes.len())
    }
}

/// A part of a [`Whole`].
#[derive(Debug, Clone, Default)]
pub struct Piece {
    whole: Arc<Whole>,
    start: usize,
    len: usize,
}

impl Piece {
    /// A part of a file; `None` when it is not all there.
    pub fn new(whole: &Arc<Whole>, range: Range<usize>) -> Option<Piece> {
        whole.bytes.get(range.clone())?;
        Some(Piece {
            whole: Arc::clone(whole),
            start: range.start,
            len: range.len(),
        })
    }

    /// Bytes made by this process.
    pub fn of(bytes: impl Into<Bytes>) -> Piece {
        let bytes = bytes.into();
        let len = bytes.len();
        Piece {
            whole: Whole::trusted(bytes),
            start: 0,
            len,
        }
    }

    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes of it; `None` when they are not all there or are damaged.
    #[inline]
    pub fn get(&self, range: Range<usize>) -> Option<&[u8]> {
        if range.end > self.len || range.start > range.end {
            return None;
        }
        let (start, end) = (self.start + range.start, self.start + range.end);
        if !self.whole.is_sound(start, end) {
            return None;
        }
        self.whole.bytes.get(start..end)
    }

    /// All its bytes; none when one of them is damaged.
    pub fn all(&self) -> &[u8] {
        self.get(0..self.len).unwrap_or_default()
    }

    /// [`Piece::all`], checked but once: `sound` remembers that it was.
    #[inline]
    pub(super) fn all_once(&self, sound: &AtomicBool) -> &[u8] {
        if !sound.load(Ordering::Relaxed) {
            if self.get(0..self.len).is_none() {
                return &[];
            }
            sound.store(true, Ordering::Relaxed);
        }
        let end = self.start + self.len;
        self.whole.bytes.get(self.start..end).unwrap_or_default()
    }

    /// A part of it.
    pub fn part(&self, range: Range<usize>) -> Option<Piece> {
        let is_inside = range.start <= range.end && range.end <= self.len;
        is_inside.then(|| Piece {
            whole: Arc::clone(&self.whole),
            start: self.start + range.start,
            len: range.len(),
        })
    }

    /// The file that it is a part of.
    pub fn whole(&self) -> &Arc<Whole> {
        &self.whole
    }

    /// A block of its file was asked for that is not as it was written: answers may lack something.
    pub fn is_damaged(&self) -> bool {
        self.whole.is_damaged()
    }

    /// Whether numbers of this alignment, in bytes, may be read in place; without a look at the bytes.
    pub(super) fn is_aligned(&self, to: usize) -> bool {
        (self.whole.bytes.as_ptr() as usize + self.start).is_multiple_of(to)
    }
}
