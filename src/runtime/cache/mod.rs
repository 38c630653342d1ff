//! Indexes of libraries in the cache directory, one file a library, shared by the app and the commands.
//!
//! A cache is found by the path of its library and is used when it was made of these very bytes: path, size, both times
//! of the file and a sample of its content are the same. Whatever else is found there, or nothing, has it made anew. It
//! is written beside its name and renamed when complete, so that any number of programs may make and use it at once;
//! and may be deleted at any time. A library that was changed within the last moment is waited for, until a further change
//! could be told from that one.

mod map;
mod pieces;
mod shelf;

use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use foldhash::fast::FixedState;

use super::metrics::make_folder;
use super::place;
use super::source::FileSource;
use super::store::fingerprint;
use crate::core::cache::{Cache, CacheError, Key, Piece, Shelf as _, Stamp};

pub(super) use pieces::KeptPieces;
pub use shelf::FileShelf;

/// Libraries smaller than this, in bytes, are indexed sooner than a cache is opened.
const SMALLEST: u64 = 64 << 10;
/// Caches of so many libraries are kept, those used least lately deleted.
const KEPT: usize = 8;
/// The name of a cache ends so, and of one that is being written.
const EXTENSION: &str = "index";
const PART: &str = "part";
/// The name of a piece of an index that is being made ends so.
const PIECE: &str = "piece";
/// A piece that nobody has come back to for so long is deleted.
const PIECE_KEPT: Duration = Duration::from_hours(7 * 24);
/// File systems, and the clocks of kernels, tell times apart that are so far from each other.
const TICK: Duration = Duration::from_millis(20);
/// How many bytes are sampled at how many places of a library.
const SAMPLES: (u64, usize) = (16, 1024);

/// The folder of the caches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path, which is made when something is kept.
    pub fn at(path: PathBuf) -> Folder {
        Folder(path)
    }

    /// The reader's own: `$XDG_CACHE_HOME/offprint/index`; `None` without a home directory.
    pub fn own() -> Option<Folder> {
        Some(Folder(place::cache_folder()?.join("index")))
    }
}

impl Folder {
    /// A shelf without a name, which goes with the last that uses it; `None` where none can be made.
    pub(super) fn scratch(&self) -> Option<FileShelf> {
        make_folder(&self.0).ok()?;
        FileShelf::nameless(self.0.join("scratch")).ok()
    }

    /// A file without a name, which goes when it is closed; `None` where none can be made.
    pub(super) fn nameless(&self) -> Option<File> {
        self.scratch()?.into_file().ok()
    }
}

/// Where the cache of an open library is.
#[derive(Debug, Clone)]
pub struct CachePlace {
    folder: Folder,
    key: Key,
}

impl CachePlace {
    /// The place for a library; `None` for one that is too small to need a cache, or cannot be looked at.
    pub(super) fn of(folder: &Folder, path: &Path, file: &FileSource) -> Option<CachePlace> {
        if file.len() < SMALLEST {
            return None;
        }
        let metadata = file.metadata();
        let [modified, changed] = stamps(metadata);
        wait_for_tick(changed)?;
        Some(CachePlace {
            folder: folder.clone(),
            key: Key {
                path: fs::canonicalize(path)
                    .ok()?
                    .into_os_string()
                    .into_encoded_bytes(),
                size: file.len(),
                modified,
                changed,
                sampled: sample(file).ok()?,
            },
        })
    }

