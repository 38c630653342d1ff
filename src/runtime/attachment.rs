//! Where the files attached to papers are: journals hold their paths, relative to the folder of the library for those
//! in it, so that a library moves with its files.

use std::path::{Path, PathBuf};

use super::place::Place;

/// The path of an attached file as journals hold it: relative to the folder of the library where it is in there, else
/// absolute.
pub fn stored(path: &Path, library: &Place) -> String {
    let path = absolute(path);
    let inside =
        folder(library).and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    inside.unwrap_or(path).to_string_lossy().into_owned()
}

/// Where the file is whose path journals hold so.
pub fn found(stored: &str, library: &Place) -> PathBuf {
    let path = Path::new(stored);
    match folder(library) {
        Some(folder) if path.is_relative() => folder.join(path),
        _ => path.to_owned(),
    }
}

fn folder(library: &Place) -> Option<PathBuf> {
    match library {
        Place::File(library) => absolute(library).parent().map(Path::to_owned),
        Place::Example => None,
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_beside_the_library_are_held_relative_to_it_and_found_again() {
        let library = Place::File(PathBuf::from("/papers/library.json"));
        let inside = Path::new("/papers/pdf/a.pdf");
        assert_eq!(stored(inside, &library), "pdf/a.pdf");
        assert_eq!(found("pdf/a.pdf", &library), inside);
        let outside = Path::new("/elsewhere/b.pdf");
        assert_eq!(stored(outside, &library), "/elsewhere/b.pdf");
        assert_eq!(found("/elsewhere/b.pdf", &library), outside);
    }
}
