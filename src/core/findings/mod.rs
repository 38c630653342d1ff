//! Key findings of a paper: its methodology, its results and its significance, each a sentence of its abstract.
//!
//! Without asking anybody: [`AbstractText`] is the abstract as it is shown, [`sentences()`] parts it, the [`Model`] says
//! what each sentence is for unless the abstract's own headings do, and [`extract()`] picks.

mod abbreviations;
mod abstract_text;
mod extract;
mod features;
mod headings;
mod model;
mod notice;
mod sentences;

pub use abstract_text::AbstractText;
pub use extract::{Extract, NoExtract, Part, Sentence, Stated, extract};
pub use headings::{Announced, Heading};
pub use model::{CLASSES, Labelled, Model, ModelError, PerRole, Role};
pub use sentences::sentences;
