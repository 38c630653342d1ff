//! `offprint [FILE]`: the app; `offprint pick`: the app for choosing.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::cache_use::CacheUse;
use super::failure::Failure;
use super::library::{choose, config_base, config_of, read_config, styles};
use super::output::Out;
use super::{ColorWhen, Global, command_names};
use crate::app::Settings;
use crate::app::actions::settle_keys;
use crate::app::keymap::Keymap;
use crate::config::Config;
use crate::config::theme::Theme;
use crate::config::{Clipboard, nearest, own_themes};
use crate::core::cite::way::DEFAULT_STYLE;
use crate::core::cite::{Format, StyleSource, Way};
use crate::runtime::cache::Folder;
use crate::runtime::clipboard::Setting;
use crate::runtime::place::{Place, expand};
use crate::runtime::run::Left;
use crate::runtime::{loader, run, terminal};

/// `offprint [FILE]`.
pub(super) fn run(global: &Global, file: Option<PathBuf>) -> Result<ExitCode, Failure> {
    start(global, file, None)
}

#[derive(Debug, Args)]
pub(super) struct PickArguments {
    /// What to search for at the start
    query: Vec<String>,
    /// What to print: key, bibtex, pandoc, latex, … [default: the default style]
    #[arg(long, value_name = "F", conflicts_with = "style")]
    format: Option<String>,
    /// The citation style to print in
    #[arg(long, value_name = "S")]
    style: Option<String>,
    /// The citation in the text instead of the bibliography entry
    #[arg(long, conflicts_with = "format")]
    citation: bool,
}

/// `offprint pick`.
pub(super) fn pick(
    global: &Global,
    file: Option<PathBuf>,
    arguments: &PickArguments,
) -> Result<ExitCode, Failure> {
    if let Some(format) = &arguments.format {
        format
            .parse::<Format>()
            .map_err(|error| Failure::Usage(format!("--format: {error}")))?;
    }
    start(global, file, Some(arguments))
}

fn start(
    global: &Global,
    file: Option<PathBuf>,
    pick: Option<&PickArguments>,
) -> Result<ExitCode, Failure> {
    let picking = pick.is_some();
    let query = pick.map(|pick| pick.query.join(" ")).unwrap_or_default();
    let picked_way = pick.and_then(|pick| {
        let named = pick
            .format
            .as_deref()
            .or(pick.style.as_deref())
            .map(Way::named);
        match (named, pick.citation) {
            (Some(Way::Style(style)), true) => Some(Way::InText(style)),
            (None, true) => Some(Way::InText(DEFAULT_STYLE.into())),
            (named, _) => named,
        }
    });
    let mut config = read_config(global);
    let names = command_names();
    let named = file
        .as_ref()
        .filter(|path| global.library.is_none() && !path.exists())
        .and_then(|path| path.to_str())
        .and_then(|word| nearest(word, names.iter().map(String::as_str)));
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
    let opened = opened.cached_in(Folder::own().as_ref());
    let (keymap, problems) = Keymap::new(&config.settings.keys);
    let styles = styles(&config, global, None);
    if set_by_terminal(&config, global) {
        let name = if terminal::is_light() {
            "light"
        } else {
            "dark"
        };
        config.settings.theme = Theme::named(name).unwrap_or_default();
    }
    let mut warnings = config.problems;
    warnings.extend(problems);
    let mut set = config.settings;
    warnings.extend(settle_keys(&mut set.actions));
    let mut default_way = picked_way.unwrap_or(set.default_way);
    if let Some(style) = default_way.style()
        && let Err(error) = styles.load(style)
    {
        warnings.push(format!("default-style: {error}"));
        default_way = Way::default();
    }
    let launch = run::Launch {
        opened,
        settings: Settings {
            themes: if no_colour(global) {
                Vec::new()
            } else {
                themes(global)
            },
            theme: if no_colour(global) {
                Theme::mono()
            } else {
                set.theme
            },
            keymap,
            default_way,
            shown_ways: set.shown_ways,
            styles: styles.names(),
            picking,
            preview: set.pdf.preview,
            owner: set.owner,
            actions: set.actions,
            model: set.model,
            tour: !picking,
        },
        clipboard: clipboard_setting(&set.clipboard),
        styles: Arc::new(styles),
        sentence_case: set.sentence_case,
        services: set.services,
        query,
        warnings,
        // Who picks papers for another program changes nothing.
        keep: set.keep.filter(|_| !picking),
        pdf_folder: set
            .pdf
            .folder
            .map(|folder| expand(&folder, &config_base(global))),
    };
    match run::run(launch).map_err(Failure::Usage)? {
        Left::Status(status) => Ok(ExitCode::from(status)),
        Left::Unreadable(line) | Left::NotSaved(line) => Err(Failure::Failed(line)),
        Left::OwnLibrary => start(global, None, None),
        Left::Picked(text) => {
            let mut out = Out::new(global.color, false, CacheUse::default());
            out.line(&text)?;
            out.finish()?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The theme follows the terminal's background.
fn set_by_terminal(config: &Config, global: &Global) -> bool {
    config.settings.theme_by_terminal && !no_colour(global)
}

/// All themes: of the program, and of the reader.
fn themes(global: &Global) -> Vec<Theme> {
    let own = config_of(global).map(|path| own_themes(&path));
    Theme::all()
        .into_iter()
        .chain(own.unwrap_or_default())
        .collect()
}

/// Colour is not wanted: `--color never`, or `NO_COLOR` is set and not empty.
fn no_colour(global: &Global) -> bool {
    match global.color {
        ColorWhen::Never => true,
        ColorWhen::Always => false,
        ColorWhen::Auto => std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
    }
}

/// The configuration's way to the clipboard as the runtime knows it.
pub(super) fn clipboard_setting(clipboard: &Clipboard) -> Setting {
    match clipboard {
        Clipboard::Auto => Setting::Auto,
        Clipboard::Osc52 => Setting::Osc52,
        Clipboard::Tmux => Setting::Tmux,
        Clipboard::Native => Setting::Native,
        Clipboard::Command(words) => Setting::Command(words.clone()),
    }
}
