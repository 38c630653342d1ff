//! Fetching figures about papers: asked for with a key, told in the status line, ended with Esc.

use super::reviewing::Review;
use super::{App, Effect, Level};
use crate::core::page::thousands;
use crate::core::paper::PaperNo;

/// How far a fetching is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetching {
    /// Which one; news of others are old.
    pub signature: u64,
    /// Papers done.
    pub done: usize,
    /// All papers.
    pub total: usize,
    /// Who is being asked.
    pub who: String,
    /// How far the reading of a file is, where nobody is asked.
    pub reading: Option<ReadSoFar>,
}

/// How far the reading of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadSoFar {
    /// Bytes that were read.
    pub bytes: usize,
    /// All bytes; 0 while the file is being opened.
    pub of: usize,
    /// Papers in what was read.
    pub papers: usize,
}

impl ReadSoFar {
    /// `███░░░░░░░ 34 % · 3,400 papers`.
    fn words(self) -> String {
        const BAR: usize = 10;
        if self.of == 0 {
            return "reading…".to_owned();
        }
        if self.bytes >= self.of {
            return format!(
                "{} papers · looking which are here…",
                thousands(self.papers)
            );
        }
        let share = self.bytes as f64 / self.of as f64;
        let full = ((share * BAR as f64) as usize).min(BAR);
        let bar = "█".repeat(full) + &"░".repeat(BAR - full);
        format!(
            "{bar} {:.0} % · {} papers",
            share * 100.0,
            thousands(self.papers)
        )
    }
}

impl Fetching {
    /// The words for the status line.
    pub fn words(&self) -> String {
        if let Some(so_far) = self.reading {
            return so_far.words();
        }
        let who = if self.who.is_empty() {
            "fetching…".to_owned()
        } else {
            format!("asking {}…", self.who)
        };
        if self.total > 1 {
            let (at, total) = (self.done.saturating_add(1).min(self.total), self.total);
            return format!("{}/{} {who}", thousands(at), thousands(total));
        }
        who
    }
}

/// What a fetching tells while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchNews {
    /// Of which one.
    pub signature: u64,
    /// What.
    pub what: FetchStep,
}

/// A step of a fetching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchStep {
    /// This service is being asked.
    Asking(String),
    /// So many papers were asked for.
    Done(usize),
    /// A file is being read.
    Reading(ReadSoFar),
    /// The figures about a paper are kept now.
    Kept(PaperNo),
    /// A service says otherwise about a paper than the library.
    Differs(Box<Review>),
    /// Nobody could be asked what else to say about a paper, for this reason.
    NotCompared(String),
    /// There are none about a paper, for this reason.
    Failed(String),
    /// All is done.
    Ended {
        /// Papers about which there are figures now.
        kept: usize,
        /// Papers about which nobody said anything.
        failed: usize,
    },
}

impl App {
    /// Asks for figures about the selected papers, else about the one under the cursor.
    pub(super) fn fetch_metrics(&mut self, effects: &mut Vec<Effect>) {
        let papers = self.chosen_papers();
        self.reviews.clear();
        let signature = self.next_signature();
        self.fetching = Some(Fetching {
            signature,
            done: 0,
            total: papers.len(),
            who: String::new(),
            reading: None,
        });
        effects.push(Effect::FetchMetrics { signature, papers });
    }

    /// Ends the fetching that runs; whether there was one.
    pub(super) fn stop_fetching(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(fetching) = self.fetching.take() else {
            return false;
        };
        effects.push(Effect::StopFetching);
        let done = match fetching.done {
            0 => String::new(),
            done => format!(
                ": {} of {} are kept",
                thousands(done),
                thousands(fetching.total)
            ),
        };
        if fetching.reading.is_some() {
            self.tell(Level::Info, "Reading stopped: nothing was imported");
        } else {
            self.tell(Level::Info, format!("Fetching stopped{done}"));
        }
        true
    }

    /// Takes news of a fetching; whether they were of the one that runs.
    pub(super) fn fetching_news(&mut self, news: FetchNews, effects: &mut Vec<Effect>) -> bool {
        let Some(fetching) = (self.fetching.as_mut()).filter(|one| one.signature == news.signature)
        else {
            return false;
        };
        match news.what {
            FetchStep::Asking(who) => fetching.who = who,
            FetchStep::Done(done) => fetching.done = done,
            FetchStep::Reading(so_far) => fetching.reading = Some(so_far),
            FetchStep::Kept(paper) => {
                fetching.done += 1;
                if self.page.paper == Some(paper) {
                    // The item is read again, and its figures with it.
                    self.page.shown = None;
                }
            }
            FetchStep::Differs(review) => self.reviews.push((*review).into()),
            FetchStep::NotCompared(reason) => self.log(Level::Warning, reason),
            FetchStep::Failed(reason) => {
                fetching.done += 1;
                if fetching.total > 1 {
                    self.log(Level::Warning, reason);
                } else {
                    self.fetching = None;
                    self.tell(Level::Error, reason);
                }
            }
            FetchStep::Ended { kept, failed } => {
                self.fetching = None;
                effects.push(Effect::FindRetracted);
                let (level, text) = match (kept, failed) {
                    (1, 0) => (Level::Info, "Figures fetched".to_owned()),
                    (kept, 0) => {
                        let text = format!("Figures about {} papers fetched", thousands(kept));
                        (Level::Info, text)
                    }
                    (kept, failed) => {
                        let (kept, failed) = (thousands(kept), thousands(failed));
                        let text = format!("{kept} fetched, {failed} not (! says why)");
                        (Level::Warning, text)
                    }
                };
                let differing = self.differing_words();
                self.tell(level, text + &differing);
            }
        }
        true
    }
}
