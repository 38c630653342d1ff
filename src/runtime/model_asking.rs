//! Asking a model for the app, on a worker.

use super::jobs::Cancelled;
use super::place::Place;
use crate::app::model::ModelAnswer;
use crate::config::model::ModelSettings;
use crate::core::catalogue::Catalogue;
use crate::core::findings::Scope;
use crate::core::paper::PaperNo;

/// One question.
#[cfg_attr(
    not(feature = "net"),
    allow(dead_code, reason = "without the network nobody is asked")
)]
pub(super) struct Asker {
    pub(super) catalogue: Catalogue,
    pub(super) place: Place,
    pub(super) model: Option<ModelSettings>,
    /// What of the paper is sent, where it has both.
    pub(super) scope: Scope,
}

impl Asker {
    /// Asks about a paper; `agreed` says that the reader has just agreed that it is sent.
    #[cfg(feature = "net")]
    pub(super) fn ask(
        &self,
        paper: PaperNo,
        agreed: bool,
        cancelled: &Cancelled,
        tell: &dyn Fn(&str),
    ) -> ModelAnswer {
        match self.answer(paper, agreed, cancelled, tell) {
            Ok(answer) => answer,
            Err(reason) => ModelAnswer::Failed(reason),
        }
    }

    #[cfg(not(feature = "net"))]
    #[allow(clippy::unused_self, reason = "called as where there is a network")]
    pub(super) fn ask(&self, _: PaperNo, _: bool, _: &Cancelled, _: &dyn Fn(&str)) -> ModelAnswer {
        ModelAnswer::Failed("this build of offprint reaches no network".to_owned())
    }

    #[cfg(feature = "net")]
    fn answer(
        &self,
        paper: PaperNo,
        agreed: bool,
        cancelled: &Cancelled,
        tell: &dyn Fn(&str),
    ) -> Result<ModelAnswer, String> {
        use super::model::{ModelClient, ModelError, ModelLimits, Waiting};
        use super::model_kept::{Agreements, FindingsFolder};
        use super::model_question::{Posed, pose};
        use super::store::wall_clock_ms;

        let model = self.model.clone().ok_or("no model is named")?;
        let item = (self.catalogue.item(paper)).map_err(|error| error.to_string())?;
        let files = self.catalogue.notes.state().paper(&item.id()).files;
        let is_cancelled = || cancelled.is_cancelled();
        let Posed { question, file } = pose(&item, &files, &self.place, self.scope, &is_cancelled)?;
        let scope = question.scope();
        let agreements = Agreements::own();
        if agreed {
            if let Some(agreements) = &agreements {
                // Where it cannot be kept the reader is asked again.
                let _ = agreements.add(&model, scope);
            }
        } else if !agreements.is_some_and(|all| all.has(&model, scope)) {
            let characters = question.characters();
            return Ok(ModelAnswer::NotAgreed {
                scope,
                characters,
                has_pdf: !files.is_empty(),
            });
        }
        let folder = FindingsFolder::of(&self.place)
            .ok_or("there is no data folder to keep findings in; set HOME")?;
        let id = item.id();
        let fingerprint = question.fingerprint(&model.name);
        if folder
            .find(&id)
            .is_some_and(|kept| kept.fingerprint == fingerprint)
        {
            return Ok(ModelAnswer::KeptBefore);
        }
        let client = ModelClient::new(
            model,
            |name| std::env::var(name).ok(),
            ModelLimits::default(),
        );
        let waiting = Waiting {
            cancelled: &|| cancelled.is_cancelled(),
            progress: tell,
        };
        let mut findings = client
            .ask(&question, wall_clock_ms(), &waiting)
            .map_err(|error| match error {
                ModelError::Cancelled => "stopped".to_owned(),
                ModelError::Failed(what) => what,
            })?;
        findings.file = file;
        folder.save(&id, &findings).map_err(|error| {
            let reason = super::source::reason(&error);
            format!("the findings cannot be kept: {reason}; make room beside the library")
        })?;
        Ok(ModelAnswer::Kept)
    }
}
