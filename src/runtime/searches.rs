//! What was searched for, in a file of the state directory: one search a line, the newest last. Several instances add
//! to it; only this user can read it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use super::store::Directories;
use super::store::disk::check_size_limit;
use crate::app::remembering::MOST_SEARCHES;
use crate::core::text::scrub;

/// A longer file is written anew with its newest lines.
const LONGEST: u64 = 256 << 10;
/// Longer lines were not searched for.
const LONGEST_LINE: usize = 4096;

/// The thread that reads and adds.
#[derive(Debug)]
pub(super) struct Searches {
    adding: Sender<String>,
    thread: JoinHandle<()>,
}

impl Searches {
    /// Starts the thread; `deliver` is called on it once, with what was searched for before, the newest first.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(
        deliver: impl FnOnce(Vec<String>) + Send + 'static,
    ) -> io::Result<Searches> {
        let file = Directories::from_process()
            .state
            .map(|state| state.join("searches"));
        let (adding, added) = channel::<String>();
        let thread = thread::Builder::new()
            .name("searches".to_owned())
            .spawn(move || {
                let Some(file) = file else { return };
                deliver(read(&file));
                for search in added {
                    // A search that is not kept is no loss that is worth a word.
                    let _ = add(&file, &search);
                }
            })?;
        Ok(Searches { adding, thread })
    }

    /// Keeps a search. Returns at once.
    pub(super) fn add(&self, search: String) {
        let _ = self.adding.send(search);
    }

    /// Waits until everything is kept.
    pub(super) fn finish(self) {
        drop(self.adding);
        let _ = self.thread.join();
    }
}

/// The searches of a file, the newest first, each once; none where it cannot be read.
fn read(file: &Path) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in tail(file).unwrap_or_default().lines().rev() {
        let line = scrub(line.trim(), false);
        if !line.is_empty() && line.len() <= LONGEST_LINE && !found.contains(&line) {
            found.push(line);
        }
        if found.len() == MOST_SEARCHES {
            break;
        }
    }
    found
}

/// The end of a file, whole lines only.
fn tail(file: &Path) -> io::Result<String> {
    let mut file = File::open(file)?;
    let data = file.metadata()?;
    if !data.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let from = data.len().saturating_sub(LONGEST);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let whole = if from == 0 {
        text.as_ref()
    } else {
        text.split_once('\n').map_or("", |(_, whole)| whole)
    };
    Ok(whole.to_owned())
}

fn add(file: &Path, search: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    if fs::metadata(file).is_ok_and(|data| data.len() > LONGEST) {
        shorten(file)?;
    }
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)?;
    // One write, so that the lines of two instances do not mix.
    let line = format!("{}\n", search.replace(['\n', '\r'], " "));
    check_size_limit(file.metadata()?.len() + line.len() as u64)?;
    file.write_all(line.as_bytes())
}

/// Writes the file anew, without what is old.
fn shorten(file: &Path) -> io::Result<()> {
    let mut searches = read(file);
    searches.reverse();
    let beside: PathBuf = file.with_extension(format!("{}.tmp", std::process::id()));
    let mut text = searches.join("\n");
    text.push('\n');
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut new| new.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&beside, file));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_search_comes_first_and_each_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/searches");
        assert!(read(&file).is_empty());
        for search in ["one", "two", "one", "a\nb"] {
            add(&file, search).unwrap();
        }
        assert_eq!(read(&file), ["a b", "one", "two"]);
    }

    #[test]
    fn what_others_wrote_into_the_file_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("searches");
        fs::write(&file, b"ok\n\x1b]52;c;x\x07\n\n\xff\xfe\n").unwrap();
        let found = read(&file);
        assert!(
            found
                .iter()
                .all(|search| !search.contains(['\u{1b}', '\u{7}']))
        );
        assert!(found.contains(&"ok".to_owned()));
        assert!(read(folder.path()).is_empty(), "a folder is no file");
    }

    #[test]
    fn a_long_file_loses_what_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("searches");
        let many: Vec<String> = (0..60_000).map(|at| format!("search {at}\n")).collect();
        fs::write(&file, many.concat()).unwrap();
        add(&file, "new").unwrap();
        assert!(fs::metadata(&file).unwrap().len() < LONGEST);
        let found = read(&file);
        assert_eq!(found.len(), MOST_SEARCHES);
        assert_eq!(found[..2], ["new", "search 59999"]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
