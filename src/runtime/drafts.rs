//! Drafts of comments on the disk, so that neither the end of the program nor a power cut takes what was written and
//! not saved.
//!
//! Each draft is a file of its own in a folder of its library, under the state directory; only this user can read it.
//! Two running instances write different files, and neither removes a text of the other's that it has not seen.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::store::disk::check_size_limit;

use super::place::Place;
use super::store::{Directories, Location, fingerprint};
use crate::app::drafts::{Draft, DraftKey};

/// A draft that is longer, in bytes, was not written by this program.
const LONGEST: u64 = 8 << 20;

/// What becomes known of drafts.
#[derive(Debug)]
pub enum DraftMessage {
    /// Those that earlier sessions left.
    Found(Vec<Draft>),
    /// One could not be kept, for this reason.
    NotKept(String),
}

enum Order {
    Keep(Draft),
    Answer(Sender<bool>),
}

/// The thread that keeps drafts.
#[derive(Debug)]
pub struct Drafts {
    orders: Sender<Order>,
}

impl Drafts {
    /// Starts the thread for a library; `deliver` is called on it, at first with the drafts found.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        place: &Place,
        deliver: impl Fn(DraftMessage) + Send + 'static,
    ) -> io::Result<Drafts> {
        let place = place.clone();
        let (orders, receiver) = channel();
        thread::Builder::new()
            .name("drafts".to_owned())
            .spawn(move || run(folder_of(&place), &receiver, &deliver))?;
        Ok(Drafts { orders })
    }

    /// Keeps a draft, in place of the one before of the same comment; drops it when it is empty. Returns at once.
    pub fn keep(&self, draft: Draft) {
        // Without the thread there is nothing that could keep it.
        let _ = self.orders.send(Order::Keep(draft));
    }

    /// Waits until everything is kept. Returns whether it is.
    pub fn flush(&self, limit: Duration) -> bool {
        let (sender, answer) = channel();
        self.orders.send(Order::Answer(sender)).is_ok()
            && answer.recv_timeout(limit).unwrap_or(false)
    }
}

fn folder_of(place: &Place) -> Option<PathBuf> {
    let directories = Directories::from_process();
    let location = match place {
        Place::File(path) => Location::of_library(path, &directories).ok()?,
        Place::Example => Location::of_example(&directories)?,
    };
    let name = fingerprint(&[location.folder.as_os_str().as_encoded_bytes()]);
    let folder = directories.state?.join("drafts");
    Some(folder.join(format!("{name:016x}")))
}

fn run(
    folder: Option<PathBuf>,
    orders: &Receiver<Order>,
    deliver: &(impl Fn(DraftMessage) + Send + 'static),
) {
    let mut shelf = Shelf::open(folder);
    deliver(DraftMessage::Found(shelf.drafts()));
    let mut is_kept = true;
    while let Ok(first) = orders.recv() {
        // Of several drafts of one comment that wait, the newest alone is written.
        let mut newest: BTreeMap<DraftKey, Draft> = BTreeMap::new();
        let mut asked = Vec::new();
        for order in std::iter::once(first).chain(orders.try_iter()) {
            match order {
                Order::Keep(draft) => {
                    newest.insert(draft.key.clone(), draft);
                }
                Order::Answer(sender) => asked.push(sender),
            }
        }
        for draft in newest.into_values() {
            let kept = shelf.keep(&draft);
            if let Err(error) = &kept {
                deliver(DraftMessage::NotKept(error.to_string()));
            }
            is_kept = kept.is_ok();
        }
        for sender in asked {
            // Who no longer waits need not know.
            let _ = sender.send(is_kept);
        }
    }
}

/// The files of a library's drafts.
struct Shelf {
    folder: Option<PathBuf>,
    /// What this instance wrote.
    own: BTreeMap<DraftKey, PathBuf>,
    /// What earlier ones left and this one has taken up: the file and its content.
    found: BTreeMap<DraftKey, (PathBuf, Vec<u8>)>,
}

impl Shelf {
    fn open(folder: Option<PathBuf>) -> Shelf {
        let mut newest: BTreeMap<DraftKey, (SystemTime, PathBuf, Vec<u8>)> = BTreeMap::new();
        let entries = folder
            .as_deref()
            .and_then(|folder| fs::read_dir(folder).ok());
        for entry in entries.into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let Ok(data) = entry.metadata() else { continue };
            if !data.is_file() || data.len() > LONGEST {
                continue;
            }
            let Ok(bytes) = fs::read(&path) else { continue };
            let Some(draft) = parse(&bytes) else { continue };
            let at = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            // An older draft of the same comment stays on the disk, to be found when this one is done.
            if newest.get(&draft.key).is_none_or(|(other, ..)| *other < at) {
                newest.insert(draft.key, (at, path, bytes));
            }
        }
        let found = newest.into_iter();
        Shelf {
            folder,
            own: BTreeMap::new(),
            found: found
                .map(|(key, (_, path, bytes))| (key, (path, bytes)))
                .collect(),
        }
    }

    fn drafts(&self) -> Vec<Draft> {
        let found = self.found.values();
        found.filter_map(|(_, bytes)| parse(bytes)).collect()
    }

    fn keep(&mut self, draft: &Draft) -> io::Result<()> {
        let Draft { key, text, saved } = draft;
        if !text.is_empty() {
            let folder = self
                .folder
                .as_deref()
                .ok_or_else(|| io::Error::other("there is no state folder; set HOME"))?;
            let path = match self.own.get(key) {
                Some(path) => path.clone(),
                None => free_path(folder, key)?,
            };
            let mut bytes = serde_json::to_vec(&json!({
                "paper": key.paper, "comment": key.comment, "text": text, "saved": saved,
            }))?;
            bytes.push(b'\n');
            replace(folder, &path, &bytes)?;
            self.own.insert(key.clone(), path);
        } else if let Some(path) = self.own.remove(key) {
            remove(&path)?;
        }
        // What was found is in what is kept now, or was saved or given up; another instance may have gone on with it.
        if let Some((path, bytes)) = self.found.remove(key)
            && fs::read(&path).is_ok_and(|now| now == bytes)
        {
            remove(&path)?;
        }
        Ok(())
    }
}

