//! PDFs that can be read freely: where one is, and fetching it.

use std::fs::{self, File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Instant;

use super::asking::{Asking, Client, Course};
use super::error::{FetchError, Problem, Trouble};
use super::redirect::host;
use crate::core::identify::Identifier;
use crate::core::services::{Service, arxiv, unpaywall};

/// The mark of a PDF stands within so many bytes of its beginning (PDF 1.7, annex H, implementation note 13).
const MARK_WITHIN: usize = 1024;

/// Where a PDF is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfLink {
    /// Its address.
    pub url: String,
    /// Who says so.
    pub from: Service,
}

impl Client {
    /// A PDF of the paper that may be read freely: arXiv's own, else the best that Unpaywall knows.
    ///
    /// # Errors
    /// When there is none, or nobody can say.
    pub fn find_pdf(
        &self,
        identifiers: &[Identifier],
        asking: &Asking<'_>,
    ) -> Result<PdfLink, FetchError> {
        for identifier in identifiers {
            if let Identifier::Arxiv(id) = identifier {
                return Ok(PdfLink {
                    url: arxiv::pdf_url(self.base(Service::Arxiv), id),
                    from: Service::Arxiv,
                });
            }
        }
        let nothing = Identifier::Title("PDF".to_owned());
        let doi = identifiers
            .iter()
            .find(|one| matches!(one, Identifier::Doi(_)));
        let Some(doi) = doi else {
            let about = identifiers.first().unwrap_or(&nothing);
            return Err(FetchError::new(about, Vec::new()));
        };
        let who = Service::Unpaywall;
        if self.mailto().is_none() {
            let what = "was not asked: it wants your mail address (mailto under [services])";
            let problem = Problem::new(who.name(), Trouble::Key, what);
            return Err(FetchError::new(doi, vec![problem]));
        }
        let url = unpaywall::url(self.base(who), doi.value());
        let course = self.course(asking);
        let found = self.ask(
            who,
            &url,
            "application/json",
            &course,
            unpaywall::parse_pdfs,
        );
        match found {
            Ok((links, _)) => links.into_iter().next().map_or_else(
                || {
                    let what = "knows no PDF that may be read freely";
                    let problem = Problem::new(who.name(), Trouble::Absent, what);
                    Err(FetchError::new(doi, vec![problem]))
                },
                |url| Ok(PdfLink { url, from: who }),
            ),
            Err(problem) => Err(FetchError::new(doi, vec![problem])),
        }
    }

    /// Fetches a PDF into a file that is not there yet.
    ///
    /// # Errors
    /// When it cannot be fetched or written, is too large, or is no PDF; then there is no file.
    pub fn download_pdf(
        &self,
        link: &PdfLink,
        path: &Path,
        asking: &Asking<'_>,
    ) -> Result<(), Problem> {
        let who = host(&link.url);
        let disk = |error: &std::io::Error| {
            let reason = crate::runtime::source::reason(error);
            let place = crate::core::text::scrub(&path.to_string_lossy(), false);
            Problem::new(
                &who,
                Trouble::Unusable,
                format!("cannot be kept at {place}: {reason}"),
            )
        };
        let beside = path.with_extension(format!("{}.part", std::process::id()));
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)
            .map_err(|error| disk(&error))?;
        let limits = &self.shared.setup.limits;
        let course = Course {
            deadline: Instant::now() + limits.download,
            ..self.course(asking)
        };
        let fetched = self
            .fetch(
                &link.url,
                "application/pdf",
                limits.pdf,
                Some(&file),
                &course,
            )
            .and_then(|_| {
                if is_pdf(&beside) {
                    // A link fails where a file is; a rename would take its place.
                    fs::hard_link(&beside, path).map_err(|error| disk(&error))
                } else {
                    let what = "answered something that is no PDF";
                    Err(Problem::new(&who, Trouble::Unusable, what))
                }
            });
        // The part is a second name of the whole, or of no use.
        let _ = fs::remove_file(&beside);
        fetched
    }
}

fn is_pdf(path: &Path) -> bool {
    let mut begin = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(MARK_WITHIN as u64).read_to_end(&mut begin));
    read.is_ok() && begin.windows(5).any(|bytes| bytes == b"%PDF-")
}
