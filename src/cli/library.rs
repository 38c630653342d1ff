//! The library and the configuration that a command works with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Global;
use super::failure::{Failure, say};
use super::notes;
use crate::config::Config;
use crate::core::catalogue::Catalogue;
use crate::core::cite::key::usable;
use crate::core::index::Index;
use crate::core::library::{Library, MemorySource, Problem, Problems};
use crate::core::paper::PaperNo;
use crate::runtime::cache::Folder;
use crate::runtime::loader::{self, Loaded, Opened};
use crate::runtime::place::{self, Choice, LIBRARY_VARIABLE, Named, Place};
use crate::runtime::store::{Access, Store};
use crate::runtime::styles::Styles;

/// A library read for one command.
pub(super) struct Session {
    pub(super) config: Config,
    pub(super) catalogue: Catalogue,
    /// The library.
    pub(super) library: Place,
    /// The library's name in messages.
    pub(super) place: String,
    /// Its file as it was read; `None` for a library that is not there yet.
    pub(super) opened: Option<Opened>,
    /// What was wrong with single items.
    problems: Problems,
    /// The index that the cache has of it.
    cached: Option<Arc<Index>>,
    /// The journals, open for a change; [`Catalogue::notes`] is what they say.
    pub(super) store: Option<Store>,
}

/// The configuration; what is wrong with it is said on standard error.
pub(super) fn config(global: &Global) -> Config {
    let config = read_config(global);
    for problem in &config.problems {
        say(&format!("warning: {problem}"));
    }
    config
}

/// The configuration, silently.
pub(super) fn read_config(global: &Global) -> Config {
    #[allow(
        unused_mut,
        reason = "only a build with screens knows what keys are for"
    )]
    let mut config = match (&global.config, place::own_config()) {
        (Some(path), _) => Config::read(path, true),
        (None, Some(path)) => Config::read(&path, false),
        (None, None) => Config::default(),
    };
    #[cfg(feature = "tui")]
    if !config.settings.keys.is_empty() {
        for problem in crate::app::keymap::Keymap::new(&config.settings.keys).1 {
            config.add_key_problem(&problem.name, problem.what, problem.hint);
        }
    }
    config
}

/// The configuration file that is read, whether it is there or not.
pub(super) fn config_of(global: &Global) -> Option<PathBuf> {
    global.config.clone().or_else(place::own_config)
}

/// The folder from which the paths of the configuration count.
pub(super) fn config_base(global: &Global) -> PathBuf {
    let file = config_of(global).unwrap_or_default();
    file.parent().map(Path::to_owned).unwrap_or_default()
}

/// The citation styles: those of the program and of the folder beside the configuration.
pub(super) fn styles(config: &Config, global: &Global, lang: Option<&str>) -> Styles {
    let folder = global
        .config
        .clone()
        .or_else(place::own_config)
        .and_then(|path| Some(path.parent()?.join("styles")));
    let lang = lang
        .map(str::to_owned)
        .or_else(|| config.settings.language.clone());
    Styles::new(folder, lang)
}

/// Which library is meant.
pub(super) fn choose(global: &Global, file: Option<PathBuf>, config: &Config) -> Choice {
    let folder = global
        .config
        .clone()
        .or_else(place::own_config)
        .and_then(|path| path.parent().map(PathBuf::from))
        .unwrap_or_default();
    place::choose(Named {
        option: global.library.clone(),
        argument: file,
        environment: std::env::var_os(LIBRARY_VARIABLE),
        config: config
            .settings
            .library
            .clone()
            .map(|library| (library, folder)),
    })
}

/// Reads the library to its end; problems of single items are summed up in one line on standard error.
pub(super) fn load(global: &Global, file: Option<PathBuf>) -> Result<Session, Failure> {
    load_in(global, file, None, &[])
}

/// [`load`], but from the file itself: for commands that change it.
pub(super) fn load_anew(global: &Global, file: Option<PathBuf>) -> Result<Session, Failure> {
    let reading = Reading {
        caches: None,
        is_indexed: false,
    };
    open_session(global, file, None, &[], Access::Read, &reading)
}

/// [`load`] for a command that needs the index: it is made while the library is read, where the cache has none.
pub(super) fn load_indexed(global: &Global, file: Option<PathBuf>) -> Result<Session, Failure> {
    let reading = Reading {
        caches: global.cache.folder(),
        is_indexed: true,
    };
    open_session(global, file, None, &[], Access::Read, &reading)
}

