//! What was read and how a library is made up, in numbers.

use std::collections::BTreeMap;

use super::journal::{State, Status};
use super::library::Library;
use super::moment::civil;

/// The numbers of a library and of what is noted about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Papers in the library.
    pub papers: usize,
    /// Papers of each status, in the order of [`Status::ALL`].
    pub by_status: [usize; 5],
    /// Papers read to the end in each month, by year and month from 1; months without any between the first and the
    /// last are there with 0.
    pub read_by_month: BTreeMap<(u64, u64), usize>,
    /// Papers of each tag, the most used first.
    pub by_tag: Vec<(String, usize)>,
    /// Papers of each year of publication, and how many of them are read.
    pub by_year: BTreeMap<i32, (usize, usize)>,
    /// Papers rated 1 to 5.
    pub by_rating: [usize; 5],
    /// Papers with a star.
    pub starred: usize,
    /// Papers in the reading queue.
    pub queued: usize,
    /// Comments on papers.
    pub comments: usize,
}

/// Longer gaps between two months of reading are not filled with zeros.
const LONGEST_GAP: u64 = 24;

impl Statistics {
    /// Counts.
    pub fn of(library: &Library, state: &State) -> Statistics {
        let mut counted = Statistics {
            papers: library.len(),
            ..Statistics::default()
        };
        let mut tags: BTreeMap<&str, usize> = BTreeMap::new();
        for no in library.numbers() {
            let id = library.id(no);
            let noted = state.summary(id);
            let status = Status::ALL.iter().position(|one| *one == noted.status);
            if let Some(count) = status.and_then(|at| counted.by_status.get_mut(at)) {
                *count += 1;
            }
            let is_read = noted.status == Status::Read;
            if let Some(at) = noted.finished.filter(|_| is_read) {
                let (year, month, _) = civil(at);
                *counted.read_by_month.entry((year, month)).or_default() += 1;
            }
            if let Some(year) = library.year(no) {
                let (papers, read) = counted.by_year.entry(year).or_default();
                *papers += 1;
                *read += usize::from(is_read);
            }
            let rating = usize::from(noted.rating).checked_sub(1);
            if let Some(count) = rating.and_then(|at| counted.by_rating.get_mut(at)) {
                *count += 1;
            }
            counted.starred += usize::from(noted.starred);
            counted.queued += usize::from(noted.queued);
            counted.comments += noted.comments as usize;
            if noted.tags > 0 {
                for tag in state.tags_of(id) {
                    *tags.entry(tag).or_default() += 1;
                }
            }
        }
        counted.by_tag = tags
            .into_iter()
            .map(|(tag, count)| (tag.to_owned(), count))
            .collect();
        counted
            .by_tag
            .sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counted.fill_months();
        counted
    }

    fn fill_months(&mut self) {
        let known: Vec<(u64, u64)> = self.read_by_month.keys().copied().collect();
        for pair in known.windows(2) {
            let [from, to] = pair else { continue };
            let (mut at, end) = (from.0 * 12 + from.1, to.0 * 12 + to.1);
            if end - at > LONGEST_GAP {
                continue;
            }
            while at + 1 < end {
                at += 1;
                let month = ((at - 1) / 12, (at - 1) % 12 + 1);
                self.read_by_month.entry(month).or_default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::journal::{Change, Edit, Ledger};
    use crate::core::library::Builder;

    #[test]
    fn papers_are_counted_by_what_is_noted_and_months_between_are_there() {
        let mut builder = Builder::new();
        builder
            .feed(br#"[{"id":"a","issued":{"date-parts":[[2020]]}},{"id":"b","issued":{"date-parts":[[2020]]}},{"id":"c"}]"#)
            .unwrap();
        builder.finish().unwrap();
        let mut ledger = Ledger::new("m-1");
        // 2025-11-15 and 2026-02-15.
        for (id, at) in [("a", 1_763_164_800_000), ("b", 1_771_113_600_000)] {
            let summary = ledger.state().summary(id);
            ledger.edit(at, Edit::status(id, &[], Status::Read, summary, at));
        }
        let tag = Change::Tag {
            tag: "x".into(),
            on: true,
        };
        ledger.edit(2_000_000_000_000, vec![Edit::new("a", vec![], tag)]);
        ledger.edit(
            2_000_000_000_001,
            vec![Edit::new("c", vec![], Change::Rating(5))],
        );
        let counted = Statistics::of(builder.library(), ledger.state());
        assert_eq!((counted.papers, counted.by_status), (3, [1, 0, 2, 0, 0]));
        let months: Vec<_> = counted.read_by_month.into_iter().collect();
        let expected = [
            ((2025, 11), 1),
            ((2025, 12), 0),
            ((2026, 1), 0),
            ((2026, 2), 1),
        ];
        assert_eq!(months, expected);
        assert_eq!(counted.by_year[&2020], (2, 2));
        assert_eq!(counted.by_tag, [("x".to_owned(), 1)]);
        assert_eq!(counted.by_rating, [0, 0, 0, 0, 1]);
    }
}
