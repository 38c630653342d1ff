//! Writing a library: what becomes of its bytes when papers are added, changed or deleted.
//!
//! Nothing is parsed and printed again but what changed. A [`Surveyor`] looks through the file and notes where its
//! items are; [`Survey::plan`] says of which pieces the new file is made: ranges of the old one, byte for byte, and
//! new text in the manner of the file (indentation, line ends, spaces). In an item that is edited the fields that
//! stay keep their bytes too.

mod changes;
mod item_text;
mod manner;
mod plan;
mod survey;
#[cfg(test)]
mod tests;

pub use changes::{ItemChange, known_id};
pub use plan::{Piece, Plan};
pub use survey::{Survey, SurveyError, Surveyor};
