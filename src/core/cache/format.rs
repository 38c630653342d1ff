//! The bytes of a cache: what is appended while it is written, and what is checked when it is opened.

use std::sync::Arc;

use bytes::Bytes;

use super::piece::BLOCK;
use super::{CacheError, Piece, Shelf, Whole};

/// Of the layout and of all that columns mean: raised whenever words are cut, folded, weighed or stored otherwise.
pub const VERSION: u32 = 2;

const MAGIC: &[u8; 12] = b"offprint idx";
const END: &[u8; 12] = b"offprint end";
/// Bytes of the header and of the trailer; sections begin at multiples of it.
pub(super) const UNIT: usize = 64;
/// Tells the byte order.
const ORDER: u32 = 0x0102_0304;

/// What a cache is of. Two libraries with equal keys are the same bytes, as far as a file system can tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Key {
    /// The path, links followed.
    pub path: Vec<u8>,
    /// Bytes of the file.
    pub size: u64,
    /// When its content was changed last.
    pub modified: Stamp,
    /// When anything about the file was changed last, which no program can set back.
    pub changed: Stamp,
    /// Of bytes from all over the file.
    pub sampled: u64,
}

/// A time of the file system: seconds since 1970, and nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Stamp {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds of the second.
    pub nanoseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Section {
    name: String,
    start: u64,
    len: u64,
}

/// Notes what is appended to a cache that is being written: the caller writes the bytes, this tells which.
#[derive(Debug)]
pub struct Contents {
    sections: Vec<Section>,
    /// Where the section at hand starts.
    start: u64,
    len: u64,
    sums: Vec<u32>,
    hasher: crc32fast::Hasher,
}

impl Contents {
    /// A new cache, and the bytes it begins with.
    pub fn begin() -> (Contents, Vec<u8>) {
        let mut header = Vec::with_capacity(UNIT);
        header.extend_from_slice(MAGIC);
        header.extend_from_slice(&VERSION.to_ne_bytes());
        header.extend_from_slice(&ORDER.to_ne_bytes());
        header.resize(UNIT, 0);
        let mut contents = Contents {
            sections: Vec::new(),
            start: 0,
            len: 0,
            sums: Vec::new(),
            hasher: crc32fast::Hasher::new(),
        };
        contents.append(&header);
        contents.start = contents.len;
        (contents, header)
    }

    /// Bytes that were appended to the file.
    pub fn append(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = BLOCK - self.len as usize % BLOCK;
            let (now, rest) = bytes.split_at(room.min(bytes.len()));
            self.hasher.update(now);
            self.len += now.len() as u64;
            if self.len.is_multiple_of(BLOCK as u64) {
                let done = std::mem::replace(&mut self.hasher, crc32fast::Hasher::new());
                self.sums.push(done.finalize());
            }
            bytes = rest;
        }
    }

    /// The section at hand is complete: its place in the file, and how many zeros are to be appended next.
    pub fn end_section(&mut self, name: &str) -> (u64, u64, usize) {
        let (start, len) = (self.start, self.len - self.start);
        self.sections.push(Section {
            name: name.to_owned(),
            start,
            len,
        });
        let padding = self.len.next_multiple_of(UNIT as u64) - self.len;
        self.start = self.len + padding;
        (start, len, padding as usize)
    }

    /// Where the section at hand starts.
    pub fn section_start(&self) -> u64 {
        self.start
    }

    /// Bytes appended so far.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Nothing was appended yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes that complete the file.
    pub fn finish(mut self, key: &Key) -> Vec<u8> {
        if !self.len.is_multiple_of(BLOCK as u64) {
            self.sums.push(self.hasher.finalize());
        }
        let mut out = Vec::new();
        put_bytes(&mut out, &key.path);
        put(&mut out, key.size);
        for stamp in [key.modified, key.changed] {
            put(&mut out, stamp.seconds as u64);
            put(&mut out, stamp.nanoseconds as u64);
        }
        put(&mut out, key.sampled);
        put(&mut out, self.sections.len() as u64);
        for section in &self.sections {
            put_bytes(&mut out, section.name.as_bytes());
            put(&mut out, section.start);
            put(&mut out, section.len);
        }
        put(&mut out, self.sums.len() as u64);
        for sum in &self.sums {
            out.extend_from_slice(&sum.to_ne_bytes());
        }
        let mut trailer = Vec::with_capacity(UNIT);
        trailer.extend_from_slice(END);
        trailer.extend_from_slice(&VERSION.to_ne_bytes());
        put(&mut trailer, self.len);
        put(&mut trailer, out.len() as u64);
        trailer.extend_from_slice(&crc32fast::hash(&out).to_ne_bytes());
        trailer.resize(UNIT - 4, 0);
        let sum = crc32fast::hash(&trailer);
        trailer.extend_from_slice(&sum.to_ne_bytes());
        out.extend_from_slice(&trailer);
        out
    }
}

