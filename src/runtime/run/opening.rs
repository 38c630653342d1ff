//! Files, addresses and the reader's own programs, started by a worker.

use std::path::Path;

use crate::app::{Level, Msg};
use crate::runtime::environment::Environment;
use crate::runtime::open::{Opener, Target as OpenTarget};
use crate::runtime::program::{self, Launched};

pub(super) fn open_file(path: &Path) -> Msg {
    let name = crate::core::text::scrub(&path.to_string_lossy(), false);
    let opened = OpenTarget::file(path)
        .and_then(|target| Opener::default().open(&target, &Environment::from_process()));
    match opened {
        Ok(()) => Msg::Tell(Level::Info, format!("Opening {name}")),
        Err(error) => Msg::Tell(Level::Error, format!("Not opened: {error}")),
    }
}

pub(super) fn run_program(label: &str, words: &[String]) -> Msg {
    match program::launch(words) {
        Ok(Launched::Ended) => Msg::Tell(Level::Info, format!("{label}: done")),
        Ok(Launched::Running) => Msg::Tell(Level::Info, format!("{label}: started")),
        Err(reason) => Msg::Tell(Level::Error, format!("{label}: {reason}")),
    }
}

pub(super) fn open_address(url: &str) -> Msg {
    let opened = OpenTarget::parse(url)
        .and_then(|target| Opener::default().open(&target, &Environment::from_process()));
    match opened {
        Ok(()) => Msg::Tell(
            Level::Info,
            format!("Opening {}", crate::core::text::clean(url)),
        ),
        Err(error) => Msg::Tell(Level::Error, format!("Not opened: {error}")),
    }
}
