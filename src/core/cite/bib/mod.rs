//! What the BibTeX and BibLaTeX writers share: names, dates, languages, entry types and the entry being built.

pub mod dates;
pub mod entry;
pub mod kinds;
pub mod language;
pub mod names;
