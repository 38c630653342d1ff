//! `offprint similar ID`, `offprint similar --text T` and `offprint similar --file PDF`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::library::Session;
use super::output::{Field, Out};
use crate::core::catalogue::why;
use crate::core::index::{Index, SearchTexts, Similar};
use crate::core::library::Texts;
use crate::core::text::scrub;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the paper
    #[arg(required_unless_present_any = ["text", "file"], conflicts_with_all = ["text", "file"])]
    id: Option<String>,
    /// A text instead: an abstract, a question
    #[arg(long, value_name = "T", conflicts_with = "file")]
    text: Option<String>,
    /// A PDF instead: its title and abstract
    #[arg(long, value_name = "PDF")]
    file: Option<PathBuf>,
    /// At most so many papers
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let paper = match &arguments.id {
        Some(id) => Some(session.paper(id)?),
        None => None,
    };
    session.index()?;
    session.find_latent();
    session.take_embedded();
    let library = &session.catalogue.library;
    let Some(index) = &session.catalogue.index else {
        return Ok(());
    };
    let texts = Texts {
        library,
        source: session.catalogue.source.as_ref(),
    };
    let limit = arguments.limit;
    let found = match (paper, &arguments.file) {
        (Some(no), _) => index.similar(no, limit, &texts),
        (None, Some(path)) => like_file(path, session, index, limit, &texts)?,
        (None, None) => {
            let text = arguments.text.as_deref().unwrap_or_default();
            index.similar_to_text(text, limit, &texts)
        }
    };
    let hundredths = |score: f32| (f64::from(score) * 1000.0).round() / 1000.0;
    if out.is_json() {
        return out.json_array(found.iter().map(|similar| {
            json!({
                "id": library.id(similar.no),
                "title": library.title(similar.no),
                "score": hundredths(similar.score),
                "why": why(similar),
            })
        }));
    }
    for similar in &found {
        out.row(&[
            Field::Plain(&format!("{:.2}", similar.score)),
            Field::Head(library.id(similar.no)),
            Field::Plain(library.title(similar.no)),
            Field::Dim(&why(similar)),
        ])?;
    }
    Ok(())
}

/// Papers like that of a PDF; where it is one of the library, papers like that one.
#[cfg(feature = "pdf")]
fn like_file(
    path: &Path,
    session: &Session,
    index: &Index,
    limit: usize,
    texts: &dyn SearchTexts,
) -> Result<Vec<Similar>, Failure> {
    use crate::core::pdf_text::{gist, is_scanned};
    use crate::runtime::pdf::{Program, first_pages};
    let name = scrub(&path.to_string_lossy(), false);
    let pages = first_pages(&Program::default(), path, &|| false)
        .map_err(|error| Failure::Failed(format!("{name}: {error}")))?;
    if is_scanned(&pages) {
        return Err(Failure::Failed(format!(
            "{name}: no text on its first pages (scanned); give its abstract with --text"
        )));
    }
    if let Some(no) = known(&pages, session) {
        let id = scrub(session.catalogue.library.id(no), false);
        super::failure::say(&format!("{name} is {id} of this library"));
        return Ok(index.similar(no, limit, texts));
    }
    let gist = gist(&pages);
    Ok(index.similar_to_paper(&gist.title, &gist.text, limit, texts))
}

/// The paper of the library that the pages are of, by the identifier or the title that is printed on them.
#[cfg(feature = "pdf")]
fn known(
    pages: &[crate::core::pdf_text::PageText],
    session: &Session,
) -> Option<crate::core::paper::PaperNo> {
    use super::attach_scan::{key_of, normal};
    use crate::core::journal::Identities as _;
    use crate::core::notes::LibraryIdentities;
    use crate::core::pdf_text::{named_by, title};
    let (library, source) = (&session.catalogue.library, &session.catalogue.source);
    if let Some(identifier) = named_by(pages) {
        let identities = LibraryIdentities::new(library, source.as_ref());
        if let Some(id) = normal(&identifier).and_then(|normal| identities.find(&normal)) {
            return library.find_id(id);
        }
    }
    let wanted = key_of(&title(pages)?)?;
    let is_it = |title: &str| key_of(title).is_some_and(|key| key == wanted);
    library.numbers().find(|no| is_it(library.title(*no)))
}

/// Says that this build cannot.
#[cfg(not(feature = "pdf"))]
fn like_file(
    path: &Path,
    _: &Session,
    _: &Index,
    _: usize,
    _: &dyn SearchTexts,
) -> Result<Vec<Similar>, Failure> {
    let name = scrub(&path.to_string_lossy(), false);
    Err(Failure::Failed(format!(
        "{name}: this build of offprint reads no PDFs; give its abstract with --text"
    )))
}
