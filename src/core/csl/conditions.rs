//! `choose`: which branch holds.

use super::numbers;
use super::render::{Area, Render};
use super::style::{Branch, Element, Match, Position, Test};
use super::variables::{is_date_variable, is_name_variable};

impl Render<'_> {
    /// The children of the first branch that holds.
    pub(crate) fn choose<'s>(&mut self, branches: &'s [Branch]) -> Option<&'s [Element]> {
        for branch in branches {
            let holds = match &branch.condition {
                None => true,
                Some((matching, tests)) => {
                    let mut results = tests.iter().map(|test| self.holds(test));
                    match matching {
                        Match::All => results.all(|held| held),
                        Match::Any => results.any(|held| held),
                        Match::None => !results.any(|held| held),
                    }
                }
            };
            if holds {
                return Some(&branch.children);
            }
        }
        None
    }

    fn holds(&mut self, test: &Test) -> bool {
        match test {
            Test::Type(kind) => self.item.kind() == kind,
            Test::Variable(name) => self.has(name),
            Test::IsNumeric(name) => match name.as_str() {
                "citation-number" => self.state.number > 0,
                "first-reference-note-number" => self.state.first_note.is_some(),
                _ => self
                    .value(name)
                    .is_some_and(|text| numbers::is_numeric(&text)),
            },
            Test::IsUncertainDate(name) => self.date_value(name).is_some_and(|date| date.circa),
            Test::Locator(label) => {
                self.value("locator").is_some()
                    && self.locator_label().replace('-', " ") == label.replace('-', " ")
            }
            Test::Position(position) => {
                self.area == Area::Citation
                    && match position {
                        Position::First => self.position == Position::First,
                        Position::Subsequent => self.position != Position::First,
                        Position::Ibid => {
                            matches!(self.position, Position::Ibid | Position::IbidWithLocator)
                        }
                        Position::IbidWithLocator => self.position == Position::IbidWithLocator,
                        Position::NearNote => self.near_note,
                    }
            }
            Test::Disambiguate(wanted) => self.state.disambiguate == *wanted,
        }
    }

    /// The item has a value for the variable.
    fn has(&self, name: &str) -> bool {
        match name {
            "citation-number" => self.state.number > 0,
            "year-suffix" => self.state.year_suffix.is_some(),
            "citation-label" => true,
            "first-reference-note-number" => {
                self.state.first_note.is_some() && self.position != Position::First
            }
            _ if is_name_variable(name) => !self.item.names(name).is_empty(),
            _ if is_date_variable(name) => self.date_value(name).is_some(),
            _ => self.value(name).is_some(),
        }
    }
}
