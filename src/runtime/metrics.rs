//! Fetched figures in the cache directory: one file for each identifier of a paper.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::place;
use crate::core::services::{MetricsSource, NoMetrics, StoredMetrics};

/// The folder of the keys of retracted papers.
const RETRACTED: &str = "retracted";
/// A larger file, in bytes, holds no figures.
const LARGEST: u64 = 1 << 20;

/// The folder of fetched figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsFolder {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// The identifier, since names of files are shortened.
    key: String,
    stored: StoredMetrics,
}

impl MetricsFolder {
    /// The folder at a path, which is made when something is kept.
    pub fn at(folder: PathBuf) -> MetricsFolder {
        MetricsFolder { folder }
    }

    /// The reader's own: `$XDG_CACHE_HOME/offprint/metrics`; `None` without a home directory.
    pub fn own() -> Option<MetricsFolder> {
        Some(MetricsFolder::at(place::cache_folder()?.join("metrics")))
    }

    /// Keeps figures under all identifiers of a paper.
    ///
    /// # Errors
    /// The system's, when they cannot be written.
    pub fn save(&self, keys: &[String], stored: &StoredMetrics) -> io::Result<()> {
        make_folder(&self.folder)?;
        for key in keys {
            let entry = Entry {
                key: key.clone(),
                stored: stored.clone(),
            };
            let bytes = serde_json::to_vec(&entry).map_err(io::Error::other)?;
            write_whole(&self.path(key), &bytes)?;
            self.list_retracted(key, stored.metrics.retraction().is_some())?;
        }
        Ok(())
    }

    /// Retracted papers are listed apart, so that nobody has to look through all figures for them.
    fn list_retracted(&self, key: &str, is_retracted: bool) -> io::Result<()> {
        let folder = self.folder.join(RETRACTED);
        let path = folder.join(file_stem(key));
        if is_retracted {
            make_folder(&folder)?;
            return write_whole(&path, key.as_bytes());
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{}.json", file_stem(key)))
    }
}

impl MetricsSource for MetricsFolder {
    fn find(&self, keys: &[String]) -> Option<StoredMetrics> {
        keys.iter().find_map(|key| {
            let bytes = read_whole(&self.path(key), LARGEST)?;
            let entry: Entry = serde_json::from_slice(&bytes).ok()?;
            (entry.key == *key).then_some(entry.stored)
        })
    }

    fn retracted(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.folder.join(RETRACTED));
        entries
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().extension().is_none_or(|end| end != "new"))
            .filter_map(|entry| String::from_utf8(read_whole(&entry.path(), 4096)?).ok())
            .collect()
    }
}

/// Where figures are read from.
pub fn source() -> std::sync::Arc<dyn MetricsSource> {
    match MetricsFolder::own() {
        Some(folder) => std::sync::Arc::new(folder),
        None => std::sync::Arc::new(NoMetrics),
    }
}

/// A name for a file that says what is in it, and differs where the text differs.
pub(super) fn file_stem(text: &str) -> String {
    let readable: String = text
        .chars()
        .take(60)
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') {
                c
            } else {
                '_'
            }
        })
        .collect();
    format!("{readable}-{:08x}", crc32fast::hash(text.as_bytes()))
}

pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a file so that others see the old one or the whole new one.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{number}.new", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is left is a file of the cache that nobody reads.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// The bytes of a regular file, if it is no larger than `largest`.
pub(super) fn read_whole(path: &Path, largest: u64) -> Option<Vec<u8>> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(largest + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= largest).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::services::metrics::{Notice, NoticeKind};
    use crate::core::services::{Metrics, Service};

    #[test]
    fn figures_are_found_under_every_identifier() {
        let folder = tempfile::tempdir().unwrap();
        let metrics = MetricsFolder::at(folder.path().join("metrics"));
        let keys = ["doi:10.1/a".to_owned(), "pmid:12".to_owned()];
        let stored = StoredMetrics {
            fetched: 7,
            metrics: Metrics {
                references: Some(3),
                field_weighted: Some(0.75),
                by_year: vec![(2020, 1)],
                ..Metrics::default()
            },
            asked: Vec::new(),
        };
        assert_eq!(metrics.find(&keys), None);
        assert!(metrics.retracted().is_empty());
        metrics.save(&keys, &stored).unwrap();
        assert_eq!(metrics.find(&keys[1..]), Some(stored.clone()));
        assert_eq!(
            metrics.find(&["pmid:13".to_owned(), "doi:10.1/a".to_owned()]),
            Some(stored)
        );
    }

    #[test]
    fn retracted_papers_are_listed_as_long_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let metrics = MetricsFolder::at(folder.path().to_owned());
        let keys = ["doi:10.1/a".to_owned(), "pmid:12".to_owned()];
        let mut stored = StoredMetrics {
            fetched: 7,
            metrics: Metrics::default(),
            asked: Vec::new(),
        };
        stored.metrics.notices = vec![Notice {
            kind: NoticeKind::Retracted,
            doi: None,
            date: None,
            source: Service::Crossref,
        }];
        metrics.save(&keys, &stored).unwrap();
        assert_eq!(metrics.retracted(), BTreeSet::from(keys.clone()));
        stored.metrics.notices.clear();
        metrics.save(&keys, &stored).unwrap();
        assert!(metrics.retracted().is_empty());
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let metrics = MetricsFolder::at(folder.path().to_owned());
        let key = "doi:10.1/a".to_owned();
        fs::write(metrics.path(&key), b"{\"key\": \"doi:10.1/a\", \"sto").unwrap();
        assert_eq!(metrics.find(&[key]), None);
    }
}
