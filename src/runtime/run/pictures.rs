//! Pictures of the pages of a PDF: asked for once, drawn by a worker around the page in view.

#[cfg(feature = "preview")]
use super::Event;
use super::{Session, Work};
#[cfg(feature = "preview")]
use crate::app;
use crate::app::Msg;
#[cfg(feature = "preview")]
use crate::runtime::attachment;
#[cfg(feature = "preview")]
use crate::runtime::input::Input;
#[cfg(feature = "preview")]
use crate::runtime::preview::{self, Drawn};
use crate::runtime::terminal::AppTerminal;

impl Session {
    pub(super) fn stop_reading(&mut self) {
        self.jobs.cancel(Work::Pdf);
        #[cfg(feature = "preview")]
        {
            self.jobs.cancel(Work::Pictures);
            self.pictures.clear();
        }
    }

    #[cfg(not(feature = "preview"))]
    pub(super) fn ask_pictures(&mut self, terminal: &mut AppTerminal) {
        let known = Err("this build of offprint shows no pictures".to_owned());
        self.apply(Msg::PicturesKnown(known), terminal);
    }

    /// Asks the terminal how it shows pictures; what was typed meanwhile is a key like any other.
    #[cfg(feature = "preview")]
    pub(super) fn ask_pictures(&mut self, terminal: &mut AppTerminal) {
        let asked = preview::ask(self.app.settings.preview, terminal, &self.reader);
        let known = asked.showing.map(|showing| {
            self.pictures.showing = Some(showing);
        });
        self.apply(Msg::PicturesKnown(known), terminal);
        for key in preview::keys(&asked.typed) {
            self.input(Input::Key(key), terminal);
        }
    }

    /// Has the page in view drawn, and those around it, unless they are there.
    #[cfg(feature = "preview")]
    pub(super) fn want_pictures(&mut self) {
        let (Some(reading), Some(place)) = (&self.app.reading, self.app.picture_place()) else {
            return;
        };
        let key = preview::Key {
            signature: reading.signature,
            size: (place.width, place.height),
        };
        let Some(wanted) = self.pictures.want(key, reading.page(), reading.pages) else {
            return;
        };
        let path = attachment::found(&reading.file, &self.place);
        let sender = self.sender.clone();
        self.jobs
            .request(Work::Pictures, key.signature, move |cancelled| {
                let keep = |drawn| drop(sender.send(Event::Drawn(Box::new(drawn))));
                let drawn = preview::draw_pages(&wanted, &path, cancelled, &keep);
                let drawn = drawn.map_err(|error| error.to_string());
                Msg::PicturesDrawn(key.signature, drawn).into()
            });
    }

    #[cfg(feature = "preview")]
    pub(super) fn drawn(&mut self, drawn: Drawn) {
        let page = self.app.reading.as_ref().map(app::reading::Reading::page);
        let is_in_view = page == Some(drawn.page);
        if self.pictures.keep(drawn) && is_in_view {
            self.app.dirty = true;
        }
    }
}
