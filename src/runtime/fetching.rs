//! Fetching figures about papers for the app, on a worker.

use super::jobs::Cancelled;
use crate::app::fetching::{FetchNews, FetchStep};
#[cfg(feature = "net")]
use crate::app::reviewing::Review;
use crate::config::services::ServiceSettings;
use crate::core::catalogue::Catalogue;
#[cfg(feature = "net")]
use crate::core::item::Item;
use crate::core::paper::PaperNo;

/// Whom to ask, set up when somebody is first asked.
#[derive(Clone)]
pub(super) struct Services {
    #[cfg(feature = "net")]
    client: std::sync::Arc<std::sync::OnceLock<super::net::Client>>,
    #[cfg(feature = "net")]
    settings: ServiceSettings,
}

impl Services {
    #[cfg(feature = "net")]
    pub(super) fn new(settings: ServiceSettings) -> Services {
        Services {
            client: std::sync::Arc::default(),
            settings,
        }
    }

    #[cfg(not(feature = "net"))]
    pub(super) fn new(_: ServiceSettings) -> Services {
        Services {}
    }

    /// The client, made when it is first wanted.
    #[cfg(feature = "net")]
    pub(super) fn client(&self) -> &super::net::Client {
        self.client.get_or_init(|| {
            let cache = super::place::cache_folder().map(|folder| folder.join("answers"));
            let variable = |name: &str| std::env::var(name).ok();
            // What is wrong in the environment the command line tells; here its default holds.
            let (setup, _) = super::net::Setup::new(&self.settings, variable, cache);
            super::net::Client::new(setup)
        })
    }
}

/// One fetching.
#[cfg_attr(
    not(feature = "net"),
    allow(dead_code, reason = "without the services nobody is asked")
)]
pub(super) struct Fetcher {
    pub(super) catalogue: Catalogue,
    pub(super) services: Services,
}

impl Fetcher {
    /// Fetches figures about papers, one after the other, and keeps them; what is told at the end.
    #[cfg(feature = "net")]
    pub(super) fn fetch(
        &self,
        signature: u64,
        papers: &[PaperNo],
        cancelled: &Cancelled,
        tell: &(dyn Fn(FetchNews) + Sync),
    ) -> FetchNews {
        let news = |what| FetchNews { signature, what };
        let (mut kept, mut failed) = (0, 0);
        for paper in papers {
            if cancelled.is_cancelled() {
                break;
            }
            let asking = super::net::Asking {
                cancelled: &|| cancelled.is_cancelled(),
                progress: &|who| tell(news(FetchStep::Asking(who.to_owned()))),
            };
            let begun = super::store::wall_clock_ms();
            match self.one(*paper, &asking) {
                Ok(item) => {
                    kept += 1;
                    tell(news(FetchStep::Kept(*paper)));
                    if let Some(told) = self.compare(*paper, item, begun, &asking) {
                        tell(news(told));
                    }
                }
                Err(_) if cancelled.is_cancelled() => break,
                Err(reason) => {
                    failed += 1;
                    let id = crate::core::text::clean(self.catalogue.library.id(*paper));
                    tell(news(FetchStep::Failed(format!("{id}: {reason}"))));
                }
            }
        }
        news(FetchStep::Ended { kept, failed })
    }

    #[cfg(not(feature = "net"))]
    #[allow(clippy::unused_self, reason = "called as where there are services")]
    pub(super) fn fetch(
        &self,
        signature: u64,
        papers: &[PaperNo],
        _: &Cancelled,
        _: &(dyn Fn(FetchNews) + Sync),
    ) -> FetchNews {
        let failed = papers.len();
        FetchNews {
            signature,
            what: FetchStep::Ended { kept: 0, failed },
        }
    }

    #[cfg(feature = "net")]
    fn one(&self, paper: PaperNo, asking: &super::net::Asking<'_>) -> Result<Item, String> {
        use crate::core::identify::{self, Identifier};

        let item = self
            .catalogue
            .item(paper)
            .map_err(|error| error.to_string())?;
        let identifiers = identify::of_item(&item);
        let stored = self
            .services
            .client()
            .fetch_metrics(&identifiers, asking)
            .map_err(|error| error.to_string())?;
        let keys: Vec<String> = identifiers.iter().map(Identifier::key).collect();
        let folder = super::metrics::MetricsFolder::own()
            .ok_or_else(|| "there is no cache directory to keep figures in".to_owned())?;
        folder.save(&keys, &stored).map_err(|error| {
            let reason = super::source::reason(&error);
            format!("the figures cannot be kept: {reason}; make room in the cache directory")
        })?;
        Ok(item)
    }

    /// Whether a service says otherwise about a paper, asked since `begun`, in ms since 1970; nothing is written.
    #[cfg(feature = "net")]
    fn compare(
        &self,
        paper: PaperNo,
        here: Item,
        begun: u64,
        asking: &super::net::Asking<'_>,
    ) -> Option<FetchStep> {
        use crate::core::services::differing::differences;

        let id = self.catalogue.library.id(paper).to_owned();
        let first = crate::core::identify::of_item(&here).into_iter().next()?;
        let fetched = match self.services.client().fetch_since(begun, &first, asking) {
            Ok(fetched) => fetched,
            Err(_) if (asking.cancelled)() => return None,
            Err(error) => {
                let id = crate::core::text::clean(&id);
                return Some(FetchStep::NotCompared(format!("{id}: {error}")));
            }
        };
        let differing = differences(&here, &fetched.item);
        (!differing.is_empty()).then(|| {
            FetchStep::Differs(Box::new(Review {
                id,
                from: fetched.from.to_string(),
                here,
                there: fetched.item,
                differing,
            }))
        })
    }
}