/// From where a library is read, and for what.
#[derive(Debug)]
struct Reading {
    /// The folder of the caches, where they may be used.
    caches: Option<Folder>,
    /// The index is needed.
    is_indexed: bool,
}

impl Reading {
    fn plain(global: &Global) -> Reading {
        Reading {
            caches: global.cache.folder(),
            is_indexed: false,
        }
    }
}

/// [`load`], with the language that citations are printed in, and for the papers with these ids alone if there are any.
pub(super) fn load_in(
    global: &Global,
    file: Option<PathBuf>,
    lang: Option<&str>,
    ids: &[String],
) -> Result<Session, Failure> {
    // A key made of a paper's facts has to differ from those of all others, so it takes the whole library.
    let few = ids.iter().all(|id| usable(id));
    open_session(
        global,
        file,
        lang,
        if few { ids } else { &[] },
        Access::Read,
        &Reading::plain(global),
    )
}

/// [`load`] for a command about what is noted of the papers with these ids: no more of the library is kept than that
/// takes. With [`Access::Change`] the journals are opened for a change.
pub(super) fn load_noted(
    global: &Global,
    file: Option<PathBuf>,
    ids: &[String],
    access: Access,
) -> Result<Session, Failure> {
    open_session(global, file, None, ids, access, &Reading::plain(global))
}

fn open_session(
    global: &Global,
    file: Option<PathBuf>,
    lang: Option<&str>,
    ids: &[String],
    access: Access,
    reading: &Reading,
) -> Result<Session, Failure> {
    let config = config(global);
    let choice = choose(global, file, &config);
    let failed = |error: loader::LoadError| Failure::Failed(error.to_string());
    let opened = loader::open(&choice.place).map_err(failed)?;
    let opened = opened.cached_in(reading.caches.as_ref());
    let cached = opened.cached();
    let mut index = cached.as_ref().map(|cached| Arc::clone(&cached.index));
    if let (Some(cached), Some(place)) = (&cached, opened.cache()) {
        global.cache.note(place, &cached.whole);
    }
    let some = match ids {
        ids if ids.is_empty() || cached.is_some() => None,
        ids => loader::load_some(&opened, ids).map_err(failed)?,
    };
    let place = choice.place.name();
    let mut read_all = || -> Result<Loaded, Failure> {
        let loaded = match &cached {
            Some(cached) => Loaded {
                library: cached.library.clone(),
                problems: cached.problems.clone(),
            },
            None if reading.is_indexed => {
                let (loaded, made) = loader::load_indexed(&opened).map_err(failed)?;
                index = made.ok();
                loaded
            }
            None => loader::load_all(&opened).map_err(failed)?,
        };
        // Of a library that was only looked through nothing can be counted.
        let is_part = |id: &String| loaded.library.find_id(id).is_some();
        if (ids.is_empty() || cached.is_none() || !ids.iter().all(is_part))
            && let Some(line) = summary(&loaded.problems, loaded.library.len(), &place)
        {
            say(&line);
        }
        Ok(loaded)
    };
    let is_whole = some.is_none();
    let Loaded { library, problems } = match some {
        Some(loaded) => loaded,
        None => read_all()?,
    };
    let mut catalogue = Catalogue {
        library,
        index: None,
        source: opened.source(),
        styles: Arc::new(styles(&config, global, lang)),
        notes: Arc::default(),
        sentence_case: config.settings.sentence_case.then(Arc::default),
        metrics: crate::runtime::metrics::source(),
    };
    // For a paper that is not there no folder is made.
    let is_there = |id: &String| catalogue.library.find_id(id).is_some();
    let access = if ids.iter().all(is_there) {
        access
    } else {
        Access::Read
    };
    let journals = notes::open(&choice.place, access)?;
    notes::warn(&journals);
    if !is_whole && !notes::are_sure(&catalogue, ids, &journals.ledger) {
        catalogue.library = read_all()?.library;
    }
    catalogue.notes = Arc::new(notes::placed(&catalogue, journals.ledger));
    Ok(Session {
        catalogue,
        library: choice.place,
        config,
        place,
        opened: Some(opened),
        problems,
        cached: index,
        store: (access == Access::Change).then_some(journals.store),
    })
}

