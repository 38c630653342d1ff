//! What to read next: unread papers like those that the reader starred and read lately.

use super::catalogue::Catalogue;
use super::index::SearchTexts;
use super::journal::{Status, Summary};
use super::library::Texts;
use super::paper::PaperNo;

/// At most so many liked papers are looked at, the dearest and latest ones.
const MOST_LIKED: usize = 40;
/// What was opened or read so long before the latest counts half, in ms: three months.
const HALF: f64 = 91.0 * 86_400_000.0;
/// Papers less alike than this are chance.
const LEAST_LIKENESS: f32 = 0.08;

/// An unread paper that the reader may like, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct ForYou {
    /// The paper.
    pub no: PaperNo,
    /// How alike it is to [`ForYou::like`], from 0 to 1.
    pub score: f32,
    /// The paper of the reader's that it is most like.
    pub like: PaperNo,
    /// Words that both have; the weightiest first.
    pub shared_terms: Vec<String>,
}

/// What is suggested, or why nothing is.
#[derive(Debug, Clone, PartialEq)]
pub enum Suggestions {
    /// Papers, the likeliest first.
    Papers(Vec<ForYou>),
    /// Nothing is starred or read yet.
    NothingLiked,
    /// Every paper like those is read already.
    NothingLeft,
}

impl Suggestions {
    /// The papers.
    pub fn papers(&self) -> &[ForYou] {
        match self {
            Suggestions::Papers(papers) => papers,
            Suggestions::NothingLiked | Suggestions::NothingLeft => &[],
        }
    }

    /// Why there are none, and what to do; nothing where there are some.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Suggestions::Papers(_) => None,
            Suggestions::NothingLiked => {
                Some("Nothing to go by yet: star papers, or mark them as read")
            }
            Suggestions::NothingLeft => Some("No unread paper is like those starred and read"),
        }
    }
}

/// How much a paper says about what its reader likes.
fn liking(noted: Summary) -> f32 {
    let read = match noted.status {
        Status::Read | Status::Reading => 1.0,
        Status::Skimmed => 0.4,
        Status::Unread | Status::Abandoned => 0.0,
    };
    // Two of five is a verdict, too.
    if noted.deleted || matches!(noted.rating, 1 | 2) || noted.status == Status::Abandoned {
        return 0.0;
    }
    let starred = if noted.starred { 1.5 } else { 0.0 };
    read + starred + f32::from(noted.rating.saturating_sub(3)) * 0.5
}

impl Catalogue {
    /// The papers that say what the reader likes, with how much, the dearest and latest first.
    fn liked(&self) -> Vec<(PaperNo, f32)> {
        let state = self.notes.state();
        let mut liked: Vec<(PaperNo, f32, u64)> = Vec::new();
        for no in self.library.numbers() {
            let noted = state.summary(self.library.id(no));
            let weight = liking(noted);
            if weight > 0.0 {
                let last = noted.opened.max(noted.finished).unwrap_or_default();
                liked.push((no, weight, last));
            }
        }
        let latest = liked.iter().map(|(_, _, last)| *last).max();
        let latest = latest.unwrap_or_default();
        let mut weighed: Vec<(PaperNo, f32)> = liked
            .into_iter()
            .map(|(no, weight, last)| {
                let age = latest.saturating_sub(last) as f64 / HALF;
                // What is old was liked all the same.
                let fresh = 0.25 + 0.75 * 0.5_f64.powf(age);
                (no, weight * fresh as f32)
            })
            .collect();
        weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weighed.truncate(MOST_LIKED);
        weighed
    }

    /// Unread papers like those that were starred and read lately, the likeliest first. Without an index there are
    /// none.
    pub fn for_you(&self, limit: usize, cancel: &dyn Fn() -> bool) -> Suggestions {
        let liked = self.liked();
        if liked.is_empty() {
            return Suggestions::NothingLiked;
        }
        let Some(index) = &self.index else {
            return Suggestions::NothingLeft;
        };
        let state = self.notes.state();
        let texts = Texts {
            library: &self.library,
            source: self.source.as_ref(),
        };
        let open = |no: PaperNo| {
            let noted = state.summary(self.library.id(no));
            noted.status == Status::Unread && !noted.deleted && !noted.starred
        };
        let texts: &dyn SearchTexts = &texts;
        let papers: Vec<ForYou> = index
            .suggested(&liked, limit, &open, texts, cancel)
            .into_iter()
            .filter(|suggested| suggested.score >= LEAST_LIKENESS)
            .map(|suggested| ForYou {
                no: suggested.no,
                score: suggested.score,
                like: suggested.like,
                shared_terms: suggested.shared_terms,
            })
            .collect();
        if papers.is_empty() {
            return Suggestions::NothingLeft;
        }
        Suggestions::Papers(papers)
    }

    /// Why a paper is suggested: the title that it is like, and the words that both have.
    pub fn why_for_you(&self, suggested: &ForYou) -> String {
        let title = match self.library.title(suggested.like) {
            "" => "an untitled paper",
            title => title,
        };
        if suggested.shared_terms.is_empty() {
            return format!("like “{title}”");
        }
        let terms = suggested.shared_terms.join(", ");
        format!("like “{title}” · shares: {terms}")
    }
}
