//! The few calls to the system on which durability rests.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::io::Errno;

/// Larger journals are not read: 256 MiB are a million changes and more.
const MAX_JOURNAL: u64 = 256 << 20;

/// What tells whether a file is still as it was: device, inode, length, time of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) struct Facts {
    device: u64,
    inode: u64,
    /// In bytes.
    pub(super) length: u64,
    modified: (i64, i64),
    /// Bytes the file system holds for the file, those reserved beyond its end included.
    pub(super) allocated: u64,
}

impl Facts {
    pub(in crate::runtime) fn of(metadata: &Metadata) -> Facts {
        Facts {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            allocated: metadata.blocks().saturating_mul(512),
        }
    }

    /// Facts of the regular file at a path; `None` when there is none.
    pub(in crate::runtime) fn at(path: &Path) -> io::Result<Option<Facts>> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => Ok(Some(Facts::of(&metadata))),
            Ok(_) => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file",
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn is_same_file(&self, other: &Facts) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }

    /// Nothing was written in between.
    pub(in crate::runtime) fn is_unchanged(&self, other: &Facts) -> bool {
        self.is_same_file(other) && (self.length, self.modified) == (other.length, other.modified)
    }
}

/// Opens for reading and writing; a new file is for its owner alone.
pub(super) fn open_journal(path: &Path, create: bool, append: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).create(create).mode(0o600);
    if append {
        options.append(true);
    } else {
        options.write(true);
    }
    options.open(path)
}

/// Reads a regular file from an offset to its end. Never waits, as opening a pipe would.
pub(super) fn read_from(path: &Path, offset: u64) -> io::Result<(Vec<u8>, Facts)> {
    let nonblocking = rustix::fs::OFlags::NONBLOCK.bits();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(nonblocking.cast_signed())
        .open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    if metadata.len() > MAX_JOURNAL {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "larger than 256 MiB, not read",
        ));
    }
    let mut bytes = Vec::with_capacity(metadata.len().saturating_sub(offset) as usize);
    let mut from = At {
        file: &file,
        offset,
    };
    from.by_ref()
        .take(MAX_JOURNAL.saturating_sub(offset))
        .read_to_end(&mut bytes)?;
    Ok((bytes, Facts::of(&metadata)))
}

/// The names in a folder, in no order.
///
/// The standard library's `read_dir` panics when the folder cannot be closed, as on a disk that fails.
pub(in crate::runtime) fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    use rustix::fs::{Dir, Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let opened = rustix::io::retry_on_intr(|| open(folder, flags, Mode::empty()))?;
    let mut names = Vec::new();
    for entry in Dir::new(opened)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            names.push(OsStr::from_bytes(name).to_owned());
        }
    }
    Ok(names)
}

struct At<'a> {
    file: &'a File,
    offset: u64,
}

impl io::Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.offset)?;
        self.offset += count as u64;
        Ok(count)
    }
}

/// Refuses what would go beyond the limit on the size of files, which otherwise ends the process by a signal.
pub(in crate::runtime) fn check_size_limit(length: u64) -> io::Result<()> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
    if limit.is_some_and(|limit| length > limit) {
        return Err(Errno::FBIG.into());
    }
    Ok(())
}

/// Reserves space beyond the end of a file, as much as there is of it, and returns up to where.
pub(super) fn reserve(file: &File, length: u64, wanted: u64) -> u64 {
    let mut size = wanted;
    // What is left on a disk that is nearly full is worth reserving too.
    while size >= 4096 && check_size_limit(length + size).is_ok() {
        match allocate(file, length, size) {
            Ok(()) => return length + size,
            Err(Errno::NOSPC | Errno::DQUOT) => size /= 4,
            Err(_) => break,
        }
    }
    length
}

#[cfg(target_os = "linux")]
fn allocate(file: &File, offset: u64, length: u64) -> Result<(), Errno> {
    rustix::io::retry_on_intr(|| {
        rustix::fs::fallocate(file, rustix::fs::FallocateFlags::KEEP_SIZE, offset, length)
    })
}

#[cfg(not(target_os = "linux"))]
fn allocate(_: &File, _: u64, _: u64) -> Result<(), Errno> {
    Err(Errno::NOTSUP)
}

/// `fdatasync`. A file system that does not know the call is no error; every other failure is.
pub(in crate::runtime) fn sync(file: &File) -> io::Result<()> {
    supported(file.sync_data())
}

/// Makes the names in a folder durable.
pub(in crate::runtime) fn sync_folder(folder: &Path) -> io::Result<()> {
    supported(File::open(folder)?.sync_all())
}

fn supported(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error)
            if matches!(
                Errno::from_io_error(&error),
                Some(Errno::INVAL | Errno::NOTSUP)
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Makes the folder of the journals for its owner alone, and the folders above it that are missing, durably; its own
/// name becomes durable with the first line of a journal.
pub(in crate::runtime) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(Path::new("/"));
    let mut builder = fs::DirBuilder::new();
    builder.mode(0o700);
    let created = match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !parent.is_dir() => {
            create_folder(parent)?;
            sync_folder(parent.parent().unwrap_or(Path::new("/")))?;
            builder.create(folder)
        }
        created => created,
    };
    match created {
        // Another instance was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        created => created,
    }
}

/// Tells git how to merge journals and what to leave out. Written once; whoever changes the files keeps the change.
pub(in crate::runtime) fn write_git_files(folder: &Path) {
    for (name, text) in [
        (".gitattributes", "*.jsonl merge=union -text\n"),
        (".gitignore", "lock\n*.lock\n*.tmp\n"),
    ] {
        let mut options = OpenOptions::new();
        let created = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.join(name));
        // They are a convenience: no change is refused for want of them.
        if let Ok(file) = created {
            let written = file
                .write_all_at(text.as_bytes(), 0)
                .and_then(|()| sync(&file));
            if written.is_err() {
                let _ = fs::remove_file(folder.join(name));
            }
        }
    }
}
