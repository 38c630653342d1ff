//! The pure part: papers, search, similarity and citations.
//!
//! Nothing here knows a terminal, a file, a thread, a clock or the environment. Bytes come in as slices, answers go
//! out as values, so that every rule can be tested without a machine around it.

pub mod actions;
pub mod cache;
pub mod catalogue;
pub mod cite;
pub mod csl;
pub mod date;
pub mod duplicates;
pub mod editing;
pub mod export;
pub mod findings;
pub mod for_you;
pub mod form;
pub mod identify;
pub mod import;
pub mod incoming;
pub mod index;
pub mod item;
pub mod journal;
pub mod library;
mod likeness;
pub mod moment;
pub mod notes;
pub mod order;
pub mod page;
pub mod paper;
pub mod pdf_text;
pub mod query;
pub mod semantic;
pub mod services;
pub mod statistics;
pub mod text;
