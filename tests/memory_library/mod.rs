//! A CSL-JSON library held in memory as the index sees it.

use std::borrow::Cow;
use std::path::Path;

use offprint::core::index::{Document, Index, IndexBuilder, SearchTexts};
use offprint::core::paper::PaperNo;
use offprint::core::query::Field;
use offprint::core::text::{clean, fold};
use serde_json::Value;

/// One paper: display texts in the order of [`Field::ALL`].
pub(crate) struct Paper {
    pub(crate) id: String,
    pub(crate) texts: [String; 7],
    pub(crate) year: Option<i32>,
}

/// All papers, with their folded texts.
pub(crate) struct MemoryLibrary {
    pub(crate) papers: Vec<Paper>,
    folded: Vec<[String; 7]>,
    heads: Vec<String>,
}

fn text(item: &Value, key: &str) -> String {
    clean(item[key].as_str().unwrap_or_default()).into_string()
}

fn name(name: &Value) -> String {
    let part = |key: &str| name[key].as_str().unwrap_or_default().to_owned();
    format!("{} {}{}", part("given"), part("family"), part("literal"))
        .trim()
        .to_owned()
}

impl MemoryLibrary {
    pub(crate) fn open(path: &str) -> MemoryLibrary {
        let bytes = std::fs::read(Path::new(path)).expect("the library is there");
        let items: Vec<Value> = serde_json::from_slice(&bytes).expect("a JSON array");
        MemoryLibrary::new(items.iter().map(|item| {
            let authors: Vec<String> = item["author"]
                .as_array()
                .map(|all| all.iter().map(name).collect())
                .unwrap_or_default();
            Paper {
                id: item["id"].as_str().unwrap_or_default().to_owned(),
                texts: [
                    text(item, "title"),
                    authors.join("; "),
                    text(item, "container-title"),
                    text(item, "keyword"),
                    text(item, "id"),
                    text(item, "DOI"),
                    text(item, "abstract"),
                ],
                year: item["issued"]["date-parts"][0][0]
                    .as_i64()
                    .map(|year| year as i32),
            }
        }))
    }

    pub(crate) fn new(papers: impl Iterator<Item = Paper>) -> MemoryLibrary {
        let papers: Vec<Paper> = papers.collect();
        let folded: Vec<[String; 7]> = papers
            .iter()
            .map(|paper| paper.texts.each_ref().map(|text| fold(text).into_owned()))
            .collect();
        let heads = folded.iter().map(|texts| texts[..6].join("\n")).collect();
        MemoryLibrary {
            papers,
            folded,
            heads,
        }
    }

    pub(crate) fn index(&self) -> Index {
        let mut builder = IndexBuilder::new();
        for paper in &self.papers {
            let [title, authors, venue, keywords, id, doi, abstract_text] = &paper.texts;
            builder.add(&Document {
                title,
                authors,
                venue,
                year: paper.year,
                keywords,
                id,
                doi,
                abstract_text,
                references: &[],
            });
        }
        builder.finish()
    }

    pub(crate) fn find(&self, id: &str) -> Option<PaperNo> {
        self.papers
            .iter()
            .position(|paper| paper.id == id)
            .map(|at| PaperNo(at as u32))
    }
}

impl SearchTexts for MemoryLibrary {
    fn folded(&self, no: PaperNo, field: Field) -> Cow<'_, str> {
        Cow::Borrowed(&self.folded[no.index()][field as usize])
    }

    fn head(&self, no: PaperNo) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.heads[no.index()]))
    }

    fn year(&self, no: PaperNo) -> Option<i32> {
        self.papers[no.index()].year
    }
}
