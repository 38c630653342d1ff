//! A line of hints for who sees the program for the first time: five keys, one after the other, gone as they are
//! pressed.

use super::App;
use super::command::Command;

/// What to press, and what it does.
const STEPS: [(&[Command], &str); 5] = [
    (
        &[Command::Search],
        "finds papers by a few letters of anything",
    ),
    (
        &[Command::Copy, Command::CopyAs],
        "copies the citation of the paper under the cursor",
    ),
    (&[Command::Star], "stars it"),
    (&[Command::Undo], "takes the last change back"),
    (&[Command::Help], "shows every key"),
];

/// How far the hints have been followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tour(usize);

impl App {
    /// Begins the hints in the example library, as long as nothing was noted in it.
    pub(super) fn begin_tour(&mut self) {
        let is_first = self.source.example && self.notes.state().summaries().next().is_none();
        if self.settings.tour && is_first {
            self.tour = Some(Tour(0));
        }
    }

    /// Goes on to the next hint when the one that is shown was followed.
    pub(super) fn follow_tour(&mut self, command: Command) {
        let Some(Tour(at)) = self.tour else { return };
        if STEPS
            .get(at)
            .is_some_and(|(commands, _)| commands.contains(&command))
        {
            self.tour = Some(Tour(at + 1)).filter(|_| at + 1 < STEPS.len());
        }
    }

    /// The hint that is shown: the key, what it does, and which of how many it is.
    pub fn hint_of_tour(&self) -> Option<(String, &'static str, String)> {
        let Tour(at) = self.tour?;
        let (commands, what) = STEPS.get(at)?;
        let key = commands.iter().find_map(|command| {
            self.settings
                .keymap
                .keys(*command)
                .first()
                .map(ToString::to_string)
        })?;
        Some((key, what, format!("{} of {}", at + 1, STEPS.len())))
    }
}
