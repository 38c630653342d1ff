//! Papers that are alike as the answer to a query: `like:key`, `like:"some text"` and `is:suggested`, alone or with
//! further conditions.

use std::collections::{HashMap, HashSet};

use super::catalogue::{Catalogue, LEAST_LIKENESS, why};
use super::for_you::Suggestions;
use super::index::{Hits, Index, SearchTexts};
use super::paper::PaperNo;
use super::query::{Condition, Query};

/// So many papers are listed.
const LISTED: usize = 100;
/// So many are looked at where further conditions leave some of them out.
const LOOKED_AT: usize = 400;
/// Of the likeness to a text of the first paper, what the last one listed has at least.
const LEAST_OF_FIRST: f32 = 0.4;

type Found = Vec<(PaperNo, f32, String)>;

impl Catalogue {
    /// Answers a query that asks for papers that are alike; the most alike first. What else it asks for leaves some of
    /// them out.
    pub(super) fn alike(
        &self,
        query: &Query,
        texts: &dyn SearchTexts,
        cancel: &dyn Fn() -> bool,
    ) -> Hits {
        let Some(index) = self
            .index
            .as_ref()
            .filter(|index| index.len() == self.library.len())
        else {
            return Hits::nothing(
                "The library is being indexed; what is alike is known in a moment",
            );
        };
        let others = query.without_likeness();
        let limit = if others.is_empty() { LISTED } else { LOOKED_AT };
        let mut found: Option<Found> = None;
        for condition in query.wanted().filter(|condition| condition.is_likeness()) {
            let of_one = match condition {
                Condition::Like(like) => self.like(index, like, limit, texts),
                _ => match self.suggested(limit, cancel) {
                    Ok(suggested) => suggested,
                    Err(reason) => return Hits::nothing(reason),
                },
            };
            found = Some(match found {
                None => of_one,
                Some(found) => in_both(found, of_one),
            });
        }
        let mut found = found.unwrap_or_default();
        if !others.is_empty() {
            let fitting = index.search(&others, texts, cancel);
            let fitting: HashSet<PaperNo> = fitting.papers().iter().copied().collect();
            found.retain(|(no, ..)| fitting.contains(no));
            found.truncate(LISTED);
        }
        Hits::alike(found)
    }

    /// Papers like the one of this id, or else like this text.
    fn like(&self, index: &Index, like: &str, limit: usize, texts: &dyn SearchTexts) -> Found {
        let (similar, least) = if let Some(no) = self.library.find_id(like) {
            (index.similar(no, limit, texts), LEAST_LIKENESS)
        } else {
            let similar = index.similar_to_text(like, limit, texts);
            let first = similar.first().map_or(0.0, |first| first.score);
            (similar, first * LEAST_OF_FIRST)
        };
        let similar = similar.into_iter().filter(|one| one.score >= least);
        similar.map(|one| (one.no, one.score, why(&one))).collect()
    }

    fn suggested(&self, limit: usize, cancel: &dyn Fn() -> bool) -> Result<Found, &'static str> {
        match self.for_you(limit, cancel) {
            Suggestions::Papers(papers) => {
                let papers = papers.iter();
                Ok(papers
                    .map(|one| (one.no, one.score, self.why_for_you(one)))
                    .collect())
            }
            none => Err(none.reason().unwrap_or_default()),
        }
    }
}

/// The papers of the first that are in the second, with the reasons of both.
fn in_both(first: Found, second: Found) -> Found {
    let second: HashMap<PaperNo, String> =
        second.into_iter().map(|(no, _, why)| (no, why)).collect();
    first
        .into_iter()
        .filter_map(|(no, score, why)| {
            let other = second.get(&no)?;
            Some((no, score, format!("{why} · {other}")))
        })
        .collect()
}
