//! The impure edge of the program: the terminal, signals, keys, background work, the clipboard and other programs.
//!
//! One thread owns the model and the terminal. Everything else ([`input`], [`signals`], [`jobs`]) runs on threads of its
//! own and reports through a callback, which the run loop makes to send on its one channel.

pub mod clipboard;
pub mod environment;
pub mod input;
pub mod jobs;
pub mod open;
pub mod panics;
pub mod signals;
pub mod terminal;
