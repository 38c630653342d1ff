//! The page in view as a picture beside its text.

use ratatui::layout::Rect;

use super::Pictures;
use crate::app::{App, Level};

impl App {
    /// Where the picture of the page in view stands, while it is to be seen.
    pub fn picture_place(&self) -> Option<Rect> {
        let rect = self.panes().picture.filter(|_| self.is_reading())?;
        // A line for its number above it, and a free column on either side.
        Some(Rect {
            x: rect.x + 1,
            y: rect.y + 1,
            width: rect.width.saturating_sub(2),
            height: rect.height.saturating_sub(1),
        })
    }

    /// The terminal can show pictures, or cannot for this reason.
    pub(in crate::app) fn pictures_known(&mut self, known: Result<(), String>) {
        self.pictures = match known {
            Ok(()) => Pictures::Shown,
            Err(reason) => {
                self.log(
                    Level::Info,
                    format!("Pages of PDFs are shown as text: {reason}"),
                );
                Pictures::None
            }
        };
    }

    /// Pages were drawn, perhaps without some characters, or not, for this reason.
    pub(in crate::app) fn pictures_drawn(&mut self, signature: u64, drawn: Result<bool, String>) {
        let reading = self.reading.as_mut();
        let Some(reading) = reading.filter(|one| one.signature == signature) else {
            return;
        };
        let is_missing = drawn == Ok(true);
        let is_new = is_missing && !reading.is_font_missing;
        reading.is_font_missing |= is_missing;
        reading.picture_trouble = drawn.err();
        if is_new {
            let text = "Some characters are not drawn: their font is neither in the PDF nor on this machine; \
                install one such as Noto CJK";
            self.tell(Level::Warning, text);
        }
    }
}
