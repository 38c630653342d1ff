//! Gathering papers that may come into the library, for the app, on a worker.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::fetching::Services;
use super::jobs::Cancelled;
use super::paper_file::{expanded, read_bibliography};
use super::place::{self, Place};
use super::source::{FileSource, reason};
use crate::app::fetching::{FetchStep, ReadSoFar};
use crate::app::incoming::{Asked, Gathered, Named};
use crate::core::catalogue::Catalogue;
use crate::core::identify::Identifier;
use crate::core::incoming::{Policy, Work, receive};
use crate::core::library::{ItemSource, Library, MemorySource};
use crate::core::text::scrub;

/// What was gathered so far.
#[derive(Default)]
struct Basket {
    works: Vec<Work>,
    remarks: Vec<String>,
    choices: Vec<(String, Identifier)>,
}

/// Gathers papers.
pub(super) struct Gatherer {
    pub(super) catalogue: Catalogue,
    pub(super) place: Place,
    #[cfg_attr(
        not(feature = "net"),
        allow(dead_code, reason = "without the services nobody is asked")
    )]
    pub(super) services: Services,
}

impl Gatherer {
    /// Gathers what is asked for; `tell` gets who is asked, and how far the reading is.
    pub(super) fn gather(
        &self,
        asked: &Asked,
        cancelled: &Cancelled,
        tell: &(dyn Fn(FetchStep) + Sync),
    ) -> Result<Gathered, String> {
        let mut basket = Basket::default();
        // The example library is not what papers come into.
        let into = Place::File(target(&self.place)?);
        let empty = (Library::default(), MemorySource::new(Vec::new()));
        let known: (&Library, &dyn ItemSource) = if self.place == Place::Example {
            (&empty.0, &empty.1)
        } else {
            (&self.catalogue.library, self.catalogue.source.as_ref())
        };
        match asked {
            Asked::File(path) => read_file(path, &into, cancelled, tell, &mut basket)?,
            Asked::Names(names) => {
                self.ask(names, (&into, known), cancelled, tell, &mut basket)?;
            }
        }
        let outcome = receive(&basket.works, Policy::Skip, known, &|_| false);
        Ok(Gathered {
            outcome: outcome.map_err(|error| error.to_string())?,
            works: basket.works,
            remarks: basket.remarks,
            choices: basket.choices,
        })
    }

    #[cfg(feature = "net")]
    fn ask(
        &self,
        names: &[Named],
        (into, known): (&Place, (&Library, &dyn ItemSource)),
        cancelled: &Cancelled,
        tell: &(dyn Fn(FetchStep) + Sync),
        basket: &mut Basket,
    ) -> Result<(), String> {
        use super::attachment::stored;
        use super::net::{Asking, Missed};
        use super::paper_file::paper_of_pdf;
        use crate::core::identify::{as_item, identify};
        use crate::core::import::Noted;
        use crate::core::incoming::Shelf;
        use crate::core::page::{Facts, build};

        let asking = Asking {
            cancelled: &|| cancelled.is_cancelled(),
            progress: &|who| tell(FetchStep::Asking(who.to_owned())),
        };
        let mut shelf: Option<Shelf<'_>> = None;
        for (done, name) in names.iter().enumerate() {
            if cancelled.is_cancelled() {
                return Ok(());
            }
            tell(FetchStep::Done(done));
            let (about, file) = match name {
                Named::By(about) => (about.clone(), None),
                Named::Pdf(written) => {
                    let path = expanded(written);
                    let named = identify(written);
                    let named = named.filter(|one| !matches!(one, Identifier::Title(_)));
                    match named {
                        // The end of a DOI or an address may look like that of a file.
                        Some(about) if !path.exists() => (about, None),
                        _ => match paper_of_pdf(&path) {
                            Ok(found) => (found.identifier, Some(path)),
                            Err(reason) => {
                                basket.remarks.push(reason);
                                continue;
                            }
                        },
                    }
                }
            };
            // A file for a paper that is here needs nobody else.
            let here = match &file {
                Some(_) => {
                    let failed = |error: crate::core::library::SourceError| error.to_string();
                    if shelf.is_none() {
                        shelf = Some(Shelf::new(known.0, known.1).map_err(failed)?);
                    }
                    let held = shelf.as_ref().and_then(|one| one.holding(&as_item(&about)));
                    match held {
                        Some((no, _)) => Some(known.0.item(no, known.1).map_err(failed)?),
                        None => None,
                    }
                }
                None => None,
            };
            let item = match here {
                Some(item) => Ok(item),
                None => self.services.client().find_meant(&about, &asking),
            };
            match item {
                Ok(item) => basket.works.push(Work {
                    item,
                    noted: Noted {
                        files: file.map(|path| stored(&path, into)).into_iter().collect(),
                        ..Noted::default()
                    },
                    origin: about.to_string(),
                    is_for_known: true,
                }),
                Err(Missed::Failed(reason)) => basket.remarks.push(reason),
                Err(Missed::Meant(candidates)) => {
                    basket.choices.extend(candidates.iter().filter_map(|one| {
                        let page = build(&one.item, &Facts::default());
                        let doi = one.item.doi()?.to_lowercase();
                        Some((
                            format!("{} · {}", page.title, page.byline),
                            Identifier::Doi(doi),
                        ))
                    }));
                }
            }
        }
        Ok(())
    }

    #[cfg(not(feature = "net"))]
    #[allow(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "called as where there are services"
    )]
    fn ask(
        &self,
        _: &[Named],
        _: (&Place, (&Library, &dyn ItemSource)),
        _: &Cancelled,
        _: &(dyn Fn(FetchStep) + Sync),
        basket: &mut Basket,
    ) -> Result<(), String> {
        basket
            .remarks
            .push("this build of offprint reaches no network".to_owned());
        Ok(())
    }
}

fn read_file(
    path: &str,
    into: &Place,
    cancelled: &Cancelled,
    tell: &(dyn Fn(FetchStep) + Sync),
    basket: &mut Basket,
) -> Result<(), String> {
    let name = scrub(path, false);
    let path = expanded(path);
    let source = FileSource::open(&path).map_err(|error| error.one_line(&name))?;
    let length = usize::try_from(source.len()).unwrap_or(usize::MAX);
    let mut bytes = vec![0; length];
    let read = source.read_at(&mut bytes, 0);
    let count = read.map_err(|error| format!("{name}: {}", reason(&error)))?;
    bytes.truncate(count);
    let named = (path.as_path(), name.clone());
    let read = read_bibliography(&bytes, named, into, &mut basket.works, &mut |so_far| {
        tell(FetchStep::Reading(ReadSoFar {
            bytes: so_far.bytes,
            of: so_far.of,
            papers: so_far.entries,
        }));
        if cancelled.is_cancelled() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let read = read.map_err(|error| format!("{name}: {error}"))?;
    tell(FetchStep::Reading(ReadSoFar {
        bytes: bytes.len(),
        of: bytes.len(),
        papers: read.entries,
    }));
    let remarks = read.problems.iter().map(|problem| problem.one_line(&name));
    basket.remarks.extend(remarks);
    Ok(())
}

/// The library that papers come into: the one that is open, or the reader's own in place of the example.
pub(super) fn target(place: &Place) -> Result<PathBuf, String> {
    match place {
        Place::File(path) => Ok(Path::new(path).to_owned()),
        Place::Example => place::own_library()
            .ok_or_else(|| "there is no data folder for a library; set HOME".to_owned()),
    }
}
