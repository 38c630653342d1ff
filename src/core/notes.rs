//! What the reader noted, where it meets the library: conditions of a query, and the papers that the notes mean.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::catalogue::Catalogue;
use super::index::words::query_words;
use super::item::bare_doi;
use super::journal::{Identities, Ledger, Operation, Status};
use super::library::{ItemSource, Library};
use super::paper::PaperNo;
use super::query::{Filter, Has, Is};
use super::text::{clean, fold};

/// How much the reader has had to do with a paper: all for a starred one, some for one that was begun, queued or
/// opened.
pub(super) fn own_use(catalogue: &Catalogue, no: PaperNo) -> f32 {
    let noted = catalogue.notes.state().summary(catalogue.library.id(no));
    if noted.deleted || noted.status == Status::Abandoned {
        0.0
    } else if noted.starred {
        1.0
    } else if noted.queued || noted.status != Status::Unread || noted.opened.is_some() {
        0.5
    } else {
        0.0
    }
}

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
        // No source of retractions and of findings is asked yet; what is suggested is not seen in a paper alone.
        Filter::Is(Is::Retracted | Is::Suggested) | Filter::Has(Has::Findings) => false,
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

/// Papers looked up before a table of all ids is made.
const TABLE_AFTER: u32 = 2000;

/// The papers of a library by id and identifier. Items are read only for papers that are asked about, and all of them
/// only when an identifier is looked for that its paper does not have: when a citekey or an identifier has changed.
pub struct LibraryIdentities<'a> {
    library: &'a Library,
    source: &'a dyn ItemSource,
    asked: Cell<u32>,
    by_id: OnceCell<HashMap<&'a str, PaperNo>>,
    by_identifier: OnceCell<HashMap<Box<str>, PaperNo>>,
}

impl<'a> LibraryIdentities<'a> {
    /// Those of a library.
    pub fn new(library: &'a Library, source: &'a dyn ItemSource) -> LibraryIdentities<'a> {
        LibraryIdentities {
            library,
            source,
            asked: Cell::new(0),
            by_id: OnceCell::new(),
            by_identifier: OnceCell::new(),
        }
    }

    fn paper(&self, id: &str) -> Option<PaperNo> {
        self.asked.set(self.asked.get().saturating_add(1));
        // The library finds a few ids by itself in less time than a table of all takes to be made.
        if self.asked.get() < TABLE_AFTER {
            return self.library.find_id(id);
        }
        let known = self.by_id.get_or_init(|| papers_by_id(self.library));
        let bare = || known.get(id.strip_prefix("arXiv:")?);
        known.get(id).or_else(bare).copied()
    }
}

/// The first paper of each id.
pub fn papers_by_id(library: &Library) -> HashMap<&str, PaperNo> {
    let mut known = HashMap::with_capacity(library.len());
    for paper in library.numbers() {
        known.entry(library.id(paper)).or_insert(paper);
    }
    known
}

impl Identities for LibraryIdentities<'_> {
    fn contains(&self, id: &str) -> bool {
        self.paper(id).is_some()
    }

    fn holds(&self, id: &str, identifier: &str) -> bool {
        self.paper(id).is_some_and(|paper| {
            let identifiers = self.library.identifiers(paper, self.source);
            identifiers.iter().any(|one| **one == *identifier)
        })
    }

    fn find(&self, identifier: &str) -> Option<&str> {
        let known = self.by_identifier.get_or_init(|| {
            let mut known = HashMap::new();
            for paper in self.library.numbers() {
                for identifier in self.library.identifiers(paper, self.source) {
                    known.entry(identifier).or_insert(paper);
                }
            }
            known
        });
        let paper = known.get(identifier)?;
        Some(self.library.id(*paper))
    }
}

/// A library read anew, compared with the one before: for each paper of the old one, which it is in the new one. By
/// id; a paper whose id is gone, by an identifier.
pub fn moved_papers(
    (old, old_source): (&Library, &dyn ItemSource),
    (new, new_source): (&Library, &dyn ItemSource),
) -> Vec<Option<PaperNo>> {
    let by_id = papers_by_id(new);
    let identities = LibraryIdentities::new(new, new_source);
    old.numbers()
        .map(|paper| {
            by_id.get(old.id(paper)).copied().or_else(|| {
                let identifiers = old.identifiers(paper, old_source);
                let id = identifiers.iter().find_map(|one| identities.find(one))?;
                by_id.get(id).copied()
            })
        })
        .collect()
}

/// Notes brought up to date with a library and with what others noted.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The notes this was made from: when they are others by now, it has to be done again.
    pub of: Arc<Ledger>,
    /// What others noted, now taken in.
    pub operations: Vec<Operation>,
    /// The notes as they are then.
    pub notes: Arc<Ledger>,
    /// How many papers with notes are not in the library.
    pub orphans: usize,
}

/// Takes in what others noted, and finds the papers of a library that the notes mean. Takes a while in a large library.
pub fn settle(
    notes: &Arc<Ledger>,
    operations: Vec<Operation>,
    library: &Library,
    source: &dyn ItemSource,
) -> Settled {
    let mut ledger = Ledger::clone(notes);
    ledger.absorb(operations.clone());
    let identities = LibraryIdentities::new(library, source);
    ledger.state_mut().place(&identities);
    Settled {
        of: Arc::clone(notes),
        operations,
        orphans: ledger.state().orphans().len(),
        notes: Arc::new(ledger),
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
