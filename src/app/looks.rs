//! Choosing a theme: the marked one is shown at once.

use super::chooser::{Choice, Chooser, Pick};
use super::{App, Level};
use crate::config::theme::{Color, Theme};

impl App {
    /// The menu of themes.
    pub(super) fn open_themes(&mut self) {
        let rows = (self.settings.themes.iter())
            .map(|theme| {
                let detail = match (theme.name.as_ref(), theme.background) {
                    ("default", _) => "the terminal's own colours",
                    ("mono", _) => "no colour",
                    (_, Color::Rgb(..)) => "24-bit colour",
                    _ => "",
                };
                Choice::new(
                    None,
                    theme.name.clone(),
                    Pick::Theme(Box::new(theme.clone())),
                )
                .detail(detail)
                .ticked(theme.name == self.settings.theme.name)
            })
            .collect();
        self.open_chooser(Chooser::finder("Theme · the marked one is shown", rows));
    }

    pub(super) fn take_theme(&mut self, theme: Theme) {
        let name = theme.name.clone();
        self.settings.theme = theme;
        self.tell(
            Level::Info,
            format!("Theme {name} · to keep it: theme = \"{name}\" in config.toml"),
        );
    }
}
