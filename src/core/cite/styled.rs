//! Citation styles ready to print: style and locale together, and where they come from.

use std::sync::Arc;

use crate::core::csl::{Cite, CslError, Locale, Processor, Rich, Style, archive};
use crate::core::item::Item;

/// A style with the terms of its language.
#[derive(Debug)]
pub struct LoadedStyle {
    /// Its id, or the path of its file.
    pub id: String,
    /// Its full title.
    pub title: String,
    style: Style,
    locale: Locale,
}

/// A style that can be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StyleName {
    /// Its id.
    pub id: String,
    /// Its full title.
    pub title: String,
}

/// Why a style cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StyleError {
    /// No style has this name.
    #[error("there is no citation style \"{name}\"{}; `offprint styles` lists them", nearest.as_ref().map(|id| format!(", perhaps \"{id}\"")).unwrap_or_default())]
    Unknown {
        /// The name.
        name: String,
        /// The most similar id.
        nearest: Option<String>,
    },
    /// The style is broken.
    #[error("{place}: {error}; take it anew from the CSL repository")]
    Broken {
        /// The file.
        place: String,
        /// What is wrong, and where.
        error: CslError,
    },
    /// The file cannot be read.
    #[error("{place}: {reason}; name a style or an existing .csl file")]
    Unreadable {
        /// The file.
        place: String,
        /// The system's reason.
        reason: String,
    },
    /// It stands for another style, which is not there.
    #[error(
        "{place}: it stands for the style \"{parent}\", which is not installed; put that one beside it"
    )]
    NoParent {
        /// The file.
        place: String,
        /// The id of the other.
        parent: String,
    },
    /// It prints nothing in a bibliography.
    #[error("the style \"{0}\" has no bibliography; copy the citation in the text with it")]
    NoBibliography(String),
}

/// Where styles come from.
pub trait StyleSource: Send + Sync {
    /// Loads a style by id, short name or path.
    ///
    /// # Errors
    /// When there is none, or it is broken.
    fn load(&self, name: &str) -> Result<Arc<LoadedStyle>, StyleError>;

    /// All styles, by title.
    fn names(&self) -> Vec<StyleName>;
}

impl LoadedStyle {
    /// Puts a style together with the terms of `lang`, else of its own language, else of American English.
    pub fn new(id: &str, style: Style, lang: Option<&str>) -> LoadedStyle {
        let wanted = style.language(lang).to_owned();
        let locale = archive::locale(&wanted)
            .or_else(|| archive::locale("en-US"))
            .unwrap_or_default();
        LoadedStyle {
            id: id.to_owned(),
            title: style.info().title.clone(),
            style,
            locale,
        }
    }

    /// Bibliography entries: of one item without number, of several sorted and numbered as the style says.
    ///
    /// # Errors
    /// When the style has no bibliography.
    pub fn entries(&self, items: &[Item]) -> Result<Vec<(usize, Rich)>, StyleError> {
        match items {
            [one] => Ok(vec![(0, self.processor()?.bibliography_entry(one))]),
            many => self.bibliography(many),
        }
    }

    /// The items as one list, sorted and numbered as the style says, with year suffixes.
    ///
    /// # Errors
    /// When the style has no bibliography.
    pub fn bibliography(&self, items: &[Item]) -> Result<Vec<(usize, Rich)>, StyleError> {
        Ok(self.processor()?.bibliography(items))
    }

    fn processor(&self) -> Result<Processor<'_>, StyleError> {
        if self.style.has_bibliography() {
            Ok(Processor::new(&self.style, &self.locale))
        } else {
            Err(StyleError::NoBibliography(self.id.clone()))
        }
    }

    /// The citation of all items at one place in the text.
    pub fn in_text(&self, items: &[Item]) -> Rich {
        let cites = (0..items.len()).map(Cite::of).collect();
        Processor::new(&self.style, &self.locale).citation(items, cites)
    }

    /// The style itself.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// The locale it prints in.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }
}

/// The styles that come with the program, loaded anew each time.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArchivedStyles;

impl StyleSource for ArchivedStyles {
    fn load(&self, name: &str) -> Result<Arc<LoadedStyle>, StyleError> {
        let style = archive::style(name).ok_or_else(|| unknown(name, &self.names()))?;
        Ok(Arc::new(LoadedStyle::new(name, style, None)))
    }

    fn names(&self) -> Vec<StyleName> {
        archive::styles()
            .iter()
            .map(|style| StyleName {
                id: style.id.to_owned(),
                title: style.title.to_owned(),
            })
            .collect()
    }
}

/// The error for a name that no style has, with the id that fits it best.
pub fn unknown(name: &str, names: &[StyleName]) -> StyleError {
    let nearest = names
        .iter()
        .filter_map(|style| {
            Some((
                crate::core::index::fuzzy_score(name, &style.id)?.0,
                &style.id,
            ))
        })
        .max_by_key(|(score, _)| *score)
        .map(|(_, id)| id.clone());
    StyleError::Unknown {
        name: name.to_owned(),
        nearest,
    }
}
