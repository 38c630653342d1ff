//! One dated archive of files: a compressed tar file, whole or not there at all, and never in the place of another.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::source::reason;
use super::store::names_in;
use crate::core::moment::rfc3339;

/// A file and its name in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    path: PathBuf,
    /// The name in the archive, without a root.
    pub name: PathBuf,
}

impl Archived {
    /// A file under a name.
    pub fn new(path: &Path, name: PathBuf) -> Archived {
        Archived {
            path: path.to_owned(),
            name,
        }
    }
}

/// An archive that is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// Why there is no archive: place, what, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason}; {advice}", path.display())]
pub struct ArchiveError {
    path: PathBuf,
    reason: String,
    advice: &'static str,
}

impl ArchiveError {
    /// An error of the system at a file.
    pub fn at(path: &Path, error: &io::Error) -> ArchiveError {
        ArchiveError {
            path: path.to_owned(),
            reason: reason(error),
            advice: match error.kind() {
                io::ErrorKind::NotFound => "make the folder first",
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "make room, or name another folder"
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "name a folder that you can write in"
                }
                _ => "check the disk and try again",
            },
        }
    }
}

/// The files in a folder and those below it under a name, without locks and temporary files; none where the folder is
/// not there.
///
/// # Errors
/// When a folder cannot be read.
pub fn files_in(folder: &Path, name: &Path) -> Result<Vec<Archived>, ArchiveError> {
    let mut files = Vec::new();
    collect(folder, name, DEEPEST, &mut files)?;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn collect(
    folder: &Path,
    name: &Path,
    levels: u32,
    files: &mut Vec<Archived>,
) -> Result<(), ArchiveError> {
    if levels == 0 || !folder.is_dir() {
        return Ok(());
    }
    let names = names_in(folder).map_err(|error| ArchiveError::at(folder, &error))?;
    for inside in names {
        let (path, inside) = (folder.join(&inside), name.join(&inside));
        if path.is_symlink() && path.is_dir() {
            continue;
        }
        let is_passing = path
            .extension()
            .is_some_and(|end| end == "lock" || end == "tmp");
        let kind = path
            .symlink_metadata()
            .map_err(|error| ArchiveError::at(&path, &error))?;
        if kind.is_dir() {
            collect(&path, &inside, levels - 1, files)?;
        } else if path.is_file() && !is_passing {
            files.push(Archived::new(&path, inside));
        }
    }
    Ok(())
}

/// Folders within folders are followed this far.
const DEEPEST: u32 = 8;
/// Archives of one second are told apart by a number up to this.
const MOST_OF_A_SECOND: u32 = 100;

/// Writes `NAME-2026-11-24T173310Z.tar.gz` into a folder. `now_ms`: ms since 1970.
///
/// # Errors
/// Nothing is left behind then.
pub fn write(
    folder: &Path,
    name: &str,
    now_ms: u64,
    files: &[Archived],
) -> Result<Written, ArchiveError> {
    let second: String = rfc3339(now_ms)
        .chars()
        .take(19)
        .filter(|c| *c != ':')
        .collect();
    let stem: String = name.chars().take(60).collect();
    let stem = format!("{stem}-{second}Z");
    let temporary = folder.join(format!("{stem}.{}.tmp", std::process::id()));
    let failed = |error: &io::Error| ArchiveError::at(&temporary, error);
    let mut options = OpenOptions::new();
    // What the reader thinks of papers is for the reader alone.
    let created = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&temporary);
    let file = created.map_err(|error| failed(&error))?;
    let written = fill(file, files)
        .and_then(|file| {
            file.sync_all().map_err(|error| failed(&error))?;
            file.metadata().map_err(|error| failed(&error))
        })
        .and_then(|metadata| {
            let path = put_in_place(&temporary, folder, &stem).map_err(|error| failed(&error))?;
            let bytes = metadata.len();
            Ok(Written { path, bytes })
        });
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    let written = written?;
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| ArchiveError::at(folder, &error))?;
    Ok(written)
}

fn fill(file: File, files: &[Archived]) -> Result<File, ArchiveError> {
    let mut builder = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    for file in files {
        append(&mut builder, file).map_err(|error| ArchiveError::at(&file.path, &error))?;
    }
    let end = |error: &io::Error| ArchiveError::at(Path::new("the archive"), error);
    let encoder = builder.into_inner().map_err(|error| end(&error))?;
    let mut file = encoder.finish().map_err(|error| end(&error))?;
    file.flush().map_err(|error| end(&error))?;
    Ok(file)
}

fn append<W: io::Write>(builder: &mut tar::Builder<W>, archived: &Archived) -> io::Result<()> {
    let file = File::open(&archived.path)?;
    let metadata = file.metadata()?;
    let mut header = tar::Header::new_gnu();
    header.set_size(metadata.len());
    header.set_mode(metadata.mode() & 0o777);
    header.set_mtime(u64::try_from(metadata.mtime()).unwrap_or(0));
    // What is appended meanwhile belongs to the next archive; a file that was cut short would spoil this one.
    let content = (&file).take(metadata.len());
    builder.append_data(&mut header, &archived.name, Exactly(content))?;
    let now = file.metadata()?;
    if now.len() < metadata.len() {
        return Err(io::Error::other("it was cut short while it was read"));
    }
    Ok(())
}

/// A reader that ends too early is an error.
struct Exactly<R>(io::Take<R>);

impl<R: io::Read> io::Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        if count == 0 && self.0.limit() > 0 && !buffer.is_empty() {
            return Err(io::Error::other("it was cut short while it was read"));
        }
        Ok(count)
    }
}

/// Gives the archive its name, if no other file has it.
fn put_in_place(temporary: &Path, folder: &Path, stem: &str) -> io::Result<PathBuf> {
    for number in 1..=MOST_OF_A_SECOND {
        let name = match number {
            1 => format!("{stem}.tar.gz"),
            number => format!("{stem}-{number}.tar.gz"),
        };
        let path = folder.join(name);
        // A link, since renaming would replace what is there.
        match fs::hard_link(temporary, &path) {
            Ok(()) => {
                let _ = fs::remove_file(temporary);
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) if !path.exists() => {
                // A file system without links; nobody else makes files of this name.
                fs::rename(temporary, &path)?;
                return Ok(path);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_archived_with_all_below_them_but_locks_and_temporary_files() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("findings")).unwrap();
        for name in [
            "a-1.jsonl",
            "a-1.lock",
            "a-1.jsonl.tmp",
            ".gitignore",
            "findings/a.json",
        ] {
            fs::write(root.path().join(name), name).unwrap();
        }
        // A circle of links leads nowhere.
        std::os::unix::fs::symlink(root.path(), root.path().join("findings/circle")).unwrap();
        let files = files_in(root.path(), Path::new("state")).unwrap();
        let names: Vec<_> = files
            .iter()
            .map(|file| file.name.to_str().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "state/.gitignore",
                "state/a-1.jsonl",
                "state/findings/a.json"
            ]
        );
        assert_eq!(
            files_in(&root.path().join("nowhere"), Path::new("x")).unwrap(),
            []
        );
    }

    #[test]
    fn an_archive_that_cannot_be_made_leaves_nothing_behind() {
        let root = tempfile::tempdir().unwrap();
        let gone = Archived::new(&root.path().join("gone"), PathBuf::from("gone"));
        let error = write(root.path(), "refs", 0, &[gone]).unwrap_err();
        assert!(error.to_string().contains("gone: ") && error.to_string().contains("; "));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
