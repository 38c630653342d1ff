//! Papers that are in a library twice, and papers that are there already.
//!
//! Two items are the same work by an identifier (DOI, PubMed id, arXiv id; the ISBN for books), else by their title,
//! year and first author ([`Signature`] says what is compared). A preprint and what was published of it are no
//! duplicates: both are cited on their own, so they are only told of as [`Relation::Versions`].
//!
//! [`Finder`] answers for a whole library ([`Finder::groups`]) and for an item that is about to come in
//! ([`Finder::matches`]); [`merge`] makes one item of two.

mod compare;
mod finder;
pub mod merge;
pub mod preview;
mod signature;
#[cfg(test)]
mod tests;

pub use compare::{Certainty, Reason, Relation, compare};
pub use finder::{Finder, Group, Link, Match};
pub use signature::{Signature, Stage};
