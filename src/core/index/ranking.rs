//! Every number that was chosen by measuring, in one place.
//!
//! A hit's rank is the sum over the words of a query of the best level at which the word was found; ties go to papers
//! of which the words make out more, then to the newer paper, then to the order of the library.

use super::postings::fields;

/// Levels at which a word is found, the best first. All levels up to [`level::TYPO`] rest on a typo.
pub(super) mod level {
    // A whole word of the title is so far above the rest that no bonus below lifts another over it.
    pub(in crate::core::index) const TITLE_WHOLE: u8 = 150;
    pub(in crate::core::index) const SURNAME_WHOLE: u8 = 122;
    pub(in crate::core::index) const GIVEN_WHOLE: u8 = 104;
    pub(in crate::core::index) const SURNAME_BEGINNING: u8 = 112;
    pub(in crate::core::index) const TITLE_BEGINNING: u8 = 110;
    pub(in crate::core::index) const GIVEN_BEGINNING: u8 = 90;
    /// The initials of the first words of the title.
    pub(in crate::core::index) const INITIALS_START: u8 = 84;
    pub(in crate::core::index) const KEYWORD_WHOLE: u8 = 80;
    pub(in crate::core::index) const VENUE_WHOLE: u8 = 78;
    pub(in crate::core::index) const YEAR: u8 = 78;
    pub(in crate::core::index) const ID: u8 = 76;
    pub(in crate::core::index) const KEYWORD_BEGINNING: u8 = 72;
    pub(in crate::core::index) const VENUE_BEGINNING: u8 = 70;
    /// Initials somewhere in the title.
    pub(in crate::core::index) const INITIALS_INSIDE: u8 = 60;
    /// Another spelling of an umlaut in a name costs this much.
    pub(in crate::core::index) const OTHER_SPELLING: u8 = 2;
    pub(in crate::core::index) const ABSTRACT_WHOLE: u8 = 44;
    pub(in crate::core::index) const ABSTRACT_BEGINNING: u8 = 36;
    /// The highest level of a typo.
    pub(in crate::core::index) const TYPO: u8 = 30;
    pub(in crate::core::index) const TYPO_TITLE: u8 = 28;
    pub(in crate::core::index) const TYPO_AUTHOR: u8 = 27;
    pub(in crate::core::index) const TYPO_OTHER: u8 = 18;
    pub(in crate::core::index) const TYPO_ABSTRACT: u8 = 12;
    /// A mistyped beginning is worth less than a mistyped word by this.
    pub(in crate::core::index) const TYPO_BEGINNING_COSTS: u8 = 3;
    /// Each typo after the first costs this.
    pub(in crate::core::index) const TYPO_MORE_COSTS: u8 = 5;
}

/// A word that finds fewer papers than this may be mistyped, or be the initials of a title.
pub(super) const FEW: usize = 20;
/// Typed words of fewer characters do not look for beginnings of words in abstracts.
pub(super) const SHORTEST_IN_ABSTRACT: usize = 3;
/// Letters that may be initials.
pub(super) const INITIALS: std::ops::RangeInclusive<usize> = 3..=12;
/// So many of the first hits are ordered by their texts.
pub(super) const REFINED: usize = 256;

