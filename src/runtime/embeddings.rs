//! Vectors that a model made of papers, kept in the cache directory in a file for each model: a head, then a record for
//! each paper with its key, the vector, and a checksum.
//!
//! A paper is known by its id and title. Records are only added; one that is damaged or was cut off is left out, and
//! made again when the reader has vectors made.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::metrics::make_folder;
use super::place::cache_folder;
use super::store::fingerprint;
use crate::config::model::ModelSettings;
use crate::core::library::Library;
use crate::core::paper::PaperNo;
use crate::core::semantic::Embedded;

/// What a file of vectors begins with; after it comes the width, four bytes, the lowest first.
const MAGIC: &[u8; 8] = b"OFPVEC1\n";
const HEAD: usize = MAGIC.len() + 4;
/// Wider vectors are of no model.
pub const WIDEST: usize = 8192;

/// The file of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptVectors {
    file: PathBuf,
}

/// A vector as it is kept: a factor, and a whole number for each entry.
fn record(key: u64, vector: &[f32]) -> Vec<u8> {
    let most = vector
        .iter()
        .fold(0.0_f32, |most, entry| most.max(entry.abs()));
    let factor = if most > 0.0 { most / 127.0 } else { 1.0 };
    let mut bytes = key.to_le_bytes().to_vec();
    bytes.extend(factor.to_le_bytes());
    bytes.extend(
        vector
            .iter()
            .map(|entry| (entry / factor).round() as i8 as u8),
    );
    let sum = crc32fast::hash(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

fn parsed(record: &[u8]) -> Option<(u64, Vec<f32>)> {
    let (body, sum) = record.split_last_chunk::<4>()?;
    if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
        return None;
    }
    let (key, rest) = body.split_first_chunk::<8>()?;
    let (factor, entries) = rest.split_first_chunk::<4>()?;
    let factor = f32::from_le_bytes(*factor);
    let vector = entries.iter().map(|entry| f32::from(*entry as i8) * factor);
    Some((u64::from_le_bytes(*key), vector.collect()))
}

/// By what a paper is known.
fn key_of(library: &Library, no: PaperNo) -> u64 {
    fingerprint(&[library.id(no).as_bytes(), library.title(no).as_bytes()])
}

impl KeptVectors {
    /// Those of the model that the settings name for vectors; `None` where they name none.
    pub fn of(model: &ModelSettings) -> Option<KeptVectors> {
        let name = model.embeddings.as_deref()?;
        let file = fingerprint(&[model.url.as_bytes(), name.as_bytes()]);
        let folder = cache_folder()?.join("embeddings");
        Some(KeptVectors::at(folder.join(format!("{file:016x}.vectors"))))
    }

    /// In this file.
    pub fn at(file: PathBuf) -> KeptVectors {
        KeptVectors { file }
    }

    /// Width of the vectors, and the bytes of whole records.
    fn read(&self) -> Option<(usize, Vec<u8>)> {
        let bytes = fs::read(&self.file).ok()?;
        let (magic, rest) = bytes.split_first_chunk::<8>()?;
        let (width, records) = rest.split_first_chunk::<4>()?;
        let width = u32::from_le_bytes(*width) as usize;
        (magic == MAGIC && (1..=WIDEST).contains(&width)).then(|| (width, records.to_vec()))
    }

    /// The vectors of the papers of a library; `None` where none of them has one.
    pub fn load(&self, library: &Library) -> Option<Embedded> {
        let (width, records) = self.read()?;
        let papers: HashMap<u64, PaperNo> = (library.numbers())
            .map(|no| (key_of(library, no), no))
            .collect();
        let mut embedded = Embedded::new(library.len(), width);
        for record in records.chunks_exact(size(width)) {
            if let Some((key, vector)) = parsed(record)
                && let Some(no) = papers.get(&key)
            {
                embedded.put(no.index(), vector);
            }
        }
        (!embedded.is_empty()).then_some(embedded)
    }

    /// The papers of a library that have no vector yet.
    pub fn missing(&self, library: &Library) -> Vec<PaperNo> {
        let (width, records) = self.read().unwrap_or_default();
        let known: HashSet<u64> = match width {
            0 => HashSet::new(),
            _ => (records.chunks_exact(size(width)))
                .filter_map(|record| parsed(record).map(|(key, _)| key))
                .collect(),
        };
        let numbers = library.numbers();
        numbers
            .filter(|no| !known.contains(&key_of(library, *no)))
            .collect()
    }

    /// Adds vectors of papers. Where those that are kept have another width, as of a model that was replaced under its
    /// name, they are dropped.
    ///
    /// # Errors
    /// The system's, when the file cannot be written.
    pub fn add(&self, library: &Library, vectors: &[(PaperNo, Vec<f32>)]) -> io::Result<()> {
        let Some(width) = vectors.first().map(|(_, vector)| vector.len()) else {
            return Ok(());
        };
        let kept = self.read().filter(|(kept, _)| *kept == width);
        let whole = kept
            .as_ref()
            .map(|(_, records)| records.len() / size(width) * size(width));
        let mut file = self.open(whole.map(|whole| HEAD + whole))?;
        let mut bytes = Vec::new();
        if whole.is_none() {
            bytes.extend(MAGIC);
            bytes.extend((width as u32).to_le_bytes());
        }
        for (no, vector) in vectors.iter().filter(|(_, vector)| vector.len() == width) {
            bytes.extend(record(key_of(library, *no), vector));
        }
        file.write_all(&bytes)
    }

    /// The file, open at its end; cut to so many bytes, which ends a record that was cut off, or emptied.
    fn open(&self, length: Option<usize>) -> io::Result<File> {
        make_folder(self.file.parent().unwrap_or(Path::new("")))?;
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.file)?;
        file.set_len(length.unwrap_or_default() as u64)?;
        Ok(file)
    }
}

