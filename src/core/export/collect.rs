//! A paper with everything that leaves with it, taken together from the library and the journals.

use foldhash::HashMap;

use super::Paper;
use crate::core::catalogue::Catalogue;
use crate::core::csl::Rich;
use crate::core::item::Item;
use crate::core::journal::{PaperState, State};
use crate::core::library::SourceError;
use crate::core::paper::PaperNo;

/// The places of papers in the reading queue, from 1.
#[derive(Debug, Default)]
pub struct Queue(HashMap<String, usize>);

impl Queue {
    /// Those of a state.
    pub fn new(state: &State) -> Queue {
        let queue = state.queue().into_iter().enumerate();
        Queue(queue.map(|(at, entry)| (entry.paper, at + 1)).collect())
    }
}

/// What [`Paper`] borrows.
#[derive(Debug, Clone)]
pub struct Collected {
    /// The item.
    pub item: Item,
    raw: Option<String>,
    /// The key to cite it by.
    pub key: String,
    state: PaperState,
    queue: Option<usize>,
}

impl Collected {
    /// Reads a paper; `key` is the one to cite it by where the library's own is not wanted.
    ///
    /// # Errors
    /// When the library cannot be read or has changed.
    pub fn read(
        catalogue: &Catalogue,
        no: PaperNo,
        key: Option<&str>,
        queue: &Queue,
    ) -> Result<Collected, SourceError> {
        let item = catalogue.item(no)?;
        let id = catalogue.library.id(no);
        let span = catalogue.library.span(no);
        let raw = span.and_then(|span| catalogue.source.read(span).ok());
        Ok(Collected {
            raw: raw.and_then(|raw| String::from_utf8(raw).ok()),
            key: match key {
                Some(key) => key.to_owned(),
                None => catalogue.key(no)?,
            },
            state: catalogue.notes.state().paper(id),
            queue: queue.0.get(id).copied(),
            item,
        })
    }

    /// The paper, with its citation if it is to have one.
    pub fn paper<'a>(&'a self, citation: Option<&'a Rich>) -> Paper<'a> {
        Paper {
            item: &self.item,
            key: &self.key,
            raw: self.raw.as_deref(),
            state: &self.state,
            queue: self.queue,
            citation,
        }
    }
}
