//! What the reader noted, where it meets the library: conditions of a query, and the papers that the notes mean.

use std::borrow::Cow;

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt as _};

use super::catalogue::Catalogue;
use super::index::words::query_words;
use super::item::bare_doi;
use super::journal::{Identities, Status, identifiers};
use super::paper::PaperNo;
use super::query::{Filter, Has, Is};
use super::text::{clean, fold};

/// Whether a condition on what the reader noted holds for a paper.
pub(super) fn holds(catalogue: &Catalogue, no: PaperNo, filter: &Filter) -> bool {
    let state = catalogue.notes.state();
    let id = catalogue.library.id(no);
    let summary = state.summary(id);
    let from_item = |field: &str| {
        let item = catalogue.item(no).ok();
        item.and_then(|item| item.text(field).map(Cow::into_owned))
    };
    match filter {
        Filter::Is(Is::Starred) => summary.starred,
        Filter::Is(Is::Unread) => summary.status == Status::Unread,
        Filter::Is(Is::Reading) => summary.status == Status::Reading,
        Filter::Is(Is::Read) => summary.status == Status::Read,
        Filter::Is(Is::Queued) => summary.queued,
        // No source of retractions and of findings is asked yet.
        Filter::Is(Is::Retracted) | Filter::Has(Has::Findings) => false,
        Filter::Has(Has::Pdf) => summary.files > 0,
        Filter::Has(Has::Comment) => summary.comments > 0,
        Filter::Has(Has::Tag) => summary.tags > 0,
        Filter::Has(Has::Rating) => summary.rating > 0,
        Filter::Has(Has::Priority) => summary.priority > 0,
        Filter::Has(Has::Doi) => from_item("DOI").is_some_and(|doi| bare_doi(&doi).is_some()),
        Filter::Has(Has::Abstract) => {
            from_item("abstract").is_some_and(|text| !clean(&text).is_empty())
        }
        Filter::Status(begins) => summary.status.name().starts_with(begins.as_str()),
        Filter::Tag(begins) => {
            summary.tags > 0
                && state
                    .tags_of(id)
                    .any(|tag| has_tag(&fold(tag), begins.as_str()))
        }
        Filter::Comment(begins) => {
            summary.comments > 0
                && state
                    .paper(id)
                    .comments
                    .iter()
                    .any(|comment| has_word(&fold(&comment.text), begins.as_str()))
        }
    }
}

/// Whether a folded tag has a word, or words in their order whatever stands between them, that start so.
fn has_tag(tag: &str, begins: &str) -> bool {
    has_word(tag, begins) || (begins.contains(' ') && has_word(&query_words(tag).join(" "), begins))
}

/// Whether a word of a folded text starts so. What is wanted may itself go over the end of a word: `project/thesis`.
fn has_word(text: &str, begins: &str) -> bool {
    let mut inside = false;
    text.char_indices().any(|(at, c)| {
        let starts = !inside;
        inside = c.is_alphanumeric();
        starts && text.get(at..).is_some_and(|rest| rest.starts_with(begins))
    })
}

/// The papers of a library by id and identifier. Items are read only for papers that are asked about, and all of them
/// only when an identifier is looked for: when a citekey or an identifier has changed.
pub struct LibraryIdentities<'a> {
    catalogue: &'a Catalogue,
    by_identifier: OnceCell<HashMap<Box<str>, PaperNo>>,
}

impl<'a> LibraryIdentities<'a> {
    /// Those of a library.
    pub fn new(catalogue: &'a Catalogue) -> LibraryIdentities<'a> {
        LibraryIdentities {
            catalogue,
            by_identifier: OnceCell::new(),
        }
    }
}

impl Identities for LibraryIdentities<'_> {
    fn contains(&self, id: &str) -> bool {
        self.catalogue.library.find_id(id).is_some()
    }

    fn holds(&self, id: &str, identifier: &str) -> bool {
        let paper = self.catalogue.library.find_id(id);
        let item = paper.and_then(|paper| self.catalogue.item(paper).ok());
        item.is_some_and(|item| identifiers(&item).iter().any(|one| **one == *identifier))
    }

    fn find(&self, identifier: &str) -> Option<&str> {
        let known = self.by_identifier.get_or_init(|| {
            let mut known = HashMap::new();
            for paper in self.catalogue.library.numbers() {
                let Ok(item) = self.catalogue.item(paper) else {
                    continue;
                };
                for identifier in identifiers(&item) {
                    known.entry(identifier).or_insert(paper);
                }
            }
            known
        });
        let paper = known.get(identifier)?;
        Some(self.catalogue.library.id(*paper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_tags_are_found_by_their_beginnings_and_across_levels() {
        assert!(has_word("project/thesis", "thes"));
        assert!(has_word("project/thesis", "project/th"));
        assert!(!has_word("project/thesis", "hesis"));
        assert!(!has_word("", "x"));
    }
}
