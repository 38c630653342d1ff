//! What is kept of each paper besides its words.

use crate::core::cache::{CacheError, Numbers, Sections, Shelf, Text, numbers_of};

/// A paper without a year.
const NO_YEAR: i16 = i16::MIN;

/// The names of the columns in the cache.
const COLUMNS: [&str; 7] = [
    "years",
    "title words",
    "author counts",
    "abstract words",
    "initials",
    "initial starts",
    "ties",
];

/// What decides between papers that fit a query alike, 0 to 15: short titles and few authors first, as a word makes out
/// more of them.
fn tie(title_words: u8, authors: u8) -> u8 {
    let bits = |count: u8| 8 - count.leading_zeros().min(8) as u8;
    // Two steps for each doubling of the title, one for each of the authors.
    let half = title_words.rotate_left(title_words.leading_zeros() + 2) & 1;
    15_u8.saturating_sub(2 * bits(title_words) + half + bits(authors) / 2)
}

#[inline]
fn apart(year: i16, other: i32) -> f32 {
    if year == NO_YEAR {
        0.0
    } else {
        f32::from(year.abs_diff(other as i16).min(60))
    }
}

/// One entry a paper in each column.
#[derive(Debug, Default)]
pub(super) struct Columns {
    years: Numbers<i16>,
    /// Words of the title, authors; counted up to 255.
    pub(super) title_words: Numbers<u8>,
    pub(super) authors: Numbers<u8>,
    /// Words of the abstract, counted up to 65,535.
    pub(super) abstract_words: Numbers<u16>,
    /// The initials of all titles, one after the other, each followed by a line end.
    pub(super) initials: Text,
    /// Where the initials of each paper start.
    initial_starts: Numbers<u32>,
    /// What decides between papers that fit a query alike, 0 to 15, the best last.
    pub(super) ties: Numbers<u8>,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.years.len()
    }

    /// Adds a paper whose initials were already appended.
    pub(super) fn push(
        &mut self,
        year: Option<i32>,
        title_words: usize,
        authors: usize,
        abstract_words: usize,
    ) {
        let start = self.initial_starts.last().copied().unwrap_or_default();
        if self.initial_starts.is_empty() {
            self.initial_starts.push(start);
        }
        self.initials.owned().push('\n');
        self.initial_starts.push(self.initials.len() as u32);
        self.years.push(
            year.and_then(|year| i16::try_from(year).ok())
                .unwrap_or(NO_YEAR),
        );
        let (title_words, authors) = (title_words.min(255) as u8, authors.min(255) as u8);
        self.title_words.push(title_words);
        self.authors.push(authors);
        self.ties.push(tie(title_words, authors));
        self.abstract_words.push(abstract_words.min(65_535) as u16);
    }

    /// Adds a paper of other columns.
    pub(super) fn push_from(&mut self, other: &Columns, paper: usize) {
        let place = |at: usize| other.initial_starts.get(at).copied().unwrap_or_default() as usize;
        let initials = other.initials.get(place(paper)..place(paper + 1));
        self.initials.owned().push_str(initials.unwrap_or_default());
        if self.initial_starts.is_empty() {
            self.initial_starts.push(0);
        }
        self.initial_starts.push(self.initials.len() as u32);
        let year = other.years.get(paper).copied();
        self.years.push(year.unwrap_or(NO_YEAR));
        let count = |column: &Numbers<u8>| column.get(paper).copied().unwrap_or_default();
        self.title_words.push(count(&other.title_words));
        self.authors.push(count(&other.authors));
        self.ties.push(count(&other.ties));
        let words = other.abstract_words.get(paper).copied();
        self.abstract_words.push(words.unwrap_or_default());
    }

    /// Puts the columns on a shelf.
    pub(super) fn keep(&self, shelf: &mut dyn Shelf) -> Columns {
        let [years, title, authors, body, initials, starts, ties] = COLUMNS;
        shelf.append(self.initials.as_bytes());
        Columns {
            initials: Text::kept(shelf.end(initials)),
            years: shelf.numbers(years, &self.years),
            title_words: shelf.numbers(title, &self.title_words),
            authors: shelf.numbers(authors, &self.authors),
            abstract_words: shelf.numbers(body, &self.abstract_words),
            initial_starts: shelf.numbers(starts, &self.initial_starts),
            ties: shelf.numbers(ties, &self.ties),
        }
    }

    /// The columns that were put on a shelf.
    pub(super) fn open(sections: &Sections<'_>) -> Result<Columns, CacheError> {
        let [years, title, authors, body, initials, starts, ties] = COLUMNS;
        let columns = Columns {
            initials: Text::kept(sections(initials).ok_or(CacheError::Damaged)?),
            years: numbers_of(sections, years)?,
            title_words: numbers_of(sections, title)?,
            authors: numbers_of(sections, authors)?,
            abstract_words: numbers_of(sections, body)?,
            initial_starts: numbers_of(sections, starts)?,
            ties: numbers_of(sections, ties)?,
        };
        let papers = columns.len();
        let lengths = [
            columns.title_words.len(),
            columns.authors.len(),
            columns.abstract_words.len(),
            columns.initial_starts.len().saturating_sub(1),
            columns.ties.len(),
        ];
        if lengths.iter().all(|length| *length == papers) {
            Ok(columns)
        } else {
            Err(CacheError::Damaged)
        }
    }

    pub(super) fn year(&self, paper: usize) -> Option<i32> {
        self.years
            .get(paper)
            .filter(|year| **year != NO_YEAR)
            .map(|year| i32::from(*year))
    }

    /// For every paper the years between it and `year`, 60 at most; 0 where it has none.
    pub(super) fn years_apart(&self, year: i32) -> impl Iterator<Item = f32> {
        self.years.iter().map(move |other| apart(*other, year))
    }

    /// The same for one paper.
    pub(super) fn years_apart_of(&self, year: i32) -> impl Fn(usize) -> f32 {
        move |paper| {
            self.years
                .get(paper)
                .map_or(0.0, |other| apart(*other, year))
        }
    }

    /// The paper whose initials stand at a byte of [`Columns::initials`], and whether they start there.
    pub(super) fn paper_of_initial(&self, at: usize) -> Option<(usize, bool)> {
        let at = at as u32;
        let paper = self
            .initial_starts
            .partition_point(|start| *start <= at)
            .checked_sub(1)?;
        Some((paper, self.initial_starts.get(paper) == Some(&at)))
    }

    pub(super) fn size(&self) -> usize {
        self.years.len() * (2 + 1 + 1 + 2 + 4 + 1) + self.initials.len()
    }
}
