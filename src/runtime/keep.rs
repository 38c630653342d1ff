//! A .bib that is kept in step with the library, or with what a query finds in it.
//!
//! The file begins with the name of its library and a checksum of the rest. It is written anew only when its bytes
//! would differ, and only while it is as it was written: a file that was edited, that somebody else wrote, or that is
//! kept from another library is left alone and told of.

use std::borrow::Cow;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::output_file;
use super::place::{self, Place};
use super::source::reason;
use crate::config::Keep;
use crate::core::catalogue::Catalogue;
use crate::core::export::seal::{self, Seal};
use crate::core::export::{Collected, Document, Options, Queue};
use crate::core::order::Order;
use crate::core::text::scrub;

/// The app waits so long, and that often, for further changes.
#[cfg(feature = "tui")]
const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);
#[cfg(feature = "tui")]
const PAUSES: u32 = 10;

/// What became of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Written anew, with so many papers.
    Written(usize),
    /// It says the same already.
    Same,
    /// Left alone, for this reason: `PLACE: what; what to do`.
    LeftAlone(String),
}

/// Where the file is: `~/` is the home directory, a relative path counts from the folder of the library. `None` for the
/// example library, from which nothing is kept.
pub fn path(keep: &Keep, library: &Place) -> Option<PathBuf> {
    let Place::File(library) = library else {
        return None;
    };
    let library = fs::canonicalize(library).unwrap_or_else(|_| library.clone());
    Some(place::expand(
        &keep.bib,
        library.parent().unwrap_or(Path::new("")),
    ))
}

/// Whether the notes have a say in what is in the file.
pub fn depends_on_notes(keep: &Keep) -> bool {
    !keep.query.trim().is_empty()
}

