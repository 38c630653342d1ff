//! The rows of the list, the paper under the cursor, and the papers that are selected.

use std::collections::BTreeSet;

use super::App;
use crate::core::index::Hits;
use crate::core::paper::PaperNo;

impl App {
    /// The number of rows in the list.
    pub fn rows(&self) -> usize {
        self.hits.as_ref().map_or(self.library.len(), Hits::total)
    }

    /// The paper of a row.
    pub fn paper_at(&self, row: usize) -> Option<PaperNo> {
        match &self.hits {
            Some(hits) => hits.paper(row),
            None => {
                (row < self.library.len()).then(|| PaperNo(u32::try_from(row).unwrap_or(u32::MAX)))
            }
        }
    }

    /// The row of a paper, if it is in the list.
    pub fn row_of(&self, paper: PaperNo) -> Option<usize> {
        match &self.hits {
            Some(hits) => hits.rank(paper),
            None => ((paper.0 as usize) < self.library.len()).then_some(paper.0 as usize),
        }
    }

    /// The paper under the cursor.
    pub fn selected(&self) -> Option<PaperNo> {
        self.paper_at(self.cursor.selected)
    }

    /// What a copy is made of: the selected papers in the order of the list, else the one under the cursor.
    pub fn chosen_papers(&self) -> Vec<PaperNo> {
        let mut chosen = self.marked.clone();
        chosen.extend(self.range_papers());
        if chosen.is_empty() {
            return self.selected().into_iter().collect();
        }
        match &self.hits {
            None => chosen.into_iter().collect(),
            Some(hits) => {
                let mut listed: Vec<PaperNo> = hits
                    .papers()
                    .iter()
                    .copied()
                    .filter(|paper| chosen.contains(paper))
                    .collect();
                // Papers selected before the search are still selected.
                let shown: BTreeSet<PaperNo> = listed.iter().copied().collect();
                listed.extend(chosen.difference(&shown));
                listed
            }
        }
    }

    /// The papers between the beginning of the range and the cursor.
    pub(super) fn range_papers(&self) -> Vec<PaperNo> {
        let Some(from) = self.range_from else {
            return Vec::new();
        };
        let (first, last) = (
            from.min(self.cursor.selected),
            from.max(self.cursor.selected),
        );
        (first..=last)
            .filter_map(|row| self.paper_at(row))
            .collect()
    }

    /// Whether a row is selected, or would be by the range.
    pub fn is_marked(&self, row: usize, paper: PaperNo) -> bool {
        let in_range = self.range_from.is_some_and(|from| {
            (from.min(self.cursor.selected)..=from.max(self.cursor.selected)).contains(&row)
        });
        in_range || self.marked.contains(&paper)
    }
}