fn size(width: usize) -> usize {
    8 + 4 + width + 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::library::Builder;

    fn library() -> Library {
        let mut builder = Builder::new();
        let items =
            br#"[{"id":"a","title":"One"},{"id":"b","title":"Two"},{"id":"c","title":"Three"}]"#;
        let mut library = Library::default();
        let mut segments = builder.feed(items).unwrap();
        segments.extend(builder.finish().unwrap());
        for segment in segments {
            library.push(segment);
        }
        library
    }

    #[test]
    fn vectors_are_found_again_and_what_is_damaged_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptVectors::at(folder.path().join("deep/x.vectors"));
        let library = library();
        assert!(kept.load(&library).is_none());
        assert_eq!(kept.missing(&library).len(), 3);
        kept.add(&library, &[(PaperNo(0), vec![1.0, 0.0])]).unwrap();
        kept.add(&library, &[(PaperNo(2), vec![0.5, 0.5])]).unwrap();
        assert_eq!(kept.missing(&library), [PaperNo(1)]);
        let cosines = kept.load(&library).unwrap().cosines(0).unwrap();
        assert!((cosines[2].unwrap() - 0.707).abs() < 0.02 && cosines[1].is_none());
        // A flipped byte in the first record, and an end that was cut off.
        let mut bytes = fs::read(&kept.file).unwrap();
        bytes[HEAD + 9] ^= 1;
        bytes.extend([1, 2, 3]);
        fs::write(&kept.file, &bytes).unwrap();
        assert_eq!(kept.missing(&library), [PaperNo(0), PaperNo(1)]);
        kept.add(&library, &[(PaperNo(0), vec![1.0, 0.0])]).unwrap();
        assert_eq!(kept.missing(&library), [PaperNo(1)]);
    }

    #[test]
    fn vectors_of_another_width_take_the_place_of_all() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptVectors::at(folder.path().join("x.vectors"));
        let library = library();
        kept.add(&library, &[(PaperNo(0), vec![1.0, 0.0])]).unwrap();
        kept.add(&library, &[(PaperNo(1), vec![1.0, 0.0, 0.0])])
            .unwrap();
        assert_eq!(kept.missing(&library), [PaperNo(0), PaperNo(2)]);
        fs::write(&kept.file, b"something else").unwrap();
        assert!(kept.load(&library).is_none());
        assert_eq!(kept.missing(&library).len(), 3);
    }
}