/// How the order of the first hits is refined by their titles and authors, in units of levels.
pub(super) mod bonus {
    /// For each typed word in the title, times the logarithm of how few words it stands among.
    pub(in crate::core::index) const TITLE_LENGTH: f32 = 6.0;
    /// For each typed word in the authors, times the logarithm of how few they are.
    pub(in crate::core::index) const AUTHORS_LENGTH: f32 = 6.0;
    /// Titles of so many words gain nothing by having a typed word.
    pub(in crate::core::index) const LONG_TITLE: f32 = 40.0;
    /// Nor do papers of so many authors.
    pub(in crate::core::index) const MANY_AUTHORS: f32 = 40.0;
    /// A word of three letters or a stop word counts so much in the length of a title.
    pub(in crate::core::index) const SMALL_WORD: f32 = 0.1;
    /// Two words that follow each other in the query do so in the title.
    pub(in crate::core::index) const ADJACENT: f32 = 8.0;
    /// They stand in this order.
    pub(in crate::core::index) const IN_ORDER: f32 = 4.0;
    /// A word of four letters counts so much; longer words are what is remembered and typed.
    pub(in crate::core::index) const FOUR_LETTERS: f32 = 0.3;
    /// A surname of three letters counts so much among the authors.
    pub(in crate::core::index) const SHORT_NAME: f32 = 0.2;
    /// What a whole word is worth more than a beginning is worth so much less where words are shortened.
    pub(in crate::core::index) const ABBREVIATING: f32 = 1.0;
    /// Two letters are swapped.
    pub(in crate::core::index) const SWAP_COSTS: f32 = 0.0;
    /// A letter is missing or typed twice.
    pub(in crate::core::index) const OMISSION_COSTS: f32 = 3.0;
    /// A letter is wrong or does not belong.
    pub(in crate::core::index) const WRONG_LETTER_COSTS: f32 = 15.0;
    /// More than one typo.
    pub(in crate::core::index) const TWO_TYPOS_COST: f32 = 24.0;
    /// The first letter is wrong.
    pub(in crate::core::index) const FIRST_LETTER_COSTS: f32 = 8.0;
    /// Not the whole word was typed, and that wrongly.
    pub(in crate::core::index) const MISTYPED_BEGINNING_COSTS: f32 = 10.0;
    /// The title starts with the first word.
    pub(in crate::core::index) const AT_START: f32 = 3.0;
    /// The first author was typed.
    pub(in crate::core::index) const FIRST_AUTHOR: f32 = 1.0;
}

/// Levels of one typed word for every combination of fields.
#[derive(Debug)]
pub(super) struct Levels {
    pub(super) whole: [u8; 256],
    pub(super) beginning: [u8; 256],
    /// In the abstract, 0 where that is not searched.
    pub(super) body_whole: u8,
    pub(super) body_beginning: u8,
}

fn table(levels: &[(u8, u8)], allowed: u8) -> [u8; 256] {
    let mut table = [0; 256];
    for (in_fields, best) in table.iter_mut().enumerate() {
        let in_fields = in_fields as u8 & allowed;
        *best = levels
            .iter()
            .filter(|(bit, _)| in_fields & bit != 0)
            .map(|(_, level)| *level)
            .max()
            .unwrap_or(0);
    }
    table
}

impl Levels {
    /// Levels in the allowed fields.
    pub(super) fn new(allowed: u8, body: bool) -> Levels {
        use level as at;
        let whole = [
            (fields::TITLE, at::TITLE_WHOLE),
            (fields::TITLE_START, at::TITLE_WHOLE),
            (fields::SURNAME, at::SURNAME_WHOLE),
            (fields::GIVEN, at::GIVEN_WHOLE),
            (fields::VENUE, at::VENUE_WHOLE),
            (fields::KEYWORD, at::KEYWORD_WHOLE),
            (fields::ID, at::ID),
            (fields::DOI, at::ID),
        ];
        let beginning = [
            (fields::TITLE, at::TITLE_BEGINNING),
            (fields::TITLE_START, at::TITLE_BEGINNING),
            (fields::SURNAME, at::SURNAME_BEGINNING),
            (fields::GIVEN, at::GIVEN_BEGINNING),
            (fields::VENUE, at::VENUE_BEGINNING),
            (fields::KEYWORD, at::KEYWORD_BEGINNING),
            (fields::ID, at::ID),
            (fields::DOI, at::ID),
        ];
        let body = u8::from(body);
        Levels {
            whole: table(&whole, allowed),
            beginning: table(&beginning, allowed),
            body_whole: body * at::ABSTRACT_WHOLE,
            body_beginning: body * at::ABSTRACT_BEGINNING,
        }
    }

