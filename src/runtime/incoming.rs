//! Gathering papers that may come into the library, for the app, on a worker.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::fetching::Services;
use super::jobs::Cancelled;
use super::place::{self, Place};
use crate::app::incoming::{Asked, Gathered};
use crate::core::catalogue::Catalogue;
use crate::core::identify::Identifier;
use crate::core::import::{Found, each};
use crate::core::incoming::{Policy, Work, receive};
use crate::core::library::{Library, MemorySource};
use crate::core::text::scrub;

/// What was gathered so far.
#[derive(Default)]
struct Basket {
    works: Vec<Work>,
    remarks: Vec<String>,
    choices: Vec<(String, Identifier)>,
}

/// Gathers what is asked for; `tell` gets who is asked.
pub(super) fn gather(
    catalogue: &Catalogue,
    is_example: bool,
    services: &Services,
    asked: &Asked,
    cancelled: &Cancelled,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Gathered, String> {
    let mut basket = Basket::default();
    match asked {
        Asked::File(path) => read_file(path, &mut basket)?,
        Asked::Names(names) => ask(services, names, cancelled, tell, &mut basket),
    }
    // The example library is not what papers come into.
    let empty = (Library::default(), MemorySource::new(Vec::new()));
    let into = if is_example {
        (&empty.0, &empty.1 as &dyn crate::core::library::ItemSource)
    } else {
        (&catalogue.library, catalogue.source.as_ref())
    };
    let outcome = receive(&basket.works, Policy::Skip, into, &|_| false);
    Ok(Gathered {
        outcome: outcome.map_err(|error| error.to_string())?,
        works: basket.works,
        remarks: basket.remarks,
        choices: basket.choices,
    })
}

/// The path as the reader means it: `~` is the home folder.
fn expanded(path: &str) -> PathBuf {
    let home = path.strip_prefix("~/").zip(directories::BaseDirs::new());
    home.map_or_else(
        || PathBuf::from(path),
        |(rest, base)| base.home_dir().join(rest),
    )
}

fn read_file(path: &str, basket: &mut Basket) -> Result<(), String> {
    let name = scrub(path, false);
    let path = expanded(path);
    let source = super::source::FileSource::open(&path).map_err(|error| error.one_line(&name))?;
    let length = usize::try_from(source.len()).unwrap_or(usize::MAX);
    let mut bytes = vec![0; length];
    let read = source.read_at(&mut bytes, 0);
    let count = read.map_err(|error| format!("{name}: {}", super::source::reason(&error)))?;
    bytes.truncate(count);
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let format = each(&bytes, &file_name, &mut |found| {
        match found {
            Found::Entry(entry) => basket.works.push(Work {
                item: entry.item,
                noted: entry.noted,
                origin: format!("{name}:{}", entry.line),
                is_for_known: false,
            }),
            Found::Problem(problem) => basket.remarks.push(problem.one_line(&name)),
        }
        ControlFlow::Continue(())
    });
    format
        .map(|_| ())
        .map_err(|error| format!("{name}: {error}"))
}

#[cfg(feature = "net")]
fn ask(
    services: &Services,
    names: &[Identifier],
    cancelled: &Cancelled,
    tell: &(dyn Fn(&str) + Sync),
    basket: &mut Basket,
) {
    use super::net::Asking;
    use crate::core::import::Noted;
    use crate::core::page::{Facts, build};

    /// A title that is at least so like the one looked for is taken for the same.
    const SAME_TITLE: f64 = 0.95;
    let client = services.client();
    let asking = Asking {
        cancelled: &|| cancelled.is_cancelled(),
        progress: tell,
    };
    for name in names {
        if cancelled.is_cancelled() {
            return;
        }
        let item = if let Identifier::Title(title) = name {
            let candidates = match client.find_title(title, &asking) {
                Ok(candidates) => candidates,
                Err(error) => {
                    basket.remarks.push(error.to_string());
                    continue;
                }
            };
            let alike = candidates.iter().filter(|one| one.likeness >= SAME_TITLE);
            let doi = match alike.collect::<Vec<_>>().as_slice() {
                [one] => one.item.doi(),
                _ => None,
            };
            if let Some(doi) = doi {
                client.fetch_item(&Identifier::Doi(doi.to_lowercase()), &asking)
            } else {
                if candidates.is_empty() {
                    let text = format!("title \"{title}\": nobody knows it; check the words");
                    basket.remarks.push(text);
                }
                basket.choices.extend(candidates.iter().filter_map(|one| {
                    let page = build(&one.item, &Facts::default());
                    let doi = one.item.doi()?.to_lowercase();
                    Some((
                        format!("{} · {}", page.title, page.byline),
                        Identifier::Doi(doi),
                    ))
                }));
                continue;
            }
        } else {
            client.fetch_item(name, &asking)
        };
        match item {
            Ok(fetched) => basket.works.push(Work {
                item: fetched.item,
                noted: Noted::default(),
                origin: name.to_string(),
                is_for_known: true,
            }),
            Err(error) => basket.remarks.push(error.to_string()),
        }
    }
}

#[cfg(not(feature = "net"))]
fn ask(
    _: &Services,
    _: &[Identifier],
    _: &Cancelled,
    _: &(dyn Fn(&str) + Sync),
    basket: &mut Basket,
) {
    basket
        .remarks
        .push("this build of offprint reaches no network".to_owned());
}

/// The library that papers come into: the one that is open, or the reader's own in place of the example.
pub(super) fn target(place: &Place) -> Result<PathBuf, String> {
    match place {
        Place::File(path) => Ok(Path::new(path).to_owned()),
        Place::Example => place::own_library()
            .ok_or_else(|| "there is no data folder for a library; set HOME".to_owned()),
    }
}
