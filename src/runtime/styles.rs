//! Citation styles: those that come with the program, and `.csl` files of the reader's.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::source::reason;
use crate::core::cite::styled::unknown;
use crate::core::cite::{LoadedStyle, StyleError, StyleName, StyleSource};
use crate::core::csl::{Style, archive};
use crate::core::text::scrub;

/// A style file is text of at most this many bytes; the largest in the CSL repository has 200 kB.
const LARGEST_STYLE: u64 = 4 << 20;
/// A dependent style may stand for a style that stands for another, but not for ever.
const LONGEST_CHAIN: usize = 4;

/// All styles that can be used here; each is loaded once.
#[derive(Debug, Default)]
pub struct Styles {
    folder: Option<PathBuf>,
    lang: Option<String>,
    loaded: Mutex<HashMap<String, Arc<LoadedStyle>>>,
}

impl Styles {
    /// The styles of the program and of the folder, if there is one, printing in `lang` if one is given.
    pub fn new(folder: Option<PathBuf>, lang: Option<String>) -> Styles {
        Styles {
            folder,
            lang,
            loaded: Mutex::default(),
        }
    }

    fn find(&self, name: &str, depth: usize) -> Result<Style, StyleError> {
        let path = Path::new(name);
        let is_file = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csl"));
        if is_file && (path.exists() || path.components().count() > 1) {
            return self.read(path, depth);
        }
        if let Some(folder) = &self.folder {
            let own = folder.join(format!("{}.csl", id_of(name)));
            if own.exists() {
                return self.read(&own, depth);
            }
        }
        archive::style(name).ok_or_else(|| unknown(name, &self.names()))
    }

    fn read(&self, path: &Path, depth: usize) -> Result<Style, StyleError> {
        let place = scrub(&path.to_string_lossy(), false);
        let unreadable = |reason: String| StyleError::Unreadable {
            place: place.clone(),
            reason,
        };
        let about = fs::metadata(path).map_err(|error| unreadable(reason(&error)))?;
        if !about.is_file() {
            return Err(unreadable("it is no regular file".to_owned()));
        }
        if about.len() > LARGEST_STYLE {
            return Err(unreadable("it is too large for a style".to_owned()));
        }
        let xml = fs::read(path).map_err(|error| unreadable(reason(&error)))?;
        let xml = String::from_utf8(xml).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
        let style = Style::parse(&xml).map_err(|error| StyleError::Broken {
            place: place.clone(),
            error,
        })?;
        let Some(parent) = style.parent().map(str::to_owned) else {
            return Ok(style);
        };
        let missing = || StyleError::NoParent {
            place: place.clone(),
            parent: parent.clone(),
        };
        if depth == 0 {
            return Err(missing());
        }
        // The other style may stand beside this one.
        let beside = path.with_file_name(format!("{}.csl", id_of(&parent)));
        let parent_style = if beside.exists() && beside != path {
            self.read(&beside, depth - 1)?
        } else {
            self.find(&parent, depth - 1).map_err(|_| missing())?
        };
        Ok(style.with_parent(parent_style))
    }
}

/// The last part of a style's address, which is its id.
fn id_of(name: &str) -> &str {
    let name = name.trim_end_matches('/');
    let name = name.rsplit('/').next().unwrap_or(name);
    name.strip_suffix(".csl").unwrap_or(name)
}

impl StyleSource for Styles {
    fn load(&self, name: &str) -> Result<Arc<LoadedStyle>, StyleError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(style) = loaded.get(name) {
            return Ok(Arc::clone(style));
        }
        let style = Arc::new(LoadedStyle::new(
            name,
            self.find(name, LONGEST_CHAIN)?,
            self.lang.as_deref(),
        ));
        loaded.insert(name.to_owned(), Arc::clone(&style));
        Ok(style)
    }

    fn names(&self) -> Vec<StyleName> {
        let mut names: Vec<StyleName> = archive::styles()
            .iter()
            .map(|style| StyleName {
                id: style.id.to_owned(),
                title: style.title.to_owned(),
            })
            .collect();
        let own = self
            .folder
            .as_deref()
            .and_then(|folder| fs::read_dir(folder).ok());
        for entry in own.into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "csl")
                && let Some(id) = path.file_stem().and_then(|stem| stem.to_str())
            {
                let id = scrub(id, false);
                names.retain(|name| name.id != id);
                names.push(StyleName {
                    title: format!("{id} (your own)"),
                    id,
                });
            }
        }
        names.sort_by(|a, b| a.title.to_lowercase().cmp(&b.title.to_lowercase()));
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: &str = r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
        <info><title>Mine</title><id>http://www.zotero.org/styles/mine</id><updated>2026-01-01T00:00:00Z</updated></info>
        <citation><layout><text variable="title"/></layout></citation>
        <bibliography><layout><text variable="title" prefix="mine: "/></layout></bibliography></style>"#;

    fn folder_with(files: &[(&str, &str)]) -> (tempfile::TempDir, Styles) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let styles = Styles::new(Some(folder.path().to_owned()), None);
        (folder, styles)
    }

    #[test]
    fn a_file_of_the_folder_goes_before_the_archive() {
        let (_folder, styles) = folder_with(&[("apa.csl", STYLE)]);
        assert_eq!(styles.load("apa").unwrap().title, "Mine");
        assert!(
            styles
                .names()
                .iter()
                .any(|name| name.title == "apa (your own)")
        );
    }

    #[test]
    fn a_dependent_style_takes_what_its_parent_prints() {
        let dependent = STYLE
            .split("<citation>")
            .next()
            .unwrap()
            .replace("<updated>", r#"<link href="http://www.zotero.org/styles/mine" rel="independent-parent"/><updated>"#)
            .replace("styles/mine</id>", "styles/child</id>")
            + "</style>";
        let (_folder, styles) = folder_with(&[("mine.csl", STYLE), ("child.csl", &dependent)]);
        let item = crate::core::item::Item::parse(br#"{"title": "T"}"#).unwrap();
        let entries = styles
            .load("child")
            .unwrap()
            .entries(&[item.clone()])
            .unwrap();
        assert_eq!(entries[0].1.plain(), "mine: T");
        let (_folder, alone) = folder_with(&[("child.csl", &dependent)]);
        assert!(matches!(
            alone.load("child"),
            Err(StyleError::NoParent { .. })
        ));
    }

    #[test]
    fn a_broken_style_is_named_with_its_line() {
        let (folder, styles) = folder_with(&[("broken.csl", "<style>\n<citation></style>")]);
        let error = styles.load("broken").unwrap_err().to_string();
        assert!(error.contains("broken.csl: line 2"), "{error}");
        let missing = styles
            .load(folder.path().join("none.csl").to_str().unwrap())
            .unwrap_err();
        assert!(matches!(missing, StyleError::Unreadable { .. }));
    }

    #[test]
    fn an_unknown_style_suggests_a_known_one() {
        let error = Styles::default()
            .load("chicago-autor-date")
            .unwrap_err()
            .to_string();
        assert!(error.contains("chicago"), "{error}");
    }
}