    /// Levels where the word is mistyped so many times.
    pub(super) fn mistyped(allowed: u8, body: bool, typos: u32) -> Levels {
        use level as at;
        let cost = typos.saturating_sub(1) as u8 * at::TYPO_MORE_COSTS;
        let one = [
            (fields::TITLE | fields::TITLE_START, at::TYPO_TITLE),
            (fields::SURNAME | fields::GIVEN, at::TYPO_AUTHOR),
            (!0, at::TYPO_OTHER),
        ];
        let lower = |level: u8, by: u8| {
            if level == 0 {
                0
            } else {
                level.saturating_sub(by).max(1)
            }
        };
        let table = table(&one, allowed);
        let body = u8::from(body) * at::TYPO_ABSTRACT;
        Levels {
            whole: table.map(|level| lower(level, cost)),
            beginning: table.map(|level| lower(level, cost + at::TYPO_BEGINNING_COSTS)),
            body_whole: lower(body, cost),
            body_beginning: lower(body, cost + at::TYPO_BEGINNING_COSTS),
        }
    }

    /// All levels lower by `by`.
    pub(super) fn lowered(mut self, by: u8) -> Levels {
        for level in self.whole.iter_mut().chain(&mut self.beginning) {
            *level = level.saturating_sub(by);
        }
        self
    }
}

// Similar papers ------------------------------------------------------------------------------------------------------

/// A word of the title counts as often as this many in the abstract.
pub(super) const TITLE_COUNTS: u8 = 2;
/// In libraries of more papers than this, words in more than a tenth of the papers do not count.
pub(super) const LARGE: usize = 20_000;
/// Share of what papers are about in how alike they are, the rest being their words.
pub(super) const ABOUT: f32 = 0.5;
/// The same where a text was typed.
pub(super) const TEXT_ABOUT: f32 = 0.35;
/// In libraries of fewer papers than this, chance decides what papers seem to be about.
pub(super) const FEWEST_LATENT: usize = 50;
/// In libraries of more papers than this, what they are about counts only for papers that share words.
pub(super) const LARGE_LATENT: usize = 30_000;
/// Such papers have words in common so many standard deviations above the mean.
pub(super) const LEAST_WORDS: f32 = 2.0;
/// Of those that are like one paper so many are looked at, those so many standard deviations above the mean.
pub(super) const FEW_BY_WORDS: [f32; 4] = [4.0, 3.0, 2.0, 0.0];
pub(super) const FEWEST_BY_WORDS: usize = 2000;
/// There, mean and deviation of what papers are about are those of so many of them.
pub(super) const MOMENTS_OF: usize = 4096;
/// Weight of shared authors, each `1 / log2(1 + papers)`, in standard deviations of the likeness of texts.
pub(super) const SHARED_AUTHORS: f32 = 1.5;
/// More shared authors than this sum tell nothing more.
pub(super) const SHARED_AUTHORS_MOST: f32 = 3.0;
/// Weight of one paper citing the other, in standard deviations.
pub(super) const CITES: f32 = 3.0;
/// Weight of the cosine of the reference lists, in standard deviations.
pub(super) const SHARED_REFERENCES: f32 = 6.0;
/// Weight of a difference of years, each fifteen counting one, in standard deviations.
pub(super) const YEARS_APART: f32 = 1.0 / 15.0;
/// Bounds of the standard deviation, for libraries of a few papers.
pub(super) const DEVIATION: std::ops::RangeInclusive<f32> = 0.01..=0.05;
/// Words named as the reason.
pub(super) const REASONS: usize = 6;

/// What a word tells that stands in so many of all papers.
pub(super) fn inverse_frequency(having: usize, papers: usize) -> f32 {
    if papers > LARGE && having * 10 > papers {
        return 0.0;
    }
    ((papers as f32 + 1.0) / (having as f32 + 1.0)).ln() + 1.0
}

/// Okapi BM25, for typed text: saturation of counts in papers, of the length of papers, and of counts in the text.
pub(super) mod okapi {
    pub(in crate::core::index) const K1: f32 = 1.2;
    pub(in crate::core::index) const B: f32 = 0.75;
    pub(in crate::core::index) const K3: f32 = 8.0;
}
