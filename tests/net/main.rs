//! Asking services, all of them played by a server on this machine.
#![cfg(feature = "net")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod adding;
mod answers;
#[cfg(feature = "tui")]
mod app;
mod commands;
#[cfg(feature = "tui")]
#[path = "../common/mod.rs"]
mod common;
mod figures;
mod hostile;
mod items;
#[path = "../program/mod.rs"]
mod program;
mod server;
#[cfg(feature = "tui")]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::string_slice,
    reason = "shared with other tests"
)]
#[path = "../pty/session.rs"]
mod session;
#[cfg(feature = "tui")]
mod terminal;