/// A library that is not there yet.
pub(super) fn not_there(global: &Global, place: Place) -> Session {
    let config = config(global);
    Session {
        catalogue: Catalogue {
            library: Library::default(),
            index: None,
            source: Arc::new(MemorySource::new(&b"[]"[..])),
            styles: Arc::new(styles(&config, global, None)),
            notes: Arc::default(),
            sentence_case: None,
            metrics: crate::runtime::metrics::source(),
        },
        place: place.name(),
        library: place,
        config,
        opened: None,
        problems: Problems::default(),
        cached: None,
        store: None,
    }
}

/// One line about all problems: the first lost item, or else the first remark, and how many there are.
fn summary(problems: &Problems, read: usize, place: &str) -> Option<String> {
    let lost = |problem: &&Problem| problem.lost;
    let first = problems
        .list()
        .iter()
        .find(lost)
        .or_else(|| problems.list().first())?;
    let count = match (problems.lost(), problems.total()) {
        (0, 1) => String::new(),
        (0, total) => format!(" ({total} such remarks)"),
        (lost, _) => format!(" ({read} read, {lost} with a problem)"),
    };
    Some(format!("warning: {}{count}", first.one_line(place)))
}

impl Session {
    /// Brings the search index: from the cache, or built and kept there.
    pub(super) fn index(&mut self) -> Result<(), Failure> {
        let index = match (self.cached.take(), &self.opened) {
            (Some(index), _) => index,
            (None, Some(opened)) => {
                let loaded = Loaded {
                    library: self.catalogue.library.clone(),
                    problems: self.problems.clone(),
                };
                let index = loader::index_loaded(opened, &loaded);
                index.map_err(|error| self.failed(&error.to_string()))?
            }
            (None, None) => Arc::default(),
        };
        self.catalogue.index = Some(index);
        Ok(())
    }

    /// Finds out what the papers are about: from the cache or, if the library is small enough for that to take no
    /// longer than a command may, from the papers.
    pub(super) fn find_latent(&self) {
        const MOST: usize = 20_000;
        let Some(index) = &self.catalogue.index else {
            return;
        };
        let is_small = index.len() <= MOST;
        match &self.opened {
            Some(opened) if is_small => loader::find_latent(opened, index, None, &|| false),
            Some(opened) => {
                loader::take_kept(opened, index);
            }
            None if is_small => {
                index.find_latent(None, &|| false);
            }
            None => {}
        }
    }

    /// Takes the vectors that the reader's model made of the papers, where it did.
    pub(super) fn take_embedded(&self) {
        let model = self.config.settings.model.as_ref();
        let kept = model.and_then(crate::runtime::embeddings::KeptVectors::of);
        let vectors = kept.and_then(|kept| kept.load(&self.catalogue.library));
        if let (Some(vectors), Some(index)) = (vectors, &self.catalogue.index) {
            index.take_embedded(vectors);
        }
    }

    /// A failure at the library.
    pub(super) fn failed(&self, what: &str) -> Failure {
        Failure::Failed(format!("{}: {what}", self.place))
    }

    /// Up to three ids that may have been meant by this one, the likeliest first.
    pub(super) fn nearest_ids(&self, id: &str) -> Vec<&str> {
        let library = &self.catalogue.library;
        nearest_ids(id, library.numbers().map(|no| library.id(no)))
    }

    /// The paper with an id.
    pub(super) fn paper(&self, id: &str) -> Result<PaperNo, Failure> {
        let library = &self.catalogue.library;
        library.find_id(id).ok_or_else(|| {
            let near = self.nearest_ids(id);
            let hint = if near.is_empty() {
                "offprint list prints all ids".to_owned()
            } else {
                let quoted: Vec<String> = near.iter().map(|id| format!("\"{id}\"")).collect();
                format!("did you mean {}?", quoted.join(" or "))
            };
            let shown: String = id.chars().take(80).collect();
            self.failed(&format!("no paper has the id \"{shown}\"; {hint}"))
        })
    }
}

/// Up to three ids that may have been meant, the likeliest first.
fn nearest_ids<'a>(given: &str, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    /// Longer ids are compared by their beginnings.
    const COMPARED: usize = 60;
    let short = |text: &str| -> String {
        text.chars()
            .take(COMPARED)
            .flat_map(char::to_lowercase)
            .collect()
    };
    let wanted = short(given);
    let mut near: Vec<(f64, &str)> = ids
        .map(|id| (strsim::jaro_winkler(&wanted, &short(id)), id))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    near.into_iter().map(|(_, id)| id).take(3).collect()
}
