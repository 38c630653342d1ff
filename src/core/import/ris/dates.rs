//! When a record appeared.

use crate::core::date::Date;
use crate::core::import::date;

/// The year of `PY`, the day of `DA`.
#[derive(Default)]
pub(super) struct Dates {
    year: Option<Date>,
    day: Option<Date>,
}

impl Dates {
    pub(super) fn year(&mut self, value: &str) {
        if self.year.is_none() {
            self.year = date::ris(value);
        }
    }

    pub(super) fn day(&mut self, value: &str) {
        if self.day.is_none() {
            self.day = date::ris(value);
        }
    }

    pub(super) fn issued(self) -> Option<Date> {
        let (year, Some(day)) = (self.year.clone(), self.day) else {
            return self.year;
        };
        match (&year, day.start) {
            (None, _) => Some(day),
            (Some(year_alone), None) => {
                // `DA  - ///spring of 1998` says more than the year, `DA  - ////` nothing.
                if day.literal.is_some()
                    && year_alone.start.is_some_and(|start| start.month.is_none())
                {
                    return Some(day);
                }
                year
            }
            (Some(year_alone), Some(start)) => {
                let known = year_alone.start.unwrap_or_default();
                let more = known.month.is_none()
                    && (start.year == known.year || year_alone.start.is_none());
                if more { Some(day) } else { year }
            }
        }
    }
}