    fn path(&self, suffix: &str) -> PathBuf {
        let name = Path::new(std::str::from_utf8(&self.key.path).unwrap_or_default());
        let stem: String = name
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '-' {
                    c
                } else {
                    '_'
                }
            })
            .take(40)
            .collect();
        let hash = fingerprint(&[&self.key.path]);
        self.folder
            .0
            .join(format!("{stem}-{hash:016x}{suffix}.{EXTENSION}"))
    }

    /// The cache of this library, if there is a sound one.
    ///
    /// # Errors
    /// Why there is none.
    pub fn open(&self) -> Result<Cache, Unusable> {
        self.open_file("")
    }

    fn open_file(&self, suffix: &str) -> Result<Cache, Unusable> {
        self.open_at(&self.path(suffix))
    }

    fn open_at(&self, path: &Path) -> Result<Cache, Unusable> {
        let cache = open_any(path)?;
        if cache.key() == &self.key {
            Ok(cache)
        } else {
            Err(Unusable::Stale)
        }
    }

    /// The cache of this library as it was, read to its end and sound.
    pub(super) fn open_before(&self) -> Option<Cache> {
        let cache = open_any(&self.path("")).ok()?;
        let is_of_it = cache.key().path == self.key.path;
        (is_of_it && cache.whole().check_all()).then_some(cache)
    }

    /// The place of the library as it was.
    pub(super) fn before(&self, key: &Key) -> CachePlace {
        CachePlace {
            folder: self.folder.clone(),
            key: key.clone(),
        }
    }

    fn piece(&self, number: usize) -> PathBuf {
        self.path("").with_extension(format!("{number}.{PIECE}"))
    }

    /// Deletes the pieces that a complete cache was made of.
    fn forget_pieces(&self) {
        for number in 0.. {
            if fs::remove_file(self.piece(number)).is_err() {
                return;
            }
        }
    }

    /// Begins a new cache; `None` where it cannot be written.
    pub fn begin(&self) -> Option<FileShelf> {
        make_folder(&self.folder.0).ok()?;
        FileShelf::begin(self.path("")).ok()
    }

    /// Completes a cache, unless the library is not as it was when it was opened. That there is no cache costs time,
    /// nothing else.
    pub(super) fn commit(&self, shelf: FileShelf, file: &FileSource) -> bool {
        let is_same = |now: &fs::Metadata| {
            now.len() == self.key.size && stamps(now) == [self.key.modified, self.key.changed]
        };
        if !file.file().metadata().is_ok_and(|now| is_same(&now)) {
            return false;
        }
        let is_kept = shelf.commit(&self.key).is_ok();
        self.forget_pieces();
        sweep(&self.folder.0, &self.path(""));
        is_kept
    }

    /// Forgets the cache, because it is damaged.
    pub fn discard(&self) {
        let _ = fs::remove_file(self.path(""));
    }

    /// Bytes that were kept beside the index of these very papers, under a name of letters and digits: what takes long
    /// to be made of it.
    pub fn section(&self, name: &str) -> Option<Piece> {
        self.open_file(&format!(".{name}")).ok()?.section("beside")
    }

    /// Keeps such bytes.
    ///
    /// # Errors
    /// The system's, when they cannot be written.
    pub fn keep_section(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        make_folder(&self.folder.0)?;
        let mut shelf = FileShelf::begin(self.path(&format!(".{name}")))?;
        shelf.append(bytes);
        shelf.end("beside");
        shelf.commit(&self.key)
    }
}

fn open_any(path: &Path) -> Result<Cache, Unusable> {
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    Ok(Cache::open(&map::map(&file, 0, len as usize)?)?)
}

/// Why there is no cache to use.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The system gives none.
    #[error("there is no cache: {0}")]
    Unreadable(#[from] io::Error),
    /// It is no sound cache.
    #[error(transparent)]
    Unsound(#[from] CacheError),
    /// It is of the library as it was.
    #[error("the library was changed since the cache was made")]
    Stale,
}

fn stamps(metadata: &fs::Metadata) -> [Stamp; 2] {
    [
        Stamp {
            seconds: metadata.mtime(),
            nanoseconds: metadata.mtime_nsec(),
        },
        Stamp {
            seconds: metadata.ctime(),
            nanoseconds: metadata.ctime_nsec(),
        },
    ]
}

/// Waits until a change of a file that was changed at this time cannot get the same time any more; `None` when that
/// time is still to come by the clock of this machine.
fn wait_for_tick(changed: Stamp) -> Option<()> {
    let changed = Duration::new(
        changed.seconds.try_into().ok()?,
        changed.nanoseconds.try_into().ok()?,
    );
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let age = now.ok()?.checked_sub(changed)?;
    if let Some(rest) = TICK.checked_sub(age) {
        std::thread::sleep(rest);
    }
    Some(())
}

/// A hash of bytes from all over a file.
fn sample(file: &FileSource) -> io::Result<u64> {
    let (places, len) = SAMPLES;
    let mut hasher = FixedState::with_seed(5).build_hasher();
    let mut buffer = vec![0; len];
    for place in 0..places {
        let last = file.len().saturating_sub(len as u64);
        let count = file.read_at(&mut buffer, last / (places - 1) * place)?;
        hasher.write(buffer.get(..count).unwrap_or_default());
    }
    Ok(hasher.finish())
}

/// Locks a file for as long as it is open here; whether nobody else has it locked.
fn lock(file: &File) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Deletes what nobody finishes any more, and the caches used least lately when there are many.
fn sweep(folder: &Path, new: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut caches: Vec<(SystemTime, PathBuf)> = Vec::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let is = |extension: &str| path.extension().is_some_and(|found| found == extension);
        if is(PART) {
            if File::open(&path).is_ok_and(|file| lock(&file)) {
                let _ = fs::remove_file(&path);
            }
        } else if is(PIECE) {
            let age = |path: &Path| fs::metadata(path).ok()?.modified().ok()?.elapsed().ok();
            if age(&path).is_some_and(|age| age > PIECE_KEPT) {
                let _ = fs::remove_file(&path);
            }
        } else if is(EXTENSION)
            && path != new
            && let Ok(metadata) = fs::metadata(&path)
        {
            let used = metadata.accessed().ok().max(metadata.modified().ok());
            caches.push((used.unwrap_or(SystemTime::UNIX_EPOCH), path));
        }
    }
    caches.sort();
    let surplus = caches.len().saturating_sub(KEPT - 1);
    for (_, path) in caches.into_iter().take(surplus) {
        let _ = fs::remove_file(path);
    }
}
