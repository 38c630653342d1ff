//! [`Latent`] as bytes, to be kept beside the library. All numbers are little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `LSA2` |
//! | 4 each | entries of a vector, papers fitted, words, papers, bytes of all words |
//! | 2 each | length of each word |
//! | | the words, sorted, one after the other, and zeros up to a multiple of four bytes |
//! | 4 each | factors of the words, then of the papers |
//! | 1 each | entries of the words' vectors, then of the papers' |

use thiserror::Error;

use super::latent::Latent;
use super::vectors::Vectors;
use super::words::Words;
use crate::core::cache::{Numbers, Piece};

const MAGIC: &[u8; 4] = b"LSA2";
/// Bytes of the numbers at the beginning.
const HEAD: usize = 24;
/// More directions than this were never written.
const WIDEST: usize = 4096;

/// Kept bytes that are not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the kept directions of the library are damaged at byte {at}: {what}; they are found anew")]
pub struct Damaged {
    /// Where.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

/// Bytes yet to be read.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn damaged(&self, what: &'static str) -> Damaged {
        Damaged { at: self.at, what }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| self.damaged("it ends here"))?;
        self.at += count;
        Ok(taken)
    }

    fn number(&mut self) -> Result<usize, Damaged> {
        let bytes = self.take(4)?.first_chunk().copied().unwrap_or_default();
        Ok(u32::from_le_bytes(bytes) as usize)
    }
}

impl Latent {
    /// The directions and places as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let text = self.words.text.as_str();
        let mut bytes = Vec::with_capacity(HEAD + text.len() + self.size());
        bytes.extend_from_slice(MAGIC);
        for number in [
            self.shares.width as u32,
            self.fitted,
            self.words.len() as u32,
            self.papers.len() as u32,
            text.len() as u32,
        ] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for word in self.words.iter() {
            bytes.extend_from_slice(&(word.len() as u16).to_le_bytes());
        }
        bytes.extend_from_slice(text.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        for factor in self.shares.factors.iter().chain(&*self.papers.factors) {
            bytes.extend_from_slice(&factor.to_le_bytes());
        }
        let entries = self.shares.entries.iter().chain(&*self.papers.entries);
        bytes.extend(entries.map(|entry| *entry as u8));
        bytes
    }

    /// Reads what [`Latent::to_bytes`] wrote, but for where the papers lie, which is read when it is asked for.
    ///
    /// # Errors
    /// When the bytes are cut off, too long, or cannot have been written so.
    pub fn from_piece(piece: &Piece) -> Result<Latent, Damaged> {
        // Where the papers lie stands last, and is all but all of it.
        let numbers = piece.get(0..HEAD.min(piece.len())).unwrap_or_default();
        let number = |at: usize| {
            let bytes = numbers
                .get(at..at + 4)
                .and_then(|bytes| bytes.first_chunk());
            bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
        };
        // What the words tell, their factors and entries, stands before.
        let (width, words, papers) = (number(4), number(12), number(16));
        let head = HEAD
            .saturating_add(words.saturating_mul(2))
            .saturating_add(number(20))
            .checked_next_multiple_of(4)
            .unwrap_or(usize::MAX);
        let mut parts = Parts { piece, at: 0 };
        let head = parts.take(head)?;
        let factors = parts.take(words.saturating_mul(4))?;
        let paper_factors = parts.take(papers.saturating_mul(4))?;
        let entries = parts.take(words.saturating_mul(width))?;
        let paper_entries = parts.take(papers.saturating_mul(width))?;
        if parts.at != piece.len() {
            let what = "more than was written";
            return Err(Damaged { at: parts.at, what });
        }
        let mut latent = Latent::from_head(head.all())?;
        latent.shares = Vectors {
            width,
            factors: numbers_of(factors)?,
            entries: numbers_of(entries)?,
        };
        latent.papers = Vectors {
            width,
            factors: numbers_of(paper_factors)?,
            entries: numbers_of(paper_entries)?,
        };
        Ok(latent)
    }

