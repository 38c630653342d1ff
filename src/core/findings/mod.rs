//! Key findings of a paper.
mod abbreviations;
mod features;
mod model;
mod sentences;

pub use model::{CLASSES, Labelled, Model, ModelError, PerRole, Role};
pub use sentences::sentences;
