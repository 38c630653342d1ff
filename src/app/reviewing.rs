//! What a service says otherwise about a paper than the library: shown field by field, and taken over where the reader
//! says so.

use super::chooser::{Choice, Chooser, Pick};
use super::overlay::Overlay;
use super::writing::{FieldsEdit, Wanted, in_short};
use super::{App, Effect, Level};
use crate::core::item::Item;
use crate::core::services::differing::{Differing, accepted};
use crate::core::text::scrub;

/// Rows of the menu above those of the fields.
const ROWS_ABOVE: usize = 3;

/// What a service says otherwise about a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The id of the paper.
    pub id: String,
    /// Who says so.
    pub from: String,
    /// The item as the library has it.
    pub here: Item,
    /// The item of the service.
    pub there: Item,
    /// The fields in which they differ, never none.
    pub differing: Vec<Differing>,
}

/// What is done with a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewPick {
    /// The marked fields are taken over.
    Marked,
    /// All fields are taken over.
    All,
    /// Nothing is.
    None,
    /// The field with this number is marked, or no longer.
    Mark(usize),
}

/// A review and which of its fields are marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenReview {
    review: Review,
    marked: Vec<bool>,
}

impl From<Review> for OpenReview {
    /// What the library lacks is marked, what it says otherwise is not.
    fn from(review: Review) -> OpenReview {
        let marked = review.differing.iter().map(|one| one.here.is_none());
        OpenReview {
            marked: marked.collect(),
            review,
        }
    }
}

impl App {
    /// There is something to accept.
    pub fn has_reviews(&self) -> bool {
        !self.reviews.is_empty()
    }

    /// How many papers there is something to accept of, and how many fields in all, in words; empty for none.
    pub(super) fn differing_words(&self) -> String {
        let count = |one: &OpenReview| one.review.differing.len();
        match self
            .reviews
            .iter()
            .map(count)
            .collect::<Vec<_>>()
            .as_slice()
        {
            [] => String::new(),
            [1] => " · 1 field differs: gr".to_owned(),
            [fields] => format!(" · {fields} fields differ: gr"),
            papers => format!(" · {} papers differ: gr", papers.len()),
        }
    }

    /// Shows the first review with the cursor on a row.
    pub(super) fn open_review(&mut self, row: usize) {
        let Some(open) = self.reviews.first() else {
            return self.tell(
                Level::Info,
                "There is nothing to accept · m asks the services",
            );
        };
        let review = &open.review;
        let marked = open.marked.iter().filter(|marked| **marked).count();
        let fields = |count: usize| match count {
            1 => "1 field".to_owned(),
            many => format!("{many} fields"),
        };
        let pick = |pick| Pick::Review(pick);
        let all = review.differing.len();
        let mut rows = vec![
            Choice::new(
                Some('y'),
                format!("accept {}", fields(marked)),
                pick(ReviewPick::Marked),
            )
            .detail("those with a mark; Enter on a field sets it")
            .unless(marked > 0, "no field is marked"),
            Choice::new(
                Some('a'),
                format!("accept all {}", fields(all)),
                pick(ReviewPick::All),
            ),
            Choice::new(Some('n'), "nothing", pick(ReviewPick::None))
                .detail("the library stays as it is"),
        ];
        for (number, (one, marked)) in review.differing.iter().zip(&open.marked).enumerate() {
            let detail = in_short(one.here.as_deref(), Some(&one.there));
            let label = scrub(&one.field, false);
            let choice = Choice::new(None, label, pick(ReviewPick::Mark(number)));
            rows.push(choice.detail(detail).ticked(*marked));
        }
        let more = match self.reviews.len() {
            1 => String::new(),
            papers => format!(" · {} more", papers - 1),
        };
        let (from, id) = (scrub(&review.from, false), scrub(&review.id, false));
        let title = format!("{from} about {id}{more}");
        let mut chooser = Chooser::new(&title, rows);
        chooser.cursor.go(row, chooser.choices.len());
        self.overlay = Some(Overlay::Chooser(chooser));
    }

    /// Does what a row of the menu says.
    pub(super) fn review(&mut self, pick: ReviewPick, effects: &mut Vec<Effect>) {
        let Some(open) = self.reviews.first_mut() else {
            return;
        };
        if let ReviewPick::Mark(number) = pick {
            if let Some(marked) = open.marked.get_mut(number) {
                *marked = !*marked;
            }
            return self.open_review(number + ROWS_ABOVE);
        }
        let OpenReview { review, marked } = self.reviews.remove(0);
        if pick == ReviewPick::None {
            if !self.reviews.is_empty() {
                self.open_review(0);
            }
            return;
        }
        let wanted: Vec<&str> = (review.differing.iter().zip(&marked))
            .filter(|(_, marked)| **marked || pick == ReviewPick::All)
            .map(|(one, _)| one.field.as_str())
            .collect();
        let before = review.here.fields().clone();
        let is_wanted = |field: &str| wanted.contains(&field);
        let edit = FieldsEdit {
            id: review.id.clone(),
            draft: None,
            after: accepted(&before, &review.there, &review.differing, &is_wanted),
            before,
        };
        self.want_written(Wanted::Edit(Box::new(edit)), effects);
    }
}