fn put(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_ne_bytes());
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Takes what was put, from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], CacheError> {
        let (now, rest) = self.0.split_at_checked(len).ok_or(CacheError::Damaged)?;
        self.0 = rest;
        Ok(now)
    }

    fn word(&mut self) -> Result<u32, CacheError> {
        let bytes = self.take(4)?.try_into().map_err(|_| CacheError::Damaged)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn number(&mut self) -> Result<u64, CacheError> {
        let bytes = self.take(8)?.try_into().map_err(|_| CacheError::Damaged)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn length(&mut self) -> Result<usize, CacheError> {
        usize::try_from(self.number()?).map_err(|_| CacheError::Damaged)
    }

    fn bytes(&mut self) -> Result<&'a [u8], CacheError> {
        let len = self.length()?;
        self.take(len)
    }

    fn stamp(&mut self) -> Result<Stamp, CacheError> {
        Ok(Stamp {
            seconds: self.number()? as i64,
            nanoseconds: self.number()? as i64,
        })
    }
}

/// A complete cache: its tables are sound, its sections are checked when they are used.
#[derive(Debug)]
pub struct Cache {
    whole: Arc<Whole>,
    key: Key,
    sections: Vec<Section>,
}

impl Cache {
    /// Opens the bytes of a file.
    ///
    /// # Errors
    /// Why they are no cache that can be used.
    pub fn open(bytes: &Bytes) -> Result<Cache, CacheError> {
        let mut header = Reader(bytes.get(..UNIT).ok_or(CacheError::Incomplete)?);
        if header.take(MAGIC.len())? != MAGIC {
            return Err(CacheError::Incomplete);
        }
        if header.word()? != VERSION || header.word()? != ORDER {
            return Err(CacheError::Version);
        }
        let at = bytes
            .len()
            .checked_sub(UNIT)
            .ok_or(CacheError::Incomplete)?;
        let trailer = bytes.get(at..).ok_or(CacheError::Incomplete)?;
        let (checked, sum) = trailer.split_at(UNIT - 4);
        let mut trailer = Reader(checked);
        if trailer.take(END.len())? != END {
            return Err(CacheError::Incomplete);
        }
        if Reader(sum).word()? != crc32fast::hash(checked) || trailer.word()? != VERSION {
            return Err(CacheError::Damaged);
        }
        let (start, len) = (trailer.length()?, trailer.length()?);
        if start.checked_add(len) != Some(at) {
            return Err(CacheError::Incomplete);
        }
        let tables = bytes.get(start..at).ok_or(CacheError::Damaged)?;
        if crc32fast::hash(tables) != trailer.word()? {
            return Err(CacheError::Damaged);
        }
        let mut tables = Reader(tables);
        let key = Key {
            path: tables.bytes()?.to_vec(),
            size: tables.number()?,
            modified: tables.stamp()?,
            changed: tables.stamp()?,
            sampled: tables.number()?,
        };
        let mut sections = Vec::new();
        for _ in 0..tables.number()? {
            let name = std::str::from_utf8(tables.bytes()?).map_err(|_| CacheError::Damaged)?;
            let section = Section {
                name: name.to_owned(),
                start: tables.number()?,
                len: tables.number()?,
            };
            if section
                .start
                .checked_add(section.len)
                .is_none_or(|end| end > start as u64)
            {
                return Err(CacheError::Damaged);
            }
            sections.push(section);
        }
        let count = tables.length()?;
        if count != start.div_ceil(BLOCK) {
            return Err(CacheError::Damaged);
        }
        let sums = tables.take(count.checked_mul(4).ok_or(CacheError::Damaged)?)?;
        let sums = sums.chunks_exact(4).map(|chunk| Reader(chunk).word());
        let sums: Vec<u32> = sums.collect::<Result<_, _>>()?;
        Ok(Cache {
            // The checksums cover what stands before the tables; nothing else is given.
            whole: Whole::checked(bytes.slice(..start), sums),
            key,
            sections,
        })
    }

    /// What it is a cache of.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The section of a name.
    pub fn section(&self, name: &str) -> Option<Piece> {
        self.all(name).next()
    }

    /// All sections of a name, in their order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Piece> + 'a {
        self.sections
            .iter()
            .filter(move |section| section.name == name)
            .filter_map(|section| {
                let start = section.start as usize;
                Piece::new(&self.whole, start..start + section.len as usize)
            })
    }

    /// Puts all sections on a shelf but those of these names; whether all of them could be read.
    pub fn copy_to(&self, shelf: &mut dyn Shelf, without: &[&str]) -> bool {
        let mut is_whole = true;
        for section in &self.sections {
            if without.contains(&section.name.as_str()) {
                continue;
            }
            let start = section.start as usize;
            let piece = Piece::new(&self.whole, start..start + section.len as usize);
            let bytes = piece.as_ref().and_then(|piece| piece.get(0..piece.len()));
            is_whole &= bytes.is_some();
            shelf.append(bytes.unwrap_or_default());
            shelf.end(&section.name);
        }
        is_whole
    }

    /// The file, to ask whether it is damaged.
    pub fn whole(&self) -> &Arc<Whole> {
        &self.whole
    }
}
