//! `offprint [FILE]`: the app.

use std::path::PathBuf;
use std::process::ExitCode;

use super::failure::Failure;
use super::library::{choose, read_config};
use super::{COMMANDS, Global};
use crate::app::Settings;
use crate::app::keymap::Keymap;
use crate::config::{Clipboard, nearest};
use crate::runtime::clipboard::Setting;
use crate::runtime::place::Place;
use crate::runtime::{loader, run};

pub(super) fn run(global: &Global, file: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let config = read_config(global);
    let named = file
        .as_ref()
        .filter(|path| global.library.is_none() && !path.exists())
        .and_then(|path| path.to_str())
        .and_then(|word| nearest(word, COMMANDS));
    let choice = choose(global, file, &config);
    let opened = loader::open(&choice.place).map_err(|error| {
        let line = match (named, &choice.place) {
            (Some(command), Place::File(_)) => format!(
                "{}: {}; did you mean offprint {command}?",
                error.place, error.error.what
            ),
            _ => error.to_string(),
        };
        Failure::Failed(line)
    })?;
    let (keymap, problems) = Keymap::new(&config.settings.keys);
    let mut warnings = config.problems;
    warnings.extend(problems);
    let launch = run::Launch {
        opened,
        settings: Settings {
            theme: config.settings.theme,
            keymap,
            default_format: config.settings.default_format,
        },
        clipboard: match config.settings.clipboard {
            Clipboard::Auto => Setting::Auto,
            Clipboard::Osc52 => Setting::Osc52,
            Clipboard::Tmux => Setting::Tmux,
            Clipboard::Native => Setting::Native,
            Clipboard::Command(words) => Setting::Command(words),
        },
        warnings,
    };
    run::run(launch).map(ExitCode::from).map_err(Failure::Usage)
}
