//! offprint: read, find and cite your papers without leaving the keyboard.

pub mod core;
#[cfg(feature = "tui")]
pub mod runtime;
