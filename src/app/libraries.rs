//! Going to another library without leaving.

use super::chooser::{Choice, Chooser, Pick};
use super::{App, Effect, Level};

/// A library that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// What it is called.
    pub name: String,
    /// Where it is, for the reader: scrubbed.
    pub place: String,
    /// Which of those that the program was started with.
    pub number: usize,
    /// It is the one that is shown.
    pub is_shown: bool,
}

impl App {
    /// The menu of libraries.
    pub(super) fn open_libraries(&mut self) {
        let rows = (self.settings.libraries.iter())
            .map(|shelf| {
                Choice::new(None, shelf.name.clone(), Pick::Library(shelf.clone()))
                    .detail(shelf.place.clone())
                    .ticked(shelf.is_shown)
            })
            .collect();
        self.open_chooser(Chooser::finder("Show which library?", rows));
    }

    pub(super) fn show_library(&mut self, shelf: Shelf, effects: &mut Vec<Effect>) {
        if shelf.is_shown {
            return self.tell(Level::Info, format!("{} is shown already", shelf.name));
        }
        effects.push(Effect::OpenLibrary(shelf));
    }
}
