//! Files that are written for others: whole or not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Links that lead to links are followed so many times.
const LINKS: usize = 40;

/// A file that takes its place when it is complete; until then, and when anything fails, what was there stays.
///
/// It is written beside the file that links lead to and keeps the mode of the one it replaces. What is no regular file
/// (a pipe, `/dev/stdout`) is written to directly.
#[derive(Debug)]
pub struct OutputFile {
    writer: Option<BufWriter<File>>,
    target: PathBuf,
    /// `None` where it is written to directly.
    temporary: Option<PathBuf>,
}

impl OutputFile {
    /// Begins a file.
    ///
    /// # Errors
    /// When the folder is missing or cannot be written to.
    pub fn create(path: &Path) -> io::Result<OutputFile> {
        let target = resolved(path)?;
        let metadata = match fs::metadata(&target) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if metadata
            .as_ref()
            .is_some_and(|metadata| !metadata.is_file())
        {
            let file = OpenOptions::new().write(true).open(&target)?;
            return Ok(OutputFile {
                writer: Some(BufWriter::new(file)),
                target,
                temporary: None,
            });
        }
        let permissions = metadata.map(|metadata| metadata.permissions());
        if permissions.as_ref().is_some_and(Permissions::readonly) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let (file, temporary) = create_beside(&target)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        Ok(OutputFile {
            writer: Some(BufWriter::with_capacity(256 << 10, file)),
            target,
            temporary: Some(temporary),
        })
    }

    /// Makes what was written durable, and puts it in its place.
    ///
    /// # Errors
    /// What was there before is still there then.
    pub fn finish(mut self) -> io::Result<()> {
        let Some(writer) = self.writer.take() else {
            return Ok(());
        };
        let file = writer
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        if let Some(temporary) = &self.temporary {
            file.sync_all()?;
            fs::rename(temporary, &self.target)?;
            self.temporary = None;
            if let Some(folder) = self.target.parent() {
                // The file is whole either way; its name becomes durable with the folder where that can be asked for.
                let _ = File::open(folder).and_then(|folder| folder.sync_all());
            }
        }
        Ok(())
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.writer {
            Some(writer) => writer.write(bytes),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // It was begun and is of no use to anybody.
            let _ = fs::remove_file(temporary);
        }
    }
}

/// Writes a file whole.
///
/// # Errors
/// As [`OutputFile::create`] and [`OutputFile::finish`].
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OutputFile::create(path)?;
    file.write_all(text.as_bytes())?;
    file.finish()
}

/// Where links lead, also where nothing is there yet.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(link) => path = path.parent().unwrap_or(Path::new("")).join(link),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("links that lead in a circle"))
}

fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    let name = target
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::IsADirectory, "not the name of a file"))?;
    let process = std::process::id();
    for attempt in 0..100 {
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{process}-{attempt}.tmp"));
        let temporary = target.with_file_name(temporary);
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)
        {
            Ok(file) => return Ok((file, temporary)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_keeps_mode_and_link() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::TempDir::new().unwrap();
        let (real, link) = (
            folder.path().join("real.bib"),
            folder.path().join("link.bib"),
        );
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("real.bib", &link).unwrap();
        let mut file = OutputFile::create(&link).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"old");
        file.finish().unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn what_is_not_finished_leaves_nothing_behind() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        let mut file = OutputFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(OutputFile::create(&folder.path().join("none/a.csv")).is_err());
        write(Path::new("/dev/null"), "x").unwrap();
    }
}