    /// Reads the numbers and the words.
    fn from_head(bytes: &[u8]) -> Result<Latent, Damaged> {
        let mut reader = Reader { bytes, at: 0 };
        if reader.take(4)? != MAGIC {
            return Err(Damaged {
                at: 0,
                what: "not this format",
            });
        }
        let width = reader.number()?;
        if width > WIDEST {
            return Err(reader.damaged("too many directions"));
        }
        let fitted = reader.number()?;
        let count = reader.number()?;
        // How many papers follows from what stands after the words.
        reader.number()?;
        let length = reader.number()?;
        let lengths = count.checked_mul(2);
        let lengths = reader.take(lengths.ok_or_else(|| reader.damaged("too many"))?)?;
        let start = reader.at;
        let text = std::str::from_utf8(reader.take(length)?).map_err(|error| Damaged {
            at: start + error.valid_up_to(),
            what: "not a word",
        })?;
        let mut words = Words::default();
        let mut at = 0;
        for chunk in lengths.chunks_exact(2) {
            let length = u16::from_le_bytes(chunk.first_chunk().copied().unwrap_or_default());
            let end = at + usize::from(length);
            match text.get(at..end) {
                Some(word) if words.last().is_none_or(|last| last < word) => words.push(word),
                _ => {
                    return Err(Damaged {
                        at: start + at,
                        what: "words out of order",
                    });
                }
            }
            at = end;
        }
        if at != text.len() {
            return Err(Damaged {
                at: start + at,
                what: "letters of no word",
            });
        }
        Ok(Latent {
            words,
            shares: Vectors::new(width),
            fitted: fitted as u32,
            papers: Vectors::new(width),
        })
    }
}

/// Takes parts from the front of a piece.
struct Parts<'a> {
    piece: &'a Piece,
    at: usize,
}

impl Parts<'_> {
    fn take(&mut self, len: usize) -> Result<Piece, Damaged> {
        let start = self.at;
        let end = start.checked_add(len);
        let part = end.and_then(|end| self.piece.part(start..end));
        let part = part.ok_or(Damaged {
            at: start,
            what: "it ends here",
        })?;
        self.at += len;
        Ok(part)
    }
}

/// Numbers in the order of bytes of this machine.
#[cfg(target_endian = "little")]
fn numbers_of<T: bytemuck::Pod>(piece: Piece) -> Result<Numbers<T>, Damaged> {
    Numbers::kept(piece).map_err(|_| Damaged {
        at: 0,
        what: "no whole number of them",
    })
}

/// There the bytes would have to be turned round; what the papers are about is found anew each time.
#[cfg(target_endian = "big")]
fn numbers_of<T: bytemuck::Pod>(_: Piece) -> Result<Numbers<T>, Damaged> {
    Err(Damaged {
        at: 0,
        what: "of a machine of the other byte order",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small() -> Latent {
        let mut shares = Vectors::new(3);
        let mut papers = Vectors::new(3);
        for vector in [[0.1, -0.5, 0.2], [0.0, 0.0, 0.0]] {
            shares.push(&vector);
            papers.push_unit(&mut vector.map(|entry| entry + 0.1));
        }
        Latent {
            words: ["graph", "tumour"].into_iter().collect(),
            shares,
            fitted: 2,
            papers,
        }
    }

    #[test]
    fn what_was_kept_comes_back() {
        let latent = small();
        assert_eq!(
            Latent::from_piece(&Piece::of(latent.to_bytes())),
            Ok(latent)
        );
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_told() {
        let bytes = small().to_bytes();
        for end in 0..bytes.len() {
            assert!(
                Latent::from_piece(&Piece::of(bytes[..end].to_vec())).is_err(),
                "{end}"
            );
        }
        let mut longer = bytes;
        longer.push(0);
        let told = Latent::from_piece(&Piece::of(longer)).expect_err("longer");
        assert_eq!(told.what, "more than was written");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn altered_bytes_are_told_or_read_and_never_panic(at in 0_usize..200, to in any::<u8>()) {
            let mut bytes = small().to_bytes();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = to;
            }
            if let Ok(latent) = Latent::from_piece(&Piece::of(bytes)) {
                prop_assert_eq!(latent.papers(), 2);
                if let Some(paper) = latent.paper(0) {
                    let cosines = latent.cosines(&paper);
                    prop_assert!(cosines.iter().all(|cosine| cosine.is_finite()));
                }
                prop_assert!(latent.place([("graph", 1.0)].into_iter()).is_none_or(|place| place.len() == 1));
            }
        }
    }
}
