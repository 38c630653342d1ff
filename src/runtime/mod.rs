//! The impure edge of the program: the terminal, signals, keys, background work, the clipboard and other programs.
//!
//! One thread owns the model and the terminal. Everything else (`input`, `signals`, `jobs`) runs on threads of its
//! own and reports through a callback, which the run loop makes to send on its one channel.

pub mod archive;
pub mod attachment;
pub mod cache;
#[cfg(feature = "tui")]
pub mod clipboard;
#[cfg(feature = "tui")]
mod comment_editor;
mod converted;
#[cfg(feature = "tui")]
pub mod drafts;
pub mod editor;
#[cfg(feature = "net")]
pub mod embedding_client;
pub mod embeddings;
pub mod environment;
#[cfg(feature = "tui")]
mod exporting;
#[cfg(feature = "tui")]
mod fetching;
#[cfg(feature = "tui")]
mod finding_pdf;
#[cfg(feature = "tui")]
mod incoming;
#[cfg(feature = "tui")]
pub mod input;
pub mod jobs;
pub mod keep;
#[cfg(feature = "tui")]
pub mod key;
pub mod library_file;
pub mod loader;
pub mod manuscript;
#[cfg(feature = "tui")]
pub mod memory;
pub mod metrics;
#[cfg(feature = "net")]
pub mod model;
#[cfg(feature = "tui")]
mod model_asking;
pub mod model_kept;
pub mod model_question;
#[cfg(feature = "tui")]
mod mouse;
mod named_file;
#[cfg(feature = "net")]
pub mod net;
#[cfg(feature = "tui")]
pub mod notes;
pub mod open;
pub mod output_file;
pub mod panics;
pub mod paper_file;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod place;
#[cfg(feature = "preview")]
pub mod preview;
pub mod program;
#[cfg(feature = "tui")]
mod reading;
#[cfg(feature = "tui")]
pub mod run;
#[cfg(feature = "tui")]
mod searches;
#[cfg(feature = "tui")]
pub mod signals;
pub mod source;
pub mod store;
pub mod styles;
#[cfg(feature = "tui")]
pub mod terminal;
mod text_file;
#[cfg(feature = "tui")]
mod writing;
