//! The places one jumped from, to go back to.

use crate::core::paper::PaperNo;

/// A place: what was searched and which paper was selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The query, empty for the whole library.
    pub query: String,
    /// The paper.
    pub paper: PaperNo,
}

/// Places one has left, and those left by going back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jumps {
    back: Vec<Place>,
    forward: Vec<Place>,
}

/// More places than this are forgotten, oldest first.
const LONGEST: usize = 100;

impl Jumps {
    /// Remembers the place one leaves.
    pub fn leave(&mut self, place: Place) {
        self.forward.clear();
        if self.back.last() != Some(&place) {
            self.back.push(place);
        }
        if self.back.len() > LONGEST {
            self.back.remove(0);
        }
    }

    /// The place before, given the one that is left.
    pub fn back(&mut self, from: Place) -> Option<Place> {
        let place = self.back.pop()?;
        self.forward.push(from);
        Some(place)
    }

    /// The place that was left by going back.
    pub fn forward(&mut self, from: Place) -> Option<Place> {
        let place = self.forward.pop()?;
        self.back.push(from);
        Some(place)
    }

    /// Gives every place the number its paper has now; those whose paper is gone are forgotten.
    pub fn renumber(&mut self, now: impl Fn(PaperNo) -> Option<PaperNo>) {
        for places in [&mut self.back, &mut self.forward] {
            places.retain_mut(|place| {
                let paper = now(place.paper);
                place.paper = paper.unwrap_or(place.paper);
                paper.is_some()
            });
        }
    }

    /// Whether there is a place before.
    pub fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    /// Whether there is a place ahead.
    pub fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(paper: u32) -> Place {
        Place {
            query: String::new(),
            paper: PaperNo(paper),
        }
    }

    #[test]
    fn back_and_forward_are_opposites() {
        let mut jumps = Jumps::default();
        jumps.leave(place(1));
        jumps.leave(place(2));
        assert_eq!(jumps.back(place(3)), Some(place(2)));
        assert_eq!(jumps.back(place(2)), Some(place(1)));
        assert_eq!(jumps.back(place(1)), None);
        assert_eq!(jumps.forward(place(1)), Some(place(2)));
        assert_eq!(jumps.forward(place(2)), Some(place(3)));
        assert!(!jumps.can_go_forward());
    }

    #[test]
    fn a_new_jump_forgets_what_was_ahead() {
        let mut jumps = Jumps::default();
        jumps.leave(place(1));
        jumps.back(place(2));
        jumps.leave(place(1));
        assert!(!jumps.can_go_forward());
    }
}
