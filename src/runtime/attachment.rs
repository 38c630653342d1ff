//! Where the files attached to papers are: journals hold their paths, relative to the folder of the library for those
//! in it, so that a library moves with its files.

use std::path::{Path, PathBuf};

use super::place::Place;
use super::store::{Directories, Location};

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

/// Where fetched PDFs are kept: in the folder that is set, else in `NAME.offprint/pdf` beside the library. `None` where
/// there is no place for what belongs to the library.
pub fn kept_in(set: Option<&Path>, library: &Place) -> Option<PathBuf> {
    if let Some(set) = set {
        return Some(set.to_owned());
    }
    let directories = Directories::from_process();
    let location = match library {
        Place::File(path) => Location::of_library(path, &directories).ok()?,
        Place::Example => Location::of_example(&directories)?,
    };
    Some(location.folder.join("pdf"))
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
