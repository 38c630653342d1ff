//! Asking the model that the reader named for key findings: agreed to once, told in the status line, ended with Esc.

use super::chooser::{Choice, Chooser, Pick};
use super::fetching::Fetching;
use super::{App, Effect, Level};
use crate::core::findings::Scope;
use crate::core::page::thousands;
use crate::core::paper::PaperNo;

/// What became of a question to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelAnswer {
    /// The reader has not agreed yet that so many characters are sent.
    NotAgreed {
        /// What of the paper they are.
        scope: Scope,
        /// Characters.
        characters: usize,
        /// The text of a PDF could be sent instead of the abstract, or the other way round.
        has_pdf: bool,
    },
    /// The findings are kept now.
    Kept,
    /// They were kept already, and nothing has changed since.
    KeptBefore,
    /// There are none, for this reason.
    Failed(String),
}

impl App {
    /// Asks the model about the paper under the cursor, or about this of it; `agreed` says that the reader has just
    /// agreed to it.
    pub(super) fn ask_model(
        &mut self,
        scope: Option<Scope>,
        agreed: bool,
        effects: &mut Vec<Effect>,
    ) {
        let Some(paper) = self.selected() else { return };
        let Some(model) = &self.settings.model else {
            return self.tell(
                Level::Info,
                "No model is named: write [model] with url and name into the configuration",
            );
        };
        let who = model.name.clone();
        let scope = scope.unwrap_or(model.scope);
        let signature = self.next_signature();
        self.fetching = Some(Fetching {
            signature,
            done: 0,
            total: 1,
            who,
            reading: None,
        });
        effects.push(Effect::AskModel {
            signature,
            paper,
            scope,
            agreed,
        });
    }

    /// Takes the answer; whether it was awaited.
    pub(super) fn model_answered(
        &mut self,
        signature: u64,
        paper: PaperNo,
        answer: ModelAnswer,
    ) -> bool {
        if (self.fetching.as_ref()).is_none_or(|one| one.signature != signature) {
            return false;
        }
        self.fetching = None;
        match answer {
            ModelAnswer::NotAgreed {
                scope,
                characters,
                has_pdf,
            } => self.ask_to_agree(paper, (scope, characters), has_pdf),
            ModelAnswer::Kept | ModelAnswer::KeptBefore => {
                if self.page.paper == Some(paper) {
                    // The item is read again, and what is kept about it.
                    self.page.shown = None;
                }
                let text = if answer == ModelAnswer::Kept {
                    "Key findings are there: gk"
                } else {
                    "The model was asked this before: gk"
                };
                self.tell(Level::Info, text);
            }
            ModelAnswer::Failed(reason) => self.tell(Level::Error, reason),
        }
        true
    }

    fn ask_to_agree(&mut self, paper: PaperNo, (scope, characters): (Scope, usize), has_pdf: bool) {
        let Some(model) = &self.settings.model else {
            return;
        };
        // Another paper may be under the cursor by now, with another abstract.
        if self.selected() != Some(paper) || self.overlay.is_some() || self.query_box.is_some() {
            return self.tell(Level::Info, "The model was not asked: I asks again");
        }
        let leaves = if model.is_loopback() {
            "stays on this machine"
        } else {
            "leaves this machine"
        };
        let characters = thousands(characters);
        let send = format!("send {}", scope.words());
        let mut rows = vec![
            Choice::new(Some('y'), send, Pick::AskModel(scope, true))
                .detail(format!("{characters} characters · {leaves}")),
            Choice::new(Some('n'), "send nothing", Pick::Nothing),
        ];
        if has_pdf {
            let (letter, other) = match scope {
                Scope::Abstract => ('p', Scope::Pdf),
                Scope::Pdf => ('a', Scope::Abstract),
            };
            let label = format!("{} instead", other.words());
            rows.push(
                Choice::new(Some(letter), label, Pick::AskModel(other, false))
                    .detail("asks again, with its length"),
            );
        }
        let title = format!("Ask {} at {}?", model.name, model.host());
        self.open_chooser(Chooser::new(&title, rows));
    }
}
