//! One file in the place of another, whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::WriteFault;
use crate::runtime::source::FileSource;
use crate::runtime::store::disk::{self, Facts};

/// Longest name that the common file systems take, in bytes.
const MAX_NAME: usize = 255;

/// The file that is to be replaced.
pub(super) struct Target<'a> {
    pub(super) path: &'a Path,
    /// Another folder for a copy.
    pub(super) spare: &'a Path,
    /// As it was when it was looked through.
    pub(super) source: &'a FileSource,
    pub(super) facts: &'a Facts,
}

type Write<'a> = &'a dyn Fn(&File) -> io::Result<()>;
type Check<'a> = &'a dyn Fn(&FileSource) -> Result<(), WriteFault>;

/// Replaces the target by what `write` writes, once `check` has found it good.
///
/// # Errors
/// The target is then as it was; where it was written in place and that failed, its copy is named.
pub(super) fn replace(
    target: &Target<'_>,
    write: Write<'_>,
    check: Check<'_>,
) -> Result<(), WriteFault> {
    if target.source.metadata().nlink() > 1 {
        return in_place(target, write, check);
    }
    match by_rename(target, write, check) {
        Err(Failed::CannotReplace) => in_place(target, write, check),
        Err(Failed::Fault(fault)) => Err(fault),
        Ok(()) => Ok(()),
    }
}

enum Failed {
    /// No file can be put in its place that is as it was in everything but its content.
    CannotReplace,
    Fault(WriteFault),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Failed {
        Failed::Fault(error.into())
    }
}

fn by_rename(target: &Target<'_>, write: Write<'_>, check: Check<'_>) -> Result<(), Failed> {
    let folder = target.path.parent().unwrap_or(Path::new("/"));
    let temporary = beside(target.path, b".tmp");
    let file = match create(&temporary) {
        Ok(file) => file,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            return Err(Failed::CannotReplace);
        }
        Err(error) => return Err(error.into()),
    };
    let replaced = (|| {
        if !take_over(target.source, &file) {
            return Err(Failed::CannotReplace);
        }
        write(&file)?;
        disk::sync(&file)?;
        let written = FileSource::open(&temporary)
            .map_err(|error| Failed::Fault(WriteFault::Broken(error)))?;
        check(&written).map_err(Failed::Fault)?;
        compare(target).map_err(Failed::Fault)?;
        match fs::rename(&temporary, target.path) {
            Ok(()) => Ok(disk::sync_folder(folder)?),
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                Err(Failed::CannotReplace)
            }
            Err(error) => Err(error.into()),
        }
    })();
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    replaced
}

/// The file is still the one that was looked through.
fn compare(target: &Target<'_>) -> Result<(), WriteFault> {
    let now = Facts::at(target.path)?;
    if now.is_some_and(|now| now.is_unchanged(target.facts)) {
        Ok(())
    } else {
        Err(WriteFault::Changed)
    }
}

fn in_place(target: &Target<'_>, write: Write<'_>, check: Check<'_>) -> Result<(), WriteFault> {
    let name = target.path.file_name().unwrap_or_default();
    let (copy, file) = [beside(target.path, b".bak"), target.spare.join(name)]
        .into_iter()
        .map(|path| create(&path).map(|file| (path, file)))
        .reduce(Result::or)
        .unwrap_or_else(|| Err(io::ErrorKind::PermissionDenied.into()))?;
    let written = (|| -> Result<(), WriteFault> {
        write(&file)?;
        disk::sync(&file)?;
        let new = FileSource::open(&copy).map_err(WriteFault::Broken)?;
        check(&new)?;
        compare(target)?;
        // The new content is safe beside the old one, which may now be written over.
        if let Some(folder) = copy.parent() {
            disk::sync_folder(folder)?;
        }
        Ok(())
    })();
    if let Err(fault) = written {
        let _ = fs::remove_file(&copy);
        return Err(fault);
    }
    let overwritten = (|| -> io::Result<()> {
        let length = file.metadata()?.len();
        disk::check_size_limit(length)?;
        let old = OpenOptions::new().write(true).open(target.path)?;
        let mut buffer = vec![0; super::CHUNK];
        let mut at = 0;
        while at < length {
            let count = file.read_at(&mut buffer, at)?;
            let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
                break;
            };
            old.write_all_at(read, at)?;
            at += count as u64;
        }
        old.set_len(length)?;
        disk::sync(&old)
    })();
    match overwritten {
        Ok(()) => {
            let _ = fs::remove_file(&copy);
            Ok(())
        }
        Err(error) => Err(WriteFault::System {
            reason: format!(
                "{}, and the new content is in {}",
                crate::runtime::source::reason(&error),
                copy.display()
            ),
            advice: "copy it to its place once the disk is well",
        }),
    }
}

/// A file that is not there yet, for its owner alone until it takes over the permissions of another.
fn create(path: &Path) -> io::Result<File> {
    let open = || {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        options.open(path)
    };
    match open() {
        // Left by a process that was killed: whoever writes now holds the lock.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !holds_content(path) => {
            fs::remove_file(path)?;
            open()
        }
        other => other,
    }
}

/// A copy that may be the only whole version of a library is never removed.
fn holds_content(path: &Path) -> bool {
    path.extension().is_none_or(|end| end != "tmp")
}

/// Makes a file with a content, durably, unless there is one.
pub(super) fn new_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let written = file
        .write_all_at(content, 0)
        .and_then(|()| disk::sync(&file))
        .and_then(|()| disk::sync_folder(path.parent().unwrap_or(Path::new("/"))));
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// Gives a new file the owner, the mode and the extended attributes of the old one. Returns whether owner and mode
/// could be kept.
fn take_over(old: &FileSource, new: &File) -> bool {
    let metadata = old.metadata();
    let Ok(own) = new.metadata() else {
        return false;
    };
    if (own.uid(), own.gid()) != (metadata.uid(), metadata.gid()) {
        let owner = Some(metadata.uid()).filter(|uid| *uid != own.uid());
        let group = Some(metadata.gid()).filter(|gid| *gid != own.gid());
        if std::os::unix::fs::fchown(new, owner, group).is_err() {
            return false;
        }
    }
    let mode = fs::Permissions::from_mode(metadata.permissions().mode() & 0o7777);
    copy_attributes(old.file(), new);
    new.set_permissions(mode).is_ok()
}

/// Extended attributes, access lists among them, as far as the system lets them be kept.
#[cfg(target_os = "linux")]
fn copy_attributes(old: &File, new: &File) {
    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fsetxattr};
    let mut names = vec![0; 64 << 10];
    let Ok(length) = flistxattr(old, &mut names[..]) else {
        return;
    };
    let names = names.get(..length).unwrap_or_default();
    for name in names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
    {
        let mut value = vec![0; 64 << 10];
        if let Ok(length) = fgetxattr(old, name, &mut value[..]) {
            let value = value.get(..length).unwrap_or_default();
            let _ = fsetxattr(new, name, value, XattrFlags::empty());
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn copy_attributes(_: &File, _: &File) {}

/// A hidden name beside a file, cut to what a file system takes.
fn beside(path: &Path, end: &[u8]) -> PathBuf {
    let name = path.file_name().unwrap_or_default().as_bytes();
    let room = MAX_NAME - end.len() - 1;
    let mut hidden = vec![b'.'];
    hidden.extend_from_slice(name.get(..room).unwrap_or(name));
    hidden.extend_from_slice(end);
    path.with_file_name(std::ffi::OsString::from_vec(hidden))
}