/// Brings the file up to date. With a query the catalogue should have its index, so that the answer is always the same.
///
/// # Errors
/// Why it could not be written: `PLACE: what; what to do`.
pub fn keep(catalogue: &Catalogue, keep: &Keep, library: &Place) -> Result<Kept, String> {
    let (Some(path), Place::File(library)) = (path(keep, library), library) else {
        return Ok(Kept::Same);
    };
    let shown = scrub(&path.to_string_lossy(), false);
    let (text, papers) = text(catalogue, keep, library).map_err(|why| format!("{shown}: {why}"))?;
    let left_alone =
        |what: &str, hint: &str| Ok(Kept::LeftAlone(format!("{shown}: {what}; {hint}")));
    match fs::read(&path) {
        Ok(bytes) if bytes == text.as_bytes() => return Ok(Kept::Same),
        Ok(bytes) if bytes.is_empty() => {}
        Ok(bytes) => {
            let before = String::from_utf8_lossy(&bytes);
            match seal::examine(&before) {
                Seal::Intact if first_line(&before) == first_line(&text) => {}
                Seal::Intact => {
                    return left_alone(
                        "it is kept from another library and was left as it is",
                        "name another file under [keep], or delete this one",
                    );
                }
                Seal::Edited => {
                    return left_alone(
                        "it was edited since offprint wrote it and was left as it is",
                        "delete it to have it written anew",
                    );
                }
                Seal::Foreign => {
                    return left_alone(
                        "offprint did not write this file and left it as it is",
                        "name another file under [keep], or move this one away",
                    );
                }
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => {
            return Err(format!(
                "{shown}: {}; check [keep] of the configuration",
                reason(&error)
            ));
        }
    }
    output_file::write(&path, &text)
        .map_err(|error| format!("{shown}: {}; it is as it was", reason(&error)))?;
    Ok(Kept::Written(papers))
}

/// Keeps the file in step while the app runs.
#[cfg(feature = "tui")]
#[derive(Debug, Clone)]
pub struct Keeper {
    keep: Keep,
    place: Place,
    /// What was told last: nobody wants to hear it after every change.
    told: std::sync::Arc<std::sync::Mutex<Option<String>>>,
    /// A change waits to be written.
    due: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

#[cfg(feature = "tui")]
impl Keeper {
    /// For the library at this place.
    pub fn new(keep: Keep, place: Place) -> Keeper {
        Keeper {
            keep,
            place,
            told: std::sync::Arc::default(),
            due: std::sync::Arc::default(),
        }
    }

    /// The work of bringing the file up to date after a moment without further changes; what it returns is to be told.
    /// `None` while the library is not whole, or its notes, which `has_notes` tells, are not there and matter.
    pub fn later(
        &self,
        catalogue: Catalogue,
        has_notes: bool,
    ) -> Option<impl FnOnce(&super::jobs::Cancelled) -> Option<String> + Send + use<>> {
        catalogue.index.as_ref()?;
        if depends_on_notes(&self.keep) && !has_notes {
            return None;
        }
        self.due.store(true, std::sync::atomic::Ordering::SeqCst);
        let keeper = self.clone();
        Some(move |cancelled: &super::jobs::Cancelled| {
            for _ in 0..PAUSES {
                std::thread::sleep(PAUSE);
                if cancelled.is_cancelled() {
                    return None;
                }
            }
            keeper.now(&catalogue)
        })
    }

    fn now(&self, catalogue: &Catalogue) -> Option<String> {
        use std::sync::PoisonError;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        self.due.store(false, std::sync::atomic::Ordering::SeqCst);
        let line = match keep(catalogue, &self.keep, &self.place) {
            Ok(Kept::Written(_) | Kept::Same) => None,
            Ok(Kept::LeftAlone(line)) | Err(line) => Some(line),
        };
        let is_new = *told != line;
        told.clone_from(&line);
        line.filter(|_| is_new)
    }

    /// At the end: writes what still waits.
    pub fn finish(&self, catalogue: &Catalogue) {
        if self.due.load(std::sync::atomic::Ordering::SeqCst) {
            self.now(catalogue);
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The file as it is to be, and how many papers are in it.
fn text(catalogue: &Catalogue, keep: &Keep, library: &Path) -> Result<(String, usize), String> {
    let mut papers: Vec<_> = if depends_on_notes(keep) {
        let query = catalogue.parse(&keep.query);
        let hits = catalogue.search(&query, Order::default(), &|| false);
        hits.papers().to_vec()
    } else {
        catalogue.library.numbers().collect()
    };
    papers.sort_unstable();
    let queue = Queue::default();
    let mut document = Document::new(keep.format, Options::default());
    let mut entries = document.head(papers.len());
    for no in &papers {
        let collected = Collected::read(catalogue, *no, None, &queue);
        let collected = collected.map_err(|error| error.to_string())?;
        entries.push_str(&document.paper(&collected.paper(None)));
    }
    entries.push_str(&document.foot());
    let name = library
        .file_name()
        .map_or(Cow::Borrowed("the library"), |name| name.to_string_lossy());
    let name = scrub(&name, false);
    let before = format!(
        "% Kept in step with {name} by offprint; an edited file is not written any more.\n"
    );
    Ok((
        seal::sealed(&before, &format!("\n{entries}"), "% "),
        papers.len(),
    ))
}

#[cfg(feature = "tui")]
#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::core::cite::styled::ArchivedStyles;
    use crate::core::export::Target;
    use crate::core::library::build_index;
    use crate::runtime::jobs::Cancelled;
    use crate::runtime::loader;

    fn catalogue(place: &Place) -> Catalogue {
        let opened = loader::open(place).unwrap();
        let library = loader::load_all(&opened).unwrap().library;
        let source = opened.source();
        Catalogue {
            index: build_index(&library, source.as_ref(), &|| false)
                .unwrap()
                .map(Arc::new),
            library,
            source,
            styles: Arc::new(ArchivedStyles),
            notes: Arc::default(),
            sentence_case: None,
            metrics: Arc::new(crate::core::services::NoMetrics),
        }
    }

    #[test]
    fn the_app_writes_after_a_pause_or_at_its_end_and_tells_once() {
        let folder = tempfile::TempDir::new().unwrap();
        let library = folder.path().join("library.json");
        fs::write(&library, r#"[{"id":"a","type":"book","title":"Birds"}]"#).unwrap();
        let (place, bib) = (Place::File(library), folder.path().join("refs.bib"));
        let keep = Keep {
            bib: "refs.bib".to_owned(),
            query: "birds".to_owned(),
            format: Target::BibTex,
        };
        let keeper = Keeper::new(keep, place.clone());
        let whole = catalogue(&place);
        let half = Catalogue {
            index: None,
            ..whole.clone()
        };
        assert!(keeper.later(half, true).is_none() && keeper.later(whole.clone(), false).is_none());
        keeper.finish(&whole);
        assert!(!bib.exists(), "nothing was due");
        let work = keeper.later(whole.clone(), true).unwrap();
        assert_eq!(work(&Cancelled::default()), None);
        let text = fs::read_to_string(&bib).unwrap();
        assert!(text.contains("@book{a,"), "{text}");
        // The app ends before the pause is over.
        fs::write(&bib, "").unwrap();
        drop(keeper.later(whole.clone(), true));
        keeper.finish(&whole);
        assert_eq!(fs::read_to_string(&bib).unwrap(), text);
        fs::write(&bib, format!("{text}mine")).unwrap();
        assert!(keeper.now(&whole).unwrap().contains("it was edited"));
        assert_eq!(keeper.now(&whole), None, "told once");
    }
}
