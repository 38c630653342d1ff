//! Key findings of a paper: its methodology, its results and its significance, each a sentence of its abstract.
//!
//! Without asking anybody: [`AbstractText`] is the abstract as it is shown, [`sentences()`] parts it, the [`Model`] says
//! what each sentence is for unless the abstract's own headings do, and [`extract()`] picks.
//!
//! By a model that the reader named: a [`Question`] is sent, a [`Reply`] comes back, and [`claims()`] reads what it
//! claims, each claim with the sentence that it rests on.

mod abbreviations;
mod abstract_text;
mod claims;
mod extract;
mod features;
mod headings;
mod model;
mod notice;
mod question;
mod reply;
mod scope;
mod sentences;

pub use abstract_text::AbstractText;
pub use claims::{Claim, ModelFindings, NoClaims, claims};
pub use extract::{Extract, NoExtract, Part, Sentence, Stated, extract};
pub use headings::{Announced, Heading};
pub use model::{CLASSES, Labelled, Model, ModelError, PerRole, Role};
pub use question::{Form, Numbered, Question};
pub use reply::{Reply, ReplyError, is_about_length, refusal};
pub use scope::Scope;
pub use sentences::sentences;
