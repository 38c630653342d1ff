//! Reading PDFs: documents that are made here, read by the program itself in its child.
#![cfg(feature = "pdf")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    unreachable_pub
)]

mod alike;
mod attaching;
mod broken;
mod cjk;
#[cfg(feature = "tui")]
mod importing;
#[cfg(all(feature = "preview", feature = "net", target_os = "linux"))]
mod instant;
mod paper;
#[cfg(feature = "preview")]
mod picture;
#[cfg(feature = "tui")]
mod screen;
#[cfg(feature = "tui")]
#[allow(dead_code, unreachable_pub, reason = "of the tests in a terminal")]
#[path = "../pty/session.rs"]
mod session;
#[cfg(feature = "preview")]
mod terminals;
mod text;
mod writer;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use offprint::core::pdf_text::PageText;
use offprint::runtime::pdf::{Answer, Ask, PdfError, Picture, Program, SUBCOMMAND, Waiting};

/// The program that is tested, as the reader of documents.
fn reader() -> Program {
    Program {
        program: PathBuf::from(env!("CARGO_BIN_EXE_offprint")),
        arguments: vec![OsString::from(SUBCOMMAND)],
    }
}

/// What a document answers.
#[derive(Debug, Default)]
struct Read {
    pages: u32,
    texts: Vec<PageText>,
    pictures: Vec<Picture>,
}

fn ask(path: &Path, ask: &Ask) -> Result<Read, PdfError> {
    let mut read = Read::default();
    reader().ask(
        path,
        ask,
        &Waiting::until(&|| false),
        &mut |answer| match answer {
            Answer::Opened { pages } => read.pages = pages,
            Answer::Text(text) => read.texts.push(text),
            Answer::Picture(picture) => read.pictures.push(picture),
            Answer::FontMissing | Answer::CharactersLost => {}
        },
    )?;
    Ok(read)
}

fn text_of(bytes: &[u8]) -> Result<Read, PdfError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, bytes).unwrap();
    let all = Ask::Text {
        first: 1,
        last: u32::MAX,
    };
    ask(&path, &all)
}

/// The program with a library of its own.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(library: &str) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("library.json"), library).unwrap();
        Desk { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_offprint"))
            .arg("--library")
            .arg(self.path("library.json"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .output()
            .unwrap()
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
