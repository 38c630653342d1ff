//! Everything that can be asked of a library: search, pages, similar papers, citations.
//!
//! The app's workers and the command line ask the same questions here. Items are read from their source when they are
//! asked for; nothing but the columns of the library is held.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::cite::{self, StyleError, StyleSource, Way};
use super::csl::Rich;
use super::csl::sentence_case::{ProperNouns, sentence_case};
use super::findings::{self, AbstractText, Extract, ModelFindings, NoExtract};
use super::identify;
use super::index::{Hits, Index, SearchTexts, scan};
use super::item::Item;
use super::journal::Ledger;
use super::library::{ItemSource, Library, SourceError, Texts};
use super::order::{self, Order, SortKey};
use super::page::{Related, RelatedPaper, byline, short_authors};
use super::paper::PaperNo;
use super::query::{Field, Filter, Query};
use super::services::{MetricsSource, StoredMetrics};
use super::text::{clean, scrub};

/// How many similar papers a page shows.
pub const SIMILAR_SHOWN: usize = 8;
/// Likeness below this is chance, not kinship.
pub(super) const LEAST_LIKENESS: f32 = 0.08;

/// An item as its page needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct PageItem {
    /// The item.
    pub item: Item,
    /// The citation key.
    pub key: String,
    /// Ready citations: label and text.
    pub citations: Vec<(String, String)>,
    /// Figures that were fetched, if ever.
    pub metrics: Option<StoredMetrics>,
    /// Key findings from its abstract.
    pub findings: Result<Extract, NoExtract>,
    /// What a model said about it, where the reader asked one; whoever keeps that fills it in.
    pub by_model: Option<ModelFindings>,
}

/// A library with its index and its source.
#[derive(Clone)]
pub struct Catalogue {
    /// The papers.
    pub library: Library,
    /// The index, once it is made.
    pub index: Option<Arc<Index>>,
    /// Where items are read from.
    pub source: Arc<dyn ItemSource>,
    /// Where citation styles come from.
    pub styles: Arc<dyn StyleSource>,
    /// What the reader noted about the papers.
    pub notes: Arc<Ledger>,
    /// Cite titles that are in Title Case in sentence case.
    pub sentence_case: Option<Arc<SentenceCase>>,
    /// Where fetched figures are kept.
    pub metrics: Arc<dyn MetricsSource>,
}

/// What citing in sentence case has to know: the proper nouns of the library, learned when they are first needed.
#[derive(Debug, Default)]
pub struct SentenceCase(OnceLock<ProperNouns>);

/// Proper nouns are learned from at most so many abstracts, taken from all over the library.
const ABSTRACTS_READ: usize = 2000;

/// Papers written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// As plain text.
    pub text: String,
    /// With italics and bold, where a style has them.
    pub html: Option<String>,
}

/// Why papers could not be written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CiteError {
    /// The item could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The item has nothing to give in this format.
    #[error("{0}")]
    Unavailable(String),
    /// The style cannot be used.
    #[error(transparent)]
    Style(#[from] StyleError),
}

