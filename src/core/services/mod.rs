//! The services that know papers: for each one module with a pure `url` and a pure `parse`.
//!
//! A `url` is made of the base address of the service and of what is asked for; keys and the reader's mail address are
//! added by who sends it. A `parse` takes the bytes of an answer, which may be anything, and gives an item in CSL-JSON,
//! [`Metrics`], or the reason why not.
//!
//! | service | asked for |
//! |---|---|
//! | Crossref | the item of a DOI, works with a title, citations, corrections |
//! | DataCite | the item of a DOI of data sets, software, preprints of arXiv |
//! | doi.org | the item of any DOI, as CSL-JSON |
//! | PubMed | the item of a PubMed number, with abstract |
//! | NCBI's citation exporter | the item of a PubMed or PMC number |
//! | Europe PMC | the item of a PubMed or PMC number, citations |
//! | arXiv | the item of an arXiv id |
//! | OpenAlex | citations a year, field-weighted impact, open access, retraction |
//! | Semantic Scholar | influential citations, works with a title |
//! | Unpaywall | where a paper can be read freely |
//! | Open Library | the item of an ISBN |
//! | iCite | the relative citation ratio |

pub mod arxiv;
pub mod crossref;
pub mod datacite;
pub mod differing;
pub mod doi;
mod draft;
pub mod europe_pmc;
pub mod icite;
mod markup;
pub mod metrics;
pub mod ncbi;
pub mod open_library;
pub mod openalex;
pub mod pubmed;
pub mod semantic_scholar;
pub mod title;
pub mod unpaywall;

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use metrics::{Metrics, MetricsSource, NoMetrics, StoredMetrics};
pub use title::Candidate;

/// A service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Service {
    /// api.crossref.org.
    Crossref,
    /// api.datacite.org.
    DataCite,
    /// The resolver itself, which hands on to the agency of a DOI.
    Doi,
    /// NCBI's E-utilities.
    PubMed,
    /// NCBI's literature citation exporter.
    Ncbi,
    /// Europe PMC.
    EuropePmc,
    /// export.arxiv.org.
    Arxiv,
    /// OpenAlex.
    OpenAlex,
    /// Semantic Scholar's academic graph.
    SemanticScholar,
    /// Unpaywall.
    Unpaywall,
    /// Open Library.
    OpenLibrary,
    /// NIH iCite.
    Icite,
}

impl Service {
    /// All services.
    pub const ALL: [Service; 12] = [
        Service::Crossref,
        Service::DataCite,
        Service::Doi,
        Service::PubMed,
        Service::Ncbi,
        Service::EuropePmc,
        Service::Arxiv,
        Service::OpenAlex,
        Service::SemanticScholar,
        Service::Unpaywall,
        Service::OpenLibrary,
        Service::Icite,
    ];

    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Service::Crossref => "Crossref",
            Service::DataCite => "DataCite",
            Service::Doi => "doi.org",
            Service::PubMed => "PubMed",
            Service::Ncbi => "NCBI",
            Service::EuropePmc => "Europe PMC",
            Service::Arxiv => "arXiv",
            Service::OpenAlex => "OpenAlex",
            Service::SemanticScholar => "Semantic Scholar",
            Service::Unpaywall => "Unpaywall",
            Service::OpenLibrary => "Open Library",
            Service::Icite => "iCite",
        }
    }

    /// Its name in the configuration (`crossref_url`) and, in capitals, in the environment (`OFFPRINT_CROSSREF_URL`).
    pub fn code(self) -> &'static str {
        match self {
            Service::Crossref => "crossref",
            Service::DataCite => "datacite",
            Service::Doi => "doi",
            Service::PubMed => "pubmed",
            Service::Ncbi => "ncbi",
            Service::EuropePmc => "europepmc",
            Service::Arxiv => "arxiv",
            Service::OpenAlex => "openalex",
            Service::SemanticScholar => "s2",
            Service::Unpaywall => "unpaywall",
            Service::OpenLibrary => "openlibrary",
            Service::Icite => "icite",
        }
    }

    /// Where it is, without a slash at the end.
    pub fn default_url(self) -> &'static str {
        match self {
            Service::Crossref => "https://api.crossref.org",
            Service::DataCite => "https://api.datacite.org",
            Service::Doi => "https://doi.org",
            Service::PubMed => "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
            Service::Ncbi => "https://api.ncbi.nlm.nih.gov/lit/ctxp",
            Service::EuropePmc => "https://www.ebi.ac.uk/europepmc/webservices/rest",
            Service::Arxiv => "https://export.arxiv.org",
            Service::OpenAlex => "https://api.openalex.org",
            Service::SemanticScholar => "https://api.semanticscholar.org/graph/v1",
            Service::Unpaywall => "https://api.unpaywall.org",
            Service::OpenLibrary => "https://openlibrary.org",
            Service::Icite => "https://icite.od.nih.gov/api",
        }
    }

    /// Whether a key can be given to it.
    pub fn takes_key(self) -> bool {
        matches!(
            self,
            Service::OpenAlex | Service::SemanticScholar | Service::PubMed
        )
    }

    /// The name of its key in the configuration and the environment; NCBI's key is for all that NCBI offers.
    pub fn key_code(self) -> &'static str {
        match self {
            Service::PubMed => "ncbi",
            other => other.code(),
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why an answer is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The service does not know the paper.
    #[error("does not know it")]
    Absent,
    /// The answer is not what the service promises.
    #[error("{0}")]
    Unreadable(String),
}

/// An answer that is to be one JSON object.
fn object(body: &[u8]) -> Result<Map<String, Value>, Unusable> {
    serde_json::from_slice(body).map_err(|error| {
        let begin: String = String::from_utf8_lossy(body.get(..200).unwrap_or(body))
            .trim_start()
            .chars()
            .take(9)
            .collect();
        let lower = begin.to_lowercase();
        Unusable::Unreadable(
            if lower.starts_with("<!doctype") || lower.starts_with("<html") {
                "answered with a web page instead of data".to_owned()
            } else if body.is_empty() {
                "answered with nothing".to_owned()
            } else {
                format!(
                    "answered with something that is no JSON object (line {}, column {})",
                    error.line(),
                    error.column()
                )
            },
        )
    })
}

/// The XML of an answer.
fn xml(body: &[u8]) -> Result<&str, Unusable> {
    std::str::from_utf8(body).map_err(|error| {
        Unusable::Unreadable(format!(
            "answered with text that is not UTF-8 (byte {})",
            error.valid_up_to()
        ))
    })
}

/// A parsed document; DTDs are accepted because PubMed names one, and nothing is loaded for them.
fn document(text: &str) -> Result<roxmltree::Document<'_>, Unusable> {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        nodes_limit: 2_000_000,
        ..roxmltree::ParsingOptions::default()
    };
    roxmltree::Document::parse_with_options(text, options).map_err(|error| {
        let begin = text.trim_start().to_ascii_lowercase();
        Unusable::Unreadable(
            if begin.starts_with("<!doctype html") || begin.starts_with("<html") {
                "answered with a web page instead of data".to_owned()
            } else {
                format!("answered with something that is no XML ({})", error.pos())
            },
        )
    })
}

/// A part of a path or a query: everything but letters, digits and `-._~` percent-encoded (RFC 3986, 2.3).
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A DOI as a path: its slashes stay.
pub fn encoded_path(text: &str) -> String {
    text.split('/').map(encoded).collect::<Vec<_>>().join("/")
}
