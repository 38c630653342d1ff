//! Columns of numbers and texts: in memory while they grow, a part of the cache afterwards.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, Range};
use std::sync::atomic::AtomicBool;

use bytemuck::Pod;

use super::{CacheError, Piece};

/// A column of numbers, or of small arrays of numbers. As a slice it is checked whole before its first use; [`get`] and
/// [`slice`] check no more than they give.
///
/// [`get`]: Numbers::get
/// [`slice`]: Numbers::slice
pub struct Numbers<T> {
    owned: Vec<T>,
    /// Where they are instead.
    kept: Option<Kept<T>>,
}

struct Kept<T> {
    piece: Piece,
    /// All of it was checked.
    sound: AtomicBool,
    of: PhantomData<T>,
}

impl<T: Pod> Numbers<T> {
    /// The numbers that a part of the cache holds.
    ///
    /// # Errors
    /// [`CacheError::Damaged`] when it does not hold a whole number of them.
    pub fn kept(piece: Piece) -> Result<Numbers<T>, CacheError> {
        let size = size_of::<T>().max(1);
        if !piece.len().is_multiple_of(size) {
            return Err(CacheError::Damaged);
        }
        if !piece.is_aligned(align_of::<T>()) {
            // Bytes in memory may lie anywhere; a file is mapped to the beginning of a page.
            let bytes = piece.get(0..piece.len()).ok_or(CacheError::Damaged)?;
            let numbers = bytes.chunks_exact(size);
            let numbers: Vec<T> = numbers
                .filter_map(|bytes| bytemuck::try_pod_read_unaligned(bytes).ok())
                .collect();
            return Ok(Numbers::from(numbers));
        }
        Ok(Numbers {
            owned: Vec::new(),
            kept: Some(Kept {
                piece,
                sound: AtomicBool::new(false),
                of: PhantomData,
            }),
        })
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.kept {
            None => self.owned.len(),
            Some(kept) => kept.piece.len() / size_of::<T>().max(1),
        }
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at a place.
    #[inline]
    pub fn get(&self, at: usize) -> Option<&T> {
        let Some(kept) = &self.kept else {
            return self.owned.get(at);
        };
        let start = at.checked_mul(size_of::<T>())?;
        let bytes = kept.piece.get(start..start.checked_add(size_of::<T>())?)?;
        bytemuck::try_from_bytes(bytes).ok()
    }

    /// The numbers of a range; `None` when they are not all there.
    pub fn slice(&self, range: Range<usize>) -> Option<&[T]> {
        let Some(kept) = &self.kept else {
            return self.owned.get(range);
        };
        let start = range.start.checked_mul(size_of::<T>())?;
        let end = range.end.checked_mul(size_of::<T>())?;
        bytemuck::try_cast_slice(kept.piece.get(start..end)?).ok()
    }

    /// The first place whose number is not before what is looked for; the numbers are sorted.
    pub fn partition_point(&self, is_before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&is_before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The vector, to be changed; what was in the cache is copied.
    pub fn owned(&mut self) -> &mut Vec<T> {
        if self.kept.is_some() {
            self.owned = self.to_vec();
            self.kept = None;
        }
        &mut self.owned
    }

    /// Adds one at the end.
    pub fn push(&mut self, number: T) {
        self.owned().push(number);
    }

    /// Bytes, in memory or in the cache.
    pub fn size(&self) -> usize {
        self.len() * size_of::<T>()
    }

    /// Whether a block of its file was found damaged.
    pub fn is_damaged(&self) -> bool {
        self.kept
            .as_ref()
            .is_some_and(|kept| kept.piece.is_damaged())
    }
}

impl<T: Pod> Deref for Numbers<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &self.kept {
            None => &self.owned,
            Some(kept) => {
                bytemuck::try_cast_slice(kept.piece.all_once(&kept.sound)).unwrap_or_default()
            }
        }
    }
}

impl<'a, T: Pod> IntoIterator for &'a Numbers<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> Default for Numbers<T> {
    fn default() -> Numbers<T> {
        Numbers::from(Vec::new())
    }
}

impl<T: Clone> Clone for Numbers<T> {
    fn clone(&self) -> Numbers<T> {
        Numbers {
            owned: self.owned.clone(),
            kept: self.kept.as_ref().map(|kept| Kept {
                piece: kept.piece.clone(),
                sound: AtomicBool::new(false),
                of: PhantomData,
            }),
        }
    }
}

impl<T: Pod + PartialEq> PartialEq for Numbers<T> {
    fn eq(&self, other: &Numbers<T>) -> bool {
        **self == **other
    }
}

impl<T> From<Vec<T>> for Numbers<T> {
    fn from(owned: Vec<T>) -> Numbers<T> {
        Numbers { owned, kept: None }
    }
}

impl<T> fmt::Debug for Numbers<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kept {
            None => write!(f, "{} numbers", self.owned.len()),
            Some(kept) => write!(f, "{} bytes of numbers", kept.piece.len()),
        }
    }
}

/// A long text, of which parts are asked for.
#[derive(Default)]
pub struct Text {
    owned: String,
    /// Where it is instead.
    kept: Option<Piece>,
}

impl Text {
    /// The text that a part of the cache holds.
    pub fn kept(piece: Piece) -> Text {
        Text {
            owned: String::new(),
            kept: Some(piece),
        }
    }

    /// Bytes of the text.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.kept {
            None => self.owned.len(),
            Some(piece) => piece.len(),
        }
    }

    /// There is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A part; `None` when it is not all there or would cut a character in two.
    #[inline]
    pub fn get(&self, range: Range<usize>) -> Option<&str> {
        match &self.kept {
            None => self.owned.get(range),
            // What a part of a text is depends on the characters at its ends alone, but only a check of all of it can
            // make a `str` of bytes; for a title it takes some nanoseconds.
            Some(piece) => std::str::from_utf8(piece.get(range)?).ok(),
        }
    }

    /// All bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.kept {
            None => self.owned.as_bytes(),
            Some(piece) => piece.all(),
        }
    }

    /// The string, to be changed; what was in the cache is copied.
    pub fn owned(&mut self) -> &mut String {
        if let Some(piece) = self.kept.take() {
            self.owned = String::from_utf8_lossy(piece.all()).into_owned();
        }
        &mut self.owned
    }

    /// Whether a block of its file was found damaged.
    pub fn is_damaged(&self) -> bool {
        self.kept.as_ref().is_some_and(Piece::is_damaged)
    }
}

impl From<String> for Text {
    fn from(owned: String) -> Text {
        Text { owned, kept: None }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of text", self.len())
    }
}
