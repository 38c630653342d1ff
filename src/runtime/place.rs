//! Which library is opened, and why that one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

use crate::core::text::scrub;

/// The environment variable that names a library.
pub const LIBRARY_VARIABLE: &str = "OFFPRINT_LIBRARY";

/// Where a library is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// The example library that the program brings along.
    Example,
}

impl Place {
    /// The name in messages: the path as it was given, without anything that a terminal could obey.
    pub fn name(&self) -> String {
        match self {
            Place::File(path) => scrub(&path.to_string_lossy(), false),
            Place::Example => "the example library".to_owned(),
        }
    }
}

/// What named the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `--library FILE`.
    Option,
    /// The file named on the command line.
    Argument,
    /// The environment.
    Environment,
    /// `library` in the configuration.
    Config,
    /// The reader's own, in the data directory.
    DataDirectory,
    /// Nothing: there is no library yet.
    Nothing,
}

/// A library and what named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The library.
    pub place: Place,
    /// What named it.
    pub origin: Origin,
}

/// What may name a library, the strongest first.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// `--library FILE`.
    pub option: Option<PathBuf>,
    /// The file named on the command line.
    pub argument: Option<PathBuf>,
    /// The value of [`LIBRARY_VARIABLE`]; an empty one names nothing.
    pub environment: Option<OsString>,
    /// `library` in the configuration, and the folder of that file, from which it counts.
    pub config: Option<(String, PathBuf)>,
}

/// The first library named, else the reader's own if there is one, else the example.
pub fn choose(named: Named) -> Choice {
    let file = |path: PathBuf, origin| Choice {
        place: Place::File(path),
        origin,
    };
    if let Some(path) = named.option {
        return file(path, Origin::Option);
    }
    if let Some(path) = named.argument {
        return file(path, Origin::Argument);
    }
    if let Some(path) = named.environment.filter(|path| !path.is_empty()) {
        return file(path.into(), Origin::Environment);
    }
    if let Some((path, folder)) = named.config {
        return file(expand(&path, &folder), Origin::Config);
    }
    match own_library() {
        // Something unreadable under that name is the reader's library too, and opening it says what is wrong.
        Some(path) if path.symlink_metadata().is_ok() => file(path, Origin::DataDirectory),
        _ => Choice {
            place: Place::Example,
            origin: Origin::Nothing,
        },
    }
}

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "offprint")
}

/// `$XDG_DATA_HOME/offprint/library.json`.
pub fn own_library() -> Option<PathBuf> {
    Some(project()?.data_dir().join("library.json"))
}

/// `$XDG_CONFIG_HOME/offprint/config.toml`.
pub fn own_config() -> Option<PathBuf> {
    Some(project()?.config_dir().join("config.toml"))
}

/// `$XDG_CACHE_HOME/offprint`: what can be made again.
pub fn cache_folder() -> Option<PathBuf> {
    Some(project()?.cache_dir().to_owned())
}

/// A path from the configuration: `~/` is the home directory, a relative one counts from the file's folder.
pub fn expand(path: &str, folder: &Path) -> PathBuf {
    if let Some(rest) = path.strip_prefix("~/")
        && let Some(base) = BaseDirs::new()
    {
        return base.home_dir().join(rest);
    }
    folder.join(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_name_wins() {
        let mut named = Named {
            option: Some("a".into()),
            argument: Some("b".into()),
            environment: Some("c".into()),
            config: Some(("d".to_owned(), "/etc".into())),
        };
        let place = |named: &Named| {
            let choice = choose(named.clone());
            (choice.place, choice.origin)
        };
        assert_eq!(place(&named), (Place::File("a".into()), Origin::Option));
        named.option = None;
        assert_eq!(place(&named), (Place::File("b".into()), Origin::Argument));
        named.argument = None;
        assert_eq!(
            place(&named),
            (Place::File("c".into()), Origin::Environment)
        );
        named.environment = Some(OsString::new());
        assert_eq!(
            place(&named),
            (Place::File("/etc/d".into()), Origin::Config)
        );
    }

    #[test]
    fn paths_of_the_configuration_count_from_home_or_its_folder() {
        let folder = Path::new("/folder");
        assert_eq!(expand("x.json", folder), Path::new("/folder/x.json"));
        assert_eq!(expand("/x.json", folder), Path::new("/x.json"));
        assert!(!expand("~/x.json", folder).starts_with("/folder"));
    }
}
