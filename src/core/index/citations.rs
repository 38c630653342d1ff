//! Which papers of the library cite each other.

use super::links::work;
use super::{Index, PaperNo, SearchTexts};
use crate::core::query::Field;

impl Index {
    /// The papers of the library that a paper cites, in their order.
    pub fn cites(&self, no: PaperNo) -> Vec<PaperNo> {
        let cited = self
            .links
            .references(no.0)
            .iter()
            .flat_map(|work| self.links.papers_that_are(*work));
        others(no, cited)
    }

    /// The papers of the library that cite a paper, in their order.
    pub fn cited_by(&self, no: PaperNo, texts: &dyn SearchTexts) -> Vec<PaperNo> {
        let doi = texts.folded(no, Field::Doi);
        if doi.is_empty() {
            return Vec::new();
        }
        others(no, self.links.citing(work(&doi)).iter().copied())
    }
}

fn others(no: PaperNo, papers: impl Iterator<Item = u32>) -> Vec<PaperNo> {
    let mut papers: Vec<PaperNo> = papers.map(PaperNo).filter(|paper| *paper != no).collect();
    papers.sort_unstable();
    papers.dedup();
    papers
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::core::index::{Document, IndexBuilder};

    struct Dois(Vec<&'static str>);

    impl SearchTexts for Dois {
        fn folded(&self, no: PaperNo, field: Field) -> Cow<'_, str> {
            Cow::Borrowed(if field == Field::Doi {
                self.0[no.index()]
            } else {
                ""
            })
        }

        fn year(&self, _: PaperNo) -> Option<i32> {
            None
        }
    }

    #[test]
    fn citations_within_the_library_go_both_ways() {
        let dois = Dois(vec!["10.1/a", "10.1/b", ""]);
        let mut builder = IndexBuilder::new();
        let references: [&[&str]; 3] = [&[], &["10.1/a", "10.9/elsewhere"], &["10.1/a", "10.1/b"]];
        for (doi, references) in dois.0.iter().zip(references) {
            builder.add(&Document {
                doi,
                references,
                ..Document::default()
            });
        }
        let index = builder.finish();
        assert_eq!(index.cites(PaperNo(2)), [PaperNo(0), PaperNo(1)]);
        assert_eq!(index.cites(PaperNo(0)), []);
        assert_eq!(index.cited_by(PaperNo(0), &dois), [PaperNo(1), PaperNo(2)]);
        assert_eq!(index.cited_by(PaperNo(2), &dois), []);
    }
}
