//! A text in a private file, for another program to change.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// A longer text, in bytes, is not a comment.
const LONGEST: u64 = 1 << 20;

/// What stands in the file after an editor.
pub(super) enum Left {
    Text(String),
    Unchanged,
    /// Something that is no comment; the file keeps it.
    Unusable(String),
    /// There is no such file, or it cannot be read.
    Nothing(String),
}

/// A text in a file that only this user can read.
#[derive(Debug)]
pub struct TextFile {
    path: PathBuf,
    written: Vec<u8>,
    /// A folder made for this file alone.
    own_folder: Option<PathBuf>,
}

impl TextFile {
    /// Writes a text for an editor, as lines: with a line end that [`super::editor::Editor::edit`] takes away again. The file is called
    /// after `name`; it stands in `folder`, which is made, or in a folder of its own among the temporary files.
    ///
    /// # Errors
    /// When the folder or the file cannot be made.
    pub fn create(folder: Option<&Path>, name: &str, text: &str) -> io::Result<TextFile> {
        let made = folder.map(|folder| {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.and_then(|()| TextFile::in_folder(folder, name, text))
        });
        if let Some(Ok(file)) = made {
            return Ok(file);
        }
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for number in 0..100 {
            let process = std::process::id();
            let folder = std::env::temp_dir().join(format!("offprint-{process}-{number}"));
            // Not recursive: somebody else's folder of that name is not taken.
            match DirBuilder::new().mode(0o700).create(&folder) {
                Ok(()) => {
                    let mut file = TextFile::in_folder(&folder, name, text)?;
                    file.own_folder = Some(folder);
                    return Ok(file);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn in_folder(folder: &Path, name: &str, text: &str) -> io::Result<TextFile> {
        let safe: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .take(40)
            .collect();
        let safe = if safe.is_empty() { "comment" } else { &safe };
        let mut written = text.as_bytes().to_vec();
        if !written.is_empty() {
            written.push(b'\n');
        }
        for number in 0..1000 {
            let process = std::process::id();
            let path = folder.join(format!("{safe}-{process}-{number}.md"));
            let opened = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path);
            match opened {
                Ok(mut file) => {
                    file.write_all(&written)?;
                    return Ok(TextFile {
                        path,
                        written,
                        own_folder: None,
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it.
    pub fn discard(self) {
        // A file that stays behind is private, and harms nothing.
        let _ = fs::remove_file(&self.path);
        if let Some(folder) = &self.own_folder {
            let _ = fs::remove_dir(folder);
        }
    }

    pub(super) fn read(&self) -> Left {
        let open = || -> io::Result<Result<Vec<u8>, String>> {
            // A pipe in its place would be waited for without end.
            if !fs::metadata(&self.path)?.is_file() {
                return Ok(Err("what is left is no file".to_owned()));
            }
            let mut bytes = Vec::new();
            File::open(&self.path)?
                .take(LONGEST + 1)
                .read_to_end(&mut bytes)?;
            Ok(Ok(bytes))
        };
        let bytes = match open() {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(why)) => return Left::Unusable(why),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Left::Nothing("the editor took the file away".to_owned());
            }
            Err(error) => return Left::Nothing(format!("{}: {error}", self.path.display())),
        };
        if bytes == self.written {
            return Left::Unchanged;
        }
        if bytes.len() as u64 > LONGEST {
            return Left::Unusable("the text is longer than 1 MiB".to_owned());
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
                // The line end that every editor puts at the end of a file.
                let end = text
                    .strip_suffix("\r\n")
                    .or_else(|| text.strip_suffix('\n'));
                let text = end.unwrap_or(text);
                let before = self.written.strip_suffix(b"\n").unwrap_or(&self.written);
                if text.as_bytes() == before {
                    Left::Unchanged
                } else {
                    Left::Text(text.to_owned())
                }
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Left::Unusable(format!("byte {at} of the text is not UTF-8"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn without_a_folder_the_file_stands_in_a_private_one() {
        let file = TextFile::create(None, "", "a").unwrap();
        let folder = file.path().parent().unwrap().to_owned();
        let mode = fs::metadata(&folder).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700);
        file.discard();
        assert!(!folder.exists());
    }
}
