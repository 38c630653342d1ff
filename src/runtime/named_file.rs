//! Where the files are that a bibliography names.
//!
//! Relative paths count from the folders that the bibliography declares (JabRef's file directories), else from its own
//! folder, where Zotero and others write them to, or the `.Data` folder beside it, where EndNote keeps them. Mendeley
//! leaves the first slash of a path out.

use std::path::{Path, PathBuf};

use super::attachment::stored;
use super::place::Place;
use crate::core::import::file_folders;

/// Finds the files of one bibliography.
pub(super) struct NamedFiles<'a> {
    library: &'a Place,
    /// The folder of the bibliography.
    own: PathBuf,
    /// Folders in which a relative path may lead to a file, the likelier first.
    folders: Vec<PathBuf>,
}

impl<'a> NamedFiles<'a> {
    /// Of the bibliography with these bytes at this path.
    pub(super) fn of(bytes: &[u8], bibliography: &Path, library: &'a Place) -> NamedFiles<'a> {
        let own = bibliography.parent().unwrap_or(Path::new("")).to_owned();
        let declared = file_folders(bytes).into_iter();
        let mut folders: Vec<PathBuf> = declared
            .flat_map(|folder| spellings(&folder))
            .map(|folder| own.join(folder))
            .collect();
        folders.push(own.clone());
        let mut data = bibliography.file_stem().unwrap_or_default().to_owned();
        data.push(".Data");
        folders.push(own.join(data).join("PDF"));
        folders.push(PathBuf::from("/"));
        NamedFiles {
            library,
            own,
            folders,
        }
    }

    /// The path of a file as journals hold it; `None` of what is no file: an address on the web.
    pub(super) fn held(&self, written: &str) -> Option<String> {
        let written = written.trim();
        let path = match written.split_once("://") {
            Some(("file", rest)) => decoded(rest.strip_prefix("localhost").unwrap_or(rest)),
            Some(("http" | "https" | "ftp", _)) => return None,
            // What nobody here can find stays as it is named.
            Some(_) => return Some(written.to_owned()),
            None if written.contains(":\\") => return Some(written.to_owned()),
            None => written.to_owned(),
        };
        let path = path.strip_prefix("./").unwrap_or(&path);
        let home = super::paper_file::expanded(path);
        if home.is_absolute() {
            return Some(stored(&home, self.library));
        }
        let found = self.folders.iter().find_map(|folder| {
            spellings(path)
                .into_iter()
                .map(|path| folder.join(path))
                .find(|path| path.is_file())
        });
        Some(stored(
            &found.unwrap_or_else(|| self.own.join(path)),
            self.library,
        ))
    }
}

/// A path as it is written, and with the slashes of this system where it was written under Windows.
fn spellings(path: &str) -> Vec<String> {
    let turned = path.contains('\\').then(|| path.replace('\\', "/"));
    [Some(path.to_owned()), turned]
        .into_iter()
        .flatten()
        .collect()
}

/// Without the percent signs of an address; what is not UTF-8 then stays as it is written.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let value = digits
            .and_then(|digits| str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(value.unwrap_or(*first));
        rest = after
            .get(if value.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn paths_lead_to_the_files_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for file in [
            "pdfs/a.pdf",
            "b.pdf",
            "refs.Data/PDF/1/c.pdf",
            "with space.pdf",
        ] {
            fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
            fs::write(root.join(file), "").unwrap();
        }
        let library = Place::File(root.join("library.json"));
        let text = "@comment{jabref-meta: fileDirectory:pdfs;}";
        let files = NamedFiles::of(text.as_bytes(), &root.join("refs.bib"), &library);
        let held = |written: &str| files.held(written);
        assert_eq!(held("a.pdf").as_deref(), Some("pdfs/a.pdf"));
        assert_eq!(held("b.pdf").as_deref(), Some("b.pdf"));
        assert_eq!(held(r"pdfs\a.pdf").as_deref(), Some("pdfs/a.pdf"));
        assert_eq!(held("1/c.pdf").as_deref(), Some("refs.Data/PDF/1/c.pdf"));
        let spaced = root.join("with space.pdf");
        let whole = spaced.to_str().unwrap();
        for written in [
            whole.to_owned(),
            whole.trim_start_matches('/').to_owned(),
            format!("file://{}", whole.replace(' ', "%20")),
            format!("file://localhost{}", whole.replace(' ', "%20")),
        ] {
            assert_eq!(
                held(&written).as_deref(),
                Some("with space.pdf"),
                "{written}"
            );
        }
        // A file that is not there yet counts from the folder of the bibliography.
        assert_eq!(held("./new/x.pdf").as_deref(), Some("new/x.pdf"));
        assert_eq!(held(r"C:\x.pdf").as_deref(), Some(r"C:\x.pdf"));
        assert_eq!(held("https://example.org/x.pdf"), None);
    }

    #[test]
    fn signs_of_addresses_are_read() {
        assert_eq!(decoded("/a%20b%C3%BC"), "/a bü");
        assert_eq!(decoded("/100%/%zz%4"), "/100%/%zz%4");
        assert_eq!(decoded("/%ff"), "/%ff");
    }
}
