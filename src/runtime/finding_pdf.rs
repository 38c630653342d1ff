//! Finding a PDF of a paper that may be read freely, for the app, on a worker.

use std::path::PathBuf;

use super::fetching::Services;
use super::jobs::Cancelled;
use super::place::Place;
use crate::app::attached::FoundPdf;
use crate::core::catalogue::Catalogue;
use crate::core::paper::PaperNo;

/// Whoever looks for one.
#[cfg_attr(
    not(feature = "net"),
    allow(dead_code, reason = "without the network nobody is asked")
)]
pub(super) struct PdfFinder {
    pub(super) catalogue: Catalogue,
    pub(super) services: Services,
    pub(super) place: Place,
    /// The folder of the configuration for PDFs.
    pub(super) folder: Option<PathBuf>,
}

impl PdfFinder {
    /// Finds a PDF of the paper and keeps it.
    ///
    /// # Errors
    /// In a sentence: when there is none, or it cannot be fetched or kept.
    #[cfg(feature = "net")]
    pub(super) fn find(
        &self,
        paper: PaperNo,
        cancelled: &Cancelled,
        tell: &(dyn Fn(&str) + Sync),
    ) -> Result<FoundPdf, String> {
        use super::attachment::{kept_in, stored};

        let item = (self.catalogue.item(paper)).map_err(|error| error.to_string())?;
        let folder = kept_in(self.folder.as_deref(), &self.place)
            .ok_or("there is no folder for PDFs; set [pdf] folder in the configuration")?;
        let asking = super::net::Asking {
            cancelled: &|| cancelled.is_cancelled(),
            progress: tell,
        };
        let (path, link) = self.services.client().keep_pdf(&item, &folder, &asking)?;
        Ok(FoundPdf {
            id: item.id().into_owned(),
            file: stored(&path, &self.place),
            from: link.from.to_string(),
        })
    }

    #[cfg(not(feature = "net"))]
    #[allow(clippy::unused_self, reason = "called as where there is a network")]
    pub(super) fn find(
        &self,
        _: PaperNo,
        _: &Cancelled,
        _: &(dyn Fn(&str) + Sync),
    ) -> Result<FoundPdf, String> {
        Err("this build of offprint reaches no network".to_owned())
    }
}
