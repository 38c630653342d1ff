//! Answers about items, kept in files: the address, the time, and the bytes as they came.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use crate::runtime::metrics::{file_stem, make_folder, read_whole, write_whole};

/// Answers and the addresses that they are of.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    keep: Duration,
    largest: u64,
    swept: Once,
}

impl Cache {
    pub(super) fn new(folder: PathBuf, keep: Duration, largest: u64) -> Cache {
        Cache {
            folder,
            keep,
            largest,
            swept: Once::new(),
        }
    }

    fn path(&self, url: &str) -> PathBuf {
        let bare = url.split_once("://").map_or(url, |(_, bare)| bare);
        self.folder.join(format!("{}.answer", file_stem(bare)))
    }

    /// The answer of an address, and when it came, in ms since 1970.
    pub(super) fn find(&self, url: &str, now: u64) -> Option<(Vec<u8>, u64)> {
        let mut bytes = read_whole(&self.path(url), self.largest + 8192)?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let (at, rest) = head.split_once(' ')?;
        let (sum, of) = rest.split_once(' ')?;
        let sum = sum.to_owned();
        let at: u64 = at.parse().ok()?;
        // One from the future is of a wrong clock.
        let is_fresh = at <= now && now - at < self.keep.as_millis() as u64;
        if !is_fresh || of != url {
            return None;
        }
        let body = bytes.split_off(end + 1);
        (sum == format!("{:08x}", crc32fast::hash(&body))).then_some((body, at))
    }

    /// Keeps an answer. That it cannot be kept costs another question, nothing else.
    pub(super) fn keep(&self, url: &str, now: u64, body: &[u8]) {
        if make_folder(&self.folder).is_err() {
            return;
        }
        self.swept.call_once(|| sweep(&self.folder, self.keep));
        let mut bytes = format!("{now} {:08x} {url}\n", crc32fast::hash(body)).into_bytes();
        bytes.extend_from_slice(body);
        let _ = write_whole(&self.path(url), &bytes);
    }
}

/// Removes what is too old to be used.
fn sweep(folder: &Path, keep: Duration) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_ours = path
            .extension()
            .is_some_and(|extension| extension == "answer" || extension == "new");
        let age = entry
            .metadata()
            .ok()
            .and_then(|metadata| metadata.modified().ok()?.elapsed().ok());
        if is_ours && age.is_some_and(|age| age > keep) {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_its_time_and_only_whole() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("a"), Duration::from_secs(10), 1000);
        let url = "https://api.example.org/works/10.1/a";
        assert_eq!(cache.find(url, 5000), None);
        cache.keep(url, 5000, b"{\"a\":\n1}");
        assert_eq!(cache.find(url, 6000), Some((b"{\"a\":\n1}".to_vec(), 5000)));
        assert_eq!(cache.find(url, 15_000), None, "too old");
        assert_eq!(cache.find(url, 4000), None, "from the future");
        let path = cache.path(url);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(cache.find(url, 6000), None, "torn");
    }
}
