//! `offprint [FILE]`: the app; `offprint pick`: the app for choosing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::cache_use::CacheUse;
use super::failure::Failure;
use super::libraries::{self, Known};
use super::library::{choose, config_base, config_of, read_config, styles};
use super::output::Out;
use super::{ColorWhen, Global, Look, command_names};
use crate::app::Settings;
use crate::app::actions::settle_keys;
use crate::app::keymap::Keymap;
use crate::app::libraries::Shelf;
use crate::config::Config;
use crate::config::theme::Theme;
use crate::config::{Clipboard, Glyphs, NamedLibrary, Preview, nearest, own_themes};
use crate::core::cite::way::DEFAULT_STYLE;
use crate::core::cite::{Format, StyleSource, Way};
use crate::core::text::scrub;
use crate::runtime::cache::Folder;
use crate::runtime::clipboard::Setting;
use crate::runtime::place::{Place, expand};
use crate::runtime::run::Left;
use crate::runtime::{loader, memory, run, terminal};

/// `offprint [FILE]`.
pub(super) fn run(global: &Global, look: Look, file: Option<PathBuf>) -> Result<ExitCode, Failure> {
    start(global, look, file, None)
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
    look: Look,
    file: Option<PathBuf>,
    arguments: &PickArguments,
) -> Result<ExitCode, Failure> {
    if let Some(format) = &arguments.format {
        format
            .parse::<Format>()
            .map_err(|error| Failure::Usage(format!("--format: {error}")))?;
    }
    start(global, look, file, Some(arguments))
}

/// How the app was left, as far as something follows.
enum Next {
    End(ExitCode),
    /// Goes on with the reader's own library.
    OwnLibrary,
    /// Goes on with this library.
    Library(Place),
    /// The last changes are in no file: nothing else is begun.
    NotSaved(String),
}

fn start(
    global: &Global,
    look: Look,
    file: Option<PathBuf>,
    pick: Option<&PickArguments>,
) -> Result<ExitCode, Failure> {
    let (mut file, mut pick) = (file, pick);
    let (mut place, mut before, mut told) = (None, None, None);
    loop {
        let mut config = read_config(global);
        let choice = place
            .take()
            .unwrap_or_else(|| choose(global, file.clone(), &config).place);
        config.problems.extend(told.take());
        match show(global, look, file.as_deref(), pick, config, &choice) {
            Ok(Next::End(status)) => return Ok(status),
            Ok(Next::OwnLibrary) => (file, pick, before) = (None, None, None),
            Ok(Next::Library(next)) => {
                before = Some(choice);
                place = Some(next);
            }
            Ok(Next::NotSaved(line)) => return Err(Failure::Failed(line)),
            // Who came from another library goes back there, and is told why.
            Err(Failure::Failed(line)) if before.is_some() => {
                place = before.take();
                told = Some(line);
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// The libraries that can be shown instead of this one, which is among them: those of the configuration, those opened
/// last, and the example.
fn shelves(global: &Global, named: &[NamedLibrary], shown: &Place) -> Vec<Known> {
    let mut known = libraries::configured(global, named);
    if let Place::File(path) = shown {
        libraries::add(&mut known, libraries::file_name(path), path.clone());
    }
    for path in memory::recent_libraries() {
        libraries::add(&mut known, libraries::file_name(&path), path);
    }
    known.push(Known {
        name: "example".to_owned(),
        place: Place::Example,
    });
    known
}

/// Shows a library until the reader leaves it.
fn show(
    global: &Global,
    look: Look,
    file: Option<&Path>,
    pick: Option<&PickArguments>,
    mut config: Config,
    place: &Place,
) -> Result<Next, Failure> {
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
    let names = command_names();
    let named = file
        .filter(|path| global.library.is_none() && !path.exists())
        .and_then(|path| path.to_str())
        .and_then(|word| nearest(word, names.iter().map(String::as_str)));
    let opened = loader::open(place).map_err(|error| {
        let line = match (named, place) {
            (Some(command), Place::File(_)) => format!(
                "{}: {}; did you mean offprint {command}?",
                error.place, error.error.what
            ),
            _ => error.to_string(),
        };
        Failure::Failed(line)
    })?;
    let opened = opened.cached_in(Folder::own().as_ref());
    let (keymap, _) = Keymap::new(&config.settings.keys);
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
    let mut set = config.settings;
    warnings.extend(settle_keys(&mut set.actions));
    let mut default_way = picked_way.unwrap_or(set.default_way);
    if let Some(style) = default_way.style()
        && let Err(error) = styles.load(style)
    {
        warnings.push(format!("default-style: {error}"));
        default_way = Way::default();
    }
    let known = shelves(global, &set.libraries, place);
    let shelves = known.iter().enumerate().map(|(number, known)| Shelf {
        name: scrub(&known.name, false),
        place: known.place.name(),
        number,
        is_shown: libraries::is_same(&known.place, place),
    });
    let glyphs = glyphs(look, set.characters);
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
            glyphs,
            keymap,
            default_way,
            shown_ways: set.shown_ways,
            styles: styles.names(),
            picking,
            preview: match set.pdf.preview {
                // A picture in half blocks is not made of ASCII.
                Preview::Auto if glyphs == Glyphs::Ascii => Preview::Text,
                preview => preview,
            },
            owner: set.owner,
            libraries: shelves.collect(),
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
    Ok(match run::run(launch).map_err(Failure::Usage)? {
        Left::Status(status) => Next::End(ExitCode::from(status)),
        Left::Unreadable(line) => return Err(Failure::Failed(line)),
        Left::NotSaved(line) => Next::NotSaved(line),
        Left::OwnLibrary => Next::OwnLibrary,
        Left::Library(number) => match known.into_iter().nth(number) {
            Some(known) => Next::Library(known.place),
            None => Next::End(ExitCode::SUCCESS),
        },
        Left::Picked(text) => {
            let mut out = Out::new(global.color, false, CacheUse::default());
            out.line(&text)?;
            out.finish()?;
            Next::End(ExitCode::SUCCESS)
        }
    })
}

/// The theme follows the terminal's background.
fn set_by_terminal(config: &Config, global: &Global) -> bool {
    config.settings.theme_by_terminal && !no_colour(global)
}

/// What the screens are made of: as the options say, or the configuration, or the locale.
fn glyphs(look: Look, set: Option<Glyphs>) -> Glyphs {
    if look.ascii {
        return Glyphs::Ascii;
    }
    if look.ambiguous_wide {
        return Glyphs::AmbiguousWide;
    }
    set.unwrap_or_else(|| {
        let variables = ["LC_ALL", "LC_CTYPE", "LANG"].map(|name| std::env::var(name).ok());
        Glyphs::of_locale(variables.iter().map(Option::as_deref))
    })
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
