//! The PDFs attached to papers: what is known of them, and finding one that may be read freely.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fetching::Fetching;
use super::{App, Effect, Level};
use crate::config::Preview;
use crate::core::identify::{Identifier, of_item};
use crate::core::journal::{Change, Edit};
use crate::core::page::{PdfLook, first_pdf};
use crate::core::text::scrub;

/// So many files are remembered; then they are looked at anew.
const MOST_KNOWN: usize = 1000;

/// What is known of attached files, by their paths as the journals hold them.
#[derive(Debug, Clone, Default)]
pub struct PdfLooks {
    known: BTreeMap<String, PdfLook>,
    /// The file that is being looked at.
    awaited: Option<String>,
}

impl PdfLooks {
    /// What is known of the one of these files that is read.
    pub fn of(&self, files: &[String]) -> Option<&PdfLook> {
        self.known.get(first_pdf(files)?)
    }
}

/// A PDF that was found and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPdf {
    /// The paper's id.
    pub id: String,
    /// The file, as journals hold its path.
    pub file: String,
    /// Who has it: "arXiv".
    pub from: String,
}

impl App {
    /// The files attached to the paper under the cursor.
    pub fn attached_files(&self) -> Vec<String> {
        let paper = self.selected().map(|no| self.library.id(no));
        paper.map_or(Vec::new(), |id| self.notes.state().paper(id).files)
    }

    /// Has the attached PDF looked at for the number of its pages, unless that is known. While a query is typed papers
    /// come and go too fast for it.
    pub(super) fn look_at_pdf(&mut self, effects: &mut Vec<Effect>) {
        let is_typing = self.query_box.as_ref().is_some_and(|query| !query.in_page);
        let is_wanted = self.settings.preview != Preview::Off && self.reading.is_none();
        if is_typing || !is_wanted || !cfg!(feature = "pdf") {
            return;
        }
        let Some(id) = self.page.page.as_ref().map(|page| page.id.clone()) else {
            return;
        };
        let files = self.notes.state().paper(&id).files;
        let Some(file) = first_pdf(&files) else {
            return;
        };
        if self.pdf_looks.known.contains_key(file) || self.pdf_looks.awaited.as_ref() == Some(file)
        {
            return;
        }
        self.pdf_looks.awaited = Some(file.clone());
        effects.push(Effect::LookAtPdf(file.clone()));
    }

    /// Takes what is known of a file now; whether the page shows it.
    pub(super) fn pdf_looked(&mut self, file: &str, look: PdfLook) -> bool {
        let looks = &mut self.pdf_looks;
        looks.awaited.take_if(|awaited| *awaited == file);
        if looks.known.get(file) == Some(&look) {
            return false;
        }
        if looks.known.len() >= MOST_KNOWN {
            looks.known.clear();
        }
        looks.known.insert(file.to_owned(), look);
        self.compose_page();
        true
    }

    /// Whether a PDF of the paper under the cursor can be looked for.
    pub(super) fn pdf_can_be_found(&self) -> Result<(), &'static str> {
        if !self.attached_files().is_empty() {
            return Err("a PDF is attached already");
        }
        let item = self.selected().and_then(|paper| self.page.item_of(paper));
        // Of a paper whose item is still being read whoever looks finds out.
        let is_named = item.is_none_or(|item| {
            (of_item(item).iter())
                .any(|one| matches!(one, Identifier::Doi(_) | Identifier::Arxiv(_)))
        });
        if is_named {
            Ok(())
        } else {
            Err("the paper has neither a DOI nor an arXiv id")
        }
    }

    /// Looks for a PDF of the paper under the cursor that may be read freely.
    pub(super) fn find_pdf(&mut self, effects: &mut Vec<Effect>) {
        let Some(paper) = self.selected() else { return };
        let signature = self.next_signature();
        self.fetching = Some(Fetching {
            signature,
            done: 0,
            total: 1,
            who: String::new(),
            reading: None,
        });
        effects.push(Effect::FindPdf { signature, paper });
    }

    /// Takes what was found, and attaches it; whether it was awaited.
    pub(super) fn pdf_found(
        &mut self,
        signature: u64,
        found: Result<FoundPdf, String>,
        effects: &mut Vec<Effect>,
    ) -> bool {
        if (self.fetching.as_ref()).is_none_or(|one| one.signature != signature) {
            return false;
        }
        self.fetching = None;
        match found {
            Ok(found) => self.attach_found(found, effects),
            Err(reason) => self.tell(Level::Error, reason),
        }
        true
    }

    fn attach_found(&mut self, found: FoundPdf, effects: &mut Vec<Effect>) {
        let name = scrub(&found.file, false);
        let Some(paper) = self.library.find_id(&found.id) else {
            return self.tell(
                Level::Warning,
                format!("{name} is kept, but its paper is no longer in the library"),
            );
        };
        let change = Change::File {
            path: found.file.as_str().into(),
            attached: true,
        };
        let edit = Edit::new(found.id, self.known_identifiers(paper), change);
        let operations = Arc::make_mut(&mut self.notes).edit(self.wall, vec![edit]);
        self.write(operations, effects);
        self.identify(&[paper], effects);
        let text = format!(
            "PDF from {} attached · P reads it, u takes it off",
            found.from
        );
        self.tell(Level::Info, text);
    }
}
