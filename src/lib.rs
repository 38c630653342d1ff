//! offprint: read, find and cite your papers without leaving the keyboard.

#[cfg(feature = "tui")]
pub mod app;
pub mod config;
pub mod core;
pub mod runtime;
#[cfg(feature = "tui")]
pub mod ui;
