//! offprint: read, find and cite your papers without leaving the keyboard.
//!
//! # The house
//!
//! `main → cli → runtime → ui → app → config → core`: a layer imports only layers to its right, and a test keeps that
//! true.
//!
//! | layer | what it is | what it must not know |
//! |---|---|---|
//! | [`core`] | papers, search, similarity, citations, the page of a paper | terminal, files, threads, clock, environment |
//! | [`config`] | settings, keys, themes | terminal |
//! | `app` | the state of the screens, and how messages change it | files, threads, clock |
//! | `ui` | the state as a frame | everything but the state |
//! | [`runtime`] | files, threads, terminal, signals, clipboard, the loop | the command line |
//! | [`cli`] | arguments and output of the commands | |
//!
//! # How a key becomes a frame
//!
//! One thread owns the app and the terminal; a reader of keys, a catcher of signals and the workers feed one channel:
//!
//! ```text
//! keys / signals / workers → channel → drain → update(&mut App, Msg) → Vec<Effect>
//!                                         │ changed?                  │
//!                                    draw(&App, frame)       worker → Msg → channel
//! ```
//!
//! `update` does no IO and reads no clock; `draw` changes nothing. What a key asks for (a search, the item of a paper,
//! its similar papers) is done by workers, one slot a kind, in which the newest request wins; an answer carries the
//! signature of its question and is dropped when it is no longer awaited. The loop waits a few milliseconds for such
//! answers before it draws, so that a key press gives one frame. When nothing happens nothing runs.
//!
//! # Papers
//!
//! A library is a file of CSL-JSON items. Reading it ([`core::library`]) makes columns of what lists and search need,
//! in segments of 1024 papers, so that the first screen is there while the rest is still being read. The items
//! themselves stay in the file and are read back by their place when a page or a citation needs them. Raw text keeps
//! its markup for citing; what is shown and searched is scrubbed once, on the way in ([`core::text`]).
//! [`core::catalogue`] answers every question about a library, for the screens and for the command line alike.
//!
//! Papers come in through [`core::import`], which makes items of bibliographies, and [`core::incoming`], which finds
//! what is there already and makes changes of the library and of the journals of the rest: one write, one action.
//!
//! The index of a library of more than a hundred papers or so is kept in the cache directory ([`core::cache`],
//! [`runtime::cache`]): a file of columns that is mapped, not read, so that the app and the commands are ready at once
//! whatever the size of the library. It is used only for the very bytes it was made of, each block of it is checked
//! before its first use, and whatever is wrong with it has it made anew. While it is made, its columns are used from
//! there as well, so that memory does not grow with the library. Where a library has changed a little, what is known of
//! the papers that stayed is taken over; a large one is indexed in pieces that are kept until all are there, so that who
//! is broken off goes on where it was.
//!
//! # Services
//!
//! What the program knows about papers beyond the library comes from services, and only when the reader asks.
//! [`core::identify`] takes identifiers out of pasted text; [`core::services`] holds for each service a pure `url` and a
//! pure `parse`; `runtime::net` sends the questions, with limits, attempts and kept answers, and is left out of a build
//! without the feature `net`. Fetched figures are kept in the cache directory under the identifiers of their paper
//! ([`runtime::metrics`]); pages read them from there.
//!
//! # One table of commands
//!
//! `app::command` holds every command with its keys, contexts, hint and help. Keymap, footer, palette, help,
//! `offprint keys` and the table in the README are made from it.

#[cfg(feature = "tui")]
pub mod app;
pub mod cli;
pub mod config;
pub mod core;
pub mod runtime;
#[cfg(feature = "tui")]
pub mod ui;
