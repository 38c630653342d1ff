//! `offprint embed`: vectors of the papers by the reader's own model, for similar papers.

use clap::Args;

use super::failure::Failure;
use super::library::Session;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Agree that titles and abstracts are sent to that model; asked once for each
    #[arg(long)]
    yes: bool,
}

#[cfg(not(feature = "net"))]
pub(super) fn run(_: &Arguments, _: &Session) -> Result<(), Failure> {
    Err(Failure::Usage(
        "this build reaches no network; similar papers are found without a model".to_owned(),
    ))
}

/// Texts that are asked for at once.
#[cfg(feature = "net")]
const AT_ONCE: usize = 16;
/// Characters of a paper that are sent; models read no more.
#[cfg(feature = "net")]
const LONGEST: usize = 2000;

#[cfg(feature = "net")]
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    use super::failure::say;
    use super::fetch::Interrupt;
    use super::progress::Progress;
    use crate::core::page::thousands;
    use crate::runtime::embedding_client::EmbeddingClient;
    use crate::runtime::embeddings::KeptVectors;
    use crate::runtime::model::{ModelError, ModelLimits};
    use crate::runtime::source::reason;

    let model = session.config.settings.model.clone();
    let named = model.and_then(|model| Some((KeptVectors::of(&model)?, model)));
    let Some((kept, model)) = named else {
        return Err(Failure::Failed(
            "no model for vectors is named; write embeddings = \"…\" below [model] into the configuration"
                .to_owned(),
        ));
    };
    let library = &session.catalogue.library;
    let missing = kept.missing(library);
    let before = library.len() - missing.len();
    if missing.is_empty() {
        say(&format!(
            "all {} papers have their vectors",
            thousands(before)
        ));
        return Ok(());
    }
    agree(arguments, &model, missing.len())?;
    let client = EmbeddingClient::new(
        model,
        |name| std::env::var(name).ok(),
        ModelLimits::default(),
    );
    let Some(client) = client else {
        return Ok(());
    };
    let interrupt = Interrupt::catch();
    let progress = Progress::new();
    let mut done = 0;
    for papers in missing.chunks(AT_ONCE) {
        let counted = format!("{} of {} papers", thousands(done), thousands(missing.len()));
        progress.bar(done, missing.len(), &counted);
        let texts: Vec<String> = papers.iter().map(|no| text(session, *no)).collect();
        let answer = client.ask(&texts, &|| interrupt.is_caught());
        let vectors = answer.map_err(|error| {
            progress.clear();
            let kept = format!("{} papers are kept", thousands(done));
            Failure::Failed(match error {
                ModelError::Cancelled => {
                    format!("stopped; {kept}, the next time goes on with the rest")
                }
                ModelError::Failed(what) => format!("{what} · {kept}"),
            })
        })?;
        let vectors: Vec<_> = papers.iter().copied().zip(vectors).collect();
        kept.add(library, &vectors).map_err(|error| {
            progress.clear();
            let what = reason(&error);
            Failure::Failed(format!(
                "the vectors cannot be kept: {what}; make room in the cache directory"
            ))
        })?;
        done += papers.len();
    }
    progress.clear();
    say(&format!(
        "{} papers have vectors now, {} had them before; similar papers use them",
        thousands(done),
        thousands(before)
    ));
    Ok(())
}

/// What is sent of a paper.
#[cfg(feature = "net")]
fn text(session: &Session, no: crate::core::paper::PaperNo) -> String {
    use crate::core::text::clean;
    let item = session.catalogue.item(no).ok();
    let about = item.and_then(|item| item.text("abstract").map(|text| clean(&text).into_string()));
    let title = session.catalogue.library.title(no);
    let text = format!("{title}\n\n{}", about.unwrap_or_default());
    text.trim().chars().take(LONGEST).collect()
}

/// Goes on only where the reader has agreed to what is sent.
#[cfg(feature = "net")]
fn agree(
    arguments: &Arguments,
    model: &crate::config::model::ModelSettings,
    papers: usize,
) -> Result<(), Failure> {
    use crate::core::findings::Scope;
    use crate::core::page::thousands;
    use crate::runtime::model_kept::Agreements;
    let name = model.embeddings.clone().unwrap_or_default();
    let asked = crate::config::model::ModelSettings {
        name,
        ..model.clone()
    };
    let agreements = Agreements::own();
    if agreements
        .as_ref()
        .is_some_and(|all| all.has(&asked, Scope::Abstract))
    {
        return Ok(());
    }
    if !arguments.yes {
        let leaves = if model.is_loopback() {
            "stays on this machine"
        } else {
            "leaves this machine"
        };
        return Err(Failure::Failed(format!(
            "titles and abstracts of {} papers are sent to the model {} at {}: that {leaves}; agree once with --yes",
            thousands(papers),
            asked.name,
            model.host()
        )));
    }
    if let Some(Err(error)) = agreements.map(|agreements| agreements.add(&asked, Scope::Abstract)) {
        super::failure::say(&format!(
            "warning: that you agreed cannot be kept: {}; you will be asked again",
            crate::runtime::source::reason(&error)
        ));
    }
    Ok(())
}