impl Catalogue {
    fn texts(&self) -> Noted<'_> {
        let texts = Texts {
            library: &self.library,
            source: self.source.as_ref(),
        };
        Noted {
            catalogue: self,
            texts,
        }
    }

    /// Reads the item of a paper.
    ///
    /// # Errors
    /// When the source cannot be read or has changed.
    pub fn item(&self, paper: PaperNo) -> Result<Item, SourceError> {
        self.library.item(paper, self.source.as_ref())
    }

    /// The identifiers of the papers with these ids, as [`super::journal::identifiers`] gives them.
    pub fn identify(&self, ids: Vec<String>) -> Vec<(String, Vec<Box<str>>)> {
        let of = |id: &str| {
            let no = self.library.find_id(id)?;
            Some(self.library.identifiers(no, self.source.as_ref()))
        };
        ids.into_iter()
            .map(|id| {
                let identifiers = of(&id).unwrap_or_default();
                (id, identifiers)
            })
            .collect()
    }

    /// Understands a query, with the searches that the reader saved: `@name`.
    pub fn parse(&self, query: &str) -> Query {
        let state = self.notes.state();
        Query::parse_with(query, &state.searches().collect::<Vec<_>>())
    }

    /// Papers that match a query: in the order wanted, or else the best first and those of the reading queue in its
    /// order. Without an index the texts themselves are searched.
    pub fn search(&self, query: &Query, order: Order, cancel: &dyn Fn() -> bool) -> Hits {
        let texts = self.texts();
        let mut hits = match &self.index {
            _ if query.asks_likeness() => self.alike(query, &texts, cancel),
            Some(index) if index.len() == self.library.len() => index.search(query, &texts, cancel),
            _ => scan(query, self.library.len(), &texts, false, cancel),
        };
        let order = if order.is_given() && query.is_of_queue() {
            order.choose(SortKey::Queue)
        } else {
            order
        };
        if !order.is_given() {
            hits.reorder(|papers| order::sort(papers, order, &self.library, self.notes.state()));
        }
        hits
    }

    /// The citation key of a paper: its id where that is usable, else one made of its facts.
    ///
    /// # Errors
    /// When the item has to be read for it and cannot be.
    pub fn key(&self, paper: PaperNo) -> Result<String, SourceError> {
        let id = self.library.id(paper);
        if cite::key::usable(id) {
            return Ok(id.to_owned());
        }
        let item = self.item(paper)?;
        Ok(self.key_of(paper, &item))
    }

    fn key_of(&self, paper: PaperNo, item: &Item) -> String {
        let id = self.library.id(paper);
        if cite::key::usable(id) {
            return id.to_owned();
        }
        cite::key::unique(cite::key::derive_key(item), |key| {
            self.library
                .find_id(key)
                .is_some_and(|other| other != paper)
        })
    }

    /// What the page of a paper needs of its item, with its citation in each of the `ways` that have one.
    ///
    /// # Errors
    /// When the item cannot be read.
    pub fn page_item(&self, paper: PaperNo, ways: &[Way]) -> Result<PageItem, SourceError> {
        let item = self.item(paper)?;
        let key = self.key_of(paper, &item);
        let items = [(item, key)];
        let citations = ways
            .iter()
            .filter_map(|way| Some((way.label(), self.write(way, &items).ok()?.text)))
            .collect();
        let [(item, key)] = items;
        Ok(PageItem {
            metrics: self.fetched(&item),
            findings: findings::extract(&AbstractText::of(
                &item.text("abstract").unwrap_or_default(),
            )),
            by_model: None,
            item,
            key,
            citations,
        })
    }

    /// The papers of which it was fetched that they are retracted. The library is looked through only if there are
    /// retracted papers at all.
    pub fn retracted(&self, cancel: &dyn Fn() -> bool) -> BTreeSet<PaperNo> {
        self.retracted_among(self.library.numbers(), cancel)
    }

    /// Those of the papers of which it was fetched that they are retracted.
    pub fn retracted_among(
        &self,
        papers: impl Iterator<Item = PaperNo>,
        cancel: &dyn Fn() -> bool,
    ) -> BTreeSet<PaperNo> {
        let keys = self.metrics.retracted();
        if keys.is_empty() {
            return BTreeSet::new();
        }
        let is_retracted = |paper: &PaperNo| {
            let identifiers = self.library.identifiers(*paper, self.source.as_ref());
            identifiers.iter().any(|key| keys.contains(key.as_ref()))
        };
        papers
            .take_while(|_| !cancel())
            .filter(is_retracted)
            .collect()
    }

    /// The figures that were fetched about an item, under any of its identifiers.
    pub fn fetched(&self, item: &Item) -> Option<StoredMetrics> {
        let keys: Vec<String> = identify::of_item(item)
            .iter()
            .map(identify::Identifier::key)
            .collect();
        self.metrics.find(&keys)
    }

    /// Papers written down, in the order given; a bibliography is sorted as its style says.
    ///
    /// # Errors
    /// When an item cannot be read, has nothing to give in this format, or the style cannot be used.
    pub fn cite(&self, way: &Way, papers: &[PaperNo]) -> Result<Written, CiteError> {
        let mut items = Vec::with_capacity(papers.len());
        for paper in papers {
            let item = self.item(*paper)?;
            let key = self.key_of(*paper, &item);
            items.push((item, key));
        }
        self.write(way, &items)
    }

    fn write(&self, way: &Way, items: &[(Item, String)]) -> Result<Written, CiteError> {
        if let Way::Format(format) = way {
            let borrowed: Vec<(&Item, &str)> = items
                .iter()
                .map(|(item, key)| (item, key.as_str()))
                .collect();
            let text = cite::render(*format, &borrowed)
                .map_err(|error| CiteError::Unavailable(error.to_string()))?;
            return Ok(Written { text, html: None });
        }
        let items: Vec<Item> = items.iter().map(|(item, _)| item.clone()).collect();
        if let Way::Share(style) = way {
            let entries = self.entries(style, items.clone())?;
            let blocks: Vec<String> = entries
                .iter()
                .filter_map(|(at, entry)| {
                    Some(cite::link::share(items.get(*at)?, &entry.markdown()))
                })
                .collect();
            return Ok(Written {
                text: scrub(&blocks.join("\n\n---\n\n"), true),
                html: None,
            });
        }
        let rich = match way {
            Way::InText(style) => vec![self.in_text(style, items)?],
            _ => self
                .entries(way.style().unwrap_or_default(), items)?
                .into_iter()
                .map(|(_, entry)| entry)
                .collect(),
        };
        let text: Vec<String> = rich
            .iter()
            .map(|entry| scrub(&entry.plain(), true))
            .collect();
        let html: Vec<String> = rich
            .iter()
            .map(|entry| format!("<p>{}</p>", entry.html()))
            .collect();
        Ok(Written {
            text: text.join("\n"),
            html: Some(html.join("\n")),
        })
    }

    /// Bibliography entries in a style, each with the index of its item: of one item without number, of several
    /// sorted and numbered as the style says.
    ///
    /// # Errors
    /// When the style cannot be used.
    pub fn entries(&self, style: &str, items: Vec<Item>) -> Result<Vec<(usize, Rich)>, CiteError> {
        let style = self.styles.load(style)?;
        Ok(style.entries(&self.cased(items))?)
    }

    /// The items as one list, sorted and numbered as the style says, with year suffixes.
    ///
    /// # Errors
    /// When the style cannot be used.
    pub fn bibliography(
        &self,
        style: &str,
        items: Vec<Item>,
    ) -> Result<Vec<(usize, Rich)>, CiteError> {
        let style = self.styles.load(style)?;
        Ok(style.bibliography(&self.cased(items))?)
    }

    /// The citation of all items at one place in the text.
    ///
    /// # Errors
    /// When the style cannot be used.
    pub fn in_text(&self, style: &str, items: Vec<Item>) -> Result<Rich, CiteError> {
        let style = self.styles.load(style)?;
        Ok(style.in_text(&self.cased(items)))
    }

    /// The items with their titles in the case that is wanted.
    fn cased(&self, items: Vec<Item>) -> Vec<Item> {
        let Some(case) = &self.sentence_case else {
            return items;
        };
        let known = case.0.get_or_init(|| self.proper_nouns());
        items
            .into_iter()
            .map(|item| {
                let mut fields = item.fields().clone();
                if let Some(title) = item.text("title") {
                    let language = item.text("language");
                    let about = item.text("abstract").map(|raw| clean(&raw).into_string());
                    let cased = sentence_case(&title, language.as_deref(), about.as_deref(), known);
                    fields.insert("title".to_owned(), cased.into());
                }
                Item::from_fields(fields)
            })
            .collect()
    }

    fn proper_nouns(&self) -> ProperNouns {
        let mut known = ProperNouns::default();
        let every = self.library.len().div_ceil(ABSTRACTS_READ).max(1);
        for paper in self.library.numbers().step_by(every) {
            if let Some(text) = self
                .item(paper)
                .ok()
                .and_then(|item| item.text("abstract").map(Cow::into_owned))
            {
                known.learn(&clean(&text));
            }
        }
        known
    }

    /// What the library knows about a paper beside its item. Empty until there is an index.
    pub fn related(&self, paper: PaperNo, limit: usize) -> Related {
        let Some(index) = &self.index else {
            return Related::default();
        };
        let texts = self.texts();
        let similar = index
            .similar(paper, limit, &texts)
            .into_iter()
            .filter(|found| found.score >= LEAST_LIKENESS)
            .map(|found| {
                let hundredths = (found.score.clamp(0.0, 1.0) * 100.0).round() as u8;
                self.related_paper(found.no, Some(hundredths), why(&found))
            })
            .collect();
        let listed = |papers: Vec<PaperNo>, why: &str| {
            papers
                .into_iter()
                .map(|paper| self.related_paper(paper, None, why.to_owned()))
                .collect()
        };
        let mut related = Related {
            similar,
            cites: listed(index.cites(paper), "cited by this paper"),
            cited_by: listed(index.cited_by(paper, &texts), "cites this paper"),
        };
        self.mark_retracted(&mut related);
        related
    }

    fn mark_retracted(&self, related: &mut Related) {
        let lists = [
            &mut related.similar,
            &mut related.cites,
            &mut related.cited_by,
        ];
        let mut all: Vec<&mut RelatedPaper> = lists.into_iter().flatten().collect();
        let retracted = self.retracted_among(all.iter().map(|one| one.no), &|| false);
        for one in &mut all {
            if retracted.contains(&one.no) {
                one.title.insert_str(0, "RETRACTED ");
            }
        }
    }

    fn related_paper(&self, no: PaperNo, score: Option<u8>, why: String) -> RelatedPaper {
        let library = &self.library;
        let authors = short_authors(
            library.authors(no).map(|author| author.short),
            library.authors_truncated(no),
        );
        let title = library.title(no);
        RelatedPaper {
            no,
            id: library.id(no).to_owned(),
            title: if title.is_empty() {
                "Untitled".to_owned()
            } else {
                title.to_owned()
            },
            byline: byline(&authors, None, library.year(no)),
            score,
            why,
        }
    }
}

