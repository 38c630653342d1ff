//! `offprint findings ID [--model]`.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::library::Session;
use super::output::{Field, Out};
use crate::core::findings::ModelFindings;
use crate::core::item::Item;
use crate::core::page::{self, Block, Facts, Finding, SectionKind};
use crate::runtime::model_kept::FindingsFolder;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the paper
    id: String,
    /// Ask the model that the configuration names
    #[arg(long)]
    model: bool,
    /// Send the abstract, or the text of the attached PDF [default: as the configuration says, else the abstract]
    #[arg(long, value_name = "SCOPE", value_parser = ["abstract", "pdf"], requires = "model")]
    scope: Option<String>,
    /// Agree that it is sent to that model; asked once for each
    #[arg(long, requires = "model")]
    yes: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    session: &mut Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let no = session.paper(&arguments.id)?;
    let item = session
        .catalogue
        .item(no)
        .map_err(|error| session.failed(&error.to_string()))?;
    let folder = FindingsFolder::of(&session.library);
    let kept = folder.as_ref().and_then(|folder| folder.find(&item.id()));
    let by_model = if arguments.model {
        Some(asked(arguments, session, &item, kept, folder.as_ref())?)
    } else {
        kept
    };
    let notes = session.catalogue.notes.state().paper(&item.id());
    let page = page::build(
        &item,
        &Facts {
            notes: Some(&notes),
            by_model: by_model.as_ref(),
            ..Facts::default()
        },
    );
    let Some(section) = page.section(SectionKind::KeyFindings) else {
        return Ok(());
    };
    if out.is_json() {
        let mut value = page::findings_to_json(section);
        if let Some(object) = value.as_object_mut() {
            object.insert("id".to_owned(), json!(page.id));
        }
        return out.json(&value);
    }
    if let Some(origin) = &section.origin {
        out.row(&[Field::Dim(origin)])?;
    }
    for block in &section.blocks {
        match block {
            Block::Finding(finding) => {
                if let Some(claim) = &finding.claim {
                    out.row(&[Field::Head(finding.label), Field::Plain(claim)])?;
                    out.row(&[
                        Field::Dim(finding.doubt.unwrap_or("sentence")),
                        Field::Plain(&quoted(finding)),
                    ])?;
                } else {
                    out.row(&[Field::Head(finding.label), Field::Plain(&finding.sentence)])?;
                }
            }
            Block::Note(note) => out.row(&[Field::Dim(note)])?,
            _ => {}
        }
    }
    Ok(())
}

/// The sentence, with its page where it is one of the PDF.
fn quoted(finding: &Finding) -> String {
    match finding.page {
        Some(page) => format!("{} (page {page})", finding.sentence),
        None => finding.sentence.clone(),
    }
}

#[cfg(not(feature = "net"))]
fn asked(
    _: &Arguments,
    _: &Session,
    _: &Item,
    _: Option<ModelFindings>,
    _: Option<&FindingsFolder>,
) -> Result<ModelFindings, Failure> {
    Err(Failure::Usage(
        "--model: this build reaches no network; leave --model out".to_owned(),
    ))
}

/// What the model says: what it said before where nothing has changed since, else what it answers now.
#[cfg(feature = "net")]
fn asked(
    arguments: &Arguments,
    session: &Session,
    item: &Item,
    kept: Option<ModelFindings>,
    folder: Option<&FindingsFolder>,
) -> Result<ModelFindings, Failure> {
    use super::fetch::Interrupt;
    use super::progress::Progress;
    use crate::core::findings::Scope;
    use crate::runtime::model::{ModelClient, ModelError, ModelLimits, Waiting};
    use crate::runtime::model_kept::Agreements;
    use crate::runtime::model_question::{Posed, pose};
    use crate::runtime::store::wall_clock_ms;

    let Some(model) = session.config.settings.model.clone() else {
        return Err(Failure::Failed(
            "--model: no model is named; write [model] with url and name into the configuration"
                .to_owned(),
        ));
    };
    let interrupt = Interrupt::catch();
    let named = arguments.scope.as_deref().and_then(Scope::named);
    let wanted = named.unwrap_or(model.scope);
    let files = session.catalogue.notes.state().paper(&item.id()).files;
    if named == Some(Scope::Pdf) && files.is_empty() {
        return Err(session.failed(&format!(
            "no PDF is attached to {}; offprint attach ID FILE.pdf attaches one",
            crate::core::text::scrub(&item.id(), false)
        )));
    }
    let posed = pose(item, &files, &session.library, wanted, &|| {
        interrupt.is_caught()
    });
    let Posed { question, file } = posed.map_err(|reason| session.failed(&reason))?;
    let scope = question.scope();
    let agreements = Agreements::own();
    let agreed = agreements
        .as_ref()
        .is_some_and(|all| all.has(&model, scope));
    if !agreed && !arguments.yes {
        let what = model.explained(scope, question.characters());
        return Err(Failure::Failed(format!(
            "--model: {what}; agree once with --yes"
        )));
    }
    if let (false, Some(agreements)) = (agreed, &agreements)
        && let Err(error) = agreements.add(&model, scope)
    {
        super::failure::say(&format!(
            "warning: that you agreed cannot be kept: {}; you will be asked again",
            crate::runtime::source::reason(&error)
        ));
    }
    let fingerprint = question.fingerprint(&model.name);
    if let Some(kept) = kept.filter(|kept| kept.fingerprint == fingerprint) {
        return Ok(kept);
    }
    let progress = Progress::new();
    let client = ModelClient::new(
        model,
        |name| std::env::var(name).ok(),
        ModelLimits::default(),
    );
    let waiting = Waiting {
        cancelled: &|| interrupt.is_caught(),
        progress: &|who| progress.tell(&format!("asking {who} …")),
    };
    let answer = client.ask(&question, wall_clock_ms(), &waiting);
    progress.clear();
    let mut findings = answer.map_err(|error| match error {
        ModelError::Cancelled => Failure::Failed("stopped: nothing was kept".to_owned()),
        ModelError::Failed(what) => Failure::Failed(what),
    })?;
    findings.file = file;
    let saved = folder.map(|folder| folder.save(&item.id(), &findings));
    if let Some(Err(error)) = saved {
        super::failure::say(&format!(
            "warning: the findings cannot be kept: {}",
            crate::runtime::source::reason(&error)
        ));
    }
    Ok(findings)
}
