//! Where the state of a library lives.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Longest name that the common file systems take, in bytes.
const MAX_NAME: usize = 255;
/// More links in a row than this are a circle (the limit of Linux).
const MAX_LINKS: usize = 40;
const EXTENSION: &str = ".offprint";

/// Folders of this user on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directories {
    /// For data that is to be kept: the state of libraries in read-only folders, and of the example library.
    pub data: Option<PathBuf>,
    /// For what belongs to this machine alone: its id.
    pub state: Option<PathBuf>,
}

impl Directories {
    /// The folders that the environment names (`XDG_DATA_HOME`, `XDG_STATE_HOME`, …).
    pub fn from_process() -> Directories {
        let Some(project) = directories::ProjectDirs::from("", "", "offprint") else {
            return Directories::default();
        };
        let state = project.state_dir().unwrap_or(project.data_local_dir());
        Directories {
            data: Some(project.data_dir().to_owned()),
            state: Some(state.to_owned()),
        }
    }
}

/// The places of one library and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The library file itself, links followed; `None` for the example library, which is part of the program.
    pub library: Option<PathBuf>,
    /// The folder of the journals: `NAME.offprint` beside the library file.
    pub folder: PathBuf,
    /// The folder that stands in where `folder` cannot be written.
    pub fallback: Option<PathBuf>,
}

impl Location {
    /// The places of a library file, which need not exist yet.
    ///
    /// Links are followed, so that one library has one state, whatever name it is opened by. (Hard links cannot be
    /// told apart: each name has its own state.)
    ///
    /// # Errors
    /// When the links go round in a circle or the folder cannot be looked at.
    pub fn of_library(library: &Path, directories: &Directories) -> io::Result<Location> {
        let library = resolve(library)?;
        let folder = library.with_file_name(folder_name(library.file_name().unwrap_or_default()));
        let fallback = directories.data.as_ref().map(|data| {
            let hash = fingerprint(&[library.as_os_str().as_encoded_bytes()]);
            let mut name = OsString::from(format!("{hash:016x}-"));
            name.push(library.file_stem().unwrap_or_default());
            data.join("state").join(folder_name(&name))
        });
        Ok(Location {
            library: Some(library),
            folder,
            fallback,
        })
    }

    /// The places of the example library: its state is in the data folder. `None` where there is no such folder.
    pub fn of_example(directories: &Directories) -> Option<Location> {
        Some(Location {
            library: None,
            folder: directories.data.as_ref()?.join("example.offprint"),
            fallback: None,
        })
    }

    /// Every folder that may hold journals of this library.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        [Some(&self.folder), self.fallback.as_ref()]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
    }
}

/// The file that a path means: all links followed, also where the last of them leads to nothing yet.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = std::path::absolute(path)?;
    for _ in 0..MAX_LINKS {
        match fs::canonicalize(&path) {
            Ok(path) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let Ok(target) = fs::read_link(&path) else {
            // No link: a file that is not there yet, in a folder that may be reached by links.
            let folder = path.parent().map(fs::canonicalize);
            let name = path.file_name();
            return Ok(match (folder, name) {
                (Some(Ok(folder)), Some(name)) => folder.join(name),
                _ => path,
            });
        };
        path = path.parent().unwrap_or(Path::new("/")).join(target);
    }
    Err(io::Error::other("the links go round in a circle"))
}

/// `library.json` → `library.offprint`; a name that would be too long is cut and told apart by a number.
fn folder_name(file: &OsStr) -> OsString {
    let stem = Path::new(file).file_stem().unwrap_or(file);
    let bytes = stem.as_encoded_bytes();
    if bytes.len() + EXTENSION.len() <= MAX_NAME {
        let mut name = stem.to_owned();
        name.push(EXTENSION);
        return name;
    }
    let hash = fingerprint(&[bytes]);
    let text = stem.to_string_lossy();
    let room = MAX_NAME - EXTENSION.len() - 17;
    let end = (0..=room).rev().find(|end| text.is_char_boundary(*end));
    let cut = text.get(..end.unwrap_or(0)).unwrap_or_default();
    OsString::from(format!("{cut}-{hash:016x}{EXTENSION}"))
}

/// A hash that is the same in every version of the program: FNV-1a with 64 bits
/// (Fowler, Noll, Vo; IETF draft-eastlake-fnv). The parts are kept apart.
pub(in crate::runtime) fn fingerprint(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for part in parts {
        part.iter().copied().for_each(&mut add);
        add(0);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directories(data: &Path) -> Directories {
        Directories {
            data: Some(data.to_owned()),
            state: None,
        }
    }

    #[test]
    fn the_state_lies_beside_the_file_that_links_lead_to() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap().join("real");
        fs::create_dir(&real).unwrap();
        fs::write(real.join("refs.json"), "[]").unwrap();
        let link = folder.path().join("link.json");
        std::os::unix::fs::symlink("real/refs.json", &link).unwrap();
        let location = Location::of_library(&link, &directories(Path::new("/data"))).unwrap();
        assert_eq!(location.folder, real.join("refs.offprint"));
        // The file need not be there.
        fs::remove_file(real.join("refs.json")).unwrap();
        let location = Location::of_library(&link, &directories(Path::new("/data"))).unwrap();
        assert_eq!(location.folder, real.join("refs.offprint"));
    }

    #[test]
    fn links_in_a_circle_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        std::os::unix::fs::symlink(&a, &b).unwrap();
        std::os::unix::fs::symlink(&b, &a).unwrap();
        assert!(Location::of_library(&a, &Directories::default()).is_err());
    }

    #[test]
    fn a_long_name_still_makes_a_folder_of_its_own() {
        let one = folder_name(OsStr::new(&format!("{}é1.json", "x".repeat(248))));
        let two = folder_name(OsStr::new(&format!("{}é2.json", "x".repeat(248))));
        assert!(one.len() <= MAX_NAME && one != two);
        assert!(one.to_str().unwrap().ends_with(".offprint"));
    }

    #[test]
    fn two_read_only_libraries_of_one_name_have_two_states() {
        let data = directories(Path::new("/data"));
        let one = Location::of_library(Path::new("/nowhere/a/refs.json"), &data).unwrap();
        let two = Location::of_library(Path::new("/nowhere/b/refs.json"), &data).unwrap();
        assert_ne!(one.fallback, two.fallback);
    }
}