/// "shares: car-t, solid tumor" and whatever else speaks for it.
pub fn why(found: &super::index::Similar) -> String {
    let mut parts = Vec::new();
    if !found.shared_terms.is_empty() {
        parts.push(format!("shares: {}", found.shared_terms.join(", ")));
    }
    if !found.shared_authors.is_empty() {
        parts.push(format!("same author: {}", found.shared_authors.join(", ")));
    }
    match found.shared_references {
        0 => {}
        1 => parts.push("1 shared reference".to_owned()),
        many => parts.push(format!("{many} shared references")),
    }
    if found.cited {
        parts.push("cited by it".to_owned());
    }
    if found.cites {
        parts.push("cites it".to_owned());
    }
    parts.join(" · ")
}

/// The texts of a library, and what the reader noted about its papers.
struct Noted<'a> {
    catalogue: &'a Catalogue,
    texts: Texts<'a>,
}

impl SearchTexts for Noted<'_> {
    fn folded(&self, no: PaperNo, field: Field) -> Cow<'_, str> {
        self.texts.folded(no, field)
    }

    fn year(&self, no: PaperNo) -> Option<i32> {
        self.texts.year(no)
    }

    fn own_use(&self, no: PaperNo) -> f32 {
        super::notes::own_use(self.catalogue, no)
    }

    fn holds(&self, no: PaperNo, filter: &Filter) -> bool {
        super::notes::holds(self.catalogue, no, filter)
    }
}