fn parse(bytes: &[u8]) -> Option<Draft> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let text = value.get("text")?.as_str()?.to_owned();
    let saved = value
        .get("saved")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let key = DraftKey {
        paper: value.get("paper")?.as_str()?.to_owned(),
        comment: value
            .get("comment")
            .and_then(Value::as_str)
            .map(str::to_owned),
    };
    Some(Draft { key, text, saved })
}

/// A name that no file has yet.
fn free_path(folder: &Path, key: &DraftKey) -> io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let comment = key.comment.as_deref().unwrap_or_default();
    let hash = fingerprint(&[key.paper.as_bytes(), comment.as_bytes()]);
    let process = std::process::id();
    (0..1000)
        .map(|number| folder.join(format!("{hash:016x}-{process}-{number}.json")))
        .find(|path| !path.exists())
        .ok_or_else(|| io::ErrorKind::AlreadyExists.into())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a file so that it is the old one or the new one, whatever happens.
pub(super) fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    check_size_limit(bytes.len() as u64)?;
    let beside = path.with_extension("tmp");
    remove(&beside)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written.and_then(|()| fs::rename(&beside, path)) {
        // Half a draft is of no use to anybody.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str) -> Draft {
        let key = DraftKey {
            paper: "a".to_owned(),
            comment: Some("c".to_owned()),
        };
        Draft {
            key,
            text: text.to_owned(),
            saved: "before".to_owned(),
        }
    }

    fn texts(folder: &Path) -> Vec<String> {
        let shelf = Shelf::open(Some(folder.to_owned()));
        shelf.drafts().into_iter().map(|draft| draft.text).collect()
    }

    #[test]
    fn a_draft_is_found_by_the_next_session_until_it_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("deep/er");
        Shelf::open(Some(folder.clone()))
            .keep(&draft("one\n\u{1b}"))
            .unwrap();
        assert_eq!(
            Shelf::open(Some(folder.clone())).drafts(),
            [draft("one\n\u{1b}")]
        );
        let mut next = Shelf::open(Some(folder.clone()));
        next.keep(&draft("two")).unwrap();
        assert_eq!(texts(&folder), ["two"]);
        next.keep(&draft("")).unwrap();
        assert_eq!(texts(&folder), Vec::<String>::new());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn two_instances_lose_no_text_of_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = Shelf::open(Some(folder.path().to_owned()));
        first.keep(&draft("first")).unwrap();
        let mut second = Shelf::open(Some(folder.path().to_owned()));
        first.keep(&draft("first, longer")).unwrap();
        // The second took up "first" and is done with it; it has not seen what came after.
        second.keep(&draft("")).unwrap();
        assert_eq!(texts(folder.path()), ["first, longer"]);
    }

    #[test]
    fn broken_files_are_no_drafts() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x.json"), "{\"paper\":\"a\"").unwrap();
        fs::create_dir(folder.path().join("y.json")).unwrap();
        assert_eq!(texts(folder.path()), Vec::<String>::new());
    }

    #[test]
    fn without_a_folder_a_draft_is_not_called_kept() {
        assert!(Shelf::open(None).keep(&draft("x")).is_err());
        assert!(Shelf::open(None).keep(&draft("")).is_ok());
    }
}
