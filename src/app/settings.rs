//! What the app is started with.

use super::keymap::Keymap;
use super::libraries::Shelf;
use crate::config::actions::Action;
use crate::config::model::ModelSettings;
use crate::config::theme::Theme;
use crate::config::{Glyphs, Preview};
use crate::core::cite::way::DEFAULT_STYLE;
use crate::core::cite::{StyleName, Way};
use crate::core::editing::Owner;

/// Settings that the app needs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The look.
    pub theme: Theme,
    /// The looks that can be chosen; none where no colour is wanted.
    pub themes: Vec<Theme>,
    /// What the screens are made of.
    pub glyphs: Glyphs,
    /// The keys.
    pub keymap: Keymap,
    /// What `y` copies.
    pub default_way: Way,
    /// What the page shows under "Cite".
    pub shown_ways: Vec<Way>,
    /// The styles that can be found from the copy menu.
    pub styles: Vec<StyleName>,
    /// Papers are chosen for another program: copying means choosing.
    pub picking: bool,
    /// How the pages of PDFs are shown.
    pub preview: Preview,
    /// Who writes the library, as the configuration says.
    pub owner: Option<Owner>,
    /// The libraries that can be shown instead.
    pub libraries: Vec<Shelf>,
    /// The reader's own quick actions.
    pub actions: Vec<Action>,
    /// The model that is asked for key findings, where the reader named one.
    pub model: Option<ModelSettings>,
    /// Who sees the program for the first time is given hints.
    pub tour: bool,
}

impl Settings {
    /// The id of the style that `y` copies in, or of the usual one where it copies another format.
    pub fn default_style(&self) -> String {
        self.default_way.style().unwrap_or(DEFAULT_STYLE).to_owned()
    }
}
