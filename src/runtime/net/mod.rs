//! Asking the services: the only part of the program that reaches a network, and only when it is asked to.
//!
//! A question has a time limit, a size limit and few attempts; answers about items are kept for a month. Keys go to
//! their service alone, never along with a redirection to another host, and never into a message.

mod asking;
mod cache;
mod error;
mod exchange;
mod figures;
mod items;
mod keys;
mod meant;
mod open_access;
mod outcome;
mod page;
mod pdf;
mod redirect;
mod retry;
mod setup;

pub use asking::{Asking, Client};
pub(super) use exchange::agent;

pub use error::{FetchError, Problem, Trouble};
pub use items::Fetched;
pub use meant::Missed;
pub use pdf::PdfLink;
pub use setup::{Limits, Setup};
