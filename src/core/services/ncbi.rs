//! NCBI's literature citation exporter: CSL-JSON of PubMed and PMC records
//! (<https://api.ncbi.nlm.nih.gov/lit/ctxp>). It has no abstracts.

use super::doi::from_csl;
use super::{Service, Unusable, encoded, object};
use crate::core::item::Item;

/// The item of a PubMed number.
pub fn url(base: &str, pmid: &str) -> String {
    format!("{base}/v1/pubmed/?format=csl&id={}", encoded(pmid))
}

/// The item of a PMC number.
pub fn pmc_url(base: &str, pmcid: &str) -> String {
    let digits = pmcid.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    format!("{base}/v1/pmc/?format=csl&id={}", encoded(digits))
}

/// The item of an answer.
///
/// # Errors
/// When the answer holds none.
pub fn parse(body: &[u8]) -> Result<Item, Unusable> {
    from_csl(object(body)?, Service::Ncbi)
}
