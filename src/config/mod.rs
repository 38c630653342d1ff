//! What the reader has set: the configuration file, keys, theme.
//!
//! This file alone of the folder touches the disk: it reads the configuration.

pub mod actions;
mod glyphs;
pub mod keys;
mod libraries;
pub mod model;
mod pdf;
pub mod schema;
pub mod services;
mod settings;
pub mod theme;
mod theme_file;

use std::io::{ErrorKind, Read};
use std::path::Path;

pub use glyphs::Glyphs;
pub use libraries::NamedLibrary;
pub use pdf::{PdfSettings, Preview};
pub use settings::{Clipboard, ConfigProblem, Keep, Settings, nearest};

use crate::core::cite::{Format, Way};
use crate::core::csl::archive;
use crate::core::text::scrub;
use theme::Theme;

/// The folder of the reader's themes, beside the configuration.
const THEMES: &str = "themes";

/// The largest configuration file, in bytes.
const LARGEST: u64 = 1 << 20;

/// The format or style whose name is most like this one.
fn nearest_way(name: &str) -> Option<&'static str> {
    let formats = Format::ALL.into_iter().map(Format::name);
    let styles = archive::styles()
        .iter()
        .flat_map(|style| style.aliases.iter().copied().chain([style.id]));
    nearest(name, formats.chain(styles))
}

/// A theme of the reader's: `themes/NAME.toml` beside the configuration.
fn own_theme(config: &Path, name: &str) -> Result<Theme, String> {
    let is_name = !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.');
    let file = config
        .parent()
        .map(|folder| folder.join(THEMES).join(format!("{name}.toml")));
    let text = file.filter(|_| is_name).and_then(|file| text_of(&file));
    if let Some(text) = text {
        return Theme::parse(name, &text)
            .map_err(|problem| problem.one_line(&format!("{THEMES}/{name}.toml")));
    }
    let names: Vec<String> = Theme::all()
        .into_iter()
        .map(|theme| theme.name.into_owned())
        .collect();
    let names = names
        .iter()
        .map(String::as_str)
        .chain([settings::BY_TERMINAL]);
    Err(nearest(name, names.clone()).map_or_else(
        || {
            format!(
                "there are {}, and those of {THEMES}/ beside the configuration",
                names.collect::<Vec<_>>().join(", ")
            )
        },
        |near| format!("did you mean \"{near}\"?"),
    ))
}

/// The themes of the reader's own, beside the configuration, that can be read.
pub fn own_themes(config: &Path) -> Vec<Theme> {
    let folder = config.parent().map(|folder| folder.join(THEMES));
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok());
    let mut themes: Vec<Theme> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            let is_theme = path
                .extension()
                .is_some_and(|extension| extension == "toml");
            Theme::parse(&name, &text_of(&path).filter(|_| is_theme)?).ok()
        })
        .take(100)
        .collect();
    themes.sort_by(|a, b| a.name.cmp(&b.name));
    themes
}

/// The text of a small file.
fn text_of(path: &Path) -> Option<String> {
    let mut text = String::new();
    let file = std::fs::File::open(path).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    file.take(LARGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Settings with what was wrong in their file, one line each: `PLACE:LINE:COLUMN: what; what to do`.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// What holds.
    pub settings: Settings,
    /// What was wrong; the default holds for each.
    pub problems: Vec<String>,
    /// The file, in messages.
    place: String,
}

impl Config {
    /// Reads a configuration file. One that is not there is wrong only when the reader `named` it.
    pub fn read(path: &Path, named: bool) -> Config {
        let place = scrub(&path.to_string_lossy(), false);
        let failed = |what: &str, hint: &str| Config {
            settings: Settings::default(),
            problems: vec![format!("{place}: {what}; {hint}")],
            place: place.clone(),
        };
        match std::fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return if named {
                    failed("there is no such file", "check the name after --config")
                } else {
                    Config::default()
                };
            }
            Ok(metadata) if !metadata.is_file() => {
                return failed(
                    "not a regular file",
                    "write the settings into a file of that name",
                );
            }
            Ok(metadata) if metadata.len() > LARGEST => {
                return failed("more than 1 MB", "this is no configuration file");
            }
            _ => {}
        }
        let mut bytes = Vec::new();
        let read =
            std::fs::File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
        if let Err(error) = read {
            let reason = error.to_string().to_lowercase();
            let reason = reason.split(" (os error").next().unwrap_or_default();
            return failed(reason, "make it readable for you");
        }
        let Ok(text) = String::from_utf8(bytes) else {
            return failed("not UTF-8", "save it as UTF-8");
        };
        let (mut settings, mut problems) = Settings::parse(&text);
        for (name, line, column) in std::mem::take(&mut settings.own_styles) {
            let own = path
                .parent()
                .map(|folder| folder.join("styles").join(format!("{name}.csl")));
            if own.is_some_and(|own| own.is_file()) || Path::new(&name).is_file() {
                continue;
            }
            problems.push(ConfigProblem {
                line,
                column,
                what: format!(
                    "there is no format and no citation style \"{}\"",
                    scrub(&name, false)
                ),
                hint: nearest_way(&name).map_or_else(
                    || "offprint styles lists the styles".to_owned(),
                    |near| format!("did you mean \"{near}\"?"),
                ),
            });
            let unknown = Way::named(&name);
            if settings.default_way == unknown {
                settings.default_way = Way::default();
            }
            settings.shown_ways.retain(|way| *way != unknown);
        }
        if let Some((name, line, column)) = settings.own_theme.take() {
            match own_theme(path, &name) {
                Ok(theme) => settings.theme = theme,
                Err(hint) => problems.push(ConfigProblem {
                    line,
                    column,
                    what: format!("there is no theme \"{}\"", scrub(&name, false)),
                    hint,
                }),
            }
        }
        Config {
            settings,
            problems: problems
                .iter()
                .map(|problem| problem.one_line(&place))
                .collect(),
            place,
        }
    }

    /// Adds what is wrong with the keys of a command, which shows only where the commands are known.
    pub fn add_key_problem(&mut self, command: &str, what: String, hint: String) {
        let (line, column) = self
            .settings
            .key_places
            .get(command)
            .copied()
            .unwrap_or((1, 1));
        let problem = ConfigProblem {
            line,
            column,
            what,
            hint,
        };
        self.problems.push(problem.one_line(&self.place));
    }
}
