//! Papers that may be meant by a title.

use super::Service;
use crate::core::item::Item;
use crate::core::text::{clean, fold};

/// A paper that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its item, as far as the service gave it.
    pub item: Item,
    /// Who knows it.
    pub from: Service,
    /// How like its title is to the one looked for, 0–1; 0 until it was compared.
    pub likeness: f64,
}

impl Candidate {
    /// A paper that was not compared yet.
    pub fn new(item: Item, from: Service) -> Candidate {
        Candidate {
            item,
            from,
            likeness: 0.0,
        }
    }
}

/// Compares the candidates with the title, the likest first; those of the same likeness stay in the service's order.
pub fn ranked(title: &str, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    for candidate in &mut candidates {
        let other = candidate.item.text("title").unwrap_or_default();
        candidate.likeness = likeness(title, &other);
    }
    candidates.sort_by(|left, right| right.likeness.total_cmp(&left.likeness));
    candidates
}

/// How like two titles are, 0–1: the share of their words that they have in common (Dice's coefficient), whatever
/// case, accents and punctuation are.
pub fn likeness(left: &str, right: &str) -> f64 {
    let words = |text: &str| -> Vec<String> {
        let folded = fold(&clean(text)).into_owned();
        folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(100)
            .map(str::to_owned)
            .collect()
    };
    let (left, mut right) = (words(left), words(right));
    let all = left.len() + right.len();
    if all == 0 {
        return 0.0;
    }
    let mut common = 0;
    for word in &left {
        if let Some(at) = right.iter().position(|other| other == word) {
            right.swap_remove(at);
            common += 1;
        }
    }
    2.0 * f64::from(common) / all as f64
}
