//! The paper that is meant by an identifier or a title.

use super::asking::{Asking, Client};
use super::error::FetchError;
use crate::core::identify::Identifier;
use crate::core::item::Item;
use crate::core::services::Candidate;

/// A title as like as this to the one given is taken for it.
const SAME_TITLE: f64 = 0.95;

/// Why there is no paper.
#[derive(Debug)]
pub enum Missed {
    /// Papers that may be meant by a title.
    Meant(Vec<Candidate>),
    /// There is none, for this reason.
    Failed(String),
}

impl Client {
    /// The paper with an identifier; of a title only one that has just this title.
    ///
    /// # Errors
    /// Papers that a title may mean, or why there is none.
    pub fn find_meant(&self, about: &Identifier, asking: &Asking<'_>) -> Result<Item, Missed> {
        let failed = |error: FetchError| Missed::Failed(error.to_string());
        let Identifier::Title(title) = about else {
            let fetched = self.fetch_item(about, asking).map_err(failed)?;
            return Ok(fetched.item);
        };
        let candidates = self.find_title(title, asking).map_err(failed)?;
        let [best, ..] = candidates.as_slice() else {
            return Err(Missed::Failed(format!(
                "title \"{title}\": nobody knows it; check the words"
            )));
        };
        let alike = candidates.iter().filter(|one| one.likeness >= SAME_TITLE);
        if best.likeness < SAME_TITLE || alike.count() > 1 {
            return Err(Missed::Meant(candidates));
        }
        self.fetch_whole(best, asking).map_err(failed)
    }

    /// The whole record of a paper that a search gave: its list leaves out what the record has.
    ///
    /// # Errors
    /// When nobody gives it.
    pub fn fetch_whole(
        &self,
        candidate: &Candidate,
        asking: &Asking<'_>,
    ) -> Result<Item, FetchError> {
        match candidate.item.doi() {
            Some(doi) => {
                let about = Identifier::Doi(doi.to_lowercase());
                Ok(self.fetch_item(&about, asking)?.item)
            }
            None => Ok(candidate.item.clone()),
        }
    }
}
