//! The files of a manuscript, with those it includes.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use super::source::reason;
use crate::core::export::cited::{Citations, Manuscript};
use crate::core::text::scrub;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 << 20;
/// The most files of one manuscript.
const FILES: usize = 1000;

/// What a manuscript cites, and where.
#[derive(Debug, Default)]
pub struct Found {
    /// Keys with the file they are first cited in.
    pub keys: Vec<Place>,
    /// Everything is cited.
    pub everything: bool,
    /// Included files that could not be read, a line each.
    pub problems: Vec<String>,
}

/// A key and where it is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The key.
    pub key: String,
    /// `FILE:LINE`.
    pub place: String,
    /// It may as well be a figure.
    pub doubtful: bool,
}

/// Reads a manuscript from its main file on.
///
/// # Errors
/// Why the main file cannot be read, in a line.
pub fn read(main: &Path) -> Result<Found, String> {
    let manuscript = kind(main).ok_or_else(|| {
        format!(
            "{}: not a manuscript; name a .tex, .aux, .md, .qmd, .Rmd or .typ file",
            shown(main)
        )
    })?;
    let mut found = Found::default();
    let mut all = Citations::default();
    let mut places = Vec::new();
    let mut known = BTreeSet::new();
    let mut waiting = VecDeque::from([main.to_owned()]);
    let folder = main.parent().unwrap_or(Path::new(""));
    while let Some(path) = waiting.pop_front() {
        let same = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if known.len() >= FILES || !known.insert(same) {
            continue;
        }
        let text = match read_text(&path) {
            Ok(text) => text,
            Err(why) if path == main => return Err(why),
            Err(why) => {
                found.problems.push(why);
                continue;
            }
        };
        let mut citations = Citations::read(kind(&path).unwrap_or(manuscript), &text);
        for include in std::mem::take(&mut citations.includes) {
            waiting.push_back(included(&include, &path, folder, manuscript));
        }
        for cited in &citations.keys {
            let place = format!("{}:{}", shown(&path), cited.line);
            places.push((cited.key.clone(), place));
        }
        all.extend(citations);
    }
    found.everything = all.everything;
    for cited in all.keys {
        // The first place: files are read in the order in which they are included.
        let place = places.iter().find(|(key, _)| *key == cited.key);
        found.keys.push(Place {
            place: place.map(|(_, place)| place.clone()).unwrap_or_default(),
            key: cited.key,
            doubtful: cited.doubtful,
        });
    }
    Ok(found)
}

fn kind(path: &Path) -> Option<Manuscript> {
    Manuscript::of_extension(&path.extension()?.to_string_lossy())
}

/// Where an included file is: from the file that includes it, else from the main file.
fn included(name: &str, from: &Path, folder: &Path, manuscript: Manuscript) -> PathBuf {
    let mut name = PathBuf::from(name);
    let extension = match manuscript {
        Manuscript::Latex => Some("tex"),
        Manuscript::Aux => Some("aux"),
        Manuscript::Markdown | Manuscript::Typst => None,
    };
    if let Some(extension) = extension
        && kind(&name).is_none()
    {
        let mut whole = name.into_os_string();
        whole.push(".");
        whole.push(extension);
        name = PathBuf::from(whole);
    }
    let beside = from.parent().unwrap_or(Path::new("")).join(&name);
    if beside.is_file() {
        beside
    } else {
        folder.join(&name)
    }
}

/// The text of a file; what is not UTF-8 stands for itself, as keys are ASCII in such files.
fn read_text(path: &Path) -> Result<String, String> {
    let failed = |what: &str, hint: &str| format!("{}: {what}; {hint}", shown(path));
    let metadata = fs::metadata(path).map_err(|error| failed(&reason(&error), "check the name"))?;
    if !metadata.is_file() {
        return Err(failed("not a regular file", "name a manuscript"));
    }
    if metadata.len() > LARGEST {
        return Err(failed("more than 64 MB", "name a manuscript"));
    }
    let bytes =
        fs::read(path).map_err(|error| failed(&reason(&error), "make it readable for you"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn shown(path: &Path) -> String {
    scrub(&path.to_string_lossy(), false)
}
