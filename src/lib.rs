//! offprint: read, find and cite your papers without leaving the keyboard.

pub mod core;
pub mod runtime;
