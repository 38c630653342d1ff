//! The PDF of a paper that may be read freely, kept in a folder.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::asking::{Asking, Client};
use super::pdf::PdfLink;
use crate::core::export::file_name::safe;
use crate::core::identify;
use crate::core::item::Item;
use crate::core::text::scrub;
use crate::runtime::source::reason;

/// Files of one name that are tried before one gives up.
const MOST_COPIES: usize = 100;

impl Client {
    /// Fetches the PDF of a paper into a folder, which is made where it is not there; never over a file. Returns the
    /// file, and where it came from.
    ///
    /// # Errors
    /// In a sentence: when there is none that may be read freely, or it cannot be fetched or kept.
    pub fn keep_pdf(
        &self,
        item: &Item,
        folder: &Path,
        asking: &Asking<'_>,
    ) -> Result<(PathBuf, PdfLink), String> {
        let id = scrub(&item.id(), false);
        let identifiers = identify::of_item(item);
        let link = self
            .find_pdf(&identifiers, asking)
            .map_err(|error| format!("{id}: {error}"))?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| {
                let place = scrub(&folder.to_string_lossy(), false);
                format!("{place}: {}; name another folder", reason(&error))
            })?;
        let name = safe(&item.id());
        let free = (1..=MOST_COPIES)
            .map(|number| match number {
                1 => folder.join(format!("{name}.pdf")),
                number => folder.join(format!("{name}-{number}.pdf")),
            })
            .find(|path| !path.exists());
        let path = free.ok_or_else(|| {
            let place = scrub(&folder.to_string_lossy(), false);
            format!("{place}: has {MOST_COPIES} files called {name}; take some away")
        })?;
        (self.download_pdf(&link, &path, asking)).map_err(|problem| format!("{id}: {problem}"))?;
        Ok((path, link))
    }
}
